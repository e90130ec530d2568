/* perturb: amounts times a keyed factor whose mean is one. */
#include "transform/bounds.h"
#include "transform/ledger.h"
#include "transform/params.h"
#include "transform/scale.h"
#include "value/real.h"

#include <math.h>
#include <string.h>

enum { TRIES = 12, UNIFORMS = 12 };

struct perturb_params {
    bool keeps_decade;
    double sigmas[TRIES], means[TRIES]; /* each half the one before, for bounds that are near */
    bool has_group;
    uint32_t group;
    const struct type *group_type;
    uint32_t lines; /* of call->groups */
    const struct domain_key
        *group_key; /* of all columns of the table that are grouped by the same one */
    struct bounds bounds;
    unsigned width;             /* of reals */
    struct integer_range range; /* of integers */
    unsigned whole;             /* digits before the point, 0: no limit */
};

/* e^x from additions and multiplications alone: the same bits on every machine, which libm does
 * not promise. */
static double exponential(double x)
{
    static const double ln2 = 0.69314718055994530942;
    const double k = floor(x / ln2 + 0.5), rest = x - k * ln2;
    double sum = 1;

    assert(x > -100 && x < 100);
    for (int i = 16; i > 0; i--)
        sum = 1 + sum * rest / i;
    return ldexp(sum, (int)k);
}

/* The same to about 14 digits without its 16 divisions, each of which waits for the one before. */
static double exponential_near(double x)
{
    static const double ln2 = 0.69314718055994530942;
    static const double parts[] = {1.0 / 6227020800,
                                   1.0 / 479001600,
                                   1.0 / 39916800,
                                   1.0 / 3628800,
                                   1.0 / 362880,
                                   1.0 / 40320,
                                   1.0 / 5040,
                                   1.0 / 720,
                                   1.0 / 120,
                                   1.0 / 24,
                                   1.0 / 6,
                                   1.0 / 2,
                                   1,
                                   1};
    const double k = floor(x / ln2 + 0.5), rest = x - k * ln2;
    double sum = 0;

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        sum = sum * rest + parts[i];
    return ldexp(sum, (int)k);
}

/* floor(e^x / mean * 10^9), as `exponential` has it: the quick one where the place of the floor
 * leaves no doubt, which is all but one time in 500. */
static uint64_t exponential_scaled(double x, double mean)
{
    const double near = exponential_near(x) / mean * 1e9, doubt = near * 1e-12;
    const uint64_t low = (uint64_t)(near - doubt), high = (uint64_t)(near + doubt);

    return low == high ? low : (uint64_t)(exponential(x) / mean * 1e9);
}

/* Mean of e^(sigma z) for z, a sum of twelve uniforms less six. */
static double factor_mean(double sigma)
{
    const double one = (exponential(sigma / 2) - exponential(-sigma / 2)) / sigma;
    double mean = 1;

    for (int i = 0; i < UNIFORMS; i++)
        mean *= one;
    return mean;
}

/* What would keep lines from adding up. Signs stay, so a bound at 0 is no hindrance. */
static bool group_check(const struct transform_site *site, const struct yaml_node *node,
                        const struct perturb_params *made, struct error *err)
{
    const struct bounds *bounds = &made->bounds;

    if (made->keeps_decade)
        return yaml_error(node, err, "'mode: decade' and 'group' exclude one another");
    if (site->type->kind == KIND_REAL)
        return yaml_error(node, err,
                          "binary fractions do not add up exactly: 'group' needs a "
                          "numeric or integer column");
    if (site->depth > 0 || !site->find_group)
        return yaml_error(node, err, "values inside a document are no lines of a group");
    if ((isinf(bounds->low) || bounds->low == 0) && (isinf(bounds->high) || bounds->high == 0))
        return true;
    error_set(err, STATUS_POLICY,
              "a CHECK bounds this column, and a group's factor may not obey "
              "it for all of its lines");
    return error_hint(err, "leave 'group' out, or redact the column");
}

static bool group_read(const struct transform_site *site, const struct yaml_node *params,
                       struct prepared_transform *prepared, struct perturb_params *made,
                       struct error *err)
{
    const struct yaml_node *node = param_find(params, "group"), *side = param_find(params, "side");
    struct site_group group = {.position = &made->lines};
    struct buf domain;

