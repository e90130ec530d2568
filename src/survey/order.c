/* Parents before children, so that a child's row meets what is known of its parent. */
#include "survey/core.h"

static bool has_waiting_parent(const struct graph *graph, const struct table *table,
                               const bool *is_waiting)
{
    const struct edge_list *up = &graph->up[table->index];

    for (size_t i = 0; i < up->count; i++)
        if (up->edges[i]->parent != table && is_waiting[up->edges[i]->parent->index])
            return true;
    return false;
}

/* The first that waits for nobody; in a circle the first of all. */
static size_t table_next(const struct binding *binding, const bool *is_waiting)
{
    const size_t count = binding->catalog->table_count;
    size_t first = count;

    for (size_t i = 0; i < count; i++) {
        if (!is_waiting[i])
            continue;
        if (!has_waiting_parent(binding->graph, binding->catalog->tables[i], is_waiting))
            return i;
        first = first == count ? i : first;
    }
    return first;
}

bool order_tables(const struct binding *binding, const bool *is_surveyed, struct arena *arena,
                  const struct bound_table ***tables, size_t *count, struct error *err)
{
    const size_t all = binding->catalog->table_count;
    bool *is_waiting = ARENA_ARRAY(arena, all + 1, bool);
    size_t left = 0;

    *tables = ARENA_ARRAY(arena, all + 1, const struct bound_table *);
    if (!*tables || !is_waiting)
        return error_memory(err);
    for (size_t i = 0; i < all; i++) {
        is_waiting[i] = is_surveyed[i];
        left += is_surveyed[i];
    }
    *count = 0;
    for (; left > 0; left--) {
        size_t next = table_next(binding, is_waiting);
        assert(next < all && is_waiting[next]);
        is_waiting[next] = false;
        (*tables)[(*count)++] = &binding->tables[next];
    }
    return true;
}
