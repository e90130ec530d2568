/* What earlier runs left beside a target: former generations, and databases of runs that died, told
 * by their names and marks. Only what carries our mark for this very target, and the name that goes
 * with it, is ever dropped; and what has the name that a run gives and nothing in it: a run that
 * was killed before it could leave its mark, or before it could move the old tables there. */
#ifndef UNDERSTUDY_STAGE_RELICS_H
#define UNDERSTUDY_STAGE_RELICS_H

#include "stage/engine.h"

enum relic_kind { RELIC_LEFTOVER, RELIC_GENERATION, RELIC_UNMARKED };

struct relic {
    enum relic_kind kind;
    const char *name;
    struct mark mark; /* RELIC_UNMARKED: `run` alone, where the name ends with one; or all zero */
    bool is_bare_old; /* RELIC_UNMARKED: named like a former one; MySQL, whose swap makes it first
                         and marks it when the tables are in */
    bool is_alive;    /* a leftover: the run that fills it has a session */
};

/* What only the engine knows. */
struct relic_questions {
    /* Has that run a session on the server? NULL: another run that works on this target. */
    bool (*is_alive)(struct stage *stage, const char *run, bool *is_alive, struct error *err);
    /* Is nothing in that database that anybody made? False, too, where that cannot be seen. */
    bool (*is_empty)(struct stage *stage, const char *name, bool *is_empty, struct error *err);
};

struct relics {
    size_t count;
    struct relic *relics; /* after relics_sort: generations from the oldest to the newest */
};

/* Fills *relic when the database of that name with that mark (text, or NULL) is one of the stage's
 * target; *is_relic says. Texts are in the stage's arena. */
bool relic_read(struct stage *stage, const char *name, const char *mark, struct relic *relic,
                bool *is_relic, struct error *err);
/* Asks what decides whether it may go: is_alive, and a relic without a mark becomes a leftover
 * where its run is alive, or dead and nothing in it. */
bool relic_judge(struct stage *stage, struct relic *relic, const struct relic_questions *questions,
                 struct error *err);
void relics_sort(struct relics *relics);

/* Drops leftovers of dead runs, and all but the newest `kept` generations. What `drop` cannot drop
 * is a warning, and so is what only has such a name. */
bool relics_drop(struct stage *stage, const struct relics *relics, int64_t kept,
                 bool (*drop)(struct stage *stage, const char *name, struct error *err),
                 struct error *err);

/* A line for each, as check prints them. */
void relics_describe(const struct relics *relics, struct arena *arena, struct buf *text);

#endif
