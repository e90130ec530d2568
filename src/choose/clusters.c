/* How many rows a start row would bring if it were whole: down along the followed edges, level by
 * level, for many roots at once. Every key remembers which roots it belongs to; a row counts once
 * for each root. Parents that children would bring are not counted. */
#include "choose/tails.h"

#include <stdlib.h>

#define ROOTS_A_WALK           50000u
#define MEMBERS_MOST           2000000u /* rows of one walk, in all its clusters */
#define KEYS_A_LOOKUP          10000u
#define KEYS_A_LOOKUP_NO_INDEX 100000u
#define NO_CLAIM               UINT64_MAX

/* Keys whose children are read next, and which roots they count for. */
struct level {
    struct arena *arena; /* owned */
    struct map *keys;    /* edge and key -> first claim */
    size_t claim_count, claim_capacity;
    struct claim {
        uint32_t root;
        uint64_t next;
    } * claims;
    struct wanted *wanted; /* by edge; those with columns are in use */
};

struct lookup {
    struct edge_state *edge;
    size_t from, to;
};

struct walk {
    struct chooser *chooser;
    struct cluster *clusters; /* of this walk */
    size_t count;
    uint64_t most;
    struct map *members; /* place and root */
    struct buf bytes;
    struct level levels[2];
    struct level *now, *next;
    size_t lookup_count, lookup_capacity;
    struct lookup *lookups;
    uint32_t *roots; /* of the row at hand */
    size_t root_count;
};

static void level_release(struct walk *walk, struct level *level)
{
    for (size_t i = 0; level->wanted && i < walk->chooser->binding->graph->all.count; i++)
        if (level->wanted[i].columns)
            wanted_release(&level->wanted[i]);
    map_free(level->keys);
    arena_free(level->arena);
    *level = (struct level){0};
}

static bool level_init(struct walk *walk, struct level *level, struct error *err)
{
    *level = (struct level){.arena = arena_new(), .keys = map_new()};
    if (!level->arena || !level->keys)
        return error_memory(err);
    level->wanted =
        ARENA_ARRAY(level->arena, walk->chooser->binding->graph->all.count + 1, struct wanted);
    return level->wanted || error_memory(err);
}

static bool key_spell(struct walk *walk, const struct edge_state *edge,
                      const struct key_image *image, struct error *err)
{
    uint32_t number = edge->edge->index;

    buf_reset(&walk->bytes);
    buf_add(&walk->bytes, &number, sizeof(number));
    buf_add_char(&walk->bytes, image->is_number ? 'n' : 'b');
    if (image->is_number)
        buf_add(&walk->bytes, &image->number, sizeof(image->number));
    else
        buf_add(&walk->bytes, image->bytes.ptr, image->bytes.len);
    return buf_ok(&walk->bytes) || error_memory(err);
}

static bool claim_add(struct walk *walk, uint64_t *slot, uint32_t root, struct error *err)
{
    struct level *level = walk->next;

    level->claims = arena_grow(level->arena, level->claims, level->claim_count,
                               &level->claim_capacity, sizeof(*level->claims));
    if (!level->claims)
        return error_memory(err);
    level->claims[level->claim_count] = (struct claim){root, *slot};
    *slot = level->claim_count++;
    return true;
}

static bool edge_leads_on(const struct edge_state *edge)
{
    return edge->is_used && edge->follows && edge->bound->take.kind != TAKE_NONE;
}

/* The row's key for one edge below it, for the roots at hand. */
static bool key_want(struct walk *walk, struct edge_state *edge, struct key_scratch *scratch,
                     const struct span *cells, struct error *err)
{
    struct wanted *wanted = &walk->next->wanted[edge->edge->index];
    struct key_images images;
    bool is_possible = true, is_new;

    if (!key_images_read(scratch, &edge->target->side, cells, &images, err))
        return false;
    if (images.count == 0)
        return true;
    struct span *key = ARENA_ARRAY(scratch->arena, edge->side.count, struct span);
    if (!key)
        return error_memory(err);
    if (!key_cells_convert(scratch, &edge->target->side, &edge->side, images.items, key,
                           &is_possible, err))
        return false;
    if (!is_possible)
        return true;
    if (!wanted->columns)
        wanted_init(wanted, edge->side.count);
    if (!wanted_add(wanted, images.items, key, err) || !key_spell(walk, edge, images.items, err))
        return false;
    uint64_t *slot = map_put(walk->next->keys, buf_span(&walk->bytes), NO_CLAIM, &is_new);
    if (!slot)
        return error_memory(err);
    for (size_t i = 0; i < walk->root_count; i++)
        if (!claim_add(walk, slot, walk->roots[i], err))
            return false;
    return true;
}

