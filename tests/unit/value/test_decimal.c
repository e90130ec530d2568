/* Decimals as text: parts, shortest form, rounding. */
#include "value/decimal.h"
#include "value/value.h"
#include <check.h>

struct pair {
    const char *from, *to;
};

static const struct pair shortest[] = {
    {"1.00", "1"},         {"1.0", "1"},     {"1", "1"},     {"-0", "0"},
    {"-0.000", "0"},       {"0.50", "0.5"},  {"100", "100"}, {"007", "7"},
    {"-12.340", "-12.34"}, {"00.10", "0.1"}, {"NaN", "NaN"}, {"-Infinity", "-Infinity"},
};

START_TEST(the_shortest_form_says_the_same_number)
{
    struct buf out;

    buf_init(&out, 100);
    decimal_canonical(span_of(shortest[_i].from), &out);
    ck_assert_str_eq(buf_text(&out), shortest[_i].to);
    buf_release(&out);
}
END_TEST

struct rounding {
    const char *from;
    int scale;
    const char *to;
};

static const struct rounding roundings[] = {
    {"1.005", 2, "1.01"},       {"-1.005", 2, "-1.01"},   {"1.0049", 2, "1.00"},
    {"0", 2, "0.00"},           {"9.99", 1, "10.0"},      {"0.96", 1, "1.0"},
    {"99.5", 0, "100"},         {"0.5", 0, "1"},          {"0.4", 0, "0"},
    {"-0.4", 0, "0"},           {"-0.001", 2, "0.00"},    {"7", 3, "7.000"},
    {"0.05", 4, "0.0500"},      {"0.00005", 4, "0.0001"}, {"1250", -2, "1300"},
    {"1049", -2, "1000"},       {"567", -3, "1000"},      {"499", -3, "0"},
    {"567", -5, "0"},           {"NaN", 2, "NaN"},        {"Infinity", 0, "Infinity"},
    {"000123.456", 1, "123.5"}, {"99999", -1, "100000"},  {"-1099.5", 0, "-1100"},
};

START_TEST(rounding_is_the_servers)
{
    struct arena *arena = arena_new();
    struct span rounded = decimal_round(span_of(roundings[_i].from), roundings[_i].scale, arena);

    ck_assert_msg(span_equal(rounded, span_of(roundings[_i].to)), "%s at %d gives %.*s",
                  roundings[_i].from, roundings[_i].scale, (int)rounded.len, rounded.ptr);
    arena_free(arena);
}
END_TEST

static const char *const invalid[] = {"",      "-",     ".",  "1.",   ".5",  "1e5", "+1",
                                      "1.2.3", "0x1",   " 1", "1 ",   "nan", "inf", "--1",
                                      "-NaN",  "1,000", "1-", "NaN ", "Inf", "- 1"};

START_TEST(anything_else_is_no_decimal)
{
    ck_assert_int_eq(decimal_read(span_of(invalid[_i])).class, DECIMAL_INVALID);
}
END_TEST

Suite *suite_value_decimal(void);
Suite *suite_value_decimal(void)
{
    Suite *suite = suite_create("value/decimal");
    TCase *tests = tcase_create("all");

    tcase_add_loop_test(tests, the_shortest_form_says_the_same_number, 0, (int)COUNT_OF(shortest));
    tcase_add_loop_test(tests, rounding_is_the_servers, 0, (int)COUNT_OF(roundings));
    tcase_add_loop_test(tests, anything_else_is_no_decimal, 0, (int)COUNT_OF(invalid));
    suite_add_tcase(suite, tests);
    return suite;
}
