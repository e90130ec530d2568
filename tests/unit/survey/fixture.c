/* Tables made by hand as a survey meets them. */
#include "fixture.h"

#include "value/pg_text.h"
#include "value/wire.h"
#include <check.h>
#include <stdlib.h>

static const struct options no_options; /* without a ceiling of memory */

void trial_begin(struct survey_trial *trial)
{
    *trial = (struct survey_trial){
        .builder = builder_new(),
        .arena = arena_new(),
        .tails = {.budget = 0.002, .per_stratum = 5, .rare = 0.001, .max_children = 10000},
        .now_us = INT64_C(1767225600000000),
        .batch_rows = 7,
    };
    ck_assert_ptr_nonnull(trial->arena);
    builder_table(trial->builder, "public", "t");
}

void trial_end(struct survey_trial *trial)
{
    arena_free(trial->arena);
    builder_free(trial->builder);
}

static void rule_add(struct survey_trial *trial, const struct trial_rule *rule)
{
    ck_assert(!trial->is_bound);
    trial->rules = arena_grow(trial->arena, trial->rules, trial->rule_count, &trial->rule_capacity,
                              sizeof(*trial->rules));
    ck_assert_ptr_nonnull(trial->rules);
    trial->rules[trial->rule_count++] = *rule;
}

void trial_rule(struct survey_trial *trial, const char *column, unsigned preserves)
{
    rule_add(trial, &(struct trial_rule){.column = column, .preserves = preserves});
}

void trial_ignore(struct survey_trial *trial, const char *column)
{
    rule_add(trial,
             &(struct trial_rule){.column = column, .preserves = PROPERTY_ALL, .is_ignored = true});
}

void trial_wide(struct column *column)
{
    column->width_estimate = 1000;
}

