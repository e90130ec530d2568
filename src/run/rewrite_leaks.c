/* Identifying inputs of a row sought in its own output. */
#include "run/rewrite_internal.h"

static bool is_textual(const struct bound_column *bound)
{
    return bound->column->type->kind == KIND_TEXT && !bound->is_array;
}

bool rewrite_note_leaks(struct rewriter *rewriter, struct error *err)
{
    if (!rewriter->config.leaks)
        return true;
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct bound_column *bound = &rewriter->table->columns[c];

        if (!bound->identifies || bound->is_copied || !is_textual(bound))
            continue;
        for (uint32_t row = 0; row < rewriter->rows; row++)
            if (!rewriter->inputs[c][row].is_null &&
                !leak_add(rewriter->config.leaks, rewriter->leaks, rewriter->inputs[c][row].bytes,
                          err))
                return false;
    }
    return leak_flush(rewriter->config.leaks, rewriter->leaks, err);
}

/* The first column, not accepted, in whose output the text stands; NULL: none. Most cells are
 * shorter than what is sought, or as long: memmem is rarely needed. */
static const struct bound_column *leak_place(const struct rewriter *rewriter,
                                             const struct batch *batch, uint32_t row,
                                             struct span sought)
{
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct span *cell =
            rewriter->replaced[c] ? &rewriter->replaced[c][row] : row_cell(batch, row, c);

        if (!cell->ptr || cell->len < sought.len || rewriter->table->columns[c].is_leak_accepted)
            continue;
        if (cell->len == sought.len ? memcmp(cell->ptr, sought.ptr, sought.len) == 0
                                    : memmem(cell->ptr, cell->len, sought.ptr, sought.len) != NULL)
            return &rewriter->table->columns[c];
    }
    return NULL;
}

void rewrite_check_row(struct rewriter *rewriter, const struct batch *batch, uint32_t row)
{
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct bound_column *bound = &rewriter->table->columns[c], *place;

        if (!bound->identifies || bound->is_copied || !is_textual(bound) ||
            rewriter->inputs[c][row].is_null || rewriter->inputs[c][row].bytes.len < LEAK_BYTES_MIN)
            continue;
        struct span sought = rewriter->inputs[c][row].bytes;
        if (!(place = leak_place(rewriter, batch, row, sought)) || !leak_is_telling(sought))
            continue;
        if (rewriter->counts.leaked++ == 0) {
            rewriter->counts.leaked_from = bound;
            rewriter->counts.leaked_to = place;
        }
    }
}
