/* Bytes that grow up to a declared ceiling. A failed append (memory, ceiling) is remembered:
 * later appends do nothing and buf_ok() is false, so callers check once at the end. */
#ifndef UNDERSTUDY_BASE_BUF_H
#define UNDERSTUDY_BASE_BUF_H

#include "base/common.h"
#include "base/span.h"
#include <stdarg.h>

struct buf {
    char *ptr; /* owned; NUL follows the last byte whenever ptr is not NULL */
    size_t len;
    size_t capacity;
    size_t ceiling;
    bool failed;
};

void buf_init(struct buf *buf, size_t ceiling);
void buf_release(struct buf *buf);
void buf_reset(struct buf *buf); /* length 0, not failed, memory kept */
static inline bool buf_ok(const struct buf *buf);
const char *buf_text(const struct buf *buf); /* never NULL; "" when empty or failed */
struct span buf_span(const struct buf *buf);

static inline void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char byte);
void buf_add_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_add_integer(struct buf *buf, int64_t number); /* decimal, without a format */
void buf_add_u16be(struct buf *buf, uint16_t number);
void buf_add_u32be(struct buf *buf, uint32_t number);
void buf_add_u64be(struct buf *buf, uint64_t number);
/* Room for `len` bytes at the end, to be filled by the caller; NULL when failed. */
static inline char *buf_extend(struct buf *buf, size_t len);
/* The same where memory may have to grow. */
char *buf_extend_slowly(struct buf *buf, size_t len);

#define BUF_CEILING_MAX ((size_t)2u << 30)

static inline bool buf_ok(const struct buf *buf)
{
    return !buf->failed;
}

/* Inline for keys and rows, which are put together from a dozen pieces each. */
static inline char *buf_extend(struct buf *buf, size_t len)
{
    if (buf->failed || len >= buf->capacity - buf->len)
        return buf_extend_slowly(buf, len);
    char *room = buf->ptr + buf->len;
    buf->len += len;
    buf->ptr[buf->len] = '\0';
    return room;
}

static inline void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    assert(bytes || len == 0);
    char *room = buf_extend(buf, len);
    if (room && len > 0)
        memcpy(room, bytes, len);
}

#endif
