/* Which targets are refused, and what runs that died leave. */
#include "my_case.h"
#include <string.h>

START_TEST(a_schema_with_nothing_but_a_routine_is_not_empty)
{
    struct run run;

    case_run("target", NULL, "CREATE DATABASE blank");
    run_prepare(&run, "blank");
    run_ok(&run, run_open(&run));
    stage_close(run.stage);
    case_run("target", "blank", "CREATE PROCEDURE p () SELECT 1");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "neither empty nor made by", "");
    run_close(&run);
}
END_TEST

START_TEST(a_mark_that_came_along_with_a_dump_counts_for_nothing)
{
    struct run run;

    run_whole("origin", "one");
    case_run("target", NULL,
             "CREATE DATABASE copied; CREATE TABLE copied.understudy_mark AS SELECT"
             " * FROM origin.understudy_mark");
    run_prepare(&run, "copied");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "neither empty nor made by", "");
    run_close(&run);
}
END_TEST

START_TEST(the_sources_own_server_needs_a_reason_and_gets_no_body_that_names_it)
{
    struct run run;

    run_prepare_url(&run, case_url("source", "staging"));
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "on the source's own server", "target.same_server");
    run.profile.same_server = "a reason";
    run_schema(&run);
    run_rest(&run);
    ck_assert(run_skipped(&run, "function names_it", "production's schema"));
    ck_assert_str_eq(case_ask("source", NULL,
                              arena_printf(arena,
                                           "SELECT count(*) FROM information_schema.routines WHERE"
                                           " routine_schema = '%s' AND routine_name = 'names_it'",
                                           stage_database(run.stage))),
                     "0");
    run_discard(&run);
    ck_assert_str_eq(case_ask("source", "shop", "SELECT name FROM customers"), "production");
}
END_TEST

START_TEST(a_server_of_the_other_kind_or_older_is_refused)
{
    struct db_info source;
    struct run run;

    run_prepare(&run, "kinds");
    source = *run.request.source;
    source.is_mariadb = !source.is_mariadb;
    run.request.source = &source;
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "the source is", "both sides");
    source.is_mariadb = !source.is_mariadb;
    source.version_number += 100;
    source.version = "99.9";
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "older than the source's 99.9", "");
    run_close(&run);
}
END_TEST

static const char *url_of(const char *user, const char *database)
{
    return arena_printf(arena, "mysql://%s@%s", user,
                        strchr(case_url("target", database), '@') + 1);
}

START_TEST(a_missing_privilege_is_named_with_its_grant)
{
    struct run run;

    case_run("target", NULL, "GRANT ALL ON humble.* TO plain");
    run_prepare_url(&run, url_of("plain", "humble"));
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "humble__new_", "GRANT ALL PRIVILEGES ON `humble\\_\\_%`.* TO");
    case_run("target", NULL, "GRANT ALL ON `humble\\_\\_%`.* TO plain");
    run_ok(&run, run_open(&run));
    stage_close(run.stage);
    case_run("target", NULL, "REVOKE TRIGGER ON humble.* FROM plain");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "lacks on schema 'humble': TRIGGER",
               "ON `humble`.* TO `plain`");
    case_run("target", NULL, "REVOKE ALL ON humble.* FROM plain");
    case_run("target", NULL, "REVOKE ALL ON `humble\\_\\_%`.* FROM plain");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "", "; GRANT ALL PRIVILEGES ON `humble\\_\\_%`.* TO");
    run_close(&run);
}
END_TEST

START_TEST(a_mark_that_may_not_be_read_is_told_with_its_grant)
{
    struct run run;

    case_run("target", NULL,
             "CREATE DATABASE veiled; CREATE TABLE veiled.understudy_mark (id int, mark longtext);"
             " GRANT INSERT ON veiled.* TO plain");
    run_prepare_url(&run, url_of("plain", "veiled"));
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "lacks on schema 'veiled': SELECT", "ON `veiled`.* TO `plain`");
    run_close(&run);
}
END_TEST

