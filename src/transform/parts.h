/* Rules on values that hold values: what an array, a range or a multirange is made of goes through
 * the rule one by one, and what comes out is put together again. Composites and hstores have rules
 * of their own. */
#ifndef UNDERSTUDY_TRANSFORM_PARTS_H
#define UNDERSTUDY_TRANSFORM_PARTS_H

#include "transform/transform.h"

/* The type that a rule on a value of `type` sees: behind arrays, and behind ranges whose bounds can
 * be put into order; `type` itself where there is none of either. *has_ranges (may be NULL). */
const struct type *parts_leaf(const struct type *type, bool *has_ranges);

/* Applies the prepared rule to every leaf of the values, which are replaced by copies. NULL arrays
 * and ranges stay; NULL elements are given to the rule, missing bounds are not. */
bool parts_apply(const struct prepared_transform *prepared, struct transform_call *call,
                 struct value *values, uint32_t count, struct error *err);

#endif
