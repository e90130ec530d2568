/* The table of signatures: open addressing over items that never move, so that a flush can walk
 * them one after the other. */
#include "survey/signatures.h"

#include "base/fasthash.h"

/* Never more than half full. */
#define SLOTS    (2u * SIGNATURES_MOST)
#define TAG_MASK UINT32_C(0xffff0000)
#define SEED     UINT64_C(0x5e1ec7ed5e1ec7ed)

static_assert(SIGNATURES_MOST < 0xffff, "an item's number and its tag share 32 bits");

bool signatures_init(struct signatures *signatures, size_t columns, uint64_t limit,
                     struct witness_pool *pool, struct arena *arena, struct error *err)
{
    const size_t words = (columns + sizeof(uint64_t) - 1) / sizeof(uint64_t);

    assert(columns > 0 && limit > 0 && pool);
    *signatures = (struct signatures){
        .stride = words * sizeof(uint64_t),
        .limit = limit,
        .keys = ARENA_ARRAY(arena, words * SIGNATURES_MOST, uint64_t),
        .items = ARENA_ARRAY(arena, SIGNATURES_MOST, struct signature),
        .slots = ARENA_ARRAY(arena, SLOTS, uint32_t),
        .pool = pool,
    };
    return (signatures->keys && signatures->items && signatures->slots) || error_memory(err);
}

static bool is_same(const uint64_t *a, const uint64_t *b, size_t words)
{
    uint64_t difference = 0;

    for (size_t i = 0; i < words; i++)
        difference |= a[i] ^ b[i];
    return difference == 0;
}

struct signature *signatures_get(struct signatures *signatures, const uint64_t *key)
{
    const size_t words = signatures->stride / sizeof(uint64_t);
    const uint64_t hash = fasthash(SEED, key, signatures->stride);
    const uint32_t tag = (uint32_t)(hash >> 32) & TAG_MASK;
    uint32_t slot = (uint32_t)hash & (SLOTS - 1);

    for (; signatures->slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
        const uint32_t item = (signatures->slots[slot] & ~TAG_MASK) - 1;
        if ((signatures->slots[slot] & TAG_MASK) == tag &&
            is_same(signatures->keys + item * words, key, words))
            return &signatures->items[item];
    }
    if (signatures->count == SIGNATURES_MOST)
        return NULL;
    memcpy(signatures->keys + signatures->count * words, key, signatures->stride);
    signatures->slots[slot] = tag | (signatures->count + 1);
    signatures->items[signatures->count] = (struct signature){.rows = 0};
    return &signatures->items[signatures->count++];
}

bool signature_count(struct signatures *signatures, struct signature *signature,
                     const struct survey_batch *batch, uint32_t row, struct error *err)
{
    struct witness witness;

    signature->rows++;
    if (signature->witnesses.is_lost)
        return true;
    if (signature->rows > signatures->limit) {
        witness_lose(signatures->pool, &signature->witnesses);
        return true;
    }
    return survey_witness(batch, row, &witness, err) &&
           witness_offer(signatures->pool, &signature->witnesses, &witness, err);
}

bool signature_merge(struct signatures *signatures, struct signature *signature,
                     const struct signature *from, struct error *err)
{
    signature->rows += from->rows;
    if (signature->rows > signatures->limit)
        witness_lose(signatures->pool, &signature->witnesses);
    return witness_merge(signatures->pool, &signature->witnesses, &from->witnesses, err);
}

void signatures_reset(struct signatures *signatures)
{
    for (uint32_t i = 0; i < signatures->count; i++)
        if (signatures->items[i].witnesses.items)
            witness_lose(signatures->pool, &signatures->items[i].witnesses);
    memset(signatures->slots, 0, SLOTS * sizeof(*signatures->slots));
    signatures->count = 0;
}
