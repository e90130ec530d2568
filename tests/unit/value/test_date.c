/* The civil calendar on days. */
#include "value/value.h"
#include <check.h>

struct known {
    int64_t days;
    int year, month, day;
};

/* Years count through zero: 0 is 1 BC. */
static const struct known known[] = {
    {0, 1970, 1, 1},
    {-1, 1969, 12, 31},
    {10957, 2000, 1, 1},
    {11016, 2000, 2, 29},
    {-25509, 1900, 2, 28},
    {-25508, 1900, 3, 1},
    {-719162, 1, 1, 1},
    {-719163, 0, 12, 31},
    {-719469, 0, 2, 29},
    {-2440588, -4713, 11, 24},
    {2932896, 9999, 12, 31},
    {2932897, 10000, 1, 1},
    {2145042905, 5874897, 12, 31},
};

START_TEST(a_known_day_has_its_date)
{
    int year, month, day;

    date_from_days(known[_i].days, &year, &month, &day);
    ck_assert_int_eq(year, known[_i].year);
    ck_assert_int_eq(month, known[_i].month);
    ck_assert_int_eq(day, known[_i].day);
    ck_assert_int_eq(date_to_days(year, month, day), known[_i].days);
}
END_TEST

/* Walks a calendar of its own, day by day, over two eras of 400 years. */
START_TEST(every_day_of_800_years_follows_the_one_before)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t days = date_to_days(-400, 1, 1);

    for (int year = -400; year < 400; year++)
        for (int month = 1; month <= 12; month++) {
            bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            int last = lengths[month - 1] + (month == 2 && is_leap);

            for (int day = 1; day <= last; day++, days++) {
                int y, m, d;

                date_from_days(days, &y, &m, &d);
                if (y != year || m != month || d != day || date_to_days(y, m, d) != days)
                    ck_abort_msg("day %lld is not %d-%d-%d", (long long)days, year, month, day);
            }
        }
}
END_TEST

START_TEST(days_and_dates_agree_over_the_whole_range)
{
    for (int64_t days = -2440588; days < INT64_C(2145042906); days += 99991) {
        int year, month, day;

        date_from_days(days, &year, &month, &day);
        ck_assert_int_eq(date_to_days(year, month, day), days);
    }
}
END_TEST

Suite *suite_value_date(void);
Suite *suite_value_date(void)
{
    Suite *suite = suite_create("value/date");
    TCase *tests = tcase_create("all");

    tcase_add_loop_test(tests, a_known_day_has_its_date, 0, (int)COUNT_OF(known));
    tcase_add_test(tests, every_day_of_800_years_follows_the_one_before);
    tcase_add_test(tests, days_and_dates_agree_over_the_whole_range);
    suite_add_tcase(suite, tests);
    return suite;
}
