/* What the rewritten rows must still satisfy: composite unique keys, exclusion constraints,
 * partitions, CHECKs. What cannot hold is refused here, before a row moves. */
#include "base/words.h"
#include "bind/binder.h"
#include "transform/check_rule.h"

#include "transform/bounds.h"

#include <ctype.h>
#include <math.h>

static const struct bound_column *bound_find(const struct bound_table *table,
                                             const struct column *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column)
            return &table->columns[i];
    return NULL;
}

/* `name` as a word of its own: no letter, digit or underscore beside it. */
static const char *word_find(const char *text, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = strstr(text, name); len && at; at = strstr(at + 1, name)) {
        bool is_begin = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');

        if (is_begin && !(isalnum((unsigned char)at[len]) || at[len] == '_'))
            return at;
    }
    return NULL;
}

/* Variants of one column are bijections each under a key of its own: they keep the rows of a key
 * apart only if what tells them apart is kept and part of the key (type and id of a polymorphic
 * reference). */
static bool is_told_apart(const struct bound_table *table, const struct key *key,
                          const struct bound_column *bound)
{
    for (size_t k = 0; k < key->column_count; k++) {
        const struct bound_column *other = bound_find(table, key->columns[k]);
        bool is_named = other && other != bound && other->is_copied;

        for (size_t v = 0; is_named && v < bound->variant_count; v++)
            is_named =
                bound->variants[v].when < 0 ||
                word_find(table->discriminators[bound->variants[v].when], other->column->name);
        if (is_named)
            return true;
    }
    return false;
}

static bool is_preserved(const struct bound_table *table, const struct key *key,
                         const struct bound_column *bound)
{
    if (bound->is_copied || !bound->is_settled)
        return true;
    return bound->uniqueness == UNIQUENESS_PRESERVED &&
           (bound->variant_count < 2 || is_told_apart(table, key, bound));
}

/* What cannot be judged before is at least said. */
static void note_expression(struct binder *binder, const struct bound_table *table,
                            const struct key *key)
{
    binding_add_note(binder->binding, "unique keys",
                     "unique index %s of %s is over an expression: whether rewritten rows keep it "
                     "shows when they are loaded",
                     words_printable(binder->arena, key->name), table->table->label);
}

/* A composite unique key holds if all of it is preserved, or a part that is itself unique. */
static void check_key(struct binder *binder, const struct bound_table *table, const struct key *key)
{
    const struct bound_column *broken = NULL;

    if (key->is_expression && table->transformed_count)
        note_expression(binder, table, key);
    for (size_t i = 0; i < key->column_count; i++) {
        const struct bound_column *bound = bound_find(table, key->columns[i]);

        if (!bound)
            continue;
        if (!is_preserved(table, key, bound))
            broken = broken ? broken : bound;
        else if (column_is_unique(key->columns[i]))
            return;
    }
    if (!broken)
        return;
    binder_fault_at(binder, broken->node, STATUS_POLICY,
                    strcmp(broken->rule, "shift") == 0
                        ? "say { rule: shift, unique: true }, or keep uniqueness in another part"
                        : "use a rule that preserves uniqueness: permute, or keep",
                    "rule '%s' on column '%s.%s' may break the unique key '%s'", broken->rule,
                    table->table->label, words_printable(binder->arena, broken->column->name),
                    words_printable(binder->arena, key->name));
}

/* Where the operator is equality, a rule that keeps equal and unequal apart does no harm. */
static bool may_exclude(const struct bound_table *table, const struct key *key, size_t column,
                        const struct bound_column *bound)
{
    return bound->is_copied ||
           (key->is_equal && key->is_equal[column] && is_preserved(table, key, bound));
}

static void check_exclusion(struct binder *binder, const struct bound_table *table,
                            const struct key *key)
{
    for (size_t i = 0; i < key->column_count; i++) {
        const struct bound_column *bound = bound_find(table, key->columns[i]);

        if (bound && !may_exclude(table, key, i, bound))
            binder_fault_at(binder, bound->node, STATUS_POLICY,
                            "keep the column with a reason, or list the table in empty_tables",
                            "column '%s.%s' is rewritten, but the exclusion constraint '%s' is "
                            "over it",
                            table->table->label,
                            words_printable(binder->arena, bound->column->name),
                            words_printable(binder->arena, key->name));
    }
}

