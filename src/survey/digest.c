/* Categories, number of values, order: of one column. */
#include "survey/digest.h"

#include <math.h>
#include <stdlib.h>

bool digest_init(struct digest *digest, unsigned what, struct arena *arena, struct error *err)
{
    *digest = (struct digest){.what = what, .least = NAN, .greatest = NAN};
    if (!(what & DIGEST_VALUES))
        return true;
    digest->distinct = ARENA_NEW(arena, struct distinct);
    digest->categories = ARENA_ARRAY(arena, DIGEST_SLOTS, struct category);
    return (digest->distinct && digest->categories) || error_memory(err);
}

static void category_add(struct digest *digest, uint64_t hash, uint64_t rows)
{
    size_t at = hash % DIGEST_SLOTS;

    assert(digest->category_count <= DIGEST_CATEGORIES);
    while (digest->categories[at].rows && digest->categories[at].hash != hash)
        at = (at + 1) % DIGEST_SLOTS;
    if (!digest->categories[at].rows) {
        digest->has_overflowed = digest->category_count == DIGEST_CATEGORIES;
        if (digest->has_overflowed)
            return;
        digest->category_count++;
        digest->categories[at].hash = hash;
    }
    digest->categories[at].rows += rows;
}

static void range_add(struct digest *digest, double number)
{
    if (!isfinite(number))
        return;
    if (!(number >= digest->least))
        digest->least = number;
    if (!(number <= digest->greatest))
        digest->greatest = number;
}

bool digest_add(struct digest *digest, uint64_t hash, double number, uint64_t rows,
                struct arena *arena, struct error *err)
{
    if (rows == 0)
        return true;
    digest->rows += rows;
    if (digest->what & DIGEST_VALUES) {
        distinct_add(digest->distinct, hash);
        if (!digest->has_overflowed)
            category_add(digest, hash, rows);
    }
    if (!(digest->what & DIGEST_ORDER))
        return true;
    range_add(digest, number);
    return spread_add(&digest->spread, number, rows, arena, err);
}

bool digest_merge(struct digest *digest, const struct digest *from, struct arena *arena,
                  struct error *err)
{
    assert(digest->what == from->what);
    digest->rows += from->rows;
    digest->nulls += from->nulls;
    if (digest->what & DIGEST_VALUES) {
        distinct_merge(digest->distinct, from->distinct);
        digest->has_overflowed |= from->has_overflowed;
        for (size_t i = 0; i < DIGEST_SLOTS && !digest->has_overflowed; i++)
            if (from->categories[i].rows)
                category_add(digest, from->categories[i].hash, from->categories[i].rows);
    }
    range_add(digest, from->least);
    range_add(digest, from->greatest);
    return spread_merge(&digest->spread, &from->spread, arena, err);
}

static int category_compare(const void *left, const void *right)
{
    const struct category *a = left, *b = right;

    return (a->hash > b->hash) - (a->hash < b->hash);
}

static bool categories_copy(const struct digest *digest, struct arena *arena,
                            struct distribution *made)
{
    made->categories = ARENA_ARRAY(arena, digest->category_count + 1u, struct category);
    for (size_t i = 0; made->categories && i < DIGEST_SLOTS; i++)
        if (digest->categories[i].rows)
            made->categories[made->category_count++] = digest->categories[i];
    if (made->category_count)
        qsort(made->categories, made->category_count, sizeof(*made->categories), category_compare);
    return made->categories != NULL;
}

bool digest_distribution(const struct digest *digest, struct arena *arena,
                         struct distribution *distribution, struct error *err)
{
    struct distribution *made = distribution;

    *made = (struct distribution){.rows = digest->rows,
                                  .nulls = digest->nulls,
                                  .has_values = digest->what & DIGEST_VALUES,
                                  .is_ordered = digest->what & DIGEST_ORDER,
                                  .least = digest->least,
                                  .greatest = digest->greatest,
                                  .level = digest->spread.level,
                                  .bucket_count = digest->spread.count};
    made->has_categories = made->has_values && !digest->has_overflowed;
    if (made->has_categories && !categories_copy(digest, arena, made))
        return error_memory(err);
    if (made->has_values)
        made->distinct = made->has_categories
                             ? (double)made->category_count
                             : fmin(distinct_estimate(digest->distinct),
                                    (double)(made->rows - made->nulls)); /* an estimate goes over */
    if (made->is_ordered)
        made->buckets = spread_buckets(&digest->spread, arena);
    return !made->is_ordered || made->buckets || error_memory(err);
}
