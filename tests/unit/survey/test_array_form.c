#include "told.h"

/* 3,000 rows; rare is what at most three have. */
static void arrays_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "tags", "text[]", 0);
    builder_column(trial->builder, "numbers", "int4[]", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i == 1         ? "{a,NULL}"
                  : i == 2       ? "{a,\"\"}"
                  : i == 3       ? "{a,b,a}"
                  : i == 4       ? "{NULL,NULL}"
                  : i % 100 == 0 ? NULL
                                 : "{a,b}",
                  i == 5 ? "{{1,2},{3,4}}" : "{1,2}");
}

START_TEST(odd_arrays_are_told)
{
    struct survey_trial trial;

    arrays_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_array, 3, 1);
    const struct stratum *inside = assert_told(&trial, survey, "tags has NULL inside", 2, 1);
    ck_assert(trial_has_witness(inside, 4));
    assert_told(&trial, survey, "tags has an empty element", 1, 2);
    assert_told(&trial, survey, "tags has an element twice", 1, 3);
    assert_told(&trial, survey, "numbers has more than one dimension", 1, 5);
    ck_assert_msg(survey->stratum_count == 4, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(arrays_in_any_order_are_the_same)
{
    struct survey_trial trial;

    arrays_make(&trial);
    trial_assert_order_free(&trial, &detector_array);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_array_form(void);

Suite *suite_survey_array_form(void)
{
    Suite *suite = suite_create("survey/array_form");
    TCase *tcase = tcase_create("array_form");

    tcase_add_test(tcase, odd_arrays_are_told);
    tcase_add_test(tcase, arrays_in_any_order_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
