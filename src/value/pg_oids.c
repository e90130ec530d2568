/* Type numbers inside binary cells, rewritten in place in a copy: a number is 4 bytes on both
 * sides, so no length changes. Where they stand:
 *
 *     array       dimensions, flag, NUMBER, bounds, then each element as a field
 *     composite   count, then for each field NUMBER and the field
 *     range       flags, then up to two bounds as fields
 *     multirange  count, then each range as a field
 *
 * Elements, fields and bounds are walked only where their own type can hold numbers. */
#include "value/pg_binary.h"
#include "value/pg_type.h"
#include "value/wire.h"

#define FIRST_ASSIGNED_OID 10000 /* below, numbers are fixed in PostgreSQL's own source */
#define ARRAY_OID_OFFSET   8

/* `bytes` is the copy; cells are spans of it. */
struct rewriting {
    const struct oid_map *oids;
    char *bytes;
};

static bool cell_rewrite(const struct rewriting *rewriting, const struct type *type,
                         struct span cell, int depth, struct error *err);

static bool oid_find(const struct oid_map *oids, uint32_t source, uint32_t *target)
{
    size_t low = 0, high = oids->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (oids->pairs[middle].source < source)
            low = middle + 1;
        else
            high = middle;
    }
    *target = source;
    if (low < oids->count && oids->pairs[low].source == source)
        *target = oids->pairs[low].target;
    else if (source >= FIRST_ASSIGNED_OID)
        return false;
    return true;
}

static bool oid_rewrite(const struct rewriting *rewriting, const char *at, struct error *err)
{
    uint32_t source = wire_read_u32(at), target;

    assert(at >= rewriting->bytes);
    if (!oid_find(rewriting->oids, source, &target))
        return error_set(err, STATUS_TARGET, "the target has no type for the source's type %u",
                         (unsigned)source);
    wire_write_u32(rewriting->bytes + (at - rewriting->bytes), target);
    return true;
}

/* Whether values of the type can hold type numbers at any depth. Deeper than the bound counts as
 * yes: cell_rewrite refuses it then. */
static bool type_has_oids(const struct type *type, int depth)
{
    const struct type *base = type_base(type);

    if (depth > PG_NESTING_MAX)
        return true;
    if (base->class == TYPE_RANGE || base->class == TYPE_MULTIRANGE)
        return base->element && type_has_oids(base->element, depth + 1);
    return base->class == TYPE_ARRAY || base->class == TYPE_COMPOSITE;
}

/* Moves over one field of `wire` and rewrites what is in it. */
static bool field_rewrite(const struct rewriting *rewriting, const struct type *type,
                          struct wire *wire, int depth, struct error *err)
{
    struct span field;

    if (!wire_take_field(wire, &field))
        return value_malformed(type, err);
    if (!field.ptr || !type_has_oids(type, depth + 1))
        return true;
    return cell_rewrite(rewriting, type, field, depth + 1, err);
}

static bool array_rewrite(const struct rewriting *rewriting, const struct type *type,
                          struct span cell, int depth, struct error *err)
{
    struct wire wire = wire_of(cell);
    struct pg_array_head head;

    if (!pg_array_head_read(cell, &head))
        return value_malformed(type, err);
    if (!oid_rewrite(rewriting, cell.ptr + ARRAY_OID_OFFSET, err))
        return false;
    if (!type->element)
        return value_malformed(type, err);
    if (!type_has_oids(type->element, depth + 1))
        return true;
    wire.ptr += head.head_bytes;
    for (uint32_t i = 0; i < head.count; i++)
        if (!field_rewrite(rewriting, type->element, &wire, depth, err))
            return false;
    return wire_left(&wire) == 0 || value_malformed(type, err);
}

static bool composite_rewrite(const struct rewriting *rewriting, const struct type *type,
                              struct span cell, int depth, struct error *err)
{
    struct wire wire = wire_of(cell);
    uint32_t count, oid;

    if (!wire_take_u32(&wire, &count) || count != type->field_count)
        return value_malformed(type, err);
    for (uint32_t i = 0; i < count; i++) {
        const struct type *field = type->fields[i].type;
        const char *at = wire.ptr;

        assert(field);
        if (!wire_take_u32(&wire, &oid) || oid != field->oid)
            return value_malformed(type, err);
        if (!oid_rewrite(rewriting, at, err) || !field_rewrite(rewriting, field, &wire, depth, err))
            return false;
    }
    return wire_left(&wire) == 0 || value_malformed(type, err);
}

static bool range_rewrite(const struct rewriting *rewriting, const struct type *type,
                          struct span cell, int depth, struct error *err)
{
    struct wire wire = wire_of(cell);
    unsigned flags;

    if (cell.len < 1)
        return value_malformed(type, err);
    flags = (unsigned char)*wire.ptr++;
    if (!(flags & (RANGE_EMPTY | RANGE_LOWER_INFINITE)) &&
        !field_rewrite(rewriting, type->element, &wire, depth, err))
        return false;
    if (!(flags & (RANGE_EMPTY | RANGE_UPPER_INFINITE)) &&
        !field_rewrite(rewriting, type->element, &wire, depth, err))
        return false;
    return wire_left(&wire) == 0 || value_malformed(type, err);
}

static bool multirange_rewrite(const struct rewriting *rewriting, const struct type *type,
                               struct span cell, int depth, struct error *err)
{
    struct wire wire = wire_of(cell);
    struct span range;
    uint32_t count;

    if (!wire_take_u32(&wire, &count))
        return value_malformed(type, err);
    for (uint32_t i = 0; i < count; i++) {
        if (!wire_take_field(&wire, &range) || !range.ptr)
            return value_malformed(type, err);
        if (!range_rewrite(rewriting, type_base(type->element), range, depth, err))
            return false;
    }
    return wire_left(&wire) == 0 || value_malformed(type, err);
}

static bool cell_rewrite(const struct rewriting *rewriting, const struct type *type,
                         struct span cell, int depth, struct error *err)
{
    const struct type *base = type_base(type);

    if (depth > PG_NESTING_MAX)
        return error_set(err, STATUS_SOURCE, "type '%s' is nested more than %d deep", type->name,
                         PG_NESTING_MAX);
    switch (base->class) {
    case TYPE_ARRAY:
        return array_rewrite(rewriting, base, cell, depth, err);
    case TYPE_COMPOSITE:
        return composite_rewrite(rewriting, base, cell, depth, err);
    case TYPE_RANGE:
        return range_rewrite(rewriting, base, cell, depth, err);
    case TYPE_MULTIRANGE:
        return multirange_rewrite(rewriting, base, cell, depth, err);
    case TYPE_BASE:
    case TYPE_ENUM:
    case TYPE_DOMAIN:
        break;
    }
    return true;
}

bool pg_binary_translate_oids(const struct type *type, struct span cell, const struct oid_map *oids,
                              struct arena *arena, struct span *translated, struct error *err)
{
    struct rewriting rewriting = {oids, NULL};

    assert(type && cell.ptr && oids && translated);
    rewriting.bytes = arena_alloc(arena, cell.len > 0 ? cell.len : 1);
    if (!rewriting.bytes)
        return error_memory(err);
    memcpy(rewriting.bytes, cell.ptr, cell.len);
    *translated = span_make(rewriting.bytes, cell.len);
    return !type_has_oids(type, 0) || cell_rewrite(&rewriting, type, *translated, 0, err);
}
