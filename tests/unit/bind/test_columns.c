/* Rules of columns: named, everywhere, inherited over edges and families, under conditions. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

static void begin(void)
{
    bind_begin_shop(&trial);
}

static void end(void)
{
    bind_end(&trial);
}

#define START "sample: { start: [ { table: customers, rows: 5 } ], fraction: 0.1 }\n"

/* The shop's columns with more of them: the first line of `more` is line 18. */
static void try_shop(const char *more)
{
    bind_try(&trial, arena_printf(trial.arena, "%s%s", bind_shop_columns, more));
}

/* Every other column is redacted; the first line of `body` is line 4. */
static void try_lax(const char *body)
{
    bind_try(&trial, arena_printf(trial.arena, START "unclassified: redact\n%s", body));
}

static const struct prepared_transform *rule_of(const char *table, const char *column,
                                                size_t variant)
{
    const struct bound_column *bound = bind_column(&trial, table, column);

    ck_assert_uint_lt(variant, bound->variant_count);
    ck_assert_ptr_nonnull(bound->variants[variant].rule);
    return bound->variants[variant].rule;
}

static bool maps_alike(const struct prepared_transform *a, const struct prepared_transform *b)
{
    return a->transform == b->transform && memcmp(a->key, b->key, sizeof(*a->key)) == 0;
}

START_TEST(a_child_column_inherits_rule_parameters_and_domain)
{
    bind_try(&trial, START "unclassified: redact\n"
                           "columns:\n"
                           "  customers: { id: { rule: permute, sentinels: [7] } }\n");
    const struct bound_column *child = bind_column(&trial, "orders", "customer_id");

    ck_assert_str_eq(child->rule, "permute");
    ck_assert_str_eq(child->domain, "public.customers.id");
    ck_assert_str_eq(child->reason, "inherited from public.customers.id");
    ck_assert(child->is_inherited);
    ck_assert(maps_alike(rule_of("orders", "customer_id", 0), rule_of("customers", "id", 0)));
    ck_assert(!maps_alike(rule_of("orders", "customer_id", 0), rule_of("orders", "id", 0)));
}
END_TEST

START_TEST(the_domain_that_a_profile_names_is_inherited)
{
    try_lax("columns: { customers: { id: { rule: permute, domain: people } } }\n");
    ck_assert_str_eq(bind_column(&trial, "customers", "id")->domain, "people");
    ck_assert_str_eq(bind_column(&trial, "orders", "customer_id")->domain, "people");
    ck_assert(maps_alike(rule_of("orders", "customer_id", 0), rule_of("customers", "id", 0)));
}
END_TEST

START_TEST(another_rule_on_a_joined_column_is_a_conflict)
{
    try_lax("columns:\n"
            "  customers: { id: permute }\n"
            "  orders:\n"
            "    customer_id: redact\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:7:", "another rule than 'public.customers.id'");
    ck_assert_uint_eq(trial.faults.count, 1);
    ck_assert_int_eq(trial.err.status, STATUS_POLICY);
}
END_TEST

