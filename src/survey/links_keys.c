/* Keys read out of batches, as the 64-bit numbers that stores know them by. */
#include "survey/links_state.h"

#include "value/wire.h"

#define SIGN_BIT (UINT64_C(1) << 63)

struct span link_cell(const struct link_batch *batch, const struct cell_source *source,
                      uint32_t row)
{
    const struct span *cells = source->is_extra ? batch->extras[source->index]
                                                : batch->batch->columns[source->index].cells;

    assert(cells && row < batch->batch->rows);
    return cells[row];
}

bool link_is_true(struct link_batch *batch, uint32_t field, uint32_t row, bool *is_true,
                  struct error *err)
{
    struct span cell = batch->extras[field][row];
    struct value value;

    *is_true = false;
    if (span_is_null(cell))
        return true;
    if (!batch->links->codec->decode(&key_boolean_type, cell, batch->scratch.arena, &value, err))
        return false;
    *is_true = value.boolean;
    return true;
}

uint32_t link_hash(uint64_t key)
{
    uint32_t hash = (uint32_t)(((key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

    return hash ? hash : 1;
}

static uint64_t plain_key(struct span cell)
{
    uint64_t number;

    if (cell.len == 8)
        number = wire_read_u64(cell.ptr);
    else if (cell.len == 4)
        number = (uint64_t)(int64_t)(int32_t)wire_read_u32(cell.ptr);
    else
        number = (uint64_t)(int64_t)(int16_t)wire_read_u16(cell.ptr);
    return number ^ SIGN_BIT;
}

bool link_image_key(const struct link_target *target, const struct key_image *image,
                    struct key_scratch *scratch, uint64_t *key, struct error *err)
{
    *key = image->number;
    if (image->is_number)
        return true;
    buf_reset(&scratch->bytes);
    buf_add(&scratch->bytes, image->bytes.ptr, image->bytes.len);
    key_bytes_settle(scratch, 0);
    *key = siphash(&target->key, buf_text(&scratch->bytes), scratch->bytes.len);
    return buf_ok(&scratch->bytes) || error_memory(err);
}

static bool keys_room(struct link_batch *batch, struct link_keys *keys, struct error *err)
{
    size_t capacity = keys->capacity;

    if (keys->count < keys->capacity)
        return true;
    keys->keys = arena_grow(batch->scratch.arena, keys->keys, keys->count, &keys->capacity,
                            sizeof(*keys->keys));
    keys->rows =
        arena_grow(batch->scratch.arena, keys->rows, keys->count, &capacity, sizeof(*keys->rows));
    if (!keys->keys || !keys->rows)
        return error_memory(err);
    keys->capacity = keys->capacity < capacity ? keys->capacity : capacity;
    return true;
}

static bool row_keys_read(struct link_batch *batch, const struct link_side *side,
                          const struct link_target *target, struct link_keys *keys, uint32_t row,
                          struct span *cells, struct error *err)
{
    struct key_images images;

    for (size_t i = 0; i < side->side.count; i++)
        cells[i] = link_cell(batch, &side->sources[i], row);
    if (!key_images_read(&batch->scratch, &side->side, cells, &images, err))
        return false;
    for (size_t i = 0; i < images.count; i++) {
        if (!keys_room(batch, keys, err) ||
            !link_image_key(target, &images.items[i], &batch->scratch, &keys->keys[keys->count],
                            err))
            return false;
        keys->rows[keys->count++] = row;
    }
    return true;
}

static bool plain_is_well_formed(struct span cell)
{
    return cell.len == 8 || cell.len == 4 || cell.len == 2;
}

static bool row_key_read(struct link_batch *batch, const struct link_side *side,
                         struct link_keys *keys, uint32_t row, struct error *err)
{
    struct span cell = link_cell(batch, &side->sources[0], row);

    if (span_is_null(cell))
        return true;
    if (!plain_is_well_formed(cell))
        return error_set(err, STATUS_SOURCE, "an integer of %u bytes", cell.len);
    assert(keys->count < keys->capacity);
    keys->keys[keys->count] = plain_key(cell);
    keys->rows[keys->count++] = row;
    return true;
}

bool link_keys_read(struct link_batch *batch, const struct link_side *side,
                    const struct link_target *target, int32_t when, struct link_keys *keys,
                    struct error *err)
{
    struct arena *arena = batch->scratch.arena;
    uint32_t rows = batch->batch->rows;
    struct span *cells = ARENA_ARRAY(arena, side->side.count, struct span);
    bool applies = true, is_done = true;

    *keys = (struct link_keys){.capacity = rows};
    keys->keys = ARENA_ARRAY(arena, (size_t)rows + 1, uint64_t);
    keys->rows = ARENA_ARRAY(arena, (size_t)rows + 1, uint32_t);
    if (!cells || !keys->keys || !keys->rows)
        return error_memory(err);
    for (uint32_t row = 0; is_done && row < rows; row++) {
        if (when >= 0 && !link_is_true(batch, (uint32_t)when, row, &applies, err))
            return false;
        if (!applies)
            continue;
        is_done = side->is_plain ? row_key_read(batch, side, keys, row, err)
                                 : row_keys_read(batch, side, target, keys, row, cells, err);
    }
    return is_done;
}
