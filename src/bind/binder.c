/* The workbench of bind/: faults, and names of the profile found in the catalog. */
#include "bind/binder.h"

#include "base/words.h"
#include <stdio.h>

bool binder_fault(struct binder *binder, const struct error *fault)
{
    struct fault_list *faults = binder->faults;

    assert(fault->status != STATUS_OK);
    struct error *errors = arena_grow(faults->arena, faults->errors, faults->count,
                                      &faults->capacity, sizeof(*faults->errors));
    if (!errors) {
        binder->has_memory_failed = true;
        return false;
    }
    faults->errors = errors;
    faults->errors[faults->count++] = *fault;
    return false;
}

bool binder_fault_at(struct binder *binder, const struct yaml_node *node, enum status status,
                     const char *hint, const char *format, ...)
{
    struct error fault = {0};
    char cause[sizeof(fault.cause)];
    va_list args;

    va_start(args, format);
    vsnprintf(cause, sizeof(cause), format, args);
    va_end(args);
    error_set(&fault, status, "%s", cause);
    if (hint)
        error_hint(&fault, "%s", hint);
    if (node)
        error_context(&fault, "%s:%u:%u", node->file, node->line, node->column);
    return binder_fault(binder, &fault);
}

static const char *nearest_table(struct binder *binder, const char *name)
{
    const struct catalog *catalog = binder->catalog;
    const char **names = ARENA_ARRAY(binder->arena, catalog->table_count + 1, const char *);

    if (!names)
        return NULL;
    for (size_t i = 0; i < catalog->table_count; i++)
        names[i] = catalog->tables[i]->name;
    return words_nearest(name, names, catalog->table_count);
}

/* MySQL does not speak of what the user may not read. */
static const char hidden_hint[] =
    "what the user may not read is not seen; `understudy help privileges` says which GRANT";

/* So a name that nothing comes near may be one: the server is asked, and what the right that is
 * missing says is the source's fault and not the profile's. True when it was that. */
static bool is_hidden(struct binder *binder, const struct table *table,
                      const struct yaml_node *node)
{
    struct denial_list denials = {.arena = binder->arena};
    struct error ignored = {.status = STATUS_OK};

    assert(table->name);
    if (binder->catalog->engine != ENGINE_MYSQL || !binder->source || !table->label ||
        !db_find_denials(binder->source, &table, 1, &denials, &ignored) || denials.count == 0)
        return false;
    binder_fault_at(binder, node, STATUS_SOURCE, denials.items[0].grant,
                    "the user may not read all of table '%s'", table->label);
    return true;
}

static bool table_is_hidden(struct binder *binder, const struct table_name *name,
                            const struct yaml_node *node)
{
    const char *schema = binder->catalog->default_schema;
    const struct table table = {.schema = schema,
                                .name = name->table,
                                .label = words_printable(binder->arena, name->table)};

    return schema && (!name->schema || strcmp(name->schema, schema) == 0) &&
           is_hidden(binder, &table, node);
}

const struct table *binder_table(struct binder *binder, const struct table_name *name,
                                 const struct yaml_node *node)
{
    bool is_ambiguous = false;
    const struct table *table =
        catalog_find_table(binder->catalog, name->schema, name->table, &is_ambiguous);
    const char *shown = words_printable(binder->arena, name->table);
    char hint[300] = "";

    if (table)
        return table;
    if (is_ambiguous) {
        binder_fault_at(binder, node, STATUS_PROFILE, "write it with its schema: schema.table",
                        "several schemas have a table called '%s'", shown ? shown : "?");
        return NULL;
    }
    const char *near = nearest_table(binder, name->table);
    if (!near && table_is_hidden(binder, name, node))
        return NULL;
    if (near)
        snprintf(hint, sizeof(hint), "did you mean '%s'?", words_printable(binder->arena, near));
    else if (binder->catalog->engine == ENGINE_MYSQL)
        snprintf(hint, sizeof(hint), "%s", hidden_hint);
    binder_fault_at(binder, node, STATUS_PROFILE, hint[0] ? hint : NULL,
                    "the source has no table called '%s%s%s'",
                    name->schema ? words_printable(binder->arena, name->schema) : "",
                    name->schema ? "." : "", shown ? shown : "?");
    return NULL;
}

