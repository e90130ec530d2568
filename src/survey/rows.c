/* Identity hashes of the rows of one batch: made for the few rows that become witnesses, once each.
 */
#include "survey/core.h"

struct survey_rows {
    const struct survey_table *table;
    const struct survey_layout *layout;
    const struct batch *batch;
    struct key_scratch scratch;
    uint32_t capacity;
    bool *is_made;
    uint64_t *hashes;
    struct span *cells; /* of one identity */
};

struct survey_rows *survey_rows_new(const struct survey_table *table,
                                    const struct survey_layout *layout, uint32_t capacity,
                                    struct arena *arena, struct error *err)
{
    struct survey_rows *rows = ARENA_NEW(arena, struct survey_rows);

    if (rows) {
        rows->table = table;
        rows->layout = layout;
        rows->capacity = capacity;
        rows->is_made = ARENA_ARRAY(arena, capacity, bool);
        rows->hashes = ARENA_ARRAY(arena, capacity, uint64_t);
        rows->cells = ARENA_ARRAY(arena, layout->identity_count + 1, struct span);
    }
    if (!rows || !rows->is_made || !rows->hashes || !rows->cells) {
        error_memory(err);
        return NULL;
    }
    return key_scratch_init(&rows->scratch, table->codec, err) ? rows : NULL;
}

void survey_rows_release(struct survey_rows *rows)
{
    if (rows)
        key_scratch_release(&rows->scratch);
}

void survey_rows_begin(struct survey_rows *rows, const struct batch *batch)
{
    assert(batch->rows <= rows->capacity);
    rows->batch = batch;
    memset(rows->is_made, 0, batch->rows * sizeof(*rows->is_made));
    arena_reset(rows->scratch.arena);
}

static bool hash_make(struct survey_rows *rows, uint32_t row, struct error *err)
{
    const struct bound_table *bound = rows->table->bound;
    const struct span *cells = rows->batch->cells + (size_t)row * rows->batch->columns;

    for (size_t i = 0; i < rows->layout->identity_count; i++)
        rows->cells[i] = cells[rows->layout->identity[i]];
    if (!identity_hash(bound, &bound->choice_key, &rows->scratch, rows->cells, &rows->hashes[row],
                       err))
        return false;
    rows->is_made[row] = true;
    return true;
}

bool survey_witness(const struct survey_batch *batch, uint32_t row, struct witness *witness,
                    struct error *err)
{
    struct survey_rows *rows = batch->hashes;

    assert(row < batch->rows && rows && rows->batch);
    if (!rows->is_made[row] && !hash_make(rows, row, err))
        return false;
    *witness = (struct witness){.hash = rows->hashes[row],
                                .address = batch->addresses[row],
                                .relation = batch->relations[row]};
    return true;
}
