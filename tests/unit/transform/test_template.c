#include "fixture.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* The row's columns: "a" a text, "b" a number. */
static void row_init(struct fixture *fixture)
{
    static struct type number;

    fixture_init(fixture, KIND_TEXT, 1);
    number = fixture->type;
    number.kind = KIND_INTEGER;
    number.width = 4;
    fixture->others[1].type = &number;
}

static const char *made(const char *params, struct value a, struct value b)
{
    static char text[400];
    struct fixture fixture;
    const char *out;

    row_init(&fixture);
    fixture.companions[0] = fixture.companion_inputs[0] = &a;
    fixture.companions[1] = fixture.companion_inputs[1] = &b;
    ck_assert_msg(fixture_prepare(&fixture, "template", params), "%s: %s", params,
                  fixture.err.cause);
    out = fixture_text(&fixture, "input");
    (void)snprintf(text, sizeof(text), "%s", out ? out : "NULL");
    fixture_release(&fixture);
    return text;
}

static const struct value null = {.is_null = true};

START_TEST(text_and_columns_stand_in_the_order_written)
{
    ck_assert_str_eq(
        made("{ text: '{a}.{b}@mail.example' }", value_text("anna"), value_integer(-7)),
        "anna.-7@mail.example");
    ck_assert_str_eq(made("{ text: '{{{a}}}{{}}' }", value_text("x"), null), "{x}{}");
}
END_TEST

START_TEST(a_null_makes_null_unless_a_text_stands_for_it)
{
    ck_assert_str_eq(made("{ text: '{a}.{b}' }", null, value_integer(1)), "NULL");
    ck_assert_str_eq(made("{ text: '{a}.{b}', null_as: '' }", null, value_integer(1)), ".1");
    ck_assert_str_eq(made("{ text: '{a}.{b}', null_as: '?' }", null, null), "?.?");
}
END_TEST

START_TEST(null_and_empty_values_stay_so)
{
    struct fixture fixture;
    struct value a = value_text("x"), value = {.is_null = true};

    row_init(&fixture);
    fixture.companions[0] = &a;
    ck_assert(fixture_prepare(&fixture, "template", "{ text: 'hi {a}' }"));
    fixture_apply(&fixture, &value, 1);
    ck_assert(value.is_null);
    ck_assert_str_eq(fixture_text(&fixture, ""), "");
    ck_assert_str_eq(fixture_text(&fixture, "y"), "hi x");
    fixture_release(&fixture);
}
END_TEST

