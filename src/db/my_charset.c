/* Which character sets need what on their way through UTF-8. */
#include "db/my_charset.h"

#include "db/my_select.h"

static bool is_among(const char *charset, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(charset, names[i]) == 0)
            return true;
    return false;
}

bool my_charset_is_utf8(const char *charset)
{
    static const char *const names[] = {"utf8mb4", "utf8mb3", "utf8", "ascii", "binary"};

    return !charset || is_among(charset, names, COUNT_OF(names));
}

/* Measured with each single byte and each pair of bytes that the servers store, MariaDB 10.11 and
 * MySQL 9.7. Of the others each loses some: cp1251 one byte, greek 6, cp1257 12, sjis one pair in
 * ten, and every text with a backslash. ucs2, and MariaDB's utf32, hold halves of surrogates, for
 * which there is no UTF-8. gb18030 was measured in pairs only. */
bool my_charset_is_whole(const char *charset)
{
    static const char *const names[] = {"latin1", "latin2",   "latin5",  "latin7", "cp850",
                                        "cp852",  "cp866",    "keybcs2", "koi8r",  "koi8u",
                                        "macce",  "macroman", "utf16",   "utf16le"};

    return my_charset_is_utf8(charset) || is_among(charset, names, COUNT_OF(names));
}

bool my_charset_is_name(const char *charset)
{
    return charset[0] && charset[strspn(charset, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* The stored bytes, behind what can be read of them. CONCAT gives NULL for what is longer than
 * max_allowed_packet. */
static void add_opaque(struct buf *sql, const struct column *column)
{
    buf_add_format(sql, "IFNULL(CONCAT(X'FF', '%s:', CONVERT(", column->type->charset);
    my_add_column(sql, column);
    buf_add_text(sql, " USING utf8mb4), X'20FF', CAST(");
    my_add_column(sql, column);
    buf_add_text(sql, " AS BINARY)), X'FF')");
}

/* Whether the bytes are the same again. They are taken for UTF-8 anew on their way, as those that
 * are written are: halves of surrogates are converted back, but are no UTF-8. */
static void add_check(struct buf *sql, const struct column *column)
{
    buf_add_text(sql, "CAST(CONVERT(CONVERT(CAST(CONVERT(");
    my_add_column(sql, column);
    buf_add_format(sql, " USING utf8mb4) AS BINARY) USING utf8mb4) USING %s) AS BINARY) = CAST(",
                   column->type->charset);
    my_add_column(sql, column);
    buf_add_text(sql, " AS BINARY)");
}

void my_charset_add_cell(struct buf *sql, const struct column *column)
{
    const char *charset = column->type->charset;
    const bool is_whole = my_charset_is_whole(charset);

    assert(!my_charset_is_utf8(charset) && my_charset_is_name(charset));
    if (!is_whole) {
        buf_add_text(sql, "IF(");
        add_check(sql, column);
        buf_add_text(sql, ", ");
    }
    buf_add_text(sql, "CONVERT(");
    my_add_column(sql, column);
    buf_add_text(sql, " USING utf8mb4)");
    if (is_whole)
        return;
    buf_add_text(sql, ", IF(");
    my_add_column(sql, column);
    buf_add_text(sql, " IS NULL, NULL, ");
    add_opaque(sql, column);
    buf_add_text(sql, "))");
}
