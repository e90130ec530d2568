/* Values as the text that a cast of the server gives: what templates put together, and what is
 * sought in free text. Binary strings, JSON and types that no rule knows have no such form here. */
#ifndef UNDERSTUDY_TRANSFORM_PLAIN_H
#define UNDERSTUDY_TRANSFORM_PLAIN_H

#include "transform/transform.h"

static inline bool plain_is_known(enum kind kind)
{
    return KIND_BIT(kind) & (KIND_BIT(KIND_BOOLEAN) | KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_REAL) |
                             KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_ENUM) |
                             KIND_BIT(KIND_UUID) | KIND_BIT(KIND_DATE) | KIND_BIT(KIND_TIME) |
                             KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT));
}

/* Appends the text of a value that is not NULL; char(n) without its padding. */
void plain_add(const struct type *type, const struct value *value, struct buf *out);

/* The most characters that the text of a value of this column can have; 0: no bound. */
uint32_t plain_bound(const struct column *column);

#endif
