/* hstore: each value by the rule of its key. */
#include "transform/identifying.h"
#include "transform/letters.h"
#include "transform/params.h"
#include "transform/sub_rule.h"

#include <stdlib.h>

struct hstore_rule {
    struct span key;                       /* none of `otherwise` */
    const struct prepared_transform *rule; /* NULL: keep */
};

struct hstore_params {
    size_t count;              /* of paths */
    struct hstore_rule *rules; /* sorted as the server sorts keys */
    struct hstore_rule otherwise;
    struct column *column; /* of all values: no limits */
};

static const struct type text_type = {
    .schema = "pg_catalog", .name = "text", .kind = KIND_TEXT, .has_binary = true};

/* By length, then by bytes. */
static int keys_compare(struct span a, struct span b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len == 0 ? 0 : memcmp(a.ptr, b.ptr, a.len);
}

static int rules_compare(const void *a, const void *b)
{
    return keys_compare(((const struct hstore_rule *)a)->key, ((const struct hstore_rule *)b)->key);
}

static const struct hstore_rule *rule_find(const struct hstore_params *params, struct span key)
{
    const struct hstore_rule sought = {.key = key};
    const struct hstore_rule *found =
        params->count == 0
            ? NULL
            : bsearch(&sought, params->rules, params->count, sizeof(*params->rules), rules_compare);

    return found ? found : &params->otherwise;
}

static bool rule_prepare(const struct transform_site *site, const struct hstore_params *params,
                         const struct sub_rule *rule, struct arena *arena,
                         struct prepared_transform *prepared, struct hstore_rule *made,
                         struct error *err)
{
    struct transform_site part;

    if (!sub_rule_site(site, rule, arena, &part, err))
        return false;
    part.type = &text_type;
    part.column = params->column;
    if (!sub_rule_prepare(&part, rule, arena, prepared, &made->rule, err))
        return error_context(err, "path '%s'", rule->path);
    if (made->rule->transform == &transform_keep)
        made->rule = NULL;
    return true;
}

static bool hstore_prepare(const struct transform_site *site, const struct yaml_node *params,
                           struct arena *arena, struct prepared_transform *prepared,
                           struct error *err)
{
    const struct yaml_node *otherwise = param_find(params, "otherwise");
    struct hstore_params *made = ARENA_NEW(arena, struct hstore_params);
    struct sub_rule rest = {.path = "(otherwise)", .rule = "redact"}, *rules = NULL;

    if (!made || !(made->column = ARENA_NEW(arena, struct column)))
        return error_memory(err);
    *made->column = (struct column){.name = site->label, .modifier = -1, .precision = 6};
    prepared->params = made;
    if (otherwise && !sub_rule_read(otherwise, &rest, err))
        return false;
    rest.path = "(otherwise)";
    if (!sub_rules_read(params, arena, &rules, &made->count, err) ||
        !rule_prepare(site, made, &rest, arena, prepared, &made->otherwise, err))
        return false;
    made->rules = ARENA_ARRAY(arena, made->count + 1, struct hstore_rule);
    if (!made->rules)
        return error_memory(err);
    for (size_t i = 0; i < made->count; i++) {
        made->rules[i].key = span_of(rules[i].path);
        if (!rule_prepare(site, made, &rules[i], arena, prepared, &made->rules[i], err))
            return false;
    }
    if (made->count > 1)
        qsort(made->rules, made->count, sizeof(*made->rules), rules_compare);
    return true;
}

/* The values that one rule gets, over all rows of a call. */
struct gathered {
    struct value *values, **places;
    uint64_t *subjects, *identities;
    size_t count, value_capacity, place_capacity, subject_capacity, identity_capacity;
};

static bool value_gather(const struct transform_call *call, struct gathered *gathered,
                         struct value *place, uint32_t row)
{
    const size_t count = gathered->count++;

