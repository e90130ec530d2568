/* Batches of rows through the rules of their columns. */
#include "run/rewrite_internal.h"

#include "base/words.h"

static bool column_error(const struct rewriter *rewriter, uint32_t column, struct error *err)
{
    return error_context(
        err, "column '%s.%s'", rewriter->table->table->label,
        words_printable(rewriter->scratch, rewriter->table->columns[column].column->name));
}

bool rewrite_position(const struct bound_table *table, const struct column *column,
                      uint32_t *position)
{
    for (uint32_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column) {
            *position = i;
            return true;
        }
    return false;
}

/* Depth-first; bind has refused cycles, so the depth is bounded by the number of columns. */
static void order_visit(struct rewriter *rewriter, uint32_t column, bool *is_placed,
                        uint32_t *count)
{
    const struct bound_column *bound = &rewriter->table->columns[column];

    if (is_placed[column])
        return;
    is_placed[column] = true;
    for (size_t i = 0; i < bound->companion_count; i++)
        order_visit(rewriter, bound->companions[i], is_placed, count);
    rewriter->order[(*count)++] = column;
}

static bool columns_prepare(struct rewriter *rewriter, struct error *err)
{
    const struct bound_table *table = rewriter->table;
    bool *is_placed = ARENA_ARRAY(rewriter->arena, table->column_count + 1, bool);
    uint32_t placed = 0;

    rewriter->order = ARENA_ARRAY(rewriter->arena, table->column_count + 1, uint32_t);
    rewriter->must_decode = ARENA_ARRAY(rewriter->arena, table->column_count + 1, bool);
    rewriter->identity = ARENA_ARRAY(rewriter->arena, table->identity_count + 1, uint32_t);
    rewriter->row_replaced =
        ARENA_ARRAY(rewriter->arena, table->column_count + 1, const struct span *);
    rewriter->row_cells = ARENA_ARRAY(rewriter->arena, table->identity_count + 1, struct span);
    rewriter->fan_cells = ARENA_ARRAY(rewriter->arena, table->column_count + 1, struct span);
    if (!is_placed || !rewriter->order || !rewriter->must_decode || !rewriter->identity ||
        !rewriter->row_replaced || !rewriter->row_cells || !rewriter->fan_cells)
        return error_memory(err);
    for (uint32_t i = 0; i < table->column_count; i++) {
        const struct bound_column *bound = &table->columns[i];

        order_visit(rewriter, i, is_placed, &placed);
        rewriter->must_decode[i] |= !bound->is_copied;
        rewriter->needs_subject |= (bound->needs & NEED_SUBJECT) != 0;
        for (size_t c = 0; c < bound->companion_count; c++)
            rewriter->must_decode[bound->companions[c]] = true;
    }
    /* Times that stay as they are belong to somebody too. */
    rewriter->needs_subject |=
        rewriter->config.gathering &&
        gathering_table(rewriter->config.gathering, table->table)->time_count > 0;
    rewriter->is_clustered =
        table->table->storage && strcmp(table->table->storage, "InnoDB") == 0 &&
        table->table->primary &&
        rewrite_position(table, table->table->primary->columns[0], &rewriter->place);
    for (size_t i = 0; i < table->identity_count; i++)
        if (!rewrite_position(table, table->identity_columns[i], &rewriter->identity[i]))
            return error_set(err, STATUS_BUG, "an identity column of '%s' is not read",
                             table->table->label);
    return true;
}

static bool cuts_prepare(struct rewriter *rewriter, struct error *err)
{
    const struct binding *binding = rewriter->config.selection->binding;
    const struct edge_list *up = &binding->graph->up[rewriter->table->table->index];

    rewriter->cuts = ARENA_ARRAY(rewriter->arena, up->count + 1, uint32_t);
    rewriter->nulled = ARENA_ARRAY(rewriter->arena, binding->graph->all.count + 1, uint64_t);
    if (!rewriter->cuts || !rewriter->nulled)
        return error_memory(err);
    for (size_t i = 0; i < up->count; i++)
        if (binding->edges[up->edges[i]->index].is_parent_cut)
            rewriter->cuts[rewriter->cut_count++] = up->edges[i]->index;
    return true;
}

bool rewriter_new(const struct rewriter_config *config, struct rewriter **rewriter,
                  struct error *err)
{
    struct arena *arena = arena_new();
    struct rewriter *made = arena ? ARENA_NEW(arena, struct rewriter) : NULL;

