/* Roles of tables, starts, what a walk reaches, takes, cuts, pins, identities. */
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

/* The shop's profile with more behind it: the first line of `more` is line 18. */
static void try_shop(const char *more)
{
    bind_try(&trial, arena_printf(trial.arena, "%s%s", bind_shop_columns, more));
}

#define COLUMNS_ONLY strstr(bind_shop_columns, "subjects:")

/* The shop's columns behind a sample section of one's own. */
static void try_sample(const char *sample)
{
    bind_try(&trial, arena_printf(trial.arena, "sample: %s\n%s", sample, COLUMNS_ONLY));
}

START_TEST(the_shop_binds)
{
    try_shop("");
    ck_assert_int_eq(bind_table(&trial, "customers")->role, ROLE_START);
    ck_assert_double_eq(bind_table(&trial, "customers")->start.fraction, 0.1);
    ck_assert_int_eq(bind_table(&trial, "lines")->role, ROLE_REACHED);
    ck_assert_ptr_null(bind_table(&trial, "lines")->subject);
    ck_assert_ptr_nonnull(bind_table(&trial, "orders")->subject);
    ck_assert_uint_eq(bind_table(&trial, "lines")->transformed_count, 2);
}
END_TEST

START_TEST(an_unknown_table_is_named_with_its_place_and_the_nearest)
{
    try_sample("{ full_tables: [custmers], start: [ { table: customers, rows: 5 } ] }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:2:", "no table called 'custmers'");
    ck_assert_str_eq(trial.err.hint, "did you mean 'customers'?");
}
END_TEST

START_TEST(a_table_of_two_schemas_must_be_named_with_its_schema)
{
    builder_table(trial.builder, "a", "twin");
    builder_column(trial.builder, "x", "int4", 0);
    builder_table(trial.builder, "b", "twin");
    builder_column(trial.builder, "x", "int4", 0);
    try_sample("{ empty_tables: [twin, a.twin, b.twin], start: [{ table: customers, rows: 1 }] }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:2:", "several schemas");
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(a_table_without_transactions_is_refused_until_it_is_accepted)
{
    builder_storage(trial.builder, "MyISAM", false);
    try_shop("");
    ck_assert_fault(&trial, STATUS_POLICY, NULL, "table 'public.lines' is kept by MyISAM");
    ck_assert_uint_eq(trial.faults.count, 1);
    try_shop("source: { url: 'mysql://h/d', accept_non_transactional: [lines] }\n");
    ck_assert_bound(&trial);
    try_shop("source: { url: 'mysql://h/d', accept_non_transactional: [lnies] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:18:", "no table called 'lnies'");
}
END_TEST

START_TEST(two_roles_of_one_table_contradict)
{
    try_sample("{ full_tables: [orders], empty_tables: [public.orders],\n"
               "  start: [ { table: customers, rows: 5 } ] }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:2:",
                    "'public.orders' cannot be in empty_tables: it is already in full_tables");
}
END_TEST

START_TEST(a_start_table_that_is_excluded_contradicts)
{
    try_shop("schema: { exclude: [customers] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:2:", "already excluded by schema");
}
END_TEST

START_TEST(a_schema_that_does_not_exist_is_refused)
{
    try_shop("schema: { except: [achive] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:18:", "no table in a schema called 'achive'");
}
END_TEST

START_TEST(only_leaves_the_other_schemas_out)
{
    builder_table(trial.builder, "archive", "old");
    builder_column(trial.builder, "x", "int4", 0);
    try_shop("schema: { only: [public] }\n");
    ck_assert_int_eq(bind_table(&trial, "archive.old")->role, ROLE_EXCLUDED);
    ck_assert_uint_eq(bind_table(&trial, "archive.old")->column_count, 0);
}
END_TEST

START_TEST(a_child_by_inheritance_cannot_stay_without_its_parent)
{
    struct builder *b = trial.builder;
    struct table *child = builder_table(b, "other", "old_orders");

    builder_column(b, "x", "int4", 0);
    child->parents = arena_alloc(builder_arena(b), sizeof(*child->parents));
    child->parents[0] = builder_find_table(b, "lines");
    child->parent_count = 1;
    try_shop("  other.old_orders: { x: redact }\nschema: { exclude: [lines] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, NULL, "inherits from table 'public.lines'");
}
END_TEST

START_TEST(an_unreachable_table_needs_a_fraction)
{
    builder_table(trial.builder, "public", "island");
    builder_column(trial.builder, "x", "int4", 0);
    builder_rows(trial.builder, 50000);
    try_shop("  island: { x: redact }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, NULL, "'public.island' cannot be reached");
    ck_assert_uint_eq(trial.faults.count, 1);
}
END_TEST

START_TEST(an_unreachable_table_is_sampled_with_the_fraction)
{
    builder_table(trial.builder, "public", "island");
    builder_column(trial.builder, "x", "int4", 0);
    builder_rows(trial.builder, 50000);
    trial.options.fraction = 0.25;
    try_shop("  island: { x: redact }\n");
    ck_assert_int_eq(bind_table(&trial, "island")->role, ROLE_SAMPLE);
    ck_assert_double_eq(bind_table(&trial, "island")->start.fraction, 0.25);
    ck_assert_double_eq(bind_table(&trial, "customers")->start.fraction, 0.25);
}
END_TEST

START_TEST(a_table_that_may_be_small_needs_no_fraction)
{
    builder_table(trial.builder, "public", "countries");
    builder_column(trial.builder, "x", "int4", 0);
    builder_rows(trial.builder, 200);
    try_shop("  countries: { x: redact }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_take_of_none_cuts_the_walk)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: orders.customer_id, take: none } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, NULL, "'public.orders' cannot be reached");
    ck_assert_fault(&trial, STATUS_PROFILE, NULL, "'public.lines' cannot be reached");
}
END_TEST

START_TEST(an_edge_is_found_by_its_constraint_alone)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { constraint: orders_0_fkey, take: 7 } ] } }");
    const struct bound_edge *edge =
        bind_edge(&trial, "public.orders(customer_id) -> public.customers(id)");
    ck_assert_int_eq(edge->take.kind, TAKE_COUNT);
    ck_assert_int_eq(edge->take.count, 7);
}
END_TEST

