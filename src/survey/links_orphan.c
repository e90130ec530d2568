/* References that lead nowhere: to a key that no parent row has, or of a type that no relation
 * covers. Also where the database promises that there are none: it may have been told to look
 * away. */
#include "survey/links_state.h"

static const struct bound_column *bound_find(const struct links *links, const struct column *column)
{
    const struct bound_table *table = &links->binding->tables[column->table->index];

    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column)
            return &table->columns[i];
    return NULL;
}

/* The child columns that stay as they are, for the stratum. */
static const struct bound_column **columns_make(struct links *links, const struct edge *edge,
                                                size_t *count)
{
    const struct bound_column **columns =
        ARENA_ARRAY(links->survey->arena, edge->column_count + 1, const struct bound_column *);

    *count = 0;
    for (size_t i = 0; columns && i < edge->column_count; i++) {
        const struct bound_column *bound = bound_find(links, edge->child_columns[i]);
        if (bound)
            columns[(*count)++] = bound;
    }
    return columns;
}

static bool orphans_stratum(struct links *links, const struct link *link,
                            struct stratum_draft *draft, struct strata *strata, struct error *err)
{
    const struct edge *edge = link->edge;

    draft->columns = columns_make(links, edge, &draft->column_count);
    draft->edge = edge;
    if (!draft->columns)
        return error_memory(err);
    return strata_add(strata, draft, err, "%s leads to no row of %s",
                      link_label(edge, links->survey->arena), edge->parent->name);
}

static bool link_yield(struct links *links, struct link *link, struct strata *strata,
                       struct error *err)
{
    unsigned slice = store_slice(link->target->store);
    struct stratum_draft draft = {.rows = link_scale(link->target, link->orphans.rows),
                                  .is_estimated = slice > 0,
                                  .is_bounded = slice > 0 || link->orphans.witnesses.is_lost,
                                  .witnesses = &link->orphans.witnesses};

    return link->orphans.rows == 0 || orphans_stratum(links, link, &draft, strata, err);
}

static bool group_yield(struct links *links, struct type_group *group, struct strata *strata,
                        struct error *err)
{
    struct stratum_draft draft = {.edge = group->edge,
                                  .rows = group->uncovered.rows,
                                  .is_bounded = group->uncovered.witnesses.is_lost,
                                  .witnesses = &group->uncovered.witnesses};

    if (group->uncovered.rows == 0)
        return true;
    draft.columns = columns_make(links, group->edge, &draft.column_count);
    if (!draft.columns)
        return error_memory(err);
    return strata_add(strata, &draft, err, "%s is set for a type that no relation covers",
                      link_label(group->edge, links->survey->arena));
}

bool orphans_yield(struct links *links, struct link_table *table, struct strata *strata,
                   struct error *err)
{
    strata_begin(strata, &detector_orphan);
    for (size_t i = 0; i < table->link_count; i++)
        if (!link_yield(links, table->links[i], strata, err))
            return false;
    for (size_t i = 0; i < table->group_count; i++)
        if (!group_yield(links, &table->groups[i], strata, err))
            return false;
    return true;
}

static bool row_is_covered(struct link_batch *batch, const struct type_group *group, uint32_t row,
                           bool *is_covered, struct error *err)
{
    *is_covered = false;
    for (size_t i = 0; i < group->source_count; i++)
        if (span_is_null(link_cell(batch, &group->sources[i], row)))
            *is_covered = true; /* it refers to nothing */
    for (size_t i = 0; !*is_covered && i < group->when_count; i++)
        if (!link_is_true(batch, group->whens[i], row, is_covered, err))
            return false;
    return true;
}

bool types_observe(struct link_batch *batch, struct error *err)
{
    bool is_covered;

    for (size_t g = 0; g < batch->table->group_count; g++) {
        struct type_group *group = &batch->table->groups[g];
        for (uint32_t row = 0; row < batch->batch->rows; row++) {
            if (!row_is_covered(batch, group, row, &is_covered, err))
                return false;
            if (!is_covered && !link_tally_add(batch, &group->uncovered, row, err))
                return false;
        }
    }
    return true;
}

/* The keys that children brought and no parent has. */
static uint64_t dangling_pick(const struct links *links, const struct link *link,
                              struct pick_list *list)
{
    const struct link_target *target = link->target;
    struct store_cursor cursor = {0};
    struct store_slot slot;
    struct pick pick = {0};
    uint64_t rows = 0;

    while (store_next(target->store, &cursor, &pick.key, &slot)) {
        uint64_t children = store_children(target->store, pick.key, slot, link->counter);
        if (slot_exists(target->store, slot) || children == 0)
            continue;
        rows += children;
        pick.hash = pick_hash(links, target, pick.key);
        pick_offer(links, list, &pick);
    }
    return rows;
}

static bool link_settle(struct links *links, struct link *link, struct arena *arena,
                        struct strata *strata, struct error *err)
{
    unsigned slice = store_slice(link->target->store);
    struct pick_list list;
    struct pick_read read = {link->target, link, 1, &list, links->current->pool};

    if (!pick_lists_init(links, &list, 1, arena, err))
        return false;
    uint64_t rows = dangling_pick(links, link, &list);
    struct stratum_draft draft = {.rows = link_scale(link->target, rows),
                                  .is_estimated = slice > 0,
                                  .is_bounded = slice > 0 || !link->target->form.is_number,
                                  .witnesses = &list.witnesses,
                                  .table = &links->binding->tables[link->edge->child->index]};

    if (rows == 0)
        return true;
    /* Of a key that is no number only its hash is known. */
    list.is_sought = link->target->form.is_number;
    return (!list.is_sought || picks_read(links, &read, err)) &&
           orphans_stratum(links, link, &draft, strata, err);
}

bool orphans_settle(struct links *links, struct link_target *target, struct strata *strata,
                    struct error *err)
{
    struct arena *arena = arena_new();
    bool is_done = arena || error_memory(err);

    strata_begin(strata, &detector_orphan);
    for (struct link *link = target->links; is_done && link; link = link->next_of_target)
        if (!link->is_direct)
            is_done = link_settle(links, link, arena, strata, err);
    arena_free(arena);
    return is_done;
}
