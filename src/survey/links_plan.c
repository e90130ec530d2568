/* Which edges are looked at, who shares a store, and what has to be read of each table for it. */
#include "survey/links_state.h"

#include "bind/edge_field.h"

bool link_gap_add(struct links *links, struct link_table *table, const struct detector *detector,
                  const char *format, ...)
{
    struct link_gap *gap = ARENA_NEW(links->arena, struct link_gap);
    va_list args;

    va_start(args, format);
    const char *why = arena_vprintf(links->arena, format, args);
    va_end(args);
    if (!gap || !why)
        return false;
    *gap = (struct link_gap){detector, why, table->gaps};
    table->gaps = gap;
    return true;
}

const char *link_label(const struct edge *edge, struct arena *arena)
{
    const char *text = arena_printf(arena, edge->column_count > 1 ? "%s.(%s" : "%s.%s",
                                    edge->child->name, edge->child_columns[0]->name);

    for (size_t i = 1; text && i < edge->column_count; i++)
        text = arena_printf(arena, "%s, %s%s", text, edge->child_columns[i]->name,
                            i + 1 == edge->column_count ? ")" : "");
    if (text && edge->is_array)
        text = arena_printf(arena, "%s[]", text);
    if (text && edge->json_path)
        text = arena_printf(arena, "%s %s", text, edge->json_path);
    return text ? text : edge->name;
}

void link_need(struct links *links, const struct column *column)
{
    struct link_table *table = &links->tables[column->table->index];

    assert(table->is_needed && column->index < column->table->column_count);
    table->is_needed[column->index] = true;
}

static bool field_add(struct links *links, struct link_table *table, const struct field *field,
                      uint32_t *position, struct error *err)
{
    size_t capacity = table->field_count;
    struct field *fields = ARENA_ARRAY(links->arena, capacity + 1, struct field);

    if (!fields)
        return error_memory(err);
    if (capacity)
        memcpy(fields, table->fields, capacity * sizeof(*fields));
    fields[capacity] = *field;
    *position = (uint32_t)capacity;
    table->fields = fields;
    table->field_count = capacity + 1;
    return true;
}

static bool is_bound(const struct bound_table *table, const struct column *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column)
            return true;
    return false;
}

/* Columns that survive as they are stand among the survey's; a generated one is a field of ours. */
static bool source_plan(struct links *links, const struct column *column,
                        struct cell_source *source, struct error *err)
{
    struct link_table *table = &links->tables[column->table->index];

    if (is_bound(table->bound, column)) {
        link_need(links, column);
        return true;
    }
    source->is_extra = true;
    for (source->index = 0; source->index < table->field_count; source->index++)
        if (table->fields[source->index].column == column)
            return true;
    return field_add(links, table, &(struct field){.column = column, .type = column->type},
                     &source->index, err);
}

static bool side_plan(struct links *links, struct link_side *side, size_t count,
                      const struct column *const *columns, struct error *err)
{
    struct key_side *key = &side->side;

    key->count = count;
    key->positions = ARENA_ARRAY(links->arena, count, uint32_t);
    key->columns = ARENA_ARRAY(links->arena, count, const struct column *);
    key->types = ARENA_ARRAY(links->arena, count, const struct type *);
    side->sources = ARENA_ARRAY(links->arena, count, struct cell_source);
    if (!key->positions || !key->columns || !key->types || !side->sources)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        key->positions[i] = (uint32_t)i;
        key->columns[i] = columns[i];
        key->types[i] = columns[i]->type;
    }
    return true;
}

static bool sources_plan(struct links *links, struct link_side *side, struct error *err)
{
    for (size_t i = 0; i < side->side.count; i++)
        if (!source_plan(links, side->side.columns[i], &side->sources[i], err))
            return false;
    return true;
}

/* int8, int2, int4 as the binary form has them; oids are not signed. */
static bool is_plain(const struct links *links, const struct link_side *side)
{
    const struct key_side *key = &side->side;
    const struct type *type = key_base_type(key->types[0]);

    return links->codec == &codec_pg_binary && key->count == 1 && !key->is_array &&
           key->form->is_number && key_is_integer(type) &&
           (type->oid == 20 || type->oid == 21 || type->oid == 23);
}

