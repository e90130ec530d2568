/* The set of 64-bit numbers: a sorted sequence of entries, one for each high half in use, kept in
 * leaves as a B-tree of two levels keeps them, so that scattered keys do not move the whole
 * sequence at each insertion:
 *
 *     leaves   [ leaf 0         | leaf 1     | ... ]      sorted by their first high half
 *     entries  [ h0 h1 h2 ... ] [ h9 h10 ...]             at most LEAF_MAX each, never none
 *     entry    high, and either one low half or a CRoaring bitmap of low halves
 *
 * A high half with a single number needs no bitmap, which keeps random 64-bit keys at 16 to 32
 * bytes each. Readers write nothing, so several may read at once; the place of the last insertion
 * is remembered only by the writer. CRoaring 0.2.66 does not report that memory ended inside it;
 * what is ours does. */
#include "base/bitmap.h"

#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

#define LEAF_MAX   256u
#define LEAF_FIRST 2u
/* A container's share of the arrays that point to it, its header and two allocations. */
#define CONTAINER_OVERHEAD 64u

struct entry {
    uint32_t high;
    uint32_t low;          /* where set is NULL: the only number */
    roaring_bitmap_t *set; /* owned */
};

struct leaf {
    struct entry *entries; /* owned, ascending */
    uint32_t count;
    uint32_t capacity;
};

struct bitmap {
    struct leaf *leaves; /* owned, ascending */
    size_t leaf_count;
    size_t leaf_capacity;
    uint64_t count;
    size_t last_leaf; /* where the last number went; checked before use */
    uint32_t last_index;
};

struct place {
    size_t leaf;
    uint32_t index;
};

struct bitmap *bitmap_new(void)
{
    return calloc(1, sizeof(struct bitmap));
}

void bitmap_free(struct bitmap *bitmap)
{
    if (!bitmap)
        return;
    bitmap_reset(bitmap);
    free(bitmap);
}

static void entry_release(struct entry *entry)
{
    if (entry->set)
        roaring_bitmap_free(entry->set);
    entry->set = NULL;
}

void bitmap_reset(struct bitmap *bitmap)
{
    assert(bitmap);
    for (size_t i = 0; i < bitmap->leaf_count; i++) {
        for (uint32_t j = 0; j < bitmap->leaves[i].count; j++)
            entry_release(&bitmap->leaves[i].entries[j]);
        free(bitmap->leaves[i].entries);
    }
    free(bitmap->leaves);
    *bitmap = (struct bitmap){0};
}

/* The place of the first entry not below `high`; one past a leaf's end where it would be appended
 * there. Only for a bitmap that has a leaf. */
static struct place place_find(const struct bitmap *bitmap, uint32_t high)
{
    size_t low_leaf = 0; /* the last leaf that begins at or below high, or the first */
    size_t end = bitmap->leaf_count;

    assert(bitmap->leaf_count > 0);
    while (end - low_leaf > 1) {
        size_t middle = low_leaf + (end - low_leaf) / 2;
        if (bitmap->leaves[middle].entries[0].high <= high)
            low_leaf = middle;
        else
            end = middle;
    }
    const struct leaf *leaf = &bitmap->leaves[low_leaf];
    uint32_t first = 0;
    uint32_t last = leaf->count;
    while (first < last) {
        uint32_t middle = first + (last - first) / 2;
        if (leaf->entries[middle].high < high)
            first = middle + 1;
        else
            last = middle;
    }
    return (struct place){low_leaf, first};
}

static struct entry *entry_at(const struct bitmap *bitmap, struct place place)
{
    assert(bitmap->leaves && place.leaf < bitmap->leaf_count);
    assert(bitmap->leaves[place.leaf].entries);
    return &bitmap->leaves[place.leaf].entries[place.index];
}

static bool holds(const struct bitmap *bitmap, struct place place, uint32_t high)
{
    return place.leaf < bitmap->leaf_count && place.index < bitmap->leaves[place.leaf].count &&
           entry_at(bitmap, place)->high == high;
}

static struct entry *entry_find(const struct bitmap *bitmap, uint32_t high)
{
    if (bitmap->leaf_count == 0)
        return NULL;
    struct place place = place_find(bitmap, high);
    return holds(bitmap, place, high) ? entry_at(bitmap, place) : NULL;
}

