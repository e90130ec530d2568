/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef UNDERSTUDY_BASE_UTF8_H
#define UNDERSTUDY_BASE_UTF8_H

#include "base/common.h"

/* The code point at *ptr (moves it on), or -1 for an invalid byte (moves on by one).
 * *ptr < end. */
static inline int32_t utf8_next(const char **ptr, const char *end);
/* The same, meant for what is not ASCII. */
int32_t utf8_next_wide(const char **ptr, const char *end);
/* Appends at most 4 bytes; returns how many. */
size_t utf8_write(char *out, uint32_t code_point);
size_t utf8_length(const char *text, size_t len); /* code points; an invalid byte counts as one */
bool utf8_valid(const char *text, size_t len);
/* The longest cut of at most `len` bytes that splits no character: `len`, or up to 3 less.
 * `text` has at least `len` bytes. */
size_t utf8_cut(const char *text, size_t len);

static inline int32_t utf8_next(const char **ptr, const char *end)
{
    assert(*ptr < end);
    if ((unsigned char)**ptr < 0x80)
        return (unsigned char)*(*ptr)++;
    return utf8_next_wide(ptr, end);
}

#endif
