/* Proposals for whole schemas: nothing identifying is kept, everything gets a rule that its
 * column takes, and the written profile reads back. */
#include "config/profile.h"
#include "detect/finding.h"
#include "transform/transform.h"
#include "unit/detect/schemas.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static struct builder *builder;
static struct graph *graph;
static struct detection *detection;
static struct shape_proposal *shape;
static struct buf text;

static const struct schema *const schemas[] = {&schema_chinook, &schema_sakila, &schema_shop};

static void setup(void)
{
    buf_init(&text, BUF_CEILING_MAX);
    setenv("UNDERSTUDY_SOURCE", "postgresql:///prod", 1);
    setenv("UNDERSTUDY_TARGET", "postgresql:///staging", 1);
    setenv("UNDERSTUDY_KEY_FILE", "test.key", 1);
    builder = builder_new();
}

static void teardown(void)
{
    buf_release(&text);
    builder_free(builder);
}

static void detect(void)
{
    struct error err = {0};

    ck_assert(graph_new(builder_finish(builder), NULL, 0, builder_arena(builder), &graph, &err));
    struct detect_source source = {0};
    ck_assert(names_read(NULL, builder_arena(builder), &source.names, &err));
    ck_assert_msg(detect_columns(graph, &source, builder_arena(builder), &detection, &err) &&
                      detect_shape(graph, detection, builder_arena(builder), &shape, &err) &&
                      detect_write_profile(graph, detection, shape, 0.01, &text, &err),
                  "%s", err.cause);
}

static const struct proposal *find(const char *table, const char *name)
{
    const struct column *column = builder_find_column(builder, table, name);

    for (size_t i = 0; i < detection->count; i++)
        if (detection->proposals[i].column == column)
            return &detection->proposals[i];
    ck_abort_msg("no proposal for %s.%s", table, name);
    return NULL;
}

static void check_rule(const char *table, const char *column, const char *rule)
{
    const struct proposal *proposal = find(table, column);

    if (!rule)
        ck_assert_msg(!proposal->rule, "%s.%s is listed", table, column);
    else
        ck_assert_msg(proposal->rule && strcmp(proposal->rule, rule) == 0, "%s.%s gets %s, not %s",
                      table, column, proposal->rule ? proposal->rule : "nothing", rule);
}

START_TEST(nothing_identifying_is_kept)
{
    schema_build(builder, schemas[_i]);
    detect();
    for (size_t i = 0; i < detection->count; i++) {
        const struct proposal *proposal = &detection->proposals[i];
        bool is_kept = proposal->rule && strcmp(proposal->rule, "keep") == 0;
        ck_assert_msg(!is_kept || !schema_identifies(schemas[_i], proposal->column),
                      "%s.%s would be kept", proposal->column->table->name, proposal->column->name);
    }
}
END_TEST

START_TEST(every_column_gets_a_rule_or_inherits_one)
{
    schema_build(builder, schemas[_i]);
    detect();
    size_t at = 0;
    for (size_t t = 0; t < graph->catalog->table_count; t++)
        for (size_t c = 0; c < graph->catalog->tables[t]->column_count; c++, at++) {
            const struct proposal *proposal = &detection->proposals[at];
            ck_assert_ptr_eq(proposal->column, graph->catalog->tables[t]->columns[c]);
            ck_assert_ptr_nonnull(proposal->reason);
            ck_assert(proposal->rule || strncmp(proposal->reason, "inherited", 9) == 0);
        }
    ck_assert_uint_eq(at, detection->count);
}
END_TEST

static struct keyring *make_keyring(void)
{
    struct keyring *keyring;
    struct error err = {0};

    ck_assert_int_ge(sodium_init(), 0);
    uint8_t *master = sodium_malloc(32);
    memset(master, 7, 32);
    ck_assert(keyring_new(master, 1, &keyring, &err));
    return keyring;
}

