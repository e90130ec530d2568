/* What is read of a row to know where an edge leads, where that is no column. */
#ifndef UNDERSTUDY_BIND_EDGE_FIELD_H
#define UNDERSTUDY_BIND_EDGE_FIELD_H

#include "catalog/catalog.h"

/* SQL for the text that the edge's path leads to in its child column; NULL where it leads nowhere.
 * In `arena`; NULL: memory ended. */
const char *edge_json_expression(enum engine engine, const struct edge *edge, struct arena *arena);

#endif
