/* Rewrites batches of one table's rows: decodes the columns that have a rule, applies the rules a
 * column at a time, encodes the results, and writes rows in which everything else stays the bytes
 * it was. One rewriter belongs to one thread. */
#ifndef UNDERSTUDY_RUN_REWRITE_H
#define UNDERSTUDY_RUN_REWRITE_H

#include "choose/choose.h"
#include "run/fanning.h"
#include "run/gather.h"
#include "run/leak.h"
#include "run/likeness.h"
#include "run/order.h"

struct rewrite_counts {  /* summed over all rows */
    uint64_t scrambled;  /* values a rule could not read and rewrote safely instead */
    uint64_t unchanged;  /* values returned as they are by definition (sentinels) */
    uint64_t nulled;     /* references written NULL by `parent: cut` */
    uint64_t noted;      /* rows of which only the identifying inputs were taken */
    uint64_t lone_words; /* rows in which a lone word that is hidden stands again: no failure */
    uint64_t leaked;     /* rows in which an identifying input stands again in the output */
    const struct bound_column *leaked_from, *leaked_to; /* the first of them */
};

struct rewriter;

struct rewriter_config {
    const struct selection *selection;
    const struct bound_table *table;
    const struct codec *codec;   /* of the batches and of the rows written */
    const struct oid_map *oids;  /* source numbers to target numbers */
    struct leak_set *leaks;      /* receives the identifying inputs; NULL: none are sought */
    struct gathering *gathering; /* receives events of subjects; NULL: none are asked for */
    struct ordering *ordering;   /* receives times along edges; NULL: none are asked for */
    struct likeness *likeness;   /* receives what columns hold; NULL: it is not asked for */
    struct fanning *fanning;     /* receives keys along edges; NULL: none are asked for */
    /* Of the relation that is read: what only tails and pins brought. NULL: nothing; else batches
     * have addresses. */
    const struct bitmap *tail_rows;
};

bool rewriter_new(const struct rewriter_config *config, struct rewriter **rewriter,
                  struct error *err);
void rewriter_free(struct rewriter *rewriter); /* NULL is fine */

/* The fields a batch for rewriter_run must hold: all bound columns, then the discriminators as
 * booleans, then the lookups as text. In `arena`. */
bool rewriter_fields(const struct bound_table *table, struct arena *arena, struct field **fields,
                     size_t *count, struct error *err);

/* Room in the set for the texts that dense rules will make of the selected rows. Before the first
 * rewriter runs. */
bool rewrite_reserve_made(const struct selection *selection, struct leak_set *leaks,
                          struct error *err);

/* Rewrites all rows of the batch; results are good until the next run. */
bool rewriter_run(struct rewriter *rewriter, const struct batch *batch, struct error *err);
/* Once all rows went through: hands over what the config's receivers get only then. */
bool rewriter_finish(struct rewriter *rewriter, struct error *err);
/* Instead of rewriting: notes the identifying inputs of the rows whose addresses are not in
 * `chosen` (NULL: of all). The batch has addresses; columns that identify nobody may be NULL in it.
 */
bool rewriter_note(struct rewriter *rewriter, const struct batch *batch,
                   const struct bitmap *chosen, struct error *err);
/* Keyed hash of the identity of row `row` of the last batch. */
uint64_t rewriter_identity(const struct rewriter *rewriter, uint32_t row);
/* True where the engine keeps the table's rows in the order of its primary key, whatever order they
 * came in (InnoDB): their place tells nothing, and loading is fast in that order alone. */
bool rewriter_is_clustered(const struct rewriter *rewriter);
/* Of such a table: a number that grows with the first column of the key that row `row` of the last
 * batch is written with, as far as 64 bits tell. */
uint64_t rewriter_place(const struct rewriter *rewriter, const struct batch *batch, uint32_t row);
/* Appends row `row` of the last batch as the codec writes it. */
bool rewriter_write(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                    struct buf *out, struct error *err);
/* The position of a column among the bound ones of a table. */
bool rewrite_position(const struct bound_table *table, const struct column *column,
                      uint32_t *position);
/* `nulled` by edge index may be summed by the caller. */
const struct rewrite_counts *rewriter_counts(const struct rewriter *rewriter);
uint64_t rewriter_nulled(const struct rewriter *rewriter, uint32_t edge);

AUTO_DEFINE(rewriter, struct rewriter, rewriter_free)

#endif
