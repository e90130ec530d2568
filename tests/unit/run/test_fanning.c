/* How many children the chosen parents have, from keys of both sides. */
#include "run/fanning.h"
#include "support/bind_trial.h"

#include <check.h>

Suite *suite_run_fanning(void);

enum { PARENTS = 3000 };

static struct bind_trial trial;
static struct survey survey;
static struct selection selection;
static struct fan_out fan_outs[2];
static struct fanning *fanning;
static struct arena *arena;

static void open_with(size_t ceiling)
{
    fanning_free(fanning);
    ck_assert(fanning_new(&selection, &codec_pg_binary, ceiling, &fanning, &trial.err));
}

static void begin(void)
{
    bind_begin_shop(&trial);
    bind_try(&trial, bind_shop_columns);
    ck_assert_bound(&trial);
    arena = arena_new();
    fanning = NULL;
    survey = (struct survey){.binding = trial.binding, .fan_outs = fan_outs};
    selection = (struct selection){.binding = trial.binding, .survey = &survey};
    for (size_t i = 0; i < trial.binding->graph->all.count; i++) {
        ck_assert_uint_lt(i, COUNT_OF(fan_outs));
        fan_outs[i] = (struct fan_out){.edge = trial.binding->graph->all.edges[i]};
        survey.fan_out_count++;
    }
    open_with(1u << 20);
}

static void end(void)
{
    fanning_free(fanning);
    arena_free(arena);
    bind_end(&trial);
}

/* The side of an edge of orders that is or is not its parent. */
static const struct fan_side *side_of(const char *table, bool is_parent)
{
    size_t count = 0;
    const struct fan_side *sides = fanning_sides(fanning, bind_table(&trial, table)->table, &count);

    for (size_t i = 0; i < count; i++)
        if (sides[i].is_parent == is_parent && strcmp(sides[i].edge->child->name, "orders") == 0)
            return &sides[i];
    ck_abort_msg("no side");
    return NULL;
}

