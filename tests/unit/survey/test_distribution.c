/* What production's columns hold. */
#include "fixture.h"

#include <check.h>

Suite *suite_survey_distribution(void);

enum { ROWS = 3000 };

/* A key, a code, an amount with NULLs, a time, a text, and a reference. */
static void orders_make(struct survey_trial *trial)
{
    struct builder *b;

    trial_begin(trial);
    b = trial->builder;
    builder_column(b, "id", "int8", 0);
    builder_column(b, "status", "text", 0);
    builder_column(b, "total", "numeric(12,2)", 0);
    builder_column(b, "placed_at", "timestamptz", 0);
    builder_column(b, "note", "text", 0);
    builder_column(b, "customer_id", "int8", 0);
    builder_primary(b, "id");
    builder_table(b, "public", "customers");
    builder_column(b, "id", "int8", 0);
    builder_primary(b, "id");
    builder_edge(b, "t", "customer_id", "customers", "id");
    builder_table(b, "public", "t");
    for (int i = 0; i < ROWS; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i % 3 == 0   ? "new"
                  : i % 3 == 1 ? "old"
                               : NULL,
                  i % 10 == 0 ? NULL : trial_text(trial, "%d.25", i),
                  trial_text(trial, "2025-01-01 %02d:%02d:00+00", i / 60 % 24, i % 60),
                  trial_text(trial, "note %d", i), trial_text(trial, "%d", i % 100));
}

static const struct distribution *of(struct survey_trial *trial, const struct survey *survey,
                                     const char *column)
{
    for (size_t i = 0; i < survey->distribution_count; i++)
        if (survey->distributions[i].column == trial_column(trial, column))
            return &survey->distributions[i];
    return NULL;
}

START_TEST(each_column_is_summed_up_as_far_as_it_can_be_compared)
{
    struct survey_trial trial;
    const struct distribution *found;
    const struct survey *survey;

    orders_make(&trial);
    survey = trial_run(&trial, &detector_distribution, 1, 0);
    ck_assert_uint_eq(survey->stratum_count, 0);
    ck_assert_uint_eq(survey->gap_count, 0);
    found = of(&trial, survey, "status");
    ck_assert_uint_eq(found->rows, ROWS);
    ck_assert_uint_eq(found->nulls, ROWS / 3);
    ck_assert_uint_eq(found->category_count, 2);
    ck_assert_uint_eq(found->categories[0].rows, ROWS / 3);
    ck_assert(!found->is_ordered);
    found = of(&trial, survey, "total");
    ck_assert_uint_eq(found->nulls, ROWS / 10);
    ck_assert(found->is_ordered && !found->has_categories);
    ck_assert_double_eq(found->least, 1.25);
    ck_assert_double_eq(found->greatest, ROWS - 1 + 0.25);
    ck_assert_double_eq_tol(found->distinct / (0.9 * ROWS), 1, 0.05);
    found = of(&trial, survey, "placed_at");
    ck_assert_double_eq(found->least, 1735689600e6);
    ck_assert_double_eq(found->greatest, 1735689600e6 + 1439 * 60e6);
    ck_assert_uint_eq(of(&trial, survey, "note")->nulls, 0);
    found = of(&trial, survey, "customer_id");
    ck_assert_int_eq(found->comparable, COMPARABLE_EQUALITY);
    ck_assert(found->has_values && !found->is_ordered);
    ck_assert_double_eq_tol(found->distinct, 100, 5);
    ck_assert_ptr_null(of(&trial, survey, "id"));
    trial_end(&trial);
}
END_TEST

