/* What the chosen rows hold, taken from them as they are rewritten. */
#include "run/likeness.h"
#include "run/rewrite.h"
#include "support/bind_trial.h"

#include <check.h>
#include <math.h>

Suite *suite_run_likeness(void);

enum { COLUMNS = 5, ROWS = 200 };

static struct bind_trial trial;
static struct survey survey;
static struct selection selection;
static struct distribution distributions[COLUMNS];
static struct likeness *likeness;
static struct bitmap *tail;
static struct arena *arena;

static const char profile[] = "sample: { start: [ { table: customers, rows: 5 } ], fraction: 0.1,\n"
                              "  follow: { edges: [ { edge: t.owner_id, parent: cut } ] } }\n"
                              "unclassified: redact\n"
                              "columns:\n"
                              "  customers: { id: permute }\n"
                              "  orders: { id: permute }\n"
                              "  t: { id: { keep: x }, mail: email, status: { keep: x },\n"
                              "       total: { keep: x } }\n";

static void ask(const char *column, bool has_values, bool is_ordered)
{
    distributions[survey.distribution_count++] =
        (struct distribution){.column = bind_column(&trial, "t", column),
                              .codec = &codec_pg_text,
                              .has_values = has_values,
                              .is_ordered = is_ordered};
}

static void begin(void)
{
    struct builder *b;

    bind_begin_shop(&trial);
    b = trial.builder;
    builder_table(b, "public", "t");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "mail", "text", 0);
    builder_column(b, "status", "text", 0);
    builder_column(b, "total", "numeric(12,2)", 0);
    builder_column(b, "owner_id", "int8", 0);
    builder_primary(b, "id");
    builder_edge(b, "t", "owner_id", "customers", "id");
    bind_try(&trial, profile);
    ck_assert_bound(&trial);
    survey = (struct survey){.binding = trial.binding, .distributions = distributions};
    bind_select(&trial, &selection);
    selection.survey = &survey;
    ask("mail", true, false);
    ask("status", true, false);
    ask("total", true, true);
    ask("owner_id", false, false);
    arena = arena_new();
    tail = NULL;
    ck_assert(likeness_new(&selection, &codec_pg_text, &likeness, &trial.err));
}

static void end(void)
{
    for (size_t i = 0; i < trial.binding->graph->all.count; i++)
        map_free(selection.edges[i].parent_keys);
    likeness_free(likeness);
    bitmap_free(tail);
    arena_free(arena);
    bind_end(&trial);
}

/* The row of this number: every third without an address, ten totals, owners that did not come. */
static const char *row_of(unsigned number)
{
    return arena_printf(arena, "%u\t%s\t%s\t%u.50\t4711\n", number,
                        number % 3 ? arena_printf(arena, "p%u@x.test", number) : "\\N",
                        number % 2 ? "new" : "old", number % 10);
}

/* One worker's rows: those of [first, first + step, ...]. */
static void run(unsigned first, unsigned step)
{
    const struct rewriter_config config = {.selection = &selection,
                                           .table = bind_table(&trial, "t"),
                                           .codec = &codec_pg_text,
                                           .likeness = likeness,
                                           .tail_rows = tail};
    struct rewriter *rewriter;
    struct batch batch;

    ck_assert(rewriter_new(&config, &rewriter, &trial.err));
    ck_assert(batch_init(&batch, ROWS, COLUMNS, &trial.err));
    batch_reset(&batch, COLUMNS);
    for (unsigned number = first; number < ROWS; number += step) {
        const uint32_t at = batch.rows++;

        batch.row[at] = span_of(row_of(number));
        ck_assert(codec_pg_text.split(batch.row[at], &batch.cells[(size_t)at * COLUMNS], COLUMNS,
                                      &trial.err));
    }
    batch.addresses = ARENA_ARRAY(arena, ROWS, uint64_t);
    for (uint32_t at = 0; at < batch.rows; at++)
        batch.addresses[at] = first + step * at;
    ck_assert_msg(rewriter_run(rewriter, &batch, &trial.err), "%s: %s", trial.err.context,
                  trial.err.cause);
    ck_assert(rewriter_finish(rewriter, &trial.err));
    rewriter_free(rewriter);
    batch_release(&batch);
}

static struct distribution part_of(const char *column, bool is_whole)
{
    struct distribution sampled, whole;

