/* Cover on graphs made by hand: what comes first, what budget stops, what order must not change. */
#include "choose/cover.h"
#include <check.h>

#define MOST 40

static struct row_graph *graph;
static struct arena *arena;
static struct error err;
static struct cover cover;
static struct cover_stratum strata[MOST];
static struct cover_unit units[MOST];
static struct cover_own owns[MOST];
static uint32_t roots[MOST], witnessed[MOST], witness_first[MOST + 1];
static size_t root_count, own_count, witness_count;
static bool is_in[MOST];

static void setup(void)
{
    err = (struct error){0};
    arena = arena_new();
    ck_assert(row_graph_new(&graph, &err));
    root_count = own_count = witness_count = 0;
    memset(is_in, 0, sizeof(is_in));
    cover = (struct cover){.graph = graph,
                           .witness_first = witness_first,
                           .witnessed = witnessed,
                           .strata = strata,
                           .units = units,
                           .roots = roots,
                           .owns = owns,
                           .budget = 1000,
                           .first_most = 1000,
                           .is_in = is_in};
}

static void teardown(void)
{
    row_graph_free(graph);
    arena_free(arena);
}

static uint32_t key_of(uint32_t row)
{
    struct key_image image = {.is_number = true, .number = row};
    uint32_t key;

    ck_assert(row_graph_key(graph, 0, &image, &key, &err));
    return key;
}

/* A row that refers to `parent`, and is a witness of `stratum`; ROW_NONE: of none. */
static uint32_t row_add(uint32_t parent, uint32_t stratum)
{
    struct row_place place = {.address = 100 + graph->node_count};
    uint32_t node;

    ck_assert(row_graph_add(graph, &place, &node, &err));
    row_graph_own(graph, node, key_of(node));
    if (parent != ROW_NONE)
        ck_assert(row_graph_refer(graph, node, key_of(parent), &err));
    witness_first[node] = (uint32_t)witness_count;
    if (stratum != ROW_NONE)
        witnessed[witness_count++] = stratum;
    witness_first[node + 1] = (uint32_t)witness_count;
    return node;
}

/* Also of this stratum; only for the row added last. */
static void row_witnesses(uint32_t stratum)
{
    witnessed[witness_count++] = stratum;
    witness_first[graph->node_count] = (uint32_t)witness_count;
}

static uint32_t stratum_add(uint32_t wanted)
{
    strata[cover.stratum_count] = (struct cover_stratum){.weight = 1000, .wanted = wanted};
    return (uint32_t)cover.stratum_count++;
}

static struct cover_unit *unit_add(uint32_t root, uint64_t hash)
{
    struct cover_unit *unit = &units[cover.unit_count++];

    *unit = (struct cover_unit){
        .hash = hash, .root = (uint32_t)root_count, .roots = 1, .own = (uint32_t)own_count};
    roots[root_count++] = root;
    return unit;
}

static void run(void)
{
    if (!graph->is_closed)
        row_graph_close(graph);
    ck_assert(cover_run(&cover, arena, &err));
}

START_TEST(a_row_that_covers_two_strata_comes_instead_of_two_rows)
{
    uint32_t first = stratum_add(1), second = stratum_add(1);
    uint32_t a = row_add(ROW_NONE, first), b = row_add(ROW_NONE, second);
    uint32_t both = row_add(ROW_NONE, first);

    row_witnesses(second);
    unit_add(a, 1);
    unit_add(b, 2);
    unit_add(both, 3);
    run();
    ck_assert(is_in[both] && !is_in[a] && !is_in[b]);
    ck_assert_uint_eq(cover.spent, 1);
}
END_TEST

START_TEST(what_a_row_drags_in_counts_as_its_cost)
{
    uint32_t stratum = stratum_add(1);
    uint32_t top = row_add(ROW_NONE, ROW_NONE), middle = row_add(top, ROW_NONE);
    uint32_t dear = row_add(middle, stratum), cheap = row_add(ROW_NONE, stratum);

    unit_add(dear, 1);
    unit_add(cheap, 2);
    run();
    ck_assert(is_in[cheap] && !is_in[dear] && !is_in[middle]);
}
END_TEST

START_TEST(parents_come_with_their_row_and_are_paid_once)
{
    uint32_t one = stratum_add(1), two = stratum_add(1);
    uint32_t top = row_add(ROW_NONE, ROW_NONE), middle = row_add(top, ROW_NONE);
    uint32_t a = row_add(middle, one), b = row_add(middle, two);

    unit_add(a, 1);
    unit_add(b, 2);
    run();
    ck_assert(is_in[a] && is_in[b] && is_in[middle] && is_in[top]);
    ck_assert_uint_eq(cover.spent, 4);
}
END_TEST

