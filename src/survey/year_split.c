/* A row of counted symbols for each year and column, made when the year first comes. */
#include "survey/year_split.h"

#include "survey/symbols.h"

#include <stdlib.h>

enum { UNLIKELY = 8 }; /* times fewer than if the year told nothing */

struct split {
    const struct survey_column *column;
    struct trait *years[YEAR_COUNT]; /* [symbol], NULL: no row yet */
};

static bool is_split(const struct survey_column *column, const struct survey_column *clock)
{
    return column != clock && !column->is_ignored &&
           (column->symbols || !column->bound->column->is_not_null);
}

bool clock_open(struct clock *clock, struct marker *marker, const struct survey_column *column)
{
    const struct survey_table *table = marker->table;

    clock->column = column;
    clock->splits = ARENA_ARRAY(marker->arena, SPLITS_MAX, struct split);
    if (!clock->splits)
        return false;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!is_split(&table->columns[i], column))
            continue;
        if (clock->split_count == SPLITS_MAX)
            clock->is_cut = true;
        else
            clock->splits[clock->split_count++].column = &table->columns[i];
    }
    return true;
}

static struct trait *split_year(struct split *split, struct marker *marker, uint8_t year)
{
    if (!split->years[year])
        split->years[year] = ARENA_ARRAY(marker->arena, SYMBOL_COUNT, struct trait);
    return split->years[year];
}

static bool split_observe(struct split *split, struct marker *marker, const struct years *known,
                          struct error *err)
{
    const struct survey_cells *cells = &marker->batch->columns[split->column->index];

    for (uint32_t row = 0; row < marker->batch->rows; row++) {
        const uint8_t symbol = cells->is_null[row] ? (uint8_t)SYMBOL_NULL
                               : cells->symbols    ? cells->symbols[row]
                                                   : (uint8_t)SYMBOL_SET;
        struct trait *traits;

        assert(symbol < SYMBOL_COUNT);
        if (!known->is_known[row])
            continue;
        traits = split_year(split, marker, known->years[row]);
        if (!traits)
            return error_memory(err);
        if (!trait_add(marker, &traits[symbol], row, err))
            return false;
    }
    return true;
}

bool clock_observe(struct clock *clock, struct marker *marker, const struct years *known,
                   struct error *err)
{
    assert(marker->batch && known->years && known->is_known);
    for (size_t i = 0; i < clock->split_count; i++)
        if (!split_observe(&clock->splits[i], marker, known, err))
            return false;
    return true;
}

static bool split_merge(struct split *split, struct marker *marker, const struct split *from,
                        struct error *err)
{
    for (size_t year = 0; year < YEAR_COUNT; year++) {
        struct trait *traits;

        if (!from->years[year])
            continue;
        traits = split_year(split, marker, (uint8_t)year);
        if (!traits)
            return error_memory(err);
        if (!traits_merge(marker, traits, from->years[year], SYMBOL_COUNT, err))
            return false;
    }
    return true;
}

bool clock_merge(struct clock *clock, struct marker *marker, const struct clock *from,
                 struct error *err)
{
    assert(clock->column == from->column && clock->split_count == from->split_count);
    for (size_t i = 0; i < clock->split_count; i++)
        if (!split_merge(&clock->splits[i], marker, &from->splits[i], err))
            return false;
    return true;
}

const char *year_text(const struct survey_column *column, size_t year, size_t number,
                      struct arena *arena)
{
    const char *text;

    assert(year < YEAR_COUNT && arena);
    if (!column->bound->is_copied)
        text = arena_printf(arena, "in a year that few rows have (%zu)", number);
    else if (year == YEAR_COUNT - 1)
        text = "in a year far ahead";
    else
        text = arena_printf(arena, year == 0 ? "before %d" : "in %d",
                            YEAR_FIRST + (year == 0 ? 1 : (int)year));
    return text ? text : "in one year";
}

/* Symbols as they count in the end: rows of fine ones of a column with too many values go to their
 * classes. */
