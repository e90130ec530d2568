/* Which schemas the text of a program reaches. */
#include "stage/my_program.h"

#include <check.h>

struct row {
    const char *sql;
    const char *mode, *client;
};

static struct my_reach reach_of(enum my_program_kind kind, const struct row *row)
{
    static const struct my_program packages[] = {{.kind = MY_PROGRAM_PACKAGE, .name = "tools"}};
    struct my_program program = {.kind = kind,
                                 .name = "x",
                                 .sql = span_of(row->sql),
                                 .mode = row->mode,
                                 .client = row->client ? row->client : "utf8mb4"};
    struct my_reach reach = {.package_count = 1, .packages = packages};

    my_program_reach(&program, "shop", &reach);
    return reach;
}

START_TEST(another_schema_is_seen_wherever_a_table_or_routine_stands)
{
    static const struct row rows[] = {
        {.sql = "SELECT 1 FROM hr.salary"},
        {.sql = "SELECT 1 FROM `hr` . `salary`"},
        {.sql = "SELECT 1 FROM orders o, hr.salary s"},
        {.sql = "SELECT 1 FROM orders o JOIN b ON o.a = b.a, hr.salary s"},
        {.sql = "SELECT 1 FROM (orders o, hr.salary s)"},
        {.sql = "SELECT 1 FROM (a STRAIGHT_JOIN hr.b)"},
        {.sql = "SELECT 1 FROM {OJ hr.b LEFT JOIN c ON b.x = c.x}"},
        {.sql = "SELECT (SELECT max(x) FROM hr.salary)"},
        {.sql = "SELECT hr.salary.x"},
        {.sql = "SELECT hr.f(1)"},
        {.sql = "CALL hr.p(1)"},
        {.sql = "CALL hr.p"},
        {.sql = "INSERT INTO tools.audit (a) VALUES (1)"},
        {.sql = "INSERT INTO hr.audit VALUES (1)"},
        {.sql = "INSERT IGNORE hr.audit VALUES (1)"},
        {.sql = "REPLACE DELAYED hr.audit VALUES (1)"},
        {.sql = "INSERT INTO log SELECT * FROM a; UPDATE LOW_PRIORITY hr.audit SET a = 1"},
        {.sql = "UPDATE orders o, hr.audit a SET a.x = 1"},
        {.sql = "DELETE hr.audit.* FROM a"},
        {.sql = "DELETE hr.audit FROM a"},
        {.sql = "DELETE FROM a USING hr.audit"},
        {.sql = "TRUNCATE hr.audit"},
        {.sql = "DROP TABLE IF EXISTS a, hr.audit"},
        {.sql = "CREATE TABLE a LIKE hr.audit"},
        {.sql = "RENAME TABLE a TO hr.b"},
        {.sql = "CREATE INDEX i ON hr.audit (x)"},
        {.sql = "GRANT SELECT ON hr.* TO x"},
        {.sql = "DROP DATABASE hr"},
        {.sql = "CREATE DATABASE IF NOT EXISTS `hr`"},
        {.sql = "SELECT NEXTVAL(hr.numbers)"},
        {.sql = "SELECT NEXT VALUE FOR hr.numbers"},
        {.sql = "SELECT 1--\xc3\xa9\n FROM hr.salary"},
        {.sql = "SELECT 1 FROM \"hr\".\"salary\"", .mode = "ANSI_QUOTES"},
        {.sql = "SELECT '\\' FROM hr.audit WHERE a = '\\'", .mode = "NO_BACKSLASH_ESCAPES"},
        {.sql = "SELECT \"\\\" FROM hr.audit WHERE a = \"\\\"", .mode = "ANSI_QUOTES,ANSI"},
        {.sql = "SELECT '\xb0\\' FROM hr.audit WHERE a = '\xb0\\'", .client = "gbk"},
        {.sql = "SELECT '\x83\\' FROM hr.audit WHERE a = '\x83\\'", .client = "cp932"},
        {.sql = "SELECT '\xa4\\' FROM hr.audit WHERE a = '\xa4\\'", .client = "big5"},
        {.sql = "SELECT 1 AS `\xba`` FROM hr.audit #`", .client = "gbk"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct my_reach reach = reach_of(MY_PROGRAM_PROCEDURE, &rows[i]);

        ck_assert_msg(reach.is_other, "%s", rows[i].sql);
        ck_assert_msg(!reach.is_own && !reach.is_hidden, "%s", rows[i].sql);
    }
}
END_TEST

START_TEST(columns_rows_packages_and_the_servers_own_schemas_are_no_other_schema)
{
    static const struct row rows[] = {
        {.sql = "SELECT o.id, max(o.total), f(o.x) FROM orders o WHERE o.id IN (1, 2)"},
        {.sql = "SELECT extract(year FROM o.placed), trim(both ' ' from o.name), substring(o.name"
                " FROM o.a FOR o.b) FROM orders o"},
        {.sql = "SELECT max(a) INTO NEW.x FROM b WHERE b.c = OLD.d"},
        {.sql = "INSERT INTO t SELECT a.x, a.y FROM a ON DUPLICATE KEY UPDATE t.x = 1, t.y = 2"},
        {.sql = "UPDATE orders o JOIN b ON b.id = o.id SET o.x = b.x, o.y = b.y WHERE b.z = 1"},
        {.sql = "SELECT a.x FROM a GROUP BY a.x, a.y ORDER BY a.x, a.y"},
        {.sql = "SELECT a.x FROM a JOIN b USING (id) WHERE replace(a.x, b.y, b.z) LIKE b.z"},
        {.sql = "SELECT STRAIGHT_JOIN a.x, b.y FROM a, b WHERE a.x = b.x"},
        {.sql = "SELECT t.x FROM (SELECT o.id, o.x FROM orders o) t, JSON_TABLE(t.doc, '$' COLUMNS"
                " (z int PATH '$')) j"},
        {.sql = "DELETE o.* FROM orders o"},
        {.sql =
             "SELECT 1.5, 2.e3, '1 FROM hr.salary', \"FROM hr.a\" /* FROM hr.salary */ -- hr.a.b"},
        {.sql = "CALL tools.run(1)"},
        {.sql = "CALL tools.run"},
        {.sql = "SELECT tools.one()"},
        {.sql = "SELECT 1 FROM mysql.time_zone, INFORMATION_SCHEMA.TABLES"},
        {.sql = "SELECT sys.format_bytes(1), @@session.sql_mode, @@global.read_only"},
        {.sql = "DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1"},
        {.sql = "SELECT DATABASE(), SCHEMA()"},
        {.sql = "SELECT a.prepare, insert(a.b, 1, 1, a.c) FROM a"},
        {.sql = "SELECT '\\' FROM hr.audit WHERE a = \\''"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct my_reach reach = reach_of(MY_PROGRAM_TRIGGER, &rows[i]);

        ck_assert_msg(!reach.is_other && !reach.is_own && !reach.is_hidden, "%s", rows[i].sql);
    }
}
END_TEST

START_TEST(the_schemas_own_name_counts_in_any_case_and_any_place)
{
    static const struct row rows[] = {{.sql = "SELECT 1 FROM shop.orders"},
                                      {.sql = "SELECT `SHOP` . `orders`.`id`"},
                                      {.sql = "INSERT INTO Shop.audit VALUES (1)"},
                                      {.sql = "DESCRIBE shop.orders"},
                                      {.sql = "DROP SCHEMA shop"}};
    static const struct row others[] = {{.sql = "SELECT x.shop.y, 'shop.y' /* shop.z */"},
                                        {.sql = "SELECT shop, shops.x"}};
    static const struct row column = {.sql = "select `shop`.`x` from `shop`"};

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        ck_assert_msg(reach_of(MY_PROGRAM_PROCEDURE, &rows[i]).is_own, "%s", rows[i].sql);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        ck_assert_msg(!reach_of(MY_PROGRAM_PROCEDURE, &others[i]).is_own, "%s", others[i].sql);
    ck_assert(!reach_of(MY_PROGRAM_VIEW, &column).is_own);
}
END_TEST

START_TEST(what_is_put_together_when_it_runs_is_hidden)
{
    static const struct row rows[] = {{.sql = "BEGIN PREPARE s FROM @sql; EXECUTE s; END"},
                                      {.sql = "EXECUTE IMMEDIATE concat('x', y)"},
                                      {.sql = "CREATE FUNCTION f() LANGUAGE JAVASCRIPT AS $$ 1 $$"},
                                      {.sql = "SELECT 'never closed"}};

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        ck_assert_msg(reach_of(MY_PROGRAM_PROCEDURE, &rows[i]).is_hidden, "%s", rows[i].sql);
}
END_TEST

Suite *suite_stage_my_reach(void);
Suite *suite_stage_my_reach(void)
{
    Suite *suite = suite_create("stage/my_reach");
    TCase *tcase = tcase_create("my_reach");

    tcase_add_test(tcase, another_schema_is_seen_wherever_a_table_or_routine_stands);
    tcase_add_test(tcase, columns_rows_packages_and_the_servers_own_schemas_are_no_other_schema);
    tcase_add_test(tcase, the_schemas_own_name_counts_in_any_case_and_any_place);
    tcase_add_test(tcase, what_is_put_together_when_it_runs_is_hidden);
    suite_add_tcase(suite, tcase);
    return suite;
}
