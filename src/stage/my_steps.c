/* The swap, step by step: the old tables step aside and the new ones take their place in one RENAME
 * TABLE, which a server does as a whole or not at all. Triggers forbid it, and views, routines and
 * events do not come along, so a journal says beforehand what is taken away and what is made again:
 *
 *   the journal is written into the schema being filled, in one transaction
 *   MOVE     the old triggers are dropped, and views whose names the new tables need; then
 *            RENAME TABLE: old tables -> T__old_<time>, new tables -> T    <- from here on the new
 *   MARK     marks, the schema's character set, defaults from sequences
 *   CLEAR    the old views, routines and events are dropped
 *   MAKE     the new ones are made
 *   KEEP     the old ones are made again beside the old tables
 *   END      the schema that was filled is dropped, and the journal with it
 *
 * Each step can be done twice. Whoever holds the target's lock and finds a journal takes it back,
 * where the tables did not move, or finishes it: whether they did is seen by the mark's table,
 * which moves with them. */
#include "stage/my_stage.h"

#include "base/words.h"
#include <string.h>

#define RUN_BYTES_MAX 16

enum swap_step { SWAP_MOVE, SWAP_MARK, SWAP_CLEAR, SWAP_MAKE, SWAP_KEEP, SWAP_END, SWAP_STEPS };

static bool inside_open(struct my_swap *swap, struct error *err)
{
    assert(swap->target);
    return swap->inside || my_stage_connect(swap->stage, swap->target, &swap->inside, err);
}

static void inside_close(struct my_swap *swap)
{
    db_close(swap->inside);
    swap->inside = NULL;
}

/* A lock that did not come in time, or a deadlock. */
static bool run_passing(struct my_swap *swap, struct buf *sql, const char *what, struct error *err)
{
    unsigned code = 0;
    bool is_done = buf_ok(sql) ? my_attempt(swap->stage->admin, buf_text(sql), what, &code, err)
                               : error_memory(err);

    buf_release(sql);
    swap->may_retry = !is_done && (code == 1205 || code == 1213);
    return is_done;
}

static bool drop_passing(struct my_swap *swap, enum my_program_kind kind, const char *name,
                         struct error *err)
{
    struct buf sql;

    buf_init(&sql, 1 << 16);
    my_format(&sql, "DROP %s IF EXISTS %n.%n", my_program_word(kind), swap->target, name);
    return run_passing(swap, &sql, "swap", err);
}

/* Views that stand where a new table has to. */
static bool drop_views_in_the_way(struct my_swap *swap, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_done = my_ask(swap->stage->admin, &result, err,
                          "SELECT v.TABLE_NAME FROM information_schema.TABLES v JOIN"
                          " information_schema.TABLES n ON n.TABLE_NAME = v.TABLE_NAME"
                          " WHERE v.TABLE_SCHEMA = %t AND v.TABLE_TYPE = 'VIEW'"
                          " AND n.TABLE_SCHEMA = %t AND n.TABLE_TYPE <> 'VIEW'",
                          swap->target, swap->journal->schema);

    for (size_t row = 0; is_done && row < result.count; row++)
        is_done = drop_passing(swap, MY_PROGRAM_VIEW, my_text(&result, row, 0), err);
    my_result_release(&result);
    return is_done;
}

/* Appends "x TO y" for each table of a schema, and "x WRITE" to `locks`; the journal stays. */
static bool add_moves(struct my_swap *swap, const char *from, const char *to, struct buf *moves,
                      struct buf *locks, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_ask(swap->stage->admin, &result, err,
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = %t"
                " AND TABLE_TYPE NOT LIKE '%%VIEW' AND TABLE_NAME <> %t ORDER BY 1",
                from, MY_SWAP_TABLE))
        return false;
    for (size_t row = 0; row < result.count; row++) {
        const char *table = my_text(&result, row, 0);

        my_format(moves, "%s%n.%n TO %n.%n", moves->len == 0 ? "RENAME TABLE " : ", ", from, table,
                  to, table);
        my_format(locks, "%s%n.%n WRITE", locks->len == 0 ? "LOCK TABLES " : ", ", from, table);
    }
    my_result_release(&result);
    return true;
}

/* Makes a schema, or gives it the source's character set where it has another. Told to a schema
 * that is as it should be, MySQL still locks it whole, and sessions that come in deadlock. */
