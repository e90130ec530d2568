/* What a limit on people found again answers. */
#include "verify/privacy.h"

#include <check.h>
#include <string.h>

Suite *suite_verify_privacy(void);

static struct privacy privacy;
static struct privacy_attack attack;
static struct error err;

/* `found` by who knows `known` times. */
static void begin(double found, size_t known)
{
    err = (struct error){0};
    attack = (struct privacy_attack){
        .question = {LINKAGE_BAYES, known},
        .result = {.targets = 10, .candidates = 20, .found = found},
    };
    privacy = (struct privacy){.is_measured = true, .way = GATHER_WARP, .worst = &attack};
}

static bool is_kept(double limit)
{
    const struct privacy_config config = {.max_reidentified = limit};

    return privacy_limit(&config, &privacy, &err);
}

START_TEST(a_limit_holds_up_to_itself)
{
    begin(0.2, 4);
    ck_assert(is_kept(0.2));
    begin(0.21, 4);
    ck_assert(!is_kept(0.2));
    ck_assert_int_eq(err.status, STATUS_VERIFICATION);
    ck_assert_ptr_nonnull(strstr(err.cause, "knows 4 times of a person finds 21.0 %"));
    begin(1, 4);
    ck_assert(is_kept(-1));
}
END_TEST

START_TEST(one_time_that_finds_somebody_is_enough)
{
    begin(1, 1);
    privacy.way = GATHER_EXACT;
    ck_assert(!is_kept(0.2));
    ck_assert_ptr_nonnull(strstr(err.cause, "knows 1 time of"));
    ck_assert_ptr_nonnull(strstr(err.cause, "by times that are kept"));
}
END_TEST

START_TEST(times_that_were_not_attacked_break_a_limit)
{
    begin(0, 4);
    privacy.blind = "times are kept inside arrays or ranges";
    privacy.hint = "shift them";
    ck_assert(!is_kept(0.2));
    ck_assert_int_eq(err.status, STATUS_VERIFICATION);
    ck_assert_ptr_nonnull(strstr(err.cause, "times are kept inside arrays or ranges"));
    ck_assert_ptr_nonnull(strstr(err.hint, "shift them"));
    err = (struct error){0};
    ck_assert(is_kept(-1));
}
END_TEST

START_TEST(without_times_of_subjects_a_limit_is_kept)
{
    begin(0, 4);
    privacy = (struct privacy){.why = "no times of subjects are in staging"};
    ck_assert(is_kept(0));
}
END_TEST

START_TEST(time_that_ended_before_four_were_known_breaks_a_limit)
{
    begin(0, 2);
    privacy.is_out_of_time = true;
    ck_assert(!is_kept(0.2));
    ck_assert_ptr_nonnull(strstr(err.cause, "time ended"));
    begin(0, 4);
    privacy.is_out_of_time = true;
    ck_assert(is_kept(0.2));
}
END_TEST

Suite *suite_verify_privacy(void)
{
    Suite *suite = suite_create("verify/privacy");
    TCase *tcase = tcase_create("limit");

    tcase_add_test(tcase, a_limit_holds_up_to_itself);
    tcase_add_test(tcase, one_time_that_finds_somebody_is_enough);
    tcase_add_test(tcase, times_that_were_not_attacked_break_a_limit);
    tcase_add_test(tcase, without_times_of_subjects_a_limit_is_kept);
    tcase_add_test(tcase, time_that_ended_before_four_were_known_breaks_a_limit);
    suite_add_tcase(suite, tcase);
    return suite;
}
