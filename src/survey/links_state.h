/* What links know while a survey runs. Inside of survey/links*.c only. One thread plans, begins and
 * ends tables; batches come from several, which is what the locks are for: a target's guards its
 * store, a table's its tallies. */
#ifndef UNDERSTUDY_SURVEY_LINKS_STATE_H
#define UNDERSTUDY_SURVEY_LINKS_STATE_H

#include "graph/key.h"
#include "survey/links.h"
#include "survey/links_store.h"
#include <pthread.h>

enum {
    LINK_VALUES_MAX = 8,      /* times and amounts kept of each parent row */
    LINK_REFERENCES_MAX = 8,  /* its own references, for diamonds */
    LINK_SELF_MAX = 3,        /* references of a table to itself, three words each */
    LINK_DIFFERENCES_MAX = 16 /* pairs of columns across an edge */
};

/* Rows of one kind, and the few that stand for them. */
struct tally {
    uint64_t rows;
    struct witness_list witnesses;
};

/* Where a cell of a batch is found. */
struct cell_source {
    bool is_extra;
    uint32_t index; /* among links_fields, or survey_column.index */
};

/* One side of a key as it stands in batches. */
struct link_side {
    struct key_side side; /* positions count up from 0 */
    struct cell_source *sources;
    bool is_plain; /* one int2, int4 or int8 on both sides: read without a detour */
};

/* The keys of a batch's rows, in order of rows; several a row only where the side is an array. */
struct link_keys {
    size_t count, capacity;
    uint64_t *keys;
    uint32_t *rows;
};

enum attribute_kind { ATTRIBUTE_TIME, ATTRIBUTE_AMOUNT, ATTRIBUTE_REFERENCE, ATTRIBUTE_SELF };

struct attribute {
    enum attribute_kind kind;
    unsigned at;                       /* in the slot; ATTRIBUTE_SELF: key low, high, depth */
    const struct bound_column *column; /* TIME, AMOUNT */
    uint32_t source;                   /* its survey_column.index */
    struct link *link;                 /* REFERENCE, SELF: of the parent table */
};

/* One key of a parent table; all edges whose keys are compared alike share it. */
struct link_target {
    const struct table *parent;
    struct key_form form;
    struct link_side side;
    struct sipkey key; /* of the hashes of keys that are no numbers */
    size_t attribute_count;
    struct attribute attributes[LINK_VALUES_MAX + LINK_REFERENCES_MAX + LINK_SELF_MAX];
    unsigned words;    /* of attributes */
    unsigned counters; /* links */
    struct link *links;
    struct store *store;  /* NULL: not begun, or freed */
    pthread_mutex_t lock; /* guards the store */
    bool has_lock;
    unsigned tables_left;     /* parent and children that have not ended */
    bool is_complete;         /* all parent rows are in */
    struct link_target *next; /* of the same parent */
};

struct link_table;

/* The rows of the greatest value met so far. */
struct extreme {
    bool is_set;
    double value;
    unsigned bucket; /* where they are counted as well */
    struct tally tally;
};

/* A column of the child against one of the parent. */
struct difference {
    bool is_time; /* else amounts */
    const struct bound_column *child, *parent;
    uint32_t source; /* the child's survey_column.index */
    unsigned value;  /* position among the link's values */
    unsigned bucket_count;
    struct tally *buckets;
    struct extreme greatest, least; /* least: of the negated difference */
};

/* An edge that is looked at. */
struct link {
    const struct edge *edge;
    const struct bound_edge *bound;
    struct link_table *child;
    struct link_target *target;
    unsigned counter;
    struct link_side side;
    int32_t when;   /* among the child's extra fields; -1: always */
    bool is_self;   /* within one table */
    bool is_direct; /* the parents are known before the children come */
    struct tally orphans;
    size_t difference_count;
    struct difference *differences;
    size_t value_count; /* attributes of the parent that its differences or diamonds compare */
    unsigned values[LINK_VALUES_MAX + LINK_REFERENCES_MAX];
    struct link *next_of_target;
};

/* Several relations on the same columns, told apart by discriminators. */
struct type_group {
    const struct edge *edge; /* the first */
    size_t when_count;
    uint32_t *whens; /* extra fields */
    struct cell_source *sources;
    size_t source_count;
    struct tally uncovered;
};

/* Two ways from a child to one row, which should meet there. */
struct diamond {
    struct link *first, *second;
    const struct link *before, *then; /* the ends of the ways; before: NULL where first is one */
    int first_value;                  /* position among first->values; -1: the key itself */
    int second_value;
    uint64_t compared;
    struct tally apart; /* rows whose ways end in different rows */
};

struct link_gap {
    const struct detector *detector;
    const char *why;
    struct link_gap *next;
};

struct link_table {
    const struct table *table;
    const struct bound_table *bound;
    bool is_surveyed;
    bool is_wanted; /* not surveyed, but parent of surveyed rows */
    size_t link_count;
    struct link **links; /* it is their child */
    struct link_target *targets;
    size_t field_count;
    struct field *fields;
    int32_t *discriminators; /* by number: field; -1: not read */
    size_t group_count;
    struct type_group *groups;
    size_t diamond_count;
    struct diamond *diamonds;
    bool *is_needed; /* by column index */
    struct link_gap *gaps;
    pthread_mutex_t lock; /* guards tallies and pool */
    bool has_lock;
    struct witness_pool *pool; /* between begin and end */
    uint64_t tally_limit;      /* above it no row is kept as a witness */
};