void trial_add_row(struct survey_trial *trial, const char *const *cells, size_t count)
{
    const char **copy = ARENA_ARRAY(trial->arena, count, const char *);

    ck_assert_ptr_nonnull(copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = cells[i] ? arena_strdup(trial->arena, cells[i]) : NULL;
    trial->rows = arena_grow(trial->arena, trial->rows, trial->row_count, &trial->row_capacity,
                             sizeof(*trial->rows));
    ck_assert_ptr_nonnull(trial->rows);
    ck_assert(trial->row_count == 0 || trial->cell_count == count);
    trial->cell_count = count;
    trial->rows[trial->row_count++] = copy;
}

static void column_bind(struct survey_trial *trial, const struct column *column,
                        struct bound_column *bound)
{
    struct bound_variant *variant = ARENA_NEW(trial->arena, struct bound_variant);

    ck_assert_ptr_nonnull(variant);
    variant->when = -1;
    *bound = (struct bound_column){.column = column,
                                   .rule = "keep",
                                   .variant_count = 1,
                                   .variants = variant,
                                   .is_copied = true,
                                   .is_settled = true};
    for (size_t i = 0; i < trial->rule_count; i++) {
        const struct trial_rule *rule = &trial->rules[i];
        if (strcmp(rule->column, column->name) != 0)
            continue;
        bound->is_tail_ignored |= rule->is_ignored;
        if (rule->preserves == PROPERTY_ALL)
            continue;
        struct prepared_transform *prepared = ARENA_NEW(trial->arena, struct prepared_transform);
        ck_assert_ptr_nonnull(prepared);
        prepared->preserves = rule->preserves;
        variant->rule = prepared;
        bound->rule = "rule";
        bound->is_copied = false;
    }
}

static void identity_bind(struct survey_trial *trial, struct bound_table *bound)
{
    const struct table *table = bound->table;

    bound->identity = table_identity(table);
    bound->identity_columns =
        ARENA_ARRAY(trial->arena, table->column_count + 1, const struct column *);
    ck_assert_ptr_nonnull(bound->identity_columns);
    for (size_t i = 0; bound->identity && i < bound->identity->column_count; i++)
        bound->identity_columns[bound->identity_count++] = bound->identity->columns[i];
    for (size_t i = 0; !bound->identity && i < table->column_count; i++)
        bound->identity_columns[bound->identity_count++] = table->columns[i];
}

static void table_bind(struct survey_trial *trial, const struct table *table,
                       struct bound_table *bound)
{
    static const uint8_t key[16] = "a key of a test";

    *bound = (struct bound_table){.table = table,
                                  .role = ROLE_REACHED,
                                  .order_key = sipkey_read(key),
                                  .choice_key = sipkey_read(key)};
    bound->columns = ARENA_ARRAY(trial->arena, table->column_count + 1, struct bound_column);
    ck_assert_ptr_nonnull(bound->columns);
    for (size_t i = 0; i < table->column_count; i++)
        if (!table->columns[i]->is_generated)
            column_bind(trial, table->columns[i], &bound->columns[bound->column_count++]);
    identity_bind(trial, bound);
}

void trial_bind(struct survey_trial *trial)
{
    struct graph *graph = NULL;
    struct error err = {0};

    if (trial->is_bound)
        return;
    trial->is_bound = true;
    const struct catalog *catalog = builder_finish(trial->builder);
    ck_assert(graph_new(catalog, NULL, 0, trial->arena, &graph, &err));
    trial->binding = (struct binding){.arena = trial->arena,
                                      .catalog = catalog,
                                      .graph = graph,
                                      .options = &no_options,
                                      .tails = trial->tails};
    trial->binding.tables = ARENA_ARRAY(trial->arena, catalog->table_count + 1, struct bound_table);
    trial->binding.edges = ARENA_ARRAY(trial->arena, graph->all.count + 1, struct bound_edge);
    ck_assert(trial->binding.tables && trial->binding.edges);
    for (size_t i = 0; i < catalog->table_count; i++)
        table_bind(trial, catalog->tables[i], &trial->binding.tables[i]);
    for (size_t i = 0; i < graph->all.count; i++)
        trial->binding.edges[i] = (struct bound_edge){.edge = graph->all.edges[i], .when = -1};
}

static const struct bound_table *table_bound(struct survey_trial *trial)
{
    trial_bind(trial);
    return &trial->binding.tables[builder_find_table(trial->builder, "t")->index];
}

const struct bound_column *trial_column(struct survey_trial *trial, const char *column)
{
    const struct bound_table *bound = table_bound(trial);

    for (size_t i = 0; i < bound->column_count; i++)
        if (strcmp(bound->columns[i].column->name, column) == 0)
            return &bound->columns[i];
    ck_abort_msg("there is no column %s", column);
    return NULL;
}

static bool fake_wide_expression(const struct column *column, struct arena *arena,
                                 const char **expression, struct error *err)
{
    *expression = arena_strdup(arena, column->name);
    return *expression || error_memory(err);
}

static const struct db_driver wide_driver = {.name = "wide",
                                             .wide_expression = fake_wide_expression};
static const struct db wide_db = {.driver = &wide_driver};

/* What a server would say of the value. */
static struct span wide_cell(struct survey_trial *trial, const struct column *column,
                             const char *text)
{
    char *bytes = arena_alloc(trial->arena, 8);
    enum wide_class class = WIDE_BYTES;

    ck_assert_ptr_nonnull(bytes);
    if (column->type->kind == KIND_JSON)
        class = *text == '{' ? WIDE_OBJECT : *text == '[' ? WIDE_LIST : WIDE_SCALAR;
    else if (!*text)
        class = WIDE_EMPTY;
    else if (column->type->kind == KIND_TEXT)
        switch (coarse_text(span_of(text))) {
        case SYMBOL_PLAIN:
            class = WIDE_ASCII;
            break;
        case SYMBOL_LETTERS:
            class = WIDE_OTHER;
            break;
        default:
            class = WIDE_ODD;
        }
    wire_write_u64(bytes, strlen(text) * WIDE_STEP + class);
    return span_make(bytes, 8);
}

static struct span value_cell(struct survey_trial *trial, const struct column *column,
                              const struct type *type, const char *text)
{
    struct value value = {.is_null = false};
    struct error err = {0};
    struct span cell = {NULL, 0};

    ck_assert_msg(pg_text_read(type, span_of(text), trial->arena, &value, &err) &&
                      codec_pg_binary.encode(NULL, type, &value, trial->arena, &cell, &err),
                  "'%s' is no value of %s.%s: %s", text, column->table->name, column->name,
                  err.cause);
    return cell;
}

/* As many dimensions as the text begins with braces, from 1 on, all but the first of length 1: what
 * a text says of its array is no shape for the binary form. */
static struct span array_cell(struct survey_trial *trial, const struct column *column,
                              const char *text)
{
    const struct type *element = column->type->element;
    struct span *elements = NULL;
    struct error err = {0};
    uint32_t count = 0, has_null = 0;
    struct buf cell;

    ck_assert(pg_text_array_split(span_of(text), trial->arena, &elements, &count, &err));
    buf_init(&cell, (size_t)1 << 20);
    for (uint32_t i = 0; i < count; i++)
        has_null |= !elements[i].ptr;
    const uint32_t dimensions = count > 0 ? (uint32_t)strspn(text, "{") : 0;
    buf_add_u32be(&cell, dimensions);
    buf_add_u32be(&cell, has_null);
    buf_add_u32be(&cell, element->oid);
    for (uint32_t i = 0; i < dimensions; i++) {
        buf_add_u32be(&cell, i == 0 ? count : 1);
        buf_add_u32be(&cell, 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *copy =
            elements[i].ptr ? arena_strndup(trial->arena, elements[i].ptr, elements[i].len) : NULL;
        struct span part = copy ? value_cell(trial, column, element, copy) : elements[i];
        buf_add_u32be(&cell, part.ptr ? part.len : UINT32_MAX);
        if (part.ptr)
            buf_add(&cell, part.ptr, part.len);
    }
    ck_assert(buf_ok(&cell));
    struct span kept = arena_span(trial->arena, buf_span(&cell));
    buf_release(&cell);
    return kept;
}

static struct span binary_cell(struct survey_trial *trial, const struct column *column,
                               const char *text)
{
    return column->type->class == TYPE_ARRAY ? array_cell(trial, column, text)
                                             : value_cell(trial, column, column->type, text);
}

static struct span field_cell(struct survey_trial *trial, const struct field *field,
                              const char *const *row)
{
    const struct table *table = table_bound(trial)->table;
    const struct column *column =
        field->column ? field->column : table_find_column(table, field->expression);

    ck_assert_ptr_nonnull(column);
    ck_assert_uint_eq(trial->cell_count, table->column_count);
    const char *text = row[column->index];
    if (!text)
        return (struct span){NULL, 0};
    return field->column ? binary_cell(trial, column, text) : wide_cell(trial, column, text);
}

/* A number below `below`: the same sequence for the same start. */
static uint32_t next_below(uint64_t *random, uint32_t below)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*random >> 33) % below);
}

