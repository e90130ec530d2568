/* Ranges and multiranges as the server would store them. */
#ifndef UNDERSTUDY_VALUE_RANGE_H
#define UNDERSTUDY_VALUE_RANGE_H

#include "value/value.h"

/* True when the bounds of a range type (the type behind domains) can be compared and brought into
 * the server's form here: known kinds with an order of their own, no canonical function of a user.
 * A multirange is what its ranges are. */
bool range_is_known(const struct type *range);

/* Brings a range with new bounds into the server's form. Bounds that came out reversed change
 * places, each with its bracket (not where all ranges have the same ones); equal ones make the
 * range of one value, never an empty one.
 * `range` is known; empty ranges and missing bounds stay. */
void range_settle(const struct type *range, struct parts *parts);

/* The same for all ranges of a multirange of `range`: settled, sorted, and merged where they
 * overlap or touch, so that there may be fewer. */
void multirange_settle(const struct type *range, struct parts *parts);

#endif
