/* Rules of the parts of a text. */
#include "transform/pattern_groups.h"

#include "transform/params.h"
#include "transform/sub_rule.h"

#include <string.h>

enum { NESTING_MAX = 8 };

static const struct type text_type = {
    .schema = "pg_catalog", .name = "text", .kind = KIND_TEXT, .class = TYPE_BASE};

/* { like: table.column }: its rule and domain, so that ids in texts stay joined. */
static bool like_read(const struct transform_site *site, const struct yaml_node *node,
                      struct transform_reference *reference, struct error *err)
{
    static const char *const known[] = {"like"};
    const unsigned kinds = KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_UUID);

    if (!yaml_check_keys(node, known, COUNT_OF(known), err))
        return false;
    node = yaml_find(node, "like");
    if (!site->find_like)
        return yaml_error(node, err, "'like' has no schema to look into here");
    if (!site->find_like(site, node, reference, err))
        return false;
    if (KIND_BIT(reference->column->type->kind) & kinds)
        return true;
    return yaml_error(node, err, "an id in a text is an integer, a text or a uuid, not %s",
                      kind_word(reference->column->type->kind));
}

static bool part_site(const struct transform_site *site, const struct yaml_node *node,
                      const char *name, struct arena *arena, struct transform_site *part,
                      struct error *err)
{
    struct column *column = ARENA_NEW(arena, struct column);

    *part = *site;
    part->label = arena_printf(arena, "%s, group '%s'", site->label, name);
    part->domain = arena_printf(arena, "%s group %s", site->domain, name);
    if (!column || !part->label || !part->domain)
        return error_memory(err);
    *column = (struct column){.name = part->label, .type = &text_type, .modifier = -1};
    part->column = column;
    part->type = &text_type;
    part->is_unique = part->is_key = part->is_referenced_or_referencing = false;
    part->reference_count = 0;
    part->with = NULL;
    part->find_companion = NULL; /* the row's columns are no parts of the text */
    part->depth++;
    return param_string(node, "accept_risk", &part->accept_risk, err);
}

static bool group_prepare(const struct transform_site *site, const struct yaml_node *node,
                          const char *name, struct arena *arena, struct pattern_group *group,
                          struct error *err)
{
    const bool is_like = node->kind == YAML_MAPPING && yaml_find(node, "like");
    const struct yaml_node *params = node->kind == YAML_MAPPING ? node : NULL;
    struct transform_reference reference = {.path = NULL};
    struct transform_site part;
    struct prepared_transform *made;

    if (!part_site(site, node, name, arena, &part, err))
        return false;
    if (is_like) {
        if (!like_read(site, node, &reference, err))
            return false;
        assert(reference.column);
        part.domain = reference.domain;
        part.column = reference.column;
        part.type = reference.column->type;
        part.is_key = part.is_referenced_or_referencing = true;
        params = reference.params;
    } else {
        struct sub_rule rule = {0};

        if (!sub_rule_read(node, &rule, err) || !part_params_check(params, err))
            return false;
        reference.rule = rule.rule;
        const struct transform *transform = transform_find(reference.rule);

        if (transform && transform->is_semantic)
            part.domain = reference.rule;
        if (!param_string(params, "domain", &part.domain, err))
            return false;
    }
    if (!transform_prepare(reference.rule, &part,
                           params && yaml_find(params, "rule") ? params : NULL, arena, &made, err))
        return sub_rule_fault(node, err);
    group->rule = made;
    group->column = part.column;
    group->type = part.type;
    return true;
}

static bool group_read(const struct transform_site *site, const struct yaml_node *key,
                       const struct yaml_node *node, struct arena *arena,
                       struct prepared_transform *prepared, struct pattern_params *made,
                       struct error *err)
{
    struct pattern_group *group = &made->groups[made->count];

    group->number = matcher_group(made->matcher, key->text);
    if (group->number == 0)
        return yaml_error(key, err, "the expression has no group called '%s'", key->text);
    if (!group_prepare(site, node, key->text, arena, group, err))
        return false;
    prepared->needs |= group->rule->needs;
    prepared->identifies |= group->rule->identifies;
    prepared->is_dense |= group->rule->is_dense;
    prepared->copies |= group->rule->copies;
    made->count++;
    return true;
}

bool pattern_groups_read(const struct transform_site *site, const struct yaml_node *node,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct pattern_params *made, struct error *err)
{
    if (site->depth >= NESTING_MAX)
        return yaml_error(node, err, "patterns are nested more than %d deep", NESTING_MAX);
    if (node->kind != YAML_MAPPING || node->count == 0 || node->count > PATTERN_GROUPS_MAX)
        return yaml_error(node, err, "expected a mapping of one to %d groups to rules",
                          PATTERN_GROUPS_MAX);
    for (size_t i = 0; i < node->count; i++)
        if (!group_read(site, node->keys[i], node->items[i], arena, prepared, made, err))
            return false;
    for (size_t i = 0; i < matcher_name_count(made->matcher); i++)
        if (!yaml_find(node, matcher_name(made->matcher, i))) {
            yaml_error(node, err, "the group '%s' has no rule", matcher_name(made->matcher, i));
            return error_hint(err, "write { keep: REASON } for what may stay as it is");
        }
    return true;
}
