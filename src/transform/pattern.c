/* pattern: texts that hold ids, each named group of an expression by a rule of its own. */
#include "base/utf8.h"
#include "transform/form.h"
#include "transform/letters.h"
#include "transform/params.h"
#include "transform/pattern_groups.h"
#include "transform/pattern_scan.h"

#include <string.h>

enum { DIGITS_MAX = 19 };

static bool match_read(const struct transform_site *site, const struct yaml_node *node,
                       struct arena *arena, struct pattern_params *made, struct error *err)
{
    struct pattern_scan scan;
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    if (!matcher_new(text, true, arena, &made->matcher, err))
        return yaml_error_place(node, err);
    pattern_scan(text, &scan);
    if (scan.problem)
        return yaml_error(node, err, "the expression, at character %zu: %s", scan.place + 1,
                          scan.problem);
    if (!scan.lets_through || site->accept_risk)
        return true;
    error_set(err, STATUS_POLICY,
              "outside of its named groups the expression matches more than "
              "fixed letters, which would stay as they are");
    (void)yaml_error_place(node, err);
    return error_hint(err, "name every group that holds data, or say 'accept_risk: WHY'");
}

static bool pattern_prepare(const struct transform_site *site, const struct yaml_node *params,
                            struct arena *arena, struct prepared_transform *prepared,
                            struct error *err)
{
    const struct yaml_node *match = param_find(params, "match");
    const struct yaml_node *groups = param_find(params, "groups");
    struct pattern_params *made = ARENA_NEW(arena, struct pattern_params);

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!match || !groups) {
        error_set(err, STATUS_PROFILE, "'pattern' needs 'match' and 'groups'");
        return error_hint(err, "write { rule: pattern, match: 'user-(?<id>[0-9]+)', "
                               "groups: { id: { like: users.id } } }");
    }
    made->limit = site_max_length(site);
    return match_read(site, match, arena, made, err) &&
           pattern_groups_read(site, groups, arena, prepared, made, err);
}

/* Where the groups of one value stand; end 0 with begin 1: it took no part. */
struct part {
    uint32_t begin, end;
};

struct split {
    const struct transform_call *call;
    const struct pattern_params *params;
    struct part *parts; /* [value * groups + group] */
    bool *is_matched;   /* by value */
    struct value *values[PATTERN_GROUPS_MAX];
    uint32_t count;
};

static const struct part part_none = {1, 0};

static struct part *part_at(const struct split *parts, uint32_t value, size_t group)
{
    return &parts->parts[(size_t)value * parts->params->count + group];
}

/* Two groups that overlap cannot both be written again. */
static bool is_apart(const struct split *parts, uint32_t value)
{
    for (size_t a = 0; a < parts->params->count; a++)
        for (size_t b = 0; b < a; b++) {
            const struct part *one = part_at(parts, value, a), *other = part_at(parts, value, b);

            if (one->begin < other->end && other->begin < one->end)
                return false;
        }
    return true;
}

static bool value_match(struct split *parts, struct matching *matching, uint32_t value,
                        struct span text)
{
    if (!matching_find(matching, text, 0))
        return false;
    for (size_t g = 0; g < parts->params->count; g++) {
        size_t begin, end;
        const bool takes_part =
            matching_group(matching, parts->params->groups[g].number, &begin, &end);

        *part_at(parts, value, g) =
            takes_part ? (struct part){(uint32_t)begin, (uint32_t)end} : part_none;
    }
    return is_apart(parts, value);
}

static bool integer_read(struct span text, int64_t *number)
{
    const uint32_t sign = text.len > 0 && text.ptr[0] == '-';
    int64_t size = 0;

    if (text.len == sign)
        return false;
    for (uint32_t i = sign; i < text.len; i++) {
        const int digit = text.ptr[i] - '0';

        if (digit < 0 || digit > 9 || size > (INT64_MAX - digit) / 10)
            return false;
        size = size * 10 + digit;
    }
    *number = sign ? -size : size;
    return true;
}

static bool uuid_read_any_case(struct span text, uint8_t uuid[16])
{
    char low[36];

    if (text.len != sizeof(low))
        return false;
    for (size_t i = 0; i < sizeof(low); i++)
        low[i] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'F' ? text.ptr[i] - 'A' + 'a'
                                                                 : text.ptr[i]);
    return uuid_read(low, sizeof(low), uuid);
}

/* The group's text as the kind of the column that it refers to. */
static bool part_read(const struct pattern_group *group, struct span text, struct value *value)
{
    *value = (struct value){.is_null = false};
    switch (group->type->kind) {
    case KIND_INTEGER:
        return integer_read(text, &value->integer);
    case KIND_UUID:
        return uuid_read_any_case(text, value->uuid);
    default:
        value->bytes = text;
        return true;
    }
}

