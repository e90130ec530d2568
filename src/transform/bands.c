/* Integers permuted inside fixed bands or one range. */
#include "transform/bands.h"

#include "transform/form.h"
#include "transform/params.h"

#include <string.h>

/* The last band ends at 2^64, which is 0 here. */
static const uint64_t starts[BAND_COUNT + 1] = {
    0,
    UINT64_C(1) << 14,
    UINT64_C(1) << 15,
    UINT64_C(1) << 30,
    UINT64_C(1) << 31,
    UINT64_C(1) << 53,
    UINT64_C(1) << 63,
    0,
};

enum { LEVEL_BANDS = 0, LEVEL_RANGE = 100, LEVEL_CUT = 200 };

unsigned bands_end(const struct type *type, const struct column *column)
{
    const struct type *ground = type_ground(type);
    unsigned bits = 0;

    if (ground->kind != KIND_INTEGER || type_engine(ground) == ENGINE_POSTGRESQL)
        return 0;
    for (wide high = integer_range(type, column).high; high > 0; high >>= 1)
        bits++;
    for (unsigned i = 1; i < BAND_COUNT; i++)
        if (bits < 64 && starts[i] == UINT64_C(1) << bits)
            return 0;
    return bits < 64 ? bits : 0;
}

/* True when numbers of the band that `a` cuts are held by `b`. */
static bool cut_is_met(const struct column *a, const struct column *b)
{
    const unsigned bits = bands_end(a->type, a);
    unsigned band = 0;

    if (bits == 0)
        return false;
    while (starts[band + 1] < UINT64_C(1) << bits)
        band++;
    return b->type->kind != KIND_INTEGER || integer_range(b->type, b).high >= (wide)starts[band];
}

bool bands_agree(const struct column *a, const struct column *b)
{
    return bands_end(a->type, a) == bands_end(b->type, b) ||
           !(cut_is_met(a, b) || cut_is_met(b, a));
}

/* Decimals are looked at when their digits are. */
static bool range_fits(const struct bands *bands, const struct transform_site *site)
{
    struct integer_range holds = {INT64_MIN, INT64_MAX};

    if (site->type->kind == KIND_INTEGER)
        holds = integer_range(site->type, site->column);
    return bands->low >= holds.low && bands->high <= holds.high;
}

static void cut_set(struct bands *bands, const struct transform_site *site)
{
    const unsigned bits = bands_end(site->type, site->column);

    bands->end = bits > 0 ? UINT64_C(1) << bits : 0;
    while (bands->end && starts[bands->cut_band + 1] < bands->end)
        bands->cut_band++;
}

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

    if (!range_fits(bands, site))
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
    if (!range && type_is_year(type_ground(site->type))) {
        error_set(err, STATUS_POLICY, "a column of type 'year' holds too little of any band");
        return error_hint(err, "write { rule: permute, range: [1901, 2155] }");
    }
    if (!range)
        cut_set(bands, site);
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
    if (bands->end &&
        !permutation_init(&bands->cut, table, bands->end - starts[bands->cut_band],
                          LEVEL_CUT + (unsigned)__builtin_ctzll(bands->end), arena, err))
        return false;
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

static uint64_t size_permute(const struct bands *bands, const struct sipkey *key, uint64_t size)
{
    unsigned band = 0;

    while (band + 1 < BAND_COUNT && size >= starts[band + 1])
        band++;
    /* A number that the type does not hold comes from inside another value. */
    if (band == bands->cut_band && size < bands->end)
        return starts[band] + permutation_apply(&bands->cut, key, size - starts[band]);

    const uint64_t moved =
        starts[band] + permutation_apply(&bands->bands[band], key, size - starts[band]);

    assert(moved >= starts[band] && moved <= starts[band + 1] - 1);
    return moved;
}

