/* Order, numbers and names of a finished catalog; which key tells rows apart. */
#include "catalog/catalog.h"
#include <check.h>

static struct catalog *catalog;

static void setup(void)
{
    struct arena *arena = arena_new();

    catalog = ARENA_NEW(arena, struct catalog);
    catalog->arena = arena;
    catalog->default_schema = "public";
    catalog->tables = ARENA_ARRAY(arena, 8, struct table *);
    catalog->edges = ARENA_ARRAY(arena, 8, struct edge *);
}

static void teardown(void)
{
    catalog_free(catalog);
}

static struct table *table_make(const char *schema, const char *name, size_t columns)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    struct table *table = ARENA_NEW(catalog->arena, struct table);

    table->schema = schema;
    table->name = name;
    table->columns = ARENA_ARRAY(catalog->arena, columns, struct column *);
    table->keys = ARENA_ARRAY(catalog->arena, 8, struct key *);
    for (size_t i = 0; i < columns; i++) {
        table->columns[i] = ARENA_NEW(catalog->arena, struct column);
        table->columns[i]->name = names[i];
        table->columns[i]->number = (uint16_t)(i + 1);
        table->columns[i]->is_not_null = true;
    }
    table->column_count = columns;
    catalog->tables[catalog->table_count++] = table;
    return table;
}

static struct key *key_make(struct table *table, size_t first, size_t count)
{
    struct key *key = ARENA_NEW(catalog->arena, struct key);

    key->columns = ARENA_ARRAY(catalog->arena, count, const struct column *);
    for (size_t i = 0; i < count; i++)
        key->columns[i] = table->columns[first + i];
    key->column_count = count;
    table->keys[table->key_count++] = key;
    return key;
}

static struct edge *edge_make(struct table *child, struct table *parent, const char *constraint)
{
    struct edge *edge = ARENA_NEW(catalog->arena, struct edge);

    edge->child = child;
    edge->parent = parent;
    edge->constraint = constraint;
    edge->column_count = 1;
    edge->child_columns = ARENA_ARRAY(catalog->arena, 1, const struct column *);
    edge->parent_columns = ARENA_ARRAY(catalog->arena, 1, const struct column *);
    edge->child_columns[0] = child->columns[1];
    edge->parent_columns[0] = parent->columns[0];
    catalog->edges[catalog->edge_count++] = edge;
    return edge;
}

static void finish(void)
{
    struct error err = {0};

    ck_assert_msg(catalog_finish(catalog, &err), "%s", err.cause);
}

START_TEST(tables_and_edges_are_sorted_bytewise_and_numbered)
{
    struct table *z = table_make("public", "z", 2);
    struct table *upper = table_make("public", "Z", 2);
    struct table *app = table_make("app", "z", 2);
    struct edge *second = edge_make(z, upper, "y");
    struct edge *first = edge_make(z, upper, "x");

    finish();
    ck_assert(app->index == 0 && upper->index == 1 && z->index == 2);
    ck_assert(first->index == 0 && second->index == 1);
    ck_assert_str_eq(first->name, "public.z(b) -> public.Z(a)");
    ck_assert_ptr_eq(z->columns[1]->table, z);
}
END_TEST

START_TEST(a_bare_name_means_the_default_schema_then_the_only_one)
{
    bool is_ambiguous;
    struct table *near = table_make("public", "t", 1);
    table_make("app", "t", 1);
    struct table *only = table_make("app", "only", 1);
    table_make("app", "twice", 1);
    table_make("web", "twice", 1);

    finish();
    ck_assert_ptr_eq(catalog_find_table(catalog, NULL, "t", &is_ambiguous), near);
    ck_assert_ptr_eq(catalog_find_table(catalog, NULL, "only", &is_ambiguous), only);
    ck_assert(!is_ambiguous);
    ck_assert_ptr_null(catalog_find_table(catalog, NULL, "twice", &is_ambiguous));
    ck_assert(is_ambiguous);
    ck_assert_ptr_null(catalog_find_table(catalog, "web", "t", &is_ambiguous));
    ck_assert(!is_ambiguous);
}
END_TEST