static bool find_companion(const struct transform_site *site, const char *column,
                           uint32_t *position, struct error *err)
{
    const struct column *found = table_find_column(site->column->table, column);

    *position = found ? found->index : 0;
    return found || error_set(err, STATUS_PROFILE, "no column '%s'", column);
}

static bool is_referenced(const struct column *column)
{
    for (size_t e = 0; e < graph->all.count; e++)
        for (size_t i = 0; i < graph->all.edges[e]->column_count; i++)
            if (graph->all.edges[e]->parent_columns[i] == column)
                return true;
    return false;
}

static void check_prepares(const struct column *column, const struct profile_rule *rule,
                           const struct keyring *keyring)
{
    struct prepared_transform *prepared;
    struct error err = {0};
    const struct type *type =
        column->type->class == TYPE_ARRAY ? column->type->element : column->type;
    struct transform_site site = {.column = column,
                                  .type = type,
                                  .label = column->name,
                                  .domain = column->name,
                                  .is_unique = column_is_unique(column),
                                  .is_key = column_is_in_key(column),
                                  .is_referenced_or_referencing = is_referenced(column),
                                  .with = rule->with,
                                  .keyring = keyring,
                                  .now_us = INT64_C(1767312000000000),
                                  .find_companion = find_companion};

    ck_assert_msg(
        transform_prepare(rule->name, &site, rule->params, builder_arena(builder), &prepared, &err),
        "%s.%s: %s: %s %s", column->table->name, column->name, rule->name, err.context, err.cause);
}

static struct profile *read_back(void)
{
    struct profile *profile;
    struct error err = {0};

    ck_assert_msg(
        profile_read_text("proposed", buf_span(&text), builder_arena(builder), &profile, &err),
        "%s: %s\n%s", err.context, err.cause, buf_text(&text));
    return profile;
}

/* Reads the profile back and prepares every rule of it on its column. */
static size_t check_profile(void)
{
    struct profile *profile = read_back();
    struct keyring *keyring = make_keyring();
    size_t count = 0;
    bool is_ambiguous;

    for (size_t t = 0; t < profile->table_count; t++) {
        const struct profile_table *entry = &profile->tables[t];
        const struct table *table = catalog_find_table(graph->catalog, entry->name.schema,
                                                       entry->name.table, &is_ambiguous);
        ck_assert_ptr_nonnull(table);
        for (size_t r = 0; r < entry->rule_count; r++, count++) {
            const struct column *column = table_find_column(table, entry->rules[r].column);
            ck_assert_ptr_nonnull(column);
            check_prepares(column, &entry->rules[r], keyring);
        }
    }
    keyring_free(keyring);
    return count;
}

static size_t count_listed(void)
{
    size_t count = 0;

    for (size_t i = 0; i < detection->count; i++)
        count += detection->proposals[i].rule != NULL;
    return count;
}

START_TEST(the_written_profile_reads_back_and_every_rule_fits_its_column)
{
    schema_build(builder, schemas[_i]);
    detect();
    ck_assert_uint_eq(check_profile(), count_listed());
}
END_TEST

START_TEST(the_written_profile_stays_within_a_hundred_columns)
{
    schema_build(builder, schemas[_i]);
    detect();
    for (const char *line = buf_text(&text); *line; line += strcspn(line, "\n") + 1)
        ck_assert_msg(strcspn(line, "\n") <= 100, "%.*s", (int)strcspn(line, "\n"), line);
}
END_TEST

