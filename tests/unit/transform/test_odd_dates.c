/* Dates and times that only MySQL has, under the rules that move them. */
#include "fixture.h"

#include "value/codec.h"
#include <check.h>

START_TEST(long_times_are_exchanged_among_their_like)
{
    const int64_t second = 1000000, day = 86400 * second, end = 838 * 3600 + 3599;
    struct fixture fixture;

    fixture_init_my(&fixture, KIND_TIME, "time", 0);
    fixture.column.precision = 0;
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    for (int64_t i = 1; i < 1000; i++) {
        const int64_t moved = fixture_integer(&fixture, day + i * second);

        ck_assert(moved >= day && moved <= end * second && moved % second == 0);
        ck_assert(fixture_integer(&fixture, -i * second) < 0);
        ck_assert(fixture_integer(&fixture, -i * second) > -day);
        ck_assert_int_eq(fixture_integer(&fixture, -day - i * second), -moved);
    }
    ck_assert_int_ne(fixture_integer(&fixture, end * second), end * second);
    fixture_release(&fixture);
}
END_TEST

static int64_t date_of(const char *text)
{
    const struct type type = {.schema = "", .name = "date", .kind = KIND_DATE};
    struct error err = {0};
    struct value value;

    ck_assert(codec_my.decode(&type, span_of(text), NULL, &value, &err));
    return value.integer;
}

START_TEST(a_partial_date_moves_and_keeps_its_zeros)
{
    static const char *const rules[] = {"shift", "redact", "birth_date", "bucket:width=7d"};

    for (size_t r = 0; r < COUNT_OF(rules); r++) {
        struct partial_date moved;
        struct fixture fixture;

        fixture_init_my(&fixture, KIND_DATE, "date", 0);
        fixture_prepare_short(&fixture, rules[r]);
        const int64_t month = fixture_integer(&fixture, date_of("2020-00-00"));
        const int64_t day = fixture_integer(&fixture, date_of("2020-05-00"));

        ck_assert(time_is_partial(KIND_DATE, month));
        moved = time_read_partial(KIND_DATE, month);
        ck_assert(moved.month == 0 && moved.day == 0 && moved.year >= 2010 && moved.year <= 2029);
        moved = time_read_partial(KIND_DATE, day);
        ck_assert(moved.month > 0 && moved.day == 0);
        ck_assert(!time_is_partial(KIND_DATE, fixture_integer(&fixture, date_of("2021-02-31"))));
        ck_assert(
            time_read_partial(KIND_DATE, fixture_integer(&fixture, date_of("0000-05-03"))).year ==
            0);
        ck_assert_int_eq(fixture_integer(&fixture, date_of("0000-00-00")), TIME_ZERO);
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(no_rule_moves_a_date_out_of_its_type)
{
    static const char *const rules[] = {"shift", "redact", "birth_date"};

    for (size_t r = 0; r < COUNT_OF(rules); r++) {
        struct fixture date, instant;

        fixture_init_my(&date, KIND_DATE, "date", 0);
        fixture_init_my(&instant, KIND_INSTANT, "timestamp", 0);
        instant.column.precision = 0;
        fixture_prepare_short(&date, rules[r]);
        fixture_prepare_short(&instant, rules[r]);
        for (int i = 0; i < 300; i++) {
            const struct value first = {.integer = fixture_integer(&date, -719162 + i)};
            const struct value early = {
                .integer = fixture_integer(&instant, INT64_C(1000000) * (1 + 7000 * i))};
            const struct value late = {
                .integer = fixture_integer(&instant, INT64_C(1000000) *
                                                         (INT64_C(2147470000) - 86400 * (i + 1)))};
            struct error err = {0};
            struct span cell;

            ck_assert(codec_my.encode(&date.column, &date.type, &first, date.arena, &cell, &err));
            ck_assert(
                codec_my.encode(&instant.column, &instant.type, &early, date.arena, &cell, &err));
            ck_assert_int_ge(early.integer, 1000000);
            ck_assert_int_lt(late.integer, INT64_C(2147483648) * 1000000);
        }
        const int64_t last = INT64_C(2147483647) * 1000000;

        ck_assert_int_eq(fixture_integer(&instant, last), last);
        fixture_release(&date);
        fixture_release(&instant);
    }
}
END_TEST

Suite *suite_transform_odd_dates(void);
Suite *suite_transform_odd_dates(void)
{
    Suite *suite = suite_create("transform/odd_dates");
    TCase *tests = tcase_create("all");

    tcase_add_test(tests, long_times_are_exchanged_among_their_like);
    tcase_add_test(tests, a_partial_date_moves_and_keeps_its_zeros);
    tcase_add_test(tests, no_rule_moves_a_date_out_of_its_type);
    suite_add_tcase(suite, tests);
    return suite;
}
