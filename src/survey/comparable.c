/* What the rules of a column leave of it. */
#include "survey/comparable.h"

static bool is_in(const struct column *column, const struct column *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

static bool is_identifier(const struct graph *graph, const struct column *column)
{
    const struct edge_list *up = &graph->up[column->table->index];
    const struct edge_list *down = &graph->down[column->table->index];

    if (column_is_in_key(column))
        return true;
    for (size_t i = 0; i < up->count; i++)
        if (is_in(column, up->edges[i]->child_columns, up->edges[i]->column_count))
            return true;
    for (size_t i = 0; i < down->count; i++)
        if (is_in(column, down->edges[i]->parent_columns, down->edges[i]->column_count))
            return true;
    return false;
}

/* Equal values stay equal and different ones different, in all rows alike. */
static bool is_one_to_one(const struct bound_column *column)
{
    const struct prepared_transform *rule = column->variants[0].rule;

    return column->variant_count == 1 && rule && (rule->preserves & PROPERTY_EQUALITY) &&
           rule->uniqueness == UNIQUENESS_PRESERVED && rule->per == PER_VALUE && !rule->tenant &&
           !(rule->needs & (NEED_SUBJECT | NEED_IDENTITY | NEED_COMPANIONS | NEED_GROUP));
}

static bool keeps_nulls(const struct bound_column *column)
{
    for (size_t v = 0; v < column->variant_count; v++)
        if (column->variants[v].rule && !(column->variants[v].rule->preserves & PROPERTY_NULLS))
            return false;
    return true;
}

enum comparable comparable_of(const struct binding *binding, const struct bound_table *table,
                              const struct bound_column *column)
{
    const bool is_key = is_identifier(binding->graph, column->column);

    assert(column >= table->columns && column < table->columns + table->column_count);
    if (!keeps_nulls(column))
        return COMPARABLE_NOTHING;
    if (column->is_copied && !is_key)
        return COMPARABLE_VALUES;
    if ((column->is_copied || is_one_to_one(column)) && !column_is_unique(column->column))
        return COMPARABLE_EQUALITY;
    return column->column->is_not_null ? COMPARABLE_NOTHING : COMPARABLE_NULLS;
}
