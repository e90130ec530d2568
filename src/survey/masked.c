/* Whether the rules of its columns leave anything of a stratum to see. */
#include "survey/core.h"

static bool rule_preserves(const struct prepared_transform *rule, unsigned needs)
{
    const unsigned properties = needs & PROPERTY_ALL;

    if ((rule->preserves & properties) != properties)
        return false;
    return !(needs & NEEDS_VALUES) ||
           ((rule->preserves & PROPERTY_EQUALITY) && rule->uniqueness != UNIQUENESS_LOSSY &&
            rule->per == PER_VALUE && !rule->tenant &&
            !(rule->needs & (NEED_SUBJECT | NEED_IDENTITY | NEED_COMPANIONS | NEED_GROUP)));
}

static bool column_preserves(const struct bound_column *column, unsigned needs)
{
    for (size_t i = 0; i < column->variant_count; i++) {
        const struct prepared_transform *rule = column->variants[i].rule;
        if (rule && !rule_preserves(rule, needs))
            return false;
    }
    return true;
}

static const struct bound_table *table_of(const struct binding *binding,
                                          const struct bound_column *column)
{
    return &binding->tables[column->column->table->index];
}

static bool goes_up_by(const struct subject_step *step, const struct edge *edge)
{
    for (size_t i = 0; i < step->edge_count; i++)
        if (step->edges[i] == edge)
            return true;
    return false;
}

/* Child and parent are of one subject: the child has its subject from this parent, or both have
 * theirs from one table, where ways that part seldom lead to different rows. */
static bool is_one_subject(const struct subject_path *child, const struct subject_path *parent,
                           const struct edge *edge)
{
    if (!child || !child->first || child->is_subject)
        return false;
    if (goes_up_by(child->first, edge))
        return true;
    return parent && parent->first && !parent->is_subject &&
           child->first->edges[0]->parent == parent->first->edges[0]->parent;
}

/* The times of both rows move together. */
static bool has_one_calendar(const struct bound_table *a, const struct bound_table *b,
                             const struct edge *edge)
{
    if (a == b && !edge)
        return true;
    if (a->is_subject_shared || b->is_subject_shared)
        return a->is_subject_shared && b->is_subject_shared;
    if (!edge)
        return false;
    return a->table == edge->child ? is_one_subject(a->subject, b->subject, edge)
                                   : is_one_subject(b->subject, a->subject, edge);
}

static const struct prepared_transform *lone_rule(const struct bound_column *column)
{
    return column->variant_count == 1 ? column->variants[0].rule : NULL;
}

/* Both kept, or both moved by one rule that does not make values coarser. */
static bool is_masked_alike(const struct binding *binding, const struct bound_column *a,
                            const struct bound_column *b, const struct edge *edge)
{
    const struct prepared_transform *left = lone_rule(a), *right = lone_rule(b);

    if (a->is_copied || b->is_copied)
        return a->is_copied && b->is_copied;
    return left && right && left->transform == right->transform &&
           left->uniqueness != UNIQUENESS_LOSSY &&
           (!(left->needs & NEED_SUBJECT) ||
            has_one_calendar(table_of(binding, a), table_of(binding, b), edge));
}

/* The column that cannot be compared with the others any more. */
static const struct bound_column *uncompared_column(const struct binding *binding,
                                                    const struct stratum_draft *draft)
{
    for (size_t i = 1; i < draft->column_count; i++)
        if (!is_masked_alike(binding, draft->columns[0], draft->columns[i], draft->edge))
            return draft->columns[0]->is_copied ? draft->columns[i] : draft->columns[0];
    return NULL;
}

const struct bound_column *masking_column(const struct binding *binding,
                                          const struct stratum_draft *draft)
{
    assert(draft->column_count == 0 || draft->columns);
    for (size_t i = 0; i < draft->column_count; i++) {
        const unsigned needs = draft->column_needs ? draft->column_needs[i] : draft->needs;
        if (needs && !column_preserves(draft->columns[i], needs))
            return draft->columns[i];
    }
    return draft->needs & NEEDS_COMPARED ? uncompared_column(binding, draft) : NULL;
}
