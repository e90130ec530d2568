/* Masks that protect little are said. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

static void begin(void)
{
    struct builder *b;

    bind_begin_shop(&trial);
    b = trial.builder;
    builder_table(b, "public", "trades");
    builder_column(b, "customer_id", "int8", 0);
    builder_column(b, "at", "timestamptz", 0);
    builder_column(b, "amount", "numeric", 0);
    builder_column(b, "quantity", "numeric", 0);
    builder_edge(b, "trades", "customer_id", "customers", "id");
}

static void end(void)
{
    bind_end(&trial);
}

static size_t warnings(const char *topic, const char *part)
{
    size_t count = 0;

    ck_assert_bound(&trial);
    for (size_t i = 0; i < trial.binding->warning_count; i++)
        count += strcmp(trial.binding->warnings[i].topic, topic) == 0 &&
                 strstr(trial.binding->warnings[i].text, part) != NULL;
    return count;
}

static void try_trades(const char *columns)
{
    bind_try(&trial, arena_printf(trial.arena,
                                  "sample: { start: [ { table: customers, rows: 5 } ] }\n"
                                  "unclassified: redact\nsubjects: [customers]\n"
                                  "columns: { trades: { %s } }\n",
                                  columns));
}

static const struct {
    const char *columns;
    size_t count;
} ratios[] = {
    {"at: shift, amount: { keep: x }, quantity: { keep: x }", 1},
    {"at: shift, amount: { keep: x }, quantity: { rule: perturb, sigma: 0.1 }", 1},
    {"at: shift, amount: { keep: x }, quantity: { rule: bucket, width: 10 }", 1},
    {"at: shift, amount: { keep: x }, quantity: perturb", 0},
    {"at: shift, amount: perturb, quantity: { rule: perturb, sigma: 0.5 }", 0},
    {"at: { keep: x }, amount: { keep: x }, quantity: { keep: x }", 0},
};

START_TEST(two_numbers_hardly_masked_beside_a_shift_are_said_by_name)
{
    try_trades(ratios[_i].columns);
    ck_assert_uint_eq(warnings("amounts", "'amount' and 'quantity'"), ratios[_i].count);
}
END_TEST

START_TEST(weak_parameters_are_said)
{
    try_trades("at: { rule: shift, mode: constant, accept_risk: x }, "
               "amount: { rule: perturb, sigma: 0.2 }");
    ck_assert_uint_eq(warnings("times", "trades.at: a constant shift"), 1);
    ck_assert_uint_eq(warnings("amounts", "trades.amount: a 'sigma'"), 1);
    try_trades("at: { rule: shift, scales: [28d] }, amount: { rule: perturb, sigma: 1 }");
    ck_assert_uint_eq(warnings("times", "'scales' of 1 length protect"), 1);
    ck_assert_uint_eq(warnings("amounts", ""), 0);
}
END_TEST

Suite *suite_bind_amounts(void);
Suite *suite_bind_amounts(void)
{
    Suite *suite = suite_create("bind/amounts");
    TCase *tcase = tcase_create("amounts");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_loop_test(tcase, two_numbers_hardly_masked_beside_a_shift_are_said_by_name, 0,
                        COUNT_OF(ratios));
    tcase_add_test(tcase, weak_parameters_are_said);
    suite_add_tcase(suite, tcase);
    return suite;
}
