/* Whose time is shifted: subject tables, the way up to them, and tables that have none. */
#include "base/words.h"
#include "bind/binder.h"

#include <string.h>

/* A column that no reference starts with leads nowhere, and would make the table one without a
 * subject. */
static void path_set(struct binder *binder, const struct table *table,
                     const struct profile_subject_path *path)
{
    const struct column *column = binder_column(binder, table, path->column, path->node);
    const struct edge_list *up = &binder->binding->graph->up[table->index];

    if (!column)
        return;
    for (size_t i = 0; i < up->count; i++)
        for (size_t c = 0; c < up->edges[i]->column_count; c++)
            if (up->edges[i]->child_columns[c] == column)
                binder->subject_columns[table->index] = column;
    if (!binder->subject_columns[table->index])
        binder_fault_at(binder, path->node, STATUS_PROFILE,
                        "name a column with a foreign key, or declare its relation",
                        "column '%s' of table '%s' refers to nothing: no way leads up by it",
                        words_printable(binder->arena, column->name), table->label);
}

bool bind_subject_tables(struct binder *binder)
{
    const struct profile *profile = binder->profile;
    struct binding *binding = binder->binding;
    size_t tables = binder->catalog->table_count;

    binder->subject_columns = ARENA_ARRAY(binder->arena, tables + 1, const struct column *);
    binder->is_subject_none = ARENA_ARRAY(binder->arena, tables + 1, bool);
    binding->subjects =
        ARENA_ARRAY(binder->arena, profile->subject_tables.count + 1, const struct table *);
    if (!binder->subject_columns || !binder->is_subject_none || !binding->subjects)
        return false;
    for (size_t i = 0; i < profile->subject_tables.count; i++) {
        const struct table *table = binder_table(binder, &profile->subject_tables.names[i],
                                                 profile->subject_tables.nodes[i]);
        if (table)
            binding->subjects[binding->subject_count++] = table;
    }
    for (size_t i = 0; i < profile->subject_path_count; i++) {
        const struct table *table =
            binder_table(binder, &profile->subject_paths[i].table, profile->subject_paths[i].node);
        if (table)
            path_set(binder, table, &profile->subject_paths[i]);
    }
    for (size_t i = 0; i < profile->subject_none.count; i++) {
        const struct table *table =
            binder_table(binder, &profile->subject_none.names[i], profile->subject_none.nodes[i]);
        if (!table)
            continue;
        binder->is_subject_none[table->index] = true;
        for (size_t s = 0; s < binding->subject_count; s++)
            if (binding->subjects[s] == table)
                binder_fault_at(binder, profile->subject_none.nodes[i], STATUS_PROFILE, NULL,
                                "table '%s' cannot be a subject and stand in subjects.none",
                                table->label);
    }
    return !binder->has_memory_failed;
}

/* The first column of the table that needs one; NULL: none does. */
static const struct bound_column *shifted_column(const struct bound_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].needs & NEED_SUBJECT)
            return &table->columns[i];
    return NULL;
}

/* Why the column needs one. */
static const char *subject_reason(const struct bound_column *bound)
{
    for (size_t i = 0; i < bound->variant_count; i++)
        if (bound->variants[i].rule && bound->variants[i].rule->per == PER_SUBJECT)
            return "a rule that is 'per: subject'";
    return "a shift";
}

/* Every column that would need the subject says so. */
static bool accepts_risk(const struct bound_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if ((table->columns[i].needs & NEED_SUBJECT) && !table->columns[i].is_risk_accepted)
            return false;
    return true;
}

/* Choosing follows the way of a row from table to table, so each table on it must know its own
 * step, whether it has times itself or not. */
static bool way_mark(struct binder *binder, const struct table *table, struct subject_path *paths)
{
    struct bound_table *bound = &binder->binding->tables[table->index];
    const struct subject_path *path = &paths[table->index];

    if (bound->subject || bound->is_subject_shared)
        return true;
    if (path->is_ambiguous)
        return binder_fault_at(binder, NULL, STATUS_PROFILE,
                               "name the column to go up by under subjects.path",
                               "rows with times go up by table '%s', which has several ways to a "
                               "subject: %s",
                               table->label, path->ways ? path->ways : "");
    bound->subject = path;
    for (size_t i = 0; !path->is_subject && path->first && i < path->first->edge_count; i++)
        if (!way_mark(binder, path->first->edges[i]->parent, paths))
            return false;
    return true;
}

static bool table_subject(struct binder *binder, struct bound_table *table,
                          struct subject_path *paths)
{
    const struct subject_path *path = &paths[table->table->index];
    const char *reason = subject_reason(shifted_column(table));
    const struct yaml_node *node = shifted_column(table)->node;
    const char *label = table->table->label;

