/* era: years of a time column that few rows have (before the last migration), and breaks in the
 * life of other columns: what is common in other years and common among rows of this year's kind,
 * but hardly ever met in this year (rows of 2024 still without a locale). */
#include "survey/symbols.h"
#include "survey/trait.h"

#include <stdlib.h>

enum {
    YEAR_FIRST = 1850,
    YEAR_COUNT = 256, /* 0: before YEAR_FIRST + 1; the last: all later ones */
    TOLD_MOST = 12,   /* rare years told one by one from either end */
    CLOCKS_MAX = 2,   /* time columns whose years the other columns are split by */
    SPLITS_MAX = 32,  /* columns that are split */
    UNLIKELY = 8      /* times fewer than if the year told nothing */
};

struct life { /* of a time column */
    const struct survey_column *column;
    struct trait years[YEAR_COUNT];
};

/* A column by the years of a clock. */
struct split {
    const struct survey_column *column;
    struct trait *years[YEAR_COUNT]; /* [symbol], NULL: no row yet */
};

struct clock {
    const struct survey_column *column;
    size_t split_count;
    struct split *splits;
};

struct era {
    struct marker marker; /* first */
    size_t life_count, clock_count;
    struct life *lives;
    struct clock clocks[CLOCKS_MAX];
    bool is_cut; /* more columns could have been split */
};

static bool has_years(const struct survey_column *column)
{
    return column->form == FORM_TIME && !column->is_ignored && !column->is_reference;
}

static bool is_split(const struct survey_column *column, const struct survey_column *clock)
{
    return column != clock && !column->is_ignored &&
           (column->symbols || !column->bound->column->is_not_null);
}

/* When the row was made, as far as names and NOT NULL tell. */
static int clock_rank(const struct survey_column *column)
{
    return 2 * (strcasestr(column->bound->column->name, "creat") != NULL) +
           column->bound->column->is_not_null;
}

/* The best clocks first, of equal ones the first in the table. */
static void clocks_choose(struct era *era)
{
    for (int rank = 3; rank >= 0; rank--)
        for (size_t i = 0; i < era->life_count && era->clock_count < CLOCKS_MAX; i++)
            if (clock_rank(era->lives[i].column) == rank)
                era->clocks[era->clock_count++].column = era->lives[i].column;
}

static bool splits_choose(struct era *era, struct clock *clock)
{
    const struct survey_table *table = era->marker.table;

    clock->splits = ARENA_ARRAY(era->marker.arena, SPLITS_MAX, struct split);
    if (!clock->splits)
        return false;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!is_split(&table->columns[i], clock->column))
            continue;
        if (clock->split_count == SPLITS_MAX)
            era->is_cut = true;
        else
            clock->splits[clock->split_count++].column = &table->columns[i];
    }
    return true;
}

static bool era_prepare(struct era *era)
{
    const struct survey_table *table = era->marker.table;

    for (size_t i = 0; i < table->column_count; i++)
        era->life_count += has_years(&table->columns[i]);
    era->lives = ARENA_ARRAY(era->marker.arena, era->life_count + 1, struct life);
    if (!era->lives)
        return false;
    for (size_t i = 0, count = 0; i < table->column_count; i++)
        if (has_years(&table->columns[i]))
            era->lives[count++].column = &table->columns[i];
    clocks_choose(era);
    for (size_t i = 0; i < era->clock_count; i++)
        if (!splits_choose(era, &era->clocks[i]))
            return false;
    return true;
}

static bool era_open(const struct survey_table *table, void **state, struct error *err)
{
    struct era *era;

    if (!marker_open(table, sizeof(*era), state, err))
        return false;
    era = *state;
    if (!era_prepare(era))
        return error_memory(err);
    if (era->life_count == 0) {
        marker_close(era);
        *state = NULL;
    }
    return true;
}

static uint8_t year_of(int64_t time)
{
    const int64_t day_us = INT64_C(86400000000);
    int64_t day = time / day_us - (time % day_us < 0);
    int year, month, date;

    date_from_days(day, &year, &month, &date);
    if (year < YEAR_FIRST)
        return 0;
    return year - YEAR_FIRST < YEAR_COUNT ? (uint8_t)(year - YEAR_FIRST) : YEAR_COUNT - 1;
}

/* Years of a batch, and which rows have one. */
struct years {
    const uint8_t *years;
    const bool *is_known;
};

static bool life_observe(struct life *life, struct marker *marker, const struct survey_batch *batch,
                         struct years *known, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[life->column->index];
    uint8_t *years = ARENA_ARRAY(batch->arena, batch->rows, uint8_t);
    bool *is_known = ARENA_ARRAY(batch->arena, batch->rows, bool);

    if (!years || !is_known)
        return error_memory(err);
    for (uint32_t row = 0; row < batch->rows; row++) {
        const int64_t time = cells->times[row];
        if (cells->is_null[row] || time == TIME_MIN || time == TIME_MAX)
            continue;
        is_known[row] = true;
        years[row] = year_of(time);
        if (!trait_add(marker, &life->years[years[row]], row, err))
            return false;
    }
    *known = (struct years){years, is_known};
    return true;
}

static struct trait *split_year(struct split *split, struct marker *marker, uint8_t year)
{
    if (!split->years[year])
        split->years[year] = ARENA_ARRAY(marker->arena, SYMBOL_COUNT, struct trait);
    return split->years[year];
}

