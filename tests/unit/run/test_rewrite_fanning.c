/* Keys of both sides of edges, taken from rewritten rows: they meet whatever their types are. */
#include "run/fanning.h"
#include "run/rewrite.h"
#include "support/bind_trial.h"

#include <check.h>

Suite *suite_run_rewrite_fanning(void);

enum { EDGES_MAX = 8 };

static struct bind_trial trial;
static struct survey survey;
static struct selection selection;
static struct fan_out fan_outs[EDGES_MAX];
static struct fanning *fanning;
static struct bitmap *tail;
static struct arena *arena;
static const struct codec *codec;

static const char profile[] =
    "sample: { start: [ { table: customers, rows: 5 } ], fraction: 0.1 }\n"
    "unclassified: redact\n"
    "relations:\n"
    "  - { from: t.subject_id, to: orders.id, when: \"kind = 'o'\" }\n"
    "  - { from: t.subject_id, to: customers.id, when: \"kind = 'c'\" }\n"
    "columns:\n"
    "  customers: { id: permute }\n"
    "  orders: { id: permute }\n"
    "  t: { id: { keep: x }, kind: { keep: x }, owner_id: permute, subject_id: permute }\n";

static void open_with(const struct codec *wire)
{
    fanning_free(fanning);
    codec = wire;
    ck_assert(fanning_new(&selection, codec, 1u << 20, &fanning, &trial.err));
}

static void begin(void)
{
    struct builder *b;

    bind_begin_shop(&trial);
    b = trial.builder;
    builder_table(b, "public", "t");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "kind", "text", 0);
    builder_column(b, "owner_id", "int4", 0);
    builder_column(b, "subject_id", "int8", 0);
    builder_primary(b, "id");
    builder_edge(b, "t", "owner_id", "customers", "id");
    bind_try(&trial, profile);
    ck_assert_bound(&trial);
    survey = (struct survey){.binding = trial.binding, .fan_outs = fan_outs};
    bind_select(&trial, &selection);
    selection.survey = &survey;
    for (size_t i = 0; i < trial.binding->graph->all.count; i++)
        fan_outs[survey.fan_out_count++] =
            (struct fan_out){.edge = trial.binding->graph->all.edges[i]};
    ck_assert_uint_le(survey.fan_out_count, EDGES_MAX);
    arena = arena_new();
    tail = NULL;
    fanning = NULL;
    open_with(&codec_pg_text);
}

static void end(void)
{
    fanning_free(fanning);
    bitmap_free(tail);
    arena_free(arena);
    bind_end(&trial);
}

/* A row's cells, from its text form. */
static void cells_read(const struct bound_table *table, const char *text, size_t columns,
                       struct span *cells)
{
    ck_assert_msg(codec_pg_text.split(span_of(text), cells, (uint32_t)columns, &trial.err),
                  "%zu columns", columns);
    for (size_t c = 0; codec != &codec_pg_text && c < table->column_count; c++) {
        const struct type *type = table->columns[c].column->type;
        struct value value;

        ck_assert(!cells[c].ptr ||
                  (codec_pg_text.decode(type, cells[c], arena, &value, &trial.err) &&
                   codec->encode(NULL, type, &value, arena, &cells[c], &trial.err)));
    }
}

/* Rows of a table, addressed from 0 on. */
static void rows(const char *table, const char *const *texts, uint32_t count)
{
    const struct rewriter_config config = {.selection = &selection,
                                           .table = bind_table(&trial, table),
                                           .codec = codec,
                                           .fanning = fanning,
                                           .tail_rows = tail};
    struct field *fields;
    struct rewriter *rewriter;
    struct batch batch;
    size_t columns = 0;

    ck_assert(rewriter_fields(config.table, arena, &fields, &columns, &trial.err));
    ck_assert(rewriter_new(&config, &rewriter, &trial.err));
    ck_assert(batch_init(&batch, 16, (uint32_t)columns, &trial.err));
    batch_reset(&batch, (uint32_t)columns);
    batch.addresses = ARENA_ARRAY(arena, count, uint64_t);
    for (; batch.rows < count; batch.rows++) {
        batch.addresses[batch.rows] = batch.rows;
        cells_read(config.table, texts[batch.rows], columns, &batch.cells[batch.rows * columns]);
    }
    ck_assert_msg(rewriter_run(rewriter, &batch, &trial.err), "%s: %s", trial.err.context,
                  trial.err.cause);
    ck_assert(rewriter_finish(rewriter, &trial.err));
    rewriter_free(rewriter);
    batch_release(&batch);
}

