#include "fixture.h"
#include "transform/luhn.h"

#include <check.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static unsigned offset_of(const char *text)
{
    uint8_t digits[32];
    size_t count = 0;

    for (; *text; text++) {
        if (isdigit(*text))
            digits[count++] = (uint8_t)(*text - '0');
    }
    return luhn_offset(digits, count);
}

START_TEST(published_numbers_pass_the_check)
{
    /* ISO/IEC 7812-1 annex B, and the test numbers that networks print. */
    static const char *const valid[] = {"4992 73 9871 6",      "4111 1111 1111 1111",
                                        "5555 5555 5555 4444", "3782 822463 10005",
                                        "6011 1111 1111 1117", "7992 73 9871 3"};

    for (size_t i = 1; i < 5; i++)
        ck_assert_uint_eq(offset_of(valid[i]), 0);
    ck_assert_uint_eq(offset_of(valid[5]), 0);
    ck_assert_uint_eq(offset_of(valid[0]), 0);
    ck_assert_uint_eq(offset_of("79927398710"), 7);
    ck_assert_uint_eq(luhn_digit((const uint8_t[]){7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 0}, 11, 0), 3);
}
END_TEST

START_TEST(a_card_keeps_grouping_and_check_and_no_network_issues_it)
{
    static const char *const cards[] = {"4111 1111 1111 1111", "5555-5555-5555-4444",
                                        "378282246310005", "4111 1111 1111 1113",
                                        "6011000990139424000"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "card", NULL));
    for (size_t i = 0; i < COUNT_OF(cards); i++) {
        const char *moved = fixture_text(&fixture, cards[i]);

        ck_assert_uint_eq(strlen(moved), strlen(cards[i]));
        for (size_t at = 0; moved[at]; at++)
            ck_assert(isdigit(moved[at]) ? isdigit(cards[i][at]) : moved[at] == cards[i][at]);
        ck_assert_uint_eq(offset_of(moved), offset_of(cards[i]));
        ck_assert_ptr_null(strchr("456", moved[0]));
        ck_assert_str_ne(moved, cards[i]);
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_number_that_no_network_issues_fails_the_check_afterwards)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "card", NULL));
    ck_assert_uint_eq(offset_of(fixture_text(&fixture, "0000 0000 0000 0000")), 1);
    ck_assert_uint_eq(offset_of(fixture_text(&fixture, "9999 0000 0000 0000")),
                      (offset_of("9999 0000 0000 0000") + 1) % 10);
    ck_assert_int_eq(fixture_text(&fixture, "1000 0000 0000 0008")[0], '1');
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_kept_issuer_stays_and_the_rest_moves)
{
    struct fixture fixture;
    const char *moved;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "card", "{ bin: keep }"));
    moved = fixture_text(&fixture, "4111 1122 1111 1111");
    ck_assert_int_eq(memcmp(moved, "4111 1122 ", 10), 0);
    ck_assert_uint_eq(offset_of(moved), offset_of("4111 1122 1111 1111"));
    moved = fixture_text(&fixture, "378282246310005");
    ck_assert_int_eq(memcmp(moved, "378282", 6), 0);
    ck_assert_str_ne(moved, "378282246310005");
    fixture_release(&fixture);
}
END_TEST

static int by_number(const void *a, const void *b)
{
    const struct value *left = a, *right = b;

    return memcmp(left->bytes.ptr, right->bytes.ptr, left->bytes.len);
}

/* Every beginning and every check digit, valid or not: the exchange is one to one. */
START_TEST(distinct_numbers_of_all_beginnings_stay_distinct)
{
    static struct value values[4000];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "card", NULL));
    for (unsigned i = 0; i < COUNT_OF(values); i++)
        values[i] = value_text(
            arena_printf(fixture.arena, "%02u00000000%u%u", i % 100, i / 1000, i / 100 % 10));
    fixture_apply(&fixture, values, COUNT_OF(values));
    qsort(values, COUNT_OF(values), sizeof(values[0]), by_number);
    for (unsigned i = 1; i < COUNT_OF(values); i++)
        ck_assert_int_ne(by_number(&values[i - 1], &values[i]), 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(numbers_keep_their_digits_and_limits_are_refused)
{
    static const char *checks[] = {"(VALUE < 5000000000000000)"};
    struct fixture fixture;
    int64_t moved;

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(fixture_prepare(&fixture, "card", NULL));
    moved = fixture_integer(&fixture, 4111111111111111);
    ck_assert(moved >= 1000000000000000 && moved <= 9999999999999999);
    ck_assert_uint_eq(offset_of(arena_printf(fixture.arena, "%lld", (long long)moved)), 0);
    ck_assert_uint_eq(fixture.scrambled, 0);
    (void)fixture_integer(&fixture, -4111111111111111);
    (void)fixture_integer(&fixture, 42);
    ck_assert_uint_eq(fixture.scrambled, 2);
    fixture.type.width = 4;
    ck_assert(!fixture_prepare(&fixture, "card", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture.type.width = 8;
    fixture.type.class = TYPE_DOMAIN;
    fixture.type.checks = checks;
    fixture.type.check_count = 1;
    ck_assert(!fixture_prepare(&fixture, "card", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "card", NULL));
    ck_assert_uint_eq(strlen(fixture_text(&fixture, "4111111111111111.00")), 19);
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_card(void);
Suite *suite_transform_card(void)
{
    Suite *suite = suite_create("transform/card");
    TCase *tcase = tcase_create("card");

    tcase_add_test(tcase, published_numbers_pass_the_check);
    tcase_add_test(tcase, a_card_keeps_grouping_and_check_and_no_network_issues_it);
    tcase_add_test(tcase, a_number_that_no_network_issues_fails_the_check_afterwards);
    tcase_add_test(tcase, a_kept_issuer_stays_and_the_rest_moves);
    tcase_add_test(tcase, distinct_numbers_of_all_beginnings_stay_distinct);
    tcase_add_test(tcase, numbers_keep_their_digits_and_limits_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
