/* Character sets other than UTF-8, as columns have them. Values travel as UTF-8 where that leads
 * back to the very bytes, and as they are stored where it does not (value/my_opaque.h). */
#ifndef UNDERSTUDY_DB_MY_CHARSET_H
#define UNDERSTUDY_DB_MY_CHARSET_H

#include "base/buf.h"
#include "catalog/catalog.h"

/* Its bytes are UTF-8, or no text. NULL is. */
bool my_charset_is_utf8(const char *charset);
/* All that it can hold is the same again behind UTF-8. */
bool my_charset_is_whole(const char *charset);
/* Fit to stand in a statement, where character sets have no quotes. */
bool my_charset_is_name(const char *charset);

/* Appends what reads a column of another character set in the form of codec_my's cells. */
void my_charset_add_cell(struct buf *sql, const struct column *column);

#endif
