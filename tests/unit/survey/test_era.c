#include "told.h"

/* 4,000 customers of ten years; since 2015 nearly all have a locale and a plan of their time. Rare
 * is what at most four have. */
static void customers_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "created_at", "timestamptz", BUILD_NOT_NULL);
    builder_column(trial->builder, "locale", "text", 0);
    builder_column(trial->builder, "plan", "text", BUILD_NOT_NULL);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 4000; i++) {
        int year = 2010 + i % 10;
        bool is_old = year < 2015;
        const char *at = i == 100   ? "2003-12-31 23:59:59.999999+00"
                         : i == 200 ? "2004-01-01 00:00:00+00"
                         : i == 400 ? "1959-12-31 12:00:00+00"
                         : i == 300 ? "1500-01-01 00:00:00+00"
                                    : trial_text(trial, "%d-06-0%d 07:11:13+00", year, 1 + i % 9);
        trial_row(trial, trial_text(trial, "%d", i), at, is_old || i == 1237 ? NULL : "de_DE",
                  i == 2479 ? "classic"
                  : is_old  ? "classic"
                            : "modern");
    }
}

START_TEST(years_that_few_rows_have_are_told)
{
    struct survey_trial trial;

    customers_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_era, 3, 1);
    assert_told(&trial, survey, "created_at lies in 2003", 1, 100);
    assert_told(&trial, survey, "created_at lies in 2004", 1, 200);
    assert_told(&trial, survey, "created_at lies in 1959", 1, 400);
    assert_told(&trial, survey, "created_at lies before 1851", 1, 300);
    assert_untold(&trial, survey, "created_at lies in 2012");
    trial_end(&trial);
}
END_TEST

START_TEST(what_is_common_in_other_years_only_is_told)
{
    struct survey_trial trial;

    customers_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_era, 4, 2);
    assert_told(&trial, survey, "locale is NULL, unlike in other years: created_at in 2017", 1,
                1237);
    assert_told(&trial, survey, "plan is classic, unlike in other years: created_at in 2019", 1,
                2479);
    ck_assert_msg(survey->stratum_count == 6, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(years_of_a_changed_column_are_not_named)
{
    struct survey_trial trial;

    customers_make(&trial);
    trial_rule(&trial, "created_at", PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_ORDER);
    const struct survey *survey = trial_run(&trial, &detector_era, 2, 3);
    const struct stratum *first =
        assert_told(&trial, survey, "created_at lies in a year that few rows have (1)", 1, 300);
    ck_assert_ptr_null(first->masked);
    assert_told(&trial, survey, "created_at lies in a year that few rows have (4)", 1, 200);
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "2003"));
    trial_end(&trial);
}
END_TEST

START_TEST(many_rare_years_are_told_from_both_ends)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "born", "date", 0);
    for (int i = 1; i <= 40000; i++)
        trial_row(&trial, i > 30 ? "2020-05-05" : trial_text(&trial, "%d-05-05", 1900 + i));
    const struct survey *survey = trial_run(&trial, &detector_era, 3, 1);
    assert_told(&trial, survey, "born lies in 1912", 1, 12);
    assert_told(&trial, survey, "born lies in 1919", 1, 19);
    assert_told(&trial, survey, "born lies in 1930", 1, 30);
    assert_untold(&trial, survey, "born lies in 1913");
    const struct stratum *rest = trial_find(survey, "born lies in another year that few rows have");
    ck_assert(rest && rest->rows == 6 && rest->witness_count == 5);
    trial_end(&trial);
}
END_TEST

START_TEST(a_column_that_overflows_breaks_by_class_in_every_order)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "created_at", "date", BUILD_NOT_NULL);
    builder_column(trial.builder, "balance", "int4", BUILD_NOT_NULL);
    builder_primary(trial.builder, "id");
    for (int i = 1; i <= 4000; i++) {
        bool is_old = i % 2 == 0;
        trial_row(&trial, trial_text(&trial, "%d", i), is_old ? "2010-01-01" : "2020-01-01",
                  trial_text(&trial, "%d", is_old || i == 1 ? -1 - i % 200 : i % 200));
    }
    const struct survey *survey = trial_run(&trial, &detector_era, 3, 1);
    assert_told(&trial, survey, "balance is negative, unlike in other years: created_at in 2020", 1,
                1);
    trial_assert_order_free(&trial, &detector_era);
    trial_end(&trial);
}
END_TEST

START_TEST(eras_in_any_order_are_the_same)
{
    struct survey_trial trial;

    customers_make(&trial);
    trial_assert_order_free(&trial, &detector_era);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_era(void);

Suite *suite_survey_era(void)
{
    Suite *suite = suite_create("survey/era");
    TCase *tcase = tcase_create("era");

    tcase_add_test(tcase, years_that_few_rows_have_are_told);
    tcase_add_test(tcase, what_is_common_in_other_years_only_is_told);
    tcase_add_test(tcase, years_of_a_changed_column_are_not_named);
    tcase_add_test(tcase, many_rare_years_are_told_from_both_ends);
    tcase_add_test(tcase, a_column_that_overflows_breaks_by_class_in_every_order);
    tcase_add_test(tcase, eras_in_any_order_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