static bool target_is(const struct link_target *target, const struct edge *edge)
{
    if (target->side.side.count != edge->column_count)
        return false;
    for (size_t i = 0; i < edge->column_count; i++)
        if (target->side.side.columns[i] != edge->parent_columns[i])
            return false;
    return true;
}

static struct link_target *target_add(struct links *links, struct link_table *parent,
                                      const struct edge *edge, struct error *err)
{
    struct link_target *target = ARENA_NEW(links->arena, struct link_target);

    if (!target) {
        error_memory(err);
        return NULL;
    }
    target->parent = edge->parent;
    target->key = parent->bound->choice_key;
    if (!side_plan(links, &target->side, edge->column_count, edge->parent_columns, err) ||
        !sources_plan(links, &target->side, err))
        return NULL;
    target->form.count = edge->column_count;
    target->form.types = target->side.side.types;
    target->form.is_number =
        edge->column_count == 1 && key_is_integer(edge->parent_columns[0]->type);
    target->side.side.form = &target->form;
    target->side.is_plain = is_plain(links, &target->side);
    if (pthread_mutex_init(&target->lock, NULL) != 0) {
        error_memory(err);
        return NULL;
    }
    target->has_lock = true;
    target->tables_left = 1;
    target->next = parent->targets;
    parent->targets = target;
    parent->is_wanted = !parent->is_surveyed;
    links->targets_left++;
    return target;
}

/* The one child column of a path into JSON is not read itself: the path is, as text. */
static bool child_side_plan(struct links *links, struct link *link, struct error *err)
{
    const struct edge *edge = link->edge;
    struct key_side *key = &link->side.side;

    if (!side_plan(links, &link->side, edge->column_count, edge->child_columns, err))
        return false;
    key->form = &link->target->form;
    if (edge->json_path) {
        const char *expression =
            edge_json_expression(links->binding->catalog->engine, edge, links->arena);
        key->types[0] = &key_text_type;
        link->side.sources[0].is_extra = true;
        if (!expression)
            return error_memory(err);
        return field_add(links, link->child,
                         &(struct field){.expression = expression, .type = &key_text_type},
                         &link->side.sources[0].index, err);
    }
    if (edge->is_array) {
        const struct type *type = key_base_type(key->types[0]);
        if (type->class != TYPE_ARRAY || !type->element)
            return error_set(err, STATUS_PROFILE, "the column of edge '%s' is no array",
                             edge->name);
        key->types[0] = type->element;
        key->is_array = true;
    }
    link->side.is_plain = is_plain(links, &link->side);
    return sources_plan(links, &link->side, err);
}

static bool when_plan(struct links *links, struct link_table *table, int32_t when, int32_t *field,
                      struct error *err)
{
    uint32_t position = 0;

    *field = -1;
    if (when < 0)
        return true;
    assert((size_t)when < table->bound->discriminator_count);
    if (table->discriminators[when] < 0) {
        const struct field discriminator = {.expression = table->bound->discriminators[when],
                                            .type = &key_boolean_type};
        if (!field_add(links, table, &discriminator, &position, err))
            return false;
        table->discriminators[when] = (int32_t)position;
    }
    *field = table->discriminators[when];
    return true;
}

static bool link_plan(struct links *links, const struct bound_edge *bound, struct error *err)
{
    const struct edge *edge = bound->edge;
    struct link_table *parent = &links->tables[edge->parent->index];
    struct link_table *child = &links->tables[edge->child->index];
    struct link_target *target = parent->targets;

    while (target && !target_is(target, edge))
        target = target->next;
    if (target && target->counters == STORE_COUNTERS_MAX)
        return link_gap_add(links, child, &detector_orphan, "more than %d edges lead to one key",
                            STORE_COUNTERS_MAX) ||
               error_memory(err);
    if (!target && !(target = target_add(links, parent, edge, err)))
        return false;
    struct link *link = ARENA_NEW(links->arena, struct link);

    if (!link)
        return error_memory(err);
    *link = (struct link){.edge = edge,
                          .bound = bound,
                          .child = child,
                          .target = target,
                          .counter = target->counters++,
                          .is_self = edge->child == edge->parent,
                          .next_of_target = target->links};
    target->links = link;
    target->tables_left += !link->is_self;
    links->by_edge[edge->index] = link;
    child->links[child->link_count++] = link;
    return child_side_plan(links, link, err) &&
           when_plan(links, child, bound->when, &link->when, err);
}

