#include "fixture.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct sum {
    const char *expression, *a, *b;
    unsigned precision, scale;
    const char *result; /* NULL: an error */
};

static const struct sum sums[] = {
    {"a + b", "10.00", "1.90", 12, 2, "11.90"},
    {"a - b", "1", "2.5", 12, 2, "-1.50"},
    {"a * b", "19.99", "0.19", 12, 2, "3.80"},
    {"a * (1 + b)", "100.00", "0.19", 12, 2, "119.00"},
    {"a / b", "10", "3", 12, 4, "3.3333"},
    {"a / b", "-2", "3", 12, 2, "-0.67"},
    {"-a + 2 * b", "1", "0.25", 12, 1, "-0.5"},
    {"a + \"odd name\"", "1", "2", 12, 0, "2"},
    {"a + b", "12345678901234567890123456", "0.01", 0, 0, "12345678901234567890123456.01"},
    {"a / b", "1", "0", 12, 2, NULL},
    {"a * b", "99999999999999999999", "99999999999999999999", 0, 0, NULL},
    {"a + b", "9999999999", "1", 10, 0, NULL},
    {"a + b", "NaN", "1", 10, 0, NULL},
};

START_TEST(arithmetic_is_exact_and_rounds_to_the_columns_scale)
{
    const struct sum *sum = &sums[_i];
    struct fixture fixture;
    struct value a = value_text(sum->a), b = value_text(sum->b), odd = value_text("1");
    struct value value = value_text("0");
    struct transform_call call;
    char params[100];
    bool is_whole;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    fixture.column.precision = (uint16_t)sum->precision;
    fixture.column.scale = (uint16_t)sum->scale;
    (void)snprintf(params, sizeof(params), "{ expression: '%s' }", sum->expression);
    ck_assert_msg(fixture_prepare(&fixture, "derive", params), "%s", fixture.err.cause);

    const struct value *companions[] = {&a, &b, &odd};

    call = (struct transform_call){.column = &fixture.column,
                                   .type = &fixture.type,
                                   .companions = companions,
                                   .arena = fixture.arena,
                                   .scrambled = &fixture.scrambled,
                                   .unchanged = &fixture.unchanged};
    is_whole = transform_apply(fixture.prepared, &call, &value, 1, &fixture.err);
    ck_assert_int_eq(is_whole, sum->result != NULL);
    if (sum->result) {
        ck_assert_str_eq(arena_strndup(fixture.arena, value.bytes.ptr, value.bytes.len),
                         sum->result);
    } else {
        ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
        ck_assert_ptr_nonnull(strstr(fixture.err.cause, "public.t.c"));
        ck_assert_ptr_null(strstr(fixture.err.cause, "99"));
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(null_in_null_out)
{
    struct fixture fixture;
    struct value a = {.is_null = true}, b = value_text("1"), value = value_text("5");

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "derive", "{ expression: a + b }"));
    fixture.companions[0] = &a;
    fixture.companions[1] = &b;
    fixture_apply(&fixture, &value, 1);
    ck_assert(value.is_null);
    fixture_release(&fixture);
}
END_TEST

START_TEST(integers_round_and_fit_their_width)
{
    struct fixture fixture;
    struct value a = value_integer(7), b = value_integer(2), value = value_integer(0);

    fixture_init(&fixture, KIND_INTEGER, 1);
    fixture.companions[0] = &a;
    fixture.companions[1] = &b;
    ck_assert(fixture_prepare(&fixture, "derive", "{ expression: a / b }"));
    fixture_apply(&fixture, &value, 1);
    ck_assert_int_eq(value.integer, 4);
    fixture_release(&fixture);
}
END_TEST

START_TEST(buckets_hold_what_lies_above_their_lower_end)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(fixture_prepare(&fixture, "bucket", "{ width: 10 }"));
    ck_assert_int_eq(fixture_integer(&fixture, 19), 10);
    ck_assert_int_eq(fixture_integer(&fixture, -1), -10);
    ck_assert(fixture_prepare(&fixture, "bucket", "{ edges: [0, 18, 65] }"));
    ck_assert_int_eq(fixture_integer(&fixture, 17), 0);
    ck_assert_int_eq(fixture_integer(&fixture, 18), 18);
    ck_assert_int_eq(fixture_integer(&fixture, 99), 65);
    ck_assert_int_eq(fixture_integer(&fixture, -5), 0);
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "bucket", "{ width: 0.25 }"));
    ck_assert_str_eq(fixture_text(&fixture, "1.60"), "1.50");
    ck_assert_str_eq(fixture_text(&fixture, "NaN"), "NaN");
    ck_assert_str_eq(fixture_text(&fixture, "-1234567890123456789012345678901234567890"),
                     "-1000000000000000000000000000000000000000");
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_DATE, 1);
    ck_assert(fixture_prepare(&fixture, "bucket", "{ width: year }"));
    ck_assert_int_eq(fixture_integer(&fixture, 19675), 19358);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_compute(void);
Suite *suite_transform_compute(void)
{
    Suite *suite = suite_create("transform/compute");
    TCase *tcase = tcase_create("compute");

    tcase_add_loop_test(tcase, arithmetic_is_exact_and_rounds_to_the_columns_scale, 0,
                        COUNT_OF(sums));
    tcase_add_test(tcase, null_in_null_out);
    tcase_add_test(tcase, integers_round_and_fit_their_width);
    tcase_add_test(tcase, buckets_hold_what_lies_above_their_lower_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
