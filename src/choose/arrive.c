/* What happens when a row is met: it enters the sets once, may become whole once, and hands its
 * keys to the edges that lead from it. */
#include "choose/state.h"

#include <math.h>

bool hash_is_below(uint64_t hash, double fraction)
{
    if (fraction >= 1)
        return true;
    if (!(fraction > 0))
        return false;
    return hash < (uint64_t)ldexp(fraction, 64);
}

bool row_identity(const struct table_state *table, struct key_scratch *scratch,
                  const struct sipkey *key, const struct span *cells, uint64_t *hash,
                  struct error *err)
{
    const struct bound_table *bound = table->bound;
    struct span *identity = ARENA_ARRAY(scratch->arena, bound->identity_count + 1, struct span);

    assert(table->has_identity);
    if (!identity)
        return error_memory(err);
    for (size_t i = 0; i < bound->identity_count; i++)
        identity[i] = cells[table->positions[bound->identity_columns[i]->index]];
    return identity_hash(bound, key, scratch, identity, hash, err);
}

bool edge_applies(const struct edge_state *edge, struct key_scratch *scratch,
                  const struct span *cells, bool *applies, struct error *err)
{
    struct value truth = {0};

    assert(edge->is_used);
    *applies = true;
    if (edge->when < 0)
        return true;
    *applies = false;
    struct span cell = cells[edge->when];
    if (span_is_null(cell))
        return true;
    if (!scratch->codec->decode(&key_boolean_type, cell, scratch->arena, &truth, err))
        return false;
    *applies = truth.boolean;
    return true;
}

/* What the row that arrives refers to, for the row graph. */
static bool reference_note(struct chooser *chooser, const struct edge_state *edge,
                           const struct key_image *image, struct error *err)
{
    uint32_t key;

    if (!chooser->graph || !edge->target->is_tracked || edge->parent->is_everything)
        return true;
    return row_graph_key(chooser->graph, edge->target->number, image, &key, err) &&
           row_graph_refer(chooser->graph, chooser->row, key, err);
}

static bool key_note(struct chooser *chooser, const struct target *target,
                     const struct key_image *image, struct error *err)
{
    uint32_t key;

    if (!chooser->graph)
        return true;
    if (!row_graph_key(chooser->graph, target->number, image, &key, err))
        return false;
    row_graph_own(chooser->graph, chooser->row, key);
    return true;
}

/* The map keeps length and canonical bytes, so a number is spelled out for it. */
uint64_t *reference_rows(struct edge_state *edge, struct key_scratch *scratch,
                         const struct key_image *image, struct error *err)
{
    struct span bytes = image->bytes;
    bool is_new;

    if (image->is_number) {
        buf_reset(&scratch->bytes);
        key_number_bytes(edge->side.form, image->number, &scratch->bytes);
        bytes = buf_span(&scratch->bytes);
    }
    uint64_t *rows = buf_ok(&scratch->bytes) ? map_put(edge->references, bytes, 0, &is_new) : NULL;
    if (!rows)
        error_memory(err);
    return rows;
}

/* A reference to be looked up, unless its answer is known. */
static bool target_want(struct edge_state *edge, struct key_scratch *scratch,
                        const struct key_image *image, struct error *err)
{
    struct target *target = edge->target;
    struct span *cells = NULL;
    bool is_possible = true, is_new;

    assert(edge->pulls);
    if (!target->is_tracked || keyset_has(&target->have, image) ||
        wanted_has(&target->taken, image) || wanted_has(&target->fresh, image) ||
        wanted_has(&target->missing, image) || keyset_has(&target->impossible, image))
        return true;
    if (!image->is_number) {
        cells = ARENA_ARRAY(scratch->arena, target->form.count, struct span);
        if (!cells)
            return error_memory(err);
        if (target->form.is_number)
            is_possible = false;
        else if (!key_cells_convert(scratch, &edge->side, &target->side, image, cells, &is_possible,
                                    err))
            return false;
    }
    if (!is_possible)
        return keyset_add(&target->impossible, image, &is_new, err);
    return wanted_add(&target->fresh, image, cells, err);
}

