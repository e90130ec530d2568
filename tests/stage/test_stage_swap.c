/* The swap: atomic for clients that never stop coming, stopped by what cannot be ended, and undone
 * by the server when the program dies in the middle. */
#include "base/clock.h"
#include "stage_case.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS 8

START_TEST(an_absent_target_is_created_and_open_to_all)
{
    const char *url = case_url("target", "fresh");

    run_whole("fresh", "one");
    ck_assert_str_eq(case_ask(url, "SELECT name FROM customers"), "one");
    ck_assert_str_eq(case_ask(url, "SELECT has_database_privilege('plain', 'fresh', 'CONNECT')"),
                     "t");
    ck_assert_str_eq(case_ask(url, "SELECT d->>'state' || (d->>'understudy') || (d->>'epoch')"
                                   " FROM (SELECT shobj_description(oid, 'pg_database')::json d"
                                   " FROM pg_database WHERE datname = 'fresh') x"),
                     "current11");
}
END_TEST

START_TEST(what_belongs_to_the_database_comes_from_the_old_one)
{
    const char *url = case_url("target", "kept");
    const char *admin = case_url("target", "postgres");

    run_whole("kept", "one");
    case_run(admin, "ALTER DATABASE kept OWNER TO shop_owner;"
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
    const char *settings = case_ask(admin, sql);
    const char *before = case_ask(admin, shape);
    run_whole("kept", "two");
    ck_assert_str_eq(case_ask(url, "SELECT name FROM customers"), "two");
    ck_assert_str_eq(case_ask(admin, sql), settings);
    ck_assert_str_eq(case_ask(admin, shape), before);
    ck_assert_str_eq(case_ask(admin, "SELECT (shobj_description(oid, 'pg_database')::json)->>"
                                     "'state' || datallowconn FROM pg_database"
                                     " WHERE datname ~ '^kept__old_'"),
                     "oldfalse");
}
END_TEST

START_TEST(a_database_that_was_open_to_all_stays_open)
{
    const char *url = case_url("target", "open");
    const char *sql = "SELECT has_database_privilege('plain', 'open', 'CONNECT')";

    run_whole("open", "one");
    run_whole("open", "two");
    ck_assert_str_eq(case_ask(url, sql), "t");
    case_run(url, "GRANT CREATE ON DATABASE open TO app_stg");
    run_whole("open", "three");
    ck_assert_str_eq(case_ask(url, sql), "t");
    ck_assert_str_eq(case_ask(url, "SELECT bool_or(has_database_privilege('plain', oid, 'CONNECT'))"
                                   " FROM pg_database WHERE datname ~ '^open__old_'"),
                     "f");
}
END_TEST

struct pool { /* shared with the clients */
    atomic_bool is_over;
    atomic_int old, new, half, refused;
};

/* Comes back as fast as it can; asks one question a connection. */
static void client(struct pool *pool, const char *url)
{
    while (!atomic_load(&pool->is_over)) {
        PGconn *connection = PQconnectdb(url);
        PGresult *result = PQexec(connection, "SELECT name, (SELECT count(*) FROM later) FROM"
                                              " customers");

        if (PQresultStatus(result) != PGRES_TUPLES_OK)
            atomic_fetch_add(
                PQresultErrorField(result, PG_DIAG_SQLSTATE) &&
                        strncmp(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42", 2) == 0
                    ? &pool->half
                    : &pool->refused,
                1);
        else if (PQntuples(result) != 1)
            atomic_fetch_add(&pool->half, 1);
        else
            atomic_fetch_add(strcmp(PQgetvalue(result, 0, 0), "one") == 0 ? &pool->old : &pool->new,
                             1);
        PQclear(result);
        PQfinish(connection);
    }
    _exit(0);
}

START_TEST(eight_clients_that_never_stop_coming_see_the_old_or_the_new)
{
    struct pool *pool =
        mmap(NULL, sizeof(*pool), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const char *url = case_url("target", "busy");
    pid_t clients[CLIENTS];
    struct run run;

    ck_assert(pool != MAP_FAILED);
    run_whole("busy", "one");
    run_prepare(&run, "busy");
    run_schema(&run);
    run_rows(&run, "INSERT INTO customers (name) VALUES ('two')");
    run_rest(&run);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = fork();
        if (clients[i] == 0)
            client(pool, url);
    }
    while (atomic_load(&pool->old) < CLIENTS * 4)
        poll(NULL, 0, 5);
    double start = clock_monotonic();
    bool is_swapped = run_swap(&run);
    double seconds = clock_monotonic() - start;
    int answered = atomic_load(&pool->new);
    while (is_swapped && atomic_load(&pool->new) < answered + CLIENTS * 4)
        poll(NULL, 0, 5);
    atomic_store(&pool->is_over, true);
    for (int i = 0; i < CLIENTS; i++)
        waitpid(clients[i], NULL, 0);
    run_ok(&run, is_swapped);
    run_close(&run);
    ck_assert_int_eq(atomic_load(&pool->half), 0);
    ck_assert_msg(seconds < 4, "the swap took %.1f s", seconds);
}
END_TEST

START_TEST(a_prepared_transaction_stops_the_swap_and_is_named)
{
    struct run run;
    const char *url = case_url("target", "prepared");

    run_whole("prepared", "one");
    run_prepare(&run, "prepared");
    run_schema(&run);
    run_rest(&run);
    case_run(url, "BEGIN; INSERT INTO customers (name) VALUES ('x'); PREPARE TRANSACTION 'stuck'");
    ck_assert(!run_swap(&run));
    run_failed(&run, STATUS_TARGET, "prepared transaction 'stuck'", "answers as before");
    ck_assert_str_eq(case_ask(url, "SELECT name FROM customers"), "one");
    case_run(url, "ROLLBACK PREPARED 'stuck'");
    run_ok(&run, run_swap(&run));
    run_close(&run);
    ck_assert_str_eq(case_ask(url, "SELECT count(*) FROM customers"), "0");
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
    ck_assert_str_eq(case_ask(url, "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ','"
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
    PGconn *inside = PQconnectdb(case_url("target", "inhabited"));
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

static const char *generations_of(const char *name)
{
    return case_ask(
        case_url("target", "postgres"),
        arena_printf(arena, "SELECT count(*) FROM pg_database WHERE datname ~ '^%s__'", name));
}

static void refresh(const char *name, int64_t generations)
{
    struct run run;

    run_prepare(&run, name);
    run.options.generations = generations;
    run_schema(&run);
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    run_close(&run);
}

START_TEST(as_many_former_ones_stay_as_were_asked_for)
{
    refresh("many", 2);
    refresh("many", 2);
    refresh("many", 2);
    ck_assert_str_eq(generations_of("many"), "2");
    refresh("many", 2);
    ck_assert_str_eq(generations_of("many"), "2");
    refresh("many", 1);
    ck_assert_str_eq(generations_of("many"), "1");
    refresh("many", 0);
    ck_assert_str_eq(generations_of("many"), "0");
}
END_TEST

START_TEST(a_target_renamed_away_meanwhile_is_not_replaced)
{
    struct run run;

    run_whole("wandering", "one");
    run_prepare(&run, "wandering");
    run_schema(&run);
    run_rest(&run);
    case_run(case_url("target", "postgres"), "ALTER DATABASE wandering RENAME TO wandered");
    ck_assert(!run_swap(&run));
    run_failed(&run, STATUS_TARGET, "renamed or dropped", "");
    stage_discard(run.stage);
    run_close(&run);
}
END_TEST

START_TEST(killed_between_rename_and_commit_the_old_one_answers_and_the_next_run_tidies)
{
    const char *url = case_url("target", "killed");
    const char *admin = case_url("target", "postgres");
    PGconn *blocker;
    struct run run;
    pid_t child;

    run_whole("killed", "one");
    child = fork();
    if (child == 0) {
        run_prepare(&run, "killed");
        run_schema(&run);
        run_rest(&run);
        kill(getpid(), SIGSTOP);
        run_swap(&run);
        _exit(0);
    }
    waitpid(child, NULL, WUNTRACED);
    /* The comment of the old one is the first write behind its rename: it waits here. */
    blocker = PQconnectdb(admin);
    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE pg_shdescription IN EXCLUSIVE MODE"));
    kill(child, SIGCONT);
    while (strcmp(case_ask(admin, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation ="
                                  " 'pg_shdescription'::regclass"),
                  "1") != 0)
        poll(NULL, 0, 5);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    PQclear(PQexec(blocker, "ROLLBACK"));
    PQfinish(blocker);
    ck_assert_str_eq(case_ask(url, "SELECT name FROM customers"), "one");
    while (strcmp(case_ask(admin, "SELECT count(*) FROM pg_stat_activity"
                                  " WHERE application_name ~ '^understudy '"),
                  "0") != 0)
        poll(NULL, 0, 5);
    ck_assert_str_eq(generations_of("killed"), "1"); /* __new_ */
    run_whole("killed", "three");
    ck_assert_str_eq(generations_of("killed"), "1"); /* __old_ */
    ck_assert_str_eq(case_ask(url, "SELECT name FROM customers"), "three");
}
END_TEST

static void *cancel_later(void *argument)
{
    const char *admin = case_url("source", "shop");

    while (strcmp(case_ask(admin, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation ="
                                  " 'orders'::regclass"),
                  "0") == 0)
        poll(NULL, 0, 5);
    stage_cancel(argument);
    return NULL;
}

START_TEST(cancelling_ends_the_helper_program)
{
    struct run run;
    PGconn *blocker = PQconnectdb(case_url("source", "shop"));
    pthread_t thread;

    run_prepare(&run, "cancelled");
    run_ok(&run, run_open(&run));
    run_ok(&run, stage_create(run.stage, &run.err));
    PQclear(PQexec(blocker, "BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"));
    pthread_create(&thread, NULL, cancel_later, run.stage);
    ck_assert(!stage_schema_before(run.stage, run.source, run.snapshot, &run.err));
    pthread_join(thread, NULL);
    ck_assert_int_eq(run.err.status, STATUS_INTERRUPTED);
    PQfinish(blocker);
    stage_discard(run.stage);
    ck_assert_str_eq(generations_of("cancelled"), "0");
    run_close(&run);
}
END_TEST

START_TEST(names_of_63_bytes_are_cut_and_still_found_again)
{
    const char *name = "n0123456789012345678901234567890123456789012345678901234567\303\251xy";

    ck_assert_uint_eq(strlen(name), 63);
    refresh(name, 1);
    refresh(name, 1);
    refresh(name, 1);
    ck_assert_str_eq(case_ask(case_url("target", "postgres"),
                              "SELECT count(*) FROM pg_database WHERE datname ~ '^n01234'"),
                     "2");
}
END_TEST

void case_add_swap(Suite *suite)
{
    TCase *tcase = case_new(suite, "swap");

    tcase_add_test(tcase, an_absent_target_is_created_and_open_to_all);
    tcase_add_test(tcase, a_database_that_was_open_to_all_stays_open);
    tcase_add_test(tcase, what_belongs_to_the_database_comes_from_the_old_one);
    tcase_add_test(tcase, eight_clients_that_never_stop_coming_see_the_old_or_the_new);
    tcase_add_test(tcase, a_prepared_transaction_stops_the_swap_and_is_named);
    tcase_add_test(tcase, a_role_that_is_no_superuser_can_do_it_all);
    tcase_add_test(tcase, a_session_inside_is_ended_and_a_superusers_is_named_when_it_may_not_be);
    tcase_add_test(tcase, as_many_former_ones_stay_as_were_asked_for);
    tcase_add_test(tcase, a_target_renamed_away_meanwhile_is_not_replaced);
    tcase_add_test(tcase,
                   killed_between_rename_and_commit_the_old_one_answers_and_the_next_run_tidies);
    tcase_add_test(tcase, cancelling_ends_the_helper_program);
    tcase_add_test(tcase, names_of_63_bytes_are_cut_and_still_found_again);
}
