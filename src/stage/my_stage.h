/* The MySQL and MariaDB stage from the inside, for the my_*.c of this folder only. The new database
 * is a schema beside the target's; its mark is a table of one row in it. */
#ifndef UNDERSTUDY_STAGE_MY_STAGE_H
#define UNDERSTUDY_STAGE_MY_STAGE_H

#include "db/my.h"
#include "db/my_grants.h"
#include "stage/my_define.h"
#include "stage/my_program.h"
#include "stage/name.h"
#include "stage/relics.h"
#include <pthread.h>

#define MY_MARK_TABLE "understudy_mark" /* in the schema it speaks of */
#define MY_SWAP_TABLE "understudy_swap" /* a swap's journal, in the schema being filled */

/* A table as the source defines it, and the bound table it is. */
struct my_table {
    const struct bound_table *bound;
    struct my_definition definition;
};

struct my_sequence { /* MariaDB */
    const char *name;
    const char *sql; /* CREATE SEQUENCE */
};

struct my_programs {
    size_t count, capacity;
    struct my_program *programs;
};

struct my_stage {
    struct stage base;
    struct db *admin;      /* no default schema: lock, create, swap */
    struct db *filling;    /* default schema: the one being filled; NULL when not open */
    pthread_mutex_t guard; /* guards the two handles against stage_cancel */
    atomic_bool is_cancelled;
    atomic_bool is_committing;
    bool is_checking;    /* stage_check: nothing may be written */
    bool exists;         /* the target's schema */
    bool is_marked;      /* it carries our mark */
    bool is_mark_hidden; /* whether it does, the user may not read */
    struct mark target_mark;
    bool is_created, is_swapped;
    struct mark mark; /* of the schema being filled */
    struct my_grants grants;
    const char *charset, *collation; /* the source schema's defaults */
    size_t table_count;
    struct my_table *tables;
    size_t sequence_count;
    struct my_sequence *sequences;
    struct my_programs programs; /* as rewritten, in the order in which they are made */
};

struct my_stage *my_stage_of(struct stage *stage);

/* my_stage.c. `database` "": none. */
bool my_stage_connect(struct my_stage *stage, const char *database, struct db **db,
                      struct error *err);
bool my_stage_filling(struct my_stage *stage, struct db **db, struct error *err);
void my_stage_leave(struct my_stage *stage); /* closes the one to the schema being filled */
void my_stage_replace_admin(struct my_stage *stage, struct db *admin);
bool my_stage_is_cancelled(const struct my_stage *stage);

/* my_sql.c: statements put together by a format of their own: %n a quoted name, %t a text literal,
 * %s text as it stands, %d an int, %l a long long. */
void my_format(struct buf *sql, const char *format, ...);
bool my_do(struct db *db, struct error *err, const char *format, ...);
/* The result is to be made empty before, and released. */
bool my_ask(struct db *db, struct my_result *result, struct error *err, const char *format, ...);
/* The account of CURRENT_USER(), quoted: `app`@`%`; in `arena`, NULL when memory ended. */
const char *my_account(const char *user, struct arena *arena);

/* my_target.c: everything stage_open refuses */
bool my_target_name(struct my_stage *stage, const char **name, struct error *err);
bool my_target_read(struct my_stage *stage, struct error *err);
bool my_target_check(struct my_stage *stage, struct fault_list *faults, struct error *err);
/* Is nothing in that schema but a table of the name `but` ("": none)? */
bool my_schema_read(struct my_stage *stage, const char *schema, const char *but, bool *is_empty,
                    struct error *err);
/* my_rights.c: privileges on the target, and what the server must allow */
bool my_rights_check(struct my_stage *stage, struct error *err);
/* May it define programs for other accounts? After my_rights_check. */
bool my_rights_may_define(const struct my_stage *stage);
/* All that is needed on that schema, so that nothing in it is hidden; after my_rights_check. */
bool my_rights_are_whole(const struct my_stage *stage, const char *schema);
bool my_definers_check(struct my_stage *stage, struct error *err);
bool my_functions_check(struct my_stage *stage, struct error *err);
/* my_lock.c: the run's lock on the target's name */
bool my_run_lock_take(struct my_stage *stage, struct error *err);
/* Once more, from a new connection: waits for nobody. A session of this very run that the server
 * has not missed yet still has it; `must_end` ends that one, for the next try. */
bool my_run_lock_retake(struct my_stage *stage, bool must_end, struct error *err);
bool my_run_lock_is_held(struct my_stage *stage, bool *is_held, struct error *err);
bool my_run_lock_is_alive(struct db *db, const char *run, bool *is_alive, struct error *err);
/* Has another session the lock on the target's name? */
bool my_run_lock_is_others(struct my_stage *stage, bool *is_others, struct error *err);

/* my_create.c */
bool my_stage_create(struct stage *stage, struct error *err);
bool my_schema_drop(struct db *db, const char *name, struct error *err);
/* my_mark.c. Is that a table of ours, which reading cannot make run anything? A view of that name,
 * a generated column or an engine that reaches elsewhere is somebody else's. `columns`: "name type"
 * of each, with commas between. */
bool my_table_is_ours(struct db *db, const char *schema, const char *table, const char *columns,
                      bool *is_ours, struct error *err);
/* *mark is NULL where the schema has none. */
bool my_mark_find(struct db *db, const char *schema, struct arena *arena, const char **mark,
                  struct error *err);
