/* Which witnesses come: lazy greedy cover over a graph of rows.
 *
 * A unit comes or stays as one: a witness alone, a witness with its children, or the rows that
 * share a value. What it drags in are its rows and all that these refer to; its cost is how many of
 * them are not in yet, its gain the weight of all open strata that they witness. Gain for cost
 * decides, and falls as strata are covered, so an old figure is mostly an upper bound: only the
 * unit on top of the heap is looked at again (Minoux, "Accelerated greedy algorithms for maximizing
 * submodular set functions", 1978). Cost falls too, where units share rows: units are offered anew
 * when a row with a burden comes that they drag; for others the order is not the exact greedy one,
 * but the same on every day.
 *
 * A row may carry a burden: it will come whole, and its children with it, although only the row
 * itself counts for the budget. So what hangs on few such rows goes first, and further witnesses
 * bring no more of them than are allowed.
 *
 * First every stratum gets a first witness, whatever it costs; then further ones come while the
 * budget lasts. Equal figures are ordered by hash, never by where a row lies; weights are whole
 * numbers, so that no sum depends on an order. Inside of choose/ only. */
#ifndef UNDERSTUDY_CHOOSE_COVER_H
#define UNDERSTUDY_CHOOSE_COVER_H

#include "choose/row_graph.h"

#define COVER_WEIGHT_MOST (UINT64_C(1) << 20)
#define COVER_BURDEN_MOST 100

struct cover_stratum {
    uint64_t weight; /* 1 to COVER_WEIGHT_MOST */
    uint32_t wanted;
    uint32_t have; /* witnesses that are in */
};

struct cover_unit {
    uint64_t hash;        /* of its (first) witness's identity */
    uint64_t tie;         /* where hashes of several tables are equal */
    uint32_t root, roots; /* in cover.roots */
    uint32_t own, owns;   /* in cover.owns: strata that only the whole unit witnesses */
    bool is_taken;
};

struct cover {
    /* given */
    const struct row_graph *graph; /* closed */
    const uint32_t *witness_first; /* by node, one more than nodes; in witnessed */
    const uint32_t *witnessed;     /* strata of which the node alone is a witness */
    size_t stratum_count;
    struct cover_stratum *strata;
    size_t unit_count;
    struct cover_unit *units;
    const uint32_t *roots;
    const struct cover_own {
        uint32_t stratum;
        uint32_t witnesses; /* that the unit holds of it */
    } * owns;
    uint64_t budget;
    const uint32_t *burdens; /* by node, at most COVER_BURDEN_MOST; NULL: none */
    uint64_t burdened_most;  /* such rows of one first witness, or in for further ones */
    uint64_t first_most;     /* rows that one first witness beyond the budget may cost */
    /* by node: it is in the selection; given: of pins. What a row that is in refers to is in. */
    bool *is_in;
    /* found */
    uint64_t spent;    /* rows that came */
    uint64_t burdened; /* of these, with a burden */
    uint64_t over;     /* of these, for first witnesses, beyond the budget */
};

/* Working memory comes from `arena`. */
bool cover_run(struct cover *cover, struct arena *arena, struct error *err);

#endif
