/* Moves the chosen rows: extract, transform, load. A task is one relation's chunk of about
 * COPY_CHUNK_ROWS chosen rows (or the whole relation), drawn in stripes from all of it. Its worker
 * reads it by address, rewrites it batch by batch, keeps the finished rows (in memory up to its
 * share, beyond in an encrypted spill file), and sends them in the order of a keyed hash of their
 * identity, because heap neighbors are neighbors in time. Chunks do not depend on the number of
 * workers. */
#ifndef UNDERSTUDY_RUN_COPY_H
#define UNDERSTUDY_RUN_COPY_H

#include "run/checksum.h"
#include "run/crew.h"
#include "run/rewrite.h"

#define COPY_CHUNK_ROWS    50000u
#define COPY_CHUNK_STRIPES 32u    /* places of the relation that a chunk is drawn from */
#define COPY_READ_ROWS     10000u /* addresses in one statement: larger batches are slower */
#define COPY_BATCH_ROWS    1024u
#define COPY_SHARE_MAX     ((size_t)64 << 20)

struct copied_table {
    uint64_t rows, bytes;
    uint64_t checksum; /* sum of checksum_row over the rows sent */
    uint64_t scrambled, unchanged, nulled, leaked, lone_words;
    const struct bound_column *leaked_from, *leaked_to;
};

struct copied {
    struct copied_table *tables; /* by table index */
    uint64_t *nulled;            /* by edge index */
    uint64_t rows, bytes, spilled_bytes;
    uint64_t checksum_seed;
    struct leak_set *leaks; /* owned by the caller of copy_rows */
};

struct copy_config {
    const struct selection *selection;
    const struct codec *codec;
    const struct oid_map *oids;
    struct control *control;
    struct leak_set *leaks;
    struct gathering *gathering; /* or NULL */
    struct ordering *ordering;   /* or NULL */
    struct likeness *likeness;   /* or NULL */
    struct fanning *fanning;     /* or NULL */
    const char *temporary_directory;
};

/* The codec of one table: `codec`, or the text one where a type of the table has no binary form. */
const struct codec *copy_codec(const struct codec *codec, const struct bound_table *table);

bool copy_rows(const struct copy_config *config, struct crew *crew, struct arena *arena,
               struct copied **copied, struct error *err);

#endif
