/* What the rewritten rows must still satisfy: composite unique keys, exclusion constraints,
 * partitions, CHECKs. What cannot hold is refused here, before a row moves. */
#include "base/words.h"
#include "bind/binder.h"

static const struct bound_column *bound_find(const struct bound_table *table,
                                             const struct column *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column)
            return &table->columns[i];
    return NULL;
}

static bool is_preserved(const struct bound_column *bound)
{
    return bound && (bound->is_copied || bound->uniqueness == UNIQUENESS_PRESERVED);
}

/* A composite unique key holds if all of it is preserved, or a part that is itself unique. */
static void check_key(struct binder *binder, const struct bound_table *table, const struct key *key)
{
    bool is_all = true, has_unique_part = false;
    const struct bound_column *broken = NULL;

    for (size_t i = 0; i < key->column_count; i++) {
        const struct bound_column *bound = bound_find(table, key->columns[i]);

        if (!bound)
            continue;
        is_all &= is_preserved(bound);
        has_unique_part |= is_preserved(bound) && column_is_unique(key->columns[i]);
        if (!is_preserved(bound) && !broken)
            broken = bound;
    }
    if (is_all || has_unique_part || !broken || (key->is_expression && key->column_count == 0))
        return;
    binder_fault_at(binder, NULL, STATUS_POLICY,
                    strcmp(broken->rule, "shift") == 0
                        ? "say { rule: shift, unique: true }, or keep uniqueness in another part"
                        : "use a rule that preserves uniqueness: permute, or keep",
                    "rule '%s' on column '%s.%s' may break the unique key '%s'", broken->rule,
                    table->table->label, words_printable(binder->arena, broken->column->name),
                    words_printable(binder->arena, key->name));
}

static void check_exclusion(struct binder *binder, const struct bound_table *table,
                            const struct key *key)
{
    for (size_t i = 0; i < key->column_count; i++) {
        const struct bound_column *bound = bound_find(table, key->columns[i]);

        if (bound && !bound->is_copied)
            binder_fault_at(binder, NULL, STATUS_POLICY,
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
                binder, NULL, STATUS_POLICY, "keep the partition key with a reason",
                "table '%s' is partitioned by LIST over column '%s', which is rewritten",
                table->table->label, words_printable(binder->arena, bound->column->name));
    }
    if (table->needs_default_partition)
        binding_add_note(binder->binding, "partitions",
                         "rows of %s land in the partition of their rewritten key; what no "
                         "partition takes goes to a DEFAULT partition",
                         table->table->label);
}

static bool has_strict_comparison(const char *expression)
{
    for (const char *at = expression; *at; at++)
        if ((*at == '<' || *at == '>') && at[1] != '=' && at[1] != '>' &&
            (at == expression || (at[-1] != '<' && at[-1] != '-' && at[-1] != '=')))
            return true;
    return false;
}

static bool is_joined_by_with(const struct bound_table *table, const struct bound_column *bound,
                              const struct column *other)
{
    for (size_t i = 0; i < bound->companion_count; i++)
        if (table->columns[bound->companions[i]].column == other)
            return true;
    return false;
}

static void check_check(struct binder *binder, const struct bound_table *table,
                        const struct check *check)
{
    const struct bound_column *a = NULL, *b = NULL;

    if (check->column_count == 1) {
        a = bound_find(table, check->columns[0]);
        if (a && !a->is_copied && strstr(check->expression, "= ANY"))
            binder_fault_at(binder, NULL, STATUS_POLICY, "keep the column with a reason",
                            "column '%s.%s' is rewritten, but CHECK '%s' allows only listed values",
                            table->table->label, words_printable(binder->arena, a->column->name),
                            words_printable(binder->arena, check->name));
        return;
    }
    if (check->column_count != 2 || !has_strict_comparison(check->expression))
        return;
    a = bound_find(table, check->columns[0]);
    b = bound_find(table, check->columns[1]);
    if (!a || !b || !a->rule || !b->rule || strcmp(a->rule, "shift") != 0 ||
        strcmp(b->rule, "shift") != 0)
        return;
    if (is_joined_by_with(table, a, b->column) || is_joined_by_with(table, b, a->column))
        return;
    binder_fault_at(binder, NULL, STATUS_POLICY,
                    "say { rule: shift, with: OTHER_COLUMN } on one of them",
                    "CHECK '%s' of table '%s' compares two shifted columns strictly; close times "
                    "may tie",
                    words_printable(binder->arena, check->name), table->table->label);
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
        for (size_t c = 0; c < table->table->check_count; c++)
            check_check(binder, table, &table->table->checks[c]);
        check_partitions(binder, table);
    }
    return !binder->has_memory_failed;
}
