/* The hash map: entries in order of insertion, and beside them a table of entry numbers, probed
 * linearly and at most two thirds full. Keys are copied into chunks that never move. */
#include "base/map.h"

#include "base/siphash.h"
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define CHUNK_FIRST ((size_t)256)
#define CHUNK_LAST  ((size_t)64 << 10)
#define EMPTY       UINT32_MAX

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    char bytes[];
};

struct entry {
    const char *key; /* in a chunk; NULL for the key that is SQL NULL */
    uint64_t value;
    uint32_t len;
    uint32_t hash;
};

struct map {
    struct entry *entries; /* owned */
    size_t count;
    size_t capacity;
    uint32_t *slots;      /* owned; entry numbers or EMPTY */
    size_t slot_count;    /* 0 or a power of two */
    struct chunk *chunks; /* owned; the first still has room */
    size_t bytes;
};

/* One key for the process: maps are compared and merged by nobody, and iteration follows
 * insertion, so nothing outside can see it. */
static struct sipkey process_key;
static pthread_once_t process_key_once = PTHREAD_ONCE_INIT;

static void process_key_make(void)
{
    uint8_t bytes[16];

    randombytes_buf(bytes, sizeof(bytes));
    process_key = sipkey_read(bytes);
}

struct map *map_new(void)
{
    if (sodium_init() < 0)
        return NULL;
    pthread_once(&process_key_once, process_key_make);
    struct map *map = calloc(1, sizeof(*map));
    if (map)
        map->bytes = sizeof(*map);
    return map;
}

void map_free(struct map *map)
{
    if (!map)
        return;
    map_reset(map);
    free(map);
}

void map_reset(struct map *map)
{
    assert(map);
    for (struct chunk *chunk = map->chunks; chunk;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(map->entries);
    free(map->slots);
    *map = (struct map){.bytes = sizeof(*map)};
}

size_t map_count(const struct map *map)
{
    assert(map);
    return map->count;
}

size_t map_bytes(const struct map *map)
{
    assert(map);
    return map->bytes;
}

static uint32_t key_hash(struct span key)
{
    return (uint32_t)siphash(&process_key, key.ptr, key.len);
}

/* The slot that holds the key, or the empty one where it belongs. There always is one. */
static size_t slot_find(const struct map *map, struct span key, uint32_t hash)
{
    size_t mask = map->slot_count - 1;

    assert(map->count < map->slot_count);
    for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
        if (map->slots[slot] == EMPTY)
            return slot;
        const struct entry *entry = &map->entries[map->slots[slot]];
        if (entry->hash == hash && span_equal((struct span){entry->key, entry->len}, key))
            return slot;
    }
}

uint64_t *map_find(const struct map *map, struct span key)
{
    assert(map);
    if (map->count == 0)
        return NULL;
    uint32_t number = map->slots[slot_find(map, key, key_hash(key))];
    return number == EMPTY ? NULL : &map->entries[number].value;
}

static bool slots_grow(struct map *map)
{
    size_t slot_count = map->slot_count ? map->slot_count * 2 : 16;

    if (slot_count > SIZE_MAX / sizeof(*map->slots))
        return false;
    uint32_t *slots = malloc(slot_count * sizeof(*slots));
    if (!slots)
        return false;
    memset(slots, 0xff, slot_count * sizeof(*slots)); /* EMPTY */
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = map->entries[i].hash & (slot_count - 1);
        while (slots[slot] != EMPTY)
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = (uint32_t)i;
    }
    free(map->slots);
    map->bytes += (slot_count - map->slot_count) * sizeof(*slots);
    map->slots = slots;
    map->slot_count = slot_count;
    return true;
}

static bool entries_grow(struct map *map)
{
    size_t capacity = map->capacity ? map->capacity + map->capacity / 2 : 8;

    if (capacity > SIZE_MAX / sizeof(*map->entries))
        return false;
    struct entry *entries = realloc(map->entries, capacity * sizeof(*entries));
    if (!entries)
        return false;
    map->bytes += (capacity - map->capacity) * sizeof(*entries);
    map->entries = entries;
    map->capacity = capacity;
    return true;
}

static bool chunk_add(struct map *map, size_t len)
{
    size_t size = map->chunks ? map->chunks->size * 2 : CHUNK_FIRST;

    if (size > CHUNK_LAST)
        size = CHUNK_LAST;
    if (size < len)
        size = len;
    struct chunk *chunk = malloc(sizeof(*chunk) + size);
    if (!chunk)
        return false;
    *chunk = (struct chunk){.next = map->chunks, .size = size};
    map->chunks = chunk;
    map->bytes += sizeof(*chunk) + size;
    return true;
}

/* A copy of the key; NULL when memory ends. */
static const char *key_copy(struct map *map, struct span key)
{
    if (key.len == 0)
        return "";
    if (!map->chunks || map->chunks->size - map->chunks->used < key.len)
        if (!chunk_add(map, key.len))
            return NULL;
    char *copy = map->chunks->bytes + map->chunks->used;
    memcpy(copy, key.ptr, key.len);
    map->chunks->used += key.len;
    assert(map->chunks->used <= map->chunks->size);
    return copy;
}

uint64_t *map_put(struct map *map, struct span key, uint64_t value, bool *is_new)
{
    assert(map && is_new);
    assert(key.ptr || key.len == 0);
    if (map->count >= map->slot_count / 3 * 2 && !slots_grow(map))
        return NULL;
    uint32_t hash = key_hash(key);
    size_t slot = slot_find(map, key, hash);
    *is_new = map->slots[slot] == EMPTY;
    if (!*is_new)
        return &map->entries[map->slots[slot]].value;
    if (map->count >= EMPTY || (map->count == map->capacity && !entries_grow(map)))
        return NULL;
    const char *copy = span_is_null(key) ? NULL : key_copy(map, key);
    if (!copy && !span_is_null(key))
        return NULL;
    struct entry *entry = &map->entries[map->count];
    *entry = (struct entry){.key = copy, .value = value, .len = key.len, .hash = hash};
    map->slots[slot] = (uint32_t)map->count++;
    return &entry->value;
}

struct span map_key(const struct map *map, size_t index)
{
    assert(map && index < map->count);
    return (struct span){map->entries[index].key, map->entries[index].len};
}

uint64_t map_value(const struct map *map, size_t index)
{
    assert(map && index < map->count);
    return map->entries[index].value;
}
