/* Stores of parent keys: a hash table of pages, whose slots lie packed in blocks of powers of two.
 *
 *     directory               blocks of slots (8 = 2^3)
 *     page 17  ..1.11.1 -> [k0 k2 k3 k5]        found by counting bits
 *     page  4  11111111 -> [k0 ... k7]
 */
#include "survey/links_store.h"

#include "base/arena.h"
#include "base/map.h"

#define PAGE_BITS       5u
#define PAGE_KEYS       32u
#define BLOCK_CLASSES   6u
#define CHUNK_BITS      10u
#define CHUNK_SLOTS     (1u << CHUNK_BITS)
#define NO_BLOCK        UINT32_MAX
#define DIRECTORY_FIRST 64u
#define SLICE_MOST      20u
#define COUNTER_FULL    255u
#define FLAG_EXISTS     1u
/* Of a page's entry at the directory's usual load; of a count in the side map. */
#define PAGE_BYTES  27u
#define COUNT_BYTES 64u

struct page {
    uint64_t number;  /* key >> PAGE_BITS */
    uint32_t present; /* a bit for each key that has a slot; 0: the entry is free */
    uint32_t at;      /* its block's first slot */
};

struct store {
    struct store_shape shape;
    unsigned flags_at, places_at; /* within a slot; places_at 0: none */
    uint32_t slot_bytes;
    struct arena *owner;                   /* owned; holds this struct */
    struct arena *directory_arena, *arena; /* owned */
    struct page *pages;
    size_t page_room, page_count; /* page_room: a power of two */
    char **chunks;
    size_t chunk_count, chunk_capacity;
    uint32_t chunk_used; /* slots of the last chunk */
    uint32_t free[BLOCK_CLASSES];
    uint64_t slot_count; /* with the room of pages that are not full */
    unsigned slice;
    struct map *counts; /* owned: key and counter -> children beyond what a byte holds, or NULL */
};

static uint64_t word_mix(uint64_t word)
{
    word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
    return word ^ (word >> 31);
}

static uint64_t page_hash(const struct store *store, uint64_t number)
{
    return word_mix(word_mix(number ^ store->shape.key.k0) + store->shape.key.k1);
}

static bool memory_begin(struct store *store, size_t page_room)
{
    store->directory_arena = arena_new();
    store->arena = arena_new();
    store->page_room = page_room;
    store->pages =
        store->directory_arena ? ARENA_ARRAY(store->directory_arena, page_room, struct page) : NULL;
    for (unsigned i = 0; i < BLOCK_CLASSES; i++)
        store->free[i] = NO_BLOCK;
    store->chunk_used = CHUNK_SLOTS;
    return store->pages && store->arena;
}

static void memory_end(struct store *store)
{
    arena_free(store->directory_arena);
    arena_free(store->arena);
    map_free(store->counts);
    store->directory_arena = store->arena = NULL;
    store->counts = NULL;
}

struct store *store_new(const struct store_shape *shape)
{
    struct arena *arena = arena_new();
    struct store *store = arena ? ARENA_NEW(arena, struct store) : NULL;
    unsigned at = shape->attributes * 4;

    assert(shape->counters <= STORE_COUNTERS_MAX && shape->attributes <= STORE_ATTRIBUTES_MAX);
    if (!store) {
        arena_free(arena);
        return NULL;
    }
    store->shape = *shape;
    store->places_at = shape->has_places ? at : 0;
    store->flags_at = at + (shape->has_places ? 8 : 0);
    store->slot_bytes = (store->flags_at + 1 + shape->counters + 3) / 4 * 4;
    store->owner = arena;
    if (memory_begin(store, DIRECTORY_FIRST))
        return store;
    store_free(store);
    return NULL;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    memory_end(store);
    arena_free(store->owner);
}

static char *slot_at(const struct store *store, uint32_t at)
{
    assert(at >> CHUNK_BITS < store->chunk_count);
    return store->chunks[at >> CHUNK_BITS] + (size_t)(at & (CHUNK_SLOTS - 1)) * store->slot_bytes;
}

/* The page's entry, or the free one where it would stand. */
static struct page *page_find(const struct store *store, uint64_t number)
{
    size_t mask = store->page_room - 1;
    size_t at = page_hash(store, number) >> SLICE_MOST & mask;

