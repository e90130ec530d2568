/* MySQL and MariaDB below the driver contract, for the MySQL halves of other folders (stage/my_*,
 * verify/my_*): small statements and their results, quoting, errors as our own sentences. */
#ifndef UNDERSTUDY_DB_MY_H
#define UNDERSTUDY_DB_MY_H

#include "db/driver.h"
#include <mysql.h>

/* A result held in memory, in the text form: names, definitions, counts; never rows of a table. */
struct my_result {
    MYSQL_RES *rows;
    size_t count;
    unsigned columns;
    size_t at; /* the row in hand, and its cells */
    MYSQL_ROW row;
    unsigned long *lengths;
};

/* Made empty ({0}) before its first statement; a next statement may reuse it. */
void my_result_release(struct my_result *result);

static inline void auto_free_my_result(struct my_result *result)
{
    my_result_release(result);
}

/* The schema that a mysql:// URL names, in arena; NULL where it names none. */
bool my_url_database(const char *url, struct arena *arena, const char **database,
                     struct error *err);

MYSQL *my_connection(struct db *db);
/* True for MariaDB, false for MySQL. */
bool my_is_mariadb(const struct db *db);
/* At least this version of MySQL, or of MariaDB (0: never), as 100611 or 80014. */
bool my_is_since(const struct db *db, int mysql, int mariadb);

/* One statement; on failure sets err by my_error. */
bool my_query(struct db *db, const char *sql, struct my_result *result, struct error *err);
/* The same for a statement that can but give one row of that many columns: another answer is a
 * failure too. */
bool my_query_row(struct db *db, const char *sql, unsigned columns, struct my_result *result,
                  struct error *err);
/* A statement whose result does not matter. */
bool my_run(struct db *db, const char *sql, struct error *err);
/* True when it ran; else `code` is the server's error number (0: the connection is lost), for
 * failures that are an answer, and err is set as my_error does, with the context `what`. */
bool my_attempt(struct db *db, const char *sql, const char *what, unsigned *code,
                struct error *err);

/* A statement in two halves, so that one thread can watch several connections: my_descriptor()
 * becomes readable when the answer is there, which my_collect takes. Nothing else in between. */
bool my_send(struct db *db, const char *sql, struct error *err);
int my_descriptor(struct db *db);
bool my_collect(struct db *db, struct error *err);

/* A cell of the result: ptr NULL for SQL NULL; stands until the result is released. Rows may be
 * asked for in any order; going on by one is cheap. */
struct span my_cell(struct my_result *result, size_t row, unsigned column);
/* The same as text (cells of names and definitions hold no NUL); NULL for SQL NULL. */
const char *my_text(struct my_result *result, size_t row, unsigned column);
int64_t my_integer(struct my_result *result, size_t row, unsigned column); /* 0 for NULL */
bool my_true(struct my_result *result, size_t row, unsigned column);       /* 1, YES, ON */
const char *my_copy(struct arena *arena, struct my_result *result, size_t row, unsigned column);

/* Turns the connection's last failure into an error: status by side, error number and SQLSTATE in
 * our words (db/my_errno.def), never the text. */
bool my_error(struct db *db, const char *what, struct error *err);
/* The same for a statement that holds SQL of the profile: where that is what failed, the profile
 * is at fault. */
bool my_error_expression(struct db *db, const char *what, struct error *err);

/* Appends an identifier, a qualified name, a string literal, bytes as X'..', quoted for MySQL. */
void my_quote_name(struct buf *out, const char *name);
void my_quote_table(struct buf *out, const char *schema, const char *name);
void my_quote_literal(struct buf *out, struct span text); /* UTF-8 */
void my_quote_bytes(struct buf *out, struct span bytes);

#endif
