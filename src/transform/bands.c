/* Integers permuted inside fixed bands or one range. */
#include "transform/bands.h"

#include "transform/form.h"
#include "transform/params.h"

#include <string.h>

static const uint64_t starts[BAND_COUNT + 1] = {
    0,
    UINT64_C(1) << 14,
    UINT64_C(1) << 15,
    UINT64_C(1) << 30,
    UINT64_C(1) << 31,
    UINT64_C(1) << 53,
    UINT64_C(1) << 63,
};

enum { LEVEL_BANDS = 0, LEVEL_RANGE = 100 };

static bool range_read(struct bands *bands, const struct transform_site *site,
                       const struct yaml_node *node, struct error *err)
{
    if (node->kind != YAML_SEQUENCE || node->count != 2)
        return yaml_error(node, err, "expected a range: [lowest, highest]");
    if (!yaml_read_integer(node->items[0], INT64_MIN, INT64_MAX, &bands->low, err) ||
        !yaml_read_integer(node->items[1], INT64_MIN, INT64_MAX, &bands->high, err))
        return false;
    if (bands->low > bands->high || (uint64_t)bands->high - (uint64_t)bands->low >= INT64_MAX)
        return yaml_error(node, err,
                          "a range goes from the lowest to the highest, and holds at "
                          "most 2^63 numbers");

    const unsigned bits = type_width(site->type) * 8 - 1;
    const int64_t limit = (int64_t)(UINT64_MAX >> (64 - bits));

    if (bands->high > limit || bands->low < -limit - 1)
        return yaml_error(node, err, "the range does not fit column '%s'", site->label);
    bands->has_range = true;
    return true;
}

static bool sentinels_read(struct bands *bands, const struct yaml_node *node, struct error *err)
{
    if (!node) {
        bands->sentinels[0] = 0;
        bands->sentinels[1] = -1;
        bands->sentinel_count = 2;
        return true;
    }
    if (node->kind != YAML_SEQUENCE || node->count > SENTINELS_MAX)
        return yaml_error(node, err, "expected a list of at most %d integers", SENTINELS_MAX);
    for (size_t i = 0; i < node->count; i++) {
        if (!yaml_read_integer(node->items[i], INT64_MIN, INT64_MAX, &bands->sentinels[i], err))
            return false;
    }
    bands->sentinel_count = node->count;
    return true;
}

bool bands_read(struct bands *bands, const struct transform_site *site,
                const struct yaml_node *params, struct prepared_transform *prepared,
                struct error *err)
{
    const struct yaml_node *range = param_find(params, "range");

    if (range && !range_read(bands, site, range, err))
        return false;
    if (!sentinels_read(bands, param_find(params, "sentinels"), err))
        return false;
    if (bands->has_range)
        buf_add_format(prepared->canonical, "range=%lld,%lld;", (long long)bands->low,
                       (long long)bands->high);
    buf_add_text(prepared->canonical, "sentinels=");
    for (size_t i = 0; i < bands->sentinel_count; i++)
        buf_add_format(prepared->canonical, "%lld,", (long long)bands->sentinels[i]);
    buf_add_char(prepared->canonical, ';');
    return true;
}

bool bands_finish(struct bands *bands, const struct domain_key *key, struct arena *arena,
                  struct error *err)
{
    const struct sipkey *table = key ? &key->table : NULL;

    assert(bands && bands->sentinel_count <= SENTINELS_MAX);
    if (bands->has_range)
        return permutation_init(&bands->range, table,
                                (uint64_t)bands->high - (uint64_t)bands->low + 1, LEVEL_RANGE,
                                arena, err);
    for (unsigned i = 0; i < BAND_COUNT; i++) {
        if (!permutation_init(&bands->bands[i], table, starts[i + 1] - starts[i], LEVEL_BANDS + i,
                              arena, err))
            return false;
    }
    return true;
}

static bool is_sentinel(const struct bands *bands, int64_t number)
{
    for (size_t i = 0; i < bands->sentinel_count; i++) {
        if (bands->sentinels[i] == number)
            return true;
    }
    return false;
}

/* A value and its negative counterpart share the band's permutation: half the tables. */
static int64_t band_permute(const struct bands *bands, const struct sipkey *key, int64_t number)
{
    const uint64_t size = number < 0 ? (uint64_t)(-1 - number) : (uint64_t)number;
    unsigned band = 0;

    while (size >= starts[band + 1])
        band++;
    assert(band < BAND_COUNT);

    uint64_t moved =
        starts[band] + permutation_apply(&bands->bands[band], key, size - starts[band]);

    assert(moved >= starts[band] && moved < starts[band + 1]);
    return number < 0 ? -1 - (int64_t)moved : (int64_t)moved;
}

static int64_t range_permute(const struct bands *bands, const struct sipkey *key, int64_t number)
{
    uint64_t moved = permutation_apply(&bands->range, key, (uint64_t)number - (uint64_t)bands->low);

    return (int64_t)((uint64_t)bands->low + moved);
}

enum band_result bands_apply(const struct bands *bands, const struct sipkey *key, int64_t *number)
{
    if (is_sentinel(bands, *number))
        return BAND_SENTINEL;
    if (bands->has_range && (*number < bands->low || *number > bands->high))
        return BAND_OUTSIDE;
    do {
        *number = bands->has_range ? range_permute(bands, key, *number)
                                   : band_permute(bands, key, *number);
    } while (is_sentinel(bands, *number));
    return BAND_MOVED;
}

bool integer_key_permute(const struct transform_call *call, const struct bands *bands,
                         int64_t *number, struct error *err)
{
    switch (bands_apply(bands, &call->key->sip, number)) {
    case BAND_MOVED:
        return true;
    case BAND_SENTINEL:
        ++*call->unchanged;
        return true;
    default:
        error_set(err, STATUS_PROFILE, "a value lies outside the rule's range");
        return error_hint(err, "widen 'range', or leave it out");
    }
}

/* A numeric that holds a 64-bit integer maps as the integer does. */
static bool read_integer(struct span text, int64_t *number)
{
    const bool is_negative = text.len > 0 && text.ptr[0] == '-';
    uint64_t size = 0;

    for (uint32_t i = is_negative; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || size > (UINT64_MAX - 9) / 10)
            return false;
        size = size * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    if (text.len == is_negative || size > (uint64_t)INT64_MAX + is_negative)
        return false;
    *number = (int64_t)(is_negative ? 0 - size : size);
    return true;
}

bool decimal_key_permute(const struct transform_call *call, struct seeder *seeder,
                         const struct bands *bands, struct value *value, struct error *err)
{
    int64_t number;

    if (read_integer(seeder_canonical(seeder, value), &number)) {
        const char *point = memchr(value->bytes.ptr, '.', value->bytes.len);
        const int fraction = point ? (int)(value->bytes.ptr + value->bytes.len - point) : 0;

        if (!integer_key_permute(call, bands, &number, err))
            return false;

        char *text =
            arena_printf(call->arena, "%lld%.*s", (long long)number, fraction, point ? point : "");

        if (!text)
            return error_memory(err);
        value->bytes = span_of(text);
        return true;
    }

    struct span moved;
    bool is_kept;

    if (!decimal_permute(&call->key->sip, value->bytes, call->arena, &moved, &is_kept, err))
        return false;
    value->bytes = moved;
    *call->unchanged += is_kept;
    return true;
}
