/* composite: each field of a row type by its own rule. */
#include "transform/identifying.h"
#include "transform/json_path.h"
#include "transform/params.h"
#include "transform/parts.h"
#include "transform/sub_rule.h"

#include "base/words.h"

struct composite_field {
    const struct prepared_transform *rule; /* NULL: keep */
    const struct type *type;
    const struct column *column; /* its limits */
};

struct composite_params {
    size_t count;
    struct composite_field *fields;
};

/* What is the same at every depth while a rule is prepared. */
struct preparing {
    struct arena *arena;
    struct prepared_transform *whole;
    const struct sub_rule *rules;
};

static bool fields_prepare(const struct preparing *preparing, const struct transform_site *site,
                           const struct path_node *node, const struct sub_rule *otherwise,
                           const struct composite_params **made, struct error *err);

static const struct column no_limits = {.name = "field", .modifier = -1, .precision = 6};

/* A composite inside of this one, or an array of them, under the same rules. */
static bool inner_prepare(const struct preparing *preparing, const struct transform_site *part,
                          const struct path_node *node, const struct sub_rule *otherwise,
                          const struct prepared_transform **made, struct error *err)
{
    struct prepared_transform *inner = ARENA_NEW(preparing->arena, struct prepared_transform);
    const struct composite_params *params = NULL;
    struct transform_site leaf = *part;

    if (!inner)
        return error_memory(err);
    leaf.type = parts_leaf(part->type, NULL);
    if (leaf.type->kind != KIND_COMPOSITE)
        return error_set(err, STATUS_PROFILE, "'%s' has no fields", part->label);
    if (!fields_prepare(preparing, &leaf, node, otherwise, &params, err))
        return false;
    inner->transform = &transform_composite;
    inner->params = params;
    inner->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    inner->needs = preparing->whole->needs;
    inner->identifies = preparing->whole->identifies;
    inner->is_dense = preparing->whole->is_dense;
    inner->copies = preparing->whole->copies;
    *made = inner;
    return true;
}

/* What no path names: by `otherwise`, redacted where that does not take its type. */
static bool rest_prepare(const struct preparing *preparing, const struct transform_site *part,
                         const struct sub_rule *rule, const struct prepared_transform **made,
                         struct error *err)
{
    const struct sub_rule redact = {.path = rule->path, .rule = "redact"};
    const struct transform *transform = transform_find(rule->rule);
    struct error fault = {0};

    if (transform && !transform->is_whole && parts_leaf(part->type, NULL)->kind == KIND_COMPOSITE)
        return inner_prepare(preparing, part, NULL, rule, made, err);
    if (sub_rule_prepare(part, rule, preparing->arena, preparing->whole, made, &fault))
        return true;
    if (fault.status == STATUS_POLICY)
        return sub_rule_prepare(part, &redact, preparing->arena, preparing->whole, made, err);
    *err = fault;
    return false;
}

static bool field_prepare(const struct preparing *preparing, const struct transform_site *site,
                          const struct path_node *node, const struct type_field *field,
                          const struct sub_rule *otherwise, struct composite_field *made,
                          struct error *err)
{
    const struct path_node *child = path_step(node, span_of(field->name));
    const bool is_named = child && child->rule >= 0;
    struct sub_rule rule = is_named ? preparing->rules[child->rule] : *otherwise;
    struct transform_site part;
    bool is_ready;

    rule.path = field->name;
    made->type = field->type;
    made->column = field->column ? field->column : &no_limits;
    if (!sub_rule_site(site, &rule, preparing->arena, &part, err))
        return false;
    part.type = field->type;
    part.column = made->column;
    if (child && child->child)
        is_ready = inner_prepare(preparing, &part, child, &rule, &made->rule, err);
    else if (is_named)
        is_ready =
            sub_rule_prepare(&part, &rule, preparing->arena, preparing->whole, &made->rule, err);
    else
        is_ready = rest_prepare(preparing, &part, &rule, &made->rule, err);
    if (!is_ready)
        return error_context(err, "field '%s'", words_printable(preparing->arena, field->name));
    if (made->rule->transform == &transform_keep)
        made->rule = NULL;
    return true;
}