static bool split_observe(struct split *split, struct marker *marker,
                          const struct survey_batch *batch, const struct years *known,
                          struct error *err)
{
    const struct survey_cells *cells = &batch->columns[split->column->index];

    for (uint32_t row = 0; row < batch->rows; row++) {
        const uint8_t symbol = cells->is_null[row] ? (uint8_t)SYMBOL_NULL
                               : cells->symbols    ? cells->symbols[row]
                                                   : (uint8_t)SYMBOL_SET;
        struct trait *traits;

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

static bool era_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct era *era = state;

    era->marker.batch = batch;
    for (size_t i = 0; i < era->life_count; i++) {
        struct years known = {0};

        if (!life_observe(&era->lives[i], &era->marker, batch, &known, err))
            return false;
        for (size_t c = 0; c < era->clock_count; c++)
            for (size_t s = 0;
                 era->clocks[c].column == era->lives[i].column && s < era->clocks[c].split_count;
                 s++)
                if (!split_observe(&era->clocks[c].splits[s], &era->marker, batch, &known, err))
                    return false;
    }
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

static bool era_merge(void *state, void *from, struct error *err)
{
    struct era *era = state, *other = from;

    assert(era->life_count == other->life_count && era->clock_count == other->clock_count);
    for (size_t i = 0; i < era->life_count; i++)
        if (!traits_merge(&era->marker, era->lives[i].years, other->lives[i].years, YEAR_COUNT,
                          err))
            return false;
    for (size_t c = 0; c < era->clock_count; c++)
        for (size_t s = 0; s < era->clocks[c].split_count; s++)
            if (!split_merge(&era->clocks[c].splits[s], &era->marker, &other->clocks[c].splits[s],
                             err))
                return false;
    return true;
}

/* "in 2011"; of a column whose rule changes it a number that tells no year. */
static const char *year_text(const struct survey_column *column, size_t year, size_t number,
                             struct arena *arena)
{
    const char *text;

    if (!column->bound->is_copied)
        text = arena_printf(arena, "in a year that few rows have (%zu)", number);
    else if (year == YEAR_COUNT - 1)
        text = "in a year far ahead";
    else
        text = arena_printf(arena, year == 0 ? "before %d" : "in %d",
                            YEAR_FIRST + (year == 0 ? 1 : (int)year));
    return text ? text : "in one year";
}

static bool tell_year(struct life *life, struct era *era, struct strata *strata, size_t year,
                      size_t number, struct error *err)
{
    const struct survey_table *table = era->marker.table;
    struct stratum_draft draft = trait_draft(&life->years[year], life->column, PROPERTY_ORDER);

    return strata_add(strata, &draft, err, "%s lies %s", column_title(table, life->column),
                      year_text(life->column, year, number, table->arena));
}

/* The first and the last rare years one by one, those between them together. */
static bool life_yield(struct life *life, struct era *era, struct strata *strata, struct error *err)
{
    struct trait rest = {0};
    struct stratum_draft draft;
    size_t rare_count = 0, at = 0;

    for (size_t year = 0; year < YEAR_COUNT; year++)
        rare_count += trait_is_rare(&life->years[year], strata);
    for (size_t year = 0; year < YEAR_COUNT; year++) {
        bool is_good;

        if (!trait_is_rare(&life->years[year], strata))
            continue;
        if (at < TOLD_MOST || at + TOLD_MOST >= rare_count)
            is_good = tell_year(life, era, strata, year, at + 1, err);
        else
            is_good = trait_merge(&era->marker, &rest, &life->years[year], err);
        if (!is_good)
            return false;
        at++;
    }
    if (!trait_is_rare(&rest, strata))
        return true;
    draft = trait_draft(&rest, life->column, PROPERTY_ORDER);
    return strata_add(strata, &draft, err, "%s lies in another year that few rows have",
                      column_title(era->marker.table, life->column));
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

static bool split_yield(struct split *split, const struct clock *clock, struct era *era,
                        struct strata *strata, struct error *err)
{
    const struct survey_table *table = era->marker.table;
    const struct bound_column *columns[] = {split->column->bound, clock->column->bound};
    struct breaks breaks;

    if (!split_fold(split, &era->marker, err))
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
            .needs = at->symbol <= SYMBOL_SET ? PROPERTY_NULLS : PROPERTY_NULLS | PROPERTY_EQUALITY,
            .witnesses = &at->trait->list};

        if (!strata_add(strata, &draft, err, "%s is %s, unlike in other years: %s %s",
                        column_title(table, split->column), value ? value : "one value",
                        column_title(table, clock->column),
                        year_text(clock->column, at->year, i + 1, table->arena)))
            return false;
    }
    return true;
}

static bool era_yield(void *state, struct strata *strata, struct error *err)
{
    struct era *era = state;

    for (size_t i = 0; i < era->life_count; i++)
        if (!life_yield(&era->lives[i], era, strata, err))
            return false;
    for (size_t c = 0; c < era->clock_count; c++)
        for (size_t s = 0; s < era->clocks[c].split_count; s++)
            if (!split_yield(&era->clocks[c].splits[s], &era->clocks[c], era, strata, err))
                return false;
    return !era->is_cut ||
           strata_gap(strata, NULL, "only the first 32 columns are split by year", err);
}

const struct detector detector_era = {
    .kind = "era",
    .help = "years that few rows have, and what other columns hardly ever hold in one year though "
            "they often do in others",
    .weight = 4,
    .open = era_open,
    .observe = era_observe,
    .merge = era_merge,
    .yield = era_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
