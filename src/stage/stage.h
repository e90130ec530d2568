/* The new database beside the old one: made, filled with the schema, marked, swapped in, and what
 * dead runs left behind. Everything acts on the target only.
 *
 * Order of a run: stage_open (refusals, leftovers, the run's lock) -> stage_create ->
 * stage_schema_before -> [rows are loaded] -> stage_schema_after -> stage_finish -> [checks] ->
 * [stage_after_load -> checks] -> stage_mark -> stage_swap -> stage_close. On failure
 * stage_discard, unless --keep-failed.
 *
 * A stage belongs to one thread at a time; only stage_cancel may be called from another. */
#ifndef UNDERSTUDY_STAGE_STAGE_H
#define UNDERSTUDY_STAGE_STAGE_H

#include "bind/bind.h"
#include <stdatomic.h>

struct keyring; /* transform/keys.h */
struct stage;

struct stage_request {
    const struct profile *profile;
    const struct options *options;
    const struct catalog *catalog;
    struct binding *binding;      /* what is left out is added to it; NULL while stage_check only */
    const struct db_info *source; /* to refuse the source itself */
    struct db *source_db;         /* idle, for its locale, extensions and roles; used by stage_open
                                     to stage_schema_before and not after */
    const char *target_url;
    const char *const *password_command;
    const char *run; /* id of this run: 16 hex digits */
    const char *key_fingerprint;
    const struct keyring *keyring; /* seals what a later run goes on with; NULL: stage_check only */
    int64_t started_us;
    const atomic_bool *is_cancelled; /* asked while stage_open waits for the lock; NULL: never */
};

/* Connects to target.maintenance_db (default: postgres, else template1) and to the target where it
 * exists; makes every refusal: it is the source (system identifier and database; address and start
 * time too: restored_from_source), another database on the source's own server without
 * same_server, neither empty nor marked without --adopt, engine or version older than the source,
 * another run holds it (advisory lock on the maintenance database, --lock-wait, exit 6 with its
 * id), missing privileges (with the GRANT or ALTER ROLE that is missing), pg_dump or pg_restore
 * missing or too old (STATUS_LOCAL; those released before the fixes of CVE-2025-8714 refused).
 * Writes nothing. */
bool stage_open(const struct stage_request *request, struct arena *arena, struct stage **stage,
                struct error *err);
void stage_close(struct stage *stage); /* releases the lock; NULL is fine */
/* From any thread: stops child programs and the statement that runs; what was called then ends with
 * STATUS_INTERRUPTED. A swap that has begun to commit is not stopped. */
void stage_cancel(struct stage *stage);

/* What check prints of the target: version, tools, generations, leftovers, space; each fault of
 * stage_open goes to `faults` instead of ending at the first. */
bool stage_check(const struct stage_request *request, struct arena *arena,
                 struct fault_list *faults, struct buf *text, struct error *err);

const struct db_info *stage_target_info(const struct stage *stage);

/* Drops leftovers that carry our mark, or none and nothing else either, and the generation that
 * falls out, then creates
 * <name>__new_<id> from template0 (encoding and locale of the source, the target's default where
 * it lacks them: listed), CONNECT revoked from PUBLIC. With --mode empty: the target itself, which
 * must be empty. */
bool stage_create(struct stage *stage, struct error *err);
/* The database being filled; db_config for connections to it. */
const char *stage_database(const struct stage *stage);

/* pg_dump --schema-only at `snapshot` from `source`, once, then the list is edited (subscriptions,
 * publications, foreign servers and tables, user mappings, event triggers, excluded tables, foreign
 * keys that cannot hold: everything left out stands in binding->skipped) and pre-data restored. */
bool stage_schema_before(struct stage *stage, struct db *source, const char *snapshot,
                         struct error *err);

/* What the loader must know: source type numbers and those of the target. In the stage's arena. */
bool stage_type_numbers(struct stage *stage, struct oid_map *oids, struct error *err);

/* post-data with `jobs` workers: indexes, constraints, triggers, rules. Violated edges are made NOT
 * VALID; CHECKs of inheritance children over rewritten columns come back, NOT VALID and listed
 * where they no longer hold. */
struct stage_violations {
    size_t edge_count;
    const struct edge **edges;
};
bool stage_schema_after(struct stage *stage, const struct stage_violations *violations, int jobs,
                        struct error *err);
/* Sequences set above their columns, materialized views refreshed in order of dependency (those
 * that production holds WITH NO DATA stay so) and analyzed, owners, grants and policies mapped by
 * target.roles. Only an owner may analyze: tables were analyzed before. */
bool stage_finish(struct stage *stage, struct error *err);

/* The profile's after_load, statement by statement, each a transaction of its own, as the role of
 * the target's connection string and with the source role's search_path. A failure is STATUS_TARGET
 * naming the statement's place; rows may have changed whatever the outcome. */
bool stage_after_load(struct stage *stage, struct error *err);

/* The mark: the database's comment, one line of JSON with "understudy": 1, run, key fingerprint,
 * epoch, profile hash, source identity, finished time, state ("new" while loading, "current",
 * "old"). stage_create writes it first with state new. stage_mark adds the finished time and puts
 * FORCE ROW LEVEL SECURITY back; the swap makes it current (with --mode empty: stage_mark). */
bool stage_mark(struct stage *stage, struct error *err);

/* In one transaction: old to <name>__old_<time>, new to <name>; owner, ACL, settings, connection
 * limit and tablespace taken from the old staging database. Bounded tries; then STATUS_TARGET
 * naming what holds it. After a true return the new one answers under the name. Every connection of
 * the caller to stage_database() must be closed before. With --mode empty nothing is left to do. */
bool stage_swap(struct stage *stage, struct error *err);
/* Behind a stage_swap that failed: it may have swapped all the same, or left it to the next start
 * to finish or to take back. */
bool stage_is_swapping(const struct stage *stage);

/* Drops what this run made (not after a swap, nor in the middle of one). Never fails loudly: what
 * stays is removed by the next run. A database that --mode empty filled stays, marked as
 * unfinished. */
void stage_discard(struct stage *stage);

#endif