    for (uint32_t i = 0; i < survey.distribution_count; i++)
        if (distributions[i].column == bind_column(&trial, "t", column)) {
            ck_assert(likeness_finish(likeness, i, arena, &sampled, &whole, &trial.err));
            return is_whole ? whole : sampled;
        }
    ck_abort_msg("no column");
    return distributions[0];
}

START_TEST(nothing_is_asked_without_a_survey)
{
    likeness_free(likeness);
    selection.survey = NULL;
    ck_assert(likeness_new(&selection, &codec_pg_text, &likeness, &trial.err));
    ck_assert_ptr_null(likeness);
}
END_TEST

START_TEST(all_rows_are_summed_up)
{
    struct distribution whole;

    run(0, 1);
    whole = part_of("mail", true);
    ck_assert_uint_eq(whole.rows, ROWS);
    ck_assert_uint_eq(whole.nulls, (ROWS + 2) / 3);
    whole = part_of("status", true);
    ck_assert_uint_eq(whole.category_count, 2);
    ck_assert_uint_eq(whole.categories[0].rows, ROWS / 2);
    whole = part_of("total", true);
    ck_assert_uint_eq(whole.category_count, 10);
    ck_assert_double_eq(whole.least, 0.5);
    ck_assert_double_eq(whole.greatest, 9.5);
    ck_assert_uint_eq(part_of("total", false).rows, ROWS);
}
END_TEST

START_TEST(references_that_are_cut_are_null_as_staging_has_them)
{
    run(0, 1);
    ck_assert_uint_eq(part_of("owner_id", true).nulls, ROWS);
}
END_TEST

START_TEST(rows_that_only_the_tail_brought_are_not_in_the_sampled_part)
{
    bool is_new;

    tail = bitmap_new();
    for (unsigned number = 0; number < ROWS; number += 10)
        ck_assert(bitmap_add(tail, number, &is_new));
    run(0, 1);
    ck_assert_uint_eq(part_of("total", false).rows, ROWS - ROWS / 10);
    ck_assert_uint_eq(part_of("total", true).rows, ROWS);
    ck_assert_uint_eq(part_of("total", false).category_count, 9);
    ck_assert_double_eq(part_of("total", false).least, 1.5);
    ck_assert_double_eq(part_of("total", true).least, 0.5);
}
END_TEST

START_TEST(workers_do_not_show)
{
    struct distribution one, three;

    run(0, 1);
    one = part_of("total", true);
    likeness_free(likeness);
    ck_assert(likeness_new(&selection, &codec_pg_text, &likeness, &trial.err));
    run(2, 3);
    run(0, 3);
    run(1, 3);
    three = part_of("total", true);
    ck_assert_uint_eq(one.rows, three.rows);
    ck_assert_uint_eq(one.category_count, three.category_count);
    ck_assert_mem_eq(one.categories, three.categories,
                     one.category_count * sizeof(*one.categories));
    ck_assert_uint_eq(one.bucket_count, three.bucket_count);
    ck_assert_mem_eq(one.buckets, three.buckets, one.bucket_count * sizeof(*one.buckets));
}
END_TEST

START_TEST(values_in_another_wire_form_are_not_compared_but_numbers_are)
{
    for (size_t i = 0; i < survey.distribution_count; i++)
        distributions[i].codec = &codec_pg_binary;
    likeness_free(likeness);
    ck_assert(likeness_new(&selection, &codec_pg_text, &likeness, &trial.err));
    run(0, 1);
    ck_assert(!part_of("status", true).has_values);
    ck_assert(!part_of("total", true).has_values);
    ck_assert_double_eq(part_of("total", true).greatest, 9.5);
}
END_TEST

Suite *suite_run_likeness(void)
{
    Suite *suite = suite_create("run/likeness");
    TCase *tests = tcase_create("likeness");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, nothing_is_asked_without_a_survey);
    tcase_add_test(tests, all_rows_are_summed_up);
    tcase_add_test(tests, references_that_are_cut_are_null_as_staging_has_them);
    tcase_add_test(tests, rows_that_only_the_tail_brought_are_not_in_the_sampled_part);
    tcase_add_test(tests, workers_do_not_show);
    tcase_add_test(tests, values_in_another_wire_form_are_not_compared_but_numbers_are);
    suite_add_tcase(suite, tests);
    return suite;
}
