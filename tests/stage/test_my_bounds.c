/* What production, or whoever may write beside staging, cannot make a refresh do on the target. */
#include "my_case.h"
#include <stdlib.h>
#include <string.h>

#define ASK(sql) case_ask("target", NULL, sql)

/* All that is made of a schema, up to the swap and with it. */
static void refresh(struct run *run)
{
    run_schema(run);
    run_rows(run, "");
    run_rest(run);
    run_ok(run, run_swap(run));
}

/* In GBK the last byte of one letter and the backtick behind it are another letter, where the name
 * is in UTF-8. */
START_TEST(a_name_never_ends_in_another_character_set)
{
    struct run run;

    case_run("target", NULL, "CREATE DATABASE victim; CREATE VIEW victim.v AS SELECT 1 AS x");
    case_run("source", "shop",
             "SET NAMES gbk; CREATE VIEW `\xba\xc3``,victim.v #` AS SELECT 2 AS x,"
             " '\xba\xc3' AS y; CREATE VIEW gbk_plain AS SELECT '\xba\xc3' AS y");
    run_prepare(&run, "named");
    refresh(&run);
    case_run("source", "shop",
             "DROP VIEW gbk_plain; SET NAMES gbk; DROP VIEW `\xba\xc3``,victim.v #`");
    ck_assert_str_eq(ASK("SELECT x FROM victim.v"), "1");
    ck_assert_str_eq(ASK("SELECT HEX(y) FROM named.gbk_plain"), "BAC3");
    ck_assert_str_eq(ASK("SELECT CONCAT(x, HEX(y)) FROM named.`\xe5\xa5\xbd``,victim.v #`"),
                     "2BAC3");
    run_close(&run);
}
END_TEST

/* As whoever may make things beside staging could make it. */
#define TRAP(schema)                                                                               \
    "CREATE DATABASE `" schema "`; CREATE TABLE `" schema "`.rung (x int);"                        \
    "CREATE FUNCTION `" schema "`.ring() RETURNS text CHARSET utf8mb4 MODIFIES SQL DATA"           \
    " SQL SECURITY INVOKER BEGIN INSERT INTO rung VALUES (1); RETURN '{}'; END;"                   \
    "CREATE SQL SECURITY INVOKER VIEW `" schema "`.understudy_mark AS SELECT 1 AS id, `" schema    \
    "`.ring() AS mark;"                                                                            \
    "CREATE SQL SECURITY INVOKER VIEW `" schema "`.understudy_swap AS SELECT 1 AS id, 'head' AS"   \
    " part, 1 AS kind, 1 AS step, '' AS name, `" schema "`.ring() AS mark, '' AS old_mark, '' AS"  \
    " body, '' AS client, '' AS collation_name, '' AS mode, '' AS zone, '' AS seal;"

START_TEST(a_view_in_the_place_of_a_table_of_ours_is_never_read)
{
    static const char *const schemas[] = {"trapped", "trapped__new_00000000deadbeef",
                                          "trapped__old_20260101T000000"};
    struct fault_list faults = {.arena = arena};
    struct buf text;
    struct run run;

    case_run("target", NULL,
             "SET GLOBAL log_bin_trust_function_creators = 1;" TRAP("trapped")
                 TRAP("trapped__new_00000000deadbeef") TRAP("trapped__old_20260101T000000"));
    run_prepare(&run, "trapped");
    buf_init(&text, 1 << 16);
    run_ok(&run, stage_check(&run.request, arena, &faults, &text, &run.err));
    ck_assert(strstr(buf_text(&text), "'trapped': not made by this program") != NULL);
    buf_release(&text);
    run.options.adopt = "trapped";
    run_schema(&run);
    stage_discard(run.stage);
    run_close(&run);
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        ck_assert_str_eq(ASK(arena_printf(arena, "SELECT COUNT(*) FROM `%s`.rung", schemas[i])),
                         "0");
        case_run("target", NULL, arena_printf(arena, "DROP DATABASE `%s`", schemas[i]));
    }
}
END_TEST

/* Its mark is a true one, which whoever may read staging can copy. */
START_TEST(a_journal_that_no_run_sealed_is_refused)
{
    static const char schema[] = "sealed__new_00000000deadbeef";
    struct run run;

    run_whole("sealed", "one");
    case_run("target", NULL,
             "CREATE DATABASE sealed__new_00000000deadbeef; USE sealed__new_00000000deadbeef;"
             "CREATE TABLE understudy_swap (id INT NOT NULL PRIMARY KEY, part VARCHAR(8) NOT NULL,"
             " kind INT NULL, step BIGINT NULL, name TEXT NULL, mark LONGTEXT NULL, old_mark"
             " LONGTEXT NULL, body LONGBLOB NULL, client VARCHAR(64) NULL, collation_name"
             " VARCHAR(64) NULL, mode TEXT NULL, zone VARCHAR(64) NULL, seal VARCHAR(64) NULL);"
             "INSERT INTO understudy_swap SELECT 1, 'head', NULL, 3, NULL, JSON_REPLACE(mark,"
             " '$.run', '00000000deadbeef'), NULL, NULL, 'utf8mb4', 'utf8mb4_general_ci', NULL,"
             " NULL, REPEAT('0', 64) FROM sealed.understudy_mark;"
             "INSERT INTO understudy_swap VALUES (2, 'new', 4, NULL, 'v', NULL, NULL, 'CREATE TABLE"
             " sealed.forged (x int)', 'utf8mb4', 'utf8mb4_general_ci', NULL, NULL, NULL)");
    run_prepare(&run, "sealed");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "not sealed with this profile's key", "drop it");
    run_close(&run);
    ck_assert_str_eq(ASK("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME ="
                         " 'forged'"),
                     "0");
    ck_assert(case_has_database(schema));
    case_run("target", NULL, "DROP DATABASE sealed__new_00000000deadbeef");
}
END_TEST

