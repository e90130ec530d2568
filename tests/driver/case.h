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

struct db *case_open_server(enum db_side side, const char *user); /* by case_config */
void case_run(const char *sql);
struct catalog *case_catalog(struct db *db);
const struct table *case_table(const struct catalog *catalog, const char *name);
const struct edge *case_edge(const struct catalog *catalog, const char *constraint);
/* A read of some columns of a table by name, in the engine's second codec; NULL-terminated list. */
struct read case_read(const struct table *table, const char *const *columns);
/* Runs a read to its end: the rows as "a|b|c" lines of raw cells, sorted. */
char *case_rows(struct db *db, const struct read *read);
int64_t case_count(struct db *db, const struct read *read);
void case_ok(bool is_fine, const struct error *err);
bool case_says(const struct error *err, const char *text); /* in cause or context */

TCase *case_new(Suite *suite, const char *name);
int case_main(Suite *suite);

/* What the contract says of every engine: of a scripted one that knows no SQL, and of a server. */
void case_add_contract(Suite *suite);
void case_add_contract_server(Suite *suite);
void case_add_contract_sessions(Suite *suite);

#endif
