/* A bounded look at a table's values: counts of what they look like, and nothing else. The rows
 * are spread over the table's pages. */
#ifndef UNDERSTUDY_DETECT_SAMPLE_H
#define UNDERSTUDY_DETECT_SAMPLE_H

#include "detect/detect.h"

/* Counts values of one column, one at a time, in physical order. */
struct tally;

struct tally *tally_new(const struct column *column); /* NULL: out of memory */
void tally_free(struct tally *tally);
/* `value` is not looked at beyond the call but for a hash and its rank. */
bool tally_add(struct tally *tally, const struct value *value, struct error *err);
/* Fills distinct counts and the correlation. */
bool tally_finish(struct tally *tally, struct sample_facts *facts, struct error *err);

AUTO_DEFINE(tally, struct tally, tally_free)

/* True for types whose values a sample can read. */
bool sample_reads(const struct column *column);

/* Facts by column index, for the columns that sample_reads; at most `rows` rows. */
bool sample_table(struct db *db, const struct table *table, uint32_t rows,
                  struct sample_facts *facts, struct error *err);

#endif