static bool leaf_grow(struct leaf *leaf)
{
    uint32_t capacity = leaf->capacity ? leaf->capacity * 2 : LEAF_FIRST;
    struct entry *entries = realloc(leaf->entries, capacity * sizeof(*entries));

    assert(capacity <= LEAF_MAX);
    if (!entries)
        return false;
    leaf->entries = entries;
    leaf->capacity = capacity;
    return true;
}

/* An empty leaf before leaves[at]; the caller fills it at once. */
static struct leaf *leaf_insert(struct bitmap *bitmap, size_t at)
{
    assert(at <= bitmap->leaf_count);
    if (bitmap->leaf_count == bitmap->leaf_capacity) {
        size_t capacity = bitmap->leaf_capacity ? bitmap->leaf_capacity * 2 : 1;
        struct leaf *leaves = realloc(bitmap->leaves, capacity * sizeof(*leaves));
        if (!leaves)
            return NULL;
        bitmap->leaves = leaves;
        bitmap->leaf_capacity = capacity;
    }
    struct leaf leaf = {0};
    if (!leaf_grow(&leaf))
        return NULL;
    memmove(&bitmap->leaves[at + 1], &bitmap->leaves[at], (bitmap->leaf_count - at) * sizeof(leaf));
    bitmap->leaves[at] = leaf;
    bitmap->leaf_count++;
    return &bitmap->leaves[at];
}

/* Makes room in a full leaf: its upper half goes to a new leaf behind it; only its last entry when
 * the insertion is at the very end, so that ascending numbers leave full leaves. */
static bool leaf_split(struct bitmap *bitmap, struct place *place)
{
    uint32_t kept = place->index == LEAF_MAX ? LEAF_MAX - 1 : LEAF_MAX / 2;
    uint32_t moved = LEAF_MAX - kept;
    struct leaf *above = leaf_insert(bitmap, place->leaf + 1);

    if (!above)
        return false;
    while (above->capacity < moved)
        if (!leaf_grow(above)) {
            /* A leaf is never empty: take the new one away again. */
            free(above->entries);
            memmove(above, above + 1, (bitmap->leaf_count - place->leaf - 2) * sizeof(*above));
            bitmap->leaf_count--;
            return false;
        }
    struct leaf *leaf = &bitmap->leaves[place->leaf];
    memcpy(above->entries, &leaf->entries[kept], moved * sizeof(*above->entries));
    above->count = moved;
    leaf->count = kept;
    if (place->index > kept) {
        place->leaf++;
        place->index -= kept;
    }
    return true;
}

/* The entry of `high`, made with the number `low` when absent. */
static struct entry *entry_put(struct bitmap *bitmap, uint32_t high, uint32_t low, bool *is_new)
{
    struct place place = {bitmap->last_leaf, bitmap->last_index};

    *is_new = false;
    if (!holds(bitmap, place, high)) {
        if (bitmap->leaf_count == 0 && !leaf_insert(bitmap, 0))
            return NULL;
        place = place_find(bitmap, high);
        if (!holds(bitmap, place, high)) {
            if (bitmap->leaves[place.leaf].count == LEAF_MAX && !leaf_split(bitmap, &place))
                return NULL;
            struct leaf *leaf = &bitmap->leaves[place.leaf];
            if (leaf->count == leaf->capacity && !leaf_grow(leaf))
                return NULL;
            struct entry *entry = &leaf->entries[place.index];
            memmove(entry + 1, entry, (leaf->count - place.index) * sizeof(*entry));
            *entry = (struct entry){.high = high, .low = low};
            leaf->count++;
            *is_new = true;
        }
        bitmap->last_leaf = place.leaf;
        bitmap->last_index = place.index;
    }
    return entry_at(bitmap, place);
}

/* Turns a single number into a bitmap that holds it. */
static bool entry_widen(struct entry *entry)
{
    assert(!entry->set);
    roaring_bitmap_t *set = roaring_bitmap_create();
    if (!set)
        return false;
    roaring_bitmap_add(set, entry->low);
    entry->set = set;
    return true;
}

