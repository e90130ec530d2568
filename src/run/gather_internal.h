/* What the files that gather for the linkage attacks share. */
#ifndef UNDERSTUDY_RUN_GATHER_INTERNAL_H
#define UNDERSTUDY_RUN_GATHER_INTERNAL_H

#include "run/gather.h"
#include "transform/warp.h"

#include <pthread.h>
#include <stdatomic.h>

struct entry { /* one event of a subject, in a heap with the greatest order on top */
    uint64_t order;
    struct linkage_event event;
};

struct holder {
    uint64_t subject;
    struct buf *entries; /* of struct entry */
};

/* One way in which times of subjects are hidden. */
struct mask {
    enum gather_way way;
    struct linkage_mask mask;
    double week[LINKAGE_HOURS + 1]; /* of the mask */
    const struct warp *warp;        /* of constant ways and warps */
    size_t column_count;
};

struct gathering {
    struct arena *arena; /* owned */
    const struct binding *binding;
    struct gather_table *tables; /* by table index */
    size_t mask_count, main;     /* main: the mask of most columns */
    struct mask *masks;          /* the weakest first */
    size_t other_columns;
    int64_t *units; /* by column that is an event */
    size_t most_events;
    pthread_mutex_t mutex;      /* guards what follows but for `limit`, which is read without it */
    atomic_uint_fast64_t limit; /* subjects from here on have no place */
    bool is_cut;
    size_t count, events;
    struct holder *holders; /* ascending by subject, room for GATHER_SUBJECTS + 1 */
};

/* Subjects' rows of it reach staging. */
bool gather_has_subjects(const struct bound_table *table);
/* What one variant of a column does to its times. */
struct mask gather_variant_mask(const struct bound_column *column, size_t variant);
/* Its place among those that are attacked; -1: it is none of them. */
int gather_mask_find(const struct gathering *gathering, const struct mask *mask);
/* Fills the masks, the weakest first. */
bool gather_masks_choose(struct gathering *gathering, struct error *err);

#endif