START_TEST(an_account_with_rights_on_its_schemas_alone_can_do_it_all)
{
    struct run run;

    case_run("target", NULL, "GRANT ALL ON `modest%`.* TO stager");
    for (int i = 0; i < 2; i++) {
        run_prepare_url(&run, url_of("stager", "modest"));
        run_schema(&run);
        run_rows(&run, "INSERT INTO customers VALUES (1, 'modest', NULL)");
        run_rest(&run);
        run_ok(&run, run_swap(&run));
        run_close(&run);
    }
    ck_assert_str_eq(case_ask("target", "modest", "SELECT name FROM customers"), "modest");
    ck_assert_str_eq(case_beside("modest"), "1");
}
END_TEST

START_TEST(a_mapped_definer_needs_the_right_to_set_it)
{
    static struct profile_pair roles[] = {{NULL, "root", "app"}};
    struct run run;

    case_run("target", NULL, "GRANT ALL ON `mapped%`.* TO stager");
    run_prepare_url(&run, url_of("stager", "mapped"));
    run.profile.roles = roles;
    run.profile.role_count = 1;
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "may not define", case_is_mariadb() ? "SET USER" : "DEFINER");
    run_close(&run);
}
END_TEST

START_TEST(what_the_profile_says_in_vain_is_refused)
{
    static struct profile_pair roles[] = {{NULL, "root", "nobody_at_all"}};
    struct run run;

    run_prepare(&run, "vain");
    run.profile.owner = "staging";
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_PROFILE, "target.owner means nothing on MySQL", "take it out");
    run.profile.owner = NULL;
    run.profile.roles = roles;
    run.profile.role_count = 1;
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "`nobody_at_all`, which is no account", "CREATE USER");
    run_close(&run);
}
END_TEST

START_TEST(a_read_only_server_takes_no_staging)
{
    struct run run;

    case_run("target", NULL, "GRANT ALL ON `closed%`.* TO stager; SET GLOBAL read_only = 1");
    run_prepare_url(&run, url_of("stager", "closed"));
    bool is_open = run_open(&run);
    case_run("target", NULL, "SET GLOBAL read_only = 0");
    ck_assert(!is_open);
    run_failed(&run, STATUS_TARGET, "read_only", "");
    run_close(&run);
}
END_TEST

START_TEST(another_schemas_reference_into_the_target_is_refused)
{
    struct run run;

    run_whole("referred", "one");
    case_run("target", NULL,
             "CREATE DATABASE outsider; CREATE TABLE outsider.o (id int, CONSTRAINT"
             " `inward` FOREIGN KEY (id) REFERENCES referred.customers (id))");
    run_prepare(&run, "referred");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "foreign key 'inward' of table 'outsider.o'", "drop it");
    case_run("target", NULL, "DROP DATABASE outsider");
    run_close(&run);
}
END_TEST

START_TEST(leftovers_of_dead_runs_go_and_nobody_elses)
{
    struct run dead, alive, next;

    run_prepare(&dead, "littered");
    run_schema(&dead);
    const char *left = arena_strdup(arena, stage_database(dead.stage));
    run_close(&dead);
    ck_assert(case_has_database(left));
    /* others': without a mark and not empty, and with the mark of another target */
    case_run("target", NULL,
             "CREATE DATABASE littered__new_0123456789abcdef;"
             " CREATE FUNCTION littered__new_0123456789abcdef.f() RETURNS int DETERMINISTIC"
             " NO SQL RETURN 1");
    /* of runs that were killed before they could mark them */
    case_run("target", NULL,
             "CREATE DATABASE littered__new_00000000000000aa;"
             "CREATE DATABASE littered__new_00000000000000bb;"
             " CREATE TABLE littered__new_00000000000000bb.understudy_mark (id int, mark text)");
    /* of one that died before it could move the old tables there; the other holds something */
    case_run("target", NULL,
             "CREATE DATABASE littered__old_20200102T000000;"
             "CREATE DATABASE littered__old_20200103T000000;"
             " CREATE TABLE littered__old_20200103T000000.kept (id int)");
    case_run("target", NULL,
             arena_printf(arena,
                          "CREATE DATABASE littered__old_20200101T000000; CREATE"
                          " TABLE littered__old_20200101T000000.understudy_mark AS"
                          " SELECT * FROM `%s`.understudy_mark",
                          left));
    run_prepare(&alive, "littered2");
    run_schema(&alive);
    run_prepare(&next, "littered");
    run_schema(&next);
    ck_assert(!case_has_database(left));
    ck_assert(case_has_database("littered__new_0123456789abcdef"));
    ck_assert(!case_has_database("littered__new_00000000000000aa"));
    ck_assert(!case_has_database("littered__new_00000000000000bb"));
    ck_assert(case_has_database("littered__old_20200101T000000"));
    ck_assert(!case_has_database("littered__old_20200102T000000"));
    ck_assert(case_has_database("littered__old_20200103T000000"));
    ck_assert(case_has_database(stage_database(alive.stage)));
    ck_assert(run_warned(&next, "'littered__new_0123456789abcdef' is named like"));
    stage_discard(next.stage);
    stage_discard(alive.stage);
    run_close(&next);
    run_close(&alive);
}
END_TEST

