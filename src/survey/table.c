/* A table as its survey sees it: which columns, what they are to detectors, how they are read. */
#include "survey/core.h"

#include "survey/links.h"
#include "survey/symbols.h"
#include "value/type.h"

#define WIDE_BYTES 256 /* on average */

/* What the source makes of a wide value: see db_wide_expression. */
static const struct type wide_type = {.schema = "pg_catalog",
                                      .name = "int8",
                                      .class = TYPE_BASE,
                                      .kind = KIND_INTEGER,
                                      .width = 8,
                                      .has_binary = true};

static bool form_of(const struct type *base, enum survey_form *form)
{
    static const enum survey_form forms[KIND_COUNT] = {
        [KIND_BOOLEAN] = FORM_CODE,   [KIND_INTEGER] = FORM_NUMBER, [KIND_REAL] = FORM_NUMBER,
        [KIND_DECIMAL] = FORM_NUMBER, [KIND_TEXT] = FORM_TEXT,      [KIND_ENUM] = FORM_CODE,
        [KIND_BYTES] = FORM_BYTES,    [KIND_UUID] = FORM_CODE,      [KIND_DATE] = FORM_TIME,
        [KIND_TIME] = FORM_CODE,      [KIND_TIMESTAMP] = FORM_TIME, [KIND_INSTANT] = FORM_TIME,
        [KIND_JSON] = FORM_JSON,      [KIND_INET] = FORM_CODE,      [KIND_MAC] = FORM_CODE,
    };

    *form = base->class == TYPE_ARRAY  ? FORM_ARRAY
            : base->class == TYPE_ENUM ? FORM_CODE
                                       : forms[base->kind];
    if (!base->has_binary)
        return false;
    return base->class == TYPE_ARRAY || base->class == TYPE_ENUM ||
           (base->class == TYPE_BASE && base->kind != KIND_OTHER && base->kind != KIND_HSTORE &&
            base->kind != KIND_COMPOSITE);
}

static bool has_column(const struct column *const *columns, size_t count,
                       const struct column *column)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

static bool is_reference(const struct edge_list *up, const struct column *column)
{
    for (size_t i = 0; i < up->count; i++)
        if (has_column(up->edges[i]->child_columns, up->edges[i]->column_count, column))
            return true;
    return false;
}

static bool is_referenced(const struct edge_list *down, const struct column *column)
{
    for (size_t i = 0; i < down->count; i++)
        if (has_column(down->edges[i]->parent_columns, down->edges[i]->column_count, column))
            return true;
    return false;
}

/* Whether its values must be at hand as they are. */
static bool is_needed(const struct table_options *options, const struct survey_column *column)
{
    return options->links && links_needs(options->links, column->bound->column);
}

static bool is_wide(const struct table_options *options, const struct survey_column *column)
{
    const bool is_long =
        column->form == FORM_TEXT || column->form == FORM_JSON || column->form == FORM_BYTES;

    return is_long && options->source && !is_needed(options, column) &&
           column->bound->column->width_estimate > WIDE_BYTES;
}

static bool has_symbols(const struct survey_column *column)
{
    switch (column->form) {
    case FORM_NUMBER:
    case FORM_TIME:
    case FORM_TEXT:
    case FORM_CODE:
    case FORM_ARRAY:
        return !column->is_unique && !column->is_ignored;
    case FORM_JSON:
    case FORM_BYTES:
    case FORM_WIDE:
        return false;
    }
    return false;
}

/* False: it is not read. A column that no detector knows, or that belongs to a table which is not
 * surveyed, is read where links need it, and has no strata of its own. */
static bool column_make(const struct table_options *options, const struct bound_column *bound,
                        struct survey_column *column)
{
    const struct graph *graph = options->binding->graph;
    const uint32_t table = bound->column->table->index;

    *column = (struct survey_column){
        .bound = bound,
        .type = type_base(bound->column->type),
        .is_reference = is_reference(&graph->up[table], bound->column),
        .is_referenced = is_referenced(&graph->down[table], bound->column),
        .is_unique = column_is_unique(bound->column),
        .is_ignored = bound->is_tail_ignored || !options->is_surveyed,
        .codec = options->codec,
    };
    if (!form_of(column->type, &column->form)) {
        column->form = FORM_CODE;
        column->is_ignored = true;
    }
    if (column->is_ignored)
        return column->type->has_binary && is_needed(options, column);
    if (is_wide(options, column))
        column->form = FORM_WIDE;
    return true;
}

static uint32_t field_add(struct survey_layout *layout, const struct column *column)
{
    for (size_t i = 0; i < layout->field_count; i++)
        if (layout->fields[i].column == column)
            return (uint32_t)i;
    layout->fields[layout->field_count] = (struct field){.column = column, .type = column->type};
    return (uint32_t)layout->field_count++;
}

