/* The catalog queries' common ground, for the pg_catalog*.c and pg_snapshot.c of this folder: what
 * is being filled, and cells of a text result. */
#ifndef UNDERSTUDY_DB_PG_CATALOG_H
#define UNDERSTUDY_DB_PG_CATALOG_H

#include "base/map.h"
#include "db/pg_conn.h"

/* A catalog being filled. Tables are found by their own number and by that of any partition. */
struct reading {
    struct pg_db *pg;
    struct catalog *catalog;
    struct arena *arena; /* the catalog's */
    struct map *types;   /* oid -> struct type * */
    struct map *tables;  /* oid -> struct table * */
    int version;
    size_t skipped_capacity;
};

/* Columns of pg_read_relations. */
enum {
    RELATION_ROOT,
    RELATION_OID,
    RELATION_SCHEMA,
    RELATION_NAME,
    RELATION_FILENODE,
    RELATION_ROWS,
    RELATION_PAGES,
    RELATION_BOUND,
    RELATION_DEFINITION
};

/* NULL for SQL NULL. */
const char *pg_cell(const PGresult *result, int row, int column);
uint32_t pg_cell_u32(const PGresult *result, int row, int column);
int pg_cell_int(const PGresult *result, int row, int column);
bool pg_cell_bool(const PGresult *result, int row, int column);

/* A copy in the catalog's arena; NULL for SQL NULL. *ok turns false when memory ends. */
const char *reading_text(struct reading *reading, const PGresult *result, int row, int column,
                         bool *ok);
struct type *reading_type(const struct reading *reading, uint32_t oid);
struct table *reading_table(const struct reading *reading, uint32_t oid);
/* Runs one catalog query; `what` names it in an error. */
bool reading_query(struct reading *reading, const char *sql, const char *what, PGresult **result,
                   struct error *err);
bool reading_skip(struct reading *reading, const char *object, const char *why, struct error *err);

/* Fills max_length, precision and scale from type and modifier. */
void pg_describe_limits(struct column *column);

/* Every relation that holds rows, with the root it belongs to, as this connection sees it now. */
bool pg_read_relations(struct db *db, PGresult **result, struct error *err);

bool pg_read_types(struct reading *reading, struct error *err);   /* pg_catalog_types.c */
bool pg_read_tables(struct reading *reading, struct error *err);  /* pg_catalog_tables.c */
bool pg_read_columns(struct reading *reading, struct error *err); /* pg_catalog_columns.c */
bool pg_read_keys(struct reading *reading, struct error *err);    /* pg_catalog_keys.c */
bool pg_read_edges(struct reading *reading, struct error *err);   /* pg_catalog_edges.c */
bool pg_read_skipped(struct reading *reading, struct error *err); /* pg_catalog_skipped.c */

/* Which relations are a user's: not the system's, not another session's temporary ones. `c` is
 * pg_class, `n` its namespace. */
#define USER_RELATION                                                                              \
    "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' AND c.relpersistence <> "   \
    "'t'"

#endif
