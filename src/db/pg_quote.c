/* Names and literals as PostgreSQL reads them. */
#include "db/pg.h"

void pg_quote_name(struct buf *out, const char *name)
{
    assert(name && name[0]);
    buf_add_char(out, '"');
    for (; *name; name++) {
        if (*name == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *name);
    }
    buf_add_char(out, '"');
}

void pg_quote_table(struct buf *out, const char *schema, const char *name)
{
    assert(schema && schema[0]);
    pg_quote_name(out, schema);
    buf_add_char(out, '.');
    pg_quote_name(out, name);
}

/* The escape string form where a backslash is in it, so that the text means the same whatever
 * standard_conforming_strings says. The leading blank keeps an E from joining a word before it. */
void pg_quote_literal(struct buf *out, const char *text)
{
    bool is_escaped = strchr(text, '\\') != NULL;

    buf_add_text(out, is_escaped ? " E'" : "'");
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_add_char(out, *text);
        buf_add_char(out, *text);
    }
    buf_add_char(out, '\'');
}
