/* What the contract says of sessions: snapshots, locks, rights, whose fault a failure is. */
#include "case.h"

static const char *const id_only[] = {"id", NULL};

static void use_contract(void)
{
    case_database = "contract";
}

static void no_teardown(void)
{
}

START_TEST(readers_of_one_snapshot_see_the_same_under_concurrent_writes)
{
    const struct db_config config = case_config(DB_SOURCE, "reader");
    struct db *leader = case_open(DB_SOURCE, "reader"), *reader;
    struct error err = {0};
    const char *token;
    struct catalog *catalog = case_export(leader, 1, &token);
    struct read read = case_read(case_table(catalog, "changed"), id_only);

    case_run("INSERT INTO changed SELECT id FROM people");
    int64_t seen = case_count(leader, &read);
    if (db_info(leader)->snapshot_readers > 0) {
        case_ok(db_snapshot_reader(leader, &config, token, arena, &reader, &err), &err);
        ck_assert_int_eq(case_count(reader, &read), seen);
        db_close(reader);
    }
    ck_assert_int_eq(seen, 0);
    catalog_free(catalog);
    db_close(leader);
    case_run("DELETE FROM changed");
}
END_TEST

/* Locks `name` after a change of it; true when the change was seen. */
static bool is_change_seen(const char *name, const char *change)
{
    struct db *leader = case_open(DB_SOURCE, "reader");
    struct error err = {0};
    const char *token;
    struct catalog *catalog = case_export(leader, 0, &token);
    const struct table *table = case_table(catalog, name);

    case_run(change);
    bool is_locked = db_lock_tables(leader, &table, 1, &err);
    ck_assert(is_locked || err.status == STATUS_SOURCE);
    ck_assert_msg(is_locked || case_says(&err, name) || case_says(&err, "not exist"), "%s: %s: %s",
                  change, err.context, err.cause);
    db_close(leader);
    catalog_free(catalog);
    return !is_locked;
}

START_TEST(what_changes_between_snapshot_and_lock_is_found)
{
    ck_assert(!is_change_seen("changed", "INSERT INTO changed VALUES (1)"));
    ck_assert(is_change_seen("changed", "ALTER TABLE changed ADD COLUMN more int"));
    ck_assert(is_change_seen("changed", "ALTER TABLE changed DROP COLUMN more"));
    ck_assert(is_change_seen("changed", "TRUNCATE TABLE changed"));
    ck_assert(is_change_seen("changed", "DROP TABLE changed"));
    case_run("CREATE TABLE changed (id int PRIMARY KEY)");
}
END_TEST

