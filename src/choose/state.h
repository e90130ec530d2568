/* What choosing knows while it runs. Sets only grow; what a round adds does not depend on the order
 * in which its rows arrive, so several readers may deliver them, one batch at a time, under one
 * lock. Inside of choose/ only. */
#ifndef UNDERSTUDY_CHOOSE_STATE_H
#define UNDERSTUDY_CHOOSE_STATE_H

#include "choose/choose.h"
#include "choose/keyset.h"
#include "choose/row_graph.h"
#include <pthread.h>
#include <stdatomic.h>

struct chooser;
struct table_state;
struct edge_state;

/* One key of a parent table that edges refer to. Edges whose equality is not that of bytes have a
 * target of their own, because their operators do the looking up. */
struct target {
    uint32_t number;
    struct table_state *parent;
    struct key_form form;
    struct key_side side;    /* on the parent's link row */
    const struct edge *edge; /* the first: its operators serve the lookup */
    bool is_indexed;
    bool is_tracked;          /* keys of arriving rows are kept in `have` */
    bool is_exact;            /* a key that was not found does not exist */
    struct keyset have;       /* keys of rows that are in the selection */
    struct wanted missing;    /* keys that were looked up and are not there */
    struct keyset impossible; /* keys that no value of the parent's type can equal */
    struct wanted fresh;      /* references to be looked up in the next round */
    struct wanted taken;      /* those of this round */
    struct key_list list;     /* of `taken`, sorted */
    bool is_passed;           /* this round: by a pass over the table, not by lookups */
    struct target *next;      /* of the same parent */
};

struct edge_state {
    const struct bound_edge *bound;
    const struct edge *edge;
    struct table_state *child, *parent;
    struct target *target;
    struct key_side side;       /* on the child's link row */
    const char *expression;     /* JSON path, else NULL */
    int32_t when;               /* position in the child's link row; -1: always */
    bool is_used;               /* not ignored: child and parent are in staging */
    bool pulls;                 /* brings parents in */
    bool follows;               /* children of whole rows are read along it */
    bool is_enforced;           /* the database promises that the parent is there */
    double fraction;            /* of a take by fraction, after the budget */
    uint64_t cut;               /* of a take by count: that many times too much */
    struct wanted fresh, taken; /* keys of whole parents whose children are to come */
    struct key_list list;
    bool is_passed;
    struct map *references; /* keys that chosen rows refer to -> how many rows; where dangling
                               ones must be counted, or are cut; else NULL */
};

struct relation_state {
    struct bitmap *rows;  /* NULL where the table is everything */
    struct bitmap *whole; /* NULL where all rows are whole */
    struct bitmap *seeds; /* everything: rows with an earlier reason than the table's; while
                             witnesses are gathered: rows of pins */
    uint64_t row_count;   /* everything, or ADDRESS_ROW: rows counted */
    uint64_t whole_count; /* ADDRESS_ROW: of these */
    /* ADDRESS_ROW: by reason, the addresses that count there, which may be several rows each; NULL
     * for everything, and for other relations. */
    struct bitmap **reasons;
    /* With tails, else NULL: rows that will come by pins and tails, whichever way they come first;
     * rows that nothing but these has brought. */
    const struct bitmap *pins, *tails;
    struct bitmap *tail_rows;
};

struct subject_state;

struct table_state {
    const struct bound_table *bound;
    const struct table *table;
    const struct codec *codec; /* the chooser's */
    bool is_present;           /* not excluded, not empty */
    bool is_everything;        /* every row comes */
    bool is_all_whole;         /* and is whole */
    enum chosen_reason reason; /* of everything */
    struct relation_state *relations;
    struct bitmap **referenced_seeds; /* by relation: seeds that are not whole at first */
    uint64_t chosen[CHOSEN_COUNT];
    uint64_t rows_seen; /* rows of the last complete pass */
    bool is_counted;    /* rows_seen is the table's exact number of rows */
    double threshold;
    /* the link row */
    size_t field_count;
    struct field *fields;
    uint32_t *positions;      /* by column index; UINT32_MAX: not read */
    uint32_t *discriminators; /* by number: position */
    bool has_identity;        /* identity columns are read */
    size_t up_count, down_count;
    struct edge_state **up, **down;
    struct target *targets;
    struct subject_state *subject; /* NULL: no links are kept for this table */
};

/* Rows of the tables that may be small, counted once for all choosers of a run. */
struct extent {
    int64_t *counts; /* by table index; EXTENT_UNKNOWN: not counted yet */
};
#define EXTENT_UNKNOWN (-1)

struct pin_state {
    uint64_t rows;
};

