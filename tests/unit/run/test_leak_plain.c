/* Plain forms of escaped text, and numbers in their spellings. */
#include "run/leak_plain.h"
#include <check.h>

static const struct {
    const char *text, *plain;
} rows[] = {
    {"caf\\u00E9 \\/ \\\"", "caf\xc3\xa9 / \""},
    {"\\ud83d\\ude00!", "\xf0\x9f\x98\x80!"},
    {"\\ud83d alone", "\\ud83d alone"},
    {"\\u00e", "\\u00e"},
    {"a%40b%", "a@b%"},
    {"a%4", "a%4"},
    {"%00", "%00"},
    {"&#64;&#x40;&#;&#x110000;&amp;&#64", "@@&#;&#x110000;&amp;&#64"},
    {"\xc3\x84\xff", "\xc3\xa4\xff"},
    {"\\", "\\"},
};

START_TEST(escapes_become_what_they_mean_and_nothing_else_changes)
{
    struct buf out;

    buf_init(&out, 1024);
    leak_plain(span_of(rows[_i].text), &out);
    ck_assert_str_eq(buf_text(&out), rows[_i].plain);
    ck_assert(leak_is_spelled(span_of(rows[_i].text)));
    buf_release(&out);
}
END_TEST

START_TEST(a_number_is_found_however_it_is_written)
{
    static const char *const spellings[] = {"+49 171 1234567", "0171-1234567", "(0171) 123 45 67",
                                            "call 00491711234567 now"};
    const struct leak_dialed national = leak_dialed(span_of(spellings[1]));

    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        ck_assert_msg(leak_dialed_find(&national, span_of(spellings[i])), "row %zu", i);
    const struct leak_dialed abroad = leak_dialed(span_of(spellings[0]));

    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        ck_assert_msg(leak_dialed_find(&abroad, span_of(spellings[i])), "row %zu", i);
    ck_assert(!leak_dialed_find(&national, SPAN_LITERAL("0171-1234568")));
    ck_assert(!leak_dialed_find(&national, SPAN_LITERAL("0171 x 1234567")));
    const struct leak_dialed iban = leak_dialed(SPAN_LITERAL("DE89370400440532013000"));

    ck_assert(leak_dialed_find(&iban, SPAN_LITERAL("DE89 3704 0044 0532 0130 00")));
    ck_assert_uint_eq(leak_dialed(SPAN_LITERAL("a1234567890@b")).digits, 0);
    ck_assert_uint_eq(leak_dialed(SPAN_LITERAL("1234567")).digits, 0);
}
END_TEST

Suite *suite_run_leak_plain(void);
Suite *suite_run_leak_plain(void)
{
    Suite *suite = suite_create("run/leak_plain");
    TCase *cases = tcase_create("plain");

    tcase_add_loop_test(cases, escapes_become_what_they_mean_and_nothing_else_changes, 0,
                        (int)COUNT_OF(rows));
    tcase_add_test(cases, a_number_is_found_however_it_is_written);
    suite_add_tcase(suite, cases);
    return suite;
}
