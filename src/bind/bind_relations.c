/* Relations the database does not declare, resolved into edges like those of foreign keys. */
#include "base/words.h"
#include "bind/binder.h"

static bool columns_resolve(struct binder *binder, const struct table *table,
                            const struct column_path *path, const struct yaml_node *node,
                            const struct column ***columns)
{
    *columns = ARENA_ARRAY(binder->arena, path->column_count + 1, const struct column *);
    if (!*columns) {
        binder->has_memory_failed = true;
        return false;
    }
    for (size_t i = 0; i < path->column_count; i++) {
        (*columns)[i] = binder_column(binder, table, path->columns[i], node);
        if (!(*columns)[i])
            return false;
    }
    return true;
}

static bool has_unique_key_over(const struct table *table, const struct column *const *columns,
                                size_t count)
{
    for (size_t k = 0; k < table->key_count; k++) {
        const struct key *key = table->keys[k];
        size_t found = 0;

        if (key->column_count != count || key->is_partial || key->is_expression ||
            key->is_exclusion)
            continue;
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                found += key->columns[i] == columns[j];
        if (found == count)
            return true;
    }
    return false;
}

static bool is_comparable(enum kind kind)
{
    return kind != KIND_OTHER && kind != KIND_COMPOSITE && kind != KIND_HSTORE;
}

/* Types whose values can be compared without guessing. A path into a document delivers text. */
static bool types_fit(const struct edge *edge)
{
    const struct type *child = edge->child_columns[0]->type;
    enum kind parent = edge->parent_columns[0]->type->kind;

    if (edge->json_path)
        return child->kind == KIND_JSON &&
               (parent == KIND_INTEGER || parent == KIND_TEXT || parent == KIND_UUID);
    while (child->class == TYPE_DOMAIN)
        child = child->element;
    if (edge->is_array)
        return child->class == TYPE_ARRAY && child->element->kind == parent &&
               is_comparable(parent);
    for (size_t i = 0; i < edge->column_count; i++)
        if (edge->child_columns[i]->type->kind != edge->parent_columns[i]->type->kind ||
            !is_comparable(edge->child_columns[i]->type->kind))
            return false;
    return true;
}

static bool column_bytes_equal(const struct column *column)
{
    return !column->is_nondeterministic && !column->type->is_case_insensitive &&
           column->type->kind != KIND_REAL && column->type->kind != KIND_INET &&
           column->type->kind != KIND_MAC && column->type->kind != KIND_OTHER;
}

static bool edge_bytes_equal(const struct edge *edge)
{
    for (size_t i = 0; i < edge->column_count; i++)
        if (!column_bytes_equal(edge->parent_columns[i]) ||
            (!edge->json_path && !edge->is_array && !column_bytes_equal(edge->child_columns[i])))
            return false;
    return true;
}

static bool index_serves(const struct table *table, const struct column *const *columns,
                         size_t count)
{
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        size_t found = 0;

        if (index->is_partial || index->column_count < count)
            continue;
        for (size_t a = 0; a < count; a++)
            for (size_t b = 0; b < count; b++)
                found += index->columns[a] == columns[b];
        if (found == count)
            return true;
    }
    return has_unique_key_over(table, columns, count);
}

static struct edge *relation_resolve(struct binder *binder, const struct profile_relation *relation)
{
    struct edge *edge = ARENA_NEW(binder->arena, struct edge);

    if (!edge) {
        binder->has_memory_failed = true;
        return NULL;
    }
    edge->child = binder_table(binder, &relation->from.table, relation->node);
    edge->parent = binder_table(binder, &relation->to.table, relation->node);
    if (!edge->child || !edge->parent)
        return NULL;
    if (relation->from.column_count != relation->to.column_count || !relation->to.column_count ||
        relation->to.is_array || relation->to.json_path) {
        binder_fault_at(binder, relation->node, STATUS_PROFILE,
                        "write the same number of columns on both sides, plain ones in 'to'",
                        "the two sides of the relation do not match");
        return NULL;
    }
    edge->kind = relation->when ? EDGE_POLYMORPHIC : EDGE_DECLARED;
    edge->column_count = relation->to.column_count;
    edge->when = relation->when;
    edge->json_path = relation->from.json_path;
    edge->is_array = relation->from.is_array;
    edge->on_delete = ' ';
    if (!columns_resolve(binder, edge->child, &relation->from, relation->node,
                         &edge->child_columns) ||
        !columns_resolve(binder, edge->parent, &relation->to, relation->node,
                         &edge->parent_columns))
        return NULL;
    if (!has_unique_key_over(edge->parent, edge->parent_columns, edge->column_count)) {
        binder_fault_at(binder, relation->node, STATUS_PROFILE,
                        "refer to the primary key or to a unique key of that table",
                        "the columns that the relation refers to in table '%s' are not unique",
                        edge->parent->label);
        return NULL;
    }
    if (!types_fit(edge)) {
        const bool is_list = edge->is_array && binder->catalog->engine == ENGINE_MYSQL;

        binder_fault_at(binder, relation->node, STATUS_PROFILE,
                        is_list
                            ? "MySQL has no arrays; the elements of a JSON list are no references "
                              "here: give the column a json rule"
                            : NULL,
                        "the two sides of the relation from table '%s' to table '%s' have "
                        "different types",
                        edge->child->label, edge->parent->label);
        return NULL;
    }
    edge->is_all_nullable = true;
    for (size_t i = 0; i < edge->column_count; i++) {
        edge->is_nullable |= !edge->child_columns[i]->is_not_null;
        edge->is_all_nullable &= !edge->child_columns[i]->is_not_null;
    }
    edge->is_bytes_equal = edge_bytes_equal(edge);
    edge->parent_is_indexed = true;
    edge->child_is_indexed = !edge->json_path && !edge->is_array &&
                             index_serves(edge->child, edge->child_columns, edge->column_count);
    return edge;
}

bool bind_relations(struct binder *binder, struct edge ***relations, size_t *count)
{
    const struct profile *profile = binder->profile;

    *count = 0;
    *relations = ARENA_ARRAY(binder->arena, profile->relation_count + 1, struct edge *);
    binder->relation_nodes =
        ARENA_ARRAY(binder->arena, profile->relation_count + 1, const struct yaml_node *);
    if (!*relations || !binder->relation_nodes)
        return false;
    for (size_t i = 0; i < profile->relation_count; i++) {
        struct edge *edge = relation_resolve(binder, &profile->relations[i]);

        if (!edge)
            continue;
        binder->relation_nodes[*count] = profile->relations[i].node;
        (*relations)[(*count)++] = edge;
    }
    return !binder->has_memory_failed;
}
