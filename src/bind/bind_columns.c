/* What becomes of each column: its rule made ready for its type under the key of its domain, one
 * variant for each table that a polymorphic id may refer to. */
#include "base/words.h"
#include "bind/binder.h"
#include "transform/check_rule.h"
#include "value/type.h"

struct site_context {
    struct binder *binder;
    struct bound_table *table;
    struct bound_column *column;
    const struct profile_rule *fallback; /* of rows that no relation covers */
    bool has_own_rule_met;               /* what the profile says of the column is among them */
};

/* The table as the source calls it: a domain's own name calls the default schema alike on every
 * engine. */
static const char *inherited_from(const struct binder *binder, const struct domain *domain)
{
    return arena_printf(binder->arena, "inherited from %s.%s", domain->root->table->label,
                        words_printable(binder->arena, domain->root->name));
}

static bool companion_add(struct site_context *context, uint32_t column, uint32_t *position,
                          struct error *err)
{
    struct bound_column *bound = context->column;
    struct arena *arena = context->binder->arena;

    for (uint32_t j = 0; j < bound->companion_count; j++)
        if (bound->companions[j] == column) {
            *position = j;
            return true;
        }
    uint32_t *grown = ARENA_ARRAY(arena, bound->companion_count + 1, uint32_t);
    if (!grown)
        return error_memory(err);
    if (bound->companion_count)
        memcpy(grown, bound->companions, bound->companion_count * sizeof(*grown));
    grown[bound->companion_count] = column;
    bound->companions = grown;
    *position = (uint32_t)bound->companion_count++;
    return true;
}

static bool companion_find(const struct transform_site *site, const char *name, uint32_t *position,
                           struct error *err)
{
    struct site_context *context = site->context;
    const struct bound_table *table = context->table;
    const char *shown = words_printable(context->binder->arena, name);

    for (uint32_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i].column->name, name) != 0)
            continue;
        if (type_has_parts(type_base(table->columns[i].column->type)))
            return error_set(err, STATUS_PROFILE,
                             "'%s' holds several values: nothing computes with it", shown);
        return companion_add(context, i, position, err);
    }
    return error_set(err, STATUS_PROFILE, "table '%s' has no column called '%s' to compute with",
                     table->table->label, shown);
}

static bool group_find(const struct transform_site *site, const struct site_group *group,
                       struct error *err)
{
    struct site_context *context = site->context;

    if (type_has_parts(type_base(context->column->column->type)))
        return error_set(err, STATUS_POLICY, "elements of an array are no lines of a group");
    return binder_group(context->binder, context->table, context->column->column, group, err);
}

/* Other columns of the row that are sought in its free text. */
static const char *identifying_find(const struct transform_site *site, size_t index)
{
    const struct site_context *context = site->context;
    const struct bound_table *table = context->table;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = table->columns[i].column;
        const struct profile_rule *rule =
            binder_domain_rule(context->binder, binder_domain(context->binder, column));
        const struct transform *transform = rule ? transform_find(rule->name) : NULL;

        if (column != context->column->column && column->type->kind == KIND_TEXT && transform &&
            transform->identifies && index-- == 0)
            return column->name;
    }
    return NULL;
}

/* The rule and domain of a column that a part of a text refers to. */
static bool like_find(const struct transform_site *site, const struct yaml_node *node,
                      struct transform_reference *reference, struct error *err)
{
    const struct site_context *context = site->context;
    struct binder *binder = context->binder;
    const char *text;
    struct column_path path;
    bool is_ambiguous = false;

