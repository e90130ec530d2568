/* How the long tail is sought: the numbers of tails, the columns it leaves out, the differences it
 * adds. */
#include "base/words.h"
#include "bind/binder.h"
#include "transform/params.h"

#include <stdio.h>

static struct bound_column *bound_find(const struct bound_table *table, const struct column *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column)
            return &table->columns[i];
    return NULL;
}

static void ignore(struct binder *binder, const struct table *table, const struct column *column)
{
    struct bound_table *bound = &binder->binding->tables[table->index];

    for (size_t i = 0; i < bound->column_count; i++)
        if (!column || bound->columns[i].column == column)
            bound->columns[i].is_tail_ignored = true;
}

/* The table of that name, without a fault where there is none. */
static const struct table *table_find(const struct binder *binder, const struct table_name *name)
{
    bool is_ambiguous = false;

    return catalog_find_table(binder->catalog, name->schema, name->table, &is_ambiguous);
}

static bool schema_is_known(const struct catalog *catalog, const char *schema)
{
    for (size_t i = 0; i < catalog->table_count; i++)
        if (strcmp(catalog->tables[i]->schema, schema) == 0)
            return true;
    return false;
}

/* "a.b" is column b of table a; where there is none, table b of schema a. What names neither is
 * searched for where it comes nearest: among a's columns, else among the tables. */
static void ignore_bind(struct binder *binder, const char *text, const struct yaml_node *node)
{
    struct table_name name = {.schema = NULL};
    struct column_path path = {.node = node};
    const bool is_path = column_path_parse(text, binder->arena, &path);
    const bool is_name = table_name_parse(text, binder->arena, &name);
    const struct table *owner = is_path ? table_find(binder, &path.table) : NULL;
    const struct column *column = owner ? table_find_column(owner, path.columns[0]) : NULL;
    const struct table *whole = is_name ? table_find(binder, &name) : NULL;

    assert(is_path || is_name);
    if (column)
        ignore(binder, owner, column);
    else if (whole)
        ignore(binder, whole, NULL);
    else if (is_path && (owner || !is_name || !schema_is_known(binder->catalog, name.schema))) {
        owner = binder_table(binder, &path.table, node);
        if (owner)
            binder_column(binder, owner, path.columns[0], node);
    } else
        binder_table(binder, &name, node);
}

static bool is_time(const struct column *column)
{
    const struct type *type = type_ground(column->type);

    return type->class == TYPE_BASE &&
           (type->kind == KIND_DATE || type->kind == KIND_TIMESTAMP || type->kind == KIND_INSTANT);
}

static bool is_number(const struct column *column)
{
    const struct type *type = type_ground(column->type);

    return type->class == TYPE_BASE &&
           (type->kind == KIND_INTEGER || type->kind == KIND_REAL || type->kind == KIND_DECIMAL);
}

static bool is_joined(const struct binder *binder, const struct table *a, const struct table *b)
{
    const struct edge_list *edges = &binder->binding->graph->all;

    for (size_t i = 0; i < edges->count; i++) {
        const struct edge *edge = edges->edges[i];

        if ((edge->child == a && edge->parent == b) || (edge->child == b && edge->parent == a))
            return true;
    }
    return a == b;
}

static const char *column_shown(struct binder *binder, const struct column *column)
{
    const char *name = words_printable(binder->arena, column->name);
    const char *shown =
        name ? arena_printf(binder->arena, "%s.%s", column->table->label, name) : NULL;

    binder->has_memory_failed |= !shown;
    return shown ? shown : "?";
}