START_TEST(keep_beside_permute_is_a_conflict)
{
    try_lax("columns: { customers: { id: permute },\n"
            "  orders: { customer_id: { keep: \"looks harmless\" } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "another rule");
}
END_TEST

START_TEST(another_parameter_on_a_joined_column_is_a_conflict)
{
    try_lax("columns: { customers: { id: { rule: permute, sentinels: [7] } },\n"
            "  orders: { customer_id: { rule: permute, sentinels: [8] } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "another rule");
}
END_TEST

START_TEST(another_domain_on_a_joined_column_is_a_conflict)
{
    try_lax("columns: { customers: { id: { rule: permute, domain: a } },\n"
            "  orders: { customer_id: { rule: permute, domain: b } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "another rule");
}
END_TEST

START_TEST(the_same_rule_in_other_words_is_no_conflict)
{
    try_lax("columns:\n"
            "  customers: { id: { rule: permute, sentinels: [7], range: [1, 99] } }\n"
            "  orders: { customer_id: { range: [1, 99], rule: permute, review: x,\n"
            "                           sentinels: [7] } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(the_short_form_equals_the_long_one_without_parameters)
{
    try_lax("columns: { customers: { id: permute },\n"
            "  orders: { customer_id: { rule: permute, review: \"sure?\" } } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(keeps_with_other_reasons_are_no_conflict)
{
    try_lax("columns: { customers: { id: { keep: a } }, orders: { customer_id: { keep: b } } }\n");
    ck_assert_bound(&trial);
    ck_assert(bind_column(&trial, "orders", "customer_id")->is_copied);
}
END_TEST

START_TEST(a_rule_on_the_child_alone_holds_for_the_domain)
{
    try_lax("columns: { orders: { customer_id: permute } }\n");
    ck_assert_str_eq(bind_column(&trial, "customers", "id")->rule, "permute");
    ck_assert(maps_alike(rule_of("orders", "customer_id", 0), rule_of("customers", "id", 0)));
}
END_TEST

START_TEST(a_rule_everywhere_yields_to_a_named_one)
{
    try_lax("columns: { orders: { note: scramble }, \"*\": { note: redact, email: email } }\n");
    ck_assert_str_eq(bind_column(&trial, "orders", "note")->rule, "scramble");
    ck_assert_str_eq(bind_column(&trial, "customers", "email")->rule, "email");
}
END_TEST

START_TEST(a_rule_everywhere_that_no_table_has_is_refused)
{
    try_lax("columns: { \"*\": { nte: redact } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:4:", "no table has a column called 'nte'");
}
END_TEST

START_TEST(a_table_under_two_spellings_is_refused)
{
    try_lax("columns: { orders: { note: redact },\n  public.orders: { total: perturb } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "stands twice");
}
END_TEST

START_TEST(a_column_without_a_rule_is_refused)
{
    bind_try(&trial, START "columns: { customers: { id: permute, email: email, full_name: redact,\n"
                           "  created_at: redact }, lines: { number: permute, price: perturb },\n"
                           "  orders: { id: permute, total: perturb } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, NULL, "'public.orders.note' has no rule");
    ck_assert_fault(&trial, STATUS_POLICY, NULL, "'public.orders.placed_at' has no rule");
    ck_assert_uint_eq(trial.faults.count, 2);
}
END_TEST

START_TEST(a_domain_without_a_rule_is_told_once)
{
    bind_try(&trial, START "columns: { customers: { email: email, full_name: redact,\n"
                           "  created_at: redact }, lines: { number: permute, price: perturb },\n"
                           "  orders: { id: permute, total: perturb, note: redact,\n"
                           "  placed_at: redact } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, NULL, "'public.customers.id' has no rule");
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(unclassified_columns_are_redacted_on_request)
{
    try_lax("");
    ck_assert_str_eq(bind_column(&trial, "orders", "note")->rule, "redact");
    ck_assert_str_eq(bind_column(&trial, "orders", "note")->reason, "unclassified: redact");
}
END_TEST

START_TEST(an_empty_table_needs_no_rules)
{
    builder_table(trial.builder, "public", "outbox");
    builder_column(trial.builder, "body", "text", 0);
    bind_try(&trial, arena_printf(trial.arena,
                                  "sample: { start: [ { table: customers, rows: 1 } ],"
                                  " empty_tables: [outbox] }\n%s",
                                  strstr(bind_shop_columns, "subjects:")));
    ck_assert_uint_eq(bind_table(&trial, "outbox")->column_count, 0);
}
END_TEST

START_TEST(a_semantic_rule_without_edges_works_in_the_domain_of_its_name)
{
    try_lax("columns: { customers: { email: email, full_name: redact } }\n");
    ck_assert_str_eq(bind_column(&trial, "customers", "email")->domain, "email");
    ck_assert_str_eq(bind_column(&trial, "customers", "full_name")->domain,
                     "public.customers.full_name");
}
END_TEST

START_TEST(an_unknown_rule_is_refused_at_its_place)
{
    try_shop("  extra: { }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:18:", "no table called 'extra'");
    try_lax("columns:\n  customers:\n    email: emial\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "no transform is called 'emial'");
}
END_TEST

START_TEST(a_rule_on_a_kind_it_does_not_take_is_refused_at_its_place)
{
    try_lax("columns: { orders: { total: email } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:4:", "the transform 'email'");
}
END_TEST

START_TEST(a_rule_that_loses_values_is_refused_on_a_unique_column)
{
    try_lax("columns: { customers: { email: full_name } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:4:", "this column is unique");
}
END_TEST

START_TEST(a_review_counts_once_not_for_every_reference)
{
    try_lax("columns: { customers: { id: { rule: permute, review: \"is 0 used?\" } } }\n");
    ck_assert_bound(&trial);
    ck_assert_uint_eq(trial.binding->warning_count, 1);
    ck_assert_str_eq(trial.binding->warnings[0].text, "public.customers.id: is 0 used?");
}
END_TEST

START_TEST(a_keep_without_a_reason_is_a_finding)
{
    try_lax("columns: { orders: { note: keep, total: { keep: \"sums are public\" } } }\n");
    ck_assert_bound(&trial);
    ck_assert_uint_eq(trial.binding->warning_count, 1);
    ck_assert_str_eq(trial.binding->warnings[0].topic, "keep");
}
END_TEST

/* ---- families of inheritance */

static void family_build(void)
{
    struct builder *b = trial.builder;
    struct table *old;

    builder_table(b, "public", "payments");
    builder_column(b, "customer_id", "int8", 0);
    builder_column(b, "memo", "text", 0);
    old = builder_table(b, "public", "payments_old");
    builder_column(b, "customer_id", "int8", 0)->is_inherited = true;
    builder_column(b, "memo", "text", 0)->is_inherited = true;
    builder_edge(b, "payments", "customer_id", "customers", "id");
    old->parents = arena_alloc(builder_arena(b), sizeof(*old->parents));
    old->parents[0] = builder_find_table(b, "payments");
    old->parent_count = 1;
}

START_TEST(an_inherited_column_takes_rule_and_domain_of_its_family)
{
    family_build();
    try_shop("  payments: { memo: scramble }\n");
    ck_assert_str_eq(bind_column(&trial, "payments_old", "memo")->rule, "scramble");
    ck_assert(maps_alike(rule_of("payments_old", "memo", 0), rule_of("payments", "memo", 0)));
    ck_assert(maps_alike(rule_of("payments_old", "customer_id", 0), rule_of("customers", "id", 0)));
}
END_TEST

START_TEST(an_inherited_column_that_is_named_goes_its_own_way)
{
    family_build();
    try_shop("  payments: { memo: scramble }\n"
             "  payments_old: { memo: redact }\n");
    ck_assert_str_eq(bind_column(&trial, "payments", "memo")->rule, "scramble");
    ck_assert_str_eq(bind_column(&trial, "payments_old", "memo")->rule, "redact");
}
END_TEST

/* ---- conditions */

START_TEST(rows_outside_a_condition_are_redacted)
{
    try_lax("columns: { orders: { note: { rule: scramble, when: \"total > 5\" } } }\n");
    const struct bound_column *note = bind_column(&trial, "orders", "note");

    ck_assert_uint_eq(note->variant_count, 2);
    ck_assert_int_eq(note->variants[0].when, 0);
    ck_assert_int_eq(note->variants[1].when, -1);
    ck_assert_str_eq(note->variants[1].rule->transform->name, "redact");
    ck_assert_str_eq(bind_table(&trial, "orders")->discriminators[0], "total > 5");
}
END_TEST

START_TEST(a_keep_under_a_condition_does_not_copy_the_other_rows)
{
    try_lax("columns: { orders: { note: { keep: public, when: \"total > 5\" } } }\n");
    const struct bound_column *note = bind_column(&trial, "orders", "note");

    ck_assert(!note->is_copied);
    ck_assert_ptr_null(note->variants[0].rule);
    ck_assert_str_eq(note->variants[1].rule->transform->name, "redact");
}
END_TEST

START_TEST(a_condition_on_a_joined_column_is_refused)
{
    try_lax("columns: { customers: { id: { rule: permute, when: \"email IS NULL\" } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:4:", "a rule with 'when' cannot hold");
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(a_condition_on_a_unique_column_is_refused)
{
    try_lax("columns: { customers: { email: { rule: email, when: \"id > 5\" } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:4:", "under different keys");
}
END_TEST

/* ---- arrays, lengths, companions, leaks */

START_TEST(an_array_is_rewritten_by_its_elements)
{
    builder_table(trial.builder, "public", "orders");
    builder_column(trial.builder, "mails", "text[]", 0);
    try_lax("columns: { orders: { mails: email } }\n");
    ck_assert_ptr_nonnull(bind_column(&trial, "orders", "mails")->variants[0].rule);
    ck_assert(bind_column(&trial, "orders", "mails")->identifies);
}
END_TEST

START_TEST(joined_texts_of_different_lengths_map_alike)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "logins");
    builder_column(b, "email", "varchar(30)", 0);
    builder_edge(b, "logins", "email", "customers", "email");
    try_lax("columns: { customers: { email: email } }\n");
    const struct prepared_transform *parent = rule_of("customers", "email", 0);
    const struct prepared_transform *child = rule_of("logins", "email", 0);
    struct value values[2] = {{.bytes = SPAN_LITERAL("ann@shop.test")},
                              {.bytes = SPAN_LITERAL("ann@shop.test")}};
    uint64_t scrambled = 0, unchanged = 0;

    for (int i = 0; i < 2; i++) {
        struct transform_call call = {.arena = trial.arena,
                                      .type = builder_find_column(b, "logins", "email")->type,
                                      .column = builder_find_column(b, "logins", "email"),
                                      .scrambled = &scrambled,
                                      .unchanged = &unchanged};
        ck_assert(transform_apply(i ? child : parent, &call, &values[i], 1, &trial.err));
    }
    ck_assert(span_equal(values[0].bytes, values[1].bytes));
    ck_assert_uint_le(values[0].bytes.len, 30);
}
END_TEST

START_TEST(rules_that_compute_from_one_another_are_refused)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "orders");
    builder_column(b, "net", "numeric(12,2)", 0);
    builder_column(b, "gross", "numeric(12,2)", 0);
    try_lax("columns: { orders: { net: { rule: derive, expression: \"gross - total\" },\n"
            "  gross: { rule: derive, expression: \"net + total\" } } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:", "in a circle");
}
END_TEST

START_TEST(a_chain_of_many_derived_columns_is_checked_quickly)
{
    struct builder *b = trial.builder;
    const char *text = "columns:\n  wide:\n    c0: { keep: x }\n    c1: { keep: x }\n";

    builder_table(b, "public", "wide");
    for (int i = 0; i < 60; i++)
        builder_column(b, arena_printf(trial.arena, "c%d", i), "numeric(12,2)", 0);
    for (int i = 2; i < 60; i++)
        text = arena_printf(trial.arena, "%s    c%d: { rule: derive, expression: \"c%d + c%d\" }\n",
                            text, i, i - 1, i - 2);
    try_lax(text);
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(nothing_computes_with_an_array)
{
    builder_table(trial.builder, "public", "orders");
    builder_column(trial.builder, "times", "timestamptz[]", 0);
    try_lax("subjects: [customers]\n"
            "columns: { orders: { placed_at: { rule: shift, with: times }, times: redact } }\n");
    ck_assert_uint_gt(trial.faults.count, 0);
    ck_assert_int_eq(trial.err.status, STATUS_PROFILE);
}
END_TEST

START_TEST(accepted_leaks_name_columns)
{
    try_lax("privacy: { accept_leaks: [ { column: orders.note, why: x } ] }\n");
    ck_assert(bind_column(&trial, "orders", "note")->is_leak_accepted);
    ck_assert(!bind_column(&trial, "orders", "total")->is_leak_accepted);
}
END_TEST

START_TEST(an_accepted_leak_of_nothing_is_refused)
{
    try_lax("privacy: { accept_leaks: [ { column: orders.nte, why: x },\n"
            "  { column: nowhere.note, why: x },\n"
            "  { column: \"orders.note[]\", why: x } ] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:4:", "no column called 'nte'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "no table called 'nowhere'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "does not name a column");
}
END_TEST

Suite *suite_bind_columns(void);
Suite *suite_bind_columns(void)
{
    Suite *suite = suite_create("bind/columns");
    TCase *cases = tcase_create("columns");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_child_column_inherits_rule_parameters_and_domain);
    tcase_add_test(cases, the_domain_that_a_profile_names_is_inherited);
    tcase_add_test(cases, another_rule_on_a_joined_column_is_a_conflict);
    tcase_add_test(cases, keep_beside_permute_is_a_conflict);
    tcase_add_test(cases, another_parameter_on_a_joined_column_is_a_conflict);
    tcase_add_test(cases, another_domain_on_a_joined_column_is_a_conflict);
    tcase_add_test(cases, the_same_rule_in_other_words_is_no_conflict);
    tcase_add_test(cases, the_short_form_equals_the_long_one_without_parameters);
    tcase_add_test(cases, keeps_with_other_reasons_are_no_conflict);
    tcase_add_test(cases, a_rule_on_the_child_alone_holds_for_the_domain);
    tcase_add_test(cases, a_rule_everywhere_yields_to_a_named_one);
    tcase_add_test(cases, a_rule_everywhere_that_no_table_has_is_refused);
    tcase_add_test(cases, a_table_under_two_spellings_is_refused);
    tcase_add_test(cases, a_column_without_a_rule_is_refused);
    tcase_add_test(cases, a_domain_without_a_rule_is_told_once);
    tcase_add_test(cases, unclassified_columns_are_redacted_on_request);
    tcase_add_test(cases, an_empty_table_needs_no_rules);
    tcase_add_test(cases, a_semantic_rule_without_edges_works_in_the_domain_of_its_name);
    tcase_add_test(cases, an_unknown_rule_is_refused_at_its_place);
    tcase_add_test(cases, a_rule_on_a_kind_it_does_not_take_is_refused_at_its_place);
    tcase_add_test(cases, a_rule_that_loses_values_is_refused_on_a_unique_column);
    tcase_add_test(cases, a_review_counts_once_not_for_every_reference);
    tcase_add_test(cases, a_keep_without_a_reason_is_a_finding);
    tcase_add_test(cases, an_inherited_column_takes_rule_and_domain_of_its_family);
    tcase_add_test(cases, an_inherited_column_that_is_named_goes_its_own_way);
    tcase_add_test(cases, rows_outside_a_condition_are_redacted);
    tcase_add_test(cases, a_keep_under_a_condition_does_not_copy_the_other_rows);
    tcase_add_test(cases, a_condition_on_a_joined_column_is_refused);
    tcase_add_test(cases, a_condition_on_a_unique_column_is_refused);
    tcase_add_test(cases, an_array_is_rewritten_by_its_elements);
    tcase_add_test(cases, joined_texts_of_different_lengths_map_alike);
    tcase_add_test(cases, rules_that_compute_from_one_another_are_refused);
    tcase_add_test(cases, a_chain_of_many_derived_columns_is_checked_quickly);
    tcase_add_test(cases, nothing_computes_with_an_array);
    tcase_add_test(cases, accepted_leaks_name_columns);
    tcase_add_test(cases, an_accepted_leak_of_nothing_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
