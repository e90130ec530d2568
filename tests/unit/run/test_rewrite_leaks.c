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
static struct leak_buffer buffer;

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
    bind_try(&trial, "sample: { fraction: 1 }\n"
                     "columns:\n"
                     "  t: { id: permute, mails: email, name: full_name, note: { keep: x },\n"
                     "       doc: { rule: json, paths: { \"$.mail\": email, \"$.a[*].b\": email, "
                     "\"$.phone\": phone },\n"
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

START_TEST(an_escaped_value_in_its_own_row_is_found)
{
    ck_assert_uint_eq(rewrite("1\t{ann@shop.test}\t\\N\t\\N\tmailto:Ann%40shop.test\n"), 1);
    ck_assert_str_eq(rewriter_counts(rewriter)->leaked_to->column->name, "note");
    ck_assert_uint_eq(rewrite("2\t{ann@shop.test}\t\\N\t\\N\tann&#64;shop.test\n"), 2);
    ck_assert_uint_eq(rewrite("3\t{ann@shop.test}\t\\N\t\\N\tann%41shop.test\n"), 2);
}
END_TEST

START_TEST(a_name_with_its_letters_taken_apart_is_found)
{
    ck_assert_uint_eq(
        rewrite("1\t\\N\t\\N\tJos\xc3\xa9 Mu\xcc\x88ller\tfor jos\x65\xcc\x81 m\xc3\xbcller\n"), 1);
    ck_assert(leak_find(leaks, SPAN_LITERAL("jos\xc3\xa9 m\xc3\xbcller")));
}
END_TEST

START_TEST(a_lone_word_in_its_own_row_is_counted_only)
{
    ck_assert_uint_eq(rewrite("1\t\\N\t\\N\tKlausmann\tKlausmann called\n"), 0);
    ck_assert_uint_eq(rewriter_counts(rewriter)->lone_words, 1);
    ck_assert_uint_eq(rewrite("2\t\\N\t\\N\tKlausmann\tsomebody called\n"), 0);
    ck_assert_uint_eq(rewriter_counts(rewriter)->lone_words, 1);
}
END_TEST

struct answer {
    size_t found, made;
};

static void answer_count(void *context, uint32_t mark, bool is_made)
{
    struct answer *answer = context;

    UNUSED(mark);
    answer->found++;
    answer->made += is_made;
}

START_TEST(what_a_dense_rule_made_is_told_from_what_stood_there)
{
    const uint64_t name = leak_place(bind_table(&trial, "t")->table->index, 3);
    struct answer answer = {0};
    struct leak_search search = {
        .set = leaks, .found = answer_count, .context = &answer, .place = name};

    ck_assert(leak_made_reserve(leaks, 100, &trial.err));
    ck_assert_uint_eq(rewrite("1\t\\N\t\\N\tAnn Meier\t\\N\n"), 0);
    struct span cells[COLUMNS];
    ck_assert(codec_pg_text.split(buf_span(&out), cells, COLUMNS, &trial.err));
    const struct span written = cells[3];
    ck_assert(leak_add(leaks, &buffer, written, &trial.err));
    ck_assert(leak_flush(leaks, &buffer, &trial.err));
    leak_search(&search, written, 3);
    leak_search_end(&search);
    ck_assert_uint_eq(answer.found, 1);
    ck_assert_uint_eq(answer.made, 1);
    leak_search(&search, SPAN_LITERAL("Ann Meier"), 3);
    leak_search_end(&search);
    ck_assert_uint_eq(answer.found, 2);
    ck_assert_uint_eq(answer.made, 1);
}
END_TEST

START_TEST(what_a_dense_rule_made_inside_a_document_is_chance)
{
    const size_t table = bind_table(&trial, "t")->table->index;
    struct answer answer = {0};
    struct leak_search search = {
        .set = leaks, .found = answer_count, .context = &answer, .place = leak_place(table, 2)};
    struct span cells[COLUMNS];

    ck_assert(bind_column(&trial, "t", "doc")->is_dense);
    ck_assert(!bind_column(&trial, "t", "mails")->is_dense);
    ck_assert(leak_made_reserve(leaks, 100, &trial.err));
    ck_assert_uint_eq(rewrite("1\t\\N\t{\"phone\":\"4917112345678\"}\t\\N\t\\N\n"), 0);
    ck_assert(codec_pg_text.split(buf_span(&out), cells, COLUMNS, &trial.err));
    const char *digits = memchr(cells[2].ptr, ':', cells[2].len);
    ck_assert_ptr_nonnull(digits);
    while (*digits < '0' || *digits > '9')
        digits++;
    ck_assert(leak_add(leaks, &buffer, span_make(digits, 13), &trial.err));
    ck_assert(leak_flush(leaks, &buffer, &trial.err));
    leak_search(&search, cells[2], 2);
    leak_search(&search, SPAN_LITERAL("{\"a\":\"4917112345678\"}"), 2);
    leak_search_end(&search);
    ck_assert_uint_eq(answer.found, 2);
    ck_assert_uint_eq(answer.made, 1);
}
END_TEST

START_TEST(rows_that_were_not_chosen_are_noted_and_chosen_ones_are_not)
{
    struct bitmap *chosen = NULL;
    uint64_t addresses[2] = {65537, 65538};
    uint64_t *own = batch.addresses;

    ck_assert((chosen = bitmap_new()));
    bool is_new;
    ck_assert(bitmap_add(chosen, 65537, &is_new));
    batch_reset(&batch, COLUMNS);
    batch.rows = 2;
    batch.row[0] = SPAN_LITERAL("1\t{ann@shop.test}\t\\N\t\\N\t\\N\n");
    batch.row[1] = SPAN_LITERAL("2\t{bob@shop.test}\t\\N\t\\N\t\\N\n");
    for (uint32_t row = 0; row < 2; row++)
        ck_assert(
            codec_pg_text.split(batch.row[row], batch.cells + row * COLUMNS, COLUMNS, &trial.err));
    batch.addresses = addresses;
    ck_assert(rewriter_note(rewriter, &batch, chosen, &trial.err));
    batch.addresses = own;
    bitmap_free(chosen);
    ck_assert_uint_eq(rewriter_counts(rewriter)->noted, 1);
    ck_assert(leak_find(leaks, SPAN_LITERAL("bob@shop.test")));
    ck_assert(!leak_find(leaks, SPAN_LITERAL("ann@shop.test")));
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
    tcase_add_test(cases, an_escaped_value_in_its_own_row_is_found);
    tcase_add_test(cases, a_name_with_its_letters_taken_apart_is_found);
    tcase_add_test(cases, a_lone_word_in_its_own_row_is_counted_only);
    tcase_add_test(cases, what_a_dense_rule_made_is_told_from_what_stood_there);
    tcase_add_test(cases, what_a_dense_rule_made_inside_a_document_is_chance);
    tcase_add_test(cases, rows_that_were_not_chosen_are_noted_and_chosen_ones_are_not);
    suite_add_tcase(suite, cases);
    return suite;
}
