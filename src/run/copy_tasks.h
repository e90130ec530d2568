/* The chunks of a copy, and where their rows stand. */
#ifndef UNDERSTUDY_RUN_COPY_TASKS_H
#define UNDERSTUDY_RUN_COPY_TASKS_H

#include "run/copy.h"

/* A chunk of a relation: every step-th stripe of its addresses from the first on, so that each
 * chunk is drawn from all of the relation. One chunk of neighbors would tell when its rows were
 * made. */
struct copy_task {
    const struct selected_table *table;
    const struct selected_relation *relation;
    enum read_by by;
    bool is_filtered;              /* all is read, and rows that were not chosen passed over */
    uint64_t first, step, stripes; /* numbers of stripes; READ_ALL has none */
    uint64_t low, span;            /* where they begin, and addresses in a stripe */
    uint64_t weight;               /* rows, about, for the order of tasks */
};

struct copy_task_list {
    size_t count, capacity;
    struct copy_task *items; /* the largest first */
};

/* Lists the chunks of all that was chosen, in `arena`, and finds the keys of rows that no read has
 * brought yet, so that every row can be read by its address. */
bool copy_tasks_list(const struct selection *selection, struct crew *crew, struct arena *arena,
                     struct copy_task_list *tasks, struct error *err);

/* The stripe of an address. */
uint64_t copy_stripe_of(const struct copy_task *task, uint64_t address);
/* Where a stripe begins; what may stand in front of the range belongs to the first. The last
 * address where there is no such stripe. */
uint64_t copy_stripe_begin(const struct copy_task *task, uint64_t stripe);

#endif
