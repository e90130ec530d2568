/* Key domains whose mapping differs from tenant to tenant: where that cannot hold, and where it
 * might not. */
#include "base/words.h"
#include "bind/binder.h"

/* The name of the tenant column of a domain's rule, or NULL. */
static const char *tenant_of(struct binder *binder, const struct domain *domain)
{
    const struct profile_rule *rule = binder_domain_rule(binder, domain);
    const struct yaml_node *node = rule && rule->params ? yaml_find(rule->params, "tenant") : NULL;

    return node && node->kind == YAML_SCALAR ? node->text : NULL;
}

static bool key_holds(const struct key *key, const struct column *column)
{
    for (size_t i = 0; i < key->column_count; i++)
        if (key->columns[i] == column)
            return true;
    return false;
}

/* Distinct keys of two tenants may meet unless the key itself tells them apart. */
static void keys_check(struct binder *binder, const struct column *column,
                       const struct column *tenant)
{
    const struct table *table = column->table;

    for (size_t i = 0; i < table->key_count; i++) {
        const struct key *key = table->keys[i];

        if (key->is_exclusion || key->is_expression || key->column_count < 2 ||
            !key_holds(key, column) || key_holds(key, tenant))
            continue;
        binder_fault_at(binder, NULL, STATUS_POLICY, "leave 'tenant' out",
                        "column '%s.%s' is rewritten by tenant, but its unique key '%s' does not "
                        "hold '%s'",
                        table->label, words_printable(binder->arena, column->name),
                        words_printable(binder->arena, key->name),
                        words_printable(binder->arena, tenant->name));
    }
}

/* True when the reference holds the tenant of both sides, or does not touch the domain. */
static bool edge_is_safe(const struct binder *binder, const struct edge *edge,
                         const struct domain *domain, const char *tenant)
{
    bool is_touched = false, has_tenant = false;

    for (size_t i = 0; i < edge->column_count; i++) {
        const struct column *child = edge->child_columns[i], *parent = edge->parent_columns[i];

        is_touched |= binder_domain(binder, parent) == domain;
        has_tenant |= strcmp(child->name, tenant) == 0 && strcmp(parent->name, tenant) == 0;
    }
    return !is_touched || has_tenant;
}

static bool edges_check(struct binder *binder, const struct domain *domain, const char *tenant)
{
    const struct graph *graph = binder->binding->graph;

    for (size_t i = 0; i < graph->all.count; i++) {
        const struct edge *edge = graph->all.edges[i];

        if (!edge_is_safe(binder, edge, domain, tenant) &&
            !binding_add_warning(binder->binding, "tenant",
                                 "the reference %s does not hold '%s': it stays joined only where "
                                 "child and parent are of one tenant",
                                 edge->name, words_printable(binder->arena, tenant)))
            return false;
    }
    return true;
}

bool bind_tenants(struct binder *binder)
{
    const struct domains *domains = binder->binding->domains;

    for (size_t i = 0; i < domains->count; i++) {
        const struct domain *domain = &domains->domains[i];
        const char *tenant = tenant_of(binder, domain);

        if (!tenant)
            continue;
        for (size_t c = 0; c < domain->column_count; c++) {
            const struct column *column = domain->columns[c];
            const struct column *beside = table_find_column(column->table, tenant);

            if (beside) /* where there is none, its rule was refused */
                keys_check(binder, column, beside);
        }
        if (!edges_check(binder, domain, tenant)) {
            binder->has_memory_failed = true;
            return false;
        }
    }
    return true;
}
