/* How many different values a column holds, by the hashes of its values: a HyperLogLog of 4,096
 * registers, within 1.7 % (one standard deviation), read by the estimator of Ertl ("New cardinality
 * estimation algorithms for HyperLogLog sketches", 2017, algorithm 6), which needs no corrections
 * for few or many values. Registers only grow, so neither the order of values nor how they were
 * shared among workers shows. */
#ifndef UNDERSTUDY_SURVEY_DISTINCT_H
#define UNDERSTUDY_SURVEY_DISTINCT_H

#include "base/common.h"

enum { DISTINCT_BITS = 12, DISTINCT_REGISTERS = 1 << DISTINCT_BITS };

struct distinct { /* zeroed: nothing yet */
    uint8_t registers[DISTINCT_REGISTERS];
};

static inline void distinct_add(struct distinct *distinct, uint64_t hash)
{
    uint8_t *reached = &distinct->registers[hash >> (64 - DISTINCT_BITS)];
    /* The bit behind the last stops the count where all others are 0. */
    const uint64_t rest = hash << DISTINCT_BITS | UINT64_C(1) << (DISTINCT_BITS - 1);
    const uint8_t run = (uint8_t)(__builtin_clzll(rest) + 1);

    if (run > *reached)
        *reached = run;
}

void distinct_merge(struct distinct *distinct, const struct distinct *from);
double distinct_estimate(const struct distinct *distinct);

#endif