    if (binder->is_subject_none[table->table->index]) {
        table->is_subject_shared = true;
        if (path->has_edge_to_subject && !accepts_risk(table))
            return binder_fault_at(binder, node, STATUS_POLICY,
                                   "take it out of subjects.none, or say accept_risk in its shift",
                                   "table '%s' stands in subjects.none, but an edge leads from it "
                                   "to a subject",
                                   label);
        return true;
    }
    if (path->is_ambiguous)
        return binder_fault_at(binder, node, STATUS_PROFILE,
                               "name the column to go up by under subjects.path",
                               "table '%s' has %s and several ways up to a subject: %s", label,
                               reason, path->ways ? path->ways : "");
    if (!path->is_subject && path->step_count == 0 && binder->binding->subject_count == 0) {
        const struct table *candidate = NULL;

        if (!binder_subject_candidate(binder, &candidate))
            return false;
        if (candidate)
            return binder_fault_at(
                binder, node, STATUS_POLICY,
                arena_printf(binder->arena,
                             "name the tables of people under subjects:; most rows lead up to '%s'",
                             candidate->label),
                "table '%s' has %s and no way up to a subject", label, reason);
    }
    if (!path->is_subject && path->step_count == 0)
        return binder_fault_at(binder, node, STATUS_POLICY,
                               strcmp(reason, "a shift") == 0
                                   ? "list it under subjects.none if its times belong to nobody, "
                                     "or declare the missing relation"
                                   : "declare the missing relation, or say 'per: row'",
                               "table '%s' has %s and no way up to a subject", label, reason);
    return way_mark(binder, table->table, paths);
}

/* A time that some rows bring as it was or on a coarser scale. */
static bool has_exact_time(const struct bound_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct bound_column *bound = &table->columns[i];
        const enum kind kind = bound->column->type->kind;

        if (kind != KIND_DATE && kind != KIND_TIMESTAMP && kind != KIND_INSTANT)
            continue;
        for (size_t v = 0; v < bound->variant_count; v++)
            if (!bound->variants[v].rule || (bound->variants[v].rule->preserves & PROPERTY_ORDER))
                return true;
    }
    return false;
}

/* Is the way up settled at every table that it goes by? `depth` ends cycles. */
static bool way_is_clear(const struct subject_path *paths, const struct table *table, size_t depth)
{
    const struct subject_path *path = &paths[table->index];

    if (path->is_ambiguous || depth == 0)
        return false;
    for (size_t i = 0; !path->is_subject && path->first && i < path->first->edge_count; i++)
        if (!way_is_clear(paths, path->first->edges[i]->parent, depth - 1))
            return false;
    return true;
}

/* Times that no rule moves need no subject to be written, but whoever asks how people are found
 * again must know whose they are. What is not clear is no fault here: it is counted. */
static bool table_exact(struct binder *binder, struct bound_table *table,
                        struct subject_path *paths)
{
    const struct subject_path *path = &paths[table->table->index];

    if (table->subject || binder->is_subject_none[table->table->index] ||
        table->role == ROLE_EXCLUDED || !has_exact_time(table))
        return true;
    if (!path->is_subject && path->step_count == 0 && !path->is_ambiguous)
        return true;
    table->is_subject_ambiguous =
        !way_is_clear(paths, table->table, binder->catalog->table_count + 1);
    return table->is_subject_ambiguous || way_mark(binder, table->table, paths);
}

/* One line for all of them: a profile may list hundreds. */
static bool shared_note(struct binder *binder)
{
    const struct binding *binding = binder->binding;
    struct buf names;
    size_t count = 0;
    bool is_ok = true;

    buf_init(&names, 1 << 20);
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        if (!binding->tables[i].is_subject_shared)
            continue;
        if (count < 8)
            buf_add_format(&names, "%s%s", count ? ", " : "", binding->tables[i].table->label);
        count++;
    }
    if (count > 8)
        buf_add_format(&names, " and %zu more", count - 8);
    if (count)
        is_ok = buf_ok(&names) &&
                binding_add_note(binder->binding, "time",
                                 "times of %s share one calendar: no protection against somebody "
                                 "who knows a few of their rows",
                                 buf_text(&names));
    buf_release(&names);
    return is_ok;
}

bool bind_subjects(struct binder *binder)
{
    struct binding *binding = binder->binding;
    struct subject_path *paths = NULL;
    struct error err = {0};

    if (!graph_subjects(binding->graph, binding->subjects, binding->subject_count,
                        binder->subject_columns, binder->arena, &paths, &err)) {
        binder_fault(binder, &err);
        return !binder->has_memory_failed;
    }
    for (size_t i = 0; i < binder->catalog->table_count; i++)
        if (shifted_column(&binding->tables[i]))
            table_subject(binder, &binding->tables[i], paths);
    for (size_t i = 0; i < binder->catalog->table_count && binding->subject_count; i++)
        table_exact(binder, &binding->tables[i], paths);
    for (size_t i = 0; i < binder->catalog->table_count; i++)
        binding->tables[i].is_subject_none = binder->is_subject_none[i];
    return shared_note(binder) && !binder->has_memory_failed;
}
