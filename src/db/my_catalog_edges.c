/* Foreign keys: one row a column pair; parents in other schemas become stubs. */
#include "db/my_catalog.h"
#include <strings.h>

enum { PAIR_NAME, PAIR_CHILD, PAIR_CHILD_COLUMN, PAIR_SCHEMA, PAIR_PARENT, PAIR_PARENT_COLUMN };

static const char pairs_sql[] =
    "SELECT constraint_name, table_name, column_name, referenced_table_schema,"
    " referenced_table_name, referenced_column_name FROM information_schema.key_column_usage"
    " WHERE table_schema = ";
static const char pairs_sql_tail[] = " AND referenced_table_name IS NOT NULL"
                                     " ORDER BY table_name, constraint_name, ordinal_position";
static const char rules_sql[] =
    "SELECT table_name, constraint_name, delete_rule"
    " FROM information_schema.referential_constraints WHERE constraint_schema = ";

static char rule_letter(const char *rule)
{
    static const struct {
        const char *rule;
        char letter;
    } letters[] = {{"NO ACTION", 'a'},
                   {"RESTRICT", 'r'},
                   {"CASCADE", 'c'},
                   {"SET NULL", 'n'},
                   {"SET DEFAULT", 'd'}};

    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        if (strcasecmp(rule, letters[i].rule) == 0)
            return letters[i].letter;
    }
    return '?';
}

/* MariaDB shows them to those alone who may do more than read. */
static bool rules_read(struct my_reading *reading, struct map *rules, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_read = my_reading_query(reading, rules_sql, "", "foreign keys", &result, err);

    for (size_t row = 0; is_read && row < result.count; row++) {
        if (!my_pair_put(rules, my_text(&result, row, 0), my_text(&result, row, 1),
                         (uint64_t)rule_letter(my_text(&result, row, 2))))
            is_read = error_memory(err);
    }
    my_result_release(&result);
    return is_read;
}

/* What equal values of two columns have in common when they are equal bytes too; 0: nothing. */
static int bytes_class(const struct my_reading *reading, const struct column *column)
{
    switch (column->type->kind) {
    case KIND_INTEGER:
    case KIND_DECIMAL:
    case KIND_BYTES:
    case KIND_UUID:
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return (int)column->type->kind + 1;
    case KIND_TEXT:
        return my_pair_find(reading->binaries, column->table->name, column->name)
                   ? (int)KIND_TEXT + 1
                   : 0;
    default:
        return 0;
    }
}

/* Texts under binary collations: blanks at the end are taken off on both sides, or on none. */
static bool pair_is_bytes_equal(const struct my_reading *reading, const struct column *child,
                                const struct column *parent)
{
    const struct type *a = child->type, *b = parent->type;
    const int class = bytes_class(reading, child);

    if (class == 0)
        return false;
    if (parent->table->is_outside) /* of the same type, as far as is known */
        return true;
    if (class != bytes_class(reading, parent))
        return false;
    return a->kind != KIND_TEXT || (a->is_padded == b->is_padded && a->charset && b->charset &&
                                    strcmp(a->charset, b->charset) == 0);
}

/* A table of which nothing is known but that it is referred to. */
static struct table *stub_add(struct my_reading *reading, const char *schema, const char *name,
                              struct error *err)
{
    struct table *table = ARENA_NEW(reading->arena, struct table);
    struct relation *relation = ARENA_NEW(reading->arena, struct relation);

    assert(schema && name);
    if (table) {
        table->schema = arena_strdup(reading->arena, schema);
        table->name = arena_strdup(reading->arena, name);
    }
    if (!table || !relation || !table->schema || !table->name) {
        error_memory(err);
        return NULL;
    }
    table->is_outside = true;
    table->is_transactional = true;
    relation->schema = table->schema;
    relation->name = table->name;
    relation->row_estimate = -1;
    table->relations = relation;
    table->relation_count = 1;
    return my_reading_add_table(reading, table, err) ? table : NULL;
}

/* A column of a table that the user may not read is as unknown as one of a table outside. */
static bool table_hides(struct my_reading *reading, const struct table *table, bool *is_hidden,
                        struct error *err)
{
    *is_hidden = table->is_outside;
    return *is_hidden || my_table_is_denied(reading->db, table, is_hidden, err);
}