/* A value and its negative counterpart share the band's permutation: half the tables. */
static int64_t band_permute(const struct bands *bands, const struct sipkey *key, int64_t number)
{
    const uint64_t size = number < 0 ? (uint64_t)(-1 - number) : (uint64_t)number;
    const int64_t moved = (int64_t)size_permute(bands, key, size);

    assert(moved >= 0);
    return number < 0 ? -1 - moved : moved;
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

enum band_result bands_apply_unsigned(const struct bands *bands, const struct sipkey *key,
                                      uint64_t *number)
{
    int64_t small = (int64_t)*number;
    enum band_result result;

    if (small < 0 && bands->has_range)
        return BAND_OUTSIDE;
    if (small < 0) {
        *number = size_permute(bands, key, *number);
        return BAND_MOVED;
    }
    result = bands_apply(bands, key, &small);
    *number = (uint64_t)small;
    return result;
}

static bool outside_refuse(struct error *err)
{
    error_set(err, STATUS_PROFILE, "a value lies outside the rule's range");
    return error_hint(err, "widen 'range', or leave it out");
}

enum band_result bands_apply_integer(const struct bands *bands, const struct type *type,
                                     const struct sipkey *key, int64_t *number)
{
    uint64_t size = (uint64_t)*number;
    enum band_result result;

    if (!type_is_unsigned(type_ground(type)))
        return bands_apply(bands, key, number);
    result = bands_apply_unsigned(bands, key, &size);
    *number = (int64_t)size;
    return result;
}

bool integer_key_permute(const struct transform_call *call, const struct bands *bands,
                         int64_t *number, struct error *err)
{
    switch (bands_apply_integer(bands, call->type, &call->key->sip, number)) {
    case BAND_MOVED:
        return true;
    case BAND_SENTINEL:
        ++*call->unchanged;
        return true;
    default:
        return outside_refuse(err);
    }
}

enum { UNSIGNED_DIGITS = 20 };

/* An integer of 64 bits: `size` under a sign, and without one up to 2^64 - 1. */
struct whole {
    uint64_t size;
    bool is_negative;
};

static bool whole_read(struct span text, struct whole *whole)
{
    whole->is_negative = text.len > 0 && text.ptr[0] == '-';
    whole->size = 0;
    for (uint32_t i = whole->is_negative; i < text.len; i++) {
        const unsigned digit = (unsigned)(text.ptr[i] - '0');

        if (digit > 9 || whole->size > (UINT64_MAX - digit) / 10)
            return false;
        whole->size = whole->size * 10 + digit;
    }
    return text.len > whole->is_negative &&
           (!whole->is_negative || whole->size <= UINT64_C(1) << 63);
}

/* The number with the zeros that stood behind its point. */
static bool whole_write(const struct transform_call *call, const struct whole *whole,
                        struct value *value, struct error *err)
{
    const char *point = memchr(value->bytes.ptr, '.', value->bytes.len);
    const int fraction = point ? (int)(value->bytes.ptr + value->bytes.len - point) : 0;
    char *text = arena_printf(call->arena, "%s%llu%.*s", whole->is_negative ? "-" : "",
                              (unsigned long long)whole->size, fraction, point ? point : "");

    if (!text)
        return error_memory(err);
    value->bytes = span_of(text);
    return true;
}

static bool whole_permute(const struct transform_call *call, const struct bands *bands,
                          struct whole *whole, struct error *err)
{
    const struct column *column = call->column;
    int64_t number = (int64_t)(whole->is_negative ? 0 - whole->size : whole->size);

    if (whole->is_negative || number >= 0) {
        if (!integer_key_permute(call, bands, &number, err))
            return false;
        whole->is_negative = number < 0;
        whole->size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
        return true;
    }
    if (column && column->precision > 0 && column->precision - column->scale < UNSIGNED_DIGITS) {
        error_set(err, STATUS_PROFILE, "a number from 2^63 on needs a column of %d digits",
                  UNSIGNED_DIGITS);
        return error_hint(err, "widen the column, or use 'redact'");
    }
    return bands_apply_unsigned(bands, &call->key->sip, &whole->size) != BAND_OUTSIDE ||
           outside_refuse(err);
}

bool decimal_key_permute(const struct transform_call *call, struct seeder *seeder,
                         const struct bands *bands, struct value *value, struct error *err)
{
    struct whole whole;
    struct span moved;
    bool is_kept;

    if (whole_read(seeder_canonical(seeder, value), &whole))
        return whole_permute(call, bands, &whole, err) && whole_write(call, &whole, value, err);
    if (bands->has_range)
        return outside_refuse(err);
    if (!decimal_permute(&call->key->sip, value->bytes, call->arena, &moved, &is_kept, err))
        return false;
    value->bytes = moved;
    *call->unchanged += is_kept;
    return true;
}
