#include "told.h"

/* 3,000 orders: rare is what at most three have. */
static void orders_make(struct survey_trial *trial)
{
    static const char *const statuses[] = {"paid", "paid", "shipped"};

    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "status", "text", 0);
    builder_column(trial->builder, "city", "text", 0);
    builder_column(trial->builder, "currency", "char(3)", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i == 17               ? "LEGACY_HOLD"
                  : i == 18 || i == 919 ? "on hold"
                                        : statuses[i % 3],
                  i == 55 ? "Ys" : trial_text(trial, "City %d", i % 100),
                  i == 2999    ? "ZZZ"
                  : i % 2 == 0 ? "EUR"
                               : NULL);
}

START_TEST(a_value_that_few_rows_hold_is_told_with_its_rows)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_rare_value, 3, 1);
    assert_told(&trial, survey, "status = 'LEGACY_HOLD'", 1, 17);
    assert_told(&trial, survey, "currency = 'ZZZ'", 1, 2999);
    assert_untold(&trial, survey, "status = 'paid'");
    assert_untold(&trial, survey, "currency = 'EUR'");
    trial_end(&trial);
}
END_TEST

START_TEST(a_value_that_is_no_code_is_told_by_its_class)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_rare_value, 2, 2);
    assert_told(&trial, survey, "a value of status that few rows hold (2)", 2, 919);
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "on hold"));
    trial_end(&trial);
}
END_TEST

START_TEST(the_odd_one_out_among_many_values_is_told)
{
    struct survey_trial trial;

    orders_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_rare_value, 1, 3);
    assert_told(&trial, survey, "city = 'Ys'", 1, 55);
    trial_end(&trial);
}
END_TEST

START_TEST(a_changed_column_shows_no_value_and_needs_equality)
{
    struct survey_trial trial;

    orders_make(&trial);
    trial_rule(&trial, "status", PROPERTY_NULLS);
    trial_rule(&trial, "city", PROPERTY_NULLS | PROPERTY_EQUALITY);
    const struct survey *survey = trial_run(&trial, &detector_rare_value, 1, 0);
    const struct stratum *lost =
        assert_told(&trial, survey, "a value of status that few rows hold (1)", 1, 17);
    ck_assert_ptr_eq(lost->masked, trial_column(&trial, "status"));
    const struct stratum *kept =
        assert_told(&trial, survey, "a value of city that few rows hold (1)", 1, 55);
    ck_assert_ptr_null(kept->masked);
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "LEGACY"));
    trial_end(&trial);
}
END_TEST

START_TEST(rare_values_in_any_order_are_the_same)
{
    struct survey_trial trial;

    orders_make(&trial);
    trial_assert_order_free(&trial, &detector_rare_value);
    trial_end(&trial);
}
END_TEST

/* Values 0 to count - 1 in turn; `odd` in row 7. */
static void numbers_make(struct survey_trial *trial, int count, const char *odd)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "number", "int4", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 6000; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i == 7 ? odd : trial_text(trial, "%d", i % count));
}

START_TEST(more_values_than_are_counted_have_no_rare_ones_in_any_order)
{
    struct survey_trial trial;

    numbers_make(&trial, 4096, "-1");
    const struct survey *survey = trial_run(&trial, &detector_rare_value, 4, 4);
    ck_assert_uint_eq(survey->stratum_count, 0);
    ck_assert_uint_eq(survey->gap_count, 0);
    trial_assert_order_free(&trial, &detector_rare_value);
    trial_end(&trial);
}
END_TEST

START_TEST(values_that_stand_alone_in_a_long_tail_are_one_stratum)
{
    struct survey_trial trial;

    /* 3,000 values of two rows each, which is rare; the odd one leaves another alone */
    numbers_make(&trial, 3000, "-1");
    const struct survey *survey = trial_run(&trial, &detector_rare_value, 4, 4);
    ck_assert_uint_eq(survey->stratum_count, 1);
    assert_told(&trial, survey, "a value of number that only one row holds", 2, 7);
    trial_assert_order_free(&trial, &detector_rare_value);
    trial_end(&trial);
}
END_TEST

START_TEST(labels_that_no_row_has_are_told_but_are_not_rare)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_enum(trial.builder, "state", "new,old,never");
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "state", "state", 0);
    builder_column(trial.builder, "kind", "varchar(20)", 0);
    builder_column(trial.builder, "grade", "text", 0);
    builder_check(trial.builder, "kind_check",
                  "((kind)::text = ANY ((ARRAY['it''s'::character varying, 'b'::character "
                  "varying])::text[]))",
                  "kind");
    builder_check(trial.builder, "grade_check", "((grade = 'best'::text) OR (length(grade) > 3))",
                  "grade");
    builder_primary(trial.builder, "id");
    for (int i = 1; i <= 20; i++)
        trial_row(&trial, trial_text(&trial, "%d", i), i % 2 ? "new" : "old", "b", "good");
    const struct survey *survey = trial_run(&trial, &detector_rare_value, 2, 1);
    const struct stratum *label = trial_find(survey, "state = 'never': no row");
    ck_assert_msg(label && !label->is_rare && label->rows == 0, "%s", trial_print(&trial, survey));
    ck_assert_ptr_nonnull(trial_find(survey, "kind = 'it's': no row"));
    ck_assert_msg(survey->stratum_count == 2, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_rare_value(void);

Suite *suite_survey_rare_value(void)
{
    Suite *suite = suite_create("survey/rare_value");
    TCase *tcase = tcase_create("rare_value");

    tcase_add_test(tcase, a_value_that_few_rows_hold_is_told_with_its_rows);
    tcase_add_test(tcase, a_value_that_is_no_code_is_told_by_its_class);
    tcase_add_test(tcase, the_odd_one_out_among_many_values_is_told);
    tcase_add_test(tcase, a_changed_column_shows_no_value_and_needs_equality);
    tcase_add_test(tcase, rare_values_in_any_order_are_the_same);
    tcase_add_test(tcase, more_values_than_are_counted_have_no_rare_ones_in_any_order);
    tcase_add_test(tcase, values_that_stand_alone_in_a_long_tail_are_one_stratum);
    tcase_add_test(tcase, labels_that_no_row_has_are_told_but_are_not_rare);
    suite_add_tcase(suite, tcase);
    return suite;
}
