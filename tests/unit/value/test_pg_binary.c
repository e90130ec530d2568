/* Rows of binary COPY: split at every length, written with any of their fields replaced. */
#include "value/codec.h"
#include <check.h>

/* Five fields: "abc", NULL, "", NULL, "de". */
#define FIELDS                                                                                     \
    "\0\0\0\3abc"                                                                                  \
    "\377\377\377\377"                                                                             \
    "\0\0\0\0"                                                                                     \
    "\377\377\377\377"                                                                             \
    "\0\0\0\2de"
#define ROW "\0\5" FIELDS

static struct error err;
static struct buf out;
static struct span cells[8];

static void row_make(void)
{
    err = (struct error){0};
    buf_init(&out, 1000);
}

static void row_drop(void)
{
    buf_release(&out);
}

START_TEST(a_row_splits_into_its_fields)
{
    ck_assert(codec_pg_binary.split(SPAN_LITERAL(ROW), cells, 5, &err));
    ck_assert(span_equal(cells[0], SPAN_LITERAL("abc")));
    ck_assert_ptr_null(cells[1].ptr);
    ck_assert(span_equal(cells[2], SPAN_LITERAL("")));
    ck_assert_ptr_null(cells[3].ptr);
    ck_assert(span_equal(cells[4], SPAN_LITERAL("de")));
}
END_TEST

START_TEST(no_prefix_of_a_row_is_a_row)
{
    for (size_t len = 0; len < sizeof(ROW) - 1; len++) {
        struct arena *arena = arena_new(); /* a copy, so that a sanitizer sees the end */
        struct span cut = arena_span(arena, span_make(ROW, len));

        err = (struct error){0};
        ck_assert(!codec_pg_binary.split(cut, cells, 5, &err));
        ck_assert_int_eq(err.status, STATUS_SOURCE);
        arena_free(arena);
    }
}
END_TEST

START_TEST(a_row_of_another_shape_is_refused)
{
    ck_assert(!codec_pg_binary.split(SPAN_LITERAL(ROW), cells, 4, &err));
    ck_assert(!codec_pg_binary.split(SPAN_LITERAL(ROW), cells, 6, &err));
    ck_assert(!codec_pg_binary.split(SPAN_LITERAL(ROW "x"), cells, 5, &err));
    ck_assert(!codec_pg_binary.split(SPAN_LITERAL("\0\1\377\377\377\376"), cells, 1, &err));
    ck_assert(!codec_pg_binary.split(SPAN_LITERAL("\0\1\177\377\377\377ab"), cells, 1, &err));
    ck_assert(!codec_pg_binary.split(SPAN_LITERAL("\377\377"), cells, 1, &err));
    ck_assert(codec_pg_binary.split(SPAN_LITERAL("\0\0"), NULL, 0, &err));
}
END_TEST

START_TEST(an_untouched_row_is_written_as_it_stood)
{
    const struct span *replaced[5] = {NULL};

    ck_assert(codec_pg_binary.split(SPAN_LITERAL(ROW), cells, 5, &err));
    codec_pg_binary.write_row(SPAN_LITERAL(ROW), cells, replaced, 5, &out);
    ck_assert(span_equal(buf_span(&out), SPAN_LITERAL(ROW)));
}
END_TEST

/* Each of the 32 ways to replace some of five fields, against a row put together field by field. */
START_TEST(any_fields_can_be_replaced)
{
    struct span longer = SPAN_LITERAL("longer"), null = {NULL, 0};

    ck_assert(codec_pg_binary.split(SPAN_LITERAL(ROW), cells, 5, &err));
    for (unsigned set = 0; set < 64; set++) {
        const struct span *replaced[5];
        const struct span *instead = set & 32 ? &null : &longer;
        struct buf expected;

        buf_init(&expected, 1000);
        buf_reset(&out);
        buf_add_u16be(&expected, 5);
        for (unsigned c = 0; c < 5; c++) {
            struct span cell = set >> c & 1 ? *instead : cells[c];

            replaced[c] = set >> c & 1 ? instead : NULL;
            buf_add_u32be(&expected, cell.ptr ? cell.len : UINT32_MAX);
            buf_add(&expected, cell.ptr, cell.len);
        }
        codec_pg_binary.write_row(SPAN_LITERAL(ROW), cells, replaced, 5, &out);
        ck_assert_msg(span_equal(buf_span(&out), buf_span(&expected)), "set %u", set);
        buf_release(&expected);
    }
}
END_TEST

