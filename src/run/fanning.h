/* The subset's side of fan-out: for each edge whose children the survey counted in production, how
 * many of the chosen parents have how many chosen children, once among the rows that were sampled
 * (parents and children that only tails and pins brought left out) and once among all.
 *
 * Taken from the rows as they are rewritten, by a keyed hash of the key that joins them. Memory is
 * bounded: where rows are too many, keys with hashes above a falling limit are left out, on both
 * sides alike, so that every parent that stays has all of its children. The same whatever the order
 * of rows and the number of workers. */
#ifndef UNDERSTUDY_RUN_FANNING_H
#define UNDERSTUDY_RUN_FANNING_H

#include "choose/choose.h"

/* One side of an edge. */
struct fan_side {
    const struct edge *edge;
    bool is_parent;
    uint32_t number;     /* of the edge among those that are counted */
    uint32_t *positions; /* of the key's columns among the table's bound ones */
    const struct column **columns;
    int32_t when;     /* discriminator of the child, -1: none */
    bool is_verbatim; /* equal keys are equal cells on both sides */
};

struct fanning;

/* *fanning is NULL where the survey counted no children. `codec` as likeness_new has it. */
bool fanning_new(const struct selection *selection, const struct codec *codec, size_t ceiling,
                 struct fanning **fanning, struct error *err);
void fanning_free(struct fanning *fanning); /* NULL is fine */

/* The sides that the table is on. */
const struct fan_side *fanning_sides(const struct fanning *fanning, const struct table *table,
                                     size_t *count);
/* A row of a side, to be added: the hash of its key, and whether only the tail brought it. */
static inline uint64_t fanning_row(uint64_t hash, bool is_tail)
{
    return hash << 1 | (is_tail ? 1u : 0u);
}
/* Takes rows over; any thread. */
bool fanning_add(struct fanning *fanning, const struct fan_side *side, const uint64_t *rows,
                 size_t count, struct error *err);

/* Once all rows were copied: groups as struct fan_out has them. */
struct fanned {
    const struct fan_out *real;
    uint64_t sampled[FAN_OUT_GROUPS], whole[FAN_OUT_GROUPS];
    bool is_sample; /* there were more rows than fit */
};
bool fanning_finish(const struct fanning *fanning, struct arena *arena, struct fanned **fanned,
                    size_t *count, struct error *err);

AUTO_DEFINE(fanning, struct fanning, fanning_free)

#endif