struct links {
    struct arena *arena; /* owned */
    const struct survey_request *request;
    const struct binding *binding;
    const struct codec *codec;
    size_t ceiling;            /* of all stores */
    size_t targets_left;       /* that have not begun */
    struct link_table *tables; /* by table index */
    size_t edge_count;
    struct link **by_edge;             /* NULL: not looked at */
    const struct survey_table *survey; /* under way */
    struct link_table *current;
};

/* A batch on its way. */
struct link_batch {
    struct links *links;
    struct link_table *table;
    const struct survey_batch *batch;
    const struct span *const *extras;
    struct key_scratch scratch;
    struct link_keys *keys;  /* by link of the table */
    uint32_t **hashes;       /* by link: of each row's key, 0: none; NULL where not asked for */
    const uint32_t **values; /* by link: values[w * rows + row], 0: none */
};

extern const struct detector links_difference; /* links_detectors.c */

/* links_plan.c */
bool links_plan(struct links *links, struct error *err);
bool link_gap_add(struct links *links, struct link_table *table, const struct detector *detector,
                  const char *format, ...) PRINTF_LIKE(4, 5);
/* The position among link->values of the target's attribute, made where it is new; -1: there is no
 * room, or memory ended. */
int link_value(struct link *link, const struct attribute *wanted);
void link_need(struct links *links, const struct column *column);

/* links_keys.c */
struct span link_cell(const struct link_batch *batch, const struct cell_source *source,
                      uint32_t row);
bool link_keys_read(struct link_batch *batch, const struct link_side *side,
                    const struct link_target *target, int32_t when, struct link_keys *keys,
                    struct error *err);
bool link_is_true(struct link_batch *batch, uint32_t field, uint32_t row, bool *is_true,
                  struct error *err);
/* The number that stores know the key by; spoils scratch->bytes. */
bool link_image_key(const struct link_target *target, const struct key_image *image,
                    struct key_scratch *scratch, uint64_t *key, struct error *err);
uint32_t link_hash(uint64_t key); /* never 0 */

/* links_batch.c */
bool link_tally_add(struct link_batch *batch, struct tally *tally, uint32_t row, struct error *err);

/* links_value.c: values of rows in 32 bits */
#define LINK_NO_VALUE 0u
uint32_t link_time(int64_t us); /* minutes; LINK_NO_VALUE beyond the years 0 to 8165 */
uint32_t link_amount(double number);
double link_amount_of(uint32_t value);

/* links_differ.c */
bool differences_plan(struct links *links, struct link *link, struct error *err);
/* Of the table's link of that position; under the table's lock, as the next two. */
bool differences_observe(struct link_batch *batch, size_t link, struct error *err);
bool differences_yield(struct links *links, struct link *link, struct strata *strata,
                       struct error *err);

/* links_diamond.c */
bool diamonds_plan(struct links *links, struct link_table *table, struct error *err);
bool diamonds_observe(struct link_batch *batch, struct error *err);
bool diamonds_yield(struct links *links, struct link_table *table, struct strata *strata,
                    struct error *err);

/* links_orphan.c */
bool types_observe(struct link_batch *batch, struct error *err);
bool orphans_yield(struct links *links, struct link_table *table, struct strata *strata,
                   struct error *err);
/* Of links whose children came before their parents, once both are through. */
bool orphans_settle(struct links *links, struct link_target *target, struct strata *strata,
                    struct error *err);

/* links_fan.c */
bool fan_yield(struct links *links, struct link_target *target, struct strata *strata,
               struct error *err);

/* links_chain.c: references within a table. Depth of a row whose chain was not walked yet; 0 is
 * that of a row that refers to none. */
#define CHAIN_UNKNOWN UINT32_MAX
bool chains_yield(struct links *links, struct link *link, struct strata *strata, struct error *err);

/* links_pick.c: a few keys of a store, and the rows that have them. */
struct pick {
    uint64_t hash; /* keyed, of the key: the smallest are picked */
    uint64_t key;
    uint64_t place; /* as the store has it, or 0 */
};

struct pick_list {
    uint64_t keys;  /* that were offered */
    bool is_sought; /* its rows are wanted */
    size_t count;
    struct pick *picks; /* ascending; room for links_picks */
    struct witness_list witnesses;
};

bool pick_lists_init(struct links *links, struct pick_list *lists, size_t count,
                     struct arena *arena, struct error *err);
void pick_offer(const struct links *links, struct pick_list *list, const struct pick *pick);
uint64_t pick_hash(const struct links *links, const struct link_target *target, uint64_t key);

/* Rows of the lists whose is_sought holds. */
struct pick_read {
    struct link_target *target;
    const struct link *link; /* its children that have the keys; NULL: the parents */
    size_t count;
    struct pick_list *lists;
    struct witness_pool *pool;
};
bool picks_read(struct links *links, const struct pick_read *read, struct error *err);

/* Rows scaled to all keys of the target. */
static inline uint64_t link_scale(const struct link_target *target, uint64_t rows)
{
    return rows << store_slice(target->store);
}

/* "orders.customer_id", "lines.(a, b)"; in `arena` or constant. */
const char *link_label(const struct edge *edge, struct arena *arena);

#endif
