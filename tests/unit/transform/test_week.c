#include "fixture.h"
#include "transform/params.h"
#include "transform/warp.h"

#include <check.h>
#include <stdlib.h>

static const int64_t now = INT64_C(1700000000000000);

/* Office hours, half as much on Saturdays, nothing on Sundays. */
static void office_week(int64_t counts[WEEK_HOURS])
{
    for (int i = 0; i < WEEK_HOURS; i++) {
        const int hour = i % 24, day = i / 24;

        counts[i] = hour < 8 || hour > 17 || day == 6 ? 0 : day == 5 ? 500 : 1000;
    }
}

static void one_hour_week(int64_t counts[WEEK_HOURS])
{
    for (int i = 0; i < WEEK_HOURS; i++)
        counts[i] = i == 100 ? WEEK_COUNT_MAX : 0;
}

static void even_week(int64_t counts[WEEK_HOURS])
{
    for (int i = 0; i < WEEK_HOURS; i++)
        counts[i] = 1;
}

static void (*const weeks[])(int64_t *) = {office_week, one_hour_week, even_week};

static const struct week *week_of(struct fixture *fixture, void (*fill)(int64_t *))
{
    int64_t counts[WEEK_HOURS];
    const struct week *week;

    fill(counts);
    ck_assert(week_make(counts, fixture->arena, &week, &fixture->err));
    return week;
}

/* From 4713 BC to 294246 AD, and more of the present. */
static int64_t random_time(uint64_t *state)
{
    const uint64_t bits = random_next(state);
    const int64_t first = FIRST_DAY * DAY_US + 2 * WEEK_US;

    if (bits % 4)
        return now - (int64_t)(bits >> 2) % (40 * 365 * DAY_US);
    return first + (int64_t)(random_next(state) % (uint64_t)(INT64_MAX - 2 * WEEK_US));
}

