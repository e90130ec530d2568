/* Which tables hold people, which hold what staging is better without, and how far each table's
 * descendants reach: the grounds of the shape that init proposes. */
#ifndef UNDERSTUDY_DETECT_PEOPLE_H
#define UNDERSTUDY_DETECT_PEOPLE_H

#include "detect/names.h"
#include "graph/graph.h"

/* By table index, arena memory. A table of logins or contacts is one of people only where no edge
 * leads up to another table of people. Tables that look like people by an e-mail address beside a
 * name count as well. */
bool people_find(const struct graph *graph, const struct names *names, struct arena *arena,
                 bool **is_people, struct error *err);
/* Rows that staging is better without, where every edge into the table may be cut. */
bool table_is_volatile(const struct graph *graph, const struct names *names,
                       const struct table *table);

#endif
