#include "told.h"

/* 3,000 lines: rare is what at most three have. */
static void lines_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "quantity", "int4", 0);
    builder_column(trial->builder, "total", "numeric(12,2)", 0);
    builder_column(trial->builder, "rate", "float8", 0);
    builder_column(trial->builder, "at", "timestamptz", 0);
    builder_column(trial->builder, "note", "text", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i == 77 ? "2147483647" : trial_text(trial, "%d", 1 + i % 4),
                  i == 5   ? "-1.00"
                  : i == 6 ? "0.00"
                           : trial_text(trial, "%d.50", 10 + i % 50),
                  i == 1   ? "NaN"
                  : i == 2 ? "Infinity"
                  : i == 3 ? "-Infinity"
                           : "0.5",
                  i == 9    ? "2038-01-19 00:00:00+00"
                  : i == 10 ? "infinity"
                            : trial_text(trial, "2024-03-%02d 10:00:00+00", 1 + i % 28),
                  i == 11 ? "a note that goes on" : "a note");
}

START_TEST(both_ends_of_a_column_are_told_where_few_rows_are_there)
{
    struct survey_trial trial;

    lines_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_extreme, 3, 1);
    assert_told(&trial, survey, "the greatest quantity", 1, 77);
    assert_untold(&trial, survey, "the least quantity"); /* 750 rows hold it */
    assert_told(&trial, survey, "the least total", 1, 5);
    assert_told(&trial, survey, "the latest at", 1, 9);
    assert_told(&trial, survey, "the longest note", 1, 11);
    assert_untold(&trial, survey, "the greatest rate"); /* a single number is none */
    trial_end(&trial);
}
END_TEST

START_TEST(zero_negative_infinite_and_future_values_are_told_where_they_are_rare)
{
    struct survey_trial trial;

    lines_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_extreme, 2, 2);
    assert_told(&trial, survey, "total is zero", 1, 6);
    assert_told(&trial, survey, "total is negative", 1, 5);
    assert_told(&trial, survey, "rate is not a number", 1, 1);
    assert_told(&trial, survey, "rate is infinite", 1, 2);
    assert_told(&trial, survey, "rate is infinite, and below everything", 1, 3);
    assert_told(&trial, survey, "at lies in the future", 1, 9);
    assert_told(&trial, survey, "at is infinite", 1, 10);
    trial_end(&trial);
}
END_TEST

START_TEST(keys_have_no_extremes)
{
    struct survey_trial trial;

    lines_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_extreme, 1, 0);
    assert_untold(&trial, survey, "the greatest id");
    assert_untold(&trial, survey, "the least id");
    trial_end(&trial);
}
END_TEST

START_TEST(a_rule_that_loses_magnitude_masks_the_end_but_not_the_sign)
{
    struct survey_trial trial;

    lines_make(&trial);
    trial_rule(&trial, "total", PROPERTY_NULLS | PROPERTY_SIGN);
    const struct survey *survey = trial_run(&trial, &detector_extreme, 1, 0);
    ck_assert_ptr_nonnull(assert_told(&trial, survey, "the least total", 1, 5)->masked);
    ck_assert_ptr_null(assert_told(&trial, survey, "total is negative", 1, 5)->masked);
    trial_end(&trial);
}
END_TEST

START_TEST(what_comes_next_to_the_end_is_told_together)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "number", "int4", 0);
    for (int i = 1; i <= 2000; i++)
        trial_row(&trial, i == 3 ? "90" : i == 4 ? "80" : i == 5 ? "70" : i == 6 ? "60" : "1");
    const struct survey *survey = trial_run(&trial, &detector_extreme, 3, 7);
    assert_told(&trial, survey, "the greatest number", 1, 3);
    const struct stratum *next = assert_told(&trial, survey, "next to the greatest number", 2, 4);
    ck_assert(trial_has_witness(next, 5) && !trial_has_witness(next, 6));
    trial_end(&trial);
}
END_TEST

START_TEST(extremes_in_any_order_are_the_same)
{
    struct survey_trial trial;

    lines_make(&trial);
    trial_assert_order_free(&trial, &detector_extreme);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_extremes(void);

Suite *suite_survey_extremes(void)
{
    Suite *suite = suite_create("survey/extremes");
    TCase *tcase = tcase_create("extremes");

    tcase_add_test(tcase, both_ends_of_a_column_are_told_where_few_rows_are_there);
    tcase_add_test(tcase, zero_negative_infinite_and_future_values_are_told_where_they_are_rare);
    tcase_add_test(tcase, keys_have_no_extremes);
    tcase_add_test(tcase, a_rule_that_loses_magnitude_masks_the_end_but_not_the_sign);
    tcase_add_test(tcase, what_comes_next_to_the_end_is_told_together);
    tcase_add_test(tcase, extremes_in_any_order_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
