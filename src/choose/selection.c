/* The frozen selection: the sets are taken out of the chooser, and everything is counted. */
#include "choose/tails.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static bool relations_take(struct table_state *state, struct selected_table *table,
                           struct selection *selection, struct error *err)
{
    size_t count = state->table->relation_count;

    table->relations = ARENA_ARRAY(selection->arena, count + 1, struct selected_relation);
    if (!table->relations)
        return error_memory(err);
    table->relation_count = count;
    for (size_t r = 0; r < count; r++) {
        struct relation_state *from = &state->relations[r];
        struct selected_relation *to = &table->relations[r];
        to->relation = &state->table->relations[r];
        to->is_everything = state->is_everything;
        assert(to->is_everything == (from->rows == NULL));
        to->rows = from->rows;
        from->rows = NULL;
        if (from->tail_rows && !bitmap_and_not(from->tail_rows, from->whole))
            return error_memory(err);
        if (from->tail_rows && bitmap_count(from->tail_rows) > 0) {
            to->tail_rows = from->tail_rows;
            from->tail_rows = NULL;
        }
        const bool is_counted = to->is_everything || from->reasons;
        to->row_count = is_counted ? from->row_count : bitmap_count(to->rows);
        table->row_count += to->row_count;
        if (!state->is_all_whole)
            table->whole_count += from->reasons ? from->whole_count : bitmap_count(from->whole);
    }
    if (state->is_all_whole)
        table->whole_count = table->row_count;
    return true;
}

static void source_rows_set(const struct table_state *state, struct selected_table *table)
{
    double estimate = state->table->row_estimate;

    table->source_rows = state->rows_seen;
    table->source_rows_estimated = !state->is_counted;
    if (state->is_counted)
        return;
    table->source_rows = estimate > 0 ? (uint64_t)estimate : 0;
    if (table->source_rows < table->row_count)
        table->source_rows = table->row_count;
}

static void chosen_set(const struct table_state *state, struct selected_table *table)
{
    uint64_t sum = 0;

    memcpy(table->chosen, state->chosen, sizeof(table->chosen));
    for (size_t i = 0; i < CHOSEN_COUNT; i++)
        sum += table->chosen[i];
    assert(sum <= table->row_count);
    if (state->is_everything)
        table->chosen[state->reason] += table->row_count - sum;
    else
        assert(sum == table->row_count);
    table->threshold = state->is_everything ? 1 : state->threshold;
}

static bool table_take(struct chooser *chooser, size_t index, struct selection *selection,
                       struct error *err)
{
    struct table_state *state = &chooser->tables[index];
    struct selected_table *table = &selection->tables[index];

    table->table = state->bound;
    if (!relations_take(state, table, selection, err))
        return false;
    source_rows_set(state, table);
    chosen_set(state, table);
    selection->rows_source += table->source_rows;
    selection->rows_kept += table->row_count;
    return true;
}

/* Number keys are spelled out, because the map keeps canonical bytes. */
static const uint64_t *references_find(const struct edge_state *edge, const struct key_image *image,
                                       struct buf *bytes)
{
    if (!image->is_number)
        return map_find(edge->references, image->bytes);
    buf_reset(bytes);
    key_number_bytes(edge->side.form, image->number, bytes);
    return buf_ok(bytes) ? map_find(edge->references, buf_span(bytes)) : NULL;
}

static bool missing_add(const struct edge_state *edge, struct selected_edge *selected,
                        const struct key_image *image, struct buf *bytes, struct error *err)
{
    const uint64_t *rows = references_find(edge, image, bytes);
    bool is_new;

    if (!rows || *rows == 0)
        return true;
    if (!selected->missing && !(selected->missing = map_new()))
        return error_memory(err);
    struct span key = image->is_number ? buf_span(bytes) : image->bytes;
    if (!map_put(selected->missing, key, *rows, &is_new))
        return error_memory(err);
    selected->orphans_kept += *rows;
    return true;
}

static bool keyset_walk(const struct edge_state *edge, const struct keyset *keys,
                        struct selected_edge *selected, struct buf *bytes, struct error *err)
{
    struct bitmap_cursor cursor;
    uint64_t numbers[256];
    size_t count;

    if (keys->numbers) {
        bitmap_cursor_init(&cursor, keys->numbers);
        while ((count = bitmap_next(&cursor, numbers, COUNT_OF(numbers))) > 0)
            for (size_t i = 0; i < count; i++)
                if (!missing_add(edge, selected,
                                 &(struct key_image){.is_number = true, .number = numbers[i]},
                                 bytes, err))
                    return false;
    }
    for (size_t i = 0; keys->others && i < map_count(keys->others); i++)
        if (!missing_add(edge, selected, &(struct key_image){.bytes = map_key(keys->others, i)},
                         bytes, err))
            return false;
    return true;
}

static bool orphans_set(const struct edge_state *edge, struct selected_edge *selected,
                        struct error *err)
{
    struct buf bytes;
    bool is_done;

    if (!edge->pulls || !edge->references || !edge_is_countable(edge->edge))
        return true;
    buf_init(&bytes, 1 << 10);
    is_done = keyset_walk(edge, &edge->target->missing.keys, selected, &bytes, err) &&
              keyset_walk(edge, &edge->target->impossible, selected, &bytes, err);
    buf_release(&bytes);
    if (!is_done)
        return false;
    selected->orphans_source = selected->orphans_kept;
    /* Exact where every child was looked at, or where the database promises that there is none and
     * none was met. */
    selected->orphans_estimated =
        !edge->child->is_everything && !(edge->is_enforced && selected->orphans_kept == 0);
    return true;
}