    if (!node)
        return !side || yaml_error(side, err, "'side' goes with 'group'");
    if (!yaml_read_string(node, &group.group, err) ||
        (side && !yaml_read_string(side, &group.side, err)) ||
        !group_check(site, node, made, err) ||
        !site_companion(site, node, group.group, &made->group, &made->group_type, err) ||
        !site->find_group(site, &group, err))
        return false;
    made->has_group = true;
    prepared->needs |= NEED_COMPANIONS | NEED_GROUP;
    buf_init(&domain, 1 << 16);
    buf_add_format(&domain, "group %s.%s.%s", table_key_schema(site->column->table),
                   site->column->table->name, group.group);
    const bool is_whole = buf_ok(&domain) && buf_ok(prepared->canonical);
    const bool is_held = is_whole
                             ? keyring_hold(site->keyring, "perturb", buf_text(&domain),
                                            buf_span(prepared->canonical), &made->group_key, err)
                             : error_memory(err);
    buf_release(&domain);
    buf_add_format(prepared->canonical, "group;");
    return is_held;
}

static bool perturb_prepare(const struct transform_site *site, const struct yaml_node *params,
                            struct arena *arena, struct prepared_transform *prepared,
                            struct error *err)
{
    static const char *const words[] = {"factor", "decade"};
    const struct yaml_node *mode = param_find(params, "mode");
    const struct yaml_node *sigma_node = param_find(params, "sigma");
    struct perturb_params *made = ARENA_NEW(arena, struct perturb_params);
    double sigma = 0.5;
    size_t index = 0;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!param_word(mode, words, COUNT_OF(words), &index, err))
        return false;
    if (sigma_node && !yaml_read_real(sigma_node, 0.05, 2, &sigma, err))
        return false;
    if (sigma_node && index == 1)
        return yaml_error(sigma_node, err, "'sigma' belongs to 'mode: factor'");
    made->keeps_decade = index == 1;
    for (int i = 0; i < TRIES; i++, sigma /= 2) {
        made->sigmas[i] = sigma;
        made->means[i] = factor_mean(sigma);
    }
    bounds_read(site, &made->bounds);
    made->width = type_width(site->type);
    if (site->type->kind == KIND_INTEGER)
        made->range = integer_range(site->type, site->column);
    made->whole = whole_digits(site);
    buf_add_format(prepared->canonical, "mode=%s;sigma=%d;", words[index],
                   (int)(made->sigmas[0] * 1e6 + 0.5));
    return group_read(site, params, prepared, made, err);
}

/* 10^9 times the factor; at least 1. */
static uint64_t factor_of(const struct perturb_params *params, const struct sipkey *key,
                          uint64_t seed, unsigned attempt)
{
    double z = -UNIFORMS / 2.0;

    assert(attempt < TRIES);
    for (uint64_t i = 0; i < UNIFORMS / 4; i++) {
        const uint64_t words[3] = {i << 16 | (uint64_t)attempt << 8 | PURPOSE_ROW, seed, 0};
        uint64_t bits = siphash_words(key, words, 3);

        for (int j = 0; j < 4; j++, bits >>= 16)
            z += ((double)(bits & 0xffff) + 0.5) / 65536;
    }
    return 1 + exponential_scaled(params->sigmas[attempt] * z, params->means[attempt]);
}

/* The same sign and another size, unless the column or its CHECKs cannot hold it. */
static bool integer_set(const struct perturb_params *params, wide number, uwide size,
                        int64_t *moved)
{
    const wide signed_size = number < 0 ? -(wide)size : (wide)size;

    if (size > (uwide)params->range.high || signed_size < params->range.low)
        return false;
    *moved = (int64_t)signed_size;
    return bounds_hold(&params->bounds, (double)signed_size);
}

static bool integer_try(const struct perturb_params *params, wide number, uint64_t factor,
                        uint64_t carry, int64_t *moved)
{
    const uwide size = (uwide)(number < 0 ? -number : number);
    uwide product = (size * factor + carry) / FACTOR_ONE;

    product += product == 0;
    return integer_set(params, number, product, moved);
}

static bool real_try(const struct perturb_params *params, double number, uint64_t factor,
                     double *moved)
{
    *moved = number * ((double)factor / 1e9);
    if (params->width == 4)
        *moved = (double)(float)*moved;
    return isfinite(*moved) && *moved != 0 && bounds_hold(&params->bounds, *moved);
}

static bool decimal_fits(const struct perturb_params *params, struct span text)
{
    const char *point = memchr(text.ptr, '.', text.len);
    const size_t whole =
        (size_t)((point ? point : text.ptr + text.len) - text.ptr) - (text.ptr[0] == '-');
    const bool is_small = whole == 1 && text.ptr[text.ptr[0] == '-'] == '0';
    double number;

    if (params->whole && !is_small && whole > params->whole)
        return false;
    if (isinf(params->bounds.low) && isinf(params->bounds.high))
        return true;
    return real_parse(text, false, &number) && bounds_hold(&params->bounds, number);
}

