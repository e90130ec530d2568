/* Shapes of values, and what a tally of a column counts. */
#include "detect/sample.h"
#include "detect/shapes.h"
#include "support/catalog_builder.h"

#include <check.h>
#include <stdio.h>

static struct span of(const char *text)
{
    return span_of(text);
}

START_TEST(checksums_tell_cards_and_accounts_from_other_digits)
{
    ck_assert(shape_is_card(of("4111 1111 1111 1111")));
    ck_assert(!shape_is_card(of("4111 1111 1111 1112")));
    ck_assert(!shape_is_card(of("0000000000000")));
    ck_assert(shape_is_iban(of("GB82 WEST 1234 5698 7654 32")));
    ck_assert(shape_is_iban(of("DE89370400440532013000")));
    ck_assert(!shape_is_iban(of("DE89370400440532013001")));
}
END_TEST

START_TEST(addresses_and_phones_are_seen_in_odd_spellings)
{
    ck_assert(shape_is_email(of("  Foo123@EXAMPLE.com ")));
    ck_assert(shape_is_email(of("Ann <ann@mail.example>")));
    ck_assert(!shape_is_email(of("@handle")));
    ck_assert(!shape_is_email(of("a @ b.c")));
    ck_assert(shape_is_phone(of("+1 (555) 010-9999")));
    ck_assert(shape_is_phone(of("0171/1234567")));
    ck_assert(!shape_is_phone(of("2026-01-02")));
    ck_assert(!shape_is_phone(of("10.0.3.44")));
    ck_assert(!shape_is_phone(of("12345678")));
    ck_assert(shape_is_ip(of("10.0.3.44")));
    ck_assert(shape_is_ip(of("2001:db8::1")));
    ck_assert(!shape_is_ip(of("10.0.3.444")));
}
END_TEST

START_TEST(names_and_codes_are_told_apart)
{
    ck_assert(shape_is_name(of("Ann Smith")));
    ck_assert(shape_is_name(of("José O'Brien-López")));
    ck_assert(!shape_is_name(of("in progress")));
    ck_assert(!shape_is_name(of("Smith")));
    ck_assert(shape_is_word(of("Smith")));
    ck_assert(!shape_is_word(of("SMITH")));
    ck_assert(shape_is_code(of("checked_out")));
    ck_assert(!shape_is_code(of("what, really?")));
    ck_assert(!shape_is_code(of("")));
    ck_assert(shape_is_hash(of("$2b$12$abcdefghijklmnopqrstuv")));
    ck_assert(shape_is_hash(of("d41d8cd98f00b204e9800998ecf8427e")));
    ck_assert(!shape_is_hash(of("d41d8cd98f00b204")));
}
END_TEST

static struct builder *builder;
static struct tally *tally;

static void begin(const char *type)
{
    builder = builder_new();
    builder_table(builder, "public", "t");
    tally = tally_new(builder_column(builder, "c", type, 0)->type);
    ck_assert_ptr_nonnull(tally);
}

static void add_text(const char *text)
{
    struct value value = {.is_null = !text, .bytes = text ? span_of(text) : (struct span){0}};
    struct error err = {0};

    ck_assert(tally_add(tally, &value, &err));
}

static struct sample_facts finish(void)
{
    struct sample_facts facts;
    struct error err = {0};

    ck_assert(tally_finish(tally, builder_arena(builder), &facts, &err));
    tally_free(tally);
    builder_free(builder);
    return facts;
}

START_TEST(a_tally_counts_nulls_empties_and_distinct_values)
{
    begin("text");
    add_text("a");
    add_text(NULL);
    add_text("");
    add_text("a");
    add_text("b@c.de");
    struct sample_facts facts = finish();
    ck_assert_uint_eq(facts.rows, 5);
    ck_assert_uint_eq(facts.nulls, 1);
    ck_assert_uint_eq(facts.empties, 1);
    ck_assert_uint_eq(facts.distinct, 3);
    ck_assert_uint_eq(facts.like_email, 1);
    ck_assert_uint_eq(facts.longest, 6);
}
END_TEST

START_TEST(codes_that_are_counted_up_run_with_order)
{
    char text[64];

    begin("text");
    for (int i = 0; i < 200; i++) {
        snprintf(text, sizeof(text), "INVOICE-NUMBER-%06d", i * 7);
        add_text(text);
    }
    ck_assert_double_gt(finish().order_correlation, .99);
}
END_TEST

START_TEST(scattered_numbers_do_not_run_with_order)
{
    struct error err = {0};
    uint64_t state = 1;

    begin("int8");
    for (int i = 0; i < 500; i++) {
        state = state * UINT64_C(6364136223846793005) + 1;
        struct value value = {.integer = (int64_t)(state >> 40)};
        ck_assert(tally_add(tally, &value, &err));
    }
    struct sample_facts facts = finish();
    ck_assert_double_lt(facts.order_correlation, .2);
    ck_assert_int_le(facts.smallest, facts.greatest);
}
END_TEST

Suite *suite_detect_sample(void);
Suite *suite_detect_sample(void)
{
    Suite *suite = suite_create("detect/sample");
    TCase *tcase = tcase_create("sample");

    tcase_add_test(tcase, checksums_tell_cards_and_accounts_from_other_digits);
    tcase_add_test(tcase, addresses_and_phones_are_seen_in_odd_spellings);
    tcase_add_test(tcase, names_and_codes_are_told_apart);
    tcase_add_test(tcase, a_tally_counts_nulls_empties_and_distinct_values);
    tcase_add_test(tcase, codes_that_are_counted_up_run_with_order);
    tcase_add_test(tcase, scattered_numbers_do_not_run_with_order);
    suite_add_tcase(suite, tcase);
    return suite;
}
