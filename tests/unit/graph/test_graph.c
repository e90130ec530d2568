/* Lists of edges, names of relations, order and reach. */
#include "graph/graph.h"
#include "support/catalog_builder.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct builder *builder;
static struct graph *graph;

static void teardown(void)
{
    builder_free(builder);
    builder = NULL;
}

static void make_graph(struct edge *const *relations, size_t count)
{
    struct error err = {0};

    ck_assert_msg(
        graph_new(builder_finish(builder), relations, count, builder_arena(builder), &graph, &err),
        "%s", err.cause);
}

static void table(const char *name, const char *columns)
{
    char word[64];

    builder_table(builder, "public", name);
    builder_column(builder, "id", "int8", BUILD_NOT_NULL);
    builder_primary(builder, "id");
    while (*columns) {
        size_t len = strcspn(columns, " ");
        snprintf(word, sizeof(word), "%.*s", (int)len, columns);
        builder_column(builder, word, "int8", 0);
        columns += len + (columns[len] == ' ');
    }
}

static const struct edge *find(const char *table_name, const char *column, const char *constraint,
                               bool *is_ambiguous)
{
    const struct table *child = builder_find_table(builder, table_name);
    const struct column *columns[1] = {NULL};

    if (column)
        columns[0] = builder_find_column(builder, table_name, column);
    return graph_find_edge(graph, child, columns, column ? 1 : 0, constraint, is_ambiguous);
}

START_TEST(an_edge_is_found_by_its_columns_and_by_its_constraint)
{
    bool is_ambiguous;

    builder = builder_new();
    table("a", "");
    table("b", "a_id");
    struct edge *edge = builder_edge(builder, "b", "a_id", "a", "id");
    make_graph(NULL, 0);
    ck_assert_ptr_eq(find("b", "a_id", NULL, &is_ambiguous), edge);
    ck_assert_ptr_eq(find("b", NULL, edge->constraint, &is_ambiguous), edge);
    ck_assert_ptr_null(find("b", "id", NULL, &is_ambiguous));
    ck_assert_ptr_null(find("b", "a_id", "other", &is_ambiguous));
    ck_assert(!is_ambiguous);
}
END_TEST

START_TEST(several_edges_on_one_column_are_ambiguous_without_a_constraint)
{
    bool is_ambiguous;

    builder = builder_new();
    table("a", "");
    table("b", "");
    table("c", "ref");
    builder_edge(builder, "c", "ref", "a", "id");
    struct edge *second = builder_edge(builder, "c", "ref", "b", "id");
    make_graph(NULL, 0);
    ck_assert_ptr_nonnull(find("c", "ref", NULL, &is_ambiguous));
    ck_assert(is_ambiguous);
    ck_assert_ptr_eq(find("c", "ref", second->constraint, &is_ambiguous), second);
    ck_assert(!is_ambiguous);
}
END_TEST

START_TEST(relations_come_behind_foreign_keys_and_get_names)
{
    builder = builder_new();
    table("tags", "");
    table("posts", "tag_ids author");
    table("users", "");
    builder_edge(builder, "posts", "author", "users", "id");
    builder_finish(builder);
    struct edge *relation = builder_relation(builder, "posts", "tag_ids", "tags", "id", NULL);
    relation->is_array = true;
    make_graph(&relation, 1);
    ck_assert_uint_eq(graph->all.count, 2);
    ck_assert_uint_eq(relation->index, 1);
    ck_assert_str_eq(relation->name, "public.posts(tag_ids[]) -> public.tags(id)");
    ck_assert_uint_eq(graph->up[relation->child->index].count, 2);
    ck_assert_uint_eq(graph->down[relation->parent->index].count, 1);
}
END_TEST

START_TEST(reach_goes_down_followed_edges_and_then_up_but_not_down_again)
{
    struct error err = {0};
    bool starts[6] = {0}, follows[6] = {0}, reached[6];

    builder = builder_new();
    table("customers", "");
    table("logs", "customer_id");
    table("orders", "customer_id product_id");
    table("products", "");
    table("reviews", "product_id");
    builder_edge(builder, "orders", "customer_id", "customers", "id");
    builder_edge(builder, "orders", "product_id", "products", "id");
    builder_edge(builder, "reviews", "product_id", "products", "id");
    struct edge *cut = builder_edge(builder, "logs", "customer_id", "customers", "id");
    make_graph(NULL, 0);
    for (size_t i = 0; i < graph->all.count; i++)
        follows[i] = true;
    follows[cut->index] = false;
    starts[builder_find_table(builder, "customers")->index] = true;
    ck_assert(graph_reach(graph, starts, follows, reached, &err));
    ck_assert(reached[builder_find_table(builder, "orders")->index]);
    ck_assert(reached[builder_find_table(builder, "products")->index]);
    ck_assert(!reached[builder_find_table(builder, "reviews")->index]);
    ck_assert(!reached[builder_find_table(builder, "logs")->index]);
}
END_TEST

START_TEST(a_chain_of_many_tables_does_not_end_the_stack)
{
    static bool starts[3000], follows[3000], reached[3000];
    struct error err = {0};
    char name[16], parent[16];

    builder = builder_new();
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof(name), "t%05d", i);
        table(name, "up");
        if (i > 0)
            builder_edge(builder, name, "up", parent, "id");
        memcpy(parent, name, sizeof(name));
    }
    make_graph(NULL, 0);
    memset(follows, true, sizeof(follows));
    starts[builder_find_table(builder, "t00000")->index] = true;
    ck_assert(graph_reach(graph, starts, follows, reached, &err));
    ck_assert(reached[builder_find_table(builder, "t02999")->index]);
}
END_TEST

Suite *suite_graph_graph(void);
Suite *suite_graph_graph(void)
{
    Suite *suite = suite_create("graph/graph");
    TCase *tcase = tcase_create("graph");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_test(tcase, an_edge_is_found_by_its_columns_and_by_its_constraint);
    tcase_add_test(tcase, several_edges_on_one_column_are_ambiguous_without_a_constraint);
    tcase_add_test(tcase, relations_come_behind_foreign_keys_and_get_names);
    tcase_add_test(tcase, reach_goes_down_followed_edges_and_then_up_but_not_down_again);
    tcase_add_test(tcase, a_chain_of_many_tables_does_not_end_the_stack);
    suite_add_tcase(suite, tcase);
    return suite;
}
