/* What the contract says of reads that a server answers by SQL, and of loading. */
#include "case.h"
#include <stdlib.h>

static struct db *db;
static struct catalog *catalog;
static const char *const id_only[] = {"id", NULL};

static void open_reader(void)
{
    const char *token;

    case_database = "contract";
    db = case_open(DB_SOURCE, "reader");
    catalog = case_export(db, 0, &token);
}

static void close_reader(void)
{
    catalog_free(catalog);
    db_close(db);
}

/* The addresses of the rows that hold `where`, each once. */
static struct bitmap *addresses_of(const struct table *table, const char *const *columns,
                                   const char *where)
{
    struct read read = case_read(table, columns);
    struct bitmap *addresses = bitmap_new();
    struct batch batch;
    struct error err = {0};
    bool more = true, is_new;

    ck_assert_uint_eq(table->relation_count, 1);
    read.codec = codec_of(case_engine);
    read.with_address = true;
    read.where = where;
    case_ok(batch_init(&batch, 33, 1, &err), &err);
    case_ok(db_read_begin(db, &read, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        for (uint32_t r = 0; r < batch.rows; r++) {
            ck_assert_uint_eq(batch.relations[r], 0);
            ck_assert(bitmap_add(addresses, batch.addresses[r], &is_new));
        }
    }
    case_ok(db_read_end(db, &err), &err);
    batch_release(&batch);
    return addresses;
}

/* Rows found again by the addresses of those that hold `where` are the rows that hold it. */
static void find_again(const char *name, const char *const *columns, const char *where)
{
    const struct table *table = case_table(catalog, name);
    struct bitmap *addresses = addresses_of(table, columns, where);
    uint64_t *numbers = arena_alloc(arena, 4096 * sizeof(*numbers));
    struct read read = case_read(table, columns);
    struct bitmap_cursor cursor;
    struct error err = {0};

    read.where = where;
    const char *wanted = case_rows(db, &read);
    case_ok(db_resolve(db, table, &table->relations[0], addresses, &err), &err);
    bitmap_cursor_init(&cursor, addresses);
    read.where = NULL;
    read.by = READ_BY_ADDRESS;
    read.relation = &table->relations[0];
    read.addresses = numbers;
    read.address_count = bitmap_next(&cursor, numbers, 4096);
    ck_assert_uint_gt(read.address_count, 0);
    ck_assert_str_eq(case_rows(db, &read), wanted);
    bitmap_free(addresses);
}

START_TEST(rows_are_found_again_by_address)
{
    const char *ledger[] = {"region", "number", NULL};
    const char *keyless[] = {"a", "b", NULL};

    find_again("people", id_only, NULL);
    find_again("people", id_only, "id <= 5");
    find_again("orders", id_only, "placed < 700");
    find_again("ledger", ledger, NULL);
    find_again("ledger", ledger, "number > 450");
    find_again("keyless", keyless, NULL);
    find_again("keyless", keyless, "a = 1");
}
END_TEST

START_TEST(ranges_that_follow_each_other_make_the_whole)
{
    const char *names[] = {"people", "orders"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct table *table = case_table(catalog, names[i]);
        struct read read = case_read(table, id_only);
        struct address_range range;
        struct error err = {0};
        int64_t all = case_count(db, &read), found = 0;

        case_ok(db_address_range(db, table, &table->relations[0], &range, &err), &err);
        ck_assert(range.is_divisible);
        ck_assert_uint_lt(range.low, range.high);
        uint64_t middle = range.low + (range.high - range.low) / 2;
        read.by = READ_BY_RANGE;
        read.relation = &table->relations[0];
        read.address_low = range.low;
        read.address_high = middle;
        found += case_count(db, &read);
        read.address_low = middle;
        read.address_high = UINT64_MAX;
        found += case_count(db, &read);
        ck_assert_int_eq(found, all);
    }
}
END_TEST

START_TEST(composite_keys_with_quotes_find_each_row_once)
{
    const char *columns[] = {"region", "number", NULL};
    const struct table *table = case_table(catalog, "ledger");
    const struct column *key[] = {table_find_column(table, "region"),
                                  table_find_column(table, "number")};
    struct key_values keys = case_keys(db, table, columns, "number <= 20");
    struct read read = case_read(table, columns);

    ck_assert_uint_eq(keys.count, 20);
    keys = case_twice(&keys);
    read.by = READ_BY_KEY;
    read.key_columns = key;
    read.keys = &keys;
    ck_assert_int_eq(case_count(db, &read), 20);
}
END_TEST

START_TEST(a_foreign_key_leads_to_the_children_of_a_parent)
{
    const struct edge *edge = case_edge(catalog, "orders_person");

    ck_assert_ptr_nonnull(edge);
    struct key_values keys = case_keys(db, edge->parent, id_only, "id = 7");
    struct read read = case_read_children(edge, &keys, id_only);

    ck_assert_int_eq(case_count(db, &read), 20);
    read.where = "placed < 200";
    ck_assert_int_eq(case_count(db, &read), 2);
}
END_TEST

START_TEST(a_limit_counts_for_each_key_in_the_order_asked)
{
    const char *columns[] = {"person_id", "placed", NULL};
    const struct edge *edge = case_edge(catalog, "orders_person");
    struct key_values keys = case_keys(db, edge->parent, id_only, "id = 5 OR id = 6 OR id = 999");

    case_limit_children(db, edge, &keys, columns);
}
END_TEST

START_TEST(a_batch_is_bounded_in_bytes_and_takes_one_large_row)
{
    case_read_wide(db, case_table(catalog, "wide"));
}
END_TEST

/* Reads the ledger and loads it into another table, as often as asked; the last load's outcome. */
static bool load_ledger(const struct codec *codec, int times, struct error *err)
{
    const char *columns[] = {"region", "number", "amount", "at", NULL};
    const struct table *loaded = case_table(catalog, "loaded");
    const struct column *to[] = {loaded->columns[0], loaded->columns[1], loaded->columns[2],
                                 loaded->columns[3]};
    struct read read = case_read(case_table(catalog, "ledger"), columns);
    struct db *target = case_open(DB_TARGET, case_superuser);
    struct buf rows;
    bool is_fine = true;
    int64_t count = 0;

    read.codec = codec;
    buf_init(&rows, 1 << 20);
    case_encode(db, &read, &rows);
    for (int i = 0; i < times && is_fine; i++)
        is_fine = db_write_begin(target, loaded, to, 4, codec, err) &&
                  db_write_rows(target, buf_span(&rows), err) && db_write_end(target, &count, err);
    ck_assert(!is_fine || count == 500);
    if (is_fine)
        case_ok(db_analyze(target, loaded, err), err);
    db_close(target);
    buf_release(&rows);
    return is_fine;
}

START_TEST(rows_that_are_loaded_are_the_rows_that_were_read)
{
    const struct codec *codecs[] = {codec_of(case_engine), codec_text_of(case_engine)};

    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        struct error err = {0};

        case_run("DELETE FROM loaded");
        case_ok(load_ledger(codecs[i], 1, &err), &err);
        ck_assert_str_eq(case_ask("SELECT count(*) FROM loaded l JOIN ledger g ON"
                                  " l.region = g.region AND l.number = g.number AND"
                                  " l.amount = g.amount AND l.at = g.at"),
                         "500");
    }
}
END_TEST

