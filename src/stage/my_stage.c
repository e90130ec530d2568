/* The MySQL stage: its connections, and its row of functions. */
#include "stage/my_stage.h"

#include "base/clock.h"
#include "base/words.h"

#define LOCK_SECONDS 5

struct my_stage *my_stage_of(struct stage *stage)
{
    assert(stage && stage->engine == &stage_my);
    return (struct my_stage *)stage; /* base is its first member */
}

bool my_stage_is_cancelled(const struct my_stage *stage)
{
    const atomic_bool *callers = stage->base.request.is_cancelled;

    return atomic_load(&stage->is_cancelled) || (callers && atomic_load(callers));
}

bool my_stage_connect(struct my_stage *stage, const char *database, struct db **db,
                      struct error *err)
{
    const struct stage_request *request = &stage->base.request;
    struct db_config config = {.side = DB_TARGET,
                               .engine = ENGINE_MYSQL,
                               .url = request->target_url,
                               .password_command = request->password_command,
                               .database = database,
                               .lock_timeout_us = INT64_C(1000000) * LOCK_SECONDS};

    assert(db);
    *db = NULL;
    if (my_stage_is_cancelled(stage) && !atomic_load(&stage->is_committing))
        return error_set(err, STATUS_INTERRUPTED, "interrupted");
    return db_open(&config, stage->base.arena, db, err);
}

static void handle_set(struct my_stage *stage, struct db **handle, struct db *db)
{
    pthread_mutex_lock(&stage->guard);
    *handle = db;
    pthread_mutex_unlock(&stage->guard);
}

void my_stage_replace_admin(struct my_stage *stage, struct db *admin)
{
    struct db *old = stage->admin;

    assert(admin && admin != stage->admin);
    handle_set(stage, &stage->admin, admin);
    db_close(old);
}

bool my_stage_filling(struct my_stage *stage, struct db **db, struct error *err)
{
    struct db *opened = NULL;

    assert(stage->base.database);
    if (!stage->filling) {
        if (!my_stage_connect(stage, stage->base.database, &opened, err))
            return false;
        handle_set(stage, &stage->filling, opened);
        if (!my_schema_settings(opened, err))
            return false;
    }
    *db = stage->filling;
    return true;
}

void my_stage_leave(struct my_stage *stage)
{
    struct db *filling = stage->filling;

    handle_set(stage, &stage->filling, NULL);
    db_close(filling);
}

static struct my_stage *stage_new(const struct stage_request *request, struct arena *arena)
{
    struct my_stage *stage = ARENA_NEW(arena, struct my_stage);

    if (!stage)
        return NULL;
    stage->base.engine = &stage_my;
    stage->base.request = *request;
    stage->base.arena = arena;
    atomic_init(&stage->is_cancelled, false);
    atomic_init(&stage->is_committing, false);
    pthread_mutex_init(&stage->guard, NULL);
    return stage;
}

static bool stage_my_open(const struct stage_request *request, struct arena *arena,
                          struct fault_list *faults, struct stage **result, struct error *err)
{
    struct my_stage *stage = stage_new(request, arena);
    struct db *admin = NULL;
    const char *name;

    if (!stage)
        return error_memory(err);
    *result = &stage->base; /* stage_open closes it when this fails */
    stage->is_checking = faults != NULL;
    if (!my_stage_connect(stage, "", &admin, err))
        return false;
    handle_set(stage, &stage->admin, admin);
    stage->base.target = *db_info(admin);
    if (!my_target_name(stage, &name, err))
        return false;
    stage->base.target.database = name;
    return my_target_read(stage, err) && my_target_check(stage, faults, err);
}

static void stage_my_close(struct stage *base)
{
    struct my_stage *stage = my_stage_of(base);
    struct db *admin = stage->admin;

    my_stage_leave(stage);
    handle_set(stage, &stage->admin, NULL);
    db_close(admin);
    pthread_mutex_destroy(&stage->guard);
}

static void stage_my_cancel(struct stage *base)
{
    struct my_stage *stage = my_stage_of(base);

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
static void stage_my_discard(struct stage *base)
{
    struct my_stage *stage = my_stage_of(base);
    struct error ignored = {.status = STATUS_OK};
    struct db *db = NULL;

    my_stage_leave(stage);
    if (!stage->is_created || stage->is_swapped || base->is_swapping)
        return;
    atomic_store(&stage->is_cancelled, false);
    stage->base.request.is_cancelled = NULL;
    if (my_stage_connect(stage, "", &db, &ignored))
        my_schema_drop(db, stage->base.database, &ignored);
    db_close(db);
    stage->is_created = false;
}

static bool describe_space(struct my_stage *stage, struct buf *text, struct error *err)
{
    struct my_result result = {.rows = NULL};
    char size[32];

    if (!stage->exists)
        return true;
    if (!my_ask(stage->admin, &result, err,
                "SELECT COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) FROM"
                " information_schema.TABLES WHERE TABLE_SCHEMA = %t",
                stage->base.target.database))
        return false;
    size_format((uint64_t)my_integer(&result, 0, 0), size, sizeof(size));
    my_result_release(&result);
    buf_add_format(text, "  space         %s now; about as much again while a refresh runs\n",
                   size);
    return true;
}

static bool stage_my_describe(struct stage *base, struct buf *text, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);
    const struct db_info *info = &base->target;
    const char *state = !stage->exists          ? "absent, will be created"
                        : stage->is_marked      ? "made by this program"
                        : stage->is_mark_hidden ? "its mark may not be read"
                                                : "not made by this program";
    struct relics relics;

    buf_add_format(text, "target          %s %s at %s, database '%s': %s\n",
                   info->is_mariadb ? "MariaDB" : "MySQL", info->version, info->address,
                   words_printable(base->arena, info->database), state);
    if (stage->is_marked)
        buf_add_format(text, "  made by       run %s, key %s, epoch %lld\n",
                       words_printable(base->arena, stage->target_mark.run),
                       words_printable(base->arena,
                                       stage->target_mark.key ? stage->target_mark.key : "unknown"),
                       (long long)stage->target_mark.epoch);
    buf_add_format(text, "  generations   %lld stay after a swap\n",
                   (long long)stage_generations(base));
    if (!my_relics_read(stage, &relics, err))
        return false;
    relics_describe(&relics, base->arena, text);
    return my_swap_describe(stage, text, err) && describe_space(stage, text, err) &&
           (buf_ok(text) || error_memory(err));
}

const struct stage_engine stage_my = {.name = "mysql",
                                      .open = stage_my_open,
                                      .describe = stage_my_describe,
                                      .close = stage_my_close,
                                      .cancel = stage_my_cancel,
                                      .create = my_stage_create,
                                      .schema_before = my_stage_schema_before,
                                      .type_numbers = my_stage_type_numbers,
                                      .schema_after = my_stage_schema_after,
                                      .finish = my_stage_finish,
                                      .after_load = my_stage_after_load,
                                      .mark = my_stage_mark,
                                      .swap = my_stage_swap,
                                      .discard = stage_my_discard};
