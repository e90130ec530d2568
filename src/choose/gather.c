/* Witnesses of rare strata, the children that come with some of them, and the parents of all: read
 * once, set by set, and noted in a row graph. What is looked at is bounded; what is left out is
 * said (OUTCOME_BOUND). */
#include "choose/tails.h"

#include <stdlib.h>

#define WITNESSES_MOST 150000u

bool gather_brings_children(const struct gather *gather, const struct stratum *stratum)
{
    if (!stratum->brings_children || !stratum->edge ||
        stratum->edge->parent != stratum->table->table ||
        gather->chooser->binding->tails.max_children <= 0)
        return false;
    const struct edge_state *edge = &gather->chooser->edges[stratum->edge->index];
    return edge->is_used && !edge->child->is_everything;
}

bool gather_is_together(const struct gather *gather, const struct stratum *stratum)
{
    bool is_together =
        stratum->is_together || stratum->wanted > gather->chooser->binding->tails.per_stratum;

    return is_together && !gather_brings_children(gather, stratum);
}

static bool is_sought(const struct gather *gather, const struct stratum *stratum)
{
    const struct table_state *table = &gather->chooser->tables[stratum->table->table->index];

    return stratum->is_rare && !stratum->masked && stratum->witness_count > 0 &&
           table->is_present && !table->is_everything;
}

/* Of so many of the first witnesses. */
static size_t witnesses_of(const struct gather *gather, const struct stratum *stratum, size_t ranks)
{
    size_t most = gather_is_together(gather, stratum) ? stratum->wanted : ranks;

    return stratum->witness_count < most ? stratum->witness_count : most;
}

static size_t witnesses_sum(const struct gather *gather, size_t ranks)
{
    size_t sum = 0;

    for (size_t i = 0; i < gather->survey->stratum_count; i++)
        if (is_sought(gather, &gather->survey->strata[i]))
            sum += witnesses_of(gather, &gather->survey->strata[i], ranks);
    return sum;
}

static int entry_compare(const void *left, const void *right)
{
    const struct gather_entry *a = left, *b = right;
    int order = row_place_compare(&a->place, &b->place);

    if (order != 0)
        return order;
    return (a->stratum > b->stratum) - (a->stratum < b->stratum);
}

static void entries_add(struct gather *gather, uint32_t number, size_t count)
{
    const struct stratum *stratum = &gather->survey->strata[number];

    for (uint32_t rank = 0; rank < count; rank++) {
        const struct witness *witness = &stratum->witnesses[rank];
        struct row_place place = {.table = stratum->table->table->index,
                                  .relation = witness->relation,
                                  .address = witness->address};
        gather->entries[gather->entry_count++] =
            (struct gather_entry){.place = place, .stratum = number, .rank = rank};
    }
}

/* As many ranks of witnesses as fit; where even the first do not, the strata in their order. */
static bool entries_make(struct gather *gather, struct error *err)
{
    const struct survey *survey = gather->survey;
    size_t ranks = 1, sum;

    for (size_t i = 0; i < survey->stratum_count; i++)
        if (survey->strata[i].witness_count > ranks)
            ranks = survey->strata[i].witness_count;
    while ((sum = witnesses_sum(gather, ranks)) > WITNESSES_MOST && ranks > 1)
        ranks /= 2;
    gather->entries = ARENA_ARRAY(gather->arena, sum + 1, struct gather_entry);
    if (!gather->entries)
        return error_memory(err);
    for (uint32_t i = 0; i < survey->stratum_count; i++) {
        if (!is_sought(gather, &survey->strata[i]))
            continue;
        size_t count = witnesses_of(gather, &survey->strata[i], ranks);
        gather->tails->strata[i].is_left_out = gather->entry_count + count > WITNESSES_MOST;
        if (!gather->tails->strata[i].is_left_out)
            entries_add(gather, i, count);
    }
    assert(gather->entry_count <= sum);
    qsort(gather->entries, gather->entry_count, sizeof(*gather->entries), entry_compare);
    return true;
}

