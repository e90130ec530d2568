/* The engine-neutral front: finds the engine of the target's URL and passes every call on. */
#include "stage/engine.h"

static const struct stage_engine *const engines[] = {
    [ENGINE_POSTGRESQL] = &stage_pg, [ENGINE_MYSQL] = &stage_my};

static const struct stage_engine *engine_find(const struct stage_request *request,
                                              struct error *err)
{
    enum engine engine;

    assert(request->profile && request->options && request->source);
    assert(request->target_url && request->run);
    if (!url_engine(request->target_url, &engine, err))
        return NULL;
    if ((size_t)engine >= COUNT_OF(engines) || !engines[engine]) {
        error_set(err, STATUS_PROFILE, "a target of this engine is not in this version");
        return NULL;
    }
    if (engine != request->source->engine) {
        error_set(err, STATUS_PROFILE, "source and target are of different engines");
        error_hint(err, "both sides must be PostgreSQL, or both MySQL or MariaDB");
        return NULL;
    }
    return engines[engine];
}

bool stage_open(const struct stage_request *request, struct arena *arena, struct stage **stage,
                struct error *err)
{
    const struct stage_engine *engine = engine_find(request, err);

    *stage = NULL;
    if (engine && engine->open(request, arena, NULL, stage, err))
        return true;
    stage_close(*stage);
    *stage = NULL;
    return error_context(err, "target");
}

void stage_close(struct stage *stage)
{
    if (stage)
        stage->engine->close(stage);
}

void stage_cancel(struct stage *stage)
{
    assert(stage);
    stage->engine->cancel(stage);
}

bool fault_list_add(struct fault_list *faults, const struct error *fault)
{
    struct error *grown = arena_grow(faults->arena, faults->errors, faults->count,
                                     &faults->capacity, sizeof(*faults->errors));

    assert(fault->status != STATUS_OK);
    if (!grown)
        return false;
    faults->errors = grown;
    faults->errors[faults->count++] = *fault;
    return true;
}

bool stage_check(const struct stage_request *request, struct arena *arena,
                 struct fault_list *faults, struct buf *text, struct error *err)
{
    const struct stage_engine *engine = engine_find(request, err);
    struct stage *stage = NULL;

    assert(faults && text);
    if (!engine || !engine->open(request, arena, faults, &stage, err)) {
        error_context(err, "target");
        return fault_list_add(faults, err) || error_memory(err);
    }
    bool is_described = engine->describe(stage, text, err);
    stage_close(stage);
    return is_described;
}

const struct db_info *stage_target_info(const struct stage *stage)
{
    assert(stage);
    return &stage->target;
}

const char *stage_database(const struct stage *stage)
{
    assert(stage && stage->database);
    return stage->database;
}

bool stage_create(struct stage *stage, struct error *err)
{
    assert(stage && !stage->database);
    return stage->engine->create(stage, err);
}

bool stage_schema_before(struct stage *stage, struct db *source, const char *snapshot,
                         struct error *err)
{
    assert(stage && stage->database && stage->request.binding);
    return stage->engine->schema_before(stage, source, snapshot, err) ||
           error_context(err, "schema");
}

bool stage_type_numbers(struct stage *stage, struct oid_map *oids, struct error *err)
{
    assert(stage && stage->database);
    return stage->engine->type_numbers(stage, oids, err);
}

bool stage_schema_after(struct stage *stage, const struct stage_violations *violations, int jobs,
                        struct error *err)
{
    assert(stage && stage->database);
    assert(violations && jobs > 0);
    return stage->engine->schema_after(stage, violations, jobs, err) ||
           error_context(err, "schema");
}

bool stage_finish(struct stage *stage, struct error *err)
{
    assert(stage && stage->database);
    return stage->engine->finish(stage, err);
}

bool stage_after_load(struct stage *stage, struct error *err)
{
    assert(stage && stage->database);
    return stage->engine->after_load(stage, err);
}

bool stage_mark(struct stage *stage, struct error *err)
{
    assert(stage && stage->database);
    return stage->engine->mark(stage, err);
}

bool stage_swap(struct stage *stage, struct error *err)
{
    assert(stage && stage->database);
    return stage->engine->swap(stage, err) || error_context(err, "swap");
}

bool stage_is_swapping(const struct stage *stage)
{
    assert(stage);
    return stage->is_swapping;
}

void stage_discard(struct stage *stage)
{
    assert(stage);
    if (stage->database)
        stage->engine->discard(stage);
}
