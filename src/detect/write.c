/* Scalars, comments and names of a profile. */
#include "detect/write.h"

#include "base/words.h"
#include "config/profile.h"

#include <string.h>

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* Words that YAML readers, ours or others, take for something else. */
static bool is_taken(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on",
                                        "off",  "y",    "n",     "nan", "inf"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool is_plain(const char *text)
{
    if (!is_letter(text[0]) || is_taken(text))
        return false;
    for (; *text; text++)
        if (!is_letter(*text) && !(*text >= '0' && *text <= '9') && *text != '.' && *text != '-')
            return false;
    return true;
}

static void add_escaped(struct buf *out, int32_t point)
{
    if (point == '"' || point == '\\')
        buf_add_format(out, "\\%c", (int)point);
    else if (point == '\n')
        buf_add_text(out, "\\n");
    else if (point < 0x20 || (point >= 0x7F && point < 0xA0))
        buf_add_format(out, "\\x%02X", (unsigned)point);
    else if (point < 0x7F)
        buf_add_char(out, (char)point);
    else if (point <= 0xFFFF)
        buf_add_format(out, "\\u%04X", (unsigned)point);
    else
        buf_add_format(out, "\\U%08X", (unsigned)point);
}

/* Letters beyond ASCII stand as they are; everything invisible or odd is escaped. */
static bool is_shown(int32_t point)
{
    return (point >= 0xA1 && point < 0x2000 && point != 0xAD && point != 0x61C &&
            point != 0x180E) ||
           (point >= 0x3040 && point < 0xD800);
}

void write_quoted(struct buf *out, const char *text)
{
    const char *at = text, *end = text + strlen(text);

    buf_add_char(out, '"');
    while (at < end) {
        const char *start = at;
        int32_t point = utf8_next(&at, end);
        if (is_shown(point))
            buf_add(out, start, (size_t)(at - start));
        else
            add_escaped(out, point < 0 ? 0xFFFD : point);
    }
    buf_add_char(out, '"');
}

void write_scalar(struct buf *out, const char *text)
{
    if (is_plain(text))
        buf_add_text(out, text);
    else
        write_quoted(out, text);
}

void write_comment(struct writer *writer, unsigned indent, const char *text)
{
    const char *printable = words_printable(writer->arena, text);
    size_t room = WRITE_COLUMNS - indent - 2;

    text = printable ? printable : "";
    while (*text) {
        size_t len = strlen(text);
        if (len > room) {
            len = room;
            while (len > 0 && text[len] != ' ')
                len--;
            len = len > 0 ? len : strcspn(text, " ");
        }
        buf_add_format(writer->out, "%*s# %.*s\n", (int)indent, "", (int)len, text);
        text += len;
        text += strspn(text, " ");
    }
}

static const char *join_names(struct writer *writer, const struct table *table, const char *part)
{
    const char *schema = profile_quote(writer->arena, table->schema);

    return schema && part ? arena_printf(writer->arena, "%s.%s", schema, part) : NULL;
}

/* Without its schema where that is the default one; "*" alone would mean all tables. */
const char *write_table_name(struct writer *writer, const struct table *table)
{
    const char *name = profile_quote(writer->arena, table->name);
    const char *schema = writer->graph->catalog->default_schema;

    if (table->schema[0] == '\0')
        return name;
    if (schema && strcmp(table->schema, schema) == 0 && strcmp(table->name, "*") != 0)
        return name;
    return join_names(writer, table, name);
}

const char *write_edge_name(struct writer *writer, const struct edge *edge)
{
    const char *table = write_table_name(writer, edge->child);
    const char *name = NULL;

    assert(edge->column_count > 0);
    if (!table)
        return NULL;
    if (edge->column_count == 1) {
        const char *column = profile_quote(writer->arena, edge->child_columns[0]->name);
        return column ? arena_printf(writer->arena, "%s.%s", table, column) : NULL;
    }
    for (size_t i = 0; i < edge->column_count; i++) {
        const char *column = profile_quote(writer->arena, edge->child_columns[i]->name);
        if (!column || (i > 0 && !name))
            return NULL;
        name = i == 0 ? arena_printf(writer->arena, "%s(%s", table, column)
                      : arena_printf(writer->arena, "%s, %s", name, column);
    }
    return name ? arena_printf(writer->arena, "%s)", name) : NULL;
}
