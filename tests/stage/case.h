/* What the stage's cases of every engine share: two servers, and a run of the stage with a binding
 * made by hand. The engine's own file (test_pg_stage.c, test_my_stage.c) says how to reach them. */
#ifndef UNDERSTUDY_TESTS_STAGE_CASE_H
#define UNDERSTUDY_TESTS_STAGE_CASE_H

#include "stage/mark.h"
#include "stage/stage.h"
#include <check.h>

extern struct arena *arena; /* one a case */

/* Given by the engine's file. "source" or "target" names a server; without a database (NULL) one is
 * in none, or in the one that is for that. */
extern const enum engine case_engine;
extern const char *const case_longest_name;   /* of a database, with a letter that is not ASCII */
extern const char *const case_other_entrance; /* target.maintenance_db; NULL: means nothing */
extern const char *const case_unchecked; /* SQL ahead of rows: no references, no limits of a mode */
extern const char *const case_databases; /* "FROM ... WHERE NAME", for a condition to follow */
extern const double case_swap_seconds;   /* what clients bear */
const char *case_url(const char *server, const char *database);
/* Statements as the superuser, and the first value of a query ("" for none, "NULL"). */
void case_run(const char *server, const char *database, const char *sql);
const char *case_ask(const char *server, const char *database, const char *sql);
const char *case_state(const char *database); /* of the target, as its mark says */
const char *case_rows_of(const char *tag);    /* SQL of rows, among them a customer of that name */
void case_take_away(const char *database);    /* of the target: renames or drops it */

enum answer { ANSWER_OLD, ANSWER_NEW, ANSWER_HALF, ANSWER_REFUSED, ANSWER_COUNT };

/* Of a new connection: the rows of tag "one", those of another one, or anything in between. */
enum answer case_answer(const char *database);

bool case_has_database(const char *name);
const char *case_beside(const char *target); /* how many databases stand beside that target */

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

void run_prepare(struct run *run, const char *target);
void run_prepare_url(struct run *run, const char *url);
struct bound_table *run_table(struct run *run, const char *name);
/* The references of that table, the last one of them, as what rows violate. */
struct stage_violations run_violations(const struct run *run, const char *child);
/* Each fails the case when the step fails, but run_open and run_swap, which are often meant to. */
bool run_open(struct run *run);
void run_schema(struct run *run);
void run_rows(struct run *run, const char *sql); /* as the superuser, case_unchecked */
void run_rest(struct run *run);                  /* what follows the rows, to the mark */
bool run_swap(struct run *run);
void run_close(struct run *run);
void run_discard(struct run *run); /* closes it too */
/* All up to the mark, and all to the end, with the rows of a tag. */
void run_load(struct run *run, const char *target, const char *tag);
void run_whole(const char *target, const char *tag);
/* A process that loads the rows of tag "two" and stops ahead of the swap, until SIGCONT. */
pid_t run_fork(const char *target);
void run_ok(struct run *run, bool is_fine);
bool run_skipped(const struct run *run, const char *object, const char *why);
bool run_warned(const struct run *run, const char *word);
/* Both words stand in the error. */
void run_failed(const struct run *run, enum status status, const char *word, const char *hint);

TCase *case_new(Suite *suite, const char *name);

/* What holds for every engine. */
void case_add_contract_target(Suite *suite);
void case_add_contract_swap(Suite *suite);
/* What the engine's files add. */
void case_add_target(Suite *suite);
void case_add_schema(Suite *suite);
void case_add_swap(Suite *suite);

#endif
