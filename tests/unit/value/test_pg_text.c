/* Rows of text COPY and their escapes. */
#include "value/codec.h"
#include "value/pg_escape.h"
#include <check.h>

/* "abc", NULL, "", "a tab, a backslash", NULL, "de" */
#define ROW "abc\t\\N\t\ta\\tb\\\\\t\\N\tde"

static struct arena *arena;
static struct error err;
static struct buf out;
static struct span cells[8];

static void row_make(void)
{
    arena = arena_new();
    err = (struct error){0};
    buf_init(&out, 1000);
}

static void row_drop(void)
{
    buf_release(&out);
    arena_free(arena);
}

START_TEST(a_row_splits_into_its_cells_with_and_without_line_end)
{
    struct span row = _i ? SPAN_LITERAL(ROW "\n") : SPAN_LITERAL(ROW);

    ck_assert(codec_pg_text.split(row, cells, 6, &err));
    ck_assert(span_equal(cells[0], SPAN_LITERAL("abc")));
    ck_assert_ptr_null(cells[1].ptr);
    ck_assert(span_equal(cells[2], SPAN_LITERAL("")));
    ck_assert(span_equal(cells[3], SPAN_LITERAL("a\\tb\\\\")));
    ck_assert_ptr_null(cells[4].ptr);
    ck_assert(span_equal(cells[5], SPAN_LITERAL("de")));
}
END_TEST