    if (!yaml_read_string(node, &text, err))
        return false;
    if (!column_path_parse(text, binder->arena, &path) || path.column_count != 1 || path.is_array ||
        path.json_path) {
        yaml_error(node, err, "this names no column");
        return error_hint(err, "write it as table.column");
    }
    const struct table *table =
        catalog_find_table(binder->catalog, path.table.schema, path.table.table, &is_ambiguous);
    const struct column *column = table ? table_find_column(table, path.columns[0]) : NULL;
    if (!column)
        return yaml_error(node, err,
                          is_ambiguous ? "several schemas have such a table"
                                       : "there is no such column");
    const struct domain *domain = binder_domain(binder, column);
    const struct profile_rule *rule = binder_domain_rule(binder, domain);
    if (!rule && !(rule = binder_rule_missing(binder, column)))
        return yaml_error(node, err, "the column has no rule");
    *reference = (struct transform_reference){
        .rule = rule->name,
        .params = rule->params,
        .domain = rule->domain ? rule->domain : binder_domain_name(domain, rule),
        .column = binder_site_column(binder, column, domain),
    };
    return reference->column || error_memory(err);
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

/* Alone in a unique key, also one that holds for some rows only. */
static bool column_is_alone_in_key(const struct column *column)
{
    const struct table *table = column->table;

    for (size_t i = 0; i < table->key_count; i++) {
        const struct key *key = table->keys[i];

        if (key->column_count == 1 && key->columns[0] == column && !key->is_expression &&
            !key->is_exclusion)
            return true;
    }
    return false;
}

const struct column *binder_site_column(struct binder *binder, const struct column *column,
                                        const struct domain *domain)
{
    uint32_t length =
        domain->has_edges ? binder_domain_length(binder, domain) : check_text_limit(column);
    struct column *copy = NULL;

    if (length == column->max_length)
        return column;
    copy = ARENA_NEW(binder->arena, struct column);
    binder->has_memory_failed |= !copy;
    if (!copy)
        return NULL;
    *copy = *column;
    copy->max_length = length;
    return copy;
}

static bool site_make(struct site_context *context, const struct profile_rule *rule,
                      const struct domain *domain, struct transform_site *site)
{
    struct binder *binder = context->binder;
    struct bound_column *bound = context->column;
    const struct column *column = bound->column;

    *site = (struct transform_site){
        .column = binder_site_column(binder, column, domain),
        .type = column->type,
        .label = arena_printf(binder->arena, "%s.%s", column->table->label,
                              words_printable(binder->arena, column->name)),
        .domain = rule->domain ? rule->domain : binder_domain_name(domain, rule),
        .is_unique = column_is_alone_in_key(column),
        .is_referenced_or_referencing =
            domain->has_edges || column_has_edge(binder->binding->graph, column),
        .accept_risk = rule->accept_risk,
        .with = rule->with,
        .keyring = binder->binding->keyring,
        .week = binder->binding->week,
        .find_companion = companion_find,
        .find_group = group_find,
        .find_like = like_find,
        .find_identifying = identifying_find,
        .context = context,
    };
    site->is_key = site->is_referenced_or_referencing;
    binder->has_memory_failed |= !site->label || !site->column;
    return site->label && site->column && bind_references(binder, column, rule, site);
}

static bool variant_push(struct site_context *context, struct bound_variant variant)
{
    struct bound_column *bound = context->column;
    struct bound_variant *grown =
        ARENA_ARRAY(context->binder->arena, bound->variant_count + 1, struct bound_variant);

    context->binder->has_memory_failed |= !grown;
    if (!grown)
        return false;
    if (bound->variant_count)
        memcpy(grown, bound->variants, bound->variant_count * sizeof(*grown));
    grown[bound->variant_count++] = variant;
    bound->variants = grown;
    return true;
}

static bool rule_prepare(struct site_context *context, const struct profile_rule *rule,
                         const struct transform_site *site, struct prepared_transform **prepared)
{
    struct binder *binder = context->binder;
    struct error err = {0};

    if (transform_prepare(rule->name, site, rule->params, binder->arena, prepared, &err))
        return true;
    bool has_place = rule->node && strstr(err.context, rule->node->file);
    error_context(&err, "column '%s'", site->label);
    if (rule->node && !has_place)
        error_context(&err, "%s:%u:%u", rule->node->file, rule->node->line, rule->node->column);
    return binder_fault(binder, &err);
}

/* Adds one variant: a rule prepared for this column under a domain. */
static bool variant_add(struct site_context *context, const struct profile_rule *rule,
                        const struct domain *domain, int32_t when)
{
    struct bound_column *bound = context->column;
    struct prepared_transform *prepared = NULL;
    struct transform_site site;

    if (!site_make(context, rule, domain, &site) || !rule_prepare(context, rule, &site, &prepared))
        return false;
    bool is_keep = strcmp(rule->name, "keep") == 0;
    if (!variant_push(context, (struct bound_variant){when, is_keep ? NULL : prepared}))
        return false;
    bound->is_copied = bound->is_copied && is_keep;
    assert(prepared);
    bound->needs |= prepared->needs;
    bound->identifies |= prepared->identifies;
    /* Whatever a part copies is no coincidence. */
    bound->is_dense |= prepared->is_dense && !prepared->copies;
    bound->is_risk_accepted |= rule->accept_risk != NULL;
    if (prepared->uniqueness > bound->uniqueness)
        bound->uniqueness = prepared->uniqueness;
    bound->domain = site.domain;
    return true;
}

/* The rule of a relation for a type that no relation covers: the same, in the column's own domain.
 */
static const struct profile_rule *rule_without_domain(struct binder *binder,
                                                      const struct profile_rule *rule)
{
    struct profile_rule *copy = ARENA_NEW(binder->arena, struct profile_rule);

    binder->has_memory_failed |= !copy;
    if (!copy)
        return NULL;
    *copy = *rule;
    copy->domain = NULL;
    copy->review = NULL;
    return copy;
}

/* Both rules alike but for the domain, which each row takes from what it refers to. */
static bool rules_agree(const struct profile_rule *a, const struct profile_rule *b)
{
    struct profile_rule left = *a, right = *b;

    left.domain = right.domain = NULL;
    return rules_same(&left, &right);
}

/* The rule of the column that a row with this reference takes. */
static bool edge_variant(struct site_context *context, const struct edge *edge, size_t position,
                         const struct profile_rule *own)
{
    struct binder *binder = context->binder;
    const struct bound_edge *bound = &binder->binding->edges[edge->index];
    const struct column *parent = edge->parent_columns[position];
    const struct domain *domain = binder_domain(binder, parent);
    const struct profile_rule *rule = binder_domain_rule(binder, domain);

    /* Nothing is left of a reference into a table that is not there. */
    if (!rule && bound->is_ignored)
        return true;
    if (!rule && !(rule = binder_rule_missing(binder, parent)))
        return false;
    if (!variant_add(context, rule, domain, bound->when))
        return false;
    context->column->is_inherited = true;
    context->has_own_rule_met |= own && rules_agree(own, rule);
    if (context->fallback)
        return true;
    context->fallback = rule;
    context->column->rule = rule->name;
    context->column->reason = inherited_from(binder, domain);
    return true;
}

/* Variants of a polymorphic id or an array of references: each row takes the rule and domain of the
 * table that its discriminator names. *is_whole is set when such an edge covers every row. */
static bool edge_variants(struct site_context *context, bool *is_whole)
{
    struct binder *binder = context->binder;
    const struct column *column = context->column->column;
    const struct edge_list *up = &binder->binding->graph->up[column->table->index];
    const struct profile_rule *own = binder_rule_own(binder, column);

    for (size_t i = 0; i < up->count && !*is_whole; i++) {
        const struct edge *edge = up->edges[i];

        for (size_t c = 0; c < edge->column_count; c++) {
            if (edge->child_columns[c] != column || edge->json_path ||
                (edge->kind != EDGE_POLYMORPHIC && !edge->is_array))
                continue;
            if (!edge_variant(context, edge, c, own))
                return false;
            *is_whole |=
                context->column->variant_count > 0 && binder->binding->edges[edge->index].when < 0;
        }
    }
    if (!own || !context->fallback || context->has_own_rule_met)
        return true;
    return binder_fault_at(binder, own->node, STATUS_POLICY,
                           "leave it out: each row takes the rule of what it refers to",
                           "column '%s.%s' has another rule than what it refers to",
                           column->table->label, words_printable(binder->arena, column->name));
}

/* What the column is told to become where no relation decides; NULL: a fault was kept. */
static const struct profile_rule *rule_settle(struct site_context *context,
                                              const struct domain **domain)
{
    struct binder *binder = context->binder;
    struct bound_column *bound = context->column;
    const struct column *column = bound->column;
    const struct profile_rule *own = binder_rule_own(binder, column), *rule = NULL;
    const struct domain *apart =
        binder->binding->domains->by_column[column->table->index][column->index];

    *domain = binder_domain(binder, column);
    rule = own && *domain != apart ? own : binder_domain_rule(binder, *domain);
    if (!rule && context->fallback)
        return rule_without_domain(binder, context->fallback);
    if (!rule && binder->profile->unclassified == UNCLASSIFIED_REDACT)
        rule = bind_reference_rule(binder, column);
    if (!rule && !(rule = binder_rule_missing(binder, column)))
        return NULL;
    bound->rule = rule->name;
    bound->reason = rule->reason;
    if (own || (*domain)->root == column) {
        bound->review = rule->review;
        return rule;
    }
    bound->is_inherited = true;
    bound->reason = inherited_from(binder, *domain);
    return rule;
}

/* Rows under different keys may meet in one value. */
static bool check_variants(struct binder *binder, const struct bound_column *bound)
{
    const struct profile_rule *own = binder_rule_own(binder, bound->column);

    if (bound->variant_count < 2 || bound->is_copied || !column_is_alone_in_key(bound->column))
        return true;
    return binder_fault_at(binder, own ? own->node : NULL, STATUS_POLICY,
                           "keep the column with a reason, or leave 'when' out",
                           "column '%s.%s' is unique, but its rows are rewritten under different "
                           "keys and may become equal",
                           bound->column->table->label,
                           words_printable(binder->arena, bound->column->name));
}

static bool column_settle(struct binder *binder, struct bound_table *table,
                          struct bound_column *bound)
{
    const struct column *column = bound->column;
    struct site_context context = {binder, table, bound, NULL, false};
    const struct domain *domain = NULL;
    bool is_whole = false;

