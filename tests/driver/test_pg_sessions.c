/* Snapshots, locks, cancels, refusals: what a session does when the world moves. */
#include "pg_case.h"
#include <stdlib.h>

static const char *const id_only[] = {"id", NULL};

START_TEST(readers_of_one_snapshot_see_the_same_under_concurrent_writes)
{
    struct db *leader = case_open(DB_SOURCE, "reader");
    const struct db_config config = case_config(DB_SOURCE, "reader");
    struct db *one, *two;
    struct error err = {0};
    const char *token;
    int64_t counts[3];

    struct catalog *catalog = case_export(leader, 2, &token);
    struct read read = case_read(case_table(catalog, "ledger"), (const char *[]){"number", NULL});
    case_ok(db_snapshot_reader(leader, &config, token, arena, &one, &err), &err);
    counts[0] = case_count(one, &read);
    case_run("DELETE FROM ledger WHERE number > 400");
    case_ok(db_snapshot_reader(leader, &config, token, arena, &two, &err), &err);
    counts[1] = case_count(two, &read);
    counts[2] = case_count(leader, &read);
    ck_assert(counts[0] == counts[1] && counts[1] == counts[2]);
    db_close(one);
    db_close(two);
    db_close(leader);
    catalog_free(catalog);
    case_run("INSERT INTO ledger SELECT 'r''\\' || i % 10, i, '2024-01-01'::date + i,"
             " ARRAY['t' || i % 7] FROM generate_series(401, 500) i");
}
END_TEST

START_TEST(a_token_of_another_instance_is_refused_and_the_reason_said)
{
    const struct db_config config = case_config(DB_SOURCE, "reader");
    struct db *db = case_open(DB_SOURCE, "reader"), *reader;
    struct error err = {0};
    const char *token;

    case_ok(db_snapshot_export(db, 1, arena, &token, &err), &err);
    ck_assert(
        !db_snapshot_reader(db, &config, "00000003-00000002-1 123/5 77 0", arena, &reader, &err));
    ck_assert(case_says(&err, "another server"));
    ck_assert_ptr_nonnull(strstr(err.hint, "load balancer"));
    ck_assert_str_eq(pg_snapshot_name(arena, "0000-1 123/5 77 0"), "0000-1");
    db_close(db);
}
END_TEST

static void lock_after(const char *table_name, const char *change, bool is_seen)
{
    struct db *leader = case_open(DB_SOURCE, "reader");
    struct error err = {0};
    const char *token;

    struct catalog *catalog = case_export(leader, 2, &token);
    const struct table *table = case_table(catalog, table_name);
    case_run(change);
    bool is_locked = db_lock_tables(leader, &table, 1, &err);
    if (is_seen) {
        ck_assert_msg(!is_locked, "not seen: %s", change);
        ck_assert_int_eq(err.status, STATUS_SOURCE);
        ck_assert_msg(case_says(&err, table_name), "%s", err.cause);
    } else {
        case_ok(is_locked, &err);
        ck_assert_str_eq(case_ask("SELECT count(*) > 0 FROM pg_locks WHERE"
                                  " mode = 'AccessShareLock' AND relation = 'changed'::regclass"),
                         "t");
    }
    db_close(leader);
    catalog_free(catalog);
}

START_TEST(what_changes_between_snapshot_and_lock_is_found)
{
    lock_after("changed", "SELECT 1", false);
    lock_after("changed", "INSERT INTO changed VALUES (1)", false);
    lock_after("changed", "VACUUM FULL changed", true);
    lock_after("changed", "TRUNCATE changed", true);
    lock_after("changed", "ALTER TABLE changed ADD COLUMN more int", true);
    lock_after("changed", "ALTER TABLE changed ALTER more SET NOT NULL", true);
    lock_after("changed", "ALTER TABLE changed RENAME more TO less", true);
    lock_after("spread", "CREATE TABLE spread_2 PARTITION OF spread FOR VALUES IN (2)", true);
    lock_after("spread", "TRUNCATE spread_2", true);
}
END_TEST

START_TEST(a_lock_that_is_not_granted_ends_in_time)
{
    struct db *leader = case_open(DB_SOURCE, "reader");
    PGconn *other = PQconnectdb(case_url("postgres"));
    struct error err = {0};
    const char *token;

    struct catalog *catalog = case_export(leader, 2, &token);
    const struct table *table = case_table(catalog, "changed");
    PQclear(PQexec(other, "BEGIN; LOCK TABLE changed"));
    ck_assert(!db_lock_tables(leader, &table, 1, &err));
    ck_assert(case_says(&err, "55P03"));
    PQfinish(other);
    db_close(leader);
    catalog_free(catalog);
}
END_TEST

