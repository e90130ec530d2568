/* Laws that hold for every world and need no oracle: fractions nest, places do not matter, a budget
 * is kept, every chosen row has a reason that can be told, subjects agree along the way up. */
#ifndef UNDERSTUDY_TESTS_PROPERTY_LAWS_H
#define UNDERSTUDY_TESTS_PROPERTY_LAWS_H

#include "world.h"

struct connections {
    struct arena *arena;
    struct db *leader;
    struct db *readers[2];
};

void connections_open(const char *url, bool is_spread, struct connections *to);
void connections_close(struct connections *from);

/* Number of breaches, printed. */
int laws_check(struct world *world, const char *url, PGconn *connection);

#endif
