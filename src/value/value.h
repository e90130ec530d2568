/* One value of a column as rules see it, whatever the engine and codec: see catalog/kind.def for
 * how each kind is held. Bytes are borrowed from the batch, or from the arena of the call. */
#ifndef UNDERSTUDY_VALUE_VALUE_H
#define UNDERSTUDY_VALUE_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "catalog/catalog.h"

#define TIME_MIN INT64_MIN /* -infinity of dates, timestamps and instants */
#define TIME_MAX INT64_MAX /* infinity */

/* MySQL keeps dates that no calendar has: a part is zero ("0000-00-00", "2020-00-00"), or the month
 * lacks the day ("2021-02-31"). Dates and timestamps that are such lie in a band just above
 * TIME_MIN, far below every real one, in the order of their texts; TIME_ZERO, the first of them, is
 * the zero date. */
#define TIME_ZERO (TIME_MIN + 1)

struct partial_date {
    int year, month, day; /* 0 to 9999, 0 to 12, 0 to 31 */
    int64_t us;           /* of the day; 0 for dates */
};

/* True of KIND_DATE, KIND_TIMESTAMP and KIND_INSTANT in that band; the zero date is in it. */
bool time_is_partial(enum kind kind, int64_t time);
/* True when no calendar has the date: a partial one. */
bool date_is_partial(int year, int month, int day);
int64_t time_make_partial(enum kind kind, const struct partial_date *date);
struct partial_date time_read_partial(enum kind kind, int64_t time);

/* What a value consists of: the elements of an array in the order of the wire, the fields of a
 * composite, the lower and the upper bound of a range (NULL where it is infinite or the range
 * empty), the ranges of a multirange, the keys and values of an hstore by turns. */
struct parts {
    uint32_t count;
    unsigned flags;    /* of a range: RANGE_* */
    struct span shape; /* of an array: its codec's own, for encode; ptr NULL: an empty array */
    struct value *values;
};

#define RANGE_EMPTY          0x01u
#define RANGE_LOWER_INCLUDED 0x02u
#define RANGE_UPPER_INCLUDED 0x04u
#define RANGE_LOWER_INFINITE 0x08u
#define RANGE_UPPER_INFINITE 0x10u

struct value {
    bool is_null;
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct span bytes;
        uint8_t uuid[16];
        struct parts *parts;
    };
};

/* The canonical bytes of a value: what the database calls equal across a join maps to equals
 * (transforms.md section 3): integers and numerics in shortest decimal ("-12", "0.5", "100"),
 * reals as the decimal of their fewest digits, NaN and the infinities by name, uuid as 16 bytes,
 * times as microseconds in decimal (instants: UTC), dates as the microseconds of their midnight
 * (a date equals the timestamp of its midnight), "infinity" and "-infinity", partial dates as
 * "2020-00-00" with their microseconds behind a blank where there are any, text as it is (not
 * normalized), char(n) without trailing blanks, citext and what is like it folded to lower case,
 * texts of a collation that passes over accents without them (value/fold.h), booleans "t"/"f",
 * a macaddr as the macaddr8 it equals, bytes, internet addresses and JSON as they are. Appends to
 * `out`; the value is not NULL. */
void value_canonical(const struct type *type, const struct value *value, struct buf *out);

/* The shortest decimal of a numeric's text ("1.00" -> "1", "-0" -> "0"); appends. */
void decimal_canonical(struct span text, struct buf *out);

/* Civil calendar (proleptic Gregorian) on days since 1970-01-01, far beyond any database's range.
 * Years count through zero: 0 is 1 BC, -1 is 2 BC. month 1 to 12; day 1 to 31, and a day that the
 * month lacks is counted on into the next. */
void date_from_days(int64_t days, int *year, int *month, int *day);
int64_t date_to_days(int year, int month, int day);

#endif
