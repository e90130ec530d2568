/* How help is set: lines of at most HELP_WIDTH columns, rows of two columns. */
#include "api_help.h"

#include "base/utf8.h"
#include <string.h>

static void add_blanks(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_add_char(out, ' ');
}

void help_add_wrapped(struct buf *out, const char *text, size_t indent, size_t column)
{
    bool is_first = true;

    assert(out && text && indent < HELP_WIDTH);
    while (*text != '\0') {
        size_t bytes = strcspn(text, " \n");
        size_t letters = utf8_length(text, bytes);

        if (!is_first && column + 1 + letters > HELP_WIDTH) {
            buf_add_char(out, '\n');
            add_blanks(out, indent);
            column = indent;
            is_first = true;
        }
        if (!is_first)
            buf_add_char(out, ' ');
        buf_add(out, text, bytes);
        column += letters + !is_first;
        is_first = false;
        text += bytes + (text[bytes] != '\0');
    }
    buf_add_char(out, '\n');
}

void help_add_paragraph(struct buf *out, const char *text)
{
    help_add_wrapped(out, text, 0, 0);
}

void help_add_row(struct buf *out, size_t indent, const char *left, const char *right)
{
    size_t length = utf8_length(left, strlen(left)) + 2;

    assert(indent < HELP_WIDTH / 2);
    buf_add_format(out, "  %s", left);
    if (length + 2 > indent) {
        buf_add_char(out, '\n');
        length = 0;
    }
    add_blanks(out, indent - length);
    help_add_wrapped(out, right, indent, indent);
}

void help_add_lines(struct buf *out, const char *const *lines, size_t count)
{
    assert(out && lines);
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, "%s\n", lines[i]);
}

void help_add_indented(struct buf *out, const char *text, size_t indent)
{
    while (*text != '\0') {
        size_t bytes = strcspn(text, "\n");

        add_blanks(out, indent);
        buf_add(out, text, bytes);
        buf_add_char(out, '\n');
        text += bytes + (text[bytes] == '\n');
    }
}
