/* What the catalog says of the test schema. */
#include "base/clock.h"
#include "pg_case.h"
#include <stdlib.h>

START_TEST(names_of_any_shape_come_through)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    bool is_ambiguous;
    const struct table *table = catalog_find_table(
        catalog, "Odd \"Schema.", "select \"from\"\nwhere.\xc3\xa9", &is_ambiguous);

    ck_assert_ptr_nonnull(table);
    ck_assert_str_eq(table->columns[0]->name, "a.b \"c");
    ck_assert_ptr_nonnull(table_find_column(
        table, "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"));
    ck_assert_ptr_null(strchr(table->label, '\n'));

    const char *columns[] = {"a.b \"c", "select", NULL};
    struct read read = case_read(table, columns);
    ck_assert_str_eq(case_rows(db, &read), "1|x");
    catalog_free(catalog);
    db_close(db);
}
END_TEST

static const struct column *column_of(const struct catalog *catalog, const char *name)
{
    return table_find_column(case_table(catalog, "every_type"), name);
}

START_TEST(types_have_the_kind_their_column_means)
{
    static const struct {
        const char *column;
        enum kind kind;
    } expected[] = {
        {"id", KIND_INTEGER},   {"i2", KIND_INTEGER},  {"i8", KIND_INTEGER},  {"f4", KIND_REAL},
        {"n", KIND_DECIMAL},    {"t", KIND_TEXT},      {"v", KIND_TEXT},      {"c", KIND_TEXT},
        {"ci", KIND_TEXT},      {"nm", KIND_TEXT},     {"b", KIND_BOOLEAN},   {"by", KIND_BYTES},
        {"u", KIND_UUID},       {"d", KIND_DATE},      {"ti", KIND_TIME},     {"tz", KIND_OTHER},
        {"ts", KIND_TIMESTAMP}, {"tst", KIND_INSTANT}, {"iv", KIND_OTHER},    {"j", KIND_JSON},
        {"jb", KIND_JSON},      {"e", KIND_ENUM},      {"dom", KIND_INTEGER}, {"sc", KIND_TEXT},
        {"ints", KIND_OTHER},   {"m", KIND_OTHER},     {"o", KIND_INTEGER},   {"reg", KIND_OTHER},
    };
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);

    for (size_t i = 0; i < COUNT_OF(expected); i++)
        ck_assert_msg(column_of(catalog, expected[i].column)->type->kind == expected[i].kind, "%s",
                      expected[i].column);
    ck_assert(column_of(catalog, "ci")->type->is_case_insensitive);
    ck_assert_str_eq(column_of(catalog, "ci")->type->extension, "citext");
    ck_assert(column_of(catalog, "c")->type->is_padded);
    ck_assert_int_eq(column_of(catalog, "c")->max_length, 5);
    ck_assert_int_eq(column_of(catalog, "sc")->max_length, 7);
    ck_assert_int_eq(column_of(catalog, "n")->precision, 10);
    ck_assert_int_eq(column_of(catalog, "n")->scale, 2);
    ck_assert_int_eq(column_of(catalog, "n0")->precision, 0);
    ck_assert_int_eq(column_of(catalog, "ti")->precision, 3);
    ck_assert_int_eq(column_of(catalog, "ts")->precision, 6);
    ck_assert(!column_of(catalog, "reg")->type->has_binary);
    ck_assert(column_of(catalog, "p")->type->has_binary);
    ck_assert(column_of(catalog, "p")->type->carries_oids);
    ck_assert(column_of(catalog, "moods")->type->carries_oids);
    ck_assert(!column_of(catalog, "ints")->type->carries_oids);
    ck_assert_int_eq(column_of(catalog, "e")->type->label_count, 3);
    ck_assert_str_eq(column_of(catalog, "e")->type->labels[1], "it's ok");
    ck_assert_int_eq(column_of(catalog, "dom")->type->check_count, 1);
    ck_assert_str_eq(column_of(catalog, "dom")->type->checks[0], "(VALUE > 0)");
    ck_assert(column_of(catalog, "dom")->type->is_not_null);
    ck_assert_str_eq(column_of(catalog, "v")->type_text, "character varying(50)");
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(a_partitioned_table_is_one_table_with_its_leaves)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    const struct table *events = case_table(catalog, "events");
    bool is_ambiguous;

    ck_assert_int_eq(events->class, TABLE_PARTITIONED);
    ck_assert_int_eq(events->relation_count, 3);
    ck_assert_str_eq(events->relations[0].name, "events_a");
    ck_assert_str_eq(events->relations[1].name, "events_b_rest");
    ck_assert_str_eq(events->relations[2].name, "events_b_x");
    ck_assert_int_eq(events->partition_column_count, 2);
    ck_assert(events->has_list_partitions);
    ck_assert_ptr_null(catalog_find_table(catalog, "public", "events_b", &is_ambiguous));
    ck_assert_ptr_null(catalog_find_table(catalog, "public", "events_b_x", &is_ambiguous));
    ck_assert_ptr_nonnull(case_edge(catalog, "events_customer_id_fkey"));
    ck_assert_ptr_eq(case_edge(catalog, "event_notes_event")->parent, events);

    const struct table *trucks = case_table(catalog, "trucks");
    ck_assert_int_eq(trucks->parent_count, 1);
    ck_assert_str_eq(trucks->parents[0]->name, "vehicles");
    ck_assert(table_find_column(trucks, "wheels")->is_inherited);
    ck_assert(!table_find_column(trucks, "load")->is_inherited);
    ck_assert(trucks->checks[0].is_inherited);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(foreign_keys_say_what_they_are)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    const struct edge *ledger = case_edge(catalog, "entries_ledger");
    const struct edge *email = case_edge(catalog, "orders_email_fkey");
    const struct edge *orders = case_edge(catalog, "orders_customer_id_fkey");
    const struct edge *self = case_edge(catalog, "customers_referred_by_fkey");

    ck_assert_str_eq(ledger->name,
                     "public.entries(region, number) -> public.ledger(region, number)");
    ck_assert(ledger->is_match_full && ledger->is_not_valid && ledger->is_bytes_equal);
    ck_assert(ledger->is_all_nullable && !ledger->child_is_indexed && ledger->parent_is_indexed);
    ck_assert_str_eq(email->equals[0], "OPERATOR(public.=)");
    ck_assert(!email->is_bytes_equal);
    ck_assert(orders->is_deferrable && !orders->is_nullable && orders->child_is_indexed);
    ck_assert_str_eq(orders->equals[0], "OPERATOR(pg_catalog.=)");
    ck_assert(self->child == self->parent && self->is_nullable && self->is_bytes_equal);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(keys_and_columns_say_what_they_are)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct catalog *catalog = case_catalog(db);
    const struct table *odd = case_table(catalog, "odd_keys");
    const struct table *orders = case_table(catalog, "orders");
    const struct table *customers = case_table(catalog, "customers");
    int partial = 0, expression = 0, exclusion = 0, deferrable = 0;

    for (size_t i = 0; i < odd->key_count; i++) {
        partial += odd->keys[i]->is_partial;
        expression += odd->keys[i]->is_expression;
        exclusion += odd->keys[i]->is_exclusion;
        deferrable += odd->keys[i]->is_deferrable;
    }
    ck_assert(partial == 1 && expression == 1 && exclusion == 1 && deferrable == 1);
    ck_assert_int_eq(table_identity(odd)->column_count, 2);
    ck_assert_ptr_null(table_identity(case_table(catalog, "keyless")));
    ck_assert(table_find_column(orders, "twice")->is_generated);
    ck_assert(!table_find_column(orders, "twice")->is_virtual);
    ck_assert_int_eq(table_find_column(orders, "id")->identity, 'a');
    ck_assert_str_eq(table_find_column(orders, "id")->sequence, "public.orders_id_seq");
    ck_assert_str_eq(table_find_column(case_table(catalog, "entries"), "id")->sequence,
                     "public.entries_id_seq");
    ck_assert_int_eq(table_find_column(customers, "tag")->number, 6);
    ck_assert_double_eq(customers->row_estimate, 1000);
    ck_assert_double_gt(table_find_column(customers, "id")->distinct_estimate, 999);
    ck_assert(case_table(catalog, "guarded")->has_row_security);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(what_would_act_or_holds_secrets_is_skipped_and_said)
{
    static const char *const expected[] = {
        "subscription feed", "publication everything", "foreign server elsewhere",
        "foreign table public.faraway", "user mapping of reader on elsewhere"};
    struct db *db = case_open(DB_SOURCE, "nobody");
    struct catalog *catalog = case_catalog(db);

    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        bool is_there = false;

        for (size_t j = 0; j < catalog->skipped_count; j++)
            is_there = is_there || !strcmp(catalog->skipped[j].object, expected[i]);
        ck_assert_msg(is_there, "%s", expected[i]);
    }
    ck_assert_int_eq(case_table(catalog, "faraway")->class, TABLE_FOREIGN);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

