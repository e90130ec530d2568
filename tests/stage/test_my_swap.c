/* The swap: one step for clients, taken back where it cannot be made, and finished by the next
 * start when the program dies in the middle. */
#include "my_case.h"
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *ask(const char *database, const char *sql)
{
    return case_ask("target", database, sql);
}

/* "tables views triggers routines events" of a schema; the mark counts as a table. */
static const char *contents(const char *schema)
{
    return ask(
        NULL,
        arena_printf(arena,
                     "SELECT concat_ws(' ', (SELECT count(*) FROM information_schema.tables WHERE"
                     " table_schema = '%s' AND table_type <> 'VIEW'), (SELECT count(*) FROM"
                     " information_schema.views WHERE table_schema = '%s'), (SELECT count(*) FROM"
                     " information_schema.triggers WHERE trigger_schema = '%s'), (SELECT count(*)"
                     " FROM information_schema.routines WHERE routine_schema = '%s'), (SELECT"
                     " count(*) FROM information_schema.events WHERE event_schema = '%s'))",
                     schema, schema, schema, schema, schema));
}

static const char *old_of(const char *target)
{
    return ask(NULL, arena_printf(arena,
                                  "SELECT max(schema_name) FROM information_schema.schemata WHERE"
                                  " schema_name LIKE '%s\\_\\_old\\_%%'",
                                  target));
}

START_TEST(an_absent_target_is_created_and_an_old_one_keeps_all_it_had)
{
    run_whole("fresh", "one");
    ck_assert_str_eq(ask("fresh", "SELECT name FROM customers"), "one");
    ck_assert_str_eq(ask("fresh", "SELECT @@collation_database"), "latin1_german1_ci");
    ck_assert_str_eq(case_beside("fresh"), "0");
    const char *whole = contents("fresh");
    ck_assert(strstr(whole, " 4 3 ") != NULL); /* views but for of_rates, triggers */
    run_whole("fresh", "two");
    const char *old = old_of("fresh");
    ck_assert_str_eq(ask("fresh", "SELECT name FROM customers"), "two");
    ck_assert_str_eq(ask(old, "SELECT name FROM customers"), "one");
    ck_assert_str_eq(contents("fresh"), whole);
    ck_assert_str_eq(contents(old), whole);
    ck_assert_str_eq(case_beside("fresh"), "1");
    ck_assert_str_eq(ask(old, "SELECT mark LIKE '%\"old\"%' FROM understudy_mark"), "1");
    ck_assert_str_eq(ask("fresh", "SELECT mark LIKE '%\"current\"%' FROM understudy_mark"), "1");
    /* references follow on both sides */
    ck_assert_str_eq(ask(NULL, "SELECT count(*) FROM information_schema.referential_constraints"
                               " WHERE constraint_schema LIKE 'fresh%' AND constraint_schema <>"
                               " unique_constraint_schema"),
                     "0");
}
END_TEST

START_TEST(an_adopted_schema_gives_way_with_all_it_holds)
{
    struct run run;

    case_run("target", NULL, "CREATE DATABASE adopted");
    case_run("target", "adopted",
             "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE zeta (id int);"
             "CREATE VIEW customers AS SELECT id FROM t; CREATE VIEW mine AS SELECT id FROM t;"
             "CREATE TRIGGER tt BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id + 1;"
             "CREATE PROCEDURE p () SELECT 1; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;"
             "GRANT SELECT ON adopted.* TO plain");
    run_prepare(&run, "adopted");
    run.options.adopt = "adopted";
    run_schema(&run);
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    run_close(&run);
    ck_assert_str_eq(ask("adopted", "SELECT count(*) FROM customers"), "0");
    ck_assert_str_eq(ask("adopted", "SELECT count(*) FROM zeta"), "0");
    ck_assert_str_eq(ask(NULL, "SELECT count(*) FROM information_schema.routines WHERE"
                               " routine_schema = 'adopted' AND routine_name = 'p'"),
                     "0");
    ck_assert_str_eq(contents(old_of("adopted")), "3 2 1 1 1");
    ck_assert_str_eq(ask(NULL, "SELECT count(*) FROM information_schema.schema_privileges WHERE"
                               " table_schema = 'adopted' AND grantee LIKE '%plain%'"),
                     "1");
}
END_TEST

enum answer case_answer(const char *database)
{
    MYSQL *session = case_session("target", database);
    MYSQL_RES *result = NULL;
    MYSQL_ROW row = NULL;
    enum answer answer = ANSWER_HALF;

    if (mysql_query(session, "SELECT name, x = ascii(name) FROM customers, shop") == 0) {
        result = mysql_store_result(session);
        row = mysql_fetch_row(result);
    }
    if (row && strcmp(row[1], "1") == 0)
        answer = strcmp(row[0], "one") == 0 ? ANSWER_OLD : ANSWER_NEW;
    mysql_free_result(result);
    mysql_close(session);
    return answer;
}

