/* What the chosen rows hold, summed up from a rewritten batch. */
#include "run/rewrite_internal.h"

#include "survey/detector.h"
#include "transform/params.h"

/* The rows that only tails and pins brought; NULL: none. */
static bool tail_find(struct rewriter *rewriter, const struct batch *batch, bool **is_tail,
                      struct error *err)
{
    *is_tail = NULL;
    if (!rewriter->config.tail_rows)
        return true;
    *is_tail = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, bool);
    if (!*is_tail)
        return error_memory(err);
    for (uint32_t row = 0; row < rewriter->rows; row++)
        (*is_tail)[row] = bitmap_has(rewriter->config.tail_rows, batch->addresses[row]);
    return true;
}

static bool numbers_measure(struct rewriter *rewriter, const struct batch *batch, uint32_t column,
                            double **numbers, struct error *err)
{
    const struct cell_column cells = {
        .cells = row_cell(batch, 0, column), .stride = batch->columns, .count = rewriter->rows};
    struct cell_measures measures = {.arena = rewriter->scratch};

    measures.numbers = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, double);
    *numbers = measures.numbers;
    return measures.numbers ? rewriter->config.codec->measure(
                                  type_ground(rewriter->table->columns[column].column->type),
                                  &cells, &measures, err)
                            : error_memory(err);
}

static bool column_sum(struct rewriter *rewriter, const struct batch *batch, size_t at,
                       const bool *is_tail, struct error *err)
{
    struct likeness_part *part = rewriter->likeness;
    const struct like_column *column = &part->columns[at];
    const struct span *replaced = rewriter->replaced[column->position];
    double *numbers = NULL;

    if ((column->what & DIGEST_ORDER) &&
        !numbers_measure(rewriter, batch, column->position, &numbers, err))
        return false;
    for (uint32_t row = 0; row < rewriter->rows; row++) {
        const struct span cell = *row_cell(batch, row, column->position);
        struct digest *digest = is_tail && is_tail[row] ? &part->tail[at] : &part->sampled[at];

        if (!cell.ptr || (replaced && !replaced[row].ptr))
            digest_add_nulls(digest, 1);
        else if (!digest_add(digest, column->what & DIGEST_VALUES ? survey_cell_hash(cell) : 0,
                             numbers ? numbers[row] : 0, 1, part->arena, err))
            return false;
    }
    return true;
}

bool rewrite_like(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    const struct likeness_part *part = rewriter->likeness;
    bool *is_tail = NULL;

    if (!part || rewriter->rows == 0)
        return true;
    if (!tail_find(rewriter, batch, &is_tail, err))
        return false;
    for (size_t i = 0; i < part->count; i++)
        if (!column_sum(rewriter, batch, i, is_tail, err))
            return false;
    return true;
}