START_TEST(an_edge_nobody_declared_is_refused_at_its_place)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: orders.total, take: 7 },\n"
               "                     { constraint: nothing, take: 7 } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "no foreign key and no relation");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:4:", "no foreign key and no relation");
}
END_TEST

START_TEST(two_edges_over_the_same_columns_need_the_constraint)
{
    builder_edge(trial.builder, "orders", "customer_id", "customers", "id");
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: orders.customer_id, take: 7 } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "several edges leave these columns");
}
END_TEST

START_TEST(an_edge_set_twice_is_refused)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: orders.customer_id, take: 7 },\n"
               "                     { edge: orders.customer_id, take: 8 } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:4:", "set twice");
}
END_TEST

START_TEST(alternatives_of_a_polymorphic_column_are_set_together)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "events");
    builder_column(b, "subject_id", "int8", 0);
    builder_column(b, "kind", "text", 0);
    builder_rows(b, 50000);
    try_sample("{ start: [ { table: customers, rows: 5 } ], fraction: 0.1,\n"
               "  follow: { edges: [ { edge: events.subject_id, take: none } ] } }\n"
               "relations:\n"
               "  - { from: events.subject_id, to: orders.id, when: \"kind = 'o'\" }\n"
               "  - { from: events.subject_id, to: customers.id, when: \"kind = 'c'\" }\n"
               "unclassified: redact");
    ck_assert_bound(&trial);
    for (size_t i = 2; i < 4; i++) {
        ck_assert_int_eq(trial.binding->edges[i].take.kind, TAKE_NONE);
        ck_assert_int_eq(trial.binding->edges[i].when, (int)i - 2);
    }
}
END_TEST

START_TEST(an_edge_into_an_empty_table_is_a_dead_end)
{
    try_sample("{ start: [ { table: orders, rows: 5 } ], empty_tables: [customers] }");
    ck_assert_fault(&trial, STATUS_PROFILE, NULL, "leads into a table that stays empty");
    ck_assert_str_ne(trial.err.hint, "");
}
END_TEST

