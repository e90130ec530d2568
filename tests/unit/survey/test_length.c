#include "told.h"

/* 3,000 rows; rare is what at most three have. */
static void texts_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "zip", "varchar(10)", 0);
    builder_column(trial->builder, "note", "text", 0);
    builder_column(trial->builder, "tags", "text[]", 0);
    builder_column(trial->builder, "raw", "bytea", 0);
    builder_column(trial->builder, "body", "jsonb", 0);
    trial_wide(builder_column(trial->builder, "page", "text", 0));
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i == 1   ? ""
                  : i == 2 ? "1234"
                  : i == 3 ? "äöüäöüäöü1"
                           : trial_text(trial, "%05d", i),
                  i == 4   ? "x"
                  : i == 5 ? trial_text(trial, "%0200d", 7)
                           : trial_text(trial, "%0*d", 2 + i % 30, 7),
                  i == 6   ? "{}"
                  : i == 7 ? "{a,b,c,d,e,f,g,h,i}"
                           : "{a,b}",
                  i == 8 ? "\\x" : "\\xdeadbeef", "{}",
                  i == 9    ? ""
                  : i == 10 ? "été"
                            : trial_text(trial, "%0600d", 7));
}

START_TEST(empty_single_and_full_values_are_told)
{
    struct survey_trial trial;

    texts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_length, 3, 1);
    assert_told(&trial, survey, "zip is empty", 1, 1);
    assert_told(&trial, survey, "note has one byte", 1, 4);
    assert_told(&trial, survey, "zip is as long as the column lets it be", 1, 3);
    assert_told(&trial, survey, "tags is empty", 1, 6);
    assert_told(&trial, survey, "raw is empty", 1, 8);
    assert_told(&trial, survey, "page is empty", 1, 9);
    trial_end(&trial);
}
END_TEST

START_TEST(lengths_are_told_by_class_or_where_nearly_all_are_alike_one_by_one)
{
    struct survey_trial trial;

    texts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_length, 3, 2);
    assert_told(&trial, survey, "zip has 4 bytes, unlike nearly all others", 1, 2);
    assert_told(&trial, survey, "note has 128 to 255 bytes", 1, 5);
    assert_told(&trial, survey, "tags has 9 elements, unlike nearly all others", 1, 7);
    assert_untold(&trial, survey, "note has 16 to 31 bytes");
    trial_end(&trial);
}
END_TEST

START_TEST(of_wide_values_length_and_class_are_told)
{
    struct survey_trial trial;

    texts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_length, 2, 3);
    const struct stratum *letters = NULL;

    for (size_t i = 0; i < survey->stratum_count; i++)
        if (strstr(survey->strata[i].describe, "page is ") &&
            trial_has_witness(&survey->strata[i], 10))
            letters = &survey->strata[i];
    ck_assert_msg(letters && letters->rows == 1, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(elements_survive_rules_on_elements_and_lengths_need_length)
{
    struct survey_trial trial;

    texts_make(&trial);
    trial_rule(&trial, "tags", PROPERTY_NULLS | PROPERTY_EQUALITY);
    trial_rule(&trial, "zip", PROPERTY_NULLS | PROPERTY_EQUALITY);
    const struct survey *survey = trial_run(&trial, &detector_length, 1, 0);
    ck_assert_ptr_null(assert_told(&trial, survey, "tags is empty", 1, 6)->masked);
    ck_assert_ptr_nonnull(assert_told(&trial, survey, "zip is empty", 1, 1)->masked);
    trial_end(&trial);
}
END_TEST

START_TEST(lengths_in_any_order_are_the_same)
{
    struct survey_trial trial;

    texts_make(&trial);
    trial_assert_order_free(&trial, &detector_length);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_length(void);

Suite *suite_survey_length(void)
{
    Suite *suite = suite_create("survey/length");
    TCase *tcase = tcase_create("length");

    tcase_add_test(tcase, empty_single_and_full_values_are_told);
    tcase_add_test(tcase, lengths_are_told_by_class_or_where_nearly_all_are_alike_one_by_one);
    tcase_add_test(tcase, of_wide_values_length_and_class_are_told);
    tcase_add_test(tcase, elements_survive_rules_on_elements_and_lengths_need_length);
    tcase_add_test(tcase, lengths_in_any_order_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
