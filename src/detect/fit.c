/* Prepares a proposed rule against its column and looks at the CHECKs. */
#include "detect/fit.h"

#include "base/clock.h"
#include "transform/check_rule.h"
#include "transform/params.h"

#include <string.h>

#define COUNTED_ROWS   30
#define COUNTED_VALUES 50

/* A companion is any column of the table; its place does not matter here. */
static bool find_companion(const struct transform_site *site, const char *column,
                           uint32_t *position, struct error *err)
{
    const struct column *found = table_find_column(site->column->table, column);

    *position = found ? found->index : 0;
    return found || error_set(err, STATUS_PROFILE, "there is no such column");
}

static const char *param_text(const struct yaml_node *params, const char *name)
{
    const struct yaml_node *node = params ? yaml_find(params, name) : NULL;

    return node && node->kind == YAML_SCALAR ? node->text : NULL;
}

static bool read_params(const char *rule, const char *text, struct arena *arena,
                        struct yaml_node **params, struct error *err)
{
    const char *flow =
        arena_printf(arena, "{ rule: %s%s%s }", rule, text ? ", " : "", text ? text : "");

    return flow ? yaml_read_text("proposal", span_of(flow), arena, params, err) : error_memory(err);
}

/* Names of rules that say themselves what they write. */
static bool is_fixed(const char *rule)
{
    return strcmp(rule, "keep") == 0 || strcmp(rule, "null") == 0;
}

static bool check_holds(const struct prepared_transform *prepared, const char *expression,
                        enum kind kind)
{
    return kind == KIND_TEXT ? !strstr(expression, "= ANY") && check_survives(prepared, expression)
                             : !strstr(expression, "= ANY");
}

static bool checks_hold(const struct finding *finding, const struct prepared_transform *prepared)
{
    const struct column *column = finding->column;
    enum kind kind = column->type->kind;

    for (size_t i = 0; i < column->table->check_count; i++) {
        const struct check *check = &column->table->checks[i];
        for (size_t c = 0; check->column_count == 1 && c < check->column_count; c++)
            if (check->columns[c]->index == column->index &&
                !check_holds(prepared, check->expression, kind))
                return false;
    }
    for (const struct type *type = column->type; type; type = type->element) {
        for (size_t i = 0; type->class == TYPE_DOMAIN && i < type->check_count; i++)
            if (!check_holds(prepared, type->checks[i], kind))
                return false;
        if (type->class != TYPE_DOMAIN)
            break;
    }
    return true;
}

/* Several columns are unique together: each must stay distinct, or one must be so alone. */
static bool key_holds(const struct finding *finding, const struct prepared_transform *prepared)
{
    return !finding->is_in_key || prepared->uniqueness == UNIQUENESS_PRESERVED;
}

bool fit_check(const struct finding *finding, const char *rule, const char *params, bool *fits)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct prepared_transform *prepared = NULL;
    struct yaml_node *node = NULL;
    struct error err = {0};

    *fits = is_fixed(rule);
    if (*fits || !transform_find(rule))
        return true;
    if (!arena)
        return false;
    if (!read_params(rule, params, arena, &node, &err))
        return err.status != STATUS_LOCAL;
    struct column limited = *finding->column;
    limited.max_length = check_text_limit(finding->column);
    bool is_limited = limited.max_length != finding->column->max_length;
    const struct transform_site site = {
        .column = is_limited ? &limited : finding->column,
        .type = type_ground(finding->column->type),
        .label = finding->column->table->label,
        .domain = finding->domain ? finding->domain->name : "proposal",
        .is_unique = finding->is_unique,
        .is_key = finding->is_root,
        .is_referenced_or_referencing = finding->is_root,
        .accept_risk = param_text(node, "accept_risk"),
        .with = param_text(node, "with"),
        .keyring = finding->keyring,
        .now_us = clock_now_us(),
        .find_companion = find_companion,
    };
    *fits = transform_prepare(rule, &site, node, arena, &prepared, &err) &&
            key_holds(finding, prepared) && checks_hold(finding, prepared);
    return true;
}

bool finding_choose(const struct finding *finding, const char *const *rules, const char **rule)
{
    bool fits = false;

    for (*rule = NULL; *rules; rules++) {
        if (!fit_check(finding, *rules, NULL, &fits))
            return false;
        if (!fits)
            continue;
        *rule = *rules;
        return true;
    }
    return true;
}

/* Few values, seen often: keyed by value, their frequencies would give them away. */
static bool is_told_by_counts(const struct finding *finding)
{
    const struct transform *transform = transform_find(finding->proposal->rule);
    uint32_t values = finding_values(finding);

    return transform && (transform->pers & PER_BIT(PER_ROW)) && !finding->is_in_key &&
           !finding->is_root && finding->facts.rows >= COUNTED_ROWS &&
           finding->facts.distinct > 0 && finding->facts.distinct <= COUNTED_VALUES &&
           finding->facts.distinct <= values / 2;
}

static bool add_per_row(struct finding *finding)
{
    enum kind kind = finding->column->type->kind;
    bool fits = false;

    if (strcmp(finding->proposal->rule, "redact") != 0 || finding->proposal->params ||
        kind == KIND_BOOLEAN || kind == KIND_ENUM || !is_told_by_counts(finding))
        return true;
    if (!fit_check(finding, "redact", "per: row", &fits))
        return false;
    finding->proposal->params = fits ? "per: row" : NULL;
    return true;
}

/* What hides a value where the rule for it does not fit: the first that does. */
static bool settle_unfit(struct finding *finding)
{
    static const char *const hiding[] = {"redact", "scramble", "permute", NULL};
    struct proposal *proposal = finding->proposal;
    bool may_be_null = !finding->column->is_not_null && !finding->column->type->is_not_null &&
                       !finding->is_in_key && !finding->is_root && !finding->is_inside &&
                       !finding->has_null_check;
    const char *meant = proposal->rule, *instead = NULL;

    if (!finding_choose(finding, hiding, &instead))
        return false;
    proposal->is_refused = !instead && !may_be_null;
    proposal->rule = instead ? instead : may_be_null ? "null" : "redact";
    proposal->params = NULL;
    const char *reason = proposal->reason ? proposal->reason : "meaning unknown";
    if (proposal->is_refused)
        return finding_review(finding,
                              "%s: no rule fits this column, and its table stays empty "
                              "until you decide",
                              proposal->review ? proposal->review : reason);
    if (proposal->review || strcmp(meant, proposal->rule) == 0)
        return true;
    return finding_review(finding, "%s, but a rule for that does not fit this column", reason);
}

bool finding_settle(struct finding *finding)
{
    struct proposal *proposal = finding->proposal;
    bool fits = false;

    assert(proposal->rule);
    if (!fit_check(finding, proposal->rule, proposal->params, &fits))
        return false;
    return (fits || settle_unfit(finding)) && add_per_row(finding);
}
