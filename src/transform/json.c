/* json: each leaf of a document by the rule of its path. Documents are read twice: once to gather
 * the leaves of a whole column, so that every rule runs over many values at a time, and once to
 * write the document again with the results in place. */
#include "transform/form.h"
#include "transform/json_rules.h"
#include "transform/letters.h"
#include "transform/params.h"
#include "transform/redact_text.h"
#include "transform/sub_rule.h"

#include <string.h>
#include <yajl/yajl_gen.h>
#include <yajl/yajl_parse.h>

enum { DEPTH_MAX = 64 };

/* The leaves that one rule gets as one kind, over all documents of the call. */
struct leaves {
    struct value *values;
    uint64_t *subjects, *identities;
    size_t count, value_capacity, subject_capacity, identity_capacity;
    size_t taken; /* while writing */
};

struct place {
    const struct path_node *node; /* NULL: off every path */
    int rule;
    bool is_array;
};

struct walk {
    const struct transform_call *call;
    const struct json_params *params;
    struct leaves *leaves; /* [rule][kind] */
    struct place places[DEPTH_MAX + 1];
    unsigned depth;
    struct place member; /* where the value behind the last key stands */
    uint32_t row;
    uint64_t ordinal;   /* of the leaf in its document */
    yajl_gen generator; /* NULL: gathering */
    bool has_memory;
};

/* Where the next value stands. */
static struct place place_here(const struct walk *walk)
{
    const struct place *above;
    struct place place;

    if (walk->depth == 0)
        return (struct place){&walk->params->root,
                              walk->params->root.rule < 0 ? 0 : walk->params->root.rule, false};
    above = &walk->places[walk->depth];
    if (!above->is_array)
        return walk->member;
    place = (struct place){path_step(above->node, (struct span){0}), above->rule, false};
    if (place.node && place.node->rule >= 0)
        place.rule = place.node->rule;
    return place;
}

static struct leaves *leaves_of(struct walk *walk, int rule, enum leaf_kind kind, bool *is_taken)
{
    *is_taken = walk->params->rules[rule].variants[kind] != NULL;
    if (!*is_taken)
        rule = (int)walk->params->rule_count - 1;
    return &walk->leaves[(size_t)rule * LEAF_KINDS + kind];
}

static bool leaves_add(struct walk *walk, struct leaves *leaves, const struct value *value)
{
    struct arena *arena = walk->call->arena;
    const uint64_t identity = walk->call->identities ? walk->call->identities[walk->row] : 0;
    const uint64_t words[3] = {PURPOSE_ROW, identity, walk->ordinal};

    leaves->values = arena_grow(arena, leaves->values, leaves->count, &leaves->value_capacity,
                                sizeof(*leaves->values));
    leaves->subjects = arena_grow(arena, leaves->subjects, leaves->count, &leaves->subject_capacity,
                                  sizeof(*leaves->subjects));
    leaves->identities = arena_grow(arena, leaves->identities, leaves->count,
                                    &leaves->identity_capacity, sizeof(*leaves->identities));
    walk->has_memory = leaves->values && leaves->subjects && leaves->identities;
    if (!walk->has_memory)
        return false;
    leaves->values[leaves->count] = *value;
    leaves->subjects[leaves->count] = walk->call->subjects ? walk->call->subjects[walk->row] : 0;
    leaves->identities[leaves->count++] = siphash_words(&walk->call->key->sip, words, 3);
    return true;
}

static bool generated(yajl_gen_status status)
{
    return status == yajl_gen_status_ok || status == yajl_gen_generation_complete;
}

