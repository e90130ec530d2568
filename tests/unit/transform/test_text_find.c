#include "fixture.h"

#include <check.h>
#include <string.h>

#define FIND "{ mode: find, known: [a], accept_risk: notes of robots }"

/* The text of a row whose column "a" was `from` and became `to`. */
static const char *found(struct fixture *fixture, const char *text, const char *from,
                         const char *to)
{
    static struct value before, after;

    before = from ? value_text(from) : (struct value){.is_null = true};
    after = to ? value_text(to) : (struct value){.is_null = true};
    fixture->companion_inputs[0] = &before;
    fixture->companions[0] = &after;
    return fixture_text(fixture, text);
}

static void find_init(struct fixture *fixture)
{
    fixture_init(fixture, KIND_TEXT, 1);
    ck_assert_msg(fixture_prepare(fixture, "text", FIND), "%s", fixture->err.cause);
}

static const struct {
    const char *text, *secret;
} secrets[] = {
    {"ask bob.smith@corp.de today", "bob"},
    {"ask (b\xc3\xb6"
     "b@corp.de)",
     "corp"},
    {"call +49 (170) 123-4567 now", "123-4567"},
    {"call 0049.170.1234567", "1234567"},
    {"card 4111 1111 1111 1111.", "4111 1111"},
    {"pay DE89 3704 0044 0532 0130 00", "3704 0044"},
    {"pay DE89370400440532013000", "37040044"},
    {"from 192.168.17.4 at", "17.4"},
    {"from 2001:db8::8a2e:370:7334 at", "8a2e"},
    {"see https://shop.example/u/anna?x=1 for", "anna"},
    {"see www.anna-smith.de", "anna"},
};

START_TEST(what_gives_somebody_away_is_replaced)
{
    struct fixture fixture;
    const char *out;

    find_init(&fixture);
    out = found(&fixture, secrets[_i].text, NULL, NULL);
    ck_assert_msg(!strstr(out, secrets[_i].secret), "%s", out);
    ck_assert_int_eq(strncmp(out, secrets[_i].text, 3), 0);
    fixture_release(&fixture);
}
END_TEST

static const char *const plain[] = {
    "",
    "The parcel was late by 3 days, 12.50 EUR were paid back.",
    "At 12:30:45 the router was restarted; see item 4711.",
    "two\nlines\tand \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
};

START_TEST(all_else_stays)
{
    struct fixture fixture;

    find_init(&fixture);
    ck_assert_str_eq(found(&fixture, plain[_i], "Anna Smith", "Berta Jones"), plain[_i]);
    fixture_release(&fixture);
}
END_TEST

START_TEST(known_values_become_what_stands_in_their_column)
{
    struct fixture fixture;

    find_init(&fixture);
    ck_assert_str_eq(found(&fixture, "ANNA SMITH called; ask anna, or Mrs Smith. Annabel waits.",
                           "Anna Smith", "Berta Jones"),
                     "Berta Jones called; ask Berta, or Mrs Jones. Annabel waits.");
    ck_assert_str_eq(found(&fixture, "Anna van Dam", "Anna van Dam", "Li"), "Li");
    ck_assert_str_eq(found(&fixture, "ask Anna", "Anna", NULL), "ask ");
    ck_assert_str_eq(found(&fixture, "ask Al", "Al", "Bo"), "ask Al");
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_known_name_inside_an_address_goes_with_the_address)
{
    struct fixture fixture;
    const char *out;

    find_init(&fixture);
    out = found(&fixture, "mail anna@corp.de x", "anna", "berta");
    ck_assert_ptr_null(strstr(out, "corp"));
    ck_assert_ptr_null(strstr(out, "anna"));
    ck_assert_ptr_null(strstr(out, "berta"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(an_address_maps_as_in_a_column_of_its_own)
{
    struct fixture fixture, email;
    const char *want;

    find_init(&fixture);
    fixture_init(&email, KIND_TEXT, 1);
    email.site.domain = "email";
    ck_assert(fixture_prepare(&email, "email", NULL));
    want = arena_printf(email.arena, "to %s!", fixture_text(&email, "bob@corp.de"));
    ck_assert_str_eq(found(&fixture, "to bob@corp.de!", NULL, NULL), want);
    fixture_release(&email);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_cannot_be_searched_becomes_words)
{
    struct fixture fixture;
    const char *out;

    find_init(&fixture);
    out = found(&fixture, "secret \xff\xfe words", NULL, NULL);
    ck_assert_ptr_null(strstr(out, "secret"));
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture.column.max_length = 12;
    ck_assert(fixture_prepare(&fixture, "text", FIND));
    out = found(&fixture, "is bob@x.de", NULL, NULL);
    ck_assert_uint_le(strlen(out), 12);
    ck_assert_ptr_null(strstr(out, "bob"));
    ck_assert_uint_eq(fixture.scrambled, 2);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_long_line_costs_no_more_than_its_length)
{
    struct fixture fixture;
    const size_t len = 1000000;
    char *text;

    find_init(&fixture);
    text = arena_alloc(fixture.arena, len + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = "a1.b-"[i % 5];
    ck_assert_uint_eq(strlen(found(&fixture, text, "Anna", "Berta")), len);
    memset(text, '7', len);
    ck_assert_ptr_nonnull(found(&fixture, text, "Anna", "Berta"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_mode_needs_an_accepted_risk_and_knows_its_words)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(!fixture_prepare(&fixture, "text", "{ mode: find }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    ck_assert(!fixture_prepare(&fixture, "text", "{ mode: seek }"));
    ck_assert_ptr_nonnull(strstr(fixture.err.cause, "words, find"));
    ck_assert(!fixture_prepare(&fixture, "text", "{ known: [a] }"));
    ck_assert_ptr_nonnull(strstr(fixture.err.context, "test.yaml:1:"));
    ck_assert(!fixture_prepare(&fixture, "text", "{ mode: find, known: [nope], accept_risk: x }"));
    ck_assert(!fixture_prepare(&fixture, "text", "{ mode: find, known: [c], accept_risk: x }"));
    ck_assert(!fixture_prepare(&fixture, "text", "{ mode: find, known: a, accept_risk: x }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_text_find(void);
Suite *suite_transform_text_find(void)
{
    Suite *suite = suite_create("transform/text_find");
    TCase *tcase = tcase_create("text_find");

    tcase_add_loop_test(tcase, what_gives_somebody_away_is_replaced, 0, COUNT_OF(secrets));
    tcase_add_loop_test(tcase, all_else_stays, 0, COUNT_OF(plain));
    tcase_add_test(tcase, known_values_become_what_stands_in_their_column);
    tcase_add_test(tcase, a_known_name_inside_an_address_goes_with_the_address);
    tcase_add_test(tcase, an_address_maps_as_in_a_column_of_its_own);
    tcase_add_test(tcase, what_cannot_be_searched_becomes_words);
    tcase_add_test(tcase, a_long_line_costs_no_more_than_its_length);
    tcase_add_test(tcase, the_mode_needs_an_accepted_risk_and_knows_its_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
