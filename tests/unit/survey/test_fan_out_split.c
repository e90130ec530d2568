#include "fixture.h"
#include <check.h>

/* 1,000 customers with one to four payment methods each, one of which is the default; two have two
 * defaults, one has three. */
static void methods_make(struct survey_trial *trial)
{
    int id = 1;

    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "customer_id", "int8", 0);
    builder_column(trial->builder, "is_default", "bool", 0);
    builder_column(trial->builder, "brand", "text", 0);
    builder_primary(trial->builder, "id");
    builder_table(trial->builder, "public", "customers");
    builder_column(trial->builder, "id", "int8", BUILD_NOT_NULL);
    builder_primary(trial->builder, "id");
    builder_edge(trial->builder, "t", "customer_id", "customers", "id");
    for (int customer = 1; customer <= 1000; customer++)
        for (int method = 0; method <= customer % 4; method++, id++) {
            const int defaults = customer == 303 ? 3 : customer == 402 || customer == 803 ? 2 : 1;
            trial_row(trial, trial_text(trial, "%d", id), trial_text(trial, "%d", customer),
                      method < defaults ? "t" : "f", id % 3 ? "visa" : "amex");
        }
}

START_TEST(a_second_default_of_one_parent_is_told_with_the_first)
{
    struct survey_trial trial;

    methods_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_fan_out_split, 3, 1);
    const struct stratum *stratum =
        trial_find(survey, "most rows with is_default = true for one row of customers");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert_str_eq(stratum->kind, "fan_out");
    ck_assert_ptr_nonnull(stratum->edge);
    ck_assert_uint_eq(stratum->rows, 3);
    ck_assert_uint_eq(stratum->witness_count, 3);
    stratum = trial_find(survey, "several rows with is_default = true for one row of customers, "
                                 "number 2");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert_uint_eq(stratum->rows, 2);
    ck_assert_uint_eq(stratum->witness_count, 2);
    trial_end(&trial);
}
END_TEST

START_TEST(values_that_parents_often_have_twice_are_left_out)
{
    struct survey_trial trial;

    methods_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_fan_out_split, 1, 0);
    for (size_t i = 0; i < survey->stratum_count; i++)
        ck_assert_msg(strstr(survey->strata[i].describe, "is_default = true") != NULL, "%s",
                      survey->strata[i].describe);
    ck_assert_uint_eq(survey->stratum_count, 2);
    trial_end(&trial);
}
END_TEST

/* Parents with one child each, but for two. */
START_TEST(what_parents_tell_without_the_column_is_left_out)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "customer_id", "int8", 0);
    builder_column(trial.builder, "is_open", "bool", 0);
    builder_primary(trial.builder, "id");
    builder_table(trial.builder, "public", "customers");
    builder_column(trial.builder, "id", "int8", BUILD_NOT_NULL);
    builder_primary(trial.builder, "id");
    builder_edge(trial.builder, "t", "customer_id", "customers", "id");
    for (int i = 1; i <= 1000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i), trial_text(&trial, "%d", i < 3 ? 7 : i),
                  "t");
    const struct survey *survey = trial_run(&trial, &detector_fan_out_split, 1, 0);
    ck_assert_msg(survey->stratum_count == 0, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

/* A thirtieth of all children, whoever their parents are. */
START_TEST(of_a_value_that_comes_twice_by_chance_only_the_greatest_is_told)
{
    struct survey_trial trial;
    uint64_t random = 1;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "customer_id", "int8", 0);
    builder_column(trial.builder, "status", "text", 0);
    builder_primary(trial.builder, "id");
    builder_table(trial.builder, "public", "customers");
    builder_column(trial.builder, "id", "int8", BUILD_NOT_NULL);
    builder_primary(trial.builder, "id");
    builder_edge(trial.builder, "t", "customer_id", "customers", "id");
    for (int i = 1; i <= 6000; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        trial_row(&trial, trial_text(&trial, "%d", i), trial_text(&trial, "%d", i % 1000),
                  (random >> 33) % 30 == 0 ? "failed" : "paid");
    }
    const struct survey *survey = trial_run(&trial, &detector_fan_out_split, 1, 0);
    ck_assert_msg(survey->stratum_count == 1, "%s", trial_print(&trial, survey));
    ck_assert_str_eq(survey->strata[0].describe,
                     "most rows with status = 'failed' for one row of customers");
    trial_end(&trial);
}
END_TEST

START_TEST(parts_and_orders_do_not_show)
{
    struct survey_trial trial;

    methods_make(&trial);
    trial_assert_order_free(&trial, &detector_fan_out_split);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_fan_out_split(void);
Suite *suite_survey_fan_out_split(void)
{
    Suite *suite = suite_create("survey/fan_out_split");
    TCase *cases = tcase_create("split");

    tcase_add_test(cases, a_second_default_of_one_parent_is_told_with_the_first);
    tcase_add_test(cases, values_that_parents_often_have_twice_are_left_out);
    tcase_add_test(cases, what_parents_tell_without_the_column_is_left_out);
    tcase_add_test(cases, of_a_value_that_comes_twice_by_chance_only_the_greatest_is_told);
    tcase_add_test(cases, parts_and_orders_do_not_show);
    suite_add_tcase(suite, cases);
    return suite;
}