/* A reader asks for the address of each row in front of it or behind it, and leaves it out. */
START_TEST(fields_beside_the_row_are_left_out)
{
    static const char wide[] = "\0\7\0\0\0\2xx" FIELDS "\0\0\0\2yy";
    const struct span *replaced[5] = {NULL};
    struct span row = span_make(wide + 8, sizeof(FIELDS) - 1);

    ck_assert(codec_pg_binary.split(span_make(wide, sizeof(wide) - 1), cells, 7, &err));
    codec_pg_binary.write_row(row, cells + 1, replaced, 5, &out);
    ck_assert(span_equal(buf_span(&out), SPAN_LITERAL(ROW)));
}
END_TEST

START_TEST(fields_in_another_order_are_not_taken_for_a_run)
{
    const struct span *replaced[5] = {NULL};
    struct span turned[5];

    ck_assert(codec_pg_binary.split(SPAN_LITERAL(ROW), cells, 5, &err));
    for (int c = 0; c < 5; c++)
        turned[c] = cells[4 - c];
    codec_pg_binary.write_row(SPAN_LITERAL(ROW), turned, replaced, 5, &out);
    ck_assert(span_equal(buf_span(&out),
                         SPAN_LITERAL("\0\5\0\0\0\2de\377\377\377\377\0\0\0\0\377\377\377\377"
                                      "\0\0\0\3abc")));
}
END_TEST

START_TEST(a_null_is_not_taken_from_another_place_of_the_row)
{
    struct span row = SPAN_LITERAL("\0\2\0\0\0\1a\0\0\0\1b");
    const struct span *replaced[2] = {NULL};

    ck_assert(codec_pg_binary.split(row, cells, 2, &err));
    cells[1] = (struct span){NULL, 0};
    codec_pg_binary.write_row(row, cells, replaced, 2, &out);
    ck_assert(span_equal(buf_span(&out), SPAN_LITERAL("\0\2\0\0\0\1a\377\377\377\377")));
}
END_TEST

START_TEST(a_row_beyond_the_ceiling_fails_the_buffer)
{
    const struct span *replaced[5] = {NULL};
    struct buf small;

    buf_init(&small, 10);
    ck_assert(codec_pg_binary.split(SPAN_LITERAL(ROW), cells, 5, &err));
    codec_pg_binary.write_row(SPAN_LITERAL(ROW), cells, replaced, 5, &small);
    ck_assert(!buf_ok(&small));
    buf_release(&small);
}
END_TEST

START_TEST(header_and_trailer_are_the_protocols)
{
    ck_assert(
        span_equal(codec_pg_binary.header, SPAN_LITERAL("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0")));
    ck_assert_uint_eq(codec_pg_binary.header.len, 19);
    ck_assert(span_equal(codec_pg_binary.trailer, SPAN_LITERAL("\377\377")));
    ck_assert_uint_eq(codec_pg_text.header.len + codec_pg_text.trailer.len, 0);
}
END_TEST

Suite *suite_value_pg_binary(void);
Suite *suite_value_pg_binary(void)
{
    Suite *suite = suite_create("value/pg_binary");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, row_make, row_drop);
    tcase_add_test(tests, a_row_splits_into_its_fields);
    tcase_add_test(tests, no_prefix_of_a_row_is_a_row);
    tcase_add_test(tests, a_row_of_another_shape_is_refused);
    tcase_add_test(tests, an_untouched_row_is_written_as_it_stood);
    tcase_add_test(tests, any_fields_can_be_replaced);
    tcase_add_test(tests, fields_beside_the_row_are_left_out);
    tcase_add_test(tests, fields_in_another_order_are_not_taken_for_a_run);
    tcase_add_test(tests, a_null_is_not_taken_from_another_place_of_the_row);
    tcase_add_test(tests, a_row_beyond_the_ceiling_fails_the_buffer);
    tcase_add_test(tests, header_and_trailer_are_the_protocols);
    suite_add_tcase(suite, tests);
    return suite;
}
