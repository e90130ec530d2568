/* What the tail adds to choosing. Before rows are chosen, once for all steps of the budget:
 *
 *     gather   a chooser of its own walks from the pins, then from all witnesses of rare strata,
 *              and notes which row refers to which: a row_graph
 *     cover    takes witnesses out of it while the budget of tails lasts
 *     complete measures what start rows that come with them would bring as whole rows
 *
 * Then the rows are chosen: first start, sample and full tables with the completed rows among the
 * start rows, closed; then pins and tails, closed. What the second walk adds is what only they
 * bring. Inside of choose/ only. */
#ifndef UNDERSTUDY_CHOOSE_TAILS_H
#define UNDERSTUDY_CHOOSE_TAILS_H

#include "choose/cover.h"
#include "choose/state.h"

struct tail_seed {
    struct row_place place;
    uint32_t stratum; /* the rarest that it is a witness of, or whose witness it came with */
    bool is_witness;
};

/* A start row that comes with a pin or a witness, and what it would bring as a whole row. */
struct cluster {
    struct row_place place;
    uint64_t hash; /* keyed, of its identity */
    uint64_t rows; /* with its children, theirs, and itself */
    bool is_cut;   /* it grew too large, and was not followed to its end */
};

struct tail_table {
    size_t relation_count;
    struct bitmap **pins, **tails; /* by relation; NULL: none. Rows with that first reason */
    size_t cluster_count;
    struct cluster *clusters; /* smallest first, then by hash */
};

struct tail_stratum {
    bool is_left_out;   /* its witnesses were too many to look at */
    bool is_capped;     /* some witness has more children than may come */
    bool *has_children; /* by witness: it came, and all its children with it */
};

struct tails {
    struct arena *arena; /* owned */
    const struct survey *survey;
    size_t seed_count;
    struct tail_seed *seeds;     /* by place */
    struct tail_table *tables;   /* by table index */
    struct tail_stratum *strata; /* by stratum */
    size_t table_count;
    uint64_t budget_rows, spent_rows, over_rows;
    uint64_t memory_peak;
};

/* tails.c. *tails is NULL where nothing is sought. */
bool tails_new(const struct chooser_request *request, const struct survey *survey,
               struct tails **tails, struct error *err);
void tails_free(struct tails *tails);
/* NULL: the row is no seed. */
const struct tail_seed *tails_find(const struct tails *tails, const struct row_place *place);

/* Of a start table of which a part is drawn, so that its rows may be completed: how many are drawn
 * without tails; and how many rows one of them brings on average, at least 1. Else 0. */
double tails_drawn_rows(const struct table_state *table, const struct survey *survey);
uint32_t tails_burden(const struct table_state *table, const struct survey *survey);

/* gather.c */
#define GATHER_NODES_MOST 500000u

/* Keys of witnesses whose children are read along one edge: those of first witnesses, which must
 * come, before those of further ones. */
struct brood {
    bool is_used;
    struct wanted keys[2];
    bool is_left_out[2];
};

struct gather {
    struct chooser *chooser;
    const struct survey *survey;
    struct arena *arena;
    struct row_graph *graph; /* owned by the caller */
    struct tails *tails;
    /* witnesses, by place and stratum */
    size_t entry_count;
    struct gather_entry {
        struct row_place place;
        uint32_t stratum, rank;
    } * entries;
    /* keys by which children are read, and the rows that hold them */
    size_t parent_count, parent_capacity;
    struct gather_parent {
        uint32_t node, edge, key;
        int pass; /* 0: some first witness of a stratum, 1: further ones */
    } * parents;
    size_t child_count, child_capacity;
    struct gather_child {
        uint32_t edge, key, node; /* ROW_NONE: a row of a pin */
        bool is_capped;
    } * children;
    struct brood *broods; /* by edge index */
};

bool gather_run(struct gather *gather, struct error *err);
void gather_release(struct gather *gather);
/* True when children along the stratum's edge come with its witnesses. */
bool gather_brings_children(const struct gather *gather, const struct stratum *stratum);
/* The first entry of the place; the place must have one. */
const struct gather_entry *gather_find(const struct gather *gather, const struct row_place *place);
/* True when its children were too many to look at. */
bool gather_is_left_out(const struct gather *gather, const struct gather_parent *parent);
/* True when its witnesses come together or not at all. */
bool gather_is_together(const struct gather *gather, const struct stratum *stratum);

/* The row comes referenced; one that pins have brought is a node all the same. */
bool gather_meet(struct gather *gather, struct key_scratch *scratch, struct arrival *arrival,
                 struct row_place *place, uint32_t *node, struct error *err);

/* broods.c: reads the children that come with witnesses */
bool broods_read(struct gather *gather, struct error *err);

/* units.c: from what was gathered to a cover, and from it to seeds */
bool units_cover(struct gather *gather, struct cover *cover, struct error *err);

/* clusters.c: fills hash and rows of `count` clusters, which are sorted by place. Rows above
 * `most` are not counted. */
bool clusters_measure(struct chooser *chooser, struct cluster *clusters, size_t count,
                      uint64_t most, struct error *err);

/* complete.c: which rows of a start table become whole because they come anyway, and the fraction
 * below which random ones come beside them. */
struct completion {
    size_t count;   /* the first clusters of the table */
    uint64_t added; /* of these, whole for no other reason: not below the threshold */
    double threshold;
};
/* There is something to complete. */
bool complete_applies(const struct chooser *chooser, const struct table_state *table);
/* `sorted` are the candidates with the smallest hashes; those that leave for others are taken out.
 * Leaves the threshold alone where there is nothing to complete. */
bool complete_number(struct chooser *chooser, struct table_state *table, struct candidate *sorted,
                     size_t *count, struct completion *completion, struct error *err);
bool complete_fraction(struct chooser *chooser, struct table_state *table, double fraction,
                       struct completion *completion, struct error *err);

/* outcome.c */
bool outcomes_set(const struct chooser *chooser, const struct survey *survey,
                  struct selection *selection, struct error *err);

AUTO_DEFINE(tails, struct tails, tails_free)

#endif
