/* Where the SQL of worlds and oracle differs between the engines: key shapes and their literals,
 * JSON, what happens to a row that is there already. */
#ifndef UNDERSTUDY_TESTS_PROPERTY_DIALECT_H
#define UNDERSTUDY_TESTS_PROPERTY_DIALECT_H

#include "world.h"

/* The type of the key's column, and of a pair's second one. */
const char *key_type(const struct world *world, const struct world_table *table);
const char *key_second_type(const struct world *world, const struct world_table *table);
/* The key of row n, both cells of a pair; rows beyond the table's are orphans' parents. `spelling`
 * above 0: another way to write a key that is equal in its collation. */
void key_add(const struct world *world, const struct world_table *table, int n, int spelling,
             struct buf *sql);
void pair_first_add(const struct world_table *table, int n, struct buf *sql);
void pair_second_add(const struct world_table *table, int n, struct buf *sql);
/* {"r": key} */
void key_document_add(const struct world *world, const struct world_table *table, int n,
                      struct buf *sql);
/* The document's key as text, and the same of a row's key. */
void document_key_add(const struct world *world, const char *column, struct buf *sql);
void key_text_add(const struct world *world, const struct world_table *table, const char *column,
                  struct buf *sql);

/* INSERT INTO the oracle's s, and what becomes of a row that is there already. `begin` stands
 * before the SELECT, `end` behind it. */
enum when_there { STAYS, BECOMES_WHOLE, WHOLE_IF_NEW_IS };
const char *insert_begin(const struct world *world, enum when_there when);
const char *insert_end(const struct world *world, enum when_there when);

#endif
