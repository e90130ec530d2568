/* Identifying inputs of a row sought in its own output, and gathered for the scan of the target. */
#include "run/rewrite_internal.h"

#include "run/leak_plain.h"
#include "transform/identifying.h"
#include "transform/parts.h"
#include "value/type.h"

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

static bool is_made(const struct bound_column *bound)
{
    enum kind kind = parts_leaf(bound->column->type, NULL)->kind;

    return bound->is_dense && !bound->is_copied && kind != KIND_INTEGER && kind != KIND_DECIMAL;
}

bool rewrite_reserve_made(const struct selection *selection, struct leak_set *leaks,
                          struct error *err)
{
    uint64_t texts = 0;

    for (size_t t = 0; t < selection->binding->catalog->table_count; t++)
        for (size_t c = 0; c < selection->binding->tables[t].column_count; c++)
            if (is_made(&selection->binding->tables[t].columns[c]))
                texts += selection->tables[t].row_count;
    return leak_made_reserve(leaks, texts, err);
}

/* A text made by a dense rule, for its place. */
struct made_note {
    struct leak_set *set;
    uint64_t place;
};

static bool made_visit(void *context, struct span text, struct error *err)
{
    const struct made_note *note = context;

    return leak_made_add(note->set, note->place, text, err);
}

/* What came back as it was has not been made. Numbers are judged by their share of all numbers. */
static bool made_note(struct rewriter *rewriter, uint32_t column, struct error *err)
{
    const struct bound_column *bound = &rewriter->table->columns[column];
    const struct value *in = rewriter->inputs[column], *out = rewriter->outputs[column];
    const enum kind kind = bound->column->type->kind;
    struct made_note note = {rewriter->config.leaks,
                             leak_place(rewriter->table->table->index, column)};

    if (!is_made(bound))
        return true;
    for (uint32_t row = 0; row < rewriter->rows; row++) {
        const struct prepared_transform *rule =
            bound->variants[rewrite_variant(rewriter, bound, row)].rule;

        if (!rule || !rule->is_dense || out[row].is_null ||
            (kind == KIND_TEXT && span_equal(in[row].bytes, out[row].bytes)))
            continue;
        if (!identifying_visit(rule, bound->column->type, &out[row], rewriter->scratch, made_visit,
                               &note, err))
            return false;
    }
    return true;
}

bool rewrite_note_leaks(struct rewriter *rewriter, struct error *err)
{
    if (!rewriter->config.leaks)
        return true;
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        if (!made_note(rewriter, c, err))
            return false;
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

bool rewriter_note(struct rewriter *rewriter, const struct batch *batch,
                   const struct bitmap *chosen, struct error *err)
{
    assert(rewriter->config.leaks && (batch->rows == 0 || batch->addresses));
    rewriter->batch = batch;
    if (!rewrite_prepare(rewriter, batch, err))
        return false;
    for (uint32_t c = 0; c < rewriter->columns; c++)
        if (is_sought(&rewriter->table->columns[c]) && !rewrite_decode(rewriter, batch, c, err))
            return false;
    for (uint32_t row = 0; row < batch->rows; row++) {
        if (chosen && bitmap_has(chosen, batch->addresses[row]))
            continue;
        rewriter->counts.noted++;
        rewrite_discriminate(rewriter, batch, row);
        for (uint32_t c = 0; c < rewriter->columns; c++)
            if (is_sought(&rewriter->table->columns[c]) &&
                !cell_visit(rewriter, c, row, text_note, rewriter, err))
                return false;
    }
    return leak_flush(rewriter->config.leaks, rewriter->leaks, err);
}

/* One row's output, searched for its own inputs. */
struct row_search {
    struct rewriter *rewriter;
    const struct batch *batch;
    uint32_t row, from;
    bool is_counted, has_plain;
    bool has_lone_word;
};

static const struct span *output_cell(const struct row_search *search, uint32_t column)
{
    return search->rewriter->replaced[column] ? &search->rewriter->replaced[column][search->row]
                                              : row_cell(search->batch, search->row, column);
}

static void plain_add(struct span text, struct buf *out)
{
    size_t begin = out->len;

    leak_plain(text, out);
    for (size_t i = begin; i < out->len; i++)
        if (out->ptr[i] >= 'A' && out->ptr[i] <= 'Z')
            out->ptr[i] = (char)(out->ptr[i] + ('a' - 'A'));
}

/* The other spellings of the row's texts, once for all that is sought in it. */
static bool row_plain(struct row_search *search, struct error *err)
{
    struct rewriter *rewriter = search->rewriter;

    buf_reset(&rewriter->plain);
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct bound_column *bound = &rewriter->table->columns[c];
        const enum kind kind = type_base(bound->column->type)->kind;
        const struct span *cell = output_cell(search, c);

        if (cell->ptr && cell->len >= LEAK_BYTES_MIN && !bound->is_leak_accepted &&
            (kind == KIND_TEXT || kind == KIND_JSON) && leak_is_spelled(*cell))
            plain_add(*cell, &rewriter->plain);
        rewriter->plain_ends[c] = rewriter->plain.len;
    }
    search->has_plain = true;
    return buf_ok(&rewriter->plain) || error_memory(err);
}

/* The same as place_find under escapes, in other letters and with letters taken apart. */
static const struct bound_column *spelled_find(struct row_search *search, struct span sought)
{
    struct rewriter *rewriter = search->rewriter;
    size_t begin = 0;

    if (rewriter->plain.len == 0)
        return NULL;
    buf_reset(&rewriter->sought);
    plain_add(sought, &rewriter->sought);
    for (uint32_t c = 0; c < rewriter->columns; begin = rewriter->plain_ends[c++])
        if (memmem(rewriter->plain.ptr + begin, rewriter->plain_ends[c] - begin,
                   rewriter->sought.ptr, rewriter->sought.len))
            return &rewriter->table->columns[c];
    return NULL;
}

/* The first column, not accepted, in whose output the text stands; NULL: none. Most cells are
 * shorter than what is sought, or as long: memmem is rarely needed. */
static const struct bound_column *place_find(const struct row_search *search, struct span sought)
{
    const struct rewriter *rewriter = search->rewriter;

    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct span *cell = output_cell(search, c);

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
        const struct span *cell = output_cell(search, c);
        enum kind kind = bound->column->type->kind;

        if (cell->ptr && !bound->is_leak_accepted && (!bound->is_dense || kind == KIND_JSON) &&
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

    if (search->is_counted || text.len < LEAK_BYTES_MIN)
        return true;
    place = place_find(search, text);
    if (!place)
        place = number_find(search, text);
    if (!place) {
        if (!search->has_plain && !row_plain(search, err))
            return false;
        place = spelled_find(search, text);
        if (!buf_ok(&search->rewriter->sought))
            return error_memory(err);
    }
    if (!place)
        return true;
    if (!leak_is_telling(text)) {
        counts->lone_words += !search->has_lone_word;
        search->has_lone_word = true;
        return true;
    }
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
