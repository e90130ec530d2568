/* What earlier runs left beside the target, from the marks in all schemas. */
#include "stage/my_stage.h"

#include <string.h>

/* Schemas that are named as ours are; marks tell the rest. */
static const char schemas_sql[] =
    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME <> %t"
    " AND (SCHEMA_NAME LIKE '%%\\_\\_new\\_%%' OR SCHEMA_NAME LIKE '%%\\_\\_old\\_%%')"
    " ORDER BY 1";

static bool relic_add(struct my_stage *stage, struct relics *relics, const char *name,
                      struct error *err)
{
    struct relic *relic = &relics->relics[relics->count];
    const char *mark;
    bool is_relic;

    assert(name);
    if (!my_mark_find(stage->admin, name, stage->base.arena, &mark, err) ||
        !relic_read(&stage->base, name, mark, relic, &is_relic, err))
        return false;
    if (is_relic && relic->kind == RELIC_LEFTOVER &&
        !my_run_lock_is_alive(stage->admin, relic->mark.run, &relic->is_alive, err))
        return false;
    relics->count += is_relic;
    return true;
}

bool my_relics_read(struct my_stage *stage, struct relics *relics, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_done = true;

    *relics = (struct relics){.count = 0};
    if (!my_ask(stage->admin, &result, err, schemas_sql, stage->base.target.database))
        return false;
    relics->relics = ARENA_ARRAY(stage->base.arena, result.count + 1, struct relic);
    if (!relics->relics)
        is_done = error_memory(err);
    for (size_t row = 0; is_done && row < result.count; row++)
        is_done = relic_add(stage, relics, my_text(&result, row, 0), err);
    my_result_release(&result);
    if (is_done)
        relics_sort(relics);
    return is_done;
}

static bool drop_one(struct stage *base, const char *name, struct error *err)
{
    return my_schema_drop(my_stage_of(base)->admin, name, err);
}

bool my_relics_drop(struct my_stage *stage, int64_t kept, struct error *err)
{
    struct relics relics;

    assert(kept >= 0);
    return my_relics_read(stage, &relics, err) &&
           relics_drop(&stage->base, &relics, kept, drop_one, err);
}