bool bitmap_add(struct bitmap *bitmap, uint64_t number, bool *is_new)
{
    uint32_t low = (uint32_t)number;

    assert(bitmap && is_new);
    struct entry *entry = entry_put(bitmap, (uint32_t)(number >> 32), low, is_new);
    if (!entry)
        return false;
    if (!*is_new && !entry->set && entry->low == low)
        return true;
    if (!*is_new) {
        if (!entry->set && !entry_widen(entry))
            return false;
        *is_new = roaring_bitmap_add_checked(entry->set, low);
    }
    bitmap->count += *is_new;
    return true;
}

/* Takes out an entry that has no number left, and its leaf when that was the last one. */
static void entry_drop(struct bitmap *bitmap, struct place place)
{
    struct leaf *leaf = &bitmap->leaves[place.leaf];

    assert(place.index < leaf->count);
    entry_release(&leaf->entries[place.index]);
    leaf->count--;
    memmove(&leaf->entries[place.index], &leaf->entries[place.index + 1],
            (leaf->count - place.index) * sizeof(*leaf->entries));
    if (leaf->count > 0)
        return;
    free(leaf->entries);
    bitmap->leaf_count--;
    memmove(leaf, leaf + 1, (bitmap->leaf_count - place.leaf) * sizeof(*leaf));
}

bool bitmap_remove(struct bitmap *bitmap, uint64_t number)
{
    uint32_t high = (uint32_t)(number >> 32);
    uint32_t low = (uint32_t)number;

    assert(bitmap);
    if (bitmap->leaf_count == 0)
        return false;
    struct place place = place_find(bitmap, high);
    if (!holds(bitmap, place, high))
        return false;
    struct entry *entry = entry_at(bitmap, place);
    if (entry->set ? !roaring_bitmap_remove_checked(entry->set, low) : entry->low != low)
        return false;
    bitmap->count--;
    if (!entry->set || roaring_bitmap_is_empty(entry->set))
        entry_drop(bitmap, place);
    return true;
}

static bool entry_has(const struct entry *entry, uint32_t low)
{
    return entry->set ? roaring_bitmap_contains(entry->set, low) : entry->low == low;
}

bool bitmap_has(const struct bitmap *bitmap, uint64_t number)
{
    assert(bitmap);
    const struct entry *entry = entry_find(bitmap, (uint32_t)(number >> 32));
    return entry && entry_has(entry, (uint32_t)number);
}

uint64_t bitmap_count(const struct bitmap *bitmap)
{
    assert(bitmap);
    return bitmap->count;
}

size_t bitmap_bytes(const struct bitmap *bitmap)
{
    assert(bitmap);
    size_t bytes = sizeof(*bitmap) + bitmap->leaf_capacity * sizeof(*bitmap->leaves);
    for (size_t i = 0; i < bitmap->leaf_count; i++) {
        const struct leaf *leaf = &bitmap->leaves[i];
        bytes += leaf->capacity * sizeof(*leaf->entries);
        for (uint32_t j = 0; j < leaf->count; j++) {
            const roaring_bitmap_t *set = leaf->entries[j].set;
            if (set)
                bytes += sizeof(*set) + roaring_bitmap_portable_size_in_bytes(set) +
                         (size_t)set->high_low_container.size * CONTAINER_OVERHEAD;
        }
    }
    return bytes;
}

static uint64_t entry_count(const struct entry *entry)
{
    return entry->set ? roaring_bitmap_get_cardinality(entry->set) : 1;
}

static bool entry_or(struct bitmap *bitmap, const struct entry *other)
{
    bool is_new;

    if (!other->set)
        return bitmap_add(bitmap, (uint64_t)other->high << 32 | other->low, &is_new);
    uint32_t low = roaring_bitmap_minimum(other->set);
    struct entry *entry = entry_put(bitmap, other->high, low, &is_new);
    if (!entry)
        return false;
    bitmap->count += is_new;
    if (!entry->set && !entry_widen(entry))
        return false;
    bitmap->count -= entry_count(entry);
    roaring_bitmap_or_inplace(entry->set, other->set);
    bitmap->count += entry_count(entry);
    return true;
}

