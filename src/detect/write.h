/* YAML as init writes it: pieces shared by the whole profile and by fragments. Text is collected in
 * a buf, whose failure is checked once at the end. */
#ifndef UNDERSTUDY_DETECT_WRITE_H
#define UNDERSTUDY_DETECT_WRITE_H

#include "base/buf.h"
#include "detect/detect.h"

#define WRITE_COLUMNS 100

struct writer {
    struct buf *out;
    struct arena *arena; /* scratch */
    const struct graph *graph;
};

/* A scalar as it must be written to be read as this text: plain where that is safe, else in double
 * quotes with escapes. */
void write_scalar(struct buf *out, const char *text);
/* Always in double quotes: sentences. */
void write_quoted(struct buf *out, const char *text);
/* A comment of any length, wrapped at WRITE_COLUMNS, each line with `indent` blanks and "# ". */
void write_comment(struct writer *writer, unsigned indent, const char *text);
/* Names as a profile writes them (not yet as YAML); NULL: out of memory. */
const char *write_table_name(struct writer *writer, const struct table *table);
/* "orders.customer_id", "invoices(region, number)". */
const char *write_edge_name(struct writer *writer, const struct edge *edge);
/* The `columns:` section of everything that `known` does not name (NULL: of everything). Returns
 * how many columns were written. */
size_t write_columns(struct writer *writer, const struct detection *detection,
                     const bool *const *known);

#endif
