/* Names and literals as MySQL reads them under the session's sql_mode: backslashes escape, and
 * quotation marks hold texts. */
#include "db/my.h"

void my_quote_name(struct buf *out, const char *name)
{
    assert(name && name[0]);
    buf_add_char(out, '`');
    for (; *name; name++) {
        if (*name == '`')
            buf_add_char(out, '`');
        buf_add_char(out, *name);
    }
    buf_add_char(out, '`');
}

void my_quote_table(struct buf *out, const char *schema, const char *name)
{
    assert(schema && schema[0]);
    my_quote_name(out, schema);
    buf_add_char(out, '.');
    my_quote_name(out, name);
}

/* No byte of a UTF-8 letter looks like one of these. */
void my_quote_literal(struct buf *out, struct span text)
{
    assert(text.ptr || text.len == 0);
    buf_add_char(out, '\'');
    for (uint32_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];

        if (byte == '\0')
            buf_add(out, "\\0", 2);
        else {
            if (byte == '\'' || byte == '\\')
                buf_add_char(out, '\\');
            buf_add_char(out, byte);
        }
    }
    buf_add_char(out, '\'');
}

void my_quote_bytes(struct buf *out, struct span bytes)
{
    static const char digits[] = "0123456789ABCDEF";

    assert(bytes.ptr || bytes.len == 0);
    buf_add(out, "X'", 2);
    char *room = buf_extend(out, (size_t)bytes.len * 2);
    for (uint32_t i = 0; room && i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];

        *room++ = digits[byte >> 4];
        *room++ = digits[byte & 15];
    }
    buf_add_char(out, '\'');
}