/* Paths that name no field are errors, not leftovers. */
static bool names_check(const struct preparing *preparing, const struct type *type,
                        const struct path_node *node, struct error *err)
{
    for (const struct path_node *child = node ? node->child : NULL; child; child = child->next) {
        const char **names = ARENA_ARRAY(preparing->arena, type->field_count + 1, const char *);
        const char *name = arena_strndup(preparing->arena, child->name.ptr ? child->name.ptr : "*",
                                         child->name.ptr ? child->name.len : 1);
        bool is_known = false;

        if (!names || !name)
            return error_memory(err);
        for (size_t i = 0; i < type->field_count; i++) {
            names[i] = type->fields[i].name;
            is_known |= strcmp(names[i], name) == 0;
        }
        if (is_known)
            continue;
        error_set(err, STATUS_PROFILE, "type '%s' has no field called '%s'",
                  words_printable(preparing->arena, type->name),
                  words_printable(preparing->arena, name));
        if (child->rule >= 0)
            (void)sub_rule_fault(preparing->rules[child->rule].node, err);
        const char *nearest = words_nearest(name, names, type->field_count);
        return nearest ? error_hint(err, "did you mean '%s'?",
                                    words_printable(preparing->arena, nearest))
                       : false;
    }
    return true;
}

static bool fields_prepare(const struct preparing *preparing, const struct transform_site *site,
                           const struct path_node *node, const struct sub_rule *otherwise,
                           const struct composite_params **made, struct error *err)
{
    struct composite_params *params = ARENA_NEW(preparing->arena, struct composite_params);
    const struct type *ground = type_ground(site->type);

    if (site->depth >= SUB_RULE_DEPTH_MAX)
        return error_set(err, STATUS_PROFILE, "fields are nested more than %d deep",
                         SUB_RULE_DEPTH_MAX);
    if (!params || !(params->fields = ARENA_ARRAY(preparing->arena, ground->field_count + 1,
                                                  struct composite_field)))
        return error_memory(err);
    assert(ground->class == TYPE_COMPOSITE);
    if (!names_check(preparing, ground, node, err))
        return false;
    for (params->count = 0; params->count < ground->field_count; params->count++)
        if (!field_prepare(preparing, site, node, &ground->fields[params->count], otherwise,
                           &params->fields[params->count], err))
            return false;
    *made = params;
    return true;
}

static bool composite_prepare(const struct transform_site *site, const struct yaml_node *params,
                              struct arena *arena, struct prepared_transform *prepared,
                              struct error *err)
{
    const struct yaml_node *paths = param_find(params, "paths");
    const struct yaml_node *otherwise = param_find(params, "otherwise");
    struct sub_rule rest = {.path = "otherwise", .rule = "redact"};
    struct path_node root = {.rule = -1};
    struct preparing preparing = {.arena = arena, .whole = prepared};
    const struct composite_params *made = NULL;
    struct sub_rule *rules = NULL;
    size_t count = 0;

    if (!sub_rules_read(params, arena, &rules, &count, err) ||
        (otherwise && !sub_rule_read(otherwise, &rest, err)))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(arena, "$.%s", rules[i].path);
        const char *fault = path ? path_add(&root, path, (int)i, arena) : "there is no memory";

        if (fault)
            return yaml_error(paths->keys[i], err, "the path '%s' cannot be read: %s",
                              rules[i].path, fault);
    }
    preparing.rules = rules;
    if (!fields_prepare(&preparing, site, &root, &rest, &made, err))
        return false;
    prepared->params = made;
    return true;
}

