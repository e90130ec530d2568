#include "told.h"

/* 3,000 orders, shipped within hours; rare is what at most three have. */
static void orders_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "ordered", "timestamptz", 0);
    builder_column(trial->builder, "shipped", "timestamptz", 0);
    builder_column(trial->builder, "price", "numeric(12,2)", 0);
    builder_column(trial->builder, "paid", "numeric(12,2)", 0);
    builder_column(trial->builder, "quantity", "int4", 0);
    builder_column(trial->builder, "tax_rate", "numeric(10,4)", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++) {
        int day = 1 + i % 28;
        const char *shipped = i == 1   ? trial_text(trial, "2024-03-%02d 09:59:59.5+00", day)
                              : i == 2 ? trial_text(trial, "2026-07-%02d 10:00:00+00", day)
                              : i == 3 ? trial_text(trial, "2024-03-%02d 10:00:00+00", day)
                              : i == 4 ? NULL
                              : i == 5 ? "infinity"
                              : i == 6 ? trial_text(trial, "2024-03-%02d 10:00:07+00", day)
                                       : trial_text(trial, "2024-03-%02d 12:00:00+00", day);
        trial_row(trial, trial_text(trial, "%d", i),
                  trial_text(trial, "2024-03-%02d 10:00:00+00", day), shipped, "20.00",
                  i == 8   ? "20000.00"
                  : i == 9 ? "19.99"
                           : "20.00",
                  i == 10 ? "21" : "3", i == 11 ? "7000.0000" : "0.1900");
    }
}

START_TEST(the_rare_order_of_two_times_is_told)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_difference, 3, 1);
    const struct stratum *before =
        assert_told(&trial, survey, "shipped comes before ordered", 1, 1);
    ck_assert_uint_eq(before->column_count, 2);
    assert_told(&trial, survey, "shipped equals ordered", 1, 3);
    trial_end(&trial);
}
END_TEST

START_TEST(rare_distances_are_told_by_their_class)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_difference, 2, 2);
    assert_told(&trial, survey, "shipped is 512 to 1024 days after ordered", 1, 2);
    assert_told(&trial, survey, "shipped is 5 seconds to 10 seconds after ordered", 1, 6);
    assert_told(&trial, survey, "shipped is farthest after ordered", 1, 2);
    assert_untold(&trial, survey, "shipped is 2 hours to 4 hours after ordered");
    trial_end(&trial);
}
END_TEST

START_TEST(amounts_of_one_scale_are_compared_and_others_are_not)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_difference, 3, 3);
    assert_told(&trial, survey, "paid is above price", 1, 8);
    assert_told(&trial, survey, "paid is below price", 1, 9);
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "quantity"));
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "tax_rate"));
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "(id"));
    trial_end(&trial);
}
END_TEST

START_TEST(infinite_and_missing_times_have_no_difference)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_difference, 1, 0);
    for (size_t i = 0; i < survey->stratum_count; i++)
        ck_assert(!trial_has_witness(&survey->strata[i], 4) &&
                  !trial_has_witness(&survey->strata[i], 5));
    trial_end(&trial);
}
END_TEST

START_TEST(what_the_profile_names_is_compared)
{
    struct survey_trial trial;
    struct bound_difference difference;

    orders_make(&trial);
    trial_bind(&trial);
    difference =
        (struct bound_difference){trial_column(&trial, "quantity"), trial_column(&trial, "price")};
    trial.binding.tails.difference_count = 1;
    trial.binding.tails.differences = &difference;
    const struct survey *survey = trial_run(&trial, &detector_difference, 2, 1);
    assert_told(&trial, survey, "quantity is above price", 1, 10);
    assert_told(&trial, survey, "paid is above price", 1, 8);
    trial_end(&trial);
}
END_TEST

START_TEST(more_pairs_than_are_compared_are_a_gap)
{
    struct survey_trial trial;

    trial_begin(&trial);
    for (int c = 0; c < 12; c++)
        builder_column(trial.builder, trial_text(&trial, "c%d", c), "date", 0);
    for (int i = 0; i < 20; i++) {
        const char *cells[12];
        for (int c = 0; c < 12; c++)
            cells[c] = "2024-01-01";
        trial_add_row(&trial, cells, 12);
    }
    const struct survey *survey = trial_run(&trial, &detector_difference, 1, 0);
    ck_assert(trial_has_gap(survey, NULL, "more than 64 pairs of times and amounts"));
    trial_end(&trial);
}
END_TEST

START_TEST(differences_in_any_order_are_the_same)
{
    struct survey_trial trial;

    orders_make(&trial);
    trial_assert_order_free(&trial, &detector_difference);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_difference(void);

Suite *suite_survey_difference(void)
{
    Suite *suite = suite_create("survey/difference");
    TCase *tcase = tcase_create("difference");

    tcase_add_test(tcase, the_rare_order_of_two_times_is_told);
    tcase_add_test(tcase, rare_distances_are_told_by_their_class);
    tcase_add_test(tcase, amounts_of_one_scale_are_compared_and_others_are_not);
    tcase_add_test(tcase, infinite_and_missing_times_have_no_difference);
    tcase_add_test(tcase, what_the_profile_names_is_compared);
    tcase_add_test(tcase, more_pairs_than_are_compared_are_a_gap);
    tcase_add_test(tcase, differences_in_any_order_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
