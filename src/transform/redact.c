/* redact: the safe answer for anything, a typed stand-in that says nothing but its size. */
#include "transform/bands.h"
#include "transform/bits.h"
#include "transform/bounds.h"
#include "transform/feistel.h"
#include "transform/form.h"
#include "transform/numbers.h"
#include "transform/params.h"
#include "transform/redact_number.h"
#include "transform/redact_text.h"
#include "value/type.h"

#include <math.h>
#include <string.h>

struct redact_params {
    struct bands *bands; /* NULL: not a joined integer */
    bool is_exact;       /* distinct values must stay distinct */
    bool is_joined;      /* by a reference: the result may depend on nothing but the value */
    bool is_not_null;
    bool is_few; /* by row, for what it could be is known to everybody */
    const char *const *labels;
    size_t label_count;
    struct text_limits text;
    struct bounds bounds; /* of numbers */
    struct integer_limits type, integers;
};

enum { TOKEN_LETTERS = 26, DECIMAL_WHOLE = 19, LEVEL_DAY = 1, LEVEL_DAYS = 2 };

/* 838:59:59, the last time that MySQL knows. */
#define LAST_SECOND_US ((INT64_C(839) * 3600 - 1) * 1000000)

/* NULL, else a value that says nothing, which few types have. */
static bool other_prepare(const struct transform_site *site, struct error *err)
{
    const struct type *ground = type_ground(site->type);

    /* how many bits a domain over bit(n) has, no column says */
    bool has_empty = type_has_empty(ground) &&
                     (strcmp(ground->name, "bit") != 0 || site->type->class != TYPE_DOMAIN);

    if (!site_is_not_null(site) || type_is_xml(ground) || has_empty || type_has_parts(ground))
        return true;
    error_set(err, STATUS_POLICY,
              "'redact' has no stand-in for type '%s', and the column is NOT NULL",
              ground->name ? ground->name : "unknown");
    return error_hint(err, "'keep' it with a reason, or leave the table out");
}

static bool exact_prepare(const struct transform_site *site, struct redact_params *made,
                          struct error *err)
{
    const struct column *column = site->column;

    const struct type *ground = type_ground(site->type);

    if (ground->is_set)
        return error_set(err, STATUS_POLICY, "'redact' cannot keep values of type 'set' distinct");
    if (site->type->kind == KIND_OTHER || (site->type->kind == KIND_JSON && made->is_joined))
        return error_set(err, STATUS_POLICY, "'redact' cannot keep values of type %s distinct",
                         kind_word(site->type->kind));
    if (site->column && site->column->is_nondeterministic)
        return error_set(err, STATUS_POLICY,
                         "values that are equal in this collation without "
                         "being equal bytes cannot be kept distinct");
    if (site->type->kind == KIND_DECIMAL && made->is_joined && column && column->precision &&
        column->precision - column->scale < DECIMAL_WHOLE) {
        error_set(err, STATUS_POLICY, "the stand-in of a joined number needs %d digits",
                  DECIMAL_WHOLE);
        return error_hint(err, "use 'permute' with a 'range' on the referenced column");
    }
    return true;
}

/* What the column and its constraints leave a stand-in; part of the key's message where they say
 * something, for they change the mapping. */
static void limits_read(const struct transform_site *site, struct redact_params *made,
                        struct prepared_transform *prepared)
{
    const struct type *ground = type_ground(site->type);
    const struct bounds none = {.low = -INFINITY, .high = INFINITY};
    struct bounds length;

    bounds_read(site, &made->bounds);
    if (site->type->kind == KIND_INTEGER) {
        made->type = integer_limits(ground, site->column, &none);
        made->integers = integer_limits(ground, site->column, &made->bounds);
    }
    bounds_read_length(site, &length);
    made->text.most = site_max_length(site);
    if (length.low > 0 && length.low < UINT32_MAX)
        made->text.least =
            (uint32_t)ceil(length.low) + (length.low_is_open && ceil(length.low) == length.low);
    if (length.high >= 1 && length.high < (made->text.most ? made->text.most + 1.0 : UINT32_MAX))
        made->text.most = (uint32_t)floor(length.high) -
                          (length.high_is_open && floor(length.high) == length.high);
    if (made->text.most && made->text.least > made->text.most)
        made->text.least = made->text.most;
    if (isfinite(made->bounds.low) || isfinite(made->bounds.high))
        buf_add_format(prepared->canonical, "bounds=%a,%d,%a,%d;", made->bounds.low,
                       made->bounds.low_is_open, made->bounds.high, made->bounds.high_is_open);
}

