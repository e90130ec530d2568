/* A PostgreSQL connection from the inside, for the pg_*.c of this folder only. */
#ifndef UNDERSTUDY_DB_PG_CONN_H
#define UNDERSTUDY_DB_PG_CONN_H

#include "db/pg.h"
#include <stdatomic.h>

enum pg_state { PG_IDLE, PG_READING, PG_WRITING };

/* A read under way: what its rows carry in front of the fields, and where we are in the stream. */
struct pg_read {
    const struct table *table;
    const struct relation *relation; /* that all rows come from, or NULL: tableoid says */
    const struct codec *codec;
    uint32_t field_count;
    bool is_binary, with_address, with_relation, with_total;
    bool is_first;     /* the stream's header is still to come */
    bool is_path_open; /* the role's search_path is in force until the end */
    const struct relation *last_relation;
    char *message; /* libpq's buffer of the row in hand */
};

struct pg_db {
    struct db base;
    struct db_config config; /* its texts are borrowed from the caller's arena */
    PGconn *connection;
    PGcancel *cancel;
    atomic_bool is_canceled;
    const char *search_path; /* the role's default one */
    const char *encoding;
    const char *snapshot; /* SQL name of the one joined, or NULL */
    char snapshot_name[64];
    bool is_leader; /* exported a snapshot: must stay in its transaction */
    enum pg_state state;
    struct pg_read read;
    bool shuns_seqscan; /* enable_seqscan is off in the session */
    const struct table *write_table;
    const struct codec *write_codec;
};

/* The connection behind the contract's handle. */
struct pg_db *pg_of(struct db *db);

/* pg_open.c: connects and fills connection, cancel and the parts of info known without asking. */
bool pg_connect(struct pg_db *pg, struct arena *arena, struct error *err);
/* pg_session.c: settings, then the parts of info that the server knows. */
bool pg_session_begin(struct pg_db *pg, struct arena *arena, struct error *err);
/* The role's own search_path in force, or the empty one again. */
bool pg_search_path(struct pg_db *pg, bool is_roles_own, struct error *err);
/* Sequential scans discouraged, or allowed again; asks the server only where that is a change. */
bool pg_shun_seqscan(struct pg_db *pg, bool must_shun, struct error *err);

/* pg_error.c: the same as pg_error from a bare SQLSTATE ("" where there is none); our own sentence.
 */
bool pg_error_state(enum status status, const char *sqlstate, struct error *err);
enum status pg_status(const struct pg_db *pg); /* of a failure: by side, or interrupted */

/* pg_fragment.c: Appends "(" text newline ")" - the newline ends a comment; refuses what is not
 * balanced. */
bool pg_add_fragment(struct buf *sql, const char *text, struct error *err);
bool pg_add_order(struct buf *sql, const char *text, struct error *err);
bool pg_check_sql(struct db *db, const struct table *table, const char *fragment, const char *kind,
                  struct error *err);
bool pg_count(struct db *db, const struct table *table, const char *where, int64_t most,
              int64_t *count, struct error *err);

/* pg_select.c: FROM item of a table or of one relation, with ONLY where children are not meant. */
void pg_add_from(struct buf *sql, const struct table *table, const struct relation *relation);
/* The whole COPY statement of a read. `literals` are the array literals of its key columns. */
bool pg_add_copy(struct buf *sql, const struct read *read, const char *const *literals,
                 struct error *err);
/* pg_keys.c: array literals, escaped and quoted, one for each key column. */
bool pg_key_literals(struct pg_db *pg, const struct read *read, struct arena *arena,
                     const char **literals, struct error *err);
/* The type that values of a column are compared as: domains taken off. */
const struct type *pg_base_type(const struct type *type);

/* Begins a read-only transaction on the snapshot of that SQL name. */
bool pg_snapshot_enter(struct pg_db *pg, const char *name, struct error *err);
bool pg_snapshot_export(struct db *db, unsigned readers, struct arena *arena, const char **token,
                        struct error *err);
bool pg_snapshot_reader(struct db *leader, const struct db_config *config, const char *token,
                        struct arena *arena, struct db **reader, struct error *err);
/* pg_range.c */
bool pg_address_range(struct db *db, const struct table *table, const struct relation *relation,
                      struct address_range *range, struct error *err);
bool pg_lock_tables(struct db *db, const struct table *const *tables, size_t count,
                    struct error *err);
/* pg_denied.c */
bool pg_find_denials(struct db *db, const struct table *const *tables, size_t count,
                     struct denial_list *denials, struct error *err);
bool pg_read_catalog(struct db *db, struct catalog **catalog, struct error *err);
bool pg_read_begin(struct db *db, const struct read *read, struct error *err);
bool pg_read_next(struct db *db, struct batch *batch, bool *more, struct error *err);
bool pg_read_end(struct db *db, struct error *err);
bool pg_write_begin(struct db *db, const struct table *table, const struct column *const *columns,
                    size_t count, const struct codec *codec, struct error *err);
bool pg_write_rows(struct db *db, struct span rows, struct error *err);
bool pg_write_end(struct db *db, int64_t *rows, struct error *err);
bool pg_analyze(struct db *db, const struct table *table, struct error *err);
bool pg_wide_expression(const struct column *column, struct arena *arena, const char **expression,
                        struct error *err);

#endif
