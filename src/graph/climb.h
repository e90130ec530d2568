/* Who can climb to a subject, and how far it is: the search behind subject paths. */
#ifndef UNDERSTUDY_GRAPH_CLIMB_H
#define UNDERSTUDY_GRAPH_CLIMB_H

#include "graph/ways.h"

#define CLIMB_NEVER UINT32_MAX

struct climb {
    const struct graph *graph;
    struct way_list *ways;    /* by table index */
    bool *is_subject;         /* by table index */
    uint32_t *distance;       /* steps on the shortest allowed way up; CLIMB_NEVER: none */
    const struct edge **next; /* first step of that way; NULL at subjects and where there is none */
    const struct way **next_way;
    uint32_t *queue, *stamps, stamp; /* scratch of the searches */
};

bool climb_new(const struct graph *graph, const struct table *const *subjects, size_t count,
               struct arena *arena, struct climb **climb, struct error *err);
/* Finds distance and next of every table along the ways that are allowed now. */
void climb_measure(struct climb *climb);
/* True when the way leads to a subject without coming back through `table`, its own table. */
bool climb_is_way_up(struct climb *climb, const struct table *table, const struct way *way);

#endif
