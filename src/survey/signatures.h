/* Rows counted by their signature: the symbols of all columns of a row side by side. Most tables
 * have few of them, so that a row costs one look-up, and cross tables are made of signatures
 * instead of rows. */
#ifndef UNDERSTUDY_SURVEY_SIGNATURES_H
#define UNDERSTUDY_SURVEY_SIGNATURES_H

#include "survey/detector.h"

enum { SIGNATURES_MOST = 16384 };

struct signature {
    uint64_t rows;
    struct witness_list witnesses; /* lost where there are more rows than `limit` */
};

struct signatures {
    size_t stride; /* bytes of a signature, a multiple of 8 */
    uint32_t count;
    uint64_t limit; /* so many rows are certainly not rare */
    uint64_t *keys;
    struct signature *items;
    uint32_t *slots;           /* tag and number of an item; 0: free */
    struct witness_pool *pool; /* borrowed */
};

/* Everything lies in `arena`. `columns` bytes make a signature. */
bool signatures_init(struct signatures *signatures, size_t columns, uint64_t limit,
                     struct witness_pool *pool, struct arena *arena, struct error *err);
/* The signature of `stride` bytes (those beyond the columns zero), made when it is new; NULL: it is
 * new and there is no room. */
struct signature *signatures_get(struct signatures *signatures, const uint64_t *key);
static inline const uint8_t *signatures_key(const struct signatures *signatures, uint32_t item)
{
    return (const uint8_t *)signatures->keys + item * signatures->stride;
}

/* One more row, or those of another state's signature. */
bool signature_count(struct signatures *signatures, struct signature *signature,
                     const struct survey_batch *batch, uint32_t row, struct error *err);
bool signature_merge(struct signatures *signatures, struct signature *signature,
                     const struct signature *from, struct error *err);
/* Forgets all; their witnesses' memory goes back to the pool. */
void signatures_reset(struct signatures *signatures);

#endif