    gathered->values = arena_grow(call->arena, gathered->values, count, &gathered->value_capacity,
                                  sizeof(*gathered->values));
    gathered->places = arena_grow(call->arena, gathered->places, count, &gathered->place_capacity,
                                  sizeof(struct value *));
    gathered->subjects = arena_grow(call->arena, gathered->subjects, count,
                                    &gathered->subject_capacity, sizeof(uint64_t));
    gathered->identities = arena_grow(call->arena, gathered->identities, count,
                                      &gathered->identity_capacity, sizeof(uint64_t));
    if (!gathered->values || !gathered->places || !gathered->subjects || !gathered->identities)
        return false;
    gathered->values[count] = *place;
    gathered->places[count] = place;
    gathered->subjects[count] = call->subjects ? call->subjects[row] : 0;
    gathered->identities[count] = call->identities ? call->identities[row] : 0;
    return true;
}

static bool gathered_apply(const struct transform_call *call, const struct hstore_rule *rule,
                           struct gathered *gathered, struct error *err)
{
    const struct hstore_params *params = call->params;
    struct transform_call nested = {
        .column = params->column,
        .type = &text_type,
        .subjects = call->subjects ? gathered->subjects : NULL,
        .identities = call->identities ? gathered->identities : NULL,
        .arena = call->arena,
        .scrambled = call->scrambled,
        .unchanged = call->unchanged,
    };

    if (gathered->count > UINT32_MAX)
        return error_set(err, STATUS_LOCAL, "too many hstore values in one batch");
    if (!transform_apply(rule->rule, &nested, gathered->values, (uint32_t)gathered->count, err))
        return false;
    for (size_t i = 0; i < gathered->count; i++)
        *gathered->places[i] = gathered->values[i];
    return true;
}

/* A key and its value while keys change. */
struct pair {
    struct value key, value;
    struct span original;
    bool is_scrambled;
};

static int pairs_compare(const void *a, const void *b)
{
    return keys_compare(((const struct pair *)a)->key.bytes, ((const struct pair *)b)->key.bytes);
}

static bool key_scramble(const struct transform_call *call, struct pair *pair, uint64_t level)
{
    const struct sipkey *sip = &call->key->sip;
    const uint64_t words[3] = {PURPOSE_KEY, level,
                               siphash(sip, pair->original.ptr, pair->original.len)};
    struct stream stream = stream_make(sip, siphash_words(sip, words, 3));
    char *copy = arena_strndup(call->arena, pair->original.ptr, pair->original.len);

    if (!copy)
        return false;
    (void)letters_scramble(copy, pair->original.len, &stream);
    pair->key.bytes = span_make(copy, pair->original.len);
    return true;
}

enum { KEY_TRIES = 32 };

/* Two keys may be scrambled to one: then one of them is scrambled otherwise. Sorted at the end. */
static bool keys_part(const struct transform_call *call, struct pair *pairs, uint32_t count)
{
    bool is_apart = false;

    for (uint64_t level = 1; level < KEY_TRIES && !is_apart; level++) {
        is_apart = true;
        qsort(pairs, count, sizeof(*pairs), pairs_compare);
        for (uint32_t i = 1; i < count; i++) {
            struct pair *again = pairs[i].is_scrambled ? &pairs[i] : &pairs[i - 1];

            if (keys_compare(pairs[i - 1].key.bytes, pairs[i].key.bytes) != 0)
                continue;
            is_apart = false;
            if (again->is_scrambled && !key_scramble(call, again, level))
                return false;
        }
    }
    qsort(pairs, count, sizeof(*pairs), pairs_compare);
    return true;
}

/* New keys in the order in which the server keeps them; of two that could not be told apart, one
 * goes, as it would in the server. */
