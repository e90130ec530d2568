/* The metrics against what their documentation says of them. */
#include "verify/similarity.h"

#include "survey/digest.h"

#include <check.h>
#include <math.h>

Suite *suite_verify_similarity(void);

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

/* A column of these numbers, each also a category; NaN is NULL here. */
static struct distribution column(size_t count, const double *numbers)
{
    struct distribution made;
    struct digest digest;

    ck_assert(digest_init(&digest, DIGEST_VALUES | DIGEST_ORDER, arena, &err));
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = spread_place(numbers[i], 0) * UINT64_C(0x9e3779b97f4a7c15);

        if (isnan(numbers[i]))
            digest_add_nulls(&digest, 1);
        else
            ck_assert(digest_add(&digest, hash, numbers[i], 1, arena, &err));
    }
    ck_assert(digest_distribution(&digest, arena, &made, &err));
    return made;
}

#define COLUMN(...)                                                                                \
    column(sizeof((double[]){__VA_ARGS__}) / sizeof(double), (double[]){__VA_ARGS__})

static void assert_near(double score, double expected)
{
    ck_assert_double_eq_tol(score, expected, 1e-12);
}

START_TEST(shares_of_nulls_are_compared)
{
    const struct distribution real = COLUMN(1, 2, NAN, NAN), same = COLUMN(NAN, 7),
                              none = COLUMN(3, 4), all = COLUMN(NAN, NAN);

    assert_near(missing_value_similarity(&real, &same), 1);
    assert_near(missing_value_similarity(&real, &none), 0.5);
    assert_near(missing_value_similarity(&none, &all), 0);
}
END_TEST

/* "The KS statistic is the maximum difference between the two CDFs"; the complement is 1 less it.
 */
START_TEST(ks_is_the_greatest_distance_of_the_distribution_functions)
{
    const struct distribution real = COLUMN(1, 2, 3, 4), shifted = COLUMN(3, 4, 5, 6),
                              apart = COLUMN(10, 11), most = COLUMN(1, 2, 3, 3, NAN),
                              negative = COLUMN(-4, -3, -2, -1);

    assert_near(ks_complement(&real, &real), 1);
    assert_near(ks_complement(&real, &shifted), 0.5);
    assert_near(ks_complement(&real, &apart), 0);
    assert_near(ks_complement(&real, &most), 0.75);
    assert_near(ks_complement(&real, &negative), 0);
    assert_near(ks_complement(&shifted, &real), ks_complement(&real, &shifted));
}
END_TEST

START_TEST(ks_of_spreads_of_different_levels_is_near_that_of_the_values)
{
    enum { MANY = 50000 };
    double *numbers = ARENA_ARRAY(arena, MANY, double);
    struct distribution many, few;

    for (size_t i = 0; i < MANY; i++)
        numbers[i] = (double)i / MANY;
    many = column(MANY, numbers);
    for (size_t i = 0; i < 100; i++)
        numbers[i] = 0.3 + 0.7 * (double)i / 100;
    few = column(100, numbers);
    ck_assert_uint_gt(many.level, few.level);
    ck_assert_double_eq_tol(ks_complement(&many, &few), 0.7, 0.01);
    ck_assert_double_eq_tol(ks_complement(&few, &many), 0.7, 0.01);
}
END_TEST

/* Half the sum of the differences: |.5 - .25| + |.5 - .25| + |0 - .5| = 1. */
START_TEST(tv_is_half_the_sum_of_the_differences)
{
    const struct distribution real = COLUMN(1, 1, 2, 2), part = COLUMN(1, 2, 3, 3, NAN),
                              other = COLUMN(4, 5);

    assert_near(tv_complement(&real, &real), 1);
    assert_near(tv_complement(&real, &part), 0.5);
    assert_near(tv_complement(&part, &real), 0.5);
    assert_near(tv_complement(&real, &other), 0);
}
END_TEST