START_TEST(every_kind_has_the_text_of_a_cast)
{
    static const struct {
        enum kind kind;
        struct value value;
        const char *text;
    } cases[] = {
        {KIND_BOOLEAN, {.boolean = true}, "true"},
        {KIND_INTEGER, {.integer = INT64_MIN}, "-9223372036854775808"},
        {KIND_REAL, {.real = 0.1}, "0.1"},
        {KIND_DATE, {.integer = 19782}, "2024-02-29"},
        {KIND_DATE, {.integer = TIME_MAX}, "infinity"},
        {KIND_TIME, {.integer = 3600000000}, "01:00:00"},
        {KIND_TIMESTAMP, {.integer = 1709210096789000}, "2024-02-29 12:34:56.789"},
        {KIND_UUID, {.uuid = {0x12, 0xab}}, "12ab0000-0000-0000-0000-000000000000"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        struct value value = cases[i].value;

        fixture_init(&fixture, KIND_TEXT, 1);
        fixture.other_type.kind = cases[i].kind;
        fixture.other_type.width = 8;
        fixture.companions[0] = &value;
        ck_assert(fixture_prepare(&fixture, "template", "{ text: '{a}' }"));
        ck_assert_str_eq(fixture_text(&fixture, "x"), cases[i].text);
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(what_might_not_fit_is_refused_or_cut_between_characters)
{
    struct fixture fixture;
    struct value a = value_text("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc");

    row_init(&fixture);
    fixture.companions[0] = &a;
    fixture.column.max_length = 14;
    fixture.others[0].max_length = 3;
    ck_assert(fixture_prepare(&fixture, "template", "{ text: '{a}{b}' }"));
    fixture.others[0].max_length = 4;
    ck_assert(!fixture_prepare(&fixture, "template", "{ text: '{a}{b}' }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    ck_assert_ptr_nonnull(strstr(fixture.err.cause, "15 characters"));
    fixture.others[0].max_length = 0;
    ck_assert(!fixture_prepare(&fixture, "template", "{ text: '{a}' }"));
    ck_assert_ptr_nonnull(strstr(fixture.err.hint, "cut: true"));
    fixture.column.max_length = 3;
    ck_assert(fixture_prepare(&fixture, "template", "{ text: '{a}', cut: true }"));
    ck_assert_str_eq(fixture_text(&fixture, "x"), "\xc3\xbc\xc3\xbc\xc3\xbc");
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_unique_column_needs_a_unique_number_that_can_be_read_back)
{
    static const struct {
        const char *text;
        bool is_fine;
    } cases[] = {
        {"{b}", true},      {"{a}.{b}@x.example", true}, {"{b}/{a}", true}, {"x{b}y", true},
        {"{a}{b}", false},  {"{a}-{b}", false},          {"{a}", false},    {"{a}.{b}.{a}", false},
        {"1{b}/{a}", true}, {"{b}1{a}", false},
    };
    struct column *unique[1];
    struct key key = {.name = "k", .column_count = 1};
    struct key *keys[] = {&key};
    const struct column *columns[1];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        char params[80];

        row_init(&fixture);
        unique[0] = &fixture.others[1];
        columns[0] = unique[0];
        key.columns = columns;
        fixture.others[1].is_not_null = true;
        fixture.others[1].table = fixture.others[0].table = &fixture.table;
        fixture.table.keys = keys;
        fixture.table.key_count = 1;
        fixture.site.is_unique = true;
        (void)snprintf(params, sizeof(params), "{ text: '%s' }", cases[i].text);
        ck_assert_msg(fixture_prepare(&fixture, "template", params) == cases[i].is_fine, "%s: %s",
                      cases[i].text, fixture.err.cause);
        if (!cases[i].is_fine)
            ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(a_column_that_may_be_null_does_not_fill_one_that_may_not)
{
    struct fixture fixture;

    row_init(&fixture);
    fixture.column.is_not_null = true;
    ck_assert(!fixture_prepare(&fixture, "template", "{ text: '{a}' }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    ck_assert(fixture_prepare(&fixture, "template", "{ text: '{a}', null_as: '' }"));
    fixture.others[0].is_not_null = true;
    ck_assert(fixture_prepare(&fixture, "template", "{ text: '{a}' }"));
    fixture_release(&fixture);
}
END_TEST

static const char *const broken[] = {
    "{ }",
    "{ text: '{a' }",
    "{ text: '{}' }",
    "{ text: 'a}' }",
    "{ text: '{a{b}}' }",
    "{ text: '{c}' }",
    "{ text: '{nope}' }",
    "{ text: '{a}', cut: 5 }",
    "{ text: '{a}', null_as: [] }",
    "{ text: '{a}', null_a: '' }",
    "{ text: [a] }",
};

START_TEST(a_broken_template_is_an_error_with_its_place)
{
    struct fixture fixture;

    row_init(&fixture);
    ck_assert_msg(!fixture_prepare(&fixture, "template", broken[_i]), "%s", broken[_i]);
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert(_i == 0 || strstr(fixture.err.context, "test.yaml:1:"));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_template(void);
Suite *suite_transform_template(void)
{
    Suite *suite = suite_create("transform/template");
    TCase *tcase = tcase_create("template");

    tcase_add_test(tcase, text_and_columns_stand_in_the_order_written);
    tcase_add_test(tcase, a_null_makes_null_unless_a_text_stands_for_it);
    tcase_add_test(tcase, null_and_empty_values_stay_so);
    tcase_add_test(tcase, every_kind_has_the_text_of_a_cast);
    tcase_add_test(tcase, what_might_not_fit_is_refused_or_cut_between_characters);
    tcase_add_test(tcase, a_unique_column_needs_a_unique_number_that_can_be_read_back);
    tcase_add_test(tcase, a_column_that_may_be_null_does_not_fill_one_that_may_not);
    tcase_add_loop_test(tcase, a_broken_template_is_an_error_with_its_place, 0, COUNT_OF(broken));
    suite_add_tcase(suite, tcase);
    return suite;
}