/* The decade stays: the first digit that is not 0 stays so, all behind it are keyed. */
static void digits_draw(char *text, size_t len, struct stream *stream)
{
    bool is_first = true;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || (is_first && text[i] == '0'))
            continue;
        text[i] = (char)(is_first ? '1' + stream_below(stream, 9) : '0' + stream_below(stream, 10));
        is_first = false;
    }
}

static bool decade_integer(const struct perturb_params *params, struct stream *stream, wide number,
                           int64_t *moved)
{
    const uint64_t size = (uint64_t)(number < 0 ? -number : number);
    const uint64_t limit = (uint64_t)params->range.high;
    uint64_t low = 1, high;

    while (size / 10 >= low)
        low *= 10;
    high = limit / 10 < low ? limit : low * 10 - 1;
    low += siphash_below(stream_next(stream), high - low + 1);
    return integer_set(params, number, low, moved);
}

static bool decade_real(const struct perturb_params *params, struct stream *stream, double number,
                        double *moved)
{
    const double size = fabs(number);
    double low = 1;

    while (size >= low * 10)
        low *= 10;
    while (size < low && low > 0)
        low /= 10;
    *moved = copysign(low * (1 + 9 * ((double)(stream_next(stream) >> 11) * 0x1p-53)), number);
    if (params->width == 4)
        *moved = (double)(float)*moved;
    return isfinite(*moved) && *moved != 0 && bounds_hold(&params->bounds, *moved);
}

static bool is_still(const struct value *value, enum kind kind)
{
    if (kind == KIND_INTEGER)
        return value->integer == 0;
    if (kind == KIND_REAL)
        return value->real == 0 || !isfinite(value->real);

    for (uint32_t i = 0; i < value->bytes.len; i++) {
        const char c = value->bytes.ptr[i];

        if (c == 'N' || c == 'I' || c == 'n' || c == 'i')
            return true;
        if (c >= '1' && c <= '9')
            return false;
    }
    return true;
}

static bool value_try(const struct transform_call *call, const struct value *value, uint64_t seed,
                      unsigned attempt, struct value *moved)
{
    const struct perturb_params *params = call->params;
    const struct sipkey *key = &call->key->sip;
    const enum kind kind = call->type->kind;
    struct stream stream = stream_make(key, seed + attempt);
    const uint64_t factor = params->keeps_decade ? 0 : factor_of(params, key, seed, attempt);
    /* Rows round by chance, so that small numbers keep their mean. */
    const uint64_t carry = siphash_below(stream_next(&stream), FACTOR_ONE);

    assert(!value->is_null);
    *moved = *value;
    const wide number = kind == KIND_INTEGER ? integer_wide(call->type, value->integer) : 0;

    if (kind == KIND_INTEGER)
        return params->keeps_decade ? decade_integer(params, &stream, number, &moved->integer)
                                    : integer_try(params, number, factor, carry, &moved->integer);
    if (kind == KIND_REAL)
        return params->keeps_decade ? decade_real(params, &stream, value->real, &moved->real)
                                    : real_try(params, value->real, factor, &moved->real);
    if (params->keeps_decade) {
        char *copy = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);

        moved->bytes.ptr = copy;
        if (copy)
            digits_draw(copy, value->bytes.len, &stream);
    } else {
        moved->bytes = decimal_scale(value->bytes, factor, carry, call->arena);
    }
    return moved->bytes.ptr && decimal_fits(params, moved->bytes);
}

static bool row_move(const struct transform_call *call, struct value *value, uint32_t row,
                     struct error *err)
{
    const uint64_t words[3] = {PURPOSE_ROW, 1, call->identities[row]};
    const uint64_t seed = siphash_words(&call->key->sip, words, 3);
    struct value moved = *value;
    unsigned attempt = 0;

    while (attempt < TRIES && !value_try(call, value, seed, attempt, &moved))
        attempt++;
    /* Without memory nothing may look as if it had not fitted: it would stay as it is. */
    if (call->type->kind == KIND_DECIMAL && !moved.bytes.ptr)
        return error_memory(err);
    if (attempt < TRIES)
        *value = moved;
    else
        ++*call->unchanged;
    return true;
}

