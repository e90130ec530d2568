/* The contract of detectors. A detector is one file that ends with its `const struct detector
 * detector_NAME`, and one line in detectors.def; nothing else names it.
 *
 * The core (survey.c) hands it a table's rows batch by batch, already as columns. Its state belongs
 * to one worker at a time; at the end of the table the states of all workers are merged, and the
 * merged one yields strata. merge must be commutative and associative, and a state must not know
 * in which order rows came. Memory of a state is bounded by what open() decided; what does not fit
 * is given up and said through strata_gap. */
#ifndef UNDERSTUDY_SURVEY_DETECTOR_H
#define UNDERSTUDY_SURVEY_DETECTOR_H

#include "survey/survey.h"

/* What the values of a column are to a detector. */
enum survey_form {
    FORM_NUMBER, /* integers, reals, decimals: numbers[] */
    FORM_TIME,   /* dates, timestamps, instants: times[], and numbers[] as microseconds */
    FORM_TEXT,   /* texts[]; numbers[]: its bytes */
    FORM_CODE,   /* enums, booleans, uuids, times of day, addresses: equality only */
    FORM_JSON,   /* texts[]: the JSON text; numbers[]: its bytes */
    FORM_BYTES,  /* texts[]; numbers[]: its bytes */
    FORM_ARRAY,  /* cells[]; numbers[]: its elements */
    FORM_WIDE,   /* texts, JSON, bytes over 256 bytes on average: numbers[] is the length, classes[]
                    what the source said of it; nothing else was read */
};

struct symbols; /* symbols.h */
struct detector;

struct survey_column {
    uint32_t index; /* in survey_table.columns and survey_batch.columns */
    const struct bound_column *bound;
    const struct type *type; /* ground type: domains taken off */
    enum survey_form form;
    bool is_reference;         /* on the child side of an edge */
    bool is_referenced;        /* on the parent side of one */
    bool is_unique;            /* alone in a unique key */
    bool is_ignored;           /* tails.ignore: read only where another needs it; no strata */
    const struct codec *codec; /* of its cells */
    struct symbols *symbols; /* shared by all workers; NULL: the column has none (wide, bytes, JSON,
                                unique columns) */
};

struct survey_table {
    const struct bound_table *bound;
    const struct binding *binding;
    const struct codec *codec; /* of all cells */
    struct arena *arena;       /* lives until the table is done; for open() and yield() */
    size_t column_count;
    const struct survey_column *columns;
    double row_estimate; /* of the catalog; only to size things */
    /* No set of more rows than this can turn out to be rare: its witnesses need not be kept
     * (witness_lose). Should the table have more rows than this was made for, it is read again. */
    uint64_t rare_most;
    unsigned per_stratum;
    double rare;
    int64_t now_us;
};

/* Cells of one column of a batch; arrays of batch->rows. What a form does not have is NULL. */
struct survey_cells {
    const bool *is_null;
    const struct span *cells; /* as they stand on the wire */
    const double *numbers;    /* 0 where NULL; NaN and infinities as they are, of times too */
    const int64_t *times;     /* microseconds since 1970; TIME_MIN, TIME_MAX; 0 where NULL */
    const struct span *texts;
    const uint64_t *hashes; /* survey_cell_hash; 0 where NULL. For columns that have no symbols, and
                               for those whose symbols overflowed, all the same */
    const uint8_t *symbols; /* NULL where the column has none */
    const uint8_t *classes; /* FORM_WIDE */
};

struct survey_batch {
    const struct survey_table *table;
    uint32_t rows;
    const uint16_t *relations;
    const uint64_t *addresses;
    const struct survey_cells *columns; /* by survey_column.index */
    struct arena *arena;                /* emptied for each batch */
    struct survey_rows *hashes;         /* of row identities, made when they are asked for */
};

/* The row as a witness; its hash is made the first time it is asked for. false: *err. */
bool survey_witness(const struct survey_batch *batch, uint32_t row, struct witness *witness,
                    struct error *err);

/* The hash that makes equal cells equal: XXH3 with a seed that is always the same. */
uint64_t survey_cell_hash(struct span cell);

/* The `most` witnesses with the smallest hashes of all that were offered. items == NULL: none yet;
 * lost: there is no need of them any more (it is no longer rare). Memory: the pool's, returned to
 * it when lost. */
struct witness_list {
    uint32_t count;
    bool is_lost;
    struct witness *items; /* a heap, greatest hash first, until witness_sort */
};

struct witness_pool; /* of one state of one detector */

struct witness_pool *witness_pool_new(unsigned most); /* NULL: out of memory */
void witness_pool_free(struct witness_pool *pool);
size_t witness_pool_bytes(const struct witness_pool *pool);
bool witness_offer(struct witness_pool *pool, struct witness_list *list,
                   const struct witness *witness, struct error *err);
