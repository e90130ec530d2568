/* Ways up from a table: edges grouped by the child columns they start with. A group is one way:
 * the alternatives of a polymorphic column, or several foreign keys on the same columns. Edges of
 * a table to itself and of array elements are no ways (an array names many rows). */
#ifndef UNDERSTUDY_GRAPH_WAYS_H
#define UNDERSTUDY_GRAPH_WAYS_H

#include "graph/graph.h"

struct way {
    size_t edge_count;
    const struct edge **edges; /* in order of the graph */
    bool is_polymorphic;       /* a row's discriminator decides; else any edge will do */
    bool is_nullable;
    bool is_allowed; /* not excluded by a choice of another column */
};

struct way_list {
    size_t count;
    struct way *ways; /* in column order */
};

/* For every table, by its index. */
bool ways_new(const struct graph *graph, struct arena *arena, struct way_list **lists,
              struct error *err);
/* Leaves only the way that `column` names: the one of this column alone, else every one that
 * has it among its columns. NULL: all are allowed. */
void ways_choose(struct way_list *list, const struct column *column);
/* The column that names this way among all of the list, or NULL where none tells it apart. */
const struct column *way_column(const struct way_list *list, const struct way *way);

#endif