static uint32_t *order_make(struct survey_trial *trial, size_t count, unsigned order)
{
    uint32_t *numbers = ARENA_ARRAY(trial->arena, count + 1, uint32_t);
    uint64_t random = order;

    ck_assert_ptr_nonnull(numbers);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint32_t)i;
    for (size_t i = count; order && i > 1; i--) {
        uint32_t other = next_below(&random, (uint32_t)i), moved = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = moved;
    }
    return numbers;
}

/* One run of one detector. */
struct trial_work {
    struct survey_trial *trial;
    const struct detector *detector;
    struct survey_table table;
    struct survey_layout layout;
    struct span *cells; /* [row][field] */
    const uint32_t *order;
    const bool *columns; /* of the second look, or NULL */
};

static void batch_observe(struct trial_work *work, struct frame *frame, void *state, size_t first,
                          size_t end)
{
    struct survey_trial *trial = work->trial;
    size_t fields = work->layout.field_count;
    uint32_t count = (uint32_t)(end - first);
    struct batch batch = {.rows = count, .capacity = count, .columns = (uint32_t)fields};
    struct error err = {0};

    batch.cells = ARENA_ARRAY(trial->arena, count * fields + 1, struct span);
    batch.relations = ARENA_ARRAY(trial->arena, count + 1, uint16_t);
    batch.addresses = ARENA_ARRAY(trial->arena, count + 1, uint64_t);
    ck_assert(batch.cells && batch.relations && batch.addresses);
    for (uint32_t i = 0; i < count; i++) {
        size_t row = work->order[first + i];
        batch.addresses[i] = row + 1;
        for (size_t f = 0; f < fields; f++)
            batch.cells[i * fields + f] = work->cells[row * fields + f];
    }
    ck_assert_msg(frame_fill(frame, &batch, &err), "%s: %s", err.context, err.cause);
    ck_assert_msg(work->detector->observe(state, &frame->batch, &err), "%s: %s", err.context,
                  err.cause);
}

