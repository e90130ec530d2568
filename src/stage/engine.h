/* What an engine does behind stage.h: the head of every engine's stage and its table of functions,
 * whose promises are those of the functions of the same name in stage.h. */
#ifndef UNDERSTUDY_STAGE_ENGINE_H
#define UNDERSTUDY_STAGE_ENGINE_H

#include "stage/mark.h"
#include "stage/stage.h"

struct stage_engine {
    const char *name;
    /* `faults` NULL: ends at the first. With faults each refusal goes there and *stage is set as
     * soon as the server answers, also when there were some; false only when nothing more can be
     * known. */
    bool (*open)(const struct stage_request *request, struct arena *arena,
                 struct fault_list *faults, struct stage **stage, struct error *err);
    bool (*describe)(struct stage *stage, struct buf *text, struct error *err);
    void (*close)(struct stage *stage);
    void (*cancel)(struct stage *stage);
    bool (*create)(struct stage *stage, struct error *err);
    bool (*schema_before)(struct stage *stage, struct db *source, const char *snapshot,
                          struct error *err);
    bool (*type_numbers)(struct stage *stage, struct oid_map *oids, struct error *err);
    bool (*schema_after)(struct stage *stage, const struct stage_violations *violations, int jobs,
                         struct error *err);
    bool (*finish)(struct stage *stage, struct error *err);
    bool (*after_load)(struct stage *stage, struct error *err);
    bool (*mark)(struct stage *stage, struct error *err);
    bool (*swap)(struct stage *stage, struct error *err);
    void (*discard)(struct stage *stage);
};

struct stage {
    const struct stage_engine *engine;
    struct stage_request request; /* a copy; what it points to is borrowed */
    struct arena *arena;          /* borrowed */
    struct db_info target;        /* database: the target's name; database_oid 0: it is absent */
    const char *database;         /* being filled; NULL before stage_create */
    bool is_swapping; /* a swap of several steps has begun and was not taken back: what it left has
                         to be there for the next start, and nobody may say that nothing happened */
};

extern const struct stage_engine stage_pg;
extern const struct stage_engine stage_my;

/* Appends a copy of *fault; false when memory ended. */
bool fault_list_add(struct fault_list *faults, const struct error *fault);

/* Listed under `skipped`, a warning, a note: nothing where there is no binding. `object` may hold
 * anything and is made printable. */
bool stage_skip(struct stage *stage, const char *object, const char *why, struct error *err);
bool stage_warn(struct stage *stage, const char *topic, const char *text, struct error *err);
bool stage_note(struct stage *stage, const char *topic, const char *text, struct error *err);

enum profile_mode stage_mode(const struct stage *stage); /* as options or profile say */
int64_t stage_generations(const struct stage *stage);    /* the same */
/* The mark of what this run begins to fill. */
void stage_mark_begin(const struct stage *stage, struct mark *mark);
/* Warns where the staging database with this mark was made with another key or epoch. */
bool stage_compare_key(struct stage *stage, const struct mark *mark, struct error *err);

#endif
