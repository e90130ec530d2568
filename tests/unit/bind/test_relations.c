/* Relations of the profile: plain, composite, polymorphic, in arrays and in documents. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

static void begin(void)
{
    struct builder *b;

    bind_begin_shop(&trial);
    b = trial.builder;
    builder_table(b, "public", "events");
    builder_column(b, "kind", "text", 0);
    builder_column(b, "subject_id", "int8", 0);
    builder_column(b, "order_ids", "int8[]", 0);
    builder_column(b, "body", "jsonb", 0);
    builder_column(b, "mail", "varchar(60)", 0);
    builder_column(b, "line_order", "int8", 0);
    builder_column(b, "line_number", "int4", 0);
    builder_rows(b, 100000);
}

static void end(void)
{
    bind_end(&trial);
}

/* Columns that nobody names are redacted; the first line of `body` is line 4. */
static void try_lax(const char *body)
{
    bind_try(&trial, arena_printf(trial.arena,
                                  "sample: { start: [ { table: customers, rows: 5 } ], "
                                  "fraction: 0.1 }\nunclassified: redact\n%s",
                                  body));
}

static const struct prepared_transform *rule_of(const char *table, const char *column,
                                                size_t variant)
{
    const struct bound_column *bound = bind_column(&trial, table, column);

    ck_assert_uint_lt(variant, bound->variant_count);
    return bound->variants[variant].rule;
}

static bool maps_alike(const struct prepared_transform *a, const struct prepared_transform *b)
{
    return a->transform == b->transform && memcmp(a->key, b->key, sizeof(*a->key)) == 0;
}

START_TEST(a_declared_relation_joins_the_domains)
{
    try_lax("relations: [ { from: events.subject_id, to: customers.id } ]\n"
            "columns: { customers: { id: permute } }\n");
    ck_assert(maps_alike(rule_of("events", "subject_id", 0), rule_of("customers", "id", 0)));
    ck_assert(bind_edge(&trial, "public.events(subject_id) -> public.customers(id)")
                  ->edge->is_bytes_equal);
}
END_TEST

START_TEST(a_composite_relation_joins_column_by_column)
{
    try_lax("relations: [ { from: \"events(line_order, line_number)\",\n"
            "  to: \"lines(order_id, number)\" } ]\n"
            "columns: { orders: { id: permute }, lines: { number: permute } }\n");
    ck_assert(maps_alike(rule_of("events", "line_order", 0), rule_of("orders", "id", 0)));
    ck_assert(maps_alike(rule_of("events", "line_number", 0), rule_of("lines", "number", 0)));
}
END_TEST

