/* Identifying values inside arrays and documents, sought in the row and gathered for the target. */
#include "run/rewrite.h"
#include "support/bind_trial.h"
#include <check.h>

enum { COLUMNS = 5 };

static struct bind_trial trial;
static struct selection selection;
static struct leak_set *leaks;
static struct rewriter *rewriter;
static struct batch batch;
static struct buf out;

static void begin(void)
{
    struct builder *b;

    bind_begin(&trial);
    b = trial.builder;
    builder_table(b, "public", "t");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "mails", "text[]", 0);
    builder_column(b, "doc", "jsonb", 0);
    builder_column(b, "name", "text", 0);
    builder_column(b, "note", "text", 0);
    builder_primary(b, "id");
    bind_try(&trial,
             "sample: { fraction: 1 }\n"
             "columns:\n"
             "  t: { id: permute, mails: email, name: full_name, note: { keep: x },\n"
             "       doc: { rule: json, paths: { \"$.mail\": email, \"$.a[*].b\": email },\n"
             "              otherwise: redact } }\n");
    ck_assert_bound(&trial);
    selection = (struct selection){.binding = trial.binding};
    ck_assert(leak_set_new(1u << 20, &leaks, &trial.err));
    const struct rewriter_config config = {.selection = &selection,
                                           .table = bind_table(&trial, "t"),
                                           .codec = &codec_pg_text,
                                           .leaks = leaks};
    ck_assert(rewriter_new(&config, &rewriter, &trial.err));
    ck_assert(batch_init(&batch, 4, COLUMNS, &trial.err));
    batch_reset(&batch, COLUMNS);
    buf_init(&out, BUF_CEILING_MAX);
}

static void end(void)
{
    buf_release(&out);
    batch_release(&batch);
    rewriter_free(rewriter);
    leak_set_free(leaks);
    bind_end(&trial);
}

/* Rewrites one row; how many rows leak so far. */
static uint64_t rewrite(const char *row)
{
    batch_reset(&batch, COLUMNS);
    batch.rows = 1;
    batch.row[0] = span_of(row);
    ck_assert(codec_pg_text.split(batch.row[0], batch.cells, COLUMNS, &trial.err));
    ck_assert_msg(rewriter_run(rewriter, &batch, &trial.err), "%s", trial.err.cause);
    ck_assert(rewriter_write(rewriter, &batch, 0, &out, &trial.err));
    return rewriter_counts(rewriter)->leaked;
}

START_TEST(an_element_of_an_array_is_sought)
{
    ck_assert_uint_eq(rewrite("1\t{bob@shop.test,ann@shop.test}\t\\N\t\\N\tto ann@shop.test\n"), 1);
    ck_assert_str_eq(rewriter_counts(rewriter)->leaked_from->column->name, "mails");
    ck_assert(leak_find(leaks, SPAN_LITERAL("bob@shop.test")));
    ck_assert(leak_find(leaks, SPAN_LITERAL("ann@shop.test")));
}
END_TEST

START_TEST(a_value_under_an_identifying_path_is_sought)
{
    ck_assert(bind_column(&trial, "t", "doc")->identifies);
    ck_assert_uint_eq(rewrite("1\t\\N\t{\"mail\":\"ann@shop.test\"}\t\\N\tto ann@shop.test\n"), 1);
    ck_assert_str_eq(rewriter_counts(rewriter)->leaked_from->column->name, "doc");
    ck_assert_uint_eq(
        rewrite("2\t\\N\t{\"a\":[{\"b\":1},{\"b\":\"bob@shop.test\"}]}\t\\N\tto bob@shop.test\n"),
        2);
}
END_TEST

START_TEST(a_value_under_another_path_is_not)
{
    ck_assert_uint_eq(rewrite("1\t\\N\t{\"color\":\"dark red 17\"}\t\\N\tdark red 17\n"), 0);
    ck_assert(!leak_find(leaks, SPAN_LITERAL("dark red 17")));
}
END_TEST

START_TEST(a_number_is_sought_however_it_is_written)
{
    ck_assert_uint_eq(rewrite("1\t\\N\t\\N\t0171-1234567\tcall +49 171 1234567\n"), 1);
    ck_assert_str_eq(rewriter_counts(rewriter)->leaked_to->column->name, "note");
    ck_assert_uint_eq(rewrite("2\t\\N\t\\N\t0171-1234567\tcall +49 171 1234568\n"), 1);
}
END_TEST

START_TEST(a_row_counts_once_however_often_it_leaks)
{
    ck_assert_uint_eq(
        rewrite("1\t{ann@shop.test}\t{\"mail\":\"ann@shop.test\"}\tAnn Meier\tAnn Meier "
                "ann@shop.test\n"),
        1);
}
END_TEST

START_TEST(what_passes_by_definition_is_not_held_against_the_run)
{
    /* A name of nothing but punctuation and symbols comes back as it is. */
    const char *symbols = "\xe2\x98\x83\xe2\x98\x83 \xe2\x98\x83\xe2\x98\x83 "
                          "\xe2\x98\x83";
    uint64_t leaked = rewrite(arena_printf(trial.arena, "1\t\\N\t\\N\t%s\t\\N\n", symbols));

    ck_assert(leak_is_telling(span_of(symbols)));
    ck_assert_uint_eq(leaked, 0);
}
END_TEST

Suite *suite_run_rewrite_leaks(void);
Suite *suite_run_rewrite_leaks(void)
{
    Suite *suite = suite_create("run/rewrite_leaks");
    TCase *cases = tcase_create("leaks");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, an_element_of_an_array_is_sought);
    tcase_add_test(cases, a_value_under_an_identifying_path_is_sought);
    tcase_add_test(cases, a_value_under_another_path_is_not);
    tcase_add_test(cases, a_number_is_sought_however_it_is_written);
    tcase_add_test(cases, a_row_counts_once_however_often_it_leaks);
    tcase_add_test(cases, what_passes_by_definition_is_not_held_against_the_run);
    suite_add_tcase(suite, cases);
    return suite;
}
