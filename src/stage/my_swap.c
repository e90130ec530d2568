/* A swap planned, tried, and ended one way or the other; its steps are in my_steps.c. */
#include "stage/my_stage.h"

#include "base/clock.h"
#include "base/words.h"
#include <string.h>

#define SWAP_TRIES    5
#define ACCESS_DENIED 1227 /* a privilege on everything is missing */

/* The name must still mean what it meant when the run began, and the lock must still be ours. */
static bool refuse_changed(struct my_stage *stage, struct error *err)
{
    const char *name = stage->base.target.database;
    struct mark before = stage->target_mark;
    bool was_marked = stage->is_marked, existed = stage->exists, is_held;

    if (!my_run_lock_is_held(stage, &is_held, err))
        return false;
    if (!is_held)
        return error_set(err, STATUS_TARGET, "the lock on the target '%s' was lost", name);
    if (!my_target_read(stage, err))
        return false;
    if (stage->exists == existed && stage->is_marked == was_marked &&
        (!was_marked || strcmp(stage->target_mark.run, before.run) == 0))
        return true;
    return error_set(err, STATUS_TARGET, "the database '%s' was %s while this run worked", name,
                     !stage->exists ? "renamed or dropped"
                     : !existed     ? "created"
                                    : "replaced");
}

static bool has_content(struct my_stage *stage, bool *has, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_ask(stage->admin, &result, err,
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = %t LIMIT 1",
                stage->base.target.database))
        return false;
    *has = result.count > 0;
    my_result_release(&result);
    return true;
}

static const char *mark_text(const struct mark *mark, struct arena *arena)
{
    const char *text = NULL;
    struct buf buf;

    buf_init(&buf, 1 << 16);
    if (mark_write(mark, &buf) && buf_ok(&buf))
        text = arena_strndup(arena, buf.ptr, buf.len);
    buf_release(&buf);
    return text;
}

/* A name that no schema has: of this second, or one of the next. */
static bool plan_old(struct my_stage *stage, struct my_journal *journal, struct error *err)
{
    const char *target = stage->base.target.database;
    struct mark mark = stage->target_mark;
    int64_t now_us = clock_now_us();
    bool is_free = false;

    assert(stage->exists);
    for (; !is_free; now_us += is_free ? 0 : 1000000) {
        struct my_result result = {.rows = NULL};
        char name[NAME_BYTES];

        name_of_old(ENGINE_MYSQL, target, now_us, name);
        if (!my_ask(stage->admin, &result, err,
                    "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = %t", name))
            return false;
        is_free = result.count == 0;
        my_result_release(&result);
        if (is_free)
            journal->old_schema = arena_strdup(stage->base.arena, name);
    }
    if (!stage->is_marked)
        mark = (struct mark){.run = stage->base.request.run, .is_adopted = true};
    mark.state = MARK_OLD;
    mark.target = target;
    mark.retired_us = now_us;
    journal->old_mark = mark_text(&mark, stage->base.arena);
    return (journal->old_schema && journal->old_mark) || error_memory(err);
}

static void add_change(struct buf *sql, const struct my_table *table, const struct my_item *item,
                       const char *schema)
{
    assert(item->has_sequence);
    if (sql->len == 0)
        my_format(sql, "ALTER TABLE %n", table->bound->table->name);
    else
        buf_add_char(sql, ',');
    buf_add_text(sql, " MODIFY COLUMN ");
    my_write_unqualified(sql, item->text, schema);
}

/* A default that takes a sequence's next value names the sequence with the schema that it stood in,
 * and moves nowhere with it: all of a table are made again at once. */
static bool plan_changes(struct my_stage *stage, struct my_journal *journal, struct error *err)
{
    struct arena *arena = stage->base.arena;

    journal->changes = ARENA_ARRAY(arena, stage->table_count + 1, const char *);
    if (!journal->changes)
        return error_memory(err);
    for (size_t i = 0; i < stage->table_count; i++) {
        const struct my_table *table = &stage->tables[i];
        struct buf sql;

        buf_init(&sql, 1 << 24);
        for (size_t j = 0; j < table->definition.count; j++) {
            if (table->definition.items[j].has_sequence)
                add_change(&sql, table, &table->definition.items[j],
                           stage->base.request.source->database);
        }
        const char *change =
            buf_ok(&sql) && sql.len > 0 ? arena_strndup(arena, sql.ptr, sql.len) : NULL;
        bool is_fine = buf_ok(&sql) && (sql.len == 0 || change);
        buf_release(&sql);
        if (!is_fine)
            return error_memory(err);
        journal->changes[journal->change_count] = change;
        journal->change_count += change != NULL;
    }
    return true;
}