static bool wide_add(struct survey_layout *layout, const struct table_options *options,
                     const struct column *column, struct arena *arena, struct error *err)
{
    const char *expression = NULL;

    if (!db_wide_expression(options->source, column, arena, &expression, err))
        return false;
    layout->fields[layout->field_count++] =
        (struct field){.expression = expression, .type = &wide_type};
    return true;
}

static bool layout_make(struct survey_layout *layout, const struct survey_table *table,
                        const struct table_options *options, struct arena *arena, struct error *err)
{
    const struct bound_table *bound = table->bound;
    const struct field *extras = NULL;
    size_t extra_count = options->links ? links_fields(options->links, bound->table, &extras) : 0;
    size_t most = table->column_count + bound->identity_count + extra_count + 1;

    layout->fields = ARENA_ARRAY(arena, most, struct field);
    layout->positions = ARENA_ARRAY(arena, most, uint32_t);
    layout->identity = ARENA_ARRAY(arena, most, uint32_t);
    if (!layout->fields || !layout->positions || !layout->identity)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct survey_column *column = &table->columns[i];
        layout->positions[i] = (uint32_t)layout->field_count;
        if (column->form != FORM_WIDE)
            layout->positions[i] = field_add(layout, column->bound->column);
        else if (!wide_add(layout, options, column->bound->column, arena, err))
            return false;
    }
    layout->identity_count = bound->identity_count;
    for (size_t i = 0; i < bound->identity_count; i++)
        layout->identity[i] = field_add(layout, bound->identity_columns[i]);
    layout->extra_first = layout->field_count;
    layout->extra_count = extra_count;
    for (size_t i = 0; i < extra_count; i++)
        layout->fields[layout->field_count++] = extras[i];
    return true;
}

bool layout_narrow(struct survey_layout *layout, const struct survey_table *table,
                   const bool *columns, struct arena *arena, struct error *err)
{
    const struct bound_table *bound = table->bound;
    const struct survey_layout full = *layout;

    *layout = (struct survey_layout){
        .fields = ARENA_ARRAY(arena, full.field_count + 1, struct field),
        .positions = ARENA_ARRAY(arena, table->column_count + 1, uint32_t),
        .identity_count = full.identity_count,
        .identity = ARENA_ARRAY(arena, full.identity_count + 1, uint32_t),
    };
    if (!layout->fields || !layout->positions || !layout->identity)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++) {
        layout->positions[i] = FIELD_NONE;
        if (!columns[i])
            continue;
        assert(table->columns[i].form != FORM_WIDE);
        layout->positions[i] = field_add(layout, table->columns[i].bound->column);
    }
    for (size_t i = 0; i < full.identity_count; i++)
        layout->identity[i] = field_add(layout, bound->identity_columns[i]);
    return true;
}

bool table_open(struct survey_table *table, struct survey_layout *layout,
                const struct table_options *options, const struct bound_table *bound,
                struct arena *arena, struct error *err)
{
    const struct bound_tails *tails = &options->binding->tails;
    struct survey_column *columns =
        ARENA_ARRAY(arena, bound->column_count + 1, struct survey_column);
    size_t count = 0;

    *layout = (struct survey_layout){.field_count = 0};
    *table = (struct survey_table){.bound = bound,
                                   .binding = options->binding,
                                   .codec = options->codec,
                                   .arena = arena,
                                   .columns = columns,
                                   .row_estimate = bound->table->row_estimate,
                                   .per_stratum = tails->per_stratum,
                                   .rare = tails->rare,
                                   .rare_most = rare_limit(tails, (double)options->row_bound),
                                   .now_us = options->now_us};
    if (!columns)
        return error_memory(err);
    for (size_t i = 0; i < bound->column_count; i++) {
        if (!column_make(options, &bound->columns[i], &columns[count]))
            continue;
        columns[count].index = (uint32_t)count;
        table->column_count = ++count;
        if (has_symbols(&columns[count - 1]) && !(columns[count - 1].symbols = symbols_new()))
            return error_memory(err);
    }
    return layout_make(layout, table, options, arena, err);
}

void table_close(struct survey_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        symbols_free(table->columns[i].symbols);
    table->column_count = 0;
}

size_t table_bytes(const struct survey_table *table)
{
    size_t bytes = arena_bytes(table->arena);

    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].symbols)
            bytes += symbols_bytes(table->columns[i].symbols);
    return bytes;
}

bool table_say_gaps(const struct survey_table *table, struct strata *strata, struct error *err)
{
    const struct bound_table *bound = table->bound;

    for (size_t i = 0; i < bound->column_count; i++) {
        const struct column *column = bound->columns[i].column;
        const struct type *base = type_base(column->type);
        enum survey_form form;
        if (form_of(base, &form) || bound->columns[i].is_tail_ignored)
            continue;
        const char *why =
            arena_printf(table->arena, "type '%s' is not known to any detector", base->name);
        if (!why)
            return error_memory(err);
        if (!strata_gap_named(strata, bound->table, column->name, why, err))
            return false;
    }
    return true;
}
