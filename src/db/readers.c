/* Work spread over the connections at the snapshot, and whole tables cut into pieces for it. */
#include "db/readers.h"

/* 8 to 128 MiB of PostgreSQL's pages; several for each reader, so that none waits long for the
 * last. */
#define STEPS_LEAST    1024u
#define STEPS_MOST     16384u
#define SCANS_A_READER 4u

bool readers_spread(const struct readers *readers, size_t count, reader_work *work, void *context,
                    struct error *err)
{
    assert(readers && readers->leader && work);
    if (readers->spread && readers->count > 0 && count > 1)
        return readers->spread(readers->spread_context, count, work, context, err);
    for (size_t i = 0; i < count; i++)
        if (!work(context, i, readers->leader, err))
            return false;
    return true;
}

static bool scan_add(struct scan_list *list, struct arena *arena, const struct scan *scan,
                     struct error *err)
{
    list->items =
        arena_grow(arena, list->items, list->count, &list->capacity, sizeof(*list->items));
    if (!list->items)
        return error_memory(err);
    list->items[list->count++] = *scan;
    return true;
}

static uint64_t scan_steps(const struct readers *readers, uint64_t steps)
{
    const uint64_t share = steps / (readers->count * SCANS_A_READER + 1);

    return share < STEPS_LEAST ? STEPS_LEAST : share > STEPS_MOST ? STEPS_MOST : share;
}

static bool relation_add(struct scan_list *list, const struct readers *readers, struct scan *scan,
                         struct arena *arena, struct error *err)
{
    struct address_range range;

    if (!readers->spread || readers->count <= 1)
        return scan_add(list, arena, scan, err);
    if (!db_address_range(readers->leader, scan->table, scan->relation, &range, err))
        return false;

    const uint64_t steps = address_range_steps(&range), share = scan_steps(readers, steps);
    if (!range.is_divisible || steps <= share)
        return scan_add(list, arena, scan, err);
    scan->is_range = true;
    for (uint64_t at = 0; at < steps; at += share) {
        scan->low = at == 0 ? 0 : address_range_at(&range, at);
        /* Rows may stand behind what is known of: the last range has no end. */
        scan->high = at + share >= steps ? UINT64_MAX : address_range_at(&range, at + share);
        if (!scan_add(list, arena, scan, err))
            return false;
    }
    return true;
}

bool scan_list_add(struct scan_list *list, const struct readers *readers, const struct table *table,
                   struct arena *arena, struct error *err)
{
    for (size_t r = 0; r < table->relation_count; r++) {
        struct scan scan = {.table = table, .relation = &table->relations[r]};
        if (!relation_add(list, readers, &scan, arena, err))
            return false;
    }
    return true;
}

void scan_restrict(const struct scan *scan, struct read *read)
{
    assert(read->table == scan->table && (!scan->is_range || scan->low < scan->high));
    read->relation = scan->relation;
    if (!scan->is_range)
        return;
    read->by = READ_BY_RANGE;
    read->address_low = scan->low;
    read->address_high = scan->high;
}