/* `merged`: what the first look found, for a part of the second. */
static void *part_run(struct trial_work *work, void *merged, size_t first, size_t end)
{
    struct survey_trial *trial = work->trial;
    struct frame frame;
    struct error err = {0};
    void *state = NULL;

    ck_assert_msg(merged ? work->detector->fork(merged, &state, &err)
                         : work->detector->open(&work->table, &state, &err),
                  "%s", err.cause);
    ck_assert_msg(frame_init(&frame, &work->table, &work->layout, trial->batch_rows, &err), "%s",
                  err.cause);
    for (size_t i = 0; work->columns && i < work->table.column_count; i++)
        if (!work->columns[i])
            frame.columns[i] = (struct survey_cells){.is_null = NULL};
    for (size_t at = first; state && at < end; at += trial->batch_rows) {
        size_t stop = at + trial->batch_rows;
        batch_observe(work, &frame, state, at, stop < end ? stop : end);
    }
    if (state)
        ck_assert_uint_gt(work->detector->bytes(state), 0);
    frame_release(&frame);
    return state;
}

static void work_open(struct trial_work *work)
{
    struct survey_trial *trial = work->trial;
    struct table_options options = {.binding = &trial->binding,
                                    .codec = &codec_pg_binary,
                                    .source = &wide_db,
                                    .row_bound = trial->row_count,
                                    .now_us = trial->now_us,
                                    .is_surveyed = true};
    struct error err = {0};

    ck_assert_msg(
        table_open(&work->table, &work->layout, &options, table_bound(trial), trial->arena, &err),
        "%s", err.cause);
    size_t fields = work->layout.field_count;
    work->cells = ARENA_ARRAY(trial->arena, trial->row_count * fields + 1, struct span);
    ck_assert_ptr_nonnull(work->cells);
    for (size_t row = 0; row < trial->row_count; row++)
        for (size_t f = 0; f < fields; f++)
            work->cells[row * fields + f] =
                field_cell(trial, &work->layout.fields[f], trial->rows[row]);
}

/* Parts of unequal size, merged into one that is not always the first. */
static void *parts_run(struct trial_work *work, unsigned parts, unsigned order)
{
    struct survey_trial *trial = work->trial;
    void **states = ARENA_ARRAY(trial->arena, parts, void *);
    const uint32_t *turns = order_make(trial, parts, order);
    struct error err = {0};
    size_t first = 0;

    ck_assert_ptr_nonnull(states);
    for (unsigned i = 0; i < parts; i++) {
        size_t left = trial->row_count - first;
        size_t end = i + 1 == parts ? trial->row_count : first + left * (i + 1) / (parts + 1);
        states[i] = part_run(work, NULL, first, end);
        first = end;
    }
    for (unsigned i = 1; i < parts; i++) {
        void *from = states[turns[i]];
        ck_assert_int_eq(!from, !states[turns[0]]);
        if (!from)
            continue;
        ck_assert_msg(work->detector->merge(states[turns[0]], from, &err), "%s", err.cause);
        work->detector->close(from);
    }
    return states[turns[0]];
}

/* The second look, where the detector asks for one. */
static void again_run(struct trial_work *work, void *state, unsigned parts)
{
    struct survey_trial *trial = work->trial;
    bool *columns = ARENA_ARRAY(trial->arena, work->table.column_count + 1, bool);
    bool is_wanted = false;
    struct error err = {0};
    size_t first = 0;

    ck_assert_ptr_nonnull(columns);
    ck_assert_msg(work->detector->again(state, columns, &err), "%s", err.cause);
    for (size_t i = 0; i < work->table.column_count; i++)
        is_wanted |= columns[i];
    work->columns = columns;
    for (unsigned i = 0; is_wanted && i < parts; i++) {
        size_t end = trial->row_count * (i + 1) / parts;
        void *fork = part_run(work, state, first, end);
        ck_assert_msg(work->detector->merge(state, fork, &err), "%s", err.cause);
        work->detector->close(fork);
        first = end;
    }
}

const struct survey *trial_run(struct survey_trial *trial, const struct detector *detector,
                               unsigned parts, unsigned order)
{
    struct trial_work work = {.trial = trial, .detector = detector};
    struct survey *survey = ARENA_NEW(trial->arena, struct survey);
    struct strata strata;
    struct error err = {0};

    ck_assert(survey && parts > 0);
    trial_bind(trial);
    survey->arena = trial->arena;
    survey->binding = &trial->binding;
    work_open(&work);
    work.order = order_make(trial, trial->row_count, order);
    void *state = parts_run(&work, parts, order);
    if (state && detector->again)
        again_run(&work, state, parts);
    ck_assert(strata_init(&strata, survey, &err));
    strata.table = &work.table;
    strata_count(&strata, work.table.bound, trial->row_count);
    ck_assert(table_say_gaps(&work.table, &strata, &err));
    strata.detector = detector;
    if (state) {
        ck_assert_msg(detector->yield(state, &strata, &err), "%s", err.cause);
        detector->close(state);
    }
    table_close(&work.table);
    strata_settle(&strata);
    return survey;
}

