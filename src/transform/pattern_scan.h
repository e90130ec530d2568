/* What an expression would let through: read before it is compiled, because a match does not say
 * which bytes a repeated group or a back reference covered. */
#ifndef UNDERSTUDY_TRANSFORM_PATTERN_SCAN_H
#define UNDERSTUDY_TRANSFORM_PATTERN_SCAN_H

#include "base/common.h"

struct pattern_scan {
    const char *problem; /* why it is refused, without a quotation; NULL: nothing */
    size_t place;        /* of the problem, in bytes */
    bool lets_through;   /* outside of named groups stands what matches more than its own letters */
};

/* Named groups must be apart from each other, neither repeated nor inside a look-around, so that
 * all of what they match is rewritten. */
void pattern_scan(const char *expression, struct pattern_scan *scan);

#endif
