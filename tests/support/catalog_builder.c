/* Catalogs made by hand: every list is copied when it grows, which is slow and does not matter. */
#include "support/catalog_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    struct catalog *catalog;
    struct table *current;
    bool is_finished;
};

struct base_type {
    const char *name, *schema;
    uint32_t oid;
    enum kind kind;
    unsigned width;
    bool is_padded, is_case_insensitive;
};

static const struct base_type base_types[] = {
    {"bool", "pg_catalog", 16, KIND_BOOLEAN, 0, false, false},
    {"bytea", "pg_catalog", 17, KIND_BYTES, 0, false, false},
    {"int8", "pg_catalog", 20, KIND_INTEGER, 8, false, false},
    {"int2", "pg_catalog", 21, KIND_INTEGER, 2, false, false},
    {"int4", "pg_catalog", 23, KIND_INTEGER, 4, false, false},
    {"text", "pg_catalog", 25, KIND_TEXT, 0, false, false},
    {"oid", "pg_catalog", 26, KIND_OTHER, 0, false, false},
    {"json", "pg_catalog", 114, KIND_JSON, 0, false, false},
    {"float4", "pg_catalog", 700, KIND_REAL, 4, false, false},
    {"float8", "pg_catalog", 701, KIND_REAL, 8, false, false},
    {"inet", "pg_catalog", 869, KIND_OTHER, 0, false, false},
    {"char", "pg_catalog", 1042, KIND_TEXT, 0, true, false},
    {"varchar", "pg_catalog", 1043, KIND_TEXT, 0, false, false},
    {"date", "pg_catalog", 1082, KIND_DATE, 0, false, false},
    {"time", "pg_catalog", 1083, KIND_TIME, 0, false, false},
    {"timestamp", "pg_catalog", 1114, KIND_TIMESTAMP, 0, false, false},
    {"timestamptz", "pg_catalog", 1184, KIND_INSTANT, 0, false, false},
    {"interval", "pg_catalog", 1186, KIND_OTHER, 0, false, false},
    {"numeric", "pg_catalog", 1700, KIND_DECIMAL, 0, false, false},
    {"uuid", "pg_catalog", 2950, KIND_UUID, 0, false, false},
    {"tsvector", "pg_catalog", 3614, KIND_OTHER, 0, false, false},
    {"jsonb", "pg_catalog", 3802, KIND_JSON, 0, false, false},
    {"citext", "public", 16500, KIND_TEXT, 0, false, true},
};

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "catalog builder: %s '%s'\n", what, name);
    abort();
}

static void *must(void *memory)
{
    if (!memory)
        fail("out of memory", "");
    return memory;
}

/* One more pointer at the end of a list. */
static void *append(struct builder *b, const void *items, size_t count, size_t size)
{
    char *grown = must(arena_array(b->catalog->arena, count + 1, size));

    if (count > 0)
        memcpy(grown, items, count * size);
    return grown;
}

static char *copy(struct builder *b, const char *text)
{
    return must(arena_strdup(b->catalog->arena, text));
}

struct builder *builder_new(void)
{
    struct arena *arena = must(arena_new());
    struct builder *builder = must(arena_alloc(arena, sizeof(*builder)));

    builder->catalog = must(arena_alloc(arena, sizeof(*builder->catalog)));
    *builder->catalog = (struct catalog){.arena = arena,
                                         .default_schema = "public",
                                         .search_path = "public",
                                         .encoding = "UTF8",
                                         .database = "test",
                                         .server_version = "15.0",
                                         .version_number = 150000,
                                         .identity = "1/1"};
    return builder;
}

void builder_free(struct builder *builder)
{
    if (!builder)
        return;
    if (builder->is_finished)
        catalog_free(builder->catalog);
    else
        arena_free(builder->catalog->arena);
}

struct arena *builder_arena(struct builder *builder)
{
    return builder->catalog->arena;
}

static struct table *find_table(const struct builder *b, const char *schema, const char *name)
{
    for (size_t i = 0; i < b->catalog->table_count; i++) {
        struct table *table = b->catalog->tables[i];
        if (strcmp(table->schema, schema) == 0 && strcmp(table->name, name) == 0)
            return table;
    }
    return NULL;
}

static struct table *find_written(const struct builder *b, const char *text)
{
    char schema[64] = "public";
    const char *dot = strchr(text, '.');