/* Counts the row for the root, once. */
static bool root_count(struct walk *walk, const struct row_place *place, uint32_t root,
                       struct error *err)
{
    struct {
        struct row_place place;
        uint64_t root;
    } member = {*place, root};
    struct cluster *cluster = &walk->clusters[root];
    bool is_new;

    if (cluster->is_cut)
        return true;
    if (!map_put(walk->members, span_make(&member, sizeof(member)), 0, &is_new))
        return error_memory(err);
    if (!is_new)
        return true;
    cluster->is_cut = ++cluster->rows > walk->most;
    if (!cluster->is_cut)
        walk->roots[walk->root_count++] = root;
    return true;
}

static bool row_lead(struct walk *walk, struct table_state *table, struct key_scratch *scratch,
                     const struct span *cells, struct error *err)
{
    for (size_t i = 0; walk->root_count > 0 && i < table->down_count; i++)
        if (edge_leads_on(table->down[i]) && !key_want(walk, table->down[i], scratch, cells, err))
            return false;
    return true;
}

static struct row_place place_of(const struct row_sink *sink, const struct batch *batch,
                                 uint32_t row)
{
    return (struct row_place){.table = sink->table->table->index,
                              .relation = batch->relations[row],
                              .address = batch->addresses[row]};
}

static int cluster_compare(const void *left, const void *right)
{
    const struct cluster *a = left, *b = right;

    return row_place_compare(&a->place, &b->place);
}

static bool roots_batch(const struct row_sink *sink, struct key_scratch *scratch,
                        const struct batch *batch, struct error *err)
{
    struct walk *const *handle = sink->context;
    struct walk *walk = *handle;
    bool is_done = true;

    chooser_lock(walk->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        const struct span *cells = batch->cells + (size_t)r * batch->columns;
        struct cluster key = {.place = place_of(sink, batch, r)};
        struct cluster *cluster =
            bsearch(&key, walk->clusters, walk->count, sizeof(*walk->clusters), cluster_compare);
        assert(cluster);
        walk->root_count = 0;
        is_done = row_identity(sink->table, scratch, &sink->table->bound->choice_key, cells,
                               &cluster->hash, err) &&
                  root_count(walk, &key.place, (uint32_t)(cluster - walk->clusters), err) &&
                  row_lead(walk, sink->table, scratch, cells, err);
    }
    chooser_unlock(walk->chooser);
    return is_done;
}

/* The profile's own fraction: a budget may shrink it later, and clusters with it. */
static bool is_taken(const struct edge_state *edge, struct key_scratch *scratch,
                     const struct span *cells, bool *taken, struct error *err)
{
    uint64_t hash;

    *taken = true;
    if (edge->bound->take.kind != TAKE_FRACTION)
        return true;
    if (!row_identity(edge->child, scratch, &edge->child->bound->choice_key, cells, &hash, err))
        return false;
    *taken = hash_is_below(hash, edge->bound->take.fraction);
    return true;
}

static bool child_count(struct walk *walk, const struct row_sink *sink, struct key_scratch *scratch,
                        const struct row_place *place, const struct span *cells, struct error *err)
{
    const struct lookup *lookup = sink->context;
    struct key_images images;
    bool taken;

    if (!is_taken(lookup->edge, scratch, cells, &taken, err))
        return false;
    if (!taken)
        return true;
    if (!key_images_read(scratch, &lookup->edge->side, cells, &images, err))
        return false;
    walk->root_count = 0;
    for (size_t i = 0; i < images.count; i++) {
        if (!key_spell(walk, lookup->edge, &images.items[i], err))
            return false;
        const uint64_t *slot = map_find(walk->now->keys, buf_span(&walk->bytes));
        for (uint64_t at = slot ? *slot : NO_CLAIM; at != NO_CLAIM; at = walk->now->claims[at].next)
            if (!root_count(walk, place, walk->now->claims[at].root, err))
                return false;
    }
    return row_lead(walk, lookup->edge->child, scratch, cells, err);
}

struct walk_sink { /* what a lookup's sink points at first */
    struct lookup lookup;
    struct walk *walk;
};

static bool level_batch(const struct row_sink *sink, struct key_scratch *scratch,
                        const struct batch *batch, struct error *err)
{
    struct walk *walk = ((const struct walk_sink *)sink->context)->walk;
    bool is_done = true;

    chooser_lock(walk->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        struct row_place place = place_of(sink, batch, r);
        is_done = child_count(walk, sink, scratch, &place,
                              batch->cells + (size_t)r * batch->columns, err);
    }
    chooser_unlock(walk->chooser);
    return is_done;
}

