/* How each edge is followed: what the profile says of it, and edges that lead nowhere. */
#include "base/words.h"
#include "bind/binder.h"

static bool has_columns(const struct edge *edge, const struct column *const *columns, size_t count)
{
    if (edge->column_count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_there = false;

        for (size_t j = 0; j < count; j++)
            is_there |= edge->child_columns[j] == columns[i];
        if (!is_there)
            return false;
    }
    return true;
}

/* What an entry under follow.edges names, with its names resolved. */
struct sought {
    const struct table *child; /* NULL: named by its constraint alone */
    const struct column **columns;
    size_t count;
    const char *json_path, *constraint;
};

static bool edge_fits(const struct edge *edge, const struct sought *sought)
{
    if (sought->constraint &&
        (!edge->constraint || strcmp(edge->constraint, sought->constraint) != 0))
        return false;
    if (!sought->child)
        return true;
    return edge->child == sought->child && has_columns(edge, sought->columns, sought->count) &&
           (!sought->json_path ||
            (edge->json_path && strcmp(edge->json_path, sought->json_path) == 0));
}

static bool sought_resolve(struct binder *binder, const struct profile_edge *entry,
                           struct sought *sought)
{
    *sought = (struct sought){.count = entry->child.column_count,
                              .json_path = entry->child.json_path,
                              .constraint = entry->constraint};
    assert(sought->count || sought->constraint);
    if (!sought->count)
        return true;
    sought->child = binder_table(binder, &entry->child.table, entry->node);
    sought->columns = ARENA_ARRAY(binder->arena, sought->count, const struct column *);
    binder->has_memory_failed |= !sought->columns;
    if (!sought->child || !sought->columns)
        return false;
    for (size_t i = 0; i < sought->count; i++) {
        sought->columns[i] =
            binder_column(binder, sought->child, entry->child.columns[i], entry->node);
        if (!sought->columns[i])
            return false;
    }
    return true;
}

/* A unique key in which NULLs are equal (NULLS NOT DISTINCT), over a column of the reference. */
static const struct key *key_of_one_null(const struct edge *edge)
{
    for (size_t k = 0; k < edge->child->key_count; k++) {
        const struct key *key = edge->child->keys[k];

        for (size_t i = 0; key->is_nulls_not_distinct && i < edge->column_count; i++)
            for (size_t c = 0; c < key->column_count; c++)
                if (key->columns[c] == edge->child_columns[i])
                    return key;
    }
    return NULL;
}

/* A reference that sits in part of a value cannot be taken out of it, and a full match allows no
 * half. */
static void check_cut(struct binder *binder, const struct edge *edge, const struct yaml_node *node)
{
    const struct key *key = key_of_one_null(edge);
    bool can_be_null = false;

    for (size_t i = 0; i < edge->column_count; i++)
        can_be_null |=
            !edge->child_columns[i]->is_not_null && !edge->child_columns[i]->is_generated;
    if (edge->is_array || edge->json_path)
        binder_fault_at(
            binder, node, STATUS_PROFILE,
            "leave the relation out; its values are rewritten as its column's rule says",
            "the edge '%s' cannot be cut: its reference stands inside %s", edge->name,
            edge->is_array ? "an array" : "a document");
    else if (!can_be_null || (edge->is_match_full && !edge->is_all_nullable))
        binder_fault_at(binder, node, STATUS_PROFILE, "keep the parent, or exclude the child table",
                        "the edge '%s' cannot be cut: its columns are NOT NULL", edge->name);
    else if (key)
        binder_fault_at(
            binder, node, STATUS_PROFILE, "keep the parent, or exclude the child table",
            "the edge '%s' cannot be cut: NULLs are not distinct in the unique key '%s'",
            edge->name, words_printable(binder->arena, key->name));
}

