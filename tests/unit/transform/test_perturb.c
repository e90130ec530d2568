#include "fixture.h"

#include "transform/ledger.h"
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

START_TEST(rows_of_equal_amounts_differ)
{
    struct fixture fixture;
    struct value values[2] = {value_text("1000.00"), value_text("1000.00")};

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "perturb", NULL));
    fixture_apply(&fixture, values, 2);
    ck_assert(!values_equal(KIND_DECIMAL, &values[0], &values[1]));
    fixture_release(&fixture);
}
END_TEST

enum { LINES_MOST = 12 };

/* An entry of cents that add up to 0, each line with what the source would say of it. */
struct entry {
    int count;
    int64_t cents[LINES_MOST], moved[LINES_MOST];
    char texts[LINES_MOST][24], facts[LINES_MOST][128];
    struct span groups[LINES_MOST];
    struct value values[LINES_MOST], keys[LINES_MOST];
};

static void cents_text(int64_t cents, char *text, size_t size)
{
    snprintf(text, size, "%s%lld.%02lld", cents < 0 ? "-" : "", llabs(cents) / 100,
             llabs(cents) % 100);
}

static void entry_make(struct entry *entry, const char *key, uint64_t *state)
{
    int64_t sum = 0, smallest = INT64_MAX, most = 1;
    char before[24], after[24], least[24], top[24];

    entry->count = 2 + (int)(random_next(state) % (LINES_MOST - 2));
    for (int i = 0; i < entry->count; i++) {
        const int64_t most_cents = random_next(state) % 2 ? 5 : 1000000;

        entry->cents[i] = 1 + (int64_t)(random_next(state) % (uint64_t)most_cents);
        if (random_next(state) % 2)
            entry->cents[i] = -entry->cents[i];
        if (i + 1 == entry->count)
            entry->cents[i] = sum ? -sum : 0;
        sum += entry->cents[i];
        if (entry->cents[i]) {
            smallest = llabs(entry->cents[i]) < smallest ? llabs(entry->cents[i]) : smallest;
            most = llabs(entry->cents[i]) > most ? llabs(entry->cents[i]) : most;
        }
    }
    ck_assert_int_eq(sum, 0);
    cents_text(smallest, least, sizeof(least));
    cents_text(most, top, sizeof(top));
    for (int i = 0; i < entry->count; i++) {
        cents_text(sum, before, sizeof(before));
        sum += entry->cents[i];
        cents_text(sum, after, sizeof(after));
        cents_text(entry->cents[i], entry->texts[i], sizeof(entry->texts[i]));
        snprintf(entry->facts[i], sizeof(entry->facts[i]), "%d %s %s %s %s", entry->count, before,
                 after, least, top);
        entry->groups[i] = span_of(entry->facts[i]);
        entry->values[i] = value_text(entry->texts[i]);
        entry->keys[i] = value_text(key);
    }
}