START_TEST(the_shop_is_understood)
{
    schema_build(builder, &schema_shop);
    detect();
    check_rule("customers", "id", "permute");
    check_rule("addresses", "customer_id", NULL);
    check_rule("customers", "email", "email");
    check_rule("customers", "phone", "phone");
    check_rule("customers", "name", "full_name");
    check_rule("employees", "name", "full_name");
    check_rule("customers", "birth_date", "birth_date");
    check_rule("customers", "created_at", "shift");
    check_rule("customers", "credit_limit", "perturb");
    check_rule("customers", "is_active", "keep");
    check_rule("products", "id", "permute");
    check_rule("products", "description", "text");
    check_rule("orders", "customer_id", "permute");
    ck_assert_str_eq(find("orders", "customer_id")->review,
                     "refers to customers.id? name it under relations, or joins break");
    check_rule("events", "payload", "json");
    check_rule("addresses", "line1", "street");
    check_rule("order_items", "line_no", "keep");
    check_rule("orders", "coupon", "redact");
}
END_TEST

START_TEST(the_shop_starts_at_its_customers)
{
    schema_build(builder, &schema_shop);
    detect();
    ck_assert_str_eq(shape->starts[0].table->name, "customers");
    ck_assert_uint_eq(shape->subject_count, 2);
    ck_assert_str_eq(shape->subjects[0]->name, "customers");
    ck_assert_str_eq(shape->subjects[1]->name, "employees");
    const struct table *payments = builder_find_table(builder, "payments");
    ck_assert_str_eq(shape->subject_path[payments->index]->name, "order_id");
    struct profile *profile = read_back();
    ck_assert_double_eq(profile->sample_fraction, 0.01);
    ck_assert_uint_eq(profile->subject_tables.count, 2);
    ck_assert_uint_gt(profile->subject_none.count, 0);
}
END_TEST

START_TEST(rentals_belong_to_customers_not_to_staff)
{
    schema_build(builder, &schema_sakila);
    detect();
    const struct table *rental = builder_find_table(builder, "rental");
    ck_assert_str_eq(shape->subject_path[rental->index]->name, "customer_id");
    ck_assert_str_eq(shape->starts[0].table->name, "customer");
}
END_TEST

static void sessions(unsigned flags)
{
    builder_table(builder, "public", "users");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_primary(builder, "id");
    builder_table(builder, "public", "sessions");
    builder_column(builder, "id", "uuid", 0);
    builder_primary(builder, "id");
    builder_table(builder, "public", "visits");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_column(builder, "session_id", "uuid", flags);
    builder_primary(builder, "id");
    builder_edge(builder, "visits", "session_id", "sessions", "id");
    detect();
}

START_TEST(sessions_are_emptied_with_the_references_into_them_cut)
{
    sessions(0);
    ck_assert_uint_eq(shape->empty_count, 1);
    struct profile *profile = read_back();
    ck_assert_uint_eq(profile->empty_tables.count, 1);
    ck_assert_uint_eq(profile->edge_count, 1);
    ck_assert(profile->edges[0].is_parent_cut);
}
END_TEST

/* References into another schema of MySQL, one that may be NULL and one that may not. */
static void outside(void)
{
    builder_table(builder, "other", "countries")->is_outside = true;
    builder_column(builder, "code", "char(2)", 0);
    builder_primary(builder, "code");
    builder_table(builder, "public", "people");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_column(builder, "country", "char(2)", 0);
    builder_primary(builder, "id");
    builder_edge(builder, "people", "country", "other.countries", "code");
    builder_table(builder, "public", "taxes");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_column(builder, "country", "char(2)", BUILD_NOT_NULL);
    builder_primary(builder, "id");
    builder_edge(builder, "taxes", "country", "other.countries", "code");
    detect();
}

START_TEST(references_into_another_schema_are_cut_or_their_table_stays_empty)
{
    outside();
    struct profile *profile = read_back();
    ck_assert_uint_eq(profile->edge_count, 1);
    ck_assert(profile->edges[0].is_parent_cut);
    ck_assert_str_eq(profile->edges[0].child.table.table, "people");
    ck_assert_uint_eq(profile->empty_tables.count, 1);
    ck_assert_str_eq(profile->empty_tables.names[0].table, "taxes");
}
END_TEST

