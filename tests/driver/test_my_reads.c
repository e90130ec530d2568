/* Reads that only MySQL has: addresses made of keys, character sets, values that its protocol
 * prints in part. What the contract says of every engine is in contract_server.c. */
#include "db/my_book.h"
#include "my_case.h"
#include <stdlib.h>

#define FOUND_MAX 120000

static struct db *db;
static struct catalog *catalog;

static void open_reader(void)
{
    case_database = "reading";
    db = case_open(DB_SOURCE, "reader");
    catalog = case_catalog(db);
}

static void close_reader(void)
{
    catalog_free(catalog);
    db_close(db);
}

struct found {
    size_t count;
    uint64_t *addresses;
    const char **first; /* text of the first field */
};

static struct found addresses_of(struct db *reader, const struct read *shape)
{
    struct found found = {.addresses = arena_alloc(arena, FOUND_MAX * sizeof(uint64_t)),
                          .first = arena_alloc(arena, FOUND_MAX * sizeof(char *))};
    struct read read = *shape;
    struct batch batch;
    struct error err = {0};
    bool more = true;

    read.with_address = true;
    case_ok(batch_init(&batch, 1000, 1, &err), &err);
    case_ok(db_read_begin(reader, &read, &err), &err);
    while (more) {
        case_ok(db_read_next(reader, &batch, &more, &err), &err);
        for (uint32_t r = 0; r < batch.rows; r++) {
            const struct span cell = batch.cells[r * batch.columns];

            ck_assert(found.count < FOUND_MAX);
            found.addresses[found.count] = batch.addresses[r];
            found.first[found.count++] = cell.ptr ? arena_strndup(arena, cell.ptr, cell.len) : NULL;
        }
    }
    batch_release(&batch);
    return found;
}

static int number_compare(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return left < right ? -1 : left > right;
}

static struct read by_addresses(const struct read *all, uint64_t *addresses, size_t count)
{
    struct read read = *all;

    qsort(addresses, count, sizeof(*addresses), number_compare);
    read.relation = &all->table->relations[0];
    read.by = READ_BY_ADDRESS;
    read.addresses = addresses;
    read.address_count = count;
    return read;
}

static struct read read_of(const char *name, const char *column)
{
    const char *columns[] = {column, NULL};

    return case_read(case_table(catalog, name), columns);
}

static enum address_class class_of(const char *name)
{
    return case_table(catalog, name)->relations[0].address_class;
}

static const char *const places[][2] = {
    {"key_signed", "id"}, {"key_unsigned", "id"}, {"key_three", "b"}, {"key_bits", "y"}};

START_TEST(integers_are_addresses_in_the_order_of_the_key)
{
    const struct read all = read_of(places[_i][0], places[_i][1]);
    struct read ordered = all;

    ck_assert_int_eq(class_of(places[_i][0]), ADDRESS_PLACE);
    struct found found = addresses_of(db, &ordered);
    for (size_t i = 1; i < found.count; i++) /* InnoDB reads in the order of the primary key */
        ck_assert_uint_gt(found.addresses[i], found.addresses[i - 1]);
    struct read some = by_addresses(&all, found.addresses, found.count);
    ck_assert_str_eq(case_rows(db, &some), case_rows(db, &all));
    some.address_count = 1;
    ck_assert_int_eq(case_count(db, &some), 1);
}
END_TEST

START_TEST(a_range_of_addresses_holds_its_rows_and_no_others)
{
    const struct read all = read_of(places[_i][0], places[_i][1]);
    struct found found = addresses_of(db, &all);
    struct read range = all;

    range.relation = &all.table->relations[0];
    range.by = READ_BY_RANGE;
    for (size_t low = 0; low < found.count; low++) {
        range.address_low = found.addresses[low];
        for (size_t high = low + 1; high < found.count; high++) {
            range.address_high = found.addresses[high];
            if (found.addresses[high] < UINT64_MAX)
                ck_assert_int_eq(case_count(db, &range), high - low);
        }
        range.address_high = UINT64_MAX;
        if (range.address_low < UINT64_MAX)
            ck_assert_int_eq(case_count(db, &range), found.count - low);
    }
}
END_TEST

START_TEST(where_a_relation_is_cut_lie_all_its_rows)
{
    const struct table *table = case_table(catalog, places[_i][0]);
    const struct read all = read_of(places[_i][0], places[_i][1]);
    struct found found = addresses_of(db, &all);
    struct address_range range;
    struct error err = {0};

    case_ok(db_address_range(db, table, &table->relations[0], &range, &err), &err);
    ck_assert(range.is_divisible || _i == 3);
    ck_assert_uint_gt(range.step, 0);
    ck_assert_uint_ge(found.addresses[0], range.low);
    ck_assert(found.addresses[found.count - 1] < range.high || range.high == UINT64_MAX);
    ck_assert_uint_eq(address_range_at(&range, address_range_steps(&range)), range.high);
}
END_TEST

