/* The survey in its final order, in which nothing shows of the order it was made in. */
#include "survey/core.h"

#include <stdlib.h>

static int number_compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int text_compare(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int column_compare(const struct bound_column *a, const struct bound_column *b)
{
    int order = number_compare(a->column->table->index, b->column->table->index);

    return order ? order : number_compare(a->column->index, b->column->index);
}

static int columns_compare(const struct stratum *a, const struct stratum *b)
{
    for (size_t i = 0; i < a->column_count && i < b->column_count; i++) {
        int order = column_compare(a->columns[i], b->columns[i]);
        if (order)
            return order;
    }
    return number_compare(a->column_count, b->column_count);
}

/* What a stratum is about; equal ones say the same. */
static int about_compare(const struct stratum *a, const struct stratum *b)
{
    int order = number_compare(a->table->table->index, b->table->table->index);

    if (!order)
        order = strcmp(a->kind, b->kind);
    if (!order)
        order = columns_compare(a, b);
    if (!order)
        order =
            number_compare(a->edge ? a->edge->index + 1u : 0, b->edge ? b->edge->index + 1u : 0);
    return order ? order : strcmp(a->describe, b->describe);
}

static int witnesses_compare(const struct stratum *a, const struct stratum *b)
{
    int order = number_compare(b->witness_count, a->witness_count);

    for (size_t i = 0; !order && i < a->witness_count; i++)
        order = number_compare(a->witnesses[i].hash, b->witnesses[i].hash);
    return order;
}

/* Of those that say the same the one of most rows comes first. */
static int stratum_compare(const void *left, const void *right)
{
    const struct stratum *a = left, *b = right;
    int order = about_compare(a, b);

    if (!order)
        order = number_compare(b->rows, a->rows);
    return order ? order : witnesses_compare(a, b);
}

static int gap_compare(const void *left, const void *right)
{
    const struct survey_gap *a = left, *b = right;
    int order = strcmp(a->table, b->table);

    if (!order)
        order = text_compare(a->columns, b->columns);
    if (!order)
        order = text_compare(a->detector, b->detector);
    return order ? order : strcmp(a->why, b->why);
}

static int distribution_compare(const void *left, const void *right)
{
    const struct distribution *a = left, *b = right;

    return column_compare(a->column, b->column);
}

static int fan_out_compare(const void *left, const void *right)
{
    const struct fan_out *a = left, *b = right;

    return number_compare(a->edge->index, b->edge->index);
}

static void strata_sort(struct survey *survey)
{
    size_t kept = 0;

    if (survey->stratum_count)
        qsort(survey->strata, survey->stratum_count, sizeof(*survey->strata), stratum_compare);
    for (size_t i = 0; i < survey->stratum_count; i++)
        if (kept == 0 || about_compare(&survey->strata[kept - 1], &survey->strata[i]) != 0)
            survey->strata[kept++] = survey->strata[i];
    survey->stratum_count = kept;
}

static void gaps_sort(struct survey *survey)
{
    size_t kept = 0;

    if (survey->gap_count)
        qsort(survey->gaps, survey->gap_count, sizeof(*survey->gaps), gap_compare);
    for (size_t i = 0; i < survey->gap_count; i++)
        if (kept == 0 || gap_compare(&survey->gaps[kept - 1], &survey->gaps[i]) != 0)
            survey->gaps[kept++] = survey->gaps[i];
    survey->gap_count = kept;
}

void strata_settle(struct strata *strata)
{
    struct survey *survey = strata->survey;

    strata_sort(survey);
    gaps_sort(survey);
    if (survey->distribution_count)
        qsort(survey->distributions, survey->distribution_count, sizeof(*survey->distributions),
              distribution_compare);
    if (survey->fan_out_count)
        qsort(survey->fan_outs, survey->fan_out_count, sizeof(*survey->fan_outs), fan_out_compare);
}
