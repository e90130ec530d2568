/* What PostgreSQL is told and what is told about it, as far as no server is needed. */
#include "db/pg_conn.h"
#include <check.h>

static const char *quoted(void (*quote)(struct buf *, const char *), const char *text)
{
    static struct buf buf;

    buf_release(&buf);
    buf_init(&buf, 4096);
    quote(&buf, text);
    return buf_text(&buf);
}

START_TEST(names_are_quoted_whatever_is_in_them)
{
    ck_assert_str_eq(quoted(pg_quote_name, "select"), "\"select\"");
    ck_assert_str_eq(quoted(pg_quote_name, "a\"b"), "\"a\"\"b\"");
    ck_assert_str_eq(quoted(pg_quote_name, "\"; --\n"), "\"\"\"; --\n\"");
}
END_TEST

START_TEST(literals_mean_the_same_under_either_string_setting)
{
    ck_assert_str_eq(quoted(pg_quote_literal, "it's"), "'it''s'");
    ck_assert_str_eq(quoted(pg_quote_literal, "\\' OR 1=1"), " E'\\\\'' OR 1=1'");
    ck_assert_str_eq(quoted(pg_quote_literal, ""), "''");
}
END_TEST

START_TEST(a_sqlstate_is_said_in_words)
{
    struct error err = {0};

    ck_assert(!pg_error_state(STATUS_TARGET, "22001", &err));
    ck_assert_str_eq(err.cause, "a value is too long for its column (SQLSTATE 22001)");
    ck_assert_int_eq(err.status, STATUS_TARGET);
    pg_error_state(STATUS_TARGET, "22999", &err);
    ck_assert_str_eq(err.cause, "a value does not fit (SQLSTATE 22999)");
    pg_error_state(STATUS_SOURCE, "40001", &err);
    ck_assert_ptr_nonnull(strstr(err.hint, "hot_standby_feedback"));
    pg_error_state(STATUS_SOURCE, "ZZ123", &err);
    ck_assert_str_eq(err.cause, "the server refused (SQLSTATE ZZ123)");
    pg_error_state(STATUS_SOURCE, "", &err);
    ck_assert_str_eq(err.cause, "the connection was lost");
    pg_error_state(STATUS_INTERRUPTED, "57014", &err);
    ck_assert_str_eq(err.cause, "interrupted");
}
END_TEST

START_TEST(a_read_by_range_names_everything_in_full)
{
    struct type int4 = {.schema = "pg_catalog", .name = "int4", .oid = 23};
    struct relation relation = {.schema = "p", .name = "o'1", .oid = 7};
    struct column column = {.name = "i\"d", .type = &int4};
    struct column *columns[1] = {&column};
    struct table table = {.schema = "s",
                          .name = "t",
                          .class = TABLE_PARTITIONED,
                          .relations = &relation,
                          .relation_count = 1,
                          .columns = columns,
                          .column_count = 1};
    struct field field = {.column = &column};
    struct read read = {.table = &table,
                        .relation = &relation,
                        .field_count = 1,
                        .fields = &field,
                        .codec = &codec_pg_binary,
                        .by = READ_BY_RANGE,
                        .address_low = 5u << 16,
                        .address_high = UINT64_MAX,
                        .with_address = true};
    struct error err = {0};
    struct buf sql;

    column.table = &table;
    buf_init(&sql, 4096);
    ck_assert(pg_add_copy(&sql, &read, NULL, &err));
    ck_assert_str_eq(buf_text(&sql),
                     "COPY (SELECT \"t\".ctid AS \"understudy 1\", \"t\".\"i\"\"d\" AS "
                     "\"understudy 2\" FROM ONLY \"p\".\"o'1\" AS \"t\" WHERE \"t\".ctid "
                     "OPERATOR(pg_catalog.>=) '(5,0)'::pg_catalog.tid AND \"t\".ctid "
                     "OPERATOR(pg_catalog.<) '(4294967295,65535)'::pg_catalog.tid) "
                     "TO STDOUT (FORMAT binary)");
    buf_reset(&sql);
    read.where = "true) TO STDOUT; DROP TABLE t; --";
    ck_assert(!pg_add_copy(&sql, &read, NULL, &err));
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    buf_release(&sql);
}
END_TEST

Suite *suite_db_pg_text(void);
Suite *suite_db_pg_text(void)
{
    Suite *suite = suite_create("db/pg_text");
    TCase *tcase = tcase_create("pg_text");

    tcase_add_test(tcase, names_are_quoted_whatever_is_in_them);
    tcase_add_test(tcase, literals_mean_the_same_under_either_string_setting);
    tcase_add_test(tcase, a_sqlstate_is_said_in_words);
    tcase_add_test(tcase, a_read_by_range_names_everything_in_full);
    suite_add_tcase(suite, tcase);
    return suite;
}
