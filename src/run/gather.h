/* The sample that linkage attacks are measured on: of at most GATHER_SUBJECTS subjects, those with
 * the smallest keyed hashes, at most GATHER_EVENTS events each, again by keyed hash: times under
 * `shift` before and after, with the amount and the quantity of their row. Taken from the rows as
 * they are rewritten; what the target holds is later compared with what was sent, by checksum, so
 * it is taken from the target too. The same whatever the number of workers and the order of rows.
 *
 * Memory: 64 bytes an event, at most the ceiling; where it ends, the subjects with the greatest
 * hashes go. Rows of shared calendars (subjects.none) are nobody's and stay out. */
#ifndef UNDERSTUDY_RUN_GATHER_H
#define UNDERSTUDY_RUN_GATHER_H

#include "bind/bind.h"
#include "linkage/linkage.h"

#define GATHER_SUBJECTS 5000u
#define GATHER_EVENTS   400u

struct gathered_event {
    uint64_t subject, order; /* keyed hashes */
    struct linkage_event event;
};

/* What is gathered of a table's rows. */
struct gather_table {
    size_t time_count; /* columns that are events; 0: nothing is gathered */
    bool *is_time;     /* by bound column: some rule of it moves times as the mask says */
    uint32_t *kinds;   /* by bound column: linkage_event.kind */
    int32_t amount;    /* bound column, -1: none */
    int32_t quantity;  /* the same */
};

struct gathering;

/* *gathering is NULL where no time of a subject is shifted. Columns under another mask than most
 * are left out, and counted. Borrows the binding. */
bool gathering_new(const struct binding *binding, size_t ceiling, struct gathering **gathering,
                   struct error *err);
void gathering_free(struct gathering *gathering); /* NULL is fine */

const struct gather_table *gathering_table(const struct gathering *gathering,
                                           const struct table *table);
/* True when a rule moves times as the mask says. */
bool gathering_is_mask(const struct gathering *gathering, const struct prepared_transform *rule);
/* False where the subject has no place in the sample any more; any thread, no lock. */
bool gathering_wants(const struct gathering *gathering, uint64_t subject);
/* Takes events over; any thread. */
bool gathering_add(struct gathering *gathering, const struct gathered_event *events, size_t count,
                   struct error *err);

/* Once all rows were copied; events of a subject stand in the order of their hashes. `mask` is good
 * as long as the gathering. */
struct gather_result {
    struct linkage_population population;
    const struct linkage_mask *mask;
    size_t column_count, other_columns; /* under the mask; shifted in another way and left out */
    bool has_amounts, has_quantities;
    bool is_cut; /* there were more subjects than fit */
};
bool gathering_finish(const struct gathering *gathering, struct arena *arena,
                      struct gather_result *gathered, struct error *err);

AUTO_DEFINE(gathering, struct gathering, gathering_free)

#endif
