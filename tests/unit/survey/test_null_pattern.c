#include "fixture.h"
#include <check.h>

/* 2,000 rows of which two are rare. */
static void orders_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "paid_at", "timestamptz", 0);
    builder_column(trial->builder, "note", "text", 0);
    builder_column(trial->builder, "total", "numeric(12,2)", BUILD_NOT_NULL);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 2000; i++)
        trial_row(trial, trial_text(trial, "%d", i), i == 700 ? NULL : "2025-05-05 12:00:00+00",
                  i % 3 ? NULL : "please ring", "1.00");
}

START_TEST(a_combination_that_few_rows_have_is_told_by_what_differs)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_null_pattern, 1, 0);
    const struct stratum *stratum = trial_find(survey, "paid_at is NULL, unlike in most rows");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert(stratum->is_rare);
    ck_assert_uint_eq(stratum->rows, 1);
    ck_assert_uint_eq(stratum->wanted, 1);
    ck_assert_uint_eq(stratum->witness_count, 1);
    ck_assert(trial_has_witness(stratum, 700));
    ck_assert_ptr_null(stratum->masked);
    trial_end(&trial);
}
END_TEST

START_TEST(parts_and_orders_do_not_show)
{
    struct survey_trial trial;

    orders_make(&trial);
    trial_assert_order_free(&trial, &detector_null_pattern);
    trial_end(&trial);
}
END_TEST

START_TEST(a_rule_that_writes_null_masks_it)
{
    struct survey_trial trial;

    orders_make(&trial);
    trial_rule(&trial, "paid_at", PROPERTY_ALL & ~(unsigned)PROPERTY_NULLS);
    const struct survey *survey = trial_run(&trial, &detector_null_pattern, 2, 1);
    const struct stratum *stratum = trial_find(survey, "paid_at is NULL, unlike in most rows");
    ck_assert_ptr_nonnull(stratum);
    ck_assert_ptr_eq(stratum->masked, trial_column(&trial, "paid_at"));
    trial_end(&trial);
}
END_TEST

START_TEST(an_ignored_column_has_no_part_in_it)
{
    struct survey_trial trial;

    orders_make(&trial);
    trial_ignore(&trial, "paid_at");
    const struct survey *survey = trial_run(&trial, &detector_null_pattern, 2, 1);
    for (size_t i = 0; i < survey->stratum_count; i++)
        ck_assert_msg(!survey->strata[i].is_rare, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(more_combinations_than_are_counted_are_a_gap_in_every_order)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int4", 0);
    builder_primary(trial.builder, "id");
    for (int c = 0; c < 11; c++)
        builder_column(trial.builder, trial_text(&trial, "c%d", c), "bool", 0);
    for (int i = 0; i < 1100; i++) {
        const char *cells[12] = {trial_text(&trial, "%d", i)};
        for (int c = 0; c < 11; c++)
            cells[c + 1] = i >> c & 1 ? "t" : NULL;
        trial_add_row(&trial, cells, 12);
    }
    const struct survey *survey = trial_run(&trial, &detector_null_pattern, 1, 0);
    ck_assert(trial_has_gap(survey, NULL, "more combinations of NULLs"));
    ck_assert_uint_eq(survey->stratum_count, 0);
    trial_assert_order_free(&trial, &detector_null_pattern);
    trial_end(&trial);
}
END_TEST

START_TEST(columns_beyond_the_first_64_count_too)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int4", 0);
    builder_primary(trial.builder, "id");
    for (int c = 0; c < 70; c++)
        builder_column(trial.builder, trial_text(&trial, "c%d", c), "bool", 0);
    for (int i = 0; i < 200; i++) {
        const char *cells[71] = {trial_text(&trial, "%d", i)};
        for (int c = 0; c < 70; c++)
            cells[c + 1] = i == 50 && c == 68 ? NULL : "t";
        trial_add_row(&trial, cells, 71);
    }
    const struct survey *survey = trial_run(&trial, &detector_null_pattern, 3, 5);
    const struct stratum *stratum = trial_find(survey, "c68 is NULL, unlike in most rows");
    ck_assert_ptr_nonnull(stratum);
    ck_assert(trial_has_witness(stratum, 51));
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_null_pattern(void);

Suite *suite_survey_null_pattern(void)
{
    Suite *suite = suite_create("survey/null_pattern");
    TCase *tcase = tcase_create("null_pattern");

    tcase_add_test(tcase, a_combination_that_few_rows_have_is_told_by_what_differs);
    tcase_add_test(tcase, parts_and_orders_do_not_show);
    tcase_add_test(tcase, a_rule_that_writes_null_masks_it);
    tcase_add_test(tcase, an_ignored_column_has_no_part_in_it);
    tcase_add_test(tcase, more_combinations_than_are_counted_are_a_gap_in_every_order);
    tcase_add_test(tcase, columns_beyond_the_first_64_count_too);
    suite_add_tcase(suite, tcase);
    return suite;
}