START_TEST(a_prefix_with_too_few_tabs_is_no_row)
{
    for (size_t len = 0; len < sizeof(ROW) - 3; len++) {
        struct span cut = arena_span(arena, span_make(ROW, len));

        err = (struct error){0};
        ck_assert_msg(!codec_pg_text.split(cut, cells, 6, &err), "length %zu", len);
        ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

START_TEST(a_row_of_another_shape_is_refused)
{
    ck_assert(!codec_pg_text.split(SPAN_LITERAL(ROW), cells, 5, &err));
    ck_assert(!codec_pg_text.split(SPAN_LITERAL(ROW), cells, 7, &err));
    ck_assert(!codec_pg_text.split(SPAN_LITERAL("a\nb"), cells, 1, &err));
    ck_assert(!codec_pg_text.split(SPAN_LITERAL("a\r\n"), cells, 1, &err));
    ck_assert(!codec_pg_text.split(SPAN_LITERAL("a\\"), cells, 1, &err));
    ck_assert(!codec_pg_text.split(SPAN_LITERAL("a\\\n"), cells, 1, &err));
    ck_assert(!codec_pg_text.split(SPAN_LITERAL("a"), cells, 0, &err));
    ck_assert(codec_pg_text.split(SPAN_LITERAL("\n"), NULL, 0, &err));
    ck_assert(codec_pg_text.split(SPAN_LITERAL("\n"), cells, 1, &err));
    ck_assert(span_equal(cells[0], SPAN_LITERAL("")));
}
END_TEST

START_TEST(any_cells_can_be_replaced)
{
    struct span longer = SPAN_LITERAL("longer"), null = {NULL, 0};

    ck_assert(codec_pg_text.split(SPAN_LITERAL(ROW "\n"), cells, 6, &err));
    for (unsigned set = 0; set < 128; set++) {
        const struct span *replaced[6];
        const struct span *instead = set & 64 ? &null : &longer;
        struct buf expected;

        buf_init(&expected, 1000);
        buf_reset(&out);
        for (unsigned c = 0; c < 6; c++) {
            struct span cell = set >> c & 1 ? *instead : cells[c];

            replaced[c] = set >> c & 1 ? instead : NULL;
            buf_add(&expected, cell.ptr ? cell.ptr : "\\N", cell.ptr ? cell.len : 2);
            buf_add_char(&expected, c < 5 ? '\t' : '\n');
        }
        codec_pg_text.write_row(SPAN_LITERAL(ROW "\n"), cells, replaced, 6, &out);
        ck_assert_str_eq(buf_text(&out), buf_text(&expected));
        buf_release(&expected);
    }
}
END_TEST

START_TEST(cells_beside_the_row_are_left_out)
{
    static const char wide[] = "(0,1)\t" ROW "\t(0,2)\n";
    const struct span *replaced[6] = {NULL};

    ck_assert(codec_pg_text.split(span_make(wide, sizeof(wide) - 1), cells, 8, &err));
    codec_pg_text.write_row(span_make(wide + 6, sizeof(ROW) - 1), cells + 1, replaced, 6, &out);
    ck_assert_str_eq(buf_text(&out), ROW "\n");
}
END_TEST

START_TEST(a_null_is_not_taken_from_another_place_of_the_row)
{
    const struct span *replaced[2] = {NULL};

    ck_assert(codec_pg_text.split(SPAN_LITERAL("a\tbcd\n"), cells, 2, &err));
    cells[1] = (struct span){NULL, 0};
    codec_pg_text.write_row(SPAN_LITERAL("a\tbcd\n"), cells, replaced, 2, &out);
    ck_assert_str_eq(buf_text(&out), "a\t\\N\n");
}
END_TEST

START_TEST(a_row_without_cells_is_a_line_end)
{
    codec_pg_text.write_row(SPAN_LITERAL("\n"), NULL, (const struct span *const *)cells, 0, &out);
    ck_assert_str_eq(buf_text(&out), "\n");
}
END_TEST

struct escape {
    struct span cell, bytes;
};

#define ESCAPE(cell, bytes)                                                                        \
    {                                                                                              \
        {cell, sizeof(cell) - 1},                                                                  \
        {                                                                                          \
            bytes, sizeof(bytes) - 1                                                               \
        }                                                                                          \
    }

static const struct escape escapes[] = {
    ESCAPE("a\\b\\f\\n\\r\\t\\v\\\\z", "a\b\f\n\r\t\v\\z"),
    ESCAPE("\\101\\1012\\7", "AA2\7"),
    ESCAPE("\\x41\\x4142\\xa\\xg", "AA42\nxg"),
    ESCAPE("\\N\\q\\\t", "Nq\t"),
    ESCAPE("\\777\\0", "\377\0"),
    ESCAPE("plain", "plain"),
    ESCAPE("", ""),
};

START_TEST(an_escape_means_what_it_means_to_the_server)
{
    struct span bytes;

    ck_assert(escape_undo(escapes[_i].cell, arena, &bytes, &err));
    ck_assert(span_equal(bytes, escapes[_i].bytes));
}
END_TEST

START_TEST(every_byte_survives_its_escape)
{
    unsigned char all[256];
    struct span cell, back;

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (unsigned char)i;
    ck_assert(escape_apply(span_make(all, sizeof(all)), arena, &cell, &err));
    ck_assert_uint_eq(cell.len, 256 + 7);
    ck_assert_ptr_null(memchr(cell.ptr, '\t', cell.len));
    ck_assert_ptr_null(memchr(cell.ptr, '\n', cell.len));
    ck_assert(escape_undo(cell, arena, &back, &err));
    ck_assert(span_equal(back, span_make(all, sizeof(all))));
}
END_TEST

START_TEST(what_needs_no_escape_is_not_copied)
{
    struct span plain = SPAN_LITERAL("plain"), same;

    ck_assert(escape_undo(plain, arena, &same, &err));
    ck_assert_ptr_eq(same.ptr, plain.ptr);
    ck_assert(escape_apply(plain, arena, &same, &err));
    ck_assert_ptr_eq(same.ptr, plain.ptr);
}
END_TEST

Suite *suite_value_pg_text(void);
Suite *suite_value_pg_text(void)
{
    Suite *suite = suite_create("value/pg_text");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, row_make, row_drop);
    tcase_add_loop_test(tests, a_row_splits_into_its_cells_with_and_without_line_end, 0, 2);
    tcase_add_test(tests, a_prefix_with_too_few_tabs_is_no_row);
    tcase_add_test(tests, a_row_of_another_shape_is_refused);
    tcase_add_test(tests, any_cells_can_be_replaced);
    tcase_add_test(tests, cells_beside_the_row_are_left_out);
    tcase_add_test(tests, a_null_is_not_taken_from_another_place_of_the_row);
    tcase_add_test(tests, a_row_without_cells_is_a_line_end);
    tcase_add_loop_test(tests, an_escape_means_what_it_means_to_the_server, 0,
                        (int)COUNT_OF(escapes));
    tcase_add_test(tests, every_byte_survives_its_escape);
    tcase_add_test(tests, what_needs_no_escape_is_not_copied);
    suite_add_tcase(suite, tests);
    return suite;
}