/* The rows of a call that are not NULL, with what belongs to them. */
struct present {
    uint32_t count;
    uint32_t *rows;
    uint64_t *subjects, *identities;
    struct value *values; /* of one field */
};

static bool present_gather(const struct transform_call *call, struct value *values, uint32_t count,
                           struct present *present)
{
    *present = (struct present){
        .rows = ARENA_ARRAY(call->arena, count, uint32_t),
        .subjects = ARENA_ARRAY(call->arena, count, uint64_t),
        .identities = ARENA_ARRAY(call->arena, count, uint64_t),
        .values = ARENA_ARRAY(call->arena, count, struct value),
    };
    if (!present->rows || !present->subjects || !present->identities || !present->values)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct parts *copy;

        if (values[i].is_null)
            continue;
        copy = ARENA_NEW(call->arena, struct parts);
        if (!copy)
            return false;
        *copy = *values[i].parts;
        copy->values = ARENA_ARRAY(call->arena, (size_t)copy->count + 1, struct value);
        if (!copy->values)
            return false;
        memcpy(copy->values, values[i].parts->values, copy->count * sizeof(*copy->values));
        values[i].parts = copy;
        present->subjects[present->count] = call->subjects ? call->subjects[i] : 0;
        present->identities[present->count] = call->identities ? call->identities[i] : 0;
        present->rows[present->count++] = i;
    }
    return true;
}

static bool field_apply(const struct transform_call *call, const struct composite_field *field,
                        size_t number, const struct present *present, struct value *values,
                        struct error *err)
{
    struct transform_call nested = {
        .column = field->column,
        .type = field->type,
        .subjects = call->subjects ? present->subjects : NULL,
        .identities = call->identities ? present->identities : NULL,
        .arena = call->arena,
        .scrambled = call->scrambled,
        .unchanged = call->unchanged,
    };

    for (uint32_t i = 0; i < present->count; i++) {
        assert(number < values[present->rows[i]].parts->count);
        present->values[i] = values[present->rows[i]].parts->values[number];
    }
    if (!transform_apply(field->rule, &nested, present->values, present->count, err))
        return false;
    for (uint32_t i = 0; i < present->count; i++)
        values[present->rows[i]].parts->values[number] = present->values[i];
    return true;
}

static bool composite_apply(const struct transform_call *call, struct value *values, uint32_t count,
                            struct error *err)
{
    const struct composite_params *params = call->params;
    struct present present;

    if (!present_gather(call, values, count, &present))
        return error_memory(err);
    for (size_t i = 0; i < params->count; i++)
        if (params->fields[i].rule &&
            !field_apply(call, &params->fields[i], i, &present, values, err))
            return false;
    return true;
}

static bool composite_find_identifying(const struct prepared_transform *prepared,
                                       const struct value *value, struct arena *arena,
                                       transform_visit *visit, void *context, struct error *err)
{
    const struct composite_params *params = prepared->params;

    assert(!value->is_null && value->parts->count == params->count);
    for (size_t i = 0; i < params->count; i++) {
        const struct composite_field *field = &params->fields[i];

        if (field->rule && field->rule->identifies &&
            !identifying_visit(field->rule, field->type, &value->parts->values[i], arena, visit,
                               context, err))
            return false;
    }
    return true;
}

static const struct transform_param params[] = {
    {"paths", "mapping of a.b to rules", "fields, and fields of fields; arrays are seen through"},
    {"otherwise", "a rule", "for what no path names; redact unless said"},
};

const struct transform transform_composite = {
    .name = "composite",
    .accepts = KIND_BIT(KIND_COMPOSITE),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_SHAPE,
    .summary = "each field of a row type by its own rule",
    .example = "address: { rule: composite, paths: { street: scramble } }",
    .guarantee = "Each field has a rule for its type; one that `otherwise` does not take is "
                 "redacted. NULL fields stay NULL.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = composite_prepare,
    .apply = composite_apply,
    .find_identifying = composite_find_identifying,
};
