/* Which rule each column gets: named, everywhere, or inherited over the edges of its key domain;
 * prepared for its type, with the key of its domain. */
#include "base/words.h"
#include "bind/binder.h"

#include <stdio.h>

static const struct profile_rule *rule_find(const struct profile_rule *rules, size_t count,
                                            const char *column)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i].column, column) == 0)
            return &rules[i];
    return NULL;
}

/* What the profile says of this very column: under its table, else under "*". */
static const struct profile_rule *rule_own(const struct binder *binder, const struct column *column)
{
    const struct profile_table *table = binder->rules[column->table->index];
    const struct profile_rule *rule =
        table ? rule_find(table->rules, table->rule_count, column->name) : NULL;

    return rule ? rule
                : rule_find(binder->profile->everywhere, binder->profile->everywhere_count,
                            column->name);
}

/* An inherited column of a table in a family takes its parent table's rule unless named. */
static const struct profile_rule *rule_of_family(const struct binder *binder,
                                                 const struct column *column)
{
    const struct profile_rule *rule = rule_own(binder, column);

    for (size_t i = 0; !rule && column->is_inherited && i < column->table->parent_count; i++) {
        const struct column *parent = table_find_column(column->table->parents[i], column->name);

        rule = parent ? rule_of_family(binder, parent) : NULL;
    }
    return rule;
}

static bool text_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool params_same(const struct yaml_node *a, const struct yaml_node *b)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind == YAML_SCALAR)
        return strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->count; i++)
        if (!params_same(a->items[i], b->items[i]) ||
            (a->kind == YAML_MAPPING && strcmp(a->keys[i]->text, b->keys[i]->text) != 0))
            return false;
    return true;
}

static bool rules_same(const struct profile_rule *a, const struct profile_rule *b)
{
    return strcmp(a->name, b->name) == 0 && text_same(a->domain, b->domain) &&
           (strcmp(a->name, "keep") == 0 || params_same(a->params, b->params));
}

/* The rule that holds for a whole domain: its root's, which every other column that names one must
 * repeat word for word. */
static const struct profile_rule *domain_rule(struct binder *binder, const struct domain *domain)
{
    const struct profile_rule *rule = rule_of_family(binder, domain->root);

    for (size_t i = 0; i < domain->column_count; i++) {
        const struct column *column = domain->columns[i];
        const struct profile_rule *other = rule_own(binder, column);

        if (!other || other == rule)
            continue;
        if (!rule)
            rule = other;
        if (!rules_same(rule, other))
            binder_fault_at(binder, other->node, STATUS_POLICY,
                            "leave it out: it inherits its rule, or give both the same",
                            "column '%s.%s' has another rule than '%s', which it is joined with",
                            column->table->label, column->name, domain->name);
    }
    return rule;
}

struct site_context {
    struct binder *binder;
    struct bound_table *table;
    struct bound_column *column;
    const struct profile_rule *fallback; /* of rows that no relation covers */
};

static bool companion_find(const struct transform_site *site, const char *name, uint32_t *position,
                           struct error *err)
{
    struct site_context *context = site->context;
    struct bound_column *bound = context->column;
    const struct bound_table *table = context->table;

    for (uint32_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i].column->name, name) != 0)
            continue;
        for (uint32_t j = 0; j < bound->companion_count; j++)
            if (bound->companions[j] == i) {
                *position = j;
                return true;
            }
        uint32_t *grown = ARENA_ARRAY(context->binder->arena, bound->companion_count + 1, uint32_t);
        if (!grown)
            return error_memory(err);
        if (bound->companion_count)
            memcpy(grown, bound->companions, bound->companion_count * sizeof(*grown));
        grown[bound->companion_count] = i;
        bound->companions = grown;
        *position = (uint32_t)bound->companion_count++;
        return true;
    }
    return error_set(err, STATUS_PROFILE, "table '%s' has no column called '%s' to compute with",
                     table->table->label, words_printable(context->binder->arena, name));
}

static const struct type *site_type(const struct column *column, bool *is_array)
{
    const struct type *type = column->type;

    while (type->class == TYPE_DOMAIN)
        type = type->element;
    *is_array = type->class == TYPE_ARRAY;
    return *is_array ? type->element : column->type;
}

static bool column_has_edge(const struct graph *graph, const struct column *column)
{
    const struct edge_list *up = &graph->up[column->table->index];
    const struct edge_list *down = &graph->down[column->table->index];

    for (size_t i = 0; i < up->count; i++)
        for (size_t c = 0; c < up->edges[i]->column_count; c++)
            if (up->edges[i]->child_columns[c] == column && !up->edges[i]->json_path)
                return true;
    for (size_t i = 0; i < down->count; i++)
        for (size_t c = 0; c < down->edges[i]->column_count; c++)
            if (down->edges[i]->parent_columns[c] == column)
                return true;
    return false;
}

