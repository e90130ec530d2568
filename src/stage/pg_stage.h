/* The PostgreSQL stage from the inside, for the pg_*.c of this folder only. */
#ifndef UNDERSTUDY_STAGE_PG_STAGE_H
#define UNDERSTUDY_STAGE_PG_STAGE_H

#include "db/pg.h"
#include "stage/engine.h"
#include "stage/mark.h"
#include "stage/name.h"
#include "stage/pg_list.h"
#include "stage/pg_tools.h"
#include "stage/relics.h"
#include <pthread.h>

/* Numbers of system catalogs, which never change; lists of pg_restore hold them. */
enum pg_class_number {
    PG_CLASS_DEFAULT_ACL = 826,
    PG_CLASS_RELATION = 1259,
    PG_CLASS_DATABASE = 1262,
    PG_CLASS_SERVER = 1417,
    PG_CLASS_WRAPPER = 2328,
    PG_CLASS_CONSTRAINT = 2606,
    PG_CLASS_LARGE_OBJECT = 2613,
    PG_CLASS_POLICY = 3256,
    PG_CLASS_EVENT_TRIGGER = 3466,
    PG_CLASS_SUBSCRIPTION = 6100,
    PG_CLASS_PUBLICATION = 6104,
    PG_CLASS_PUBLICATION_TABLE = 6106,
    PG_CLASS_PUBLICATION_SCHEMA = 6237
};

/* A statement kept for later, what it is about, and where it belongs. */
struct pg_step {
    const char *sql;
    const char *object;   /* "policy p on public.orders", printable */
    uint32_t object_id;   /* of the source: a foreign key's constraint ... */
    uint32_t relation_id; /* ... and its table */
    const char *name;     /* the constraint's */
    const char *then;     /* a statement to try afterwards, or NULL */
};

struct pg_script {
    size_t count, capacity;
    struct pg_step *steps;
};

struct pg_stage {
    struct stage base;
    struct db *admin;      /* the maintenance database: lock, create, swap */
    struct db *filling;    /* the new database; NULL when not open */
    pthread_mutex_t guard; /* guards the two handles against stage_cancel */
    atomic_bool is_cancelled;
    atomic_bool is_committing;
    const char *maintenance; /* name of that database */
    bool is_marked;          /* the existing target carries our mark */
    struct mark target_mark;
    bool is_created, is_swapped;
    uint32_t database_oid; /* of the one being filled */
    struct mark mark;      /* of the one being filled */
    struct pg_tools tools;
    int archive; /* memory file of pg_dump's archive, -1: none yet */
    struct pg_list list;
    struct pg_script foreign_keys; /* NOT VALID forms of all, looked up when violated */
    struct pg_script policies;     /* must all come along */
    struct pg_script owners;       /* owners, grants, default privileges, in order */
    struct pg_script checks;       /* taken off before the load */
    struct pg_script forced;       /* FORCE ROW LEVEL SECURITY, put back by the mark */
    const char *unrefreshed;       /* array literal: materialized views that hold no data */
    const char *gone_classes, *gone_objects; /* array literals: what is left out of the source */
};

struct pg_stage *pg_stage_of(struct stage *stage);

/* pg_stage.c: connections, statements, lists of what is left out */
bool pg_stage_connect(struct pg_stage *stage, const char *database, struct db **db,
                      struct error *err);
/* The connection to the database being filled, opened when first needed. */
bool pg_stage_filling(struct pg_stage *stage, struct db **db, struct error *err);
void pg_stage_leave(struct pg_stage *stage); /* closes it */
bool pg_stage_is_cancelled(const struct pg_stage *stage);

/* pg_script.c */
bool pg_script_add(struct pg_script *script, struct arena *arena, struct pg_step step,
                   struct error *err);
/* Appends a row's columns 0 (sql) and 1 (object) of each row of `result`. */
bool pg_script_add_rows(struct pg_script *script, struct arena *arena, const PGresult *result,
                        struct error *err);
/* True when it ran; else also `sqlstate` says why ("": the connection is lost), for failures that
 * are an answer. `what` is the context of the error. */
bool pg_attempt(struct db *db, const char *sql, const char *what, char sqlstate[6],
                struct error *err);
