#include "fixture.h"
#include <check.h>

/* 4,000 rows, of which four are rare. Silver customers are a tenth, suspended ones a seventh, but
 * only three are both; five are active and deleted. */
static void customers_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "tier", "text", 0);
    builder_column(trial->builder, "status", "text", 0);
    builder_column(trial->builder, "is_active", "bool", 0);
    builder_column(trial->builder, "deleted_at", "timestamptz", 0);
    builder_column(trial->builder, "credit", "numeric(12,2)", 0);
    builder_primary(trial->builder, "id");
    for (int i = 0; i < 4000; i++) {
        const bool is_planted = i == 350 || i == 1400 || i == 2800;
        const bool is_silver = i % 10 == 0;
        const bool is_deleted = i % 25 == 1;
        const bool is_odd = i % 1000 == 26;
        trial_row(trial, trial_text(trial, "%d", i), is_silver ? "silver" : "free",
                  is_planted || (i % 7 == 3 && !is_silver) ? "suspended" : "ok",
                  is_deleted && !is_odd ? "f" : "t",
                  is_deleted ? trial_text(trial, "2024-03-%02d 10:%02d:00+00", i % 28 + 1, i % 60)
                             : NULL,
                  trial_text(trial, "%d.25", i % 3000 + 1));
    }
}

START_TEST(values_that_are_common_each_and_rare_together_are_told)
{
    struct survey_trial trial;

    customers_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    const struct stratum *stratum =
        trial_find(survey, "tier = 'silver' while status = 'suspended'");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert(stratum->is_rare);
    ck_assert_uint_eq(stratum->rows, 3);
    ck_assert_uint_eq(stratum->witness_count, 3);
    ck_assert(trial_has_witness(stratum, 351) && trial_has_witness(stratum, 1401) &&
              trial_has_witness(stratum, 2801));
    trial_end(&trial);
}
END_TEST

START_TEST(a_time_counts_as_set_or_not)
{
    struct survey_trial trial;

    customers_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 2, 3);
    const struct stratum *stratum = trial_find(survey, "is_active is true while deleted_at is set");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert_uint_eq(stratum->rows, 4);
    ck_assert(trial_has_witness(stratum, 27));
    trial_end(&trial);
}
END_TEST

START_TEST(only_what_is_far_below_chance_is_told)
{
    struct survey_trial trial;

    customers_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    ck_assert_uint_eq(survey->stratum_count, 2);
    trial_end(&trial);
}
END_TEST

/* 10,000 rows, of which ten are rare: four are in the cell, and four were to be expected. */
START_TEST(a_cell_as_small_as_chance_makes_it_is_not_told)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "a", "text", 0);
    builder_column(trial.builder, "b", "text", 0);
    builder_primary(trial.builder, "id");
    for (int i = 0; i < 10000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i), i % 50 == 0 ? "x" : "y",
                  (i % 2500 == 0 || i % 51 == 1) && i % 50 != 1 ? "u" : "v");
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    ck_assert_msg(!trial_find(survey, "a = 'x' while b = 'u'"), "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(a_value_that_is_rare_itself_makes_no_combination)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "a", "text", 0);
    builder_column(trial.builder, "b", "bool", 0);
    builder_primary(trial.builder, "id");
    for (int i = 0; i < 3000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i), i == 7 ? "odd" : "even", i % 2 ? "t" : "f");
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    ck_assert_msg(survey->stratum_count == 0, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(combinations_of_nulls_are_left_to_their_own_detector)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "a", "jsonb", 0);
    builder_column(trial.builder, "b", "jsonb", 0);
    builder_primary(trial.builder, "id");
    for (int i = 0; i < 3000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i), i % 2 ? "1" : NULL,
                  i % 2 || i == 100 ? "1" : NULL);
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    ck_assert_msg(survey->stratum_count == 0, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

/* Every pair of values is common, one triple is not. */
static void triples_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "a", "bool", 0);
    builder_column(trial->builder, "b", "bool", 0);
    builder_column(trial->builder, "c", "bool", 0);
    builder_primary(trial->builder, "id");
    for (int i = 0; i < 4000; i++) {
        const int kind = i == 99 ? 7 : i % 7;
        trial_row(trial, trial_text(trial, "%d", i), kind & 1 ? "t" : "f", kind & 2 ? "t" : "f",
                  kind & 4 ? "t" : "f");
    }
}

START_TEST(three_values_of_common_pairs_can_be_rare)
{
    struct survey_trial trial;

    triples_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 3, 1);
    const struct stratum *stratum = trial_find(survey, "a is true and b is true while c is true");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert_uint_eq(survey->stratum_count, 1);
    ck_assert_uint_eq(stratum->rows, 1);
    ck_assert(trial_has_witness(stratum, 100));
    trial_end(&trial);
}
END_TEST