/* Adds one variant: a rule prepared for this column under a domain. */
static bool variant_add(struct site_context *context, const struct profile_rule *rule,
                        const char *domain, int32_t when)
{
    struct binder *binder = context->binder;
    struct bound_column *bound = context->column;
    struct bound_variant *grown =
        ARENA_ARRAY(binder->arena, bound->variant_count + 1, struct bound_variant);
    struct prepared_transform *prepared = NULL;
    struct error err = {0};
    bool is_array = false;
    struct transform_site site = {
        .column = bound->column,
        .type = site_type(bound->column, &is_array),
        .label = arena_printf(binder->arena, "%s.%s", bound->column->table->label,
                              words_printable(binder->arena, bound->column->name)),
        .domain = rule->domain ? rule->domain : domain,
        .is_unique = column_is_unique(bound->column),
        .is_referenced_or_referencing = column_has_edge(binder->binding->graph, bound->column),
        .accept_risk = rule->accept_risk,
        .with = rule->with,
        .keyring = binder->binding->keyring,
        .find_companion = companion_find,
        .context = context,
    };

    if (!grown || !site.label) {
        binder->has_memory_failed = true;
        return false;
    }
    site.is_key = site.is_referenced_or_referencing;
    bound->is_array = is_array;
    if (bound->variant_count)
        memcpy(grown, bound->variants, bound->variant_count * sizeof(*grown));
    if (!transform_prepare(rule->name, &site, rule->params, binder->arena, &prepared, &err)) {
        error_context(&err, "column '%s'", site.label);
        if (rule->node && !strstr(err.context, rule->node->file))
            error_context(&err, "%s:%u:%u", rule->node->file, rule->node->line, rule->node->column);
        return binder_fault(binder, &err);
    }
    bool is_keep = strcmp(rule->name, "keep") == 0;
    grown[bound->variant_count++] = (struct bound_variant){when, is_keep ? NULL : prepared};
    bound->variants = grown;
    bound->is_copied = bound->is_copied && is_keep;
    bound->needs |= prepared->needs;
    bound->identifies |= prepared->transform->identifies;
    bound->is_dense |= prepared->transform->is_dense;
    if (prepared->uniqueness > bound->uniqueness)
        bound->uniqueness = prepared->uniqueness;
    bound->domain = site.domain;
    return true;
}

/* A redact that nobody wrote: `unclassified: redact`. */
static const struct profile_rule *rule_redact(struct binder *binder, const struct column *column)
{
    struct profile_rule *rule = ARENA_NEW(binder->arena, struct profile_rule);

    if (!rule) {
        binder->has_memory_failed = true;
        return NULL;
    }
    rule->column = column->name;
    rule->name = "redact";
    rule->reason = "unclassified: redact";
    return rule;
}

/* The rule of a relation for a type that no relation covers: the same, in the column's own domain.
 */
static const struct profile_rule *rule_without_domain(struct binder *binder,
                                                      const struct profile_rule *rule)
{
    struct profile_rule *copy = ARENA_NEW(binder->arena, struct profile_rule);

    if (!copy) {
        binder->has_memory_failed = true;
        return NULL;
    }
    *copy = *rule;
    copy->domain = NULL;
    copy->review = NULL;
    return copy;
}

static const struct profile_rule *rule_missing(struct binder *binder, const struct column *column)
{
    if (binder->profile->unclassified == UNCLASSIFIED_REDACT)
        return rule_redact(binder, column);
    binder_fault_at(binder, NULL, STATUS_POLICY,
                    "`understudy detect` proposes rules for what the profile does not name",
                    "column '%s.%s' has no rule", column->table->label,
                    words_printable(binder->arena, column->name));
    return NULL;
}

static const char *domain_name(const struct domain *domain, const struct profile_rule *rule)
{
    const struct transform *transform = transform_find(rule->name);

    /* What moves with its subject moves by one calendar, in every column and table. */
    if (transform && transform->is_semantic && (transform->needs & NEED_SUBJECT))
        return rule->name;
    return transform && transform->is_semantic && !domain->has_edges ? rule->name : domain->name;
}

/* Variants of a polymorphic id or an array of references: each row takes the rule and domain of the
 * table that its discriminator names. *is_whole is set when such an edge covers every row. */