bool my_mark_set(struct db *db, const char *schema, const struct mark *mark, struct error *err);
bool my_stage_mark(struct stage *stage, struct error *err);
/* my_relics.c */
bool my_relics_read(struct my_stage *stage, struct relics *relics, struct error *err);
bool my_relics_drop(struct my_stage *stage, int64_t kept, struct error *err);

/* my_schema.c: what the source defines, read and made */
bool my_stage_schema_before(struct stage *stage, struct db *source, const char *snapshot,
                            struct error *err);
bool my_stage_type_numbers(struct stage *stage, struct oid_map *oids, struct error *err);
/* Settings that a session must have to make any definition; what it may not set stays. */
bool my_schema_settings(struct db *db, struct error *err);
/* my_index.c: keys, then foreign keys, by several connections at once */
bool my_stage_schema_after(struct stage *stage, const struct stage_violations *violations, int jobs,
                           struct error *err);
/* my_finish.c */
bool my_stage_finish(struct stage *stage, struct error *err);
/* my_programs.c. Those of the connection's default schema, in the order in which they are made;
 * what cannot be read is listed. */
enum my_programs_of {
    MY_PROGRAMS_SOURCE, /* for staging: definers as target.roles says, events DISABLED */
    MY_PROGRAMS_OLD,    /* of the target before the swap: events DISABLED */
    MY_PROGRAMS_NEW     /* of the schema that was filled, as after_load left them; definers of those
                           that came from the source as target.roles says */
};
bool my_programs_read(struct my_stage *stage, struct db *db, enum my_programs_of which,
                      struct my_programs *programs, struct error *err);
/* Does the server's answer say that something a program names is not there? */
bool my_program_lacks(unsigned code);
/* Makes one in the connection's default schema, in place of one of that name; `code` as
 * my_attempt's. */
bool my_program_make(struct db *db, const struct my_program *program, unsigned *code,
                     struct error *err);
/* The same with the connection's own account as its definer. */
bool my_program_make_own(struct db *db, const struct my_program *program, unsigned *code,
                         struct error *err);
/* All that are not gone, with their definers or our own (`is_own`); those that need what is not
 * there become gone and are listed, and views are put into an order in which they can be made. */
bool my_programs_make(struct my_stage *stage, struct db *db, struct my_programs *programs,
                      bool is_own, struct error *err);
/* my_after.c */
bool my_stage_after_load(struct stage *stage, struct error *err);
/* my_journal.c: what a swap has to do and how far it is, in the schema being filled */
struct my_journal {
    const char *schema;     /* that it stands in */
    const char *old_schema; /* where the old tables go; NULL: there were none */
    const char *mark;       /* of the new tables, as text, once they are in */
    const char *old_mark;   /* of the old ones; NULL as old_schema */
    const char *charset, *collation;
    int64_t step;           /* the next to be done */
    struct my_programs old; /* the target's own */
    struct my_programs new;
    size_t change_count; /* statements on the new tables, once they are in */
    const char **changes;
    const char *seal; /* as it was read; NULL: none */
};
extern const char my_journal_columns[]; /* for my_table_is_ours */
bool my_journal_write(struct my_stage *stage, const struct my_journal *journal, struct error *err);
/* *journal is NULL where the schema holds none, or one that was never finished. What it says is
 * not to be believed before my_seal_holds. */
bool my_journal_read(struct my_stage *stage, const char *schema, struct my_journal **journal,
                     struct error *err);
bool my_journal_step(struct my_stage *stage, const struct my_journal *journal, int64_t step,
                     struct error *err);
/* my_seal.c: in hex, over all of the journal but the step and seal that it was read with. */
#define MY_SEAL_BYTES 65
void my_seal(const struct keyring *keyring, const struct my_journal *journal, int64_t step,
             char seal[MY_SEAL_BYTES]);
/* Was the journal, as it was read, written by a run with this key? */
bool my_seal_holds(const struct keyring *keyring, const struct my_journal *journal);

/* my_steps.c */
struct my_swap {
    struct my_stage *stage;
    struct my_journal *journal;
    const char *target;
    struct db *inside; /* default schema: the target; NULL when not open */
    bool may_retry;    /* my_swap_move failed for a lock that may come yet */
    bool is_moved;     /* my_swap_settle: the new tables are in */
    bool is_over;      /* my_swap_settle: and nothing is left to be done */
};
/* All before and in the one RENAME TABLE; what was taken away when it fails stays away until
 * my_swap_take_back, which ends the journal. */
bool my_swap_move(struct my_swap *swap, struct error *err);
bool my_swap_is_moved(struct my_swap *swap, bool *is_moved, struct error *err);
bool my_swap_take_back(struct my_swap *swap, struct error *err);
/* Everything behind it, from where the journal says. */
bool my_swap_go_on(struct my_swap *swap, struct error *err);
/* Finishes or takes back a swap that a dead run left; the run's lock is held. */
bool my_swap_recover(struct my_stage *stage, struct error *err);
/* Adds a line for a swap that waits for that. */
bool my_swap_describe(struct my_stage *stage, struct buf *text, struct error *err);
/* my_settle.c. Calls `end` with the run's lock held for certain, on a new connection where the one
 * at hand is lost, until it is true; for some seconds, or once only when the run is to end. */
bool my_swap_insist(struct my_swap *swap, bool (*end)(struct my_swap *swap, struct error *err),
                    struct error *err);
/* Behind a my_swap_move that failed: takes it back, unless the tables did move (is_moved). */
bool my_swap_settle(struct my_swap *swap, struct error *err);
/* my_swap.c */
bool my_stage_swap(struct stage *stage, struct error *err);

#endif