    bound->rule = "";
    bound->is_copied = true;
    if (!edge_variants(&context, &is_whole))
        return false;
    if (is_whole)
        return check_variants(binder, bound);
    const struct profile_rule *rule = rule_settle(&context, &domain);
    if (!rule)
        return false;
    bound->node = rule->node;
    int32_t when = -1;
    /* On joined columns a condition has been refused. */
    if (rule->when && !domain->has_edges)
        when = binder_discriminator(binder, column->table, rule->when, rule->node);
    if (!variant_add(&context, rule, domain, when))
        return false;
    /* A rule with `when:` leaves the other rows: they are redacted, never copied. */
    return (when < 0 || variant_add(&context, binder_rule_redact(binder, column), domain, -1)) &&
           check_variants(binder, bound);
}

/* A generated column is computed anew from rewritten values: it cannot refer to what is rewritten
 * by a rule of its own. */
static void check_generated(struct binder *binder, const struct column *column)
{
    const struct domain *domain =
        binder->binding->domains->by_column[column->table->index][column->index];
    const struct profile_rule *rule = domain->has_edges ? binder_domain_rule(binder, domain) : NULL;

    if (rule && strcmp(rule->name, "keep") != 0)
        binder_fault_at(binder, rule->node, STATUS_POLICY,
                        "keep both sides with a reason, or leave the relation out",
                        "column '%s.%s' is generated, but joined with columns that are rewritten",
                        column->table->label, words_printable(binder->arena, column->name));
}

static bool table_columns(struct binder *binder, struct bound_table *bound)
{
    const struct table *table = bound->table;

    bound->columns = ARENA_ARRAY(binder->arena, table->column_count + 1, struct bound_column);
    if (!bound->columns)
        return false;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i]->is_generated)
            check_generated(binder, table->columns[i]);
        else
            bound->columns[bound->column_count++].column = table->columns[i];
    }
    for (size_t i = 0; i < bound->column_count; i++) {
        struct bound_column *column = &bound->columns[i];
        const char *name = words_printable(binder->arena, column->column->name);

        column->is_settled = column_settle(binder, bound, column);
        bound->transformed_count += !column->is_copied;
        if (column->review)
            binding_add_warning(binder->binding, "review", "%s.%s: %s", table->label, name,
                                column->review);
        if (strcmp(column->rule, "keep") == 0 && !column->reason)
            binding_add_warning(binder->binding, "keep", "%s.%s is kept without a reason",
                                table->label, name);
    }
    return !binder->has_memory_failed;
}

