/* The bounds that simple CHECK constraints set a number: comparisons of the column (in a domain:
 * VALUE) with constants, joined by AND. Whatever else a constraint says is not read. */
#ifndef UNDERSTUDY_TRANSFORM_BOUNDS_H
#define UNDERSTUDY_TRANSFORM_BOUNDS_H

#include "transform/transform.h"

struct bounds {
    double low, high; /* -infinity, infinity: none */
    bool low_is_open, high_is_open;
};

void bounds_read(const struct transform_site *site, struct bounds *bounds);
/* The same of length(column), char_length and character_length: in characters. */
void bounds_read_length(const struct transform_site *site, struct bounds *bounds);

static inline bool bounds_hold(const struct bounds *bounds, double number)
{
    return (bounds->low_is_open ? number > bounds->low : number >= bounds->low) &&
           (bounds->high_is_open ? number < bounds->high : number <= bounds->high);
}

#endif
