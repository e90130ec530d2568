/* What the stage's cases share: two servers, and a run of the stage with a binding made by hand. */
#ifndef UNDERSTUDY_TESTS_STAGE_CASE_H
#define UNDERSTUDY_TESTS_STAGE_CASE_H

#include "db/pg.h"
#include "stage/mark.h"
#include "stage/stage.h"
#include <check.h>

extern struct arena *arena; /* one a case */

/* One run, step by step. Fields may be changed between run_prepare and run_open. */
struct run {
    struct profile profile;
    struct options options;
    struct db *source;
    const char *snapshot;
    struct catalog *catalog;
    struct binding binding;
    struct stage_request request;
    struct stage *stage;
    struct error err;
};

/* `target`: "source" or "target" names the server. */
const char *case_url(const char *server, const char *database);
/* Statements as the superuser, and the first value of a query ("" for none, "NULL"). */
void case_run(const char *url, const char *sql);
const char *case_ask(const char *url, const char *sql);
bool case_has_database(const char *name);

void run_prepare(struct run *run, const char *target);
void run_prepare_url(struct run *run, const char *url);
struct bound_table *run_table(struct run *run, const char *name);
/* Each fails the case when the step fails, but run_open, which is often meant to fail. */
bool run_open(struct run *run);
void run_schema(struct run *run);
void run_rows(struct run *run, const char *sql); /* the rows, as the superuser */
void run_rest(struct run *run);                  /* post-data to mark */
bool run_swap(struct run *run);
void run_close(struct run *run);
/* All of it with one customer whose name is `tag`, on the server `target`. */
void run_whole(const char *target, const char *tag);
void run_ok(struct run *run, bool is_fine);
bool run_skipped(const struct run *run, const char *object, const char *why);
/* Both words stand in the error. */
void run_failed(const struct run *run, enum status status, const char *word, const char *hint);

void case_add_schema(Suite *suite);
void case_add_target(Suite *suite);
void case_add_swap(Suite *suite);
TCase *case_new(Suite *suite, const char *name);

#endif
