/* Floating point as text, where shortest digits are hard to find. Texts are a server's. */
#include "value/real.h"
#include <check.h>

struct form {
    double number;
    bool is_single;
    const char *text;
};

static const struct form forms[] = {
    {1e23, false, "9.999999999999999e+22"}, /* 1e23 lies exactly between two numbers */
    {0x1p-1074, false, "5e-324"},
    {0x1p-1022, false, "2.2250738585072014e-308"},
    {0x1p-44, false, "5.684341886080802e-14"}, /* a power of two: the interval is lopsided */
    {0x1.fffffffffffffp1023, false, "1.7976931348623157e+308"},
    {9007199254740993.0, false, "9.007199254740992e+15"},
    {999999999999999.0, false, "999999999999999"},
    {1e15, false, "1e+15"},
    {0.0001, false, "0.0001"},
    {0.00001, false, "1e-05"},
    {-0.0, false, "-0"},
    {5e-324, false, "5e-324"},
    {0x1p-149, true, "1e-45"},
    {0x1p-126, true, "1.1754944e-38"},
    {0x1.fffffep127, true, "3.4028235e+38"},
    {16777216, true, "1.6777216e+07"},
    {999999, true, "999999"},
    {1e6, true, "1e+06"},
    {0x1.99999ap-4, true, "0.1"},
};

START_TEST(a_number_is_printed_as_the_server_prints_it)
{
    struct buf out;

    buf_init(&out, 100);
    real_format(forms[_i].number, forms[_i].is_single, &out);
    ck_assert_str_eq(buf_text(&out), forms[_i].text);
    buf_release(&out);
}
END_TEST

START_TEST(what_is_printed_reads_back)
{
    double back;

    ck_assert(real_parse(span_of(forms[_i].text), forms[_i].is_single, &back));
    ck_assert_int_eq(memcmp(&back, &forms[_i].number, sizeof(back)), 0);
}
END_TEST

START_TEST(a_plain_decimal_has_no_exponent)
{
    struct buf out;

    buf_init(&out, 1000);
    real_canonical(-1.5e-10, &out);
    buf_add_char(&out, ' ');
    real_canonical(1e22, &out);
    ck_assert_str_eq(buf_text(&out), "-0.00000000015 10000000000000000000000");
    buf_reset(&out);
    real_canonical(0x1.fffffffffffffp1023, &out);
    ck_assert_uint_eq(out.len, 309);
    buf_release(&out);
}
END_TEST

Suite *suite_value_real(void);
Suite *suite_value_real(void)
{
    Suite *suite = suite_create("value/real");
    TCase *tests = tcase_create("all");

    tcase_add_loop_test(tests, a_number_is_printed_as_the_server_prints_it, 0,
                        (int)COUNT_OF(forms));
    tcase_add_loop_test(tests, what_is_printed_reads_back, 0, (int)COUNT_OF(forms));
    tcase_add_test(tests, a_plain_decimal_has_no_exponent);
    suite_add_tcase(suite, tests);
    return suite;
}