static bool refuse_definer(struct my_stage *stage, const struct my_program *program,
                           const char *definer, struct error *err)
{
    const char *account = my_account(stage->base.target.user, stage->base.arena);

    if (!account)
        return error_memory(err);
    error_set(err, STATUS_TARGET,
              "user '%s' may not replace %s '%s': its definer %s has SYSTEM_USER",
              stage->base.target.user, my_program_name(program->kind),
              words_printable(stage->base.arena, program->name),
              words_printable(stage->base.arena, definer));
    return error_hint(err, "GRANT SYSTEM_USER ON *.* TO %s", account);
}

/* MySQL lets nobody without SYSTEM_USER drop what somebody with it defined, nor define anything for
 * them, which can be tried before anything is moved. *definer is the one that was tried last. */
static bool definer_try(struct my_stage *stage, const struct my_program *program,
                        const char **definer, struct error *err)
{
    const char *user, *host, *account;
    struct buf sql;
    unsigned code = 0;

    if (!my_program_definer(program->sql, stage->base.arena, &user, &host, err))
        return false;
    if (!user || !host)
        return true;
    account = arena_printf(stage->base.arena, "%s@%s", user, host);
    account = account ? my_account(account, stage->base.arena) : NULL;
    if (!account)
        return error_memory(err);
    if (*definer && strcmp(*definer, account) == 0)
        return true;
    *definer = account;
    buf_init(&sql, 1 << 16);
    my_format(&sql, "CREATE DEFINER = %s VIEW %n.understudy_definer AS SELECT 1", account,
              stage->base.database);
    bool is_made = buf_ok(&sql) && my_attempt(stage->admin, buf_text(&sql), "swap", &code,
                                              &(struct error){.status = STATUS_OK});
    buf_release(&sql);
    if (is_made)
        return my_do(stage->admin, err, "DROP VIEW %n.understudy_definer", stage->base.database);
    return code != ACCESS_DENIED || refuse_definer(stage, program, account, err);
}

/* Whoever may define nothing for others is not told apart by that: what they cannot drop shows. */
static bool definers_try(struct my_stage *stage, const struct my_programs *old, struct error *err)
{
    const char *definer = NULL;

    assert(stage->base.database);
    if (stage->base.target.is_mariadb || my_grants_allow(&stage->grants, NULL, "SYSTEM_USER") ||
        !my_rights_may_define(stage))
        return true;
    for (size_t i = 0; i < old->count; i++)
        if (!definer_try(stage, &old->programs[i], &definer, err))
            return false;
    return true;
}

static bool plan(struct my_stage *stage, struct my_journal *journal, struct error *err)
{
    struct mark mark = stage->mark;
    bool has_old = false, is_done = true;
    struct db *inside;

    mark.state = MARK_CURRENT;
    *journal = (struct my_journal){.schema = stage->base.database,
                                   .mark = mark_text(&mark, stage->base.arena),
                                   .charset = stage->charset,
                                   .collation = stage->collation};
    if (!journal->mark)
        return error_memory(err);
    if (!my_stage_filling(stage, &inside, err) ||
        !my_programs_read(stage, inside, MY_PROGRAMS_NEW, &journal->new, err))
        return false;
    my_stage_leave(stage);
    if (stage->exists) {
        if (!has_content(stage, &has_old, err) || (has_old && !plan_old(stage, journal, err)) ||
            !my_stage_connect(stage, stage->base.target.database, &inside, err))
            return false;
        is_done = my_programs_read(stage, inside, MY_PROGRAMS_OLD, &journal->old, err) &&
                  definers_try(stage, &journal->old, err);
        db_close(inside);
    }
    return is_done && plan_changes(stage, journal, err);
}

/* Who has a lock on the target's tables, as far as this account may see; MariaDB tells only who is
 * in the schema or inside a transaction. */
static const char holders_mysql_sql[] =
    "SELECT GROUP_CONCAT(DISTINCT CONCAT('session ', t.PROCESSLIST_ID, ' of user ',"
    " t.PROCESSLIST_USER) SEPARATOR ', ') FROM performance_schema.metadata_locks m"
    " JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID"
    " WHERE m.OBJECT_SCHEMA = %t AND m.LOCK_STATUS = 'GRANTED'"
    " AND t.PROCESSLIST_ID <> CONNECTION_ID()";