static bool edge_variants(struct site_context *context, bool *is_whole)
{
    struct binding *binding = context->binder->binding;
    const struct column *column = context->column->column;
    const struct edge_list *up = &binding->graph->up[column->table->index];

    for (size_t i = 0; i < up->count; i++) {
        const struct edge *edge = up->edges[i];

        for (size_t c = 0; c < edge->column_count; c++) {
            if (edge->child_columns[c] != column || edge->json_path ||
                (edge->kind != EDGE_POLYMORPHIC && !edge->is_array))
                continue;
            const struct column *parent = edge->parent_columns[c];
            const struct domain *domain =
                binding->domains->by_column[parent->table->index][parent->index];
            const struct profile_rule *rule = domain_rule(context->binder, domain);

            if (!rule && !(rule = rule_missing(context->binder, domain->root)))
                return false;
            if (!variant_add(context, rule, domain_name(domain, rule),
                             binding->edges[edge->index].when))
                return false;
            context->column->is_inherited = true;
            if (!context->fallback)
                context->fallback = rule;
            *is_whole |= binding->edges[edge->index].when < 0;
        }
    }
    return true;
}

/* The domain whose rule holds: its own where the column is named or joined with others, else that of
 * the parent table's column, so that a family's rows are rewritten alike. */
static const struct domain *column_domain(const struct binder *binder, const struct column *column)
{
    const struct domain *domain =
        binder->binding->domains->by_column[column->table->index][column->index];

    while (column->is_inherited && !domain->has_edges && !rule_own(binder, column)) {
        const struct column *above = NULL;

        for (size_t i = 0; !above && i < column->table->parent_count; i++)
            above = table_find_column(column->table->parents[i], column->name);
        if (!above)
            break;
        column = above;
        domain = binder->binding->domains->by_column[column->table->index][column->index];
    }
    return domain;
}

static bool column_settle(struct binder *binder, struct bound_table *table,
                          struct bound_column *bound)
{
    const struct column *column = bound->column;
    const struct domain *domain = column_domain(binder, column);
    const struct profile_rule *own = rule_of_family(binder, column);
    const struct profile_rule *rule = domain_rule(binder, domain);
    struct site_context context = {binder, table, bound, NULL};
    bool is_whole = false;

    bound->is_copied = true;
    if (!edge_variants(&context, &is_whole))
        return false;
    if (is_whole) {
        bound->rule = own ? own->name : bound->variants[0].rule->transform->name;
        return true;
    }
    if (!rule && context.fallback)
        rule = rule_without_domain(binder, context.fallback);
    if (!rule && !(rule = rule_missing(binder, column)))
        return false;
    bound->rule = rule->name;
    bound->is_inherited |= !own && domain->root != column;
    bound->reason = rule->reason;
    bound->review = rule->review;
    if (!own && domain->root != column)
        bound->reason = arena_printf(binder->arena, "inherited from %s", domain->name);
    int32_t when =
        rule->when ? binder_discriminator(binder, column->table, rule->when, rule->node) : -1;
    if (!variant_add(&context, rule, domain_name(domain, rule), when))
        return false;
    /* A rule with `when:` leaves the other rows: they are redacted, never copied. */
    return when < 0 || variant_add(&context, rule_redact(binder, column), domain->name, -1);
}

static bool table_columns(struct binder *binder, struct bound_table *bound)
{
    const struct table *table = bound->table;

    bound->columns = ARENA_ARRAY(binder->arena, table->column_count + 1, struct bound_column);
    if (!bound->columns)
        return false;
    for (size_t i = 0; i < table->column_count; i++)
        if (!table->columns[i]->is_generated)
            bound->columns[bound->column_count++].column = table->columns[i];
    for (size_t i = 0; i < bound->column_count; i++) {
        struct bound_column *column = &bound->columns[i];

        column_settle(binder, bound, column);
        bound->transformed_count += !column->is_copied;
        if (column->review)
            binding_add_warning(binder->binding, "review", "%s.%s: %s", table->label,
                                column->column->name, column->review);
        if (column->rule && strcmp(column->rule, "keep") == 0 && !column->reason)
            binding_add_warning(binder->binding, "keep", "%s.%s is kept without a reason",
                                table->label, column->column->name);
    }
    return !binder->has_memory_failed;
}

static bool is_of_pack(const struct profile_table *entry)
{
    return entry->rule_count > 0 && entry->rules[0].is_from_pack;
}

/* A table may be written with its schema in a pack and without it in the profile: what the profile
 * says comes first. Two entries of the same standing are a mistake. */