static bool keys_apply(const struct transform_call *call, struct parts *parts)
{
    const struct hstore_params *params = call->params;
    const uint32_t count = parts->count / 2;
    struct pair *pairs = ARENA_ARRAY(call->arena, (size_t)count + 1, struct pair);
    uint32_t kept = 0;

    if (!pairs)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct span key = parts->values[2 * i].bytes;

        pairs[i] = (struct pair){parts->values[2 * i], parts->values[2 * i + 1], key, false};
        pairs[i].is_scrambled = params->otherwise.rule && !is_field_name(key.ptr, key.len) &&
                                rule_find(params, key) == &params->otherwise;
        if (pairs[i].is_scrambled && !key_scramble(call, &pairs[i], 0))
            return false;
    }
    if (count > 1 && !keys_part(call, pairs, count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && keys_compare(pairs[i - 1].key.bytes, pairs[i].key.bytes) == 0)
            continue;
        parts->values[2 * kept] = pairs[i].key;
        parts->values[2 * kept + 1] = pairs[i].value;
        kept++;
    }
    parts->count = 2 * kept;
    return true;
}

static struct parts *parts_copy(const struct parts *parts, struct arena *arena)
{
    struct parts *copy = ARENA_NEW(arena, struct parts);

    if (!copy)
        return NULL;
    *copy = *parts;
    copy->values = ARENA_ARRAY(arena, (size_t)parts->count + 1, struct value);
    if (!copy->values)
        return NULL;
    memcpy(copy->values, parts->values, parts->count * sizeof(*copy->values));
    return copy;
}

static bool hstore_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    const struct hstore_params *params = call->params;
    struct gathered *gathered = ARENA_ARRAY(call->arena, params->count + 1, struct gathered);

    if (!gathered)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].is_null)
            continue;
        struct parts *copy = values[i].parts = parts_copy(values[i].parts, call->arena);

        if (!copy)
            return error_memory(err);
        for (uint32_t k = 0; k < copy->count; k += 2) {
            const struct hstore_rule *rule = rule_find(params, copy->values[k].bytes);
            const size_t number =
                rule == &params->otherwise ? params->count : (size_t)(rule - params->rules);

            if (rule->rule && !value_gather(call, &gathered[number], &copy->values[k + 1], i))
                return error_memory(err);
        }
    }
    for (size_t r = 0; r <= params->count; r++)
        if (gathered[r].count > 0 &&
            !gathered_apply(call, r < params->count ? &params->rules[r] : &params->otherwise,
                            &gathered[r], err))
            return false;
    for (uint32_t i = 0; i < count; i++)
        if (!values[i].is_null && !keys_apply(call, values[i].parts))
            return error_memory(err);
    return true;
}

static bool hstore_find_identifying(const struct prepared_transform *prepared,
                                    const struct value *value, struct arena *arena,
                                    transform_visit *visit, void *context, struct error *err)
{
    const struct hstore_params *params = prepared->params;

    assert(!value->is_null && value->parts->count % 2 == 0);
    for (uint32_t k = 0; k < value->parts->count; k += 2) {
        const struct hstore_rule *rule = rule_find(params, value->parts->values[k].bytes);

        if (rule->rule && rule->rule->identifies &&
            !identifying_visit(rule->rule, &text_type, &value->parts->values[k + 1], arena, visit,
                               context, err))
            return false;
    }
    return true;
}

static const struct transform_param params[] = {
    {"paths", "mapping of keys to rules", "a key as it is written in the data"},
    {"otherwise", "a rule", "for what no path names; redact unless said"},
};

const struct transform transform_hstore = {
    .name = "hstore",
    .accepts = KIND_BIT(KIND_HSTORE),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_SHAPE,
    .summary = "each value of an hstore by the rule of its key",
    .example = "attributes: { rule: hstore, paths: { email: email } }",
    .guarantee = "Keys stay unless they do not look like identifiers: those are data and are "
                 "scrambled. NULL values stay NULL.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = hstore_prepare,
    .apply = hstore_apply,
    .find_identifying = hstore_find_identifying,
};
