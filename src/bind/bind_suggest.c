/* What the catalog suggests and the profile does not say: columns that look like references and
 * have no edge, and whose table of people is likely when times are shifted and no subjects named.
 * Names and estimates only; nothing is read, and nothing follows from a suggestion. */
#include "bind/binder.h"
#include "transform/params.h"

#include <ctype.h>
#include <strings.h>

enum { STEM_LEAST = 2 };

/* A name that stands in a profile as it is. */
static bool is_plain(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_')
            return false;
    return *name != '\0';
}

/* Letters of "order_id", "orderId" and "orderID" before the ending; 0: there is none. */
static size_t stem_length(const char *name)
{
    const size_t len = strlen(name);

    if (len > 3 && strcasecmp(name + len - 3, "_id") == 0)
        return len - 3;
    if (len > 2 && name[len - 2] == 'I' && (name[len - 1] == 'd' || name[len - 1] == 'D') &&
        islower((unsigned char)name[len - 3]))
        return len - 2;
    return 0;
}

/* The stem is the table's name, or its singular. */
static bool is_named(const char *table, const char *stem, size_t len)
{
    const size_t whole = strlen(table);

    if (whole < len || strncasecmp(table, stem, len - 1) != 0)
        return false;
    if (tolower((unsigned char)table[len - 1]) != tolower((unsigned char)stem[len - 1]))
        return false;
    return whole == len || strcasecmp(table + len, "s") == 0 || strcasecmp(table + len, "es") == 0;
}

static bool is_singular_in_y(const char *table, const char *stem, size_t len)
{
    return tolower((unsigned char)stem[len - 1]) == 'y' && strlen(table) == len + 2 &&
           strncasecmp(table, stem, len - 1) == 0 && strcasecmp(table + len - 1, "ies") == 0;
}

static bool is_same_type(const struct column *a, const struct column *b)
{
    const struct type *left = type_ground(a->type), *right = type_ground(b->type);

    return left->class == right->class && left->kind == right->kind &&
           (left->kind == KIND_INTEGER || left->kind == KIND_UUID || left->kind == KIND_TEXT);
}

/* The one table that the column may refer to; of several, the one of its schema. NULL: none. */
static const struct table *target_find(const struct binder *binder, const struct column *column)
{
    const size_t len = stem_length(column->name);
    const struct table *found = NULL;
    bool is_own = false, is_twice = false;

    for (size_t i = 0; len >= STEM_LEAST && i < binder->catalog->table_count; i++) {
        const struct table *table = binder->catalog->tables[i];
        const bool is_near = strcmp(table->schema, column->table->schema) == 0;

        if (!table->primary || table->primary->column_count != 1 || !is_plain(table->name) ||
            !is_plain(table->schema) || table->primary->columns[0] == column ||
            !is_same_type(column, table->primary->columns[0]) ||
            !is_plain(table->primary->columns[0]->name) ||
            (!is_named(table->name, column->name, len) &&
             !is_singular_in_y(table->name, column->name, len)) ||
            (found && is_own && !is_near))
            continue;
        is_twice = found && is_own == is_near;
        is_own = is_near;
        found = table;
    }
    return is_twice ? NULL : found;
}

/* The column beside it that tells the tables apart which it points to: a polymorphic reference;
 * NULL: there is none. */
static const struct column *type_column(const struct column *column)
{
    const size_t len = stem_length(column->name);

    for (size_t i = 0; len && i < column->table->column_count; i++) {
        const struct column *other = column->table->columns[i];
        const char *ending =
            strncasecmp(other->name, column->name, len) == 0 ? other->name + len : "";

        if (strcasecmp(ending, "_type") == 0 || strcmp(ending, "Type") == 0)
            return other;
    }
    return NULL;
}

static bool is_referring(const struct graph *graph, const struct column *column)
{
    const struct edge_list *up = &graph->up[column->table->index];

    for (size_t i = 0; i < up->count; i++)
        for (size_t c = 0; c < up->edges[i]->column_count; c++)
            if (up->edges[i]->child_columns[c] == column)
                return true;
    return false;
}

/* Which tables, only its values say, and nothing is read here. */
static bool suggest_polymorphic(struct binder *binder, const struct column *column,
                                const struct column *type)
{
    const struct type *ground = type_ground(column->type), *word = type_ground(type->type);
    const bool is_key =
        ground->class == TYPE_BASE &&
        (ground->kind == KIND_INTEGER || ground->kind == KIND_UUID || ground->kind == KIND_TEXT);
    const bool is_word = word->kind == KIND_TEXT || word->kind == KIND_ENUM;

    if (!is_key || !is_word || !is_plain(type->name))
        return true;
    return binding_add_warning(
        binder->binding, "relations",
        "%s.%s looks like a reference to the table that %s names, and no edge says so: its rows "
        "may come without each other. If it is one, say for each type: relations: [ { from: "
        "%s.%s.%s, to: TABLE.KEY, when: \"%s = 'TYPE'\" } ]",
        column->table->label, column->name, type->name, column->table->schema, column->table->name,
        column->name, type->name);
}

