/* The set of what must not be found again. */
#include "run/leak.h"
#include <check.h>
#include <stdio.h>

static struct leak_set *set;
static struct leak_buffer buffer;
static struct error err;

static void begin(void)
{
    err = (struct error){0};
    buffer.count = 0;
    ck_assert(leak_set_new(1u << 20, &set, &err));
}

static void end(void)
{
    leak_set_free(set);
}

static void add(const char *text)
{
    ck_assert(leak_add(set, &buffer, span_of(text), &err));
    ck_assert(leak_flush(set, &buffer, &err));
}

static bool find(const char *text)
{
    return leak_find(set, span_of(text));
}

START_TEST(a_value_is_found_alone_and_in_a_sentence)
{
    add("ann.meier@shop.test");
    ck_assert(find("ann.meier@shop.test"));
    ck_assert(find("write to ann.meier@shop.test, please"));
    ck_assert(find("{\"mail\":\"ann.meier@shop.test\"}"));
    ck_assert(!find("ann.meyer@shop.test"));
    ck_assert(!find("xann.meier@shop.test"));
}
END_TEST

START_TEST(a_value_is_found_in_another_case)
{
    char text[600], shouted[600];

    add("Ann.Meier@Shop.test");
    ck_assert(find("ANN.MEIER@SHOP.TEST"));
    ck_assert(find("write to ann.meier@shop.test, please"));
    ck_assert(!find("ann.meyer@shop.test"));
    for (size_t i = 0; i + 1 < sizeof(text); i++) {
        text[i] = i % 7 == 6 ? ' ' : (char)('a' + i % 26);
        shouted[i] = i % 7 == 6 ? ' ' : (char)('A' + i % 26);
    }
    text[sizeof(text) - 1] = shouted[sizeof(shouted) - 1] = '\0';
    add(text);
    ck_assert(find(shouted));
    shouted[590] ^= 1;
    ck_assert(!find(shouted));
}
END_TEST

START_TEST(a_long_token_of_a_value_is_found)
{
    add("call +49 15112345678 today");
    ck_assert(find("15112345678"));
    ck_assert(find("tel: 15112345678."));
    ck_assert(!find("call her today"));
}
END_TEST

START_TEST(lone_words_and_short_values_tell_nothing)
{
    add("Christiansen");
    add("a1");
    add("1234567");
    add("@@@@@@@@");
    ck_assert_uint_eq(leak_set_count(set), 0);
    ck_assert(!leak_is_telling(SPAN_LITERAL("Christiansen")));
    ck_assert(!leak_is_telling(SPAN_LITERAL("        ")));
    ck_assert(leak_is_telling(SPAN_LITERAL("Ann Meier")));
    ck_assert(leak_is_telling(SPAN_LITERAL("meier1984")));
    ck_assert(leak_is_telling(SPAN_LITERAL("12345678")));
}
END_TEST

START_TEST(tokens_end_at_what_joins_nothing)
{
    static const char *const wanted[] = {"ab", "c.d@e-f", "gh\xc3\xa4", "ij"};
    struct span text = SPAN_LITERAL("ab, c.d@e-f; gh\xc3\xa4 -ij-"), token;
    size_t position = 0;

    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        ck_assert(leak_token(text, 2, &position, &token));
        ck_assert(span_equal(token, span_of(wanted[i])));
    }
    ck_assert(!leak_token(text, 2, &position, &token));
}
END_TEST

START_TEST(the_same_value_counts_once)
{
    add("ann.meier@shop.test");
    add("ann.meier@shop.test");
    ck_assert_uint_eq(leak_set_count(set), 1);
}
END_TEST

START_TEST(many_values_are_all_found_again)
{
    char text[32];

    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof(text), "person%d@shop.test", i);
        ck_assert(leak_add(set, &buffer, span_of(text), &err));
    }
    ck_assert(leak_flush(set, &buffer, &err));
    ck_assert(!leak_set_is_full(set));
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof(text), "person%d@shop.test", i);
        ck_assert(find(text));
    }
}
END_TEST

START_TEST(a_full_set_says_so_and_keeps_what_it_has)
{
    char text[32];

    leak_set_free(set);
    ck_assert(leak_set_new(16384, &set, &err));
    add("first1@shop.test");
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof(text), "person%d@shop.test", i);
        ck_assert(leak_add(set, &buffer, span_of(text), &err));
    }
    ck_assert(leak_flush(set, &buffer, &err));
    ck_assert(leak_set_is_full(set));
    ck_assert(find("first1@shop.test"));
    ck_assert(!find("nobody@shop.test"));
}
END_TEST

