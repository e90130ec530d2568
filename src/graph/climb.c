/* A breadth-first search down from the subject tables, along the ways that may be used. */
#include "graph/climb.h"

static bool make_room(struct climb *climb, size_t count, struct arena *arena)
{
    climb->is_subject = ARENA_ARRAY(arena, count + 1, bool);
    climb->distance = ARENA_ARRAY(arena, count + 1, uint32_t);
    climb->next = ARENA_ARRAY(arena, count + 1, const struct edge *);
    climb->next_way = ARENA_ARRAY(arena, count + 1, const struct way *);
    climb->queue = ARENA_ARRAY(arena, count + 1, uint32_t);
    climb->stamps = ARENA_ARRAY(arena, count + 1, uint32_t);
    return climb->is_subject && climb->distance && climb->next && climb->next_way && climb->queue &&
           climb->stamps;
}

bool climb_new(const struct graph *graph, const struct table *const *subjects, size_t count,
               struct arena *arena, struct climb **climb, struct error *err)
{
    struct climb *made = ARENA_NEW(arena, struct climb);

    if (!made || !make_room(made, graph->catalog->table_count, arena))
        return error_memory(err);
    made->graph = graph;
    for (size_t i = 0; i < count; i++)
        made->is_subject[subjects[i]->index] = true;
    *climb = made;
    return ways_new(graph, arena, &made->ways, err);
}

static bool is_allowed(const struct climb *climb, const struct edge *edge)
{
    const struct way_list *list = &climb->ways[edge->child->index];

    for (size_t w = 0; w < list->count; w++)
        for (size_t e = 0; list->ways[w].is_allowed && e < list->ways[w].edge_count; e++)
            if (list->ways[w].edges[e] == edge)
                return true;
    return false;
}

/* The first way, in column order, that is as short as the distance says. */
static void find_next(struct climb *climb, uint32_t table)
{
    const struct way_list *list = &climb->ways[table];

    climb->next[table] = NULL;
    climb->next_way[table] = NULL;
    if (climb->distance[table] == CLIMB_NEVER || climb->is_subject[table])
        return;
    for (size_t w = 0; w < list->count; w++) {
        for (size_t e = 0; list->ways[w].is_allowed && e < list->ways[w].edge_count; e++) {
            const struct edge *edge = list->ways[w].edges[e];
            if (climb->distance[edge->parent->index] != climb->distance[table] - 1)
                continue;
            climb->next[table] = edge;
            climb->next_way[table] = &list->ways[w];
            return;
        }
    }
    assert(false && "a distance comes from a parent");
}

void climb_measure(struct climb *climb)
{
    size_t table_count = climb->graph->catalog->table_count, count = 0;

    for (uint32_t t = 0; t < table_count; t++) {
        climb->distance[t] = climb->is_subject[t] ? 0 : CLIMB_NEVER;
        if (climb->is_subject[t])
            climb->queue[count++] = t;
    }
    for (size_t i = 0; i < count; i++) {
        const struct edge_list *down = &climb->graph->down[climb->queue[i]];
        for (size_t e = 0; e < down->count; e++) {
            uint32_t child = down->edges[e]->child->index;
            if (climb->distance[child] != CLIMB_NEVER || !is_allowed(climb, down->edges[e]))
                continue;
            climb->distance[child] = climb->distance[climb->queue[i]] + 1;
            climb->queue[count++] = child;
        }
    }
    for (uint32_t t = 0; t < table_count; t++)
        find_next(climb, t);
}

static bool try_parent(struct climb *climb, uint32_t parent, size_t *count)
{
    if (climb->stamps[parent] == climb->stamp)
        return false;
    climb->stamps[parent] = climb->stamp;
    climb->queue[(*count)++] = parent;
    return climb->is_subject[parent];
}

/* Searches up from `from` through everything but `avoided`. */
static bool is_reached_without(struct climb *climb, uint32_t from, uint32_t avoided)
{
    size_t count = 0;

    climb->stamp++;
    climb->stamps[avoided] = climb->stamp;
    if (try_parent(climb, from, &count))
        return true;
    for (size_t i = 0; i < count; i++) {
        const struct way_list *list = &climb->ways[climb->queue[i]];
        for (size_t w = 0; w < list->count; w++)
            for (size_t e = 0; list->ways[w].is_allowed && e < list->ways[w].edge_count; e++)
                if (try_parent(climb, list->ways[w].edges[e]->parent->index, &count))
                    return true;
    }
    return false;
}

/* Most shortest ways do not come near `avoided`, which is seen by walking one; the search is for
 * the others. */
static bool leads_up(struct climb *climb, uint32_t from, uint32_t avoided)
{
    uint32_t at = from;

    assert(from != avoided);
    if (climb->distance[from] == CLIMB_NEVER)
        return false;
    while (at != avoided && !climb->is_subject[at])
        at = climb->next[at]->parent->index;
    return at != avoided || is_reached_without(climb, from, avoided);
}

bool climb_is_way_up(struct climb *climb, const struct table *table, const struct way *way)
{
    assert(way->edge_count > 0 && way->edges[0]->child == table);
    for (size_t e = 0; way->is_allowed && e < way->edge_count; e++)
        if (leads_up(climb, way->edges[e]->parent->index, table->index))
            return true;
    return false;
}
