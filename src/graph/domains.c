/* Key domains: columns that edges tie together, found with a union-find forest over all columns.
 *
 * A polymorphic id belongs to the domain of whatever its row's discriminator names, an array or
 * JSON column holds many values of which each belongs somewhere; merging these would tie strangers
 * together (orders.id and customers.id), so such edges merge nothing. */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

struct node {
    const struct column *column;
    const char *name; /* schema.table.column, bytes as they are: it enters the key */
    uint32_t up;      /* towards the representative */
    uint32_t size;
    uint32_t domain; /* at representatives: its number + 1 */
    bool refers, is_referenced;
};

struct forest {
    size_t count;
    struct node *nodes;
    uint32_t *first; /* by table index: its first column's node */
};

static uint32_t find_top(struct forest *forest, uint32_t at)
{
    while (forest->nodes[at].up != at) {
        forest->nodes[at].up = forest->nodes[forest->nodes[at].up].up;
        at = forest->nodes[at].up;
    }
    return at;
}

static void merge(struct forest *forest, uint32_t a, uint32_t b)
{
    assert(a < forest->count && b < forest->count);
    a = find_top(forest, a);
    b = find_top(forest, b);
    if (a == b)
        return;
    if (forest->nodes[a].size < forest->nodes[b].size) {
        uint32_t swap = a;
        a = b;
        b = swap;
    }
    forest->nodes[b].up = a;
    forest->nodes[a].size += forest->nodes[b].size;
}

static bool plant(const struct catalog *catalog, struct arena *arena, struct forest *forest)
{
    size_t count = 0;

    for (size_t t = 0; t < catalog->table_count; t++)
        count += catalog->tables[t]->column_count;
    assert(count < UINT32_MAX);
    forest->nodes = ARENA_ARRAY(arena, count + 1, struct node);
    forest->first = ARENA_ARRAY(arena, catalog->table_count + 1, uint32_t);
    if (!forest->nodes || !forest->first)
        return false;
    for (size_t t = 0; t < catalog->table_count; t++) {
        const struct table *table = catalog->tables[t];
        forest->first[t] = (uint32_t)forest->count;
        for (size_t c = 0; c < table->column_count; c++) {
            struct node *node = &forest->nodes[forest->count];
            node->column = table->columns[c];
            node->name = arena_printf(arena, "%s.%s.%s", table_key_schema(table), table->name,
                                      table->columns[c]->name);
            node->up = (uint32_t)forest->count++;
            node->size = 1;
            if (!node->name)
                return false;
        }
    }
    assert(forest->count == count);
    return true;
}

static uint32_t node_of(const struct forest *forest, const struct column *column)
{
    assert(column->index < column->table->column_count);
    return forest->first[column->table->index] + column->index;
}

static void tie(struct forest *forest, const struct edge *edge)
{
    /* What lies in another schema never comes along, and what refers to it is cut off. */
    if (edge->kind == EDGE_POLYMORPHIC || edge->is_array || edge->json_path ||
        edge->parent->is_outside)
        return;
    for (size_t i = 0; i < edge->column_count; i++) {
        uint32_t child = node_of(forest, edge->child_columns[i]);
        uint32_t parent = node_of(forest, edge->parent_columns[i]);
        if (child == parent)
            continue; /* a column that refers to itself says nothing */
        forest->nodes[child].refers = true;
        forest->nodes[parent].is_referenced = true;
        merge(forest, child, parent);
    }
}

static int compare_names(const void *a, const void *b)
{
    const struct node *const *left = a, *const *right = b;

    return strcmp((*left)->name, (*right)->name);
}

/* Numbers the components by their first column in the catalog's order. */
static bool make_components(struct forest *forest, struct arena *arena, struct domains *domains)
{
    domains->domains = ARENA_ARRAY(arena, forest->count + 1, struct domain);
    if (!domains->domains)
        return false;
    for (uint32_t i = 0; i < forest->count; i++) {
        struct node *top = &forest->nodes[find_top(forest, i)];
        if (top->domain != 0)
            continue;
        struct domain *domain = &domains->domains[domains->count];
        domain->index = (uint32_t)domains->count++;
        domain->has_edges = top->size > 1;
        domain->columns = ARENA_ARRAY(arena, top->size, const struct column *);
        top->domain = domain->index + 1;
        if (!domain->columns)
            return false;
    }
    return true;
}

/* Hands the columns out in order of their names, so that each list comes out sorted; the first
 * fitting one of each names its domain. */
static void fill_components(struct forest *forest, struct node **sorted, struct domains *domains)
{
    assert(domains->count <= forest->count);
    for (size_t i = 0; i < forest->count; i++) {
        const struct node *node = sorted[i];
        struct node *top = &forest->nodes[find_top(forest, node_of(forest, node->column))];
        struct domain *domain = &domains->domains[top->domain - 1];
        domain->columns[domain->column_count++] = node->column;
        bool is_source = node->is_referenced && !node->refers;
        if (!domain->root && is_source) {
            domain->root = node->column;
            domain->name = node->name;
        }
    }
    for (size_t i = 0; i < domains->count; i++) {
        struct domain *domain = &domains->domains[i];
        if (domain->root)
            continue;
        domain->root = domain->columns[0];
        domain->name = forest->nodes[node_of(forest, domain->root)].name;
    }
}

static bool index_columns(const struct graph *graph, struct forest *forest, struct arena *arena,
                          struct domains *domains)
{
    const struct catalog *catalog = graph->catalog;
    const struct domain **room = ARENA_ARRAY(arena, forest->count + 1, const struct domain *);

    domains->by_column = ARENA_ARRAY(arena, catalog->table_count + 1, const struct domain **);
    if (!room || !domains->by_column)
        return false;
    for (size_t t = 0; t < catalog->table_count; t++)
        domains->by_column[t] = room + forest->first[t];
    for (uint32_t i = 0; i < forest->count; i++)
        room[i] = &domains->domains[forest->nodes[find_top(forest, i)].domain - 1];
    return true;
}

bool graph_domains(const struct graph *graph, struct arena *arena, struct domains **domains,
                   struct error *err)
{
    struct forest forest = {0};
    struct domains *made = ARENA_NEW(arena, struct domains);

    if (!made || !plant(graph->catalog, arena, &forest))
        return error_memory(err);
    for (size_t i = 0; i < graph->all.count; i++)
        tie(&forest, graph->all.edges[i]);
    struct node **sorted = ARENA_ARRAY(arena, forest.count + 1, struct node *);
    if (!sorted || !make_components(&forest, arena, made))
        return error_memory(err);
    for (size_t i = 0; i < forest.count; i++)
        sorted[i] = &forest.nodes[i];
    qsort(sorted, forest.count, sizeof(struct node *), compare_names);
    fill_components(&forest, sorted, made);
    if (!index_columns(graph, &forest, arena, made))
        return error_memory(err);
    *domains = made;
    return true;
}