static void stratum_print(struct buf *text, const struct stratum *stratum)
{
    buf_add_format(text, "%s %s (", stratum->table->table->name, stratum->kind);
    for (size_t i = 0; i < stratum->column_count; i++)
        buf_add_format(text, "%s%s", i ? ", " : "", stratum->columns[i]->column->name);
    buf_add_format(text, "): %s: %llu rows%s%s%s%s%s, %u of", stratum->describe,
                   (unsigned long long)stratum->rows, stratum->is_rare ? ", rare" : "",
                   stratum->is_estimated ? ", estimated" : "",
                   stratum->is_bounded ? ", bounded" : "",
                   stratum->brings_children ? ", with children" : "",
                   stratum->masked ? ", masked" : "", stratum->wanted);
    for (size_t i = 0; i < stratum->witness_count; i++)
        buf_add_format(text, " %llu", (unsigned long long)stratum->witnesses[i].address);
    buf_add_format(text, ", weight %.6g\n", stratum->weight);
}

static void distribution_print(struct buf *text, const struct distribution *of)
{
    buf_add_format(text, "distribution %s: %llu rows, %llu NULLs,", of->column->column->name,
                   (unsigned long long)of->rows, (unsigned long long)of->nulls);
    for (size_t i = 0; i < of->category_count; i++)
        buf_add_format(text, " %llx=%llu", (unsigned long long)of->categories[i].hash,
                       (unsigned long long)of->categories[i].rows);
    if (of->is_ordered)
        buf_add_format(text, " from %.17g to %.17g", of->least, of->greatest);
    buf_add_format(text, " %.17g values, %u bits less:", of->distinct, of->level);
    for (size_t i = 0; i < of->bucket_count; i++)
        buf_add_format(text, " %llx=%llu", (unsigned long long)of->buckets[i].place,
                       (unsigned long long)of->buckets[i].rows);
    buf_add_char(text, '\n');
}

const char *trial_print(struct survey_trial *trial, const struct survey *survey)
{
    struct buf text;

    buf_init(&text, (size_t)1 << 24);
    for (size_t i = 0; i < survey->stratum_count; i++)
        stratum_print(&text, &survey->strata[i]);
    for (size_t i = 0; i < survey->gap_count; i++)
        buf_add_format(&text, "gap %s: %s\n",
                       survey->gaps[i].columns ? survey->gaps[i].columns : "*",
                       survey->gaps[i].why);
    for (size_t i = 0; i < survey->distribution_count; i++)
        distribution_print(&text, &survey->distributions[i]);
    ck_assert(buf_ok(&text));
    const char *copy = arena_strdup(trial->arena, buf_text(&text));
    buf_release(&text);
    ck_assert_ptr_nonnull(copy);
    return copy;
}

void trial_assert_order_free(struct survey_trial *trial, const struct detector *detector)
{
    const char *one = trial_print(trial, trial_run(trial, detector, 1, 0));

    for (unsigned order = 1; order <= 8; order++) {
        unsigned parts = 1 + order % 5;
        const char *other = trial_print(trial, trial_run(trial, detector, parts, order));
        ck_assert_msg(strcmp(one, other) == 0, "%u parts, order %u:\n%s\nbut in one part:\n%s",
                      parts, order, other, one);
    }
}

const struct stratum *trial_find(const struct survey *survey, const char *describe)
{
    for (size_t i = 0; i < survey->stratum_count; i++)
        if (strcmp(survey->strata[i].describe, describe) == 0)
            return &survey->strata[i];
    return NULL;
}

bool trial_has_gap(const struct survey *survey, const char *columns, const char *why)
{
    for (size_t i = 0; i < survey->gap_count; i++) {
        const struct survey_gap *gap = &survey->gaps[i];
        bool is_there =
            columns ? gap->columns && strcmp(gap->columns, columns) == 0 : !gap->columns;
        if (is_there && strstr(gap->why, why))
            return true;
    }
    return false;
}

bool trial_has_witness(const struct stratum *stratum, uint64_t row)
{
    for (size_t i = 0; i < stratum->witness_count; i++)
        if (stratum->witnesses[i].address == row)
            return true;
    return false;
}
