/* rare_value: values that few rows hold in a column of few distinct values (a retired status, a
 * sentinel currency), and listed labels that no row holds. A column with more distinct values than
 * its table takes has no rare values: each of them is. */
#include "survey/groups.h"
#include "survey/labels.h"
#include "survey/symbols.h"

enum { VALUES_MAX = 4096 };

struct values {
    const struct survey_column *column;
    struct groups groups;
    /* Index of the group plus one, by fine symbol: saves looking for it. */
    uint32_t places[SYMBOL_COUNT];
};

struct rare_values {
    struct marker marker; /* first */
    size_t count;
    struct values *values;
};

static bool is_wanted(const struct survey_column *column)
{
    return !column->is_ignored && !column->is_unique &&
           (column->form == FORM_NUMBER || column->form == FORM_TIME || column->form == FORM_TEXT ||
            column->form == FORM_CODE);
}

static bool rare_value_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct rare_values), &picked, opened, err))
        return false;
    struct rare_values *rare = *opened;
    if (!rare)
        return true;
    rare->values = ARENA_ARRAY(rare->marker.arena, picked.count, struct values);
    if (!rare->values)
        return error_memory(err);
    for (; rare->count < picked.count; rare->count++) {
        rare->values[rare->count].column = picked.columns[rare->count];
        groups_init(&rare->values[rare->count].groups, VALUES_MAX);
    }
    return true;
}

static bool value_add(struct values *values, struct marker *marker,
                      const struct survey_cells *cells, uint32_t row, struct error *err)
{
    const uint8_t symbol = cells->symbols ? cells->symbols[row] : 0;
    struct group *group;

    assert(symbol < SYMBOL_COUNT && values->places[symbol] <= values->groups.count);
    if (symbol >= SYMBOL_FINE && values->places[symbol])
        return trait_add(marker, &values->groups.items[values->places[symbol] - 1].trait, row, err);
    if (!groups_put(&values->groups, marker, cells->hashes[row], cells->cells[row], &group, err))
        return false;
    if (!group)
        return true;
    if (symbol >= SYMBOL_FINE)
        values->places[symbol] = (uint32_t)(group - values->groups.items) + 1;
    return trait_add(marker, &group->trait, row, err);
}

static bool rare_value_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct rare_values *rare = state;

    rare->marker.batch = batch;
    for (size_t i = 0; i < rare->count; i++) {
        struct values *values = &rare->values[i];
        const struct survey_cells *cells = &batch->columns[values->column->index];

        for (uint32_t row = 0; row < batch->rows && !values->groups.is_full; row++)
            if (!cells->is_null[row] && !value_add(values, &rare->marker, cells, row, err))
                return false;
    }
    return true;
}

static bool rare_value_merge(void *state, void *from, struct error *err)
{
    struct rare_values *rare = state, *other = from;

    assert(rare->count == other->count);
    for (size_t i = 0; i < rare->count; i++)
        if (!groups_merge(&rare->values[i].groups, &rare->marker, &other->values[i].groups, err))
            return false;
    return true;
}

/* What the value may be called: itself, or its class and a number. */
static bool yield_value(const struct values *values, uint32_t at, struct strata *strata,
                        const struct survey_table *table, struct error *err)
{
    struct group *group = &values->groups.items[at];
    struct stratum_draft draft = trait_draft(&group->trait, values->column, NEEDS_VALUES);
    const char *title = column_title(table, values->column);

    assert(at < values->groups.count && draft.rows > 0);
    const char *shown =
        group->name.ptr ? survey_show_value(values->column, group->name, table->arena) : NULL;

    if (shown)
        return strata_add(strata, &draft, err, "%s = '%s'", title, shown);
    return strata_add(strata, &draft, err, "a value of %s that few rows hold (%u)", title, at + 1);
}

/* Where values are many and rare by nature (cities), those that stand alone are one stratum, if
 * few do. */
static bool yield_single(const struct values *values, struct rare_values *rare,
                         struct strata *strata, struct error *err)
{
    struct trait single = {0};
    struct stratum_draft draft;

    if (!groups_single(&values->groups, &rare->marker, strata, &single, err))
        return false;
    if (single.rows == 0)
        return true;
    draft = trait_draft(&single, values->column, NEEDS_VALUES);
    return strata_add(strata, &draft, err, "a value of %s that only one row holds",
                      column_title(rare->marker.table, values->column));
}

/* The cell that a label makes; char(n) is filled up with blanks. */
static struct span label_cell(const struct column *column, const struct type *type,
                              struct span label, struct arena *arena)
{
    uint32_t len =
        type->is_padded && column->max_length > label.len ? column->max_length : label.len;
    char *text = len > label.len ? arena_alloc(arena, len) : NULL;

    assert(len >= label.len);
    if (!text)
        return label;
    memset(text, ' ', len);
    memcpy(text, label.ptr, label.len);
    return span_make(text, len);
}

/* Labels stand in the schema; they are told where the column is kept. */
static bool yield_labels(const struct values *values, const struct survey_table *table,
                         struct strata *strata, struct error *err)
{
    const struct survey_column *column = values->column;
    struct trait none = {0};
    struct stratum_draft draft = trait_draft(&none, column, NEEDS_VALUES);
    const struct span *labels = NULL;
    size_t count = 0;

    if (!column->bound->is_copied)
        return true;
    if (!labels_read(column->bound->column, table->arena, &labels, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct span cell = label_cell(column->bound->column, column->type, labels[i], table->arena);
        const char *shown;

        if (groups_find(&values->groups, survey_cell_hash(cell)))
            continue;
        shown = arena_strndup(table->arena, labels[i].ptr, labels[i].len);
        shown = shown ? words_printable(table->arena, shown) : NULL;
        if (!shown)
            return error_memory(err);
        if (!strata_add(strata, &draft, err, "%s = '%s': no row", column_title(table, column),
                        shown))
            return false;
    }
    return true;
}

static bool values_yield(struct values *values, struct rare_values *rare, struct strata *strata,
                         struct error *err)
{
    uint32_t count;

    if (values->groups.is_full)
        return true;
    if (!yield_labels(values, rare->marker.table, strata, err))
        return false;
    groups_sort(&values->groups);
    count = groups_told(&values->groups, strata);
    for (uint32_t i = 0; i < count; i++)
        if (!yield_value(values, i, strata, rare->marker.table, err))
            return false;
    return count > 0 || values->groups.count <= GROUPS_EXACT ||
           yield_single(values, rare, strata, err);
}

static bool rare_value_yield(void *state, struct strata *strata, struct error *err)
{
    struct rare_values *rare = state;

    for (size_t i = 0; i < rare->count; i++)
        if (!values_yield(&rare->values[i], rare, strata, err))
            return false;
    return true;
}

static void rare_value_close(void *state)
{
    struct rare_values *rare = state;

    for (size_t i = 0; i < rare->count; i++)
        groups_release(&rare->values[i].groups);
    marker_close(rare);
}

static size_t rare_value_bytes(const void *state)
{
    const struct rare_values *rare = state;
    size_t bytes = marker_bytes(state);

    for (size_t i = 0; i < rare->count; i++)
        bytes += groups_bytes(&rare->values[i].groups);
    return bytes;
}

const struct detector detector_rare_value = {
    .kind = "rare_value",
    .help = "values that few rows hold in a column of few distinct values, and labels that no row "
            "has",
    .weight = 8,
    .open = rare_value_open,
    .observe = rare_value_observe,
    .merge = rare_value_merge,
    .yield = rare_value_yield,
    .close = rare_value_close,
    .bytes = rare_value_bytes,
};