    *rewriter = NULL;
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->config = *config;
    made->arena = arena;
    made->scratch = arena_new();
    made->key = (struct key_scratch){.codec = config->codec, .arena = made->scratch};
    buf_init(&made->key.bytes, BUF_CEILING_MAX);
    made->table = config->table;
    made->columns = (uint32_t)config->table->column_count;
    buf_init(&made->plain, BUF_CEILING_MAX);
    buf_init(&made->sought, BUF_CEILING_MAX);
    made->plain_ends = ARENA_ARRAY(arena, made->columns + 1u, size_t);
    made->leaks = config->leaks ? ARENA_NEW(arena, struct leak_buffer) : NULL;
    if (!made->scratch || !made->plain_ends || (config->leaks && !made->leaks))
        error_memory(err);
    else if (columns_prepare(made, err) && cuts_prepare(made, err) &&
             (!config->likeness ||
              likeness_part_new(config->likeness, config->table->table, &made->likeness, err))) {
        *rewriter = made;
        return true;
    }
    arena_free(made->scratch);
    arena_free(arena);
    return false;
}

void rewriter_free(struct rewriter *rewriter)
{
    if (!rewriter)
        return;
    buf_release(&rewriter->key.bytes);
    buf_release(&rewriter->plain);
    buf_release(&rewriter->sought);
    likeness_part_free(rewriter->likeness);
    arena_free(rewriter->scratch);
    arena_free(rewriter->arena);
}

bool rewriter_fields(const struct bound_table *table, struct arena *arena, struct field **fields,
                     size_t *count, struct error *err)
{
    *count = table->column_count + table->discriminator_count + table->lookup_count;
    *fields = ARENA_ARRAY(arena, *count + 1, struct field);
    if (!*fields)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++)
        (*fields)[i] = (struct field){.column = table->columns[i].column,
                                      .type = table->columns[i].column->type};
    for (size_t i = 0; i < table->discriminator_count; i++)
        (*fields)[table->column_count + i] =
            (struct field){.expression = table->discriminators[i], .type = &key_boolean_type};
    for (size_t i = 0; i < table->lookup_count; i++)
        (*fields)[table->column_count + table->discriminator_count + i] =
            (struct field){.expression = table->lookups[i]};
    return true;
}

/* A boolean on the wire: one byte 0 or 1 in binary, t or f in text; MySQL: a digit. */
static bool cell_is_true(struct span cell)
{
    return cell.ptr && cell.len == 1 &&
           (cell.ptr[0] == 1 || cell.ptr[0] == 't' || cell.ptr[0] == '1');
}

void rewrite_discriminate(struct rewriter *rewriter, const struct batch *batch, uint32_t row)
{
    const size_t count = rewriter->table->discriminator_count;

    for (size_t d = 0; d < count; d++)
        rewriter->discriminators[row * count + d] =
            cell_is_true(*row_cell(batch, row, rewriter->columns + (uint32_t)d));
}

static bool rows_identify(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    const struct bound_table *table = rewriter->table;

    for (uint32_t row = 0; row < batch->rows; row++) {
        for (size_t i = 0; i < table->identity_count; i++)
            rewriter->row_cells[i] = *row_cell(batch, row, rewriter->identity[i]);
        if (!identity_hash(table, &table->order_key, &rewriter->key, rewriter->row_cells,
                           &rewriter->identities[row], err))
            return false;
        rewrite_discriminate(rewriter, batch, row);
    }
    return true;
}

static bool rows_find_subjects(struct rewriter *rewriter, const struct batch *batch,
                               struct error *err)
{
    const struct bound_table *table = rewriter->table;

    if (!rewriter->needs_subject)
        return true;
    for (uint32_t row = 0; row < batch->rows; row++) {
        if (table->is_subject_shared) {
            rewriter->subjects[row] = 0;
            continue;
        }
        if (!selection_subject(rewriter->config.selection, table, &rewriter->key,
                               row_cell(batch, row, 0),
                               rewriter->discriminators + row * table->discriminator_count,
                               &rewriter->subjects[row], err))
            return false;
    }
    return true;
}

