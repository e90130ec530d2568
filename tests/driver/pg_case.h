/* What the driver's cases share: connections to the test server, and reads put into strings. */
#ifndef UNDERSTUDY_TESTS_PG_CASE_H
#define UNDERSTUDY_TESTS_PG_CASE_H

#include "db/pg.h"
#include <check.h>

extern struct arena *arena; /* one a case */

const char *case_url(const char *user);
struct db_config case_config(enum db_side side, const char *user);
struct db *case_open(enum db_side side, const char *user);
/* A plain libpq connection beside the driver, as the superuser. */
void case_run(const char *sql);
char *case_ask(const char *sql); /* first value, in arena */
struct catalog *case_catalog(struct db *db);
const struct table *case_table(const struct catalog *catalog, const char *name);
const struct edge *case_edge(const struct catalog *catalog, const char *constraint);
/* A read of some columns of a table by name, binary; NULL-terminated list of names. */
struct read case_read(const struct table *table, const char *const *columns);
/* Runs a read to its end: the rows as "a|b|c" lines in text codec, sorted where `is_sorted`. */
char *case_rows(struct db *db, const struct read *read);
int64_t case_count(struct db *db, const struct read *read);
void case_ok(bool is_fine, const struct error *err);

void case_add_catalog(Suite *suite);
void case_add_reads(Suite *suite);
void case_add_sessions(Suite *suite);
TCase *case_new(Suite *suite, const char *name);

#endif