static bool suggest_relation(struct binder *binder, const struct column *column)
{
    const struct table *child = column->table, *parent;

    if (!is_plain(child->name) || !is_plain(child->schema) || !is_plain(column->name) ||
        is_referring(binder->binding->graph, column))
        return true;
    if (type_column(column))
        return suggest_polymorphic(binder, column, type_column(column));
    parent = target_find(binder, column);
    if (!parent || binder->binding->tables[parent->index].role == ROLE_EXCLUDED)
        return true;
    return binding_add_warning(
        binder->binding, "relations",
        "%s.%s looks like a reference to %s, and no edge says so: its rows may come without each "
        "other. If it is one: relations: [ { from: %s.%s.%s, to: %s.%s.%s } ]",
        child->label, column->name, parent->label, child->schema, child->name, column->name,
        parent->schema, parent->name, parent->primary->columns[0]->name);
}

/* Rows of all tables that lead up to this one, by the estimates. */
static double rows_below(const struct graph *graph, const struct table *table, bool *is_seen,
                         size_t *stack)
{
    const size_t tables = graph->catalog->table_count;
    double rows = 0;
    size_t depth = 0;

    memset(is_seen, 0, tables * sizeof(*is_seen));
    is_seen[table->index] = true;
    stack[depth++] = table->index;
    while (depth > 0) {
        const struct edge_list *down = &graph->down[stack[--depth]];

        for (size_t i = 0; i < down->count; i++) {
            const struct table *child = down->edges[i]->child;

            if (is_seen[child->index])
                continue;
            is_seen[child->index] = true;
            rows += child->row_estimate > 0 ? child->row_estimate : 0;
            stack[depth++] = child->index;
        }
    }
    return rows;
}

static bool is_personal(const struct bound_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].identifies)
            return true;
    return false;
}

bool binder_subject_candidate(struct binder *binder, const struct table **candidate)
{
    const struct catalog *catalog = binder->catalog;
    bool *is_seen = ARENA_ARRAY(binder->arena, catalog->table_count + 1, bool);
    size_t *stack = ARENA_ARRAY(binder->arena, catalog->table_count + 1, size_t);
    bool is_found_personal = false;
    double most = 0;

    *candidate = NULL;
    binder->has_memory_failed |= !is_seen || !stack;
    if (binder->has_memory_failed)
        return false;
    for (size_t i = 0; i < catalog->table_count; i++) {
        const bool is_one = is_personal(&binder->binding->tables[i]);
        double rows;

        if (binder->binding->tables[i].role == ROLE_EXCLUDED || (is_found_personal && !is_one))
            continue;
        rows = rows_below(binder->binding->graph, catalog->tables[i], is_seen, stack);
        if (rows <= 0 || (rows <= most && is_one == is_found_personal))
            continue;
        most = rows;
        is_found_personal = is_one;
        *candidate = catalog->tables[i];
    }
    return true;
}

/* Times of nobody, all of them: said once, with the table that looks most like somebody's. */
static bool suggest_subject(struct binder *binder)
{
    const struct table *candidate = NULL;
    bool is_shifted = false;

    for (size_t i = 0; i < binder->catalog->table_count; i++)
        is_shifted |= binder->binding->tables[i].is_subject_shared;
    if (!is_shifted || binder->binding->subject_count)
        return true;
    return binder_subject_candidate(binder, &candidate) &&
           (!candidate ||
            binding_add_warning(binder->binding, "subjects",
                                "times are shifted and no subjects are named: all share one "
                                "calendar. Most rows lead up to %s: are they people?",
                                candidate->label));
}

bool bind_suggest(struct binder *binder)
{
    for (size_t t = 0; t < binder->catalog->table_count; t++) {
        const struct table *table = binder->catalog->tables[t];

        if (binder->binding->tables[t].role == ROLE_EXCLUDED)
            continue;
        for (size_t c = 0; c < table->column_count; c++)
            if (stem_length(table->columns[c]->name) &&
                !suggest_relation(binder, table->columns[c]))
                return false;
    }
    return suggest_subject(binder) && !binder->has_memory_failed;
}