static bool link_up(struct chooser *chooser, struct edge_state *edge, struct key_scratch *scratch,
                    const struct span *cells, struct error *err)
{
    struct key_images images;
    bool applies;

    if (!edge->is_used || (!edge->pulls && !edge->references))
        return true;
    if (!edge->target->is_tracked && !edge->references)
        return true;
    if (!edge_applies(edge, scratch, cells, &applies, err))
        return false;
    if (!applies)
        return true;
    if (!key_images_read(scratch, &edge->side, cells, &images, err))
        return false;
    for (size_t i = 0; i < images.count; i++) {
        uint64_t *rows = NULL;

        if (edge->references && !(rows = reference_rows(edge, scratch, &images.items[i], err)))
            return false;
        if (rows)
            ++*rows;
        if (edge->pulls && (!reference_note(chooser, edge, &images.items[i], err) ||
                            !target_want(edge, scratch, &images.items[i], err)))
            return false;
    }
    return true;
}

bool row_links_up(struct chooser *chooser, struct table_state *table, struct key_scratch *scratch,
                  const struct span *cells, struct error *err)
{
    struct key_images images;
    bool is_new;

    for (struct target *target = table->targets; target; target = target->next) {
        if (!target->is_tracked)
            continue;
        if (!key_images_read(scratch, &target->side, cells, &images, err))
            return false;
        for (size_t i = 0; i < images.count; i++)
            if (!keyset_add(&target->have, &images.items[i], &is_new, err) ||
                !key_note(chooser, target, &images.items[i], err))
                return false;
    }
    for (size_t i = 0; i < table->up_count; i++)
        if (!link_up(chooser, table->up[i], scratch, cells, err))
            return false;
    return subject_record(chooser, table, scratch, cells, err);
}

bool row_links_down(struct table_state *table, struct key_scratch *scratch,
                    const struct span *cells, struct error *err)
{
    for (size_t i = 0; i < table->down_count; i++) {
        struct edge_state *edge = table->down[i];
        struct key_images images;
        bool is_possible = true;

        if (!edge->is_used || !edge->follows)
            continue;
        if (!key_images_read(scratch, &edge->target->side, cells, &images, err))
            return false;
        if (images.count == 0)
            continue;
        struct span *key = ARENA_ARRAY(scratch->arena, edge->side.count, struct span);
        if (!key)
            return error_memory(err);
        if (!key_cells_convert(scratch, &edge->target->side, &edge->side, images.items, key,
                               &is_possible, err))
            return false;
        if (is_possible && !wanted_add(&edge->fresh, images.items, key, err))
            return false;
    }
    return true;
}

static bool is_marked(const struct relation_state *relation, uint64_t address)
{
    return (relation->pins && bitmap_has(relation->pins, address)) ||
           (relation->tails && bitmap_has(relation->tails, address));
}

/* The first of all the reasons that the row will have had. */
static enum chosen_reason reason_first(const struct arrival *arrival)
{
    const struct relation_state *relation = &arrival->table->relations[arrival->relation];

    if (relation->pins && bitmap_has(relation->pins, arrival->address))
        return CHOSEN_PIN;
    if (relation->tails && bitmap_has(relation->tails, arrival->address))
        return CHOSEN_TAIL;
    return arrival->reason;
}

static bool row_add(struct table_state *table, const struct arrival *arrival, bool is_tail,
                    struct error *err)
{
    struct relation_state *relation = &table->relations[arrival->relation];
    struct bitmap **seeds = &table->referenced_seeds[arrival->relation];
    bool ignored;

    table->chosen[reason_first(arrival)]++;
    if (!equal_rows_note(relation, arrival->address, reason_first(arrival), err))
        return false;
    if (is_tail && relation->tail_rows &&
        !bitmap_add(relation->tail_rows, arrival->address, &ignored))
        return error_memory(err);
    if (arrival->reason >= CHOSEN_CHILD || arrival->is_whole ||
        is_marked(relation, arrival->address))
        return true;
    if (!*seeds && !(*seeds = bitmap_new()))
        return error_memory(err);
    return bitmap_add(*seeds, arrival->address, &ignored) || error_memory(err);
}