static bool schema_shape(struct my_swap *swap, const char *name, struct error *err)
{
    const struct my_journal *journal = swap->journal;
    struct db *admin = swap->stage->admin;
    struct my_result result = {.rows = NULL};

    if (!my_ask(admin, &result, err,
                "SELECT DEFAULT_CHARACTER_SET_NAME = %t AND DEFAULT_COLLATION_NAME = %t FROM"
                " information_schema.SCHEMATA WHERE SCHEMA_NAME = %t",
                journal->charset, journal->collation, name))
        return false;
    bool exists = result.count > 0;
    bool is_so = exists && my_true(&result, 0, 0);
    my_result_release(&result);
    return is_so || my_do(admin, err, "%s DATABASE %n CHARACTER SET %s COLLATE %s",
                          exists ? "ALTER" : "CREATE", name, journal->charset, journal->collation);
}

/* Triggers of the new tables stood for after_load and the checks; they are made again in MAKE. */
static bool prepare_move(struct my_swap *swap, struct error *err)
{
    const struct my_journal *journal = swap->journal;
    struct db *admin = swap->stage->admin;

    for (size_t i = 0; i < journal->new.count; i++) {
        if (journal->new.programs[i].kind == MY_PROGRAM_TRIGGER &&
            !my_do(admin, err, "DROP TRIGGER IF EXISTS %n.%n", journal->schema,
                   journal->new.programs[i].name))
            return false;
    }
    return (swap->stage->exists || schema_shape(swap, swap->target, err)) &&
           (!journal->old_schema ||
            my_do(admin, err, "CREATE DATABASE IF NOT EXISTS %n", journal->old_schema)) &&
           drop_views_in_the_way(swap, err);
}

static bool drop_old_triggers(struct my_swap *swap, struct buf *locks, struct error *err)
{
    const struct my_programs *old = &swap->journal->old;
    struct error ignored = {.status = STATUS_OK};
    bool is_done = run_passing(swap, locks, "swap", err);

    for (size_t i = 0; is_done && i < old->count; i++) {
        if (old->programs[i].kind == MY_PROGRAM_TRIGGER)
            is_done = drop_passing(swap, MY_PROGRAM_TRIGGER, old->programs[i].name, err);
    }
    return my_run(swap->stage->admin, "UNLOCK TABLES", is_done ? err : &ignored) && is_done;
}

/* Locks on all tables show that nobody is inside before the first trigger goes: once they are gone
 * somebody inside would also keep them from coming back. They are let go before the move, for
 * MariaDB moves no locked tables. */
static bool move_tables(struct my_swap *swap, struct buf *moves, struct buf *locks,
                        struct error *err)
{
    const struct my_programs *old = &swap->journal->old;
    bool has_triggers = false, is_done = true;

    for (size_t i = 0; i < old->count; i++)
        has_triggers = has_triggers || old->programs[i].kind == MY_PROGRAM_TRIGGER;
    if (has_triggers)
        is_done = drop_old_triggers(swap, locks, err);
    else
        buf_release(locks);
    if (is_done)
        return run_passing(swap, moves, "swap", err);
    buf_release(moves);
    return false;
}

bool my_swap_move(struct my_swap *swap, struct error *err)
{
    const struct my_journal *journal = swap->journal;
    struct buf moves, locks, unlocked;

    assert(swap->journal && swap->target && !swap->inside);
    swap->may_retry = false;
    if (!prepare_move(swap, err))
        return false;
    buf_init(&moves, (size_t)1 << 28);
    buf_init(&locks, (size_t)1 << 28);
    buf_init(&unlocked, (size_t)1 << 28);
    bool is_done = (!journal->old_schema ||
                    add_moves(swap, swap->target, journal->old_schema, &moves, &locks, err)) &&
                   add_moves(swap, journal->schema, swap->target, &moves, &unlocked, err);
    buf_release(&unlocked);
    if (is_done)
        return move_tables(swap, &moves, &locks, err);
    buf_release(&moves);
    buf_release(&locks);
    return false;
}

static bool mark_put(struct my_swap *swap, const char *schema, const char *text, struct error *err)
{
    struct mark mark;

    assert(schema && text);
    if (!mark_read(text, swap->stage->base.arena, &mark))
        return error_set(err, STATUS_TARGET, "the journal of the swap is damaged");
    return my_mark_set(swap->stage->admin, schema, &mark, err);
}

