#include "fixture.h"
#include "transform/params.h"
#include "transform/warp.h"
#include "value/value.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 100000 };

static const int64_t now = INT64_C(1700000000000000);

static const char *const scale_sets[] = {
    NULL,
    "{ scales: [28d] }",
    "{ back: [2w, 8w], scales: [14d, 1d, 2h] }",
    "{ scales: [91d, 7d, 1d, 2h, 1h] }",
};

START_TEST(order_within_a_subject_is_never_reversed_and_nothing_reaches_the_future)
{
    struct fixture fixture;
    struct value values[2];
    uint64_t state = 11;

    fixture_init(&fixture, KIND_INSTANT, 1);
    ck_assert_msg(fixture_prepare(&fixture, "shift", scale_sets[_i]), "%s", fixture.err.cause);
    for (int i = 0; i < PAIRS; i++) {
        const int64_t first = (int64_t)(random_next(&state) % (uint64_t)now);
        const int64_t second = first + (int64_t)(random_next(&state) >> (20 + i % 44));

        values[0] = value_integer(first ? first : 1);
        values[1] = value_integer(second ? second : 1);
        fixture.subjects[0] = fixture.subjects[1] = random_next(&state);
        fixture_apply(&fixture, values, 2);
        if (values[0].integer > values[1].integer || values[0].integer >= first)
            ck_abort_msg("pair %d is reversed or moves forward", i);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(times_before_1970_and_at_the_ends_keep_their_order)
{
    struct fixture fixture;
    uint64_t state = 12;

    fixture_init(&fixture, KIND_TIMESTAMP, 1);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    for (int i = 0; i < 20000; i++) {
        struct value values[2];
        const int64_t first = -(int64_t)(random_next(&state) >> 6);

        values[0] = value_integer(first - 1 - (int64_t)(random_next(&state) >> (8 + i % 50)));
        values[1] = value_integer(first - 1);
        fixture_apply(&fixture, values, 2);
        ck_assert_int_le(values[0].integer, values[1].integer);
        ck_assert_int_ge(values[0].integer, INT64_C(-2440588) * DAY_US);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(dates_move_as_their_noon_does)
{
    struct fixture dates, times;

    fixture_init(&dates, KIND_DATE, 1);
    fixture_init(&times, KIND_TIMESTAMP, 1);
    ck_assert(fixture_prepare(&dates, "shift", NULL));
    ck_assert(fixture_prepare(&times, "shift", NULL));
    for (int64_t day = 10000; day < 14000; day++)
        ck_assert_int_eq(fixture_integer(&dates, day),
                         floor_div(fixture_integer(&times, day * DAY_US + DAY_US / 2), DAY_US));
    fixture_release(&dates);
    fixture_release(&times);
}
END_TEST

START_TEST(results_have_the_precision_of_the_column)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INSTANT, 1);
    fixture.column.precision = 0;
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    for (int64_t i = 0; i < 1000; i++)
        ck_assert_int_eq(fixture_integer(&fixture, now + i * 1000000) % 1000000, 0);
    fixture.column.precision = 3;
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    ck_assert_int_eq(fixture_integer(&fixture, now + 123000) % 1000, 0);
    ck_assert_int_ne(fixture_integer(&fixture, now + 123000) % 1000000, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(sentinels_stay_and_are_counted)
{
    static const int64_t sentinels[] = {TIME_MIN, TIME_MAX, 0, INT64_C(2932896) * DAY_US,
                                        INT64_C(2932897) * DAY_US - 1};
    struct fixture fixture;

    fixture_init(&fixture, KIND_INSTANT, 1);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    for (size_t i = 0; i < COUNT_OF(sentinels); i++)
        ck_assert_int_eq(fixture_integer(&fixture, sentinels[i]), sentinels[i]);
    ck_assert_uint_eq(fixture.unchanged, COUNT_OF(sentinels));
    fixture_release(&fixture);
}
END_TEST

START_TEST(subjects_move_apart_and_equal_times_of_one_stay_equal)
{
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;
    int together = 0;

    fixture_init(&fixture, KIND_INSTANT, 1);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    for (uint32_t i = 0; i < FIXTURE_ROWS; i++)
        values[i] = value_integer(now);
    fixture_apply(&fixture, values, FIXTURE_ROWS);
    for (uint32_t i = 0; i + 8 < FIXTURE_ROWS; i++) {
        if (i % 8 != 7)
            ck_assert_int_eq(values[i].integer, values[i + 1].integer);
        together += llabs(values[i].integer - values[i + 8].integer) < DAY_US / 24;
    }
    ck_assert_int_lt(together, FIXTURE_ROWS / 100);
    fixture_release(&fixture);
}
END_TEST

/* Uniform over the week in, uniform over the week out. */
START_TEST(weekdays_and_hours_stay_evenly_filled)
{
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;
    uint64_t state = 13;
    int days[7] = {0}, hours[24] = {0}, total = 0;

    fixture_init(&fixture, KIND_INSTANT, 1);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    for (int round = 0; round < 10; round++) {
        for (uint32_t i = 0; i < FIXTURE_ROWS; i++) {
            fixture.subjects[i] = random_next(&state);
            values[i] = value_integer(now - (int64_t)(random_next(&state) % (700u * 86400000000u)));
        }
        fixture_apply(&fixture, values, FIXTURE_ROWS);
        for (uint32_t i = 0; i < FIXTURE_ROWS; i++, total++) {
            days[floor_div(values[i].integer, DAY_US) % 7]++;
            hours[floor_div(values[i].integer, DAY_US / 24) % 24]++;
        }
    }
    for (int i = 0; i < 7; i++)
        ck_assert_double_eq_tol((double)days[i] / total, 1.0 / 7, 0.01);
    for (int i = 0; i < 24; i++)
        ck_assert_double_eq_tol((double)hours[i] / total, 1.0 / 24, 0.005);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_unique_shift_is_one_to_one)
{
    static bool seen[3000];
    struct fixture fixture;

    memset(seen, 0, sizeof(seen));
    fixture_init(&fixture, KIND_DATE, 1);
    fixture.site.is_unique = true;
    ck_assert_msg(fixture_prepare(&fixture, "shift", "{ unique: true }"), "%s", fixture.err.cause);
    ck_assert_uint_eq(fixture.prepared->needs & NEED_SUBJECT, 0);
    for (int64_t day = 15000; day < 15000 + 28 * 40; day++) {
        int64_t moved = fixture_integer(&fixture, day);

        ck_assert_int_lt(moved, day);
        ck_assert(moved > 14000 && !seen[moved - 14000]);
        seen[moved - 14000] = true;
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_companion_takes_its_neighbor_along)
{
    struct fixture fixture;
    struct value before[3] = {value_integer(now), {.is_null = true}, value_integer(0)};
    struct value after[3] = {value_integer(now - 5000000), {.is_null = true}, value_integer(0)};
    struct value values[3] = {value_integer(now + 7), value_integer(now), value_integer(now)};

    fixture_init(&fixture, KIND_INSTANT, 1);
    fixture.site.with = "a";
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    ck_assert_uint_ne(fixture.prepared->needs & NEED_COMPANIONS, 0);
    fixture.companions[0] = after;
    fixture.companion_inputs[0] = before;
    fixture_apply(&fixture, values, 3);
    ck_assert_int_eq(values[0].integer, now + 7 - 5000000);
    /* Where the companion is NULL or stayed, the time moves by itself: never by nothing. */
    ck_assert_int_lt(values[1].integer, now - 30 * DAY_US / 7);
    ck_assert_int_eq(values[2].integer, values[1].integer);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_constant_shift_keeps_all_intervals)
{
    struct fixture fixture;
    struct value values[2] = {value_integer(now), value_integer(now + 12345678)};

    fixture_init(&fixture, KIND_INSTANT, 1);
    fixture.site.accept_risk = "agreed";
    ck_assert(fixture_prepare(&fixture, "shift", "{ mode: constant }"));
    fixture_apply(&fixture, values, 2);
    ck_assert_int_eq(values[1].integer - values[0].integer, 12345678);
    ck_assert_int_eq((now - values[0].integer) % (7 * DAY_US), 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_birth_date_keeps_its_year_or_its_five_years)
{
    struct fixture fixture;
    int year, month, day, moved_year, same = 0;

    fixture_init(&fixture, KIND_DATE, 1);
    ck_assert(fixture_prepare(&fixture, "birth_date", NULL));
    for (int64_t days = -20000; days < 20000; days += 37) {
        int64_t moved = fixture_integer(&fixture, days);

        date_from_days(days, &year, &month, &day);
        date_from_days(moved, &moved_year, &month, &day);
        ck_assert_int_eq(year, moved_year);
        same += moved == days;
    }
    ck_assert_int_lt(same, 15);
    ck_assert(fixture_prepare(&fixture, "birth_date", "{ keep: age_band }"));
    for (int64_t days = -20000; days < 20000; days += 37) {
        date_from_days(days, &year, &month, &day);
        date_from_days(fixture_integer(&fixture, days), &moved_year, &month, &day);
        ck_assert_int_eq(floor_div(year, 5), floor_div(moved_year, 5));
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_birth_on_a_leap_day_and_at_the_ends_of_the_calendar_stays_a_day)
{
    const int64_t days[] = {date_to_days(2000, 2, 29),
                            date_to_days(1999, 12, 31),
                            FIRST_DAY + 366,
                            date_to_days(5874896, 6, 1),
                            -1,
                            1};
    int year, month, day, moved_year, moved_month, moved_day;
    struct fixture fixture;

    fixture_init(&fixture, KIND_DATE, 1);
    ck_assert(fixture_prepare(&fixture, "birth_date", NULL));
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        const int64_t moved = fixture_integer(&fixture, days[i]);

        date_from_days(days[i], &year, &month, &day);
        date_from_days(moved, &moved_year, &moved_month, &moved_day);
        ck_assert_int_eq(year, moved_year);
        ck_assert_int_eq(date_to_days(moved_year, moved_month, moved_day), moved);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_last_times_of_the_types_keep_their_order)
{
    struct fixture fixture;
    struct value values[4];

    fixture_init(&fixture, KIND_TIMESTAMP, 1);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    values[0] = value_integer(FIRST_DAY * DAY_US);
    values[1] = value_integer(INT64_MAX - 3 * WEEK_US);
    values[2] = value_integer(INT64_MAX - 2);
    values[3] = value_integer(INT64_MAX - 1);
    fixture_apply(&fixture, values, 4);
    for (int i = 1; i < 4; i++)
        ck_assert_int_le(values[i - 1].integer, values[i].integer);
    ck_assert_int_eq(values[0].integer, FIRST_DAY * DAY_US);
    ck_assert_int_lt(values[3].integer, INT64_MAX - 1);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_shift(void);
Suite *suite_transform_shift(void)
{
    Suite *suite = suite_create("transform/shift");
    TCase *tcase = tcase_create("shift");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase,
                        order_within_a_subject_is_never_reversed_and_nothing_reaches_the_future, 0,
                        COUNT_OF(scale_sets));
    tcase_add_test(tcase, times_before_1970_and_at_the_ends_keep_their_order);
    tcase_add_test(tcase, dates_move_as_their_noon_does);
    tcase_add_test(tcase, results_have_the_precision_of_the_column);
    tcase_add_test(tcase, sentinels_stay_and_are_counted);
    tcase_add_test(tcase, subjects_move_apart_and_equal_times_of_one_stay_equal);
    tcase_add_test(tcase, weekdays_and_hours_stay_evenly_filled);
    tcase_add_test(tcase, a_unique_shift_is_one_to_one);
    tcase_add_test(tcase, a_companion_takes_its_neighbor_along);
    tcase_add_test(tcase, a_constant_shift_keeps_all_intervals);
    tcase_add_test(tcase, a_birth_date_keeps_its_year_or_its_five_years);
    tcase_add_test(tcase, a_birth_on_a_leap_day_and_at_the_ends_of_the_calendar_stays_a_day);
    tcase_add_test(tcase, the_last_times_of_the_types_keep_their_order);
    suite_add_tcase(suite, tcase);
    return suite;
}
