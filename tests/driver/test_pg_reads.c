/* Reads by all four ways, and loads. */
#include "pg_case.h"
#include <stdlib.h>

static struct db *db;
static struct catalog *catalog;

static void open_reader(void)
{
    db = case_open(DB_SOURCE, "reader");
    catalog = case_catalog(db);
}

static void close_reader(void)
{
    catalog_free(catalog);
    db_close(db);
}

static struct span int_cell(uint32_t number)
{
    struct buf buf;

    buf_init(&buf, 64);
    buf_add_u32be(&buf, number);
    struct span cell = arena_span(arena, buf_span(&buf));
    buf_release(&buf);
    return cell;
}

START_TEST(both_codecs_deliver_the_same_rows)
{
    const char *columns[] = {"id",    "i2",  "i8", "f4", "f8", "n", "n0",   "t",  "v",
                             "c",     "ci",  "nm", "b",  "by", "u", "d",    "ti", "tz",
                             "ts",    "tst", "iv", "j",  "jb", "e", "dom",  "sc", "ints",
                             "moods", "p",   "r",  "m",  "ip", "x", "bits", NULL};
    const struct table *table = case_table(catalog, "every_type");
    struct read text = case_read(table, columns);
    struct read binary = text;
    struct batch batch;
    struct error err = {0};
    bool more;

    ck_assert_ptr_nonnull(strstr(case_rows(db, &text), "tab\\t\"quote'\\\\"));
    binary.codec = &codec_pg_binary;
    case_ok(batch_init(&batch, 10, 1, &err), &err);
    case_ok(db_read_begin(db, &binary, &err), &err);
    case_ok(db_read_next(db, &batch, &more, &err), &err);
    ck_assert(!more);
    ck_assert_int_eq(batch.rows, 2);
    ck_assert_int_eq(batch.columns, COUNT_OF(columns) - 1);
    ck_assert(span_equal(batch.cells[0], int_cell(1)));
    ck_assert(span_is_null(batch.cells[batch.columns + 1]));
    batch_release(&batch);
}
END_TEST