/* Puts an array literal together: pg_array_add for each, then pg_array_end. */
void pg_array_add(struct buf *array, const char *element);
const char *pg_array_end(struct buf *array, struct arena *arena); /* releases; NULL: no memory */
uint32_t pg_number(const PGresult *result, int row, int column);  /* an OID; 0 for NULL */
bool pg_true(const PGresult *result, int row, int column);
/* A copy of the text; NULL for SQL NULL and when memory ended. */
const char *pg_text(struct arena *arena, const PGresult *result, int row, int column);

/* pg_target.c: everything stage_open refuses */
bool pg_target_name(const char *url, struct arena *arena, const char **name, struct error *err);
bool pg_target_read(struct pg_stage *stage, struct error *err);
bool pg_target_check(struct pg_stage *stage, struct fault_list *faults, struct error *err);
/* Is nothing in that database but what a new one holds? */
bool pg_database_read(struct pg_stage *stage, const char *name, bool *is_empty, struct error *err);
/* pg_lock.c: the run's lock on the target's name */
bool pg_lock_take(struct pg_stage *stage, struct error *err);

/* pg_create.c */
bool pg_stage_create(struct stage *stage, struct error *err);
bool pg_database_drop(struct db *admin, const char *name, struct error *err);
/* pg_relics.c: databases that runs left or made before, read from their marks */
bool pg_relics_read(struct pg_stage *stage, struct relics *relics, struct error *err);
/* Drops leftovers of dead runs, and all but the newest `kept` generations. */
bool pg_relics_drop(struct pg_stage *stage, int64_t kept, struct error *err);

/* pg_mark.c */
bool pg_mark_comment(struct db *db, const char *database, const struct mark *mark,
                     struct error *err);
bool pg_stage_mark(struct stage *stage, struct error *err);

/* pg_schema.c */
bool pg_stage_schema_before(struct stage *stage, struct db *source, const char *snapshot,
                            struct error *err);
/* pg_restore of one section ("pre-data", "post-data") of the edited list. */
bool pg_schema_restore(struct pg_stage *stage, const char *section, int jobs, struct error *err);
/* pg_dump.c: the archive into a memory file, its list parsed. */
bool pg_schema_dump(struct pg_stage *stage, struct db *source, const char *snapshot,
                    struct error *err);
/* pg_gone.c: what staging does not get, from the source's dependencies; drops it from the list. */
bool pg_gone_read(struct pg_stage *stage, struct db *source, struct error *err);
bool pg_gone_drop(struct pg_stage *stage, struct error *err);
/* The profile's excluded schemas as array literals; *only NULL where there is no such list. */
bool pg_gone_schemas(struct pg_stage *stage, const char **only, const char **except,
                     struct error *err);
/* pg_roles.c: owners, grants, policies: read from the source, kept as statements for the target. */
bool pg_roles_read(struct pg_stage *stage, struct db *source, struct error *err);
/* pg_constraints.c: foreign keys and CHECKs that cannot hold */
bool pg_foreign_keys_read(struct pg_stage *stage, struct db *source, struct error *err);
bool pg_checks_remove(struct pg_stage *stage, struct db *db, struct error *err);
/* pg_prepare.c: what must stand before pre-data, and between pre-data and the load */
bool pg_prepare_source(struct pg_stage *stage, struct db *source, struct error *err);
bool pg_prepare_load(struct pg_stage *stage, struct error *err);
bool pg_stage_type_numbers(struct stage *stage, struct oid_map *oids, struct error *err);

/* pg_constraints.c, pg_finish.c, pg_sequences.c */
bool pg_stage_schema_after(struct stage *stage, const struct stage_violations *violations, int jobs,
                           struct error *err);
bool pg_stage_finish(struct stage *stage, struct error *err);
bool pg_sequences_set(struct pg_stage *stage, struct error *err);

/* pg_after.c */
bool pg_stage_after_load(struct stage *stage, struct error *err);

/* pg_swap.c, pg_settings.c */
bool pg_stage_swap(struct stage *stage, struct error *err);
/* Owner, ACL, settings and connection limit of the database `from` (0: of none: PUBLIC may connect
 * again) onto `name`, inside the caller's transaction. */
bool pg_settings_copy(struct pg_stage *stage, uint32_t from, const char *name, struct error *err);

#endif
