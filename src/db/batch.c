/* Rows in the hand: arrays made once for `capacity` rows, and an arena for the rows' bytes. */
#include "db/driver.h"

static bool cells_make(struct batch *batch, uint32_t columns)
{
    size_t cells = (size_t)batch->capacity * (columns ? columns : 1);

    if (cells <= batch->cell_capacity)
        return true;
    batch->cells = ARENA_ARRAY(batch->arrays, cells, struct span);
    batch->cell_capacity = batch->cells ? cells : 0;
    return batch->cells != NULL;
}

bool batch_init(struct batch *batch, uint32_t capacity, uint32_t columns, struct error *err)
{
    assert(batch && capacity > 0);
    *batch = (struct batch){.capacity = capacity, .columns = columns};
    batch->arena = arena_new();
    batch->arrays = arena_new();
    if (!batch->arena || !batch->arrays)
        return error_memory(err);
    batch->row = ARENA_ARRAY(batch->arrays, capacity, struct span);
    batch->relations = ARENA_ARRAY(batch->arrays, capacity, uint16_t);
    batch->addresses = ARENA_ARRAY(batch->arrays, capacity, uint64_t);
    batch->totals = ARENA_ARRAY(batch->arrays, capacity, int64_t);
    if (!batch->row || !batch->relations || !batch->addresses || !batch->totals)
        return error_memory(err);
    return cells_make(batch, columns) ? true : error_memory(err);
}

void batch_release(struct batch *batch)
{
    arena_free(batch->arena);
    arena_free(batch->arrays);
    *batch = (struct batch){.capacity = 0};
}

void batch_reset(struct batch *batch, uint32_t columns)
{
    assert(batch->arena && batch->capacity > 0);
    batch->rows = 0;
    batch->columns = columns;
    arena_reset(batch->arena);
    if (!cells_make(batch, columns))
        batch->cells = NULL; /* db_read_next reports it */
}
