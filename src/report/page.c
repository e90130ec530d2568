/* Lays text out for a terminal. */
#include "report/page.h"

#include "base/arena.h"
#include "base/clock.h"
#include <string.h>

void page_add_count(struct buf *out, int width, uint64_t count)
{
    char text[32];

    count_format(count, text, sizeof(text));
    buf_add_format(out, "%*s", width, text);
}

size_t page_column(const struct buf *out)
{
    size_t column = 0;

    for (size_t i = out->len; i > 0 && out->ptr[i - 1] != '\n'; i--)
        column += ((unsigned char)out->ptr[i - 1] & 0xc0) != 0x80;
    return column;
}

size_t page_width(const char *text, size_t len)
{
    size_t width = 0;

    for (size_t i = 0; i < len; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

void page_add_words(struct buf *out, int indent, const char *text)
{
    bool is_first = true;

    assert(indent >= 0 && indent < PAGE_WIDTH);
    while (*text) {
        size_t len = strcspn(text, " ");
        size_t wanted = page_width(text, len) + !is_first;

        if (page_column(out) + wanted > PAGE_WIDTH && page_column(out) > (size_t)indent)
            buf_add_format(out, "\n%*s", indent, "");
        else if (!is_first)
            buf_add_char(out, ' ');
        buf_add(out, text, len);
        text += len + (text[len] == ' ');
        is_first = false;
    }
}

void page_add_blanks(struct buf *out, size_t column)
{
    size_t reached = page_column(out);

    if (reached < column)
        buf_add_format(out, "%*s", (int)(column - reached), "");
}

void page_add_format(struct buf *out, int indent, const char *format, ...)
{
    AUTO(arena) struct arena *arena = arena_new();
    va_list args;

    va_start(args, format);
    const char *text = arena ? arena_vprintf(arena, format, args) : NULL;
    va_end(args);
    if (text)
        page_add_words(out, indent, text);
    else
        buf_add_text(out, "(out of memory)");
}
