/* What earlier runs left beside the target: former generations, and databases of runs that died.
 * Only what carries our mark for this very target and the name that goes with it is ever dropped.
 */
#include "stage/pg_stage.h"

#include "base/words.h"
#include <stdlib.h>
#include <string.h>

#define RUN_BYTES_MAX 16

int64_t pg_generations(const struct pg_stage *stage)
{
    const struct stage_request *request = &stage->base.request;

    if (request->options->generations >= 0)
        return request->options->generations;
    return request->profile->generations;
}

/* Is it named like a new database of this target, whoever made it? */
static bool is_named_new(const struct pg_stage *stage, const char *name)
{
    char sample[NAME_BYTES];
    const char *tail = "__new_";

    name_of_new(stage->base.target.database, stage->base.request.run, sample);
    size_t len = strlen(sample) - strlen(stage->base.request.run);
    assert(len > strlen(tail));
    UNUSED(tail);
    return strncmp(name, sample, len) == 0;
}

static bool run_is_alive(struct pg_stage *stage, const char *run, bool *is_alive, struct error *err)
{
    const char *const values[] = {run};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(stage->admin,
                  "SELECT EXISTS (SELECT FROM pg_stat_activity"
                  " WHERE application_name = 'understudy ' || $1)",
                  1, values, &result, err))
        return false;
    *is_alive = pg_true(result, 0, 0);
    return true;
}

/* Does it bear the name that we gave it? A comment alone is no proof: it comes along with a
 * database that somebody renamed to keep it, and its owner may write what they like. */
static bool has_our_name(const struct pg_stage *stage, const struct pg_relic *relic)
{
    const char *target = stage->base.target.database;
    char given[NAME_BYTES];

    assert(relic->mark.run);
    if (strlen(relic->mark.run) > RUN_BYTES_MAX || relic->mark.retired_us < 0)
        return false; /* none of ours looks like that */
    if (relic->mark.state == MARK_OLD)
        name_of_old(target, relic->mark.retired_us, given);
    else
        name_of_new(target, relic->mark.run, given);
    return strcmp(relic->name, given) == 0;
}

/* Fills *relic when the database is one; *is_relic says. */
static bool classify(struct pg_stage *stage, const char *name, const char *comment,
                     struct pg_relic *relic, bool *is_relic, struct error *err)
{
    struct arena *arena = stage->base.arena;

    *is_relic = false;
    *relic = (struct pg_relic){.name = arena_strdup(arena, name)};
    if (!relic->name)
        return error_memory(err);
    if (!mark_read(comment, arena, &relic->mark)) {
        relic->kind = RELIC_UNMARKED;
        *is_relic = is_named_new(stage, name);
        return true;
    }
    if (strcmp(relic->mark.target, stage->base.target.database) != 0 ||
        relic->mark.state == MARK_CURRENT || !has_our_name(stage, relic))
        return true;
    *is_relic = true;
    relic->kind = relic->mark.state == MARK_OLD ? RELIC_GENERATION : RELIC_LEFTOVER;
    if (relic->kind != RELIC_LEFTOVER)
        return true;
    return run_is_alive(stage, relic->mark.run, &relic->is_alive, err);
}

static int compare_relics(const void *a, const void *b)
{
    const struct pg_relic *left = a;
    const struct pg_relic *right = b;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (left->mark.retired_us != right->mark.retired_us)
        return left->mark.retired_us < right->mark.retired_us ? -1 : 1;
    return strcmp(left->name, right->name);
}

bool pg_relics_read(struct pg_stage *stage, struct pg_relics *relics, struct error *err)
{
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;

    *relics = (struct pg_relics){0};
    if (!pg_query(stage->admin,
                  "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
                  " WHERE datname <> $1 AND NOT datistemplate ORDER BY 1",
                  1, values, &result, err))
        return false;
    relics->relics = ARENA_ARRAY(stage->base.arena, (size_t)PQntuples(result) + 1, struct pg_relic);
    if (!relics->relics)
        return error_memory(err);
    for (int row = 0; row < PQntuples(result); row++) {
        const char *comment = PQgetisnull(result, row, 1) ? NULL : PQgetvalue(result, row, 1);
        bool is_relic;

        if (!classify(stage, PQgetvalue(result, row, 0), comment, &relics->relics[relics->count],
                      &is_relic, err))
            return false;
        relics->count += is_relic;
    }
    qsort(relics->relics, relics->count, sizeof(*relics->relics), compare_relics);
    return true;
}

/* What cannot be dropped costs space, not safety: said, and left to the next run. */
static bool drop_or_say(struct pg_stage *stage, const char *name, struct error *err)
{
    struct error fault = {0};

    if (pg_database_drop(stage->admin, name, &fault))
        return true;
    const char *text = arena_printf(stage->base.arena, "'%s' could not be dropped: %s",
                                    words_printable(stage->base.arena, name), fault.cause);
    return text ? pg_stage_warn(stage, "leftovers", text, err) : error_memory(err);
}

static bool say_unmarked(struct pg_stage *stage, const char *name, struct error *err)
{
    const char *text = arena_printf(stage->base.arena,
                                    "'%s' is named like a database of ours but carries no mark; it "
                                    "is left alone",
                                    words_printable(stage->base.arena, name));

    return text ? pg_stage_warn(stage, "leftovers", text, err) : error_memory(err);
}

bool pg_relics_drop(struct pg_stage *stage, int64_t kept, struct error *err)
{
    struct pg_relics relics;
    int64_t generations = 0;

    assert(kept >= 0);
    if (!pg_relics_read(stage, &relics, err))
        return false;
    for (size_t i = 0; i < relics.count; i++)
        generations += relics.relics[i].kind == RELIC_GENERATION;
    for (size_t i = 0; i < relics.count; i++) {
        const struct pg_relic *relic = &relics.relics[i];
        bool is_dropped = (relic->kind == RELIC_LEFTOVER && !relic->is_alive) ||
                          (relic->kind == RELIC_GENERATION && generations > kept);

        if (relic->kind == RELIC_UNMARKED && !say_unmarked(stage, relic->name, err))
            return false;
        if (is_dropped && !drop_or_say(stage, relic->name, err))
            return false;
        generations -= relic->kind == RELIC_GENERATION;
    }
    return true;
}
