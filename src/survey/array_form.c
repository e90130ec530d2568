/* array: arrays with a NULL, an empty element or the same element twice inside, and arrays of
 * several dimensions, where those are rare. */
#include "survey/trait.h"

#include "value/pg_binary.h"

enum oddity { ODD_NULL, ODD_EMPTY, ODD_TWICE, ODD_DIMENSIONS, ODD_COUNT };

static const struct {
    const char *text;
    unsigned needs;
} oddities[] = {
    [ODD_NULL] = {"has NULL inside", PROPERTY_NULLS},
    [ODD_EMPTY] = {"has an empty element", PROPERTY_LENGTH},
    [ODD_TWICE] = {"has an element twice", PROPERTY_EQUALITY},
    [ODD_DIMENSIONS] = {"has more than one dimension", PROPERTY_NULLS},
};
static_assert(COUNT_OF(oddities) == ODD_COUNT, "one text an oddity");

/* Longer arrays are not searched for equal elements. */
enum { TWICE_MAX = 32 };

struct arrays {
    const struct survey_column *column;
    struct trait traits[ODD_COUNT];
};

struct array_form {
    struct marker marker; /* first */
    size_t count;
    struct arrays *arrays;
};

static bool is_wanted(const struct survey_column *column)
{
    return column->form == FORM_ARRAY && !column->is_ignored;
}

static bool array_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct array_form), &picked, opened, err))
        return false;
    struct array_form *form = *opened;
    if (!form)
        return true;
    form->arrays = ARENA_ARRAY(form->marker.arena, picked.count, struct arrays);
    if (!form->arrays)
        return error_memory(err);
    for (; form->count < picked.count; form->count++)
        form->arrays[form->count].column = picked.columns[form->count];
    return true;
}

static bool has_twice(const struct span *elements, uint32_t count)
{
    if (count > TWICE_MAX)
        return false;
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (elements[i].ptr && elements[j].ptr && span_equal(elements[i], elements[j]))
                return true;
    return false;
}

/* Bits of oddities. */
static bool array_read(const struct survey_column *column, struct span cell, struct arena *arena,
                       unsigned *found, struct error *err)
{
    struct pg_array_head head;
    struct span *elements;
    uint32_t count;

    assert(cell.ptr && column->codec);
    *found = 0;
    if (!column->codec->array_split(cell, arena, &elements, &count, err))
        return false;
    for (uint32_t i = 0; i < count; i++)
        *found |= !elements[i].ptr ? 1u << ODD_NULL : elements[i].len == 0 ? 1u << ODD_EMPTY : 0u;
    if (has_twice(elements, count))
        *found |= 1u << ODD_TWICE;
    if (column->codec == &codec_pg_binary && pg_array_head_read(cell, &head) && head.dimensions > 1)
        *found |= 1u << ODD_DIMENSIONS;
    return true;
}

static bool array_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct array_form *form = state;

    form->marker.batch = batch;
    for (size_t i = 0; i < form->count; i++) {
        struct arrays *arrays = &form->arrays[i];
        const struct survey_cells *cells = &batch->columns[arrays->column->index];

        for (uint32_t row = 0; row < batch->rows; row++) {
            unsigned found;

            if (cells->is_null[row])
                continue;
            if (!array_read(arrays->column, cells->cells[row], batch->arena, &found, err))
                return false;
            for (; found; found &= found - 1)
                if (!trait_add(&form->marker, &arrays->traits[__builtin_ctz(found)], row, err))
                    return false;
        }
    }
    return true;
}

static bool array_merge(void *state, void *from, struct error *err)
{
    struct array_form *form = state, *other = from;

    assert(form->count == other->count);
    for (size_t i = 0; i < form->count; i++)
        if (!traits_merge(&form->marker, form->arrays[i].traits, other->arrays[i].traits, ODD_COUNT,
                          err))
            return false;
    return true;
}

static bool array_yield(void *state, struct strata *strata, struct error *err)
{
    struct array_form *form = state;

    for (size_t i = 0; i < form->count; i++) {
        struct arrays *arrays = &form->arrays[i];

        for (size_t odd = 0; odd < ODD_COUNT; odd++) {
            struct stratum_draft draft =
                trait_draft(&arrays->traits[odd], arrays->column, oddities[odd].needs);
            if (trait_is_rare(&arrays->traits[odd], strata) &&
                !strata_add(strata, &draft, err, "%s %s",
                            column_title(form->marker.table, arrays->column), oddities[odd].text))
                return false;
        }
    }
    return true;
}

const struct detector detector_array = {
    .kind = "array",
    .help = "arrays with NULL, an empty element or an element twice inside, or of several "
            "dimensions",
    .weight = 6,
    .open = array_open,
    .observe = array_observe,
    .merge = array_merge,
    .yield = array_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
