/* The statements of a read, for my_read.c and its tests: a read of very many or very long keys is
 * several statements, each small enough for the server's max_allowed_packet. */
#ifndef UNDERSTUDY_DB_MY_SELECT_H
#define UNDERSTUDY_DB_MY_SELECT_H

#include "db/driver.h"
#include "db/my_book.h"

struct my_statement_list {
    struct arena *arena; /* set by the caller; holds the texts */
    bool names_indexes;  /* set by the caller: the table has the catalog's indexes */
    size_t count, capacity;
    struct my_statement {
        const char *sql;
        size_t len;
    } * items;
};

/* my_select.c: all statements of a read. `book` has the keys of its addresses where they are
 * hashes. `ceiling`: bytes that a statement may have; one value is never cut. */
bool my_statements_make(const struct read *read, struct my_book *book, size_t ceiling,
                        struct my_statement_list *list, struct error *err);
/* The only relation of its table. */
const struct relation *my_relation(const struct read *read);
/* Columns that stand in front of a row for its address: of the key, or all that can be read. */
size_t my_address_column_count(const struct table *table, const struct relation *relation);
const struct column *my_address_column(const struct table *table, const struct relation *relation,
                                       size_t i);
/* Rows are found by reading all of them. */
bool my_read_is_filter(const struct read *read);
/* Appends the table as the profile's SQL knows it: by its own name, in the connection's database.
 */
void my_add_from(struct buf *sql, const struct table *table);
/* Appends a column of the table in hand, qualified. */
void my_add_column(struct buf *sql, const struct column *column);

/* my_index.c: the index that finds rows by all of the columns sought, in any order, or NULL. */
const struct index *my_index_find(const struct table *table, const struct column *const *columns,
                                  size_t count);

/* What a list may take. */
struct my_room {
    size_t bytes, values;
};

/* my_keys.c: appends the parenthesized list of values [*at, ...) of a read by key or by address
 * for which there is room, at least one value, and moves *at behind them. */
bool my_add_list(struct buf *sql, const struct read *read, struct my_book *book,
                 const struct my_room *room, size_t *at, struct error *err);

#endif