START_TEST(a_row_that_breaks_a_key_is_the_targets_fault_and_not_shown)
{
    struct error err = {0};

    case_run("DELETE FROM loaded");
    ck_assert(!load_ledger(codec_of(case_engine), 2, &err));
    ck_assert_int_eq(err.status, STATUS_TARGET);
    ck_assert(case_says(&err, "loaded"));
    ck_assert(!case_says(&err, "r'|"));
}
END_TEST

void case_add_contract_server(Suite *suite)
{
    TCase *tcase = case_new(suite, "contract of reads");

    tcase_add_checked_fixture(tcase, open_reader, close_reader);
    tcase_add_test(tcase, rows_are_found_again_by_address);
    tcase_add_test(tcase, ranges_that_follow_each_other_make_the_whole);
    tcase_add_test(tcase, composite_keys_with_quotes_find_each_row_once);
    tcase_add_test(tcase, a_foreign_key_leads_to_the_children_of_a_parent);
    tcase_add_test(tcase, a_limit_counts_for_each_key_in_the_order_asked);
    tcase_add_test(tcase, a_batch_is_bounded_in_bytes_and_takes_one_large_row);
    tcase_add_test(tcase, rows_that_are_loaded_are_the_rows_that_were_read);
    tcase_add_test(tcase, a_row_that_breaks_a_key_is_the_targets_fault_and_not_shown);
}