static bool has_upper(struct span text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'F')
            return true;
    return false;
}

/* As wide as it was where it began with zeros; in the case that it had. */
static void part_write(const struct pattern_group *group, struct span old,
                       const struct value *value, struct buf *out)
{
    char uuid[36];

    switch (group->type->kind) {
    case KIND_INTEGER: {
        const bool is_padded = old.len > 1 && old.ptr[old.ptr[0] == '-'] == '0';

        buf_add_format(out, "%0*lld", is_padded && old.len <= DIGITS_MAX + 1 ? (int)old.len : 1,
                       (long long)value->integer);
        return;
    }
    case KIND_UUID:
        uuid_write(value->uuid, uuid);
        for (size_t i = 0; i < sizeof(uuid) && has_upper(old); i++)
            if (uuid[i] >= 'a' && uuid[i] <= 'f')
                uuid[i] = (char)(uuid[i] - 'a' + 'A');
        buf_add(out, uuid, sizeof(uuid));
        return;
    default:
        buf_add(out, value->bytes.len ? value->bytes.ptr : "", value->bytes.len);
    }
}

static struct span part_text(const struct split *parts, const struct value *values, uint32_t value,
                             size_t group)
{
    const struct part *part = part_at(parts, value, group);

    if (part->begin > part->end)
        return (struct span){0};
    return span_make(values[value].bytes.ptr + part->begin, part->end - part->begin);
}

/* Letters and digits become others: what no rule could read. */
static bool text_scramble(const struct transform_call *call, struct span text, uint64_t seed,
                          struct span *out, struct error *err)
{
    struct stream stream = stream_make(&call->key->sip, seed);
    char *copy = arena_strndup(call->arena, text.ptr, text.len);

    if (!copy)
        return error_memory(err);
    (void)letters_scramble(copy, text.len, &stream);
    ++*call->scrambled;
    *out = span_make(copy, text.len);
    return true;
}

static bool groups_read(struct split *parts, const struct value *values, struct error *err)
{
    AUTO(matching) struct matching matching = {.data = NULL};
    struct arena *arena = parts->call->arena;

    if (!matching_begin(&matching, parts->params->matcher, err))
        return false;
    for (uint32_t i = 0; i < parts->count; i++)
        parts->is_matched[i] = !values[i].is_null && values[i].bytes.len > 0 &&
                               value_match(parts, &matching, i, values[i].bytes);
    for (size_t g = 0; g < parts->params->count; g++) {
        parts->values[g] = ARENA_ARRAY(arena, parts->count, struct value);
        if (!parts->values[g])
            return error_memory(err);
        for (uint32_t i = 0; i < parts->count; i++) {
            const struct span text =
                parts->is_matched[i] ? part_text(parts, values, i, g) : (struct span){0};

            if (!text.ptr || text.len == 0 ||
                !part_read(&parts->params->groups[g], text, &parts->values[g][i]))
                parts->values[g][i] = (struct value){.is_null = true};
        }
    }
    return true;
}

static bool group_apply(const struct split *parts, size_t group, struct error *err)
{
    const struct transform_call *call = parts->call;
    const struct pattern_group *part = &parts->params->groups[group];
    uint64_t *identities = ARENA_ARRAY(call->arena, parts->count, uint64_t);
    struct transform_call nested = {
        .column = part->column,
        .type = part->type,
        .subjects = call->subjects,
        .identities = identities,
        .arena = call->arena,
        .scrambled = call->scrambled,
        .unchanged = call->unchanged,
    };

    if (!identities)
        return error_memory(err);
    for (uint32_t i = 0; i < parts->count; i++) {
        const uint64_t words[3] = {PURPOSE_ROW, call->identities ? call->identities[i] : 0, group};

        identities[i] = siphash_words(&call->key->sip, words, 3);
    }
    return transform_apply(part->rule, &nested, parts->values[group], parts->count, err);
}

/* Groups in the order in which they stand. */
static size_t group_next(const struct split *parts, uint32_t value, uint32_t from)
{
    size_t next = parts->params->count;

    for (size_t g = 0; g < parts->params->count; g++) {
        const struct part *part = part_at(parts, value, g);

        if (part->begin < part->end && part->begin >= from &&
            (next == parts->params->count || part->begin < part_at(parts, value, next)->begin))
            next = g;
    }
    return next;
}

static bool value_write(const struct split *parts, const struct value *values, uint32_t value,
                        struct buf *out, struct error *err)
{
    const struct span text = values[value].bytes;
    uint32_t at = 0;
    size_t g;

