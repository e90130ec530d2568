/* Which rule the profile gives: to a column by name, everywhere by name, and to a whole key domain.
 */
#include "base/words.h"
#include "bind/binder.h"
#include "transform/bands.h"
#include "transform/check_rule.h"

static const struct profile_rule *rule_find(const struct profile_rule *rules, size_t count,
                                            const char *column)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i].column, column) == 0)
            return &rules[i];
    return NULL;
}

const struct profile_rule *binder_rule_own(const struct binder *binder, const struct column *column)
{
    const struct profile_table *table = binder->rules[column->table->index];
    const struct profile_rule *rule =
        table ? rule_find(table->rules, table->rule_count, column->name) : NULL;

    return rule ? rule
                : rule_find(binder->profile->everywhere, binder->profile->everywhere_count,
                            column->name);
}

/* The column of a table in the family that this one came from, or NULL. */
static const struct column *column_inherited(const struct column *column)
{
    const struct table *table = column->table;

    for (size_t i = 0; column->is_inherited && i < table->parent_count; i++) {
        const struct column *parent = table_find_column(table->parents[i], column->name);

        if (parent)
            return parent;
    }
    return NULL;
}

const struct domain *binder_domain(const struct binder *binder, const struct column *column)
{
    const struct domain *domain =
        binder->binding->domains->by_column[column->table->index][column->index];
    const struct column *parent = domain->has_edges ? NULL : column_inherited(column);

    return parent ? binder_domain(binder, parent) : domain;
}

/* Words of the long form that change nothing of the mapping, or are compared by themselves. */
static bool is_aside(const char *key)
{
    static const char *const aside[] = {"rule", "review", "accept_risk", "domain", "keep"};

    for (size_t i = 0; i < COUNT_OF(aside); i++)
        if (strcmp(key, aside[i]) == 0)
            return true;
    return false;
}

/* Every parameter of `a` stands in `b` as well, in whatever order. */
static bool params_within(const struct yaml_node *a, const struct yaml_node *b)
{
    for (size_t i = 0; a && a->kind == YAML_MAPPING && i < a->count; i++) {
        const char *key = a->keys[i]->text;
        const struct yaml_node *other = b && b->kind == YAML_MAPPING ? yaml_find(b, key) : NULL;

        if (!is_aside(key) && (!other || !yaml_equal(a->items[i], other)))
            return false;
    }
    return true;
}

bool rules_same(const struct profile_rule *a, const struct profile_rule *b)
{
    bool has_same_domain =
        a->domain && b->domain ? strcmp(a->domain, b->domain) == 0 : a->domain == b->domain;

    return strcmp(a->name, b->name) == 0 && has_same_domain &&
           params_within(a->params, b->params) && params_within(b->params, a->params);
}

static void rule_conflict(struct binder *binder, const struct domain *domain,
                          const struct column *column, const struct profile_rule *rule)
{
    binder_fault_at(binder, rule->node, STATUS_POLICY,
                    "leave it out: it inherits its rule, or give both the same",
                    "column '%s.%s' has another rule than '%s', which it is joined with",
                    column->table->label, words_printable(binder->arena, column->name),
                    words_printable(binder->arena, domain->name));
}

/* Other rows than those of `when` are redacted, on both sides of a join by other conditions. */
static void rule_check_when(struct binder *binder, const struct domain *domain,
                            const struct profile_rule *rule)
{
    if (rule->when && domain->has_edges)
        binder_fault_at(binder, rule->node, STATUS_POLICY,
                        "declare one relation for each condition under relations:",
                        "a rule with 'when' cannot hold on column '%s', which others are joined "
                        "with",
                        words_printable(binder->arena, domain->name));
}

/* Types that end inside of a band have a mapping of their own there. */
static void rule_check_bands(struct binder *binder, const struct domain *domain,
                             const struct profile_rule *rule)
{
    const bool is_banded = strcmp(rule->name, "permute") == 0 || strcmp(rule->name, "redact") == 0;

    if (!is_banded ||
        (rule->params && rule->params->kind == YAML_MAPPING && yaml_find(rule->params, "range")))
        return;
    for (size_t i = 0; i < domain->column_count; i++) {
        const struct column *column = domain->columns[i];

        if (bands_agree(domain->root, column))
            continue;
        binder_fault_at(binder, rule->node, STATUS_POLICY,
                        "give the rule a 'range' that both types hold",
                        "column '%s.%s' and '%s', which it is joined with, hold different parts "
                        "of a band of numbers",
                        column->table->label, words_printable(binder->arena, column->name),
                        words_printable(binder->arena, domain->name));
        return;
    }
}

/* The root's rule, else that of the first column that names one; all that name one agree. */
const struct profile_rule *binder_domain_rule(struct binder *binder, const struct domain *domain)
{
    struct domain_state *state = &binder->domains[domain->index];
    const struct column *parent = column_inherited(domain->root);

    if (state->is_settled)
        return state->rule;
    state->is_settled = true;
    state->rule = binder_rule_own(binder, domain->root);
    if (!state->rule && parent)
        state->rule = binder_domain_rule(binder, binder_domain(binder, parent));
    for (size_t i = 0; i < domain->column_count; i++) {
        const struct column *column = domain->columns[i];
        const struct profile_rule *other = binder_rule_own(binder, column);
        uint32_t length = check_text_limit(column);

        if (length && (!state->max_length || length < state->max_length))
            state->max_length = length;
        if (!other || other == state->rule)
            continue;
        if (!state->rule)
            state->rule = other;
        if (!rules_same(state->rule, other))
            rule_conflict(binder, domain, column, other);
    }
    if (state->rule) {
        rule_check_when(binder, domain, state->rule);
        rule_check_bands(binder, domain, state->rule);
    }
    return state->rule;
}

uint32_t binder_domain_length(struct binder *binder, const struct domain *domain)
{
    binder_domain_rule(binder, domain);
    return binder->domains[domain->index].max_length;
}

/* A redact that nobody wrote: `unclassified: redact`. */
const struct profile_rule *binder_rule_redact(struct binder *binder, const struct column *column)
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

const struct profile_rule *binder_rule_missing(struct binder *binder, const struct column *column)
{
    const struct domain *domain =
        binder->binding->domains->by_column[column->table->index][column->index];
    struct domain_state *state = &binder->domains[domain->index];

    if (binder->profile->unclassified == UNCLASSIFIED_REDACT)
        return binder_rule_redact(binder, column);
    if (domain->has_edges)
        column = domain->root;
    if (!state->is_missing_told)
        binder_fault_at(binder, NULL, STATUS_POLICY,
                        "`understudy detect` proposes rules for what the profile does not name",
                        "column '%s.%s' has no rule", column->table->label,
                        words_printable(binder->arena, column->name));
    state->is_missing_told = true;
    return NULL;
}

const char *binder_domain_name(const struct domain *domain, const struct profile_rule *rule)
{
    const struct transform *transform = transform_find(rule->name);

    /* What moves with its subject moves by one calendar, in every column and table. */
    if (transform && transform->is_semantic && (transform->needs & NEED_SUBJECT))
        return rule->name;
    return transform && transform->is_semantic && !domain->has_edges ? rule->name : domain->name;
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
    if (!merged ||
        !(merged->rules = ARENA_ARRAY(binder->arena, first->rule_count + last->rule_count,
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

static void check_everywhere(struct binder *binder, const struct profile_rule *rule)
{
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

/* Entries of the profile that name nothing are errors, not leftovers. */
void binder_place_rules(struct binder *binder)
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
    for (size_t i = 0; i < profile->everywhere_count; i++)
        check_everywhere(binder, &profile->everywhere[i]);
}
