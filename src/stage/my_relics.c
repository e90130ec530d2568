/* What earlier runs left beside the target, from the marks in all schemas. */
#include "stage/my_stage.h"

#include <string.h>

/* Schemas that are named as ours are; marks tell the rest. */
static const char schemas_sql[] =
    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME <> %t"
    " AND (SCHEMA_NAME LIKE '%%\\_\\_new\\_%%' OR SCHEMA_NAME LIKE '%%\\_\\_old\\_%%')"
    " ORDER BY 1";

static bool run_is_alive(struct stage *base, const char *run, bool *is_alive, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);

    return run ? my_run_lock_is_alive(stage->admin, run, is_alive, err)
               : my_run_lock_is_others(stage, is_alive, err);
}

/* A run may have died between making the table of the mark and filling it. */
static bool mark_is_begun(struct my_stage *stage, const char *schema, bool *is_begun,
                          struct error *err)
{
    struct my_result result = {.rows = NULL};

    *is_begun = true;
    if (!my_ask(stage->admin, &result, err,
                "SELECT TABLE_TYPE = 'BASE TABLE' FROM information_schema.TABLES"
                " WHERE TABLE_SCHEMA = %t AND TABLE_NAME = %t",
                schema, MY_MARK_TABLE))
        return false;
    bool is_there = result.count > 0, is_table = is_there && my_true(&result, 0, 0);
    my_result_release(&result);
    if (!is_there)
        return true;
    if (is_table &&
        !my_ask(stage->admin, &result, err, "SELECT 1 FROM %n.%n LIMIT 1", schema, MY_MARK_TABLE))
        return false;
    *is_begun = is_table && result.count == 0;
    my_result_release(&result);
    return true;
}

/* Schemas show no more of themselves than one may use. */
static bool schema_is_empty(struct stage *base, const char *name, bool *is_empty, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);

    *is_empty = my_rights_are_whole(stage, name);
    return !*is_empty || (my_schema_read(stage, name, MY_MARK_TABLE, is_empty, err) &&
                          (!*is_empty || mark_is_begun(stage, name, is_empty, err)));
}

static const struct relic_questions questions = {run_is_alive, schema_is_empty};

/* A swap that was cut off and forgotten left it with the mark that it had as the target. With the
 * target's own run in it, it is a copy that somebody made. */
static bool mark_mend(struct my_stage *stage, const char *name, struct error *err)
{
    const char *target = stage->base.target.database, *text;
    int64_t then_us;
    struct mark mark;

    if (stage->is_checking || !stage->is_marked ||
        !name_read_old(ENGINE_MYSQL, target, name, &then_us))
        return true;
    if (!my_mark_find(stage->admin, name, stage->base.arena, &text, err))
        return false;
    if (!mark_read(text, stage->base.arena, &mark) || mark.state != MARK_CURRENT ||
        strcmp(mark.target, target) != 0 || strcmp(mark.run, stage->target_mark.run) == 0)
        return true;
    mark.state = MARK_OLD;
    mark.retired_us = then_us;
    return my_mark_set(stage->admin, name, &mark, err);
}

static bool relic_add(struct my_stage *stage, struct relics *relics, const char *name,
                      struct error *err)
{
    struct relic *relic = &relics->relics[relics->count];
    const char *mark;
    bool is_relic;

    assert(name);
    if (!mark_mend(stage, name, err) ||
        !my_mark_find(stage->admin, name, stage->base.arena, &mark, err) ||
        !relic_read(&stage->base, name, mark, relic, &is_relic, err) ||
        (is_relic && !relic_judge(&stage->base, relic, &questions, err)))
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
