/* Which column or constraint a server's message about a row speaks of. MySQL has no fields for it:
 * the name stands in the text, often behind the value. So nothing is cut out of the text: it is
 * compared with the whole sentences that MySQL and MariaDB write about each name of the catalog, in
 * English, and only a name of the catalog comes back. */
#ifndef UNDERSTUDY_DB_MY_BLAME_H
#define UNDERSTUDY_DB_MY_BLAME_H

#include "base/span.h"
#include "catalog/catalog.h"

struct my_blame {
    const char *kind;            /* "column" or "constraint" */
    const char *name;            /* the catalog's; NULL: the message names none, or not for sure */
    const struct column *column; /* NULL: a constraint, or none */
};

/* `schema` is what the table's schema is called on the server that speaks. */
struct my_blame my_blame_find(unsigned number, struct span message, const char *schema,
                              const struct table *table);

#endif
