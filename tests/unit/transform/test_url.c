#include "fixture.h"

#include <check.h>
#include <ctype.h>
#include <string.h>

START_TEST(scheme_port_and_delimiters_stay_and_the_host_is_invalid)
{
    static const struct {
        const char *in, *begins, *delimiters;
    } cases[] = {
        {"https://www.shop.com/users/42?tab=orders#top", "https://", "/?=#"},
        {"http://bob:pass@shop.com:8080/a%20b", "http://", ":@:/%"},
        {"//cdn.shop.com/img.png", "//", "/."},
        {"shop.com", "", ""},
        {"www.shop.com/about", "", "/"},
        {"ftp://[2001:db8::1]/x", "ftp://", "/"},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "url", NULL));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *moved = fixture_text(&fixture, cases[i].in), *at = moved;

        ck_assert_int_eq(memcmp(moved, cases[i].begins, strlen(cases[i].begins)), 0);
        ck_assert_ptr_nonnull(strstr(moved, ".invalid"));
        ck_assert_ptr_null(strstr(moved, "shop"));
        ck_assert_ptr_null(strstr(moved, "bob"));
        at += strlen(cases[i].begins);
        for (const char *mark = cases[i].delimiters; *mark; mark++) {
            at = strchr(at, *mark);
            ck_assert_msg(at != NULL, "%s", moved);
            at++;
        }
    }
    ck_assert_ptr_nonnull(strstr(fixture_text(&fixture, cases[1].in), ".invalid:8080/"));
    ck_assert_ptr_nonnull(strstr(fixture_text(&fixture, cases[1].in), "%20"));
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(equal_hosts_and_segments_stay_equal)
{
    struct fixture fixture;
    const char *first, *second;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "url", NULL));
    first = fixture_text(&fixture, "https://Shop.com/users/41");
    second = fixture_text(&fixture, "https://shop.com/users/42");
    ck_assert_int_eq(memcmp(first, second, strlen(first) - 2), 0);
    ck_assert_str_ne(first, second);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_relative_address_moves_and_a_broken_one_is_counted)
{
    static const char *const broken[] = {"not an address", "https://a b.com", "word", "<a>"};
    struct fixture fixture;
    const char *moved;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "url", NULL));
    moved = fixture_text(&fixture, "/users/bob?x=1");
    ck_assert(moved[0] == '/' && moved[6] == '/' && moved[10] == '?' && moved[12] == '=');
    ck_assert_ptr_null(strstr(moved, "bob"));
    moved = fixture_text(&fixture, "mailto:bob@shop.com");
    ck_assert_int_eq(memcmp(moved, "mailto:", 7), 0);
    ck_assert_ptr_null(strstr(moved, "bob"));
    ck_assert_uint_eq(fixture.scrambled, 0);
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        ck_assert_str_ne(fixture_text(&fixture, broken[i]), broken[i]);
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_result_fits_its_column_or_is_refused)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.column.max_length = 40;
    ck_assert(fixture_prepare(&fixture, "url", NULL));
    ck_assert_int_eq(fixture.prepared->uniqueness, UNIQUENESS_NOT_GUARANTEED);
    ck_assert_uint_le(strlen(fixture_text(&fixture, "https://a.io/1234567890")), 40);
    ck_assert_uint_le(strlen(fixture_text(&fixture, "https://a.io/123456789012345678901234567")),
                      40);
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture.column.max_length = 12;
    ck_assert(!fixture_prepare(&fixture, "url", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_url(void);
Suite *suite_transform_url(void)
{
    Suite *suite = suite_create("transform/url");
    TCase *tcase = tcase_create("url");

    tcase_add_test(tcase, scheme_port_and_delimiters_stay_and_the_host_is_invalid);
    tcase_add_test(tcase, equal_hosts_and_segments_stay_equal);
    tcase_add_test(tcase, a_relative_address_moves_and_a_broken_one_is_counted);
    tcase_add_test(tcase, a_result_fits_its_column_or_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
