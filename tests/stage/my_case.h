/* What the cases of the MySQL stage share: two servers, and a run of the stage with a binding made
 * by hand. */
#ifndef UNDERSTUDY_TESTS_STAGE_MY_CASE_H
#define UNDERSTUDY_TESTS_STAGE_MY_CASE_H

#include "db/my.h"
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

bool case_is_mariadb(void);
/* "source" or "target" names the server. */
const char *case_url(const char *server, const char *database);
/* A session of root; NULL: no default schema. Closed by mysql_close. */
MYSQL *case_session(const char *server, const char *database);
/* Statements as root, and the first value of a query ("" for none, "NULL"). */
void case_run(const char *server, const char *database, const char *sql);
const char *case_ask(const char *server, const char *database, const char *sql);
bool case_has_database(const char *name);
/* How many schemas stand beside that target. */
const char *case_beside(const char *target);
/* Waits until a session of the target waits for a lock with such a statement. */
void case_wait_for(const char *statement);

void run_prepare(struct run *run, const char *target);
void run_prepare_url(struct run *run, const char *url);
struct bound_table *run_table(struct run *run, const char *name);
/* Each fails the case when the step fails, but run_open and run_swap, which are often meant to. */
bool run_open(struct run *run);
void run_schema(struct run *run);
void run_rows(struct run *run, const char *sql); /* the rows, as root, references unchecked */
void run_rest(struct run *run);                  /* keys to mark */
bool run_swap(struct run *run);
void run_close(struct run *run);
/* All of it with one customer whose name is `tag`. */
void run_whole(const char *target, const char *tag);
void run_ok(struct run *run, bool is_fine);
bool run_skipped(const struct run *run, const char *object, const char *why);
bool run_warned(const struct run *run, const char *word);
/* Both words stand in the error. */
void run_failed(const struct run *run, enum status status, const char *word, const char *hint);

void case_add_schema(Suite *suite);
void case_add_target(Suite *suite);
void case_add_swap(Suite *suite);
TCase *case_new(Suite *suite, const char *name);

#endif