START_TEST(a_cancel_from_another_thread_interrupts)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);

    case_cancel(db, case_read(case_table(catalog, "slow"), id_only));
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(a_reader_gives_up_a_read_and_goes_on_in_its_snapshot)
{
    const struct db_config config = case_config(DB_SOURCE, "reader");
    struct db *leader = case_open(DB_SOURCE, "reader"), *reader;
    struct batch batch;
    struct error err = {0};
    const char *token;
    bool more;

    struct catalog *catalog = case_export(leader, 2, &token);
    struct read read = case_read(case_table(catalog, "slow"), id_only);
    struct read short_read = case_read(case_table(catalog, "customers"), id_only);
    case_ok(db_snapshot_reader(leader, &config, token, arena, &reader, &err), &err);
    case_run("INSERT INTO customers (id, name) VALUES (5000, 'new')");
    read.where = "id > 0";
    case_ok(batch_init(&batch, 10, 1, &err), &err);
    for (int i = 0; i < 2; i++) {
        struct db *db = i ? leader : reader;

        case_ok(db_read_begin(db, &read, &err), &err);
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        ck_assert(more);
        case_ok(db_read_end(db, &err), &err);
        ck_assert_int_eq(case_count(db, &short_read), 1000);
    }
    case_run("DELETE FROM customers WHERE id = 5000");
    batch_release(&batch);
    catalog_free(catalog);
    db_close(reader);
    db_close(leader);
}
END_TEST

