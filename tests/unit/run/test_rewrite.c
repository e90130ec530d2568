/* Rows through the rules of their columns, in both wire forms. */
#include "run/rewrite.h"
#include "support/bind_trial.h"
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS = 10, CELLS = 12 }; /* and two discriminators */

static struct bind_trial trial;
static struct selection selection;
static struct leak_set *leaks;
static struct rewriter *rewriter;
static struct batch batch;
static struct arena *made;  /* rows */
static struct table *noted; /* t */
static const struct codec *codec;

static const char profile[] = "sample: { start: [ { table: customers, rows: 5 } ], fraction: 0.1,\n"
                              "  follow: { edges: [ { edge: t.owner_id, parent: cut } ] } }\n"
                              "relations:\n"
                              "  - { from: \"t.tag_ids[]\", to: customers.id }\n"
                              "  - { from: t.subject_id, to: orders.id, when: \"kind = 'o'\" }\n"
                              "  - { from: t.subject_id, to: customers.id, when: \"kind = 'c'\" }\n"
                              "unclassified: redact\n"
                              "privacy: { accept_leaks: [ { column: t.public_note, why: x } ] }\n"
                              "columns:\n"
                              "  customers: { id: permute }\n"
                              "  orders: { id: permute }\n"
                              "  t:\n"
                              "    id: { keep: x }\n"
                              "    mail: email\n"
                              "    tag_ids: permute\n"
                              "    kind: { keep: x }\n"
                              "    subject_id: permute\n"
                              "    note: { keep: x }\n"
                              "    public_note: { keep: x }\n"
                              "    net: perturb\n"
                              "    gross: { rule: derive, expression: \"net + net\" }\n";

static void begin(void)
{
    struct builder *b;

    bind_begin_shop(&trial);
    b = trial.builder;
    noted = builder_table(b, "public", "t");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "mail", "text", 0);
    builder_column(b, "tag_ids", "int8[]", 0);
    builder_column(b, "kind", "text", 0);
    builder_column(b, "subject_id", "int8", 0);
    builder_column(b, "note", "text", 0);
    builder_column(b, "public_note", "text", 0);
    builder_column(b, "owner_id", "int8", 0);
    builder_column(b, "net", "numeric(12,2)", 0);
    builder_column(b, "gross", "numeric(12,2)", 0);
    builder_primary(b, "id");
    builder_edge(b, "t", "owner_id", "customers", "id");
    bind_try(&trial, profile);
    ck_assert_bound(&trial);
    bind_select(&trial, &selection);
    ck_assert(leak_set_new(1u << 20, &leaks, &trial.err));
    made = arena_new();
    memset(&batch, 0, sizeof(batch));
}

static void end(void)
{
    for (size_t i = 0; i < trial.binding->graph->all.count; i++)
        map_free(selection.edges[i].parent_keys);
    rewriter_free(rewriter);
    rewriter = NULL;
    batch_release(&batch);
    leak_set_free(leaks);
    arena_free(made);
    bind_end(&trial);
}

/* Opens the rewriter for a wire form. */
static void open_form(const struct codec *form)
{
    const struct rewriter_config config = {
        .selection = &selection, .table = bind_table(&trial, "t"), .codec = form, .leaks = leaks};
    struct field *fields = NULL;
    size_t count = 0;

    codec = form;
    ck_assert(rewriter_fields(config.table, trial.arena, &fields, &count, &trial.err));
    ck_assert_uint_eq(count, CELLS);
    ck_assert_str_eq(fields[COLUMNS].expression, "kind = 'o'");
    ck_assert(rewriter_new(&config, &rewriter, &trial.err));
    ck_assert(batch_init(&batch, 16, CELLS, &trial.err));
    batch_reset(&batch, CELLS);
}

/* One more row of the batch from its wire form. */
static void row_add(struct span row)
{
    uint32_t at = batch.rows++;

    batch.row[at] = arena_span(made, row);
    ck_assert_msg(codec->split(batch.row[at], &batch.cells[(size_t)at * CELLS], CELLS, &trial.err),
                  "%s", trial.err.cause);
}

static void text_add(const char *row)
{
    row_add(span_of(row));
}

static void run(void)
{
    ck_assert_msg(rewriter_run(rewriter, &batch, &trial.err), "%s: %s", trial.err.context,
                  trial.err.cause);
}