bool rewrite_prepare(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    struct arena *scratch = rewriter->scratch;
    size_t rows = batch->rows ? batch->rows : 1;

    arena_reset(scratch);
    rewriter->rows = batch->rows;
    rewriter->identities = ARENA_ARRAY(scratch, rows, uint64_t);
    rewriter->subjects = ARENA_ARRAY(scratch, rows, uint64_t);
    rewriter->discriminators =
        ARENA_ARRAY(scratch, rows * (rewriter->table->discriminator_count + 1), bool);
    rewriter->inputs = ARENA_ARRAY(scratch, rewriter->columns + 1, struct value *);
    rewriter->outputs = ARENA_ARRAY(scratch, rewriter->columns + 1, struct value *);
    rewriter->replaced = ARENA_ARRAY(scratch, rewriter->columns + 1, struct span *);
    rewriter->column_unchanged = ARENA_ARRAY(scratch, rewriter->columns + 1, uint64_t);
    rewriter->is_passed = ARENA_ARRAY(scratch, rewriter->columns + 1, bool *);
    if (!rewriter->identities || !rewriter->subjects || !rewriter->discriminators ||
        !rewriter->inputs || !rewriter->outputs || !rewriter->replaced ||
        !rewriter->column_unchanged || !rewriter->is_passed)
        return error_memory(err);
    return true;
}

/* Nothing of its values stays, so what can be read of them is enough. */
static bool is_emptied(const struct bound_column *bound)
{
    for (size_t i = 0; i < bound->variant_count; i++)
        if (!bound->variants[i].rule || bound->variants[i].rule->transform != &transform_null)
            return false;
    return bound->variant_count > 0;
}

bool rewrite_decode(struct rewriter *rewriter, const struct batch *batch, uint32_t column,
                    struct error *err)
{
    const struct bound_column *bound = &rewriter->table->columns[column];
    struct value *in = ARENA_ARRAY(rewriter->scratch, batch->rows + 1u, struct value);
    struct value *out = ARENA_ARRAY(rewriter->scratch, batch->rows + 1u, struct value);
    const bool takes_opaque = is_emptied(bound);

    if (!in || !out)
        return error_memory(err);
    for (uint32_t row = 0; row < batch->rows; row++) {
        struct span cell = *row_cell(batch, row, column);

        if (!cell.ptr)
            in[row].is_null = true;
        else if (takes_opaque &&
                 codec_opaque(rewriter->config.codec, bound->column->type, cell, &in[row].bytes))
            in[row].is_null = false;
        else if (!rewriter->config.codec->decode(bound->column->type, cell, rewriter->scratch,
                                                 &in[row], err))
            return column_error(rewriter, column, err);
        out[row] = in[row];
    }
    rewriter->inputs[column] = in;
    rewriter->outputs[column] = out;
    return true;
}

size_t rewrite_variant(const struct rewriter *rewriter, const struct bound_column *bound,
                       uint32_t row)
{
    size_t width = rewriter->table->discriminator_count, chosen = 0;

    while (chosen + 1 < bound->variant_count && bound->variants[chosen].when >= 0 &&
           !rewriter->discriminators[row * width + (size_t)bound->variants[chosen].when])
        chosen++;
    return chosen;
}

/* The rows one variant applies to, in order. */
static uint32_t variant_rows(const struct rewriter *rewriter, const struct bound_column *bound,
                             size_t variant, uint32_t *rows)
{
    uint32_t count = 0;

    for (uint32_t row = 0; row < rewriter->rows; row++)
        if (rewrite_variant(rewriter, bound, row) == variant)
            rows[count++] = row;
    return count;
}

/* What a call of a rule gets: columns of the rows it is for, gathered in order. */
struct gathered {
    uint32_t count;
    uint32_t *rows; /* of the batch */
    struct value *values;
};

static bool companions_gather(struct rewriter *rewriter, const struct bound_column *bound,
                              const struct gathered *gathered, struct transform_call *call,
                              struct error *err)
{
    const struct value **after =
        ARENA_ARRAY(rewriter->scratch, bound->companion_count + 1, const struct value *);
    const struct value **before =
        ARENA_ARRAY(rewriter->scratch, bound->companion_count + 1, const struct value *);

    if (!after || !before)
        return error_memory(err);
    for (size_t c = 0; c < bound->companion_count; c++) {
        struct value *out = ARENA_ARRAY(rewriter->scratch, gathered->count + 1u, struct value);
        struct value *in = ARENA_ARRAY(rewriter->scratch, gathered->count + 1u, struct value);

        if (!in || !out)
            return error_memory(err);
        for (uint32_t i = 0; i < gathered->count; i++) {
            out[i] = rewriter->outputs[bound->companions[c]][gathered->rows[i]];
            in[i] = rewriter->inputs[bound->companions[c]][gathered->rows[i]];
        }
        after[c] = out;
        before[c] = in;
    }
    call->companions = after;
    call->companion_inputs = before;
    call->companion_count = bound->companion_count;
    return true;
}