static const char reaching[] =
    "CREATE TABLE elsewhere.audit (x int);"
    "CREATE TRIGGER reach_audit AFTER INSERT ON customers FOR EACH ROW INSERT INTO elsewhere.audit"
    " VALUES (NEW.id);"
    "CREATE FUNCTION reach_rate() RETURNS int READS SQL DATA RETURN (SELECT max(rate) FROM orders "
    "o,"
    " elsewhere.rates r);"
    "CREATE PROCEDURE reach_any() BEGIN PREPARE s FROM 'SELECT 1'; EXECUTE s; END;"
    "CREATE PROCEDURE reach_year() SELECT extract(year FROM o.placed) FROM orders o;"
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES';"
    "CREATE TRIGGER reach_quoted AFTER DELETE ON customers FOR EACH ROW INSERT INTO elsewhere.audit"
    " SELECT OLD.id FROM (SELECT '\\') q WHERE 1 <> '';";
static const char unreaching[] =
    "DROP TRIGGER reach_audit; DROP TRIGGER reach_quoted; DROP FUNCTION reach_rate; DROP PROCEDURE"
    " reach_any; DROP PROCEDURE reach_year; DROP TABLE elsewhere.audit";

static void load_reaching(struct run *run, const char *server)
{
    static const char *const left_out[] = {"trigger reach_audit", "trigger reach_quoted",
                                           "function reach_rate", "view of_rates"};

    case_run("source", "shop", reaching);
    run_prepare_url(run, case_url(server, "reached"));
    run->profile.same_server = "a reason";
    run_schema(run);
    run_rest(run);
    run_ok(run, run_swap(run));
    for (size_t i = 0; i < COUNT_OF(left_out); i++)
        ck_assert_msg(run_skipped(run, left_out[i], "names another schema"), "%s", left_out[i]);
    ck_assert(!run_skipped(run, "procedure reach_year", ""));
}

static const char reached[] = "SELECT GROUP_CONCAT(ROUTINE_NAME ORDER BY 1) FROM"
                              " information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'reached' AND"
                              " ROUTINE_NAME LIKE 'reach%'";

START_TEST(a_program_that_names_another_schema_stays_behind_wherever_staging_is)
{
    struct run run;

    load_reaching(&run, "target");
    ck_assert(run_warned(&run, "'reach_any' runs SQL that nobody sees beforehand"));
    ck_assert_str_eq(ASK(reached), "reach_any,reach_year");
    ck_assert_str_eq(ASK("SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA ="
                         " 'reached' AND TRIGGER_NAME LIKE 'reach%'"),
                     "0");
    run_close(&run); /* and with it MySQL's locks on the definitions */
    case_run("source", "shop", unreaching);
}
END_TEST

START_TEST(on_productions_server_no_program_runs_what_nobody_saw)
{
    struct run run;

    load_reaching(&run, "source");
    ck_assert(run_skipped(&run, "procedure reach_any", "on production's server"));
    ck_assert_str_eq(case_ask("source", NULL, reached), "reach_year");
    run_close(&run);
    case_run("source", "shop", unreaching);
    case_run("source", NULL, "DROP DATABASE reached");
}
END_TEST

START_TEST(a_mark_that_somebody_colored_is_printed_as_it_stands)
{
    struct fault_list faults = {.arena = arena};
    struct buf text;
    struct run run;

    run_whole("colored", "one");
    case_run("target", "colored",
             "UPDATE understudy_mark SET mark = JSON_SET(mark, '$.run', '\x1b[31m', '$.key',"
             " '\x1b[32m')");
    run_prepare(&run, "colored");
    buf_init(&text, 1 << 16);
    run_ok(&run, stage_check(&run.request, arena, &faults, &text, &run.err));
    ck_assert_ptr_null(strchr(buf_text(&text), '\x1b'));
    ck_assert(strstr(buf_text(&text), "run \\x1b[31m, key \\x1b[32m") != NULL);
    buf_release(&text);
    run_close(&run);
}
END_TEST

/* The source has a table `Odd ``Name`` ...`. MySQL is told so only when it is made. */
START_TEST(a_server_that_keeps_small_letters_takes_no_table_with_a_capital)
{
    const char *port = getenv("UNDERSTUDY_TEST_SMALL_PORT");
    struct run run;

    if (!case_is_mariadb())
        return;
    ck_assert(port != NULL);
    run_prepare_url(&run,
                    arena_printf(arena, "mysql://root@127.0.0.1:%s/small?ssl-mode=DISABLED", port));
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "does not tell 'Odd `Name", "lower_case_table_names = 0");
    run_close(&run);
}
END_TEST

void case_add_bounds(Suite *suite)
{
    TCase *tcase = case_new(suite, "bounds");

    tcase_add_test(tcase, a_name_never_ends_in_another_character_set);
    tcase_add_test(tcase, a_view_in_the_place_of_a_table_of_ours_is_never_read);
    tcase_add_test(tcase, a_journal_that_no_run_sealed_is_refused);
    tcase_add_test(tcase, a_server_that_keeps_small_letters_takes_no_table_with_a_capital);
    tcase_add_test(tcase, a_mark_that_somebody_colored_is_printed_as_it_stands);
    tcase_add_test(tcase, a_program_that_names_another_schema_stays_behind_wherever_staging_is);
    tcase_add_test(tcase, on_productions_server_no_program_runs_what_nobody_saw);
}
