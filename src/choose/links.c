/* What is read of each table: the columns of every edge it takes part in, its discriminators, and
 * its identity where membership hangs on it. And who shares a key: the targets. */
#include "choose/state.h"

#include "bind/edge_field.h"

#define NOT_READ UINT32_MAX

static bool field_add(struct table_state *table, const struct field *field, uint32_t *position)
{
    assert(!field->column != !field->expression);
    *position = (uint32_t)table->field_count;
    table->fields[table->field_count++] = *field;
    return true;
}

static void column_add(struct table_state *table, const struct column *column)
{
    if (table->positions[column->index] != NOT_READ)
        return;
    field_add(table, &(struct field){.column = column, .type = column->type},
              &table->positions[column->index]);
}

static bool has_fraction(const struct edge_state *edge)
{
    return edge->is_used && edge->bound->take.kind == TAKE_FRACTION;
}

static bool needs_identity(const struct chooser *chooser, const struct table_state *table)
{
    const struct bound_table *bound = table->bound;

    bool is_seeded = bound->role == ROLE_START || bound->role == ROLE_SAMPLE;

    if (is_seeded && (!table->is_everything || table->reason == CHOSEN_CHILD) &&
        (!bound->start.where || chooser->scale < 1))
        return true;
    for (size_t i = 0; i < table->up_count; i++)
        if (has_fraction(table->up[i]))
            return true;
    return table->subject != NULL || subject_rows_wanted(chooser, table);
}

static bool side_init(struct chooser *chooser, struct key_side *side, size_t count,
                      const struct column *const *columns)
{
    side->count = count;
    side->positions = ARENA_ARRAY(chooser->arena, count, uint32_t);
    side->columns = ARENA_ARRAY(chooser->arena, count, const struct column *);
    side->types = ARENA_ARRAY(chooser->arena, count, const struct type *);
    if (!side->positions || !side->columns || !side->types)
        return false;
    for (size_t i = 0; i < count; i++) {
        side->columns[i] = columns[i];
        side->types[i] = columns[i]->type;
    }
    return true;
}

static void side_place(struct key_side *side, struct table_state *table)
{
    for (size_t i = 0; i < side->count; i++) {
        column_add(table, side->columns[i]);
        side->positions[i] = table->positions[side->columns[i]->index];
    }
}

static bool edge_place(struct chooser *chooser, struct edge_state *edge, struct error *err)
{
    struct table_state *child = edge->child;
    const struct type *type = edge->side.types[0];

    if (edge->edge->json_path) {
        edge->expression =
            edge_json_expression(chooser->binding->catalog->engine, edge->edge, chooser->arena);
        if (!edge->expression)
            return error_memory(err);
        edge->side.types[0] = &key_text_type;
        return field_add(child,
                         &(struct field){.expression = edge->expression, .type = &key_text_type},
                         &edge->side.positions[0]);
    }
    side_place(&edge->side, child);
    if (edge->edge->is_array) {
        type = key_base_type(type);
        if (type->class != TYPE_ARRAY || !type->element)
            return error_set(err, STATUS_PROFILE, "the column of edge '%s' is no array",
                             edge->edge->name);
        edge->side.types[0] = type->element;
        edge->side.is_array = true;
    }
    return true;
}

static bool discriminators_place(struct chooser *chooser, struct table_state *table)
{
    const struct bound_table *bound = table->bound;

    table->discriminators = ARENA_ARRAY(chooser->arena, bound->discriminator_count + 1, uint32_t);
    if (!table->discriminators)
        return false;
    for (size_t i = 0; i < bound->discriminator_count; i++)
        table->discriminators[i] = NOT_READ;
    for (size_t i = 0; i < table->up_count; i++) {
        struct edge_state *edge = table->up[i];
        int32_t when = edge->is_used || bound->subject ? edge->bound->when : -1;

        edge->when = -1;
        if (when < 0)
            continue;
        assert((size_t)when < bound->discriminator_count);
        if (table->discriminators[when] == NOT_READ)
            field_add(table,
                      &(struct field){.expression = bound->discriminators[when],
                                      .type = &key_boolean_type},
                      &table->discriminators[when]);
        edge->when = (int32_t)table->discriminators[when];
    }
    return true;
}

/* The way up to a subject counts also where it leads into a table that stays empty. */
static void way_place(struct table_state *table)
{
    const struct subject_path *path = table->bound->subject;

    if (!path || path->is_subject || !path->first)
        return;
    for (size_t i = 0; i < path->first->edge_count; i++)
        for (size_t c = 0; c < path->first->edges[i]->column_count; c++)
            column_add(table, path->first->edges[i]->child_columns[c]);
}