/* What the source says of the groups of these rows. */
static bool groups_gather(const struct rewriter *rewriter, const struct gathered *gathered,
                          struct transform_call *call, struct error *err)
{
    const struct bound_table *table = rewriter->table;
    const uint32_t first = rewriter->columns + (uint32_t)table->discriminator_count;
    const struct span **groups =
        ARENA_ARRAY(rewriter->scratch, table->lookup_count + 1, const struct span *);

    if (!groups)
        return error_memory(err);
    for (uint32_t g = 0; g < table->lookup_count; g++) {
        struct span *cells = ARENA_ARRAY(rewriter->scratch, gathered->count + 1u, struct span);

        if (!cells)
            return error_memory(err);
        for (uint32_t i = 0; i < gathered->count; i++)
            cells[i] = *row_cell(rewriter->batch, gathered->rows[i], first + g);
        groups[g] = cells;
    }
    call->groups = groups;
    return true;
}

static bool rule_apply(struct rewriter *rewriter, const struct bound_column *bound,
                       const struct prepared_transform *rule, struct gathered *gathered,
                       struct error *err)
{
    uint64_t *subjects = ARENA_ARRAY(rewriter->scratch, gathered->count + 1u, uint64_t);
    uint64_t *identities = ARENA_ARRAY(rewriter->scratch, gathered->count + 1u, uint64_t);
    struct transform_call call = {
        .params = rule->params,
        .key = rule->key,
        .column = bound->column,
        .type = bound->column->type,
        .subjects = subjects,
        .identities = identities,
        .arena = rewriter->scratch,
        .scrambled = &rewriter->counts.scrambled,
        .unchanged = &rewriter->counts.unchanged,
    };

    if (!subjects || !identities)
        return error_memory(err);
    for (uint32_t i = 0; i < gathered->count; i++) {
        subjects[i] = rewriter->subjects[gathered->rows[i]];
        identities[i] = rewriter->identities[gathered->rows[i]];
    }
    return (bound->companion_count == 0 ||
            companions_gather(rewriter, bound, gathered, &call, err)) &&
           (!(rule->needs & NEED_GROUP) || groups_gather(rewriter, gathered, &call, err)) &&
           transform_apply(rule, &call, gathered->values, gathered->count, err);
}

static bool column_apply(struct rewriter *rewriter, uint32_t column, struct error *err)
{
    const struct bound_column *bound = &rewriter->table->columns[column];
    uint32_t *rows = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, uint32_t);
    struct value *values = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, struct value);

    uint64_t unchanged = rewriter->counts.unchanged;

    if (!rows || !values)
        return error_memory(err);
    for (size_t v = 0; v < bound->variant_count; v++) {
        struct gathered gathered = {variant_rows(rewriter, bound, v, rows), rows, values};

        if (!bound->variants[v].rule || gathered.count == 0)
            continue;
        for (uint32_t i = 0; i < gathered.count; i++)
            values[i] = rewriter->inputs[column][rows[i]];
        if (!rule_apply(rewriter, bound, bound->variants[v].rule, &gathered, err))
            return column_error(rewriter, column, err);
        for (uint32_t i = 0; i < gathered.count; i++)
            rewriter->outputs[column][rows[i]] = values[i];
    }
    rewriter->column_unchanged[column] = rewriter->counts.unchanged - unchanged;
    return true;
}

static bool column_encode(struct rewriter *rewriter, uint32_t column, struct error *err)
{
    const struct bound_column *bound = &rewriter->table->columns[column];
    struct span *cells = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, struct span);

    if (!cells)
        return error_memory(err);
    for (uint32_t row = 0; row < rewriter->rows; row++) {
        const struct value *value = &rewriter->outputs[column][row];

        if (value->is_null)
            continue;
        if (!rewriter->config.codec->encode(bound->column, bound->column->type, value,
                                            rewriter->scratch, &cells[row], err))
            return column_error(rewriter, column, err);
    }
    rewriter->replaced[column] = cells;
    return true;
}

/* Type numbers inside arrays and composites are the source's: the target has its own. */
static bool column_translate(struct rewriter *rewriter, const struct batch *batch, uint32_t column,
                             struct error *err)
{
    const struct type *type = rewriter->table->columns[column].column->type;
    struct span *cells = rewriter->replaced[column];

