/* PostgreSQL below the driver contract, for the PostgreSQL halves of other folders (stage/pg_*,
 * verify/pg_*): statements with parameters, results, quoting, errors as our own sentences. */
#ifndef UNDERSTUDY_DB_PG_H
#define UNDERSTUDY_DB_PG_H

#include "db/driver.h"
#include <libpq-fe.h>

static inline void auto_free_PGresult(PGresult **result)
{
    if (*result)
        PQclear(*result);
}

PGconn *pg_connection(struct db *db);

/* One statement of the extended protocol, text results. `values` are bound parameters (NULL:
 * SQL NULL). On failure sets err by pg_error. */
bool pg_query(struct db *db, const char *sql, int count, const char *const *values,
              PGresult **result, struct error *err);
/* A statement whose result does not matter. */
bool pg_run(struct db *db, const char *sql, struct error *err);

/* Turns the failure of `result` (or of the connection, when NULL) into an error: status by side,
 * SQLSTATE named by its class in words, table, column and constraint fields, never the text. */
bool pg_error(struct db *db, const PGresult *result, const char *what, struct error *err);
/* The same for a statement that holds SQL of the profile: where that is what failed (it divides by
 * zero, raises, wants to write), the profile is at fault. */
bool pg_error_expression(struct db *db, const PGresult *result, const char *what,
                         struct error *err);

/* The name of a db_snapshot_export token as SET TRANSACTION SNAPSHOT and pg_dump --snapshot take
 * it; in arena, NULL when memory ends. */
const char *pg_snapshot_name(struct arena *arena, const char *token);

/* Appends an identifier, a qualified name, a string literal, quoted for PostgreSQL. */
void pg_quote_name(struct buf *out, const char *name);
void pg_quote_table(struct buf *out, const char *schema, const char *name);
void pg_quote_literal(struct buf *out, const char *text); /* escape string syntax where needed */

/* Connection key words for child programs (pg_dump, pg_restore): conninfo without password, and
 * the password apart (for a 0600 passfile; NULL: none), for `database`. */
bool pg_child_connection(struct db *db, const char *database, struct arena *arena,
                         const char **conninfo, const char **password, struct error *err);

#endif
