/* A foreign key that the database calls valid can still be violated: rows that replication or a
 * restore wrote with triggers off. Where a lookup found such a key missing, the chosen rows that
 * refer to it are read again and counted. Edges that promise nothing have counted as they went. */
#include "choose/state.h"

#define KEYS_A_LOOKUP 10000u

static bool orphans_batch(const struct row_sink *sink, struct key_scratch *scratch,
                          const struct batch *batch, struct error *err)
{
    const struct edge_state *found = sink->context;
    struct edge_state *edge = &sink->chooser->edges[found->edge->index];
    struct key_images images;

    assert(edge->child == sink->table && edge->references);
    for (uint32_t r = 0; r < batch->rows; r++) {
        if (!row_is_chosen(sink->table, batch->relations[r], batch->addresses[r]))
            continue;
        if (!key_images_read(scratch, &edge->side, batch->cells + (size_t)r * batch->columns,
                             &images, err))
            return false;
        if (images.count && !reference_count(edge, scratch, images.items, err))
            return false;
    }
    return true;
}

/* The missing keys of the edge's target in the types of its child. */
static bool keys_turn(struct edge_state *edge, struct key_scratch *scratch, struct wanted *sought,
                      struct error *err)
{
    struct key_list list;
    struct key_image image;
    bool is_possible;

    assert(!edge->expression && !edge->side.is_array); /* the database knows only plain keys */
    struct span *cells = ARENA_ARRAY(scratch->arena, edge->side.count, struct span);

    if (!cells)
        return error_memory(err);
    if (!wanted_list(&edge->target->missing, scratch->arena, &list, err))
        return false;
    for (size_t i = 0; i < list.number_count + list.other_count; i++) {
        if (!key_list_image(&list, i, scratch, &image, err) ||
            !key_cells_convert(scratch, &edge->target->side, &edge->side, &image, cells,
                               &is_possible, err))
            return false;
        if (is_possible && !wanted_add(sought, &image, cells, err))
            return false;
    }
    return true;
}

static bool keys_read(struct chooser *chooser, struct edge_state *edge, const struct wanted *sought,
                      struct key_scratch *scratch, struct error *err)
{
    struct row_sink sink = {
        .batch = orphans_batch, .chooser = chooser, .table = edge->child, .context = edge};
    struct key_values keys = {.column_count = (uint32_t)edge->side.count};
    struct key_list list;
    struct span *cells = NULL;
    struct read read;

    read_init(edge->child, &read);
    read.by = READ_BY_KEY;
    read.key_columns = edge->side.columns;
    read.equals = edge->edge->is_bytes_equal ? NULL : edge->edge->equals;
    read.keys = &keys;
    if (!wanted_list(sought, scratch->arena, &list, err))
        return false;
    size_t total = list.number_count + list.other_count;
    for (size_t from = 0; from < total; from += KEYS_A_LOOKUP) {
        size_t to = from + KEYS_A_LOOKUP < total ? from + KEYS_A_LOOKUP : total;
        if (!key_list_cells(&list, from, to, &edge->side, scratch, &cells, &keys.count, err))
            return false;
        keys.cells = cells;
        if (keys.count > 0 && !table_read(chooser, chooser->readers->leader, &read, &sink, err))
            return false;
    }
    return true;
}

bool orphans_read(struct chooser *chooser, struct error *err)
{
    bool is_done = true;

    for (size_t i = 0; is_done && i < chooser->binding->graph->all.count; i++) {
        struct edge_state *edge = &chooser->edges[i];
        struct key_scratch scratch = {0};
        struct wanted sought;

        if (!edge->is_used || !edge->pulls || edge->references ||
            wanted_count(&edge->target->missing) == 0)
            continue;
        edge->references = map_new();
        if (!edge->references || !key_scratch_init(&scratch, chooser->codec, err))
            return error_memory(err);
        wanted_init(&sought, edge->side.count);
        is_done = keys_turn(edge, &scratch, &sought, err) &&
                  keys_read(chooser, edge, &sought, &scratch, err);
        wanted_release(&sought);
        key_scratch_release(&scratch);
    }
    return is_done;
}