static const char *const hashes[][2] = {{"key_text", "n"}, {"key_bytes", "n"},  {"key_mixed", "n"},
                                        {"parted", "id"},  {"long_keys", "id"}, {"words", "n"}};

START_TEST(rows_are_found_by_the_hash_of_their_key)
{
    const struct read all = read_of(hashes[_i][0], hashes[_i][1]);

    ck_assert_int_eq(class_of(hashes[_i][0]), ADDRESS_KEY);
    struct found found = addresses_of(db, &all);
    ck_assert_int_gt(found.count, 2);
    /* words has more rows than the book takes unasked: the last ones are looked for */
    const size_t some = found.count > 9000 ? 9000 : found.count;
    uint64_t *last = found.addresses + found.count - some;
    const char **texts = found.first + found.count - some;
    uint64_t sum = 0, found_sum = 0;

    for (size_t i = 0; i < some; i++)
        sum += strtoull(texts[i], NULL, 10);
    struct read again = by_addresses(&all, last, some);
    struct found once_more = addresses_of(db, &again);
    ck_assert_int_eq(once_more.count, some);
    for (size_t i = 0; i < some; i++)
        found_sum += strtoull(once_more.first[i], NULL, 10);
    ck_assert_uint_eq(sum, found_sum);
    qsort(once_more.addresses, some, sizeof(uint64_t), number_compare);
    ck_assert(memcmp(once_more.addresses, last, some * sizeof(uint64_t)) == 0);
}
END_TEST

START_TEST(keys_are_looked_for_once_for_a_whole_set)
{
    const struct table *table = case_table(catalog, "words");
    const struct read all = read_of("words", "n");
    struct found found = addresses_of(db, &all);
    AUTO(bitmap) struct bitmap *set = bitmap_new();
    struct error err = {0};
    bool is_new;

    for (size_t i = 0; i < found.count; i++)
        ck_assert(bitmap_add(set, found.addresses[i], &is_new) && is_new);
    size_t before = db_memory(db);
    case_ok(db_resolve(db, table, &table->relations[0], set, &err), &err);
    ck_assert_uint_ge(db_memory(db), before);
    before = db_memory(db);
    struct read some = by_addresses(&all, found.addresses, 10000);
    ck_assert_int_eq(case_count(db, &some), 10000);
    ck_assert_uint_eq(db_memory(db), before);
}
END_TEST

START_TEST(equal_rows_without_a_key_have_one_address)
{
    const struct read all = read_of("keyless_rows", "b");
    struct found found = addresses_of(db, &all);

    ck_assert_int_eq(class_of("keyless_rows"), ADDRESS_ROW);
    ck_assert_int_eq(found.count, 8);
    ck_assert(found.addresses[0] == found.addresses[1] && found.addresses[5] == found.addresses[6]);
    ck_assert(found.addresses[3] != found.addresses[4] && found.addresses[0] != found.addresses[7]);
    struct read some = by_addresses(&all, found.addresses, 1);
    some.addresses = &found.addresses[0];
    const int64_t equal = case_count(db, &some);
    ck_assert(equal >= 1 && equal <= 3);
    some.max_rows = 1;
    ck_assert_int_eq(case_count(db, &some), 1);
}
END_TEST

START_TEST(keys_that_a_literal_cannot_meet_are_none)
{
    ck_assert_int_eq(class_of("key_real"), ADDRESS_ROW);
    ck_assert_int_eq(class_of("key_prefix"), ADDRESS_ROW);
}
END_TEST

START_TEST(values_come_in_full_and_as_utf_8)
{
    const char *numbers[] = {"t1", "i8u", "filled", "y", "n", "f4", "f8", NULL};
    const char *texts[] = {"c", "latin", "ucs", "three", "e", "s", NULL};
    const char *times[] = {"d", "ti", "dt6", "ts", NULL};
    const struct table *table = case_table(catalog, "values_of_types");
    struct read read = case_read(table, numbers);

    read.where = "id = 1";
    ck_assert_str_eq(case_rows(db, &read), "-7|18446744073709551615|42|1999|-12345.67891|"
                                           "0.10000000149011612|1e-300");
    read = case_read(table, texts);
    read.where = "id = 1";
    ck_assert_str_eq(case_rows(db, &read), "é|naïve|你好|žluť|naïve|a,ç");
    read = case_read(table, times);
    read.where = "id = 1";
    ck_assert_str_eq(case_rows(db, &read),
                     "2021-02-31|-838:59:59|2024-02-29 12:34:56.789012|2001-09-09 01:46:40");
}
END_TEST

