/* Which rows: start rows, pins, full and small tables, closed over the edges within the budget,
 * into the frozen selection.
 *
 * Semi-naive fixpoint. Every row is read once when it is added, with its link columns (the columns
 * of every edge it takes part in, its discriminators, its identity). A whole row's referenced keys
 * go into the pending set of each followed edge below it; every row's foreign keys go into the
 * wanted set of each edge above it. A round takes the pending and wanted sets of all edges and
 * turns each into reads: keyed lookups in batches of 10,000 below a tenth of the table, one pass
 * over the link columns above (or where no index serves), matched in the program only where equal
 * means equal bytes. Never a query for each row. */
#ifndef UNDERSTUDY_CHOOSE_CHOOSE_H
#define UNDERSTUDY_CHOOSE_CHOOSE_H

#include "bind/identity.h"
#include "survey/survey.h"

enum chosen_reason { /* each row counts once, by the first in this order */
                     CHOSEN_PIN,
                     CHOSEN_TAIL,
                     CHOSEN_START,
                     CHOSEN_SAMPLE,
                     CHOSEN_FULL_TABLE,
                     CHOSEN_CHILD,
                     CHOSEN_PARENT,
                     CHOSEN_COUNT
};

struct selected_relation {
    const struct relation *relation;
    struct bitmap *rows; /* addresses of all chosen rows; NULL when is_everything */
    /* Of these, rows that only tails and pins brought: witnesses, what came with them, their
     * parents; not those that became whole. NULL: none. */
    struct bitmap *tail_rows;
    bool is_everything; /* every row of the relation: no set is held */
    uint64_t row_count; /* everything: counted exactly */
};

struct selected_table {
    const struct bound_table *table;
    size_t relation_count;
    struct selected_relation *relations;
    uint64_t row_count, whole_count;
    uint64_t source_rows; /* exact where the table was read in full, else an estimate */
    bool source_rows_estimated;
    uint64_t chosen[CHOSEN_COUNT];
    double threshold; /* the fraction that membership ended at; 1 for full and small */
    struct map *up;   /* subject links: see selection_subject; NULL: none needed */
};

struct selected_edge {
    uint64_t cut;          /* children left out by a take */
    uint64_t orphans_kept; /* chosen rows whose parent does not exist in production */
    uint64_t orphans_source;
    bool orphans_estimated; /* orphans_source is not exact */
    struct map *missing;    /* canonical bytes of dangling key values -> chosen rows with them */
    struct map
        *parent_keys; /* parent: cut only: canonical bytes of keys that are in the selection */
};

struct selected_pin {
    uint64_t source_rows, kept;
};

enum stratum_outcome {
    OUTCOME_COMMON,      /* not rare: nobody sought it */
    OUTCOME_COVERED,     /* as many witnesses as wanted */
    OUTCOME_PARTLY,      /* at least one */
    OUTCOME_BUDGET,      /* none: it would bring more rows than the budget has left or allows */
    OUTCOME_CAP,         /* its children are more than max_children: not all of them came */
    OUTCOME_BOUND,       /* none: a sketch was full */
    OUTCOME_MASKED_AWAY, /* its columns' rules do not preserve what it needs */
    OUTCOME_COUNT
};

struct selected_stratum {
    enum stratum_outcome outcome;
    uint64_t kept; /* known witnesses that are in the selection */
};

struct selected_tails {                  /* all 0 without a survey */
    uint64_t rare, covered, masked_away; /* covered: outcomes COVERED and PARTLY */
    uint64_t budget_rows;                /* that the budget allows */
    uint64_t spent_rows;                 /* witnesses, their parents, children that came for them */
    uint64_t over_rows;                  /* of these, first witnesses beyond the budget */
    uint64_t completed_rows;             /* start rows that came as parents and were made whole */
};

struct selection {
    struct arena *arena; /* owned */
    const struct binding *binding;
    struct selected_table *tables;   /* by table index */
    struct selected_edge *edges;     /* by edge index */
    struct selected_pin *pins;       /* by pin */
    const struct survey *survey;     /* borrowed; NULL: there was none */
    struct selected_stratum *strata; /* by stratum of the survey */
    struct selected_tails tails;
    uint64_t rows_source, rows_kept;
    uint64_t memory_bytes; /* of the sets, at their peak */
    uint64_t spilled_bytes;
    uint64_t subjects_by_reference, subjects_by_identity; /* rows whose way up is NULL or dangles */
    bool has_subject_rows;                                /* the watch asked for the three below */
    uint64_t subject_count;     /* subjects that have rows in tables with times */
    uint64_t subject_rows;      /* these rows */
    uint64_t subject_rows_most; /* of the greatest subject */
    unsigned rounds;
};

struct choose_watch { /* progress and interruption; all may be NULL; from any reader's thread */
    /* rows: read since the last call */
    void (*progress)(void *context, const char *table, uint64_t rows);
    bool (*is_interrupted)(void *context);
    void *context;
    bool counts_subjects; /* rows for each subject: reads the links of all rows with times */
};

/* By table index: staging gets rows of it; all of them come, as long as no budget shrinks the
 * fractions (full, small and counted exactly, start with all its rows, and what hangs on these
 * completely). Before the survey, which has nothing to seek there. */
bool choose_extent(const struct binding *binding, const struct readers *readers,
                   struct arena *arena, bool *is_present, bool *is_everything, struct error *err);

/* `survey` may be NULL: no tails. It must outlive the selection. */
bool choose_rows(const struct binding *binding, const struct readers *readers,
                 const struct survey *survey, const struct choose_watch *watch,
                 struct selection **selection, struct error *err);
void selection_free(struct selection *selection);

/* The keyed hash of a row's subject, found by its path up: `cells` are the raw cells of all
 * bound columns of the row, `discriminators` those of its when-fields. Follows selected_table->up
 * from table to table. Only `scratch` is written to; safe from every thread. */
bool selection_subject(const struct selection *selection, const struct bound_table *table,
                       struct key_scratch *scratch, const struct span *cells,
                       const bool *discriminators, uint64_t *subject, struct error *err);

/* Why is this row in the subset: a second run of choose that remembers where each row of the
 * chain came from. `steps` from the row back to a start row, pin or sample. */
struct why_step {
    const struct table *table;
    uint16_t relation;
    uint64_t address;
    enum chosen_reason reason;
    const struct edge *edge; /* by which it came; NULL for the first reason */
    bool is_whole;
    const struct stratum *stratum; /* CHOSEN_TAIL: of the survey; else NULL */
    bool is_witness;               /* of the stratum; else it came with a witness of it */
};

struct why_chain {
    bool is_chosen;
    size_t step_count;
    struct why_step *steps;
    const char *absence; /* why not, in a sentence, when !is_chosen */
};

/* Rows of one table, all answered by one choosing run. */
struct why_request {
    const struct bound_table *table;
    size_t count;
    size_t parts;                   /* values of each key: one for each identity column */
    const char *const *const *keys; /* keys[row][part], in text form */
};

/* `chains` has room for request->count. `survey` as for choose_rows. */
bool choose_why(const struct binding *binding, const struct readers *readers,
                const struct survey *survey, const struct why_request *request, struct arena *arena,
                struct why_chain *chains, struct error *err);

AUTO_DEFINE(selection, struct selection, selection_free)

#endif
