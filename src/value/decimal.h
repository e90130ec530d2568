/* Decimals as text: [-]digits[.digits], NaN, Infinity, -Infinity; nothing else is one. */
#ifndef UNDERSTUDY_VALUE_DECIMAL_H
#define UNDERSTUDY_VALUE_DECIMAL_H

#include "base/arena.h"
#include "base/common.h"
#include "base/span.h"

enum decimal_class {
    DECIMAL_FINITE,
    DECIMAL_NAN,
    DECIMAL_INFINITY,
    DECIMAL_NEGATIVE_INFINITY,
    DECIMAL_INVALID
};

/* A finite decimal taken apart: value = ±whole.fraction; the spans are borrowed, `whole` has no
 * leading zeros (so it may be empty), `fraction` keeps its trailing ones. */
struct decimal {
    enum decimal_class class;
    bool is_negative;
    struct span whole, fraction;
};

struct decimal decimal_read(struct span text);

/* At most this many digits on either side, as in PostgreSQL (NUMERIC_WEIGHT_MAX, and dscale). */
#define DECIMAL_WHOLE_MAX    131072
#define DECIMAL_FRACTION_MAX 16383

/* `text` with exactly `scale` digits behind the point, halves away from zero as the server rounds;
 * a negative scale rounds to tens, hundreds ... NaN and the infinities pass. `text` must be valid.
 * ptr NULL when memory ends. */
struct span decimal_round(struct span text, int scale, struct arena *arena);

#endif
