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

/* An identifying input stands in this row's output: names the column it stands in, unless that one
 * is accepted. */
static void leak_place(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                       uint32_t from)
{
    struct span sought = rewriter->inputs[from][row].bytes;

    for (uint32_t c = 0; c < rewriter->columns; c++) {
        struct span cell =
            rewriter->replaced[c] ? rewriter->replaced[c][row] : *row_cell(batch, row, c);

        if (!cell.ptr || !memmem(cell.ptr, cell.len, sought.ptr, sought.len) ||
            rewriter->table->columns[c].is_leak_accepted)
            continue;
        if (rewriter->counts.leaked++ == 0) {
            rewriter->counts.leaked_from = &rewriter->table->columns[from];
            rewriter->counts.leaked_to = &rewriter->table->columns[c];
        }
        return;
    }
}

void rewrite_check_row(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                       struct span written)
{
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct bound_column *bound = &rewriter->table->columns[c];

        if (!bound->identifies || bound->is_copied || !is_textual(bound) ||
            rewriter->inputs[c][row].is_null)
            continue;
        struct span sought = rewriter->inputs[c][row].bytes;
        if (leak_is_telling(sought) && memmem(written.ptr, written.len, sought.ptr, sought.len))
            leak_place(rewriter, batch, row, c);
    }
}
