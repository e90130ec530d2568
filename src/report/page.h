/* Text for a terminal of 80 columns: words that wrap, figures that align. Bytes are UTF-8; a column
 * is a code point. */
#ifndef UNDERSTUDY_REPORT_PAGE_H
#define UNDERSTUDY_REPORT_PAGE_H

#include "base/buf.h"
#include "base/common.h"

enum { PAGE_WIDTH = 80 };

/* Columns on the last line so far. */
size_t page_column(const struct buf *out);
size_t page_width(const char *text, size_t len);
/* Appends words; a line that would be too long goes on in the next, `indent` in. */
void page_add_words(struct buf *out, int indent, const char *text);
void page_add_format(struct buf *out, int indent, const char *format, ...) PRINTF_LIKE(3, 4);
/* "1,234", flush right in `width` columns. */
void page_add_count(struct buf *out, int width, uint64_t count);
/* Blanks up to a column. */
void page_add_blanks(struct buf *out, size_t column);

#endif