struct chooser {
    struct arena *arena; /* owned */
    const struct binding *binding;
    const struct readers *readers;
    const struct choose_watch *watch;
    struct extent *extent; /* of the request; only the leader's thread looks at it */
    const struct codec *codec;
    const struct tails *tails; /* of the request */
    double scale;              /* of fractions; below 1 when the budget shrinks them */
    uint64_t row_limit;        /* give up above this many rows; 0: none */
    bool is_over;              /* row_limit was passed */
    struct table_state *tables;
    struct edge_state *edges;
    struct pin_state *pins;
    struct map *provenance;   /* why: row -> how it came; else NULL */
    struct map *subject_rows; /* subject_entry -> rows; NULL: nobody asked */
    uint64_t rows;            /* in sets and in whole tables, so far */
    uint64_t memory, memory_peak;
    uint64_t subjects_by_identity;
    unsigned rounds;
    unsigned batches;        /* since the memory was counted */
    bool is_gathering;       /* for the row graph, nothing else: no subjects, no tables in full */
    bool is_everything_read; /* keys of tables that come whole are known */
    bool is_tail_walk;       /* what comes now, nothing but pins and tails has brought */
    struct row_graph *graph; /* notes rows that arrive and what they refer to; else NULL */
    uint32_t row;            /* of the graph: the one that arrives */
    uint32_t target_count;
    uint64_t completed;   /* start rows that are whole because they came anyway */
    size_t other_bytes;   /* of what helps choosing, for the ceiling of memory */
    pthread_mutex_t lock; /* guards all of the above while readers deliver */
    bool has_lock;
};

/* A row as it is met: what it came for, and its link cells. */
struct arrival {
    struct table_state *table;
    uint16_t relation;
    uint64_t address;
    const struct span *cells;
    enum chosen_reason reason;
    bool is_whole;
    const struct edge_state *edge; /* NULL: a seed */
};

/* Where rows of a read go. `batch` is called outside the lock. */
struct row_sink {
    bool (*batch)(const struct row_sink *sink, struct key_scratch *scratch,
                  const struct batch *batch, struct error *err);
    struct chooser *chooser;
    struct table_state *table;
    const void *context;
};

/* What is asked of a chooser. */
struct chooser_request {
    const struct binding *binding;
    const struct readers *readers;
    const struct choose_watch *watch; /* or NULL */
    struct extent *extent;
    const struct tails *tails; /* or NULL */
    bool with_provenance;
    bool is_gathering;
    double scale;
    uint64_t row_limit; /* 0: none */
};

/* choose.c: tables and edges, nothing read. */
bool chooser_new(const struct chooser_request *request, struct chooser **chooser,
                 struct error *err);
/* Seeds, and rounds to the fixpoint. When row_limit ended it early the chooser says
 * is_over and its sets are not complete. The caller frees. */
bool chooser_run(const struct chooser_request *request, struct chooser **chooser,
                 struct error *err);
void chooser_free(struct chooser *chooser);
bool row_is_chosen(const struct table_state *table, uint16_t relation, uint64_t address);

bool chooser_settle(struct chooser *chooser, struct error *err);

/* links.c */
bool links_prepare(struct chooser *chooser, struct error *err);

/* everything.c: tables that come as they are */
bool extent_new(const struct binding *binding, struct arena *arena, struct extent **extent,
                struct error *err);
bool everything_settle(struct chooser *chooser, struct error *err);
bool everything_read(struct chooser *chooser, struct error *err);

/* seed.c */
struct candidate { /* of the N smallest hashes */
    uint64_t hash;
    uint64_t address;
    uint16_t relation;
};
bool seed_pins(struct chooser *chooser, struct error *err);
/* Start tables, then sampled ones. */
bool seed_starts(struct chooser *chooser, struct error *err);
bool seed_tails(struct chooser *chooser, struct error *err);

/* places.c: reads the link columns of rows by address. `places` are sorted; sink->table is set for
 * each read. */
bool places_read(struct chooser *chooser, const struct row_place *places, size_t count,
                 const struct row_sink *sink, struct error *err);

/* pass.c */
bool pass_read(struct chooser *chooser, const struct scan *scan, const char *where,
               const struct row_sink *sink, struct db *reader, struct error *err);
/* Compares every row with the keys taken in this round. */
bool pass_batch(const struct row_sink *sink, struct key_scratch *scratch, const struct batch *batch,
                struct error *err);

/* round.c */
bool rounds_run(struct chooser *chooser, struct error *err);
/* Children of the keys at [from, to) of a list, as the edge's take says. */
struct children_read {
    struct edge_state *edge;
    const struct key_list *list;
    size_t from, to;
    int64_t limit; /* of the children of each key, whatever the take says; 0: as it says */
};
#define CHILDREN_ALL (-1) /* no limit, whatever the take says */
bool children_read(struct chooser *chooser, const struct children_read *wish,
                   const struct row_sink *sink, struct db *reader, struct error *err);