static void check_partitions(struct binder *binder, struct bound_table *table)
{
    for (size_t i = 0; i < table->table->partition_column_count; i++) {
        const struct bound_column *bound = bound_find(table, table->table->partition_columns[i]);

        if (!bound || bound->is_copied)
            continue;
        table->needs_root_load = true;
        table->needs_default_partition = true;
        if (table->table->has_list_partitions)
            binder_fault_at(
                binder, bound->node, STATUS_POLICY, "keep the partition key with a reason",
                "table '%s' is partitioned by LIST over column '%s', which is rewritten",
                table->table->label, words_printable(binder->arena, bound->column->name));
    }
    if (table->needs_default_partition)
        binding_add_note(binder->binding, "partitions",
                         "rows of %s land in the partition of their rewritten key; what no "
                         "partition takes goes to a %s partition",
                         table->table->label,
                         binder->catalog->engine == ENGINE_MYSQL ? "MAXVALUE" : "DEFAULT");
}

/* A `<` or `>` that is no part of another operator. */
static bool is_strict(const char *expression, const char *at)
{
    static const char operators[] = "<>=-@&|!?#~";

    return (*at == '<' || *at == '>') && (!at[1] || !strchr(operators, at[1])) &&
           (at == expression || !strchr(operators, at[-1]));
}

static const char *skip_back(const char *begin, const char *at)
{
    while (at > begin && strchr(" ()\"", at[-1]))
        at--;
    return at;
}

/* True when the name ends at `end`, or begins at `begin`, as a word. */
static bool stands_before(const char *expression, const char *end, const char *name)
{
    size_t len = strlen(name);

    return (size_t)(end - expression) >= len && word_find(end - len, name) == end - len &&
           (end - len == expression ||
            !(isalnum((unsigned char)end[-(ptrdiff_t)len - 1]) || end[-(ptrdiff_t)len - 1] == '_'));
}

static bool stands_behind(const char *begin, const char *name)
{
    return word_find(begin, name) == begin;
}

/* Where the server prints the comparison of the two columns themselves: (a < b), (b > a). */
static bool is_compared_strictly(const char *expression, const char *a, const char *b)
{
    for (const char *at = expression; *at; at++) {
        if (!is_strict(expression, at))
            continue;
        const char *end = skip_back(expression, at), *begin = at + 1;

        begin += strspn(begin, " ()\"");
        if ((stands_before(expression, end, a) && stands_behind(begin, b)) ||
            (stands_before(expression, end, b) && stands_behind(begin, a)))
            return true;
    }
    return false;
}

static bool has_strict_comparison(const char *expression)
{
    for (const char *at = expression; *at; at++)
        if (is_strict(expression, at))
            return true;
    return false;
}

static bool is_joined_by_with(const struct bound_table *table, const struct bound_column *bound,
                              const struct bound_column *other)
{
    for (size_t i = 0; i < bound->companion_count; i++)
        if (&table->columns[bound->companions[i]] == other)
            return true;
    return false;
}

static bool is_shifted(const struct bound_column *bound)
{
    return bound && bound->is_settled && strcmp(bound->rule, "shift") == 0;
}

static void check_pair(struct binder *binder, const struct bound_table *table,
                       const struct check *check, const struct bound_column *a,
                       const struct bound_column *b)
{
    bool is_strict_pair =
        check->column_count == 2
            ? has_strict_comparison(check->expression)
            : is_compared_strictly(check->expression, a->column->name, b->column->name);

    if (!is_strict_pair || is_joined_by_with(table, a, b) || is_joined_by_with(table, b, a))
        return;
    binder_fault_at(binder, b->node, STATUS_POLICY,
                    "say { rule: shift, with: OTHER_COLUMN } on one of them",
                    "CHECK '%s' of table '%s' compares two shifted columns strictly; close times "
                    "may tie",
                    words_printable(binder->arena, check->name), table->table->label);
}

/* Listed values stay themselves or fall out of the list. */
static void check_list(struct binder *binder, const struct bound_column *bound, const char *name,
                       const char *expression)
{
    const struct column *column = bound->column;

    if (!bound->is_copied && bound->is_settled && strcmp(bound->rule, "null") != 0 &&
        strstr(expression, "= ANY"))
        binder_fault_at(binder, bound->node, STATUS_POLICY, "keep the column with a reason",
                        "column '%s.%s' is rewritten, but CHECK '%s' allows only listed values",
                        column->table->label, words_printable(binder->arena, column->name),
                        words_printable(binder->arena, name));
}

/* A `<`, or for dates a `>` as well, that a stand-in of the same size may overstep. */
static bool has_bound(const char *expression, enum kind kind)
{
    bool is_date = kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT;

    if (kind != KIND_INTEGER && kind != KIND_DECIMAL && kind != KIND_REAL && !is_date)
        return false;
    for (const char *at = expression; *at; at++)
        if ((*at == '<' && at[1] != '>') ||
            (is_date && *at == '>' && (at == expression || at[-1] != '<')))
            return true;
    return false;
}