#define ROWS(table, ...)                                                                           \
    rows((table), (const char *const[]){__VA_ARGS__},                                              \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static struct fanned finish(const char *child_column, const char *parent)
{
    struct fanned *fanned;
    size_t count = 0;

    ck_assert(fanning_finish(fanning, arena, &fanned, &count, &trial.err));
    for (size_t i = 0; i < count; i++)
        if (strcmp(fanned[i].real->edge->child_columns[0]->name, child_column) == 0 &&
            strcmp(fanned[i].real->edge->child->name, "t") == 0 &&
            strcmp(fanned[i].real->edge->parent->name, parent) == 0)
            return fanned[i];
    ck_abort_msg("no edge");
    return fanned[0];
}

static void customers(void)
{
    ROWS("customers", "1\t\\N\t\\N\t\\N\n", "2\t\\N\t\\N\t\\N\n", "3\t\\N\t\\N\t\\N\n");
}

START_TEST(keys_of_different_types_meet_and_null_is_no_key)
{
    struct fanned fanned;

    open_with(_i ? &codec_pg_binary : &codec_pg_text);
    customers();
    ROWS("t", "1\tz\t1\t\\N\tf\tf\n", "2\tz\t1\t\\N\tf\tf\n", "3\tz\t2\t\\N\tf\tf\n",
         "4\tz\t\\N\t\\N\tf\tf\n", "5\tz\t77\t\\N\tf\tf\n");
    fanned = finish("owner_id", "customers");
    ck_assert_uint_eq(fanned.whole[0], 1);
    ck_assert_uint_eq(fanned.whole[1], 1);
    ck_assert_uint_eq(fanned.whole[2], 1);
}
END_TEST

START_TEST(a_row_counts_for_the_parent_that_its_discriminator_names)
{
    struct fanned fanned;

    customers();
    ROWS("t", "1\to\t\\N\t1\tt\tf\n", "2\tc\t\\N\t1\tf\tt\n", "3\tc\t\\N\t1\tf\tt\n");
    fanned = finish("subject_id", "customers");
    ck_assert_uint_eq(fanned.whole[0], 2);
    ck_assert_uint_eq(fanned.whole[2], 1);
    fanned = finish("subject_id", "orders");
    ck_assert_uint_eq(fanned.whole[0] + fanned.whole[1], 0);
}
END_TEST

START_TEST(rows_of_the_tail_are_marked_by_their_addresses)
{
    struct fanned fanned;
    bool is_new;

    customers();
    tail = bitmap_new();
    ck_assert(bitmap_add(tail, 1, &is_new));
    ROWS("t", "1\tz\t1\t\\N\tf\tf\n", "2\tz\t1\t\\N\tf\tf\n");
    fanned = finish("owner_id", "customers");
    ck_assert_uint_eq(fanned.whole[2], 1);
    ck_assert_uint_eq(fanned.sampled[1], 1);
    ck_assert_uint_eq(fanned.sampled[2], 0);
}
END_TEST

Suite *suite_run_rewrite_fanning(void)
{
    Suite *suite = suite_create("run/rewrite_fanning");
    TCase *tests = tcase_create("rewrite_fanning");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_loop_test(tests, keys_of_different_types_meet_and_null_is_no_key, 0, 2);
    tcase_add_test(tests, a_row_counts_for_the_parent_that_its_discriminator_names);
    tcase_add_test(tests, rows_of_the_tail_are_marked_by_their_addresses);
    suite_add_tcase(suite, tests);
    return suite;
}