static bool image_of_bytes(const struct target *target, struct span bytes, struct key_image *image)
{
    char digits[24] = {0}, again[24];
    size_t len = bytes.len - 4;

    *image = (struct key_image){.bytes = bytes};
    if (!target->form.is_number)
        return true;
    if (len >= sizeof(digits))
        return false;
    memcpy(digits, bytes.ptr + 4, len);
    bool is_unsigned = key_base_type(target->form.types[0])->is_unsigned;
    int64_t number = is_unsigned ? (int64_t)strtoull(digits, NULL, 10) : strtoll(digits, NULL, 10);
    snprintf(again, sizeof(again), is_unsigned ? "%" PRIu64 : "%" PRId64, number);
    image->is_number = strcmp(digits, again) == 0;
    image->number = (uint64_t)number ^ (UINT64_C(1) << 63);
    return true;
}

/* Of the keys that chosen rows refer to, those whose rows are in the selection. */
static bool parent_keys_set(const struct edge_state *edge, struct selected_edge *selected,
                            struct error *err)
{
    struct key_image image;
    bool is_new;

    if (!edge->bound->is_parent_cut)
        return true;
    if (!(selected->parent_keys = map_new()))
        return error_memory(err);
    for (size_t i = 0; edge->references && i < map_count(edge->references); i++) {
        struct span bytes = map_key(edge->references, i);
        bool is_there = edge->target->is_tracked ? image_of_bytes(edge->target, bytes, &image) &&
                                                       keyset_has(&edge->target->have, &image)
                                                 : edge->parent->is_everything;
        if (is_there && !map_put(selected->parent_keys, bytes, 1, &is_new))
            return error_memory(err);
    }
    return true;
}

static bool edge_take(const struct edge_state *edge, struct selected_edge *selected,
                      struct error *err)
{
    const struct take *take = &edge->bound->take;

    selected->cut = edge->cut;
    if (take->kind == TAKE_COUNT && take->count > 0) {
        assert(edge->cut % (uint64_t)take->count == 0);
        selected->cut /= (uint64_t)take->count;
    }
    return orphans_set(edge, selected, err) && parent_keys_set(edge, selected, err);
}

static bool parts_take(struct chooser *chooser, struct selection *selection, struct error *err)
{
    const struct binding *binding = chooser->binding;

    for (size_t i = 0; i < binding->catalog->table_count; i++)
        if (!table_take(chooser, i, selection, err))
            return false;
    for (size_t i = 0; i < binding->graph->all.count; i++)
        if (!edge_take(&chooser->edges[i], &selection->edges[i], err))
            return false;
    for (size_t i = 0; i < binding->pin_count; i++)
        selection->pins[i] = (struct selected_pin){.source_rows = chooser->pins[i].rows,
                                                   .kept = chooser->pins[i].rows};
    return subjects_resolve(chooser, selection, err) &&
           subject_rows_settle(chooser, selection, err);
}

/* Rows whose way up dangles: the orphans of the edges that ways up begin with. */
static void subjects_count(struct selection *selection)
{
    const struct binding *binding = selection->binding;

    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct subject_path *path = binding->tables[i].subject;
        if (!path || path->is_subject || !path->first || binding->tables[i].is_subject_shared)
            continue;
        for (size_t e = 0; e < path->first->edge_count; e++)
            selection->subjects_by_reference +=
                selection->edges[path->first->edges[e]->index].orphans_kept;
    }
}

bool selection_make(struct chooser *chooser, const struct survey *survey,
                    struct selection **selection, struct error *err)
{
    const struct binding *binding = chooser->binding;
    struct arena *arena = arena_new();
    struct selection *made = arena ? ARENA_NEW(arena, struct selection) : NULL;

    *selection = made;
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->arena = arena;
    made->binding = binding;
    made->tables = ARENA_ARRAY(arena, binding->catalog->table_count + 1, struct selected_table);
    made->edges = ARENA_ARRAY(arena, binding->graph->all.count + 1, struct selected_edge);
    made->pins = ARENA_ARRAY(arena, binding->pin_count + 1, struct selected_pin);
    if (!made->tables || !made->edges || !made->pins || !parts_take(chooser, made, err) ||
        !outcomes_set(chooser, survey, made, err)) {
        selection_free(made);
        *selection = NULL;
        return err->status != STATUS_OK ? false : error_memory(err);
    }
    subjects_count(made);
    made->memory_bytes = chooser->memory_peak;
    if (chooser->tails && made->memory_bytes < chooser->tails->memory_peak)
        made->memory_bytes = chooser->tails->memory_peak;
    made->rounds = chooser->rounds;
    return true;
}

void selection_free(struct selection *selection)
{
    if (!selection)
        return;
    const struct binding *binding = selection->binding;
    for (size_t i = 0; selection->tables && i < binding->catalog->table_count; i++) {
        struct selected_table *table = &selection->tables[i];
        for (size_t r = 0; r < table->relation_count; r++) {
            bitmap_free(table->relations[r].rows);
            bitmap_free(table->relations[r].tail_rows);
        }
        map_free(table->up);
    }
    for (size_t i = 0; selection->edges && i < binding->graph->all.count; i++) {
        map_free(selection->edges[i].missing);
        map_free(selection->edges[i].parent_keys);
    }
    arena_free(selection->arena);
}
