/* Do children still come after their parents? For each edge between tables whose times are shifted,
 * rows that are older than the row they refer to are counted among the chosen rows, as production
 * has them and as staging gets them. A shift never reverses two times of one subject; it may where
 * the two rows are different people's (a message and its receiver's account), or one of them moves
 * by itself (`unique: true`) or with another column (`with:`).
 *
 * Compared are, of both tables, the first column under `shift` that has its name in common with one
 * of the other's, else the first of each; on the coarser unit of the two.
 *
 * Taken from the rows as they are rewritten, by the keyed hash of the key that joins them. Memory
 * is bounded: where rows are too many, keys with hashes above a falling limit are left out, on both
 * sides alike, so that every key that stays has all of its rows. The same whatever the order of
 * rows and the number of workers. */
#ifndef UNDERSTUDY_RUN_ORDER_H
#define UNDERSTUDY_RUN_ORDER_H

#include "choose/choose.h"

/* One side of an edge that is compared. */
struct order_side {
    const struct edge *edge;
    bool is_parent;
    uint32_t number;               /* of the edge among those that are compared */
    uint32_t time;                 /* bound column */
    const struct column **columns; /* of the key, on this side */
    int64_t unit;                  /* microseconds */
    int32_t when;                  /* discriminator of the child, -1: none */
};

struct order_row {
    uint64_t key;
    int64_t before, after; /* in units */
};

struct ordering;

/* *ordering is NULL where no edge joins tables with shifted times. */
bool ordering_new(const struct binding *binding, size_t ceiling, struct ordering **ordering,
                  struct error *err);
void ordering_free(struct ordering *ordering); /* NULL is fine */

/* The sides that the table is on. */
const struct order_side *ordering_sides(const struct ordering *ordering, const struct table *table,
                                        size_t *count);
/* False where the key has no place any more; any thread, no lock. */
bool ordering_wants(const struct ordering *ordering, const struct order_side *side, uint64_t key);
/* Takes rows over; any thread. */
bool ordering_add(struct ordering *ordering, const struct order_side *side,
                  const struct order_row *rows, size_t count, struct error *err);

/* Once all rows were copied. */
struct order_count {
    const struct edge *edge;
    const struct column *child, *parent; /* the times */
    uint64_t pairs;                      /* children that have both times */
    uint64_t production, staging;        /* of these, older than the parent */
    uint64_t reversed;                   /* in staging alone */
    bool is_sample;                      /* there were more rows than fit */
};
bool ordering_finish(struct ordering *ordering, struct arena *arena, struct order_count **counts,
                     size_t *count, struct error *err);

AUTO_DEFINE(ordering, struct ordering, ordering_free)

#endif
