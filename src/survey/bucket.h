/* Counted sets of rows with their witnesses, which most detectors are made of, and what the state
 * of such a detector begins with. Two buckets of the same set of rows are equal whatever the order
 * in which rows came and the parts they came in. */
#ifndef UNDERSTUDY_SURVEY_BUCKET_H
#define UNDERSTUDY_SURVEY_BUCKET_H

#include "base/words.h"
#include "survey/detector.h"

struct bucket {
    uint64_t rows;
    struct witness_list list;
};

/* The first member of a state. */
struct marker {
    const struct survey_table *table;
    struct arena *arena; /* owned; the state itself lies in it */
    struct witness_pool *pool;
    unsigned most;              /* witnesses of a list */
    const struct witness *rows; /* of the batch under observation */
};

/* A zeroed state of `size` bytes that begins with its marker. */
bool marker_open(const struct survey_table *table, size_t size, void **state, struct error *err);
void marker_close(void *state);
size_t marker_bytes(const void *state);
/* Makes the rows of a batch known; at the head of every observe. */
bool marker_begin(struct marker *marker, const struct survey_batch *batch, struct error *err);

/* Inline: it is called several times a cell. A full list whose greatest hash is smaller takes 2 ns.
 */
static inline bool bucket_add(struct marker *marker, struct bucket *bucket, uint32_t row,
                              struct error *err)
{
    const struct witness_list *list = &bucket->list;

    bucket->rows++;
    if (list->count == marker->most && marker->rows[row].hash > list->items[0].hash)
        return true;
    return witness_offer(marker->pool, &bucket->list, &marker->rows[row], err);
}

/* `from` is of another state, or of other rows of this one. */
bool bucket_merge(struct marker *marker, struct bucket *bucket, const struct bucket *from,
                  struct error *err);
bool buckets_merge(struct marker *marker, struct bucket *buckets, const struct bucket *from,
                   size_t count, struct error *err);
/* Empty again, its memory given back. */
void bucket_drop(struct marker *marker, struct bucket *bucket);
/* An order of buckets without common rows that depends on their rows only: fewer rows first, then
 * the smaller least hash. */
int bucket_compare(const struct bucket *a, const struct bucket *b);

/* A stratum over the one column. Without needs where the column is part of a reference: what is
 * odd about keys survives every rule. */
struct stratum_draft bucket_draft(struct bucket *bucket, const struct survey_column *column,
                                  unsigned needs);
/* True when rows are in it, and so few that it is a stratum worth telling. */
bool bucket_is_rare(const struct bucket *bucket, const struct strata *strata);
/* The column's name as it may be printed; memory of the table's arena. */
const char *column_title(const struct survey_table *table, const struct survey_column *column);

#endif
