/* Which tables come and why: exclusions, roles, starts, what a walk reaches, pins. */
#include "base/words.h"
#include "bind/binder.h"

static bool list_has(const struct profile_text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->texts[i], text) == 0)
            return true;
    return false;
}

static bool schema_is_known(const struct catalog *catalog, const char *schema)
{
    for (size_t i = 0; i < catalog->table_count; i++)
        if (strcmp(catalog->tables[i]->schema, schema) == 0 && !catalog->tables[i]->is_outside)
            return true;
    return false;
}

static void check_schemas(struct binder *binder, const struct profile_text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!schema_is_known(binder->catalog, list->texts[i]))
            binder_fault_at(binder, list->nodes[i], STATUS_PROFILE, NULL,
                            "the source has no table in a schema called '%s'",
                            words_printable(binder->arena, list->texts[i]));
}

static bool is_beyond(const struct profile *profile, const struct table *table)
{
    if (table->class == TABLE_FOREIGN || table->is_outside)
        return true;
    return profile->has_schema_only ? !list_has(&profile->schema_only, table->schema)
                                    : list_has(&profile->schema_except, table->schema);
}

bool bind_excludes(const struct profile *profile, const struct catalog *catalog,
                   const struct table *table)
{
    if (is_beyond(profile, table))
        return true;
    for (size_t i = 0; i < profile->schema_exclude.count; i++) {
        const struct table_name *name = &profile->schema_exclude.names[i];
        bool is_ambiguous;

        if (catalog_find_table(catalog, name->schema, name->table, &is_ambiguous) == table)
            return true;
    }
    return false;
}

static void exclude_tables(struct binder *binder)
{
    const struct profile *profile = binder->profile;

    check_schemas(binder, &profile->schema_only);
    check_schemas(binder, &profile->schema_except);
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        struct bound_table *bound = &binder->binding->tables[i];

        if (is_beyond(profile, bound->table))
            bound->role = ROLE_EXCLUDED;
    }
    for (size_t i = 0; i < profile->schema_exclude.count; i++) {
        const struct table *table = binder_table(binder, &profile->schema_exclude.names[i],
                                                 profile->schema_exclude.nodes[i]);
        if (table)
            binder->binding->tables[table->index].role = ROLE_EXCLUDED;
    }
}

static const char *role_word(enum table_role role)
{
    static const char *const words[] = {
        [ROLE_REACHED] = "reached",
        [ROLE_START] = "in sample.start",
        [ROLE_SAMPLE] = "sampled",
        [ROLE_FULL] = "in full_tables",
        [ROLE_SMALL] = "small",
        [ROLE_EMPTY] = "in empty_tables",
        [ROLE_EXCLUDED] = "excluded by schema",
    };
    return words[role];
}

/* One table has one role; a second one is a contradiction in the profile. */
static struct bound_table *role_set(struct binder *binder, const struct table_name *name,
                                    const struct yaml_node *node, enum table_role role)
{
    const struct table *table = binder_table(binder, name, node);

    if (!table)
        return NULL;
    struct bound_table *bound = &binder->binding->tables[table->index];
    if (bound->role != ROLE_REACHED) {
        binder_fault_at(binder, node, STATUS_PROFILE, NULL,
                        "table '%s' cannot be %s: it is already %s", table->label, role_word(role),
                        role_word(bound->role));
        return NULL;
    }
    bound->role = role;
    return bound;
}

static void start_set(struct binder *binder, const struct profile_start *start)
{
    struct bound_table *bound = role_set(binder, &start->table, start->node, ROLE_START);
    double fraction = binder->binding->options->fraction;

    if (!bound)
        return;
    bound->start.rows = start->rows;
    bound->start.where = start->where;
    if (!start->rows && !start->where)
        bound->start.fraction = fraction >= 0 ? fraction : start->fraction;
    binder_check_sql(binder, bound->table, start->where, "where", start->node);
}

/* What inherits cannot be made without what it inherits from. */
static void check_families(struct binder *binder)
{
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        const struct bound_table *bound = &binder->binding->tables[i];

        for (size_t p = 0; bound->role != ROLE_EXCLUDED && p < bound->table->parent_count; p++) {
            const struct table *parent = bound->table->parents[p];

            if (binder->binding->tables[parent->index].role == ROLE_EXCLUDED)
                binder_fault_at(binder, NULL, STATUS_PROFILE,
                                "exclude both, or list the parent in empty_tables",
                                "table '%s' inherits from table '%s', which is excluded by schema",
                                bound->table->label, parent->label);
        }
    }
}

/* An unlogged table has no rows on a standby. */
static bool empty_unlogged(struct binder *binder)
{
    if (!binder->source || !db_info(binder->source)->is_standby)
        return true;
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        struct bound_table *bound = &binder->binding->tables[i];
        const char *object = NULL;

        if (!bound->table->is_unlogged || bound->role == ROLE_EXCLUDED)
            continue;
        bound->role = ROLE_EMPTY;
        object = arena_printf(binder->arena, "rows of unlogged table %s", bound->table->label);
        if (!object || !binding_add_skipped(binder->binding, object,
                                            "unlogged tables cannot be read on a standby"))
            return false;
    }
    return true;
}