START_TEST(each_type_of_key_finds_its_rows)
{
    static const char *const names[] = {"id", "t1", "i8u", "filled", "y",   "bits",  "n",   "f4",
                                        "f8", "c",  "v",   "latin",  "ucs", "three", "by1", "vb",
                                        "bl", "d",  "ti",  "dt6",    "ts",  "e",     "s",   NULL};

    case_find_by_each(db, case_table(catalog, "values_of_types"), names);
}
END_TEST

START_TEST(the_columns_collation_says_what_is_equal)
{
    const struct table *table = case_table(catalog, "children");
    const struct column *code = table_find_column(table, "code");
    const struct span cells[] = {SPAN_LITERAL("a"), SPAN_LITERAL("é")};
    const struct key_values keys = {.count = 2, .column_count = 1, .cells = cells};
    struct read read = read_of("children", "id");

    read.by = READ_BY_KEY;
    read.key_columns = &code;
    read.keys = &keys;
    ck_assert_str_eq(case_rows(db, &read), "1 2 3");
    read.limit = 1;
    read.order = "id DESC";
    read.with_total = true;
    ck_assert_str_eq(case_rows(db, &read), "2|of 2 3|of 1");
}
END_TEST

START_TEST(a_text_that_the_columns_character_set_lacks_equals_no_row)
{
    const struct table *table = case_table(catalog, "key_text");
    const struct column *code = table_find_column(table, "code");
    const struct span cells[] = {SPAN_LITERAL("你"), SPAN_LITERAL("é"), SPAN_LITERAL("it's \\")};
    const struct key_values keys = {.count = 3, .column_count = 1, .cells = cells};
    struct read read = read_of("key_text", "n");

    read.by = READ_BY_KEY;
    read.key_columns = &code;
    read.keys = &keys;
    ck_assert_str_eq(case_rows(db, &read), "3 5");
}
END_TEST

#define ODD_COLUMNS                                                                                \
    "id", "greek", "baltic", "hebrew", "gbk", "japan", "thai", "sjis", "wide", "ascii", "latin"

static const char *odd_bytes(const char *table)
{
    const char *const names[] = {ODD_COLUMNS};
    const char *list = "''";

    for (size_t i = 0; i < COUNT_OF(names); i++)
        list = arena_printf(arena, "%s, IFNULL(HEX(%s), 'NULL')", list, names[i]);
    return case_ask(arena_printf(
        arena, "SELECT GROUP_CONCAT(CONCAT_WS('|', %s) ORDER BY id SEPARATOR ';') FROM %s", list,
        table));
}