/* ascend.c, descend.c: one batch of a lookup; what a pass finds */
bool ascend_batch(const struct row_sink *sink, struct key_scratch *scratch,
                  const struct batch *batch, struct error *err);
bool descend_batch(const struct row_sink *sink, struct key_scratch *scratch,
                   const struct batch *batch, struct error *err);
bool ascend_settle(struct chooser *chooser, struct target *target, struct error *err);
bool descend_accepts(struct chooser *chooser, struct edge_state *edge, struct key_scratch *scratch,
                     const struct span *cells, bool *accepts, struct error *err);

/* arrive.c */
bool row_arrive(struct chooser *chooser, struct key_scratch *scratch, const struct arrival *arrival,
                struct error *err);
/* The links of a row that has just come, or become whole. */
bool row_links_up(struct chooser *chooser, struct table_state *table, struct key_scratch *scratch,
                  const struct span *cells, struct error *err);
bool row_links_down(struct table_state *table, struct key_scratch *scratch,
                    const struct span *cells, struct error *err);
bool edge_applies(const struct edge_state *edge, struct key_scratch *scratch,
                  const struct span *cells, bool *applies, struct error *err);
bool row_identity(const struct table_state *table, struct key_scratch *scratch,
                  const struct sipkey *key, const struct span *cells, uint64_t *hash,
                  struct error *err);
/* keyed_hash < fraction */
bool hash_is_below(uint64_t hash, double fraction);

/* reading.c */
void read_init(const struct table_state *table, struct read *read);
bool table_read(struct chooser *chooser, struct db *db, const struct read *read,
                const struct row_sink *sink, struct error *err);
/* Sums the sets; STATUS_LOCAL above --memory. */
bool memory_check(struct chooser *chooser, struct error *err);
static inline void chooser_lock(struct chooser *chooser)
{
    pthread_mutex_lock(&chooser->lock);
}
static inline void chooser_unlock(struct chooser *chooser)
{
    pthread_mutex_unlock(&chooser->lock);
}

/* subject.c */
struct subject_entry {
    uint64_t subject; /* final, or that of the dangling reference */
    uint64_t link;    /* into the next table's entries */
    uint32_t next;    /* table index + 1; 0: final */
    uint32_t padding; /* 0: entries are compared as bytes */
};
/* The subject at the end of the way, once all rows are read. Ends after as many steps as there are
 * tables. */
uint64_t subject_resolve(const struct chooser *chooser, struct subject_entry entry);
bool subjects_prepare(struct chooser *chooser, struct error *err);
bool subject_record(struct chooser *chooser, struct table_state *table, struct key_scratch *scratch,
                    const struct span *cells, struct error *err);
bool subject_needs_rows(const struct chooser *chooser, const struct table_state *table);
bool subjects_resolve(struct chooser *chooser, struct selection *selection, struct error *err);
size_t subject_bytes(const struct table_state *table);
void subject_release(struct table_state *table);

/* subject_rows.c: rows for each subject, where the watch asks for them */
bool subject_rows_wanted(const struct chooser *chooser, const struct table_state *table);
bool subject_rows_add(struct chooser *chooser, const struct subject_entry *entry,
                      struct error *err);
bool subject_rows_settle(const struct chooser *chooser, struct selection *selection,
                         struct error *err);

/* budget.c */
/* The chooser of the largest scale that keeps within the budget. */
bool budget_choose(const struct chooser_request *request, struct chooser **chooser,
                   struct error *err);

/* equal_rows.c: relations without a key, whose equal rows have one address */
bool equal_rows_init(struct chooser *chooser, struct table_state *table, struct error *err);
bool equal_rows_note(struct relation_state *relation, uint64_t address, enum chosen_reason reason,
                     struct error *err);
/* Counts the chosen rows, and their references, by one scan each; chooser->rows with them. */
bool equal_rows_count(struct chooser *chooser, struct error *err);
size_t equal_rows_bytes(const struct relation_state *relation);
void equal_rows_release(struct relation_state *relation);

/* orphans.c: counts the chosen rows behind dangling references of edges that promised none */
bool orphans_read(struct chooser *chooser, struct error *err);

/* selection.c: takes the sets out of the chooser */
bool selection_make(struct chooser *chooser, const struct survey *survey,
                    struct selection **selection, struct error *err);

/* arrive.c: how many chosen rows refer to the key, to be counted up; NULL: memory ended */
uint64_t *reference_rows(struct edge_state *edge, struct key_scratch *scratch,
                         const struct key_image *image, struct error *err);

/* why.c */
/* `first`: the reason that the row counts by, when it is new. */
bool provenance_add(struct chooser *chooser, const struct arrival *arrival,
                    enum chosen_reason first, bool is_new, bool is_newly_whole, struct error *err);

AUTO_DEFINE(chooser, struct chooser, chooser_free)

#endif