bool bitmap_or(struct bitmap *bitmap, const struct bitmap *other)
{
    assert(bitmap && other);
    if (bitmap == other)
        return true;
    for (size_t i = 0; i < other->leaf_count; i++)
        for (uint32_t j = 0; j < other->leaves[i].count; j++)
            if (!entry_or(bitmap, &other->leaves[i].entries[j]))
                return false;
    return true;
}

/* Takes the other's numbers out of the entry; true when some are left. */
static bool entry_and_not(struct entry *entry, const struct entry *other)
{
    if (!entry->set)
        return !entry_has(other, entry->low);
    if (other->set)
        roaring_bitmap_andnot_inplace(entry->set, other->set);
    else
        roaring_bitmap_remove(entry->set, other->low);
    return !roaring_bitmap_is_empty(entry->set);
}

/* Filters one leaf; its entries that are left move together. */
static void leaf_and_not(struct bitmap *bitmap, struct leaf *leaf, const struct bitmap *other)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < leaf->count; i++) {
        struct entry *entry = &leaf->entries[i];
        const struct entry *taken = entry_find(other, entry->high);
        if (taken && !entry_and_not(entry, taken)) {
            entry_release(entry);
            continue;
        }
        bitmap->count += entry_count(entry);
        leaf->entries[kept++] = *entry;
    }
    leaf->count = kept;
}

bool bitmap_and_not(struct bitmap *bitmap, const struct bitmap *other)
{
    size_t kept = 0;

    assert(bitmap && other);
    if (bitmap == other) {
        bitmap_reset(bitmap);
        return true;
    }
    bitmap->count = 0;
    for (size_t i = 0; i < bitmap->leaf_count; i++) {
        struct leaf leaf = bitmap->leaves[i];
        leaf_and_not(bitmap, &leaf, other);
        if (leaf.count > 0)
            bitmap->leaves[kept++] = leaf;
        else
            free(leaf.entries);
    }
    bitmap->leaf_count = kept;
    return true;
}

struct bitmap *bitmap_copy(const struct bitmap *bitmap)
{
    struct bitmap *copy = bitmap_new();

    if (copy && !bitmap_or(copy, bitmap)) {
        bitmap_free(copy);
        return NULL;
    }
    assert(!copy || copy->count == bitmap->count);
    return copy;
}

void bitmap_cursor_init(struct bitmap_cursor *cursor, const struct bitmap *bitmap)
{
    assert(cursor && bitmap);
    *cursor = (struct bitmap_cursor){.bitmap = bitmap};
}

/* Up to `capacity` numbers of the entry that are not below `low`. */
static size_t entry_read(const struct entry *entry, uint32_t low, uint64_t *numbers,
                         size_t capacity)
{
    uint64_t base = (uint64_t)entry->high << 32;
    roaring_uint32_iterator_t iterator;
    size_t count = 0;

    if (!entry->set) {
        if (entry->low < low)
            return 0;
        numbers[0] = base | entry->low;
        return 1;
    }
    roaring_init_iterator(entry->set, &iterator);
    roaring_move_uint32_iterator_equalorlarger(&iterator, low);
    while (iterator.has_value && count < capacity) {
        numbers[count++] = base | iterator.current_value;
        roaring_advance_uint32_iterator(&iterator);
    }
    return count;
}

size_t bitmap_next(struct bitmap_cursor *cursor, uint64_t *numbers, size_t capacity)
{
    const struct bitmap *bitmap = cursor->bitmap;
    size_t count = 0;

    assert(numbers && capacity > 0);
    if (cursor->is_done || bitmap->leaf_count == 0)
        return 0;
    uint32_t high = (uint32_t)(cursor->next >> 32);
    struct place place = place_find(bitmap, high);
    while (count < capacity && place.leaf < bitmap->leaf_count) {
        if (place.index == bitmap->leaves[place.leaf].count) {
            place = (struct place){place.leaf + 1, 0};
            continue;
        }
        const struct entry *entry = entry_at(bitmap, place);
        uint32_t low = entry->high == high ? (uint32_t)cursor->next : 0;
        count += entry_read(entry, low, numbers + count, capacity - count);
        place.index++;
    }
    cursor->is_done = count < capacity || numbers[count - 1] == UINT64_MAX;
    if (count > 0 && !cursor->is_done)
        cursor->next = numbers[count - 1] + 1;
    return count;
}
