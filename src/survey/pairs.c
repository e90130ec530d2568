/* Amounts are decimals of one scale, or numbers whose names say so: two of them are compared,
 * numbers of other kinds (a quantity and a price) are not. */
#include "survey/pairs.h"

#include <strings.h>

static bool is_number_or_time(const struct survey_column *column)
{
    return column->form == FORM_NUMBER || column->form == FORM_TIME;
}

static bool is_free(const struct survey_column *column)
{
    return !column->is_ignored && !column->is_reference && !column->is_referenced &&
           !column->is_unique;
}

static bool is_amount(const struct survey_column *column)
{
    static const char *const words[] = {"amount", "total", "price",   "cost",  "paid", "balance",
                                        "fee",    "tax",   "revenue", "value", "net",  "gross",
                                        "limit",  "due",   "salary",  "sum"};
    const char *name = column->bound->column->name;

    if (column->bound->column->scale > 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasestr(name, words[i]))
            return true;
    return false;
}

static bool is_comparable(const struct survey_column *a, const struct survey_column *b)
{
    if (a->form != b->form || a->is_ignored || b->is_ignored)
        return false;
    if (a->form == FORM_TIME)
        return true;
    return a->form == FORM_NUMBER && is_free(a) && is_free(b) && is_amount(a) && is_amount(b) &&
           a->bound->column->scale == b->bound->column->scale;
}

static void pairs_add(struct pairs *pairs, const struct survey_column *minuend,
                      const struct survey_column *subtrahend)
{
    assert(minuend != subtrahend && minuend->form == subtrahend->form);
    assert(pairs->count <= PAIRS_MAX);
    for (size_t i = 0; i < pairs->count; i++)
        if ((pairs->items[i].minuend == minuend && pairs->items[i].subtrahend == subtrahend) ||
            (pairs->items[i].minuend == subtrahend && pairs->items[i].subtrahend == minuend))
            return;
    if (pairs->count == PAIRS_MAX) {
        pairs->is_cut = true;
        return;
    }
    pairs->items[pairs->count++] = (struct pair){minuend, subtrahend};
}

static const struct survey_column *column_find(const struct survey_table *table,
                                               const struct bound_column *bound)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].bound == bound)
            return &table->columns[i];
    return NULL;
}

void pairs_find(const struct survey_table *table, struct pairs *pairs)
{
    const struct bound_tails *tails = &table->binding->tails;

    *pairs = (struct pairs){0};
    for (size_t i = 0; i < tails->difference_count; i++) {
        const struct survey_column *minuend = column_find(table, tails->differences[i].minuend);
        const struct survey_column *subtrahend =
            column_find(table, tails->differences[i].subtrahend);
        if (minuend && subtrahend && minuend != subtrahend && is_number_or_time(minuend) &&
            minuend->form == subtrahend->form)
            pairs_add(pairs, minuend, subtrahend);
    }
    for (size_t j = 1; j < table->column_count; j++)
        for (size_t i = 0; i < j; i++)
            if (is_comparable(&table->columns[j], &table->columns[i]))
                pairs_add(pairs, &table->columns[j], &table->columns[i]);
}
