/* What is odd in production: one pass over each sampled table, whose bounded sketches end as
 * strata. A stratum is a set of rows that somebody would miss in staging: the rows with a retired
 * status, the customer with most orders, the order that was delivered before it was shipped. Few
 * of its rows, its witnesses, are known by address.
 *
 * The result is a function of the set of rows: neither their order, nor where they lie, nor the
 * number of workers shows in it. Frozen once made; shared read-only. */
#ifndef UNDERSTUDY_SURVEY_SURVEY_H
#define UNDERSTUDY_SURVEY_SURVEY_H

#include "bind/identity.h"
#include "db/readers.h"
#include "survey/comparable.h"
#include "survey/spread.h"

/* One row of a stratum. Of all its rows those with the smallest keyed hashes of their identity are
 * its witnesses, so that the same rows come every day. */
struct witness {
    uint64_t hash;
    uint64_t address;
    uint16_t relation; /* of the stratum's table */
};

struct stratum {
    const struct bound_table *table; /* its rows are witnesses */
    const char *kind;                /* the detector: "rare_value" */
    size_t column_count;             /* 0: about the table, or about an edge alone */
    const struct bound_column **columns;
    const struct edge *edge; /* fan_out, orphan, graph, difference across it; or NULL */
    const char *describe;    /* without its rows' number, and without what must not be shown */
    uint64_t rows;           /* in production */
    bool is_estimated;       /* rows is */
    bool is_rare;
    bool is_bounded;                   /* a sketch was full: witnesses may be missing */
    const struct bound_column *masked; /* whose rule does not preserve what it needs, or NULL */
    bool
        brings_children; /* children of a witness along `edge` come with it, at most max_children */
    bool is_together;    /* one witness alone shows nothing: they come together, or not at all */
    unsigned wanted;     /* witnesses, to be covered: per_stratum, or all its rows if fewer */
    double weight;       /* for the cover: more is sought first */
    size_t witness_count; /* ascending by hash */
    struct witness *witnesses;
};

/* What was not surveyed, or only in part: for the report, never silently. */
struct survey_gap {
    const char *table;    /* label */
    const char *columns;  /* "payload", "a, b", or NULL: the whole table */
    const char *detector; /* kind, or NULL: all */
    const char *why;      /* "type 'tsvector' is not known to any detector" */
};

/* What a column holds: production, and parts of the subset, which are compared with it. */
struct distribution {
    const struct bound_column *column;
    enum comparable comparable; /* what of this is the same on both sides */
    const struct codec *codec;  /* hashes are of its cells */
    uint64_t rows, nulls;
    bool has_values;     /* different values were told apart; then: */
    double distinct;     /* how many; exact where there are categories, else within a few percent */
    bool has_categories; /* at most 64 different values; then, ascending by hash: */
    size_t category_count;
    struct category {
        uint64_t hash; /* of the value's raw cell, as survey_cell_hash makes it */
        uint64_t rows;
    } * categories;
    bool is_ordered;        /* numbers and times; then: */
    double least, greatest; /* of finite values; NAN: there are none */
    unsigned level;         /* bits that its places lack */
    size_t bucket_count;
    struct spread_bucket *buckets; /* ascending by place; spread.h */
};

/* How many children the parents of an edge have: groups[n] parents have n children, the last group
 * counts all beyond. */
enum { FAN_OUT_GROUPS = 64 };
struct fan_out {
    const struct edge *edge;
    bool is_known; /* counted exactly; else only estimated from a slice of the keys */
    uint64_t groups[FAN_OUT_GROUPS];
};

struct survey {
    struct arena *arena; /* owned */
    const struct binding *binding;
    size_t stratum_count;
    struct stratum *strata; /* sorted by table, kind, columns, describe */
    size_t gap_count;
    struct survey_gap *gaps;
    size_t distribution_count;
    struct distribution *distributions;
    size_t fan_out_count;
    struct fan_out *fan_outs;
    uint64_t table_count, rows; /* surveyed */
    uint64_t memory_bytes;      /* of all sketches, at their peak */
};

struct survey_request {
    const struct binding *binding;
    const struct readers *readers;
    const bool *is_surveyed; /* by table index: sampled tables, of which rows are chosen */
    const bool *is_present;  /* by table index: staging gets rows of it */
    uint64_t memory;         /* --memory; 0: no ceiling */
    int64_t now_us;          /* "beyond today" */
    /* progress and interruption; may be NULL; from any reader's thread */
    void (*progress)(void *context, const char *table, uint64_t rows);
    bool (*is_interrupted)(void *context);
    void *context;
};

bool survey_run(const struct survey_request *request, struct survey **survey, struct error *err);
void survey_free(struct survey *survey);

AUTO_DEFINE(survey, struct survey, survey_free)

#endif
