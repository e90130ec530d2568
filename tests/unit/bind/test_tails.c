/* Numbers of tails, columns left out, differences added. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

static void begin(void)
{
    bind_begin_shop(&trial);
    builder_table(trial.builder, "public", "prices");
    builder_column(trial.builder, "seen_on", "date", 0);
    builder_column(trial.builder, "spread", "numeric(12,2)", BUILD_GENERATED);
    builder_table(trial.builder, "core", "notes");
    builder_column(trial.builder, "text", "text", 0);
    builder_column(trial.builder, "length", "int4", 0);
}

static void end(void)
{
    bind_end(&trial);
}

/* The shop's profile with these tails, which stand in line 2. */
static void try_tails(const char *tails)
{
    bind_try(&trial,
             arena_printf(trial.arena,
                          "tails: %s\nunclassified: redact\n%s"
                          "  prices: { seen_on: { keep: why } }\n"
                          "  notes: { text: redact, length: { keep: why } }\n",
                          tails,
                          "sample: { start: [ { table: customers, fraction: 0.1 } ], fraction: 0.1 "
                          "}\nsubjects: { tables: [customers], none: [prices] }\n"
                          "columns:\n"
                          "  customers: { id: permute, email: email, created_at: shift }\n"
                          "  orders: { id: permute, placed_at: shift, total: perturb }\n"));
}

START_TEST(without_a_word_the_default_budget_holds)
{
    bind_try(&trial, "sample: { fraction: 0.1 }\nunclassified: redact\n");
    ck_assert_bound(&trial);
    ck_assert(trial.binding->tails.budget == 0.002 && trial.binding->tails.rare == 0.001);
    ck_assert_uint_eq(trial.binding->tails.per_stratum, 5);
    ck_assert_int_eq(trial.binding->tails.max_children, 10000);
    for (size_t i = 0; i < trial.binding->note_count; i++)
        ck_assert_str_ne(trial.binding->notes[i].topic, "tails");
}
END_TEST

START_TEST(what_the_profile_says_of_tails_is_bound)
{
    try_tails("{ budget: 0, per_stratum: 9, rare: 0.5, max_children: 3 }");
    ck_assert_bound(&trial);
    ck_assert(trial.binding->tails.budget == 0 && trial.binding->tails.rare == 0.5);
    ck_assert_uint_eq(trial.binding->tails.per_stratum, 9);
    ck_assert_int_eq(trial.binding->tails.max_children, 3);
}
END_TEST

START_TEST(a_column_or_a_whole_table_is_left_out)
{
    try_tails("{ ignore: [orders.note, public.lines, public.customers.email, core.notes] }");
    ck_assert_bound(&trial);
    ck_assert(bind_column(&trial, "orders", "note")->is_tail_ignored);
    ck_assert(!bind_column(&trial, "orders", "total")->is_tail_ignored);
    ck_assert(bind_column(&trial, "lines", "number")->is_tail_ignored);
    ck_assert(bind_column(&trial, "lines", "price")->is_tail_ignored);
    ck_assert(bind_column(&trial, "customers", "email")->is_tail_ignored);
    ck_assert(!bind_column(&trial, "customers", "id")->is_tail_ignored);
    ck_assert(bind_column(&trial, "core.notes", "text")->is_tail_ignored);
}
END_TEST

static const struct {
    const char *name, *cause, *hint;
} unknown[] = {
    {"order", "no table called 'order'", "did you mean 'orders'?"},
    {"orders.note_", "table 'public.orders' has no column called 'note_'", "did you mean 'note'?"},
    {"ordres.note", "no table called 'ordres'", "did you mean 'orders'?"},
    {"public.ordres", "no table called 'public.ordres'", "did you mean 'orders'?"},
    {"public.orders.totl", "no column called 'totl'", "did you mean 'total'?"},
    {"nowhere.orders.total", "no table called 'nowhere.orders'", "did you mean 'orders'?"},
};

START_TEST(what_tails_leave_out_must_be_there)
{
    try_tails(arena_printf(trial.arena, "{ ignore: [%s] }", unknown[_i].name));
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:2:19", unknown[_i].cause);
    ck_assert_str_eq(trial.err.hint, unknown[_i].hint);
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(a_difference_is_of_one_table_or_across_a_reference)
{
    try_tails("{ difference: [[orders.placed_at, customers.created_at],\n"
              "  [orders.total, public.orders.id], [orders.total, lines.price]] }");
    ck_assert_bound(&trial);
    ck_assert_uint_eq(trial.binding->tails.difference_count, 3);
    const struct bound_difference *first = &trial.binding->tails.differences[0];
    ck_assert_ptr_eq(first->minuend, bind_column(&trial, "orders", "placed_at"));
    ck_assert_ptr_eq(first->subtrahend, bind_column(&trial, "customers", "created_at"));
}
END_TEST

static const struct {
    const char *pair, *place, *cause;
} refused[] = {
    {"[orders.placd_at, orders.id]", "t.yaml:2:24", "no column called 'placd_at'"},
    {"[orders.id, oders.total]", "t.yaml:2:35", "no table called 'oders'"},
    {"[orders.placed_at, orders.total]", "t.yaml:2:23",
     "'public.orders.placed_at' (instant) and 'public.orders.total' (decimal) have no"},
    {"[orders.note, customers.email]", "t.yaml:2:23", "(text) have no difference"},
    {"[prices.seen_on, orders.placed_at]", "t.yaml:2:23",
     "no reference leads from 'public.prices' to 'public.orders'"},
    {"[lines.price, customers.id]", "t.yaml:2:23", "no reference leads"},
    {"[orders.total, prices.spread]", "t.yaml:2:38", "is not among what is read"},
    {"[public.orders.total, orders.total]", "t.yaml:2:23", "on both sides"},
    {"[orders.total, lines.price], [lines.price, public.orders.total]", "t.yaml:2:52",
     "a second time"},
};

START_TEST(a_difference_that_cannot_be_taken_is_refused)
{
    try_tails(arena_printf(trial.arena, "{ difference: [%s] }", refused[_i].pair));
    ck_assert_fault(&trial, STATUS_PROFILE, refused[_i].place, refused[_i].cause);
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(a_difference_of_a_column_that_is_left_out_contradicts)
{
    try_tails("{ difference: [[orders.total, lines.price]], ignore: [lines] }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:2:38", "which tails.ignore leaves out");
}
END_TEST

Suite *suite_bind_tails(void);
Suite *suite_bind_tails(void)
{
    Suite *suite = suite_create("bind/tails");
    TCase *tcase = tcase_create("tails");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, without_a_word_the_default_budget_holds);
    tcase_add_test(tcase, what_the_profile_says_of_tails_is_bound);
    tcase_add_test(tcase, a_column_or_a_whole_table_is_left_out);
    tcase_add_loop_test(tcase, what_tails_leave_out_must_be_there, 0, COUNT_OF(unknown));
    tcase_add_test(tcase, a_difference_is_of_one_table_or_across_a_reference);
    tcase_add_loop_test(tcase, a_difference_that_cannot_be_taken_is_refused, 0, COUNT_OF(refused));
    tcase_add_test(tcase, a_difference_of_a_column_that_is_left_out_contradicts);
    suite_add_tcase(suite, tcase);
    return suite;
}