/* As its child is: a foreign key wants the same type on both sides. */
static struct column *stub_column(struct my_reading *reading, struct table *table, const char *name,
                                  const struct column *child)
{
    struct column *column = ARENA_NEW(reading->arena, struct column);
    struct column **columns =
        my_reading_grow(reading, table->columns, table->column_count, sizeof(struct column *));

    assert(name && child->type);
    if (!column || !columns)
        return NULL;
    column->name = arena_strdup(reading->arena, name);
    column->number = (uint16_t)(table->column_count + 1);
    column->index = (uint16_t)table->column_count;
    column->table = table;
    column->type = child->type;
    column->type_text = child->type_text;
    column->modifier = child->modifier;
    column->max_length = child->max_length;
    column->precision = child->precision;
    column->scale = child->scale;
    column->is_nondeterministic = child->is_nondeterministic;
    table->columns = columns;
    table->columns[table->column_count++] = column;
    return column->name ? column : NULL;
}

/* What is referred to is a key there, with an index. */
static bool stub_key(struct my_reading *reading, struct table *table, const struct edge *edge)
{
    struct key *key = ARENA_NEW(reading->arena, struct key);
    struct key **keys =
        my_reading_grow(reading, table->keys, table->key_count, sizeof(struct key *));
    struct index *indexes =
        my_reading_grow(reading, table->indexes, table->index_count, sizeof(*indexes));

    assert(table->is_outside && edge->column_count > 0);
    if (!key || !keys || !indexes)
        return false;
    key->name = edge->constraint;
    key->is_constraint = true;
    key->column_count = edge->column_count;
    key->columns = edge->parent_columns;
    table->keys = keys;
    table->keys[table->key_count++] = key;
    table->indexes = indexes;
    table->indexes[table->index_count++] =
        (struct index){.column_count = edge->column_count, .columns = edge->parent_columns};
    return true;
}

static bool pair_add(struct my_reading *reading, struct my_result *result, size_t row,
                     struct edge *edge, struct error *err)
{
    struct table *parent = reading->catalog->tables[edge->parent->index];
    const char *child_name = my_text(result, row, PAIR_CHILD_COLUMN);
    const char *parent_name = my_text(result, row, PAIR_PARENT_COLUMN);
    struct column *child_column = my_find_column(edge->child, child_name);
    struct column *parent_column = my_find_column(parent, parent_name);
    bool is_hidden = false;

    if (!parent_column && child_column && !table_hides(reading, parent, &is_hidden, err))
        return false;
    if (is_hidden) {
        parent_column = stub_column(reading, parent, parent_name, child_column);
        if (!parent_column)
            return error_memory(err);
    }
    if (!child_column || !parent_column)
        return error_set(err, STATUS_SOURCE,
                         "foreign key '%s' of table '%s' is over a column that is not there",
                         edge->constraint, edge->child->name);
    edge->child_columns[edge->column_count] = child_column;
    edge->parent_columns[edge->column_count] = parent_column;
    edge->equals[edge->column_count] = "=";
    edge->is_bytes_equal =
        edge->is_bytes_equal && pair_is_bytes_equal(reading, child_column, parent_column);
    edge->column_count++;
    assert(child_column->type && parent_column->type);
    return true;
}

static bool edge_start(struct my_reading *reading, struct my_result *result, size_t row,
                       size_t count, struct edge *edge)
{
    bool ok = true;

    edge->kind = EDGE_FOREIGN_KEY;
    edge->is_not_valid = true; /* whoever loads may turn checks off, and nothing remembers it */
    edge->constraint = my_reading_text(reading, result, row, PAIR_NAME, &ok);
    edge->child_columns = ARENA_ARRAY(reading->arena, count, const struct column *);
    edge->parent_columns = ARENA_ARRAY(reading->arena, count, const struct column *);
    edge->equals = ARENA_ARRAY(reading->arena, count, const char *);
    edge->is_bytes_equal = true;
    return ok && edge->child_columns && edge->parent_columns && edge->equals;
}

/* A reference whose own columns the user does not see is none that could be followed; whether the
 * table is wanted all the same is judged where its missing right is said. */
static bool child_is_hidden(struct my_reading *reading, struct my_result *result, size_t from,
                            size_t to, const struct table *child, bool *is_hidden,
                            struct error *err)
{
    *is_hidden = false;
    for (size_t row = from; row < to; row++) {
        if (!my_find_column(child, my_text(result, row, PAIR_CHILD_COLUMN)))
            return table_hides(reading, child, is_hidden, err);
    }
    return true;
}

/* The parent, made up where it is of another schema, hidden from the role, or not there at all:
 * nothing stops a foreign key from naming it. */