static bool lookup_run(void *context, size_t item, struct db *reader, struct error *err)
{
    struct walk *walk = context;
    struct walk_sink handle = {walk->lookups[item], walk};
    struct edge_state *edge = handle.lookup.edge;
    struct row_sink sink = {
        .batch = level_batch, .chooser = walk->chooser, .table = edge->child, .context = &handle};
    struct children_read wish = {
        .edge = edge, .list = &edge->list, .from = handle.lookup.from, .to = handle.lookup.to};

    return children_read(walk->chooser, &wish, &sink, reader, err);
}

static bool lookups_make(struct walk *walk, struct error *err)
{
    struct level *level = walk->now;

    walk->lookup_count = walk->lookup_capacity = 0;
    walk->lookups = NULL;
    for (size_t i = 0; i < walk->chooser->binding->graph->all.count; i++) {
        struct edge_state *edge = &walk->chooser->edges[i];
        if (!level->wanted[i].columns)
            continue;
        if (!wanted_list(&level->wanted[i], level->arena, &edge->list, err))
            return false;
        size_t total = edge->list.number_count + edge->list.other_count;
        size_t step = edge->edge->child_is_indexed ? KEYS_A_LOOKUP : KEYS_A_LOOKUP_NO_INDEX;
        for (size_t from = 0; from < total; from += step) {
            walk->lookups = arena_grow(level->arena, walk->lookups, walk->lookup_count,
                                       &walk->lookup_capacity, sizeof(*walk->lookups));
            if (!walk->lookups)
                return error_memory(err);
            walk->lookups[walk->lookup_count++] =
                (struct lookup){edge, from, from + step < total ? from + step : total};
        }
    }
    return true;
}

/* Clusters that still grow when the walk has become too large are given up. */
static void walk_cut(struct walk *walk)
{
    const struct level *level = walk->next;

    if (map_count(walk->members) <= MEMBERS_MOST)
        return;
    for (size_t i = 0; i < level->claim_count; i++)
        walk->clusters[level->claims[i].root].is_cut = true;
}

static bool levels_turn(struct walk *walk, size_t other_bytes, struct error *err)
{
    struct level *done = walk->now;

    level_release(walk, done);
    walk->now = walk->next;
    walk->next = done;
    walk->chooser->other_bytes = other_bytes + map_bytes(walk->members) +
                                 map_bytes(walk->now->keys) + arena_bytes(walk->now->arena);
    return level_init(walk, walk->next, err) && memory_check(walk->chooser, err);
}

static bool walk_levels(struct walk *walk, struct error *err)
{
    size_t other_bytes = walk->chooser->other_bytes;
    bool is_done = true;

    while (is_done && walk->next->claim_count > 0 && map_count(walk->members) <= MEMBERS_MOST)
        is_done = levels_turn(walk, other_bytes, err) && lookups_make(walk, err) &&
                  readers_spread(walk->chooser->readers, walk->lookup_count, lookup_run, walk, err);
    walk_cut(walk);
    walk->chooser->other_bytes = other_bytes;
    return is_done;
}

static bool walk_roots(struct walk *walk, struct error *err)
{
    struct row_sink sink = {.batch = roots_batch, .chooser = walk->chooser, .context = &walk};
    struct row_place *places = ARENA_ARRAY(walk->next->arena, walk->count + 1, struct row_place);

    if (!places)
        return error_memory(err);
    for (size_t i = 0; i < walk->count; i++)
        places[i] = walk->clusters[i].place;
    return places_read(walk->chooser, places, walk->count, &sink, err);
}

static bool walk_run(struct walk *walk, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    bool is_done;

    if (!arena || !(walk->roots = ARENA_ARRAY(arena, walk->count + 1, uint32_t)))
        return error_memory(err);
    walk->now = &walk->levels[0];
    walk->next = &walk->levels[1];
    buf_init(&walk->bytes, BUF_CEILING_MAX);
    is_done = (walk->members = map_new()) || error_memory(err);
    is_done = is_done && level_init(walk, walk->now, err) && level_init(walk, walk->next, err) &&
              walk_roots(walk, err) && walk_levels(walk, err);
    level_release(walk, &walk->levels[0]);
    level_release(walk, &walk->levels[1]);
    map_free(walk->members);
    buf_release(&walk->bytes);
    return is_done;
}

bool clusters_measure(struct chooser *chooser, struct cluster *clusters, size_t count,
                      uint64_t most, struct error *err)
{
    for (size_t from = 0; from < count; from += ROOTS_A_WALK) {
        struct walk walk = {.chooser = chooser, .clusters = clusters + from, .most = most};

        walk.count = count - from < ROOTS_A_WALK ? count - from : ROOTS_A_WALK;
        if (!walk_run(&walk, err))
            return false;
    }
    return true;
}