    if (dot) {
        snprintf(schema, sizeof(schema), "%.*s", (int)(dot - text), text);
        text = dot + 1;
    }
    struct table *table = find_table(b, schema, text);
    if (!table)
        fail("no table", text);
    return table;
}

struct table *builder_table(struct builder *builder, const char *schema, const char *name)
{
    struct catalog *catalog = builder->catalog;

    builder->current = find_table(builder, schema, name);
    if (builder->current)
        return builder->current;
    assert(!builder->is_finished);
    struct table *table = must(arena_alloc(catalog->arena, sizeof(*table)));
    table->schema = copy(builder, schema);
    table->name = copy(builder, name);
    table->label = must(arena_printf(catalog->arena, "%s.%s", schema, name));
    table->index = (uint32_t)catalog->table_count;
    table->oid = 20000 + table->index;
    table->row_estimate = -1;
    catalog->tables =
        append(builder, catalog->tables, catalog->table_count, sizeof(*catalog->tables));
    catalog->tables[catalog->table_count++] = table;
    builder->current = table;
    builder_rows(builder, -1);
    return table;
}

static struct type *add_type(struct builder *b, const char *schema, const char *name,
                             enum type_class class)
{
    struct catalog *catalog = b->catalog;
    struct type *type = must(arena_alloc(catalog->arena, sizeof(*type)));

    type->schema = schema;
    type->name = copy(b, name);
    type->class = class;
    type->oid = 30000 + (uint32_t)catalog->type_count;
    type->has_binary = true;
    catalog->types = append(b, catalog->types, catalog->type_count, sizeof(*catalog->types));
    catalog->types[catalog->type_count++] = type;
    return type;
}

static const struct type *find_type(struct builder *b, const char *name)
{
    for (size_t i = 0; i < b->catalog->type_count; i++)
        if (strcmp(b->catalog->types[i]->name, name) == 0)
            return b->catalog->types[i];
    for (size_t i = 0; i < COUNT_OF(base_types); i++) {
        const struct base_type *base = &base_types[i];
        if (strcmp(base->name, name) != 0)
            continue;
        struct type *type = add_type(b, base->schema, name, TYPE_BASE);
        type->oid = base->oid;
        type->kind = base->kind;
        type->width = base->width;
        type->is_padded = base->is_padded;
        type->is_case_insensitive = base->is_case_insensitive;
        return type;
    }
    fail("no type", name);
    return NULL;
}

static const struct type *find_array(struct builder *b, const char *name)
{
    const struct type *element = find_type(b, name);
    char array[80];

    snprintf(array, sizeof(array), "_%s", name);
    for (size_t i = 0; i < b->catalog->type_count; i++)
        if (strcmp(b->catalog->types[i]->name, array) == 0)
            return b->catalog->types[i];
    struct type *type = add_type(b, element->schema, array, TYPE_ARRAY);
    type->kind = KIND_OTHER;
    type->element = element;
    return type;
}

/* "varchar(50)", "numeric(12,2)", "text[]": the name, then what stands behind it. */
static void set_type(struct builder *b, struct column *column, const char *text)
{
    char name[64];
    size_t len = strcspn(text, "([");
    unsigned first = 0, second = 0;

    snprintf(name, sizeof(name), "%.*s", (int)len, text);
    column->type_text = copy(b, text);
    column->modifier = -1;
    column->type = strchr(text, '[') ? find_array(b, name) : find_type(b, name);
    if (column->type->kind == KIND_TIMESTAMP || column->type->kind == KIND_INSTANT ||
        column->type->kind == KIND_TIME)
        column->precision = 6;
    if (text[len] != '(' || sscanf(text + len, "(%u,%u)", &first, &second) < 1)
        return;
    if (column->type->kind == KIND_TEXT) {
        column->max_length = first;
        column->modifier = (int32_t)first + 4;
        return;
    }
    column->precision = (uint16_t)first;
    column->scale = (uint16_t)second;
}

