/* Children that come with witnesses. Where an index serves, the server hands out at most so many of
 * each key. Where none does, each key would cost it a scan; there the children of all keys are
 * counted in one, then read in one more, and only keys that have too many are asked for alone. */
#include "choose/tails.h"

#define PARENTS_A_LOOKUP 100u
#define PARENTS_A_SCAN   100000u

struct brood_read {
    struct gather *gather;
    struct edge_state *edge;
    int pass;
    bool has_totals; /* of the children of each key, as the server counted them */
    /* without an index */
    struct arena *arena;
    size_t count, capacity;
    uint64_t *counts; /* by key of the graph */
};

static bool child_note(struct gather *gather, const struct gather_child *child, struct error *err)
{
    gather->children = arena_grow(gather->arena, gather->children, gather->child_count,
                                  &gather->child_capacity, sizeof(*gather->children));
    if (!gather->children)
        return error_memory(err);
    gather->children[gather->child_count++] = *child;
    return true;
}

static bool is_capped(const struct brood_read *read, const struct batch *batch, uint32_t row)
{
    return read->has_totals &&
           batch->totals[row] > read->gather->chooser->binding->tails.max_children;
}

static bool child_meet(const struct brood_read *read, struct key_scratch *scratch,
                       struct arrival *arrival, struct gather_child *child, struct error *err)
{
    struct key_images images;
    struct row_place place;

    if (!gather_meet(read->gather, scratch, arrival, &place, &child->node, err) ||
        !key_images_read(scratch, &read->edge->side, arrival->cells, &images, err))
        return false;
    for (size_t i = 0; i < images.count; i++)
        if (!row_graph_key(read->gather->graph, read->edge->target->number, &images.items[i],
                           &child->key, err) ||
            !child_note(read->gather, child, err))
            return false;
    return true;
}

static bool children_batch(const struct row_sink *sink, struct key_scratch *scratch,
                           const struct batch *batch, struct error *err)
{
    const struct brood_read *read = sink->context;
    bool is_done = true;

    chooser_lock(sink->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        struct gather_child child = {.edge = read->edge->edge->index,
                                     .is_capped = is_capped(read, batch, r)};
        struct arrival arrival = {.table = sink->table,
                                  .relation = batch->relations[r],
                                  .address = batch->addresses[r],
                                  .cells = batch->cells + (size_t)r * batch->columns};
        is_done = child_meet(read, scratch, &arrival, &child, err);
    }
    chooser_unlock(sink->chooser);
    return is_done;
}

/* The number of children of a key that the graph knows. */
static uint64_t *count_of(struct brood_read *read, uint32_t key, struct error *err)
{
    while (read->count <= key) {
        read->counts = arena_grow(read->arena, read->counts, read->count, &read->capacity,
                                  sizeof(*read->counts));
        if (!read->counts) {
            error_memory(err);
            return NULL;
        }
        read->counts[read->count++] = 0;
    }
    return &read->counts[key];
}

static bool counts_batch(const struct row_sink *sink, struct key_scratch *scratch,
                         const struct batch *batch, struct error *err)
{
    struct brood_read *const *handle = sink->context;
    struct brood_read *read = *handle;
    struct key_images images;
    uint32_t key;

    for (uint32_t r = 0; r < batch->rows; r++) {
        if (!key_images_read(scratch, &read->edge->side, batch->cells + (size_t)r * batch->columns,
                             &images, err))
            return false;
        for (size_t i = 0; i < images.count; i++) {
            if (!row_graph_key(read->gather->graph, read->edge->target->number, &images.items[i],
                               &key, err))
                return false;
            uint64_t *count = count_of(read, key, err);
            if (!count)
                return false;
            ++*count;
        }
    }
    return true;
}