const struct gather_entry *gather_find(const struct gather *gather, const struct row_place *place)
{
    size_t low = 0, high = gather->entry_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row_place_compare(&gather->entries[middle].place, place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    assert(low < gather->entry_count);
    return &gather->entries[low];
}

static bool is_parent_known(const struct gather *gather, uint32_t node, uint32_t edge)
{
    for (size_t i = gather->parent_count; i > 0 && gather->parents[i - 1].node == node; i--)
        if (gather->parents[i - 1].edge == edge)
            return true;
    return false;
}

static bool parent_note(struct gather *gather, const struct gather_parent *parent,
                        struct error *err)
{
    gather->parents = arena_grow(gather->arena, gather->parents, gather->parent_count,
                                 &gather->parent_capacity, sizeof(*gather->parents));
    if (!gather->parents)
        return error_memory(err);
    gather->parents[gather->parent_count++] = *parent;
    return true;
}

/* The key by which the children of a witness will be read. */
static bool parent_add(struct gather *gather, struct gather_parent *parent, bool is_first,
                       struct key_scratch *scratch, const struct span *cells, struct error *err)
{
    const struct edge_state *edge = &gather->chooser->edges[parent->edge];
    struct brood *brood = &gather->broods[parent->edge];
    struct key_images images;
    bool is_possible = true;

    if (!brood->is_used) {
        brood->is_used = true;
        wanted_init(&brood->keys[0], edge->side.count);
        wanted_init(&brood->keys[1], edge->side.count);
    }
    if (!key_images_read(scratch, &edge->target->side, cells, &images, err))
        return false;
    parent->pass = is_first ? 0 : 1;
    parent->key = ROW_NONE;
    if (images.count == 0)
        return parent_note(gather, parent, err);
    struct span *key = ARENA_ARRAY(scratch->arena, edge->side.count, struct span);
    if (!key)
        return error_memory(err);
    if (!row_graph_key(gather->graph, edge->target->number, images.items, &parent->key, err) ||
        !parent_note(gather, parent, err) ||
        !key_cells_convert(scratch, &edge->target->side, &edge->side, images.items, key,
                           &is_possible, err))
        return false;
    return !is_possible || wanted_add(&brood->keys[parent->pass], images.items, key, err);
}

static bool is_first_witness(const struct gather_entry *entry, const struct gather_entry *end,
                             const struct gather *gather, uint32_t edge)
{
    const struct row_place *place = &entry->place;

    for (; entry < end && row_place_compare(&entry->place, place) == 0; entry++) {
        const struct stratum *stratum = &gather->survey->strata[entry->stratum];
        if (entry->rank == 0 && stratum->edge && stratum->edge->index == edge)
            return true;
    }
    return false;
}

static bool parents_add(struct gather *gather, const struct gather_entry *first, uint32_t node,
                        struct key_scratch *scratch, const struct span *cells, struct error *err)
{
    const struct gather_entry *end = gather->entries + gather->entry_count;

    for (const struct gather_entry *entry = first;
         entry < end && row_place_compare(&entry->place, &first->place) == 0; entry++) {
        const struct stratum *stratum = &gather->survey->strata[entry->stratum];
        if (!gather_brings_children(gather, stratum) ||
            is_parent_known(gather, node, stratum->edge->index))
            continue;
        struct gather_parent parent = {.node = node, .edge = stratum->edge->index};
        bool is_first = is_first_witness(first, end, gather, parent.edge);
        if (!parent_add(gather, &parent, is_first, scratch, cells, err))
            return false;
    }
    return true;
}

bool gather_meet(struct gather *gather, struct key_scratch *scratch, struct arrival *arrival,
                 struct row_place *place, uint32_t *node, struct error *err)
{
    *place = (struct row_place){.table = arrival->table->table->index,
                                .relation = arrival->relation,
                                .address = arrival->address};
    arrival->reason = CHOSEN_TAIL;
    if (!row_arrive(gather->chooser, scratch, arrival, err))
        return false;
    *node = row_graph_find(gather->graph, place);
    if (*node != ROW_NONE)
        return true;
    if (!row_graph_add(gather->graph, place, node, err))
        return false;
    gather->graph->nodes[*node].is_there = true;
    return true;
}

static bool witnesses_batch(const struct row_sink *sink, struct key_scratch *scratch,
                            const struct batch *batch, struct error *err)
{
    struct gather *const *handle = sink->context;
    struct gather *gather = *handle;
    struct row_place place;
    uint32_t node;
    bool is_done = true;

    chooser_lock(gather->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        struct arrival arrival = {.table = sink->table,
                                  .relation = batch->relations[r],
                                  .address = batch->addresses[r],
                                  .cells = batch->cells + (size_t)r * batch->columns};
        is_done =
            gather_meet(gather, scratch, &arrival, &place, &node, err) &&
            parents_add(gather, gather_find(gather, &place), node, scratch, arrival.cells, err);
    }
    chooser_unlock(gather->chooser);
    return is_done;
}

static bool witnesses_read(struct gather *gather, struct error *err)
{
    struct row_sink sink = {
        .batch = witnesses_batch, .chooser = gather->chooser, .context = &gather};
    struct row_place *places =
        ARENA_ARRAY(gather->arena, gather->entry_count + 1, struct row_place);
    size_t count = 0;

    if (!places)
        return error_memory(err);
    for (size_t i = 0; i < gather->entry_count; i++)
        if (count == 0 || row_place_compare(&places[count - 1], &gather->entries[i].place) != 0)
            places[count++] = gather->entries[i].place;
    return places_read(gather->chooser, places, count, &sink, err);
}

bool gather_is_left_out(const struct gather *gather, const struct gather_parent *parent)
{
    return gather->broods[parent->edge].is_left_out[parent->pass];
}

bool gather_run(struct gather *gather, struct error *err)
{
    struct chooser *chooser = gather->chooser;

    assert(chooser->is_gathering && !chooser->graph);
    gather->broods =
        ARENA_ARRAY(gather->arena, chooser->binding->graph->all.count + 1, struct brood);
    if (!gather->broods)
        return error_memory(err);
    chooser->graph = gather->graph;
    bool is_done =
        entries_make(gather, err) && witnesses_read(gather, err) && broods_read(gather, err);
    /* Parents beyond the bound come all the same, and cost nothing here. */
    chooser->row_limit = chooser->rows + GATHER_NODES_MOST;
    is_done = is_done && rounds_run(chooser, err);
    chooser->graph = NULL;
    chooser->row_limit = 0;
    chooser->is_over = false;
    if (is_done)
        row_graph_close(gather->graph);
    return is_done;
}

void gather_release(struct gather *gather)
{
    for (size_t i = 0; gather->broods && i < gather->chooser->binding->graph->all.count; i++) {
        if (!gather->broods[i].is_used)
            continue;
        wanted_release(&gather->broods[i].keys[0]);
        wanted_release(&gather->broods[i].keys[1]);
    }
}
