/* The PostgreSQL stage: its connections, and its row of functions. */
#include "stage/pg_stage.h"

#include "base/clock.h"
#include "base/words.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_SECONDS 5

struct pg_stage *pg_stage_of(struct stage *stage)
{
    assert(stage && stage->engine == &stage_pg);
    return (struct pg_stage *)stage; /* base is its first member */
}

bool pg_stage_is_cancelled(const struct pg_stage *stage)
{
    const atomic_bool *callers = stage->base.request.is_cancelled;

    return atomic_load(&stage->is_cancelled) || (callers && atomic_load(callers));
}

/* The name that tells other runs, and whoever looks at the sessions, which run this is. */
static bool name_session(struct pg_stage *stage, struct db *db, struct error *err)
{
    const char *name = arena_printf(stage->base.arena, "understudy %s", stage->base.request.run);
    const char *const values[] = {name};
    AUTO(PGresult) PGresult *result = NULL;

    if (!name)
        return error_memory(err);
    return pg_query(db, "SELECT set_config('application_name', $1, false)", 1, values, &result,
                    err);
}

bool pg_stage_connect(struct pg_stage *stage, const char *database, struct db **db,
                      struct error *err)
{
    const struct stage_request *request = &stage->base.request;
    struct db_config config = {.side = DB_TARGET,
                               .engine = ENGINE_POSTGRESQL,
                               .url = request->target_url,
                               .password_command = request->password_command,
                               .database = database,
                               .lock_timeout_us = INT64_C(1000000) * LOCK_SECONDS};

    *db = NULL;
    if (pg_stage_is_cancelled(stage))
        return error_set(err, STATUS_INTERRUPTED, "interrupted");
    if (!db_open(&config, stage->base.arena, db, err))
        return false;
    if (name_session(stage, *db, err) && pg_run(*db, "SET synchronous_commit = on", err))
        return true;
    db_close(*db);
    *db = NULL;
    return false;
}

static void handle_set(struct pg_stage *stage, struct db **handle, struct db *db)
{
    pthread_mutex_lock(&stage->guard);
    *handle = db;
    pthread_mutex_unlock(&stage->guard);
}

bool pg_stage_filling(struct pg_stage *stage, struct db **db, struct error *err)
{
    struct db *opened = NULL;

    assert(stage->base.database);
    if (!stage->filling) {
        if (!pg_stage_connect(stage, stage->base.database, &opened, err))
            return false;
        handle_set(stage, &stage->filling, opened);
    }
    *db = stage->filling;
    return true;
}

void pg_stage_leave(struct pg_stage *stage)
{
    struct db *filling = stage->filling;

    handle_set(stage, &stage->filling, NULL);
    db_close(filling);
}

/* The maintenance database: as the profile says, else one of the two that every server has. */
static bool open_admin(struct pg_stage *stage, struct error *err)
{
    const char *const usual[] = {"postgres", "template1"};
    const char *chosen = stage->base.request.profile->maintenance_db;
    struct db *db = NULL;
    struct error second = {0};

    stage->maintenance = chosen ? chosen : usual[0];
    if (!pg_stage_connect(stage, stage->maintenance, &db, err)) {
        if (chosen || err->status != STATUS_TARGET)
            return false;
        stage->maintenance = usual[1];
        if (!pg_stage_connect(stage, stage->maintenance, &db, &second))
            return false;
    }
    handle_set(stage, &stage->admin, db);
    return true;
}

static struct pg_stage *stage_new(const struct stage_request *request, struct arena *arena)
{
    struct pg_stage *stage = ARENA_NEW(arena, struct pg_stage);

    if (!stage)
        return NULL;
    stage->base.engine = &stage_pg;
    stage->base.request = *request;
    stage->base.arena = arena;
    stage->archive = -1;
    atomic_init(&stage->is_cancelled, false);
    atomic_init(&stage->is_committing, false);
    pthread_mutex_init(&stage->guard, NULL);
    return stage;
}

static bool stage_pg_open(const struct stage_request *request, struct arena *arena,
                          struct fault_list *faults, struct stage **result, struct error *err)
{
    struct pg_stage *stage = stage_new(request, arena);
    const char *name;

    if (!stage)
        return error_memory(err);
    *result = &stage->base; /* stage_open closes it when this fails */
    if (!pg_target_name(request->target_url, arena, &name, err) || !open_admin(stage, err))
        return false;
    stage->base.target = *db_info(stage->admin);
    stage->base.target.database = name;
    return pg_target_read(stage, err) && pg_target_check(stage, faults, err);
}

