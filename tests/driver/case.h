/* What the driver's cases of every engine share: connections to the server at hand, and reads put
 * into strings. The engine's own file (test_pg_driver.c, test_my_driver.c, test_fake_driver.c) says
 * how to reach it. */
#ifndef UNDERSTUDY_TESTS_CASE_H
#define UNDERSTUDY_TESTS_CASE_H

#include "db/driver.h"
#include <check.h>

extern struct arena *arena; /* one a case */

/* Given by the engine's file. */
extern const enum engine case_engine;
extern const char *const case_superuser;
extern const char *const case_slow; /* SQL that is true and takes a millisecond for each row */
struct db_config case_config(enum db_side side, const char *user);
/* A plain connection beside the driver, as the superuser: the first value, in arena, or NULL. */
char *case_ask(const char *sql);
void case_kill(const char *user); /* ends the connections of a user */
struct db *case_open(enum db_side side, const char *user);

/* The database that these reach; NULL: the engine's own. Each case begins with NULL. */
extern const char *case_database;

/* The server of a variable of the environment and that database, as this user. */
const char *case_url_of(const char *variable, const char *user);
struct db *case_open_server(enum db_side side, const char *user); /* by case_config */
bool case_open_fails(const char *url, struct error *err);
void case_run(const char *sql);
struct catalog *case_catalog(struct db *db);
/* Exports a snapshot for so many readers, and the catalog in it. */
struct catalog *case_export(struct db *leader, unsigned readers, const char **token);
const struct table *case_table(const struct catalog *catalog, const char *name);
const struct edge *case_edge(const struct catalog *catalog, const char *constraint);
/* A read of some columns of a table by name, in the engine's second codec; NULL-terminated list. */
struct read case_read(const struct table *table, const char *const *columns);
/* Runs a read to its end: the rows as "a|b|c" lines of raw cells, sorted. */
char *case_rows(struct db *db, const struct read *read);
int64_t case_count(struct db *db, const struct read *read);

struct tally {
    int64_t rows;
    uint32_t most; /* in one batch */
};

/* What is left of a read that was begun, in batches of that capacity; false when it failed. */
bool case_read_rest(struct db *db, uint32_t capacity, struct tally *tally, struct error *err);
/* A read of case_slow that another thread cancels is interrupted. */
void case_cancel(struct db *db, struct read read);
/* Batches of a table of six rows of 3 MB, one of them of 12 MB, are of no more than three. */
void case_read_wide(struct db *db, const struct table *wide);
/* Mistakes in conditions on a table with an id, and in orders of it, are the profile's. */
void case_refuse_sql(struct db *db, const struct table *table);
/* The rows as the read's codec writes them, added to `rows`. */
void case_encode(struct db *db, const struct read *read, struct buf *rows);
/* All values of some columns, as the program itself gets them. */
struct key_values case_keys(struct db *db, const struct table *table, const char *const *columns,
                            const char *where);
/* A read of the children of keys. */
struct read case_read_children(const struct edge *edge, const struct key_values *keys,
                               const char *const *columns);
/* Two children each of 5, of 6 and of a key without any, in orders of `placed`. */
void case_limit_children(struct db *db, const struct edge *edge, const struct key_values *keys,
                         const char *const *columns);
struct key_values case_twice(const struct key_values *keys);
/* The row of id 1 is found by its value in each of the columns, and no other is. */
void case_find_by_each(struct db *db, const struct table *table, const char *const *names);
void case_ok(bool is_fine, const struct error *err);
bool case_says(const struct error *err, const char *text); /* in cause or context */

TCase *case_new(Suite *suite, const char *name);
int case_main(Suite *suite);

/* What the contract says of every engine: of a scripted one that knows no SQL, and of a server. */
void case_add_contract(Suite *suite);
void case_add_contract_server(Suite *suite);
void case_add_contract_sessions(Suite *suite);

#endif