/* A number as JSON writes it: no leading zero, something on both sides of a point. */
static bool is_number_text(struct span text, bool with_point)
{
    uint32_t at = text.len > 0 && text.ptr[0] == '-', digits = at;

    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    if (at == digits || (text.ptr[digits] == '0' && at > digits + 1))
        return false;
    if (at == text.len || text.ptr[at] != '.' || !with_point)
        return at == text.len;
    for (digits = ++at; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';)
        at++;
    return at > digits && at == text.len;
}

/* `kind` is how the value stood in the document; a text key whose digits begin with a zero can no
 * longer stand as a number. */
static bool leaf_write(struct walk *walk, enum leaf_kind kind, const struct value *value)
{
    if (value->is_null)
        return generated(yajl_gen_null(walk->generator));
    if (kind == LEAF_BOOLEAN)
        return generated(yajl_gen_bool(walk->generator, value->boolean));
    if (kind == LEAF_NUMBER && is_number_text(value->bytes, true))
        return generated(yajl_gen_number(walk->generator, value->bytes.ptr, value->bytes.len));
    return generated(yajl_gen_string(walk->generator, (const unsigned char *)value->bytes.ptr,
                                     value->bytes.len));
}

/* What refers to a key goes the way of the key's kind, however the document writes it: "12" and 12
 * are the same reference. */
static enum leaf_kind leaf_kind(const struct walk *walk, const struct place *place,
                                enum leaf_kind kind, struct span text)
{
    const enum kind refers = walk->params->rules[place->rule].refers;

    if (kind == LEAF_TEXT && refers == KIND_INTEGER && is_number_text(text, false))
        return LEAF_NUMBER;
    return kind == LEAF_NUMBER && refers == KIND_TEXT ? LEAF_TEXT : kind;
}

static int leaf_visit(struct walk *walk, enum leaf_kind kind, const struct value *value)
{
    const struct place place = place_here(walk);
    const struct span text = kind == LEAF_BOOLEAN ? (struct span){0} : value->bytes;
    bool is_taken;
    struct leaves *leaves =
        leaves_of(walk, place.rule, leaf_kind(walk, &place, kind, text), &is_taken);

    assert(place.rule >= 0 && (size_t)place.rule < walk->params->rule_count);
    walk->ordinal++;
    if (!walk->generator)
        return leaves_add(walk, leaves, value);
    assert(leaves->taken < leaves->count);
    *walk->call->scrambled += !is_taken;
    return leaf_write(walk, kind, &leaves->values[leaves->taken++]);
}

static int on_null(void *context)
{
    struct walk *walk = context;

    return !walk->generator || generated(yajl_gen_null(walk->generator));
}

static int on_boolean(void *context, int truth)
{
    const struct value value = {.boolean = truth != 0};

    return leaf_visit(context, LEAF_BOOLEAN, &value);
}

static char *text_copy(struct walk *walk, const void *text, size_t len)
{
    char *copy = arena_strndup(walk->call->arena, len ? text : "", len);

    walk->has_memory = walk->has_memory && copy;
    return copy;
}

/* Numbers with an exponent are no decimals for any rule: their digits are drawn anew in place. */
static int exponent_visit(struct walk *walk, const char *text, size_t len)
{
    const struct place place = place_here(walk);
    const uint64_t head = PURPOSE_VALUE;
    struct stream stream;
    char *copy;

    walk->ordinal++;
    if (!walk->generator)
        return 1;
    if (walk->params->rules[place.rule].is_keep)
        return generated(yajl_gen_number(walk->generator, text, len));
    copy = text_copy(walk, text, len);
    if (!copy)
        return 0;
    stream = stream_make(&walk->call->key->sip, siphash(&walk->call->key->sip, text, len) ^ head);
    for (size_t i = 0; i < len && (copy[i] | 0x20) != 'e'; i++) {
        if (copy[i] >= '1' && copy[i] <= '9')
            copy[i] = (char)('1' + stream_below(&stream, 9));
    }
    ++*walk->call->scrambled;
    return generated(yajl_gen_number(walk->generator, copy, len));
}

static int on_number(void *context, const char *text, size_t len)
{
    struct walk *walk = context;
    struct value value = {0};

    if (memchr(text, 'e', len) || memchr(text, 'E', len))
        return exponent_visit(walk, text, len);
    value.bytes = span_make(text, len);
    if (walk->generator)
        return leaf_visit(walk, LEAF_NUMBER, &value);
    value.bytes = span_make(text_copy(walk, text, len), len);
    return value.bytes.ptr && leaf_visit(walk, LEAF_NUMBER, &value);
}

static int on_string(void *context, const unsigned char *text, size_t len)
{
    struct walk *walk = context;
    struct value value = {0};

    value.bytes = span_make(text ? (const void *)text : "", len);
    if (walk->generator)
        return leaf_visit(walk, LEAF_TEXT, &value);
    value.bytes = span_make(text_copy(walk, text, len), len);
    return value.bytes.ptr && leaf_visit(walk, LEAF_TEXT, &value);
}

static int container_open(struct walk *walk, bool is_array)
{
    struct place place = place_here(walk);

    if (walk->depth == DEPTH_MAX)
        return 0;
    place.is_array = is_array;
    walk->places[++walk->depth] = place;
    if (!walk->generator)
        return 1;
    return generated(is_array ? yajl_gen_array_open(walk->generator)
                              : yajl_gen_map_open(walk->generator));
}

static int container_close(struct walk *walk)
{
    const bool is_array = walk->places[walk->depth].is_array;

    assert(walk->depth > 0);
    walk->depth--;
    if (!walk->generator)
        return 1;
    return generated(is_array ? yajl_gen_array_close(walk->generator)
                              : yajl_gen_map_close(walk->generator));
}

static int on_map_open(void *context)
{
    return container_open(context, false);
}

static int on_array_open(void *context)
{
    return container_open(context, true);
}

static int on_close(void *context)
{
    return container_close(context);
}

/* Distinct keys of one document must stay distinct, or a value would be lost: keys that are data go
 * through a bijection of their form. */
static int key_write(struct walk *walk, const unsigned char *key, size_t len)
{
    struct error fault = {.status = STATUS_OK};
    bool is_kept = false;
    char *copy;

    if (walk->params->rules[walk->places[walk->depth].rule].is_keep || is_field_name(key, len))
        return generated(yajl_gen_string(walk->generator, key, len));
    copy = text_copy(walk, key, len);
    if (!copy)
        return 0;
    walk->has_memory =
        form_permute(&walk->call->key->sip, false, copy, len, walk->call->arena, &is_kept, &fault);
    return walk->has_memory &&
           generated(yajl_gen_string(walk->generator, (const unsigned char *)copy, len));
}

static int on_key(void *context, const unsigned char *key, size_t len)
{
    struct walk *walk = context;
    const struct place *above = &walk->places[walk->depth];

    walk->member = (struct place){path_step(above->node, span_make(key, len)), above->rule, false};
    if (walk->member.node && walk->member.node->rule >= 0)
        walk->member.rule = walk->member.node->rule;
    return !walk->generator || key_write(walk, key, len);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map_open,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_array_open,
    .yajl_end_array = on_close,
};

static bool document_walk(struct walk *walk, uint32_t row, struct span text)
{
    yajl_handle handle = yajl_alloc(&callbacks, NULL, walk);
    bool is_whole;

    walk->has_memory = walk->has_memory && handle;
    if (!handle)
        return false;
    assert(walk->leaves && walk->params->rule_count >= 2);
    walk->row = row;
    walk->depth = 0;
    walk->ordinal = 0;
    is_whole = yajl_parse(handle, (const unsigned char *)text.ptr, text.len) == yajl_status_ok &&
               yajl_complete_parse(handle) == yajl_status_ok;
    yajl_free(handle);
    return is_whole;
}

/* Leaves of a document that turns out broken are forgotten. */
static bool document_gather(struct walk *walk, uint32_t row, struct span text, size_t *marks)
{
    const size_t count = walk->params->rule_count * LEAF_KINDS;

    for (size_t i = 0; i < count; i++)
        marks[i] = walk->leaves[i].count;
    if (document_walk(walk, row, text))
        return true;
    for (size_t i = 0; i < count; i++)
        walk->leaves[i].count = marks[i];
    return false;
}

static bool leaves_apply(struct walk *walk, struct error *err)
{
    const struct transform_call *call = walk->call;

    for (size_t i = 0; i < walk->params->rule_count * LEAF_KINDS; i++) {
        struct leaves *leaves = &walk->leaves[i];
        struct transform_call nested = {
            .column = walk->params->column,
            .type = i % LEAF_KINDS == LEAF_TEXT ? walk->params->rules[i / LEAF_KINDS].text
                                                : &leaf_types[i % LEAF_KINDS],
            .subjects = leaves->subjects,
            .identities = leaves->identities,
            .arena = call->arena,
            .scrambled = call->scrambled,
            .unchanged = call->unchanged,
        };

        if (leaves->count > UINT32_MAX)
            return error_set(err, STATUS_LOCAL, "too many JSON values in one batch");
        if (leaves->count > 0 &&
            !transform_apply(walk->params->rules[i / LEAF_KINDS].variants[i % LEAF_KINDS], &nested,
                             leaves->values, (uint32_t)leaves->count, err))
            return false;
    }
    return true;
}

static bool document_write(struct walk *walk, uint32_t row, struct value *value, struct error *err)
{
    const unsigned char *text;
    size_t len;
    bool is_whole;

    assert(!walk->generator && !value->is_null);
    walk->generator = yajl_gen_alloc(NULL);
    if (!walk->generator)
        return error_memory(err);
    is_whole = document_walk(walk, row, value->bytes) &&
               yajl_gen_get_buf(walk->generator, &text, &len) == yajl_gen_status_ok;
    if (is_whole)
        is_whole = value_set_bytes(value, text, len, walk->call->arena, err);
    else
        error_set(err, walk->has_memory ? STATUS_BUG : STATUS_LOCAL,
                  "a JSON document cannot be written again");
    yajl_gen_free(walk->generator);
    walk->generator = NULL;
    return is_whole;
}

/* Not JSON, or deeper than 64: text is scrambled, JSON becomes a stand-in. */
static bool document_broken(struct walk *walk, struct seeder *seeder, uint32_t row,
                            struct value *value, struct error *err)
{
    struct stream stream;
    char *copy;

    ++*walk->call->scrambled;
    if (walk->call->type->kind == KIND_JSON)
        return json_stand_in(seeder, value, row, err);
    stream = stream_make(&walk->call->key->sip, seeder_value(seeder, value, row, 0));
    copy = text_copy(walk, value->bytes.ptr, value->bytes.len);
    if (!copy)
        return error_memory(err);
    if (letters_scramble(copy, value->bytes.len, &stream) == 0)
        ++*walk->call->unchanged;
    value->bytes.ptr = copy;
    return true;
}

static bool documents_apply(struct walk *walk, struct seeder *seeder, struct value *values,
                            uint32_t count, struct error *err)
{
    struct arena *arena = walk->call->arena;
    size_t *marks = ARENA_ARRAY(arena, walk->params->rule_count * LEAF_KINDS, size_t);
    bool *is_broken = ARENA_ARRAY(arena, count, bool);

    if (!marks || !is_broken)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        if (!values[i].is_null)
            is_broken[i] = !document_gather(walk, i, values[i].bytes, marks);
        if (!walk->has_memory)
            return error_memory(err);
    }
    if (!leaves_apply(walk, err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].is_null)
            continue;
        if (!(is_broken[i] ? document_broken(walk, seeder, i, &values[i], err)
                           : document_write(walk, i, &values[i], err)))
            return false;
    }
    return true;
}

