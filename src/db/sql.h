/* The words of SQL that differ between engines, one row an engine, for code above the drivers that
 * builds statements for whichever engine it has. Statements of one engine alone belong into its own
 * files (pg_*, my_*). */
#ifndef UNDERSTUDY_DB_SQL_H
#define UNDERSTUDY_DB_SQL_H

#include "base/buf.h"
#include "db/driver.h"

struct sql_words {
    /* Each appends what it is given, quoted. Texts are UTF-8. */
    void (*name)(struct buf *out, const char *name);
    void (*table)(struct buf *out, const char *schema, const char *name);
    void (*literal)(struct buf *out, const char *text);
    /* Appends the text that a path leads to in a JSON document (`document` is SQL): NULL where it
     * leads nowhere or to JSON's null; strings without quotes, other values as JSON writes them.
     * Of several values the first. */
    void (*json_text)(struct buf *out, const char *document, const char *path);
    /* Appends alias.column as text that is compared by its bytes: what a JSON path would deliver of
     * it, and sql_cell_text() of its cells. */
    void (*text)(struct buf *out, const char *alias, const struct column *column);
    bool is_schema_database; /* a schema is a database: the target's has another name */
    const char *only;        /* before a table whose inheritance children do not count */
    const char *equals;      /* the types' own equality */
    const char *same;        /* the same, but NULL equals NULL */
};

const struct sql_words *sql_words(enum engine engine);

/* " FROM table", without inheritance children, with partitions. At the target of an engine whose
 * schemas are databases the table is that of the connection's own. */
void sql_add_from(const struct sql_words *words, struct buf *out, enum db_side side,
                  const struct table *table);
/* alias.column; alias NULL: the table's own name. */
void sql_add_column(const struct sql_words *words, struct buf *out, const char *alias,
                    const struct column *column);
/* What `text` gives, made of a cell (not NULL) as the engine's second codec (codec_text_of) has it.
 * Borrowed, or in `arena`. */
bool sql_cell_text(enum engine engine, const struct column *column, struct span cell,
                   struct arena *arena, struct span *text, struct error *err);
/* The operator that compares the pair of an edge's columns. */
const char *sql_edge_equals(const struct sql_words *words, const struct edge *edge, size_t pair);

#endif
