/* The swap: atomic for clients, stopped by what cannot be ended, and undone by the server when the
 * program dies in the middle. */
#include "pg_case.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *ask(const char *database, const char *sql)
{
    return case_ask("target", database, sql);
}

START_TEST(an_absent_target_is_created_and_open_to_all)
{
    run_whole("fresh", "one");
    ck_assert_str_eq(ask("fresh", "SELECT name FROM customers"), "one");
    ck_assert_str_eq(ask("fresh", "SELECT has_database_privilege('plain', 'fresh', 'CONNECT')"),
                     "t");
    ck_assert_str_eq(ask("fresh", "SELECT d->>'state' || (d->>'understudy') || (d->>'epoch')"
                                  " FROM (SELECT shobj_description(oid, 'pg_database')::json d"
                                  " FROM pg_database WHERE datname = 'fresh') x"),
                     "current11");
}
END_TEST

START_TEST(what_belongs_to_the_database_comes_from_the_old_one)
{
    run_whole("kept", "one");
    case_run("target", NULL,
             "ALTER DATABASE kept OWNER TO shop_owner;"
             "REVOKE ALL ON DATABASE kept FROM PUBLIC;"
             "GRANT CONNECT ON DATABASE kept TO app_stg WITH GRANT OPTION;"
             "ALTER DATABASE kept CONNECTION LIMIT 17;"
             "ALTER DATABASE kept SET work_mem = '7MB';"
             "ALTER DATABASE kept SET search_path = \"$user\", public, \"O,dd\";"
             "ALTER DATABASE kept SET my.plugin = 'it''s';"
             "ALTER ROLE app_stg IN DATABASE kept SET statement_timeout = '9s'");
    const char *sql = "SELECT string_agg(coalesce(setrole::regrole::text, '') || setconfig::text,"
                      " ';' ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase ="
                      " (SELECT oid FROM pg_database WHERE datname = 'kept')";
    const char *shape = "SELECT datacl::text || datconnlimit || pg_get_userbyid(datdba)"
                        " FROM pg_database WHERE datname = 'kept'";
    const char *settings = ask(NULL, sql);
    const char *before = ask(NULL, shape);
    run_whole("kept", "two");
    ck_assert_str_eq(ask("kept", "SELECT name FROM customers"), "two");
    ck_assert_str_eq(ask(NULL, sql), settings);
    ck_assert_str_eq(ask(NULL, shape), before);
    ck_assert_str_eq(ask(NULL, "SELECT (shobj_description(oid, 'pg_database')::json)->>"
                               "'state' || datallowconn FROM pg_database"
                               " WHERE datname ~ '^kept__old_'"),
                     "oldfalse");
}
END_TEST

START_TEST(a_database_that_was_open_to_all_stays_open)
{
    const char *sql = "SELECT has_database_privilege('plain', 'open', 'CONNECT')";

    run_whole("open", "one");
    run_whole("open", "two");
    ck_assert_str_eq(ask("open", sql), "t");
    case_run("target", "open", "GRANT CREATE ON DATABASE open TO app_stg");
    run_whole("open", "three");
    ck_assert_str_eq(ask("open", sql), "t");
    ck_assert_str_eq(ask("open", "SELECT bool_or(has_database_privilege('plain', oid, 'CONNECT'))"
                                 " FROM pg_database WHERE datname ~ '^open__old_'"),
                     "f");
}
END_TEST

enum answer case_answer(const char *database)
{
    PGconn *session = PQconnectdb(case_url("target", database));
    PGresult *result = PQexec(session, "SELECT name, (SELECT count(*) FROM later) FROM customers");
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    enum answer answer;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        answer = state && strncmp(state, "42", 2) == 0 ? ANSWER_HALF : ANSWER_REFUSED;
    else if (PQntuples(result) != 1)
        answer = ANSWER_HALF;
    else
        answer = strcmp(PQgetvalue(result, 0, 0), "one") == 0 ? ANSWER_OLD : ANSWER_NEW;
    PQclear(result);
    PQfinish(session);
    return answer;
}

START_TEST(a_prepared_transaction_stops_the_swap_and_is_named)
{
    struct run run;

    run_whole("prepared", "one");
    run_prepare(&run, "prepared");
    run_schema(&run);
    run_rest(&run);
    case_run("target", "prepared",
             "BEGIN; INSERT INTO customers (name) VALUES ('x'); PREPARE TRANSACTION 'stuck'");
    ck_assert(!run_swap(&run));
    run_failed(&run, STATUS_TARGET, "prepared transaction 'stuck'", "answers as before");
    ck_assert_str_eq(ask("prepared", "SELECT name FROM customers"), "one");
    case_run("target", "prepared", "ROLLBACK PREPARED 'stuck'");
    run_ok(&run, run_swap(&run));
    run_close(&run);
    ck_assert_str_eq(ask("prepared", "SELECT count(*) FROM customers"), "0");
}
END_TEST

/* Up to the mark, as a role that is no superuser and so may not create postgres_fdw. */
static void load_as_stager(struct run *run, const char *url)
{
    static const char *skip[] = {"postgres_fdw"};

    run_prepare_url(run, url);
    run->profile.extensions_skip = (struct profile_text_list){1, skip, NULL};
    run_schema(run);
    run_rest(run);
}

