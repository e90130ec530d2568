/* Values that hold values, in the form of the types' send and receive functions:
 *
 *     array       dimensions, a flag (some element is NULL), type number, length and lower bound of
 *                 each dimension, then the elements as fields
 *     composite   count, then for each field its type number and the field
 *     range       flags, then up to two bounds as fields
 *     multirange  count, then each range as a field
 *     hstore      count, then keys and values as fields */
#include "value/pg_binary.h"
#include "value/pg_type.h"
#include "value/wire.h"

#define WORD_BYTES       sizeof(uint32_t)
#define ARRAY_HEAD_BYTES 12 /* without dimensions */

/* Room for `count` parts; NULL: memory ended. */
static struct parts *parts_new(uint32_t count, struct arena *arena)
{
    struct parts *parts = ARENA_NEW(arena, struct parts);

    if (!parts)
        return NULL;
    parts->count = count;
    parts->values = ARENA_ARRAY(arena, (size_t)count + 1, struct value);
    return parts->values ? parts : NULL;
}

static bool part_decode(const struct type *type, struct span field, struct arena *arena,
                        struct value *value, struct error *err)
{
    *value = (struct value){.is_null = true};
    return !field.ptr || pg_binary_decode(type, field, arena, value, err);
}

bool pg_binary_array_decode(const struct type *base, struct span cell, struct arena *arena,
                            struct value *value, struct error *err)
{
    struct span *elements = NULL;
    struct parts *parts;
    uint32_t count = 0;

    if (!pg_binary_array_split(cell, arena, &elements, &count, err))
        return false;
    value->parts = parts = parts_new(count, arena);
    if (!parts)
        return error_memory(err);
    parts->shape = cell;
    for (uint32_t i = 0; i < count; i++)
        if (!part_decode(base->element, elements[i], arena, &parts->values[i], err))
            return false;
    return true;
}

/* Type numbers are passed over: the target has other ones. */
bool pg_binary_composite_decode(const struct type *base, struct span cell, struct arena *arena,
                                struct value *value, struct error *err)
{
    struct wire wire = wire_of(cell);
    struct parts *parts;
    uint32_t count, oid;
    struct span field;

    if (!wire_take_u32(&wire, &count) || count != base->field_count)
        return value_malformed(base, err);
    value->parts = parts = parts_new(count, arena);
    if (!parts)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        if (!wire_take_u32(&wire, &oid) || !wire_take_field(&wire, &field))
            return value_malformed(base, err);
        if (!part_decode(base->fields[i].type, field, arena, &parts->values[i], err))
            return false;
    }
    return wire_left(&wire) == 0 || value_malformed(base, err);
}

static bool bound_take(const struct type *base, struct wire *wire, struct arena *arena,
                       struct value *value, struct error *err)
{
    struct span field;

    if (!wire_take_field(wire, &field) || !field.ptr)
        return value_malformed(base, err);
    return part_decode(base->element, field, arena, value, err);
}

bool pg_binary_range_decode(const struct type *base, struct span cell, struct arena *arena,
                            struct value *value, struct error *err)
{
    struct parts *parts = parts_new(2, arena);
    struct wire wire = wire_of(cell);

    value->parts = parts;
    if (!parts)
        return error_memory(err);
    if (cell.len < 1)
        return value_malformed(base, err);
    parts->flags = (unsigned char)*wire.ptr++;
    parts->values[0].is_null = (parts->flags & (RANGE_EMPTY | RANGE_LOWER_INFINITE)) != 0;
    parts->values[1].is_null = (parts->flags & (RANGE_EMPTY | RANGE_UPPER_INFINITE)) != 0;
    for (int i = 0; i < 2; i++)
        if (!parts->values[i].is_null && !bound_take(base, &wire, arena, &parts->values[i], err))
            return false;
    return wire_left(&wire) == 0 || value_malformed(base, err);
}

/* A count that as many fields of at least `least` words can follow. */
static bool count_take(struct wire *wire, size_t least, uint32_t *count)
{
    return wire_take_u32(wire, count) && *count <= wire_left(wire) / (least * WORD_BYTES);
}

bool pg_binary_multirange_decode(const struct type *base, struct span cell, struct arena *arena,
                                 struct value *value, struct error *err)
{
    struct wire wire = wire_of(cell);
    struct parts *parts;
    struct span field;
    uint32_t count;

    if (!count_take(&wire, 1, &count))
        return value_malformed(base, err);
    value->parts = parts = parts_new(count, arena);
    if (!parts)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        if (!wire_take_field(&wire, &field) || !field.ptr)
            return value_malformed(base, err);
        if (!part_decode(base->element, field, arena, &parts->values[i], err))
            return false;
    }
    return wire_left(&wire) == 0 || value_malformed(base, err);
}

bool pg_binary_hstore_decode(const struct type *base, struct span cell, struct arena *arena,
                             struct value *value, struct error *err)
{
    struct wire wire = wire_of(cell);
    struct parts *parts;
    struct span field;
    uint32_t count;

    if (!count_take(&wire, 2, &count) || count > UINT32_MAX / 2)
        return value_malformed(base, err);
    value->parts = parts = parts_new(2 * count, arena);
    if (!parts)
        return error_memory(err);
    for (uint32_t i = 0; i < parts->count; i++) {
        if (!wire_take_field(&wire, &field) || (!field.ptr && i % 2 == 0))
            return value_malformed(base, err);
        parts->values[i] = (struct value){.is_null = !field.ptr};
        if (field.ptr)
            parts->values[i].bytes = field;
    }
    return wire_left(&wire) == 0 || value_malformed(base, err);
}

