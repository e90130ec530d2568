/* Identifying inputs of a row sought in its own output, and gathered for the scan of the target. */
#include "run/rewrite_internal.h"

#include "run/leak_plain.h"
#include "transform/identifying.h"

static const struct prepared_transform *row_rule(const struct rewriter *rewriter,
                                                 const struct bound_column *bound, uint32_t row)
{
    const struct prepared_transform *rule =
        bound->variants[rewrite_variant(rewriter, bound, row)].rule;

    return rule && rule->identifies ? rule : NULL;
}

/* The identifying texts of one cell of the batch. */
static bool cell_visit(struct rewriter *rewriter, uint32_t column, uint32_t row,
                       transform_visit *visit, void *context, struct error *err)
{
    const struct bound_column *bound = &rewriter->table->columns[column];
    const struct prepared_transform *rule = row_rule(rewriter, bound, row);
    const struct value *value = &rewriter->inputs[column][row];

    if (!rule || value->is_null ||
        (rewriter->is_passed[column] && rewriter->is_passed[column][row]))
        return true;
    return identifying_visit(rule, bound->column->type, value, rewriter->scratch, visit, context,
                             err);
}

/* What a rule returns as it is by definition (nothing but punctuation) is counted, not sought: as
 * many values of the column as came back unchanged are explained by the rule's own count. Empty
 * texts have nothing to seek, and rules do not count them alike. */
static bool passed_mark(struct rewriter *rewriter, uint32_t column, struct error *err)
{
    const struct value *in = rewriter->inputs[column], *out = rewriter->outputs[column];
    bool *is_passed;
    uint64_t same = 0;

    if (rewriter->column_unchanged[column] == 0 || !in ||
        rewriter->table->columns[column].column->type->kind != KIND_TEXT)
        return true;
    is_passed = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, bool);
    if (!is_passed)
        return error_memory(err);
    for (uint32_t row = 0; row < rewriter->rows; row++) {
        is_passed[row] = !in[row].is_null && !out[row].is_null && in[row].bytes.len > 0 &&
                         span_equal(in[row].bytes, out[row].bytes);
        same += is_passed[row];
    }
    if (same <= rewriter->column_unchanged[column])
        rewriter->is_passed[column] = is_passed;
    return true;
}

static bool text_note(void *context, struct span text, struct error *err)
{
    struct rewriter *rewriter = context;

    return leak_add(rewriter->config.leaks, rewriter->leaks, text, err);
}

static bool is_sought(const struct bound_column *bound)
{
    return bound->identifies && !bound->is_copied;
}

bool rewrite_note_leaks(struct rewriter *rewriter, struct error *err)
{
    if (!rewriter->config.leaks)
        return true;
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        if (!is_sought(&rewriter->table->columns[c]))
            continue;
        if (!passed_mark(rewriter, c, err))
            return false;
        for (uint32_t row = 0; row < rewriter->rows; row++)
            if (!cell_visit(rewriter, c, row, text_note, rewriter, err))
                return false;
    }
    return leak_flush(rewriter->config.leaks, rewriter->leaks, err);
}

/* One row's output, searched for its own inputs. */
struct row_search {
    struct rewriter *rewriter;
    const struct batch *batch;
    uint32_t row, from;
    bool is_counted;
};

/* The first column, not accepted, in whose output the text stands; NULL: none. Most cells are
 * shorter than what is sought, or as long: memmem is rarely needed. */
static const struct bound_column *place_find(const struct row_search *search, struct span sought)
{
    const struct rewriter *rewriter = search->rewriter;

    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct span *cell = rewriter->replaced[c] ? &rewriter->replaced[c][search->row]
                                                        : row_cell(search->batch, search->row, c);

        if (!cell->ptr || cell->len < sought.len || rewriter->table->columns[c].is_leak_accepted)
            continue;
        if (cell->len == sought.len ? memcmp(cell->ptr, sought.ptr, sought.len) == 0
                                    : memmem(cell->ptr, cell->len, sought.ptr, sought.len) != NULL)
            return &rewriter->table->columns[c];
    }
    return NULL;
}

/* The same for a number in another spelling. Columns whose outputs are drawn from few may hold it
 * by chance, and other types than text hold no spellings. */
static const struct bound_column *number_find(const struct row_search *search, struct span sought)
{
    const struct rewriter *rewriter = search->rewriter;
    const struct leak_dialed number = leak_dialed(sought);

    for (uint32_t c = 0; c < rewriter->columns && number.digits; c++) {
        const struct bound_column *bound = &rewriter->table->columns[c];
        const struct span *cell = rewriter->replaced[c] ? &rewriter->replaced[c][search->row]
                                                        : row_cell(search->batch, search->row, c);
        enum kind kind = bound->column->type->kind;

        if (cell->ptr && !bound->is_leak_accepted && !bound->is_dense &&
            (kind == KIND_TEXT || kind == KIND_JSON) && leak_dialed_find(&number, *cell))
            return bound;
    }
    return NULL;
}

static bool text_seek(void *context, struct span text, struct error *err)
{
    struct row_search *search = context;
    struct rewrite_counts *counts = &search->rewriter->counts;
    const struct bound_column *place = NULL;

    UNUSED(err);
    if (search->is_counted || text.len < LEAK_BYTES_MIN)
        return true;
    place = place_find(search, text);
    if (!place)
        place = number_find(search, text);
    if (!place || !leak_is_telling(text))
        return true;
    if (counts->leaked++ == 0) {
        counts->leaked_from = &search->rewriter->table->columns[search->from];
        counts->leaked_to = place;
    }
    search->is_counted = true;
    return true;
}

bool rewrite_check_row(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                       struct error *err)
{
    struct row_search search = {.rewriter = rewriter, .batch = batch, .row = row};

    for (uint32_t c = 0; c < rewriter->columns && !search.is_counted; c++) {
        if (!is_sought(&rewriter->table->columns[c]))
            continue;
        search.from = c;
        if (!cell_visit(rewriter, c, row, text_seek, &search, err))
            return false;
    }
    return true;
}
