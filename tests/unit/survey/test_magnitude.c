#include "told.h"
#include <stdio.h>
#include <stdlib.h>

START_TEST(each_power_of_ten_begins_its_order)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "x", "float8", 0);
    trial.tails.rare = 0.5;
    for (int power = -11; power <= 36; power++) {
        trial_row(&trial, trial_text(&trial, "1e%d", power));
        trial_row(&trial, trial_text(&trial, "9.999999999e%d", power));
    }
    const struct survey *survey = trial_run(&trial, &detector_magnitude, 3, 1);
    for (int power = -11; power <= 36; power++) {
        char text[80];
        uint64_t row = 2 * (uint64_t)(power + 11) + 1;
        (void)snprintf(text, sizeof(text), "x is of the order %g to %g",
                       strtod(trial_text(&trial, "1e%d", power), NULL),
                       strtod(trial_text(&trial, "1e%d", power + 1), NULL));
        assert_told(&trial, survey, text, 2, row);
        assert_told(&trial, survey, text, 2, row + 1);
    }
    trial_end(&trial);
}
END_TEST

/* 3,000 amounts: rare is what at most three have. */
static void amounts_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "total", "numeric(12,2)", 0);
    builder_column(trial->builder, "rate", "float8", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i == 5   ? "-250.00"
                  : i == 6 ? "990000.00"
                  : i == 7 ? "0"
                           : trial_text(trial, "%d.50", 10 + i % 50),
                  i == 8    ? "1e-300"
                  : i == 9  ? "1e300"
                  : i == 10 ? "Infinity"
                            : "7");
}

START_TEST(an_order_that_few_numbers_have_is_told)
{
    struct survey_trial trial;

    amounts_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_magnitude, 3, 1);
    assert_told(&trial, survey, "total is of the order 100000 to 1e+06", 1, 6);
    assert_told(&trial, survey, "total is of the order -100 to -1000", 1, 5);
    assert_told(&trial, survey, "rate is next to 0", 1, 8);
    assert_told(&trial, survey, "rate is beyond 1e+38", 1, 9);
    ck_assert_msg(survey->stratum_count == 4, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

START_TEST(orders_in_any_order_are_the_same)
{
    struct survey_trial trial;

    amounts_make(&trial);
    trial_assert_order_free(&trial, &detector_magnitude);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_magnitude(void);

Suite *suite_survey_magnitude(void)
{
    Suite *suite = suite_create("survey/magnitude");
    TCase *tcase = tcase_create("magnitude");

    tcase_add_test(tcase, each_power_of_ten_begins_its_order);
    tcase_add_test(tcase, an_order_that_few_numbers_have_is_told);
    tcase_add_test(tcase, orders_in_any_order_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