START_TEST(a_flag_that_is_a_number_reads_as_a_boolean)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    struct column *flag = builder_column(trial.builder, "is_active", "int2", 0);
    builder_column(trial.builder, "deleted_at", "timestamptz", 0);
    builder_primary(trial.builder, "id");
    struct type *type = ARENA_NEW(builder_arena(trial.builder), struct type);
    *type = *flag->type;
    type->is_flag = true;
    flag->type = type;
    for (int i = 0; i < 4000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i), i % 4 == 0 && i != 40 ? "0" : "1",
                  i % 4 == 0 ? trial_text(&trial, "2024-03-%02d %02d:%02d:00+00", i % 28 + 1,
                                          i % 24, i % 60)
                             : NULL);
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 1);
    ck_assert_msg(trial_find(survey, "is_active is true while deleted_at is set"), "%s",
                  trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(each_column_needs_what_its_own_symbol_says)
{
    struct survey_trial trial;

    customers_make(&trial);
    trial_rule(&trial, "deleted_at", PROPERTY_NULLS);
    trial_rule(&trial, "status", PROPERTY_NULLS);
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    const struct stratum *time = trial_find(survey, "is_active is true while deleted_at is set");
    ck_assert_msg(time != NULL, "%s", trial_print(&trial, survey));
    ck_assert_ptr_null(time->masked);
    const struct stratum *value =
        trial_find(survey, "tier = 'silver' while status has a certain value");
    ck_assert_msg(value != NULL, "%s", trial_print(&trial, survey));
    ck_assert_ptr_eq(value->masked, trial_column(&trial, "status"));
    trial_end(&trial);
}
END_TEST

/* Two values of a masked column are each rare beside the same value of another. */
START_TEST(sentences_that_hide_their_values_are_numbered)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "a", "text", 0);
    builder_column(trial.builder, "b", "text", 0);
    builder_primary(trial.builder, "id");
    trial_rule(&trial, "a", PROPERTY_EQUALITY | PROPERTY_NULLS);
    for (int i = 0; i < 3000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i),
                  i % 3 == 0   ? "x"
                  : i % 3 == 1 ? "y"
                               : "z",
                  i % 3 == 2 || i == 0 || i == 1 || i == 3 ? "u" : "v");
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    ck_assert_msg(trial_find(survey, "a has a certain value while b = 'u'") &&
                      trial_find(survey, "a has a certain value while b = 'u' (case 2)"),
                  "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(parts_and_orders_do_not_show)
{
    struct survey_trial trial;

    customers_make(&trial);
    trial_assert_order_free(&trial, &detector_rare_combination);
    trial_end(&trial);
    triples_make(&trial);
    trial_assert_order_free(&trial, &detector_rare_combination);
    trial_end(&trial);
}
END_TEST

/* More signatures than are counted at a time, and a column that has 60 values for a long time and
 * too many in the end. */
START_TEST(many_signatures_and_late_values_do_not_show)
{
    struct survey_trial trial;

    trial_begin(&trial);
    trial.batch_rows = 100;
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "a", "int4", 0);
    builder_column(trial.builder, "b", "int4", 0);
    builder_column(trial.builder, "c", "int4", 0);
    builder_column(trial.builder, "d", "text", 0);
    builder_primary(trial.builder, "id");
    for (int i = 0; i < 24000; i++) {
        const int b = i / 60 % 40, c = i / 2400 % 20;
        trial_row(&trial, trial_text(&trial, "%d", i), trial_text(&trial, "%d", i % 60),
                  trial_text(&trial, "%d", b == 3 && c == 7 && i % 60 > 3 ? 2 : b),
                  trial_text(&trial, "%d", c),
                  i < 23000 ? trial_text(&trial, "v%d", i % 50)
                            : trial_text(&trial, "w%d", i % 99));
    }
    const struct survey *survey = trial_run(&trial, &detector_rare_combination, 1, 0);
    const struct stratum *stratum = trial_find(survey, "b = 3 while c = 7");
    ck_assert_msg(stratum != NULL, "%s", trial_print(&trial, survey));
    ck_assert_uint_eq(stratum->rows, 4);
    ck_assert_uint_eq(stratum->witness_count, 4);
    trial_assert_order_free(&trial, &detector_rare_combination);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_rare_combination(void);
Suite *suite_survey_rare_combination(void)
{
    Suite *suite = suite_create("survey/rare_combination");
    TCase *cases = tcase_create("combinations");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, values_that_are_common_each_and_rare_together_are_told);
    tcase_add_test(cases, a_time_counts_as_set_or_not);
    tcase_add_test(cases, only_what_is_far_below_chance_is_told);
    tcase_add_test(cases, a_cell_as_small_as_chance_makes_it_is_not_told);
    tcase_add_test(cases, a_value_that_is_rare_itself_makes_no_combination);
    tcase_add_test(cases, combinations_of_nulls_are_left_to_their_own_detector);
    tcase_add_test(cases, three_values_of_common_pairs_can_be_rare);
    tcase_add_test(cases, a_flag_that_is_a_number_reads_as_a_boolean);
    tcase_add_test(cases, each_column_needs_what_its_own_symbol_says);
    tcase_add_test(cases, sentences_that_hide_their_values_are_numbered);
    tcase_add_test(cases, parts_and_orders_do_not_show);
    tcase_add_test(cases, many_signatures_and_late_values_do_not_show);
    suite_add_tcase(suite, cases);
    return suite;
}
