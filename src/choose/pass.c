/* Passes: a table read once from end to end, its link columns only, for everything that is wanted
 * of it at the time. Large relations are cut into ranges of pages, one task each. */
#include "choose/state.h"

#define PAGES_A_TASK 16384u /* 128 MiB */

static bool has_ranges(const struct chooser *chooser)
{
    return chooser->crew->spread && chooser->crew->reader_count > 1 &&
           db_info(chooser->crew->leader)->version_number >= 140000;
}

static bool pass_add(struct pass_list *list, struct arena *arena, const struct pass *pass,
                     struct error *err)
{
    list->items =
        arena_grow(arena, list->items, list->count, &list->capacity, sizeof(*list->items));
    if (!list->items)
        return error_memory(err);
    list->items[list->count++] = *pass;
    return true;
}

static bool relation_add(struct chooser *chooser, struct pass *pass, struct arena *arena,
                         struct pass_list *list, struct error *err)
{
    uint64_t pages = pass->relation->pages;

    if (!has_ranges(chooser) || pages <= PAGES_A_TASK)
        return pass_add(list, arena, pass, err);
    pass->is_range = true;
    for (uint64_t page = 0; page < pages; page += PAGES_A_TASK) {
        bool is_last = page + PAGES_A_TASK >= pages;
        pass->low = page << 16;
        /* Statistics may be behind: the last range has no end. */
        pass->high = is_last ? UINT64_MAX : (page + PAGES_A_TASK) << 16;
        if (!pass_add(list, arena, pass, err))
            return false;
    }
    return true;
}

bool pass_list_add(struct chooser *chooser, struct table_state *table, struct arena *arena,
                   struct pass_list *list, struct error *err)
{
    for (size_t r = 0; r < table->table->relation_count; r++) {
        struct pass pass = {.table = table, .relation = &table->table->relations[r]};
        if (!relation_add(chooser, &pass, arena, list, err))
            return false;
    }
    return true;
}

bool pass_read(const struct pass *pass, const char *where, const struct row_sink *sink,
               struct db *reader, struct error *err)
{
    struct read read;

    assert(sink->table == pass->table && (!pass->is_range || pass->low < pass->high));
    read_init(pass->table, &read);
    read.relation = pass->relation;
    read.where = where;
    if (pass->is_range) {
        read.by = READ_BY_RANGE;
        read.address_low = pass->low;
        read.address_high = pass->high;
    }
    return table_read(sink->chooser, reader, &read, sink, err);
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
