/* era: years of a time column that few rows have (before the last migration), and breaks in the
 * life of other columns: what is common in other years and common among rows of this year's kind,
 * but hardly ever met in this year (rows of 2024 still without a locale). */
#include "survey/year_split.h"

enum {
    TOLD_MOST = 12, /* rare years told one by one from either end */
    CLOCKS_MAX = 2  /* time columns whose years the other columns are split by */
};

struct life { /* of a time column */
    const struct survey_column *column;
    struct trait years[YEAR_COUNT];
};

struct era {
    struct marker marker; /* first */
    size_t life_count, clock_count;
    struct life *lives;
    struct clock clocks[CLOCKS_MAX];
};

static bool has_years(const struct survey_column *column)
{
    return column->form == FORM_TIME && !column->is_ignored && !column->is_reference;
}

/* When the row was made, as far as names and NOT NULL tell. */
static int clock_rank(const struct survey_column *column)
{
    return 2 * (strcasestr(column->bound->column->name, "creat") != NULL) +
           column->bound->column->is_not_null;
}

/* The best clocks first, of equal ones the first in the table. */
static bool clocks_choose(struct era *era)
{
    for (int rank = 3; rank >= 0; rank--)
        for (size_t i = 0; i < era->life_count && era->clock_count < CLOCKS_MAX; i++)
            if (clock_rank(era->lives[i].column) == rank &&
                !clock_open(&era->clocks[era->clock_count++], &era->marker, era->lives[i].column))
                return false;
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
    return clocks_choose(era);
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

static bool life_observe(struct life *life, struct marker *marker, const struct survey_batch *batch,
                         struct years *known, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[life->column->index];
    uint8_t *years = ARENA_ARRAY(batch->arena, batch->rows, uint8_t);
    bool *is_known = ARENA_ARRAY(batch->arena, batch->rows, bool);

    assert(cells->is_null && cells->times);
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

static bool era_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct era *era = state;

    era->marker.batch = batch;
    for (size_t i = 0; i < era->life_count; i++) {
        struct years known = {0};

        if (!life_observe(&era->lives[i], &era->marker, batch, &known, err))
            return false;
        for (size_t c = 0; c < era->clock_count; c++)
            if (era->clocks[c].column == era->lives[i].column &&
                !clock_observe(&era->clocks[c], &era->marker, &known, err))
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
        if (!clock_merge(&era->clocks[c], &era->marker, &other->clocks[c], err))
            return false;
    return true;
}

static bool tell_year(struct life *life, struct era *era, struct strata *strata, size_t year,
                      size_t number, struct error *err)
{
    const struct survey_table *table = era->marker.table;
    struct stratum_draft draft = trait_draft(&life->years[year], life->column, PROPERTY_ORDER);

    assert(year < YEAR_COUNT && number > 0);
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

static bool era_yield(void *state, struct strata *strata, struct error *err)
{
    struct era *era = state;

    for (size_t i = 0; i < era->life_count; i++)
        if (!life_yield(&era->lives[i], era, strata, err))
            return false;
    for (size_t c = 0; c < era->clock_count; c++)
        if (!clock_yield(&era->clocks[c], &era->marker, strata, err))
            return false;
    return true;
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