static void edge_set(struct binder *binder, const struct edge *edge,
                     const struct profile_edge *entry)
{
    struct bound_edge *bound = &binder->binding->edges[edge->index];

    if (binder->follows[edge->index]) {
        binder_fault_at(binder, entry->node, STATUS_PROFILE, NULL,
                        "the edge '%s' is set twice under follow.edges", edge->name);
        return;
    }
    binder->follows[edge->index] = entry;
    if (entry->has_take)
        bound->take = entry->take;
    bound->order = entry->order;
    bound->is_parent_cut = entry->is_parent_cut;
    binder_check_sql(binder, edge->child, entry->order, "order", entry->node);
    if (entry->is_parent_cut)
        check_cut(binder, edge, entry->node);
}

/* Alternatives of one polymorphic column have no names of their own and are set together; of other
 * edges an entry must name one. */
static void follow_set(struct binder *binder, const struct profile_edge *entry)
{
    const struct edge_list *all = &binder->binding->graph->all;
    struct sought sought;
    size_t found = 0, polymorphic = 0;

    if (!sought_resolve(binder, entry, &sought))
        return;
    for (size_t i = 0; i < all->count; i++)
        if (edge_fits(all->edges[i], &sought)) {
            found++;
            polymorphic += all->edges[i]->kind == EDGE_POLYMORPHIC;
        }
    if (found == 0) {
        binder_fault_at(binder, entry->node, STATUS_PROFILE,
                        "`understudy plan` lists the edges; relations: declares further ones",
                        "no foreign key and no relation is called that");
        return;
    }
    if (found > 1 && polymorphic != found) {
        binder_fault_at(binder, entry->node, STATUS_PROFILE,
                        sought.child ? "name it by its constraint: { constraint: NAME, ... }"
                                     : "name its columns as well: { edge: TABLE.COLUMN, "
                                       "constraint: NAME, ... }",
                        sought.child ? "several edges leave these columns of table '%s'"
                                     : "several %s have a constraint of this name",
                        sought.child ? sought.child->label : "tables");
        return;
    }
    for (size_t i = 0; i < all->count; i++)
        if (edge_fits(all->edges[i], &sought))
            edge_set(binder, all->edges[i], entry);
}

static bool is_gone(const struct bound_table *table)
{
    return table->role == ROLE_EXCLUDED || table->role == ROLE_EMPTY;
}

/* An edge into a table that staging does not fill leads nowhere. */
static void check_dead_end(struct binder *binder, struct bound_edge *bound)
{
    const struct edge *edge = bound->edge;
    const struct bound_table *child = &binder->binding->tables[edge->child->index];
    const struct bound_table *parent = &binder->binding->tables[edge->parent->index];
    const struct profile_edge *entry = binder->follows[edge->index];
    const char *hint = "its columns are NOT NULL: bring the parent table, or leave the child out "
                       "too";

    bound->is_ignored = is_gone(child) || is_gone(parent);
    if (is_gone(child) || !is_gone(parent) || bound->is_parent_cut)
        return;
    if (edge->is_array || edge->json_path)
        hint = "bring the parent table, or leave the relation out";
    else if (edge->is_nullable)
        hint = "say `parent: cut` for this edge under sample.follow.edges";
    binder_fault_at(binder, entry ? entry->node : binder_edge_node(binder, edge), STATUS_PROFILE,
                    hint, "the edge '%s' leads into a table that stays %s", edge->name,
                    parent->role == ROLE_EMPTY ? "empty" : "out of staging");
}

bool bind_follow(struct binder *binder)
{
    struct binding *binding = binder->binding;

    for (size_t i = 0; i < binding->graph->all.count; i++) {
        struct bound_edge *bound = &binding->edges[i];

        bound->edge = binding->graph->all.edges[i];
        bound->take = binder->profile->follow_default;
        bound->when = -1;
    }
    for (size_t i = 0; i < binder->profile->edge_count; i++)
        follow_set(binder, &binder->profile->edges[i]);
    for (size_t i = 0; i < binding->graph->all.count; i++) {
        struct bound_edge *bound = &binding->edges[i];
        const struct edge *edge = bound->edge;

        check_dead_end(binder, bound);
        if (edge->when && !is_gone(&binding->tables[edge->child->index]))
            bound->when = binder_discriminator(binder, edge->child, edge->when,
                                               binder_edge_node(binder, edge));
    }
    return !binder->has_memory_failed;
}