START_TEST(check_says_all_that_is_wrong_and_writes_nothing)
{
    struct fault_list faults = {.arena = arena};
    struct buf text;
    struct run run;

    case_run("target", NULL,
             "CREATE DATABASE wrong; CREATE TABLE wrong.t (id int); GRANT ALL ON"
             " wrong.* TO plain");
    run_prepare_url(&run, url_of("plain", "wrong"));
    buf_init(&text, 1 << 16);
    run_ok(&run, stage_check(&run.request, arena, &faults, &text, &run.err));
    ck_assert_uint_ge(faults.count, 2);
    ck_assert(strstr(buf_text(&text), "'wrong': not made by this program") != NULL);
    ck_assert_str_eq(case_beside("wrong"), "0");
    buf_release(&text);
    run_close(&run);
}
END_TEST

START_TEST(production_as_a_target_is_refused_once_and_for_that_alone)
{
    struct fault_list faults = {.arena = arena};
    struct buf text;
    struct run run;

    case_run("source", NULL, "CREATE USER IF NOT EXISTS plain");
    run_prepare_url(
        &run, arena_printf(arena, "mysql://plain@%s", strchr(case_url("source", "shop"), '@') + 1));
    buf_init(&text, 1 << 16);
    run_ok(&run, stage_check(&run.request, arena, &faults, &text, &run.err));
    ck_assert_uint_eq(faults.count, 1);
    ck_assert_int_eq(faults.errors[0].status, STATUS_POLICY);
    ck_assert(strstr(faults.errors[0].cause, "the source itself") != NULL);
    buf_release(&text);
    run_close(&run);
}
END_TEST

void case_add_target(Suite *suite)
{
    TCase *tcase = case_new(suite, "target");

    tcase_add_test(tcase, a_schema_with_nothing_but_a_routine_is_not_empty);
    tcase_add_test(tcase, a_mark_that_came_along_with_a_dump_counts_for_nothing);
    tcase_add_test(tcase, the_sources_own_server_needs_a_reason_and_gets_no_body_that_names_it);
    tcase_add_test(tcase, a_server_of_the_other_kind_or_older_is_refused);
    tcase_add_test(tcase, a_missing_privilege_is_named_with_its_grant);
    tcase_add_test(tcase, production_as_a_target_is_refused_once_and_for_that_alone);
    tcase_add_test(tcase, a_mark_that_may_not_be_read_is_told_with_its_grant);
    tcase_add_test(tcase, an_account_with_rights_on_its_schemas_alone_can_do_it_all);
    tcase_add_test(tcase, a_mapped_definer_needs_the_right_to_set_it);
    tcase_add_test(tcase, what_the_profile_says_in_vain_is_refused);
    tcase_add_test(tcase, a_read_only_server_takes_no_staging);
    tcase_add_test(tcase, another_schemas_reference_into_the_target_is_refused);
    tcase_add_test(tcase, leftovers_of_dead_runs_go_and_nobody_elses);
    tcase_add_test(tcase, check_says_all_that_is_wrong_and_writes_nothing);
}
