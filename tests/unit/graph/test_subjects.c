/* Domains and subject paths: what the spec says in words, then random graphs against a naive
 * reading of the same words. */
#include "graph/graph.h"
#include "support/catalog_builder.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define TABLES  9
#define COLUMNS 4
#define EDGES   14
#define ROUNDS  1500

static struct builder *builder;
static struct graph *graph;
static struct subject_path *paths;

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

static void table(const char *name, const char *column, const char *second)
{
    builder_table(builder, "public", name);
    builder_column(builder, "id", "int8", BUILD_NOT_NULL);
    builder_primary(builder, "id");
    if (column)
        builder_column(builder, column, "int8", BUILD_NOT_NULL);
    if (second)
        builder_column(builder, second, "int8", 0);
}

static const struct subject_path *path_of(const char *name)
{
    return &paths[builder_find_table(builder, name)->index];
}

static void find_paths(const char *subject, const struct column *const *chosen)
{
    const struct table *subjects[1] = {builder_find_table(builder, subject)};
    struct error err = {0};

    ck_assert(graph_subjects(graph, subjects, 1, chosen, builder_arena(builder), &paths, &err));
}

START_TEST(a_domain_is_named_by_what_is_referenced_and_refers_to_nothing)
{
    struct domains *domains;
    struct error err = {0};

    builder = builder_new();
    table("z_people", NULL, NULL);
    table("accounts", NULL, NULL);
    table("entries", "account_id", NULL);
    builder_edge(builder, "accounts", "id", "z_people", "id");
    builder_edge(builder, "entries", "account_id", "accounts", "id");
    make_graph(NULL, 0);
    ck_assert(graph_domains(graph, builder_arena(builder), &domains, &err));
    const struct column *column = builder_find_column(builder, "entries", "account_id");
    const struct domain *domain = domains->by_column[column->table->index][column->index];
    ck_assert_str_eq(domain->name, "public.z_people.id");
    ck_assert_uint_eq(domain->column_count, 3);
    ck_assert_ptr_eq(domain->columns[0], builder_find_column(builder, "accounts", "id"));
    ck_assert_ptr_eq(domain->root, builder_find_column(builder, "z_people", "id"));
    ck_assert(domain->has_edges);
}
END_TEST

START_TEST(polymorphic_children_join_no_domain)
{
    struct domains *domains;
    struct error err = {0};

    builder = builder_new();
    table("customers", NULL, NULL);
    table("orders", NULL, NULL);
    table("events", "subject_id", NULL);
    builder_finish(builder);
    struct edge *relations[2] = {
        builder_relation(builder, "events", "subject_id", "customers", "id", "kind = 'c'"),
        builder_relation(builder, "events", "subject_id", "orders", "id", "kind = 'o'")};
    make_graph(relations, 2);
    ck_assert(graph_domains(graph, builder_arena(builder), &domains, &err));
    ck_assert_uint_eq(domains->count, 4);
    for (size_t i = 0; i < domains->count; i++)
        ck_assert(!domains->domains[i].has_edges);
}
END_TEST

START_TEST(a_way_up_goes_through_other_tables)
{
    builder = builder_new();
    table("customers", NULL, NULL);
    table("accounts", "customer_id", NULL);
    table("transfers", "account_id", NULL);
    table("prices", NULL, NULL);
    builder_edge(builder, "accounts", "customer_id", "customers", "id");
    builder_edge(builder, "transfers", "account_id", "accounts", "id");
    make_graph(NULL, 0);
    find_paths("customers", NULL);
    ck_assert(path_of("customers")->is_subject);
    ck_assert_uint_eq(path_of("transfers")->step_count, 2);
    ck_assert_str_eq(path_of("transfers")->first->edges[0]->parent->name, "accounts");
    ck_assert(path_of("transfers")->has_edge_to_subject);
    ck_assert_uint_eq(path_of("prices")->step_count, 0);
    ck_assert(!path_of("prices")->has_edge_to_subject);
}
END_TEST

static void make_messages(void)
{
    builder = builder_new();
    table("users", NULL, NULL);
    table("messages", "sender_id", "receiver_id");
    builder_edge(builder, "messages", "sender_id", "users", "id");
    builder_edge(builder, "messages", "receiver_id", "users", "id");
    make_graph(NULL, 0);
}

START_TEST(two_ways_up_are_ambiguous_until_a_column_is_chosen)
{
    const struct column *chosen[2] = {NULL, NULL};

    make_messages();
    find_paths("users", NULL);
    ck_assert(path_of("messages")->is_ambiguous);
    ck_assert_str_eq(path_of("messages")->ways, "sender_id, receiver_id");
    chosen[path_of("messages")->table->index] =
        builder_find_column(builder, "messages", "receiver_id");
    find_paths("users", chosen);
    ck_assert(!path_of("messages")->is_ambiguous);
    ck_assert_str_eq(path_of("messages")->first->edges[0]->child_columns[0]->name, "receiver_id");
}
END_TEST

