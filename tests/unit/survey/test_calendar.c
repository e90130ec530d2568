#include "told.h"

/* 3,000 rows on workdays at odd seconds; rare is what at most three have. */
static void days_make(struct survey_trial *trial)
{
    static const struct {
        int row;
        const char *at;
    } odd[] = {{1, "2024-03-04 00:00:00+00"},
               {2, "2024-03-04 05:00:00+00"},
               {3, "2024-03-04 05:00:00.25+00"},
               {4, "2024-03-09 05:01:01+00"},
               {5, "2024-02-29 05:01:01+00"},
               {6, "1900-01-01 05:01:01+00"},
               {7, "1970-01-01 05:01:01+00"},
               {8, "9999-12-31 05:01:01+00"},
               {9, "0001-01-01 05:01:01+00"},
               {10, "2023-02-28 05:01:01+00"},
               {11, "infinity"},
               {12, "1969-12-30 23:59:59+00"},
               {13, "0044-03-15 12:00:00.5+00 BC"}};

    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "at", "timestamptz", 0);
    builder_column(trial->builder, "born", "date", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++) {
        const char *at = trial_text(trial, "2024-03-%02d 07:%02d:13+00", 4 + i % 5, i % 60);
        for (size_t j = 0; j < COUNT_OF(odd); j++)
            at = odd[j].row == i ? odd[j].at : at;
        trial_row(trial, trial_text(trial, "%d", i), at,
                  i == 20 ? "1900-01-01" : trial_text(trial, "1980-05-%02d", 1 + i % 30));
    }
}

START_TEST(odd_days_and_hours_are_told)
{
    struct survey_trial trial;

    days_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_calendar, 3, 1);
    assert_told(&trial, survey, "at is exactly midnight", 1, 1);
    assert_told(&trial, survey, "at is a whole hour", 1, 2);
    const struct stratum *fine = assert_told(&trial, survey, "at has fractions of a second", 2, 3);
    ck_assert(trial_has_witness(fine, 13));
    assert_told(&trial, survey, "at is a 29 February", 1, 5);
    assert_told(&trial, survey, "at is the placeholder 1900-01-01", 1, 6);
    assert_told(&trial, survey, "at is the placeholder 1970-01-01", 1, 7);
    assert_told(&trial, survey, "at is the placeholder 9999-12-31", 1, 8);
    assert_told(&trial, survey, "at is the placeholder 0001-01-01", 1, 9);
    const struct stratum *end = assert_told(&trial, survey, "at is the last day of a month", 3, 10);
    ck_assert(trial_has_witness(end, 5) && trial_has_witness(end, 8));
    /* 0044-03-15 BC was a Friday before the calendar was invented; 2024-03-09 is a Saturday */
    assert_told(&trial, survey, "at is a Saturday or Sunday", 1, 4);
    assert_told(&trial, survey, "born is the placeholder 1900-01-01", 1, 20);
    trial_end(&trial);
}
END_TEST

START_TEST(what_is_the_rule_is_not_told)
{
    struct survey_trial trial;

    days_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_calendar, 1, 0);
    assert_untold(&trial, survey, "at is a whole second");
    assert_untold(&trial, survey, "at is Monday to Friday");
    assert_untold(&trial, survey, "born is exactly midnight"); /* dates have no clock */
    assert_untold(&trial, survey, "born is a Saturday or Sunday");
    trial_end(&trial);
}
END_TEST

START_TEST(a_shifted_day_is_masked_but_a_sentinel_is_not)
{
    struct survey_trial trial;

    days_make(&trial);
    trial_rule(&trial, "at",
               PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_ORDER | PROPERTY_CALENDAR);
    const struct survey *survey = trial_run(&trial, &detector_calendar, 1, 0);
    ck_assert_ptr_nonnull(assert_told(&trial, survey, "at is a 29 February", 1, 5)->masked);
    ck_assert_ptr_null(
        assert_told(&trial, survey, "at is the placeholder 9999-12-31", 1, 8)->masked);
    ck_assert_ptr_null(assert_told(&trial, survey, "at is a Saturday or Sunday", 1, 4)->masked);
    trial_end(&trial);
}
END_TEST

START_TEST(days_in_any_order_are_the_same)
{
    struct survey_trial trial;

    days_make(&trial);
    trial_assert_order_free(&trial, &detector_calendar);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_calendar(void);

Suite *suite_survey_calendar(void)
{
    Suite *suite = suite_create("survey/calendar");
    TCase *tcase = tcase_create("calendar");

    tcase_add_test(tcase, odd_days_and_hours_are_told);
    tcase_add_test(tcase, what_is_the_rule_is_not_told);
    tcase_add_test(tcase, a_shifted_day_is_masked_but_a_sentinel_is_not);
    tcase_add_test(tcase, days_in_any_order_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
