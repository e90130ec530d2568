/* What a walk from the start tables can reach: down followed edges as far as they go, then up. A
 * table that is reached from below only brings no children, as a referenced row brings none. */
#include "graph/graph.h"

struct walk {
    const struct graph *graph;
    bool *reached;
    uint32_t *queue; /* every table enters once */
    size_t count;
};

static void enter(struct walk *walk, const struct table *table)
{
    if (walk->reached[table->index])
        return;
    walk->reached[table->index] = true;
    assert(walk->count < walk->graph->catalog->table_count);
    walk->queue[walk->count++] = table->index;
}

bool graph_reach(const struct graph *graph, const bool *starts, const bool *follows, bool *reached,
                 struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    const struct catalog *catalog = graph->catalog;
    struct walk walk = {graph, reached, NULL, 0};

    assert(starts && follows && reached);
    walk.queue = arena ? ARENA_ARRAY(arena, catalog->table_count + 1, uint32_t) : NULL;
    if (!walk.queue)
        return error_memory(err);
    for (size_t t = 0; t < catalog->table_count; t++)
        reached[t] = false;
    for (size_t t = 0; t < catalog->table_count; t++)
        if (starts[t])
            enter(&walk, catalog->tables[t]);
    for (size_t i = 0; i < walk.count; i++) {
        const struct edge_list *down = &graph->down[walk.queue[i]];
        for (size_t e = 0; e < down->count; e++)
            if (follows[down->edges[e]->index])
                enter(&walk, down->edges[e]->child);
    }
    for (size_t i = 0; i < walk.count; i++) {
        const struct edge_list *up = &graph->up[walk.queue[i]];
        for (size_t e = 0; e < up->count; e++)
            enter(&walk, up->edges[e]->parent);
    }
    return true;
}
