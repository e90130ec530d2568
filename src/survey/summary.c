/* Categories, number of values, order: of one column. */
#include "survey/summary.h"

#include <math.h>
#include <stdlib.h>

bool summary_init(struct summary *summary, unsigned what, struct arena *arena, struct error *err)
{
    *summary = (struct summary){.what = what, .least = NAN, .greatest = NAN};
    if (!(what & SUMMARY_VALUES))
        return true;
    summary->distinct = ARENA_NEW(arena, struct distinct);
    summary->categories = ARENA_ARRAY(arena, SUMMARY_SLOTS, struct category);
    return (summary->distinct && summary->categories) || error_memory(err);
}

static void category_add(struct summary *summary, uint64_t hash, uint64_t rows)
{
    size_t at = hash % SUMMARY_SLOTS;

    assert(summary->category_count <= SUMMARY_CATEGORIES);
    while (summary->categories[at].rows && summary->categories[at].hash != hash)
        at = (at + 1) % SUMMARY_SLOTS;
    if (!summary->categories[at].rows) {
        summary->has_overflowed = summary->category_count == SUMMARY_CATEGORIES;
        if (summary->has_overflowed)
            return;
        summary->category_count++;
        summary->categories[at].hash = hash;
    }
    summary->categories[at].rows += rows;
}

static void range_add(struct summary *summary, double number)
{
    if (!isfinite(number))
        return;
    if (!(number >= summary->least))
        summary->least = number;
    if (!(number <= summary->greatest))
        summary->greatest = number;
}

bool summary_add(struct summary *summary, uint64_t hash, double number, uint64_t rows,
                 struct arena *arena, struct error *err)
{
    if (rows == 0)
        return true;
    summary->rows += rows;
    if (summary->what & SUMMARY_VALUES) {
        distinct_add(summary->distinct, hash);
        if (!summary->has_overflowed)
            category_add(summary, hash, rows);
    }
    if (!(summary->what & SUMMARY_ORDER))
        return true;
    range_add(summary, number);
    return spread_add(&summary->spread, number, rows, arena, err);
}

bool summary_merge(struct summary *summary, const struct summary *from, struct arena *arena,
                   struct error *err)
{
    assert(summary->what == from->what);
    summary->rows += from->rows;
    summary->nulls += from->nulls;
    if (summary->what & SUMMARY_VALUES) {
        distinct_merge(summary->distinct, from->distinct);
        summary->has_overflowed |= from->has_overflowed;
        for (size_t i = 0; i < SUMMARY_SLOTS && !summary->has_overflowed; i++)
            if (from->categories[i].rows)
                category_add(summary, from->categories[i].hash, from->categories[i].rows);
    }
    range_add(summary, from->least);
    range_add(summary, from->greatest);
    return spread_merge(&summary->spread, &from->spread, arena, err);
}

static int category_compare(const void *left, const void *right)
{
    const struct category *a = left, *b = right;

    return (a->hash > b->hash) - (a->hash < b->hash);
}

static bool categories_copy(const struct summary *summary, struct arena *arena,
                            struct distribution *made)
{
    made->categories = ARENA_ARRAY(arena, summary->category_count + 1u, struct category);
    for (size_t i = 0; made->categories && i < SUMMARY_SLOTS; i++)
        if (summary->categories[i].rows)
            made->categories[made->category_count++] = summary->categories[i];
    if (made->category_count)
        qsort(made->categories, made->category_count, sizeof(*made->categories), category_compare);
    return made->categories != NULL;
}

bool summary_distribution(const struct summary *summary, struct arena *arena,
                          struct distribution *distribution, struct error *err)
{
    struct distribution *made = distribution;

    *made = (struct distribution){.rows = summary->rows,
                                  .nulls = summary->nulls,
                                  .has_values = summary->what & SUMMARY_VALUES,
                                  .is_ordered = summary->what & SUMMARY_ORDER,
                                  .least = summary->least,
                                  .greatest = summary->greatest,
                                  .level = summary->spread.level,
                                  .bucket_count = summary->spread.count};
    made->has_categories = made->has_values && !summary->has_overflowed;
    if (made->has_categories && !categories_copy(summary, arena, made))
        return error_memory(err);
    if (made->has_values)
        made->distinct = made->has_categories ? (double)made->category_count
                                              : distinct_estimate(summary->distinct);
    if (made->is_ordered)
        made->buckets = spread_buckets(&summary->spread, arena);
    return !made->is_ordered || made->buckets || error_memory(err);
}
