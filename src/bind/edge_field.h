/* What is read of a row to know where an edge leads, where that is no column, and whether it leads
 * anywhere. */
#ifndef UNDERSTUDY_BIND_EDGE_FIELD_H
#define UNDERSTUDY_BIND_EDGE_FIELD_H

#include "db/driver.h"

/* The name of a table of one column, `element`, that lists the elements of an edge's array, in
 * statements with edge_add_reference. PostgreSQL alone has arrays. */
#define EDGE_LIST "\"understudy list\""

/* SQL for the text that the edge's path leads to in its child column; NULL where it leads nowhere.
 * In `arena`; NULL: memory ended. */
const char *edge_json_expression(enum engine engine, const struct edge *edge, struct arena *arena);

/* Appends what refers to column `pair` of the parent: the child's column, an element of it, or the
 * text that a path leads to. */
void edge_add_reference(enum engine engine, const struct edge *edge, size_t pair, struct buf *out);

/* Appends SQL that is true where the server finds no parent for a reference without a NULL, by its
 * own equality. `side` says whose tables. */
void edge_add_orphan(enum engine engine, enum db_side side, const struct edge *edge,
                     struct buf *out);

#endif
