/* The catalog queries' common ground, for the my_catalog*.c of this folder: what is being filled,
 * how it is asked for, and what a type's text means.
 *
 * Nothing here joins views of information_schema on the server: MariaDB would open every table once
 * for each row of the join. Each view is read once, for the connected schema, and the rows meet in
 * maps. */
#ifndef UNDERSTUDY_DB_MY_CATALOG_H
#define UNDERSTUDY_DB_MY_CATALOG_H

#include "base/map.h"
#include "db/my_conn.h"

#define MY_PAGE_BYTES 16384 /* what relation->pages counts, whatever size the server's own have */

/* A catalog being filled. */
struct my_reading {
    struct db *db;
    struct catalog *catalog;
    struct arena *arena;     /* the catalog's */
    struct map *types;       /* what tells a type from others -> struct type * */
    struct map *tables;      /* "schema\0table" -> struct table * */
    struct map *views;       /* names of views and sequences: no tables, but they have columns */
    struct map *paddings;    /* MySQL: collation -> 1 where trailing blanks count */
    struct map *json;        /* MariaDB: "table\0column" of texts that a CHECK calls JSON */
    struct map *binaries;    /* "table\0column" of texts under a binary collation */
    struct map *periods;     /* MariaDB: "table\0column" of when a version of a row held */
    struct my_result checks; /* MariaDB: of the whole schema; read before the columns */
    bool folds_names;        /* names of tables differ in more than their case */
    size_t skipped_capacity, table_capacity, type_capacity, edge_capacity, definition_capacity;
    uint64_t *definitions; /* of catalog->tables: a hash of what was said of each so far */
};

/* One query on information_schema: `head`, the connected schema as a literal, `tail`. `what` names
 * it in an error. */
bool my_reading_query(struct my_reading *reading, const char *head, const char *tail,
                      const char *what, struct my_result *result, struct error *err);
/* A copy in the catalog's arena; NULL for SQL NULL. *ok turns false when memory ends. */
const char *my_reading_text(struct my_reading *reading, struct my_result *result, size_t row,
                            unsigned column, bool *ok);
bool my_reading_skip(struct my_reading *reading, const char *object, const char *why,
                     struct error *err);
/* Appends to a list that has no capacity of its own: it is full at each power of two. NULL: memory
 * ended. */
void *my_reading_grow(struct my_reading *reading, void *items, size_t count, size_t size);
/* Adds what the server says to a table's definition; NULL counts as well. */
void my_reading_define(struct my_reading *reading, const struct table *table, const char *text);

/* NULL when absent. `schema` NULL: the connected one. */
struct table *my_reading_table(const struct my_reading *reading, const char *schema,
                               const char *name);
bool my_reading_add_table(struct my_reading *reading, struct table *table, struct error *err);
/* "first\0second" in a map; false: out of memory. */
bool my_pair_put(struct map *map, const char *first, const char *second, uint64_t value);
const uint64_t *my_pair_find(const struct map *map, const char *first, const char *second);
/* A column by a name that may differ in case, as the server finds it; NULL when absent. */
struct column *my_find_column(const struct table *table, const char *name);

/* What information_schema.COLUMNS says of a column's type. */
struct my_type_form {
    const char *data_type;           /* "int" */
    const char *column_type;         /* "int(10) unsigned" */
    const char *charset, *collation; /* or NULL */
    bool is_no_pad;                  /* the collation counts trailing blanks */
    bool is_json;                    /* a text that holds JSON, by its CHECK */
};

/* Fills *type, memory from the arena. */
bool my_type_fill(const struct my_type_form *form, struct arena *arena, struct type *type,
                  struct error *err);
/* The one object of that type; `width` tells types apart that only their size does (binary(16) in
 * keys). */
bool my_reading_type(struct my_reading *reading, const struct my_type_form *form,
                     const struct type **type, struct error *err);
/* The UUID that stands in binary(16). */
bool my_reading_uuid_type(struct my_reading *reading, const struct type **type, struct error *err);
/* True where only equal bytes are equal, but for trailing blanks. */
bool my_collation_is_binary(const char *collation);
/* False where not even two ASCII letters are certain to differ. */
bool my_collation_is_known(const char *collation);
/* Bytes of the charset's longest character. */
unsigned my_charset_width(const char *charset);

/* A CHECK in the words in which PostgreSQL would print it, which is what the rules read:
 * names without backticks, IN as = ANY (ARRAY[...]), BETWEEN as two comparisons, LIKE as ~~.
 * `is_escaped`: MySQL's information_schema has it with quotes escaped. Fills expression and
 * columns of `check`; what is not understood stands as the server said it. */
bool my_check_fill(const struct table *table, const char *clause, bool is_escaped,
                   struct arena *arena, struct check *check, struct error *err);

/* Whether the user may read every table of a schema, those to come included. */
bool my_may_read_schema(struct db *db, const char *schema, bool *may_read, struct error *err);
/* Whether the server refuses to let the user read the table in full. */
bool my_table_is_denied(struct db *db, const struct table *table, bool *is_denied,
                        struct error *err);
/* 'user'@'host' as GRANT takes it, printable. */
bool my_account_read(struct db *db, struct arena *arena, const char **account, struct error *err);

bool my_read_tables(struct my_reading *reading, struct error *err);  /* my_catalog_tables.c */
bool my_read_columns(struct my_reading *reading, struct error *err); /* my_catalog_columns.c */
bool my_read_keys(struct my_reading *reading, struct error *err);    /* my_catalog_keys.c */
bool my_read_checks(struct my_reading *reading, struct error *err);  /* my_catalog_checks.c */
/* Before the columns: which texts of MariaDB are JSON. */
bool my_read_json(struct my_reading *reading, struct error *err);
bool my_read_edges(struct my_reading *reading, struct error *err); /* my_catalog_edges.c */
bool my_read_partitions(struct my_reading *reading,
                        struct error *err);                          /* my_catalog_partitions.c */
bool my_read_skipped(struct my_reading *reading, struct error *err); /* my_catalog_skipped.c */

#endif