START_TEST(a_role_that_is_no_superuser_can_do_it_all)
{
    struct run run;
    const char *url = arena_printf(arena, "%s/humble", getenv("UNDERSTUDY_TEST_STAGER"));

    load_as_stager(&run, url);
    run_ok(&run, run_swap(&run));
    ck_assert(run_skipped(&run, "extension postgres_fdw", "extensions.skip"));
    ck_assert(run_skipped(&run, "role postgres", "cannot give it objects"));
    run_close(&run);
    ck_assert_str_eq(ask("humble", "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ','"
                                   " ORDER BY pg_get_userbyid(relowner)) FROM pg_class"
                                   " WHERE relnamespace = 'public'::regnamespace"),
                     "shop_owner,stager");
}
END_TEST

START_TEST(a_session_inside_is_ended_and_a_superusers_is_named_when_it_may_not_be)
{
    struct run run;
    const char *url = arena_printf(arena, "%s/inhabited", getenv("UNDERSTUDY_TEST_STAGER"));

    load_as_stager(&run, url);
    run_ok(&run, run_swap(&run));
    run_close(&run);
    load_as_stager(&run, url);
    PGconn *inside = case_session("target", "inhabited");
    ck_assert(!run_swap(&run));
    run_failed(&run, STATUS_TARGET, "session ", "end them");
    PQfinish(inside);
    inside = PQconnectdb(url);
    run_ok(&run, run_swap(&run));
    PQclear(PQexec(inside, "SELECT 1"));
    ck_assert_int_eq(PQstatus(inside), CONNECTION_BAD);
    PQfinish(inside);
    run_close(&run);
}
END_TEST

START_TEST(killed_between_rename_and_commit_the_old_one_answers_and_the_next_run_tidies)
{
    run_whole("killed", "one");
    pid_t child = run_fork("killed");
    /* The comment of the old one is the first write behind its rename: it waits here. */
    PGconn *blocker = case_session("target", NULL);
    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE pg_shdescription IN EXCLUSIVE MODE"));
    kill(child, SIGCONT);
    while (strcmp(ask(NULL, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation ="
                            " 'pg_shdescription'::regclass"),
                  "1") != 0)
        poll(NULL, 0, 5);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    PQclear(PQexec(blocker, "ROLLBACK"));
    PQfinish(blocker);
    ck_assert_str_eq(ask("killed", "SELECT name FROM customers"), "one");
    while (strcmp(ask(NULL, "SELECT count(*) FROM pg_stat_activity"
                            " WHERE application_name ~ '^understudy '"),
                  "0") != 0)
        poll(NULL, 0, 5);
    ck_assert_str_eq(case_beside("killed"), "1"); /* __new_ */
    run_whole("killed", "three");
    ck_assert_str_eq(case_beside("killed"), "1"); /* __old_ */
    ck_assert_str_eq(ask("killed", "SELECT name FROM customers"), "three");
}
END_TEST

struct watch {
    struct stage *stage;
    PGconn *source;
};

/* Beside the run, and so without the arena. */
static void *cancel_later(void *argument)
{
    const struct watch *watch = argument;
    bool is_waiting = false;

    while (!is_waiting) {
        PGresult *result = PQexec(watch->source, "SELECT count(*) FROM pg_locks WHERE NOT granted"
                                                 " AND relation = 'orders'::regclass");

        is_waiting = PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), "0") != 0;
        PQclear(result);
        poll(NULL, 0, 5);
    }
    stage_cancel(watch->stage);
    return NULL;
}

START_TEST(cancelling_ends_the_helper_program)
{
    struct run run;
    struct watch watch = {.source = case_session("source", "shop")};
    PGconn *blocker = case_session("source", "shop");
    pthread_t thread;

    run_prepare(&run, "cancelled");
    run_ok(&run, run_open(&run));
    run_ok(&run, stage_create(run.stage, &run.err));
    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"));
    watch.stage = run.stage;
    pthread_create(&thread, NULL, cancel_later, &watch);
    ck_assert(!stage_schema_before(run.stage, run.source, run.snapshot, &run.err));
    pthread_join(thread, NULL);
    ck_assert_int_eq(run.err.status, STATUS_INTERRUPTED);
    PQfinish(blocker);
    PQfinish(watch.source);
    stage_discard(run.stage);
    ck_assert_str_eq(case_beside("cancelled"), "0");
    run_close(&run);
}
END_TEST

void case_add_swap(Suite *suite)
{
    TCase *tcase = case_new(suite, "swap");

    tcase_add_test(tcase, an_absent_target_is_created_and_open_to_all);
    tcase_add_test(tcase, a_database_that_was_open_to_all_stays_open);
    tcase_add_test(tcase, what_belongs_to_the_database_comes_from_the_old_one);
    tcase_add_test(tcase, a_prepared_transaction_stops_the_swap_and_is_named);
    tcase_add_test(tcase, a_role_that_is_no_superuser_can_do_it_all);
    tcase_add_test(tcase, a_session_inside_is_ended_and_a_superusers_is_named_when_it_may_not_be);
    tcase_add_test(tcase,
                   killed_between_rename_and_commit_the_old_one_answers_and_the_next_run_tidies);
    tcase_add_test(tcase, cancelling_ends_the_helper_program);
}