START_TEST(a_killed_backend_is_the_sources_fault)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    struct read read = case_read(case_table(catalog, "slow"), id_only);
    struct tally tally;
    struct error err = {0};

    read.where = case_slow;
    case_ok(db_read_begin(db, &read, &err), &err);
    case_run(
        arena_printf(arena, "SELECT pg_terminate_backend(%d)", PQbackendPID(pg_connection(db))));
    ck_assert(!case_read_rest(db, 10, &tally, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

/* Status of a read of all of table slow, or of secret, that holds this SQL of the profile. */
static enum status read_status(const char *table, const char *where)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    struct read read = case_read(case_table(catalog, table), id_only);
    struct tally tally;
    struct error err = {0};

    read.where = where;
    if (db_read_begin(db, &read, &err))
        (void)case_read_rest(db, 10, &tally, &err);
    catalog_free(catalog);
    db_close(db);
    return err.status;
}

START_TEST(the_profile_is_at_fault_where_its_own_sql_fails_on_a_row)
{
    ck_assert_int_eq(read_status("slow", "id > 0"), STATUS_OK);
    ck_assert_int_eq(read_status("slow", "1 / (id - id) = 1"), STATUS_PROFILE);
    ck_assert_int_eq(read_status("slow", "(id || 'x')::int = 1"), STATUS_PROFILE);
    ck_assert_int_eq(read_status("secret", "1 = 1"), STATUS_SOURCE);
}
END_TEST

START_TEST(permission_denied_is_said_without_the_servers_words)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    struct read read = case_read(case_table(catalog, "secret"), id_only);
    struct error err = {0};

    ck_assert(!db_read_begin(db, &read, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert(case_says(&err, "permission denied (SQLSTATE 42501"));
    ck_assert(case_says(&err, "public.secret"));
    db_close(db);

    db = case_open(DB_SOURCE, "reader");
    read = case_read(case_table(catalog, "guarded"), id_only);
    ck_assert(!db_read_begin(db, &read, &err)); /* row_security = off fails rather than hides */
    ck_assert_ptr_nonnull(strstr(err.hint, "BYPASSRLS"));
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(the_source_takes_no_writes)
{
    struct db *db = case_open(DB_SOURCE, "postgres");
    struct error err = {0};

    ck_assert(!pg_run(db, "CREATE TABLE public.oops ()", &err));
    ck_assert(case_says(&err, "25006"));
    db_close(db);
}
END_TEST

START_TEST(a_mistake_in_the_profiles_sql_is_quoted_and_costs_no_snapshot)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct error err = {0};
    const char *token;
    int64_t count;

    struct catalog *catalog = case_export(db, 0, &token);
    const struct table *table = case_table(catalog, "customers");
    case_refuse_sql(db, table);
    case_ok(db_check_sql(db, table, "is_big(id) and customers.email = 'a'", "where", &err), &err);
    case_ok(db_check_sql(db, table, "email desc, id", "order", &err), &err);
    case_ok(db_count(db, table, NULL, 0, &count, &err), &err);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(what_a_function_says_while_it_is_planned_is_not_quoted)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct error err = {0};
    struct catalog *catalog = case_catalog(db);

    ck_assert(!db_check_sql(db, case_table(catalog, "customers"), "app.tells('x')", "where", &err));
    ck_assert(case_says(&err, "42601"));
    ck_assert(!case_says(&err, "User1@x.com"));
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(a_connection_that_fails_says_why_in_our_words)
{
    struct error err;

    ck_assert(case_open_fails(case_url("stranger"), &err));
    ck_assert(case_says(&err, "SQLSTATE 28"));
    ck_assert_ptr_null(strstr(err.cause, "stranger"));
    ck_assert(case_open_fails("postgresql://postgres@127.0.0.1:1/x", &err));
    ck_assert(case_says(&err, "cannot be reached"));
    ck_assert_int_eq(err.status, STATUS_SOURCE);

    const char *url = arena_printf(arena, "%s?dbname=absent", case_url("reader"));
    ck_assert(case_open_fails(url, &err));
    ck_assert(case_says(&err, "3D000"));
}
END_TEST

START_TEST(an_address_that_is_not_local_needs_tls)
{
    const char *port = strrchr(case_url("reader"), ':') + 1;
    struct error err;
    struct db *db = NULL;

    /* the name is not local, the address behind it is; the server has no TLS */
    char *url = arena_printf(arena, "host=0.0.0.0 port=%d user=reader dbname=postgres",
                             (int)strtol(port, NULL, 10));
    ck_assert(case_open_fails(url, &err));
    ck_assert(case_says(&err, "TLS"));

    struct db_config config = {.side = DB_SOURCE,
                               .url = arena_printf(arena, "%s sslmode=disable", url)};
    case_ok(db_open(&config, arena, &db, &err), &err);
    ck_assert_str_eq(db_info(db)->tls, "none");
    db_close(db);
    db = case_open(DB_SOURCE, "reader");
    ck_assert_str_eq(db_info(db)->tls, "local");
    db_close(db);
}
END_TEST

START_TEST(child_programs_get_the_instance_and_no_password)
{
    struct db *db = case_open(DB_TARGET, "reader");
    struct error err = {0};
    const char *conninfo, *password;

    case_ok(pg_child_connection(db, "it's \\ odd", arena, &conninfo, &password, &err), &err);
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    ck_assert_ptr_nonnull(options);
    for (PQconninfoOption *option = options; option->keyword; option++) {
        if (!strcmp(option->keyword, "dbname"))
            ck_assert_str_eq(option->val, "it's \\ odd");
        if (!strcmp(option->keyword, "password"))
            ck_assert_ptr_null(option->val);
    }
    ck_assert_ptr_null(password);
    PQconninfoFree(options);
    db_close(db);
}
END_TEST

void case_add_sessions(Suite *suite)
{
    TCase *tcase = case_new(suite, "sessions");

    tcase_add_test(tcase, readers_of_one_snapshot_see_the_same_under_concurrent_writes);
    tcase_add_test(tcase, a_token_of_another_instance_is_refused_and_the_reason_said);
    tcase_add_test(tcase, what_changes_between_snapshot_and_lock_is_found);
    tcase_add_test(tcase, a_lock_that_is_not_granted_ends_in_time);
    tcase_add_test(tcase, a_cancel_from_another_thread_interrupts);
    tcase_add_test(tcase, a_reader_gives_up_a_read_and_goes_on_in_its_snapshot);
    tcase_add_test(tcase, a_killed_backend_is_the_sources_fault);
    tcase_add_test(tcase, the_profile_is_at_fault_where_its_own_sql_fails_on_a_row);
    tcase_add_test(tcase, permission_denied_is_said_without_the_servers_words);
    tcase_add_test(tcase, the_source_takes_no_writes);
    tcase_add_test(tcase, a_mistake_in_the_profiles_sql_is_quoted_and_costs_no_snapshot);
    tcase_add_test(tcase, what_a_function_says_while_it_is_planned_is_not_quoted);
    tcase_add_test(tcase, a_connection_that_fails_says_why_in_our_words);
    tcase_add_test(tcase, an_address_that_is_not_local_needs_tls);
    tcase_add_test(tcase, child_programs_get_the_instance_and_no_password);
}
