/* What a read and the looking for keys behind addresses have of one another. */
#ifndef UNDERSTUDY_DB_MY_READ_H
#define UNDERSTUDY_DB_MY_READ_H

#include "db/my_conn.h"
#include "db/my_select.h"

/* my_read.c: a read with_address that notes the keys of these addresses and of no others. */
bool my_read_begin_resolving(struct db *db, const struct read *read, const struct bitmap *addresses,
                             struct error *err);

/* my_resolve.c: the same as db_resolve for the addresses of a read. */
bool my_resolve_list(struct db *db, const struct read *read, struct error *err);

#endif
