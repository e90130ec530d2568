/* Rules that stand inside another rule's `paths` and `otherwise`. */
#include "transform/sub_rule.h"

#include "transform/params.h"

#include <string.h>

enum { NAME_MAX_BYTES = 64 };

bool sub_rule_read(const struct yaml_node *node, struct sub_rule *rule, struct error *err)
{
    const struct yaml_node *name;

    rule->node = node;
    if (node->kind == YAML_SCALAR)
        return yaml_read_string(node, &rule->rule, err);
    if (node->kind != YAML_MAPPING)
        return yaml_error(node, err, "expected a rule");
    rule->params = node;
    name = yaml_find(node, "rule");
    if (name)
        return yaml_read_string(name, &rule->rule, err);
    rule->rule = "keep";
    return yaml_find(node, "keep") || yaml_error(node, err, "expected a 'rule'");
}

bool sub_rules_read(const struct yaml_node *params, struct arena *arena, struct sub_rule **rules,
                    size_t *count, struct error *err)
{
    const struct yaml_node *paths = param_find(params, "paths");

    if (paths && (paths->kind != YAML_MAPPING || paths->count > SUB_RULES_MAX))
        return yaml_error(paths, err, "expected a mapping of at most %d paths to rules",
                          SUB_RULES_MAX);
    *count = paths ? paths->count : 0;
    *rules = ARENA_ARRAY(arena, *count + 1, struct sub_rule);
    if (!*rules)
        return error_memory(err);
    for (size_t i = 0; i < *count; i++) {
        (*rules)[i].path = paths->keys[i]->text;
        if (!sub_rule_read(paths->items[i], &(*rules)[i], err))
            return false;
    }
    return true;
}

/* Parts have no edges, so a semantic rule works in its own domain, as in any column. */
static const char *domain_of(const struct transform_site *site, const struct sub_rule *rule,
                             struct arena *arena)
{
    const struct transform *transform = transform_find(rule->rule);

    if (rule->reference)
        return rule->reference->domain;
    if (transform && transform->is_semantic)
        return rule->rule;
    return arena_printf(arena, "%s %s", site->domain, rule->path);
}

bool part_params_check(const struct yaml_node *params, struct error *err)
{
    static const char *const words[] = {"when", "with"};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const struct yaml_node *node = param_find(params, words[i]);

        if (node)
            return yaml_error(node, err, "'%s' is for columns, not for parts of values", words[i]);
    }
    return true;
}

bool sub_rule_fault(const struct yaml_node *node, struct error *err)
{
    assert(err->status != STATUS_OK);
    return node && !strstr(err->context, node->file) ? yaml_error_place(node, err) : false;
}

bool sub_rule_site(const struct transform_site *site, const struct sub_rule *rule,
                   struct arena *arena, struct transform_site *part, struct error *err)
{
    assert(rule->path && rule->rule);
    *part = *site;
    part->label = arena_printf(arena, "%s -> %s", site->label, rule->path);
    part->domain = domain_of(site, rule, arena);
    part->is_part = true;
    part->is_unique = false;
    part->is_key = part->is_referenced_or_referencing = rule->reference != NULL;
    part->reference_count = 0;
    part->with = NULL;
    part->find_companion = NULL;
    part->depth++;
    if (!part->label || !part->domain)
        return error_memory(err);
    return (rule->reference || part_params_check(rule->params, err)) &&
           param_string(rule->params, "domain", &part->domain, err) &&
           param_string(rule->params, "accept_risk", &part->accept_risk, err);
}

bool sub_rule_prepare(const struct transform_site *part, const struct sub_rule *rule,
                      struct arena *arena, struct prepared_transform *whole,
                      const struct prepared_transform **made, struct error *err)
{
    struct prepared_transform *prepared = NULL;

    if (!transform_prepare(rule->rule, part, rule->params, arena, &prepared, err))
        return sub_rule_fault(rule->node, err);
    *made = prepared;
    whole->needs |= prepared->needs;
    whole->identifies |= prepared->identifies;
    whole->is_dense |= prepared->is_dense;
    whole->copies |= prepared->copies;
    return true;
}

bool is_field_name(const void *key, size_t len)
{
    const unsigned char *bytes = key;

    if (len == 0 || len > NAME_MAX_BYTES)
        return len == 0;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = bytes[i];
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

        if (!is_letter && (i == 0 || !((c >= '0' && c <= '9') || c == '.' || c == '-')))
            return false;
    }
    return true;
}