static void read_back_by_address(const struct codec *codec)
{
    const char *columns[] = {"id", "kind", NULL};
    const struct table *table = case_table(catalog, "events");
    struct read all = case_read(table, columns);
    uint64_t found[3][500];
    size_t counts[3] = {0};
    struct batch batch;
    struct error err = {0};
    bool more = true;
    int64_t again = 0;

    all.codec = codec;
    all.with_address = true;
    case_ok(batch_init(&batch, 33, 1, &err), &err);
    case_ok(db_read_begin(db, &all, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        for (uint32_t r = 0; r < batch.rows; r++)
            found[batch.relations[r]][counts[batch.relations[r]]++] = batch.addresses[r];
    }
    ck_assert_int_eq(counts[0] + counts[1] + counts[2], 400);
    ck_assert(counts[0] == 213 && counts[1] > 90 && counts[2] > 90);
    for (size_t i = 0; i < 3; i++) {
        struct read some = all;

        some.by = READ_BY_ADDRESS;
        some.relation = &table->relations[i];
        some.addresses = found[i];
        some.address_count = counts[i];
        again += case_count(db, &some);
        some.by = READ_BY_RANGE;
        some.address_low = 0;
        some.address_high = UINT64_MAX;
        again += case_count(db, &some);
        some.address_high = found[i][counts[i] - 1]; /* not with it */
        again += case_count(db, &some);
    }
    ck_assert_int_eq(again, 400 + 400 + 400 - 3);
    batch_release(&batch);
}

START_TEST(rows_are_found_again_by_address_and_by_range_in_binary)
{
    read_back_by_address(&codec_pg_binary);
}
END_TEST

START_TEST(rows_are_found_again_by_address_and_by_range_in_text)
{
    read_back_by_address(&codec_pg_text);
}
END_TEST

START_TEST(each_type_of_key_finds_its_rows)
{
    static const char *const names[] = {"id",  "i2", "i8", "f4", "n",  "t",  "v",   "c",  "nm",
                                        "b",   "by", "u",  "d",  "ti", "ts", "tst", "iv", "e",
                                        "dom", "sc", "r",  "ip", "m",  "o",  NULL};

    case_find_by_each(db, case_table(catalog, "every_type"), names);
}
END_TEST

START_TEST(citext_keys_match_by_the_operator_of_the_key)
{
    const char *columns[] = {"email", NULL};
    const char *id[] = {"id", NULL};
    const struct edge *edge = case_edge(catalog, "orders_email_fkey");
    struct key_values keys = case_keys(db, edge->parent, columns, "id = 7");
    struct read read = case_read_children(edge, &keys, id);

    ck_assert_int_eq(case_count(db, &read), 20);
    read.where = "placed < 200";
    ck_assert_int_eq(case_count(db, &read), 2);
}
END_TEST

START_TEST(composite_keys_with_quotes_find_each_row_once)
{
    const char *columns[] = {"region", "number", NULL};
    const struct edge *edge = case_edge(catalog, "entries_ledger");
    struct key_values keys = case_keys(db, edge->parent, columns, "number <= 20");
    struct read read = case_read(edge->parent, columns);

    ck_assert_uint_eq(keys.count, 20);
    keys = case_twice(&keys);
    read.by = READ_BY_KEY;
    read.key_columns = edge->parent_columns;
    read.keys = &keys;
    read.equals = edge->equals;
    ck_assert_int_eq(case_count(db, &read), 20);
}
END_TEST

START_TEST(array_elements_and_expressions_are_keys_too)
{
    const char *columns[] = {"number", NULL};
    const struct table *table = case_table(catalog, "ledger");
    const struct column *tags = table_find_column(table, "tags");
    struct span cells[2] = {SPAN_LITERAL("t1"), SPAN_LITERAL("t2")};
    struct key_values keys = {.count = 2, .column_count = 1, .cells = cells};
    struct read read = case_read(table, columns);

    read.by = READ_BY_KEY;
    read.key_columns = &tags;
    read.key_is_array = true;
    read.keys = &keys;
    ck_assert_int_eq(case_count(db, &read), 144);
    read.key_is_array = false;
    read.key_columns = NULL;
    read.key_expression = "tags[1]";
    ck_assert_int_eq(case_count(db, &read), 144);
}
END_TEST

START_TEST(a_limit_counts_for_each_key_in_the_order_asked)
{
    const char *columns[] = {"customer_id", "placed", NULL};
    const struct edge *edge = case_edge(catalog, "orders_customer_id_fkey");
    struct span cells[3] = {int_cell(5), int_cell(6), int_cell(100000)};
    struct key_values keys = {.count = 3, .column_count = 1, .cells = cells};

    case_limit_children(db, edge, &keys, columns);
}
END_TEST

START_TEST(a_table_without_a_key_takes_a_limit)
{
    const char *columns[] = {"a", "b", NULL};
    const struct table *table = case_table(catalog, "keyless");
    const struct column *a = table_find_column(table, "a");
    struct span cells[1] = {int_cell(1)};
    struct key_values keys = {.count = 1, .column_count = 1, .cells = cells};
    struct read read = case_read(table, columns);

    read.by = READ_BY_KEY;
    read.key_columns = &a;
    read.keys = &keys;
    read.limit = 3;
    ck_assert_str_eq(case_rows(db, &read), "1|b0 1|b0 1|b1");
}
END_TEST

START_TEST(an_inheritance_parent_is_read_without_its_children)
{
    const char *columns[] = {"id", NULL};
    struct read read = case_read(case_table(catalog, "vehicles"), columns);

    ck_assert_str_eq(case_rows(db, &read), "1");
}
END_TEST

START_TEST(profile_sql_runs_under_the_roles_search_path_and_ours_does_not)
{
    const char *columns[] = {"id", NULL};
    const struct table *table = case_table(catalog, "customers");
    struct read read = case_read(table, columns);
    struct field fields[1] = {{.expression = "is_big(id)", .type = catalog_find_type(catalog, 25)}};
    struct error err = {0};
    AUTO(PGresult) PGresult *result = NULL;

    read.where = "is_big(id) and email = 'USER950@X.COM' /* a comment */";
    ck_assert_str_eq(case_rows(db, &read), "950");
    read.fields = fields;
    ck_assert_str_eq(case_rows(db, &read), "true");
    case_ok(pg_query(db, "SHOW search_path", 0, NULL, &result, &err), &err);
    ck_assert_str_eq(PQgetvalue(result, 0, 0), "");
}
END_TEST

START_TEST(a_batch_is_bounded_in_bytes_and_takes_one_large_row)
{
    case_read_wide(db, case_table(catalog, "wide"));
}
END_TEST

START_TEST(a_count_stops_where_it_is_told)
{
    const struct table *table = case_table(catalog, "customers");
    struct error err = {0};
    int64_t count;

    case_ok(db_count(db, table, NULL, 0, &count, &err), &err);
    ck_assert_int_eq(count, 1000);
    case_ok(db_count(db, table, "is_big(id)", 0, &count, &err), &err);
    ck_assert_int_eq(count, 100);
    case_ok(db_count(db, table, NULL, 11, &count, &err), &err);
    ck_assert_int_eq(count, 11);
}
END_TEST

static void copy_through(const struct codec *codec)
{
    const char *columns[] = {"id", "t", "e", NULL};
    const struct table *loaded = case_table(catalog, "loaded");
    const struct column *to[] = {loaded->columns[0], loaded->columns[1], loaded->columns[2]};
    struct read read = case_read(case_table(catalog, "every_type"), columns);
    struct db *target = case_open(DB_TARGET, "postgres");
    struct error err = {0};
    struct buf rows;
    int64_t count;

    case_run("TRUNCATE loaded");
    read.codec = codec;
    buf_init(&rows, 1 << 20);
    case_encode(db, &read, &rows);
    case_ok(db_write_begin(target, loaded, to, 3, codec, &err), &err);
    case_ok(db_write_rows(target, buf_span(&rows), &err), &err);
    case_ok(db_write_end(target, &count, &err), &err);
    ck_assert_int_eq(count, 2);
    ck_assert_str_eq(case_ask("SELECT count(*) FROM loaded l JOIN every_type e ON l.id = e.id"
                              " AND l.note IS NOT DISTINCT FROM e.t"
                              " AND l.mood IS NOT DISTINCT FROM e.e"),
                     "2");

    case_ok(db_write_begin(target, loaded, to, 3, codec, &err), &err);
    case_ok(db_write_rows(target, buf_span(&rows), &err), &err);
    ck_assert(!db_write_end(target, &count, &err));
    ck_assert_int_eq(err.status, STATUS_TARGET);
    ck_assert_ptr_nonnull(strstr(err.cause, "23505"));
    ck_assert_ptr_nonnull(strstr(err.cause, "constraint 'loaded_pkey'"));
    ck_assert_ptr_null(strstr(err.cause, "(id)"));
    buf_release(&rows);
    db_close(target);
}

START_TEST(rows_go_through_in_binary)
{
    copy_through(&codec_pg_binary);
}
END_TEST

START_TEST(rows_go_through_in_text)
{
    copy_through(&codec_pg_text);
}
END_TEST

void case_add_reads(Suite *suite)
{
    TCase *tcase = case_new(suite, "reads");

    tcase_add_checked_fixture(tcase, open_reader, close_reader);
    tcase_add_test(tcase, both_codecs_deliver_the_same_rows);
    tcase_add_test(tcase, rows_are_found_again_by_address_and_by_range_in_binary);
    tcase_add_test(tcase, rows_are_found_again_by_address_and_by_range_in_text);
    tcase_add_test(tcase, each_type_of_key_finds_its_rows);
    tcase_add_test(tcase, citext_keys_match_by_the_operator_of_the_key);
    tcase_add_test(tcase, composite_keys_with_quotes_find_each_row_once);
    tcase_add_test(tcase, array_elements_and_expressions_are_keys_too);
    tcase_add_test(tcase, a_limit_counts_for_each_key_in_the_order_asked);
    tcase_add_test(tcase, a_table_without_a_key_takes_a_limit);
    tcase_add_test(tcase, an_inheritance_parent_is_read_without_its_children);
    tcase_add_test(tcase, profile_sql_runs_under_the_roles_search_path_and_ours_does_not);
    tcase_add_test(tcase, a_batch_is_bounded_in_bytes_and_takes_one_large_row);
    tcase_add_test(tcase, a_count_stops_where_it_is_told);
    tcase_add_test(tcase, rows_go_through_in_binary);
    tcase_add_test(tcase, rows_go_through_in_text);
}