static const char holders_mariadb_sql[] =
    "SELECT GROUP_CONCAT(DISTINCT CONCAT('session ', p.ID, ' of user ', p.USER)"
    " ORDER BY p.ID SEPARATOR ', ') FROM information_schema.PROCESSLIST p"
    " WHERE p.ID <> CONNECTION_ID() AND p.USER NOT IN ('system user', 'event_scheduler')"
    " AND p.DB = %t";

static bool held_error(struct my_stage *stage, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct error ignored = {.status = STATUS_OK};
    const char *name = stage->base.target.database;
    const char *holders = NULL;

    assert(stage->admin);
    if (my_ask(stage->admin, &result, &ignored,
               stage->base.target.is_mariadb ? holders_mariadb_sql : holders_mysql_sql, name) &&
        result.count > 0 && my_text(&result, 0, 0))
        holders = words_printable(stage->base.arena, my_text(&result, 0, 0));
    error_set(err, STATUS_TARGET, "the old database '%s' is held by %s", name,
              holders ? holders : "sessions whose transactions do not end");
    my_result_release(&result);
    return error_hint(err, "end them and run again: the old database still answers as before");
}

/* The answer may have been lost, not the move: whether the tables are in is told by the server.
 * What was taken away comes back where they are not, or the next start has to see to it. */
static bool move(struct my_swap *swap, struct error *err)
{
    struct error fault = {.status = STATUS_OK};

    for (int try = 0; try < SWAP_TRIES; try++) {
        if (my_swap_move(swap, err))
            return true;
        if (!swap->may_retry || my_stage_is_cancelled(swap->stage))
            break;
    }
    if (swap->may_retry && !my_stage_is_cancelled(swap->stage))
        held_error(swap->stage, err);
    if (!my_swap_insist(swap, my_swap_settle, &fault))
        return error_hint(err,
                          "the swap's journal stays: the next start of a refresh finishes the "
                          "swap or takes it back (now: %s)",
                          fault.cause);
    swap->stage->base.is_swapping = swap->is_moved;
    return swap->is_moved;
}

static bool recover(struct my_swap *swap, struct error *err)
{
    return my_swap_recover(swap->stage, err);
}

/* The tables are in: with a fresh connection, should the old one be lost, the rest is done. */
static bool finish(struct my_swap *swap, struct error *err)
{
    struct error fault = {.status = STATUS_OK};

    assert(swap->stage->is_swapped);
    if (!swap->is_over && !my_swap_go_on(swap, err) && !my_swap_insist(swap, recover, &fault))
        return error_hint(err, "the new tables are in place; the next start of a refresh makes the "
                               "views, triggers, routines and events that are missing");
    *err = (struct error){.status = STATUS_OK};
    return true;
}

/* With generations 0 nothing of the old stays. */
static bool drop_old(struct my_swap *swap, struct error *err)
{
    struct my_stage *stage = swap->stage;

    assert(swap->stage->is_swapped);
    if (!swap->journal->old_schema || stage_generations(&stage->base) > 0)
        return true;
    if (my_schema_drop(stage->admin, swap->journal->old_schema, &(struct error){0}))
        return true;
    return stage_warn(&stage->base, "leftovers",
                      "the old database could not be dropped; the next run drops it", err);
}

bool my_stage_swap(struct stage *base, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);
    struct my_journal journal;
    struct my_swap swap = {.stage = stage, .journal = &journal, .target = base->target.database};

    assert(base->database && !stage->is_swapped);
    if (!stage->is_created)
        return true;
    my_stage_leave(stage);
    if (!refuse_changed(stage, err) || !plan(stage, &journal, err))
        return false;
    if (my_stage_is_cancelled(stage))
        return error_set(err, STATUS_INTERRUPTED, "interrupted before the swap was committed");
    atomic_store(&stage->is_committing, true);
    base->is_swapping = my_journal_write(stage, &journal, err);
    if (!base->is_swapping || !move(&swap, err)) {
        atomic_store(&stage->is_committing, false);
        return false;
    }
    stage->is_swapped = true;
    base->database = base->target.database;
    return finish(&swap, err) && drop_old(&swap, err);
}