/* One side: a column whose rows are surveyed. NULL: a fault was kept. */
static const struct bound_column *side_bind(struct binder *binder, const struct column_path *path)
{
    const struct table *table = binder_table(binder, &path->table, path->node);
    const struct column *column =
        table ? binder_column(binder, table, path->columns[0], path->node) : NULL;
    const struct bound_column *bound =
        column ? bound_find(&binder->binding->tables[table->index], column) : NULL;

    if (column && !bound)
        binder_fault_at(binder, path->node, STATUS_PROFILE, NULL,
                        "tails.difference wants '%s', which is not among what is read",
                        column_shown(binder, column));
    else if (column && bound->is_tail_ignored) {
        binder_fault_at(binder, path->node, STATUS_PROFILE, NULL,
                        "tails.difference wants '%s', which tails.ignore leaves out",
                        column_shown(binder, column));
        return NULL;
    }
    return bound;
}

/* Whether the two can be subtracted and meet in a row or across an edge; else a fault is kept. */
static bool check_difference(struct binder *binder, const struct bound_difference *difference,
                             const struct yaml_node *node)
{
    const struct column *minuend = difference->minuend->column;
    const struct column *subtrahend = difference->subtrahend->column;

    if (minuend == subtrahend)
        return binder_fault_at(binder, node, STATUS_PROFILE, NULL,
                               "'%s' stands on both sides of a difference",
                               column_shown(binder, minuend));
    if (!(is_time(minuend) && is_time(subtrahend)) &&
        !(is_number(minuend) && is_number(subtrahend)))
        return binder_fault_at(
            binder, node, STATUS_PROFILE, "name two dates or times, or two numbers",
            "'%s' (%s) and '%s' (%s) have no difference", column_shown(binder, minuend),
            kind_word(type_ground(minuend->type)->kind), column_shown(binder, subtrahend),
            kind_word(type_ground(subtrahend->type)->kind));
    if (!is_joined(binder, minuend->table, subtrahend->table))
        return binder_fault_at(binder, node, STATUS_PROFILE,
                               "name columns of one table, or of a table and one it refers to",
                               "no reference leads from '%s' to '%s' or back",
                               minuend->table->label, subtrahend->table->label);
    return true;
}

static bool is_twice(const struct bound_tails *tails, const struct bound_difference *difference)
{
    for (size_t i = 0; i < tails->difference_count; i++) {
        const struct bound_difference *other = &tails->differences[i];

        if ((other->minuend == difference->minuend &&
             other->subtrahend == difference->subtrahend) ||
            (other->minuend == difference->subtrahend && other->subtrahend == difference->minuend))
            return true;
    }
    return false;
}

static void difference_bind(struct binder *binder, const struct profile_difference *given)
{
    struct bound_tails *tails = &binder->binding->tails;
    const struct bound_difference difference = {side_bind(binder, &given->minuend),
                                                side_bind(binder, &given->subtrahend)};

    if (!difference.minuend || !difference.subtrahend ||
        !check_difference(binder, &difference, given->node))
        return;
    if (is_twice(tails, &difference))
        binder_fault_at(binder, given->node, STATUS_PROFILE, NULL,
                        "this difference stands here a second time");
    else
        tails->differences[tails->difference_count++] = difference;
}

bool bind_tails(struct binder *binder)
{
    const struct profile *profile = binder->profile;
    struct bound_tails *tails = &binder->binding->tails;

    assert(profile->tails_per_stratum >= 1 && profile->tails_budget >= 0);
    *tails = (struct bound_tails){.budget = profile->tails_budget,
                                  .per_stratum = (unsigned)profile->tails_per_stratum,
                                  .rare = profile->tails_rare,
                                  .max_children = profile->tails_max_children};
    tails->differences =
        ARENA_ARRAY(binder->arena, profile->tails_difference_count + 1, struct bound_difference);
    if (!tails->differences)
        return false;
    for (size_t i = 0; i < profile->tails_ignore.count; i++)
        ignore_bind(binder, profile->tails_ignore.texts[i], profile->tails_ignore.nodes[i]);
    for (size_t i = 0; i < profile->tails_difference_count; i++)
        difference_bind(binder, &profile->tails_differences[i]);
    return !binder->has_memory_failed;
}