static bool redact_prepare(const struct transform_site *site, const struct yaml_node *params,
                           struct arena *arena, struct prepared_transform *prepared,
                           struct error *err)
{
    struct redact_params *made = ARENA_NEW(arena, struct redact_params);
    const struct type *ground = type_ground(site->type);
    const enum kind kind = site->type->kind;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    made->is_exact = site_is_unique(site);
    made->is_joined = site->is_key || site->is_referenced_or_referencing;
    made->is_not_null = site_is_not_null(site);
    limits_read(site, made, prepared);
    if (kind == KIND_ENUM) {
        made->labels = ground->labels;
        made->label_count = ground->label_count;
    }
    if (kind == KIND_OTHER && !other_prepare(site, err))
        return false;
    if (made->is_exact && !exact_prepare(site, made, err))
        return false;
    if (made->is_joined && (kind == KIND_INTEGER || kind == KIND_DECIMAL)) {
        made->bands = ARENA_NEW(arena, struct bands);
        if (!made->bands)
            return error_memory(err);
        if (!bands_read(made->bands, site, params, prepared, err))
            return false;
    }
    made->is_few = !made->is_exact && (kind == KIND_BOOLEAN || kind == KIND_ENUM ||
                                       (kind == KIND_INTEGER && ground->is_flag));
    if (made->is_few) {
        prepared->needs |= NEED_IDENTITY;
        prepared->preserves &= ~(unsigned)PROPERTY_EQUALITY;
    }
    if (!made->is_exact && (kind == KIND_TEXT || kind == KIND_BYTES || kind == KIND_JSON ||
                            kind == KIND_OTHER || made->is_few))
        prepared->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    return true;
}

static bool redact_finish(const struct prepared_transform *prepared, struct arena *arena,
                          struct error *err)
{
    const struct redact_params *params = prepared->params;

    return !params->bands ||
           bands_finish(params->bands, prepared->tenant ? NULL : prepared->key, arena, err);
}

/* One of few values: by row, or one to one where they must stay distinct. */
static uint32_t choose_few(const struct transform_call *call, uint32_t row, uint32_t index,
                           uint32_t count)
{
    const struct redact_params *params = call->params;
    struct feistel feistel;

    assert(index < count && count > 0);
    if (params->is_exact) {
        feistel_init(&feistel, count);
        return (uint32_t)feistel_apply(&feistel, &call->key->table, 0, index);
    }

    /* Drawn from all of them, its own included: of two values, never the own one would tell it. */
    const uint64_t words[3] = {
        PURPOSE_ROW, 0, call->per == PER_SUBJECT ? call->subjects[row] : call->identities[row]};

    return (uint32_t)siphash_below(siphash_words(&call->key->sip, words, 3), count);
}

/* Any of the members, each by a draw of its own. */
static bool redact_set(const struct transform_call *call, struct value *value, uint32_t row,
                       struct error *err)
{
    const struct redact_params *params = call->params;
    const uint64_t words[3] = {
        PURPOSE_ROW, 1, call->per == PER_SUBJECT ? call->subjects[row] : call->identities[row]};
    const uint64_t members = siphash_words(&call->key->sip, words, 3);
    struct buf text;
    bool is_done;

    assert(params->label_count <= 64);
    buf_init(&text, BUF_CEILING_MAX);
    for (size_t i = 0; i < params->label_count; i++) {
        if (!(members >> i & 1))
            continue;
        if (text.len > 0)
            buf_add_char(&text, ',');
        buf_add_text(&text, params->labels[i]);
    }
    is_done = buf_ok(&text) ? value_set_bytes(value, buf_text(&text), text.len, call->arena, err)
                            : error_memory(err);
    buf_release(&text);
    return is_done;
}

static bool redact_enum(const struct transform_call *call, struct value *value, uint32_t row,
                        struct error *err)
{
    const struct redact_params *params = call->params;
    uint32_t index = 0;

    if (type_ground(call->type)->is_set)
        return redact_set(call, value, row, err);
    /* MySQL's index 0, what no label was found for: as NULL, it stays. */
    if (value->bytes.len == 0 && type_engine(type_ground(call->type)) == ENGINE_MYSQL) {
        ++*call->unchanged;
        return true;
    }
    while (index < params->label_count && !span_equal(span_of(params->labels[index]), value->bytes))
        index++;
    if (index == params->label_count)
        return error_set(err, STATUS_SOURCE, "an enum holds a label that the catalog does not");
    index = choose_few(call, row, index, (uint32_t)params->label_count);
    value->bytes = span_of(params->labels[index]);
    return true;
}

