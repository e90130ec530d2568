/* lookup: a keyed choice from a list. */
#include "transform/lookup_list.h"
#include "transform/params.h"

#include <sodium.h>
#include <string.h>

/* Values shared by fewer than these many subjects point at them. */
enum { SHARED_MIN = 20 };
#define WEIGHT_MAX ((int64_t)1 << 40)

static bool weight_read(const struct yaml_node *node, int64_t least, uint64_t *weight,
                        struct error *err)
{
    int64_t number;

    if (!yaml_read_integer(node, least, WEIGHT_MAX, &number, err))
        return false;
    *weight = (uint64_t)number;
    return true;
}

static bool values_read(const struct transform_site *site, const struct yaml_node *node,
                        int64_t least, struct lookup_list *list, struct error *err)
{
    if (node->kind == YAML_SCALAR || node->count == 0)
        return yaml_error(node, err,
                          "expected a list of values, or a mapping of values to weights");
    for (size_t i = 0; i < node->count; i++) {
        const bool is_weighted = node->kind == YAML_MAPPING;
        uint64_t weight = 1;

        if (is_weighted && !weight_read(node->items[i], least, &weight, err))
            return false;
        if (!lookup_list_add(list, site, is_weighted ? node->keys[i] : node->items[i], weight, err))
            return false;
    }
    return true;
}

/* Real values of production: only those that many share, and never where they name somebody. */
static bool distribution_read(const struct transform_site *site, const struct yaml_node *node,
                              struct lookup_list *list, struct error *err)
{
    const enum kind kind = site->type->kind;

    if (node->kind != YAML_MAPPING)
        return yaml_error(node, err, "expected a mapping of values to counts");
    if (!values_read(site, node, 1, list, err))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        uint64_t count;

        if (!weight_read(node->items[i], 1, &count, err))
            return false;
        if (count < SHARED_MIN) {
            yaml_error(node->keys[i], err, "a value shared by fewer than %d points at who has it",
                       SHARED_MIN);
            err->status = STATUS_POLICY;
            return error_hint(err, "take it out of 'distribution'");
        }
    }
    if (kind == KIND_BOOLEAN || kind == KIND_ENUM || site->accept_risk)
        return true;
    error_set(err, STATUS_POLICY, "'distribution' writes values of production into '%s'",
              site->label);
    return error_hint(err, "say 'accept_risk: WHY' if they identify nobody, or use 'values'");
}

/* The list is part of the mapping: its order, its values, its weights. */
static void list_digest(const struct transform_site *site, const struct lookup_list *list,
                        struct buf *canonical)
{
    crypto_generichash_state state;
    unsigned char digest[32];
    struct buf value;

    buf_init(&value, BUF_CEILING_MAX);
    (void)crypto_generichash_init(&state, NULL, 0, sizeof(digest));
    for (size_t i = 0; i < list->count; i++) {
        uint64_t head[2] = {list->ends[i], 0};

        buf_reset(&value);
        value_canonical(site->type, &list->values[i], &value);
        head[1] = value.len;
        (void)crypto_generichash_update(&state, (const unsigned char *)head, sizeof(head));
        (void)crypto_generichash_update(&state, (const unsigned char *)buf_text(&value), value.len);
    }
    (void)crypto_generichash_final(&state, digest, sizeof(digest));
    buf_add_text(canonical, "list=");
    buf_add(canonical, digest, sizeof(digest));
    canonical->failed |= !buf_ok(&value);
    buf_release(&value);
}

static bool lookup_prepare(const struct transform_site *site, const struct yaml_node *params,
                           struct arena *arena, struct prepared_transform *prepared,
                           struct error *err)
{
    static const char *const names[] = {"values", "file", "distribution"};
    const struct yaml_node *nodes[COUNT_OF(names)];
    struct lookup_list *list = ARENA_NEW(arena, struct lookup_list);
    size_t given = 0;
    bool is_read;

    if (!list)
        return error_memory(err);
    list->arena = arena;
    prepared->params = list;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        nodes[i] = param_find(params, names[i]);
        given += nodes[i] != NULL;
    }
    if (given != 1) {
        error_set(err, STATUS_PROFILE, "'lookup' needs one of 'values', 'file', 'distribution'");
        return error_hint(err, "write { rule: lookup, values: [bronze, silver, gold] }");
    }
    is_read = nodes[0]   ? values_read(site, nodes[0], 1, list, err)
              : nodes[1] ? lookup_list_load(list, site, nodes[1], err)
                         : distribution_read(site, nodes[2], list, err);
    if (!is_read)
        return false;
    assert(list->count > 0);
    list_digest(site, list, prepared->canonical);
    return true;
}

/* The first entry whose end lies above the place. */
static const struct value *list_at(const struct lookup_list *list, uint64_t place)
{
    size_t low = 0, high = list->count - 1;

    assert(place < list->ends[high]);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (list->ends[middle] > place)
            high = middle;
        else
            low = middle + 1;
    }
    return &list->values[low];
}

static bool lookup_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    const struct lookup_list *list = call->params;
    const unsigned texts = KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_BYTES);
    const uint64_t total = list->ends[list->count - 1];
    struct seeder seeder;
    bool is_whole;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].is_null || (KIND_BIT(call->type->kind) & texts && values[i].bytes.len == 0))
            continue;
        const uint64_t seed = seeder_value(&seeder, &values[i], i, 0);

        values[i] = *list_at(list, (uint64_t)((uwide)seed * total >> 64));
    }
    is_whole = seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

static const struct transform_param params[] = {
    {"values", "list of values, or mapping of values to weights", "what is chosen from"},
    {"file", "path, relative to the profile", "one value a line; at most 16 MiB"},
    {"distribution", "mapping of values to counts",
     "as production has them, of at least 20 each; needs accept_risk"},
};

const struct transform transform_lookup = {
    .name = "lookup",
    .accepts = KIND_BIT(KIND_BOOLEAN) | KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_REAL) |
               KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_ENUM) |
               KIND_BIT(KIND_BYTES) | KIND_BIT(KIND_UUID) | KIND_BIT(KIND_DATE) |
               KIND_BIT(KIND_TIME) | KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT) |
               KIND_BIT(KIND_JSON),
    .uniqueness = UNIQUENESS_LOSSY,
    .pers = PER_BIT(PER_SUBJECT) | PER_BIT(PER_ROW),
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY,
    .summary = "a keyed choice from a list",
    .example = "tier: { rule: lookup, values: { bronze: 70, silver: 25, gold: 5 } }",
    .guarantee =
        "Equal values get equal choices, unless it is 'per: row' or 'per: subject'. Values "
        "come in proportion to their weights over many inputs. Another list is another "
        "mapping. NULL and the empty text stay.",
    .risk = "'distribution' on anything but booleans and enums",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = lookup_prepare,
    .apply = lookup_apply,
};
