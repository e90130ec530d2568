/* Finds things in a finished catalog: tables, columns, types, the identity of a table's rows. */
#include "base/buf.h"
#include "catalog/catalog.h"

static const struct table *table_in_schema(const struct catalog *catalog, const char *schema,
                                           const char *name)
{
    struct buf key;

    buf_init(&key, 1 << 20);
    buf_add(&key, schema, strlen(schema) + 1);
    buf_add_text(&key, name);

    const uint64_t *index = buf_ok(&key) ? map_find(catalog->tables_by_name, buf_span(&key)) : NULL;
    buf_release(&key);
    assert(!index || *index < catalog->table_count);
    return index ? catalog->tables[*index] : NULL;
}

const struct table *catalog_find_table(const struct catalog *catalog, const char *schema,
                                       const char *name, bool *is_ambiguous)
{
    const struct table *found = NULL;

    assert(catalog->tables_by_name && name && is_ambiguous);
    *is_ambiguous = false;
    if (schema)
        return table_in_schema(catalog, schema, name);
    if (catalog->default_schema)
        found = table_in_schema(catalog, catalog->default_schema, name);
    if (found)
        return found;
    for (size_t i = 0; i < catalog->table_count; i++) {
        if (strcmp(catalog->tables[i]->name, name) != 0)
            continue;
        if (found) {
            *is_ambiguous = true;
            return NULL;
        }
        found = catalog->tables[i];
    }
    return found;
}

const struct column *table_find_column(const struct table *table, const char *name)
{
    assert(table && name);
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i]->name, name) == 0)
            return table->columns[i];
    }
    return NULL;
}

const char *table_key_schema(const struct table *table)
{
    assert(table && table->schema);
    return table->key_schema ? table->key_schema : table->schema;
}

const struct type *catalog_find_type(const struct catalog *catalog, uint32_t oid)
{
    size_t low = 0;
    size_t high = catalog->type_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (catalog->types[middle]->oid == oid)
            return catalog->types[middle];
        if (catalog->types[middle]->oid < oid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool key_is_identity(const struct key *key)
{
    if (key->is_deferrable || key->is_partial || key->is_expression || key->is_exclusion)
        return false;
    for (size_t i = 0; i < key->column_count; i++) {
        if (!key->columns[i]->is_not_null)
            return false;
    }
    return key->column_count > 0;
}

/* Fewer columns first, then the smaller column numbers. */
static bool key_goes_before(const struct key *a, const struct key *b)
{
    if (a->column_count != b->column_count)
        return a->column_count < b->column_count;
    for (size_t i = 0; i < a->column_count; i++) {
        if (a->columns[i]->number != b->columns[i]->number)
            return a->columns[i]->number < b->columns[i]->number;
    }
    return false;
}

const struct key *table_identity(const struct table *table)
{
    const struct key *best = NULL;

    assert(table);
    if (table->primary)
        return table->primary;
    for (size_t i = 0; i < table->key_count; i++) {
        const struct key *key = table->keys[i];

        if (key_is_identity(key) && (!best || key_goes_before(key, best)))
            best = key;
    }
    return best;
}

bool column_is_unique(const struct column *column)
{
    const struct table *table = column->table;

    assert(table);
    for (size_t i = 0; i < table->key_count; i++) {
        const struct key *key = table->keys[i];

        if (key->column_count == 1 && key->columns[0] == column && !key->is_partial &&
            !key->is_expression && !key->is_exclusion)
            return true;
    }
    return false;
}

bool edge_is_exact(const struct edge *edge)
{
    for (size_t i = 0; i < edge->column_count; i++) {
        const struct column *parent = edge->parent_columns[i], *child = edge->child_columns[i];

        if (parent->is_nondeterministic || child->is_nondeterministic ||
            parent->type->folds_accents || child->type->folds_accents)
            return false;
    }
    return !edge->is_period;
}

bool edge_is_countable(const struct edge *edge)
{
    return edge_is_exact(edge) || !(edge->is_period || edge->is_array || edge->json_path);
}

bool column_is_in_key(const struct column *column)
{
    const struct table *table = column->table;

    assert(table);
    for (size_t i = 0; i < table->key_count; i++) {
        for (size_t j = 0; j < table->keys[i]->column_count; j++) {
            if (table->keys[i]->columns[j] == column)
                return true;
        }
    }
    return false;
}