static uint64_t hash_of(uint64_t key)
{
    return (key + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static void add(bool is_parent, uint64_t key, bool is_tail)
{
    const uint64_t row = fanning_row(hash_of(key), is_tail);

    ck_assert(fanning_add(fanning, side_of(is_parent ? "customers" : "orders", is_parent), &row, 1,
                          &trial.err));
}

static struct fanned finish(void)
{
    struct fanned *fanned;
    size_t count = 0;

    ck_assert(fanning_finish(fanning, arena, &fanned, &count, &trial.err));
    for (size_t i = 0; i < count; i++)
        if (strcmp(fanned[i].real->edge->child->name, "orders") == 0)
            return fanned[i];
    ck_abort_msg("no edge");
    return fanned[0];
}

START_TEST(nothing_is_counted_without_a_survey)
{
    selection.survey = NULL;
    open_with(1u << 20);
    ck_assert_ptr_null(fanning);
    selection.survey = &survey;
    survey.fan_out_count = 0;
    open_with(1u << 20);
    ck_assert_ptr_null(fanning);
}
END_TEST

START_TEST(parents_are_grouped_by_their_children)
{
    struct fanned fanned;

    for (uint64_t parent = 0; parent < 4; parent++) {
        add(true, parent, false);
        for (uint64_t child = 0; child < parent; child++)
            add(false, parent, false);
    }
    add(false, 99, false); /* its parent did not come */
    fanned = finish();
    for (size_t group = 0; group < FAN_OUT_GROUPS; group++) {
        ck_assert_uint_eq(fanned.whole[group], group < 4);
        ck_assert_uint_eq(fanned.sampled[group], group < 4);
    }
    ck_assert(!fanned.is_sample);
}
END_TEST

START_TEST(what_only_the_tail_brought_is_told_apart)
{
    struct fanned fanned;

    add(true, 1, true); /* a parent that lost children */
    add(false, 1, true);
    add(true, 2, false);
    add(false, 2, false);
    add(false, 2, false);
    add(false, 2, true);
    fanned = finish();
    ck_assert_uint_eq(fanned.whole[1], 1);
    ck_assert_uint_eq(fanned.whole[3], 1);
    for (size_t group = 0; group < FAN_OUT_GROUPS; group++)
        ck_assert_uint_eq(fanned.sampled[group], group == 2);
}
END_TEST

START_TEST(the_last_group_has_all_beyond)
{
    struct fanned fanned;

    add(true, 1, false);
    for (int i = 0; i < 3 * FAN_OUT_GROUPS; i++)
        add(false, 1, false);
    fanned = finish();
    ck_assert_uint_eq(fanned.whole[FAN_OUT_GROUPS - 1], 1);
}
END_TEST

/* Comparing every child of it with every other would take hours. */
START_TEST(a_parent_of_all_children_is_no_burden)
{
    enum { CHILDREN = 200000 };
    uint64_t *rows = ARENA_ARRAY(arena, CHILDREN, uint64_t);
    struct fanned fanned;

    open_with(16u << 20);
    add(true, 7, false);
    for (size_t i = 0; i < CHILDREN; i++)
        rows[i] = fanning_row(hash_of(7), i % 2);
    ck_assert(fanning_add(fanning, side_of("orders", false), rows, CHILDREN, &trial.err));
    fanned = finish();
    ck_assert_uint_eq(fanned.whole[FAN_OUT_GROUPS - 1], 1);
}
END_TEST

/* Parents with parent % 3 children; `step` walks through them in another order. */
static struct fanned counted(size_t ceiling, uint64_t step)
{
    open_with(ceiling);
    for (uint64_t i = 0; i < PARENTS; i++) {
        const uint64_t parent = i * step % PARENTS;

        for (uint64_t child = 0; child < parent % 3; child++)
            add(false, parent, parent % 5 == 0);
        add(true, parent, parent % 5 == 0);
    }
    return finish();
}

START_TEST(parents_that_stay_keep_all_their_children)
{
    const struct fanned all = counted(1u << 20, 1), some = counted(16u << 10, 1);
    uint64_t parents = 0;

    ck_assert(!all.is_sample && some.is_sample);
    ck_assert_uint_eq(all.whole[0], PARENTS / 3);
    for (size_t group = 0; group < FAN_OUT_GROUPS; group++)
        parents += some.whole[group];
    ck_assert_uint_gt(parents, 100);
    ck_assert_uint_lt(parents, PARENTS / 2);
    ck_assert_uint_eq(some.whole[0] + some.whole[1] + some.whole[2], parents);
    for (size_t group = 0; group < 3; group++)
        ck_assert_double_eq_tol((double)some.whole[group] / (double)parents, 1 / 3., 0.08);
}
END_TEST

START_TEST(the_order_of_rows_does_not_show)
{
    const struct fanned one = counted(16u << 10, 1), other = counted(16u << 10, 1013);

    ck_assert_mem_eq(one.whole, other.whole, sizeof(one.whole));
    ck_assert_mem_eq(one.sampled, other.sampled, sizeof(one.sampled));
}
END_TEST

Suite *suite_run_fanning(void)
{
    Suite *suite = suite_create("run/fanning");
    TCase *tests = tcase_create("fanning");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, nothing_is_counted_without_a_survey);
    tcase_add_test(tests, parents_are_grouped_by_their_children);
    tcase_add_test(tests, what_only_the_tail_brought_is_told_apart);
    tcase_add_test(tests, the_last_group_has_all_beyond);
    tcase_add_test(tests, a_parent_of_all_children_is_no_burden);
    tcase_add_test(tests, parents_that_stay_keep_all_their_children);
    tcase_add_test(tests, the_order_of_rows_does_not_show);
    suite_add_tcase(suite, tests);
    return suite;
}