struct column *builder_column(struct builder *builder, const char *name, const char *type,
                              unsigned flags)
{
    struct table *table = builder->current;

    assert(table && !builder->is_finished);
    struct column *column = must(arena_alloc(builder->catalog->arena, sizeof(*column)));
    column->name = copy(builder, name);
    column->index = (uint16_t)table->column_count;
    column->number = (uint16_t)(column->index + 1);
    column->table = table;
    set_type(builder, column, type);
    column->is_not_null = (flags & (BUILD_NOT_NULL | BUILD_IDENTITY)) != 0;
    column->identity = (flags & BUILD_IDENTITY) != 0 ? 'd' : 0;
    column->is_generated = (flags & (BUILD_GENERATED | BUILD_VIRTUAL)) != 0;
    column->is_virtual = (flags & BUILD_VIRTUAL) != 0;
    column->is_nondeterministic = (flags & BUILD_NONDETERMINISTIC) != 0;
    table->columns = append(builder, table->columns, table->column_count, sizeof(*table->columns));
    table->columns[table->column_count++] = column;
    return column;
}

static struct column *column_of(const struct table *table, const char *name, size_t len)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strlen(table->columns[i]->name) == len &&
            memcmp(table->columns[i]->name, name, len) == 0)
            return table->columns[i];
    fail("no column", name);
    return NULL;
}

static const struct column **column_list(struct builder *b, const struct table *table,
                                         const char *text, size_t *count)
{
    const struct column **columns = NULL;

    *count = 0;
    while (text) {
        size_t len = strcspn(text, ",");
        columns = append(b, columns, *count, sizeof(*columns));
        columns[(*count)++] = column_of(table, text, len);
        text = text[len] ? text + len + 1 : NULL;
    }
    return columns;
}

static struct key *add_key(struct builder *b, const char *columns, const char *suffix)
{
    struct table *table = b->current;
    struct key *key = must(arena_alloc(b->catalog->arena, sizeof(*key)));

    assert(table && !b->is_finished);
    key->name =
        must(arena_printf(b->catalog->arena, "%s_%zu_%s", table->name, table->key_count, suffix));
    key->columns = column_list(b, table, columns, &key->column_count);
    key->is_constraint = true;
    table->keys = append(b, table->keys, table->key_count, sizeof(*table->keys));
    table->keys[table->key_count++] = key;
    return key;
}

struct key *builder_primary(struct builder *builder, const char *columns)
{
    struct key *key = add_key(builder, columns, "pkey");

    key->is_primary = true;
    builder->current->primary = key;
    for (size_t i = 0; i < key->column_count; i++)
        builder->current->columns[key->columns[i]->index]->is_not_null = true;
    builder_index(builder, columns);
    return key;
}

struct key *builder_unique(struct builder *builder, const char *columns)
{
    struct key *key = add_key(builder, columns, "key");

    builder_index(builder, columns);
    return key;
}

struct key *builder_exclusion(struct builder *builder, const char *columns)
{
    struct key *key = add_key(builder, columns, "excl");

    key->is_exclusion = true;
    return key;
}

void builder_index(struct builder *builder, const char *columns)
{
    struct table *table = builder->current;
    struct index *index;

    table->indexes = append(builder, table->indexes, table->index_count, sizeof(*table->indexes));
    index = &table->indexes[table->index_count++];
    index->columns = column_list(builder, table, columns, &index->column_count);
}

struct check *builder_check(struct builder *builder, const char *name, const char *expression,
                            const char *columns)
{
    struct table *table = builder->current;
    struct check *check;

    table->checks = append(builder, table->checks, table->check_count, sizeof(*table->checks));
    check = &table->checks[table->check_count++];
    check->name = copy(builder, name);
    check->expression = copy(builder, expression);
    check->columns = column_list(builder, table, columns, &check->column_count);
    return check;
}

void builder_storage(struct builder *builder, const char *name, bool is_transactional)
{
    builder->current->storage = name;
    builder->current->is_transactional = is_transactional;
}

void builder_rows(struct builder *builder, double rows)
{
    struct table *table = builder->current;

    if (table->relation_count == 0) {
        table->relations = must(arena_alloc(builder->catalog->arena, sizeof(*table->relations)));
        table->relation_count = 1;
    }
    table->relations[0] = (struct relation){.schema = table->schema,
                                            .name = table->name,
                                            .oid = table->oid,
                                            .relfilenode = table->oid,
                                            .pages = rows > 0 ? (uint64_t)(rows / 50) + 1 : 0,
                                            .row_estimate = rows};
    table->row_estimate = rows;
    table->bytes = table->relations[0].pages * 8192;
}