START_TEST(a_table_of_another_schema_gets_no_rules_and_gives_none)
{
    outside();
    struct profile *profile = read_back();
    for (size_t t = 0; t < profile->table_count; t++)
        ck_assert_str_ne(profile->tables[t].name.table, "countries");
    ck_assert_ptr_nonnull(find("people", "country")->rule);
}
END_TEST

START_TEST(a_table_that_no_snapshot_holds_stays_empty)
{
    builder_table(builder, "public", "logs");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_primary(builder, "id");
    builder_storage(builder, "MyISAM", false);
    builder_table(builder, "public", "lines");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_primary(builder, "id");
    builder_storage(builder, "InnoDB", true);
    detect();
    struct profile *profile = read_back();
    ck_assert_uint_eq(profile->empty_tables.count, 1);
    ck_assert_str_eq(profile->empty_tables.names[0].table, "logs");
    ck_assert_ptr_nonnull(strstr(buf_text(&text), "accept_non_transactional"));
}
END_TEST

START_TEST(sessions_stay_where_a_reference_cannot_be_cut)
{
    sessions(BUILD_NOT_NULL);
    ck_assert_uint_eq(shape->empty_count, 0);
    ck_assert_uint_eq(read_back()->edge_count, 0);
}
END_TEST

START_TEST(a_wide_fan_out_is_capped_at_the_newest)
{
    builder_table(builder, "public", "users");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_primary(builder, "id");
    builder_rows(builder, 10);
    builder_table(builder, "public", "clicks");
    builder_column(builder, "user_id", "int8", 0);
    builder_column(builder, "seen", "timestamptz", 0);
    builder_column(builder, "created_at", "timestamptz", 0);
    builder_rows(builder, 100000);
    builder_edge(builder, "clicks", "user_id", "users", "id");
    detect();
    ck_assert_uint_eq(shape->cap_count, 1);
    struct profile *profile = read_back();
    ck_assert_int_eq(profile->edges[0].take.count, 100);
    ck_assert_str_eq(profile->edges[0].order, "created_at desc");
}
END_TEST

START_TEST(odd_names_survive_writing_and_reading)
{
    builder_table(builder, "public", "Odd \"Name\", (with) everything.");
    builder_column(builder, "null", "text", 0);
    builder_column(builder, "a: b # c", "text", 0);
    builder_column(builder, "line\nbreak", "text", 0);
    builder_column(builder, "größe €\u202e", "text", 0);
    builder_column(builder, " blank ", "text", 0);
    builder_column(builder, "select", "text", 0);
    builder_column(builder, "*", "text", 0);
    builder_column(builder, "12", "text", 0);
    builder_table(builder, "core", "yes");
    builder_column(builder, "id", "int8", BUILD_IDENTITY);
    builder_primary(builder, "id");
    detect();
    ck_assert_uint_eq(check_profile(), 9);
}
END_TEST

