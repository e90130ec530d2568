/* Interruption, deadline, phases and progress. */
#include "base/clock.h"
#include "run/control.h"
#include <check.h>

static struct control control;
static struct control_progress last;
static unsigned shown;

static void show(void *context, const struct control_progress *progress)
{
    ck_assert_ptr_eq(context, &control);
    last = *progress;
    shown++;
}

static void begin(void)
{
    control_init(&control);
    control.progress = show;
    control.progress_context = &control;
    shown = 0;
}

START_TEST(a_fresh_run_is_not_interrupted)
{
    ck_assert(!control_is_interrupted(&control));
}
END_TEST

START_TEST(a_signal_interrupts_and_says_so)
{
    struct error err = {0};

    control_interrupt(&control);
    ck_assert(control_is_interrupted(&control));
    ck_assert(!control_error(&control, &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
    ck_assert_ptr_nonnull(strstr(err.cause, "signal"));
}
END_TEST

START_TEST(a_deadline_interrupts_and_says_so)
{
    struct error err = {0};

    control.deadline = clock_monotonic() + 3600;
    ck_assert(!control_is_interrupted(&control));
    control.deadline = clock_monotonic();
    ck_assert(control_is_interrupted(&control));
    ck_assert(!control_error(&control, &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
    ck_assert_ptr_nonnull(strstr(err.cause, "deadline"));
}
END_TEST

START_TEST(a_new_phase_ends_the_one_before_and_counts_anew)
{
    control_phase(&control, "choose", 0);
    control_add(&control, 7, 70);
    control_phase(&control, "copy", 100);
    ck_assert_uint_eq(control.phase_count, 1);
    ck_assert_str_eq(control.phases[0].name, "choose");
    ck_assert_uint_eq(control.phases[0].rows, 7);
    ck_assert_uint_eq(last.rows, 0);
    ck_assert_uint_eq(last.rows_total, 100);
    control_phase_end(&control);
    ck_assert_uint_eq(control.phase_count, 2);
    ck_assert(last.is_done);
}
END_TEST

START_TEST(nothing_is_shown_outside_of_phases)
{
    control_show(&control, false);
    control_phase_end(&control);
    ck_assert_uint_eq(shown, 0);
    ck_assert_uint_eq(control.phase_count, 0);
}
END_TEST

START_TEST(more_phases_than_there_is_room_for_are_harmless)
{
    for (int i = 0; i < CONTROL_PHASES_MAX + 5; i++)
        control_phase(&control, "x", 0);
    control_phase_end(&control);
    ck_assert_uint_eq(control.phase_count, CONTROL_PHASES_MAX);
}
END_TEST

Suite *suite_run_control(void);
Suite *suite_run_control(void)
{
    Suite *suite = suite_create("run/control");
    TCase *cases = tcase_create("control");

    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, a_fresh_run_is_not_interrupted);
    tcase_add_test(cases, a_signal_interrupts_and_says_so);
    tcase_add_test(cases, a_deadline_interrupts_and_says_so);
    tcase_add_test(cases, a_new_phase_ends_the_one_before_and_counts_anew);
    tcase_add_test(cases, nothing_is_shown_outside_of_phases);
    tcase_add_test(cases, more_phases_than_there_is_room_for_are_harmless);
    suite_add_tcase(suite, cases);
    return suite;
}
