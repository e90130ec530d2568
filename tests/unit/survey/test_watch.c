/* Unit tests of the two looks: how many values chance alone brings, and where a second look would
 * tell nothing. */
#include "survey/watch.h"
#include <check.h>

static struct arena *arena;
static struct error err;

static void setup(void)
{
    arena = arena_new();
    err = (struct error){.status = STATUS_OK};
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    arena_free(arena);
}

/* Values number `first` and on, each in so many rows. */
static void count(struct watch *watch, uint64_t first, uint64_t values, uint64_t rows)
{
    for (uint64_t i = first; i < first + values; i++) {
        uint64_t hash = (i + 1) * UINT64_C(0xd6e8feb86659fd93);
        hash ^= hash >> 29;
        ck_assert(watch_count_many(watch, value_hash(hash), rows, arena, &err));
    }
}

static double chance_slowly(const struct sketch *sketch, uint64_t rows, unsigned least)
{
    double chance = (double)rows;

    for (unsigned line = 0; line < SKETCH_LINES; line++) {
        uint64_t below = 0;
        for (uint32_t i = 0; i < sketch->cells; i++)
            below += sketch->lines[line][i] < least ? sketch->lines[line][i] : 0;
        chance *= 1 - (double)below / (double)rows;
    }
    return chance;
}

START_TEST(every_threshold_is_a_sum_over_the_cells)
{
    struct watch watch;
    struct sketch_below below;

    ck_assert(watch_init(&watch, 1 << 10, arena, &err));
    count(&watch, 0, 3000, 1);
    count(&watch, 5000, 40, 90);
    count(&watch, 6000, 3, 1000);
    sketch_weigh(&watch.sketch, &below);
    for (unsigned least = 0; least <= SKETCH_FULL; least++)
        ck_assert_double_eq(sketch_chance(&below, watch.rows, least),
                            chance_slowly(&watch.sketch, watch.rows, least));
}
END_TEST

static void look_again(struct watch *watch, uint32_t cells, uint64_t values)
{
    ck_assert(watch_init(watch, cells, arena, &err));
    count(watch, 0, values, 1);
    watch->is_sought[0] = true;
    watch_again(watch);
}

START_TEST(a_second_look_that_would_find_all_rows_is_left_out)
{
    struct watch watch;

    look_again(&watch, 2, 200000);
    ck_assert_uint_eq(watch.threshold, 0);
    ck_assert(watch.is_given_up);
}
END_TEST

START_TEST(too_many_rows_raise_the_threshold_first)
{
    struct watch watch;

    look_again(&watch, 1 << 14, 200000);
    ck_assert_uint_gt(watch.threshold, 2);
    ck_assert(!watch.is_given_up);
    look_again(&watch, 1 << 20, 20000);
    ck_assert_uint_eq(watch.threshold, 2);
    ck_assert(!watch.is_given_up);
}
END_TEST

Suite *suite_survey_watch(void);
Suite *suite_survey_watch(void)
{
    Suite *suite = suite_create("survey/watch");
    TCase *cases = tcase_create("watch");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, every_threshold_is_a_sum_over_the_cells);
    tcase_add_test(cases, a_second_look_that_would_find_all_rows_is_left_out);
    tcase_add_test(cases, too_many_rows_raise_the_threshold_first);
    return suite;
}
