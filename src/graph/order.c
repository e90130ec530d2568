/* Parents before children, as far as there are no cycles.
 *
 * Tarjan's algorithm (R. Tarjan: "Depth-first search and linear graph algorithms", 1972) on edges
 * from child to parent finds the cycles as strongly connected components, and finishes a component
 * only after every component above it. So each component's height over its parents is known when
 * it is finished, and sorting by (height, component, name) is the order. Without recursion: a
 * chain of a hundred thousand tables must not end the stack. */
#include "graph/graph.h"

#include <stdlib.h>

struct mark {
    uint32_t number; /* order of discovery, from 1; 0: not seen */
    uint32_t low;
    uint32_t next_edge; /* how many of its up edges are done */
    uint32_t height;
    uint32_t component; /* smallest table index of its component, once is_done */
    bool is_done;
};

struct tarjan {
    const struct graph *graph;
    struct mark *marks;
    uint32_t *path;  /* tables that are being looked at, innermost last */
    uint32_t *stack; /* tables whose component is not finished */
    uint32_t path_count, stack_count, numbered;
};

static void discover(struct tarjan *tarjan, uint32_t table)
{
    struct mark *mark = &tarjan->marks[table];

    assert(mark->number == 0);
    mark->number = ++tarjan->numbered;
    mark->low = mark->number;
    tarjan->path[tarjan->path_count++] = table;
    tarjan->stack[tarjan->stack_count++] = table;
}

/* The component that hangs below `table` on the stack is complete. */
static void finish_component(struct tarjan *tarjan, uint32_t table)
{
    uint32_t from = tarjan->stack_count;
    uint32_t smallest = table, height = 0;

    assert(from > 0 && tarjan->marks[table].low == tarjan->marks[table].number);
    do {
        uint32_t member = tarjan->stack[--from];
        const struct edge_list *up = &tarjan->graph->up[member];
        smallest = member < smallest ? member : smallest;
        for (size_t i = 0; i < up->count; i++) {
            const struct mark *parent = &tarjan->marks[up->edges[i]->parent->index];
            if (parent->is_done && parent->height >= height)
                height = parent->height + 1;
        }
    } while (tarjan->stack[from] != table);
    for (uint32_t i = from; i < tarjan->stack_count; i++) {
        struct mark *mark = &tarjan->marks[tarjan->stack[i]];
        mark->is_done = true;
        mark->height = height;
        mark->component = smallest;
    }
    tarjan->stack_count = from;
}

static void lower(struct mark *mark, uint32_t low)
{
    mark->low = low < mark->low ? low : mark->low;
}

static void leave(struct tarjan *tarjan, uint32_t table)
{
    const struct mark *mark = &tarjan->marks[table];

    assert(tarjan->path_count > 0 && tarjan->path[tarjan->path_count - 1] == table);
    tarjan->path_count--;
    if (tarjan->path_count > 0)
        lower(&tarjan->marks[tarjan->path[tarjan->path_count - 1]], mark->low);
    if (mark->low == mark->number)
        finish_component(tarjan, table);
}

static void visit(struct tarjan *tarjan, uint32_t root)
{
    discover(tarjan, root);
    while (tarjan->path_count > 0) {
        uint32_t table = tarjan->path[tarjan->path_count - 1];
        struct mark *mark = &tarjan->marks[table];
        const struct edge_list *up = &tarjan->graph->up[table];
        if (mark->next_edge == up->count) {
            leave(tarjan, table);
            continue;
        }
        uint32_t parent = up->edges[mark->next_edge++]->parent->index;
        if (tarjan->marks[parent].number == 0)
            discover(tarjan, parent);
        else if (!tarjan->marks[parent].is_done)
            lower(mark, tarjan->marks[parent].number);
    }
    assert(tarjan->stack_count == 0);
}

struct place {
    uint32_t height, component, table;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    if (left->height != right->height)
        return left->height < right->height ? -1 : 1;
    if (left->component != right->component)
        return left->component < right->component ? -1 : 1;
    return left->table < right->table ? -1 : left->table > right->table;
}

bool graph_order(const struct graph *graph, struct arena *arena, const struct table ***order,
                 struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    size_t count = graph->catalog->table_count;
    struct tarjan tarjan = {.graph = graph};

    if (!scratch)
        return error_memory(err);
    tarjan.marks = ARENA_ARRAY(scratch, count + 1, struct mark);
    tarjan.path = ARENA_ARRAY(scratch, count + 1, uint32_t);
    tarjan.stack = ARENA_ARRAY(scratch, count + 1, uint32_t);
    struct place *places = ARENA_ARRAY(scratch, count + 1, struct place);
    const struct table **made = ARENA_ARRAY(arena, count + 1, const struct table *);
    if (!tarjan.marks || !tarjan.path || !tarjan.stack || !places || !made)
        return error_memory(err);
    for (uint32_t t = 0; t < count; t++)
        if (tarjan.marks[t].number == 0)
            visit(&tarjan, t);
    for (uint32_t t = 0; t < count; t++)
        places[t] = (struct place){tarjan.marks[t].height, tarjan.marks[t].component, t};
    qsort(places, count, sizeof(*places), compare_places);
    for (size_t i = 0; i < count; i++)
        made[i] = graph->catalog->tables[places[i].table];
    *order = made;
    return true;
}
