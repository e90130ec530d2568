/* Counted sets of rows with their witnesses, which most detectors are made of, and what the state
 * of such a detector begins with. Two traits of the same set of rows are equal whatever the order
 * in which rows came and the parts they came in. */
#ifndef UNDERSTUDY_SURVEY_TRAIT_H
#define UNDERSTUDY_SURVEY_TRAIT_H

#include "base/words.h"
#include "survey/detector.h"

struct trait {
    uint64_t rows;
    struct witness_list list;
};

/* The first member of a state. */
struct marker {
    const struct survey_table *table;
    struct arena *arena; /* owned; the state itself lies in it */
    struct witness_pool *pool;
    const struct survey_batch *batch; /* under observation */
};

/* A zeroed state of `size` bytes that begins with its marker. */
bool marker_open(const struct survey_table *table, size_t size, void **state, struct error *err);
/* The same with lists of so many witnesses, where table->per_stratum is not what is wanted. */
bool marker_open_lists(const struct survey_table *table, size_t size, unsigned witnesses,
                       void **state, struct error *err);
/* The columns that a detector is about, in the order of the table. */
struct picked {
    size_t count;
    const struct survey_column **columns;
};
/* marker_open for a detector of single columns: *state NULL where the table has none that it wants.
 * What was picked lies in the state's arena. */
bool marker_open_columns(const struct survey_table *table,
                         bool (*is_wanted)(const struct survey_column *column), size_t size,
                         struct picked *picked, void **state, struct error *err);
void marker_close(void *state);
size_t marker_bytes(const void *state);

bool trait_offer(struct marker *marker, struct trait *trait, uint32_t row, struct error *err);

/* A row of marker->batch. Inline: it is called several times a cell, and mostly for traits that
 * can no longer be rare. */
static inline bool trait_add(struct marker *marker, struct trait *trait, uint32_t row,
                             struct error *err)
{
    trait->rows++;
    return trait->list.is_lost || trait_offer(marker, trait, row, err);
}

/* `from` is of another state, or of other rows of this one. */
bool trait_merge(struct marker *marker, struct trait *trait, const struct trait *from,
                 struct error *err);
bool traits_merge(struct marker *marker, struct trait *traits, const struct trait *from,
                  size_t count, struct error *err);
/* Empty again, its memory given back. */
void trait_drop(struct marker *marker, struct trait *trait);
/* An order of traits without common rows that depends on their rows only: fewer rows first, then
 * the smaller least hash. */
int trait_compare(const struct trait *a, const struct trait *b);

/* A stratum over the one column. Without needs where the column is part of a reference: what is
 * odd about keys survives every rule. */
struct stratum_draft trait_draft(struct trait *trait, const struct survey_column *column,
                                 unsigned needs);
/* True when rows are in it, and so few that it is a stratum worth telling. */
bool trait_is_rare(const struct trait *trait, const struct strata *strata);
/* The column's name as it may be printed; memory of the table's arena. */
const char *column_title(const struct survey_table *table, const struct survey_column *column);

#endif