START_TEST(settling_prefers_what_is_not_null)
{
    const struct table *subjects[1];
    const struct column **chosen;
    struct error err = {0};

    builder = builder_new();
    table("users", NULL, NULL);
    table("messages", "z_sender_id", "a_receiver_id");
    builder_edge(builder, "messages", "a_receiver_id", "users", "id");
    builder_edge(builder, "messages", "z_sender_id", "users", "id");
    make_graph(NULL, 0);
    subjects[0] = builder_find_table(builder, "users");
    ck_assert(graph_settle_subjects(graph, subjects, 1, builder_arena(builder), &chosen, &err));
    const struct table *messages = builder_find_table(builder, "messages");
    ck_assert_ptr_eq(chosen[messages->index], table_find_column(messages, "z_sender_id"));
    ck_assert_ptr_null(chosen[subjects[0]->index]);
}
END_TEST

START_TEST(a_polymorphic_column_is_one_way_with_several_edges)
{
    builder = builder_new();
    table("customers", NULL, NULL);
    table("orders", "customer_id", NULL);
    table("products", NULL, NULL);
    table("events", "subject_id", NULL);
    builder_edge(builder, "orders", "customer_id", "customers", "id");
    builder_finish(builder);
    struct edge *relations[3] = {
        builder_relation(builder, "events", "subject_id", "orders", "id", "kind = 'o'"),
        builder_relation(builder, "events", "subject_id", "products", "id", "kind = 'p'"),
        builder_relation(builder, "events", "subject_id", "customers", "id", "kind = 'c'")};
    make_graph(relations, 3);
    find_paths("customers", NULL);
    ck_assert(!path_of("events")->is_ambiguous);
    ck_assert_uint_eq(path_of("events")->first->edge_count, 2);
    ck_assert_ptr_eq(path_of("events")->first->edges[0], relations[0]);
    ck_assert_ptr_eq(path_of("events")->first->edges[1], relations[2]);
}
END_TEST

START_TEST(a_way_that_comes_back_to_its_own_table_is_none)
{
    builder = builder_new();
    table("companies", NULL, NULL);
    table("departments", "company_id", "head_id");
    table("employees", "department_id", "manager_id");
    builder_edge(builder, "departments", "company_id", "companies", "id");
    builder_edge(builder, "departments", "head_id", "employees", "id");
    builder_edge(builder, "employees", "department_id", "departments", "id");
    builder_edge(builder, "employees", "manager_id", "employees", "id");
    make_graph(NULL, 0);
    find_paths("companies", NULL);
    ck_assert(!path_of("departments")->is_ambiguous);
    ck_assert(!path_of("employees")->is_ambiguous);
    ck_assert_uint_eq(path_of("employees")->step_count, 2);
}
END_TEST

/* Random graphs. */

struct random {
    uint64_t state;
};

static unsigned draw(struct random *random, unsigned below)
{
    random->state = random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(random->state >> 33) % below;
}

static void table_name(char *name, size_t size, unsigned index)
{
    snprintf(name, size, "t%u", index);
}

/* Single-column edges only: one column with several edges is one way. */
static void make_random(struct random *random)
{
    char child[16], parent[16], column[16];

    builder = builder_new();
    for (unsigned t = 0; t < TABLES; t++) {
        table_name(child, sizeof(child), t);
        builder_table(builder, "public", child);
        for (unsigned c = 0; c < COLUMNS; c++) {
            snprintf(column, sizeof(column), "c%u", c);
            builder_column(builder, column, "int8", draw(random, 2) ? BUILD_NOT_NULL : 0);
        }
    }
    for (unsigned e = 0; e < EDGES; e++) {
        table_name(child, sizeof(child), draw(random, TABLES));
        table_name(parent, sizeof(parent), draw(random, TABLES));
        snprintf(column, sizeof(column), "c%u", draw(random, COLUMNS));
        builder_edge(builder, child, column, parent, "c0");
    }
    make_graph(NULL, 0);
}

static bool naive_climbs(const struct table *from, const bool *is_subject, bool *visited,
                         const struct column *const *chosen)
{
    const struct edge_list *up = &graph->up[from->index];

    if (visited[from->index])
        return false;
    if (is_subject[from->index])
        return true;
    visited[from->index] = true;
    for (size_t e = 0; e < up->count; e++) {
        const struct edge *edge = up->edges[e];
        if (chosen[from->index] && edge->child_columns[0] != chosen[from->index])
            continue;
        if (naive_climbs(edge->parent, is_subject, visited, chosen))
            return true;
    }
    return false;
}

/* How many columns of the table lead to a subject without coming back. */
static unsigned naive_ways(const struct table *from, const bool *is_subject,
                           const struct column *const *chosen)
{
    unsigned ways = 0;

    for (size_t c = 0; c < from->column_count; c++) {
        bool is_way = false;
        for (size_t e = 0; e < graph->up[from->index].count; e++) {
            const struct edge *edge = graph->up[from->index].edges[e];
            bool visited[TABLES] = {false};
            visited[from->index] = true;
            if (edge->child_columns[0] != from->columns[c] ||
                (chosen[from->index] && chosen[from->index] != from->columns[c]))
                continue;
            is_way = is_way || naive_climbs(edge->parent, is_subject, visited, chosen);
        }
        ways += is_way;
    }
    return ways;
}

