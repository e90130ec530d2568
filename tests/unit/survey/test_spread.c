/* Ordered values in bounded memory: the same whatever their order. */
#include "survey/spread.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *suite_survey_spread(void);

static struct arena *arena;
static struct error err;

static void begin(void)
{
    arena = arena_new();
}

static void end(void)
{
    arena_free(arena);
}

/* A permutation of 0 .. 2^bits - 1. */
static uint64_t mixed(uint64_t number, unsigned bits)
{
    return (number * 40503 + 7) & ((UINT64_C(1) << bits) - 1);
}

static void add(struct spread *spread, double number)
{
    ck_assert(spread_add(spread, number, 1, arena, &err));
}

static void assert_same(const struct spread *a, const struct spread *b)
{
    const struct spread_bucket *left = spread_buckets(a, arena), *right = spread_buckets(b, arena);

    ck_assert_uint_eq(a->level, b->level);
    ck_assert_uint_eq(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        ck_assert_uint_eq(left[i].place, right[i].place);
        ck_assert_uint_eq(left[i].rows, right[i].rows);
    }
}

START_TEST(places_sort_as_numbers_do)
{
    const double ascending[] = {-INFINITY, -1e300, -2.5, -2,       -1e-310,  0,  1e-310,
                                1,         1.5,    1e15, 1e16 + 2, INFINITY, NAN};

    for (size_t i = 1; i < COUNT_OF(ascending); i++)
        ck_assert_uint_lt(spread_place(ascending[i - 1], 0), spread_place(ascending[i], 0));
    ck_assert_uint_eq(spread_place(-0.0, 0), spread_place(0.0, 0));
    ck_assert_uint_eq(spread_place(-NAN, 5), spread_place(NAN, 5));
    ck_assert_uint_eq(spread_place(1.5, 9), spread_place(1.5, 0) >> 9);
}
END_TEST

START_TEST(few_values_stay_apart)
{
    struct spread spread = {0};

    for (int i = 0; i < 4 * SPREAD_BUCKETS; i++)
        add(&spread, i % SPREAD_BUCKETS);
    ck_assert_uint_eq(spread.level, 0);
    ck_assert_uint_eq(spread.count, SPREAD_BUCKETS);
    for (uint32_t i = 0; i < spread.count; i++)
        ck_assert_uint_eq(spread_buckets(&spread, arena)[i].rows, 4);
}
END_TEST

START_TEST(many_values_share_buckets_and_no_row_is_lost)
{
    struct spread spread = {0};
    const struct spread_bucket *buckets;
    uint64_t rows = 0;

    for (int i = 0; i < 100000; i++)
        add(&spread, i * 0.37 - 5000);
    buckets = spread_buckets(&spread, arena);
    ck_assert_uint_le(spread.count, SPREAD_BUCKETS);
    ck_assert_uint_gt(spread.count, SPREAD_BUCKETS / 4);
    for (uint32_t i = 0; i < spread.count; i++) {
        ck_assert(i == 0 || buckets[i - 1].place < buckets[i].place);
        rows += buckets[i].rows;
    }
    ck_assert_uint_eq(rows, 100000);
}
END_TEST

START_TEST(the_order_of_values_does_not_show)
{
    enum { BITS = 14 };
    struct spread one = {0}, other = {0};

    for (uint64_t i = 0; i < 1u << BITS; i++) {
        add(&one, sqrt((double)i));
        add(&other, sqrt((double)mixed(i, BITS)));
    }
    ck_assert_uint_gt(one.level, 0);
    assert_same(&one, &other);
}
END_TEST

START_TEST(a_part_without_rows_takes_over_a_coarse_one)
{
    struct spread whole = {0}, empty = {0};

    for (int i = 0; i < 20000; i++)
        add(&whole, 1000 + i * 0.001);
    ck_assert_uint_gt(whole.level, 0);
    ck_assert(spread_merge(&empty, &whole, arena, &err));
    assert_same(&whole, &empty);
}
END_TEST

START_TEST(merged_parts_are_the_whole_whatever_their_levels)
{
    struct spread whole = {0}, fine = {0}, coarse = {0}, fine_too = {0}, coarse_too = {0};

    for (int i = 0; i < 20000; i++) {
        const double number = i < 100 ? i : 1000 + i * 0.001;

        add(&whole, number);
        add(i < 100 ? &fine : &coarse, number);
        add(i < 100 ? &fine_too : &coarse_too, number);
    }
    ck_assert_uint_lt(fine.level, coarse.level);
    ck_assert(spread_merge(&fine, &coarse, arena, &err));
    ck_assert(spread_merge(&coarse_too, &fine_too, arena, &err));
    assert_same(&whole, &fine);
    assert_same(&whole, &coarse_too);
}
END_TEST

START_TEST(values_of_the_whole_range_still_fit)
{
    struct spread spread = {0};

    for (uint64_t i = 0; i < 200000; i++) {
        const uint64_t bits = i * UINT64_C(0x9e3779b97f4a7c15);
        double number;

        memcpy(&number, &bits, sizeof(number));
        add(&spread, number);
    }
    ck_assert_uint_le(spread.count, SPREAD_BUCKETS);
    ck_assert_uint_lt(arena_bytes(arena), 128u << 10);
}
END_TEST

Suite *suite_survey_spread(void)
{
    Suite *suite = suite_create("survey/spread");
    TCase *tests = tcase_create("spread");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, places_sort_as_numbers_do);
    tcase_add_test(tests, few_values_stay_apart);
    tcase_add_test(tests, many_values_share_buckets_and_no_row_is_lost);
    tcase_add_test(tests, the_order_of_values_does_not_show);
    tcase_add_test(tests, a_part_without_rows_takes_over_a_coarse_one);
    tcase_add_test(tests, merged_parts_are_the_whole_whatever_their_levels);
    tcase_add_test(tests, values_of_the_whole_range_still_fit);
    suite_add_tcase(suite, tests);
    return suite;
}
