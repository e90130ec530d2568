/* What the address of a row is on MySQL: which key it is made of, and integers packed into it.
 *
 *   PLACE   the key's integers beside one another, the first in the highest bits, signed ones with
 *           their sign turned, so that addresses are in the order of the key:
 *
 *               0 ... 0 | first column | second column | ...
 *
 *   KEY     the book's keyed hash of the key's cells, as bytes
 *   ROW     the same of all columns */
#ifndef UNDERSTUDY_DB_MY_ADDRESS_H
#define UNDERSTUDY_DB_MY_ADDRESS_H

#include "base/buf.h"
#include "catalog/catalog.h"

enum { MY_PACKED_MAX = 64 }; /* columns of a packed key: bits, if each is a bit(1) */

/* Sets the relation's address_class and address_key by the table's keys: the primary key, else a
 * unique key, with fewest columns first; one whose columns are all there in each row, that covers
 * them in full, and compares no reals. */
void my_address_decide(const struct table *table, struct relation *relation);

/* Bits of an integer column in a packed address; 0 for other types. */
unsigned my_address_bits(const struct column *column);
/* Cells of the key's columns to their address. false: a cell is no integer of its column. */
bool my_address_pack(const struct key *key, const struct span *cells, uint64_t *address);
/* The values of the key's columns: 64 bits each, in two's complement where the column is signed. */
void my_address_unpack(const struct key *key, uint64_t address, uint64_t *values);
/* The highest address that the key's types leave room for. */
uint64_t my_address_highest(const struct key *key);
/* Appends such a value as a number. */
void my_address_add_value(struct buf *sql, const struct column *column, uint64_t value);

/* The integer that a cell of the column says: digits, or the bytes of a bit(n). false: none, or
 * one that the column cannot hold. */
bool my_address_read(const struct column *column, struct span cell, uint64_t *value);

#endif
