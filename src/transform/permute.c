/* permute: a bijection on keys, the same in every table that shares the domain. */
#include "transform/bands.h"
#include "transform/form.h"
#include "transform/params.h"

#include <string.h>

struct permute_params {
    struct bands *bands; /* filled by finish */
    bool keeps_version;
    struct span prefix; /* len 0: none */
};

/* Digits that hold every number of the widest band. */
enum { WHOLE_DIGITS = 19 };

static bool decimal_fits(const struct transform_site *site, const struct bands *bands,
                         struct error *err)
{
    const struct column *column = site->column;

    if (site->type->kind != KIND_DECIMAL || !column || column->precision == 0 || bands->has_range)
        return true;

    const unsigned whole = (unsigned)column->precision - column->scale;

    if (whole >= WHOLE_DIGITS)
        return true;
    (void)error_set(err, STATUS_POLICY, "numbers of a band need %d digits, the column holds %u",
                    WHOLE_DIGITS, whole);
    return error_hint(err, "write 'range: [1, 10^%u - 1]' in figures", whole);
}

static bool text_fits(const struct transform_site *site, struct error *err)
{
    if (site->type->kind != KIND_TEXT || !site->column || !site->column->is_nondeterministic)
        return true;
    return error_set(err, STATUS_POLICY,
                     "values that are equal in this collation without being equal "
                     "bytes cannot be permuted");
}

/* Parts of other values take the parameters of the key that they refer to, whatever its kind. */
static bool params_fit(const struct transform_site *site, const struct yaml_node *params,
                       struct error *err)
{
    enum { NUMBERS = KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_DECIMAL) };
    static const struct {
        const char *name, *of;
        unsigned kinds;
    } uses[] = {
        {"range", "numbers", NUMBERS},
        {"sentinels", "numbers", NUMBERS},
        {"prefix", "texts", KIND_BIT(KIND_TEXT)},
        {"keep_version", "UUIDs", KIND_BIT(KIND_UUID) | KIND_BIT(KIND_TEXT)},
    };

    for (size_t i = 0; i < COUNT_OF(uses) && !site->is_part; i++) {
        const struct yaml_node *node = param_find(params, uses[i].name);

        if (node && !(uses[i].kinds & KIND_BIT(site->type->kind)))
            return yaml_error(node, err, "'%s' is for keys that are %s", uses[i].name, uses[i].of);
    }
    return true;
}

static bool permute_prepare(const struct transform_site *site, const struct yaml_node *params,
                            struct arena *arena, struct prepared_transform *prepared,
                            struct error *err)
{
    const struct yaml_node *version = param_find(params, "keep_version");
    const struct yaml_node *prefix = param_find(params, "prefix");
    struct permute_params *made = ARENA_NEW(arena, struct permute_params);
    struct bands *bands = ARENA_NEW(arena, struct bands);
    const char *text = "";

    if (!made || !bands)
        return error_memory(err);
    made->bands = bands;
    prepared->params = made;
    if (version && !yaml_read_bool(version, &made->keeps_version, err))
        return false;
    if (prefix && !yaml_read_string(prefix, &text, err))
        return false;
    made->prefix = span_of(text);
    if (!bands_read(bands, site, params, prepared, err))
        return false;
    buf_add_format(prepared->canonical, "keep_version=%d;prefix=%s;", made->keeps_version, text);
    return params_fit(site, params, err) && decimal_fits(site, bands, err) && text_fits(site, err);
}

static bool permute_finish(const struct prepared_transform *prepared, struct arena *arena,
                           struct error *err)
{
    const struct permute_params *params = prepared->params;

    return bands_finish(params->bands, prepared->tenant ? NULL : prepared->key, arena, err);
}

static bool starts_with(struct span text, struct span prefix)
{
    return text.len >= prefix.len && memcmp(text.ptr, prefix.ptr, prefix.len) == 0;
}

static bool value_permute_text(const struct transform_call *call, struct seeder *seeder,
                               struct value *value, struct error *err)
{
    const struct permute_params *params = call->params;
    struct span bytes = seeder_canonical(seeder, value), prefix = params->prefix;
    const bool has_prefix = prefix.len > 0 && starts_with(bytes, prefix);
    const uint32_t kept = has_prefix ? prefix.len : 0;
    char *copy = arena_strndup(call->arena, bytes.ptr ? bytes.ptr : "", bytes.len);
    bool is_kept = false;

    assert(kept <= bytes.len);
    if (!copy)
        return error_memory(err);
    /* Texts with the prefix and texts without it are two closed sets. */
    do {
        if (!form_permute(&call->key->sip, params->keeps_version, copy + kept, bytes.len - kept,
                          call->arena, &is_kept, err))
            return false;
    } while (!has_prefix && prefix.len > 0 && starts_with(span_make(copy, bytes.len), prefix));
    *call->unchanged += is_kept;
    value->bytes = span_make(copy, bytes.len);
    return true;
}

static bool value_permute(const struct transform_call *call, struct seeder *seeder,
                          struct value *value, struct error *err)
{
    const struct permute_params *params = call->params;
    bool is_kept = false;

    switch (call->type->kind) {
    case KIND_INTEGER:
        return integer_key_permute(call, params->bands, &value->integer, err);
    case KIND_UUID:
        uuid_permute(&call->key->sip, params->keeps_version, value->uuid, &is_kept);
        *call->unchanged += is_kept;
        return true;
    case KIND_DECIMAL:
        return decimal_key_permute(call, seeder, params->bands, value, err);
    default:
        assert(call->type->kind == KIND_TEXT);
        return value_permute_text(call, seeder, value, err);
    }
}

static bool permute_apply(const struct transform_call *call, struct value *values, uint32_t count,
                          struct error *err)
{
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (!values[i].is_null)
            is_whole = value_permute(call, &seeder, &values[i], err);
    }
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

static const struct transform_param params[] = {
    {"range", "[lowest, highest]", "numbers stay inside it, instead of inside their band"},
    {"sentinels", "list of integers", "numbers that stay as they are; 0 and -1 unless said"},
    {"prefix", "text", "what every key begins with and keeps"},
    {"keep_version", "true | false", "UUIDs of versions 1, 6, 7 stay so, with a false time"},
};

const struct transform transform_permute = {
    .name = "permute",
    .accepts =
        KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_UUID) | KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT |
                 PROPERTY_SHAPE | PROPERTY_SIGN,
    .is_dense = true,
    .summary = "a keyed one-to-one exchange of keys, equal wherever they are joined",
    .example = "id: permute",
    .guarantee = "Distinct keys stay distinct and equal keys stay equal, whatever the column's "
                 "width. Integers stay inside fixed bands, UUIDs keep version and variant, texts "
                 "their length and character classes. 0 and -1 stay.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = permute_prepare,
    .finish = permute_finish,
    .apply = permute_apply,
};