START_TEST(a_transaction_that_does_not_end_stops_the_swap_and_is_named)
{
    struct run run;

    run_whole("held", "one");
    const char *whole = contents("held");
    run_load(&run, "held", "two");
    MYSQL *inside = case_session("target", "held");
    ck_assert_int_eq(mysql_query(inside, "START TRANSACTION"), 0);
    ck_assert_int_eq(mysql_query(inside, "INSERT INTO selves VALUES (5, NULL)"), 0);
    ck_assert(!run_swap(&run));
    run_failed(&run, STATUS_TARGET,
               arena_printf(arena, "session %lu of user root", mysql_thread_id(inside)),
               "answers as before");
    ck_assert_int_eq(mysql_query(inside, "COMMIT"), 0);
    mysql_close(inside);
    ck_assert_str_eq(ask("held", "SELECT name FROM customers"), "one");
    ck_assert_str_eq(contents("held"), whole);
    ck_assert_str_eq(case_beside("held"), "1");
    run_ok(&run, run_swap(&run));
    run_close(&run);
    ck_assert_str_eq(ask("held", "SELECT name FROM customers"), "two");
}
END_TEST

/* Kills a run whose swap waits in a statement like `statement`, which the lock of `hold` on the
 * target makes it do. */
static void kill_in(const char *target, const char *hold, const char *statement)
{
    pid_t child = run_fork(target);
    MYSQL *blocker = case_session("target", target);

    ck_assert_int_eq(mysql_query(blocker, "START TRANSACTION"), 0);
    ck_assert_msg(mysql_query(blocker, hold) == 0, "%s", mysql_error(blocker));
    mysql_free_result(mysql_store_result(blocker));
    kill(child, SIGCONT);
    case_wait_for(statement);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    mysql_close(blocker);
    /* the server finds out that nobody is there any more */
    while (
        strcmp(ask(NULL, "SELECT count(*) FROM information_schema.processlist WHERE user = 'root'"
                         " AND id <> connection_id() AND (info LIKE 'LOCK TABLES%' OR info LIKE"
                         " 'RENAME%' OR info LIKE 'CREATE%' OR info LIKE 'ALTER%' OR info LIKE"
                         " 'DROP%')"),
               "0") != 0)
        poll(NULL, 0, 5);
}

START_TEST(killed_before_the_tables_moved_the_old_ones_answer_with_their_triggers)
{
    run_whole("before", "one");
    const char *whole = contents("before");
    kill_in("before", "LOCK TABLES customers READ", "LOCK TABLES%");
    ck_assert_str_eq(ask("before", "SELECT name FROM customers"), "one");
    ck_assert_str_eq(contents("before"), whole);
    run_whole("before", "three");
    ck_assert_str_eq(ask("before", "SELECT name FROM customers"), "three");
    ck_assert_str_eq(contents("before"), whole);
    ck_assert_str_eq(case_beside("before"), "1");
}
END_TEST

/* A schema like the one that a run left that died with its swap at some step: made from a whole one
 * by hand, with the journal that the run wrote. */
START_TEST(a_journal_without_moved_tables_is_taken_back)
{
    struct run run;

    run_whole("backward", "one");
    const char *whole = contents("backward");
    kill_in("backward", "LOCK TABLES customers READ", "LOCK TABLES%");
    /* it had come as far as to drop them */
    case_run("target", "backward",
             "DROP TRIGGER first_one; DROP TRIGGER then_double; DROP TRIGGER in_between");
    run_prepare(&run, "backward");
    struct fault_list faults = {.arena = arena};
    struct buf text;
    buf_init(&text, 1 << 16);
    run_ok(&run, stage_check(&run.request, arena, &faults, &text, &run.err));
    ck_assert_msg(strstr(buf_text(&text), "the next refresh takes it back") != NULL, "%s",
                  buf_text(&text));
    buf_release(&text);
    run_ok(&run, run_open(&run));
    ck_assert_str_eq(contents("backward"), whole);
    case_run("target", "backward",
             "INSERT INTO orders (id, customer_id, total, placed) VALUES (1, 1, 1, now())");
    ck_assert_str_eq(ask("backward", "SELECT total FROM orders"), "24.00");
    ck_assert_str_eq(case_beside("backward"), "0");
    run_close(&run);
}
END_TEST

