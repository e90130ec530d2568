/* What came of it: strata and gaps, judged, copied, and in the end sorted. Whether a stratum is
 * rare and whether rules leave anything of it to see is decided here and not in detectors. */
#include "survey/core.h"

#include "base/words.h"

#include <math.h>
#include <stdlib.h>

bool strata_init(struct strata *strata, struct survey *survey, struct error *err)
{
    *strata = (struct strata){.survey = survey};
    strata->rows = ARENA_ARRAY(survey->arena, survey->binding->catalog->table_count + 1, uint64_t);
    return strata->rows || error_memory(err);
}

uint64_t rare_limit(const struct bound_tails *tails, double rows)
{
    const double limit = floor(tails->rare * rows);

    return limit > 1 ? (uint64_t)limit : 1;
}

/* Of a table that nobody counted the catalog's number has to do. */
static uint64_t table_limit(const struct strata *strata, const struct bound_table *table)
{
    double rows = (double)strata->rows[table->table->index];

    if (rows <= 0)
        rows = table->table->row_estimate;
    return rare_limit(&strata->survey->binding->tails, rows);
}

void strata_begin(struct strata *strata, const struct detector *detector)
{
    strata->detector = detector;
}

bool strata_is_rare(const struct strata *strata, uint64_t rows)
{
    return rows <= table_limit(strata, strata->table->bound);
}

uint64_t strata_rows(const struct strata *strata)
{
    return strata->rows[strata->table->bound->table->index];
}

void strata_count(struct strata *strata, const struct bound_table *table, uint64_t rows)
{
    strata->rows[table->table->index] = rows;
}

struct survey *strata_survey(struct strata *strata)
{
    return strata->survey;
}

static bool is_ignored(const struct stratum_draft *draft)
{
    for (size_t i = 0; i < draft->column_count; i++)
        if (draft->columns[i]->is_tail_ignored)
            return true;
    return false;
}

/* A stratum of few rows is worth more than one at the limit: each halving adds as much again as the
 * detector's weight. */
static double stratum_weight(double weight, uint64_t rows, uint64_t limit)
{
    assert(weight > 0 && rows > 0);
    return rows < limit ? weight * (1 + log2((double)limit / (double)rows)) : weight;
}

static void stratum_judge(const struct strata *strata, const struct stratum_draft *draft,
                          struct stratum *stratum)
{
    const uint64_t limit = table_limit(strata, stratum->table);
    const unsigned most =
        draft->wanted ? draft->wanted : strata->survey->binding->tails.per_stratum;

    stratum->is_rare = draft->rows > 0 && (draft->is_rare_always || draft->rows <= limit);
    stratum->masked = masking_column(strata->survey->binding, draft);
    stratum->wanted = draft->rows < most ? (unsigned)draft->rows : most;
    stratum->weight = draft->rows > 0 ? stratum_weight(draft->weight > 0 ? draft->weight
                                                                         : strata->detector->weight,
                                                       draft->rows, limit)
                                      : 0;
}

static bool stratum_copy(struct arena *arena, const struct stratum_draft *draft,
                         struct stratum *stratum)
{
    stratum->columns = ARENA_ARRAY(arena, draft->column_count + 1, const struct bound_column *);
    if (!stratum->columns)
        return false;
    stratum->column_count = draft->column_count;
    for (size_t i = 0; i < draft->column_count; i++)
        stratum->columns[i] = draft->columns[i];
    if (!draft->witnesses || draft->witnesses->count == 0)
        return true;
    assert(!draft->witnesses->is_lost);
    witness_sort(draft->witnesses);
    stratum->witness_count = draft->witnesses->count;
    stratum->witnesses = ARENA_ARRAY(arena, stratum->witness_count, struct witness);
    if (!stratum->witnesses)
        return false;
    memcpy(stratum->witnesses, draft->witnesses->items,
           stratum->witness_count * sizeof(*stratum->witnesses));
    return true;
}

static struct stratum *stratum_new(struct strata *strata)
{
    struct survey *survey = strata->survey;

    survey->strata = arena_grow(survey->arena, survey->strata, survey->stratum_count,
                                &strata->stratum_capacity, sizeof(*survey->strata));
    return survey->strata ? &survey->strata[survey->stratum_count++] : NULL;
}

bool strata_add(struct strata *strata, const struct stratum_draft *draft, struct error *err,
                const char *format, ...)
{
    struct arena *arena = strata->survey->arena;
    struct stratum *stratum;
    va_list args;

    assert(strata->detector && strata->table && (draft->column_count == 0 || draft->columns));
    if (is_ignored(draft))
        return true;
    stratum = stratum_new(strata);
    if (!stratum)
        return error_memory(err);
    *stratum = (struct stratum){.table = draft->table ? draft->table : strata->table->bound,
                                .kind = strata->detector->kind,
                                .edge = draft->edge,
                                .rows = draft->rows,
                                .is_estimated = draft->is_estimated,
                                .is_bounded = draft->is_bounded,
                                .brings_children = draft->brings_children,
                                .is_together = draft->is_together};
    va_start(args, format);
    const char *text = arena_vprintf(arena, format, args);
    va_end(args);
    stratum->describe = text ? words_printable(arena, text) : NULL;
    if (!stratum->describe || !stratum_copy(arena, draft, stratum))
        return error_memory(err);
    stratum_judge(strata, draft, stratum);
    return true;
}

bool strata_gap_named(struct strata *strata, const struct table *table, const char *columns,
                      const char *why, struct error *err)
{
    struct survey *survey = strata->survey;

    survey->gaps = arena_grow(survey->arena, survey->gaps, survey->gap_count, &strata->gap_capacity,
                              sizeof(*survey->gaps));
    if (!survey->gaps)
        return error_memory(err);
    struct survey_gap *gap = &survey->gaps[survey->gap_count++];
    *gap = (struct survey_gap){.table = table->label,
                               .columns = columns ? arena_strdup(survey->arena, columns) : NULL,
                               .detector = strata->detector ? strata->detector->kind : NULL,
                               .why = arena_strdup(survey->arena, why)};
    return (gap->why && (gap->columns || !columns)) || error_memory(err);
}

bool strata_gap(struct strata *strata, const struct survey_column *column, const char *why,
                struct error *err)
{
    return strata_gap_named(strata, strata->table->bound->table,
                            column ? column->bound->column->name : NULL, why, err);
}

struct distribution *strata_add_distribution(struct strata *strata)
{
    struct survey *survey = strata->survey;

    survey->distributions =
        arena_grow(survey->arena, survey->distributions, survey->distribution_count,
                   &strata->distribution_capacity, sizeof(*survey->distributions));
    if (!survey->distributions)
        return NULL;
    struct distribution *added = &survey->distributions[survey->distribution_count++];
    *added = (struct distribution){.column = NULL};
    return added;
}

struct fan_out *strata_add_fan_out(struct strata *strata)
{
    struct survey *survey = strata->survey;

    survey->fan_outs = arena_grow(survey->arena, survey->fan_outs, survey->fan_out_count,
                                  &strata->fan_out_capacity, sizeof(*survey->fan_outs));
    if (!survey->fan_outs)
        return NULL;
    struct fan_out *added = &survey->fan_outs[survey->fan_out_count++];
    *added = (struct fan_out){.edge = NULL};
    return added;
}