START_TEST(a_dead_end_with_a_cut_is_fine)
{
    try_sample("{ start: [ { table: orders, rows: 5 } ], empty_tables: [customers],\n"
               "  follow: { edges: [ { edge: orders.customer_id, parent: cut } ] } }");
    ck_assert_bound(&trial);
    const struct bound_edge *edge =
        bind_edge(&trial, "public.orders(customer_id) -> public.customers(id)");
    ck_assert(edge->is_ignored);
    ck_assert(edge->is_parent_cut);
}
END_TEST

/* MySQL: of another schema's table nothing is known but the key. */
static void outside_build(void)
{
    builder_table(trial.builder, "other", "countries")->is_outside = true;
    builder_column(trial.builder, "code", "varchar(2)", 0);
    builder_primary(trial.builder, "code");
    builder_table(trial.builder, "public", "customers");
    builder_column(trial.builder, "country", "varchar(2)", 0);
    builder_edge(trial.builder, "customers", "country", "other.countries", "code");
}

START_TEST(a_reference_into_another_schema_must_be_cut)
{
    outside_build();
    try_sample("{ start: [ { table: customers, rows: 5 } ] }");
    ck_assert_fault(&trial, STATUS_PROFILE, NULL, "leads into a table that stays out of staging");
    ck_assert_ptr_nonnull(strstr(trial.err.hint, "parent: cut"));
}
END_TEST

START_TEST(a_schema_known_by_references_alone_does_not_exist)
{
    outside_build();
    try_shop("schema: { except: [other] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:18:", "no table in a schema called 'other'");
}
END_TEST

START_TEST(a_dead_end_of_a_setting_without_a_cut_names_the_setting)
{
    try_sample("{ start: [ { table: orders, rows: 5 } ], empty_tables: [customers],\n"
               "  follow: { edges: [ { edge: orders.customer_id, take: all } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "leads into a table that stays empty");
}
END_TEST

START_TEST(a_reference_that_is_not_null_cannot_be_cut)
{
    try_sample("{ start: [ { table: lines, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: lines.order_id, parent: cut } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "cannot be cut");
}
END_TEST

START_TEST(a_reference_whose_nulls_are_not_distinct_cannot_be_cut)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "seats");
    builder_column(b, "order_id", "int8", 0);
    builder_rows(b, 50000);
    builder_unique(b, "order_id")->is_nulls_not_distinct = true;
    builder_edge(b, "seats", "order_id", "orders", "id");
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: seats.order_id, parent: cut } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "NULLs are not distinct");
}
END_TEST

START_TEST(a_full_match_with_one_null_column_cannot_be_cut)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "parcels");
    builder_column(b, "order_id", "int8", BUILD_NOT_NULL);
    builder_column(b, "number", "int4", 0);
    builder_rows(b, 50000);
    builder_edge(b, "parcels", "order_id,number", "lines", "order_id,number")->is_match_full = true;
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: \"parcels(order_id, number)\", parent: cut } ] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "cannot be cut");
}
END_TEST

START_TEST(a_reference_inside_an_array_cannot_be_cut)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "posts");
    builder_column(b, "order_ids", "int8[]", 0);
    builder_rows(b, 50000);
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  follow: { edges: [ { edge: \"posts.order_ids[]\", parent: cut } ] } }\n"
               "relations: [ { from: \"posts.order_ids[]\", to: orders.id } ]");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "inside an array");
}
END_TEST

START_TEST(a_pin_into_an_empty_table_is_refused)
{
    try_shop("pins: [ { table: orders, where: \"id = 1\", why: x } ]\n"
             "schema: { exclude: [orders, lines] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:18:", "which is excluded by schema");
}
END_TEST

START_TEST(pins_of_the_command_line_are_bound_as_well)
{
    struct profile_pin pin = {
        .table = {.table = "orders"}, .where = "id = 1", .why = "x", .takes_children = true};

    trial.options.pins = &pin;
    trial.options.pin_count = 1;
    try_shop("pins: [ { table: customers, where: \"id = 1\", why: y } ]\n");
    ck_assert_bound(&trial);
    ck_assert_uint_eq(trial.binding->pin_count, 2);
    ck_assert_str_eq(trial.binding->pins[1].table->table->name, "orders");
}
END_TEST