    while (store->pages[at].present && store->pages[at].number != number)
        at = (at + 1) & mask;
    return &store->pages[at];
}

static bool directory_grow(struct store *store, struct error *err)
{
    struct arena *arena = arena_new(), *old_arena = store->directory_arena;
    struct page *old = store->pages;
    size_t old_room = store->page_room;

    store->directory_arena = arena;
    store->pages = arena ? ARENA_ARRAY(arena, old_room * 2, struct page) : NULL;
    if (!store->pages) {
        arena_free(old_arena);
        return error_memory(err);
    }
    store->page_room = old_room * 2;
    for (size_t i = 0; i < old_room; i++)
        if (old[i].present)
            *page_find(store, old[i].number) = old[i];
    arena_free(old_arena);
    return true;
}

static void block_free(struct store *store, uint32_t at, unsigned class)
{
    memcpy(slot_at(store, at), &store->free[class], sizeof(uint32_t));
    store->free[class] = at;
}

static bool chunk_add(struct store *store)
{
    store->chunks = arena_grow(store->arena, store->chunks, store->chunk_count,
                               &store->chunk_capacity, sizeof(*store->chunks));
    if (!store->chunks || store->chunk_count >= UINT32_MAX >> CHUNK_BITS)
        return false;
    char *chunk = arena_array(store->arena, CHUNK_SLOTS, store->slot_bytes);

    if (!chunk)
        return false;
    store->chunks[store->chunk_count++] = chunk;
    store->chunk_used = 0;
    return true;
}

/* What a chunk has left goes to the free lists, so that blocks never span two. */
static bool chunk_next(struct store *store)
{
    uint32_t rest = CHUNK_SLOTS - store->chunk_used;
    uint32_t at = store->chunk_count > 0
                      ? (uint32_t)((store->chunk_count - 1) << CHUNK_BITS) + store->chunk_used
                      : 0;

    assert(rest < PAGE_KEYS);
    for (unsigned class = BLOCK_CLASSES; class -- > 0;)
        if (rest & (1u << class)) {
            block_free(store, at, class);
            at += 1u << class;
        }
    return chunk_add(store);
}

static bool block_take(struct store *store, unsigned class, uint32_t *at, struct error *err)
{
    uint32_t size = 1u << class;

    assert(class < BLOCK_CLASSES);
    if (store->free[class] != NO_BLOCK) {
        *at = store->free[class];
        memcpy(&store->free[class], slot_at(store, *at), sizeof(uint32_t));
        return true;
    }
    if (CHUNK_SLOTS - store->chunk_used < size && !chunk_next(store))
        return error_memory(err);
    *at = (uint32_t)((store->chunk_count - 1) << CHUNK_BITS) + store->chunk_used;
    store->chunk_used += size;
    return true;
}

