/* Statistics of all tables that were loaded, by the crew: before it, one connection was busy for as
 * long as 30,000 rows of every table took to sort, and a core idle. */
#ifndef UNDERSTUDY_RUN_ANALYZE_H
#define UNDERSTUDY_RUN_ANALYZE_H

#include "run/copy.h"

bool analyze_tables(const struct binding *binding, const struct copied *copied, struct crew *crew,
                    struct error *err);

#endif
