/* Which targets PostgreSQL refuses beside the contract's, and what runs that died leave. */
#include "pg_case.h"
#include <stdlib.h>

START_TEST(an_empty_database_may_be_replaced)
{
    struct run run;

    case_run("target", NULL, "CREATE DATABASE blank");
    run_prepare(&run, "blank");
    run_ok(&run, run_open(&run));
    run_close(&run);
}
END_TEST

START_TEST(the_sources_server_needs_a_reason)
{
    struct run run;

    run_prepare_url(&run, case_url("source", "shop_staging"));
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "the source's own server", "same_server");
    run.profile.same_server = "one server is all we have";
    run_ok(&run, run_open(&run));
    run_close(&run);
}
END_TEST

START_TEST(a_copy_of_the_sources_server_needs_a_reason)
{
    struct run run;
    struct db_info source;

    run_prepare(&run, "copied");
    source = *run.request.source; /* the same cluster, as a restored copy is */
    source.system = case_ask("target", NULL, "SELECT system_identifier FROM pg_control_system()");
    run.request.source = &source;
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "the source's own server", "same_server");
    run.request.target_url = case_url("target", "shop");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "is the source itself", "restored_from_source");
    run.profile.restored_from_source = "last night's backup";
    run_ok(&run, run_open(&run));
    run_close(&run);
}
END_TEST

START_TEST(a_missing_privilege_is_named_with_its_remedy)
{
    struct run run;

    run_prepare_url(&run, getenv("UNDERSTUDY_TEST_PLAIN_ROLE"));
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "plain may not create databases", "ALTER ROLE plain CREATEDB");
    run.profile.owner = "nobody_at_all";
    run.request.target_url = case_url("target", "unheard_of");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "nobody_at_all", "CREATE ROLE");
    run_close(&run);
}
END_TEST

START_TEST(check_says_every_reason)
{
    struct run run;
    struct fault_list faults = {.arena = arena};
    struct buf text;

    run_prepare(&run, "postgres");
    run.profile.owner = "nobody_at_all";
    buf_init(&text, 1 << 20);
    run_ok(&run, stage_check(&run.request, arena, &faults, &text, &run.err));
    ck_assert_uint_eq(faults.count, 2); /* the maintenance database, the owner */
    ck_assert(strstr(buf_text(&text), "pg_dump") != NULL);
    buf_release(&text);
    run_close(&run);
}
END_TEST

START_TEST(leftovers_with_our_mark_go_and_no_others)
{
    struct run run;
    struct mark mark = {.run = "dead", .target = "tidy", .state = MARK_NEW};
    struct mark other = {.run = "dead", .target = "untidy", .state = MARK_NEW};
    struct buf text;

    buf_init(&text, 1 << 16);
    ck_assert(mark_write(&mark, &text));
    case_run("target", NULL, "CREATE DATABASE tidy__new_dead");
    case_run("target", NULL,
             arena_printf(arena, "COMMENT ON DATABASE tidy__new_dead IS '%s'", buf_text(&text)));
    buf_reset(&text);
    ck_assert(mark_write(&other, &text));
    case_run("target", NULL, "CREATE DATABASE tidy__new_other");
    case_run("target", NULL,
             arena_printf(arena, "COMMENT ON DATABASE tidy__new_other IS '%s'", buf_text(&text)));
    case_run("target", NULL, "CREATE DATABASE tidy__new_bare");
    /* of a run that was killed before it could mark it; the other holds something */
    case_run("target", NULL, "CREATE DATABASE tidy__new_00000000000000aa");
    case_run("target", NULL, "CREATE DATABASE tidy__new_00000000000000bb");
    case_run("target", "tidy__new_00000000000000bb", "CREATE TABLE kept (id int)");
    buf_release(&text);
    run_prepare(&run, "tidy");
    run_ok(&run, run_open(&run));
    run_ok(&run, stage_create(run.stage, &run.err));
    ck_assert(!case_has_database("tidy__new_dead"));
    ck_assert(case_has_database("tidy__new_other"));
    ck_assert(case_has_database("tidy__new_bare"));
    ck_assert(!case_has_database("tidy__new_00000000000000aa"));
    ck_assert(case_has_database("tidy__new_00000000000000bb"));
    ck_assert_uint_eq(run.binding.warning_count, 2);
    const char *made = stage_database(run.stage);
    ck_assert(case_has_database(made));
    stage_discard(run.stage);
    ck_assert(!case_has_database(made));
    run_close(&run);
}
END_TEST