/* Without an instruction for it, which not every processor has, the compiler's own is a call. */
static unsigned bits(uint32_t word)
{
    word -= word >> 1 & 0x55555555u;
    word = (word & 0x33333333u) + (word >> 2 & 0x33333333u);
    return ((word + (word >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

/* Room for one slot more at `before`; zeroed. */
static bool page_insert(struct store *store, struct page *page, unsigned before, struct error *err)
{
    unsigned count = bits(page->present), class = count ? (unsigned)__builtin_ctz(count) : 0;
    size_t size = store->slot_bytes;
    char *from = count ? slot_at(store, page->at) : NULL, *to = from;

    assert(before <= count && count < PAGE_KEYS);
    if (count == 0 || (count & (count - 1)) == 0) { /* its block is full */
        uint32_t at = 0;
        if (!block_take(store, count ? class + 1 : 0, &at, err))
            return false;
        to = slot_at(store, at);
        if (count) {
            memcpy(to, from, before * size);
            memcpy(to + (before + 1) * size, from + before * size, (count - before) * size);
            block_free(store, page->at, class);
        }
        store->slot_count += count ? count : 1;
        page->at = at;
    } else {
        memmove(to + (before + 1) * size, from + before * size, (count - before) * size);
    }
    memset(to + before * size, 0, size);
    return true;
}

static bool slice_keeps(const struct store *store, uint64_t number)
{
    return (page_hash(store, number) & ((UINT64_C(1) << store->slice) - 1)) == 0;
}

bool store_keeps(const struct store *store, uint64_t key)
{
    return slice_keeps(store, key >> PAGE_BITS);
}

static bool counts_cut(struct store *store, struct map *old, struct error *err)
{
    for (size_t i = 0; old && i < map_count(old); i++) {
        struct span name = map_key(old, i);
        uint64_t key;
        bool is_new;

        memcpy(&key, name.ptr, sizeof(key));
        if (!store_keeps(store, key))
            continue;
        if (!store->counts && !(store->counts = map_new()))
            return error_memory(err);
        if (!map_put(store->counts, name, map_value(old, i), &is_new))
            return error_memory(err);
    }
    return true;
}

static bool page_copy(struct store *store, const struct store *from, const struct page *page,
                      struct error *err)
{
    unsigned count = bits(page->present);
    unsigned class = count > 1 ? 32u - (unsigned)__builtin_clz(count - 1) : 0;
    struct page *copy = page_find(store, page->number);

    *copy = *page;
    if (!block_take(store, class, &copy->at, err))
        return false;
    memcpy(slot_at(store, copy->at), slot_at(from, page->at), (size_t)count * store->slot_bytes);
    store->page_count++;
    store->slot_count += 1u << class;
    return true;
}

/* Moves what the slice keeps into fresh memory, which is also without holes then. */
static bool store_rebuild(struct store *store, struct error *err)
{
    struct store old = *store;
    bool is_done;

    store->chunks = NULL;
    store->counts = NULL;
    store->chunk_count = store->chunk_capacity = 0;
    store->slot_count = store->page_count = 0;
    is_done = memory_begin(store, old.page_room) || error_memory(err);
    for (size_t i = 0; is_done && i < old.page_room; i++)
        if (old.pages[i].present && slice_keeps(store, old.pages[i].number))
            is_done = page_copy(store, &old, &old.pages[i], err);
    is_done = is_done && counts_cut(store, old.counts, err);
    memory_end(&old);
    return is_done;
}

size_t store_need(const struct store *store)
{
    size_t counts = store->counts ? map_count(store->counts) : 0;

    return store->page_count * PAGE_BYTES + store->slot_count * store->slot_bytes +
           counts * COUNT_BYTES;
}

bool store_fit(struct store *store, struct error *err)
{
    size_t holes = store->chunk_count * CHUNK_SLOTS - store->slot_count;

    while (store_need(store) > store->shape.ceiling && store->slice < SLICE_MOST) {
        store->slice++;
        if (!store_rebuild(store, err))
            return false;
    }
    /* A random order of keys leaves blocks behind that pages have grown out of. */
    if (store_bytes(store) > store->shape.ceiling &&
        holes > store->slot_count / 3 + 4 * CHUNK_SLOTS)
        return store_rebuild(store, err);
    return true;
}

static struct store_slot page_slot(const struct store *store, const struct page *page, uint32_t bit)
{
    size_t before = bits(page->present & (bit - 1));

    assert(page->present & bit);
    return (struct store_slot){(uint8_t *)(slot_at(store, page->at) + before * store->slot_bytes)};
}

bool store_add(struct store *store, uint64_t key, struct store_slot *slot, struct error *err)
{
    uint64_t number = key >> PAGE_BITS;
    uint32_t bit = 1u << (key & (PAGE_KEYS - 1));
    struct page *page = page_find(store, number);

    slot->bytes = NULL;
    if (page->present & bit) {
        *slot = page_slot(store, page, bit);
        return true;
    }
    if (!store_fit(store, err))
        return false;
    if (!slice_keeps(store, number))
        return true;
    if (store->page_count * 10 >= store->page_room * 7 && !directory_grow(store, err))
        return false;
    page = page_find(store, number);
    if (!page_insert(store, page, bits(page->present & (bit - 1)), err))
        return false;
    store->page_count += page->present == 0;
    page->number = number;
    page->present |= bit;
    *slot = page_slot(store, page, bit);
    return true;
}

struct store_slot store_find(const struct store *store, uint64_t key)
{
    const struct page *page = page_find(store, key >> PAGE_BITS);
    uint32_t bit = 1u << (key & (PAGE_KEYS - 1));

    return page->present & bit ? page_slot(store, page, bit) : (struct store_slot){NULL};
}

void store_prefetch(const struct store *store, uint64_t key)
{
    size_t at = page_hash(store, key >> PAGE_BITS) >> SLICE_MOST & (store->page_room - 1);

    __builtin_prefetch(&store->pages[at]);
}

struct store_slot store_prefetch_slot(const struct store *store, uint64_t key)
{
    const struct store_slot slot = store_find(store, key);

    if (slot.bytes)
        __builtin_prefetch(slot.bytes, 1);
    return slot;
}

bool slot_exists(const struct store *store, struct store_slot slot)
{
    return (slot.bytes[store->flags_at] & FLAG_EXISTS) != 0;
}

void slot_set_exists(const struct store *store, struct store_slot slot)
{
    slot.bytes[store->flags_at] |= FLAG_EXISTS;
}

uint32_t slot_attribute(struct store_slot slot, unsigned attribute)
{
    uint32_t value;

    memcpy(&value, slot.bytes + attribute * sizeof(value), sizeof(value));
    return value;
}

void slot_set_attribute(struct store_slot slot, unsigned attribute, uint32_t value)
{
    memcpy(slot.bytes + attribute * sizeof(value), &value, sizeof(value));
}

uint64_t slot_place(const struct store *store, struct store_slot slot)
{
    uint64_t place;

    assert(store->shape.has_places);
    memcpy(&place, slot.bytes + store->places_at, sizeof(place));
    return place;
}

void slot_set_place(const struct store *store, struct store_slot slot, uint64_t place)
{
    assert(store->shape.has_places);
    memcpy(slot.bytes + store->places_at, &place, sizeof(place));
}

struct count_name {
    char bytes[sizeof(uint64_t) + 1];
};

static struct count_name count_name(uint64_t key, unsigned counter)
{
    struct count_name name;

    memcpy(name.bytes, &key, sizeof(key));
    name.bytes[sizeof(key)] = (char)(uint8_t)counter;
    return name;
}

bool store_count(struct store *store, uint64_t key, struct store_slot slot, unsigned counter,
                 struct error *err)
{
    uint8_t *count = &slot.bytes[store->flags_at + 1 + counter];
    bool is_new;

    assert(counter < store->shape.counters);
    if (*count < COUNTER_FULL) {
        ++*count;
        return true;
    }
    if (!store->counts && !(store->counts = map_new()))
        return error_memory(err);
    struct count_name name = count_name(key, counter);
    uint64_t *beyond =
        map_put(store->counts, span_make(name.bytes, sizeof(name.bytes)), 0, &is_new);

    if (!beyond)
        return error_memory(err);
    ++*beyond;
    return true;
}

uint64_t store_children(const struct store *store, uint64_t key, struct store_slot slot,
                        unsigned counter)
{
    uint8_t count = slot.bytes[store->flags_at + 1 + counter];

    assert(counter < store->shape.counters);
    if (count < COUNTER_FULL || !store->counts)
        return count;
    struct count_name name = count_name(key, counter);
    const uint64_t *beyond = map_find(store->counts, span_make(name.bytes, sizeof(name.bytes)));

    return count + (beyond ? *beyond : 0);
}

unsigned store_slice(const struct store *store)
{
    return store->slice;
}

size_t store_bytes(const struct store *store)
{
    return arena_bytes(store->directory_arena) + arena_bytes(store->arena) +
           (store->counts ? map_bytes(store->counts) : 0);
}

bool store_next(const struct store *store, struct store_cursor *cursor, uint64_t *key,
                struct store_slot *slot)
{
    while (cursor->rest == 0) {
        if (cursor->page == store->page_room)
            return false;
        cursor->rest = store->pages[cursor->page++].present;
    }
    const struct page *page = &store->pages[cursor->page - 1];
    uint32_t bit = cursor->rest & (~cursor->rest + 1);

    cursor->rest &= ~bit;
    *key = page->number << PAGE_BITS | (unsigned)__builtin_ctz(bit);
    *slot = page_slot(store, page, bit);
    return true;
}
