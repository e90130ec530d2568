/* Open addressing with linear steps over indexes into an array of groups. Keys are hashes already.
 */
#include "survey/groups.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

void groups_init(struct groups *groups, uint32_t most)
{
    assert(most > 0 && most < UINT32_MAX / 4);
    *groups = (struct groups){.most = most};
}

void groups_release(struct groups *groups)
{
    arena_free(groups->arena);
    groups->arena = NULL;
    groups->slots = NULL;
    groups->items = NULL;
    groups->count = groups->slot_count = 0;
    groups->capacity = 0;
}

size_t groups_bytes(const struct groups *groups)
{
    return groups->arena ? arena_bytes(groups->arena) : 0;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t slot_of(const struct groups *groups, uint64_t key)
{
    uint32_t mask = groups->slot_count - 1;
    uint32_t slot = (uint32_t)(key ^ key >> 32) & mask;

    assert((groups->slot_count & mask) == 0 && groups->count < groups->slot_count);

    while (groups->slots[slot] && groups->items[groups->slots[slot] - 1].key != key)
        slot = (slot + 1) & mask;
    return slot;
}

struct group *groups_find(const struct groups *groups, uint64_t key)
{
    uint32_t at;

    if (!groups->slots)
        return NULL;
    at = groups->slots[slot_of(groups, key)];
    return at ? &groups->items[at - 1] : NULL;
}

static bool slots_grow(struct groups *groups, struct error *err)
{
    uint32_t slot_count = groups->slot_count ? groups->slot_count * 2 : FIRST_SLOTS;

    assert(groups->items || groups->count == 0);
    groups->slots = ARENA_ARRAY(groups->arena, slot_count, uint32_t);
    if (!groups->slots)
        return error_memory(err);
    groups->slot_count = slot_count;
    for (uint32_t i = 0; i < groups->count; i++)
        groups->slots[slot_of(groups, groups->items[i].key)] = i + 1;
    return true;
}

static void give_up(struct groups *groups, struct marker *marker)
{
    for (uint32_t i = 0; i < groups->count; i++)
        trait_drop(marker, &groups->items[i].trait);
    groups_release(groups);
    groups->is_full = true;
}

static bool group_add(struct groups *groups, uint64_t key, struct span name, struct group **group,
                      struct error *err)
{
    struct group *items =
        arena_grow(groups->arena, groups->items, groups->count, &groups->capacity, sizeof(*items));

    if (!items)
        return error_memory(err);
    groups->items = items;
    *group = &items[groups->count];
    **group = (struct group){.key = key};
    if (name.ptr && name.len <= GROUP_NAME_MAX) {
        (*group)->name = arena_span(groups->arena, name);
        if (!(*group)->name.ptr)
            return error_memory(err);
    }
    groups->slots[slot_of(groups, key)] = ++groups->count;
    return true;
}

bool groups_put(struct groups *groups, struct marker *marker, uint64_t key, struct span name,
                struct group **group, struct error *err)
{
    *group = groups_find(groups, key);
    if (*group || groups->is_full)
        return true;
    if (groups->count == groups->most) {
        give_up(groups, marker);
        return true;
    }
    if (!groups->arena && !(groups->arena = arena_new()))
        return error_memory(err);
    if (2 * groups->count >= groups->slot_count && !slots_grow(groups, err))
        return false;
    return group_add(groups, key, name, group, err);
}

bool groups_merge(struct groups *groups, struct marker *marker, const struct groups *from,
                  struct error *err)
{
    assert(groups->most == from->most && groups != from);
    if (from->is_full && !groups->is_full)
        give_up(groups, marker);
    for (uint32_t i = 0; i < from->count && !groups->is_full; i++) {
        const struct group *other = &from->items[i];
        struct group *group;

        if (!groups_put(groups, marker, other->key, other->name, &group, err) ||
            (group && !trait_merge(marker, &group->trait, &other->trait, err)))
            return false;
    }
    return true;
}

static int group_compare(const void *a, const void *b)
{
    const struct group *left = a, *right = b;

    return trait_compare(&left->trait, &right->trait);
}

void groups_sort(struct groups *groups)
{
    groups->slots = NULL;
    groups->slot_count = 0;
    if (groups->count > 1)
        qsort(groups->items, groups->count, sizeof(*groups->items), group_compare);
}

uint32_t groups_told(const struct groups *groups, const struct strata *strata)
{
    uint32_t count = 0;
    uint64_t rows = 0;

    assert(!groups->slots);
    for (; count < groups->count && trait_is_rare(&groups->items[count].trait, strata); count++)
        rows += groups->items[count].trait.rows;
    if (groups->count <= GROUPS_EXACT)
        return count;
    return count <= GROUPS_TOLD_MOST && strata_is_rare(strata, rows / GROUPS_TOLD_SHARE) ? count
                                                                                         : 0;
}

bool groups_single(const struct groups *groups, struct marker *marker, const struct strata *strata,
                   struct trait *single, struct error *err)
{
    uint64_t rows = 0;

    for (uint32_t i = 0; i < groups->count; i++)
        rows += groups->items[i].trait.rows == 1;
    if (!strata_is_rare(strata, rows))
        return true;
    for (uint32_t i = 0; i < groups->count; i++)
        if (groups->items[i].trait.rows == 1 &&
            !trait_merge(marker, single, &groups->items[i].trait, err))
            return false;
    return true;
}
