/* Growing bytes with a ceiling. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#define CAPACITY_FIRST ((size_t)64)

void buf_init(struct buf *buf, size_t ceiling)
{
    assert(buf);
    assert(ceiling > 0 && ceiling <= BUF_CEILING_MAX);
    *buf = (struct buf){.ceiling = ceiling};
}

void buf_release(struct buf *buf)
{
    assert(buf);
    free(buf->ptr);
    *buf = (struct buf){.ceiling = buf->ceiling};
}

void buf_reset(struct buf *buf)
{
    assert(buf);
    buf->len = 0;
    buf->failed = false;
    if (buf->ptr)
        buf->ptr[0] = '\0';
}

const char *buf_text(const struct buf *buf)
{
    assert(buf);
    return buf->failed || !buf->ptr ? "" : buf->ptr;
}

struct span buf_span(const struct buf *buf)
{
    assert(buf);
    return buf->failed ? span_make("", 0) : span_make(buf_text(buf), buf->len);
}

/* Makes room for `len` more bytes and the NUL; false (and remembered) when there is none. */
static bool room_make(struct buf *buf, size_t len)
{
    assert(buf);
    assert(buf->ceiling > 0); /* buf_init was called */
    if (buf->failed)
        return false;
    if (len > buf->ceiling - buf->len) {
        buf->failed = true;
        return false;
    }
    size_t needed = buf->len + len + 1;
    if (needed <= buf->capacity)
        return true;
    size_t capacity = buf->capacity < CAPACITY_FIRST ? CAPACITY_FIRST : buf->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    if (capacity > buf->ceiling + 1)
        capacity = buf->ceiling + 1;
    char *ptr = realloc(buf->ptr, capacity);
    if (!ptr) {
        buf->failed = true;
        return false;
    }
    buf->ptr = ptr;
    buf->capacity = capacity;
    return true;
}

char *buf_extend_slowly(struct buf *buf, size_t len)
{
    if (!room_make(buf, len))
        return NULL;
    char *room = buf->ptr + buf->len;
    buf->len += len;
    buf->ptr[buf->len] = '\0';
    assert(buf->len < buf->capacity);
    return room;
}

void buf_add_text(struct buf *buf, const char *text)
{
    assert(text);
    buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char byte)
{
    char *room = buf_extend(buf, 1);

    if (room)
        *room = byte;
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
    va_list args;

    assert(format);
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        buf->failed = true;
        return;
    }
    char *room = buf_extend(buf, (size_t)len);
    if (!room)
        return;
    va_start(args, format);
    vsnprintf(room, (size_t)len + 1, format, args);
    va_end(args);
}

void buf_add_integer(struct buf *buf, int64_t number)
{
    char bytes[24], *digit = bytes + sizeof(bytes);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        *--digit = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        *--digit = '-';
    buf_add(buf, digit, (size_t)(bytes + sizeof(bytes) - digit));
}

/* The lowest `size` bytes of the number, highest first. */
static void add_big_endian(struct buf *buf, uint64_t number, unsigned size)
{
    char *room = buf_extend(buf, size);

    if (!room)
        return;
    for (unsigned i = 0; i < size; i++)
        room[i] = (char)(number >> 8 * (size - 1 - i) & 0xff);
}

void buf_add_u16be(struct buf *buf, uint16_t number)
{
    add_big_endian(buf, number, 2);
}

void buf_add_u32be(struct buf *buf, uint32_t number)
{
    add_big_endian(buf, number, 4);
}

void buf_add_u64be(struct buf *buf, uint64_t number)
{
    add_big_endian(buf, number, 8);
}
