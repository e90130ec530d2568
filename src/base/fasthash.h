/* XXH3, 64 bits, with a random seed: for sums and sets that live no longer than a run and guard
 * against accidents only. Whatever a result depends on, or somebody may choose the input of to do
 * harm, is hashed by base/siphash.h. */
#ifndef UNDERSTUDY_BASE_FASTHASH_H
#define UNDERSTUDY_BASE_FASTHASH_H

#include "base/common.h"
#include <xxhash.h>

static inline uint64_t fasthash(uint64_t seed, const void *bytes, size_t len)
{
    assert(bytes || len == 0);
    return XXH3_64bits_withSeed(bytes, len, seed);
}

#endif
