/* extreme: the greatest and the least of a column, the longest text; numbers that are zero or
 * negative, not a number or infinite where hardly any are; times that have not come yet. Numbers
 * of keys say nothing and are left out. */
#include "survey/top.h"
#include "value/type.h"

#include <math.h>

enum special {
    SPECIAL_ZERO,
    SPECIAL_NEGATIVE,
    SPECIAL_NAN,
    SPECIAL_HIGH,
    SPECIAL_LOW,
    SPECIAL_FUTURE,
    SPECIAL_COUNT
};

static const struct {
    const char *text;
    unsigned needs;
} specials[] = {
    [SPECIAL_ZERO] = {"is zero", PROPERTY_SIGN},
    [SPECIAL_NEGATIVE] = {"is negative", PROPERTY_SIGN},
    [SPECIAL_NAN] = {"is not a number", PROPERTY_MAGNITUDE},
    [SPECIAL_HIGH] = {"is infinite", PROPERTY_EQUALITY},
    [SPECIAL_LOW] = {"is infinite, and below everything", PROPERTY_EQUALITY},
    [SPECIAL_FUTURE] = {"lies in the future", PROPERTY_ORDER},
};

struct range {
    const struct survey_column *column;
    struct top greatest, least; /* least: numbers with their sign turned; ordered forms only */
    struct trait specials[SPECIAL_COUNT];
};

struct extremes {
    struct marker marker; /* first */
    size_t count;
    struct range *ranges;
};

static bool is_ordered(const struct survey_column *column)
{
    return column->form == FORM_NUMBER || column->form == FORM_TIME;
}

static bool is_wanted(const struct survey_column *column)
{
    if (column->is_ignored || column->is_reference || column->form == FORM_CODE)
        return false;
    return column->form != FORM_NUMBER || !(column->is_unique || column->is_referenced);
}

static bool extremes_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct extremes), &picked, opened, err))
        return false;
    struct extremes *extremes = *opened;
    if (!extremes)
        return true;
    extremes->ranges = ARENA_ARRAY(extremes->marker.arena, picked.count, struct range);
    if (!extremes->ranges)
        return error_memory(err);
    for (; extremes->count < picked.count; extremes->count++)
        extremes->ranges[extremes->count].column = picked.columns[extremes->count];
    return true;
}

static bool number_add(struct range *range, struct marker *marker, double number, uint32_t row,
                       struct error *err)
{
    if (!isfinite(number))
        return trait_add(marker,
                         &range->specials[isnan(number)  ? SPECIAL_NAN
                                          : number > 0.0 ? SPECIAL_HIGH
                                                         : SPECIAL_LOW],
                         row, err);
    if (number <= 0.0 &&
        !trait_add(marker, &range->specials[number < 0.0 ? SPECIAL_NEGATIVE : SPECIAL_ZERO], row,
                   err))
        return false;
    return top_add(&range->greatest, marker, number, row, err) &&
           top_add(&range->least, marker, -number, row, err);
}

static bool time_add(struct range *range, struct marker *marker, int64_t time, uint32_t row,
                     struct error *err)
{
    const double number = (double)time;

    if (time == TIME_MIN || time == TIME_MAX)
        return trait_add(marker, &range->specials[time == TIME_MAX ? SPECIAL_HIGH : SPECIAL_LOW],
                         row, err);
    if (time > marker->table->now_us &&
        !trait_add(marker, &range->specials[SPECIAL_FUTURE], row, err))
        return false;
    return top_add(&range->greatest, marker, number, row, err) &&
           top_add(&range->least, marker, -number, row, err);
}

static bool range_observe(struct range *range, struct marker *marker,
                          const struct survey_batch *batch, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[range->column->index];

    assert(cells->is_null && cells->numbers);
    for (uint32_t row = 0; row < batch->rows; row++) {
        bool is_good = true;

        if (cells->is_null[row])
            continue;
        if (range->column->form == FORM_TIME)
            is_good = time_add(range, marker, cells->times[row], row, err);
        else if (range->column->form == FORM_NUMBER)
            is_good = number_add(range, marker, cells->numbers[row], row, err);
        else
            is_good = top_add(&range->greatest, marker, cells->numbers[row], row, err);
        if (!is_good)
            return false;
    }
    return true;
}

