/* What MySQL's dates have beside those of a calendar, kept away from the rules. A date that is
 * partial (value/value.h) goes to the rule as the nearest real one, and the result gets its zeros
 * back: "2020-00-00" moved by two years is "2018-00-00"; one whose day the month lacks comes back
 * real. The zero date is a sentinel that rules pass themselves. The day in which TIMESTAMP ends
 * (2038-01-19, and 2106-02-07) passes as it is: it is what people write for "never", and nothing
 * could stand for it. Results that the type does not hold become the nearest that it holds. */
#ifndef UNDERSTUDY_TRANSFORM_ODD_DATES_H
#define UNDERSTUDY_TRANSFORM_ODD_DATES_H

#include "transform/transform.h"

/* True where odd_dates_apply must stand between: dates and times of MySQL under a rule that moves
 * them. */
bool odd_dates_matter(const struct transform *transform, const struct type *type);
/* As transform_apply, for a prepared rule whose transform does not look at odd dates. */
bool odd_dates_apply(const struct prepared_transform *prepared, const struct transform_call *call,
                     struct value *values, uint32_t count, struct error *err);

#endif