static void rules_place(struct binder *binder, const struct table *table,
                        const struct profile_table *entry)
{
    const struct profile_table *other = binder->rules[table->index];
    const struct profile_table *first = other && is_of_pack(other) ? entry : other;
    const struct profile_table *last = first == entry ? other : entry;
    struct profile_table *merged = ARENA_NEW(binder->arena, struct profile_table);

    binder->rules[table->index] = entry;
    if (!other)
        return;
    if (is_of_pack(other) == is_of_pack(entry)) {
        binder_fault_at(binder, entry->node, STATUS_PROFILE, NULL,
                        "table '%s' stands twice under columns", table->label);
        return;
    }
    if (!merged || !(merged->rules = ARENA_ARRAY(binder->arena, first->rule_count + last->rule_count,
                                                 struct profile_rule))) {
        binder->has_memory_failed = true;
        return;
    }
    merged->node = first->node;
    merged->name = first->name;
    merged->rule_count = first->rule_count + last->rule_count;
    memcpy(merged->rules, first->rules, first->rule_count * sizeof(*merged->rules));
    memcpy(merged->rules + first->rule_count, last->rules,
           last->rule_count * sizeof(*merged->rules));
    binder->rules[table->index] = merged;
}

/* Entries of the profile that name nothing are errors, not leftovers. */
static void check_names(struct binder *binder)
{
    const struct profile *profile = binder->profile;

    for (size_t i = 0; i < profile->table_count; i++) {
        const struct profile_table *entry = &profile->tables[i];
        const struct table *table = binder_table(binder, &entry->name, entry->node);

        if (!table)
            continue;
        rules_place(binder, table, entry);
        for (size_t j = 0; j < entry->rule_count; j++)
            binder_column(binder, table, entry->rules[j].column, entry->rules[j].node);
    }
    for (size_t i = 0; i < profile->everywhere_count; i++) {
        const struct profile_rule *rule = &profile->everywhere[i];
        bool is_known = false;

        for (size_t t = 0; !is_known && t < binder->catalog->table_count; t++)
            is_known = table_find_column(binder->catalog->tables[t], rule->column) != NULL;
        if (!is_known)
            binder_fault_at(binder, rule->node, STATUS_PROFILE, NULL,
                            "no table has a column called '%s'",
                            words_printable(binder->arena, rule->column));
        if (strcmp(rule->name, "keep") == 0 && !rule->reason)
            binder_fault_at(binder, rule->node, STATUS_PROFILE, "write { keep: \"the reason\" }",
                            "'keep' under \"*\" needs a reason");
    }
}

/* privacy.accept_leaks: columns whose hits are known and said. */
static void accept_leaks(struct binder *binder)
{
    const struct profile *profile = binder->profile;

    for (size_t i = 0; i < profile->accept_leak_count; i++) {
        const struct profile_pair *pair = &profile->accept_leaks[i];
        struct column_path path;

        if (!column_path_parse(pair->from, binder->arena, &path) || path.column_count != 1) {
            binder_fault_at(binder, pair->node, STATUS_PROFILE, "write it as table.column",
                            "privacy.accept_leaks does not name a column");
            continue;
        }
        const struct table *table = binder_table(binder, &path.table, pair->node);
        const struct column *column =
            table ? binder_column(binder, table, path.columns[0], pair->node) : NULL;
        struct bound_table *bound = column ? &binder->binding->tables[table->index] : NULL;

        for (size_t c = 0; bound && c < bound->column_count; c++)
            bound->columns[c].is_leak_accepted |= bound->columns[c].column == column;
    }
}

/* Rules that compute from one another must not go in a circle. */
static bool companions_end(const struct bound_table *table, uint32_t column, size_t depth)
{
    const struct bound_column *bound = &table->columns[column];

    if (depth > table->column_count)
        return false;
    for (size_t i = 0; i < bound->companion_count; i++)
        if (!companions_end(table, bound->companions[i], depth + 1))
            return false;
    return true;
}

static void check_companions(struct binder *binder, const struct bound_table *table)
{
    for (uint32_t i = 0; i < table->column_count; i++)
        if (table->columns[i].companion_count && !companions_end(table, i, 0)) {
            binder_fault_at(binder, NULL, STATUS_PROFILE, NULL,
                            "the rules of table '%s' compute from one another in a circle",
                            table->table->label);
            return;
        }
}

bool bind_columns(struct binder *binder)
{
    check_names(binder);
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        struct bound_table *bound = &binder->binding->tables[i];

        if (bound->role == ROLE_EXCLUDED || bound->role == ROLE_EMPTY)
            continue;
        if (!table_columns(binder, bound))
            return false;
        check_companions(binder, bound);
    }
    accept_leaks(binder);
    return !binder->has_memory_failed;
}
