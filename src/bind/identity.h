/* What a row is told apart by, as one keyed number: equal in both engines, on every day, and
 * wherever the row lies. */
#ifndef UNDERSTUDY_BIND_IDENTITY_H
#define UNDERSTUDY_BIND_IDENTITY_H

#include "bind/bind.h"
#include "graph/key.h"

/* The table's name as hashes see it, with the zero byte that ends it; appends. */
void identity_name_add(const struct table *table, struct buf *out);

/* keyed_hash(table, key): the table's name (with its schema unless it is the engine's default
 * one), then for each column length and canonical bytes; a text that is a UUID in lower case counts
 * as its 16 bytes. `cells` are raw cells of the identity columns. */
bool identity_hash(const struct bound_table *table, const struct sipkey *key,
                   struct key_scratch *scratch, const struct span *cells, uint64_t *hash,
                   struct error *err);

#endif