static bool is_looked_at(const struct links *links, const struct bound_edge *bound)
{
    const struct edge *edge = bound->edge;

    return links->request->is_surveyed[edge->child->index] &&
           links->request->is_present[edge->parent->index] && !bound->is_ignored;
}

/* What comes as text cannot be compared here. */
static bool has_binary(const struct edge *edge)
{
    for (size_t i = 0; i < edge->column_count; i++)
        if (!key_base_type(edge->parent_columns[i]->type)->has_binary ||
            (!edge->json_path && !key_base_type(edge->child_columns[i]->type)->has_binary))
            return false;
    return true;
}

static bool edge_plan(struct links *links, size_t index, struct error *err)
{
    const struct bound_edge *bound = &links->binding->edges[index];

    if (!is_looked_at(links, bound))
        return true;
    if (edge_is_exact(bound->edge) && has_binary(bound->edge))
        return link_plan(links, bound, err);
    return link_gap_add(links, &links->tables[bound->edge->child->index], &detector_orphan,
                        "only the server can compare the keys of edge '%s'", bound->edge->name) ||
           error_memory(err);
}

static bool is_same_reference(const struct edge *a, const struct edge *b)
{
    if (a->column_count != b->column_count || (a->json_path == NULL) != (b->json_path == NULL) ||
        (a->json_path && strcmp(a->json_path, b->json_path) != 0))
        return false;
    for (size_t i = 0; i < a->column_count; i++)
        if (a->child_columns[i] != b->child_columns[i])
            return false;
    return true;
}

/* The cells of the reference: those of an edge that is looked at, else its plain columns. */
static bool group_sources_plan(struct links *links, struct type_group *group, struct error *err)
{
    const struct edge_list *up = &links->binding->graph->up[group->edge->child->index];
    struct link_side side = {0};

    for (size_t i = 0; i < up->count; i++) {
        const struct link *link = links->by_edge[up->edges[i]->index];
        if (link && is_same_reference(group->edge, link->edge)) {
            group->sources = link->side.sources;
            group->source_count = link->side.side.count;
            return true;
        }
    }
    if (group->edge->json_path)
        return true;
    if (!side_plan(links, &side, group->edge->column_count, group->edge->child_columns, err) ||
        !sources_plan(links, &side, err))
        return false;
    group->sources = side.sources;
    group->source_count = side.side.count;
    return true;
}

/* Edges that lead out of staging count too: their types are covered. */
static bool group_plan(struct links *links, struct link_table *table, const struct edge *first,
                       struct error *err)
{
    const struct graph *graph = links->binding->graph;
    const struct edge_list *up = &graph->up[table->table->index];
    struct type_group group = {.edge = first, .when_count = 0};

    group.whens = ARENA_ARRAY(links->arena, up->count + 1, uint32_t);
    if (!group.whens)
        return error_memory(err);
    for (size_t i = 0; i < up->count; i++) {
        const struct edge *edge = up->edges[i];
        int32_t field;
        if (!is_same_reference(first, edge))
            continue;
        if (edge->index < first->index || links->binding->edges[edge->index].when < 0)
            return true; /* its group stands already, or an edge covers all types */
        if (!when_plan(links, table, links->binding->edges[edge->index].when, &field, err))
            return false;
        group.whens[group.when_count++] = (uint32_t)field;
    }
    if (!group_sources_plan(links, &group, err))
        return false;
    if (group.source_count > 0)
        table->groups[table->group_count++] = group;
    return true;
}

static bool groups_plan(struct links *links, struct link_table *table, struct error *err)
{
    const struct edge_list *up = &links->binding->graph->up[table->table->index];

    table->groups = ARENA_ARRAY(links->arena, up->count + 1, struct type_group);
    if (!table->groups)
        return error_memory(err);
    for (size_t i = 0; table->is_surveyed && i < up->count; i++)
        if (up->edges[i]->when && !group_plan(links, table, up->edges[i], err))
            return false;
    return true;
}

