/* The metrics: pure functions of two distributions. */
#include "verify/similarity.h"

#include <math.h>

static double share(uint64_t part, uint64_t whole)
{
    return (double)part / (double)whole;
}

double missing_value_similarity(const struct distribution *real, const struct distribution *part)
{
    if (real->rows == 0 || part->rows == 0)
        return NAN;
    return 1 - fabs(share(real->nulls, real->rows) - share(part->nulls, part->rows));
}

static uint64_t bucket_rows(const struct distribution *side)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < side->bucket_count; i++)
        rows += side->buckets[i].rows;
    return rows;
}

/* Rows up to and with `place`, from where the last call ended. */
static uint64_t rows_until(const struct distribution *side, unsigned shift, uint64_t place,
                           size_t *at)
{
    uint64_t rows = 0;

    for (; *at < side->bucket_count && side->buckets[*at].place >> shift <= place; (*at)++)
        rows += side->buckets[*at].rows;
    return rows;
}

double ks_complement(const struct distribution *real, const struct distribution *part)
{
    const struct distribution *sides[2] = {real, part};
    const unsigned level = real->level > part->level ? real->level : part->level;
    const uint64_t all[2] = {bucket_rows(real), bucket_rows(part)};
    uint64_t passed[2] = {0, 0};
    size_t at[2] = {0, 0};
    double greatest = 0;

    if (!real->is_ordered || !part->is_ordered || all[0] == 0 || all[1] == 0)
        return NAN;
    while (at[0] < real->bucket_count || at[1] < part->bucket_count) {
        uint64_t place = UINT64_MAX;

        for (int side = 0; side < 2; side++)
            if (at[side] < sides[side]->bucket_count) {
                const uint64_t next =
                    sides[side]->buckets[at[side]].place >> (level - sides[side]->level);

                place = next < place ? next : place;
            }
        for (int side = 0; side < 2; side++)
            passed[side] += rows_until(sides[side], level - sides[side]->level, place, &at[side]);
        greatest = fmax(greatest, fabs(share(passed[0], all[0]) - share(passed[1], all[1])));
    }
    assert(passed[0] == all[0] && passed[1] == all[1]);
    return 1 - greatest;
}

static uint64_t values_of(const struct distribution *side)
{
    assert(side->nulls <= side->rows);
    return side->rows - side->nulls;
}

double tv_complement(const struct distribution *real, const struct distribution *part)
{
    const uint64_t all[2] = {values_of(real), values_of(part)};
    double sum = 0;
    size_t r = 0, p = 0;

    if (!real->has_categories || !part->has_categories || all[0] == 0 || all[1] == 0)
        return NAN;
    while (r < real->category_count || p < part->category_count) {
        const bool has_real = r < real->category_count, has_part = p < part->category_count;
        const bool is_real =
            has_real && (!has_part || real->categories[r].hash <= part->categories[p].hash);
        const bool is_part =
            has_part && (!has_real || part->categories[p].hash <= real->categories[r].hash);

        sum += fabs((is_real ? share(real->categories[r].rows, all[0]) : 0) -
                    (is_part ? share(part->categories[p].rows, all[1]) : 0));
        r += is_real;
        p += is_part;
    }
    return 1 - sum / 2;
}

double category_coverage(const struct distribution *real, const struct distribution *part)
{
    size_t common = 0, p = 0;

    if (!real->has_categories || !part->has_categories || real->category_count == 0 ||
        part->rows == 0)
        return NAN;
    for (size_t r = 0; r < real->category_count; r++) {
        while (p < part->category_count && part->categories[p].hash < real->categories[r].hash)
            p++;
        common += p < part->category_count && part->categories[p].hash == real->categories[r].hash;
    }
    return (double)common / (double)real->category_count;
}

double range_coverage(const struct distribution *real, const struct distribution *part)
{
    const double range = real->greatest - real->least;

    if (!real->is_ordered || !part->is_ordered || !(range > 0) || isnan(part->least))
        return NAN;
    /* A range beyond the greatest double is measured in halves. */
    const double scale = isinf(range) ? 0.5 : 1;
    const double width = real->greatest * scale - real->least * scale;
    const double below = (part->least * scale - real->least * scale) / width;
    const double above = (real->greatest * scale - part->greatest * scale) / width;

    return fmax(0, 1 - fmax(below, 0) - fmax(above, 0));
}

double cardinality_shape_similarity(const uint64_t *real, const uint64_t *part, size_t groups)
{
    uint64_t all[2] = {0, 0}, passed[2] = {0, 0};
    double greatest = 0;

    for (size_t i = 0; i < groups; i++) {
        all[0] += real[i];
        all[1] += part[i];
    }
    if (all[0] == 0 || all[1] == 0)
        return NAN;
    for (size_t i = 0; i < groups; i++) {
        passed[0] += real[i];
        passed[1] += part[i];
        greatest = fmax(greatest, fabs(share(passed[0], all[0]) - share(passed[1], all[1])));
    }
    return 1 - greatest;
}