    while ((g = group_next(parts, value, at)) < parts->params->count) {
        const struct pattern_group *group = &parts->params->groups[g];
        const struct part *part = part_at(parts, value, g);
        const struct span old = part_text(parts, values, value, g);
        struct value read;

        buf_add(out, text.ptr + at, part->begin - at);
        at = part->end;
        if (!part_read(group, old, &read)) {
            struct span stand_in;

            if (!text_scramble(parts->call, old, siphash(&parts->call->key->sip, old.ptr, old.len),
                               &stand_in, err))
                return false;
            buf_add(out, stand_in.ptr, stand_in.len);
        } else if (!parts->values[g][value].is_null) {
            part_write(group, old, &parts->values[g][value], out);
        }
    }
    buf_add(out, text.ptr + at, text.len - at);
    return buf_ok(out) || error_memory(err);
}

static bool values_write(const struct split *parts, struct value *values, struct error *err)
{
    const struct transform_call *call = parts->call;
    struct seeder seeder;
    struct buf text;
    bool is_ok = true;

    seeder_init(&seeder, call);
    buf_init(&text, BUF_CEILING_MAX);
    for (uint32_t i = 0; i < parts->count && is_ok; i++) {
        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        buf_reset(&text);
        is_ok = !parts->is_matched[i] || value_write(parts, values, i, &text, err);
        if (!is_ok)
            break;
        const bool fits =
            !parts->params->limit || utf8_length(buf_text(&text), text.len) <= parts->params->limit;

        is_ok = parts->is_matched[i] && fits
                    ? value_set_bytes(&values[i], buf_text(&text), text.len, call->arena, err)
                    : text_scramble(call, values[i].bytes, seeder_value(&seeder, &values[i], i, 0),
                                    &values[i].bytes, err);
    }
    is_ok = is_ok && seeder_ok(&seeder, err);
    buf_release(&text);
    seeder_release(&seeder);
    return is_ok;
}

static bool pattern_apply(const struct transform_call *call, struct value *values, uint32_t count,
                          struct error *err)
{
    const struct pattern_params *params = call->params;
    struct split parts = {.call = call, .params = params, .count = count};

    parts.parts = ARENA_ARRAY(call->arena, (size_t)count * params->count, struct part);
    parts.is_matched = ARENA_ARRAY(call->arena, count, bool);
    if (!parts.parts || !parts.is_matched)
        return error_memory(err);
    if (!groups_read(&parts, values, err))
        return false;
    for (size_t g = 0; g < params->count; g++)
        if (!group_apply(&parts, g, err))
            return false;
    return values_write(&parts, values, err);
}

/* A value that does not match is rewritten as a whole: all of it is sought. */
static bool pattern_find_identifying(const struct prepared_transform *prepared,
                                     const struct value *value, struct arena *arena,
                                     transform_visit *visit, void *context, struct error *err)
{
    const struct pattern_params *params = prepared->params;
    AUTO(matching) struct matching matching = {.data = NULL};
    bool is_ok = true;

    assert(!value->is_null);
    if (value->bytes.len == 0)
        return true;
    if (!matching_begin(&matching, params->matcher, err))
        return false;
    if (!matching_find(&matching, value->bytes, 0))
        return visit(context, value->bytes, err);
    for (size_t g = 0; g < params->count && is_ok; g++) {
        const struct prepared_transform *rule = params->groups[g].rule;
        struct value part = {.is_null = false};
        size_t begin, end;

        if (!rule->identifies || !matching_group(&matching, params->groups[g].number, &begin, &end))
            continue;
        part.bytes = span_make(value->bytes.ptr + begin, end - begin);
        is_ok = rule->transform->find_identifying && params->groups[g].type->kind == KIND_TEXT
                    ? rule->transform->find_identifying(rule, &part, arena, visit, context, err)
                    : visit(context, part.bytes, err);
    }
    return is_ok;
}

static const struct transform_param params[] = {
    {"match", "regular expression (PCRE2)", "matches the whole value; its named groups are data"},
    {"groups", "mapping of groups to rules", "{ like: table.column } takes that column's rule"},
};

const struct transform transform_pattern = {
    .name = "pattern",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_SHAPE,
    .summary = "texts that hold ids: each named group by a rule of its own",
    .example = "path: { rule: pattern, match: 'c-(?<id>[0-9]+)', groups: { id: scramble } }",
    .guarantee = "What stands outside of the named groups stays, so anything but fixed letters "
                 "there needs accept_risk. A value that does not match, would outgrow the column, "
                 "or takes too many steps is scrambled as a whole, and counted.",
    .risk = "a match that lets more than fixed letters through outside of its groups",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = pattern_prepare,
    .apply = pattern_apply,
    .find_identifying = pattern_find_identifying,
};