static int64_t cents_of(struct span text)
{
    int64_t cents = 0;

    for (uint32_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            cents = cents * 10 + (text.ptr[i] - '0');
    return text.ptr[0] == '-' ? -cents : cents;
}

START_TEST(the_lines_of_an_entry_still_add_up_and_keep_sign_and_scale)
{
    struct fixture fixture;
    struct entry entry;
    uint64_t state = 21;
    int moved = 0, lines = 0;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    fixture.column.precision = 12;
    fixture.column.scale = 2;
    ck_assert_msg(fixture_prepare(&fixture, "perturb", "{ group: a }"), "%s", fixture.err.cause);
    for (int round = 0; round < 3000; round++) {
        char key[16];
        int64_t sum = 0;

        snprintf(key, sizeof(key), "%d", round);
        entry_make(&entry, key, &state);
        fixture.groups = entry.groups;
        fixture.companion_inputs[0] = fixture.companions[0] = entry.keys;
        fixture_apply(&fixture, entry.values, (uint32_t)entry.count);
        for (int i = 0; i < entry.count; i++, lines++) {
            const struct span text = entry.values[i].bytes;
            const int64_t cents = cents_of(text);

            ck_assert_int_eq(text.ptr[text.len - 3], '.');
            ck_assert_int_eq((cents > 0) - (cents < 0),
                             (entry.cents[i] > 0) - (entry.cents[i] < 0));
            sum += cents;
            moved += cents != entry.cents[i];
        }
        ck_assert_int_eq(sum, 0);
    }
    ck_assert_int_gt(moved, lines / 2);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_group_that_cannot_be_added_up_ends_the_run)
{
    static const char *const facts[] = {
        "1001 0.00 1.00 1.00 1.00",
        "2 0.00 1.00 1.00",
        "2 0.00 1.0 1.00 1.00",
        "2 0.00 1.00 0.00 1.00",
        "2 0.00 100000000000000000000000000000000000000000.00 1.00 1.00",
        "",
        NULL,
    };
    struct fixture fixture;
    struct value key = value_text("7");
    struct span group;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "perturb", "{ group: a }"));
    fixture.companion_inputs[0] = fixture.companions[0] = &key;
    fixture.groups = &group;
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        struct value value = value_text("1.00");
        struct transform_call call = {.type = &fixture.type,
                                      .column = &fixture.column,
                                      .identities = fixture.identities,
                                      .companions = (const struct value *const *)fixture.companions,
                                      .companion_inputs =
                                          (const struct value *const *)fixture.companion_inputs,
                                      .groups = &fixture.groups,
                                      .arena = fixture.arena,
                                      .scrambled = &fixture.scrambled,
                                      .unchanged = &fixture.unchanged};

        group = facts[i] ? span_of(facts[i]) : (struct span){0};
        ck_assert(!transform_apply(fixture.prepared, &call, &value, 1, &fixture.err));
        ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
        fixture.err = (struct error){0};
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_keeps_lines_from_adding_up_is_refused)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(!fixture_prepare(&fixture, "perturb", "{ group: a, mode: decade }"));
    ck_assert(!fixture_prepare(&fixture, "perturb", "{ side: b }"));
    fixture.site.depth = 1;
    ck_assert(!fixture_prepare(&fixture, "perturb", "{ group: a }"));
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_REAL, 1);
    ck_assert(!fixture_prepare(&fixture, "perturb", "{ group: a }"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_widest_sums_are_exact_or_stay)
{
    struct ledger_line line;

    ck_assert(ledger_read(span_of("2 0 99999999999999999999999999999999 1 "
                                  "99999999999999999999999999999999"),
                          &line));
    ck_assert(!ledger_holds(&line, FACTOR_ONE, (uwide)1 << 126));
    ck_assert(ledger_move(&line, FACTOR_ONE).number == line.most.number);
    ck_assert(ledger_read(span_of("2 -5 5 10 10"), &line));
    ck_assert(ledger_holds(&line, FACTOR_ONE / 2, 6));
    ck_assert(!ledger_holds(&line, FACTOR_ONE / 2, 5));
    ck_assert(!ledger_holds(&line, FACTOR_ONE / 11, 6));
    ck_assert_int_eq((int64_t)ledger_move(&line, FACTOR_ONE / 2).number, 6);
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
    tcase_add_test(tcase, rows_of_equal_amounts_differ);
    tcase_add_test(tcase, the_lines_of_an_entry_still_add_up_and_keep_sign_and_scale);
    tcase_add_test(tcase, a_group_that_cannot_be_added_up_ends_the_run);
    tcase_add_test(tcase, what_keeps_lines_from_adding_up_is_refused);
    tcase_add_test(tcase, the_widest_sums_are_exact_or_stay);
    tcase_add_test(tcase, the_decade_stays_in_decade_mode);
    suite_add_tcase(suite, tcase);
    return suite;
}
