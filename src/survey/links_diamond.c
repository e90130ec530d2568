/* Diamonds: two ways from a child that should end in the same row.
 *
 *     orders ---------> customers        orders -> shops -----> regions
 *        \-> addresses ----^                \----> carriers -------^
 *
 * Known by hashes of keys: of the child's own, and of those that the parent rows on the way hold.
 * Only rows of surveyed tables are passed through, as others' references are not read. */
#include "survey/links_state.h"

#define DIAMONDS_MAX 32u
#define APART_MOST                                                                                 \
    8u /* where more than one in eight is apart, the ways have nothing to do with                  \
          each other */

static bool diamond_add(struct links *links, struct link_table *table,
                        const struct diamond *diamond, struct error *err)
{
    if (table->diamond_count < DIAMONDS_MAX) {
        table->diamonds[table->diamond_count++] = *diamond;
        return true;
    }
    return link_gap_add(links, table, &detector_graph,
                        "more than %u pairs of ways lead to the same tables", DIAMONDS_MAX) ||
           error_memory(err);
}

/* The links of the table in the middle; none where it is not surveyed. */
static const struct link_table *middle(const struct links *links, const struct link *link)
{
    return &links->tables[link->edge->parent->index];
}

static bool is_way(const struct link *link)
{
    return !link->edge->is_array && !link->is_self;
}

static int way_value(struct link *first, struct link *then)
{
    return link_value(first, &(struct attribute){.kind = ATTRIBUTE_REFERENCE, .link = then});
}

/* The child refers to the end itself, and to a row that does. */
static bool direct_plan(struct links *links, struct link_table *table, struct link *direct,
                        struct link *over, struct error *err)
{
    const struct link_table *between = middle(links, over);

    if (over->edge->parent == direct->edge->parent)
        return true;
    for (size_t i = 0; i < between->link_count; i++) {
        struct link *then = between->links[i];
        if (!is_way(then) || then->target != direct->target)
            continue;
        int value = way_value(over, then);
        struct diamond diamond = {.first = direct,
                                  .second = over,
                                  .first_value = -1,
                                  .second_value = value,
                                  .then = then};
        if (value >= 0 && !diamond_add(links, table, &diamond, err))
            return false;
    }
    return true;
}

static bool is_reached(const struct link_table *table, const struct link_target *target)
{
    for (size_t i = 0; i < table->link_count; i++)
        if (table->links[i]->target == target)
            return true;
    return false;
}

/* Both ways go over another row. */
static bool indirect_plan(struct links *links, struct link_table *table, struct link *first,
                          struct link *second, struct error *err)
{
    const struct link_table *left = middle(links, first), *right = middle(links, second);

    for (size_t a = 0; a < left->link_count; a++)
        for (size_t b = 0; b < right->link_count; b++) {
            struct link *from = left->links[a], *to = right->links[b];
            if (!is_way(from) || !is_way(to) || from->target != to->target ||
                (left == right && from != to) || from->edge->parent == table->table ||
                is_reached(table, from->target))
                continue;
            struct diamond diamond = {.first = first,
                                      .second = second,
                                      .first_value = way_value(first, from),
                                      .second_value = way_value(second, to),
                                      .before = from,
                                      .then = to};
            if (diamond.first_value >= 0 && diamond.second_value >= 0 &&
                !diamond_add(links, table, &diamond, err))
                return false;
        }
    return true;
}

bool diamonds_plan(struct links *links, struct link_table *table, struct error *err)
{
    table->diamonds = ARENA_ARRAY(links->arena, DIAMONDS_MAX, struct diamond);
    if (!table->diamonds)
        return error_memory(err);
    for (size_t a = 0; a < table->link_count; a++)
        for (size_t b = 0; b < table->link_count; b++) {
            struct link *first = table->links[a], *second = table->links[b];
            if (a == b || !is_way(first) || !is_way(second))
                continue;
            if (!direct_plan(links, table, first, second, err) ||
                (a < b && !indirect_plan(links, table, first, second, err)))
                return false;
        }
    return true;
}

/* Hashes of the rows that a way ends in, by row of the batch. */
static const uint32_t *way_ends(const struct link_batch *batch, const struct link *link, int value)
{
    size_t i = 0;

    while (batch->table->links[i] != link)
        i++;
    if (value < 0)
        return batch->hashes[i];
    return batch->values[i] + (size_t)value * batch->batch->rows;
}

bool diamonds_observe(struct link_batch *batch, struct error *err)
{
    for (size_t d = 0; d < batch->table->diamond_count; d++) {
        struct diamond *diamond = &batch->table->diamonds[d];
        const uint32_t *first = way_ends(batch, diamond->first, diamond->first_value);
        const uint32_t *second = way_ends(batch, diamond->second, diamond->second_value);
        for (uint32_t row = 0; row < batch->batch->rows; row++) {
            if (first[row] == LINK_NO_VALUE || second[row] == LINK_NO_VALUE)
                continue;
            diamond->compared++;
            if (first[row] != second[row] && !link_tally_add(batch, &diamond->apart, row, err))
                return false;
        }
    }
    return true;
}

static const char *way_text(const struct link *link, const struct link *then, struct arena *arena)
{
    const char *text = link_label(link->edge, arena);

    return then ? arena_printf(arena, "%s -> %s", text, link_label(then->edge, arena)) : text;
}

static bool diamond_yield(struct links *links, struct diamond *diamond, struct strata *strata,
                          struct error *err)
{
    struct arena *arena = links->survey->arena;
    const char *first = way_text(diamond->first, diamond->before, arena);
    const char *second = way_text(diamond->second, diamond->then, arena);
    struct tally *apart = &diamond->apart;
    const struct link_target *target = diamond->second->target;
    unsigned slice = store_slice(target->store);
    struct stratum_draft draft = {.edge = diamond->second->edge,
                                  .rows = link_scale(target, apart->rows),
                                  .is_estimated = slice > 0,
                                  .is_bounded = slice > 0 || apart->witnesses.is_lost,
                                  .witnesses = &apart->witnesses};

    if (apart->rows == 0 || apart->rows > diamond->compared / APART_MOST)
        return true;
    if (!first || !second)
        return error_memory(err);
    return strata_add(strata, &draft, err, "%s and %s lead to different rows of %s", first, second,
                      diamond->then->edge->parent->name);
}

bool diamonds_yield(struct links *links, struct link_table *table, struct strata *strata,
                    struct error *err)
{
    strata_begin(strata, &detector_graph);
    for (size_t d = 0; d < table->diamond_count; d++)
        if (!diamond_yield(links, &table->diamonds[d], strata, err))
            return false;
    return true;
}
