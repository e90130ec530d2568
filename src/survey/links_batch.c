/* A batch on its way through the links of its table: its keys are read, the rows are entered where
 * they are parents, their references are looked up, and what was found there is compared. The two
 * middle steps hold the lock of a store; nothing else does. */
#include "survey/links_state.h"

/* Keys whose page, and whose slot, is asked for before they are sought. */
#define AHEAD_PAGE 24u
#define AHEAD_SLOT 12u

bool link_tally_add(struct link_batch *batch, struct tally *tally, uint32_t row, struct error *err)
{
    struct witness witness;

    tally->rows++;
    if (tally->witnesses.is_lost)
        return true;
    if (tally->rows > batch->table->tally_limit) {
        witness_lose(batch->table->pool, &tally->witnesses);
        return true;
    }
    return survey_witness(batch->batch, row, &witness, err) &&
           witness_offer(batch->table->pool, &tally->witnesses, &witness, err);
}

static bool keys_read(struct link_batch *batch, struct error *err)
{
    struct link_table *table = batch->table;
    struct arena *arena = batch->scratch.arena;

    batch->keys = ARENA_ARRAY(arena, table->link_count + 1, struct link_keys);
    batch->hashes = ARENA_ARRAY(arena, table->link_count + 1, uint32_t *);
    batch->values = ARENA_ARRAY(arena, table->link_count + 1, const uint32_t *);
    if (!batch->keys || !batch->hashes || !batch->values)
        return error_memory(err);
    for (size_t i = 0; i < table->link_count; i++) {
        const struct link *link = table->links[i];
        struct link_keys *keys = &batch->keys[i];
        if (!link_keys_read(batch, &link->side, link->target, link->when, keys, err))
            return false;
        if (link->edge->is_array)
            continue;
        batch->hashes[i] = ARENA_ARRAY(arena, (size_t)batch->batch->rows + 1, uint32_t);
        if (!batch->hashes[i])
            return error_memory(err);
        for (size_t k = 0; k < keys->count; k++)
            batch->hashes[i][keys->rows[k]] = link_hash(keys->keys[k]);
    }
    return true;
}

static size_t link_position(const struct link_table *table, const struct link *link)
{
    size_t i = 0;

    while (table->links[i] != link)
        i++;
    assert(i < table->link_count);
    return i;
}

/* values[row] of a parent's attribute that is one word, LINK_NO_VALUE where it has none. */
static bool attribute_read(struct link_batch *batch, const struct attribute *attribute,
                           const uint32_t **values, struct error *err)
{
    uint32_t rows = batch->batch->rows;

    if (attribute->kind == ATTRIBUTE_REFERENCE) {
        *values = batch->hashes[link_position(batch->table, attribute->link)];
        return true;
    }
    const struct survey_cells *cells = &batch->batch->columns[attribute->source];
    uint32_t *made = ARENA_ARRAY(batch->scratch.arena, (size_t)rows + 1, uint32_t);

    if (!made)
        return error_memory(err);
    for (uint32_t row = 0; row < rows; row++) {
        if (cells->is_null[row])
            continue;
        made[row] = attribute->kind == ATTRIBUTE_TIME ? link_time(cells->times[row])
                                                      : link_amount(cells->numbers[row]);
    }
    *values = made;
    return true;
}

/* A parent row's reference to its own table, by row: the key that it has. */
struct self_reference {
    unsigned at;
    const struct link_keys *keys;
    size_t next;
};

/* What the parent rows of a batch leave in the store. */
struct entry {
    struct link_target *target;
    struct link_keys keys;
    size_t value_count, self_count;
    unsigned at[LINK_VALUES_MAX + LINK_REFERENCES_MAX];
    const uint32_t *values[LINK_VALUES_MAX + LINK_REFERENCES_MAX];
    struct self_reference selves[LINK_SELF_MAX];
};