/* A rewritten row's cells. */
static void written(uint32_t row, struct span cells[COLUMNS])
{
    struct buf out;

    buf_init(&out, BUF_CEILING_MAX);
    ck_assert(rewriter_write(rewriter, &batch, row, &out, &trial.err));
    struct span bytes = arena_span(made, buf_span(&out));
    buf_release(&out);
    ck_assert(codec->split(bytes, cells, COLUMNS, &trial.err));
}

static const char *shown(struct span cell)
{
    return cell.ptr ? arena_strndup(made, cell.ptr, cell.len) : "NULL";
}

/* A key as its own rule maps it. */
static int64_t key_map(const char *table, int64_t key)
{
    const struct bound_column *bound = bind_column(&trial, table, "id");
    struct value value = {.integer = key};
    uint64_t scrambled = 0, unchanged = 0;
    struct transform_call call = {.arena = made,
                                  .column = bound->column,
                                  .type = bound->column->type,
                                  .scrambled = &scrambled,
                                  .unchanged = &unchanged};

    ck_assert(transform_apply(bound->variants[0].rule, &call, &value, 1, &trial.err));
    return value.integer;
}

static const char *mapped(const char *table, int64_t key)
{
    return arena_printf(made, "%" PRId64, key_map(table, key));
}

START_TEST(untouched_cells_are_the_same_bytes)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("7\ta@b.test\t{}\tx\\\\y\t\\N\ttab\\there\t\\N\t\\N\t1.00\t2.00\tf\tf\n");
    run();
    written(0, cells);
    ck_assert_str_eq(shown(cells[0]), "7");
    ck_assert_str_eq(shown(cells[3]), "x\\\\y");
    ck_assert_str_eq(shown(cells[5]), "tab\\there");
    ck_assert_ptr_null(cells[6].ptr);
    ck_assert_str_ne(shown(cells[1]), "a@b.test");
}
END_TEST

START_TEST(nulls_stay_null)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("7\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
    run();
    written(0, cells);
    for (int i = 1; i < COLUMNS; i++)
        ck_assert_msg(!cells[i].ptr, "column %d", i);
}
END_TEST

START_TEST(each_row_takes_the_domain_its_discriminator_names)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("1\t\\N\t\\N\to\t4711\t\\N\t\\N\t\\N\t\\N\t\\N\tt\tf\n");
    text_add("2\t\\N\t\\N\tc\t4711\t\\N\t\\N\t\\N\t\\N\t\\N\tf\tt\n");
    text_add("3\t\\N\t\\N\tz\t4711\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
    run();
    written(0, cells);
    ck_assert_str_eq(shown(cells[4]), mapped("orders", 4711));
    written(1, cells);
    ck_assert_str_eq(shown(cells[4]), mapped("customers", 4711));
    written(2, cells);
    ck_assert_str_ne(shown(cells[4]), mapped("orders", 4711));
    ck_assert_str_ne(shown(cells[4]), mapped("customers", 4711));
    ck_assert_str_ne(shown(cells[4]), "4711");
}
END_TEST

START_TEST(elements_of_an_array_map_one_by_one)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("1\t\\N\t{4711,NULL,12}\to\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\tf\tf\n");
    run();
    written(0, cells);
    ck_assert_str_eq(shown(cells[2]), arena_printf(made, "{%s,NULL,%s}", mapped("customers", 4711),
                                                   mapped("customers", 12)));
}
END_TEST

START_TEST(a_derived_column_sees_the_rewritten_one)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("1\t\\N\t\\N\to\t\\N\t\\N\t\\N\t\\N\t100.00\t200.00\tf\tf\n");
    run();
    written(0, cells);
    double net = strtod(shown(cells[8]), NULL), gross = strtod(shown(cells[9]), NULL);
    ck_assert_double_ne(net, 100);
    ck_assert_double_eq_tol(gross, 2 * net, 0.001);
}
END_TEST

/* Parents that are in the selection, as choose leaves them. */
static void parents_add(const char *key)
{
    const struct bound_edge *edge = bind_edge(&trial, "public.t(owner_id) -> public.customers(id)");
    struct selected_edge *selected = &selection.edges[edge->edge->index];
    struct span cell = span_of(key);
    bool has_null = false, is_new = false;
    struct buf bytes;

    if (!selected->parent_keys)
        selected->parent_keys = map_new();
    buf_init(&bytes, 1 << 10);
    ck_assert(key_canonical(&codec_pg_text, edge->edge->parent_columns, &cell, 1, made, &bytes,
                            &has_null, &trial.err));
    ck_assert_ptr_nonnull(map_put(selected->parent_keys, buf_span(&bytes), 1, &is_new));
    buf_release(&bytes);
}

