/* The list of edges, and which of them go up and down from each table. */
#include "graph/graph.h"

#include "base/buf.h"
#include "base/words.h"

#include <string.h>

#define NAME_CEILING ((size_t)64 * 1024)

static void add_columns(const struct edge *edge, const struct column *const *columns,
                        struct arena *arena, struct buf *name)
{
    for (size_t i = 0; i < edge->column_count; i++) {
        const char *printable = words_printable(arena, columns[i]->name);
        buf_add_format(name, "%s%s", i > 0 ? ", " : "", printable ? printable : "");
    }
}

/* "public.posts(tag_ids[]) -> public.tags(id)". */
static const char *name_edge(const struct edge *edge, struct arena *arena)
{
    struct buf name;

    assert(edge->child->label && edge->parent->label);
    buf_init(&name, NAME_CEILING);
    buf_add_format(&name, "%s(", edge->child->label);
    add_columns(edge, edge->child_columns, arena, &name);
    if (edge->is_array)
        buf_add_text(&name, "[]");
    if (edge->json_path)
        buf_add_format(&name, " -> %s", words_printable(arena, edge->json_path));
    buf_add_format(&name, ") -> %s(", edge->parent->label);
    add_columns(edge, edge->parent_columns, arena, &name);
    buf_add_char(&name, ')');
    const char *text = buf_ok(&name) ? arena_strndup(arena, name.ptr, name.len) : NULL;
    buf_release(&name);
    return text;
}

static bool add_relation(struct graph *graph, struct edge *relation, struct arena *arena,
                         struct error *err)
{
    assert(relation->kind != EDGE_FOREIGN_KEY && relation->column_count > 0);
    relation->index = (uint32_t)graph->all.count;
    relation->name = name_edge(relation, arena);
    if (!relation->name)
        return error_memory(err);
    graph->all.edges[graph->all.count++] = relation;
    return true;
}

/* Sorts edges into one list a table, keeping their order. */
static bool list_edges(const struct graph *graph, bool by_child, struct arena *arena,
                       struct edge_list **lists)
{
    size_t table_count = graph->catalog->table_count;
    const struct edge **room = ARENA_ARRAY(arena, graph->all.count + 1, const struct edge *);

    *lists = ARENA_ARRAY(arena, table_count + 1, struct edge_list);
    if (!room || !*lists)
        return false;
    for (size_t i = 0; i < graph->all.count; i++) {
        const struct edge *edge = graph->all.edges[i];
        (*lists)[by_child ? edge->child->index : edge->parent->index].count++;
    }
    for (size_t t = 0; t < table_count; t++) {
        (*lists)[t].edges = room;
        room += (*lists)[t].count;
        (*lists)[t].count = 0;
    }
    for (size_t i = 0; i < graph->all.count; i++) {
        const struct edge *edge = graph->all.edges[i];
        struct edge_list *list = &(*lists)[by_child ? edge->child->index : edge->parent->index];
        list->edges[list->count++] = edge;
    }
    return true;
}

bool graph_new(const struct catalog *catalog, struct edge *const *relations, size_t count,
               struct arena *arena, struct graph **graph, struct error *err)
{
    struct graph *made = ARENA_NEW(arena, struct graph);
    size_t edge_count = catalog->edge_count + count;

    assert(count == 0 || relations);
    if (!made)
        return error_memory(err);
    made->catalog = catalog;
    made->all.edges = ARENA_ARRAY(arena, edge_count + 1, const struct edge *);
    if (!made->all.edges)
        return error_memory(err);
    for (size_t i = 0; i < catalog->edge_count; i++) {
        assert(catalog->edges[i]->index == i);
        made->all.edges[made->all.count++] = catalog->edges[i];
    }
    for (size_t i = 0; i < count; i++)
        if (!add_relation(made, relations[i], arena, err))
            return false;
    assert(made->all.count == edge_count);
    if (!list_edges(made, true, arena, &made->up) || !list_edges(made, false, arena, &made->down))
        return error_memory(err);
    *graph = made;
    return true;
}

/* The same columns, in any order: people write them as they come to mind. */
static bool has_columns(const struct edge *edge, const struct column *const *columns, size_t count)
{
    if (edge->column_count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_there = false;
        for (size_t j = 0; j < count; j++)
            is_there = is_there || edge->child_columns[j] == columns[i];
        if (!is_there)
            return false;
    }
    return true;
}

const struct edge *graph_find_edge(const struct graph *graph, const struct table *child,
                                   const struct column *const *columns, size_t count,
                                   const char *constraint, bool *is_ambiguous)
{
    const struct edge_list *list = &graph->up[child->index];
    const struct edge *found = NULL;

    assert(count > 0 || constraint);
    *is_ambiguous = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct edge *edge = list->edges[i];
        if (count > 0 && !has_columns(edge, columns, count))
            continue;
        if (constraint && (!edge->constraint || strcmp(edge->constraint, constraint) != 0))
            continue;
        *is_ambiguous = *is_ambiguous || found != NULL;
        found = found ? found : edge;
    }
    return found;
}
