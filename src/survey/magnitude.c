/* magnitude: orders of magnitude that few numbers of a column have. A number of a whole power of
 * ten belongs to the order that begins there. */
#include "survey/trait.h"

#include <math.h>

enum { ORDER_LEAST = -12, ORDER_MOST = 38, ORDER_COUNT = ORDER_MOST - ORDER_LEAST + 1 };

struct orders {
    const struct survey_column *column;
    struct trait traits[2][ORDER_COUNT]; /* negative ones apart */
};

struct magnitude {
    struct marker marker; /* first */
    size_t count;
    struct orders *orders;
};

static bool is_wanted(const struct survey_column *column)
{
    return column->form == FORM_NUMBER && !column->is_ignored && !column->is_reference &&
           !column->is_referenced && !column->is_unique;
}

static bool magnitude_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct magnitude), &picked, opened, err))
        return false;
    struct magnitude *magnitude = *opened;
    if (!magnitude)
        return true;
    magnitude->orders = ARENA_ARRAY(magnitude->marker.arena, picked.count, struct orders);
    if (!magnitude->orders)
        return error_memory(err);
    for (; magnitude->count < picked.count; magnitude->count++)
        magnitude->orders[magnitude->count].column = picked.columns[magnitude->count];
    return true;
}

static const double powers[] = {
    1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0,
    1e1,   1e2,   1e3,   1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
    1e14,  1e15,  1e16,  1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26,
    1e27,  1e28,  1e29,  1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36, 1e37, 1e38,
};
static_assert(COUNT_OF(powers) == ORDER_COUNT, "one power an order");

/* From the exponent of two, which is off by one at most; a logarithm takes ten times as long.
 * What is out of reach counts with the least or the greatest order. */
static size_t order_of(double size)
{
    uint64_t bits;
    int exponent, order;

    assert(size > 0.0);
    memcpy(&bits, &size, sizeof(bits));
    exponent = (int)(bits >> 52 & 0x7ff) - 1023;
    order = (exponent * 1233 >> 12) - ORDER_LEAST;
    if (order < 0)
        return 0;
    if (order >= ORDER_COUNT - 1)
        return ORDER_COUNT - 1;
    return (size_t)order + (size >= powers[order + 1]);
}

static bool magnitude_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct magnitude *magnitude = state;

    magnitude->marker.batch = batch;
    for (size_t i = 0; i < magnitude->count; i++) {
        struct orders *orders = &magnitude->orders[i];
        const struct survey_cells *cells = &batch->columns[orders->column->index];

        for (uint32_t row = 0; row < batch->rows; row++) {
            const double number = cells->numbers[row];
            if (cells->is_null[row] || number == 0.0 || !isfinite(number))
                continue;
            if (!trait_add(&magnitude->marker,
                           &orders->traits[number < 0.0][order_of(fabs(number))], row, err))
                return false;
        }
    }
    return true;
}

static bool magnitude_merge(void *state, void *from, struct error *err)
{
    struct magnitude *magnitude = state, *other = from;

    assert(magnitude->count == other->count);
    for (size_t i = 0; i < magnitude->count; i++)
        for (size_t sign = 0; sign < 2; sign++)
            if (!traits_merge(&magnitude->marker, magnitude->orders[i].traits[sign],
                              other->orders[i].traits[sign], ORDER_COUNT, err))
                return false;
    return true;
}

static bool yield_order(struct trait *trait, struct strata *strata, const char *title, size_t at,
                        struct stratum_draft *draft, struct error *err)
{
    const char *sign = draft->needs & PROPERTY_SIGN ? "-" : "";

    assert(trait->rows > 0 && at < ORDER_COUNT);
    if (at == 0)
        return strata_add(strata, draft, err, "%s is next to %s0", title, sign);
    if (at == ORDER_COUNT - 1)
        return strata_add(strata, draft, err, "%s is beyond %s%g", title, sign, powers[at]);
    return strata_add(strata, draft, err, "%s is of the order %s%g to %s%g", title, sign,
                      powers[at], sign, powers[at + 1]);
}

static bool magnitude_yield(void *state, struct strata *strata, struct error *err)
{
    struct magnitude *magnitude = state;

    for (size_t i = 0; i < magnitude->count; i++) {
        struct orders *orders = &magnitude->orders[i];

        for (size_t j = 0; j < (size_t)2 * ORDER_COUNT; j++) {
            struct trait *trait = &orders->traits[j / ORDER_COUNT][j % ORDER_COUNT];
            struct stratum_draft draft = trait_draft(
                trait, orders->column, PROPERTY_MAGNITUDE | (j < ORDER_COUNT ? 0 : PROPERTY_SIGN));
            if (trait_is_rare(trait, strata) &&
                !yield_order(trait, strata, column_title(magnitude->marker.table, orders->column),
                             j % ORDER_COUNT, &draft, err))
                return false;
        }
    }
    return true;
}

const struct detector detector_magnitude = {
    .kind = "magnitude",
    .help = "orders of magnitude that few numbers of a column have",
    .weight = 4,
    .open = magnitude_open,
    .observe = magnitude_observe,
    .merge = magnitude_merge,
    .yield = magnitude_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
