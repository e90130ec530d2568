/* Values as the text that a cast of the server gives: what templates put together, and what is
 * sought in free text. Binary strings, JSON and types that no rule knows have no such form here. */
#ifndef UNDERSTUDY_TRANSFORM_PLAIN_H
#define UNDERSTUDY_TRANSFORM_PLAIN_H

#include "transform/transform.h"

static inline bool plain_is_known(enum kind kind)
{
    return kind != KIND_BYTES && kind != KIND_JSON && kind != KIND_OTHER;
}

/* Appends the text of a value that is not NULL; char(n) without its padding. */
void plain_add(const struct type *type, const struct value *value, struct buf *out);

/* The most characters that the text of a value of this column can have; 0: no bound. */
uint32_t plain_bound(const struct column *column);

#endif
