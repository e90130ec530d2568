/* Witness lists: of all rows offered those with the smallest hashes, in blocks of one size from the
 * arena of a pool. Which rows a list holds depends on the set offered only, so lists of several
 * workers merge into the one that a single worker would have made. */
#include "survey/detector.h"

struct free_block {
    struct free_block *next;
};

struct witness_pool {
    struct arena *arena; /* owned */
    struct free_block *free;
    unsigned most;
};

struct witness_pool *witness_pool_new(unsigned most)
{
    struct arena *arena = arena_new();
    struct witness_pool *pool = arena ? ARENA_NEW(arena, struct witness_pool) : NULL;

    assert(most > 0);
    if (!pool) {
        arena_free(arena);
        return NULL;
    }
    pool->arena = arena;
    pool->most = most;
    return pool;
}

void witness_pool_free(struct witness_pool *pool)
{
    if (pool)
        arena_free(pool->arena);
}

size_t witness_pool_bytes(const struct witness_pool *pool)
{
    return arena_bytes(pool->arena);
}

static struct witness *block_take(struct witness_pool *pool)
{
    struct free_block *block = pool->free;

    static_assert(sizeof(struct witness) >= sizeof(struct free_block), "a block holds its link");
    if (!block)
        return ARENA_ARRAY(pool->arena, pool->most, struct witness);
    pool->free = block->next;
    return (struct witness *)(void *)block;
}

/* Rows without a key may be equal and have equal hashes: their place decides, which is all the same
 * to everybody who sees the values. */
static int witness_compare(const struct witness *a, const struct witness *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->relation != b->relation)
        return a->relation < b->relation ? -1 : 1;
    return (a->address > b->address) - (a->address < b->address);
}

static void heap_raise(struct witness *items, uint32_t at)
{
    const struct witness moved = items[at];

    while (at > 0 && witness_compare(&items[(at - 1) / 2], &moved) < 0) {
        items[at] = items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    items[at] = moved;
}

static void heap_sink(struct witness *items, uint32_t count, uint32_t at)
{
    const struct witness moved = items[at];

    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && witness_compare(&items[child], &items[child + 1]) < 0)
            child++;
        if (witness_compare(&items[child], &moved) <= 0)
            break;
        items[at] = items[child];
        at = child;
    }
    items[at] = moved;
}

bool witness_offer(struct witness_pool *pool, struct witness_list *list,
                   const struct witness *witness, struct error *err)
{
    assert(pool && list && witness && list->count <= pool->most);
    if (list->is_lost)
        return true;
    if (!list->items && !(list->items = block_take(pool)))
        return error_memory(err);
    if (list->count < pool->most) {
        list->items[list->count] = *witness;
        heap_raise(list->items, list->count++);
    } else if (witness_compare(witness, &list->items[0]) < 0) {
        list->items[0] = *witness;
        heap_sink(list->items, list->count, 0);
    }
    return true;
}

void witness_lose(struct witness_pool *pool, struct witness_list *list)
{
    if (list->items) {
        struct free_block *block = (struct free_block *)(void *)list->items;
        block->next = pool->free;
        pool->free = block;
    }
    *list = (struct witness_list){.is_lost = true};
}

bool witness_merge(struct witness_pool *pool, struct witness_list *list,
                   const struct witness_list *from, struct error *err)
{
    assert(list != from);
    if (from->is_lost)
        witness_lose(pool, list);
    for (uint32_t i = 0; i < from->count; i++)
        if (!witness_offer(pool, list, &from->items[i], err))
            return false;
    return true;
}

void witness_sort(struct witness_list *list)
{
    for (uint32_t count = list->count; count > 1; count--) {
        const struct witness greatest = list->items[0];
        list->items[0] = list->items[count - 1];
        heap_sink(list->items, count - 1, 0);
        list->items[count - 1] = greatest;
    }
}