/* The greatest size in the last digit's units that the column holds. */
static uwide size_limit(const struct perturb_params *params, enum kind kind, unsigned scale)
{
    uwide limit = 1;

    if (kind == KIND_INTEGER)
        return (uwide)params->range.high;
    if (params->whole == 0 || params->whole + scale >= 38)
        return (uwide)1 << 126;
    for (unsigned i = 0; i < params->whole + scale; i++)
        limit *= 10;
    return limit - 1;
}

/* The group's factor: the first that all of its lines can take, else 1. */
static uint64_t group_factor(const struct transform_call *call, const struct ledger_line *line,
                             uint64_t seed)
{
    const struct perturb_params *params = call->params;
    const uwide limit = size_limit(params, call->type->kind, line->most.scale);

    for (unsigned attempt = 0; attempt < TRIES; attempt++) {
        const uint64_t factor = factor_of(params, &params->group_key->sip, seed, attempt);

        if (ledger_holds(line, factor, limit))
            return factor;
    }
    return FACTOR_ONE;
}

static bool group_error(const struct ledger_line *line, bool is_read, struct error *err)
{
    if (is_read) {
        assert(line->count > LEDGER_LINES_MAX);
        error_set(err, STATUS_POLICY, "a group has more than %d lines", LEDGER_LINES_MAX);
        return error_hint(err, "leave 'group' out; lines are then rounded one by one");
    }
    error_set(err, STATUS_POLICY, "the lines of a group cannot be added up exactly");
    return error_hint(err, "leave 'group' out, or redact the column");
}

static bool line_move(const struct transform_call *call, struct value *value, uint32_t row,
                      struct buf *scratch, struct error *err)
{
    const struct perturb_params *params = call->params;
    const uint64_t head[2] = {PURPOSE_GROUP, 0};
    struct ledger_line line;
    const bool is_read = ledger_read(call->groups[params->lines][row], &line);

    if (!is_read || line.count > LEDGER_LINES_MAX)
        return group_error(&line, is_read, err);
    buf_reset(scratch);
    buf_add(scratch, head, sizeof(head));
    value_canonical(params->group_type, &call->companion_inputs[params->group][row], scratch);
    if (!buf_ok(scratch))
        return error_memory(err);

    const uint64_t seed = siphash(&params->group_key->sip, buf_text(scratch), scratch->len);
    const uint64_t factor = group_factor(call, &line, seed);
    const struct exact moved = ledger_move(&line, factor);

    *call->unchanged += factor == FACTOR_ONE;
    if (call->type->kind == KIND_INTEGER) {
        value->integer = (int64_t)moved.number;
        return true;
    }
    value->bytes = exact_write(moved, call->arena);
    return value->bytes.ptr || error_memory(err);
}

static bool perturb_apply(const struct transform_call *call, struct value *values, uint32_t count,
                          struct error *err)
{
    const struct perturb_params *params = call->params;
    struct buf scratch;
    bool is_ok = true;

    buf_init(&scratch, BUF_CEILING_MAX);
    for (uint32_t i = 0; i < count && is_ok; i++) {
        if (values[i].is_null)
            continue;
        if (is_still(&values[i], call->type->kind))
            ++*call->unchanged;
        else if (params->has_group && !call->companion_inputs[params->group][i].is_null)
            is_ok = line_move(call, &values[i], i, &scratch, err);
        else
            is_ok = row_move(call, &values[i], i, err);
    }
    buf_release(&scratch);
    return is_ok;
}

static const struct transform_param params[] = {
    {"sigma", "number 0.05..2",
     "how far amounts move; 0.5 unless said, 1 where they are sensitive"},
    {"mode", "factor | decade",
     "factor (default); decade keeps the power of ten and draws all digits"},
    {"group", "column", "one factor for all rows equal here, rounded so that sums stay sums"},
    {"side", "column", "with group: debit or credit, whose sums are kept apart"},
};

const struct transform transform_perturb = {
    .name = "perturb",
    .accepts = KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_REAL) | KIND_BIT(KIND_DECIMAL),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_SIGN | PROPERTY_MAGNITUDE,
    .needs = NEED_IDENTITY,
    .summary = "amounts times a keyed factor of mean one",
    .example = "amount: perturb",
    .guarantee = "Sign, zero, NaN and the digits behind the point stay, totals hardly move, simple "
                 "CHECK bounds are kept. A value that no factor brings inside its bounds stays and "
                 "is counted.",
    .risk = "a 'group' by the reference to the subject",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = perturb_prepare,
    .apply = perturb_apply,
};
