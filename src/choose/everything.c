/* Tables of which every row comes: full, small, and start tables without a condition with what
 * hangs on them completely. No sets of their rows are held; they are counted, and read only where
 * their rows lead to something that is not known to be there. */
#include "choose/state.h"

static bool edge_is_enforced(const struct edge *edge)
{
    return edge->kind == EDGE_FOREIGN_KEY && !edge->is_not_valid && !edge->is_not_enforced;
}

static void make_everything(struct table_state *table, enum chosen_reason reason, bool is_whole)
{
    assert(table->is_present);
    if (!table->is_everything)
        table->reason = reason;
    table->is_everything = true;
    table->is_all_whole |= is_whole;
}

static bool is_all_start(const struct chooser *chooser, const struct bound_table *bound)
{
    return bound->start.rows == 0 && !bound->start.where &&
           bound->start.fraction * chooser->scale >= 1;
}

bool extent_new(const struct binding *binding, struct arena *arena, struct extent **extent,
                struct error *err)
{
    size_t count = binding->catalog->table_count;

    *extent = ARENA_NEW(arena, struct extent);
    if (!*extent || !((*extent)->counts = ARENA_ARRAY(arena, count + 1, int64_t)))
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        (*extent)->counts[i] = EXTENT_UNKNOWN;
    return true;
}

static bool small_check(struct chooser *chooser, struct table_state *table, struct error *err)
{
    int64_t most = chooser->binding->profile->small_table_rows;
    int64_t *count = &chooser->extent->counts[table->table->index];

    if (most <= 0)
        return true;
    if (*count == EXTENT_UNKNOWN &&
        !db_count(chooser->readers->leader, table->table, NULL, most + 1, count, err))
        return error_context(err, "counting table '%s'", table->table->label);
    if (*count > most)
        return true;
    assert(*count >= 0);
    make_everything(table, CHOSEN_FULL_TABLE, false);
    table->rows_seen = (uint64_t)*count;
    table->is_counted = true;
    return true;
}

static bool role_settle(struct chooser *chooser, struct table_state *table, struct error *err)
{
    const struct bound_table *bound = table->bound;

    table->is_present = bound->role != ROLE_EXCLUDED && bound->role != ROLE_EMPTY;
    switch (bound->role) {
    case ROLE_EMPTY:
    case ROLE_EXCLUDED:
        return true;
    case ROLE_FULL:
        make_everything(table, CHOSEN_FULL_TABLE, false);
        return true;
    case ROLE_START:
        if (is_all_start(chooser, bound))
            make_everything(table, CHOSEN_START, true);
        return true;
    case ROLE_REACHED:
    case ROLE_SAMPLE:
    case ROLE_SMALL:
        break;
    }
    if (!small_check(chooser, table, err))
        return false;
    if (!table->is_everything && bound->role == ROLE_SMALL && bound->lookup_count) {
        error_set(err, STATUS_POLICY,
                  "table '%s' looked small and is not: the lines of its groups would be cut",
                  table->table->label);
        return error_hint(err, "ANALYZE it, or list it in full_tables");
    }
    if (table->is_everything || bound->role != ROLE_SAMPLE)
        return true;
    /* Statistics made it look small, and it is not. */
    if (chooser->binding->sample_fraction < 0 && !(bound->start.fraction > 0)) {
        error_set(err, STATUS_PROFILE,
                  "table '%s' cannot be reached from the start tables and sample.fraction is not "
                  "given",
                  table->table->label);
        return error_hint(err, "give sample.fraction, or list the table under start, full_tables "
                               "or empty_tables");
    }
    if (is_all_start(chooser, bound))
        make_everything(table, CHOSEN_SAMPLE, true);
    return true;
}

/* Every row of the child has a parent there, all parents are whole, and all their children come. */
static bool edge_brings_all(const struct edge_state *edge)
{
    const struct edge *e = edge->edge;

    if (!edge->is_used || !edge->is_enforced || edge->bound->take.kind != TAKE_ALL ||
        !edge->parent->is_all_whole || edge->child->is_all_whole || e->when || e->json_path ||
        e->is_array)
        return false;
    for (size_t i = 0; i < e->column_count; i++)
        if (!e->child_columns[i]->is_not_null)
            return false;
    return true;
}

static void all_propagate(struct chooser *chooser)
{
    size_t edges = chooser->binding->graph->all.count;

    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < edges; i++) {
            if (!edge_brings_all(&chooser->edges[i]))
                continue;
            make_everything(chooser->edges[i].child, CHOSEN_CHILD, true);
            changed = true;
        }
    }
}

