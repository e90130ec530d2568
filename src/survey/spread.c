/* Buckets by the first bits of their numbers. */
#include "survey/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_LEAST = 64, SLOTS_MOST = 2 * SPREAD_BUCKETS };

uint64_t spread_place(double number, unsigned level)
{
    const uint64_t sign = UINT64_C(1) << 63;
    uint64_t bits;

    assert(level < 64);
    if (isnan(number))
        return UINT64_MAX >> level;
    number = number == 0 ? 0 : number;
    memcpy(&bits, &number, sizeof(bits));
    return (bits & sign ? ~bits : bits | sign) >> level;
}

/* The slot of a place, or the free one where it would stand. */
static struct spread_bucket *slot_find(const struct spread *spread, uint64_t place)
{
    const uint32_t mask = spread->capacity - 1;
    uint32_t at = (uint32_t)(place * UINT64_C(0x9e3779b97f4a7c15) >> 40) & mask;

    assert(spread->count < spread->capacity);
    while (spread->slots[at].rows && spread->slots[at].place != place)
        at = (at + 1) & mask;
    return &spread->slots[at];
}

static void slot_put(struct spread *spread, struct spread_bucket bucket)
{
    struct spread_bucket *slot = slot_find(spread, bucket.place);

    spread->count += slot->rows == 0;
    slot->place = bucket.place;
    slot->rows += bucket.rows;
}

static bool spread_grow(struct spread *spread, struct arena *arena, struct error *err)
{
    const struct spread old = *spread;

    spread->capacity = old.capacity ? 4 * old.capacity : SLOTS_LEAST;
    if (spread->capacity > SLOTS_MOST)
        spread->capacity = SLOTS_MOST;
    spread->slots = ARENA_ARRAY(arena, spread->capacity, struct spread_bucket);
    if (!spread->slots) {
        *spread = old;
        return error_memory(err);
    }
    spread->count = 0;
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.slots[i].rows)
            slot_put(spread, old.slots[i]);
    return true;
}

/* One bit less of every place. */
static void spread_coarsen(struct spread *spread)
{
    struct spread_bucket kept[SPREAD_BUCKETS + 1];
    uint32_t count = 0;

    assert(spread->count <= COUNT_OF(kept) && spread->level < 63);
    for (uint32_t i = 0; i < spread->capacity; i++)
        if (spread->slots[i].rows)
            kept[count++] = spread->slots[i];
    if (spread->slots) /* none of one that is empty */
        memset(spread->slots, 0, spread->capacity * sizeof(*spread->slots));
    spread->count = 0;
    spread->level++;
    for (uint32_t i = 0; i < count; i++) {
        kept[i].place >>= 1;
        slot_put(spread, kept[i]);
    }
}

static bool bucket_add(struct spread *spread, struct spread_bucket bucket, struct arena *arena,
                       struct error *err)
{
    if (2 * (spread->count + 1) > spread->capacity && spread->capacity < SLOTS_MOST &&
        !spread_grow(spread, arena, err))
        return false;
    slot_put(spread, bucket);
    while (spread->count > SPREAD_BUCKETS)
        spread_coarsen(spread);
    return true;
}

bool spread_add(struct spread *spread, double number, uint64_t rows, struct arena *arena,
                struct error *err)
{
    struct spread_bucket bucket = {spread_place(number, spread->level), rows};

    return rows == 0 || bucket_add(spread, bucket, arena, err);
}

bool spread_merge(struct spread *spread, const struct spread *from, struct arena *arena,
                  struct error *err)
{
    while (spread->level < from->level)
        spread_coarsen(spread);
    for (uint32_t i = 0; i < from->capacity; i++) {
        struct spread_bucket bucket = from->slots[i];

        if (bucket.rows == 0)
            continue;
        bucket.place >>= spread->level - from->level;
        if (!bucket_add(spread, bucket, arena, err))
            return false;
    }
    return true;
}

static int bucket_compare(const void *left, const void *right)
{
    const struct spread_bucket *a = left, *b = right;

    return (a->place > b->place) - (a->place < b->place);
}

struct spread_bucket *spread_buckets(const struct spread *spread, struct arena *arena)
{
    struct spread_bucket *made = ARENA_ARRAY(arena, spread->count + 1u, struct spread_bucket);
    uint32_t count = 0;

    for (uint32_t i = 0; made && i < spread->capacity; i++)
        if (spread->slots[i].rows)
            made[count++] = spread->slots[i];
    assert(!made || count == spread->count);
    if (count)
        qsort(made, count, sizeof(*made), bucket_compare);
    return made;
}
