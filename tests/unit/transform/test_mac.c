#include "fixture.h"

#include <check.h>
#include <ctype.h>
#include <string.h>

START_TEST(an_address_keeps_its_two_bits_separators_and_case)
{
    static const char *const addresses[] = {
        "08:00:2b:01:02:03", "08-00-2B-01-02-03", "0800.2b01.0203",          "08002b010203",
        "02:42:ac:11:00:02", "01:00:5e:00:00:fb", "08:00:2b:01:02:03:04:05", "08002b:010203"};
    struct fixture fixture;
    char first[32] = "";

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "mac", NULL));
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        const char *in = addresses[i], *moved = fixture_text(&fixture, in);
        char plain[32] = "";
        size_t len = 0;

        ck_assert_uint_eq(strlen(moved), strlen(in));
        ck_assert_str_ne(moved, in);
        for (size_t at = 0; moved[at]; at++) {
            ck_assert(isxdigit(in[at]) ? isxdigit(moved[at]) : moved[at] == in[at]);
            ck_assert(i == 1 ? !islower(moved[at]) : !isupper(moved[at]));
            if (isxdigit(moved[at]))
                plain[len++] = (char)tolower(moved[at]);
        }
        ck_assert_int_eq(
            (strchr("0123456789abcdef", plain[1]) - strchr("0123456789abcdef", in[1])) & 3, 0);
        if (i == 0)
            memcpy(first, plain, sizeof(first));
        if (i < 4)
            ck_assert_str_eq(plain, first);
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(bytes_and_texts_go_together_and_so_do_both_widths)
{
    struct fixture fixture;
    struct value narrow = {.bytes = SPAN_LITERAL("\x08\x00\x2b\x01\x02\x03")};
    struct value wide = {.bytes = SPAN_LITERAL("\x08\x00\x2b\xff\xfe\x01\x02\x03")};
    struct value broadcast = {.bytes = SPAN_LITERAL("\xff\xff\xff\xff\xff\xff")};

    fixture_init(&fixture, KIND_MAC, 1);
    ck_assert(fixture_prepare(&fixture, "mac", NULL));
    fixture_apply(&fixture, &narrow, 1);
    fixture_apply(&fixture, &wide, 1);
    fixture_apply(&fixture, &broadcast, 1);
    ck_assert_int_eq(memcmp(narrow.bytes.ptr, wide.bytes.ptr, 3), 0);
    ck_assert_int_eq(memcmp(wide.bytes.ptr + 3, "\xff\xfe", 2), 0);
    ck_assert_int_eq(memcmp(narrow.bytes.ptr + 3, wide.bytes.ptr + 5, 3), 0);
    ck_assert_int_ne(memcmp(narrow.bytes.ptr, "\x08\x00\x2b\x01\x02\x03", 6), 0);
    ck_assert_int_eq(memcmp(broadcast.bytes.ptr, "\xff\xff\xff\xff\xff\xff", 6), 0);
    ck_assert_uint_eq(fixture.unchanged, 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_no_address_is_scrambled)
{
    static const char *const broken[] = {
        "08:00:2b:01:02",    "08:00-2b:01:02:03", "device 7",          "0800:2b01:02:03",
        "g8:00:2b:01:02:03", "aA:00:2b:01:02:03", "08:00:2b:01:02:03:"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "mac", NULL));
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        ck_assert_str_ne(fixture_text(&fixture, broken[i]), broken[i]);
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    fixture_release(&fixture);
}
END_TEST

START_TEST(distinct_spellings_stay_distinct_where_they_must)
{
    static struct value values[4000];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "mac", NULL));
    for (unsigned i = 0; i < COUNT_OF(values); i++)
        values[i] = value_text(
            arena_printf(fixture.arena, i % 2 ? "08:00:2b:0a:%02x:%02x" : "08:00:2B:0A:%02X:%02X",
                         i / 512, i / 2 % 256));
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (unsigned i = 0; i < COUNT_OF(values); i++) {
        for (unsigned j = 0; j < i; j++)
            if (values_equal(KIND_TEXT, &values[i], &values[j]))
                ck_abort_msg("addresses %u and %u meet", i, j);
    }
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_mac(void);
Suite *suite_transform_mac(void)
{
    Suite *suite = suite_create("transform/mac");
    TCase *tcase = tcase_create("mac");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, an_address_keeps_its_two_bits_separators_and_case);
    tcase_add_test(tcase, bytes_and_texts_go_together_and_so_do_both_widths);
    tcase_add_test(tcase, what_is_no_address_is_scrambled);
    tcase_add_test(tcase, distinct_spellings_stay_distinct_where_they_must);
    suite_add_tcase(suite, tcase);
    return suite;
}
