/* A source that takes another server's changes: one that has been quiet for half an hour. */
#include "my_case.h"

static void at_the_replica(void)
{
    case_server = "UNDERSTUDY_TEST_MY_REPLICA";
}

static void at_the_source(void)
{
    case_server = "UNDERSTUDY_TEST_MY";
}

START_TEST(a_replica_is_known_as_one)
{
    struct db *db = case_open(DB_SOURCE, "root");

    ck_assert(db_info(db)->is_standby);
    db_close(db);
    case_run("SET GLOBAL read_only = 0");
    db = case_open(DB_TARGET, "root");
    ck_assert(db_info(db)->is_standby);
    db_close(db);
    case_run("SET GLOBAL read_only = 1");
}
END_TEST

START_TEST(a_replica_that_waits_for_changes_is_locked_unasked)
{
    struct db_config config = case_config(DB_SOURCE, "root");
    struct db *leader = case_open(DB_SOURCE, "root"), *reader;
    struct error err = {0};
    const char *token;

    case_ok(db_snapshot_export(leader, 3, arena, &token, &err), &err);
    ck_assert_uint_eq(db_info(leader)->snapshot_readers, 3);
    for (int i = 0; i < 3; i++) {
        case_ok(db_snapshot_reader(leader, &config, token, arena, &reader, &err), &err);
        db_close(reader);
    }
    db_close(leader);
}
END_TEST

void case_add_my_replica(Suite *suite)
{
    TCase *tests = case_new(suite, "replica");

    tcase_add_checked_fixture(tests, at_the_replica, at_the_source);
    tcase_add_test(tests, a_replica_is_known_as_one);
    tcase_add_test(tests, a_replica_that_waits_for_changes_is_locked_unasked);
}