/* Each row by itself, or all at once. */
static void odd_copy(uint32_t rows_at_once)
{
    const char *names[] = {ODD_COLUMNS, NULL};
    const struct table *to = case_table(catalog, "odd_arrived");
    const struct column **columns = ARENA_ARRAY(arena, COUNT_OF(names), const struct column *);
    const struct span *replaced[COUNT_OF(names)] = {NULL};
    struct read read = case_read(case_table(catalog, "odd_texts"), names);
    struct db *target = case_open(DB_TARGET, "root");
    struct error err = {0};
    struct batch batch;
    struct buf lines;
    bool more = true;
    int64_t taken;

    for (size_t i = 0; i + 1 < COUNT_OF(names); i++)
        columns[i] = table_find_column(to, names[i]);
    buf_init(&lines, 1 << 20);
    case_ok(batch_init(&batch, rows_at_once, 1, &err), &err);
    case_ok(db_read_begin(db, &read, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        buf_reset(&lines);
        for (uint32_t r = 0; r < batch.rows; r++)
            codec_my.write_row(batch.row[r], &batch.cells[r * batch.columns], replaced,
                               batch.columns, &lines);
        if (batch.rows == 0)
            continue;
        case_ok(db_write_begin(target, to, columns, batch.columns, &codec_my, &err), &err);
        case_ok(db_write_rows(target, buf_span(&lines), &err), &err);
        case_ok(db_write_end(target, &taken, &err), &err);
        ck_assert_int_eq(taken, batch.rows);
    }
    buf_release(&lines);
    batch_release(&batch);
    db_close(target);
}

START_TEST(bytes_that_no_letter_stands_for_arrive_as_they_are)
{
    const char *sent = odd_bytes("odd_texts");

    ck_assert_ptr_nonnull(strstr(sent, "|41AE42|A1|BF|A2E3|FA54|DB|8740|D800|61|81;"));
    case_run(_i < 2 ? "SET GLOBAL local_infile = 1" : "SET GLOBAL local_infile = 0");
    odd_copy(_i % 2 ? 1 : 100);
    case_run("SET GLOBAL local_infile = 1");
    ck_assert_str_eq(odd_bytes("odd_arrived"), sent);
    case_run("DELETE FROM odd_arrived");
}
END_TEST

START_TEST(a_key_that_no_letters_stand_for_is_no_other_key)
{
    struct read key = read_of("odd_keys", "code"), read = read_of("odd_keys", "n");
    const struct column *code = table_find_column(key.table, "code");
    struct batch batch;
    struct error err = {0};
    bool more;

    read.by = READ_BY_KEY;
    read.key_columns = &code;
    for (int n = 1; n <= 5; n++) {
        key.where = arena_printf(arena, "n = %d", n);
        case_ok(batch_init(&batch, 10, 1, &err), &err);
        case_ok(db_read_begin(db, &key, &err), &err);
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        ck_assert_uint_eq(batch.rows, 1);
        const struct key_values keys = {.count = 1, .column_count = 1, .cells = batch.cells};
        read.keys = &keys;
        read.limit = 0;
        ck_assert_str_eq(case_rows(db, &read), arena_printf(arena, "%d", n));
        read.limit = 1; /* through a derived table */
        ck_assert_str_eq(case_rows(db, &read), arena_printf(arena, "%d", n));
        case_ok(db_read_end(db, &err), &err);
        batch_release(&batch);
    }
}
END_TEST

START_TEST(a_read_that_is_given_up_costs_no_snapshot)
{
    const struct read all = read_of("slow_rows", "pad");
    struct batch batch;
    struct error err = {0};
    int64_t before, after;
    bool more;

    case_ok(my_run(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", &err), &err);
    case_ok(db_count(db, all.table, NULL, 0, &before, &err), &err);
    case_run("INSERT INTO slow_rows VALUES (1000001, 'y')");
    case_ok(batch_init(&batch, 10, 1, &err), &err);
    case_ok(db_read_begin(db, &all, &err), &err);
    case_ok(db_read_next(db, &batch, &more, &err), &err);
    ck_assert(more && batch.rows == 10);
    case_ok(db_read_end(db, &err), &err);
    case_ok(db_count(db, all.table, NULL, 0, &after, &err), &err);
    case_run("DELETE FROM slow_rows WHERE id = 1000001");
    ck_assert_int_eq(after, before);
    batch_release(&batch);
}
END_TEST

START_TEST(a_limit_in_all_ends_a_read_that_has_more)
{
    struct read all = read_of("slow_rows", "id");
    const struct table *table = all.table;
    struct found found = addresses_of(db, &all);

    all.max_rows = 7;
    ck_assert_int_eq(case_count(db, &all), 7);
    all.max_rows = 0;
    struct read some = by_addresses(&all, found.addresses, 9000);
    some.max_rows = 8000;
    ck_assert_int_eq(case_count(db, &some), 8000);
    UNUSED(table);
}
END_TEST

void case_add_my_reads(Suite *suite)
{
    TCase *tcase = case_new(suite, "MySQL's reads");

    tcase_add_checked_fixture(tcase, open_reader, close_reader);
    tcase_add_loop_test(tcase, integers_are_addresses_in_the_order_of_the_key, 0,
                        (int)COUNT_OF(places));
    tcase_add_loop_test(tcase, a_range_of_addresses_holds_its_rows_and_no_others, 0,
                        (int)COUNT_OF(places));
    tcase_add_loop_test(tcase, where_a_relation_is_cut_lie_all_its_rows, 0, (int)COUNT_OF(places));
    tcase_add_loop_test(tcase, rows_are_found_by_the_hash_of_their_key, 0, (int)COUNT_OF(hashes));
    tcase_add_test(tcase, keys_are_looked_for_once_for_a_whole_set);
    tcase_add_test(tcase, equal_rows_without_a_key_have_one_address);
    tcase_add_test(tcase, keys_that_a_literal_cannot_meet_are_none);
    tcase_add_test(tcase, values_come_in_full_and_as_utf_8);
    tcase_add_test(tcase, each_type_of_key_finds_its_rows);
    tcase_add_test(tcase, the_columns_collation_says_what_is_equal);
    tcase_add_test(tcase, a_text_that_the_columns_character_set_lacks_equals_no_row);
    tcase_add_loop_test(tcase, bytes_that_no_letter_stands_for_arrive_as_they_are, 0, 4);
    tcase_add_test(tcase, a_key_that_no_letters_stand_for_is_no_other_key);
    tcase_add_test(tcase, a_read_that_is_given_up_costs_no_snapshot);
    tcase_add_test(tcase, a_limit_in_all_ends_a_read_that_has_more);
}
