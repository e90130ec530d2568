/* The escapes of COPY's text format, read as the server reads and written as it writes. */
#include "value/pg_escape.h"

/* The letter that stands for a byte behind a backslash, or 0: the byte goes as it is. */
static char escape_letter(char byte)
{
    switch (byte) {
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '\v':
        return 'v';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

static char letter_meaning(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    default:
        return letter;
    }
}

static int digit_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return INT32_MAX;
}

/* Up to `most` digits to the base at *ptr; as in the server, what exceeds a byte is cut off. */
static char number_take(const char **ptr, const char *end, int base, int most)
{
    int number = 0;

    for (int i = 0; i < most && *ptr < end && digit_value(**ptr) < base; i++)
        number = number * base + digit_value(*(*ptr)++);
    return (char)(unsigned char)(number & 0xff);
}

/* What stands behind a backslash at *ptr, which is before `end`. */
static char escape_take(const char **ptr, const char *end)
{
    char first = **ptr;

    assert(*ptr < end);
    if (digit_value(first) < 8)
        return number_take(ptr, end, 8, 3);
    (*ptr)++;
    if (first == 'x' && *ptr < end && digit_value(**ptr) < 16)
        return number_take(ptr, end, 16, 2);
    return letter_meaning(first);
}

bool escape_undo(struct span cell, struct arena *arena, struct span *bytes, struct error *err)
{
    const char *ptr = cell.ptr, *end;
    char *start, *out;

    assert(cell.ptr && arena && bytes);
    *bytes = cell;
    if (!memchr(cell.ptr, '\\', cell.len))
        return true;
    end = cell.ptr + cell.len;
    start = out = arena_alloc(arena, cell.len);
    if (!out)
        return error_memory(err);
    while (ptr < end) {
        if (*ptr != '\\') {
            *out++ = *ptr++;
            continue;
        }
        if (++ptr == end)
            return error_set(err, STATUS_SOURCE, "a text cell ends within an escape");
        *out++ = escape_take(&ptr, end);
    }
    *bytes = span_make(start, (size_t)(out - start));
    return true;
}

bool escape_apply(struct span bytes, struct arena *arena, struct span *cell, struct error *err)
{
    size_t escapes = 0;
    char *out;

    assert(bytes.ptr && arena && cell);
    for (uint32_t i = 0; i < bytes.len; i++)
        escapes += escape_letter(bytes.ptr[i]) != 0;
    *cell = bytes;
    if (escapes == 0)
        return true;
    if (bytes.len + escapes > INT32_MAX)
        return error_set(err, STATUS_LOCAL, "a text cell grew beyond 2 GiB");
    out = arena_alloc(arena, bytes.len + escapes);
    if (!out)
        return error_memory(err);
    *cell = span_make(out, bytes.len + escapes);
    for (uint32_t i = 0; i < bytes.len; i++) {
        char letter = escape_letter(bytes.ptr[i]);

        if (letter)
            *out++ = '\\';
        *out++ = letter ? letter : bytes.ptr[i];
    }
    return true;
}
