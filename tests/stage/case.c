/* The frame of the stage's cases, and a run of it step by step; see run. */
#include "case.h"
#include "transform/keys.h"
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
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

bool case_has_database(const char *name)
{
    const char *sql = arena_printf(arena, "SELECT count(*) %s = '%s'", case_databases, name);

    return strcmp(case_ask("target", NULL, sql), "1") == 0;
}

const char *case_beside(const char *target)
{
    return case_ask(
        "target", NULL,
        arena_printf(arena, "SELECT count(*) %s LIKE '%s\\_\\_%%'", case_databases, target));
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
        bound->role = bound->table->is_outside ? ROLE_EXCLUDED : ROLE_FULL;
        bound->column_count = bound->table->column_count;
        bound->columns = ARENA_ARRAY(arena, bound->column_count + 1, struct bound_column);
        for (size_t j = 0; j < bound->column_count; j++) {
            bound->columns[j].column = bound->table->columns[j];
            bound->columns[j].is_copied = true;
        }
    }
}

/* Of every run the same. */
static const struct keyring *run_key(void)
{
    uint8_t *master = sodium_malloc(32);
    struct error err = {.status = STATUS_OK};
    struct keyring *keyring;

    ck_assert(master != NULL);
    memset(master, 7, 32);
    ck_assert(keyring_new(master, 1, &keyring, &err));
    return keyring;
}

void run_prepare_url(struct run *run, const char *url)
{
    struct db_config config = {
        .side = DB_SOURCE, .engine = case_engine, .url = case_url("source", "shop")};

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
        .keyring = run_key(),
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

struct stage_violations run_violations(const struct run *run, const char *child)
{
    struct stage_violations violations = {1, ARENA_ARRAY(arena, 1, const struct edge *)};

    for (size_t i = 0; i < run->catalog->edge_count; i++) {
        if (strcmp(run->catalog->edges[i]->child->name, child) == 0)
            violations.edges[0] = run->catalog->edges[i];
    }
    ck_assert_msg(violations.edges[0] != NULL, "%s refers to nothing", child);
    return violations;
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
    case_run("target", stage_database(run->stage),
             arena_printf(arena, "%s%s", case_unchecked, sql));
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

void run_discard(struct run *run)
{
    stage_discard(run->stage);
    run_close(run);
}

void run_load(struct run *run, const char *target, const char *tag)
{
    run_prepare(run, target);
    run_schema(run);
    run_rows(run, case_rows_of(tag));
    run_rest(run);
}

void run_whole(const char *target, const char *tag)
{
    struct run run;

    run_load(&run, target, tag);
    run_ok(&run, run_swap(&run));
    run_close(&run);
}

pid_t run_fork(const char *target)
{
    pid_t child = fork();

    if (child == 0) {
        struct run run;

        run_load(&run, target, "two");
        kill(getpid(), SIGSTOP);
        run_swap(&run);
        _exit(0);
    }
    waitpid(child, NULL, WUNTRACED);
    return child;
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

bool run_warned(const struct run *run, const char *word)
{
    for (size_t i = 0; i < run->binding.warning_count; i++) {
        if (strstr(run->binding.warnings[i].text, word))
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
    case_add_contract_target(suite);
    case_add_target(suite);
    case_add_schema(suite);
    case_add_contract_swap(suite);
    case_add_swap(suite);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int run = srunner_ntests_run(runner);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    printf("%d passed, %d failed, 0 skipped\n", run - failed, failed);
    return failed ? 1 : 0;
}