static struct table *parent_find(struct my_reading *reading, struct my_result *result, size_t row,
                                 struct error *err)
{
    const char *schema = my_text(result, row, PAIR_SCHEMA);
    const char *name = my_text(result, row, PAIR_PARENT);
    struct table *parent = my_reading_table(reading, schema, name);

    return parent ? parent : stub_add(reading, schema, name, err);
}

static bool edge_add(struct my_reading *reading, struct my_result *result, size_t from, size_t to,
                     const struct map *rules, struct error *err)
{
    struct catalog *catalog = reading->catalog;
    struct table *child = my_reading_table(reading, NULL, my_text(result, from, PAIR_CHILD));
    struct edge *edge = ARENA_NEW(reading->arena, struct edge);
    struct edge **edges = arena_grow(reading->arena, catalog->edges, catalog->edge_count,
                                     &reading->edge_capacity, sizeof(struct edge *));
    const uint64_t *rule =
        my_pair_find(rules, my_text(result, from, PAIR_CHILD), my_text(result, from, PAIR_NAME));
    bool is_hidden;

    if (!child) /* its engine is not copied */
        return true;
    if (!edge || !edges || !edge_start(reading, result, from, to - from, edge))
        return error_memory(err);
    if (!child_is_hidden(reading, result, from, to, child, &is_hidden, err))
        return false;
    if (is_hidden)
        return true;
    struct table *parent = parent_find(reading, result, from, err);
    if (!parent)
        return false;
    assert(parent->name && from < to);
    edge->child = child;
    edge->parent = parent;
    edge->on_delete = rule ? (char)*rule : '?';
    for (size_t row = from; row < to; row++) {
        if (!pair_add(reading, result, row, edge, err))
            return false;
    }
    if (parent->is_outside && !stub_key(reading, parent, edge))
        return error_memory(err);
    catalog->edges = edges;
    catalog->edges[catalog->edge_count++] = edge;
    return true;
}

static bool is_same_constraint(struct my_result *result, size_t a, size_t b)
{
    return strcmp(my_text(result, a, PAIR_NAME), my_text(result, b, PAIR_NAME)) == 0 &&
           strcmp(my_text(result, a, PAIR_CHILD), my_text(result, b, PAIR_CHILD)) == 0;
}

static bool pairs_read(struct my_reading *reading, const struct map *rules, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_read =
        my_reading_query(reading, pairs_sql, pairs_sql_tail, "foreign keys", &result, err);

    for (size_t from = 0, to; is_read && from < result.count; from = to) {
        for (to = from + 1; to < result.count && is_same_constraint(&result, from, to);)
            to++;
        is_read = edge_add(reading, &result, from, to, rules, err);
    }
    my_result_release(&result);
    return is_read;
}

/* True for binary(16), the form in which a key of UUIDs is kept. */
static bool is_sixteen_bytes(const struct column *column)
{
    return column->type->kind == KIND_BYTES && strcmp(column->type->name, "binary") == 0 &&
           column->max_length == 16;
}

static bool uuid_set(struct my_reading *reading, const struct column *column, struct error *err)
{
    struct column *own = reading->catalog->tables[column->table->index]->columns[column->index];

    assert(own->name && strcmp(own->name, column->name) == 0);
    return !is_sixteen_bytes(column) || my_reading_uuid_type(reading, &own->type, err);
}

/* Behind all edges, of which each end may be the other end's reason. */
static bool uuids_find(struct my_reading *reading, struct error *err)
{
    const struct catalog *catalog = reading->catalog;

    for (size_t t = 0; t < catalog->table_count; t++) {
        const struct table *table = catalog->tables[t];

        for (size_t i = 0; i < table->column_count; i++) {
            if (column_is_in_key(table->columns[i]) && !uuid_set(reading, table->columns[i], err))
                return false;
        }
    }
    for (size_t e = 0; e < catalog->edge_count; e++) {
        const struct edge *edge = catalog->edges[e];

        for (size_t i = 0; i < edge->column_count; i++) {
            if (!uuid_set(reading, edge->child_columns[i], err) ||
                !uuid_set(reading, edge->parent_columns[i], err))
                return false;
        }
    }
    return true;
}

bool my_read_edges(struct my_reading *reading, struct error *err)
{
    AUTO(map) struct map *rules = map_new();

    if (!rules)
        return error_memory(err);
    return rules_read(reading, rules, err) && pairs_read(reading, rules, err) &&
           uuids_find(reading, err);
}
