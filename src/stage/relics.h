/* What earlier runs left beside a target: former generations, and databases of runs that died, told
 * by their names and marks. Only what carries our mark for this very target, and the name that goes
 * with it, is ever dropped. */
#ifndef UNDERSTUDY_STAGE_RELICS_H
#define UNDERSTUDY_STAGE_RELICS_H

#include "stage/engine.h"

enum relic_kind { RELIC_LEFTOVER, RELIC_GENERATION, RELIC_UNMARKED };

struct relic {
    enum relic_kind kind;
    const char *name;
    struct mark mark;
    bool is_alive; /* a leftover: the run that fills it has a session; the engine asks */
};

struct relics {
    size_t count;
    struct relic *relics; /* after relics_sort: generations from the oldest to the newest */
};

/* Fills *relic when the database of that name with that mark (text, or NULL) is one of the stage's
 * target; *is_relic says. Texts are in the stage's arena. */
bool relic_read(struct stage *stage, const char *name, const char *mark, struct relic *relic,
                bool *is_relic, struct error *err);
void relics_sort(struct relics *relics);

/* Drops leftovers of dead runs, and all but the newest `kept` generations. What `drop` cannot drop
 * is a warning, and so is what only has such a name. */
bool relics_drop(struct stage *stage, const struct relics *relics, int64_t kept,
                 bool (*drop)(struct stage *stage, const char *name, struct error *err),
                 struct error *err);

/* A line for each, as check prints them. */
void relics_describe(const struct relics *relics, struct arena *arena, struct buf *text);

#endif