/* redact stays inside the upper bound where it can read one; what an OR says nobody reads. */
static bool is_bounded(const struct bound_column *bound, const char *expression)
{
    const struct transform_site site = {.column = bound->column, .type = bound->column->type};
    const enum kind kind = site.type->kind;
    struct bounds bounds;

    if (strcmp(bound->rule, "redact") != 0 || strstr(expression, " OR ") ||
        (kind != KIND_INTEGER && kind != KIND_DECIMAL && kind != KIND_REAL))
        return false;
    bounds_read(&site, &bounds);
    return isfinite(bounds.high);
}

/* permute keeps the size of a value, not the bounds of a CHECK. */
static void check_range(struct binder *binder, const struct bound_column *bound, const char *name,
                        const char *expression)
{
    const struct column *column = bound->column;

    if (bound->is_copied || !bound->is_settled || !has_bound(expression, column->type->kind) ||
        (strcmp(bound->rule, "redact") != 0 && strcmp(bound->rule, "permute") != 0) ||
        is_bounded(bound, expression))
        return;
    binder_fault_at(binder, bound->node, STATUS_POLICY,
                    "perturb and bucket stay inside simple bounds; or keep it with a reason",
                    "rule '%s' on column '%s.%s' may leave the bounds of CHECK '%s'", bound->rule,
                    column->table->label, words_printable(binder->arena, column->name),
                    words_printable(binder->arena, name));
}

/* A text must still fit the CHECK; whether it does the server alone can tell, except where the rule
 * keeps what the CHECK asks for. */
static void check_text(struct binder *binder, const struct bound_column *bound, const char *name,
                       const char *expression)
{
    const struct column *column = bound->column;
    bool is_kept = true;

    if (column->type->kind != KIND_TEXT || bound->is_copied || !bound->is_settled ||
        bound->is_risk_accepted || strstr(expression, "= ANY"))
        return;
    for (size_t v = 0; v < bound->variant_count && is_kept; v++)
        is_kept = !bound->variants[v].rule || check_survives(bound->variants[v].rule, expression);
    if (is_kept)
        return;
    binder_fault_at(binder, bound->node, STATUS_POLICY,
                    "keep it with a reason, write null, scramble what a form is asked of, or say "
                    "in accept_risk why the CHECK holds",
                    "rule '%s' on column '%s.%s' may break CHECK '%s'", bound->rule,
                    column->table->label, words_printable(binder->arena, column->name),
                    words_printable(binder->arena, name));
}

/* A CHECK that speaks of no other column. */
static void check_alone(struct binder *binder, const struct bound_column *bound, const char *name,
                        const char *expression)
{
    check_list(binder, bound, name, expression);
    check_range(binder, bound, name, expression);
    check_text(binder, bound, name, expression);
}

/* One that comes back NOT VALID after the load holds nobody up. */
static bool is_dropped(const struct table *table, const struct check *check)
{
    return check->is_not_valid || (table->parent_count && !check->is_inherited);
}

static void check_check(struct binder *binder, const struct bound_table *table,
                        const struct check *check)
{
    if (is_dropped(table->table, check))
        return;
    for (size_t i = 0; i < check->column_count; i++) {
        const struct bound_column *a = bound_find(table, check->columns[i]);

        if (a && check->column_count == 1)
            check_alone(binder, a, check->name, check->expression);
        for (size_t j = i + 1; is_shifted(a) && j < check->column_count; j++) {
            const struct bound_column *b = bound_find(table, check->columns[j]);

            if (is_shifted(b))
                check_pair(binder, table, check, a, b);
        }
    }
}

static void check_type(struct binder *binder, const struct bound_column *bound)
{
    for (const struct type *type = bound->column->type; type->class == TYPE_DOMAIN;
         type = type->element)
        for (size_t i = 0; i < type->check_count; i++)
            check_alone(binder, bound, type->name, type->checks[i]);
}

bool bind_constraints(struct binder *binder)
{
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        struct bound_table *table = &binder->binding->tables[i];

        if (!table->column_count)
            continue;
        for (size_t k = 0; k < table->table->key_count; k++) {
            const struct key *key = table->table->keys[k];

            if (key->is_exclusion)
                check_exclusion(binder, table, key);
            else if (key->column_count > 1 || key->is_partial || key->is_expression)
                check_key(binder, table, key);
        }
        for (size_t c = 0; c < table->column_count; c++)
            check_type(binder, &table->columns[c]);
        for (size_t c = 0; c < table->table->check_count; c++)
            check_check(binder, table, &table->table->checks[c]);
        check_partitions(binder, table);
    }
    return !binder->has_memory_failed;
}