/* It holds none from now on; its memory goes back to the pool. */
void witness_lose(struct witness_pool *pool, struct witness_list *list);
/* Of two states: `from` (of another pool) into `list`. */
bool witness_merge(struct witness_pool *pool, struct witness_list *list,
                   const struct witness_list *from, struct error *err);
/* Ascending by hash; nothing may be offered to it any more. strata_add does it. */
void witness_sort(struct witness_list *list);

/* What strata need beyond the properties of single values:
 * NEEDS_VALUES: rows that share a value still do, and rows of other values do not join them. A rule
 * that preserves equality does not do that where it makes many values one (bucket, lookup) or goes
 * by the row's subject or tenant (shift): only equal values of one row are sure to stay equal.
 * NEEDS_COMPARED: the columns are compared with each other: they must be masked alike. */
enum { NEEDS_VALUES = PROPERTY_ALL + 1, NEEDS_COMPARED = 2 * NEEDS_VALUES };

/* Where strata go. `draft.kind` is set by the core. Everything is copied. */
struct stratum_draft {
    size_t column_count;
    const struct bound_column *const *columns; /* of any table */
    const struct edge *edge;                   /* or NULL */
    uint64_t rows;
    bool is_estimated;
    bool is_rare_always; /* an extreme is rare by itself; else the core judges by `rows` */
    bool is_bounded;
    bool brings_children;
    bool is_together;                /* witnesses are kept all or none: rows that share a value */
    unsigned needs;                  /* PROPERTY_ and NEEDS_ bits that the rules of all columns must
                                        preserve */
    const unsigned *column_needs;    /* or, by column, those that its own rules must; or NULL */
    unsigned wanted;                 /* witnesses; 0: per_stratum */
    double weight;                   /* 0: the detector's own */
    struct witness_list *witnesses;  /* of the table under survey, or of `table` */
    const struct bound_table *table; /* NULL: the one under survey */
};

struct strata;

/* Whose strata and gaps come from here on. The core says it before yield; links.c, whose one pass
 * serves several rows of detectors.def, says it itself. */
void strata_begin(struct strata *strata, const struct detector *detector);
/* The sentence is the format; it must not hold what survey_show_value would not show. */
bool strata_add(struct strata *strata, const struct stratum_draft *draft, struct error *err,
                const char *format, ...) PRINTF_LIKE(4, 5);
/* Said once for each (columns, why). `columns` may be NULL. */
bool strata_gap(struct strata *strata, const struct survey_column *column, const char *why,
                struct error *err);
/* True when so few rows of the table are rare. Before the table's end: more may come, none goes. */
bool strata_is_rare(const struct strata *strata, uint64_t rows);
/* Rows of the table that were read. */
uint64_t strata_rows(const struct strata *strata);
/* Rows of a table that was read for what refers to it and is not surveyed itself: what is rare in
 * strata of it is told by them. */
void strata_count(struct strata *strata, const struct bound_table *table, uint64_t rows);
struct survey *strata_survey(struct strata *strata); /* its arena, for what follows */
/* Room for one more, to be filled by the caller; NULL: out of memory. */
struct distribution *strata_add_distribution(struct strata *strata);
struct fan_out *strata_add_fan_out(struct strata *strata);

/* The value as it may be shown, in `arena`: where its rule is `keep` and it is an enum label, a
 * boolean ("true", "false"; so are 1 and 0 of MySQL's flags), or looks like a code. NULL: it may
 * not, or memory ended, and the sentence names its class. */
const char *survey_show_value(const struct survey_column *column, struct span cell,
                              struct arena *arena);

struct detector {
    const char *kind; /* in the report: "rare_value" */
    const char *help; /* one line */
    double weight;
    /* The state for one worker; *state NULL: there is nothing for this detector in this table. The
     * function is NULL, as all that follow, where strata come from links.c. */
    bool (*open)(const struct survey_table *table, void **state, struct error *err);
    bool (*observe)(void *state, const struct survey_batch *batch, struct error *err);
    bool (*merge)(void *state, void *from, struct error *err); /* `from` is closed by the core */
    /* Both or neither; for what must be known of all rows before single ones can be sought. Of the
     * merged state, before yield: sets, by survey_column.index, the columns that it must see again;
     * none: there is no second look. From then on observe and merge are about the second look; its
     * batches have no cells of other columns. */
    bool (*again)(void *state, bool *columns, struct error *err);
    /* The state for one worker of the second look, to be merged into `state`, which it borrows
     * from; its fork is closed first. */
    bool (*fork)(void *state, void **fork, struct error *err);
    bool (*yield)(void *state, struct strata *strata, struct error *err);
    void (*close)(void *state);
    size_t (*bytes)(const void *state);
};

#define DETECTOR(name) extern const struct detector detector_##name;
#include "survey/detectors.def"
#undef DETECTOR

#endif