START_TEST(activity_time_rises_strictly_and_leads_back)
{
    struct fixture fixture;
    const struct week *week;
    uint64_t state = 5;

    fixture_init(&fixture, KIND_INSTANT, 1);
    week = week_of(&fixture, weeks[_i]);
    for (int i = 0; i < 200000; i++) {
        const int64_t time = random_time(&state);
        const struct moment before = week_enter(week, time - 1), here = week_enter(week, time);
        const int64_t again = week_leave(week, here);

        if (here.us < before.us || (here.us == before.us && here.part <= before.part) ||
            again > time || again < time - 1)
            ck_abort_msg("%lld leads to %lld", (long long)time, (long long)again);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_week_begins_on_monday_and_is_as_long_as_a_week)
{
    const int64_t monday = date_to_days(2026, 11, 16) * DAY_US;
    struct fixture fixture;
    const struct week *week;

    fixture_init(&fixture, KIND_INSTANT, 1);
    week = week_of(&fixture, one_hour_week);
    for (int64_t i = -1000; i < 1000; i++) {
        const struct moment moment = week_enter(week, monday + i * WEEK_US);

        ck_assert_int_eq(moment.us, monday + i * WEEK_US);
        ck_assert_uint_eq(moment.part, 0);
    }
    /* The hour that has all counts is 98 % of the week long, and 2 % of 168th. */
    const int64_t hour = INT64_C(3600000000);
    const int64_t length =
        week_enter(week, monday + 101 * hour).us - week_enter(week, monday + 100 * hour).us;
    ck_assert_int_le(llabs(length - (WEEK_US / 100 * 98 + WEEK_US / 50 / 168)), 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(order_is_never_reversed_in_activity_time_and_nothing_reaches_the_future)
{
    struct fixture fixture;
    struct value values[2];
    uint64_t state = 11;

    fixture_init(&fixture, KIND_INSTANT, 1);
    fixture.site.week = week_of(&fixture, weeks[_i]);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    for (int i = 0; i < 300000; i++) {
        const int64_t first = random_time(&state);
        const int64_t second = first - (int64_t)(random_next(&state) >> (3 + i % 60));

        values[0] = value_integer(second);
        values[1] = value_integer(first);
        fixture.subjects[0] = fixture.subjects[1] = random_next(&state);
        if (time_is_sentinel(KIND_INSTANT, first) || time_is_sentinel(KIND_INSTANT, second) ||
            second < FIRST_DAY * DAY_US)
            continue;
        fixture_apply(&fixture, values, 2);
        if (values[0].integer > values[1].integer ||
            (values[1].integer >= first && values[1].integer != FIRST_DAY * DAY_US))
            ck_abort_msg("pair %d is reversed or moves forward", i);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(nights_stay_quiet_and_sundays_stay_empty)
{
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;
    uint64_t state = 13;
    int quiet = 0, total = 0, saturdays = 0;

    fixture_init(&fixture, KIND_INSTANT, 1);
    fixture.site.week = week_of(&fixture, office_week);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    while (total < 40000) {
        uint32_t count = 0;

        while (count < FIXTURE_ROWS) {
            const int64_t day = 16000 + (int64_t)(random_next(&state) % 700);
            const int64_t weekday = (day + 3) % 7;

            if (weekday == 6 || (weekday == 5 && random_next(&state) % 2))
                continue;
            fixture.subjects[count] = random_next(&state);
            values[count++] = value_integer(day * DAY_US + DAY_US / 3 +
                                            (int64_t)(random_next(&state) % (DAY_US * 10 / 24)));
        }
        fixture_apply(&fixture, values, count);
        for (uint32_t i = 0; i < count; i++, total++) {
            const int64_t day = floor_div(values[i].integer, DAY_US);
            const int64_t hour = (values[i].integer - day * DAY_US) / (DAY_US / 24);

            quiet += (day + 3) % 7 == 6 || hour < 8 || hour > 17;
            saturdays += (day + 3) % 7 == 5;
        }
    }
    /* The floor gives the quiet 113 hours 2 % of 113/168 of everything. */
    ck_assert_double_le((double)quiet / total, 0.025);
    ck_assert_double_eq_tol((double)saturdays / total, 1.0 / 11, 0.01);
    fixture_release(&fixture);
}
END_TEST

START_TEST(another_week_is_another_mapping_and_a_constant_shift_has_none)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INSTANT, 1);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    const int64_t flat = fixture_integer(&fixture, now);
    fixture.site.week = week_of(&fixture, even_week);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    const int64_t even = fixture_integer(&fixture, now);
    ck_assert_int_ne(flat, even);
    ck_assert_int_eq(even, fixture_integer(&fixture, now));
    fixture.site.accept_risk = "a test";
    ck_assert(fixture_prepare(&fixture, "shift", "{ mode: constant }"));
    const int64_t constant = fixture_integer(&fixture, now);
    fixture.site.week = NULL;
    ck_assert(fixture_prepare(&fixture, "shift", "{ mode: constant }"));
    ck_assert_int_eq(constant, fixture_integer(&fixture, now));
    fixture_release(&fixture);
}
END_TEST

/* The numbers that flat stretches have always given under this key: a change breaks every staging
 * database that is refreshed. */
START_TEST(without_a_week_the_stretches_are_what_they_were)
{
    struct fixture fixture;
    uint64_t state = 99, sum = 0;

    fixture_init(&fixture, KIND_INSTANT, 1);
    ck_assert(fixture_prepare(&fixture, "shift", NULL));
    for (int i = 0; i < 10000; i++) {
        fixture.subjects[0] = random_next(&state) % 100;
        sum = sum * 31 +
              (uint64_t)fixture_integer(&fixture, now - (int64_t)(random_next(&state) >> 8));
    }
    ck_assert_uint_eq(sum, UINT64_C(12240045761561408064));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_week(void);
Suite *suite_transform_week(void)
{
    Suite *suite = suite_create("transform/week");
    TCase *tcase = tcase_create("week");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, activity_time_rises_strictly_and_leads_back, 0, COUNT_OF(weeks));
    tcase_add_test(tcase, a_week_begins_on_monday_and_is_as_long_as_a_week);
    tcase_add_loop_test(tcase,
                        order_is_never_reversed_in_activity_time_and_nothing_reaches_the_future, 0,
                        COUNT_OF(weeks));
    tcase_add_test(tcase, nights_stay_quiet_and_sundays_stay_empty);
    tcase_add_test(tcase, another_week_is_another_mapping_and_a_constant_shift_has_none);
    tcase_add_test(tcase, without_a_week_the_stretches_are_what_they_were);
    suite_add_tcase(suite, tcase);
    return suite;
}