/* A table without a column that could be written has nothing to move. */
static bool empty_columnless(struct binder *binder)
{
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        struct bound_table *bound = &binder->binding->tables[i];
        const char *object = NULL;
        bool has_column = false;

        for (size_t c = 0; c < bound->table->column_count; c++)
            has_column |= !bound->table->columns[c]->is_generated;
        if (has_column || bound->role == ROLE_EXCLUDED || bound->role == ROLE_EMPTY)
            continue;
        bound->role = ROLE_EMPTY;
        object = arena_printf(binder->arena, "rows of table %s", bound->table->label);
        if (!object ||
            !binding_add_skipped(binder->binding, object, "it has no column that can be written"))
            return false;
    }
    return true;
}

/* Reads of such a table see what was written after the snapshot; and each looks different. */
static void check_storage(struct binder *binder)
{
    const struct profile_name_list *accepted = &binder->profile->accept_non_transactional;
    bool *is_accepted = ARENA_ARRAY(binder->arena, binder->catalog->table_count + 1, bool);

    if (!is_accepted) {
        binder->has_memory_failed = true;
        return;
    }
    for (size_t i = 0; i < accepted->count; i++) {
        const struct table *table = binder_table(binder, &accepted->names[i], accepted->nodes[i]);

        if (table)
            is_accepted[table->index] = true;
    }
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        const struct bound_table *bound = &binder->binding->tables[i];
        const struct table *table = bound->table;

        if (!table->storage || table->is_transactional || is_accepted[table->index] ||
            bound->role == ROLE_EXCLUDED || bound->role == ROLE_EMPTY)
            continue;
        binder_fault_at(binder, NULL, STATUS_POLICY,
                        "list it in source.accept_non_transactional to read it as it is then, or "
                        "in empty_tables",
                        "table '%s' is kept by %s, which knows no transactions: its rows would not "
                        "be those of the snapshot",
                        table->label, words_printable(binder->arena, table->storage));
    }
}

bool bind_roles(struct binder *binder)
{
    const struct profile *profile = binder->profile;

    exclude_tables(binder);
    check_families(binder);
    for (size_t i = 0; i < profile->full_tables.count; i++)
        role_set(binder, &profile->full_tables.names[i], profile->full_tables.nodes[i], ROLE_FULL);
    for (size_t i = 0; i < profile->empty_tables.count; i++)
        role_set(binder, &profile->empty_tables.names[i], profile->empty_tables.nodes[i],
                 ROLE_EMPTY);
    for (size_t i = 0; i < profile->start_count; i++)
        start_set(binder, &profile->starts[i]);
    if (!empty_unlogged(binder) || !empty_columnless(binder))
        return false;
    check_storage(binder);
    return !binder->has_memory_failed;
}

static bool may_be_small(const struct binder *binder, const struct table *table)
{
    return binder->profile->small_table_rows > 0 &&
           table->row_estimate <= (double)binder->profile->small_table_rows;
}

bool bind_reach(struct binder *binder)
{
    struct binding *binding = binder->binding;
    size_t tables = binder->catalog->table_count, edges = binding->graph->all.count;
    bool *starts = ARENA_ARRAY(binder->arena, tables + 1, bool);
    bool *reached = ARENA_ARRAY(binder->arena, tables + 1, bool);
    bool *follows = ARENA_ARRAY(binder->arena, edges + 1, bool);
    struct error err = {0};

    if (!starts || !reached || !follows)
        return false;
    for (size_t i = 0; i < tables; i++)
        starts[i] = binding->tables[i].role == ROLE_START;
    for (size_t i = 0; i < edges; i++)
        follows[i] = !binding->edges[i].is_ignored && binding->edges[i].take.kind != TAKE_NONE;
    if (!graph_reach(binding->graph, starts, follows, reached, &err))
        return false;
    for (size_t i = 0; i < tables; i++) {
        struct bound_table *bound = &binding->tables[i];

        if (bound->role != ROLE_REACHED || reached[i])
            continue;
        bound->role = ROLE_SAMPLE;
        if (binding->sample_fraction < 0 && !may_be_small(binder, bound->table))
            binder_fault_at(
                binder, NULL, STATUS_PROFILE,
                "give sample.fraction, or list the table under start, full_tables or "
                "empty_tables",
                "table '%s' cannot be reached from the start tables and sample.fraction "
                "is not given",
                bound->table->label);
        bound->start.fraction = binding->sample_fraction < 0 ? 0 : binding->sample_fraction;
    }
    return !binder->has_memory_failed;
}

static bool pin_bind(struct binder *binder, const struct profile_pin *pin)
{
    struct binding *binding = binder->binding;
    const struct table *table = binder_table(binder, &pin->table, pin->node);

    if (!table)
        return true;
    const struct bound_table *bound = &binding->tables[table->index];
    if (bound->role == ROLE_EXCLUDED || bound->role == ROLE_EMPTY)
        return binder_fault_at(binder, pin->node, STATUS_PROFILE, NULL,
                               "a pin wants rows of table '%s', which is %s", table->label,
                               role_word(bound->role)) ||
               true;
    binder_check_sql(binder, table, pin->where, "where", pin->node);
    binding->pins[binding->pin_count++] = (struct bound_pin){bound, pin};
    return true;
}

bool bind_pins(struct binder *binder)
{
    const struct profile *profile = binder->profile;
    const struct options *options = binder->binding->options;

    binder->binding->pins =
        ARENA_ARRAY(binder->arena, profile->pin_count + options->pin_count + 1, struct bound_pin);
    if (!binder->binding->pins)
        return false;
    for (size_t i = 0; i < profile->pin_count; i++)
        pin_bind(binder, &profile->pins[i]);
    for (size_t i = 0; i < options->pin_count; i++)
        pin_bind(binder, &options->pins[i]);
    return !binder->has_memory_failed;
}
