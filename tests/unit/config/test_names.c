/* How names are written: letter for letter, or quoted as in SQL. */
#include "config/profile.h"

#include <check.h>
#include <string.h>

static struct arena *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(a_table_name_stands_for_itself)
{
    struct table_name name;

    ck_assert(table_name_parse("Order Items", arena, &name));
    ck_assert_ptr_null(name.schema);
    ck_assert_str_eq(name.table, "Order Items");
    ck_assert(table_name_parse("core.select", arena, &name));
    ck_assert_str_eq(name.schema, "core");
    ck_assert_str_eq(name.table, "select");
    ck_assert(table_name_parse("core.\"Odd \"\"Na.me\"\"\"", arena, &name));
    ck_assert_str_eq(name.table, "Odd \"Na.me\"");
    ck_assert(table_name_parse("\"a.b\".\"(c,d)\"", arena, &name));
    ck_assert_str_eq(name.schema, "a.b");
    ck_assert_str_eq(name.table, "(c,d)");
}
END_TEST

static const char *const no_tables[] = {
    "",       ".",      "a.",   ".a",  "a..b", "a.b.c", "\"",       "\"a", "\"\"",
    "a\"b\"", "\"a\"b", "a(b)", "a,b", " a",   "a ",    "a.\"b\" ", "a)b",
};

START_TEST(what_is_no_table_name_is_refused)
{
    struct table_name name;

    ck_assert_msg(!table_name_parse(no_tables[_i], arena, &name), "was taken: %s", no_tables[_i]);
}
END_TEST

START_TEST(a_column_path_has_many_forms)
{
    struct column_path path = {.node = NULL};

    ck_assert(column_path_parse("orders.customer_id", arena, &path));
    ck_assert_ptr_null(path.table.schema);
    ck_assert_str_eq(path.table.table, "orders");
    ck_assert_str_eq(path.columns[0], "customer_id");
    ck_assert(column_path_parse("a.b.c", arena, &path));
    ck_assert_str_eq(path.table.schema, "a");
    ck_assert_str_eq(path.columns[0], "c");
    ck_assert(column_path_parse("s.invoices(region,  number )", arena, &path));
    ck_assert_uint_eq(path.column_count, 2);
    ck_assert_str_eq(path.table.schema, "s");
    ck_assert_str_eq(path.columns[1], "number");
    ck_assert(column_path_parse("posts.tag_ids[]", arena, &path) && path.is_array);
    ck_assert_str_eq(path.columns[0], "tag_ids");
    ck_assert(column_path_parse("posts.\"tag_ids[]\"", arena, &path) && !path.is_array);
    ck_assert_str_eq(path.columns[0], "tag_ids[]");
    ck_assert(column_path_parse("documents.body -> $.customer_id", arena, &path));
    ck_assert_str_eq(path.columns[0], "body");
    ck_assert_str_eq(path.json_path, "$.customer_id");
    ck_assert(column_path_parse("d.\"a -> b\"", arena, &path));
    ck_assert_ptr_null(path.json_path);
    ck_assert_str_eq(path.columns[0], "a -> b");
    ck_assert(column_path_parse("t(a)", arena, &path));
    ck_assert_str_eq(path.table.table, "t");
}
END_TEST

static const char *const no_paths[] = {
    "a",        "a.b.c.d",  "a()",      "a(b",       "a(b,)",          "a(b,b)",    "a(b).c",
    "a.b.c(d)", "a.b -> x", "a.b -> $", "a.b -> $x", "a(b, c) -> $.x", "a(b, c)[]", "a.b ->",
    "a.",       "[]",       "a.[]",     "",          "-> $.x",
};

START_TEST(what_is_no_column_path_is_refused)
{
    struct column_path path = {.node = NULL};

    ck_assert_msg(!column_path_parse(no_paths[_i], arena, &path), "was taken: %s", no_paths[_i]);
}
END_TEST

static const char *const odd[] = {
    "plain", "Order Items", "a.b",    "a\"b", "a,b", "(a)",  " a",
    "a ",    "a[]",         "a -> b", "*",    "é\n", "\"\"",
};

START_TEST(a_quoted_name_reads_back_as_itself)
{
    struct column_path path = {.node = NULL};
    const char *text =
        arena_printf(arena, "%s.%s", profile_quote(arena, odd[_i]), profile_quote(arena, odd[_i]));

    ck_assert_msg(column_path_parse(text, arena, &path), "was refused: %s", text);
    ck_assert_str_eq(path.table.table, odd[_i]);
    ck_assert_str_eq(path.columns[0], odd[_i]);
    ck_assert(!path.is_array && !path.json_path);
}
END_TEST

START_TEST(only_what_must_be_quoted_is_quoted)
{
    ck_assert_str_eq(profile_quote(arena, "Order Items"), "Order Items");
    ck_assert_str_eq(profile_quote(arena, "a\"b"), "\"a\"\"b\"");
}
END_TEST

Suite *suite_config_names(void);
Suite *suite_config_names(void)
{
    Suite *suite = suite_create("config/names");
    TCase *tests = tcase_create("names");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_table_name_stands_for_itself);
    tcase_add_loop_test(tests, what_is_no_table_name_is_refused, 0, COUNT_OF(no_tables));
    tcase_add_test(tests, a_column_path_has_many_forms);
    tcase_add_loop_test(tests, what_is_no_column_path_is_refused, 0, COUNT_OF(no_paths));
    tcase_add_loop_test(tests, a_quoted_name_reads_back_as_itself, 0, COUNT_OF(odd));
    tcase_add_test(tests, only_what_must_be_quoted_is_quoted);
    suite_add_tcase(suite, tests);
    return suite;
}
