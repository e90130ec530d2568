/* Arrays of PostgreSQL's binary form: dimensions, a flag (some element is NULL), the type number
 * of the elements, length and lower bound of each dimension, then the elements as fields. */
#include "value/pg_binary.h"
#include "value/wire.h"

#define DIMENSIONS_MAX  6 /* as in PostgreSQL */
#define FLAG_OFFSET     4
#define OID_OFFSET      8
#define FIXED_BYTES     12
#define DIMENSION_BYTES 8
#define WORD_BYTES      sizeof(uint32_t)

bool pg_array_head_read(struct span cell, struct pg_array_head *head)
{
    uint64_t count = 1, most;

    if (cell.len < FIXED_BYTES)
        return false;
    head->dimensions = wire_read_u32(cell.ptr);
    head->element_oid = wire_read_u32(cell.ptr + OID_OFFSET);
    if (head->dimensions > DIMENSIONS_MAX || wire_read_u32(cell.ptr + FLAG_OFFSET) > 1)
        return false;
    head->head_bytes = FIXED_BYTES + (size_t)head->dimensions * DIMENSION_BYTES;
    if (cell.len < head->head_bytes)
        return false;
    most = (cell.len - head->head_bytes) / WORD_BYTES;
    for (uint32_t d = 0; d < head->dimensions; d++) {
        count *= wire_read_u32(cell.ptr + FIXED_BYTES + (size_t)d * DIMENSION_BYTES);
        if (count > most)
            return false;
    }
    head->count = head->dimensions == 0 ? 0 : (uint32_t)count;
    return true;
}

static bool array_malformed(struct error *err)
{
    return error_set(err, STATUS_SOURCE, "an array of the source is not well-formed");
}

bool pg_binary_array_split(struct span cell, struct arena *arena, struct span **elements,
                           uint32_t *count, struct error *err)
{
    struct wire wire = wire_of(cell);
    struct pg_array_head head;

    assert(arena && elements && count);
    if (!pg_array_head_read(cell, &head))
        return array_malformed(err);
    *elements = ARENA_ARRAY(arena, head.count > 0 ? head.count : 1, struct span);
    if (!*elements)
        return error_memory(err);
    wire.ptr += head.head_bytes;
    for (uint32_t i = 0; i < head.count; i++)
        if (!wire_take_field(&wire, &(*elements)[i]))
            return array_malformed(err);
    if (wire_left(&wire) != 0)
        return array_malformed(err);
    *count = head.count;
    return true;
}

bool pg_binary_array_join(struct span cell, const struct span *elements, uint32_t count,
                          struct arena *arena, struct span *joined, struct error *err)
{
    struct pg_array_head head;
    uint64_t size;
    char *out, *ptr;
    bool has_null = false;

    assert(elements && arena && joined);
    if (!pg_array_head_read(cell, &head))
        return array_malformed(err);
    assert(head.count == count);
    size = head.head_bytes;
    for (uint32_t i = 0; i < count; i++) {
        size += WORD_BYTES + (elements[i].ptr ? elements[i].len : 0);
        has_null = has_null || !elements[i].ptr;
    }
    if (size > INT32_MAX)
        return error_set(err, STATUS_LOCAL, "an array grew beyond 2 GiB");
    out = arena_alloc(arena, size);
    if (!out)
        return error_memory(err);
    memcpy(out, cell.ptr, head.head_bytes);
    wire_write_u32(out + FLAG_OFFSET, has_null);
    ptr = out + head.head_bytes;
    for (uint32_t i = 0; i < count; i++)
        ptr = wire_write_field(ptr, elements[i]);
    assert((size_t)(ptr - out) == size);
    *joined = span_make(out, size);
    return true;
}
