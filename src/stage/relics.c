/* Tells relics by name and mark, and decides which of them go. */
#include "stage/relics.h"

#include "base/words.h"
#include "stage/name.h"
#include <stdlib.h>
#include <string.h>

#define RUN_BYTES_MAX 16

/* Where the run's id stands in the name of a new database of this target, whoever made it; NULL
 * when it is not named like one. */
static const char *run_in_name(const struct stage *stage, const char *name)
{
    char sample[NAME_BYTES];

    name_of_new(stage->target.engine, stage->target.database, stage->request.run, sample);
    size_t len = strlen(sample) - strlen(stage->request.run);
    assert(len > strlen("__new_"));
    return strncmp(name, sample, len) == 0 ? name + len : NULL;
}

static bool is_run(const char *text)
{
    return strlen(text) == RUN_BYTES_MAX && strspn(text, "0123456789abcdef") == RUN_BYTES_MAX;
}

/* Does it bear the name that we gave it? A mark alone is no proof: it comes along with a database
 * that somebody renamed to keep it, and its owner may write what they like. */
static bool has_our_name(const struct stage *stage, const struct relic *relic)
{
    const char *target = stage->target.database;
    enum engine engine = stage->target.engine;
    char given[NAME_BYTES];

    assert(relic->mark.run);
    if (strlen(relic->mark.run) > RUN_BYTES_MAX || relic->mark.retired_us < 0)
        return false; /* none of ours looks like that */
    if (relic->mark.state == MARK_OLD)
        name_of_old(engine, target, relic->mark.retired_us, given);
    else
        name_of_new(engine, target, relic->mark.run, given);
    return strcmp(relic->name, given) == 0;
}

bool relic_read(struct stage *stage, const char *name, const char *mark, struct relic *relic,
                bool *is_relic, struct error *err)
{
    assert(name && stage->target.database);
    *is_relic = false;
    *relic = (struct relic){.name = arena_strdup(stage->arena, name)};
    if (!relic->name)
        return error_memory(err);
    if (!mark_read(mark, stage->arena, &relic->mark)) {
        const char *run = run_in_name(stage, relic->name);

        int64_t then_us;

        relic->is_bare_old =
            !mark && stage->target.engine == ENGINE_MYSQL &&
            name_read_old(ENGINE_MYSQL, stage->target.database, relic->name, &then_us);
        *is_relic = run != NULL || relic->is_bare_old;
        relic->kind = RELIC_UNMARKED;
        relic->mark = (struct mark){.run = run && !mark && is_run(run) ? run : NULL};
        return true;
    }
    *is_relic = strcmp(relic->mark.target, stage->target.database) == 0 &&
                relic->mark.state != MARK_CURRENT && has_our_name(stage, relic);
    relic->kind = relic->mark.state == MARK_OLD ? RELIC_GENERATION : RELIC_LEFTOVER;
    return true;
}

bool relic_judge(struct stage *stage, struct relic *relic, const struct relic_questions *questions,
                 struct error *err)
{
    bool is_empty = false;

    assert(stage && questions->is_alive && questions->is_empty);
    if (relic->kind == RELIC_GENERATION || (!relic->mark.run && !relic->is_bare_old))
        return true;
    if (!questions->is_alive(stage, relic->mark.run, &relic->is_alive, err))
        return false;
    if (relic->kind == RELIC_LEFTOVER)
        return true;
    /* A run that is alive may be about to mark it; one that begins by then takes another id. */
    if (!relic->is_alive && !questions->is_empty(stage, relic->name, &is_empty, err))
        return false;
    if (relic->is_alive || is_empty)
        relic->kind = RELIC_LEFTOVER;
    return true;
}

static int compare_relics(const void *a, const void *b)
{
    const struct relic *left = a;
    const struct relic *right = b;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    if (left->mark.retired_us != right->mark.retired_us)
        return left->mark.retired_us < right->mark.retired_us ? -1 : 1;
    return strcmp(left->name, right->name);
}

void relics_sort(struct relics *relics)
{
    if (relics->count > 0)
        qsort(relics->relics, relics->count, sizeof(*relics->relics), compare_relics);
}

static bool say(struct stage *stage, const char *name, const char *what, struct error *err)
{
    const char *text =
        arena_printf(stage->arena, "'%s' %s", words_printable(stage->arena, name), what);

    return text ? stage_warn(stage, "leftovers", text, err) : error_memory(err);
}

bool relics_drop(struct stage *stage, const struct relics *relics, int64_t kept,
                 bool (*drop)(struct stage *stage, const char *name, struct error *err),
                 struct error *err)
{
    int64_t generations = 0;

    assert(kept >= 0);
    for (size_t i = 0; i < relics->count; i++)
        generations += relics->relics[i].kind == RELIC_GENERATION;
    for (size_t i = 0; i < relics->count; i++) {
        const struct relic *relic = &relics->relics[i];
        bool is_dropped = (relic->kind == RELIC_LEFTOVER && !relic->is_alive) ||
                          (relic->kind == RELIC_GENERATION && generations > kept);
        struct error fault = {0};

        if (relic->kind == RELIC_UNMARKED &&
            !say(stage, relic->name,
                 "is named like a database of ours but carries no mark; it is left alone", err))
            return false;
        /* What cannot be dropped costs space, not safety: said, and left to the next run. */
        if (is_dropped && !drop(stage, relic->name, &fault)) {
            const char *what = arena_printf(stage->arena, "could not be dropped: %s", fault.cause);

            if (!what || !say(stage, relic->name, what, err))
                return what ? false : error_memory(err);
        }
        generations -= relic->kind == RELIC_GENERATION;
    }
    return true;
}

void relics_describe(const struct relics *relics, struct arena *arena, struct buf *text)
{
    static const char *const words[] = {[RELIC_LEFTOVER] = "left by a run that died",
                                        [RELIC_GENERATION] = "former generation",
                                        [RELIC_UNMARKED] = "not ours, left alone"};

    for (size_t i = 0; i < relics->count; i++) {
        const struct relic *relic = &relics->relics[i];
        const char *word = relic->is_alive ? "being filled by another run" : words[relic->kind];

        buf_add_format(text, "  beside it     '%s': %s\n", words_printable(arena, relic->name),
                       word);
    }
}