START_TEST(what_rules_change_is_not_summed_up)
{
    struct survey_trial trial;
    const struct survey *survey;

    orders_make(&trial);
    trial_rule(&trial, "status", PROPERTY_NULLS);
    trial_rule(&trial, "total", PROPERTY_NULLS | PROPERTY_EQUALITY);
    trial_rule(&trial, "placed_at", PROPERTY_ALL & ~(unsigned)PROPERTY_NULLS);
    trial_rule(&trial, "note", PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_ORDER);
    survey = trial_run(&trial, &detector_distribution, 2, 1);
    ck_assert_int_eq(of(&trial, survey, "status")->comparable, COMPARABLE_NULLS);
    ck_assert(!of(&trial, survey, "status")->has_values);
    ck_assert_uint_eq(of(&trial, survey, "status")->nulls, ROWS / 3);
    ck_assert_int_eq(of(&trial, survey, "total")->comparable, COMPARABLE_EQUALITY);
    ck_assert(of(&trial, survey, "total")->has_values);
    ck_assert(!of(&trial, survey, "total")->is_ordered);
    ck_assert_ptr_null(of(&trial, survey, "placed_at"));
    ck_assert_int_eq(of(&trial, survey, "note")->comparable, COMPARABLE_EQUALITY);
    trial_end(&trial);
}
END_TEST

START_TEST(of_wide_values_only_nulls_are_known)
{
    struct survey_trial trial;
    const struct survey *survey;

    trial_begin(&trial);
    trial_wide(builder_column(trial.builder, "body", "text", 0));
    trial_row(&trial, "a long text");
    trial_row(&trial, NULL);
    survey = trial_run(&trial, &detector_distribution, 1, 0);
    ck_assert_uint_eq(survey->distribution_count, 1);
    ck_assert_uint_eq(survey->distributions[0].nulls, 1);
    ck_assert(!survey->distributions[0].has_values && !survey->distributions[0].is_ordered);
    trial_end(&trial);
}
END_TEST

START_TEST(parts_and_orders_do_not_show)
{
    struct survey_trial trial;

    orders_make(&trial);
    trial_assert_order_free(&trial, &detector_distribution);
    trial_end(&trial);
}
END_TEST

/* A column's symbols end while its rows are read: the categories of half of them are gone. */
START_TEST(a_column_with_too_many_values_has_no_categories_and_no_row_is_lost)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "number", "int4", 0);
    for (int i = 0; i < 500; i++)
        trial_row(&trial, trial_text(&trial, "%d", i % 65));
    for (unsigned parts = 1; parts < 4; parts++) {
        const struct survey *survey = trial_run(&trial, &detector_distribution, parts, parts);
        const struct distribution *made = &survey->distributions[0];
        uint64_t rows = 0;

        ck_assert(!made->has_categories);
        ck_assert_double_eq_tol(made->distinct, 65, 3);
        ck_assert_uint_eq(made->bucket_count, 65);
        for (size_t i = 0; i < made->bucket_count; i++)
            rows += made->buckets[i].rows;
        ck_assert_uint_eq(rows, 500);
    }
    trial_end(&trial);
}
END_TEST

START_TEST(more_columns_than_there_is_memory_for_are_a_gap)
{
    const struct options options = {.memory = 5 << 20};
    struct survey_trial trial;
    const struct survey *survey;

    orders_make(&trial);
    trial_bind(&trial);
    trial.binding.options = &options;
    survey = trial_run(&trial, &detector_distribution, 1, 0);
    ck_assert_uint_eq(survey->distribution_count, 4);
    ck_assert_uint_eq(survey->gap_count, 1);
    ck_assert(trial_has_gap(survey, "customer_id",
                            "columns are too many for all to be compared with the subset: --memory "
                            "allows more"));
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_distribution(void)
{
    Suite *suite = suite_create("survey/distribution");
    TCase *tests = tcase_create("distribution");

    tcase_add_test(tests, each_column_is_summed_up_as_far_as_it_can_be_compared);
    tcase_add_test(tests, what_rules_change_is_not_summed_up);
    tcase_add_test(tests, of_wide_values_only_nulls_are_known);
    tcase_add_test(tests, parts_and_orders_do_not_show);
    tcase_add_test(tests, a_column_with_too_many_values_has_no_categories_and_no_row_is_lost);
    tcase_add_test(tests, more_columns_than_there_is_memory_for_are_a_gap);
    suite_add_tcase(suite, tests);
    return suite;
}