static bool step_mark(struct my_swap *swap, struct error *err)
{
    const struct my_journal *journal = swap->journal;

    if (!mark_put(swap, swap->target, journal->mark, err) ||
        (journal->old_schema && !mark_put(swap, journal->old_schema, journal->old_mark, err)) ||
        !schema_shape(swap, swap->target, err) || !inside_open(swap, err))
        return false;
    for (size_t i = 0; i < journal->change_count; i++) {
        if (!my_run(swap->inside, journal->changes[i], err))
            return false;
    }
    return true;
}

static bool clear_one(struct my_swap *swap, const char *list, const char *word, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_done = my_query(swap->inside, list, &result, err);

    for (size_t row = 0; is_done && row < result.count; row++)
        is_done = my_do(swap->inside, err, "DROP %s IF EXISTS %n",
                        word ? word : my_text(&result, row, 1), my_text(&result, row, 0));
    my_result_release(&result);
    return is_done;
}

/* A package takes its body along, so bodies come first. Packages are known in one sql_mode only. */
static bool step_clear(struct my_swap *swap, struct error *err)
{
    bool is_mariadb = my_is_mariadb(swap->stage->admin);

    return inside_open(swap, err) &&
           clear_one(swap,
                     "SELECT EVENT_NAME FROM information_schema.EVENTS"
                     " WHERE EVENT_SCHEMA = DATABASE()",
                     "EVENT", err) &&
           clear_one(swap,
                     "SELECT TABLE_NAME FROM information_schema.VIEWS"
                     " WHERE TABLE_SCHEMA = DATABASE()",
                     "VIEW", err) &&
           my_run(swap->inside, "SET @understudy_mode = @@sql_mode", err) &&
           (!is_mariadb || my_run(swap->inside, "SET sql_mode = 'ORACLE'", err)) &&
           clear_one(swap,
                     "SELECT ROUTINE_NAME, ROUTINE_TYPE FROM information_schema.ROUTINES"
                     " WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY ROUTINE_TYPE DESC",
                     NULL, err) &&
           my_run(swap->inside, "SET sql_mode = @understudy_mode", err);
}

/* All were made once in the schema that was filled, so that nothing should fail here but for their
 * definers. The tables are in: what the server refuses is said, and never stops the rest. */
static bool make_own(struct my_swap *swap, const struct my_program *program,
                     const struct error *refusal, struct error *err)
{
    struct stage *base = &swap->stage->base;
    const char *how = "be made only with this run's account as its definer";
    unsigned code;

    if (!my_program_make_own(swap->inside, program, &code, err)) {
        how = "not be made";
        if (code == 0)
            return false;
    }
    const char *text =
        arena_printf(base->arena, "%s '%s' could %s: %s", my_program_name(program->kind),
                     words_printable(base->arena, program->name), how, refusal->cause);
    *err = (struct error){.status = STATUS_OK};
    return text ? stage_warn(base, "programs", text, err) : error_memory(err);
}

/* Makes what can be made of those not done; the last round takes no refusal for an answer. */
static bool make_round(struct my_swap *swap, bool *is_done, bool is_last, size_t *made,
                       struct error *err)
{
    const struct my_programs *new = &swap->journal->new;

    *made = 0;
    for (size_t i = 0; i < new->count; i++) {
        const struct my_program *program = &new->programs[i];
        struct error fault = {.status = STATUS_OK};
        unsigned code = 0;

        if (is_done[i] || program->is_gone)
            continue;
        is_done[i] = my_program_make(swap->inside, program, &code, &fault);
        *made += is_done[i];
        if (is_done[i] || (!is_last && my_program_lacks(code)))
            continue;
        is_done[i] = code != 0 && make_own(swap, program, &fault, err);
        if (!is_done[i]) {
            if (code == 0)
                *err = fault;
            return error_context(err, "%s '%s'", my_program_name(program->kind),
                                 words_printable(swap->stage->base.arena, program->name));
        }
    }
    return true;
}

