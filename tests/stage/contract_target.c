/* Which targets every engine refuses. */
#include "case.h"

START_TEST(a_target_that_is_not_staging_is_refused_until_it_is_named_again)
{
    struct run run;

    case_run("target", NULL, "CREATE DATABASE precious");
    case_run("target", "precious", "CREATE TABLE precious (id int)");
    run_prepare(&run, "precious");
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "neither empty nor made by", "--adopt 'precious'");
    run.options.adopt = "precious2";
    ck_assert(!run_open(&run));
    run.options.adopt = "precious";
    run_ok(&run, run_open(&run));
    run_close(&run);
}
END_TEST

START_TEST(the_source_itself_is_refused_even_with_a_reason)
{
    struct run run;

    run_prepare_url(&run, case_url("source", "shop"));
    run.profile.same_server = "a reason";
    run.profile.restored_from_source = "a reason";
    run.options.adopt = "shop";
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "is the source itself", "");
    run_close(&run);
}
END_TEST

START_TEST(two_runs_at_once_are_one_too_many)
{
    struct run first, second;

    run_prepare(&first, "contested");
    run_ok(&first, run_open(&first));
    const char *holder = arena_printf(arena, "run %s holds", first.request.run);
    run_prepare(&second, "contested");
    ck_assert(!run_open(&second));
    run_failed(&second, STATUS_TARGET, holder, "--lock-wait");
    /* another entrance is no way around */
    second.profile.maintenance_db = case_other_entrance;
    ck_assert(!run_open(&second));
    run_failed(&second, STATUS_TARGET, holder, "--lock-wait");
    run_close(&first);
    second.options.lock_wait_us = 10000000;
    run_ok(&second, run_open(&second));
    run_close(&second);
}
END_TEST

START_TEST(mode_empty_fills_what_is_there_and_empty)
{
    struct run run;

    run_prepare(&run, "vessel");
    run.profile.mode = MODE_EMPTY;
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_TARGET, "does not exist", "");
    case_run("target", NULL, "CREATE DATABASE vessel");
    run_schema(&run);
    ck_assert_str_eq(stage_database(run.stage), "vessel");
    run_rows(&run, case_rows_of("x"));
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    run_close(&run);
    ck_assert_str_eq(case_ask("target", "vessel", "SELECT name FROM customers"), "x");
    ck_assert_str_eq(case_state("vessel"), "current");
    run_prepare(&run, "vessel");
    run.profile.mode = MODE_EMPTY;
    ck_assert(!run_open(&run));
    run_failed(&run, STATUS_POLICY, "is not empty", "");
    run_close(&run);
}
END_TEST

void case_add_contract_target(Suite *suite)
{
    TCase *tcase = case_new(suite, "contract of targets");

    tcase_add_test(tcase, a_target_that_is_not_staging_is_refused_until_it_is_named_again);
    tcase_add_test(tcase, the_source_itself_is_refused_even_with_a_reason);
    tcase_add_test(tcase, two_runs_at_once_are_one_too_many);
    tcase_add_test(tcase, mode_empty_fills_what_is_there_and_empty);
}