START_TEST(killed_behind_the_move_the_new_ones_answer_and_the_next_start_finishes)
{
    struct run run;

    run_whole("after", "one");
    const char *whole = contents("after");
    kill_in("after", "LOCK TABLES customers READ", "LOCK TABLES%");
    const char *filled = ask(NULL, "SELECT schema_name FROM information_schema.schemata WHERE"
                                   " schema_name LIKE 'after\\_\\_new\\_%'");
    const char *old = ask(NULL, arena_printf(arena,
                                             "SELECT name FROM `%s`.understudy_swap WHERE"
                                             " id = 1",
                                             filled));
    /* what the server does as a whole, by hand */
    case_run("target", "after",
             "DROP TRIGGER first_one; DROP TRIGGER then_double; DROP TRIGGER in_between");
    const char *moves = ask(
        NULL, arena_printf(arena,
                           "SELECT concat('SET SESSION foreign_key_checks = 0; RENAME TABLE ',"
                           " group_concat(concat('`', table_schema, '`.`', replace(table_name, '`',"
                           " '``'), '` TO `', if(table_schema = 'after', '%s', 'after'), '`.`',"
                           " replace(table_name, '`', '``'), '`') ORDER BY table_schema"
                           " SEPARATOR ', ')) FROM information_schema.tables WHERE table_schema IN"
                           " ('after', '%s') AND table_type <> 'VIEW' AND table_name <>"
                           " 'understudy_swap'",
                           old, filled));
    case_run("target", NULL, moves);
    run_prepare(&run, "after");
    run_ok(&run, run_open(&run));
    ck_assert_str_eq(ask("after", "SELECT name FROM customers"), "two");
    ck_assert_str_eq(contents("after"), whole);
    ck_assert_str_eq(contents(old), whole);
    ck_assert_str_eq(case_beside("after"), "1");
    run_close(&run);
}
END_TEST

START_TEST(killed_while_the_old_functions_go_the_new_ones_answer_and_the_next_start_finishes)
{
    struct run run;

    run_whole("midway", "one");
    const char *whole = contents("midway");
    kill_in("midway", "SELECT taxed(1)", "DROP FUNCTION%");
    ck_assert_str_eq(ask("midway", "SELECT name FROM customers"), "two");
    ck_assert_str_ne(contents("midway"), whole);
    run_prepare(&run, "midway");
    run_ok(&run, run_open(&run));
    ck_assert_str_eq(ask("midway", "SELECT name FROM customers"), "two");
    ck_assert_str_eq(contents("midway"), whole);
    ck_assert_str_eq(contents(old_of("midway")), whole);
    ck_assert_str_eq(case_beside("midway"), "1");
    run_close(&run);
}
END_TEST

START_TEST(a_former_one_that_kept_the_mark_of_the_target_is_marked_anew_and_falls_out)
{
    struct run run;

    run_whole("forgotten", "one");
    run_whole("forgotten", "two");
    const char *old = old_of("forgotten");
    case_run("target", old,
             "UPDATE understudy_mark SET mark = REPLACE(mark, '\"old\"', '\"current\"')");
    /* a copy of the target that somebody made under such a name */
    case_run("target", NULL,
             "CREATE DATABASE forgotten__old_20200102T030405; CREATE TABLE"
             " forgotten__old_20200102T030405.understudy_mark AS SELECT * FROM"
             " forgotten.understudy_mark");
    run_prepare(&run, "forgotten");
    run.options.generations = 2;
    run_schema(&run);
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    run_close(&run);
    ck_assert_str_eq(case_state(old), "old");
    ck_assert_str_eq(case_state("forgotten__old_20200102T030405"), "current");
    case_run("target", NULL, "DROP DATABASE forgotten__old_20200102T030405");
    ck_assert_str_eq(case_beside("forgotten"), "2");
    run_whole("forgotten", "three");
    ck_assert_str_eq(case_beside("forgotten"), "1");
    ck_assert(!case_has_database(old));
}
END_TEST

void case_add_swap(Suite *suite)
{
    TCase *tcase = case_new(suite, "swap");

    tcase_add_test(tcase, an_absent_target_is_created_and_an_old_one_keeps_all_it_had);
    tcase_add_test(tcase, an_adopted_schema_gives_way_with_all_it_holds);
    tcase_add_test(tcase, a_transaction_that_does_not_end_stops_the_swap_and_is_named);
    tcase_add_test(tcase, killed_before_the_tables_moved_the_old_ones_answer_with_their_triggers);
    tcase_add_test(tcase, a_journal_without_moved_tables_is_taken_back);
    tcase_add_test(tcase, killed_behind_the_move_the_new_ones_answer_and_the_next_start_finishes);
    tcase_add_test(
        tcase, killed_while_the_old_functions_go_the_new_ones_answer_and_the_next_start_finishes);
    tcase_add_test(tcase,
                   a_former_one_that_kept_the_mark_of_the_target_is_marked_anew_and_falls_out);
    case_add_bounds(suite);
}
