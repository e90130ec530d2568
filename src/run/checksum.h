/* A checksum of a multiset of rows: the sum of a seeded hash of each, so that order and chunks do
 * not matter. Columns that the server may write differently from what it was given (rewritten
 * jsonb, padded char) count only as NULL or not. The seed is random for the run. */
#ifndef UNDERSTUDY_RUN_CHECKSUM_H
#define UNDERSTUDY_RUN_CHECKSUM_H

#include "base/fasthash.h"
#include "bind/bind.h"

struct checksum {
    const struct codec *codec;
    uint32_t columns;
    bool *is_loose; /* by bound column */
    bool has_loose;
    uint64_t seed;
    const struct span *const *untouched; /* nothing of a row is replaced */
    /* Set by who hashes rows that were read, where the codec writes them in another form: room for
     * that form. NULL: rows are in the form that write_row made. */
    struct buf *written;
};

bool checksum_init(struct checksum *checksum, const struct bound_table *table,
                   const struct codec *codec, uint64_t seed, struct arena *arena,
                   struct error *err);

/* The hash of one row, the same for a row that was sent and for the one that came back. `scratch`
 * holds cells; reset by the caller now and then. */
bool checksum_row(const struct checksum *checksum, struct span row, struct span *cells,
                  struct buf *scratch, uint64_t *hash, struct error *err);

#endif