static bool edge_follows(const struct edge_state *edge)
{
    const struct take *take = &edge->bound->take;

    if (!edge->is_used || edge->child->is_all_whole)
        return false;
    return take->kind != TAKE_NONE || !edge->child->is_everything;
}

bool everything_settle(struct chooser *chooser, struct error *err)
{
    const struct binding *binding = chooser->binding;

    for (size_t i = 0; i < binding->catalog->table_count; i++)
        if (!role_settle(chooser, &chooser->tables[i], err))
            return false;
    for (size_t i = 0; i < binding->graph->all.count; i++) {
        struct edge_state *edge = &chooser->edges[i];
        edge->is_used =
            !edge->bound->is_ignored && edge->child->is_present && edge->parent->is_present;
        edge->is_enforced = edge_is_enforced(edge->edge);
    }
    all_propagate(chooser);
    for (size_t i = 0; i < binding->graph->all.count; i++)
        chooser->edges[i].follows = edge_follows(&chooser->edges[i]);
    return true;
}

bool choose_extent(const struct binding *binding, const struct readers *readers,
                   struct arena *arena, bool *is_present, bool *is_everything, struct error *err)
{
    struct chooser_request request = {.binding = binding, .readers = readers, .scale = 1};
    AUTO(chooser) struct chooser *chooser = NULL;

    assert(binding && readers && readers->leader && is_present && is_everything);
    if (!extent_new(binding, arena, &request.extent, err) ||
        !chooser_new(&request, &chooser, err) || !everything_settle(chooser, err))
        return false;
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        is_present[i] = chooser->tables[i].is_present;
        is_everything[i] = chooser->tables[i].is_everything;
    }
    return true;
}

static bool table_needs_rows(const struct chooser *chooser, const struct table_state *table)
{
    if (table->table->relation_count != 1 || subject_needs_rows(chooser, table))
        return true;
    for (const struct target *target = table->targets; target; target = target->next)
        if (target->is_tracked)
            return true;
    for (size_t i = 0; i < table->up_count; i++) {
        const struct edge_state *edge = table->up[i];
        if (edge->is_used && (edge->references || (edge->pulls && edge->target->is_tracked)))
            return true;
    }
    for (size_t i = 0; table->is_all_whole && i < table->down_count; i++)
        if (table->down[i]->follows)
            return true;
    return false;
}

static bool everything_batch(const struct row_sink *sink, struct key_scratch *scratch,
                             const struct batch *batch, struct error *err)
{
    struct table_state *table = sink->table;
    bool is_done = true;

    assert(table->is_everything && batch->columns == table->field_count);
    chooser_lock(sink->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        const struct span *cells = batch->cells + (size_t)r * batch->columns;
        table->relations[batch->relations[r]].row_count++;
        is_done = row_links_up(sink->chooser, table, scratch, cells, err) &&
                  (!table->is_all_whole || row_links_down(table, scratch, cells, err));
    }
    table->rows_seen += batch->rows;
    sink->chooser->rows += batch->rows;
    chooser_unlock(sink->chooser);
    return is_done;
}

static bool table_count(struct chooser *chooser, struct table_state *table, struct error *err)
{
    int64_t count = 0;

    if (!table->is_counted) {
        if (!db_count(chooser->readers->leader, table->table, NULL, 0, &count, err))
            return error_context(err, "counting table '%s'", table->table->label);
        table->rows_seen = (uint64_t)count;
        table->is_counted = true;
    }
    assert(table->table->relation_count == 1);
    table->relations[0].row_count = table->rows_seen;
    chooser->rows += table->rows_seen;
    return true;
}

struct everything_work {
    struct chooser *chooser;
    struct scan_list scans;
};

static bool everything_run(void *context, size_t item, struct db *reader, struct error *err)
{
    struct everything_work *work = context;
    struct chooser *chooser = work->chooser;
    const struct scan *scan = &work->scans.items[item];
    struct row_sink sink = {.batch = everything_batch,
                            .chooser = chooser,
                            .table = &chooser->tables[scan->table->index]};

    return chooser->is_over || pass_read(chooser, scan, NULL, &sink, reader, err);
}

bool everything_read(struct chooser *chooser, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct everything_work work = {.chooser = chooser};

    if (!arena)
        return error_memory(err);
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++) {
        struct table_state *table = &chooser->tables[i];
        if (!table->is_everything)
            continue;
        if (!table_needs_rows(chooser, table)) {
            if (!table_count(chooser, table, err))
                return false;
            continue;
        }
        table->rows_seen = 0;
        table->is_counted = true;
        if (!scan_list_add(&work.scans, chooser->readers, table->table, arena, err))
            return false;
    }
    chooser->is_everything_read = true;
    return readers_spread(chooser->readers, work.scans.count, everything_run, &work, err);
}
