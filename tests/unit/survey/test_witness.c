#include "fixture.h"
#include <check.h>

enum { MOST = 5 };

static struct witness_pool *pool_make(void)
{
    struct witness_pool *pool = witness_pool_new(MOST);

    ck_assert_ptr_nonnull(pool);
    return pool;
}

static void offer(struct witness_pool *pool, struct witness_list *list, uint64_t hash)
{
    struct witness witness = {.hash = hash, .address = hash + 1000};
    struct error err = {0};

    ck_assert(witness_offer(pool, list, &witness, &err));
}

/* A list of 0 to count - 1, offered in an order of its own. */
static void offer_all(struct witness_pool *pool, struct witness_list *list, unsigned count,
                      unsigned step)
{
    for (unsigned i = 0; i < count; i++)
        offer(pool, list, (uint64_t)i * step % count);
}

static void assert_smallest(struct witness_list *list)
{
    ck_assert_uint_eq(list->count, MOST);
    witness_sort(list);
    for (unsigned i = 0; i < MOST; i++) {
        ck_assert_uint_eq(list->items[i].hash, i);
        ck_assert_uint_eq(list->items[i].address, i + 1000);
    }
}

START_TEST(the_smallest_hashes_stay_in_every_order)
{
    static const unsigned steps[] = {1, 7, 50, 100};
    struct witness_pool *pool = pool_make();

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct witness_list list = {.count = 0};
        offer_all(pool, &list, 101, steps[i]);
        assert_smallest(&list);
    }
    witness_pool_free(pool);
}
END_TEST

START_TEST(lists_of_several_workers_merge_into_the_list_of_one)
{
    struct witness_pool *pool = pool_make(), *other = pool_make();
    struct witness_list list = {.count = 0}, from = {.count = 0};
    struct error err = {0};

    for (unsigned i = 0; i < 60; i++)
        offer(i % 3 ? pool : other, i % 3 ? &list : &from, 59 - i);
    ck_assert(witness_merge(pool, &list, &from, &err));
    assert_smallest(&list);
    witness_pool_free(pool);
    witness_pool_free(other);
}
END_TEST

START_TEST(equal_hashes_are_told_apart_by_their_place)
{
    struct witness_pool *pool = pool_make();
    struct witness_list list = {.count = 0};
    struct error err = {0};

    for (uint64_t i = 20; i > 0; i--) {
        struct witness witness = {.hash = 1, .address = i, .relation = (uint16_t)(i % 2)};
        ck_assert(witness_offer(pool, &list, &witness, &err));
    }
    witness_sort(&list);
    for (unsigned i = 0; i < MOST; i++) {
        ck_assert_uint_eq(list.items[i].relation, 0);
        ck_assert_uint_eq(list.items[i].address, 2 * i + 2);
    }
    witness_pool_free(pool);
}
END_TEST

START_TEST(a_lost_list_takes_nothing_and_is_lost_after_a_merge)
{
    struct witness_pool *pool = pool_make(), *other = pool_make();
    struct witness_list list = {.count = 0}, from = {.count = 0};
    struct error err = {0};

    offer(pool, &list, 1);
    offer(other, &from, 2);
    witness_lose(other, &from);
    offer(other, &from, 3);
    ck_assert_uint_eq(from.count, 0);
    ck_assert(witness_merge(pool, &list, &from, &err));
    ck_assert(list.is_lost);
    ck_assert_uint_eq(list.count, 0);
    witness_pool_free(pool);
    witness_pool_free(other);
}
END_TEST

START_TEST(memory_of_lost_lists_is_used_again)
{
    struct witness_pool *pool = pool_make();
    struct witness_list list = {.count = 0};
    size_t bytes;

    offer(pool, &list, 1);
    bytes = witness_pool_bytes(pool);
    for (unsigned i = 0; i < 100000; i++) {
        witness_lose(pool, &list);
        list = (struct witness_list){.count = 0};
        offer(pool, &list, i);
    }
    ck_assert_uint_eq(witness_pool_bytes(pool), bytes);
    witness_pool_free(pool);
}
END_TEST

Suite *suite_survey_witness(void);

Suite *suite_survey_witness(void)
{
    Suite *suite = suite_create("survey/witness");
    TCase *tcase = tcase_create("witness");

    tcase_add_test(tcase, the_smallest_hashes_stay_in_every_order);
    tcase_add_test(tcase, lists_of_several_workers_merge_into_the_list_of_one);
    tcase_add_test(tcase, equal_hashes_are_told_apart_by_their_place);
    tcase_add_test(tcase, a_lost_list_takes_nothing_and_is_lost_after_a_merge);
    tcase_add_test(tcase, memory_of_lost_lists_is_used_again);
    suite_add_tcase(suite, tcase);
    return suite;
}