    if (!type->carries_oids || !rewriter->config.oids)
        return true;
    if (!cells) {
        cells = ARENA_ARRAY(rewriter->scratch, rewriter->rows + 1u, struct span);
        if (!cells)
            return error_memory(err);
        for (uint32_t row = 0; row < batch->rows; row++)
            cells[row] = *row_cell(batch, row, column);
        rewriter->replaced[column] = cells;
    }
    for (uint32_t row = 0; row < batch->rows; row++)
        if (cells[row].ptr &&
            !rewriter->config.codec->translate_oids(type, cells[row], rewriter->config.oids,
                                                    rewriter->scratch, &cells[row], err))
            return column_error(rewriter, column, err);
    return true;
}

static bool columns_rewrite(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    for (uint32_t c = 0; c < rewriter->columns; c++)
        if (rewriter->must_decode[c] && !rewrite_decode(rewriter, batch, c, err))
            return false;
    for (uint32_t i = 0; i < rewriter->columns; i++) {
        uint32_t c = rewriter->order[i];
        const struct bound_column *bound = &rewriter->table->columns[c];

        if (!bound->is_copied &&
            !(column_apply(rewriter, c, err) && column_encode(rewriter, c, err)))
            return false;
        if (!column_translate(rewriter, batch, c, err))
            return false;
    }
    return true;
}

bool rewriter_run(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    assert(batch->columns == rewriter->columns + rewriter->table->discriminator_count +
                                 rewriter->table->lookup_count);
    rewriter->batch = batch;
    if (!rewrite_prepare(rewriter, batch, err) || !rows_identify(rewriter, batch, err) ||
        !rows_find_subjects(rewriter, batch, err) || !columns_rewrite(rewriter, batch, err))
        return false;
    for (size_t i = 0; i < rewriter->cut_count; i++)
        if (!rewrite_cut_edge(rewriter, batch, rewriter->cuts[i], err))
            return false;
    return rewrite_gather(rewriter, batch, err) && rewrite_order(rewriter, batch, err) &&
           rewrite_like(rewriter, batch, err) && rewrite_fan(rewriter, batch, err) &&
           rewrite_note_leaks(rewriter, err);
}

bool rewriter_finish(struct rewriter *rewriter, struct error *err)
{
    return !rewriter->likeness || likeness_take(rewriter->config.likeness, rewriter->likeness, err);
}

uint64_t rewriter_identity(const struct rewriter *rewriter, uint32_t row)
{
    assert(row < rewriter->rows);
    return rewriter->identities[row];
}

bool rewriter_is_clustered(const struct rewriter *rewriter)
{
    return rewriter->is_clustered;
}

/* The bits of an integer, or the first bytes of a text, as numbers of the same order. */
uint64_t rewriter_place(const struct rewriter *rewriter, const struct batch *batch, uint32_t row)
{
    const uint32_t column = rewriter->place;
    struct span cell = rewriter->replaced[column] ? rewriter->replaced[column][row]
                                                  : *row_cell(batch, row, column);
    uint64_t place = 0;

    assert(rewriter->is_clustered && row < rewriter->rows);
    if (rewriter->table->columns[column].column->type->kind == KIND_INTEGER) {
        const uint64_t zero = (uint64_t)1 << 63;
        bool is_negative = cell.len > 0 && cell.ptr[0] == '-';

        for (size_t i = is_negative; i < cell.len; i++)
            place = place * 10 + (uint64_t)(cell.ptr[i] - '0');
        if (is_negative)
            return zero - place;
        return place < zero ? zero + place : UINT64_MAX;
    }
    for (size_t i = 0; i < 8; i++)
        place = place << 8 | (i < cell.len ? (unsigned char)cell.ptr[i] : 0);
    return place;
}

bool rewriter_write(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                    struct buf *out, struct error *err)
{
    assert(row < rewriter->rows);
    for (uint32_t c = 0; c < rewriter->columns; c++)
        rewriter->row_replaced[c] = rewriter->replaced[c] ? &rewriter->replaced[c][row] : NULL;
    rewriter->config.codec->write_row(batch->row[row], row_cell(batch, row, 0),
                                      rewriter->row_replaced, rewriter->columns, out);
    if (!buf_ok(out))
        return error_set(err, STATUS_LOCAL, "a row of table '%s' does not fit into memory",
                         rewriter->table->table->label);
    return !rewriter->config.leaks || rewrite_check_row(rewriter, batch, row, err);
}

const struct rewrite_counts *rewriter_counts(const struct rewriter *rewriter)
{
    return &rewriter->counts;
}

uint64_t rewriter_nulled(const struct rewriter *rewriter, uint32_t edge)
{
    return rewriter->nulled[edge];
}