static void redact_integer(const struct transform_call *call, const struct sipkey *key,
                           struct value *value, uint32_t row)
{
    const struct redact_params *params = call->params;
    const int64_t before = value->integer;

    if (params->is_few) {
        value->integer = choose_few(call, row, value->integer != 0, 2);
        return;
    }
    if (params->bands)
        (void)bands_apply_integer(params->bands, call->type, key, &value->integer);
    else
        value->integer = integer_redact(key, before, &params->type, &params->integers);
    *call->unchanged += value->integer == before;
}

static bool redact_number(const struct transform_call *call, const struct sipkey *key,
                          struct value *value, struct error *err)
{
    const struct redact_params *params = call->params;
    const struct number_exchange exchange = {call, key, &params->bounds, params->is_exact};

    return number_redact(&exchange, value, err);
}

/* MySQL's times below zero and beyond a day: each among its like, to 838:59:59. */
static int64_t long_time_redact(const struct sipkey *key, int64_t time, int64_t unit)
{
    const int64_t size = time < 0 ? -time : time;
    const bool is_day = size < DAY_US;
    const int64_t low = is_day ? unit : DAY_US, high = is_day ? DAY_US : LAST_SECOND_US + unit;
    const uint64_t n = (uint64_t)((high - low) / unit);
    int64_t moved = size > LAST_SECOND_US ? LAST_SECOND_US : size;

    assert(moved >= low && unit > 0);
    moved = low + unit * (int64_t)cycle_apply(key, is_day ? LEVEL_DAY : LEVEL_DAYS, n,
                                              (uint64_t)((moved - low) / unit));
    return time < 0 ? -moved : moved;
}

static void redact_time(const struct transform_call *call, const struct sipkey *key,
                        struct value *value)
{
    const enum kind kind = call->type->kind;
    const int64_t unit = column_time_unit(call->column);
    const int64_t before = value->integer;

    if (kind == KIND_TIME) {
        if (before >= 0 && before < DAY_US)
            value->integer = unit * (int64_t)cycle_apply(key, 0, (uint64_t)(DAY_US / unit),
                                                         (uint64_t)(before / unit));
        else if (type_engine(type_ground(call->type)) == ENGINE_MYSQL)
            value->integer = long_time_redact(key, before, unit);
    } else if (!time_is_sentinel(kind, before)) {
        /* Sentinels stay, so the others walk past them. */
        do {
            value->integer =
                time_redact(key, call->type, value->integer, kind == KIND_DATE ? 0 : unit);
        } while (time_is_sentinel(kind, value->integer));
    }
    *call->unchanged += value->integer == before;
}

/* Ranges that only the server can put together. */
static bool redact_range(const struct transform_call *call, struct value *value, struct error *err)
{
    struct parts *parts = ARENA_NEW(call->arena, struct parts);

    if (!parts)
        return error_memory(err);
    if (type_ground(call->type)->class == TYPE_RANGE) {
        parts->flags = RANGE_EMPTY;
        parts->count = 2;
        parts->values = ARENA_ARRAY(call->arena, 2, struct value);
        if (!parts->values)
            return error_memory(err);
        parts->values[0].is_null = parts->values[1].is_null = true;
    }
    value->parts = parts;
    return true;
}

/* An element around keyed words: valid whether documents or content are asked for. */
static bool redact_xml(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    const struct text_limits any = {0, 0};
    struct buf text;
    bool is_done;

    if (value->bytes.len == 0)
        return true;
    if (!text_stand_in(seeder, value, row, &any, err))
        return false;
    buf_init(&text, BUF_CEILING_MAX);
    buf_add_text(&text, "<x>");
    buf_add(&text, value->bytes.ptr, value->bytes.len);
    buf_add_text(&text, "</x>");
    is_done = buf_ok(&text) ? value_set_bytes(value, text.ptr, text.len, seeder->call->arena, err)
                            : error_memory(err);
    buf_release(&text);
    return is_done;
}

static bool redact_other(const struct transform_call *call, struct seeder *seeder,
                         struct value *value, uint32_t row, struct error *err)
{
    const struct redact_params *params = call->params;
    const struct type *ground = type_ground(call->type);

