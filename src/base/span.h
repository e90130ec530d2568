/* Bytes that belong to someone else. Not NUL-terminated, so a cell value cannot be handed to
 * "%s" by accident. */
#ifndef UNDERSTUDY_BASE_SPAN_H
#define UNDERSTUDY_BASE_SPAN_H

#include "base/common.h"
#include <string.h>

struct span {
    const char *ptr; /* NULL means SQL NULL */
    uint32_t len;
};

static inline struct span span_make(const void *ptr, size_t len)
{
    assert(len <= UINT32_MAX);
    return (struct span){ptr, (uint32_t)len};
}

static inline struct span span_of(const char *text)
{
    return span_make(text, strlen(text));
}

static inline bool span_is_null(struct span span)
{
    return span.ptr == NULL;
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.ptr == NULL) == (b.ptr == NULL) &&
           (a.len == 0 || (a.ptr && b.ptr && memcmp(a.ptr, b.ptr, a.len) == 0));
}

#define SPAN_LITERAL(text) ((struct span){"" text, sizeof(text) - 1})

#endif