/* In rounds: a view may need one that comes later. */
static bool step_make(struct my_swap *swap, struct error *err)
{
    bool *is_done = ARENA_ARRAY(swap->stage->base.arena, swap->journal->new.count + 1, bool);
    size_t made;

    if (!is_done)
        return error_memory(err);
    if (!inside_open(swap, err))
        return false;
    do {
        if (!make_round(swap, is_done, false, &made, err))
            return false;
    } while (made > 0);
    return make_round(swap, is_done, true, &made, err);
}

/* For whoever swaps the former generation back. What cannot be made there again (its definer is
 * gone, say) is lost with a warning: the new one stands. */
static bool step_keep(struct my_swap *swap, struct error *err)
{
    struct my_programs *old = &swap->journal->old;
    struct my_stage *stage = swap->stage;
    struct error fault = {.status = STATUS_OK};
    struct db *db;

    if (!swap->journal->old_schema || old->count == 0)
        return true;
    if (!my_stage_connect(stage, swap->journal->old_schema, &db, err))
        return false;
    bool is_made = my_programs_make(stage, db, old, false, &fault);
    db_close(db);
    return is_made || stage_warn(&stage->base, "generations",
                                 "not all views, triggers and routines of the former generation "
                                 "could be made beside its tables",
                                 err);
}

static bool step_end(struct my_swap *swap, struct error *err)
{
    return my_schema_drop(swap->stage->admin, swap->journal->schema, err);
}

/* Behind the move. */
static bool (*const steps[SWAP_STEPS])(struct my_swap *,
                                       struct error *) = {[SWAP_MARK] = step_mark,
                                                          [SWAP_CLEAR] = step_clear,
                                                          [SWAP_MAKE] = step_make,
                                                          [SWAP_KEEP] = step_keep,
                                                          [SWAP_END] = step_end};

/* The mark's table moves with the others. */
bool my_swap_is_moved(struct my_swap *swap, bool *is_moved, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_ask(swap->stage->admin, &result, err,
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = %t"
                " AND TABLE_NAME = %t",
                swap->journal->schema, MY_MARK_TABLE))
        return false;
    *is_moved = result.count == 0;
    my_result_release(&result);
    return true;
}

static bool view_is_there(struct my_swap *swap, const char *name, bool *is_there, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_ask(swap->inside, &result, err,
                "SELECT 1 FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()"
                " AND TABLE_NAME = %t",
                name))
        return false;
    *is_there = result.count > 0;
    my_result_release(&result);
    return true;
}

/* Triggers, all of them in their order, and the views that were in the way. */
static bool take_back_programs(struct my_swap *swap, struct error *err)
{
    const struct my_programs *old = &swap->journal->old;
    struct my_programs lost = {.count = 0};

    lost.programs = ARENA_ARRAY(swap->stage->base.arena, old->count + 1, struct my_program);
    if (!lost.programs)
        return error_memory(err);
    for (size_t i = 0; i < old->count; i++) {
        const struct my_program *program = &old->programs[i];
        bool is_there = false;

        if (program->kind == MY_PROGRAM_VIEW && !view_is_there(swap, program->name, &is_there, err))
            return false;
        if ((program->kind == MY_PROGRAM_VIEW && !is_there) || program->kind == MY_PROGRAM_TRIGGER)
            lost.programs[lost.count++] = *program;
    }
    return my_programs_make(swap->stage, swap->inside, &lost, false, err);
}

