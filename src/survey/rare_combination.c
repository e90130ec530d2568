/* Detector: values that are common each and rare together, of two columns or of three (deleted and
 * active; silver and suspended). Rows are counted by signature, signatures in cross tables
 * (cross.h); what is rare in those is decided when the table is done (combination_strata.c). */
#include "survey/combination.h"

enum { FINE_TRIPLE = 16, FINE_WIDE = 32 };

/* How much a column is likely to say of its row's state: less is more; -1: nothing. */
static int column_rank(const struct survey_column *column)
{
    const struct column *catalog = column->bound->column;

    if (column->is_ignored)
        return -1;
    if (!column->symbols)
        return catalog->is_not_null ? -1 : 3;
    if (column->type->kind == KIND_BOOLEAN || column->type->class == TYPE_ENUM)
        return 0;
    if (column->is_reference || column->is_referenced)
        return 4;
    if (column->form == FORM_TIME)
        return catalog->is_not_null ? 5 : 2;
    return 1;
}

static bool columns_choose(struct combination *state, struct error *err)
{
    const struct survey_table *table = state->marker.table;

    state->columns =
        ARENA_ARRAY(state->marker.arena, CROSS_COLUMNS_MOST, const struct survey_column *);
    if (!state->columns)
        return error_memory(err);
    for (int rank = 0; rank <= 5; rank++)
        for (size_t i = 0; i < table->column_count; i++) {
            if (column_rank(&table->columns[i]) != rank)
                continue;
            if (state->column_count == CROSS_COLUMNS_MOST)
                state->has_more = true;
            else
                state->columns[state->column_count++] = &table->columns[i];
        }
    return true;
}

/* Views of the first `count` columns, in the order of the table. */
static struct cross_view *views_make(struct combination *state, size_t count, unsigned fine_most)
{
    struct cross_view *views = ARENA_ARRAY(state->marker.arena, count, struct cross_view);
    size_t made = 0;

    for (size_t index = 0; views && index < state->marker.table->column_count; index++)
        for (size_t i = 0; i < count; i++)
            if (state->columns[i]->index == index)
                views[made++] = (struct cross_view){
                    .column = state->columns[i], .position = (uint32_t)i, .fine_most = fine_most};
    assert(!views || made == count);
    return views;
}

static bool set_open(struct combination *state, struct cross_set *set, unsigned order,
                     struct error *err)
{
    const bool is_wide = state->column_count > COMBINATION_WIDE;
    size_t count = state->column_count;
    unsigned fine_most = is_wide ? FINE_WIDE : SYMBOL_DISTINCT;

    if (order == 3) {
        count = count < COMBINATION_TRIPLES ? count : COMBINATION_TRIPLES;
        fine_most = FINE_TRIPLE;
    }
    if (count < order)
        return true;
    struct cross_view *views = views_make(state, count, fine_most);
    *set = (struct cross_set){.limit = state->signatures.limit, .pool = state->marker.pool};
    return (views || error_memory(err)) &&
           cross_set_init(set, order, views, count, state->marker.arena, err);
}

static void combination_close(void *opened)
{
    struct combination *state = opened;

    cross_set_release(&state->pairs);
    cross_set_release(&state->triples);
    marker_close(state);
}

static bool state_fill(struct combination *state, struct error *err)
{
    if (!signatures_init(&state->signatures, state->column_count, state->marker.table->rare_most,
                         state->marker.pool, state->marker.arena, err))
        return false;
    state->block =
        ARENA_ARRAY(state->marker.arena,
                    COMBINATION_BLOCK * state->signatures.stride / sizeof(uint64_t), uint64_t);
    return (state->block || error_memory(err)) && set_open(state, &state->pairs, 2, err) &&
           set_open(state, &state->triples, 3, err);
}

static bool combination_open(const struct survey_table *table, void **opened, struct error *err)
{
    void *made;

    *opened = NULL;
    if (!marker_open(table, sizeof(struct combination), &made, err))
        return false;
    struct combination *state = made;
    if (!columns_choose(state, err) || (state->column_count >= 2 && !state_fill(state, err))) {
        combination_close(state);
        return false;
    }
    if (state->column_count < 2)
        combination_close(state);
    else
        *opened = state;
    return true;
}

/* Signatures of rows `from` on, one after the other in state->block. */
static void block_fill(struct combination *state, const struct survey_batch *batch, uint32_t from,
                       uint32_t rows)
{
    const size_t stride = state->signatures.stride;

    for (size_t i = 0; i < state->column_count; i++) {
        const struct survey_cells *cells = &batch->columns[state->columns[i]->index];
        uint8_t *out = (uint8_t *)state->block + i;
        if (cells->symbols)
            for (uint32_t row = 0; row < rows; row++)
                out[row * stride] = cells->symbols[from + row];
        else
            for (uint32_t row = 0; row < rows; row++)
                out[row * stride] = cells->is_null[from + row] ? SYMBOL_NULL : SYMBOL_SET;
    }
}

bool combination_flush(struct combination *state, struct error *err)
{
    if (!cross_set_add(&state->pairs, &state->signatures, err) ||
        (state->triples.view_count > 0 && !cross_set_add(&state->triples, &state->signatures, err)))
        return false;
    signatures_reset(&state->signatures);
    return true;
}

static bool row_count(struct combination *state, const struct survey_batch *batch, uint32_t row,
                      const uint64_t *key, struct error *err)
{
    struct signature *signature = signatures_get(&state->signatures, key);

    if (!signature) {
        if (!combination_flush(state, err))
            return false;
        signature = signatures_get(&state->signatures, key);
        assert(signature);
    }
    return signature_count(&state->signatures, signature, batch, row, err);
}

static bool combination_observe(void *opened, const struct survey_batch *batch, struct error *err)
{
    struct combination *state = opened;
    const size_t words = state->signatures.stride / sizeof(uint64_t);

    for (uint32_t from = 0; from < batch->rows; from += COMBINATION_BLOCK) {
        const uint32_t left = batch->rows - from;
        const uint32_t rows = left < COMBINATION_BLOCK ? left : COMBINATION_BLOCK;
        block_fill(state, batch, from, rows);
        for (uint32_t row = 0; row < rows; row++)
            if (!row_count(state, batch, from + row, state->block + row * words, err))
                return false;
    }
    return true;
}

static bool combination_merge(void *opened, void *other, struct error *err)
{
    struct combination *state = opened;
    const struct combination *from = other;

    for (uint32_t i = 0; i < from->signatures.count; i++) {
        const uint64_t *key =
            from->signatures.keys + i * (from->signatures.stride / sizeof(uint64_t));
        struct signature *signature = signatures_get(&state->signatures, key);
        if (!signature) {
            if (!combination_flush(state, err))
                return false;
            signature = signatures_get(&state->signatures, key);
        }
        if (!signature_merge(&state->signatures, signature, &from->signatures.items[i], err))
            return false;
    }
    return cross_set_merge(&state->pairs, &from->pairs, err) &&
           (state->triples.view_count == 0 ||
            cross_set_merge(&state->triples, &from->triples, err));
}

static size_t combination_bytes(const void *opened)
{
    const struct combination *state = opened;

    return marker_bytes(state) + cross_set_bytes(&state->pairs) + cross_set_bytes(&state->triples);
}

const struct detector detector_rare_combination = {
    .kind = "rare_combination",
    .help = "values that are common each and rare together, of two or three columns",
    .weight = 1.5,
    .open = combination_open,
    .observe = combination_observe,
    .merge = combination_merge,
    .yield = combination_yield,
    .close = combination_close,
    .bytes = combination_bytes,
};
