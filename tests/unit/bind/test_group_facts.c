/* The statement about a line's entry in each engine's SQL. What it answers, servers are asked for
 * (tests/golden). */
#include "bind/group_facts.h"

#include <check.h>
#include <string.h>

static const struct type number = {.schema = "", .name = "decimal", .kind = KIND_DECIMAL};
static struct table lines = {.schema = "s", .name = "lines", .class = TABLE_ORDINARY};
static struct column columns[] = {
    {.name = "id", .table = &lines},
    {.name = "entry", .table = &lines},
    {.name = "debit", .table = &lines, .type = &number, .precision = 12, .scale = 2},
    {.name = "credit", .table = &lines, .type = &number, .precision = 12, .scale = 2},
    {.name = "side", .table = &lines},
    {.name = "other", .table = &lines},
};
static struct column *pointers[] = {&columns[0], &columns[1], &columns[2],
                                    &columns[3], &columns[4], &columns[5]};
static const struct column *peers[] = {&columns[2], &columns[3]};
static const struct column *identity[] = {&columns[0]};

static const char *facts_of(enum engine engine, size_t peer_count, bool has_rownum,
                            struct arena *arena)
{
    const struct group_facts facts = {.engine = engine,
                                      .has_rownum = has_rownum,
                                      .column = &columns[2],
                                      .group = &columns[1],
                                      .side = &columns[4],
                                      .peer_count = peer_count,
                                      .peers = peers,
                                      .identity_count = 1,
                                      .identity_columns = identity};

    lines.column_count = COUNT_OF(columns);
    lines.columns = pointers;
    return group_facts_sql(&facts, arena);
}

START_TEST(mysql_adds_up_with_the_digits_of_the_column)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *sql = facts_of(ENGINE_MYSQL, 1, true, arena);

    ck_assert_str_eq(
        sql,
        "SELECT CONCAT_WS(' ', COUNT(*), "
        "CAST(COALESCE(SUM(CASE WHEN (`understudy lines`.`id`) < (`lines`.`id`) AND "
        "`understudy lines`.`side` <=> `lines`.`side` THEN `understudy lines`.`debit` END), 0) AS "
        "DECIMAL(65, 2)), "
        "CAST(COALESCE(SUM(CASE WHEN (`understudy lines`.`id`) < (`lines`.`id`) AND "
        "`understudy lines`.`side` <=> `lines`.`side` THEN `understudy lines`.`debit` END), 0) + "
        "`lines`.`debit` AS DECIMAL(65, 2)), "
        "(COALESCE(MIN(NULLIF(ABS(`understudy lines`.`debit`), 0)))), "
        "(COALESCE(MAX(ABS(`understudy lines`.`debit`))))) FROM `s`.`lines` AS `understudy lines` "
        "WHERE `understudy lines`.`entry` = `lines`.`entry` AND ROWNUM() <= 1001");
}
END_TEST

START_TEST(a_column_of_nulls_hides_no_extreme_of_another)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *sql = facts_of(ENGINE_MYSQL, 2, false, arena);

    ck_assert_ptr_nonnull(strstr(sql, "GREATEST(COALESCE(MAX(ABS(`understudy lines`.`debit`)), "
                                      "MAX(ABS(`understudy lines`.`credit`))), "
                                      "COALESCE(MAX(ABS(`understudy lines`.`credit`)), "
                                      "MAX(ABS(`understudy lines`.`debit`))))"));
}
END_TEST

/* An invisible column is in no '*', and more lines than are taken need not be read. */
START_TEST(the_lines_of_mysql_are_bounded_and_name_their_columns)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *sql = facts_of(ENGINE_MYSQL, 2, false, arena);

    ck_assert_ptr_nonnull(strstr(
        sql, " FROM (SELECT `understudy lines`.`id`, `understudy lines`.`debit`, "
             "`understudy lines`.`credit`, `understudy lines`.`side` FROM `s`.`lines` AS "
             "`understudy lines` WHERE `understudy lines`.`entry` = `lines`.`entry` LIMIT 1001) AS "
             "`understudy lines`"));
}
END_TEST

START_TEST(postgresql_counts_the_digits_of_each_line)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *sql = facts_of(ENGINE_POSTGRESQL, 2, false, arena);

    ck_assert_ptr_nonnull(strstr(sql, "FILTER (WHERE comes)"));
    ck_assert_ptr_nonnull(strstr(sql, " AS digits, (\"understudy lines\".\"id\") < "
                                      "(\"lines\".\"id\") AND \"understudy lines\".\"side\" IS NOT "
                                      "DISTINCT FROM \"lines\".\"side\" AS comes FROM ONLY "
                                      "\"s\".\"lines\" AS \"understudy lines\" WHERE "));
}
END_TEST

Suite *suite_bind_group_facts(void);
Suite *suite_bind_group_facts(void)
{
    Suite *suite = suite_create("bind/group_facts");
    TCase *tests = tcase_create("group_facts");

    tcase_add_test(tests, mysql_adds_up_with_the_digits_of_the_column);
    tcase_add_test(tests, a_column_of_nulls_hides_no_extreme_of_another);
    tcase_add_test(tests, the_lines_of_mysql_are_bounded_and_name_their_columns);
    tcase_add_test(tests, postgresql_counts_the_digits_of_each_line);
    suite_add_tcase(suite, tests);
    return suite;
}
