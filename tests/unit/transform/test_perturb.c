#include "fixture.h"

#include "transform/scale.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 25 };

/* Mean of the results over 100,000 rows that all hold `amount`. */
static double mean_of(const char *params, const char *amount)
{
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;
    uint64_t state = 21;
    double sum = 0;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    for (int round = 0; round < ROUNDS; round++) {
        ck_assert(fixture_prepare(&fixture, "perturb", params));
        for (uint32_t i = 0; i < FIXTURE_ROWS; i++) {
            values[i] = value_text(amount);
            fixture.identities[i] = random_next(&state);
        }
        fixture_apply(&fixture, values, FIXTURE_ROWS);
        for (uint32_t i = 0; i < FIXTURE_ROWS; i++) {
            char text[64] = "";

            memcpy(text, values[i].bytes.ptr, values[i].bytes.len);
            sum += strtod(text, NULL);
        }
        arena_reset(fixture.arena);
    }
    fixture_release(&fixture);
    return sum / (ROUNDS * (double)FIXTURE_ROWS);
}

START_TEST(the_mean_stays_within_one_percent)
{
    ck_assert_double_eq_tol(mean_of(NULL, "1000.00"), 1000, 10);
    ck_assert_double_eq_tol(mean_of(NULL, "0.07"), 0.07, 0.0007);
    ck_assert_double_eq_tol(mean_of("{ sigma: 1 }", "1000.00"), 1000, 15);
}
END_TEST

static const char *const kept[] = {"0", "0.00", "-0.000", "NaN", "Infinity", "-Infinity"};

START_TEST(zero_and_what_is_no_number_stay)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "perturb", NULL));
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        ck_assert_str_eq(fixture_text(&fixture, kept[i]), kept[i]);
    ck_assert_uint_eq(fixture.unchanged, COUNT_OF(kept));
    fixture_release(&fixture);
}
END_TEST

START_TEST(sign_scale_and_presence_stay_for_any_length)
{
    struct fixture fixture;
    char big[5000];

    memset(big, '9', sizeof(big));
    big[0] = '-';
    big[3000] = '.';
    big[sizeof(big) - 1] = '\0';

    const char *const amounts[] = {
        "1", "-1", "0.01", "-0.00000000000000000001", "12.50", "999999999999999999999.99", big};

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "perturb", NULL));
    for (size_t i = 0; i < COUNT_OF(amounts); i++) {
        for (uint64_t row = 1; row < 40; row++) {
            const char *moved, *point = strchr(amounts[i], '.');

            fixture.identities[0] = row * 7919;
            moved = fixture_text(&fixture, amounts[i]);
            ck_assert_int_eq(moved[0] == '-', amounts[i][0] == '-');
            ck_assert_uint_eq(point ? strlen(point) : 0,
                              strchr(moved, '.') ? strlen(strchr(moved, '.')) : 0);
            ck_assert_uint_ne(strcspn(moved, "123456789"), strlen(moved));
            ck_assert_int_lt(labs((long)strlen(moved) - (long)strlen(amounts[i])), 3);
        }
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(scaling_is_exact)
{
    struct arena *arena = arena_new();
    static const struct {
        const char *in;
        uint64_t factor, carry;
        const char *out;
    } cases[] = {
        {"12.50", 2 * FACTOR_ONE, 0, "25.00"},
        {"-0.05", 3 * FACTOR_ONE, 0, "-0.15"},
        {"1", FACTOR_ONE / 3, 0, "1"},
        {"0.10", FACTOR_ONE / 2, FACTOR_ONE / 2, "0.05"},
        {"0.15", FACTOR_ONE / 2, FACTOR_ONE / 2, "0.08"},
        {"999999999999999999", FACTOR_ONE * 10, 0, "9999999999999999990"},
        {"1000000000000000000000000000", FACTOR_ONE / 10, 0, "100000000000000000000000000"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct span out =
            decimal_scale(span_of(cases[i].in), cases[i].factor, cases[i].carry, arena);

        ck_assert_str_eq(arena_strndup(arena, out.ptr, out.len), cases[i].out);
    }
    arena_free(arena);
}
END_TEST

START_TEST(results_fit_precision_width_and_checks)
{
    static struct check checks[] = {
        {.name = "x", .expression = "((c >= (0)::numeric) AND (c < (100)::numeric))"}};
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    fixture.column.precision = 4;
    fixture.column.scale = 2;
    ck_assert(fixture_prepare(&fixture, "perturb", "{ sigma: 2 }"));
    for (uint64_t row = 1; row < 500; row++) {
        fixture.identities[0] = row;
        ck_assert_uint_le(strlen(fixture_text(&fixture, "98.50")), 5);
    }
    fixture.column.precision = 0;
    fixture.table.checks = checks;
    fixture.table.check_count = 1;
    ck_assert(fixture_prepare(&fixture, "perturb", "{ sigma: 2 }"));
    for (uint64_t row = 1; row < 500; row++) {
        fixture.identities[0] = row;
        ck_assert_double_lt(strtod(fixture_text(&fixture, "99.5"), NULL), 100);
    }
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_INTEGER, 1);
    fixture.type.width = 2;
    ck_assert(fixture_prepare(&fixture, "perturb", "{ sigma: 2 }"));
    for (uint64_t row = 1; row < 500; row++) {
        fixture.identities[0] = row;
        ck_assert_int_le(fixture_integer(&fixture, 32000), INT16_MAX);
        ck_assert_int_ge(fixture_integer(&fixture, -32000), INT16_MIN);
        ck_assert_int_ge(fixture_integer(&fixture, 1), 1);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(rows_differ_and_rows_of_a_group_do_not)
{
    struct fixture fixture;
    struct value group[2] = {value_text("7"), value_text("7.0")};
    struct value values[2] = {value_text("1000.00"), value_text("1000.00")};

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "perturb", NULL));
    fixture_apply(&fixture, values, 2);
    ck_assert(!values_equal(KIND_DECIMAL, &values[0], &values[1]));
    ck_assert(fixture_prepare(&fixture, "perturb", "{ group: a }"));
    fixture.companion_inputs[0] = fixture.companions[0] = group;
    values[0] = value_text("1000.00");
    values[1] = value_text("-1000.00");
    fixture_apply(&fixture, values, 2);
    ck_assert_int_eq(values[1].bytes.ptr[0], '-');
    values[1].bytes.ptr++;
    values[1].bytes.len--;
    ck_assert(values_equal(KIND_DECIMAL, &values[0], &values[1]));
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_decade_stays_in_decade_mode)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "perturb", "{ mode: decade }"));
    for (uint64_t row = 1; row < 200; row++) {
        fixture.identities[0] = row;
        ck_assert_double_eq(floor(log10(strtod(fixture_text(&fixture, "4711.50"), NULL))), 3);
        ck_assert_double_eq(floor(log10(strtod(fixture_text(&fixture, "0.0200"), NULL))), -2);
    }
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_perturb(void);
Suite *suite_transform_perturb(void)
{
    Suite *suite = suite_create("transform/perturb");
    TCase *tcase = tcase_create("perturb");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_mean_stays_within_one_percent);
    tcase_add_test(tcase, zero_and_what_is_no_number_stay);
    tcase_add_test(tcase, sign_scale_and_presence_stay_for_any_length);
    tcase_add_test(tcase, scaling_is_exact);
    tcase_add_test(tcase, results_fit_precision_width_and_checks);
    tcase_add_test(tcase, rows_differ_and_rows_of_a_group_do_not);
    tcase_add_test(tcase, the_decade_stays_in_decade_mode);
    suite_add_tcase(suite, tcase);
    return suite;
}
