/* A MySQL or MariaDB connection from the inside, for the my_*.c of this folder only. */
#ifndef UNDERSTUDY_DB_MY_CONN_H
#define UNDERSTUDY_DB_MY_CONN_H

#include "db/my.h"
#include "db/my_url.h"
#include <stdatomic.h>

enum my_state { MY_IDLE, MY_READING, MY_WRITING };

struct my_blame; /* what a message speaks of: my_blame.h */
struct my_read;  /* a read under way: my_read.c */
struct my_book;  /* keys behind the addresses that are hashes: my_book.c */
struct my_write; /* a load under way: my_write.c */

struct my_db {
    struct db base;
    struct db_config config; /* its texts are borrowed from the caller's arena */
    struct my_url url;       /* what config.url says; texts in the caller's arena */
    struct arena *own;       /* owned: what lives as long as the connection */
    MYSQL *connection;       /* one thread at a time, but for thread_number and my_client_halt */
    unsigned long thread_number; /* the server's number of this session, for KILL */
    enum my_tls tls;             /* what was asked for when it was connected */
    char *password;              /* of password_command, sodium_malloc memory; or NULL */
    bool is_local;
    size_t packet_max; /* bytes of a statement, and of a row, that the server takes */
    atomic_bool is_canceled;
    enum my_state state;
    /* Source: the snapshot. `pool` are the readers opened with it and not yet handed out. */
    bool is_leader;
    size_t pool_count;
    struct my_db **pool;
    struct my_read *read;   /* made by the first read, in `own`; or NULL */
    struct my_book *book;   /* one for all connections at a snapshot */
    struct my_write *write; /* made by the first load, in `own`; or NULL */
};

/* The connection behind the contract's handle. */
struct my_db *my_of(struct db *db);

/* my_open.c: connects, by password_command, option files and MYSQL_PWD; fills connection,
 * thread_number and the parts of info known without asking. */
bool my_connect(struct my_db *my, struct arena *arena, struct error *err);
/* A second, short-lived session of the same address and user; NULL when there is none within two
 * seconds. Closed by mysql_close. From any thread. */
MYSQL *my_connect_again(const struct my_db *my);
/* The schema to be entered: "": none; NULL: what an option file says. */
const char *my_database_wanted(const struct my_db *my);
/* my_open_error.c: why the connection was not made, after that many seconds; false. */
bool my_connect_error(struct my_db *my, double seconds, struct arena *arena, struct error *err);
const char *my_side_word(const struct my_db *my); /* "source", "target" */
/* Appends the table's name with the schema of this connection: the source's own, the target's new
 * one. */
void my_add_table(struct buf *out, const struct my_db *my, const struct table *table);
/* my_session.c: settings, then the parts of info that the server knows. */
bool my_session_begin(struct my_db *my, struct arena *arena, struct error *err);

/* my_error.c: our sentence for an error number (0: the connection was lost); sqlstate may be "". */
bool my_error_number(enum status status, unsigned number, const char *sqlstate, struct error *err);
/* The same of a row, with the name that the server's message was found to speak of. */
bool my_error_row(enum status status, unsigned number, const struct my_blame *blame,
                  struct error *err);
enum status my_status(const struct my_db *my); /* of a failure: by side, or interrupted */
/* True where that number says that the user lacks a right. */
bool my_number_is_denial(unsigned number);
/* True where it says that the connection is gone. */
bool my_number_is_loss(unsigned number);

/* my_snapshot.c */
bool my_snapshot_export(struct db *db, unsigned readers, struct arena *arena, const char **token,
                        struct error *err);
bool my_snapshot_reader(struct db *leader, const struct db_config *config, const char *token,
                        struct arena *arena, struct db **reader, struct error *err);
bool my_lock_tables(struct db *db, const struct table *const *tables, size_t count,
                    struct error *err);

/* my_catalog.c: relation->definition is a hash over everything that a read of the table relies on,
 * so that two catalogs tell whether a table was changed between them. */
bool my_read_catalog(struct db *db, struct catalog **catalog, struct error *err);
/* my_denied.c */
bool my_find_denials(struct db *db, const struct table *const *tables, size_t count,
                     struct denial_list *denials, struct error *err);
/* my_wide.c */
bool my_wide_expression(const struct column *column, struct arena *arena, const char **expression,
                        struct error *err);

/* my_fragment.c: appends "(" text newline ")" - the newline ends a comment; refuses what is not
 * balanced. */
bool my_add_fragment(struct buf *sql, const char *text, struct error *err);
bool my_add_order(struct buf *sql, const char *text, struct error *err);
bool my_check_sql(struct db *db, const struct table *table, const char *fragment, const char *kind,
                  struct error *err);
bool my_count(struct db *db, const struct table *table, const char *where, int64_t most,
              int64_t *count, struct error *err);

/* my_range.c */
bool my_address_range(struct db *db, const struct table *table, const struct relation *relation,
                      struct address_range *range, struct error *err);
/* my_book.c: a book counts its holders; the last drop frees it. NULL is fine for drop. Safe from
 * every thread. The leader's is shared with its readers when the snapshot is taken. */
bool my_book_new(struct my_book **book, struct error *err);
void my_book_hold(struct my_book *book);
void my_book_drop(struct my_book *book);
bool my_resolve(struct db *db, const struct table *table, const struct relation *relation,
                const struct bitmap *addresses, struct error *err);
size_t my_memory(const struct db *db);
/* my_read.c */
bool my_read_begin(struct db *db, const struct read *read, struct error *err);
bool my_read_next(struct db *db, struct batch *batch, bool *more, struct error *err);
bool my_read_end(struct db *db, struct error *err);
/* Frees what `own` does not hold: a result that stands open. NULL is fine. */
void my_read_release(struct my_read *read);

/* my_write.c */
bool my_write_begin(struct db *db, const struct table *table, const struct column *const *columns,
                    size_t count, const struct codec *codec, struct error *err);
bool my_write_rows(struct db *db, struct span rows, struct error *err);
bool my_write_end(struct db *db, int64_t *rows, struct error *err);
void my_write_release(struct my_write *write);
/* my_analyze.c */
bool my_analyze(struct db *db, const struct table *table, struct error *err);

#endif
