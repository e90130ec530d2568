/* What both PostgreSQL codecs know of types beyond value/type.h: which limits a value has, and how
 * a modifier rounds it. */
#ifndef UNDERSTUDY_VALUE_PG_TYPE_H
#define UNDERSTUDY_VALUE_PG_TYPE_H

#include "value/type.h"

#define PG_NESTING_MAX 16 /* of types in types: domains, arrays, composites, ranges */

/* A cell, or (text codec) what it stands for without escapes, to a value of `base`, the type behind
 * domains. */
typedef bool pg_decode_function(const struct type *base, struct span cell, struct arena *arena,
                                struct value *value, struct error *err);

/* What an encoder works on: `base` is the type behind domains, `column` may be NULL. */
struct pg_encoding {
    const struct column *column;
    const struct type *base;
    const struct value *value;
    struct arena *arena;
};

typedef bool pg_encode_function(const struct pg_encoding *encoding, struct span *cell,
                                struct error *err);

/* What stands between the elements of an array of it, as text. */
char type_delimiter(const struct type *element);

bool type_is_jsonb(const struct type *base);

/* Types that type_has_empty knows. */
bool pg_type_has_empty(const struct type *base);
/* The cell of that value, "" for types without one; ptr NULL: out of memory. As text but for money
 * as the server prints it. A bit(n) takes n from the column. */
struct span type_empty_text(const struct pg_encoding *encoding);
struct span type_empty_binary(const struct pg_encoding *encoding);

/* Days, or microseconds, since 1970 that the server takes; the infinities are in range. Timestamps
 * from 294247-01-10 04:00:54.775807 on are out of it: 64 bits counted from 1970 end there. */
bool date_in_range(int64_t days);
bool timestamp_in_range(int64_t us);
bool time_in_range(int64_t us); /* 24:00:00 included */

/* Seconds' digits cut to the column's modifier (timestamp(0)), as the server rounds: halves away
 * from 2000-01-01. `column` may be NULL. */
int64_t timestamp_round(const struct column *column, int64_t us);
int64_t time_round(const struct column *column, int64_t us);

/* A numeric's text at the column's scale (precision > 0; `scale` read as a signed number), else as
 * it is. ptr NULL: not a decimal (STATUS_BUG), or memory ended. */
struct span numeric_at_scale(const struct column *column, const struct type *base, struct span text,
                             struct arena *arena, struct error *err);

/* The first microsecond since 2000 that the server does not take. */
#define PG_TIMESTAMP_END INT64_C(9223371331200000000)

#define PG_EPOCH_DAYS INT64_C(10957)           /* 1970-01-01 to 2000-01-01 */
#define PG_EPOCH_US   INT64_C(946684800000000) /* the same in microseconds */

/* A timestamp of the last 30 years before PostgreSQL's end, which value.h cannot hold: refused
 * with STATUS_SOURCE. Columns that no rule touches are never decoded, so they keep theirs. */
bool timestamp_too_late(const struct type *type, struct error *err);

#endif