START_TEST(an_index_serves_an_edge_only_from_its_front_and_whole)
{
    struct table *table = table_make("public", "t", 3);
    struct edge *edge = edge_make(table, table, "e");
    const struct column *behind[2] = {table->columns[0], table->columns[1]};
    const struct column *front[2] = {table->columns[1], table->columns[2]};
    struct index indexes[3] = {{.columns = behind, .column_count = 2},
                               {.columns = front, .column_count = 2, .is_partial = true},
                               {.columns = front, .column_count = 2}};

    table->indexes = indexes;
    table->index_count = 2;
    table->columns[1]->is_not_null = false;
    finish();
    ck_assert(!edge->child_is_indexed && edge->parent_is_indexed);
    ck_assert(edge->is_nullable && edge->is_all_nullable);
    map_free(catalog->tables_by_name);
    catalog->tables_by_name = NULL;
    table->index_count = 3;
    finish();
    ck_assert(edge->child_is_indexed);
}
END_TEST

START_TEST(the_identity_is_the_primary_key_else_the_smallest_sound_one)
{
    struct table *table = table_make("public", "t", 4);
    struct key *wide = key_make(table, 0, 3);
    struct key *late = key_make(table, 2, 2);
    struct key *early = key_make(table, 1, 2);

    key_make(table, 0, 1)->is_partial = true;
    key_make(table, 0, 1)->is_deferrable = true;
    key_make(table, 0, 1)->is_expression = true;
    key_make(table, 0, 1)->is_exclusion = true;
    finish();
    ck_assert_ptr_eq(table_identity(table), early);
    table->columns[1]->is_not_null = false;
    ck_assert_ptr_eq(table_identity(table), late);
    table->primary = wide;
    ck_assert_ptr_eq(table_identity(table), wide);
    table->primary = NULL;
    table->columns[2]->is_not_null = false;
    ck_assert_ptr_null(table_identity(table));
}
END_TEST

START_TEST(a_column_is_unique_only_alone)
{
    struct table *table = table_make("public", "t", 4);

    key_make(table, 0, 1);
    key_make(table, 1, 2);
    key_make(table, 3, 1)->is_partial = true;
    finish();
    ck_assert(column_is_unique(table->columns[0]));
    ck_assert(!column_is_unique(table->columns[1]) && column_is_in_key(table->columns[1]));
    ck_assert(!column_is_unique(table->columns[3]) && column_is_in_key(table->columns[3]));
}
END_TEST

START_TEST(relations_are_sorted_and_an_unknown_size_stays_unknown)
{
    struct table *table = table_make("public", "t", 1);
    struct relation relations[2] = {{.schema = "b", .name = "x", .row_estimate = 5},
                                    {.schema = "a", .name = "y", .row_estimate = -1}};

    table->relations = relations;
    table->relation_count = 2;
    finish();
    ck_assert_str_eq(table->relations[0].schema, "a");
    ck_assert_int_eq(table->relations[1].index, 1);
    ck_assert(table->row_estimate < 0);
}
END_TEST

START_TEST(keys_call_the_default_schema_alike_under_every_name)
{
    struct table *orders = table_make("shop_production", "orders", 1);
    struct table *moved = table_make("archive", "orders", 1);

    catalog->default_schema = "shop_production";
    ck_assert_str_eq(table_key_schema(orders), "shop_production");
    finish();
    ck_assert_str_eq(table_key_schema(orders), "public");
    ck_assert_str_eq(table_key_schema(moved), "archive");
    ck_assert_str_eq(orders->label, "shop_production.orders");
}
END_TEST

Suite *suite_catalog_catalog(void);
Suite *suite_catalog_catalog(void)
{
    Suite *suite = suite_create("catalog/catalog");
    TCase *tcase = tcase_create("catalog");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, keys_call_the_default_schema_alike_under_every_name);
    tcase_add_test(tcase, tables_and_edges_are_sorted_bytewise_and_numbered);
    tcase_add_test(tcase, a_bare_name_means_the_default_schema_then_the_only_one);
    tcase_add_test(tcase, an_index_serves_an_edge_only_from_its_front_and_whole);
    tcase_add_test(tcase, the_identity_is_the_primary_key_else_the_smallest_sound_one);
    tcase_add_test(tcase, a_column_is_unique_only_alone);
    tcase_add_test(tcase, relations_are_sorted_and_an_unknown_size_stays_unknown);
    suite_add_tcase(suite, tcase);
    return suite;
}
