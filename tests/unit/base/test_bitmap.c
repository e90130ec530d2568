/* The set of 64-bit numbers against a sorted array, with random operations. */
#include "base/bitmap.h"
#include <check.h>
#include <stdlib.h>

#define UNIVERSE 6000u

/* Numbers that meet every shape: near one another, across container and high-half borders, alone
 * in their high half, and at both ends. */
static uint64_t number_of(uint64_t index)
{
    if (index < 2000)
        return index * 3 + 65000;
    if (index < 4000)
        return UINT64_C(0xfffffe00) + index - 2000;
    if (index < 5999)
        return index * UINT64_C(0x9e3779b97f4a7c15);
    return UINT64_MAX;
}

static uint64_t state = 88172645463325252u;

static uint64_t random_next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int number_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Everything the bitmap says agrees with the naive set. */
static void check_equal(const struct bitmap *bitmap, const bool *naive, size_t chunk)
{
    static uint64_t expected[UNIVERSE];
    static uint64_t numbers[UNIVERSE];
    size_t count = 0;
    size_t at = 0;
    struct bitmap_cursor cursor;

    for (uint64_t i = 0; i < UNIVERSE; i++) {
        ck_assert(bitmap_has(bitmap, number_of(i)) == naive[i]);
        if (naive[i])
            expected[count++] = number_of(i);
    }
    qsort(expected, count, sizeof(*expected), number_compare);
    ck_assert_uint_eq(bitmap_count(bitmap), count);
    bitmap_cursor_init(&cursor, bitmap);
    for (size_t got; (got = bitmap_next(&cursor, numbers, chunk)) > 0; at += got) {
        ck_assert_uint_le(at + got, count);
        for (size_t i = 0; i < got; i++)
            ck_assert_uint_eq(numbers[i], expected[at + i]);
    }
    ck_assert_uint_eq(at, count);
}

static void fill(struct bitmap *bitmap, bool *naive, uint64_t one_in)
{
    bool is_new;

    for (uint64_t i = 0; i < UNIVERSE; i++)
        if (random_next() % one_in == 0 && bitmap_add(bitmap, number_of(i), &is_new))
            naive[i] = true;
}

START_TEST(random_operations_agree_with_a_naive_set)
{
    struct bitmap *bitmap = bitmap_new();
    static bool naive[UNIVERSE];

    for (int step = 0; step < 60000; step++) {
        uint64_t index = random_next() % UNIVERSE;
        bool is_new;
        if (random_next() % 5 < (step < 30000 ? 4 : 1)) {
            ck_assert(bitmap_add(bitmap, number_of(index), &is_new));
            ck_assert(is_new == !naive[index]);
            naive[index] = true;
        } else {
            ck_assert(bitmap_remove(bitmap, number_of(index)) == naive[index]);
            naive[index] = false;
        }
        if (step % 10000 == 9999)
            check_equal(bitmap, naive, 1 + (size_t)(step / 1000));
    }
    bitmap_free(bitmap);
}
END_TEST

START_TEST(an_emptied_set_walks_to_nothing)
{
    struct bitmap *bitmap = bitmap_new();
    static bool naive[UNIVERSE];

    fill(bitmap, naive, 1);
    for (uint64_t i = 0; i < UNIVERSE; i++) {
        ck_assert(bitmap_remove(bitmap, number_of(i)));
        naive[i] = false;
    }
    check_equal(bitmap, naive, 10);
    fill(bitmap, naive, 2);
    check_equal(bitmap, naive, 10);
    bitmap_free(bitmap);
}
END_TEST

START_TEST(a_union_holds_both)
{
    struct bitmap *a = bitmap_new();
    struct bitmap *b = bitmap_new();
    static bool in_a[UNIVERSE], in_b[UNIVERSE];

    fill(a, in_a, 3);
    fill(b, in_b, 3);
    ck_assert(bitmap_or(a, b));
    for (size_t i = 0; i < UNIVERSE; i++)
        in_a[i] |= in_b[i];
    check_equal(a, in_a, 7);
    check_equal(b, in_b, 7);
    ck_assert(bitmap_or(a, a));
    check_equal(a, in_a, UNIVERSE);
    bitmap_free(a);
    bitmap_free(b);
}
END_TEST

