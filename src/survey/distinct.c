/* What the registers of a HyperLogLog say. */
#include "survey/distinct.h"

#include <math.h>

enum { RUNS = 64 - DISTINCT_BITS }; /* the longest run is one more */

void distinct_merge(struct distinct *distinct, const struct distinct *from)
{
    for (size_t i = 0; i < DISTINCT_REGISTERS; i++)
        if (from->registers[i] > distinct->registers[i])
            distinct->registers[i] = from->registers[i];
}

/* The share of registers that nothing reached, weighed; infinite where nothing reached any. */
static double sigma(double share)
{
    double weight = 1, sum = share, before;

    if (share >= 1)
        return INFINITY;
    do {
        share *= share;
        before = sum;
        sum += share * weight;
        weight += weight;
    } while (sum > before);
    return sum;
}

/* The same for registers that are full. */
static double tau(double share)
{
    double weight = 1, sum = 1 - share, before;

    if (share <= 0 || share >= 1)
        return 0;
    do {
        share = sqrt(share);
        before = sum;
        weight *= 0.5;
        sum -= (1 - share) * (1 - share) * weight;
    } while (sum < before);
    return sum / 3;
}

double distinct_estimate(const struct distinct *distinct)
{
    const double registers = DISTINCT_REGISTERS;
    uint32_t counts[RUNS + 2] = {0};
    double sum;

    for (size_t i = 0; i < DISTINCT_REGISTERS; i++) {
        assert(distinct->registers[i] < COUNT_OF(counts));
        counts[distinct->registers[i]]++;
    }
    sum = registers * tau(1 - counts[RUNS + 1] / registers);
    for (size_t run = RUNS; run > 0; run--)
        sum = (sum + counts[run]) / 2;
    sum += registers * sigma(counts[0] / registers);
    return registers * registers / (2 * log(2) * sum);
}
