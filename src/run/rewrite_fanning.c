/* Keys of both sides of edges, taken from a rewritten batch. */
#include "run/rewrite_internal.h"

#include "survey/detector.h"

/* The hash of what joins the row to others; *has_key is false where a part of it is NULL, or
 * staging gets it as NULL. */
static bool key_read(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                     const struct fan_side *side, uint64_t *hash, bool *has_key, struct error *err)
{
    const struct sipkey *key = &rewriter->config.selection->binding->subject_key;
    const size_t count = side->edge->column_count;
    struct span *cells = rewriter->fan_cells;
    struct buf *bytes = &rewriter->key.bytes;
    uint64_t words[2] = {0, side->number};
    bool has_null = false;

    *has_key = false;
    for (size_t c = 0; c < count; c++) {
        const struct span *replaced = rewriter->replaced[side->positions[c]];

        cells[c] = *row_cell(batch, row, side->positions[c]);
        if (!cells[c].ptr || (replaced && !replaced[row].ptr))
            return true;
        words[0] = (words[0] << 7 | words[0] >> 57) ^ survey_cell_hash(cells[c]);
    }
    if (!side->is_verbatim) {
        buf_reset(bytes);
        if (!key_canonical(rewriter->config.codec, side->columns, cells, count, rewriter->scratch,
                           bytes, &has_null, err))
            return false;
        assert(!has_null);
        words[0] = siphash(key, buf_text(bytes), bytes->len);
    }
    *has_key = true;
    *hash = siphash_words(key, words, 2);
    return true;
}

static bool side_fan(struct rewriter *rewriter, const struct batch *batch,
                     const struct fan_side *side, struct error *err)
{
    const struct bitmap *tail = rewriter->config.tail_rows;
    const size_t discriminators = rewriter->table->discriminator_count;
    uint64_t *rows = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, uint64_t);
    size_t count = 0;

    if (!rows)
        return error_memory(err);
    for (uint32_t row = 0; row < rewriter->rows; row++) {
        uint64_t hash = 0;
        bool has_key;

        if (side->when >= 0 && !rewriter->discriminators[row * discriminators + (size_t)side->when])
            continue;
        if (!key_read(rewriter, batch, row, side, &hash, &has_key, err))
            return false;
        if (has_key)
            rows[count++] = fanning_row(hash, tail && bitmap_has(tail, batch->addresses[row]));
    }
    return count == 0 || fanning_add(rewriter->config.fanning, side, rows, count, err);
}

bool rewrite_fan(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    const struct fan_side *sides;
    size_t count = 0;

    if (!rewriter->config.fanning)
        return true;
    sides = fanning_sides(rewriter->config.fanning, rewriter->table->table, &count);
    for (size_t i = 0; i < count; i++)
        if (!side_fan(rewriter, batch, &sides[i], err))
            return false;
    return true;
}