START_TEST(odd_types_and_keys_get_rules_that_fit)
{
    builder_enum(builder, "mood", "sad,ok,happy");
    builder_domain(builder, "year", "int4", "VALUE >= 1901 AND VALUE <= 2155");
    builder_table(builder, "public", "odd");
    builder_column(builder, "id", "numeric(12,0)", 0);
    builder_column(builder, "day", "date", BUILD_NOT_NULL);
    builder_column(builder, "email", "varchar(12)", 0);
    builder_column(builder, "login_email", "varchar(20)", BUILD_NOT_NULL);
    builder_column(builder, "phone", "varchar(15)", BUILD_NOT_NULL);
    builder_column(builder, "first_name", "varchar(4)", 0);
    builder_column(builder, "mood", "mood", 0);
    builder_column(builder, "released", "year", 0);
    builder_column(builder, "gender", "char(1)", BUILD_NOT_NULL);
    builder_column(builder, "starts_at", "timestamp", 0);
    builder_column(builder, "ends_at", "timestamp", 0);
    builder_column(builder, "tags", "text[]", 0);
    builder_column(builder, "vector", "tsvector", BUILD_NOT_NULL);
    builder_column(builder, "ratio", "float8", 0);
    builder_column(builder, "clock", "time", 0);
    builder_column(builder, "born", "timestamp", 0);
    builder_column(builder, "full", "text", BUILD_GENERATED);
    builder_primary(builder, "id");
    builder_unique(builder, "day");
    builder_unique(builder, "login_email");
    builder_unique(builder, "phone,gender");
    builder_check(builder, "c1", "((starts_at < ends_at))", "starts_at,ends_at");
    detect();
    check_rule("odd", "id", "permute");
    check_rule("odd", "email", "scramble");
    check_rule("odd", "login_email", "permute");
    check_rule("odd", "phone", "permute");
    check_rule("odd", "first_name", "first_name");
    check_rule("odd", "released", "null");
    check_rule("odd", "mood", "keep");
    check_rule("odd", "vector", "redact");
    ck_assert_str_eq(find("odd", "day")->params, "unique: true");
    ck_assert_str_eq(find("odd", "ends_at")->params, "with: starts_at");
    ck_assert_ptr_null(find("odd", "starts_at")->params);
    ck_assert_uint_eq(check_profile(), 16);
    ck_assert_ptr_null(strstr(buf_text(&text), "full:"));
}
END_TEST

START_TEST(a_fragment_lists_only_what_the_profile_does_not_name)
{
    struct error err = {0};
    bool none[16] = {false}, all[16];
    const bool *known[16];

    memset(all, true, sizeof(all));
    schema_build(builder, &schema_shop);
    detect();
    for (size_t t = 0; t < graph->catalog->table_count; t++)
        known[t] = strcmp(graph->catalog->tables[t]->name, "carts") == 0 ? none : all;
    buf_reset(&text);
    ck_assert(detect_write_fragment(graph, detection, known, &text, &err));
    ck_assert_ptr_nonnull(strstr(buf_text(&text), "  carts:\n    id: permute"));
    ck_assert_ptr_null(strstr(buf_text(&text), "customers:"));
    ck_assert_ptr_null(strstr(buf_text(&text), "version"));
}
END_TEST

Suite *suite_detect_detect(void);
Suite *suite_detect_detect(void)
{
    Suite *suite = suite_create("detect/detect");
    TCase *tcase = tcase_create("detect");
    int count = (int)COUNT_OF(schemas);

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, nothing_identifying_is_kept, 0, count);
    tcase_add_loop_test(tcase, every_column_gets_a_rule_or_inherits_one, 0, count);
    tcase_add_loop_test(tcase, the_written_profile_reads_back_and_every_rule_fits_its_column, 0,
                        count);
    tcase_add_loop_test(tcase, the_written_profile_stays_within_a_hundred_columns, 0, count);
    tcase_add_test(tcase, the_shop_is_understood);
    tcase_add_test(tcase, the_shop_starts_at_its_customers);
    tcase_add_test(tcase, rentals_belong_to_customers_not_to_staff);
    tcase_add_test(tcase, sessions_are_emptied_with_the_references_into_them_cut);
    tcase_add_test(tcase, sessions_stay_where_a_reference_cannot_be_cut);
    tcase_add_test(tcase, references_into_another_schema_are_cut_or_their_table_stays_empty);
    tcase_add_test(tcase, a_table_of_another_schema_gets_no_rules_and_gives_none);
    tcase_add_test(tcase, a_table_that_no_snapshot_holds_stays_empty);
    tcase_add_test(tcase, a_wide_fan_out_is_capped_at_the_newest);
    tcase_add_test(tcase, odd_names_survive_writing_and_reading);
    tcase_add_test(tcase, odd_types_and_keys_get_rules_that_fit);
    tcase_add_test(tcase, a_fragment_lists_only_what_the_profile_does_not_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
