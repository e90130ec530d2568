/* Passes: a table read once from end to end, its link columns only, for everything that is wanted
 * of it at the time. */
#include "choose/state.h"

bool pass_read(struct chooser *chooser, const struct scan *scan, const char *where,
               const struct row_sink *sink, struct db *reader, struct error *err)
{
    struct read read;

    assert(sink->table->table == scan->table && sink->chooser == chooser);
    read_init(sink->table, &read);
    read.where = where;
    scan_restrict(scan, &read);
    return table_read(chooser, reader, &read, sink, err);
}

struct pass_row {
    struct arrival arrival;
    struct key_scratch *scratch;
    struct chooser *chooser;
};

/* Compares outside the lock: the sets of this round do not change. */
static bool edge_matches(const struct edge_state *edge, struct key_scratch *scratch,
                         const struct span *cells, bool *matches, struct error *err)
{
    struct key_images images;

    if (!edge_applies(edge, scratch, cells, matches, err))
        return false;
    if (!*matches)
        return true;
    *matches = false;
    if (!key_images_read(scratch, &edge->side, cells, &images, err))
        return false;
    for (size_t i = 0; i < images.count && !*matches; i++)
        *matches = wanted_has(&edge->taken, &images.items[i]);
    return true;
}

static bool target_matches(const struct target *target, struct key_scratch *scratch,
                           const struct span *cells, bool *matches, struct error *err)
{
    struct key_images images;

    *matches = false;
    if (!key_images_read(scratch, &target->side, cells, &images, err))
        return false;
    *matches = images.count > 0 && wanted_has(&target->taken, images.items);
    return true;
}

static bool arrive_locked(struct pass_row *row, struct error *err)
{
    chooser_lock(row->chooser);
    bool is_done = row_arrive(row->chooser, row->scratch, &row->arrival, err);
    chooser_unlock(row->chooser);
    return is_done;
}

static bool pass_edge(struct pass_row *row, struct edge_state *edge, struct error *err)
{
    bool accepts;

    if (!edge_matches(edge, row->scratch, row->arrival.cells, &accepts, err))
        return false;
    if (!accepts)
        return true;
    if (!descend_accepts(row->chooser, edge, row->scratch, row->arrival.cells, &accepts, err))
        return false;
    if (!accepts) {
        chooser_lock(row->chooser);
        edge->cut++;
        chooser_unlock(row->chooser);
        return true;
    }
    row->arrival.reason = CHOSEN_CHILD;
    row->arrival.is_whole = true;
    row->arrival.edge = edge;
    return arrive_locked(row, err);
}

static bool pass_target(struct pass_row *row, struct target *target, struct error *err)
{
    bool matches;

    if (!target_matches(target, row->scratch, row->arrival.cells, &matches, err))
        return false;
    row->arrival.reason = CHOSEN_PARENT;
    row->arrival.is_whole = false;
    row->arrival.edge = NULL;
    return !matches || arrive_locked(row, err);
}

bool pass_batch(const struct row_sink *sink, struct key_scratch *scratch, const struct batch *batch,
                struct error *err)
{
    struct table_state *table = sink->table;
    struct pass_row row = {.scratch = scratch, .chooser = sink->chooser};

    assert(batch->columns == table->field_count);
    for (uint32_t r = 0; r < batch->rows; r++) {
        row.arrival = (struct arrival){.table = table,
                                       .relation = batch->relations[r],
                                       .address = batch->addresses[r],
                                       .cells = batch->cells + (size_t)r * batch->columns};
        for (size_t i = 0; i < table->up_count; i++)
            if (table->up[i]->is_passed && !pass_edge(&row, table->up[i], err))
                return false;
        for (struct target *target = table->targets; target; target = target->next)
            if (target->is_passed && !pass_target(&row, target, err))
                return false;
    }
    chooser_lock(sink->chooser);
    table->rows_seen += batch->rows;
    chooser_unlock(sink->chooser);
    return true;
}