int link_value(struct link *link, const struct attribute *wanted)
{
    struct link_target *target = link->target;
    bool is_value = wanted->kind == ATTRIBUTE_TIME || wanted->kind == ATTRIBUTE_AMOUNT;
    size_t same = 0, a = 0;

    for (; a < target->attribute_count; a++) {
        const struct attribute *attribute = &target->attributes[a];
        if (attribute->kind == wanted->kind && attribute->column == wanted->column &&
            attribute->link == wanted->link)
            break;
        bool is_other = attribute->kind == ATTRIBUTE_TIME || attribute->kind == ATTRIBUTE_AMOUNT;
        same += is_value ? is_other : attribute->kind == wanted->kind;
    }
    if (a == target->attribute_count) {
        size_t most = is_value                         ? LINK_VALUES_MAX
                      : wanted->kind == ATTRIBUTE_SELF ? LINK_SELF_MAX
                                                       : LINK_REFERENCES_MAX;
        if (same == most)
            return -1;
        target->attributes[a] = *wanted;
        target->attributes[a].at = target->words;
        target->words += wanted->kind == ATTRIBUTE_SELF ? 3 : 1;
        target->attribute_count++;
    }
    for (size_t i = 0; i < link->value_count; i++)
        if (link->values[i] == target->attributes[a].at)
            return (int)i;
    if (wanted->kind == ATTRIBUTE_SELF)
        return 0;
    assert(link->value_count < COUNT_OF(link->values));
    link->values[link->value_count] = target->attributes[a].at;
    return (int)link->value_count++;
}

static bool chain_plan(struct links *links, struct link *link, struct error *err)
{
    const struct attribute self = {.kind = ATTRIBUTE_SELF, .link = link};

    if (!link->is_self || link->edge->is_array || link_value(link, &self) >= 0)
        return true;
    return link_gap_add(links, link->child, &detector_graph,
                        "more than %d references of the table to itself", LINK_SELF_MAX) ||
           error_memory(err);
}

static bool table_init(struct links *links, struct link_table *table, size_t index,
                       struct error *err)
{
    const struct table *plain = links->binding->catalog->tables[index];
    const struct bound_table *bound = &links->binding->tables[index];
    size_t up = links->binding->graph->up[index].count;

    table->table = plain;
    table->bound = bound;
    table->is_surveyed = links->request->is_surveyed[index];
    table->is_needed = ARENA_ARRAY(links->arena, plain->column_count + 1, bool);
    table->links = ARENA_ARRAY(links->arena, up + 1, struct link *);
    table->discriminators = ARENA_ARRAY(links->arena, bound->discriminator_count + 1, int32_t);
    if (!table->is_needed || !table->links || !table->discriminators)
        return error_memory(err);
    for (size_t i = 0; i < bound->discriminator_count; i++)
        table->discriminators[i] = -1;
    if (pthread_mutex_init(&table->lock, NULL) != 0)
        return error_memory(err);
    table->has_lock = true;
    return true;
}

bool links_plan(struct links *links, struct error *err)
{
    size_t tables = links->binding->catalog->table_count;

    links->tables = ARENA_ARRAY(links->arena, tables + 1, struct link_table);
    links->by_edge = ARENA_ARRAY(links->arena, links->edge_count + 1, struct link *);
    if (!links->tables || !links->by_edge)
        return error_memory(err);
    for (size_t i = 0; i < tables; i++)
        if (!table_init(links, &links->tables[i], i, err))
            return false;
    for (size_t i = 0; i < links->edge_count; i++)
        if (!edge_plan(links, i, err))
            return false;
    for (size_t i = 0; i < tables; i++) {
        struct link_table *table = &links->tables[i];
        if (!groups_plan(links, table, err))
            return false;
        for (size_t l = 0; l < table->link_count; l++)
            if (!chain_plan(links, table->links[l], err) ||
                !differences_plan(links, table->links[l], err))
                return false;
        if (!diamonds_plan(links, table, err))
            return false;
    }
    return true;
}