static bool extremes_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct extremes *extremes = state;

    extremes->marker.batch = batch;
    for (size_t i = 0; i < extremes->count; i++)
        if (!range_observe(&extremes->ranges[i], &extremes->marker, batch, err))
            return false;
    return true;
}

static bool extremes_merge(void *state, void *from, struct error *err)
{
    struct extremes *extremes = state, *other = from;

    assert(extremes->count == other->count);
    for (size_t i = 0; i < extremes->count; i++) {
        struct range *range = &extremes->ranges[i];
        const struct range *more = &other->ranges[i];

        if (!top_merge(&range->greatest, &extremes->marker, &more->greatest, err) ||
            !top_merge(&range->least, &extremes->marker, &more->least, err) ||
            !traits_merge(&extremes->marker, range->specials, more->specials, SPECIAL_COUNT, err))
            return false;
    }
    return true;
}

static unsigned needs_of(const struct survey_column *column)
{
    switch (column->form) {
    case FORM_NUMBER:
        return PROPERTY_MAGNITUDE;
    case FORM_TIME:
        return PROPERTY_ORDER;
    case FORM_ARRAY:
        return PROPERTY_NULLS; /* rules on elements take none away and add none */
    case FORM_JSON:
        return PROPERTY_SHAPE;
    case FORM_TEXT:
    case FORM_CODE:
    case FORM_BYTES:
    case FORM_WIDE:
        break;
    }
    return PROPERTY_LENGTH;
}

static const char *superlative(const struct survey_column *column, bool is_least)
{
    if (column->form == FORM_TIME)
        return is_least ? "earliest" : "latest";
    if (column->form == FORM_NUMBER)
        return is_least ? "least" : "greatest";
    return "longest";
}

/* The very end, and what comes next to it: together, for it is worth less. */
static bool yield_end(struct extremes *extremes, struct range *range, bool is_least,
                      struct strata *strata, struct error *err)
{
    struct top *top = is_least ? &range->least : &range->greatest;
    const char *title = column_title(extremes->marker.table, range->column);
    const char *name = superlative(range->column, is_least);
    struct trait next = {0};
    struct stratum_draft draft;

    assert(top->count <= TOP_MOST && (!is_least || is_ordered(range->column)));
    if (top->count < 2) /* a column of one value has no extremes */
        return true;
    draft = trait_draft(&top->items[0].trait, range->column, needs_of(range->column));
    if (trait_is_rare(&top->items[0].trait, strata) &&
        !strata_add(strata, &draft, err, "the %s %s", name, title))
        return false;
    for (uint32_t i = 1; i < top->count; i++)
        if (!trait_merge(&extremes->marker, &next, &top->items[i].trait, err))
            return false;
    if (!trait_is_rare(&next, strata))
        return true;
    draft = trait_draft(&next, range->column, needs_of(range->column));
    draft.weight = 1;
    return strata_add(strata, &draft, err, "next to the %s %s", name, title);
}

static const char *special_text(const struct survey_column *column, size_t special)
{
    const bool is_odd_date = special == SPECIAL_LOW && column->form == FORM_TIME &&
                             type_engine(column->type) == ENGINE_MYSQL;

    return is_odd_date ? "is no date of a calendar" : specials[special].text;
}

static bool extremes_yield(void *state, struct strata *strata, struct error *err)
{
    struct extremes *extremes = state;

    for (size_t i = 0; i < extremes->count; i++) {
        struct range *range = &extremes->ranges[i];

        if (!yield_end(extremes, range, false, strata, err) ||
            (is_ordered(range->column) && !yield_end(extremes, range, true, strata, err)))
            return false;
        for (size_t s = 0; s < SPECIAL_COUNT; s++) {
            struct stratum_draft draft =
                trait_draft(&range->specials[s], range->column, specials[s].needs);
            if (!trait_is_rare(&range->specials[s], strata))
                continue;
            draft.weight = 6;
            if (!strata_add(strata, &draft, err, "%s %s",
                            column_title(extremes->marker.table, range->column),
                            special_text(range->column, s)))
                return false;
        }
    }
    return true;
}

const struct detector detector_extreme = {
    .kind = "extreme",
    .help = "the greatest, least, latest, earliest and longest; zero, negative, infinite and "
            "future values where hardly any are",
    .weight = 3,
    .open = extremes_open,
    .observe = extremes_observe,
    .merge = extremes_merge,
    .yield = extremes_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
