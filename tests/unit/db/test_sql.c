/* The words of SQL by engine, and the texts of cells that stand beside them. */
#include "db/sql.h"

#include "support/catalog_builder.h"
#include <check.h>

static const struct type my_int = {.schema = "", .name = "int", .kind = KIND_INTEGER, .width = 4};
static const struct type my_bits = {
    .schema = "", .name = "bit", .kind = KIND_INTEGER, .width = 8, .is_unsigned = true};
static const struct type my_binary = {.schema = "", .name = "binary", .kind = KIND_UUID};
static const struct type my_uuid = {.schema = "", .name = "uuid", .kind = KIND_UUID};
static const struct type my_blob = {.schema = "", .name = "blob", .kind = KIND_BYTES};

static const struct table orders = {.schema = "sh`op", .name = "or\"ders", .class = TABLE_ORDINARY};
static const struct column total = {.name = "to`tal", .type = &my_int, .table = &orders};

static void expect(const struct buf *out, const char *text)
{
    ck_assert_str_eq(buf_text(out), text);
}

START_TEST(names_and_tables_are_quoted_as_the_engine_reads_them)
{
    struct buf out;

    buf_init(&out, 4096);
    sql_add_from(sql_words(ENGINE_POSTGRESQL), &out, DB_SOURCE, &orders);
    expect(&out, " FROM ONLY \"sh`op\".\"or\"\"ders\"");
    buf_reset(&out);
    sql_add_from(sql_words(ENGINE_MYSQL), &out, DB_SOURCE, &orders);
    expect(&out, " FROM `sh``op`.`or\"ders`");
    buf_reset(&out);
    sql_add_column(sql_words(ENGINE_MYSQL), &out, NULL, &total);
    expect(&out, "`or\"ders`.`to``tal`");
    buf_release(&out);
}
END_TEST

START_TEST(a_schema_of_mysql_has_another_name_at_the_target)
{
    struct buf out;

    buf_init(&out, 4096);
    sql_add_from(sql_words(ENGINE_MYSQL), &out, DB_TARGET, &orders);
    expect(&out, " FROM `or\"ders`");
    buf_reset(&out);
    sql_add_from(sql_words(ENGINE_POSTGRESQL), &out, DB_TARGET, &orders);
    expect(&out, " FROM ONLY \"sh`op\".\"or\"\"ders\"");
    buf_release(&out);
}
END_TEST

START_TEST(a_path_leads_to_one_text_and_never_to_the_word_null)
{
    struct buf out;

    buf_init(&out, 4096);
    sql_words(ENGINE_MYSQL)->json_text(&out, "d", "$.a");
    expect(&out, "CASE WHEN JSON_TYPE(JSON_EXTRACT(d, '$.a')) <> 'NULL' THEN "
                 "JSON_UNQUOTE(JSON_EXTRACT(d, '$.a')) END");
    buf_reset(&out);
    sql_words(ENGINE_MYSQL)->json_text(&out, "d", "$.a[*].b");
    expect(&out, "CASE WHEN JSON_TYPE(JSON_EXTRACT(JSON_EXTRACT(d, '$.a[*].b'), '$[0]')) <> "
                 "'NULL' THEN JSON_UNQUOTE(JSON_EXTRACT(JSON_EXTRACT(d, '$.a[*].b'), '$[0]')) END");
    buf_reset(&out);
    sql_words(ENGINE_POSTGRESQL)->json_text(&out, "d", "$.a");
    expect(&out, "pg_catalog.jsonb_path_query_first(d::pg_catalog.jsonb, '$.a') "
                 "OPERATOR(pg_catalog.#>>) '{}'");
    buf_release(&out);
}
END_TEST

static const struct {
    const struct type *type;
    const char *cell;
    uint32_t len;
    const char *text;
} cells[] = {
    {&my_int, "-12", 3, "-12"},
    {&my_bits, "\x01\x02", 2, "258"},
    {&my_bits, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, "18446744073709551615"},
    {&my_binary, "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 16,
     "00112233-4455-6677-8899-aabbccddeeff"},
    {&my_uuid, "00112233-4455-6677-8899-aabbccddeeff", 36, "00112233-4455-6677-8899-aabbccddeeff"},
    {&my_blob, "\x0a\xff", 2, "0AFF"},
    {&my_blob, "", 0, ""},
};

START_TEST(cells_that_are_no_text_are_told_as_one)
{
    AUTO(arena) struct arena *arena = arena_new();
    const struct column column = {.name = "c", .type = cells[_i].type, .table = &orders};
    struct error err = {0};
    struct span text;

    ck_assert(sql_cell_text(ENGINE_MYSQL, &column, span_make(cells[_i].cell, cells[_i].len), arena,
                            &text, &err));
    ck_assert_uint_eq(text.len, strlen(cells[_i].text));
    ck_assert_mem_eq(text.ptr, cells[_i].text, text.len);
}
END_TEST

START_TEST(escapes_of_postgresql_are_undone)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct error err = {0};
    struct span text;

    ck_assert(sql_cell_text(ENGINE_POSTGRESQL, &total, span_of("a\\\\b"), arena, &text, &err));
    ck_assert_uint_eq(text.len, 3);
    ck_assert_mem_eq(text.ptr, "a\\b", 3);
}
END_TEST

Suite *suite_db_sql(void);
Suite *suite_db_sql(void)
{
    Suite *suite = suite_create("db/sql");
    TCase *tests = tcase_create("sql");

    tcase_add_test(tests, names_and_tables_are_quoted_as_the_engine_reads_them);
    tcase_add_test(tests, a_schema_of_mysql_has_another_name_at_the_target);
    tcase_add_test(tests, a_path_leads_to_one_text_and_never_to_the_word_null);
    tcase_add_loop_test(tests, cells_that_are_no_text_are_told_as_one, 0, COUNT_OF(cells));
    tcase_add_test(tests, escapes_of_postgresql_are_undone);
    suite_add_tcase(suite, tests);
    return suite;
}
