/* Runs the stage's cases against two real servers; see run. */
#include "stage_case.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct arena *arena;
static int serial;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

TCase *case_new(Suite *suite, const char *name)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 180);
    suite_add_tcase(suite, tcase);
    return tcase;
}

const char *case_url(const char *server, const char *database)
{
    const char *name =
        strcmp(server, "source") == 0 ? "UNDERSTUDY_TEST_SOURCE" : "UNDERSTUDY_TEST_TARGET";
    const char *base = getenv(name);

    ck_assert_msg(base != NULL, "%s is not set", name);
    return arena_printf(arena, "%s/%s", base, database);
}

static PGresult *ask(const char *url, const char *sql, PGconn **connection)
{
    *connection = PQconnectdb(url);
    ck_assert_msg(PQstatus(*connection) == CONNECTION_OK, "%s", PQerrorMessage(*connection));
    return PQexec(*connection, sql);
}

void case_run(const char *url, const char *sql)
{
    PGconn *connection;
    PGresult *result = ask(url, sql, &connection);
    ExecStatusType status = PQresultStatus(result);

    ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}

const char *case_ask(const char *url, const char *sql)
{
    PGconn *connection;
    PGresult *result = ask(url, sql, &connection);
    const char *text = "";

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQerrorMessage(connection));
    if (PQntuples(result) > 0)
        text = PQgetisnull(result, 0, 0) ? "NULL" : PQgetvalue(result, 0, 0);
    text = arena_strdup(arena, text);
    PQclear(result);
    PQfinish(connection);
    return text;
}

bool case_has_database(const char *name)
{
    const char *sql =
        arena_printf(arena, "SELECT count(*) FROM pg_database WHERE datname = '%s'", name);

    return strcmp(case_ask(case_url("target", "postgres"), sql), "1") == 0;
}

void run_ok(struct run *run, bool is_fine)
{
    ck_assert_msg(is_fine, "%s: %s (%s)", run->err.context, run->err.cause, run->err.hint);
}

static void binding_fill(struct run *run)
{
    struct binding *binding = &run->binding;
    const struct catalog *catalog = run->catalog;

    binding->arena = arena;
    binding->catalog = catalog;
    binding->profile = &run->profile;
    binding->options = &run->options;
    binding->tables = ARENA_ARRAY(arena, catalog->table_count, struct bound_table);
    for (size_t i = 0; i < catalog->table_count; i++) {
        struct bound_table *bound = &binding->tables[i];

        bound->table = catalog->tables[i];
        bound->role = ROLE_FULL;
        bound->column_count = bound->table->column_count;
        bound->columns = ARENA_ARRAY(arena, bound->column_count + 1, struct bound_column);
        for (size_t j = 0; j < bound->column_count; j++) {
            bound->columns[j].column = bound->table->columns[j];
            bound->columns[j].is_copied = true;
        }
    }
}

void run_prepare_url(struct run *run, const char *url)
{
    struct db_config config = {
        .side = DB_SOURCE, .engine = ENGINE_POSTGRESQL, .url = case_url("source", "shop")};

    *run = (struct run){0};
    run_ok(run, db_open(&config, arena, &run->source, &run->err));
    run_ok(run, db_snapshot_export(run->source, 0, arena, &run->snapshot, &run->err));
    run_ok(run, db_read_catalog(run->source, &run->catalog, &run->err));
    run->profile.generations = 1;
    run->profile.epoch = 1;
    snprintf(run->profile.sha256, sizeof(run->profile.sha256), "%064d", 7);
    run->options.generations = -1;
    run->options.jobs = 2;
    binding_fill(run);
    run->request = (struct stage_request){
        .profile = &run->profile,
        .options = &run->options,
        .catalog = run->catalog,
        .binding = &run->binding,
        .source = db_info(run->source),
        .source_db = run->source,
        .target_url = url,
        .run = arena_printf(arena, "%08x%08x", (unsigned)getpid(), (unsigned)++serial),
        .key_fingerprint = "00112233445566aa",
        .started_us = 1767323045000000};
}

void run_prepare(struct run *run, const char *target)
{
    run_prepare_url(run, case_url("target", target));
}

struct bound_table *run_table(struct run *run, const char *name)
{
    bool is_ambiguous;
    const struct table *table = catalog_find_table(run->catalog, NULL, name, &is_ambiguous);

    ck_assert_msg(table != NULL, "no table %s", name);
    return &run->binding.tables[table->index];
}

bool run_open(struct run *run)
{
    run->err = (struct error){0};
    return stage_open(&run->request, arena, &run->stage, &run->err);
}

void run_schema(struct run *run)
{
    run_ok(run, run_open(run));
    run_ok(run, stage_create(run->stage, &run->err));
    run_ok(run, stage_schema_before(run->stage, run->source, run->snapshot, &run->err));
}

void run_rows(struct run *run, const char *sql)
{
    case_run(case_url("target", stage_database(run->stage)), sql);
}

void run_rest(struct run *run)
{
    struct stage_violations none = {0, NULL};

    run_ok(run, stage_schema_after(run->stage, &none, 2, &run->err));
    run_ok(run, stage_finish(run->stage, &run->err));
    run_ok(run, stage_mark(run->stage, &run->err));
}

bool run_swap(struct run *run)
{
    run->err = (struct error){0};
    return stage_swap(run->stage, &run->err);
}

void run_close(struct run *run)
{
    stage_close(run->stage);
    run->stage = NULL;
    db_close(run->source);
    run->source = NULL;
    catalog_free(run->catalog);
}

void run_whole(const char *target, const char *tag)
{
    struct run run;

    run_prepare(&run, target);
    run_schema(&run);
    run_rows(
        &run,
        arena_printf(arena, "INSERT INTO customers OVERRIDING SYSTEM VALUE VALUES (1, '%s')", tag));
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    run_close(&run);
}

bool run_skipped(const struct run *run, const char *object, const char *why)
{
    for (size_t i = 0; i < run->binding.skipped_count; i++) {
        const struct skipped *skipped = &run->binding.skipped[i];

        if (strcmp(skipped->object, object) == 0 && strstr(skipped->why, why))
            return true;
    }
    return false;
}

void run_failed(const struct run *run, enum status status, const char *word, const char *hint)
{
    ck_assert_msg(run->err.status == status, "status %d, %s: %s", run->err.status, run->err.context,
                  run->err.cause);
    ck_assert_msg(strstr(run->err.cause, word) != NULL, "'%s' lacks '%s'", run->err.cause, word);
    ck_assert_msg(strstr(run->err.hint, hint) != NULL, "'%s' lacks '%s'", run->err.hint, hint);
}

int main(void)
{
    Suite *suite = suite_create("stage");

    if (sodium_init() < 0)
        return 1;
    case_add_target(suite);
    case_add_schema(suite);
    case_add_swap(suite);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int run = srunner_ntests_run(runner);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    printf("%d passed, %d failed, 0 skipped\n", run - failed, failed);
    return failed ? 1 : 0;
}