START_TEST(every_stratum_has_a_first_witness_before_any_has_a_second)
{
    uint32_t rich = stratum_add(5), poor = stratum_add(5);
    uint32_t top = row_add(ROW_NONE, ROW_NONE), last = row_add(top, poor);

    for (uint64_t i = 0; i < 5; i++)
        unit_add(row_add(ROW_NONE, rich), i);
    unit_add(last, 9);
    cover.budget = 3;
    run();
    ck_assert(is_in[last]);
    ck_assert_uint_eq(strata[poor].have, 1);
    ck_assert_uint_eq(strata[rich].have, 1);
    ck_assert_uint_eq(cover.spent, 3);
    ck_assert_uint_eq(cover.over, 0);
}
END_TEST

START_TEST(further_witnesses_stop_at_the_budget)
{
    uint32_t stratum = stratum_add(5);

    for (uint64_t i = 0; i < 5; i++)
        unit_add(row_add(ROW_NONE, stratum), i);
    cover.budget = 3;
    run();
    ck_assert_uint_eq(strata[stratum].have, 3);
    ck_assert(is_in[0] && is_in[1] && is_in[2] && !is_in[3]);
}
END_TEST

START_TEST(first_witnesses_may_exceed_the_budget_and_it_is_said)
{
    for (uint64_t i = 0; i < 4; i++)
        unit_add(row_add(ROW_NONE, stratum_add(2)), i);
    cover.budget = 1;
    run();
    ck_assert_uint_eq(cover.spent, 4);
    ck_assert_uint_eq(cover.over, 3);
}
END_TEST

START_TEST(a_first_witness_that_drags_too_much_is_left_to_the_budget)
{
    uint32_t whale = stratum_add(1), plain = stratum_add(1);
    uint32_t row = ROW_NONE;

    for (int i = 0; i < 5; i++)
        row = row_add(row, i < 4 ? ROW_NONE : whale);
    unit_add(row, 1);
    unit_add(row_add(ROW_NONE, plain), 2);
    cover.budget = 1;
    cover.first_most = 4;
    run();
    ck_assert_uint_eq(strata[whale].have, 0);
    ck_assert_uint_eq(strata[plain].have, 1);
    ck_assert_uint_eq(cover.spent, 1);
}
END_TEST

START_TEST(what_costs_more_comes_where_nothing_else_will_do)
{
    uint8_t costs[MOST];
    uint32_t stratum = stratum_add(1);
    uint32_t dear = row_add(row_add(ROW_NONE, ROW_NONE), stratum);
    uint32_t chain = row_add(row_add(row_add(ROW_NONE, ROW_NONE), ROW_NONE), stratum);

    memset(costs, 1, sizeof(costs));
    costs[0] = 16;
    cover.costs = costs;
    unit_add(dear, 1);
    unit_add(chain, 2);
    run();
    ck_assert(is_in[chain] && !is_in[dear]);
    ck_assert_uint_eq(cover.spent, 3);
    ck_assert_uint_eq(cover.charged, 3);
}
END_TEST

START_TEST(a_witness_that_is_there_by_a_pin_is_not_sought_again)
{
    uint32_t stratum = stratum_add(1);
    uint32_t pinned = row_add(ROW_NONE, stratum), other = row_add(ROW_NONE, stratum);

    is_in[pinned] = true;
    unit_add(pinned, 2);
    unit_add(other, 1);
    run();
    ck_assert_uint_eq(strata[stratum].have, 1);
    ck_assert(!is_in[other]);
    ck_assert_uint_eq(cover.spent, 0);
}
END_TEST

START_TEST(equal_figures_are_ordered_by_hash_and_not_by_place)
{
    for (int way = 0; way < 2; way++) {
        uint32_t stratum = stratum_add(1);
        uint32_t a = row_add(ROW_NONE, stratum), b = row_add(ROW_NONE, stratum);
        unit_add(a, way ? 7 : 3);
        unit_add(b, way ? 3 : 7);
        run();
        ck_assert(is_in[way ? b : a] && !is_in[way ? a : b]);
        teardown();
        setup();
    }
}
END_TEST