static bool part_encode(const struct column *column, const struct type *type,
                        const struct value *value, struct arena *arena, struct span *field,
                        struct error *err)
{
    *field = (struct span){0};
    return value->is_null || pg_binary_encode(column, type, value, arena, field, err);
}

/* The bytes in front, then the parts as fields, each behind the number of `words`, if there are
 * any. */
static bool fields_join(struct span head, const struct span *fields, const uint32_t *words,
                        uint32_t count, struct arena *arena, struct span *cell, struct error *err)
{
    uint64_t size = head.len;
    char *out;

    for (uint32_t i = 0; i < count; i++)
        size += WORD_BYTES + (words ? WORD_BYTES : 0) + (fields[i].ptr ? fields[i].len : 0);
    if (size > INT32_MAX)
        return error_set(err, STATUS_LOCAL, "a value grew beyond 2 GiB");
    out = arena_alloc(arena, size);
    if (!out)
        return error_memory(err);
    *cell = span_make(out, size);
    memcpy(out, head.ptr, head.len);
    out += head.len;
    for (uint32_t i = 0; i < count; i++) {
        if (words) {
            wire_write_u32(out, words[i]);
            out += WORD_BYTES;
        }
        out = wire_write_field(out, fields[i]);
    }
    assert((size_t)(out - cell->ptr) == size);
    return true;
}

bool pg_binary_array_encode(const struct pg_encoding *encoding, struct span *cell,
                            struct error *err)
{
    const struct parts *parts = encoding->value->parts;
    const struct type *element = encoding->base->element;
    struct span *fields = ARENA_ARRAY(encoding->arena, (size_t)parts->count + 1, struct span);
    char empty[ARRAY_HEAD_BYTES] = {0};

    if (!fields)
        return error_memory(err);
    for (uint32_t i = 0; i < parts->count; i++)
        if (!part_encode(encoding->column, element, &parts->values[i], encoding->arena, &fields[i],
                         err))
            return false;
    if (parts->shape.ptr)
        return pg_binary_array_join(parts->shape, fields, parts->count, encoding->arena, cell, err);
    assert(parts->count == 0);
    wire_write_u32(empty + 8, element->oid);
    return fields_join(span_make(empty, sizeof(empty)), fields, NULL, 0, encoding->arena, cell,
                       err);
}

bool pg_binary_composite_encode(const struct pg_encoding *encoding, struct span *cell,
                                struct error *err)
{
    const struct parts *parts = encoding->value->parts;
    const struct type *base = encoding->base;
    struct span *fields = ARENA_ARRAY(encoding->arena, (size_t)parts->count + 1, struct span);
    uint32_t *oids = ARENA_ARRAY(encoding->arena, (size_t)parts->count + 1, uint32_t);
    char head[WORD_BYTES];

    if (!fields || !oids)
        return error_memory(err);
    assert(parts->count == base->field_count);
    for (uint32_t i = 0; i < parts->count; i++) {
        oids[i] = base->fields[i].type->oid;
        if (!part_encode(base->fields[i].column, base->fields[i].type, &parts->values[i],
                         encoding->arena, &fields[i], err))
            return false;
    }
    wire_write_u32(head, parts->count);
    return fields_join(span_make(head, sizeof(head)), fields, oids, parts->count, encoding->arena,
                       cell, err);
}

bool pg_binary_range_encode(const struct pg_encoding *encoding, struct span *cell,
                            struct error *err)
{
    const struct parts *parts = encoding->value->parts;
    struct span fields[2];
    uint32_t count = 0;
    char head = (char)parts->flags;

    assert(parts->count == 2);
    for (int i = 0; i < 2; i++)
        if (!parts->values[i].is_null &&
            !part_encode(NULL, encoding->base->element, &parts->values[i], encoding->arena,
                         &fields[count++], err))
            return false;
    return fields_join(span_make(&head, 1), fields, NULL, count, encoding->arena, cell, err);
}

/* A count of ranges, or of pairs, and the parts behind it. */
static bool counted_encode(const struct pg_encoding *encoding, const struct type *type,
                           uint32_t each, struct span *cell, struct error *err)
{
    const struct parts *parts = encoding->value->parts;
    struct span *fields = ARENA_ARRAY(encoding->arena, (size_t)parts->count + 1, struct span);
    char head[WORD_BYTES];

    if (!fields)
        return error_memory(err);
    for (uint32_t i = 0; i < parts->count; i++) {
        if (!type)
            fields[i] = parts->values[i].is_null ? (struct span){0} : parts->values[i].bytes;
        else if (!part_encode(NULL, type, &parts->values[i], encoding->arena, &fields[i], err))
            return false;
    }
    wire_write_u32(head, parts->count / each);
    return fields_join(span_make(head, sizeof(head)), fields, NULL, parts->count, encoding->arena,
                       cell, err);
}

bool pg_binary_multirange_encode(const struct pg_encoding *encoding, struct span *cell,
                                 struct error *err)
{
    return counted_encode(encoding, encoding->base->element, 1, cell, err);
}

bool pg_binary_hstore_encode(const struct pg_encoding *encoding, struct span *cell,
                             struct error *err)
{
    assert(encoding->value->parts->count % 2 == 0);
    return counted_encode(encoding, NULL, 2, cell, err);
}
