/* Parents before children, so that a child's row meets what is known of its parent. */
#include "survey/core.h"

struct ordering {
    const struct binding *binding;
    size_t count;     /* of all tables */
    bool *is_waiting; /* by table index */
    bool *is_above;   /* room for tables_above */
};

/* How many waiting tables stand above this one, over any number of edges. */
static size_t tables_above(struct ordering *ordering, size_t table)
{
    const struct graph *graph = ordering->binding->graph;
    size_t count = 0;

    memset(ordering->is_above, 0, ordering->count * sizeof(*ordering->is_above));
    ordering->is_above[table] = true;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < graph->all.count; i++) {
            const uint32_t child = graph->all.edges[i]->child->index;
            const uint32_t parent = graph->all.edges[i]->parent->index;
            if (!ordering->is_above[child] || ordering->is_above[parent] ||
                !ordering->is_waiting[parent])
                continue;
            ordering->is_above[parent] = changed = true;
            count++;
        }
    }
    return count;
}

static bool waits(const struct ordering *ordering, size_t table)
{
    const struct edge_list *up = &ordering->binding->graph->up[table];

    for (size_t i = 0; i < up->count; i++)
        if (up->edges[i]->parent->index != table &&
            ordering->is_waiting[up->edges[i]->parent->index])
            return true;
    return false;
}

/* The first that waits for none; where all wait, the one with the fewest above it, which are those
 * of a circle that it is in itself. */
static size_t table_next(struct ordering *ordering)
{
    size_t next = ordering->count, least = SIZE_MAX;

    for (size_t i = 0; i < ordering->count; i++)
        if (ordering->is_waiting[i] && !waits(ordering, i))
            return i;
    for (size_t i = 0; i < ordering->count; i++) {
        size_t above = ordering->is_waiting[i] ? tables_above(ordering, i) : SIZE_MAX;
        if (above < least) {
            next = i;
            least = above;
        }
    }
    return next;
}

bool order_tables(const struct binding *binding, const bool *is_surveyed, struct arena *arena,
                  const struct bound_table ***tables, size_t *count, struct error *err)
{
    struct ordering ordering = {.binding = binding, .count = binding->catalog->table_count};
    size_t left = 0;

    ordering.is_waiting = ARENA_ARRAY(arena, ordering.count + 1, bool);
    ordering.is_above = ARENA_ARRAY(arena, ordering.count + 1, bool);
    *tables = ARENA_ARRAY(arena, ordering.count + 1, const struct bound_table *);
    if (!*tables || !ordering.is_waiting || !ordering.is_above)
        return error_memory(err);
    for (size_t i = 0; i < ordering.count; i++) {
        ordering.is_waiting[i] = is_surveyed[i];
        left += is_surveyed[i];
    }
    *count = 0;
    for (; left > 0; left--) {
        size_t next = table_next(&ordering);
        assert(next < ordering.count && ordering.is_waiting[next]);
        ordering.is_waiting[next] = false;
        (*tables)[(*count)++] = &binding->tables[next];
    }
    return true;
}