START_TEST(rows_that_share_a_value_come_together_or_not_at_all)
{
    uint32_t shared = stratum_add(3), plain = stratum_add(5);
    uint32_t nodes[3];

    for (uint32_t i = 0; i < 3; i++)
        nodes[i] = row_add(ROW_NONE, i == 0 ? plain : ROW_NONE);
    struct cover_unit *unit = unit_add(nodes[0], 1);
    for (uint32_t i = 1; i < 3; i++)
        roots[root_count++] = nodes[i];
    unit->roots = 3;
    unit->owns = 1;
    owns[own_count++] = (struct cover_own){shared, 3};
    unit_add(nodes[0], 2);
    cover.budget = 0;
    run();
    ck_assert(is_in[nodes[0]] && is_in[nodes[1]] && is_in[nodes[2]]);
    ck_assert_uint_eq(strata[shared].have, 3);
    ck_assert_uint_eq(strata[plain].have, 1);
    ck_assert_uint_eq(cover.over, 3);
}
END_TEST

START_TEST(a_witness_without_its_children_does_not_cover_a_fan_out)
{
    uint32_t fan_out = stratum_add(1), plain = stratum_add(1);
    uint32_t parent = row_add(ROW_NONE, plain);
    uint32_t child = row_add(parent, ROW_NONE);

    unit_add(parent, 1);
    struct cover_unit *unit = unit_add(parent, 2);
    roots[root_count++] = child;
    unit->roots = 2;
    unit->owns = 1;
    owns[own_count++] = (struct cover_own){fan_out, 1};
    run();
    ck_assert(is_in[child]);
    ck_assert(unit->is_taken);
    ck_assert_uint_eq(strata[fan_out].have, 1);
}
END_TEST

START_TEST(a_cycle_of_references_ends)
{
    uint32_t stratum = stratum_add(1);
    uint32_t a = row_add(1, stratum), b = row_add(2, ROW_NONE), c = row_add(0, ROW_NONE);

    unit_add(a, 1);
    run();
    ck_assert(is_in[a] && is_in[b] && is_in[c]);
    ck_assert_uint_eq(cover.spent, 3);
}
END_TEST

START_TEST(heavy_strata_are_sought_first)
{
    uint32_t light = stratum_add(2), heavy = stratum_add(2);

    for (uint64_t i = 0; i < 2; i++)
        unit_add(row_add(ROW_NONE, light), i);
    for (uint64_t i = 0; i < 2; i++)
        unit_add(row_add(ROW_NONE, heavy), 10 + i);
    strata[heavy].weight = 9000;
    cover.budget = 3;
    run();
    ck_assert_uint_eq(strata[heavy].have, 2);
    ck_assert_uint_eq(strata[light].have, 1);
}
END_TEST

START_TEST(a_key_that_no_row_owns_is_no_reference)
{
    uint32_t a = row_add(77, stratum_add(1));

    unit_add(a, 1);
    run();
    ck_assert_uint_eq(graph->nodes[a].count, 0);
    ck_assert_uint_eq(cover.spent, 1);
}
END_TEST

Suite *suite_choose_cover(void);
Suite *suite_choose_cover(void)
{
    Suite *suite = suite_create("choose/cover");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, a_row_that_covers_two_strata_comes_instead_of_two_rows);
    tcase_add_test(all, what_a_row_drags_in_counts_as_its_cost);
    tcase_add_test(all, parents_come_with_their_row_and_are_paid_once);
    tcase_add_test(all, every_stratum_has_a_first_witness_before_any_has_a_second);
    tcase_add_test(all, further_witnesses_stop_at_the_budget);
    tcase_add_test(all, first_witnesses_may_exceed_the_budget_and_it_is_said);
    tcase_add_test(all, a_first_witness_that_drags_too_much_is_left_to_the_budget);
    tcase_add_test(all, what_costs_more_comes_where_nothing_else_will_do);
    tcase_add_test(all, a_witness_that_is_there_by_a_pin_is_not_sought_again);
    tcase_add_test(all, equal_figures_are_ordered_by_hash_and_not_by_place);
    tcase_add_test(all, rows_that_share_a_value_come_together_or_not_at_all);
    tcase_add_test(all, a_witness_without_its_children_does_not_cover_a_fan_out);
    tcase_add_test(all, a_cycle_of_references_ends);
    tcase_add_test(all, heavy_strata_are_sought_first);
    tcase_add_test(all, a_key_that_no_row_owns_is_no_reference);
    suite_add_tcase(suite, all);
    return suite;
}
