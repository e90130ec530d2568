/* Groups a table's up edges into ways. */
#include "graph/ways.h"

#include <string.h>

static bool is_way(const struct edge *edge)
{
    return edge->parent != edge->child && !edge->is_array;
}

static bool starts_alike(const struct edge *a, const struct edge *b)
{
    assert(a->child == b->child);
    if (a->column_count != b->column_count || !a->json_path != !b->json_path)
        return false;
    if (a->json_path && strcmp(a->json_path, b->json_path) != 0)
        return false;
    for (size_t i = 0; i < a->column_count; i++)
        if (a->child_columns[i] != b->child_columns[i])
            return false;
    return true;
}

/* Whether `a` comes before `b` by the numbers of their columns. */
static bool is_before(const struct way *a, const struct way *b)
{
    const struct edge *left = a->edges[0], *right = b->edges[0];

    for (size_t i = 0; i < left->column_count && i < right->column_count; i++)
        if (left->child_columns[i] != right->child_columns[i])
            return left->child_columns[i]->index < right->child_columns[i]->index;
    return left->column_count < right->column_count;
}

static void sort_ways(struct way_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        struct way moved = list->ways[i];
        size_t at = i;
        for (; at > 0 && is_before(&moved, &list->ways[at - 1]); at--)
            list->ways[at] = list->ways[at - 1];
        list->ways[at] = moved;
    }
}

/* A foreign key on the columns holds for every row; alternatives beside it add nothing. */
static void drop_alternatives(struct way *way)
{
    size_t kept = 0;

    way->is_polymorphic = true;
    for (size_t i = 0; i < way->edge_count; i++)
        way->is_polymorphic = way->is_polymorphic && way->edges[i]->kind == EDGE_POLYMORPHIC;
    if (way->is_polymorphic)
        return;
    for (size_t i = 0; i < way->edge_count; i++)
        if (way->edges[i]->kind != EDGE_POLYMORPHIC)
            way->edges[kept++] = way->edges[i];
    way->edge_count = kept;
    assert(kept > 0);
}

static struct way *find_way(struct way_list *list, const struct edge *edge)
{
    for (size_t i = 0; i < list->count; i++)
        if (starts_alike(list->ways[i].edges[0], edge))
            return &list->ways[i];
    return NULL;
}

/* Counts the edges of each way; edges[0] is the first one, in the list of the graph. */
static void count_ways(const struct edge_list *up, struct way_list *list)
{
    for (size_t i = 0; i < up->count; i++) {
        if (!is_way(up->edges[i]))
            continue;
        struct way *way = find_way(list, up->edges[i]);
        if (!way) {
            way = &list->ways[list->count++];
            way->edges = &up->edges[i];
            way->is_allowed = true;
        }
        way->edge_count++;
    }
}

static void fill_ways(const struct edge_list *up, const struct edge **room, struct way_list *list)
{
    assert(list->count <= up->count);
    for (size_t w = 0; w < list->count; w++) {
        struct way *way = &list->ways[w];
        const struct edge *first = way->edges[0];
        way->edges = room;
        room += way->edge_count;
        way->edges[0] = first;
        way->edge_count = 0;
    }
    for (size_t i = 0; i < up->count; i++) {
        if (!is_way(up->edges[i]))
            continue;
        struct way *way = find_way(list, up->edges[i]);
        way->edges[way->edge_count++] = up->edges[i];
        way->is_nullable = way->is_nullable || up->edges[i]->is_nullable;
    }
}

static bool group(const struct edge_list *up, struct arena *arena, struct way_list *list)
{
    const struct edge **room = ARENA_ARRAY(arena, up->count + 1, const struct edge *);

    list->ways = ARENA_ARRAY(arena, up->count + 1, struct way);
    if (!list->ways || !room)
        return false;
    count_ways(up, list);
    fill_ways(up, room, list);
    for (size_t i = 0; i < list->count; i++)
        drop_alternatives(&list->ways[i]);
    sort_ways(list);
    return true;
}

bool ways_new(const struct graph *graph, struct arena *arena, struct way_list **lists,
              struct error *err)
{
    size_t count = graph->catalog->table_count;
    struct way_list *made = ARENA_ARRAY(arena, count + 1, struct way_list);

    if (!made)
        return error_memory(err);
    for (size_t t = 0; t < count; t++)
        if (!group(&graph->up[t], arena, &made[t]))
            return error_memory(err);
    *lists = made;
    return true;
}

static bool is_alone(const struct way *way, const struct column *column)
{
    return way->edges[0]->column_count == 1 && way->edges[0]->child_columns[0] == column;
}

static bool has_column(const struct way *way, const struct column *column)
{
    for (size_t i = 0; i < way->edges[0]->column_count; i++)
        if (way->edges[0]->child_columns[i] == column)
            return true;
    return false;
}

void ways_choose(struct way_list *list, const struct column *column)
{
    bool has_alone = false;

    for (size_t i = 0; i < list->count; i++)
        has_alone = has_alone || (column && is_alone(&list->ways[i], column));
    for (size_t i = 0; i < list->count; i++) {
        struct way *way = &list->ways[i];
        way->is_allowed = !column || (has_alone ? is_alone(way, column) : has_column(way, column));
    }
}

static bool names(const struct way_list *list, const struct way *way, const struct column *column)
{
    if (is_alone(way, column))
        return !way->edges[0]->json_path;
    for (size_t i = 0; i < list->count; i++)
        if (&list->ways[i] != way && has_column(&list->ways[i], column))
            return false;
    return true;
}

const struct column *way_column(const struct way_list *list, const struct way *way)
{
    assert(way >= list->ways && way < list->ways + list->count);
    for (size_t i = 0; i < way->edges[0]->column_count; i++)
        if (names(list, way, way->edges[0]->child_columns[i]))
            return way->edges[0]->child_columns[i];
    return NULL;
}
