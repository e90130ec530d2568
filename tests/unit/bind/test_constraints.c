/* What rewritten rows must still satisfy: keys, exclusions, partitions, CHECKs. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

static void begin(void)
{
    bind_begin_shop(&trial);
    builder_table(trial.builder, "public", "orders");
}

static void end(void)
{
    bind_end(&trial);
}

/* The shop with more columns: the first line of `more` is line 18. */
static void try_shop(const char *more)
{
    bind_try(&trial, arena_printf(trial.arena, "%s%s", bind_shop_columns, more));
}

/* Columns that nobody names are redacted; the first line of `body` is line 5. */
static void try_lax(const char *body)
{
    bind_try(&trial, arena_printf(trial.arena,
                                  "sample: { start: [ { table: customers, rows: 5 } ] }\n"
                                  "unclassified: redact\nsubjects: [customers]\n%s",
                                  body));
}

START_TEST(a_composite_key_with_a_shifted_part_is_refused)
{
    builder_unique(trial.builder, "customer_id,placed_at");
    try_shop("");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:12:", "may break the unique key");
    ck_assert(strstr(trial.err.hint, "unique: true") != NULL);
}
END_TEST

START_TEST(a_composite_key_with_a_unique_part_holds)
{
    builder_unique(trial.builder, "id,placed_at");
    try_shop("");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_composite_key_of_preserved_parts_holds)
{
    builder_unique(trial.builder, "customer_id,id");
    try_shop("");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_key_over_some_rows_is_a_key)
{
    struct builder *b = trial.builder;

    builder_unique(b, "note")->is_partial = true;
    try_lax("columns: { orders: { note: full_name } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "this column is unique");
}
END_TEST

START_TEST(a_key_over_some_rows_makes_redact_unique)
{
    builder_unique(trial.builder, "note")->is_partial = true;
    try_lax("");
    ck_assert_int_eq(bind_column(&trial, "orders", "note")->uniqueness, UNIQUENESS_PRESERVED);
}
END_TEST

START_TEST(a_key_over_an_expression_is_said)
{
    struct key *key = builder_unique(trial.builder, "note");

    key->is_expression = true;
    key->column_count = 0;
    try_shop("");
    ck_assert_bound(&trial);
    bool is_said = false;
    for (size_t i = 0; i < trial.binding->note_count; i++)
        is_said |= strcmp(trial.binding->notes[i].topic, "unique keys") == 0;
    ck_assert(is_said);
}
END_TEST

START_TEST(a_rewritten_column_under_an_exclusion_is_refused)
{
    builder_exclusion(trial.builder, "customer_id,placed_at");
    try_shop("");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:12:", "'public.orders.placed_at' is rewritten");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:6:", "'public.orders.customer_id' is rewritten");
}
END_TEST

