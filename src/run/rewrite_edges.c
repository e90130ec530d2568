/* References that a cut writes NULL. */
#include "run/rewrite_internal.h"

/* Writes the columns of a reference NULL in one row. */
static bool reference_null(struct rewriter *rewriter, const struct batch *batch,
                           const struct edge *edge, uint32_t row, struct error *err)
{
    for (size_t c = 0; c < edge->column_count; c++) {
        uint32_t column = 0;

        if (edge->child_columns[c]->is_not_null ||
            !rewrite_position(rewriter->table, edge->child_columns[c], &column))
            continue;
        if (!rewriter->replaced[column]) {
            struct span *cells = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, struct span);

            if (!cells)
                return error_memory(err);
            for (uint32_t i = 0; i < batch->rows; i++)
                cells[i] = *row_cell(batch, i, column);
            rewriter->replaced[column] = cells;
        }
        rewriter->replaced[column][row] = (struct span){0};
    }
    rewriter->nulled[edge->index]++;
    rewriter->counts.nulled++;
    return true;
}

bool rewrite_cut_edge(struct rewriter *rewriter, const struct batch *batch, uint32_t index,
                      struct error *err)
{
    const struct selection *selection = rewriter->config.selection;
    const struct bound_edge *bound = &selection->binding->edges[index];
    const struct edge *edge = bound->edge;
    const struct map *keys = selection->edges[index].parent_keys;
    struct span *cells = ARENA_ARRAY(rewriter->scratch, edge->column_count + 1, struct span);
    struct buf key;
    bool is_ok = true;

    if (!cells)
        return error_memory(err);
    buf_init(&key, BUF_CEILING_MAX);
    for (uint32_t row = 0; is_ok && row < batch->rows; row++) {
        bool has_null = false;

        if (bound->when >= 0 &&
            !rewriter
                 ->discriminators[row * rewriter->table->discriminator_count + (size_t)bound->when])
            continue;
        for (size_t c = 0; c < edge->column_count; c++) {
            uint32_t column = 0;

            if (rewrite_position(rewriter->table, edge->child_columns[c], &column))
                cells[c] = *row_cell(batch, row, column);
        }
        buf_reset(&key);
        is_ok = key_canonical(rewriter->config.codec, edge->child_columns, cells,
                              edge->column_count, rewriter->scratch, &key, &has_null, err);
        if (is_ok && !has_null && !(keys && map_find(keys, buf_span(&key))))
            is_ok = reference_null(rewriter, batch, edge, row, err);
    }
    buf_release(&key);
    return is_ok;
}