const struct column *binder_column(struct binder *binder, const struct table *table,
                                   const char *name, const struct yaml_node *node)
{
    const struct column *column = table_find_column(table, name);
    const char **names = NULL;
    const char *near = NULL;
    char hint[300] = "";

    if (column)
        return column;
    names = ARENA_ARRAY(binder->arena, table->column_count + 1, const char *);
    if (names) {
        for (size_t i = 0; i < table->column_count; i++)
            names[i] = table->columns[i]->name;
        near = words_nearest(name, names, table->column_count);
    }
    if (!near && is_hidden(binder, table, node))
        return NULL;
    if (near)
        snprintf(hint, sizeof(hint), "did you mean '%s'?", words_printable(binder->arena, near));
    else if (binder->catalog->engine == ENGINE_MYSQL)
        snprintf(hint, sizeof(hint), "%s", hidden_hint);
    binder_fault_at(binder, node, STATUS_PROFILE, hint[0] ? hint : NULL,
                    "table '%s' has no column called '%s'", table->label,
                    words_printable(binder->arena, name));
    return NULL;
}

void binder_check_sql(struct binder *binder, const struct table *table, const char *sql,
                      const char *kind, const struct yaml_node *node)
{
    struct error err = {0};

    if (!sql || !binder->source)
        return;
    if (db_check_sql(binder->source, table, sql, kind, &err))
        return;
    /* A connection that failed is fit for nothing more. */
    if (err.status != STATUS_PROFILE)
        binder->source = NULL;
    if (node)
        error_context(&err, "%s:%u:%u", node->file, node->line, node->column);
    binder_fault(binder, &err);
}

int32_t binder_discriminator(struct binder *binder, const struct table *table, const char *sql,
                             const struct yaml_node *node)
{
    struct bound_table *bound = &binder->binding->tables[table->index];

    for (size_t i = 0; i < bound->discriminator_count; i++)
        if (strcmp(bound->discriminators[i], sql) == 0)
            return (int32_t)i;
    binder_check_sql(binder, table, sql, "when", node);
    const char **grown = ARENA_ARRAY(binder->arena, bound->discriminator_count + 1, const char *);
    if (!grown) {
        binder->has_memory_failed = true;
        return -1;
    }
    if (bound->discriminator_count)
        memcpy(grown, bound->discriminators, bound->discriminator_count * sizeof(*grown));
    grown[bound->discriminator_count] = sql;
    bound->discriminators = grown;
    return (int32_t)bound->discriminator_count++;
}

const struct yaml_node *binder_edge_node(const struct binder *binder, const struct edge *edge)
{
    return edge->index < binder->catalog->edge_count
               ? NULL
               : binder->relation_nodes[edge->index - binder->catalog->edge_count];
}

static bool note_add(struct note **notes, size_t *count, size_t *capacity, struct arena *arena,
                     struct note note)
{
    struct note *grown = arena_grow(arena, *notes, *count, capacity, sizeof(**notes));

    if (!grown || !note.text || !note.topic)
        return false;
    *notes = grown;
    (*notes)[(*count)++] = note;
    return true;
}

bool binding_add_note(struct binding *binding, const char *topic, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct note note = {arena_strdup(binding->arena, topic),
                        arena_vprintf(binding->arena, format, args)};
    va_end(args);
    return note_add(&binding->notes, &binding->note_count, &binding->note_capacity, binding->arena,
                    note);
}

bool binding_add_warning(struct binding *binding, const char *topic, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct note note = {arena_strdup(binding->arena, topic),
                        arena_vprintf(binding->arena, format, args)};
    va_end(args);
    return note_add(&binding->warnings, &binding->warning_count, &binding->warning_capacity,
                    binding->arena, note);
}

bool binding_add_skipped(struct binding *binding, const char *object, const char *why)
{
    struct skipped *grown = arena_grow(binding->arena, binding->skipped, binding->skipped_count,
                                       &binding->skipped_capacity, sizeof(*binding->skipped));
    struct skipped skipped = {.object = arena_strdup(binding->arena, object),
                              .why = arena_strdup(binding->arena, why)};

    if (!grown || !skipped.object || !skipped.why)
        return false;
    binding->skipped = grown;
    binding->skipped[binding->skipped_count++] = skipped;
    return true;
}
