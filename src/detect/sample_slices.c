/* Cuts a relation's addresses until rows stand in half of the stretches. */
#include "detect/sample_slices.h"

#define CUTS_MAX 16

static bool slice_holds(struct db *db, const struct read *shape, const struct slice *slice,
                        bool *holds, struct error *err)
{
    struct read read = *shape;
    struct batch batch;
    bool more = true;

    assert(slice->low < slice->high && shape->field_count > 0);
    read.by = READ_BY_RANGE;
    read.address_low = slice->low;
    read.address_high = slice->high;
    read.max_rows = 1;
    read.field_count = 1;
    *holds = false;
    if (!batch_init(&batch, 1, (uint32_t)read.field_count, err))
        return false;
    bool ok = db_read_begin(db, &read, err);
    while (ok && more) {
        ok = db_read_next(db, &batch, &more, err);
        *holds = *holds || (ok && batch.rows > 0);
    }
    ok = ok && db_read_end(db, err);
    batch_release(&batch);
    return ok;
}

/* False: there is nothing to cut. */
static bool slices_cut(struct slices *slices)
{
    const struct slices whole = *slices;
    const uint64_t parts = SLICES_MAX / whole.count;

    assert(whole.count > 0 && parts >= 2);
    slices->count = 0;
    for (size_t i = 0; i < whole.count; i++) {
        const struct slice slice = whole.list[i];
        const uint64_t width = (slice.high - slice.low) / parts;

        for (uint64_t p = 0; p < (width > 0 ? parts : 1); p++)
            slices->list[slices->count++] = (struct slice){
                slice.low + p * width,
                width > 0 && p + 1 < parts ? slice.low + (p + 1) * width : slice.high};
    }
    return slices->count > whole.count;
}

static bool slices_narrow(struct db *db, const struct read *shape, struct slices *slices,
                          struct error *err)
{
    for (unsigned cuts = 0;; cuts++) {
        const size_t before = slices->count;

        slices->count = 0;
        for (size_t i = 0; i < before; i++) {
            bool holds;

            if (!slice_holds(db, shape, &slices->list[i], &holds, err))
                return false;
            if (holds)
                slices->list[slices->count++] = slices->list[i];
        }
        if (slices->count == 0 || slices->count > SLICES_MAX / 2 || cuts == CUTS_MAX ||
            !slices_cut(slices))
            return true;
    }
}

bool slices_find(struct db *db, const struct read *shape, uint32_t rows, struct slices *slices,
                 struct error *err)
{
    struct address_range range;

    assert(rows > 0);
    *slices = (struct slices){0};
    if (!db_address_range(db, shape->table, shape->relation, &range, err))
        return false;

    const uint64_t steps = address_range_steps(&range);
    uint64_t count = steps < SLICES_MAX ? steps : SLICES_MAX;

    count = count > rows ? rows : count;
    if (count < 2 || !range.is_divisible)
        return true;
    for (; slices->count < count; slices->count++)
        slices->list[slices->count] =
            (struct slice){address_range_at(&range, steps * slices->count / count),
                           address_range_at(&range, steps * (slices->count + 1) / count)};
    return !shape->relation->address_key || slices_narrow(db, shape, slices, err);
}