START_TEST(a_thousand_tables_take_less_than_a_second)
{
    struct db_config config = {.side = DB_SOURCE, .url = getenv("UNDERSTUDY_TEST_PG_BIG")};
    struct db *db = NULL;
    struct error err = {0};

    case_ok(db_open(&config, arena, &db, &err), &err);
    double start = clock_monotonic();
    struct catalog *catalog = case_catalog(db);
    double seconds = clock_monotonic() - start;

    ck_assert_int_eq(catalog->table_count, 1000);
    ck_assert_int_eq(catalog->edge_count, 2000);
    ck_assert_msg(seconds < 1.0, "%.2f seconds", seconds);
    catalog_free(catalog);
    db_close(db);
}
END_TEST

void case_add_catalog(Suite *suite)
{
    TCase *tcase = case_new(suite, "catalog");

    tcase_add_test(tcase, names_of_any_shape_come_through);
    tcase_add_test(tcase, types_have_the_kind_their_column_means);
    tcase_add_test(tcase, a_partitioned_table_is_one_table_with_its_leaves);
    tcase_add_test(tcase, foreign_keys_say_what_they_are);
    tcase_add_test(tcase, keys_and_columns_say_what_they_are);
    tcase_add_test(tcase, what_would_act_or_holds_secrets_is_skipped_and_said);
    tcase_add_test(tcase, a_thousand_tables_take_less_than_a_second);
}
