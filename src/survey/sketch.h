/* Counts of values in bounded memory, a function of the multiset of values alone: a count-min
 * sketch, which never counts too low, and a sample of values with their exact counts. Values are
 * 64-bit hashes. */
#ifndef UNDERSTUDY_SURVEY_SKETCH_H
#define UNDERSTUDY_SURVEY_SKETCH_H

#include "base/arena.h"
#include "base/error.h"

enum { SKETCH_LINES = 2, SKETCH_FULL = UINT8_MAX };

/* Hashes of values are never 0. */
static inline uint64_t value_hash(uint64_t hash)
{
    return hash + (hash == 0);
}

/* Two lines of one-byte counters that stay at 255. Cormode and Muthukrishnan 2005, without the
 * conservative update, which would depend on the order. */
struct sketch {
    uint32_t cells; /* of a line, a power of two up to 2^24; 0: nothing was counted yet */
    uint8_t *lines[SKETCH_LINES];
};

bool sketch_init(struct sketch *sketch, uint32_t cells, struct arena *arena, struct error *err);
void sketch_merge(struct sketch *sketch, const struct sketch *from); /* of the same size */
void sketch_add_many(struct sketch *sketch, uint64_t hash, uint64_t rows);

/* Of each line, the rows in cells of fewer than so many. */
struct sketch_below {
    uint64_t rows[SKETCH_LINES][SKETCH_FULL + 1];
};

void sketch_weigh(const struct sketch *sketch, struct sketch_below *below);
/* Of `rows` counted, about how many have an estimate of at least `least` by chance alone. */
double sketch_chance(const struct sketch_below *below, uint64_t rows, unsigned least);

static inline size_t sketch_cell(const struct sketch *sketch, unsigned line, uint64_t hash)
{
    return (size_t)(hash >> (32 * line)) & (sketch->cells - 1);
}

static inline void sketch_add(struct sketch *sketch, uint64_t hash)
{
    for (unsigned line = 0; line < SKETCH_LINES; line++) {
        uint8_t *cell = &sketch->lines[line][sketch_cell(sketch, line, hash)];
        *cell = (uint8_t)(*cell + (*cell < SKETCH_FULL));
    }
}

/* Brings the cells of a value into the cache that is asked for a few values later. Always inline:
 * gcc takes a call that does nothing but prefetch for one without effect. */
__attribute__((always_inline)) static inline void sketch_prefetch(const struct sketch *sketch,
                                                                  uint64_t hash)
{
    static_assert(SKETCH_LINES == 2, "the lines are written out");
    __builtin_prefetch(&sketch->lines[0][sketch_cell(sketch, 0, hash)], 1);
    __builtin_prefetch(&sketch->lines[1][sketch_cell(sketch, 1, hash)], 1);
}

/* At least the rows of the value, or SKETCH_FULL. */
static inline unsigned sketch_estimate(const struct sketch *sketch, uint64_t hash)
{
    const uint8_t first = sketch->lines[0][sketch_cell(sketch, 0, hash)];
    const uint8_t second = sketch->lines[1][sketch_cell(sketch, 1, hash)];

    return first < second ? first : second;
}

/* All values in a slice of the hashes, at most 1,024; the slice halves when there are more, so the
 * same values are left whatever came first. */
enum { SAMPLE_MOST = 1024, SAMPLE_SLOTS = 2 * SAMPLE_MOST };

struct sampled {
    uint64_t hash; /* never 0 */
    uint32_t rows; /* 0: free */
    uint8_t tag;   /* the caller's, a function of the value */
};

struct value_sample {
    unsigned shift; /* the slice: the first bits of scrambled hashes that are zero */
    uint32_t count;
    struct sampled *slots;
};

bool value_sample_init(struct value_sample *sample, struct arena *arena, struct error *err);
void value_sample_merge(struct value_sample *sample, const struct value_sample *from);
void value_sample_put(struct value_sample *sample, uint64_t hash, uint8_t tag, uint64_t rows);

static inline bool slice_has(uint64_t hash, unsigned shift)
{
    return shift == 0 || (hash * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - shift) == 0;
}

static inline void value_sample_add(struct value_sample *sample, uint64_t hash, uint8_t tag)
{
    if (slice_has(hash, sample->shift))
        value_sample_put(sample, hash, tag, 1);
}

#endif
