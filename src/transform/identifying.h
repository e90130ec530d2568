/* The identifying texts inside a value, for whoever looks for them later. */
#ifndef UNDERSTUDY_TRANSFORM_IDENTIFYING_H
#define UNDERSTUDY_TRANSFORM_IDENTIFYING_H

#include "transform/transform.h"

/* Visits what the prepared rule, put on a value of `type` (not NULL), hides in it: what the rule
 * takes apart, texts as they are, whole numbers of 8 digits or more as digits, addresses as they
 * are printed; in arrays and ranges of each of their parts. */
bool identifying_visit(const struct prepared_transform *prepared, const struct type *type,
                       const struct value *value, struct arena *arena, transform_visit *visit,
                       void *context, struct error *err);

#endif
