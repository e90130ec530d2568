/* How the values of an ordered column are spread, in bounded memory: rows by value, values that lie
 * next to each other sharing a bucket once there are more than SPREAD_BUCKETS of them. A bucket is
 * the numbers whose first bits are equal, in a form of doubles that sorts as they do; where buckets
 * are too many, one more bit goes, for all of them. How many bits go is decided by the set of
 * values alone: neither their order nor how they were shared among workers shows. Distribution
 * functions are exact where buckets end, so what two spreads differ by is underestimated at most by
 * what one bucket holds. */
#ifndef UNDERSTUDY_SURVEY_SPREAD_H
#define UNDERSTUDY_SURVEY_SPREAD_H

#include "base/arena.h"
#include "base/error.h"

enum { SPREAD_BUCKETS = 1024 };

struct spread_bucket {
    uint64_t place; /* of its numbers: spread_place(number, level) */
    uint64_t rows;
};

struct spread {
    unsigned level; /* bits that have gone */
    uint32_t count, capacity;
    struct spread_bucket *slots; /* hashed by place; rows 0: free */
};

/* Numbers in their order, minus zero equal to zero, NaN the greatest; without `level` last bits. */
uint64_t spread_place(double number, unsigned level);

/* A zeroed spread is empty. Memory: of the arena, 43 KiB at most. */
bool spread_add(struct spread *spread, double number, uint64_t rows, struct arena *arena,
                struct error *err);
bool spread_merge(struct spread *spread, const struct spread *from, struct arena *arena,
                  struct error *err);
/* Its buckets, ascending; spread->count of them. NULL: out of memory. */
struct spread_bucket *spread_buckets(const struct spread *spread, struct arena *arena);

#endif
