/* Both sides of columns and edges, compared and averaged. */
#include "verify/fidelity.h"

#include "support/bind_trial.h"

#include <check.h>
#include <math.h>

Suite *suite_verify_fidelity(void);

static struct bind_trial trial;
static struct survey survey;
static struct selection selection;
static struct distribution distributions[2];
static struct fan_out fan_outs[1];
static struct likeness *likeness;
static struct fanning *fanning;
static struct arena *arena;
static struct selected_table *parents;

/* Production's orders: totals 1 to 100, two kinds of notes; half of the customers have none. */
static void begin(void)
{
    struct digest digests[2];

    bind_begin_shop(&trial);
    bind_try(&trial, bind_shop_columns);
    ck_assert_bound(&trial);
    arena = arena_new();
    likeness = NULL;
    fanning = NULL;
    ck_assert(digest_init(&digests[0], DIGEST_ORDER, arena, &trial.err));
    ck_assert(digest_init(&digests[1], DIGEST_VALUES, arena, &trial.err));
    for (uint64_t i = 1; i <= 100; i++) {
        ck_assert(digest_add(&digests[0], 0, (double)i, 1, arena, &trial.err));
        ck_assert(digest_add(&digests[1], i % 2, 0, 1, arena, &trial.err));
    }
    for (int i = 0; i < 2; i++) {
        ck_assert(digest_distribution(&digests[i], arena, &distributions[i], &trial.err));
        distributions[i].column = bind_column(&trial, "orders", i ? "note" : "total");
        distributions[i].codec = &codec_pg_binary;
    }
    fan_outs[0] = (struct fan_out){
        .edge = bind_edge(&trial, "public.orders(customer_id) -> public.customers(id)")->edge};
    fan_outs[0].groups[0] = fan_outs[0].groups[2] = 50;
    survey = (struct survey){.binding = trial.binding,
                             .distribution_count = 2,
                             .distributions = distributions,
                             .fan_out_count = 1,
                             .fan_outs = fan_outs};
    bind_select(&trial, &selection);
    selection.survey = &survey;
    parents = &selection.tables[bind_table(&trial, "customers")->table->index];
    *parents = (struct selected_table){.row_count = 10, .whole_count = 5};
    ck_assert(likeness_new(&selection, &codec_pg_binary, &likeness, &trial.err));
    ck_assert(fanning_new(&selection, &codec_pg_binary, 1u << 20, &fanning, &trial.err));
}

static void end(void)
{
    likeness_free(likeness);
    fanning_free(fanning);
    arena_free(arena);
    bind_end(&trial);
}

static struct fidelity *measure(void)
{
    struct fidelity *made;

    ck_assert(fidelity_measure(&selection, likeness, fanning, arena, &made, &trial.err));
    return made;
}

/* The sampled rows are every second one from 50 on, the tail is the first. */
static void orders_choose(void)
{
    struct likeness_part *part;

    ck_assert(likeness_part_new(likeness, bind_table(&trial, "orders")->table, &part, &trial.err));
    for (size_t i = 0; i < part->count; i++) {
        ck_assert(digest_add(&part->tail[i], 1, 1, 1, part->arena, &trial.err));
        for (uint64_t n = 50; n <= 100; n += 2)
            ck_assert(digest_add(&part->sampled[i], n % 2, (double)n, 1, part->arena, &trial.err));
    }
    ck_assert(likeness_take(likeness, part, &trial.err));
    likeness_part_free(part);
}

START_TEST(without_a_survey_nothing_is_measured)
{
    selection.survey = NULL;
    ck_assert_ptr_null(measure());
}
END_TEST

START_TEST(columns_are_scored_for_both_parts)
{
    const struct fidelity *fidelity;
    const struct column_fidelity *total, *note;

    orders_choose();
    fidelity = measure();
    ck_assert_uint_eq(fidelity->column_count, 2);
    total = &fidelity->columns[0];
    note = &fidelity->columns[1];
    ck_assert_uint_eq(total->sampled.rows, 26);
    ck_assert_uint_eq(total->whole.rows, 27);
    ck_assert_double_eq_tol(total->sampled.range_coverage, 50 / 99., 1e-9);
    ck_assert_double_eq_tol(total->whole.range_coverage, 1, 1e-9);
    ck_assert_double_eq_tol(total->sampled.ks_complement, 0.51, 1e-9);
    ck_assert_double_eq_tol(note->sampled.category_coverage, 0.5, 1e-9);
    ck_assert_double_eq_tol(note->whole.category_coverage, 1, 1e-9);
    ck_assert_double_eq_tol(note->sampled.tv_complement, 0.5, 1e-9);
    ck_assert(isnan(note->sampled.ks_complement) && isnan(total->sampled.tv_complement));
    ck_assert_double_eq_tol(fidelity->sampled.column_shapes, (0.51 + 0.5) / 2, 1e-9);
    ck_assert(fidelity->whole.column_shapes > fidelity->sampled.column_shapes);
    ck_assert(isnan(fidelity->whole.cardinality));
}
END_TEST

START_TEST(edges_are_scored_for_both_parts)
{
    const struct fidelity *fidelity;
    size_t count = 0;
    const struct fan_side *customers =
        fanning_sides(fanning, bind_table(&trial, "customers")->table, &count);
    const uint64_t rows[] = {fanning_row(1, false), fanning_row(2, true)};

    ck_assert_uint_eq(count, 1);
    ck_assert(fanning_add(fanning, customers, rows, 2, &trial.err));
    const struct fan_side *children =
        fanning_sides(fanning, bind_table(&trial, "orders")->table, &count);
    const uint64_t orders[] = {rows[1], rows[1]};

    ck_assert_uint_eq(count, 1);
    ck_assert(fanning_add(fanning, children, orders, 2, &trial.err));
    fidelity = measure();
    ck_assert_uint_eq(fidelity->edge_count, 1);
    ck_assert_uint_eq(fidelity->edges[0].sampled.parents, 1);
    ck_assert_uint_eq(fidelity->edges[0].whole.parents, 2);
    ck_assert_double_eq_tol(fidelity->edges[0].sampled.cardinality_shape_similarity, 0.5, 1e-9);
    ck_assert_double_eq_tol(fidelity->edges[0].whole.cardinality_shape_similarity, 1, 1e-9);
    ck_assert_double_eq_tol(fidelity->sampled.cardinality, 0.5, 1e-9);
    ck_assert_double_eq_tol(fidelity->whole.cardinality, 1, 1e-9);
    ck_assert(fidelity->edges[0].is_followed);
    parents->whole_count = 4; /* most came because something refers to them */
    fidelity = measure();
    ck_assert(!fidelity->edges[0].is_followed);
    ck_assert_double_eq_tol(fidelity->edges[0].whole.cardinality_shape_similarity, 1, 1e-9);
    ck_assert(isnan(fidelity->whole.cardinality));
}
END_TEST

Suite *suite_verify_fidelity(void)
{
    Suite *suite = suite_create("verify/fidelity");
    TCase *tests = tcase_create("fidelity");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, without_a_survey_nothing_is_measured);
    tcase_add_test(tests, columns_are_scored_for_both_parts);
    tcase_add_test(tests, edges_are_scored_for_both_parts);
    suite_add_tcase(suite, tests);
    return suite;
}