static void check_path(const struct table *from, const bool *is_subject,
                       const struct column *const *chosen)
{
    const struct subject_path *path = &paths[from->index];
    unsigned ways = is_subject[from->index] ? 0 : naive_ways(from, is_subject, chosen);
    size_t steps = 0;

    ck_assert_int_eq(path->is_subject, is_subject[from->index]);
    ck_assert_int_eq(path->step_count > 0, ways > 0);
    ck_assert_int_eq(path->is_ambiguous, ways > 1);
    while (!path->is_subject && path->step_count > 0) {
        ck_assert_uint_le(++steps, TABLES);
        path = &paths[path->first->edges[0]->parent->index];
    }
    ck_assert(path->is_subject || ways == 0);
}

START_TEST(subject_paths_agree_with_a_naive_search)
{
    struct random random = {2026};

    for (int round = 0; round < ROUNDS; round++) {
        const struct table *subjects[2];
        const struct column **settled, *none[TABLES] = {NULL};
        bool is_subject[TABLES] = {false};
        struct error err = {0};
        make_random(&random);
        for (size_t i = 0; i < 2; i++) {
            subjects[i] = graph->catalog->tables[draw(&random, TABLES)];
            is_subject[subjects[i]->index] = true;
        }
        ck_assert(graph_subjects(graph, subjects, 2, NULL, builder_arena(builder), &paths, &err));
        for (size_t t = 0; t < TABLES; t++)
            check_path(graph->catalog->tables[t], is_subject, none);
        ck_assert(
            graph_settle_subjects(graph, subjects, 2, builder_arena(builder), &settled, &err));
        for (size_t t = 0; t < TABLES; t++)
            ck_assert_int_eq(paths[t].is_ambiguous, settled[t] != NULL);
        ck_assert(
            graph_subjects(graph, subjects, 2, settled, builder_arena(builder), &paths, &err));
        for (size_t t = 0; t < TABLES; t++) {
            check_path(graph->catalog->tables[t], is_subject, settled);
            ck_assert(!paths[t].is_ambiguous);
            ck_assert(!settled[t] || paths[t].step_count > 0);
        }
        teardown();
    }
}
END_TEST

/* Spreads marks over edges until nothing changes. */
static void naive_domains(unsigned marks[TABLES][COLUMNS])
{
    bool changes = true;

    for (unsigned t = 0; t < TABLES; t++)
        for (unsigned c = 0; c < COLUMNS; c++)
            marks[t][c] = t * COLUMNS + c;
    while (changes) {
        changes = false;
        for (size_t e = 0; e < graph->all.count; e++) {
            const struct edge *edge = graph->all.edges[e];
            unsigned *a = &marks[edge->child->index][edge->child_columns[0]->index];
            unsigned *b = &marks[edge->parent->index][edge->parent_columns[0]->index];
            changes = changes || *a != *b;
            *a = *b = *a < *b ? *a : *b;
        }
    }
}

START_TEST(domains_agree_with_spreading_marks)
{
    struct random random = {4711};

    for (int round = 0; round < 300; round++) {
        unsigned marks[TABLES][COLUMNS];
        struct domains *domains;
        struct error err = {0};
        make_random(&random);
        naive_domains(marks);
        ck_assert(graph_domains(graph, builder_arena(builder), &domains, &err));
        for (unsigned i = 0; i < TABLES * COLUMNS; i++)
            for (unsigned k = 0; k < TABLES * COLUMNS; k++) {
                bool is_same = domains->by_column[i / COLUMNS][i % COLUMNS] ==
                               domains->by_column[k / COLUMNS][k % COLUMNS];
                ck_assert_int_eq(is_same, marks[i / COLUMNS][i % COLUMNS] ==
                                              marks[k / COLUMNS][k % COLUMNS]);
            }
        teardown();
    }
}
END_TEST

Suite *suite_graph_subjects(void);
Suite *suite_graph_subjects(void)
{
    Suite *suite = suite_create("graph/subjects");
    TCase *tcase = tcase_create("subjects");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, a_domain_is_named_by_what_is_referenced_and_refers_to_nothing);
    tcase_add_test(tcase, polymorphic_children_join_no_domain);
    tcase_add_test(tcase, a_way_up_goes_through_other_tables);
    tcase_add_test(tcase, two_ways_up_are_ambiguous_until_a_column_is_chosen);
    tcase_add_test(tcase, settling_prefers_what_is_not_null);
    tcase_add_test(tcase, a_polymorphic_column_is_one_way_with_several_edges);
    tcase_add_test(tcase, a_way_that_comes_back_to_its_own_table_is_none);
    tcase_add_test(tcase, subject_paths_agree_with_a_naive_search);
    tcase_add_test(tcase, domains_agree_with_spreading_marks);
    suite_add_tcase(suite, tcase);
    return suite;
}