START_TEST(a_mark_under_a_name_we_never_gave_is_nobodys)
{
    static const char *const marks[] = {
        "{\"understudy\":1,\"state\":\"new\",\"run\":\"dead\",\"target\":\"forged\"}",
        "{\"understudy\":1,\"state\":\"old\",\"run\":\"dead\",\"target\":\"forged\"}",
        "{\"understudy\":1,\"state\":\"old\",\"run\":\"dead\",\"target\":\"forged\",\"retired_us\":"
        "-9}",
        "{\"understudy\":1,\"state\":\"new\",\"run\":\"a run of more than sixteen bytes, and "
        "more\","
        "\"target\":\"forged\"}"};
    struct run run;

    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        case_run("target", NULL, arena_printf(arena, "CREATE DATABASE treasure%zu", i));
        case_run("target", NULL,
                 arena_printf(arena, "COMMENT ON DATABASE treasure%zu IS '%s'", i, marks[i]));
    }
    run_prepare(&run, "forged");
    run.options.generations = 0;
    run_ok(&run, run_open(&run));
    run_ok(&run, stage_create(run.stage, &run.err));
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        ck_assert(case_has_database(arena_printf(arena, "treasure%zu", i)));
    run_discard(&run);
}
END_TEST

START_TEST(a_database_that_bears_another_ones_mark_is_not_replaced)
{
    struct run run;

    case_run("target", NULL, "CREATE DATABASE moved");
    case_run("target", NULL,
             "COMMENT ON DATABASE moved IS '{\"understudy\":1,\"state\":\"current\","
             "\"run\":\"dead\",\"target\":\"staging\"}'");
    case_run("target", "moved", "CREATE TABLE precious (id int)");
    run_prepare(&run, "moved");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "neither empty nor made by", "--adopt 'moved'");
    run_close(&run);
}
END_TEST

static size_t warnings_of(const char *name, const char *key, int64_t epoch)
{
    struct run run;

    run_prepare(&run, name);
    run.request.key_fingerprint = key;
    run.profile.epoch = epoch;
    run_ok(&run, run_open(&run));
    size_t count = run.binding.warning_count;
    run_close(&run);
    return count;
}

START_TEST(another_key_or_epoch_than_last_time_is_said)
{
    const char *sql = "SELECT (shobj_description(oid, 'pg_database')::json)->>'key'"
                      " FROM pg_database WHERE datname = 'keyed'";

    run_whole("keyed", "one");
    const char *key = case_ask("target", NULL, sql);
    ck_assert_uint_eq(warnings_of("keyed", key, 1), 0);
    ck_assert_uint_eq(warnings_of("keyed", key, 2), 1);
    ck_assert_uint_eq(warnings_of("keyed", "0011223344556677", 1), 1);
}
END_TEST

START_TEST(a_locale_that_the_target_lacks_becomes_its_default_and_is_listed)
{
    struct run run;
    struct db_config config = {
        .side = DB_SOURCE, .engine = ENGINE_POSTGRESQL, .url = case_url("source", "odd_locale")};
    struct db *odd;

    run_prepare(&run, "foreign_locale");
    case_run("source", NULL, "CREATE DATABASE odd_locale");
    run_ok(&run, db_open(&config, arena, &odd, &run.err));
    /* From here on nobody new can enter it. */
    case_run("source", "odd_locale",
             "UPDATE pg_database SET datcollate = 'xx_YY.UTF-8' WHERE datname = 'odd_locale'");
    run.request.source_db = odd;
    run_ok(&run, run_open(&run));
    run_ok(&run, stage_create(run.stage, &run.err));
    ck_assert(run_skipped(&run, "locale 'xx_YY.UTF-8'", "its default is used"));
    stage_discard(run.stage);
    db_close(odd);
    run_close(&run);
}
END_TEST

void case_add_target(Suite *suite)
{
    TCase *tcase = case_new(suite, "target");

    tcase_add_test(tcase, an_empty_database_may_be_replaced);
    tcase_add_test(tcase, the_sources_server_needs_a_reason);
    tcase_add_test(tcase, a_copy_of_the_sources_server_needs_a_reason);
    tcase_add_test(tcase, a_missing_privilege_is_named_with_its_remedy);
    tcase_add_test(tcase, check_says_every_reason);
    tcase_add_test(tcase, leftovers_with_our_mark_go_and_no_others);
    tcase_add_test(tcase, a_mark_under_a_name_we_never_gave_is_nobodys);
    tcase_add_test(tcase, a_database_that_bears_another_ones_mark_is_not_replaced);
    tcase_add_test(tcase, another_key_or_epoch_than_last_time_is_said);
    tcase_add_test(tcase, a_locale_that_the_target_lacks_becomes_its_default_and_is_listed);
}