static bool split_fold(struct split *split, struct marker *marker, struct error *err)
{
    if (!split->column->symbols)
        return true;
    for (size_t year = 0; year < YEAR_COUNT; year++)
        for (uint8_t symbol = SYMBOL_FINE; split->years[year] && symbol < SYMBOL_COUNT; symbol++) {
            struct trait *trait = &split->years[year][symbol];
            uint8_t folded;

            if (trait->rows == 0)
                continue;
            folded = symbol_fold(split->column->symbols, symbol);
            if (folded == symbol)
                continue;
            if (!trait_merge(marker, &split->years[year][folded], trait, err))
                return false;
            trait_drop(marker, trait);
        }
    return true;
}

struct margins {
    uint64_t rows, symbols[SYMBOL_COUNT], years[YEAR_COUNT];
};

static void split_sum(const struct split *split, struct margins *margins)
{
    for (size_t year = 0; year < YEAR_COUNT; year++)
        for (size_t symbol = 0; split->years[year] && symbol < SYMBOL_COUNT; symbol++) {
            uint64_t rows = split->years[year][symbol].rows;
            margins->rows += rows;
            margins->symbols[symbol] += rows;
            margins->years[year] += rows;
        }
}

static bool is_break(const struct margins *margins, uint64_t rows, size_t year, size_t symbol)
{
    const double expected =
        (double)margins->years[year] * (double)margins->symbols[symbol] / (double)margins->rows;

    return (double)rows * UNLIKELY <= expected;
}

/* The breaks of a column in the order of their rows, so that numbers in sentences that name neither
 * year nor value do not depend on symbols. */
struct breaks {
    size_t count;
    struct break_at {
        struct trait *trait;
        size_t year, symbol;
    } * items;
};

static int break_compare(const void *a, const void *b)
{
    const struct break_at *left = a, *right = b;

    return trait_compare(left->trait, right->trait);
}

static bool breaks_find(const struct split *split, const struct strata *strata, struct arena *arena,
                        struct breaks *breaks)
{
    struct margins margins = {0};
    size_t capacity = 0;

    *breaks = (struct breaks){0};
    split_sum(split, &margins);
    for (size_t at = 0; at < (size_t)YEAR_COUNT * SYMBOL_COUNT; at++) {
        const size_t year = at / SYMBOL_COUNT, symbol = at % SYMBOL_COUNT;
        struct trait *trait = split->years[year] ? &split->years[year][symbol] : NULL;
        struct break_at *items;

        if (!trait || !trait_is_rare(trait, strata) ||
            !is_break(&margins, trait->rows, year, symbol))
            continue;
        items = arena_grow(arena, breaks->items, breaks->count, &capacity, sizeof(*items));
        if (!items)
            return false;
        breaks->items = items;
        items[breaks->count++] = (struct break_at){trait, year, symbol};
    }
    if (breaks->count > 1)
        qsort(breaks->items, breaks->count, sizeof(*breaks->items), break_compare);
    return true;
}

static bool split_yield(struct split *split, const struct clock *clock, struct marker *marker,
                        struct strata *strata, struct error *err)
{
    const struct survey_table *table = marker->table;
    const struct bound_column *columns[] = {split->column->bound, clock->column->bound};
    struct breaks breaks;

    if (!split_fold(split, marker, err))
        return false;
    if (!breaks_find(split, strata, table->arena, &breaks))
        return error_memory(err);
    for (size_t i = 0; i < breaks.count; i++) {
        const struct break_at *at = &breaks.items[i];
        const char *value = symbol_describe(split->column, (uint8_t)at->symbol, table->arena);
        const struct stratum_draft draft = {
            .column_count = 2,
            .columns = columns,
            .rows = at->trait->rows,
            .needs = at->symbol <= SYMBOL_SET ? PROPERTY_NULLS : PROPERTY_NULLS | NEEDS_VALUES,
            .witnesses = &at->trait->list};

        if (!strata_add(strata, &draft, err, "%s is %s, unlike in other years: %s %s",
                        column_title(table, split->column), value ? value : "one value",
                        column_title(table, clock->column),
                        year_text(clock->column, at->year, i + 1, table->arena)))
            return false;
    }
    return true;
}

bool clock_yield(struct clock *clock, struct marker *marker, struct strata *strata,
                 struct error *err)
{
    for (size_t i = 0; i < clock->split_count; i++)
        if (!split_yield(&clock->splits[i], clock, marker, strata, err))
            return false;
    return !clock->is_cut || strata_gap(strata, clock->column,
                                        "only the first 32 columns are split by its years", err);
}
