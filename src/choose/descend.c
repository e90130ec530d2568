/* Down: children of whole rows, all of them, some of each parent, or only their number. A count
 * is taken by the server, in the profile's order and then by identity; a fraction by the keyed
 * hash of the child's identity, so that it nests. Neither knows an address. */
#include "choose/state.h"

bool descend_accepts(struct chooser *chooser, struct edge_state *edge, struct key_scratch *scratch,
                     const struct span *cells, bool *accepts, struct error *err)
{
    const struct bound_table *child = edge->child->bound;
    uint64_t hash;

    UNUSED(chooser);
    *accepts = edge->bound->take.kind != TAKE_NONE;
    if (edge->bound->take.kind != TAKE_FRACTION)
        return true;
    if (!row_identity(edge->child, scratch, &child->choice_key, cells, &hash, err))
        return false;
    *accepts = hash_is_below(hash, edge->fraction);
    return true;
}

static bool child_meet(const struct row_sink *sink, struct key_scratch *scratch,
                       const struct batch *batch, uint32_t row, struct edge_state *edge,
                       struct error *err)
{
    const struct take *take = &edge->bound->take;
    struct arrival arrival = {.table = edge->child,
                              .relation = batch->relations[row],
                              .address = batch->addresses[row],
                              .cells = batch->cells + (size_t)row * batch->columns,
                              .reason = CHOSEN_CHILD,
                              .is_whole = true,
                              .edge = edge};
    bool accepts;

    if (take->kind == TAKE_NONE) {
        edge->cut += (uint64_t)batch->totals[row];
        return true;
    }
    /* Each of the take->count rows of a parent carries the parent's total. */
    if (take->kind == TAKE_COUNT && batch->totals[row] > take->count)
        edge->cut += (uint64_t)(batch->totals[row] - take->count);
    if (!descend_accepts(sink->chooser, edge, scratch, arrival.cells, &accepts, err))
        return false;
    if (!accepts) {
        edge->cut++;
        return true;
    }
    return row_arrive(sink->chooser, scratch, &arrival, err);
}

bool descend_batch(const struct row_sink *sink, struct key_scratch *scratch,
                   const struct batch *batch, struct error *err)
{
    /* The row of `edges` is this sink's own to change, under the lock. */
    struct edge_state *edge =
        &sink->chooser->edges[((const struct edge_state *)sink->context)->edge->index];
    bool is_done = true;

    assert(edge->child == sink->table);
    chooser_lock(sink->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++)
        is_done = child_meet(sink, scratch, batch, r, edge, err);
    chooser_unlock(sink->chooser);
    return is_done;
}