START_TEST(a_cut_reference_is_null_unless_its_parent_comes)
{
    struct span cells[COLUMNS];
    uint32_t edge = bind_edge(&trial, "public.t(owner_id) -> public.customers(id)")->edge->index;

    parents_add("12");
    open_form(&codec_pg_text);
    text_add("1\t\\N\t\\N\to\t\\N\t\\N\t\\N\t12\t\\N\t\\N\tf\tf\n");
    text_add("2\t\\N\t\\N\to\t\\N\t\\N\t\\N\t13\t\\N\t\\N\tf\tf\n");
    text_add("3\t\\N\t\\N\to\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\tf\tf\n");
    run();
    written(0, cells);
    ck_assert_str_eq(shown(cells[7]), mapped("customers", 12));
    written(1, cells);
    ck_assert_ptr_null(cells[7].ptr);
    ck_assert_uint_eq(rewriter_nulled(rewriter, edge), 1);
    ck_assert_uint_eq(rewriter_counts(rewriter)->nulled, 1);
}
END_TEST

START_TEST(a_cut_without_any_parent_nulls_all)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("1\t\\N\t\\N\to\t\\N\t\\N\t\\N\t12\t\\N\t\\N\tf\tf\n");
    run();
    written(0, cells);
    ck_assert_ptr_null(cells[7].ptr);
}
END_TEST

/* ---- leaks */

START_TEST(an_identifying_value_in_a_kept_note_is_counted_and_named)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("1\tann@shop.test\t\\N\to\t\\N\tmail ann@shop.test!\t\\N\t\\N\t\\N\t\\N\tf\tf\n");
    text_add("2\tbob@shop.test\t\\N\to\t\\N\tnothing\t\\N\t\\N\t\\N\t\\N\tf\tf\n");
    run();
    written(0, cells);
    written(1, cells);
    const struct rewrite_counts *counts = rewriter_counts(rewriter);
    ck_assert_uint_eq(counts->leaked, 1);
    ck_assert_str_eq(counts->leaked_from->column->name, "mail");
    ck_assert_str_eq(counts->leaked_to->column->name, "note");
    ck_assert(leak_find(leaks, SPAN_LITERAL("ann@shop.test")));
    ck_assert(leak_find(leaks, SPAN_LITERAL("bob@shop.test")));
}
END_TEST

START_TEST(an_accepted_column_leaks_nothing)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add("1\tann@shop.test\t\\N\to\t\\N\t\\N\tann@shop.test\t\\N\t\\N\t\\N\tf\tf\n");
    run();
    written(0, cells);
    ck_assert_uint_eq(rewriter_counts(rewriter)->leaked, 0);
}
END_TEST

START_TEST(a_leak_beside_an_accepted_one_is_still_counted)
{
    struct span cells[COLUMNS];

    open_form(&codec_pg_text);
    text_add(
        "1\tann@shop.test\t\\N\tann@shop.test\t\\N\t\\N\tann@shop.test\t\\N\t\\N\t\\N\tf\tf\n");
    run();
    written(0, cells);
    ck_assert_uint_eq(rewriter_counts(rewriter)->leaked, 1);
    ck_assert_str_eq(rewriter_counts(rewriter)->leaked_to->column->name, "kind");
}
END_TEST

/* ---- the binary form */

static void cell_put(struct buf *row, const void *bytes, uint32_t len)
{
    buf_add_u32be(row, len);
    buf_add(row, bytes, len);
}

static void number_put(struct buf *row, int64_t number)
{
    buf_add_u32be(row, 8);
    buf_add_u64be(row, (uint64_t)number);
}

static void null_put(struct buf *row, unsigned count)
{
    while (count-- > 0)
        buf_add_u32be(row, UINT32_MAX);
}

static int64_t number_read(struct span cell)
{
    uint64_t number = 0;

    ck_assert_uint_eq(cell.len, 8);
    for (int i = 0; i < 8; i++)
        number = number << 8 | (unsigned char)cell.ptr[i];
    return (int64_t)number;
}