static bool table_place(struct chooser *chooser, struct table_state *table, struct error *err)
{
    size_t columns = table->table->column_count;
    size_t most = columns + table->up_count + table->bound->discriminator_count + 1;
    uint32_t unused;

    table->fields = ARENA_ARRAY(chooser->arena, most, struct field);
    table->positions = ARENA_ARRAY(chooser->arena, columns + 1, uint32_t);
    if (!table->fields || !table->positions)
        return error_memory(err);
    for (size_t i = 0; i < columns; i++)
        table->positions[i] = NOT_READ;
    for (size_t i = 0; i < table->up_count; i++)
        if (table->up[i]->is_used && !edge_place(chooser, table->up[i], err))
            return false;
    for (struct target *target = table->targets; target; target = target->next)
        side_place(&target->side, table);
    way_place(table);
    table->has_identity = needs_identity(chooser, table);
    for (size_t i = 0; table->has_identity && i < table->bound->identity_count; i++)
        column_add(table, table->bound->identity_columns[i]);
    if (!discriminators_place(chooser, table))
        return error_memory(err);
    if (table->field_count == 0) /* a read delivers at least one field */
        field_add(table, &(struct field){.expression = "true", .type = &key_boolean_type}, &unused);
    assert(table->field_count <= most);
    return true;
}

static bool is_same_key(const struct target *target, const struct edge *edge)
{
    if (!edge->is_bytes_equal || !target->edge->is_bytes_equal ||
        target->form.count != edge->column_count)
        return false;
    for (size_t i = 0; i < edge->column_count; i++)
        if (target->side.columns[i] != edge->parent_columns[i])
            return false;
    return true;
}

static struct target *target_add(struct chooser *chooser, struct edge_state *edge)
{
    struct target *target = ARENA_NEW(chooser->arena, struct target);

    if (!target ||
        !side_init(chooser, &target->side, edge->edge->column_count, edge->edge->parent_columns))
        return NULL;
    target->number = chooser->target_count++;
    target->parent = edge->parent;
    target->edge = edge->edge;
    target->form.count = target->side.count;
    target->form.types = target->side.types;
    target->form.is_number = target->side.count == 1 && key_is_integer(target->side.types[0]);
    target->side.form = &target->form;
    target->is_indexed = edge->edge->parent_is_indexed;
    target->is_exact = edge_is_exact(edge->edge);
    wanted_init(&target->fresh, target->form.count);
    wanted_init(&target->taken, target->form.count);
    wanted_init(&target->missing, target->form.count);
    target->next = edge->parent->targets;
    edge->parent->targets = target;
    return target;
}

static bool target_find(struct chooser *chooser, struct edge_state *edge, struct error *err)
{
    struct target *target = edge->parent->targets;

    while (target && !is_same_key(target, edge->edge))
        target = target->next;
    edge->target = target ? target : target_add(chooser, edge);
    if (!edge->target)
        return error_memory(err);
    edge->side.form = &edge->target->form;
    /* Of a table that comes whole the keys are known to be there, unless nobody promises it. */
    if (!edge->parent->is_everything || !edge->is_enforced)
        edge->target->is_tracked |= edge->pulls || edge->bound->is_parent_cut;
    return true;
}

static bool edge_init(struct chooser *chooser, struct edge_state *edge, struct error *err)
{
    const struct bound_edge *bound = edge->bound;

    if (!edge->is_used)
        return true;
    assert(edge->child->is_present && edge->parent->is_present);
    if (!side_init(chooser, &edge->side, edge->edge->column_count, edge->edge->child_columns))
        return error_memory(err);
    edge->pulls = !bound->is_parent_cut;
    /* While witnesses are gathered only what no budget can shrink is sure to come. */
    if (!chooser->is_gathering || chooser->binding->budget_rows <= 0)
        edge->fraction = bound->take.fraction * chooser->scale;
    if (!target_find(chooser, edge, err))
        return false;
    wanted_init(&edge->fresh, edge->side.count);
    wanted_init(&edge->taken, edge->side.count);
    if ((!edge->is_enforced && edge->pulls) || bound->is_parent_cut) {
        edge->references = map_new();
        if (!edge->references)
            return error_memory(err);
    }
    return true;
}

bool links_prepare(struct chooser *chooser, struct error *err)
{
    const struct graph *graph = chooser->binding->graph;

    for (size_t i = 0; i < graph->all.count; i++)
        if (!edge_init(chooser, &chooser->edges[i], err))
            return false;
    if (!chooser->is_gathering && !subjects_prepare(chooser, err))
        return false;
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++) {
        struct table_state *table = &chooser->tables[i];
        if (table->is_present && !table_place(chooser, table, err))
            return false;
    }
    return true;
}
