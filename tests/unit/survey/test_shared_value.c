#include "fixture.h"
#include <check.h>

/* 3,000 accounts, each with an address of its own but for 47, which share one, three pairs, and two
 * that differ in case and blanks. */
static void accounts_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "email", "text", 0);
    builder_column(trial->builder, "city", "text", 0);
    builder_column(trial->builder, "status", "text", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++) {
        const char *email = trial_text(trial, "user%d@mail.example", i);
        if (i % 60 == 7 && i < 47 * 60)
            email = "test@test.com";
        else if (i > 2990 && i <= 2996)
            email = trial_text(trial, "twin%d@mail.example", i % 3);
        else if (i == 500 || i == 1500)
            email = i == 500 ? "Ann.Lee@Corp.Example" : " ann.lee@corp.example";
        else if (i == 600)
            email = NULL;
        trial_row(trial, trial_text(trial, "%d", i), email, trial_text(trial, "city %d", i % 900),
                  i % 2 ? "ok" : "closed");
    }
}

START_TEST(a_value_that_many_rows_share_is_told_with_several_of_them)
{
    struct survey_trial trial;

    accounts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 3, 2);
    const struct stratum *stratum = trial_find(survey, "the value of email that most rows share");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert_uint_eq(stratum->rows, 47);
    ck_assert_uint_eq(stratum->wanted, 8);
    ck_assert_uint_eq(stratum->witness_count, 8);
    ck_assert(stratum->is_rare);
    for (size_t i = 0; i < stratum->witness_count; i++)
        ck_assert_uint_eq(stratum->witnesses[i].address % 60, 7);
    trial_end(&trial);
}
END_TEST

START_TEST(both_rows_of_a_pair_are_known)
{
    struct survey_trial trial;
    unsigned pairs = 0;

    accounts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 4, 1);
    for (size_t i = 0; i < survey->stratum_count; i++) {
        const struct stratum *stratum = &survey->strata[i];
        if (stratum->rows != 2 || stratum->witness_count != 2 ||
            stratum->witnesses[0].address < 2990)
            continue;
        pairs++;
        ck_assert_uint_eq(stratum->witnesses[0].address % 3, stratum->witnesses[1].address % 3);
    }
    ck_assert_msg(pairs == 3, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(case_and_blanks_do_not_hide_a_pair)
{
    struct survey_trial trial;

    accounts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 2, 1);
    const struct stratum *found = NULL;
    for (size_t i = 0; i < survey->stratum_count; i++)
        if (strstr(survey->strata[i].describe, "case or blanks")) {
            ck_assert_ptr_null(found);
            found = &survey->strata[i];
        }
    ck_assert_msg(found != NULL, "%s", trial_print(&trial, survey));
    ck_assert_uint_eq(found->rows, 2);
    ck_assert(trial_has_witness(found, 500) && trial_has_witness(found, 1500));
    trial_end(&trial);
}
END_TEST

START_TEST(columns_in_which_sharing_is_normal_are_left_out)
{
    struct survey_trial trial;

    accounts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 1, 0);
    ck_assert_uint_gt(survey->stratum_count, 0);
    for (size_t i = 0; i < survey->stratum_count; i++)
        ck_assert_str_eq(survey->strata[i].columns[0]->column->name, "email");
    ck_assert_uint_eq(survey->stratum_count, 5);
    trial_end(&trial);
}
END_TEST

