/* What help shows of each rule is a rule that a column of that name takes. */
#include "support/bind_trial.h"
#include "transform/transform.h"

#include <check.h>
#include <string.h>

struct example_column {
    const char *name, *type;
};

/* The columns that the examples name, of the types that their names promise. */
static const struct example_column columns[] = {
    {"status", "text"},
    {"nickname", "text"},
    {"notes", "text"},
    {"password_hash", "text"},
    {"vehicle_plate", "text"},
    {"email", "text"},
    {"phone", "text"},
    {"account_number", "text"},
    {"card_number", "text"},
    {"iban", "text"},
    {"last_ip", "text"},
    {"ssn", "text"},
    {"hardware_address", "text"},
    {"homepage", "text"},
    {"latitude", "numeric(9,6)"},
    {"longitude", "numeric(9,6)"},
    {"api_key", "text"},
    {"first_name", "text"},
    {"last_name", "text"},
    {"full_name", "text"},
    {"employer", "text"},
    {"address_line", "text"},
    {"city", "text"},
    {"zip", "text"},
    {"created_at", "timestamptz"},
    {"born_on", "date"},
    {"amount", "numeric(12,2)"},
    {"salary", "numeric(12,2)"},
    {"weight", "float8"},
    {"visited_at", "timestamptz"},
    {"total", "numeric(12,2)"},
    {"net", "numeric(12,2)"},
    {"tax", "numeric(12,2)"},
    {"tier", "text"},
    {"path", "text"},
    {"preferences", "jsonb"},
    {"attributes", "hstore"},
    {"address", "composite"},
    {"comment", "text"},
};

/* Kinds that the builder has no type for. */
static const struct type text_type = {.schema = "pg_catalog", .name = "text", .kind = KIND_TEXT};
static const struct column street = {.name = "street", .type = &text_type};
static struct type_field address_fields[] = {{"street", &text_type, &street}};
static const struct type address_type = {.schema = "public",
                                         .name = "address",
                                         .class = TYPE_COMPOSITE,
                                         .kind = KIND_COMPOSITE,
                                         .field_count = 1,
                                         .fields = address_fields};
static const struct type hstore_type = {
    .schema = "public", .name = "hstore", .kind = KIND_HSTORE, .extension = "hstore"};

static void build(struct builder *builder)
{
    builder_table(builder, "public", "customers");
    builder_column(builder, "id", "int8", BUILD_NOT_NULL);
    builder_primary(builder, "id");
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        bool is_hstore = strcmp(columns[i].type, "hstore") == 0;
        bool is_composite = strcmp(columns[i].type, "composite") == 0;
        struct column *column = builder_column(
            builder, columns[i].name, is_hstore || is_composite ? "text" : columns[i].type, 0);

        if (is_hstore || is_composite)
            column->type = is_hstore ? &hstore_type : &address_type;
    }
    builder_rows(builder, 100000);
}

START_TEST(the_example_of_every_rule_binds)
{
    size_t count;
    const struct transform *const *rows = transform_rows(&count);

    for (size_t i = 0; i < count; i++) {
        const char *example = rows[i]->example;
        struct bind_trial trial;
        char *name;

        bind_begin(&trial);
        build(trial.builder);
        bind_try(&trial, arena_printf(trial.arena,
                                      "sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
                                      "subjects: [customers]\n"
                                      "unclassified: redact\n"
                                      "columns:\n"
                                      "  customers:\n"
                                      "    %s\n",
                                      example));
        ck_assert_msg(trial.binding != NULL, "%s: %s", rows[i]->name, bind_list_faults(&trial));
        name = arena_strndup(trial.arena, example, strcspn(example, ":"));
        ck_assert_str_eq(bind_column(&trial, "customers", name)->rule, rows[i]->name);
        bind_end(&trial);
    }
}
END_TEST

Suite *suite_bind_examples(void);
Suite *suite_bind_examples(void)
{
    Suite *suite = suite_create("bind/examples");
    TCase *cases = tcase_create("examples");

    tcase_add_test(cases, the_example_of_every_rule_binds);
    suite_add_tcase(suite, cases);
    return suite;
}
