/* Sums of keyed hashes of rows: order does not matter, a byte does. */
#include "run/checksum.h"
#include "support/bind_trial.h"
#include <check.h>

static struct bind_trial trial;
static struct checksum checksum;
static struct buf scratch;

static void begin(void)
{
    struct builder *b;

    bind_begin(&trial);
    b = trial.builder;
    builder_table(b, "public", "t");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "body", "jsonb", 0);
    builder_column(b, "name", "text", 0);
    builder_table(b, "public", "plain");
    builder_column(b, "name", "text", 0);
    buf_init(&scratch, BUF_CEILING_MAX);
}

static void end(void)
{
    buf_release(&scratch);
    bind_end(&trial);
}

static void open_table(const char *body_rule, const char *table)
{
    const uint64_t key = 12;

    bind_try(&trial,
             arena_printf(trial.arena,
                          "sample: { fraction: 1 }\n"
                          "columns: { t: { id: { keep: x }, body: %s, name: { keep: x } },\n"
                          "  plain: { name: redact } }\n",
                          body_rule));
    ck_assert(checksum_init(&checksum, bind_table(&trial, table), &codec_pg_text, key, trial.arena,
                            &trial.err));
}

static uint64_t hash_of(const char *row)
{
    struct span cells[8];
    uint64_t hash = 0;

    ck_assert(checksum_row(&checksum, span_of(row), cells, &scratch, &hash, &trial.err));
    return hash;
}

START_TEST(a_changed_byte_is_seen)
{
    open_table("{ keep: x }", "t");
    ck_assert(!checksum.has_loose);
    ck_assert_uint_ne(hash_of("1\t{}\tann\n"), hash_of("1\t{}\tanm\n"));
    ck_assert_uint_ne(hash_of("1\t{}\tann\n"), hash_of("1\t{}\t\\N\n"));
    ck_assert_uint_eq(hash_of("1\t{}\tann\n"), hash_of("1\t{}\tann\n"));
}
END_TEST

START_TEST(a_line_end_does_not_count)
{
    open_table("{ keep: x }", "t");
    ck_assert_uint_eq(hash_of("1\t{}\tann\n"), hash_of("1\t{}\tann"));
}
END_TEST

START_TEST(what_the_server_writes_its_own_way_does_not_count)
{
    open_table("redact", "t");
    ck_assert(checksum.has_loose);
    ck_assert_uint_eq(hash_of("1\t{\"a\":1}\tann\n"), hash_of("1\t{\"a\": 1}\tann\n"));
    ck_assert_uint_ne(hash_of("1\t{\"a\":1}\tann\n"), hash_of("2\t{\"a\":1}\tann\n"));
    ck_assert_uint_ne(hash_of("1\t{\"a\":1}\tann\n"), hash_of("1\t{\"a\":1}\tanm\n"));
}
END_TEST

START_TEST(a_null_of_such_a_column_is_seen)
{
    open_table("redact", "t");
    ck_assert_uint_ne(hash_of("1\t{\"a\":1}\tann\n"), hash_of("1\t\\N\tann\n"));
    ck_assert_uint_ne(hash_of("1\t{\"a\":1}\t\\N\n"), hash_of("1\t\\N\t{}\n"));
}
END_TEST

START_TEST(bytes_do_not_slide_from_one_cell_into_the_next)
{
    open_table("redact", "t");
    ck_assert_uint_ne(hash_of("12\t{}\t3\n"), hash_of("1\t{}\t23\n"));
}
END_TEST

START_TEST(rewritten_text_counts_in_full)
{
    open_table("redact", "plain");
    ck_assert(!checksum.has_loose);
    ck_assert_uint_ne(hash_of("ann\n"), hash_of("anm\n"));
}
END_TEST

START_TEST(another_key_gives_other_sums)
{
    open_table("{ keep: x }", "t");
    uint64_t one = hash_of("1\t{}\tann\n");

    checksum.seed = 34;
    ck_assert_uint_ne(one, hash_of("1\t{}\tann\n"));
}
END_TEST

/* Read as cells with lengths, written as a line: the hash is of the line. */
START_TEST(a_row_of_mysql_hashes_alike_when_sent_and_when_read)
{
    static const char sent[] = "1\ta\\tb\t\\N\n", read[] = "\0011\003a\tb\373";
    static bool loose[3];
    static const struct span *const untouched[3] = {NULL, NULL, NULL};
    struct span cells[3];
    struct buf written;
    uint64_t one = 0, other = 0;

    buf_init(&written, BUF_CEILING_MAX);
    for (int has_loose = 0; has_loose < 2; has_loose++) {
        struct checksum of_sent = {.codec = &codec_my,
                                   .columns = 3,
                                   .is_loose = loose,
                                   .has_loose = has_loose,
                                   .seed = 5,
                                   .untouched = untouched};
        struct checksum of_read = of_sent;

        of_read.written = &written;
        loose[0] = has_loose;
        ck_assert(checksum_row(&of_sent, span_make(sent, sizeof(sent) - 1), cells, &scratch, &one,
                               &trial.err));
        ck_assert(checksum_row(&of_read, span_make(read, sizeof(read) - 1), cells, &scratch, &other,
                               &trial.err));
        ck_assert_uint_eq(one, other);
        ck_assert(checksum_row(&of_read, SPAN_LITERAL("\0011\003a\tc\373"), cells, &scratch, &other,
                               &trial.err));
        ck_assert_uint_ne(one, other);
    }
    buf_release(&written);
}
END_TEST

Suite *suite_run_checksum(void);
Suite *suite_run_checksum(void)
{
    Suite *suite = suite_create("run/checksum");
    TCase *cases = tcase_create("checksum");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_changed_byte_is_seen);
    tcase_add_test(cases, a_line_end_does_not_count);
    tcase_add_test(cases, what_the_server_writes_its_own_way_does_not_count);
    tcase_add_test(cases, a_null_of_such_a_column_is_seen);
    tcase_add_test(cases, bytes_do_not_slide_from_one_cell_into_the_next);
    tcase_add_test(cases, rewritten_text_counts_in_full);
    tcase_add_test(cases, another_key_gives_other_sums);
    tcase_add_test(cases, a_row_of_mysql_hashes_alike_when_sent_and_when_read);
    suite_add_tcase(suite, cases);
    return suite;
}
