/* Which tables hold people, which hold what staging is better without, and how far each table's
 * descendants reach: the grounds of the shape that init proposes. */
#ifndef UNDERSTUDY_DETECT_PEOPLE_H
#define UNDERSTUDY_DETECT_PEOPLE_H

#include "detect/detect.h"
#include "graph/graph.h"

/* By table index, arena memory. A table of logins or contacts is one of people only where no edge
 * leads up to another table of people. Tables that look like people by an e-mail address beside a
 * name count as well. */
bool people_find(const struct graph *graph, const struct names *names, struct arena *arena,
                 bool **is_people, struct error *err);
/* Rows that are not those of the snapshot: their engine knows no transactions. */
bool table_is_unsafe(const struct table *table);
/* Rows that staging is better without, where every edge into the table may be cut. */
bool table_is_volatile(const struct graph *graph, const struct names *names,
                       const struct table *table);

/* Writes `per: subject` where a rule's outputs would be told by their frequency. */
void propose_per_subject(const struct detection *detection, const struct subject_path *paths);
/* The week's activity over the shifted times of tables that belong to subjects; leaves shape->week
 * NULL where the sample has too few of them. */
bool measure_week(const struct detection *detection, const struct subject_path *paths,
                  struct arena *arena, struct shape_proposal *shape, struct error *err);

#endif
