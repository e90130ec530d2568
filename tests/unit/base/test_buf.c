/* Growing bytes and their ceiling. */
#include "base/buf.h"
#include <check.h>

START_TEST(what_is_added_stands_in_order)
{
    struct buf buf;

    buf_init(&buf, 1000);
    buf_add_text(&buf, "ab");
    buf_add_char(&buf, 'c');
    buf_add_format(&buf, "%03d", 7);
    buf_add(&buf, "\0x", 2);
    ck_assert(buf_ok(&buf));
    ck_assert(span_equal(buf_span(&buf), SPAN_LITERAL("abc007\0x")));
    ck_assert_int_eq(buf.ptr[buf.len], '\0');
    buf_release(&buf);
}
END_TEST

START_TEST(numbers_are_written_highest_byte_first)
{
    struct buf buf;

    buf_init(&buf, 100);
    buf_add_u16be(&buf, 0x0102);
    buf_add_u32be(&buf, 0x03040506);
    buf_add_u64be(&buf, UINT64_C(0x0708090a0b0c0dff));
    ck_assert(
        span_equal(buf_span(&buf), SPAN_LITERAL("\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\xff")));
    buf_release(&buf);
}
END_TEST

START_TEST(the_ceiling_is_reached_but_not_passed)
{
    struct buf buf;

    buf_init(&buf, 10);
    buf_add_text(&buf, "0123456789");
    ck_assert(buf_ok(&buf));
    buf_add_char(&buf, 'x');
    ck_assert(!buf_ok(&buf));
    ck_assert_str_eq(buf_text(&buf), "");
    ck_assert_uint_eq(buf_span(&buf).len, 0);
    buf_release(&buf);
}
END_TEST

START_TEST(a_failure_is_remembered_until_reset)
{
    struct buf buf;

    buf_init(&buf, 10);
    buf_add(&buf, "0123456789abc", 13);
    buf_add_char(&buf, 'x');
    ck_assert(!buf_ok(&buf));
    ck_assert_ptr_null(buf_extend(&buf, 1));
    buf_reset(&buf);
    buf_add_char(&buf, 'y');
    ck_assert(buf_ok(&buf));
    ck_assert_str_eq(buf_text(&buf), "y");
    buf_release(&buf);
}
END_TEST

START_TEST(an_empty_buf_is_empty_text_and_not_null)
{
    struct buf buf;

    buf_init(&buf, 10);
    ck_assert_str_eq(buf_text(&buf), "");
    ck_assert(!span_is_null(buf_span(&buf)));
    buf_add_text(&buf, "");
    ck_assert(buf_ok(&buf));
    buf_release(&buf);
}
END_TEST

START_TEST(a_large_buf_keeps_every_byte)
{
    struct buf buf;

    buf_init(&buf, 1 << 20);
    for (size_t i = 0; i < 1 << 20; i++)
        buf_add_char(&buf, (char)(i * 31));
    ck_assert(buf_ok(&buf));
    size_t same = 0;
    for (size_t i = 0; i < 1 << 20; i++)
        same += buf.ptr[i] == (char)(i * 31);
    ck_assert_uint_eq(same, 1 << 20);
    buf_release(&buf);
}
END_TEST

Suite *suite_base_buf(void);
Suite *suite_base_buf(void)
{
    Suite *suite = suite_create("base/buf");
    TCase *tests = tcase_create("buf");

    tcase_add_test(tests, what_is_added_stands_in_order);
    tcase_add_test(tests, numbers_are_written_highest_byte_first);
    tcase_add_test(tests, the_ceiling_is_reached_but_not_passed);
    tcase_add_test(tests, a_failure_is_remembered_until_reset);
    tcase_add_test(tests, an_empty_buf_is_empty_text_and_not_null);
    tcase_add_test(tests, a_large_buf_keeps_every_byte);
    suite_add_tcase(suite, tests);
    return suite;
}
