/* A bounded look at a table's values: counts of what they look like, and nothing else. The rows
 * are spread over the table's pages. */
#ifndef UNDERSTUDY_DETECT_SAMPLE_H
#define UNDERSTUDY_DETECT_SAMPLE_H

#include "detect/detect.h"

/* Counts values of one column, one at a time, in physical order. */
struct tally;

struct tally *tally_new(const struct type *type); /* not an array; NULL: out of memory */
void tally_free(struct tally *tally);
/* `value` is not looked at beyond the call but for a hash and its rank. */
bool tally_add(struct tally *tally, const struct value *value, struct error *err);
/* Counts nothing of a moment but its hour of the week. */
bool tally_add_hour(struct tally *tally, const struct value *value, struct error *err);
/* What was counted so far, without what tally_finish adds. */
const struct sample_facts *tally_facts(const struct tally *tally);
/* Fills distinct counts and the correlation. What the facts point at is of `arena`. */
bool tally_finish(struct tally *tally, struct arena *arena, struct sample_facts *facts,
                  struct error *err);

AUTO_DEFINE(tally, struct tally, tally_free)

/* True for types whose values a sample can read. */
bool sample_reads(const struct column *column);

/* Facts by column index, for the columns that sample_reads; at most `rows` rows, of a column that
 * is mostly NULL ten times as many. Of an array the elements are counted. */
struct sample_want {
    struct db *db;
    uint32_t rows;
    struct arena *arena; /* of what the facts point at */
};

bool sample_table(const struct sample_want *want, const struct table *table,
                  struct sample_facts *facts, struct error *err);

#endif
