/* What the source says of a line whose entry is rewritten together (transform/ledger.h): the
 * statement that tells of the row in hand how many lines its entry has, what those before it add
 * up to, with it and without, and the smallest and the greatest of all. */
#ifndef UNDERSTUDY_BIND_GROUP_FACTS_H
#define UNDERSTUDY_BIND_GROUP_FACTS_H

#include "catalog/catalog.h"

struct group_facts {
    enum engine engine;
    bool has_rownum; /* MariaDB, where no derived table knows the row outside of it */
    const struct column *column, *group, *side; /* side: or NULL */
    size_t peer_count;
    const struct column **peers; /* that get the same factor, `column` among them */
    size_t identity_count;
    const struct column *const *identity_columns; /* the order of the lines */
};

/* A SELECT that stands in the row's own statement and gives the text that ledger_read() takes. In
 * `arena`; NULL: memory ended. */
const char *group_facts_sql(const struct group_facts *facts, struct arena *arena);

#endif