START_TEST(a_relation_to_what_is_not_unique_is_refused)
{
    try_lax("relations:\n  - { from: events.subject_id, to: orders.customer_id }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "are not unique");
}
END_TEST

START_TEST(a_relation_between_types_that_differ_is_refused)
{
    try_lax("relations:\n  - { from: events.mail, to: customers.id }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "have different types");
}
END_TEST

START_TEST(a_relation_with_an_unknown_name_is_refused)
{
    try_lax("relations:\n"
            "  - { from: evnts.mail, to: customers.id }\n"
            "  - { from: events.mial, to: customers.id }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "no table called 'evnts'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "no column called 'mial'");
}
END_TEST

START_TEST(a_relation_into_an_empty_table_names_its_line)
{
    bind_try(&trial, "sample: { start: [ { table: orders, rows: 5 } ], fraction: 0.1,\n"
                     "  empty_tables: [customers], follow: { edges: [\n"
                     "  { edge: orders.customer_id, parent: cut } ] } }\n"
                     "unclassified: redact\n"
                     "relations: [ { from: events.subject_id, to: customers.id } ]\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "stays empty");
}
END_TEST

/* ---- polymorphic */

#define POLYMORPHIC                                                                                \
    "relations:\n"                                                                                 \
    "  - { from: events.subject_id, to: orders.id, when: \"kind = 'o'\" }\n"                       \
    "  - { from: events.subject_id, to: customers.id, when: \"kind = 'c'\" }\n"

START_TEST(a_polymorphic_id_takes_the_domain_of_what_it_points_to)
{
    try_lax(POLYMORPHIC "columns: { orders: { id: permute }, customers: { id: permute } }\n");
    const struct bound_column *id = bind_column(&trial, "events", "subject_id");

    ck_assert_uint_eq(id->variant_count, 3);
    ck_assert(maps_alike(id->variants[0].rule, rule_of("orders", "id", 0)));
    ck_assert(maps_alike(id->variants[1].rule, rule_of("customers", "id", 0)));
    ck_assert(!maps_alike(id->variants[2].rule, rule_of("orders", "id", 0)));
    ck_assert_int_eq(id->variants[0].when, 0);
    ck_assert_int_eq(id->variants[1].when, 1);
    ck_assert_int_eq(id->variants[2].when, -1);
    ck_assert_str_eq(id->variants[2].rule->transform->name, "permute");
    ck_assert_str_eq(bind_table(&trial, "events")->discriminators[0], "kind = 'o'");
}
END_TEST

START_TEST(types_that_no_relation_covers_never_share_a_domain_that_is_named)
{
    try_lax(POLYMORPHIC "columns: { orders: { id: { rule: permute, domain: d } },\n"
                        "  customers: { id: { rule: permute, domain: d } } }\n");
    ck_assert(maps_alike(rule_of("events", "subject_id", 0), rule_of("events", "subject_id", 1)));
    ck_assert(!maps_alike(rule_of("events", "subject_id", 0), rule_of("events", "subject_id", 2)));
}
END_TEST

START_TEST(a_rule_of_its_own_must_agree_with_what_a_polymorphic_id_refers_to)
{
    try_lax(POLYMORPHIC "columns: { orders: { id: permute }, customers: { id: permute },\n"
                        "  events: { subject_id: { keep: \"only a number\" } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:8:", "another rule than what it refers to");
}
END_TEST

START_TEST(the_same_rule_on_a_polymorphic_id_is_for_the_rows_in_between)
{
    try_lax(POLYMORPHIC "columns: { orders: { id: permute }, customers: { id: permute },\n"
                        "  events: { subject_id: permute } }\n");
    ck_assert_uint_eq(bind_column(&trial, "events", "subject_id")->variant_count, 3);
}
END_TEST

START_TEST(a_unique_polymorphic_id_is_refused)
{
    builder_table(trial.builder, "public", "events");
    builder_unique(trial.builder, "subject_id");
    try_lax(POLYMORPHIC "columns: { orders: { id: permute }, customers: { id: permute } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, NULL, "under different keys");
}
END_TEST

START_TEST(a_polymorphic_id_is_unique_beside_its_kept_type)
{
    builder_table(trial.builder, "public", "events");
    builder_unique(trial.builder, "kind,subject_id");
    try_lax(POLYMORPHIC "columns: { orders: { id: permute }, customers: { id: permute },\n"
                        "  events: { kind: { keep: \"two letters\" } } }\n");
    /* Rows of a third kind are told apart by the kind as well. */
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_polymorphic_id_is_not_unique_beside_something_else)
{
    builder_table(trial.builder, "public", "events");
    builder_unique(trial.builder, "line_number,subject_id");
    try_lax(POLYMORPHIC "columns: { orders: { id: permute }, customers: { id: permute },\n"
                        "  events: { line_number: { keep: \"small\" } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:7:", "may break the unique key");
}
END_TEST

START_TEST(a_cut_alternative_into_an_excluded_table_needs_no_rule)
{
    builder_table(trial.builder, "vault", "secrets");
    builder_column(trial.builder, "id", "int8", BUILD_NOT_NULL);
    builder_primary(trial.builder, "id");
    bind_try(&trial, "sample: { start: [ { table: customers, rows: 5 } ], fraction: 0.1,\n"
                     "  follow: { edges: [ { edge: events.subject_id, parent: cut } ] } }\n"
                     "schema: { except: [vault] }\n"
                     "relations:\n"
                     "  - { from: events.subject_id, to: orders.id, when: \"kind = 'o'\" }\n"
                     "  - { from: events.subject_id, to: vault.secrets.id, when: \"kind = 's'\" }\n"
                     "subjects: [customers]\n"
                     "columns:\n"
                     "  customers: { id: permute, email: email, full_name: redact,\n"
                     "               created_at: shift }\n"
                     "  orders: { id: permute, placed_at: shift, total: perturb, note: redact }\n"
                     "  lines: { number: permute, price: perturb }\n"
                     "  events: { kind: { keep: x }, order_ids: redact, body: redact,\n"
                     "            mail: redact, line_order: redact, line_number: redact }\n");
    ck_assert_bound(&trial);
    ck_assert_uint_eq(bind_column(&trial, "events", "subject_id")->variant_count, 2);
}
END_TEST

/* ---- arrays */

START_TEST(elements_of_an_array_inherit_as_columns_do)
{
    try_lax("relations: [ { from: \"events.order_ids[]\", to: orders.id } ]\n"
            "columns: { orders: { id: permute } }\n");
    const struct bound_column *ids = bind_column(&trial, "events", "order_ids");

    ck_assert(ids->is_inherited);
    ck_assert_uint_eq(ids->variant_count, 1);
    ck_assert_str_eq(ids->rule, "permute");
    ck_assert_str_eq(ids->reason, "inherited from public.orders.id");
    ck_assert(maps_alike(ids->variants[0].rule, rule_of("orders", "id", 0)));
}
END_TEST

START_TEST(another_rule_on_an_array_of_references_is_a_conflict)
{
    try_lax("relations: [ { from: \"events.order_ids[]\", to: orders.id } ]\n"
            "columns: { orders: { id: permute },\n"
            "  events: { order_ids: { keep: \"only numbers\" } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:6:", "another rule than what it refers to");
}
END_TEST

START_TEST(an_array_of_other_elements_is_refused)
{
    try_lax("relations:\n  - { from: \"events.order_ids[]\", to: customers.email }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "have different types");
}
END_TEST

START_TEST(what_is_no_array_holds_no_elements)
{
    try_lax("relations:\n  - { from: \"events.subject_id[]\", to: orders.id }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "have different types");
}
END_TEST

/* ---- documents */

#define DOCUMENT "relations: [ { from: \"events.body -> $.customer_id\", to: customers.id } ]\n"

static struct span document_rewrite(const char *text)
{
    struct value value = {.bytes = span_of(text)};
    const struct column *column = builder_find_column(trial.builder, "events", "body");
    uint64_t identity = 5, subject = 6, scrambled = 0, unchanged = 0;
    struct transform_call call = {.arena = trial.arena,
                                  .column = column,
                                  .type = column->type,
                                  .identities = &identity,
                                  .subjects = &subject,
                                  .scrambled = &scrambled,
                                  .unchanged = &unchanged};

    ck_assert_msg(transform_apply(rule_of("events", "body", 0), &call, &value, 1, &trial.err), "%s",
                  trial.err.cause);
    return value.bytes;
}

static int64_t key_rewrite(int64_t key)
{
    struct value value = {.integer = key};
    const struct column *column = builder_find_column(trial.builder, "customers", "id");
    uint64_t scrambled = 0, unchanged = 0;
    struct transform_call call = {.arena = trial.arena,
                                  .column = column,
                                  .type = column->type,
                                  .scrambled = &scrambled,
                                  .unchanged = &unchanged};

    ck_assert(transform_apply(rule_of("customers", "id", 0), &call, &value, 1, &trial.err));
    return value.integer;
}

/* `after` holds KEY where the masked key of 4711 belongs. */
static void check_document(const char *before, const char *after)
{
    struct span got = document_rewrite(before);
    const char *key = strstr(after, "KEY");
    const char *wanted = arena_printf(trial.arena, "%.*s%lld%s", (int)(key - after), after,
                                      (long long)key_rewrite(4711), key + strlen("KEY"));

    ck_assert_msg(span_equal(got, span_of(wanted)), "%.*s, not %s", (int)got.len, got.ptr, wanted);
}

static void check_unchanged(const char *text)
{
    struct span got = document_rewrite(text);

    ck_assert_msg(span_equal(got, span_of(text)), "%.*s, not %s", (int)got.len, got.ptr, text);
}

START_TEST(a_reference_in_a_document_maps_as_the_key_it_names)
{
    try_lax(DOCUMENT "columns: { customers: { id: permute },\n"
                     "  events: { body: { rule: json, otherwise: keep } } }\n");
    check_document("{\"customer_id\":4711,\"x\":[1,\"a\"]}",
                   "{\"customer_id\":KEY,\"x\":[1,\"a\"]}");
    check_document("{\"customer_id\":\"4711\"}", "{\"customer_id\":\"KEY\"}");
    check_unchanged("{\"customer_id\":0}");
    check_unchanged("{\"customer_id\":null}");
}
END_TEST

START_TEST(a_redacted_key_is_the_same_in_a_document)
{
    try_lax(DOCUMENT "columns: { events: { body: { rule: json, otherwise: keep } } }\n");
    ck_assert_str_eq(bind_column(&trial, "customers", "id")->rule, "redact");
    check_document("{\"customer_id\":4711}", "{\"customer_id\":KEY}");
}
END_TEST

START_TEST(a_text_key_is_the_same_in_a_document)
{
    try_lax("relations: [ { from: \"events.body -> $.a.mail\", to: customers.email } ]\n"
            "columns: { customers: { email: { rule: permute, domain: mails } },\n"
            "  events: { body: { rule: json, otherwise: keep } } }\n");
    struct value value = {.bytes = SPAN_LITERAL("04711")};
    const struct column *column = builder_find_column(trial.builder, "customers", "email");
    uint64_t scrambled = 0, unchanged = 0;
    struct transform_call call = {.arena = trial.arena,
                                  .column = column,
                                  .type = column->type,
                                  .scrambled = &scrambled,
                                  .unchanged = &unchanged};
    ck_assert(transform_apply(rule_of("customers", "email", 0), &call, &value, 1, &trial.err));
    struct span got = document_rewrite("{\"a\":{\"mail\":\"04711\"}}");
    const char *wanted = arena_printf(trial.arena, "{\"a\":{\"mail\":\"%.*s\"}}",
                                      (int)value.bytes.len, value.bytes.ptr);
    ck_assert_msg(span_equal(got, span_of(wanted)), "%.*s, not %s", (int)got.len, got.ptr, wanted);
}
END_TEST

START_TEST(a_number_that_names_a_text_key_maps_as_the_text)
{
    try_lax("relations: [ { from: \"events.body -> $.mail\", to: customers.email } ]\n"
            "columns: { customers: { email: permute },\n"
            "  events: { body: { rule: json, otherwise: keep } } }\n");
    for (int i = 1000; i < 1100; i++) {
        struct span number = document_rewrite(arena_printf(trial.arena, "{\"mail\":%d}", i));
        struct span text = document_rewrite(arena_printf(trial.arena, "{\"mail\":\"%d\"}", i));
        bool is_text = number.ptr[8] == '"';

        /* The digits agree; those that begin with a zero cannot stand as a number. */
        ck_assert_int_eq(memcmp(number.ptr + 8 + is_text, text.ptr + 9, 4), 0);
        ck_assert(is_text == (text.ptr[9] == '0'));
    }
}
END_TEST

START_TEST(a_document_with_references_needs_a_json_rule)
{
    try_lax(DOCUMENT "columns: { customers: { id: permute },\n"
                     "  events: { body: redact } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "would break the reference");
    ck_assert(strstr(trial.err.hint, "rule: json") != NULL);
}
END_TEST

START_TEST(a_kept_document_with_a_rewritten_reference_is_refused)
{
    try_lax(DOCUMENT "columns: { customers: { id: permute },\n"
                     "  events: { body: { keep: \"no persons\" } } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "would break the reference");
}
END_TEST

START_TEST(a_kept_document_with_a_kept_reference_is_fine)
{
    try_lax(DOCUMENT "columns: { customers: { id: { keep: \"public numbers\" } },\n"
                     "  events: { body: { keep: \"no persons\" } } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(another_rule_on_the_path_is_a_conflict)
{
    try_lax(DOCUMENT "columns: { customers: { id: permute },\n"
                     "  events: { body: { rule: json,\n"
                     "    paths: { \"$.customer_id\": redact } } } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:7:", "another rule than 'public.customers.id'");
}
END_TEST

START_TEST(the_same_rule_on_the_path_is_fine)
{
    try_lax(DOCUMENT "columns: { customers: { id: permute },\n"
                     "  events: { body: { rule: json, otherwise: keep,\n"
                     "    paths: { \"$.customer_id\": permute } } } }\n");
    check_document("{\"customer_id\":4711}", "{\"customer_id\":KEY}");
}
END_TEST

START_TEST(an_unnamed_document_keeps_its_references_and_nothing_else)
{
    try_lax(DOCUMENT "columns: { customers: { id: permute } }\n");
    struct span got = document_rewrite("{\"customer_id\":4711,\"name\":\"Anna Meier\"}");

    ck_assert_str_eq(bind_column(&trial, "events", "body")->rule, "json");
    ck_assert_ptr_null(memmem(got.ptr, got.len, "Anna", 4));
    const char *kept =
        arena_printf(trial.arena, "\"customer_id\":%lld,", (long long)key_rewrite(4711));
    ck_assert_ptr_nonnull(memmem(got.ptr, got.len, kept, strlen(kept)));
}
END_TEST

START_TEST(a_path_that_cannot_be_rewritten_is_refused)
{
    try_lax("relations: [ { from: \"events.body -> $.items[0].id\", to: customers.id } ]\n"
            "columns: { customers: { id: permute },\n"
            "  events: { body: { rule: json } } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:6:", "the relation's path");
}
END_TEST

START_TEST(a_document_cannot_name_a_time)
{
    builder_table(trial.builder, "public", "days");
    builder_column(trial.builder, "day", "date", BUILD_NOT_NULL);
    builder_primary(trial.builder, "day");
    try_lax("relations:\n  - { from: \"events.body -> $.day\", to: days.day }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "have different types");
}
END_TEST

START_TEST(a_generated_column_cannot_refer_to_what_is_rewritten)
{
    builder_table(trial.builder, "public", "events");
    builder_column(trial.builder, "derived_id", "int8", BUILD_GENERATED);
    try_lax("relations: [ { from: events.derived_id, to: orders.id } ]\n"
            "columns: { orders: { id: permute } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "is generated, but joined");
}
END_TEST

Suite *suite_bind_relations(void);
Suite *suite_bind_relations(void)
{
    Suite *suite = suite_create("bind/relations");
    TCase *cases = tcase_create("relations");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_declared_relation_joins_the_domains);
    tcase_add_test(cases, a_composite_relation_joins_column_by_column);
    tcase_add_test(cases, a_relation_to_what_is_not_unique_is_refused);
    tcase_add_test(cases, a_relation_between_types_that_differ_is_refused);
    tcase_add_test(cases, a_relation_with_an_unknown_name_is_refused);
    tcase_add_test(cases, a_relation_into_an_empty_table_names_its_line);
    tcase_add_test(cases, a_polymorphic_id_takes_the_domain_of_what_it_points_to);
    tcase_add_test(cases, types_that_no_relation_covers_never_share_a_domain_that_is_named);
    tcase_add_test(cases, a_rule_of_its_own_must_agree_with_what_a_polymorphic_id_refers_to);
    tcase_add_test(cases, the_same_rule_on_a_polymorphic_id_is_for_the_rows_in_between);
    tcase_add_test(cases, a_unique_polymorphic_id_is_refused);
    tcase_add_test(cases, a_polymorphic_id_is_unique_beside_its_kept_type);
    tcase_add_test(cases, a_polymorphic_id_is_not_unique_beside_something_else);
    tcase_add_test(cases, a_cut_alternative_into_an_excluded_table_needs_no_rule);
    tcase_add_test(cases, elements_of_an_array_inherit_as_columns_do);
    tcase_add_test(cases, another_rule_on_an_array_of_references_is_a_conflict);
    tcase_add_test(cases, an_array_of_other_elements_is_refused);
    tcase_add_test(cases, what_is_no_array_holds_no_elements);
    tcase_add_test(cases, a_reference_in_a_document_maps_as_the_key_it_names);
    tcase_add_test(cases, a_redacted_key_is_the_same_in_a_document);
    tcase_add_test(cases, a_text_key_is_the_same_in_a_document);
    tcase_add_test(cases, a_number_that_names_a_text_key_maps_as_the_text);
    tcase_add_test(cases, a_document_with_references_needs_a_json_rule);
    tcase_add_test(cases, a_kept_document_with_a_rewritten_reference_is_refused);
    tcase_add_test(cases, a_kept_document_with_a_kept_reference_is_fine);
    tcase_add_test(cases, another_rule_on_the_path_is_a_conflict);
    tcase_add_test(cases, the_same_rule_on_the_path_is_fine);
    tcase_add_test(cases, an_unnamed_document_keeps_its_references_and_nothing_else);
    tcase_add_test(cases, a_path_that_cannot_be_rewritten_is_refused);
    tcase_add_test(cases, a_document_cannot_name_a_time);
    tcase_add_test(cases, a_generated_column_cannot_refer_to_what_is_rewritten);
    suite_add_tcase(suite, cases);
    return suite;
}