static bool entry_read(struct link_batch *batch, struct entry *entry, struct error *err)
{
    const struct link_target *target = entry->target;

    for (size_t a = 0; a < target->attribute_count; a++) {
        const struct attribute *attribute = &target->attributes[a];
        if (attribute->kind == ATTRIBUTE_SELF) {
            entry->selves[entry->self_count++] = (struct self_reference){
                attribute->at, &batch->keys[link_position(batch->table, attribute->link)], 0};
            continue;
        }
        entry->at[entry->value_count] = attribute->at;
        if (!attribute_read(batch, attribute, &entry->values[entry->value_count++], err))
            return false;
    }
    return link_keys_read(batch, &target->side, target, -1, &entry->keys, err);
}

static void selves_set(struct entry *entry, struct store_slot slot, uint32_t row)
{
    for (size_t i = 0; i < entry->self_count; i++) {
        struct self_reference *self = &entry->selves[i];
        while (self->next < self->keys->count && self->keys->rows[self->next] < row)
            self->next++;
        if (self->next == self->keys->count || self->keys->rows[self->next] != row)
            continue;
        uint64_t key = self->keys->keys[self->next];
        slot_set_attribute(slot, self->at, (uint32_t)key);
        slot_set_attribute(slot, self->at + 1, (uint32_t)(key >> 32));
        slot_set_attribute(slot, self->at + 2, CHAIN_UNKNOWN);
    }
}

static void look_ahead(const struct store *store, const struct link_keys *keys, size_t k)
{
    if (k + AHEAD_PAGE < keys->count)
        store_prefetch(store, keys->keys[k + AHEAD_PAGE]);
    if (k + AHEAD_SLOT < keys->count)
        (void)store_prefetch_slot(store, keys->keys[k + AHEAD_SLOT]);
}

/* Where tables have several relations, addresses are places of 48 bits. */
static uint64_t row_place(const struct survey_batch *batch, uint32_t row)
{
    const uint64_t place = (uint64_t)batch->relations[row] << 48 | batch->addresses[row];

    assert(batch->relations[row] == 0 || batch->addresses[row] >> 48 == 0);
    return place < UINT64_MAX ? place + 1 : place;
}

static bool entry_enter(struct link_batch *batch, struct entry *entry, struct error *err)
{
    struct store *store = entry->target->store;
    const struct link_keys *keys = &entry->keys;
    struct store_slot slot;

    for (size_t k = 0; k < keys->count; k++) {
        uint32_t row = keys->rows[k];
        look_ahead(store, keys, k);
        if (!store_add(store, keys->keys[k], &slot, err))
            return false;
        if (!slot.bytes)
            continue;
        slot_set_exists(store, slot);
        for (size_t v = 0; v < entry->value_count; v++)
            slot_set_attribute(slot, entry->at[v], entry->values[v][row]);
        selves_set(entry, slot, row);
        if (!entry->target->form.is_number)
            slot_set_place(store, slot, row_place(batch->batch, row));
    }
    return store_fit(store, err);
}

static bool parents_enter(struct link_batch *batch, struct error *err)
{
    for (struct link_target *target = batch->table->targets; target; target = target->next) {
        struct entry entry = {.target = target};
        if (!entry_read(batch, &entry, err))
            return false;
        pthread_mutex_lock(&target->lock);
        bool is_done = entry_enter(batch, &entry, err);
        pthread_mutex_unlock(&target->lock);
        if (!is_done)
            return false;
    }
    return true;
}

/* What the look-up of a link's keys found; by key. */
struct found {
    bool *is_missing;
    uint32_t *values;
};

/* Keys on their way: the slots of the next ones, where all parents are known and none moves. */
struct seek {
    const struct link *link;
    const struct link_keys *keys;
    struct store_slot ahead[AHEAD_SLOT]; /* of key k: [k % AHEAD_SLOT] */
};

static void seek_begin(struct seek *seek, const struct link *link, const struct link_keys *keys)
{
    *seek = (struct seek){.link = link, .keys = keys};
    for (size_t k = 0; link->is_direct && k < keys->count && k < AHEAD_SLOT; k++)
        seek->ahead[k] = store_prefetch_slot(link->target->store, keys->keys[k]);
}

/* The slot of key k; keys are sought in order. One that comes before its parent is entered, to be
 * counted until the parent comes. */