START_TEST(binary_rows_are_rewritten_alike)
{
    struct span cells[COLUMNS];
    struct buf row;

    parents_add("12");
    buf_init(&row, 1 << 16);
    buf_add_u16be(&row, CELLS);
    number_put(&row, 1);
    cell_put(&row, "ann@shop.test", 13);
    null_put(&row, 1);
    cell_put(&row, "c", 1);
    number_put(&row, 4711);
    cell_put(&row, "a\tb\\c", 5);
    null_put(&row, 1);
    number_put(&row, 12);
    null_put(&row, 2);
    cell_put(&row, "\0", 1);
    cell_put(&row, "\1", 1);
    open_form(&codec_pg_binary);
    row_add(buf_span(&row));
    buf_release(&row);
    run();
    written(0, cells);
    ck_assert_int_eq(number_read(cells[0]), 1);
    ck_assert_ptr_null(memmem(cells[1].ptr, cells[1].len, "ann@", 4));
    ck_assert(span_equal(cells[5], SPAN_LITERAL("a\tb\\c")));
    ck_assert_int_eq(number_read(cells[4]), key_map("customers", 4711));
    ck_assert_int_eq(number_read(cells[7]), key_map("customers", 12));
}
END_TEST

START_TEST(identities_differ_and_do_not_hang_on_the_form)
{
    struct buf row;

    open_form(&codec_pg_text);
    text_add("1\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
    text_add("2\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n");
    run();
    uint64_t first = rewriter_identity(rewriter, 0);
    ck_assert_uint_ne(first, rewriter_identity(rewriter, 1));
    rewriter_free(rewriter);
    batch_release(&batch);
    buf_init(&row, 1 << 16);
    buf_add_u16be(&row, CELLS);
    number_put(&row, 1);
    null_put(&row, CELLS - 1);
    open_form(&codec_pg_binary);
    row_add(buf_span(&row));
    buf_release(&row);
    run();
    ck_assert_uint_eq(rewriter_identity(rewriter, 0), first);
}
END_TEST

START_TEST(only_what_innodb_keeps_by_a_primary_key_is_clustered)
{
    open_form(&codec_pg_text);
    ck_assert(!rewriter_is_clustered(rewriter));
    rewriter_free(rewriter);
    batch_release(&batch);
    noted->storage = "MyISAM";
    open_form(&codec_pg_text);
    ck_assert(!rewriter_is_clustered(rewriter));
    rewriter_free(rewriter);
    batch_release(&batch);
    noted->storage = "InnoDB";
    noted->primary = NULL;
    open_form(&codec_pg_text);
    ck_assert(!rewriter_is_clustered(rewriter));
}
END_TEST

START_TEST(places_have_the_order_of_the_keys_that_are_written)
{
    static const char *const ids[] = {"-9223372036854775808", "-10", "-9", "0", "9", "10",
                                      "9223372036854775807"};

    noted->storage = "InnoDB";
    open_form(&codec_pg_text);
    ck_assert(rewriter_is_clustered(rewriter));
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        char row[128];

        snprintf(row, sizeof(row), "%s\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n",
                 ids[i]);
        text_add(row);
    }
    run();
    for (uint32_t i = 1; i < COUNT_OF(ids); i++)
        ck_assert_uint_lt(rewriter_place(rewriter, &batch, i - 1),
                          rewriter_place(rewriter, &batch, i));
}
END_TEST

Suite *suite_run_rewrite(void);
Suite *suite_run_rewrite(void)
{
    Suite *suite = suite_create("run/rewrite");
    TCase *cases = tcase_create("rewrite");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, untouched_cells_are_the_same_bytes);
    tcase_add_test(cases, nulls_stay_null);
    tcase_add_test(cases, each_row_takes_the_domain_its_discriminator_names);
    tcase_add_test(cases, elements_of_an_array_map_one_by_one);
    tcase_add_test(cases, a_derived_column_sees_the_rewritten_one);
    tcase_add_test(cases, a_cut_reference_is_null_unless_its_parent_comes);
    tcase_add_test(cases, a_cut_without_any_parent_nulls_all);
    tcase_add_test(cases, an_identifying_value_in_a_kept_note_is_counted_and_named);
    tcase_add_test(cases, an_accepted_column_leaks_nothing);
    tcase_add_test(cases, a_leak_beside_an_accepted_one_is_still_counted);
    tcase_add_test(cases, binary_rows_are_rewritten_alike);
    tcase_add_test(cases, identities_differ_and_do_not_hang_on_the_form);
    tcase_add_test(cases, only_what_innodb_keeps_by_a_primary_key_is_clustered);
    tcase_add_test(cases, places_have_the_order_of_the_keys_that_are_written);
    suite_add_tcase(suite, cases);
    return suite;
}
