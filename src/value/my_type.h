/* What MySQL's codec knows of types: their limits, and how a column rounds. */
#ifndef UNDERSTUDY_VALUE_MY_TYPE_H
#define UNDERSTUDY_VALUE_MY_TYPE_H

#include "value/type.h"

/* What an encoder works on: `column` may be NULL. */
struct my_encoding {
    const struct column *column;
    const struct type *type;
    const struct value *value;
    struct arena *arena;
};

/* 838:59:59.999999, the end of the type TIME either way on MariaDB; MySQL takes no fraction of its
 * last second. */
#define MY_TIME_LIMIT ((INT64_C(839) * 3600) * 1000000 - 1)

/* Spatial types and vectors: an empty collection, the point of origin and what consists of it, a
 * vector of zeros. */
bool my_type_has_empty(const struct type *type);
/* Its cell. The column's modifier is the SRID of a spatial column that is bound to one, and the
 * dimensions of a vector. */
bool my_type_empty(const struct my_encoding *encoding, struct span *cell, struct error *err);

/* Times as value.h holds them, of the type's kind: dates of the years 1 to 9999 and partial ones,
 * times of day up to MY_TIME_LIMIT either way. TIMESTAMP is an INSTANT after 1970-01-01 00:00:00
 * and before 2^31 seconds, or 2^32 as MariaDB 11.5 and later have it, or the zero date: which of
 * the two ends holds is the server's to say. */
bool my_time_fits(const struct type *type, int64_t time);

/* Seconds cut to `digits` (0 to 6), halves away from zero as the server rounds a literal; what
 * would leave the range is cut off instead. */
int64_t my_time_round(const struct type *type, int64_t time, unsigned digits);

#endif