START_TEST(a_difference_holds_what_only_the_first_has)
{
    struct bitmap *a = bitmap_new();
    struct bitmap *b = bitmap_new();
    static bool in_a[UNIVERSE], in_b[UNIVERSE], none[UNIVERSE];

    fill(a, in_a, 2);
    fill(b, in_b, 2);
    ck_assert(bitmap_and_not(a, b));
    for (size_t i = 0; i < UNIVERSE; i++)
        in_a[i] &= !in_b[i];
    check_equal(a, in_a, 7);
    check_equal(b, in_b, 7);
    ck_assert(bitmap_and_not(b, b));
    check_equal(b, none, 7);
    bitmap_free(a);
    bitmap_free(b);
}
END_TEST

START_TEST(a_copy_does_not_follow_its_origin)
{
    struct bitmap *bitmap = bitmap_new();
    static bool naive[UNIVERSE];
    bool is_new;

    fill(bitmap, naive, 2);
    struct bitmap *copy = bitmap_copy(bitmap);
    ck_assert(bitmap_add(bitmap, 1, &is_new) && is_new);
    bitmap_reset(bitmap);
    check_equal(copy, naive, 100);
    ck_assert_uint_eq(bitmap_count(bitmap), 0);
    bitmap_free(bitmap);
    bitmap_free(copy);
}
END_TEST

START_TEST(near_keys_take_little_memory)
{
    struct bitmap *bitmap = bitmap_new();
    bool is_new;

    for (uint64_t i = 0; i < 1000000; i++)
        ck_assert(bitmap_add(bitmap, UINT64_C(7000000000) + i, &is_new));
    ck_assert_uint_lt(bitmap_bytes(bitmap), 2000000);
    ck_assert_uint_gt(bitmap_bytes(bitmap), 100000);
    bitmap_free(bitmap);
}
END_TEST

START_TEST(scattered_keys_take_no_bitmap_each)
{
    struct bitmap *bitmap = bitmap_new();
    bool is_new;

    for (uint64_t i = 0; i < 200000; i++)
        ck_assert(bitmap_add(bitmap, i * UINT64_C(0x9e3779b97f4a7c15), &is_new));
    ck_assert_uint_eq(bitmap_count(bitmap), 200000);
    ck_assert_uint_lt(bitmap_bytes(bitmap), 200000 * 40);
    bitmap_free(bitmap);
}
END_TEST

START_TEST(ascending_high_halves_leave_full_leaves)
{
    struct bitmap *bitmap = bitmap_new();
    bool is_new;

    for (uint64_t i = 0; i < 100000; i++)
        ck_assert(bitmap_add(bitmap, i << 32, &is_new));
    ck_assert_uint_lt(bitmap_bytes(bitmap), 100000 * 20);
    bitmap_free(bitmap);
}
END_TEST

Suite *suite_base_bitmap(void);
Suite *suite_base_bitmap(void)
{
    Suite *suite = suite_create("base/bitmap");
    TCase *tests = tcase_create("bitmap");

    tcase_add_test(tests, random_operations_agree_with_a_naive_set);
    tcase_add_test(tests, an_emptied_set_walks_to_nothing);
    tcase_add_test(tests, a_union_holds_both);
    tcase_add_test(tests, a_difference_holds_what_only_the_first_has);
    tcase_add_test(tests, a_copy_does_not_follow_its_origin);
    tcase_add_test(tests, near_keys_take_little_memory);
    tcase_add_test(tests, scattered_keys_take_no_bitmap_each);
    tcase_add_test(tests, ascending_high_halves_leave_full_leaves);
    suite_add_tcase(suite, tests);
    return suite;
}