/* It was made for the tables that did not come. */
static bool drop_if_empty(struct my_swap *swap, const char *schema, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_ask(swap->stage->admin, &result, err,
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = %t LIMIT 1", schema))
        return false;
    bool is_empty = result.count == 0;
    my_result_release(&result);
    return !is_empty || my_schema_drop(swap->stage->admin, schema, err);
}

bool my_swap_take_back(struct my_swap *swap, struct error *err)
{
    const struct my_journal *journal = swap->journal;
    bool is_done = true;

    assert(swap->journal && swap->target);
    if (journal->old.count > 0)
        is_done = inside_open(swap, err) && take_back_programs(swap, err);
    inside_close(swap);
    return is_done && (!journal->old_schema || drop_if_empty(swap, journal->old_schema, err)) &&
           my_do(swap->stage->admin, err, "DROP TABLE %n.%n", journal->schema, MY_SWAP_TABLE);
}

bool my_swap_go_on(struct my_swap *swap, struct error *err)
{
    int64_t from = swap->journal->step < SWAP_MARK ? SWAP_MARK : swap->journal->step;
    bool is_done = true;

    assert(swap->journal && swap->target);
    for (int64_t step = from; is_done && step < SWAP_STEPS; step++)
        is_done =
            steps[step](swap, err) &&
            (step + 1 == SWAP_STEPS || my_journal_step(swap->stage, swap->journal, step + 1, err));
    inside_close(swap);
    return is_done;
}

/* Is that how a run calls the schema that it fills for this target? */
static bool is_named_so(const char *schema, const char *target)
{
    static const char infix[] = "__new_";
    const char *run = NULL;
    char name[NAME_BYTES];

    for (const char *at = strstr(schema, infix); at; at = strstr(at + 1, infix))
        run = at + strlen(infix);
    if (!run || strlen(run) > RUN_BYTES_MAX)
        return false;
    name_of_new(ENGINE_MYSQL, target, run, name);
    return strcmp(name, schema) == 0;
}

/* Is it a swap of this target, in the schema that its run filled? `mark` is that run's. */
static bool is_ours(const struct my_swap *swap, struct mark *mark)
{
    char name[NAME_BYTES];

    if (!mark_read(swap->journal->mark, swap->stage->base.arena, mark) ||
        strcmp(mark->target, swap->target) != 0 || strlen(mark->run) > RUN_BYTES_MAX)
        return false;
    name_of_new(ENGINE_MYSQL, swap->target, mark->run, name);
    return strcmp(name, swap->journal->schema) == 0;
}

static bool recover_one(struct my_swap *swap, void *context, struct error *err)
{
    const struct keyring *keyring = swap->stage->base.request.keyring;
    bool is_moved;

    UNUSED(context);
    if (!my_seal_holds(keyring, swap->journal)) {
        error_set(err, STATUS_TARGET, "its journal in '%s' is not sealed with this profile's key",
                  words_printable(swap->stage->base.arena, swap->journal->schema));
        return error_hint(err, "refresh with the key that the interrupted run had, or see what "
                               "that schema is and drop it");
    }
    if (!my_swap_is_moved(swap, &is_moved, err))
        return false;
    return is_moved ? my_swap_go_on(swap, err)
                    : my_swap_take_back(swap, err) && step_end(swap, err);
}

static bool describe_one(struct my_swap *swap, void *context, struct error *err)
{
    const struct keyring *keyring = swap->stage->base.request.keyring;
    struct buf *text = context;
    bool is_moved;

    if (!my_swap_is_moved(swap, &is_moved, err))
        return false;
    buf_add_format(text, "  unfinished    a swap died in '%s': the next refresh %s\n",
                   words_printable(swap->stage->base.arena, swap->journal->schema),
                   keyring && !my_seal_holds(keyring, swap->journal)
                       ? "refuses it, for it is not sealed with this profile's key"
                   : is_moved ? "finishes it"
                              : "takes it back");
    return true;
}

/* Calls `visit` for every swap of this target that was not finished. */
static bool each_unfinished(struct my_stage *stage,
                            bool (*visit)(struct my_swap *, void *, struct error *), void *context,
                            struct error *err)
{
    struct my_swap swap = {.stage = stage, .target = stage->base.target.database};
    struct my_result result = {.rows = NULL};
    bool is_done = my_ask(stage->admin, &result, err,
                          "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA"
                          " WHERE SCHEMA_NAME LIKE '%%\\_\\_new\\_%%' ORDER BY 1");

    for (size_t row = 0; is_done && row < result.count; row++) {
        const char *schema = my_text(&result, row, 0);
        struct mark mark;

        if (!is_named_so(schema, swap.target))
            continue;
        is_done = my_journal_read(stage, schema, &swap.journal, err);
        if (!is_done || !swap.journal || !is_ours(&swap, &mark))
            continue;
        is_done = visit(&swap, context, err) ||
                  error_context(err, "the swap of run %s that was interrupted", mark.run);
    }
    my_result_release(&result);
    return is_done;
}

bool my_swap_recover(struct my_stage *stage, struct error *err)
{
    assert(stage->admin && !stage->is_checking);
    return each_unfinished(stage, recover_one, NULL, err);
}

bool my_swap_describe(struct my_stage *stage, struct buf *text, struct error *err)
{
    assert(stage->admin && text);
    return each_unfinished(stage, describe_one, text, err);
}
