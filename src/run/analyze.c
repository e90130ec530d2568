/* One table an item, the largest first. */
#include "run/analyze.h"

#include <stdlib.h>

struct analyze_item {
    const struct table *table;
    uint64_t bytes;
};

static int item_compare(const void *a, const void *b)
{
    const struct analyze_item *left = a, *right = b;

    if (left->bytes != right->bytes)
        return left->bytes > right->bytes ? -1 : 1;
    return left->table->index < right->table->index ? -1 : left->table->index > right->table->index;
}

static bool analyze_work(void *context, size_t item, struct crew_member *member, struct error *err)
{
    const struct analyze_item *items = context;
    const struct table *table = items[item].table;

    return db_analyze(member->target, table, err) || error_context(err, "table '%s'", table->label);
}

bool analyze_tables(const struct binding *binding, const struct copied *copied, struct crew *crew,
                    struct error *err)
{
    const struct catalog *catalog = binding->catalog;
    AUTO(arena) struct arena *arena = arena_new();
    struct analyze_item *items =
        arena ? ARENA_ARRAY(arena, catalog->table_count + 1, struct analyze_item) : NULL;
    size_t count = 0;

    if (!items)
        return error_memory(err);
    for (size_t i = 0; i < catalog->table_count; i++)
        if (binding->tables[i].column_count)
            items[count++] = (struct analyze_item){catalog->tables[i], copied->tables[i].bytes};
    if (count)
        qsort(items, count, sizeof(*items), item_compare);
    return crew_spread(crew, count, analyze_work, items, err);
}
