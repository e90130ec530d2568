/* Where a relation is cut to be sampled: a few stretches of its addresses in which rows stand. */
#ifndef UNDERSTUDY_DETECT_SAMPLE_SLICES_H
#define UNDERSTUDY_DETECT_SAMPLE_SLICES_H

#include "db/driver.h"

#define SLICES_MAX 16

struct slices {
    size_t count; /* 0: cannot be cut */
    struct slice {
        uint64_t low, high;
    } list[SLICES_MAX];
};

/* At most `rows` slices of shape->relation; shape names table, fields (one at least) and codec,
 * too. Keys may stand in a few heaps far apart: what is empty is left out, what is not is cut
 * again, which reads a row of each. */
bool slices_find(struct db *db, const struct read *shape, uint32_t rows, struct slices *slices,
                 struct error *err);

#endif