static bool json_prepare(const struct transform_site *site, const struct yaml_node *params,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct error *err)
{
    struct json_params *made = NULL;

    if (!json_rules_read(site, params, arena, prepared, &made, err))
        return false;
    prepared->params = made;
    return true;
}

static bool json_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    const struct json_params *params = call->params;
    struct walk walk = {.call = call, .params = params, .has_memory = true};
    struct seeder seeder;
    bool is_whole;

    walk.leaves = ARENA_ARRAY(call->arena, params->rule_count * LEAF_KINDS, struct leaves);
    if (!walk.leaves)
        return error_memory(err);
    seeder_init(&seeder, call);
    is_whole = documents_apply(&walk, &seeder, values, count, err) && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

static const struct transform_param params[] = {
    {"paths", "mapping of $.a.b[*].c to rules", "a path covers all that lies below it"},
    {"otherwise", "a rule", "for what no path names; redact unless said"},
};

const struct transform transform_json = {
    .name = "json",
    .accepts = KIND_BIT(KIND_JSON) | KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_SHAPE,
    .summary = "each value of a document by the rule of its path",
    .example = "preferences: { rule: json, paths: { \"$.phone\": phone } }",
    .guarantee = "Order of keys, duplicate keys and structure stay. Keys that do not look like "
                 "identifiers are rewritten one to one. Text that is not JSON is scrambled.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = json_prepare,
    .apply = json_apply,
    .find_identifying = json_find_identifying,
};
