/* Finishes a catalog that a driver has filled: order, numbers, labels, and what follows from keys
 * and indexes. */
#include "catalog/catalog.h"
#include "base/buf.h"
#include "base/words.h"
#include <stdlib.h>

static int text_compare(const char *a, const char *b)
{
    return strcmp(a, b); /* bytewise: no order here may depend on a locale */
}

static int table_compare(const void *left, const void *right)
{
    const struct table *a = *(const struct table *const *)left;
    const struct table *b = *(const struct table *const *)right;
    int order = text_compare(a->schema, b->schema);

    return order ? order : text_compare(a->name, b->name);
}

static int relation_compare(const void *left, const void *right)
{
    const struct relation *a = left;
    const struct relation *b = right;
    int order = text_compare(a->schema, b->schema);

    return order ? order : text_compare(a->name, b->name);
}

static int edge_compare(const void *left, const void *right)
{
    const struct edge *a = *(const struct edge *const *)left;
    const struct edge *b = *(const struct edge *const *)right;

    if (a->child != b->child)
        return a->child->index < b->child->index ? -1 : 1;
    return text_compare(a->constraint ? a->constraint : "", b->constraint ? b->constraint : "");
}

static int type_compare(const void *left, const void *right)
{
    const struct type *a = *(const struct type *const *)left;
    const struct type *b = *(const struct type *const *)right;

    return a->oid < b->oid ? -1 : a->oid > b->oid;
}

/* "schema\0table": no name holds a NUL, so no two tables share a key. */
static bool table_key(struct buf *key, const char *schema, const char *name)
{
    buf_reset(key);
    buf_add(key, schema, strlen(schema) + 1);
    buf_add_text(key, name);
    return buf_ok(key);
}

static bool table_finish(struct catalog *catalog, struct table *table, struct error *err)
{
    if (table->relation_count > UINT16_MAX)
        return error_set(err, STATUS_SOURCE, "table '%s' has more than %u partitions", table->name,
                         (unsigned)UINT16_MAX);
    if (table->relation_count > 1)
        qsort(table->relations, table->relation_count, sizeof(*table->relations), relation_compare);
    table->row_estimate = 0;
    for (size_t i = 0; i < table->relation_count; i++) {
        table->relations[i].index = (uint16_t)i;
        if (table->relations[i].row_estimate < 0)
            table->row_estimate = -1;
        if (table->row_estimate >= 0)
            table->row_estimate += table->relations[i].row_estimate;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        table->columns[i]->index = (uint16_t)i;
        table->columns[i]->table = table;
    }

    const char *plain = table->schema[0]
                            ? arena_printf(catalog->arena, "%s.%s", table->schema, table->name)
                            : table->name;
    if (!plain)
        return error_memory(err);
    table->label = words_printable(catalog->arena, plain);
    return table->label ? true : error_memory(err);
}

static bool tables_finish(struct catalog *catalog, struct error *err)
{
    struct buf key;
    bool ok = true;

    catalog->tables_by_name = map_new();
    if (!catalog->tables_by_name)
        return error_memory(err);
    if (catalog->table_count > 1)
        qsort(catalog->tables, catalog->table_count, sizeof(struct table *), table_compare);

    buf_init(&key, 1 << 16);
    for (size_t i = 0; ok && i < catalog->table_count; i++) {
        struct table *table = catalog->tables[i];
        bool is_new = false;

        table->index = (uint32_t)i;
        if (catalog->default_schema && strcmp(table->schema, catalog->default_schema) == 0)
            table->key_schema = "public";
        ok = table_finish(catalog, table, err);
        if (ok && (!table_key(&key, table->schema, table->name) ||
                   !map_put(catalog->tables_by_name, buf_span(&key), i, &is_new)))
            ok = error_memory(err);
        assert(!ok || is_new);
    }
    buf_release(&key);
    return ok;
}

static bool columns_lead(const struct column *const *columns, size_t count,
                         const struct column **index, size_t index_count)
{
    if (index_count < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_there = false;

        for (size_t j = 0; j < count; j++)
            is_there = is_there || index[j] == columns[i];
        if (!is_there)
            return false;
    }
    return true;
}

/* Does an index serve lookups by these columns, in whatever order it has them in front? */
static bool table_is_indexed(const struct table *table, const struct column *const *columns,
                             size_t count)
{
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];

        if (!index->is_partial && columns_lead(columns, count, index->columns, index->column_count))
            return true;
    }
    return false;
}

static void columns_print(struct buf *out, const struct column *const *columns, size_t count)
{
    buf_add_char(out, '(');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_text(out, ", ");
        buf_add_text(out, columns[i]->name);
    }
    buf_add_char(out, ')');
}

static bool edge_name(struct catalog *catalog, struct edge *edge, struct error *err)
{
    struct buf name;

    buf_init(&name, 1 << 20);
    buf_add_text(&name, edge->child->label);
    columns_print(&name, edge->child_columns, edge->column_count);
    buf_add_text(&name, " -> ");
    buf_add_text(&name, edge->parent->label);
    columns_print(&name, edge->parent_columns, edge->column_count);

    const char *copy = buf_ok(&name) ? arena_strdup(catalog->arena, buf_text(&name)) : NULL;
    buf_release(&name);
    edge->name = copy ? words_printable(catalog->arena, copy) : NULL;
    return edge->name ? true : error_memory(err);
}

static bool edge_finish(struct catalog *catalog, struct edge *edge, struct error *err)
{
    assert(edge->child && edge->parent && edge->column_count > 0);
    edge->is_nullable = false;
    edge->is_all_nullable = true;
    for (size_t i = 0; i < edge->column_count; i++) {
        if (edge->child_columns[i]->is_not_null)
            edge->is_all_nullable = false;
        if (!edge->child_columns[i]->is_not_null)
            edge->is_nullable = true;
    }
    edge->child_is_indexed = table_is_indexed(edge->child, edge->child_columns, edge->column_count);
    edge->parent_is_indexed =
        table_is_indexed(edge->parent, edge->parent_columns, edge->column_count);
    return edge_name(catalog, edge, err);
}

bool catalog_finish(struct catalog *catalog, struct error *err)
{
    assert(catalog && catalog->arena && !catalog->tables_by_name);
    if (!tables_finish(catalog, err))
        return false;
    if (catalog->edge_count > 1)
        qsort(catalog->edges, catalog->edge_count, sizeof(struct edge *), edge_compare);
    for (size_t i = 0; i < catalog->edge_count; i++) {
        catalog->edges[i]->index = (uint32_t)i;
        if (!edge_finish(catalog, catalog->edges[i], err))
            return false;
    }
    if (catalog->type_count > 1)
        qsort(catalog->types, catalog->type_count, sizeof(struct type *), type_compare);
    return true;
}

void catalog_free(struct catalog *catalog)
{
    if (!catalog)
        return;
    assert(catalog->arena);
    map_free(catalog->tables_by_name);
    arena_free(catalog->arena); /* the catalog itself lies in it */
}
