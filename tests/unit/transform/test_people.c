#include "base/words.h"
#include "fixture.h"

#include <check.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

START_TEST(an_address_goes_nowhere_and_equal_ones_stay_equal)
{
    struct fixture fixture;
    const char *lower, *upper;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "email", NULL));
    lower = fixture_text(&fixture, "bob@corp.example.com");
    upper = fixture_text(&fixture, "Bob@Corp.Example.com");
    ck_assert_uint_eq(strlen(lower), 26 + 13);
    ck_assert_str_eq(strchr(lower, '@'), "@mail.example");
    ck_assert_str_eq(lower, upper);
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "email", NULL));
    ck_assert_str_eq(fixture_text(&fixture, "bob@corp.example.com"), lower);
    upper = fixture_text(&fixture, "Bob@Corp.Example.com");
    ck_assert_str_ne(upper, lower);
    ck_assert_int_eq(strcasecmp(upper, lower), 0);
    fixture_release(&fixture);
}
END_TEST

static const char *const broken[] = {"bob at corp", "a@b@c",          "@x",
                                     "x@",          "Bob <bob@x.de>", "b ob@x"};

START_TEST(what_is_no_address_stays_none_and_is_counted)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "email", NULL));
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        const char *moved = fixture_text(&fixture, broken[i]);

        ck_assert_uint_eq(strlen(moved), strlen(broken[i]));
        ck_assert_uint_eq(strcspn(moved, "@"), strcspn(broken[i], "@"));
    }
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_short_column_gets_a_shorter_token)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.column.max_length = 32;
    ck_assert(fixture_prepare(&fixture, "email", NULL));
    ck_assert_int_eq(fixture.prepared->uniqueness, UNIQUENESS_PRESERVED);
    ck_assert_uint_le(strlen(fixture_text(&fixture, "bob@example.com")), 32);
    fixture.column.max_length = 20;
    ck_assert(fixture_prepare(&fixture, "email", NULL));
    ck_assert_int_eq(fixture.prepared->uniqueness, UNIQUENESS_NOT_GUARANTEED);
    ck_assert_uint_le(strlen(fixture_text(&fixture, "bob@example.com")), 20);
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "email", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
}
END_TEST

static void check_shape(const char *in, const char *out)
{
    ck_assert_uint_eq(strlen(in), strlen(out));
    for (size_t i = 0; in[i]; i++) {
        ck_assert_int_eq(isdigit(in[i]) != 0, isdigit(out[i]) != 0);
        if (!isdigit(in[i]))
            ck_assert_int_eq(in[i], out[i]);
    }
}

START_TEST(a_number_keeps_country_and_format_and_cannot_be_dialed)
{
    static const struct {
        const char *in, *begins;
    } cases[] = {
        {"+49 170 1234567", "+49 0"},   {"+1 (415) 555-2671", "+1 (0"},
        {"0049-170-1234567", "0049-0"}, {"+39 06 6982", "+39 2"},
        {"+353 1 234 5678", "+353 0"},  {"415-555-2671", "000-"},
        {"0170/1234567", "000"},        {"110", "000"},
        {"+491701234567", "+490"},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "phone", NULL));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *moved = fixture_text(&fixture, cases[i].in);

        check_shape(cases[i].in, moved);
        ck_assert_msg(strncmp(moved, cases[i].begins, strlen(cases[i].begins)) == 0, "%s -> %s",
                      cases[i].in, moved);
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

/* Digits of a text, without 00 or + before the country. */
static void digits_of(const char *text, char *digits)
{
    size_t len = 0;

    for (; *text; text++) {
        if (isdigit(*text))
            digits[len++] = *text;
    }
    digits[len] = '\0';
    if (strncmp(digits, "00", 2) == 0)
        memmove(digits, digits + 2, len - 1);
}