/* Each row counts once, by the first reason. Of seeds it is known when they come, or marked; so
 * what can change later is only that a parent turns out to be a child as well. */
static bool row_count(struct chooser *chooser, const struct arrival *arrival, bool is_new,
                      bool is_newly_whole, struct error *err)
{
    struct table_state *table = arrival->table;
    const struct bitmap *seeds = table->referenced_seeds[arrival->relation];

    if (table->is_everything)
        return true;
    if (is_new)
        return row_add(table, arrival, chooser->is_tail_walk, err);
    if (!is_newly_whole || arrival->reason != CHOSEN_CHILD ||
        is_marked(&table->relations[arrival->relation], arrival->address) ||
        (seeds && bitmap_has(seeds, arrival->address)))
        return true;
    assert(table->chosen[CHOSEN_PARENT] > 0);
    table->chosen[CHOSEN_PARENT]--;
    table->chosen[CHOSEN_CHILD]++;
    return equal_rows_note(&table->relations[arrival->relation], arrival->address, CHOSEN_CHILD,
                           err);
}

/* Rows of a table that comes whole count by its reason, unless they have an earlier one. */
static bool everything_count(struct table_state *table, const struct arrival *arrival,
                             struct error *err)
{
    struct relation_state *relation = &table->relations[arrival->relation];
    bool is_new;

    if (!table->is_everything || arrival->reason >= table->reason)
        return true;
    if (!relation->seeds && !(relation->seeds = bitmap_new()))
        return error_memory(err);
    if (!bitmap_add(relation->seeds, arrival->address, &is_new))
        return error_memory(err);
    table->chosen[arrival->reason] += is_new;
    return !is_new || equal_rows_note(relation, arrival->address, arrival->reason, err);
}

/* For the row graph; and which rows are those of pins, where the graph is being made. */
static bool row_note(struct chooser *chooser, const struct arrival *arrival, struct error *err)
{
    struct relation_state *relation = &arrival->table->relations[arrival->relation];
    struct row_place place = {.table = arrival->table->table->index,
                              .relation = arrival->relation,
                              .address = arrival->address};
    bool ignored;

    if (chooser->graph)
        return row_graph_add(chooser->graph, &place, &chooser->row, err);
    if (!chooser->is_gathering || arrival->reason != CHOSEN_PIN)
        return true;
    if (!relation->seeds && !(relation->seeds = bitmap_new()))
        return error_memory(err);
    return bitmap_add(relation->seeds, arrival->address, &ignored) || error_memory(err);
}

bool row_arrive(struct chooser *chooser, struct key_scratch *scratch, const struct arrival *arrival,
                struct error *err)
{
    struct table_state *table = arrival->table;
    bool is_new = false, is_newly_whole = false;

    assert(arrival->relation < table->table->relation_count);
    if (!everything_count(table, arrival, err))
        return false;
    struct relation_state *relation = &table->relations[arrival->relation];
    if (!table->is_everything && !bitmap_add(relation->rows, arrival->address, &is_new))
        return error_memory(err);
    if (arrival->is_whole && !table->is_all_whole &&
        !bitmap_add(relation->whole, arrival->address, &is_newly_whole))
        return error_memory(err);
    if (!is_new && !is_newly_whole)
        return true;
    chooser->rows += is_new;
    if (chooser->provenance &&
        !provenance_add(chooser, arrival, is_new ? reason_first(arrival) : arrival->reason, is_new,
                        is_newly_whole, err))
        return false;
    if (!row_count(chooser, arrival, is_new, is_newly_whole, err) ||
        (is_new && !row_note(chooser, arrival, err)))
        return false;
    if (is_new && !row_links_up(chooser, table, scratch, arrival->cells, err))
        return false;
    return !is_newly_whole || row_links_down(table, scratch, arrival->cells, err);
}