void builder_partition(struct builder *builder, const char *columns, bool by_list)
{
    struct table *table = builder->current;

    table->class = TABLE_PARTITIONED;
    table->partition_columns = column_list(builder, table, columns, &table->partition_column_count);
    table->has_list_partitions = by_list;
}

struct type *builder_enum(struct builder *builder, const char *name, const char *labels)
{
    struct type *type = add_type(builder, "public", name, TYPE_ENUM);

    type->kind = KIND_ENUM;
    while (labels) {
        size_t len = strcspn(labels, ",");
        type->labels = append(builder, type->labels, type->label_count, sizeof(*type->labels));
        type->labels[type->label_count++] =
            must(arena_strndup(builder->catalog->arena, labels, len));
        labels = labels[len] ? labels + len + 1 : NULL;
    }
    return type;
}

struct type *builder_domain(struct builder *builder, const char *name, const char *base,
                            const char *check)
{
    const struct type *element = find_type(builder, base);
    struct type *type = add_type(builder, "public", name, TYPE_DOMAIN);

    type->kind = element->kind;
    type->element = element;
    type->width = element->width;
    if (!check)
        return type;
    type->checks = must(arena_alloc(builder->catalog->arena, sizeof(*type->checks)));
    type->checks[0] = copy(builder, check);
    type->check_count = 1;
    return type;
}

static struct edge *make_edge(struct builder *b, const struct table *child,
                              const char *child_columns, const struct table *parent,
                              const char *parent_columns)
{
    struct arena *arena = b->catalog->arena;
    struct edge *edge = must(arena_alloc(arena, sizeof(*edge)));
    size_t count;

    edge->child = child;
    edge->parent = parent;
    edge->child_columns = column_list(b, child, child_columns, &edge->column_count);
    edge->parent_columns = column_list(b, parent, parent_columns, &count);
    assert(count == edge->column_count);
    edge->equals = must(arena_array(arena, count, sizeof(*edge->equals)));
    edge->is_all_nullable = true;
    for (size_t i = 0; i < count; i++) {
        edge->equals[i] = "OPERATOR(pg_catalog.=)";
        edge->is_nullable = edge->is_nullable || !edge->child_columns[i]->is_not_null;
        edge->is_all_nullable = edge->is_all_nullable && !edge->child_columns[i]->is_not_null;
    }
    edge->is_bytes_equal = true;
    edge->name = must(arena_printf(arena, "%s(%s) -> %s(%s)", child->label, child_columns,
                                   parent->label, parent_columns));
    return edge;
}

struct edge *builder_edge(struct builder *builder, const char *child, const char *child_columns,
                          const char *parent, const char *parent_columns)
{
    struct catalog *catalog = builder->catalog;
    struct edge *edge = make_edge(builder, find_written(builder, child), child_columns,
                                  find_written(builder, parent), parent_columns);

    assert(!builder->is_finished);
    edge->kind = EDGE_FOREIGN_KEY;
    edge->on_delete = 'a';
    edge->constraint =
        must(arena_printf(catalog->arena, "%s_%zu_fkey", edge->child->name, catalog->edge_count));
    edge->index = (uint32_t)catalog->edge_count;
    catalog->edges = append(builder, catalog->edges, catalog->edge_count, sizeof(*catalog->edges));
    catalog->edges[catalog->edge_count++] = edge;
    return edge;
}

struct edge *builder_relation(struct builder *builder, const char *child, const char *child_columns,
                              const char *parent, const char *parent_columns, const char *when)
{
    struct edge *edge = make_edge(builder, find_written(builder, child), child_columns,
                                  find_written(builder, parent), parent_columns);

    edge->kind = when ? EDGE_POLYMORPHIC : EDGE_DECLARED;
    edge->when = when ? copy(builder, when) : NULL;
    edge->on_delete = ' ';
    return edge;
}

const struct catalog *builder_finish(struct builder *builder)
{
    struct error err = {0};

    if (builder->is_finished)
        return builder->catalog;
    builder->is_finished = true;
    if (!catalog_finish(builder->catalog, &err))
        fail("cannot finish the catalog:", err.cause);
    return builder->catalog;
}

const struct table *builder_find_table(const struct builder *builder, const char *table)
{
    return find_written(builder, table);
}

const struct column *builder_find_column(const struct builder *builder, const char *table,
                                         const char *column)
{
    return column_of(find_written(builder, table), column, strlen(column));
}