START_TEST(equal_numbers_stay_equal_whatever_their_format)
{
    struct fixture fixture;
    char first[32], second[32];

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "phone", NULL));
    digits_of(fixture_text(&fixture, "+49 170 1234567"), first);
    digits_of(fixture_text(&fixture, "0049/1701234567"), second);
    ck_assert_str_eq(first, second);
    fixture_release(&fixture);
}
END_TEST

START_TEST(distinct_numbers_stay_distinct_where_the_column_is_unique)
{
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "phone", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    ck_assert_ptr_nonnull(strstr(fixture.err.hint, "length: grow"));
    ck_assert(fixture_prepare(&fixture, "phone", "{ length: grow }"));
    for (uint32_t i = 0; i < 2000; i++)
        values[i] =
            (struct value){.bytes = span_of(arena_printf(
                               fixture.arena, i < 1000 ? "+49 %03u" : "+4930%06u", i % 1000))};
    fixture_apply(&fixture, values, 2000);
    for (uint32_t i = 0; i < 2000; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (values_equal(KIND_TEXT, &values[i], &values[j]))
                ck_abort_msg("numbers %u and %u meet", i, j);
        }
    }
    for (uint32_t i = 0; i < 2000; i++)
        ck_assert_int_eq(memcmp(values[i].bytes.ptr, i < 1000 ? "+49 0" : "+490", i < 1000 ? 5 : 4),
                         0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_redacted_text_shows_its_script_and_class_of_length_only)
{
    static struct value values[200];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.column.max_length = 13;
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    ck_assert_int_eq(fixture.prepared->uniqueness, UNIQUENESS_NOT_GUARANTEED);
    for (uint32_t i = 0; i < COUNT_OF(values); i++)
        values[i] =
            (struct value){.bytes = span_of(arena_printf(fixture.arena, "x@y%u.example", i % 10))};
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (uint32_t i = 0; i < COUNT_OF(values); i++) {
        ck_assert(values[i].bytes.len >= 8 && values[i].bytes.len <= 13);
        ck_assert_ptr_null(memchr(values[i].bytes.ptr, '@', values[i].bytes.len));
        ck_assert_int_ne(values[i].bytes.ptr[values[i].bytes.len - 1], ' ');
    }
    fixture.column.max_length = 0;
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    ck_assert_uint_eq(strlen(fixture_text(&fixture, "Bob")), 26);
    ck_assert_int_eq(fixture.prepared->uniqueness, UNIQUENESS_PRESERVED);
    fixture_release(&fixture);
}
END_TEST

START_TEST(booleans_and_enums_are_redacted_by_row)
{
    static struct value values[1000];
    struct fixture fixture;
    int truths = 0;

    fixture_init(&fixture, KIND_BOOLEAN, 1);
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    ck_assert_uint_ne(fixture.prepared->needs & NEED_IDENTITY, 0);
    memset(values, 0, sizeof(values));
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (uint32_t i = 0; i < COUNT_OF(values); i++)
        truths += values[i].boolean;
    ck_assert(truths > 400 && truths < 600);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_people(void);
Suite *suite_transform_people(void)
{
    Suite *suite = suite_create("transform/people");
    TCase *tcase = tcase_create("people");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, an_address_goes_nowhere_and_equal_ones_stay_equal);
    tcase_add_test(tcase, what_is_no_address_stays_none_and_is_counted);
    tcase_add_test(tcase, a_short_column_gets_a_shorter_token);
    tcase_add_test(tcase, a_number_keeps_country_and_format_and_cannot_be_dialed);
    tcase_add_test(tcase, equal_numbers_stay_equal_whatever_their_format);
    tcase_add_test(tcase, distinct_numbers_stay_distinct_where_the_column_is_unique);
    tcase_add_test(tcase, a_redacted_text_shows_its_script_and_class_of_length_only);
    tcase_add_test(tcase, booleans_and_enums_are_redacted_by_row);
    suite_add_tcase(suite, tcase);
    return suite;
}
