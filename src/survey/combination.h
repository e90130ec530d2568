/* What the two files of the detector of rare combinations share: its state, and how strata are made
 * of it. */
#ifndef UNDERSTUDY_SURVEY_COMBINATION_H
#define UNDERSTUDY_SURVEY_COMBINATION_H

#include "survey/cross.h"
#include "survey/trait.h"

enum {
    COMBINATION_BLOCK = 256,  /* rows whose signatures are put together at a time */
    COMBINATION_TRIPLES = 12, /* columns of triples */
    COMBINATION_WIDE = 24,    /* with more columns only columns of fewer values count by value */
};

struct combination {
    struct marker marker;
    size_t column_count;
    const struct survey_column **columns; /* most telling first */
    bool has_more;                        /* the table has more columns than that */
    uint64_t *block;
    struct signatures signatures;
    struct cross_set pairs, triples; /* view_count 0: none */
    uint32_t *hidden;                /* by cross of the set being told: sentences that read alike */
};

/* Adds the signatures to the cross tables. */
bool combination_flush(struct combination *state, struct error *err);
/* combination_strata.c */
bool combination_yield(void *state, struct strata *strata, struct error *err);

#endif