    if (type_is_xml(ground))
        return redact_xml(seeder, value, row, err);
    if (params->is_not_null && type_has_parts(ground))
        return redact_range(call, value, err);
    *value = (struct value){.is_null = !params->is_not_null};
    if (params->is_not_null)
        value->bytes = SPAN_LITERAL("");
    return true;
}

static bool redact_address(const struct transform_call *call, struct value *value,
                           struct error *err)
{
    char *copy = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);

    if (!copy)
        return error_memory(err);
    if (call->type->kind == KIND_MAC)
        mac_permute(&call->key->sip, copy, value->bytes.len);
    else
        *call->unchanged += !inet_permute(&call->key->sip, copy);
    value->bytes = span_make(copy, value->bytes.len);
    return true;
}

static bool redact_text(const struct transform_call *call, struct seeder *seeder,
                        struct value *value, uint32_t row, struct error *err)
{
    const struct redact_params *params = call->params;
    bool is_kept = false;

    if (value->bytes.len == 0)
        return true;
    if (!params->is_exact)
        return text_stand_in(seeder, value, row, &params->text, err);
    if (!params->is_joined && params->text.least <= TOKEN_LETTERS &&
        (params->text.most == 0 || params->text.most >= TOKEN_LETTERS))
        return text_token(seeder, value, row, err);

    struct span bytes = seeder_canonical(seeder, value);
    char *copy = arena_strndup(call->arena, bytes.ptr ? bytes.ptr : "", bytes.len);

    if (!copy)
        return error_memory(err);
    value->bytes = span_make(copy, bytes.len);
    if (!form_permute(&call->key->sip, false, copy, bytes.len, call->arena, &is_kept, err))
        return false;
    *call->unchanged += is_kept;
    return true;
}

static bool redact_value(const struct transform_call *call, struct seeder *seeder,
                         struct value *value, uint32_t row, struct error *err)
{
    const struct redact_params *params = call->params;
    const struct sipkey key = call_key(call, row);
    bool is_kept = false;

    switch (call->type->kind) {
    case KIND_BOOLEAN:
        value->boolean = choose_few(call, row, value->boolean, 2) == 1;
        return true;
    case KIND_ENUM:
        return redact_enum(call, value, row, err);
    case KIND_INTEGER:
        redact_integer(call, &key, value, row);
        return true;
    case KIND_REAL:
        return redact_number(call, &key, value, err);
    case KIND_DECIMAL:
        return params->bands ? decimal_key_permute(call, seeder, params->bands, value, err)
                             : redact_number(call, &key, value, err);
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        redact_time(call, &key, value);
        return true;
    case KIND_UUID:
        uuid_permute(&key, false, value->uuid, &is_kept);
        *call->unchanged += is_kept;
        return true;
    case KIND_INET:
    case KIND_MAC:
        return redact_address(call, value, err);
    case KIND_TEXT:
        return redact_text(call, seeder, value, row, err);
    case KIND_BYTES:
        return params->is_exact ? bytes_permute(call, value, err)
                                : bytes_stand_in(seeder, value, row, err);
    case KIND_JSON:
        return params->is_exact ? json_token(seeder, value, row, err)
                                : json_stand_in(seeder, value, row, err);
    default:
        return redact_other(call, seeder, value, row, err);
    }
}

static bool redact_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (!values[i].is_null)
            is_whole = redact_value(call, &seeder, &values[i], i, err);
    }
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

const struct transform transform_redact = {
    .name = "redact",
    .accepts = (KIND_BIT(KIND_COUNT) - 1) & ~(KIND_BIT(KIND_COMPOSITE) | KIND_BIT(KIND_HSTORE)),
    .uniqueness = UNIQUENESS_PRESERVED,
    .pers = PER_BIT(PER_SUBJECT) | PER_BIT(PER_ROW),
    .preserves =
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_SCRIPT | PROPERTY_SIGN | PROPERTY_MAGNITUDE,
    .summary = "the safe answer for anything: a keyed stand-in of the same type",
    .example = "nickname: redact",
    .guarantee = "Only NULLs, the class of length or size, and the script of a text are left. "
                 "Distinct values stay distinct where the column is unique. Types that no rule "
                 "knows become NULL.",
    .prepare = redact_prepare,
    .finish = redact_finish,
    .apply = redact_apply,
};