static bool seek_key(struct seek *seek, size_t k, struct store_slot *slot, struct error *err)
{
    const struct link_keys *keys = seek->keys;
    struct store *store = seek->link->target->store;

    if (!seek->link->is_direct) {
        look_ahead(store, keys, k);
        return store_add(store, keys->keys[k], slot, err);
    }
    *slot = seek->ahead[k % AHEAD_SLOT];
    if (k + AHEAD_PAGE < keys->count)
        store_prefetch(store, keys->keys[k + AHEAD_PAGE]);
    if (k + AHEAD_SLOT < keys->count)
        seek->ahead[k % AHEAD_SLOT] = store_prefetch_slot(store, keys->keys[k + AHEAD_SLOT]);
    return true;
}

static bool keys_seek(struct link_batch *batch, struct link *link, const struct link_keys *keys,
                      struct found *found, struct error *err)
{
    struct store *store = link->target->store;
    size_t rows = batch->batch->rows;
    struct store_slot slot;
    struct seek seek;

    seek_begin(&seek, link, keys);
    for (size_t k = 0; k < keys->count; k++) {
        uint64_t key = keys->keys[k];
        if (!seek_key(&seek, k, &slot, err))
            return false;
        if (!slot.bytes) {
            found->is_missing[k] = link->is_direct && store_keeps(store, key);
            continue;
        }
        if (link->is_direct && !slot_exists(store, slot)) { /* of another edge's orphans */
            found->is_missing[k] = true;
            continue;
        }
        if (!store_count(store, key, slot, link->counter, err))
            return false;
        for (size_t v = 0; v < link->value_count; v++)
            found->values[v * rows + keys->rows[k]] = slot_attribute(slot, link->values[v]);
    }
    return link->is_direct || store_fit(store, err);
}

static bool orphans_add(struct link_batch *batch, struct link *link, const struct link_keys *keys,
                        const struct found *found, struct error *err)
{
    bool is_done = true;

    for (size_t k = 0; is_done && k < keys->count; k++) {
        if (!found->is_missing[k])
            continue;
        pthread_mutex_lock(&batch->table->lock);
        is_done = link_tally_add(batch, &link->orphans, keys->rows[k], err);
        pthread_mutex_unlock(&batch->table->lock);
    }
    return is_done;
}

static bool link_seek(struct link_batch *batch, size_t index, struct error *err)
{
    struct link *link = batch->table->links[index];
    const struct link_keys *keys = &batch->keys[index];
    struct arena *arena = batch->scratch.arena;
    struct found found;

    found.is_missing = ARENA_ARRAY(arena, keys->count + 1, bool);
    found.values = ARENA_ARRAY(arena, link->value_count * batch->batch->rows + 1, uint32_t);
    if (!found.is_missing || !found.values)
        return error_memory(err);
    pthread_mutex_lock(&link->target->lock);
    bool is_done = keys_seek(batch, link, keys, &found, err);
    pthread_mutex_unlock(&link->target->lock);
    batch->values[index] = found.values;
    return is_done && orphans_add(batch, link, keys, &found, err);
}

static bool rows_compare(struct link_batch *batch, struct error *err)
{
    struct link_table *table = batch->table;
    bool is_done = true;

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; is_done && i < table->link_count; i++)
        is_done = differences_observe(batch, i, err);
    is_done = is_done && diamonds_observe(batch, err) && types_observe(batch, err);
    pthread_mutex_unlock(&table->lock);
    return is_done;
}

bool links_batch(struct links *links, const struct survey_batch *batch,
                 const struct span *const *extras, struct error *err)
{
    struct link_batch way = {
        .links = links, .table = links->current, .batch = batch, .extras = extras};

    assert(links->survey && batch->table == links->survey);
    assert(way.table->field_count == 0 || extras);
    if (batch->rows == 0)
        return true;
    way.scratch = (struct key_scratch){.codec = links->codec, .arena = batch->arena};
    buf_init(&way.scratch.bytes, BUF_CEILING_MAX);
    bool is_done = keys_read(&way, err) && parents_enter(&way, err);
    for (size_t i = 0; is_done && i < way.table->link_count; i++)
        is_done = link_seek(&way, i, err);
    is_done = is_done && rows_compare(&way, err);
    buf_release(&way.scratch.bytes);
    return is_done;
}
