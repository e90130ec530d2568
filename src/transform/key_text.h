/* Keys that are text of a collation under which unequal bytes are equal: MySQL's that pass over
 * case, accents or blanks at the end. A rule sees each as its canonical form (value/value.h), so
 * that what is equal goes one way. Where accents do not count, a canonical form that is not all
 * ASCII becomes a token of 26 letters and digits under `permute` and `redact`: other letters of
 * its script could be equal to one another. Columns that are no keys are keyed by their bytes. */
#ifndef UNDERSTUDY_TRANSFORM_KEY_TEXT_H
#define UNDERSTUDY_TRANSFORM_KEY_TEXT_H

#include "transform/transform.h"

/* True when the type is a text that passes over differences, of an engine whose collations are
 * known here. */
bool key_text_is_folded(const struct type *type);
/* The type of a column that is no key: the same, and unequal bytes are unequal. */
struct type key_text_plain(const struct type *type);

/* Rewrites values to what the rule is to see; those that became tokens are done, and marked in
 * `done` (count of values) as such. A token that does not fit the column is STATUS_POLICY. */
bool key_text_fold(const struct prepared_transform *prepared, const struct transform_call *call,
                   struct value *values, uint32_t count, bool *done, struct error *err);

#endif
