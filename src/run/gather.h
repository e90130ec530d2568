/* The sample that linkage attacks are measured on: of at most GATHER_SUBJECTS subjects, those with
 * the smallest keyed hashes, at most GATHER_EVENTS events each, again by keyed hash: times that
 * stayed exact, became coarser or moved with their subject, before and after, with the amount and
 * the quantity of their row. Taken from the rows as they are rewritten; what the target holds is
 * later compared with what was sent, by checksum, so it is taken from the target too. The same
 * whatever the number of workers and the order of rows.
 *
 * Columns may be masked differently; each mask is attacked by itself, because whoever finds a
 * person by the weakest has found them. The weakest GATHER_MASKS - 1 are told apart, and the one of
 * most columns.
 *
 * Memory: 64 bytes an event, at most the ceiling; where it ends, the subjects with the greatest
 * hashes go. Rows of shared calendars (subjects.none) are nobody's and stay out. */
#ifndef UNDERSTUDY_RUN_GATHER_H
#define UNDERSTUDY_RUN_GATHER_H

#include "choose/choose.h"
#include "linkage/linkage.h"

#define GATHER_SUBJECTS 5000u
#define GATHER_EVENTS   400u
#define GATHER_MASKS    4u

/* How a time got into staging, the weakest way first. */
enum gather_way {
    GATHER_EXACT,    /* as it was */
    GATHER_COARSE,   /* in the same order, on a coarser scale (bucket, round, truncate) */
    GATHER_CONSTANT, /* shift, the same for all times of a subject */
    GATHER_WARP,     /* shift */
    GATHER_OTHER,    /* shift of one column by itself (`unique: true`): no attack is made on it */
    GATHER_NONE      /* nothing of the time is left, or it never was an event */
};

/* "none", "coarse", "constant", "warp": what the report calls the mask */
const char *gather_way_name(enum gather_way way);

struct gathered_event {
    uint64_t subject, order; /* keyed hashes */
    struct linkage_event event;
};

/* What is gathered of a table's rows. */
struct gather_table {
    size_t time_count; /* columns that are events; 0: nothing is gathered */
    bool *is_time;     /* by bound column: some rule of it is one of the masks */
    int8_t **masks;    /* by bound column and variant: which mask, -1: none */
    uint32_t *kinds;   /* by bound column: linkage_event.kind under mask 0; the masks follow */
    int32_t amount;    /* bound column, -1: none */
    int32_t quantity;  /* the same */
};

struct gathering;

/* *gathering is NULL where no time of a subject is exact, coarse or shifted. Borrows the binding.
 */
bool gathering_new(const struct binding *binding, size_t ceiling, struct gathering **gathering,
                   struct error *err);
void gathering_free(struct gathering *gathering); /* NULL is fine */

const struct gather_table *gathering_table(const struct gathering *gathering,
                                           const struct table *table);
/* False where the subject has no place in the sample any more; any thread, no lock. */
bool gathering_wants(const struct gathering *gathering, uint64_t subject);
/* Takes events over; any thread. */
bool gathering_add(struct gathering *gathering, const struct gathered_event *events, size_t count,
                   struct error *err);

/* Masks are numbered from 0, the weakest first. */
size_t gathering_mask_count(const struct gathering *gathering);

/* Once all rows were copied: the events under one mask, of the subjects that have any. With
 * GATHER_ALL those of every mask, and of the masks the one of most columns. `mask` is good as long
 * as the gathering. Events of a subject stand in the order of their hashes. */
enum { GATHER_ALL = -1 };
struct gather_result {
    struct linkage_population population;
    struct linkage_mask mask;
    const int64_t
        *units; /* microseconds that an event's column counts in, by kind / GATHER_MASKS */
    enum gather_way way;
    size_t column_count, other_columns; /* under the mask; under masks that are left out */
    bool has_amounts, has_quantities;
    bool is_cut; /* there were more subjects than fit */
};
bool gathering_finish(const struct gathering *gathering, int mask, struct arena *arena,
                      struct gather_result *gathered, struct error *err);

/* Columns with times in tables that got rows, which no attack is made on. */
struct gather_survey {
    size_t ownerless; /* exact, and the profile names no subjects: whose they are is not known */
    size_t ambiguous; /* exact, in a table with several ways up to a subject */
    size_t hidden;    /* copied as they were inside arrays and ranges of a subject's table */
    size_t other;     /* GATHER_OTHER, of subjects */
};
void gathering_survey(const struct selection *selection, struct gather_survey *survey);

AUTO_DEFINE(gathering, struct gathering, gathering_free)

#endif