/* The children of all keys; with `limit`, so many of each at most. */
static bool keys_read(struct brood_read *read, const struct wanted *keys, int64_t limit,
                      const struct row_sink *sink, struct error *err)
{
    struct gather *gather = read->gather;
    struct chooser *chooser = gather->chooser;
    struct children_read wish = {.edge = read->edge, .limit = limit};
    size_t step = limit > 0 ? PARENTS_A_LOOKUP : PARENTS_A_SCAN;
    struct key_list list;

    read->has_totals = limit > 0;
    if (!wanted_list(keys, read->arena, &list, err))
        return false;
    wish.list = &list;
    size_t total = list.number_count + list.other_count;
    for (size_t from = 0; from < total; from += step) {
        if (gather->graph->node_count > GATHER_NODES_MOST) {
            gather->broods[read->edge->edge->index].is_left_out[read->pass] = true;
            return true;
        }
        wish.from = from;
        wish.to = from + step < total ? from + step : total;
        if (!children_read(chooser, &wish, sink, chooser->readers->leader, err))
            return false;
        chooser->other_bytes = arena_bytes(gather->arena);
    }
    return true;
}

/* Keys with few children, and those with more than may come. */
static bool keys_part(struct brood_read *read, const struct wanted *keys, struct wanted parts[2],
                      uint64_t *rows, struct error *err)
{
    uint64_t most = (uint64_t)read->gather->chooser->binding->tails.max_children;
    struct key_scratch scratch = {0};
    struct key_list list;
    struct key_image image;
    uint32_t key;
    bool is_done = key_scratch_init(&scratch, read->gather->chooser->codec, err) &&
                   wanted_list(keys, scratch.arena, &list, err);

    for (size_t i = 0; is_done && i < list.number_count + list.other_count; i++) {
        is_done = key_list_image(&list, i, &scratch, &image, err) &&
                  row_graph_key(read->gather->graph, read->edge->target->number, &image, &key, err);
        const uint64_t *count = is_done ? count_of(read, key, err) : NULL;
        if (!count) {
            is_done = false;
            break;
        }
        *rows += *count < most ? *count : most;
        is_done = wanted_add(&parts[*count > most], &image, image.cells, err);
    }
    key_scratch_release(&scratch);
    return is_done;
}

static bool brood_scan(struct brood_read *read, const struct wanted *keys,
                       const struct row_sink *sink, struct error *err)
{
    struct chooser *chooser = read->gather->chooser;
    struct row_sink counts = {
        .batch = counts_batch, .chooser = chooser, .table = read->edge->child, .context = &read};
    struct wanted parts[2];
    uint64_t rows = read->gather->graph->node_count;

    wanted_init(&parts[0], read->edge->side.count);
    wanted_init(&parts[1], read->edge->side.count);
    bool is_done = keys_read(read, keys, CHILDREN_ALL, &counts, err) &&
                   keys_part(read, keys, parts, &rows, err);
    bool fits = rows <= GATHER_NODES_MOST;
    if (is_done && fits)
        is_done = keys_read(read, &parts[0], CHILDREN_ALL, sink, err) &&
                  keys_read(read, &parts[1], chooser->binding->tails.max_children, sink, err);
    if (!fits)
        read->gather->broods[read->edge->edge->index].is_left_out[read->pass] = true;
    wanted_release(&parts[0]);
    wanted_release(&parts[1]);
    return is_done;
}

static bool brood_read(struct gather *gather, uint32_t edge, int pass, struct error *err)
{
    struct chooser *chooser = gather->chooser;
    const struct wanted *keys = &gather->broods[edge].keys[pass];
    AUTO(arena) struct arena *arena = arena_new();
    struct brood_read read = {
        .gather = gather, .edge = &chooser->edges[edge], .pass = pass, .arena = arena};
    struct row_sink sink = {
        .batch = children_batch, .chooser = chooser, .table = read.edge->child, .context = &read};

    if (!arena)
        return error_memory(err);
    if (wanted_count(keys) == 0)
        return true;
    if (read.edge->edge->child_is_indexed)
        return keys_read(&read, keys, chooser->binding->tails.max_children, &sink, err);
    return brood_scan(&read, keys, &sink, err);
}

bool broods_read(struct gather *gather, struct error *err)
{
    size_t edges = gather->chooser->binding->graph->all.count;

    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < edges; i++)
            if (gather->broods[i].is_used && !brood_read(gather, i, pass, err))
                return false;
    return true;
}