START_TEST(an_exclusion_by_equality_takes_a_rule_that_keeps_rows_apart)
{
    static const bool is_equal[] = {true, false};

    builder_exclusion(trial.builder, "customer_id,placed_at")->is_equal = is_equal;
    try_shop("");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:12:", "'public.orders.placed_at' is rewritten");
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(list_partitions_of_a_rewritten_key_are_refused)
{
    builder_partition(trial.builder, "note", true);
    try_shop("");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:14:", "partitioned by LIST over column 'note'");
}
END_TEST

START_TEST(other_partitions_of_a_rewritten_key_get_a_default)
{
    builder_partition(trial.builder, "placed_at", false);
    try_shop("");
    ck_assert(bind_table(&trial, "orders")->needs_default_partition);
    ck_assert(bind_table(&trial, "orders")->needs_root_load);
    ck_assert(!bind_table(&trial, "lines")->needs_root_load);
}
END_TEST

START_TEST(list_partitions_of_a_kept_key_are_fine)
{
    builder_column(trial.builder, "region", "text", 0);
    builder_partition(trial.builder, "region", true);
    try_lax("columns: { orders: { region: { keep: \"a few regions\" } } }\n");
    ck_assert(!bind_table(&trial, "orders")->needs_default_partition);
}
END_TEST

/* ---- CHECKs */

static void add_times(const char *expression, const char *columns)
{
    builder_column(trial.builder, "sent_at", "timestamptz", 0);
    builder_column(trial.builder, "paid_at", "timestamptz", 0);
    builder_check(trial.builder, "in_order", expression, columns);
}

START_TEST(a_strict_check_over_two_shifted_columns_needs_with)
{
    add_times("CHECK ((placed_at < sent_at))", "placed_at,sent_at");
    try_lax("columns: { orders: { placed_at: shift, sent_at: shift } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "compares two shifted columns strictly");
}
END_TEST

START_TEST(a_strict_check_with_with_is_fine)
{
    add_times("CHECK ((placed_at < sent_at))", "placed_at,sent_at");
    try_lax(
        "columns: { orders: { placed_at: shift, sent_at: { rule: shift, with: placed_at } } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_check_that_allows_a_tie_is_fine)
{
    add_times("CHECK ((placed_at <= sent_at))", "placed_at,sent_at");
    try_lax("columns: { orders: { placed_at: shift, sent_at: shift } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_strict_pair_among_three_columns_is_found)
{
    add_times("CHECK (((placed_at <= sent_at) AND (paid_at > sent_at)))",
              "placed_at,sent_at,paid_at");
    try_lax("columns: { orders: { placed_at: shift, sent_at: shift, paid_at: shift } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "compares two shifted columns strictly");
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(an_unequal_sign_compares_nothing_strictly)
{
    add_times("CHECK ((placed_at <> sent_at))", "placed_at,sent_at");
    try_lax("columns: { orders: { placed_at: shift, sent_at: shift } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_check_that_is_not_valid_holds_nobody_up)
{
    add_times("CHECK ((placed_at < sent_at))", "placed_at,sent_at");
    builder_check(trial.builder, "x", "CHECK ((placed_at < sent_at))", "placed_at,sent_at");
    struct table *orders = builder_table(trial.builder, "public", "orders");
    orders->checks[0].is_not_valid = orders->checks[1].is_not_valid = true;
    try_lax("columns: { orders: { placed_at: shift, sent_at: shift } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(listed_values_cannot_be_rewritten)
{
    builder_check(trial.builder, "known", "CHECK ((note = ANY (ARRAY['a'::text, 'b'::text])))",
                  "note");
    try_shop("");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:14:", "allows only listed values");
}
END_TEST

START_TEST(listed_values_may_be_kept)
{
    builder_check(trial.builder, "known", "CHECK ((note = ANY (ARRAY['a'::text, 'b'::text])))",
                  "note");
    try_lax("columns: { orders: { note: { keep: \"two states\" } } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(listed_values_of_a_domain_cannot_be_rewritten)
{
    builder_domain(trial.builder, "state", "text", "CHECK ((VALUE = ANY (ARRAY['a'::text])))");
    builder_column(trial.builder, "state", "state", 0);
    try_lax("columns: { orders: { state: scramble } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "CHECK 'state' allows only listed values");
}
END_TEST

START_TEST(a_table_whose_columns_failed_is_not_judged)
{
    builder_unique(trial.builder, "customer_id,note");
    builder_check(trial.builder, "known", "CHECK ((note = ANY (ARRAY['a'::text])))", "note");
    try_lax("columns: { orders: { note: nonsense } }\n");
    ck_assert_uint_eq(trial.faults.count, 1);
    ck_assert_int_eq(trial.err.status, STATUS_PROFILE);
}
END_TEST

Suite *suite_bind_constraints(void);
Suite *suite_bind_constraints(void)
{
    Suite *suite = suite_create("bind/constraints");
    TCase *cases = tcase_create("constraints");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_composite_key_with_a_shifted_part_is_refused);
    tcase_add_test(cases, a_composite_key_with_a_unique_part_holds);
    tcase_add_test(cases, a_composite_key_of_preserved_parts_holds);
    tcase_add_test(cases, a_key_over_some_rows_is_a_key);
    tcase_add_test(cases, a_key_over_some_rows_makes_redact_unique);
    tcase_add_test(cases, a_key_over_an_expression_is_said);
    tcase_add_test(cases, a_rewritten_column_under_an_exclusion_is_refused);
    tcase_add_test(cases, an_exclusion_by_equality_takes_a_rule_that_keeps_rows_apart);
    tcase_add_test(cases, list_partitions_of_a_rewritten_key_are_refused);
    tcase_add_test(cases, other_partitions_of_a_rewritten_key_get_a_default);
    tcase_add_test(cases, list_partitions_of_a_kept_key_are_fine);
    tcase_add_test(cases, a_strict_check_over_two_shifted_columns_needs_with);
    tcase_add_test(cases, a_strict_check_with_with_is_fine);
    tcase_add_test(cases, a_check_that_allows_a_tie_is_fine);
    tcase_add_test(cases, a_strict_pair_among_three_columns_is_found);
    tcase_add_test(cases, an_unequal_sign_compares_nothing_strictly);
    tcase_add_test(cases, a_check_that_is_not_valid_holds_nobody_up);
    tcase_add_test(cases, listed_values_cannot_be_rewritten);
    tcase_add_test(cases, listed_values_may_be_kept);
    tcase_add_test(cases, listed_values_of_a_domain_cannot_be_rewritten);
    tcase_add_test(cases, a_table_whose_columns_failed_is_not_judged);
    suite_add_tcase(suite, cases);
    return suite;
}
