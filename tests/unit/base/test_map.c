/* The hash map: many keys, awkward keys, order. */
#include "base/map.h"
#include <check.h>
#include <stdio.h>

static struct map *map;

static void setup(void)
{
    map = map_new();
    ck_assert_ptr_nonnull(map);
}

static void teardown(void)
{
    map_free(map);
}

/* Keys of many lengths that share their beginnings and differ in one byte at the end. */
static struct span key_make(char *text, size_t size, int number)
{
    int len = snprintf(text, size, "%*d", 1 + number % 40, number);

    return span_make(text, (size_t)len);
}

START_TEST(a_hundred_thousand_keys_are_found_in_order)
{
    char text[64];
    bool is_new;

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 100000; i++) {
            uint64_t *value = map_put(map, key_make(text, sizeof(text), i), (uint64_t)i, &is_new);
            ck_assert_ptr_nonnull(value);
            ck_assert(is_new == (round == 0));
            ck_assert_uint_eq(*value, (uint64_t)i);
        }
    ck_assert_uint_eq(map_count(map), 100000);
    for (int i = 0; i < 100000; i++) {
        struct span key = key_make(text, sizeof(text), i);
        ck_assert_uint_eq(*map_find(map, key), (uint64_t)i);
        ck_assert(span_equal(map_key(map, (size_t)i), key));
        ck_assert_uint_eq(map_value(map, (size_t)i), (uint64_t)i);
    }
    ck_assert_ptr_null(map_find(map, key_make(text, sizeof(text), 100000)));
    ck_assert_uint_lt(map_bytes(map), 100000 * 90);
}
END_TEST

START_TEST(keys_that_begin_alike_are_told_apart_by_length)
{
    char zeros[600] = {0};
    bool is_new;

    for (size_t len = 0; len <= sizeof(zeros); len++)
        ck_assert(map_put(map, span_make(zeros, len), len, &is_new) && is_new);
    for (size_t len = 0; len <= sizeof(zeros); len++)
        ck_assert_uint_eq(*map_find(map, span_make(zeros, len)), len);
}
END_TEST

START_TEST(null_and_empty_are_two_keys)
{
    bool is_new;

    ck_assert(map_put(map, (struct span){NULL, 0}, 1, &is_new) && is_new);
    ck_assert_ptr_null(map_find(map, SPAN_LITERAL("")));
    ck_assert(map_put(map, SPAN_LITERAL(""), 2, &is_new) && is_new);
    ck_assert_uint_eq(*map_find(map, (struct span){NULL, 0}), 1);
    ck_assert_uint_eq(*map_find(map, SPAN_LITERAL("")), 2);
    ck_assert(span_is_null(map_key(map, 0)) && !span_is_null(map_key(map, 1)));
}
END_TEST

START_TEST(a_key_is_copied)
{
    char text[] = "key";
    bool is_new;

    map_put(map, span_of(text), 1, &is_new);
    text[0] = 'x';
    ck_assert_ptr_nonnull(map_find(map, SPAN_LITERAL("key")));
    ck_assert_ptr_null(map_find(map, SPAN_LITERAL("xey")));
}
END_TEST

START_TEST(a_key_longer_than_a_chunk_is_kept)
{
    static char text[200000];
    bool is_new;

    memset(text, 'a', sizeof(text));
    map_put(map, SPAN_LITERAL("small"), 1, &is_new);
    map_put(map, span_make(text, sizeof(text)), 2, &is_new);
    map_put(map, SPAN_LITERAL("other"), 3, &is_new);
    ck_assert_uint_eq(*map_find(map, span_make(text, sizeof(text))), 2);
    ck_assert_uint_eq(*map_find(map, SPAN_LITERAL("small")), 1);
    ck_assert_uint_eq(*map_find(map, SPAN_LITERAL("other")), 3);
}
END_TEST

START_TEST(a_value_changes_through_its_slot)
{
    bool is_new;

    map_put(map, SPAN_LITERAL("a"), 1, &is_new);
    *map_find(map, SPAN_LITERAL("a")) += 5;
    ck_assert_uint_eq(*map_put(map, SPAN_LITERAL("a"), 9, &is_new), 6);
    ck_assert(!is_new);
}
END_TEST

START_TEST(a_reset_map_is_empty_and_usable)
{
    bool is_new;

    map_put(map, SPAN_LITERAL("a"), 1, &is_new);
    map_reset(map);
    ck_assert_uint_eq(map_count(map), 0);
    ck_assert_ptr_null(map_find(map, SPAN_LITERAL("a")));
    ck_assert(map_put(map, SPAN_LITERAL("a"), 2, &is_new) && is_new);
    ck_assert_uint_eq(map_value(map, 0), 2);
}
END_TEST

Suite *suite_base_map(void);
Suite *suite_base_map(void)
{
    Suite *suite = suite_create("base/map");
    TCase *tests = tcase_create("map");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_hundred_thousand_keys_are_found_in_order);
    tcase_add_test(tests, keys_that_begin_alike_are_told_apart_by_length);
    tcase_add_test(tests, null_and_empty_are_two_keys);
    tcase_add_test(tests, a_key_is_copied);
    tcase_add_test(tests, a_key_longer_than_a_chunk_is_kept);
    tcase_add_test(tests, a_value_changes_through_its_slot);
    tcase_add_test(tests, a_reset_map_is_empty_and_usable);
    suite_add_tcase(suite, tests);
    return suite;
}
