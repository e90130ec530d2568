/* The subset's side of fidelity: what each column holds that the survey summed up in production,
 * once for the rows that were sampled and once for all. The tail is there on purpose and out of
 * proportion; only the sampled part says how good a sample is.
 *
 * Taken from the rows as they are rewritten: NULLs as staging has them, values as production has
 * them, which is the same for columns that are kept and comes to the same for rules that map one to
 * one. Memory: at most 49 KiB a column, for each of both parts and each worker. The same whatever
 * the order of rows and the number of workers. */
#ifndef UNDERSTUDY_RUN_LIKENESS_H
#define UNDERSTUDY_RUN_LIKENESS_H

#include "choose/choose.h"
#include "survey/digest.h"

struct likeness;

struct like_column {
    uint32_t position; /* among the table's bound columns */
    unsigned what;     /* DIGEST_ bits */
    uint32_t number;   /* of the survey's distribution */
};

/* Of one worker, for the rows of one table. */
struct likeness_part {
    struct arena *arena; /* owned, with the part itself */
    const struct table *table;
    size_t count;
    const struct like_column *columns;
    struct digest *sampled, *tail; /* by column */
};

/* *likeness is NULL where the survey summed nothing up. Borrows the selection; `codec` is that of
 * the rows (copy_codec decides for tables without a binary form). */
bool likeness_new(const struct selection *selection, const struct codec *codec,
                  struct likeness **likeness, struct error *err);
void likeness_free(struct likeness *likeness); /* NULL is fine */

/* *part is NULL where nothing of the table is compared. */
bool likeness_part_new(const struct likeness *likeness, const struct table *table,
                       struct likeness_part **part, struct error *err);
void likeness_part_free(struct likeness_part *part); /* NULL is fine */
/* Adds what the part summed up; any thread. */
bool likeness_take(struct likeness *likeness, const struct likeness_part *part, struct error *err);

/* Once all rows were copied: both parts of one of the survey's distributions. */
bool likeness_finish(const struct likeness *likeness, uint32_t number, struct arena *arena,
                     struct distribution *sampled, struct distribution *whole, struct error *err);

AUTO_DEFINE(likeness, struct likeness, likeness_free)

#endif
