/* Times of both sides of an edge, taken from a rewritten batch. */
#include "run/rewrite_internal.h"

#include "transform/params.h"

/* Where the key and the time of a side are found in the batches of a table. */
struct reading {
    const struct order_side *side;
    enum kind kind;
    uint32_t *positions;
    struct span *cells;
};

static bool reading_open(struct rewriter *rewriter, const struct order_side *side,
                         struct reading *reading, struct error *err)
{
    const size_t count = side->edge->column_count;

    reading->side = side;
    reading->kind = type_ground(rewriter->table->columns[side->time].column->type)->kind;
    reading->positions = ARENA_ARRAY(rewriter->scratch, count + 1, uint32_t);
    reading->cells = ARENA_ARRAY(rewriter->scratch, count + 1, struct span);
    if (!reading->positions || !reading->cells)
        return error_memory(err);
    for (size_t c = 0; c < count; c++)
        if (!rewrite_position(rewriter->table, side->columns[c], &reading->positions[c]))
            return error_set(err, STATUS_BUG, "a key column of '%s' is not read",
                             rewriter->table->table->label);
    return true;
}

/* The keyed hash of what joins the row to others; *has_key is false where a part of it is NULL. */
static bool key_read(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                     const struct reading *reading, uint64_t *key, bool *has_key, struct error *err)
{
    const size_t count = reading->side->edge->column_count;
    struct buf *bytes = &rewriter->key.bytes;
    bool has_null = false;

    for (size_t c = 0; c < count; c++)
        reading->cells[c] = *row_cell(batch, row, reading->positions[c]);
    buf_reset(bytes);
    if (!key_canonical(rewriter->config.codec, reading->side->columns, reading->cells, count,
                       rewriter->scratch, bytes, &has_null, err))
        return false;
    *has_key = !has_null;
    *key = siphash(&rewriter->config.selection->binding->subject_key, buf_text(bytes), bytes->len);
    return true;
}

/* A variant without a rule leaves the time as it was; what is NULL or a sentinel has none. */
static bool row_read(const struct rewriter *rewriter, const struct reading *reading, uint32_t row,
                     struct order_row *made)
{
    const uint32_t time = reading->side->time;

    assert(rewriter->inputs[time]);
    if (!rewrite_time(reading->kind, &rewriter->inputs[time][row], &made->before) ||
        !rewrite_time(reading->kind, &rewriter->outputs[time][row], &made->after))
        return false;
    made->before = floor_div(made->before, reading->side->unit);
    made->after = floor_div(made->after, reading->side->unit);
    return true;
}

static bool side_order(struct rewriter *rewriter, const struct batch *batch,
                       const struct order_side *side, struct error *err)
{
    struct ordering *ordering = rewriter->config.ordering;
    struct order_row *rows = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, struct order_row);
    const size_t discriminators = rewriter->table->discriminator_count;
    struct reading reading;
    size_t count = 0;

    if (!rows)
        return error_memory(err);
    if (!reading_open(rewriter, side, &reading, err))
        return false;
    for (uint32_t row = 0; row < rewriter->rows; row++) {
        bool has_key = false;

        if (side->when >= 0 && !rewriter->discriminators[row * discriminators + (size_t)side->when])
            continue;
        if (!row_read(rewriter, &reading, row, &rows[count]))
            continue;
        if (!key_read(rewriter, batch, row, &reading, &rows[count].key, &has_key, err))
            return false;
        count += has_key && ordering_wants(ordering, side, rows[count].key);
    }
    return count == 0 || ordering_add(ordering, side, rows, count, err);
}

bool rewrite_order(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    const struct order_side *sides;
    size_t count = 0;

    if (!rewriter->config.ordering)
        return true;
    sides = ordering_sides(rewriter->config.ordering, rewriter->table->table, &count);
    for (size_t i = 0; i < count; i++)
        if (!side_order(rewriter, batch, &sides[i], err))
            return false;
    return true;
}
