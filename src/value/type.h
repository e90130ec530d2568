/* What rules, survey and both engines' codecs know of types: which one a domain is of, what an
 * integer or a time of it may be, which values say nothing, and the two sentences in which a value
 * is refused. */
#ifndef UNDERSTUDY_VALUE_TYPE_H
#define UNDERSTUDY_VALUE_TYPE_H

#include "value/value.h"

/* The type behind domains; `type` itself where it is none. */
const struct type *type_base(const struct type *type);

/* Whose type it is: MySQL's are in no schema (""). */
enum engine type_engine(const struct type *base);

/* True when a value of it holds values: arrays, composites, ranges, multiranges, hstore. */
bool type_has_parts(const struct type *base);

bool type_is_unsigned(const struct type *base); /* oid; MySQL's unsigned integers, bit(n) */
bool type_is_xml(const struct type *base);
bool type_is_network(const struct type *base); /* cidr: no bits behind the prefix */
bool type_is_bits(const struct type *base);    /* bit(n): as many bits as the column has */
bool type_is_filled(const struct type *base);  /* MySQL's binary(n): with NULs up to n bytes */
bool type_is_year(const struct type *base);    /* 0, or 1901 to 2155 */
/* MySQL's inet4 and inet6: the bytes, which are an internet address, are one of that family without
 * a prefix. */
bool type_is_host(const struct type *base, struct span bytes);
size_t type_mac_bytes(const struct type *base); /* 6; macaddr8: 8 */

/* Types of KIND_OTHER that have a value which says nothing (no words, no bits, no time at all, the
 * point of origin): its bytes in a struct value are "", whatever the codec. */
bool type_has_empty(const struct type *base);

/* An integer of `base`'s width and sign; of 8 bytes without a sign, any. */
bool integer_fits(const struct type *base, int64_t number);

/* A date, a time of day, a timestamp or an instant, as struct value holds it, that the server
 * takes; the infinities are PostgreSQL's, partial dates MySQL's. */
bool time_fits(const struct type *base, int64_t time);

/* Both return false. The first blames the source: bytes that no server sends for the type. The
 * second blames us: a rule made a value that the type cannot hold. */
bool value_malformed(const struct type *type, struct error *err);
bool value_unfit(const struct type *type, struct error *err);

#endif
