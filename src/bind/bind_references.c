/* References that stand inside a JSON document: the paths that take the rule and domain of the
 * column they refer to. */
#include "base/words.h"
#include "bind/binder.h"

#include <stdio.h>

static bool is_reference(const struct binder *binder, const struct edge *edge,
                         const struct column *column)
{
    return edge->json_path && edge->child_columns[0] == column &&
           !binder->binding->edges[edge->index].is_ignored;
}

static bool names_keep(const struct profile_rule *rule)
{
    return strcmp(rule->name, "keep") == 0;
}

/* The rule that the profile gives this very path, as if it stood in a column; NULL: none. */
static bool path_rule(const struct profile_rule *rule, const char *path, struct profile_rule *made)
{
    const struct yaml_node *paths = rule->params ? yaml_find(rule->params, "paths") : NULL;
    const struct yaml_node *node =
        paths && paths->kind == YAML_MAPPING ? yaml_find(paths, path) : NULL;
    const struct yaml_node *name =
        node && node->kind == YAML_MAPPING ? yaml_find(node, "rule") : node;
    const struct yaml_node *domain =
        node && node->kind == YAML_MAPPING ? yaml_find(node, "domain") : NULL;

    if (!node)
        return false;
    *made = (struct profile_rule){.node = node,
                                  .name = name && name->text ? name->text : "keep",
                                  .params = node->kind == YAML_MAPPING ? node : NULL,
                                  .domain = domain ? domain->text : NULL};
    return true;
}

/* A path names a column: that of the relation's parent with its rule. */
static bool reference_make(struct binder *binder, const struct edge *edge,
                           const struct profile_rule *rule, struct transform_reference *reference)
{
    const struct column *parent = edge->parent_columns[0];
    const struct domain *domain = binder_domain(binder, parent);
    const struct profile_rule *theirs = binder_domain_rule(binder, domain);
    struct profile_rule own;

    if (!theirs && !(theirs = binder_rule_missing(binder, parent)))
        return false;
    if (path_rule(rule, edge->json_path, &own) && !rules_same(&own, theirs))
        return binder_fault_at(binder, own.node, STATUS_POLICY,
                               "leave the path out: it inherits its rule",
                               "path '%s' has another rule than '%s', which it refers to",
                               words_printable(binder->arena, edge->json_path),
                               words_printable(binder->arena, domain->name));
    *reference = (struct transform_reference){
        .path = edge->json_path,
        .rule = theirs->name,
        .params = theirs->params,
        .domain = theirs->domain ? theirs->domain : binder_domain_name(domain, theirs),
        .column = binder_site_column(binder, parent, domain),
    };
    return reference->column != NULL;
}

/* A document under a rule that is not `json` keeps its references only if all of it is kept. */
static bool check_plain(struct binder *binder, const struct edge *edge,
                        const struct profile_rule *rule)
{
    const struct profile_rule *theirs =
        binder_domain_rule(binder, binder_domain(binder, edge->parent_columns[0]));
    char hint[300];

    if (names_keep(rule) && theirs && names_keep(theirs))
        return true;
    snprintf(hint, sizeof(hint),
             "say { rule: json, ... } for the column: %s then takes the rule of what it refers to",
             words_printable(binder->arena, edge->json_path));
    return binder_fault_at(binder, rule->node, STATUS_PROFILE, hint,
                           "rule '%s' on column '%s.%s' would break the reference '%s' in it",
                           rule->name, edge->child->label,
                           words_printable(binder->arena, edge->child_columns[0]->name),
                           words_printable(binder->arena, edge->json_path));
}

bool bind_references(struct binder *binder, const struct column *column,
                     const struct profile_rule *rule, struct transform_site *site)
{
    const struct edge_list *up = &binder->binding->graph->up[column->table->index];
    struct transform_reference *references =
        ARENA_ARRAY(binder->arena, up->count + 1, struct transform_reference);
    bool is_json = strcmp(rule->name, "json") == 0, is_ok = true;

    if (!references) {
        binder->has_memory_failed = true;
        return false;
    }
    for (size_t i = 0; i < up->count; i++) {
        const struct edge *edge = up->edges[i];

        if (!is_reference(binder, edge, column))
            continue;
        if (!is_json)
            is_ok &= check_plain(binder, edge, rule);
        else if (reference_make(binder, edge, rule, &references[site->reference_count]))
            site->reference_count++;
        else
            is_ok = false;
    }
    site->references = references;
    return is_ok;
}

/* The rule of a column that holds references and is not named: they are kept alive, the rest of
 * the document is redacted. */
const struct profile_rule *bind_reference_rule(struct binder *binder, const struct column *column)
{
    const struct edge_list *up = &binder->binding->graph->up[column->table->index];
    struct profile_rule *rule = NULL;

    for (size_t i = 0; !rule && i < up->count; i++) {
        if (!is_reference(binder, up->edges[i], column))
            continue;
        rule = ARENA_NEW(binder->arena, struct profile_rule);
        binder->has_memory_failed |= !rule;
        if (!rule)
            return NULL;
        rule->column = column->name;
        rule->name = "json";
        rule->reason = "unclassified: redact, but for its references";
    }
    return rule;
}