/* Many values stand in one row each, but most rows have one of four. */
START_TEST(values_of_most_rows_are_not_shared_but_usual)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "line", "int4", 0);
    builder_primary(trial.builder, "id");
    for (int i = 1; i <= 3000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i),
                  trial_text(&trial, "%d", i % 10 ? i % 4 : 100 + i));
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 1, 0);
    ck_assert_msg(survey->stratum_count == 0, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(no_value_is_shown)
{
    struct survey_trial trial;

    accounts_make(&trial);
    const char *text = trial_print(&trial, trial_run(&trial, &detector_shared_value, 1, 0));
    ck_assert_ptr_null(strstr(text, "test@"));
    ck_assert_ptr_null(strstr(text, "twin"));
    trial_end(&trial);
}
END_TEST

START_TEST(a_rule_that_makes_equal_values_unequal_masks_it)
{
    struct survey_trial trial;

    accounts_make(&trial);
    trial_rule(&trial, "email", PROPERTY_NULLS | PROPERTY_EQUALITY);
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 1, 0);
    for (size_t i = 0; i < survey->stratum_count; i++) {
        const bool is_case = strstr(survey->strata[i].describe, "case or blanks") != NULL;
        ck_assert(is_case == (survey->strata[i].masked != NULL));
    }
    trial_end(&trial);
    accounts_make(&trial);
    trial_rule(&trial, "email", PROPERTY_NULLS);
    survey = trial_run(&trial, &detector_shared_value, 1, 0);
    for (size_t i = 0; i < survey->stratum_count; i++)
        ck_assert_ptr_nonnull(survey->strata[i].masked);
    trial_end(&trial);
}
END_TEST

START_TEST(unique_texts_are_watched_for_case_and_blanks)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "code", "text", 0);
    builder_primary(trial.builder, "code");
    for (int i = 0; i < 500; i++)
        trial_row(&trial, i == 77 ? "AB 12" : i == 99 ? "ab12" : trial_text(&trial, "x%d", i));
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 2, 1);
    ck_assert_msg(survey->stratum_count == 1, "%s", trial_print(&trial, survey));
    ck_assert(trial_has_witness(&survey->strata[0], 78) &&
              trial_has_witness(&survey->strata[0], 100));
    trial_end(&trial);
}
END_TEST

START_TEST(parts_and_orders_do_not_show)
{
    struct survey_trial trial;

    accounts_make(&trial);
    trial_assert_order_free(&trial, &detector_shared_value);
    trial_end(&trial);
}
END_TEST

/* More rows than its sketch was made for: only values of many rows can be told from chance, and the
 * report says so. */
START_TEST(too_many_rows_are_a_gap_and_great_groups_are_still_found)
{
    struct survey_trial trial;

    trial_begin(&trial);
    trial.batch_rows = 500;
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "phone", "int8", 0);
    builder_primary(trial.builder, "id");
    for (int i = 1; i <= 60000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i),
                  trial_text(&trial, "%d", i % 1000 == 1 ? 5 : 100000 + i));
    const struct survey *survey = trial_run(&trial, &detector_shared_value, 2, 0);
    const struct stratum *stratum = trial_find(survey, "the value of phone that most rows share");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert_uint_eq(stratum->rows, 60);
    ck_assert_uint_eq(stratum->witness_count, 8);
    trial_assert_order_free(&trial, &detector_shared_value);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_shared_value(void);
Suite *suite_survey_shared_value(void)
{
    Suite *suite = suite_create("survey/shared_value");
    TCase *cases = tcase_create("shared");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_value_that_many_rows_share_is_told_with_several_of_them);
    tcase_add_test(cases, both_rows_of_a_pair_are_known);
    tcase_add_test(cases, case_and_blanks_do_not_hide_a_pair);
    tcase_add_test(cases, columns_in_which_sharing_is_normal_are_left_out);
    tcase_add_test(cases, values_of_most_rows_are_not_shared_but_usual);
    tcase_add_test(cases, no_value_is_shown);
    tcase_add_test(cases, a_rule_that_makes_equal_values_unequal_masks_it);
    tcase_add_test(cases, unique_texts_are_watched_for_case_and_blanks);
    tcase_add_test(cases, parts_and_orders_do_not_show);
    tcase_add_test(cases, too_many_rows_are_a_gap_and_great_groups_are_still_found);
    suite_add_tcase(suite, cases);
    return suite;
}
