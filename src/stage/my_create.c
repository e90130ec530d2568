/* Makes the new schema beside the old one, with the source schema's character set. */
#include "stage/my_stage.h"

/* With foreign_key_checks = 0, as on every connection of ours to the target. */
bool my_schema_drop(struct db *db, const char *name, struct error *err)
{
    assert(db && name[0]);
    return my_do(db, err, "DROP DATABASE IF EXISTS %n", name);
}

static bool read_defaults(struct my_stage *stage, struct error *err)
{
    struct my_result result = {.rows = NULL};

    assert(stage->base.request.source_db);
    if (!my_query(stage->base.request.source_db,
                  "SELECT @@character_set_database, @@collation_database", &result, err))
        return false;
    stage->charset = my_copy(stage->base.arena, &result, 0, 0);
    stage->collation = my_copy(stage->base.arena, &result, 0, 1);
    my_result_release(&result);
    return (stage->charset && stage->collation) || error_memory(err);
}

static bool create_beside(struct my_stage *stage, struct error *err)
{
    int64_t kept = stage_generations(&stage->base);
    char name[NAME_BYTES];

    assert(stage->charset && stage->collation);
    /* The swap adds one generation: room for it is made before the load takes space. */
    if (!my_relics_drop(stage, kept > 0 ? kept - 1 : 0, err))
        return false;
    name_of_new(ENGINE_MYSQL, stage->base.target.database, stage->base.request.run, name);
    stage->base.database = arena_strdup(stage->base.arena, name);
    if (!stage->base.database)
        return error_memory(err);
    if (!my_do(stage->admin, err, "CREATE DATABASE %n CHARACTER SET %s COLLATE %s", name,
               stage->charset, stage->collation)) {
        stage->base.database = NULL;
        return false;
    }
    stage->is_created = true;
    return my_mark_set(stage->admin, name, &stage->mark, err);
}

bool my_stage_create(struct stage *base, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);

    stage_mark_begin(base, &stage->mark);
    if (!read_defaults(stage, err))
        return false;
    if (stage_mode(base) == MODE_SWAP)
        return create_beside(stage, err);
    base->database = base->target.database;
    return my_do(stage->admin, err, "ALTER DATABASE %n CHARACTER SET %s COLLATE %s", base->database,
                 stage->charset, stage->collation) &&
           my_mark_set(stage->admin, base->database, &stage->mark, err);
}
