/* MySQL's codec: one for everything, as the server has one text form. */
#include "value/my_codec.h"
#include "value/my_opaque.h"

/* No type of MySQL holds elements or type numbers. */
static bool parts_none(const struct type *type, struct error *err)
{
    return error_set(err, STATUS_BUG, "type '%s' has no elements", type ? type->name : "unknown");
}

static bool array_split(struct span cell, struct arena *arena, struct span **elements,
                        uint32_t *count, struct error *err)
{
    UNUSED(cell);
    UNUSED(arena);
    UNUSED(elements);
    UNUSED(count);
    return parts_none(NULL, err);
}

static bool array_join(struct span cell, const struct span *elements, uint32_t count,
                       struct arena *arena, struct span *joined, struct error *err)
{
    UNUSED(cell);
    UNUSED(elements);
    UNUSED(count);
    UNUSED(arena);
    UNUSED(joined);
    return parts_none(NULL, err);
}

static bool oids_translate(const struct type *type, struct span cell, const struct oid_map *oids,
                           struct arena *arena, struct span *translated, struct error *err)
{
    UNUSED(cell);
    UNUSED(oids);
    UNUSED(arena);
    UNUSED(translated);
    return parts_none(type, err);
}

const struct codec codec_my = {
    .name = "mysql",
    .split = my_row_split,
    .decode = my_decode,
    .opaque = my_opaque_read,
    .measure = my_measure,
    .encode = my_encode,
    .write_row = my_row_write,
    .split_written = my_row_split_written,
    .array_split = array_split,
    .array_join = array_join,
    .translate_oids = oids_translate,
    .header = {"", 0},
    .trailer = {"", 0},
};
