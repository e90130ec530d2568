/* What stands around a rule for the sake of its column, where the engine's types have more sides
 * than rules know of: dates of no calendar (odd_dates.h), keys whose collation passes over
 * differences (key_text.h), character sets that lack letters (charset.h). */
#ifndef UNDERSTUDY_TRANSFORM_AROUND_H
#define UNDERSTUDY_TRANSFORM_AROUND_H

#include "transform/transform.h"

/* prepared->transform->apply, with all of that; of types that have none of it, nothing more. */
bool rule_apply(const struct prepared_transform *prepared, const struct transform_call *call,
                struct value *values, uint32_t count, struct error *err);

#endif