/* privacy.accept_leaks: columns whose hits are known and said. */
static void accept_leaks(struct binder *binder)
{
    const struct profile *profile = binder->profile;

    for (size_t i = 0; i < profile->accept_leak_count; i++) {
        const struct profile_pair *pair = &profile->accept_leaks[i];
        struct column_path path;

        if (!column_path_parse(pair->from, binder->arena, &path) || path.column_count != 1 ||
            path.is_array || path.json_path) {
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

/* Whether the rules want other columns as they were, in whatever order these are rewritten. */
static bool reads_inputs_only(const struct bound_column *bound)
{
    for (size_t i = 0; i < bound->variant_count; i++)
        if (bound->variants[i].rule && bound->variants[i].rule->needs & NEED_COMPANIONS &&
            !bound->variants[i].rule->reads_inputs_only)
            return false;
    return true;
}

/* Depth-first; `marks`: 0 not seen, 1 on the way, 2 done. */
static bool companions_end(const struct bound_table *table, uint32_t column, uint8_t *marks)
{
    const struct bound_column *bound = &table->columns[column];

    if (marks[column])
        return marks[column] == 2;
    marks[column] = 1;
    for (size_t i = 0; i < bound->companion_count && !reads_inputs_only(bound); i++)
        if (!companions_end(table, bound->companions[i], marks))
            return false;
    marks[column] = 2;
    return true;
}

/* Rules that compute from one another must not go in a circle. */
static bool check_companions(struct binder *binder, const struct bound_table *table)
{
    uint8_t *marks = ARENA_ARRAY(binder->arena, table->column_count + 1, uint8_t);

    if (!marks)
        return false;
    for (uint32_t i = 0; i < table->column_count; i++)
        if (table->columns[i].companion_count && !companions_end(table, i, marks)) {
            binder_fault_at(binder, table->columns[i].node, STATUS_PROFILE,
                            "let one of them stand on its own",
                            "the rules of table '%s' compute from one another in a circle",
                            table->table->label);
            return true;
        }
    return true;
}

bool bind_columns(struct binder *binder)
{
    binder->domains =
        ARENA_ARRAY(binder->arena, binder->binding->domains->count + 1, struct domain_state);
    if (!binder->domains)
        return false;
    binder_place_rules(binder);
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        struct bound_table *bound = &binder->binding->tables[i];

        if (bound->role == ROLE_EXCLUDED || bound->role == ROLE_EMPTY)
            continue;
        if (!table_columns(binder, bound) || !check_companions(binder, bound))
            return false;
    }
    accept_leaks(binder);
    return !binder->has_memory_failed;
}
