#include "fixture.h"

#include <check.h>
#include <string.h>

START_TEST(a_code_keeps_its_length_separators_prefix_and_alphabet)
{
    static const struct {
        const char *params, *in, *begins, *symbols;
    } cases[] = {
        {NULL, "123-456/789", "", "0123456789"},
        {"{ prefix: AC-, suffix: /x }", "AC-0001/x", "AC-", "0123456789"},
        {"{ alphabet: hex }", "00ff:12ab", "", "0123456789abcdef"},
        {"{ alphabet: base32 }", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "",
         "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
        {"{ alphabet: \"AB#\" }", "AB#AB#AB#AB#AB#AB#", "", "AB#"},
        {"{ alphabet: lower }", "q", "", "abcdefghijklmnopqrstuvwxyz"},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ck_assert_msg(fixture_prepare(&fixture, "digits", cases[i].params), "%s",
                      fixture.err.cause);
        const char *moved = fixture_text(&fixture, cases[i].in);

        ck_assert_uint_eq(strlen(moved), strlen(cases[i].in));
        ck_assert_str_ne(moved, cases[i].in);
        ck_assert_int_eq(memcmp(moved, cases[i].begins, strlen(cases[i].begins)), 0);
        for (size_t at = strlen(cases[i].begins); moved[at]; at++)
            ck_assert(strchr(cases[i].symbols, cases[i].in[at])
                          ? strchr(cases[i].symbols, moved[at]) != NULL
                          : moved[at] == cases[i].in[at]);
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_exchange_is_one_to_one_and_moves_every_value)
{
    static bool is_taken[1000];
    static struct value values[1000];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "digits", NULL));
    for (unsigned digits = 1; digits <= 3; digits++) {
        const unsigned count = digits == 1 ? 10 : digits == 2 ? 100 : 1000;

        memset(is_taken, 0, sizeof(is_taken));
        for (unsigned i = 0; i < count; i++)
            values[i] = value_text(arena_printf(fixture.arena, "%0*u", (int)digits, i));
        fixture_apply(&fixture, values, count);
        for (unsigned i = 0; i < count; i++) {
            unsigned moved = 0;

            ck_assert_uint_eq(values[i].bytes.len, digits);
            for (unsigned at = 0; at < digits; at++)
                moved = moved * 10 + (unsigned)(values[i].bytes.ptr[at] - '0');
            ck_assert_uint_ne(moved, i);
            ck_assert(!is_taken[moved]);
            is_taken[moved] = true;
        }
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_million_codes_stay_a_million)
{
    static uint8_t is_taken[1000000];
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "digits", NULL));
    for (unsigned from = 0; from < 1000000; from += 4000) {
        for (unsigned i = 0; i < 4000; i++)
            values[i] = value_text(arena_printf(fixture.arena, "%06u", from + i));
        fixture_apply(&fixture, values, 4000);
        for (unsigned i = 0; i < 4000; i++) {
            unsigned moved = 0;

            for (unsigned at = 0; at < 6; at++)
                moved = moved * 10 + (unsigned)(values[i].bytes.ptr[at] - '0');
            ck_assert_uint_ne(moved, from + i);
            ck_assert_uint_eq(is_taken[moved], 0);
            is_taken[moved] = 1;
        }
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_has_other_letters_is_scrambled_and_stays_so)
{
    static const char *const broken[] = {"12a4", "AC-", "x", "AC-12\xff", "AC-\xd9\xa3", "ac-12"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "digits", "{ prefix: AC- }"));
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        const char *moved = fixture_text(&fixture, broken[i]);

        ck_assert_uint_eq(strlen(moved), strlen(broken[i]));
        ck_assert(strncmp(moved, "AC-", 3) != 0 || strcmp(broken[i], "AC-12") > 0);
    }
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    fixture_release(&fixture);
}
END_TEST

START_TEST(an_alphabet_is_named_or_quoted_and_has_no_symbol_twice)
{
    static const char *const wrong[] = {"{ alphabet: digts }",   "{ alphabet: xyzxyz }",
                                        "{ alphabet: \"aab\" }", "{ alphabet: \"a\" }",
                                        "{ alphabet: \"a b\" }", "{ alphabet: \"äö\" }"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        ck_assert(!fixture_prepare(&fixture, "digits", wrong[i]));
        ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    }
    fixture.type.is_case_insensitive = true;
    ck_assert(fixture_prepare(&fixture, "digits", "{ alphabet: alnum }"));
    ck_assert_str_eq(fixture_text(&fixture, "AbC123"), fixture_text(&fixture, "aBc123"));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_digits(void);
Suite *suite_transform_digits(void)
{
    Suite *suite = suite_create("transform/digits");
    TCase *tcase = tcase_create("digits");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, a_code_keeps_its_length_separators_prefix_and_alphabet);
    tcase_add_test(tcase, the_exchange_is_one_to_one_and_moves_every_value);
    tcase_add_test(tcase, a_million_codes_stay_a_million);
    tcase_add_test(tcase, what_has_other_letters_is_scrambled_and_stays_so);
    tcase_add_test(tcase, an_alphabet_is_named_or_quoted_and_has_no_symbol_twice);
    suite_add_tcase(suite, tcase);
    return suite;
}
