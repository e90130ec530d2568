/* What a column holds, and that summing up in parts comes to the same. */
#include "survey/digest.h"

#include "base/fasthash.h"

#include <check.h>
#include <math.h>

Suite *suite_survey_digest(void);

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

static uint64_t hash_of(uint64_t value)
{
    return fasthash(0, &value, sizeof(value));
}

static struct digest open(unsigned what)
{
    struct digest made;

    ck_assert(digest_init(&made, what, arena, &err));
    return made;
}

static void add(struct digest *digest, uint64_t value)
{
    ck_assert(digest_add(digest, hash_of(value), (double)value, 1, arena, &err));
}

static struct distribution finish(const struct digest *digest)
{
    struct distribution made;

    ck_assert(digest_distribution(digest, arena, &made, &err));
    return made;
}

static void assert_same(const struct distribution *a, const struct distribution *b)
{
    ck_assert_uint_eq(a->rows, b->rows);
    ck_assert_uint_eq(a->nulls, b->nulls);
    ck_assert(a->distinct >= b->distinct && a->distinct <= b->distinct);
    ck_assert_int_eq(a->has_categories, b->has_categories);
    ck_assert_uint_eq(a->category_count, b->category_count);
    for (size_t i = 0; i < a->category_count; i++) {
        ck_assert_uint_eq(a->categories[i].hash, b->categories[i].hash);
        ck_assert_uint_eq(a->categories[i].rows, b->categories[i].rows);
    }
    ck_assert(a->least >= b->least && a->least <= b->least);
    ck_assert(a->greatest >= b->greatest && a->greatest <= b->greatest);
    ck_assert_uint_eq(a->level, b->level);
    ck_assert_uint_eq(a->bucket_count, b->bucket_count);
    for (size_t i = 0; i < a->bucket_count; i++)
        ck_assert_uint_eq(a->buckets[i].rows, b->buckets[i].rows);
}

START_TEST(rows_nulls_categories_and_range_are_exact)
{
    struct digest digest = open(DIGEST_VALUES | DIGEST_ORDER);
    struct distribution made;

    for (uint64_t i = 0; i < 1000; i++)
        add(&digest, 5 + i % DIGEST_CATEGORIES);
    digest_add_nulls(&digest, 24);
    made = finish(&digest);
    ck_assert_uint_eq(made.rows, 1024);
    ck_assert_uint_eq(made.nulls, 24);
    ck_assert(made.has_categories && made.is_ordered);
    ck_assert_uint_eq(made.category_count, DIGEST_CATEGORIES);
    ck_assert_double_eq(made.distinct, DIGEST_CATEGORIES);
    ck_assert_double_eq(made.least, 5);
    ck_assert_double_eq(made.greatest, 4 + DIGEST_CATEGORIES);
    for (size_t i = 1; i < made.category_count; i++)
        ck_assert_uint_lt(made.categories[i - 1].hash, made.categories[i].hash);
}
END_TEST

START_TEST(one_value_more_and_there_are_no_categories)
{
    struct digest digest = open(DIGEST_VALUES);
    struct distribution made;

    for (uint64_t i = 0; i <= DIGEST_CATEGORIES; i++)
        add(&digest, i);
    made = finish(&digest);
    ck_assert(made.has_values && !made.has_categories && !made.is_ordered);
    ck_assert_double_eq_tol(made.distinct, DIGEST_CATEGORIES + 1, 2);
}
END_TEST

START_TEST(what_had_too_many_values_has_them_when_merged)
{
    struct digest many = open(DIGEST_VALUES), none = open(DIGEST_VALUES);

    for (uint64_t i = 0; i <= DIGEST_CATEGORIES; i++)
        add(&many, i);
    ck_assert(digest_merge(&none, &many, arena, &err));
    ck_assert(!finish(&none).has_categories);
}
END_TEST

START_TEST(values_are_counted_within_a_few_percent)
{
    for (uint64_t count = 100; count <= 1000000; count *= 10) {
        struct digest digest = open(DIGEST_VALUES);

        for (uint64_t i = 0; i < count; i++) {
            add(&digest, i);
            add(&digest, i / 2);
        }
        ck_assert_double_eq_tol(finish(&digest).distinct / (double)count, 1, 0.05);
    }
}
END_TEST

START_TEST(what_is_not_finite_is_outside_of_the_range_but_not_of_the_order)
{
    const double numbers[] = {NAN, INFINITY, -INFINITY, 3, 4};
    struct digest digest = open(DIGEST_ORDER);
    struct distribution made;

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        ck_assert(digest_add(&digest, i, numbers[i], 1, arena, &err));
        if (i == 2)
            ck_assert(isnan(finish(&digest).least));
    }
    made = finish(&digest);
    ck_assert_double_eq(made.least, 3);
    ck_assert_double_eq(made.greatest, 4);
    ck_assert_uint_eq(made.bucket_count, 5);
}
END_TEST

/* Rows dealt out to three parts, which are merged in one order or another. */
static void merge_agrees(uint64_t values, bool is_backwards)
{
    struct digest whole = open(DIGEST_VALUES | DIGEST_ORDER), parts[3];
    struct distribution one, other;

    for (size_t i = 0; i < 3; i++)
        parts[i] = open(DIGEST_VALUES | DIGEST_ORDER);
    for (uint64_t i = 0; i < 6000; i++) {
        const uint64_t value = i * 48271 % 2147483647 % values;
        struct digest *part = &parts[i % 5 % 3];

        add(&whole, value);
        add(part, value);
        if (i % 7 == 0) {
            digest_add_nulls(&whole, 1);
            digest_add_nulls(part, 1);
        }
    }
    if (is_backwards) {
        ck_assert(digest_merge(&parts[1], &parts[0], arena, &err));
        ck_assert(digest_merge(&parts[2], &parts[1], arena, &err));
    } else {
        ck_assert(digest_merge(&parts[2], &parts[0], arena, &err));
        ck_assert(digest_merge(&parts[2], &parts[1], arena, &err));
    }
    one = finish(&whole);
    other = finish(&parts[2]);
    assert_same(&one, &other);
}

START_TEST(merged_parts_are_the_whole)
{
    static const uint64_t values[] = {1, 20, 64, 65, 70, 3000, 100000};

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        merge_agrees(values[i], false);
        merge_agrees(values[i], true);
    }
}
END_TEST

Suite *suite_survey_digest(void)
{
    Suite *suite = suite_create("survey/digest");
    TCase *tests = tcase_create("digest");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, rows_nulls_categories_and_range_are_exact);
    tcase_add_test(tests, one_value_more_and_there_are_no_categories);
    tcase_add_test(tests, what_had_too_many_values_has_them_when_merged);
    tcase_add_test(tests, values_are_counted_within_a_few_percent);
    tcase_add_test(tests, what_is_not_finite_is_outside_of_the_range_but_not_of_the_order);
    tcase_add_test(tests, merged_parts_are_the_whole);
    suite_add_tcase(suite, tests);
    return suite;
}
