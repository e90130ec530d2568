/* Stores of parent keys: whatever the order of keys, exact counts, the same slice. */
#include "survey/links_store.h"

#include <check.h>
#include <stdlib.h>

#define KEYS 20000u

static struct error err;

static uint64_t scattered(uint64_t n)
{
    return (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct store *store_make(size_t ceiling, bool has_places)
{
    struct store_shape shape = {.counters = 3,
                                .attributes = 2,
                                .has_places = has_places,
                                .ceiling = ceiling,
                                .key = {17, 4711}};
    struct store *store = store_new(&shape);

    ck_assert_ptr_nonnull(store);
    return store;
}

static void key_put(struct store *store, uint64_t key)
{
    struct store_slot slot;

    ck_assert(store_add(store, key, &slot, &err));
    if (!slot.bytes)
        return;
    slot_set_exists(store, slot);
    slot_set_attribute(slot, 0, (uint32_t)key);
    slot_set_attribute(slot, 1, (uint32_t)(key >> 32));
}

static void key_check(const struct store *store, uint64_t key)
{
    struct store_slot slot = store_find(store, key);

    ck_assert_ptr_nonnull(slot.bytes);
    ck_assert(slot_exists(store, slot));
    ck_assert_uint_eq(slot_attribute(slot, 0), (uint32_t)key);
    ck_assert_uint_eq(slot_attribute(slot, 1), (uint32_t)(key >> 32));
}

static uint64_t keys_count(const struct store *store)
{
    struct store_cursor cursor = {0};
    struct store_slot slot;
    uint64_t count = 0, key;

    while (store_next(store, &cursor, &key, &slot))
        count++;
    return count;
}

START_TEST(dense_keys_are_found_and_cost_little_more_than_their_slots)
{
    struct store *store = store_make(SIZE_MAX, false);

    for (uint64_t i = 0; i < KEYS; i++)
        key_put(store, 1000 + i);
    for (uint64_t i = 0; i < KEYS; i++)
        key_check(store, 1000 + i);
    ck_assert_ptr_null(store_find(store, 999).bytes);
    ck_assert_ptr_null(store_find(store, 1000 + KEYS).bytes);
    ck_assert_uint_eq(keys_count(store), KEYS);
    ck_assert_uint_lt(store_need(store), KEYS * 13 + 2 * 32 * 12); /* a slot has 12 bytes */
    store_free(store);
}
END_TEST

START_TEST(lone_keys_are_found_too)
{
    struct store *store = store_make(SIZE_MAX, true);

    for (uint64_t i = 0; i < KEYS; i++)
        key_put(store, scattered(i));
    for (uint64_t i = 0; i < KEYS; i++)
        key_check(store, scattered(i));
    ck_assert_ptr_null(store_find(store, scattered(KEYS)).bytes);
    store_free(store);
}
END_TEST

START_TEST(a_page_may_be_filled_in_any_order)
{
    struct store *store = store_make(SIZE_MAX, false);

    for (uint64_t i = 0; i < KEYS; i++)
        key_put(store, i * 7919 % KEYS); /* 7919 is prime: every key once */
    ck_assert_uint_eq(keys_count(store), KEYS);
    for (uint64_t i = 0; i < KEYS; i++)
        key_check(store, i);
    store_free(store);
}
END_TEST

START_TEST(a_place_is_kept_apart_from_attributes_and_counts)
{
    struct store *store = store_make(SIZE_MAX, true);
    struct store_slot slot;

    key_put(store, 5);
    slot = store_find(store, 5);
    slot_set_place(store, slot, UINT64_MAX - 1);
    ck_assert(store_count(store, 5, slot, 0, &err));
    key_check(store, 5);
    ck_assert_uint_eq(slot_place(store, slot), UINT64_MAX - 1);
    ck_assert_uint_eq(store_children(store, 5, slot, 0), 1);
    store_free(store);
}
END_TEST

START_TEST(counts_stay_exact_beyond_a_byte)
{
    static const unsigned wanted[] = {254, 255, 256, 70000};
    struct store *store = store_make(SIZE_MAX, false);

    for (uint64_t key = 0; key < COUNT_OF(wanted); key++) {
        key_put(store, key);
        struct store_slot slot = store_find(store, key);
        for (unsigned i = 0; i < wanted[key]; i++)
            ck_assert(store_count(store, key, slot, 1, &err));
        ck_assert(store_count(store, key, slot, 2, &err));
    }
    for (uint64_t key = 0; key < COUNT_OF(wanted); key++) {
        struct store_slot slot = store_find(store, key);
        ck_assert_uint_eq(store_children(store, key, slot, 0), 0);
        ck_assert_uint_eq(store_children(store, key, slot, 1), wanted[key]);
        ck_assert_uint_eq(store_children(store, key, slot, 2), 1);
    }
    store_free(store);
}
END_TEST

/* Sum over all keys that are kept: the same sets have the same sums. */
static uint64_t store_sum(const struct store *store)
{
    struct store_cursor cursor = {0};
    struct store_slot slot;
    uint64_t sum = 0, key;

    while (store_next(store, &cursor, &key, &slot)) {
        ck_assert(store_keeps(store, key));
        sum += key * 31 + store_children(store, key, slot, 0) * scattered(key);
    }
    return sum;
}

static void slices_fill(struct store *store, unsigned step, uint64_t (*name)(uint64_t))
{
    for (uint64_t i = 0; i < KEYS; i++) {
        uint64_t key = name(i * step % KEYS);
        struct store_slot slot;
        ck_assert(store_add(store, key, &slot, &err));
        for (uint64_t n = 0; slot.bytes && n < (key % 7 == 0 ? 300 : 2); n++)
            ck_assert(store_count(store, key, slot, 0, &err));
    }
    ck_assert(store_fit(store, &err));
}

static uint64_t itself(uint64_t n)
{
    return n;
}

static void slices_check(uint64_t (*name)(uint64_t))
{
    struct store *ahead = store_make(60000, false), *mixed = store_make(60000, false);

    slices_fill(ahead, 1, name);
    slices_fill(mixed, 7919, name);
    ck_assert_uint_gt(store_slice(ahead), 0);
    ck_assert_uint_eq(store_slice(ahead), store_slice(mixed));
    ck_assert_uint_eq(keys_count(ahead), keys_count(mixed));
    ck_assert_uint_eq(store_sum(ahead), store_sum(mixed));
    ck_assert_uint_le(store_need(mixed), 60000);
    ck_assert_uint_gt(store_need(mixed), 10000);
    uint64_t estimate = keys_count(mixed) << store_slice(mixed);
    ck_assert_uint_gt(estimate, KEYS / 2);
    ck_assert_uint_lt(estimate, KEYS * 2);
    store_free(ahead);
    store_free(mixed);
}

START_TEST(a_slice_of_dense_keys_does_not_depend_on_their_order)
{
    slices_check(itself);
}
END_TEST

START_TEST(a_slice_of_lone_keys_does_not_depend_on_their_order)
{
    slices_check(scattered);
}
END_TEST

START_TEST(holes_of_a_random_order_are_closed_before_anything_is_given_up)
{
    /* 12 bytes a slot: all fits, but not together with what the pages grew out of. */
    struct store *store = store_make(UINT64_C(12) * 200000 + 400000, false);

    for (uint64_t i = 0; i < 200000; i++)
        key_put(store, i * 7919 % 200000);
    ck_assert(store_fit(store, &err));
    ck_assert_uint_eq(store_slice(store), 0);
    for (uint64_t i = 0; i < 200000; i++)
        key_check(store, i);
    ck_assert_uint_lt(store_bytes(store), UINT64_C(12) * 200000 * 3 / 2 + 400000);
    store_free(store);
}
END_TEST

Suite *suite_survey_links_store(void);
Suite *suite_survey_links_store(void)
{
    Suite *suite = suite_create("survey/links_store");
    TCase *test = tcase_create("store");

    tcase_add_test(test, dense_keys_are_found_and_cost_little_more_than_their_slots);
    tcase_add_test(test, lone_keys_are_found_too);
    tcase_add_test(test, a_page_may_be_filled_in_any_order);
    tcase_add_test(test, a_place_is_kept_apart_from_attributes_and_counts);
    tcase_add_test(test, counts_stay_exact_beyond_a_byte);
    tcase_add_test(test, a_slice_of_dense_keys_does_not_depend_on_their_order);
    tcase_add_test(test, a_slice_of_lone_keys_does_not_depend_on_their_order);
    tcase_add_test(test, holes_of_a_random_order_are_closed_before_anything_is_given_up);
    suite_add_tcase(suite, test);
    return suite;
}