static void stage_pg_close(struct stage *base)
{
    struct pg_stage *stage = pg_stage_of(base);
    struct db *admin = stage->admin;

    pg_stage_leave(stage);
    handle_set(stage, &stage->admin, NULL);
    db_close(admin);
    if (stage->archive >= 0)
        close(stage->archive);
    pthread_mutex_destroy(&stage->guard);
}

static void stage_pg_cancel(struct stage *base)
{
    struct pg_stage *stage = pg_stage_of(base);

    atomic_store(&stage->is_cancelled, true);
    if (atomic_load(&stage->is_committing))
        return;
    pthread_mutex_lock(&stage->guard);
    if (stage->filling)
        db_cancel(stage->filling);
    if (stage->admin)
        db_cancel(stage->admin);
    pthread_mutex_unlock(&stage->guard);
}

/* A fresh connection: the one at hand may be cancelled or lost. */
static void stage_pg_discard(struct stage *base)
{
    struct pg_stage *stage = pg_stage_of(base);
    struct error ignored = {0};
    struct db *db = NULL;

    pg_stage_leave(stage);
    if (!stage->is_created || stage->is_swapped)
        return;
    atomic_store(&stage->is_cancelled, false);
    stage->base.request.is_cancelled = NULL;
    if (pg_stage_connect(stage, stage->maintenance, &db, &ignored))
        pg_database_drop(db, stage->base.database, &ignored);
    db_close(db);
    stage->is_created = false;
}

static bool describe_relics(struct pg_stage *stage, struct buf *text, struct error *err)
{
    struct relics relics;

    if (!pg_relics_read(stage, &relics, err))
        return false;
    relics_describe(&relics, stage->base.arena, text);
    return true;
}

static bool describe_space(struct pg_stage *stage, struct buf *text, struct error *err)
{
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;
    char size[32];

    if (stage->base.target.database_oid == 0)
        return true;
    if (!pg_query(stage->admin,
                  "SELECT CASE WHEN has_database_privilege($1, 'CONNECT')"
                  " OR pg_has_role('pg_read_all_stats', 'USAGE')"
                  " THEN pg_database_size($1::name) END",
                  1, values, &result, err))
        return false;
    if (PQgetisnull(result, 0, 0))
        return true;
    size_format(strtoull(PQgetvalue(result, 0, 0), NULL, 10), size, sizeof(size));
    buf_add_format(text, "  space         %s now; about as much again while a refresh runs\n",
                   size);
    return true;
}

static bool stage_pg_describe(struct stage *base, struct buf *text, struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    const struct db_info *info = &base->target;
    const char *state = info->database_oid == 0 ? "absent, will be created"
                        : stage->is_marked      ? "made by this program"
                                                : "not made by this program";

    buf_add_format(text, "target          PostgreSQL %s at %s, database '%s': %s\n", info->version,
                   info->address, words_printable(base->arena, info->database), state);
    if (stage->is_marked)
        buf_add_format(text, "  made by       run %s, key %s, epoch %lld\n",
                       words_printable(base->arena, stage->target_mark.run),
                       words_printable(base->arena,
                                       stage->target_mark.key ? stage->target_mark.key : "unknown"),
                       (long long)stage->target_mark.epoch);
    if (stage->tools.dump)
        buf_add_format(text, "  pg_dump       %d.%d (%s)\n", stage->tools.major, stage->tools.minor,
                       stage->tools.dump);
    buf_add_format(text, "  generations   %lld stay after a swap\n",
                   (long long)stage_generations(base));
    if (!describe_relics(stage, text, err) || !describe_space(stage, text, err))
        return false;
    return buf_ok(text) || error_memory(err);
}

const struct stage_engine stage_pg = {.name = "postgresql",
                                      .open = stage_pg_open,
                                      .describe = stage_pg_describe,
                                      .close = stage_pg_close,
                                      .cancel = stage_pg_cancel,
                                      .create = pg_stage_create,
                                      .schema_before = pg_stage_schema_before,
                                      .type_numbers = pg_stage_type_numbers,
                                      .schema_after = pg_stage_schema_after,
                                      .finish = pg_stage_finish,
                                      .after_load = pg_stage_after_load,
                                      .mark = pg_stage_mark,
                                      .swap = pg_stage_swap,
                                      .discard = stage_pg_discard};
