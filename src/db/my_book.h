/* The keys behind addresses that are hashes. One book serves all connections at a snapshot and is
 * safe from every thread. */
#ifndef UNDERSTUDY_DB_MY_BOOK_H
#define UNDERSTUDY_DB_MY_BOOK_H

#include "base/error.h"
#include "base/span.h"
#include "catalog/catalog.h"

struct my_book;

/* The book's hash of a key or row: cells as length-encoded strings, one behind the other. Its key
 * is random, so that nobody can make rows whose hashes are equal. */
uint64_t my_book_address(const struct my_book *book, struct span cells);

/* Notes the key of an address. Another key there already is STATUS_SOURCE; so is one found by
 * my_book_check, which notes nothing. */
bool my_book_put(struct my_book *book, const struct table *table, uint64_t address,
                 struct span cells, struct error *err);
bool my_book_check(struct my_book *book, const struct table *table, uint64_t address,
                   struct span cells, struct error *err);

/* False where the address is not in the book. The bytes stand until the book is gone. */
bool my_book_find(struct my_book *book, const struct table *table, uint64_t address,
                  struct span *cells);
size_t my_book_count(struct my_book *book, const struct table *table);
size_t my_book_bytes(struct my_book *book); /* memory held */

#endif
