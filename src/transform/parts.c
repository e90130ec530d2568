/* Leaves of arrays and ranges, gathered over all rows of a call so that a rule runs once. */
#include "transform/parts.h"

#include "transform/params.h"
#include "value/range.h"

static bool is_spread(const struct type *ground)
{
    switch (ground->class) {
    case TYPE_ARRAY:
        return true;
    case TYPE_RANGE:
    case TYPE_MULTIRANGE:
        return range_is_known(ground);
    default:
        return false;
    }
}

const struct type *parts_leaf(const struct type *type, bool *has_ranges)
{
    const struct type *ground;

    while (is_spread(ground = type_ground(type))) {
        if (has_ranges)
            *has_ranges |= ground->class != TYPE_ARRAY;
        type = ground->element;
    }
    return type;
}

struct leaves {
    struct arena *arena;
    const struct type *leaf;
    size_t count, place_capacity, row_capacity;
    struct value **places; /* in the copies */
    uint32_t *rows;
};

static bool leaf_add(struct leaves *leaves, struct value *value, uint32_t row)
{
    leaves->places = arena_grow(leaves->arena, leaves->places, leaves->count,
                                &leaves->place_capacity, sizeof(struct value *));
    leaves->rows = arena_grow(leaves->arena, leaves->rows, leaves->count, &leaves->row_capacity,
                              sizeof(*leaves->rows));
    if (!leaves->places || !leaves->rows)
        return false;
    leaves->places[leaves->count] = value;
    leaves->rows[leaves->count++] = row;
    return true;
}

/* Copies the tree under *value and notes its leaves; types end, so does this. */
static bool leaves_gather(struct leaves *leaves, const struct type *type, struct value *value,
                          uint32_t row)
{
    const struct type *ground = type_ground(type);
    struct parts *copy;

    if (type == leaves->leaf)
        return leaf_add(leaves, value, row);
    if (value->is_null)
        return true;
    copy = ARENA_NEW(leaves->arena, struct parts);
    if (!copy)
        return false;
    *copy = *value->parts;
    copy->values = ARENA_ARRAY(leaves->arena, (size_t)copy->count + 1, struct value);
    if (!copy->values)
        return false;
    memcpy(copy->values, value->parts->values, copy->count * sizeof(*copy->values));
    value->parts = copy;
    for (uint32_t i = 0; i < copy->count; i++) {
        if (ground->class == TYPE_RANGE && copy->values[i].is_null)
            continue;
        if (!leaves_gather(leaves, ground->element, &copy->values[i], row))
            return false;
    }
    return true;
}

static void ranges_settle(const struct type *type, const struct type *leaf, struct value *value)
{
    const struct type *ground = type_ground(type);

    if (type == leaf || value->is_null)
        return;
    if (ground->class == TYPE_RANGE) {
        range_settle(ground, value->parts);
        return;
    }
    if (ground->class == TYPE_MULTIRANGE) {
        multirange_settle(type_ground(ground->element), value->parts);
        return;
    }
    for (uint32_t i = 0; i < value->parts->count; i++)
        ranges_settle(ground->element, leaf, &value->parts->values[i]);
}

static const uint64_t *hashes_spread(const struct leaves *leaves, const uint64_t *of_rows,
                                     bool *has_memory)
{
    uint64_t *spread;

    if (!of_rows)
        return NULL;
    spread = ARENA_ARRAY(leaves->arena, leaves->count, uint64_t);
    *has_memory &= spread != NULL;
    for (size_t i = 0; spread && i < leaves->count; i++)
        spread[i] = of_rows[leaves->rows[i]];
    return spread;
}

static const struct value *const *companions_spread(const struct leaves *leaves,
                                                    const struct value *const *of_rows,
                                                    size_t count, bool *has_memory)
{
    const struct value **spread;

    if (!of_rows || count == 0)
        return of_rows;
    spread = ARENA_ARRAY(leaves->arena, count, const struct value *);
    for (size_t c = 0; spread && c < count; c++) {
        struct value *values = ARENA_ARRAY(leaves->arena, leaves->count, struct value);

        *has_memory &= values != NULL;
        for (size_t i = 0; values && i < leaves->count; i++)
            values[i] = of_rows[c][leaves->rows[i]];
        spread[c] = values;
    }
    *has_memory &= spread != NULL;
    return spread;
}

static bool leaves_apply(const struct prepared_transform *prepared,
                         const struct transform_call *call, const struct leaves *leaves,
                         struct error *err)
{
    struct value *values = ARENA_ARRAY(leaves->arena, leaves->count, struct value);
    struct transform_call spread = *call;
    bool has_memory = values != NULL;

    if (leaves->count > UINT32_MAX)
        return error_set(err, STATUS_LOCAL, "too many elements in one batch");
    spread.type = leaves->leaf;
    spread.subjects = hashes_spread(leaves, call->subjects, &has_memory);
    spread.identities = hashes_spread(leaves, call->identities, &has_memory);
    spread.companions =
        companions_spread(leaves, call->companions, call->companion_count, &has_memory);
    spread.companion_inputs =
        companions_spread(leaves, call->companion_inputs, call->companion_count, &has_memory);
    if (!has_memory)
        return error_memory(err);
    for (size_t i = 0; i < leaves->count; i++)
        values[i] = *leaves->places[i];
    if (!prepared->transform->apply(&spread, values, (uint32_t)leaves->count, err))
        return false;
    for (size_t i = 0; i < leaves->count; i++)
        *leaves->places[i] = values[i];
    return true;
}

bool parts_apply(const struct prepared_transform *prepared, struct transform_call *call,
                 struct value *values, uint32_t count, struct error *err)
{
    struct leaves leaves = {.arena = call->arena, .leaf = parts_leaf(call->type, NULL)};

    assert(leaves.leaf != call->type);
    for (uint32_t i = 0; i < count; i++)
        if (!leaves_gather(&leaves, call->type, &values[i], i))
            return error_memory(err);
    if (leaves.count > 0 && !leaves_apply(prepared, call, &leaves, err))
        return false;
    for (uint32_t i = 0; i < count; i++)
        ranges_settle(call->type, leaves.leaf, &values[i]);
    return true;
}