START_TEST(a_pin_of_the_command_line_names_its_table_without_a_place)
{
    struct profile_pin pin = {.table = {.table = "ordres"}, .where = "id = 1", .why = "x"};

    trial.options.pins = &pin;
    trial.options.pin_count = 1;
    try_shop("");
    ck_assert_fault(&trial, STATUS_PROFILE, NULL, "no table called 'ordres'");
}
END_TEST

START_TEST(the_budget_passes_through)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ], budget: { rows: 2000000 } }");
    ck_assert_bound(&trial);
    ck_assert_int_eq(trial.binding->budget_rows, 2000000);
}
END_TEST

START_TEST(a_key_of_the_profile_is_the_identity)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ], keys: { orders: [note, total] } }");
    const struct bound_table *orders = bind_table(&trial, "orders");

    ck_assert_ptr_null(orders->identity);
    ck_assert_uint_eq(orders->identity_count, 2);
    ck_assert_str_eq(orders->identity_columns[0]->name, "note");
}
END_TEST

START_TEST(a_key_over_an_unknown_column_is_refused)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  keys: { orders: [nte], nowhere: [x] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "no column called 'nte'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "no table called 'nowhere'");
    ck_assert_uint_eq(trial.faults.count, 2);
}
END_TEST

START_TEST(a_key_over_a_generated_column_is_refused)
{
    builder_table(trial.builder, "public", "orders");
    builder_column(trial.builder, "cents", "int8", BUILD_GENERATED);
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  keys: { orders: [cents] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "is generated");
}
END_TEST

START_TEST(two_keys_of_one_table_contradict)
{
    try_sample("{ start: [ { table: customers, rows: 5 } ],\n"
               "  keys: { orders: [note],\n"
               "          public.orders: [id] } }");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:4:", "'public.orders' has two keys");
}
END_TEST

START_TEST(a_table_without_key_is_identified_by_all_its_columns)
{
    builder_table(trial.builder, "public", "log");
    builder_column(trial.builder, "a", "int4", 0);
    builder_column(trial.builder, "b", "int4", BUILD_GENERATED);
    builder_column(trial.builder, "c", "int4", 0);
    try_shop("  log: { a: redact, c: redact }\n");
    ck_assert_ptr_null(bind_table(&trial, "log")->identity);
    ck_assert_uint_eq(bind_table(&trial, "log")->identity_count, 2);
    ck_assert_uint_eq(bind_table(&trial, "log")->column_count, 2);
}
END_TEST

START_TEST(every_fault_is_kept_and_the_lowest_exit_code_wins)
{
    bind_try(&trial,
             "sample: { start: [ { table: customers, rows: 1 }, { table: nope, rows: 1 } ],\n"
             "          full_tables: [neither] }\n"
             "pins: [ { table: noone, where: \"a = 1\", why: x } ]\n"
             "columns:\n"
             "  customers: { id: permute, wrong: keep }\n"
             "  orders: { id: permute, customer_id: keep }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:2:", "'nope'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:3:", "'neither'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:4:", "'noone'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "'wrong'");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:7:", "another rule");
    ck_assert_fault(&trial, STATUS_POLICY, NULL, "'public.lines.price' has no rule");
    ck_assert_int_eq(trial.err.status, STATUS_PROFILE);
    ck_assert_str_eq(trial.err.cause, "the source has no table called 'neither'");
}
END_TEST

START_TEST(the_lowest_exit_code_wins_although_it_comes_later)
{
    bind_try(&trial, "sample: { start: [ { table: customers, rows: 1 } ] }\n"
                     "unclassified: redact\n"
                     "columns: { customers: { id: permute }, orders: { customer_id: keep } }\n"
                     "pins: [ { table: noone, where: \"a = 1\", why: x } ]\n");
    ck_assert_int_eq(trial.faults.errors[0].status, STATUS_POLICY);
    ck_assert_int_eq(trial.err.status, STATUS_PROFILE);
    ck_assert_ptr_nonnull(strstr(trial.err.cause, "'noone'"));
}
END_TEST