/* The documentation's example: 3 of 5 categories. What production lacks does not help. */
START_TEST(category_coverage_is_the_share_of_productions_categories)
{
    const struct distribution real = COLUMN(1, 2, 3, 4, 5, 5), part = COLUMN(1, 3, 3, 5),
                              more = COLUMN(1, 3, 5, 6, 7, 8, NAN), null = COLUMN(NAN);

    assert_near(category_coverage(&real, &part), 0.6);
    assert_near(category_coverage(&real, &more), 0.6);
    assert_near(category_coverage(&real, &real), 1);
    assert_near(category_coverage(&real, &null), 0);
}
END_TEST

/* The documentation's example: [37, 97.7] against [45, 95]. */
START_TEST(range_coverage_lacks_what_both_ends_lack)
{
    const struct distribution real = COLUMN(37, 60, 97.7), part = COLUMN(45, 95),
                              wider = COLUMN(0, 100), beyond = COLUMN(200, 300),
                              point = COLUMN(5, 5), whole = COLUMN(-1.7e308, 1.7e308),
                              half = COLUMN(0, 1.7e308);

    assert_near(range_coverage(&real, &part), 1 - (8 + 2.7) / 60.7);
    assert_near(range_coverage(&real, &wider), 1);
    assert_near(range_coverage(&real, &beyond), 0);
    ck_assert(isnan(range_coverage(&point, &real)));
    assert_near(range_coverage(&whole, &half), 0.5);
}
END_TEST

START_TEST(cardinality_is_the_ks_of_the_numbers_of_children)
{
    const uint64_t real[4] = {2, 2, 4, 2}, same[4] = {20, 20, 40, 20}, none[4] = {7, 0, 0, 0},
                   zero[4] = {0};

    assert_near(cardinality_shape_similarity(real, same, 4), 1);
    assert_near(cardinality_shape_similarity(real, none, 4), 0.2);
    ck_assert(isnan(cardinality_shape_similarity(real, zero, 4)));
}
END_TEST

START_TEST(where_there_is_nothing_there_is_no_score)
{
    const struct distribution real = COLUMN(1, 2), nulls = COLUMN(NAN, NAN);
    struct distribution empty, plain;
    struct digest digest;

    ck_assert(digest_init(&digest, DIGEST_VALUES | DIGEST_ORDER, arena, &err));
    ck_assert(digest_distribution(&digest, arena, &empty, &err));
    ck_assert(digest_init(&digest, 0, arena, &err));
    digest_add_nulls(&digest, 3);
    ck_assert(digest_distribution(&digest, arena, &plain, &err));
    for (int i = 0; i < 3; i++) {
        const struct distribution *other = i == 0 ? &empty : i == 1 ? &nulls : &plain;

        ck_assert(isnan(ks_complement(&real, other)));
        ck_assert(isnan(tv_complement(&real, other)));
        ck_assert(isnan(range_coverage(&real, other)));
    }
    ck_assert(isnan(category_coverage(&real, &empty)));
    ck_assert(isnan(missing_value_similarity(&real, &empty)));
    ck_assert(!isnan(missing_value_similarity(&real, &plain)));
}
END_TEST

Suite *suite_verify_similarity(void)
{
    Suite *suite = suite_create("verify/similarity");
    TCase *tests = tcase_create("similarity");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, shares_of_nulls_are_compared);
    tcase_add_test(tests, ks_is_the_greatest_distance_of_the_distribution_functions);
    tcase_add_test(tests, ks_of_spreads_of_different_levels_is_near_that_of_the_values);
    tcase_add_test(tests, tv_is_half_the_sum_of_the_differences);
    tcase_add_test(tests, category_coverage_is_the_share_of_productions_categories);
    tcase_add_test(tests, range_coverage_lacks_what_both_ends_lack);
    tcase_add_test(tests, cardinality_is_the_ks_of_the_numbers_of_children);
    tcase_add_test(tests, where_there_is_nothing_there_is_no_score);
    suite_add_tcase(suite, tests);
    return suite;
}
