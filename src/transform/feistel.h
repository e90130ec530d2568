/* Keyed bijections of [0, n): a table where there are few values, else a mixed-radix Feistel
 * network with cycle walking; and of the 122 free bits of a UUID. */
#ifndef UNDERSTUDY_TRANSFORM_FEISTEL_H
#define UNDERSTUDY_TRANSFORM_FEISTEL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/siphash.h"

#define PERMUTE_TABLE_LIMIT (UINT64_C(1) << 20) /* below it a table is built */

/* x = l * b + r with l < a, r < b, a * b >= n, a near the square root of n (Black, Rogaway:
 * "Ciphers with arbitrary finite domains", 2002). Plain data; safe from every thread. */
struct feistel {
    uint64_t n, a, b;
    unsigned rounds; /* 10; 20 below 2^20, where ten are within reach of known attacks */
};

void feistel_init(struct feistel *feistel, uint64_t n); /* 1 <= n <= 2^63 */
/* `level` separates permutations under one key. */
uint64_t feistel_apply(const struct feistel *feistel, const struct sipkey *key, uint64_t level,
                       uint64_t x);
uint64_t feistel_invert(const struct feistel *feistel, const struct sipkey *key, uint64_t level,
                        uint64_t x);

/* Another number below n for each number below n, one to one. Below 2^20, where a value would meet
 * itself often enough to be noticed, it is one keyed cycle through all of them, in which none
 * stays (n >= 2): up to 64 values a shuffled list (Sattolo: "An algorithm to generate a random
 * cyclic permutation", 1986), above the network's conjugate of a step forward. Needs no table
 * that outlives the call, for rules that meet a new n with every value. */
uint64_t cycle_apply(const struct sipkey *key, uint64_t level, uint64_t n, uint64_t x);

/* A keyed Fisher-Yates table of n <= 2^20 values, in `arena`. NULL: out of memory. */
uint32_t *table_new(const struct sipkey *key, uint64_t level, uint32_t n, struct arena *arena);

/* Either of them. */
struct permutation {
    struct feistel feistel;
    const uint32_t *table; /* NULL: the network */
    uint64_t level;
};

/* `table_key` NULL: always the network, whose key comes with each call. */
bool permutation_init(struct permutation *permutation, const struct sipkey *table_key, uint64_t n,
                      uint64_t level, struct arena *arena, struct error *err);

static inline uint64_t permutation_apply(const struct permutation *permutation,
                                         const struct sipkey *key, uint64_t x)
{
    assert(x < permutation->feistel.n);
    if (permutation->table)
        return permutation->table[x];
    return feistel_apply(&permutation->feistel, key, permutation->level, x);
}

/* Version and variant bits stay; versions 1, 6 and 7 carry a time and become 4 unless
 * `keeps_version`. The nil and the max UUID stay (*is_kept). */
void uuid_permute(const struct sipkey *key, bool keeps_version, uint8_t uuid[16], bool *is_kept);

#endif