START_TEST(no_fault_is_told_twice)
{
    bind_try(&trial, "sample: { start: [ { table: customers, rows: 1 } ] }\n"
                     "columns:\n"
                     "  customers: { id: permute }\n"
                     "  orders: { customer_id: keep }\n");
    for (size_t i = 0; i < trial.faults.count; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(trial.faults.errors[i].cause, trial.faults.errors[j].cause);
}
END_TEST

Suite *suite_bind_tables(void);
Suite *suite_bind_tables(void)
{
    Suite *suite = suite_create("bind/tables");
    TCase *cases = tcase_create("tables");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, the_shop_binds);
    tcase_add_test(cases, an_unknown_table_is_named_with_its_place_and_the_nearest);
    tcase_add_test(cases, a_table_of_two_schemas_must_be_named_with_its_schema);
    tcase_add_test(cases, a_table_without_transactions_is_refused_until_it_is_accepted);
    tcase_add_test(cases, two_roles_of_one_table_contradict);
    tcase_add_test(cases, a_start_table_that_is_excluded_contradicts);
    tcase_add_test(cases, a_schema_that_does_not_exist_is_refused);
    tcase_add_test(cases, only_leaves_the_other_schemas_out);
    tcase_add_test(cases, a_child_by_inheritance_cannot_stay_without_its_parent);
    tcase_add_test(cases, an_unreachable_table_needs_a_fraction);
    tcase_add_test(cases, an_unreachable_table_is_sampled_with_the_fraction);
    tcase_add_test(cases, a_table_that_may_be_small_needs_no_fraction);
    tcase_add_test(cases, a_take_of_none_cuts_the_walk);
    tcase_add_test(cases, an_edge_is_found_by_its_constraint_alone);
    tcase_add_test(cases, an_edge_nobody_declared_is_refused_at_its_place);
    tcase_add_test(cases, two_edges_over_the_same_columns_need_the_constraint);
    tcase_add_test(cases, an_edge_set_twice_is_refused);
    tcase_add_test(cases, alternatives_of_a_polymorphic_column_are_set_together);
    tcase_add_test(cases, an_edge_into_an_empty_table_is_a_dead_end);
    tcase_add_test(cases, a_dead_end_with_a_cut_is_fine);
    tcase_add_test(cases, a_reference_into_another_schema_must_be_cut);
    tcase_add_test(cases, a_schema_known_by_references_alone_does_not_exist);
    tcase_add_test(cases, a_dead_end_of_a_setting_without_a_cut_names_the_setting);
    tcase_add_test(cases, a_reference_that_is_not_null_cannot_be_cut);
    tcase_add_test(cases, a_reference_whose_nulls_are_not_distinct_cannot_be_cut);
    tcase_add_test(cases, a_full_match_with_one_null_column_cannot_be_cut);
    tcase_add_test(cases, a_reference_inside_an_array_cannot_be_cut);
    tcase_add_test(cases, a_pin_into_an_empty_table_is_refused);
    tcase_add_test(cases, pins_of_the_command_line_are_bound_as_well);
    tcase_add_test(cases, a_pin_of_the_command_line_names_its_table_without_a_place);
    tcase_add_test(cases, the_budget_passes_through);
    tcase_add_test(cases, a_key_of_the_profile_is_the_identity);
    tcase_add_test(cases, a_key_over_an_unknown_column_is_refused);
    tcase_add_test(cases, a_key_over_a_generated_column_is_refused);
    tcase_add_test(cases, two_keys_of_one_table_contradict);
    tcase_add_test(cases, a_table_without_key_is_identified_by_all_its_columns);
    tcase_add_test(cases, every_fault_is_kept_and_the_lowest_exit_code_wins);
    tcase_add_test(cases, the_lowest_exit_code_wins_although_it_comes_later);
    tcase_add_test(cases, no_fault_is_told_twice);
    suite_add_tcase(suite, cases);
    return suite;
}