START_TEST(numbers_of_eight_digits_are_texts)
{
    static const struct type integer = {.kind = KIND_INTEGER}, decimal = {.kind = KIND_DECIMAL};
    char digits[LEAK_DIGITS_MAX + 1];
    const struct {
        const struct type *type;
        struct value value;
        const char *text;
    } rows[] = {
        {&integer, {.integer = 4915112345678}, "4915112345678"},
        {&integer, {.integer = -10000000}, "10000000"},
        {&integer, {.integer = INT64_MIN}, "9223372036854775808"},
        {&integer, {.integer = 9999999}, NULL},
        {&decimal, {.bytes = SPAN_LITERAL("0049151123.000")}, "49151123"},
        {&decimal, {.bytes = SPAN_LITERAL("49151123.5")}, NULL},
        {&decimal, {.bytes = SPAN_LITERAL("NaN")}, NULL},
        {&decimal, {.bytes = SPAN_LITERAL("123456789012345678901")}, NULL},
        {&decimal, {.is_null = true}, NULL},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span text = leak_number(rows[i].type, &rows[i].value, digits);

        ck_assert_msg(rows[i].text ? span_equal(text, span_of(rows[i].text)) : !text.ptr, "row %zu",
                      i);
    }
}
END_TEST

START_TEST(chance_is_the_share_of_numbers_of_that_length)
{
    char text[16];

    for (int i = 0; i < 900; i++) {
        snprintf(text, sizeof(text), "%d", 10000000 + i);
        add(text);
        add(text);
    }
    add("person1@shop.test");
    ck_assert_double_eq_tol(leak_chance(set, 8), 1e-5, 1e-12);
    ck_assert_double_eq(leak_chance(set, 9), 0);
    ck_assert_double_eq(leak_chance(set, 0), 0);
}
END_TEST

static size_t found_count;

static void count_found(void *context, uint32_t mark)
{
    UNUSED(context);
    ck_assert_uint_eq(mark, 7);
    found_count++;
}

/* How often a search finds something in the text: once, or not at all. */
static size_t search(const char *text)
{
    struct leak_search seeking = {.set = set, .found = count_found};

    found_count = 0;
    leak_search(&seeking, span_of(text), 7);
    leak_search_end(&seeking);
    ck_assert(!seeking.has_memory_failed);
    return found_count;
}

START_TEST(a_value_is_found_under_escapes_and_in_other_letters)
{
    static const char *const spelled[] = {
        "{\"a\":\"ann.meier\\u0040shop.test\"}", "mailto:ann.meier%40shop.test",
        "<b>ann.meier&#64;shop.test</b>", "ann.meier&#x40;SHOP.test"};

    add("ann.meier@shop.test");
    add("J\xc3\xb6rg \xc3\x84rmel");
    for (size_t i = 0; i < COUNT_OF(spelled); i++)
        ck_assert_msg(search(spelled[i]) == 1, "row %zu", i);
    ck_assert_uint_eq(search("J\xc3\x96RG \xc3\xa4rmel"), 1);
    ck_assert_uint_eq(search("J\\u00f6rg \\u00c4rmel"), 1);
    ck_assert_uint_eq(search("ann.meier%41shop.test"), 0);
}
END_TEST

START_TEST(a_text_that_is_found_in_both_forms_counts_once)
{
    add("ann.meier@shop.test");
    ck_assert_uint_eq(search("ann.meier@shop.test 100% ann.meier%40shop.test"), 1);
}
END_TEST

Suite *suite_run_leak(void);
Suite *suite_run_leak(void)
{
    Suite *suite = suite_create("run/leak");
    TCase *cases = tcase_create("leak");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_value_is_found_alone_and_in_a_sentence);
    tcase_add_test(cases, a_value_is_found_in_another_case);
    tcase_add_test(cases, a_long_token_of_a_value_is_found);
    tcase_add_test(cases, lone_words_and_short_values_tell_nothing);
    tcase_add_test(cases, tokens_end_at_what_joins_nothing);
    tcase_add_test(cases, the_same_value_counts_once);
    tcase_add_test(cases, many_values_are_all_found_again);
    tcase_add_test(cases, a_full_set_says_so_and_keeps_what_it_has);
    tcase_add_test(cases, numbers_of_eight_digits_are_texts);
    tcase_add_test(cases, chance_is_the_share_of_numbers_of_that_length);
    tcase_add_test(cases, a_value_is_found_under_escapes_and_in_other_letters);
    tcase_add_test(cases, a_text_that_is_found_in_both_forms_counts_once);
    suite_add_tcase(suite, cases);
    return suite;
}