START_TEST(rights_that_lack_are_named_with_their_grant)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct denial_list denials = {.arena = arena};
    struct error err = {0};
    struct db *owner = case_open(DB_SOURCE, case_superuser);
    struct catalog *catalog = case_catalog(owner); /* a table without a right may not be seen */
    const struct table *tables[] = {case_table(catalog, "people"), case_table(catalog, "secret")};

    case_ok(db_find_denials(db, tables, 2, &denials, &err), &err);
    ck_assert_uint_eq(denials.count, 1);
    ck_assert_ptr_eq(denials.items[0].table, tables[1]);
    ck_assert_ptr_nonnull(strstr(denials.items[0].what, "secret"));
    ck_assert_ptr_nonnull(strstr(denials.items[0].grant, "GRANT SELECT"));
    ck_assert_ptr_nonnull(strstr(denials.items[0].grant, "reader"));

    struct read read = case_read(tables[1], id_only);
    ck_assert(!db_read_begin(db, &read, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert(case_says(&err, "secret"));
    catalog_free(catalog);
    db_close(owner);
    db_close(db);
}
END_TEST

START_TEST(a_mistake_in_the_profiles_sql_is_quoted_and_costs_no_snapshot)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct error err = {0};
    const char *token;
    struct catalog *catalog = case_export(db, 0, &token);
    const struct table *people = case_table(catalog, "people");
    int64_t count;

    case_run("UPDATE people SET name = 'changed' WHERE id = 1");
    case_refuse_sql(db, people);
    case_ok(db_check_sql(db, people, "id > 3 and people.name = 'a'", "where", &err), &err);
    case_ok(db_check_sql(db, people, "name desc, id", "order", &err), &err);
    case_ok(db_count(db, people, "name = 'changed'", 0, &count, &err), &err);
    ck_assert_int_eq(count, 0);
    case_run("UPDATE people SET name = 'n''\"{}, 000' WHERE id = 1");
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(a_connection_that_is_killed_is_its_sides_fault)
{
    const enum status statuses[] = {[DB_SOURCE] = STATUS_SOURCE, [DB_TARGET] = STATUS_TARGET};

    for (enum db_side side = DB_SOURCE; side <= DB_TARGET; side++) {
        struct db *db = case_open(side, "reader");
        struct error err = {0};
        struct catalog *catalog = case_catalog(db);
        int64_t count;

        case_kill("reader");
        ck_assert(!db_count(db, case_table(catalog, "people"), NULL, 0, &count, &err));
        ck_assert_int_eq(err.status, statuses[side]);
        catalog_free(catalog);
        db_close(db);
    }
}
END_TEST

START_TEST(a_server_that_is_not_there_is_its_sides_fault)
{
    const enum status statuses[] = {[DB_SOURCE] = STATUS_SOURCE, [DB_TARGET] = STATUS_TARGET};

    for (enum db_side side = DB_SOURCE; side <= DB_TARGET; side++) {
        struct db_config config = case_config(side, "reader");
        struct db *db = NULL;
        struct error err = {0};

        config.url = arena_printf(arena, "%.*s:1/contract",
                                  (int)(strrchr(config.url, ':') - config.url), config.url);
        ck_assert(!db_open(&config, arena, &db, &err));
        ck_assert_int_eq(err.status, statuses[side]);
        ck_assert(case_says(&err, "127.0.0.1"));
    }
}
END_TEST

START_TEST(a_catalog_says_tables_keys_and_references)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    const struct table *ledger = case_table(catalog, "ledger");
    const struct edge *edge = case_edge(catalog, "orders_person");

    ck_assert_int_eq(catalog->engine, case_engine);
    ck_assert_uint_eq(ledger->column_count, 4);
    ck_assert_str_eq(ledger->columns[0]->name, "region");
    ck_assert(ledger->columns[1]->is_not_null);
    ck_assert(!ledger->columns[2]->is_not_null);
    ck_assert_int_eq(ledger->columns[1]->type->kind, KIND_INTEGER);
    ck_assert_int_eq(ledger->columns[2]->type->kind, KIND_DECIMAL);
    ck_assert_int_eq(ledger->columns[3]->type->kind, KIND_TIMESTAMP);
    ck_assert_ptr_nonnull(ledger->primary);
    ck_assert_uint_eq(ledger->primary->column_count, 2);
    ck_assert_ptr_null(case_table(catalog, "keyless")->primary);
    ck_assert_ptr_nonnull(edge);
    ck_assert_ptr_eq(edge->parent, case_table(catalog, "people"));
    ck_assert_str_eq(edge->child_columns[0]->name, "person_id");
    ck_assert_ptr_eq(case_edge(catalog, "people_referred")->parent, edge->parent);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

void case_add_contract_sessions(Suite *suite)
{
    TCase *tcase = case_new(suite, "contract of sessions");

    tcase_add_checked_fixture(tcase, use_contract, no_teardown);
    tcase_add_test(tcase, readers_of_one_snapshot_see_the_same_under_concurrent_writes);
    tcase_add_test(tcase, what_changes_between_snapshot_and_lock_is_found);
    tcase_add_test(tcase, rights_that_lack_are_named_with_their_grant);
    tcase_add_test(tcase, a_mistake_in_the_profiles_sql_is_quoted_and_costs_no_snapshot);
    tcase_add_test(tcase, a_connection_that_is_killed_is_its_sides_fault);
    tcase_add_test(tcase, a_server_that_is_not_there_is_its_sides_fault);
    tcase_add_test(tcase, a_catalog_says_tables_keys_and_references);
}
