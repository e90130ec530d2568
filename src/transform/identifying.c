/* The identifying texts inside a value. */
#include "transform/identifying.h"

#include "transform/params.h"
#include "transform/parts.h"
#include "value/network.h"

enum { DIGITS_MIN = 8, DIGITS_MAX = 20 };

struct finding {
    const struct prepared_transform *prepared;
    const struct type *leaf;
    struct arena *arena;
    transform_visit *visit;
    void *context;
};

static bool number_visit(const struct finding *finding, const struct value *value,
                         struct error *err)
{
    struct buf digits;
    struct span text;
    bool is_number, is_visited = true;

    buf_init(&digits, 1 << 20);
    value_canonical(finding->leaf, value, &digits);
    text = buf_span(&digits);
    if (text.len > 0 && text.ptr[0] == '-')
        text = span_make(text.ptr + 1, text.len - 1);
    is_number = text.len >= DIGITS_MIN && text.len <= DIGITS_MAX;
    for (uint32_t i = 0; i < text.len && is_number; i++)
        is_number = text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (is_number)
        is_visited = finding->visit(finding->context, text, err);
    buf_release(&digits);
    return is_visited;
}

static bool leaf_visit(const struct finding *finding, const struct value *value, struct error *err)
{
    const struct prepared_transform *prepared = finding->prepared;
    const struct type *ground = type_ground(finding->leaf);
    char text[NETWORK_TEXT_SIZE];

    if (prepared->transform->find_identifying)
        return prepared->transform->find_identifying(prepared, value, finding->arena,
                                                     finding->visit, finding->context, err);
    switch (finding->leaf->kind) {
    case KIND_TEXT:
        return finding->visit(finding->context, value->bytes, err);
    case KIND_INTEGER:
    case KIND_DECIMAL:
        return number_visit(finding, value, err);
    case KIND_INET:
        return finding->visit(
            finding->context,
            span_make(text, inet_format(value->bytes, strcmp(ground->name, "cidr") == 0, text)),
            err);
    case KIND_MAC:
        return finding->visit(finding->context, span_make(text, mac_format(value->bytes, text)),
                              err);
    default:
        return true;
    }
}

static bool value_visit(const struct finding *finding, const struct type *type,
                        const struct value *value, struct error *err)
{
    const struct type *ground = type_ground(type);

    if (value->is_null)
        return true;
    if (type == finding->leaf)
        return leaf_visit(finding, value, err);
    for (uint32_t i = 0; i < value->parts->count; i++)
        if (!value_visit(finding, ground->element, &value->parts->values[i], err))
            return false;
    return true;
}

bool identifying_visit(const struct prepared_transform *prepared, const struct type *type,
                       const struct value *value, struct arena *arena, transform_visit *visit,
                       void *context, struct error *err)
{
    const struct finding finding = {prepared, parts_leaf(type, NULL), arena, visit, context};

    assert(prepared && prepared->transform && visit);
    return value_visit(&finding, type, value, err);
}
