/* A world bound by hand, as the profile would be: no rules, only which rows. */
#include "db/sql.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

static void *must(void *made)
{
    if (!made) {
        fprintf(stderr, "property: out of memory\n");
        exit(2);
    }
    return made;
}

static void fail(const char *what, const struct error *err)
{
    fprintf(stderr, "property: %s: %s: %s\n", what, err->context, err->cause);
    exit(2);
}

static const struct table *table_get(const struct catalog *catalog, int t)
{
    char name[20];
    bool is_ambiguous;

    snprintf(name, sizeof(name), "t%d", t);
    return must((void *)(uintptr_t)catalog_find_table(catalog, "w", name, &is_ambiguous));
}

static const struct column *column_get(const struct table *table, const char *prefix, int number,
                                       const char *suffix)
{
    char name[20];

    if (number < 0)
        snprintf(name, sizeof(name), "%s", prefix);
    else
        snprintf(name, sizeof(name), "%s%d%s", prefix, number, suffix);
    return must((void *)(uintptr_t)table_find_column(table, name));
}

static void edge_columns(const struct world *world, const struct world_link *link,
                         struct edge *edge, struct arena *arena)
{
    bool is_pair = world->tables[link->parent].shape == SHAPE_PAIR;

    edge->column_count = is_pair ? 2 : 1;
    edge->child_columns = must(ARENA_ARRAY(arena, 2, const struct column *));
    edge->parent_columns = must(ARENA_ARRAY(arena, 2, const struct column *));
    edge->equals = must(ARENA_ARRAY(arena, 2, const char *));
    for (int i = 0; i < (is_pair ? 2 : 1); i++) {
        const char *suffix = !is_pair ? "" : i ? "b" : "a";
        edge->child_columns[i] = column_get(edge->child, "f", link->number, suffix);
        edge->parent_columns[i] = column_get(edge->parent, is_pair ? suffix : "id", -1, "");
        edge->equals[i] = sql_words(world->engine)->equals;
        edge->is_nullable |= !edge->child_columns[i]->is_not_null;
    }
}

static struct edge *relation_make(const struct world *world, const struct world_link *link,
                                  struct bound_world *bound)
{
    struct edge *edge = must(ARENA_NEW(bound->arena, struct edge));
    char when[40];

    edge->kind = link->shape == LINK_CHOICE ? EDGE_POLYMORPHIC : EDGE_DECLARED;
    edge->child = bound->tables[link->child];
    edge->parent = bound->tables[link->parent];
    edge_columns(world, link, edge, bound->arena);
    if (link->shape == LINK_CHOICE)
        edge->when = must(arena_strdup(bound->arena, link_when(link, when, sizeof(when))));
    edge->json_path = link->shape == LINK_JSON ? "$.r" : NULL;
    edge->is_array = link->shape == LINK_ARRAY;
    edge->child_is_indexed = link->is_indexed;
    edge->parent_is_indexed = true;
    edge->is_bytes_equal = !edge->parent_columns[0]->type->is_case_insensitive;
    edge->on_delete = ' ';
    return edge;
}

static void edges_find(const struct world *world, struct bound_world *bound)
{
    struct edge **relations = must(ARENA_ARRAY(bound->arena, LINKS_MOST, struct edge *));
    struct graph *graph = NULL;
    struct error err = {0};
    size_t count = 0;

    for (int i = 0; i < world->link_count; i++) {
        const struct world_link *link = &world->links[i];
        char name[20];
        snprintf(name, sizeof(name), "c%d", i);
        for (size_t e = 0; e < bound->catalog->edge_count; e++)
            if (strcmp(bound->catalog->edges[e]->constraint, name) == 0)
                bound->edges[i] = bound->catalog->edges[e];
        if (link->shape != LINK_KEY && link->shape != LINK_NOT_VALID)
            bound->edges[i] = relations[count++] = relation_make(world, link, bound);
        must((void *)(uintptr_t)bound->edges[i]);
    }
    if (!graph_new(bound->catalog, relations, count, bound->arena, &graph, &err))
        fail("graph", &err);
    bound->binding->graph = graph;
}

static void table_bind(const struct world_table *table, struct bound_table *to, struct arena *arena)
{
    static const struct sipkey choice = {11, 22}, order = {33, 44};
    const struct table *from = to->table;
    char text[100];

    to->identity = table_identity(from);
    to->identity_count = to->identity ? to->identity->column_count : from->column_count;
    to->identity_columns = must(ARENA_ARRAY(arena, to->identity_count + 1, const struct column *));
    for (size_t i = 0; i < to->identity_count; i++)
        to->identity_columns[i] = to->identity ? to->identity->columns[i] : from->columns[i];
    to->choice_key = choice;
    to->order_key = order;
    to->column_count = from->column_count;
    to->columns = must(ARENA_ARRAY(arena, from->column_count, struct bound_column));
    for (size_t i = 0; i < from->column_count; i++)
        to->columns[i].column = from->columns[i];
    to->role = table->role;
    to->start.fraction = table->start_rows > 0 ? 0 : table->fraction;
    to->start.rows = table->role == ROLE_START ? table->start_rows : 0;
    snprintf(text, sizeof(text), "n %% %d = %d", table->modulus, table->rest);
    if (table->role == ROLE_START && table->is_where)
        to->start.where = must(arena_strdup(arena, text));
}

static void edge_bind(const struct world_link *link, struct bound_edge *to, struct binding *binding)
{
    struct bound_table *child = &binding->tables[to->edge->child->index];

    to->take = link->take;
    to->order = link->has_order ? "o DESC" : NULL;
    to->is_parent_cut = link->is_parent_cut;
    to->is_ignored = link->is_ignored;
    to->when = -1;
    if (!to->edge->when)
        return;
    if (!child->discriminators)
        child->discriminators = must(ARENA_ARRAY(binding->arena, 4, const char *));
    child->discriminators[child->discriminator_count] = to->edge->when;
    to->when = (int32_t)child->discriminator_count++;
}

static void pins_bind(const struct world *world, struct bound_world *bound)
{
    struct binding *binding = bound->binding;

    binding->pins = must(ARENA_ARRAY(bound->arena, PINS_MOST, struct bound_pin));
    for (int i = 0; i < world->pin_count; i++) {
        const struct world_pin *pin = &world->pins[i];
        struct profile_pin *made = must(ARENA_NEW(bound->arena, struct profile_pin));
        made->where = must(arena_printf(bound->arena, "n %% %d = %d", pin->modulus, pin->rest));
        made->why = "for the test";
        made->takes_children = pin->takes_children;
        binding->pins[binding->pin_count++] =
            (struct bound_pin){&binding->tables[bound->tables[pin->table]->index], made};
    }
}

void bound_world_make(struct world *world, struct db *leader, struct bound_world *bound)
{
    struct error err = {0};

    *bound = (struct bound_world){.arena = must(arena_new())};
    if (!db_read_catalog(leader, &bound->catalog, &err))
        fail("catalog", &err);
    struct binding *binding = bound->binding = must(ARENA_NEW(bound->arena, struct binding));
    struct profile *profile = must(ARENA_NEW(bound->arena, struct profile));
    struct options *options = must(ARENA_NEW(bound->arena, struct options));
    binding->arena = bound->arena;
    binding->catalog = bound->catalog;
    binding->profile = profile;
    binding->options = options;
    binding->subject_key = (struct sipkey){55, 66};
    options->memory = 1u << 30;
    profile->small_table_rows = world->small_table_rows;
    for (int i = 0; i < world->table_count; i++)
        bound->tables[i] = table_get(bound->catalog, i);
    edges_find(world, bound);
    binding->tables =
        must(ARENA_ARRAY(bound->arena, bound->catalog->table_count, struct bound_table));
    binding->edges =
        must(ARENA_ARRAY(bound->arena, binding->graph->all.count + 1, struct bound_edge));
    for (size_t i = 0; i < bound->catalog->table_count; i++)
        binding->tables[i].table = bound->catalog->tables[i];
    for (int i = 0; i < world->table_count; i++)
        table_bind(&world->tables[i], &binding->tables[bound->tables[i]->index], bound->arena);
    for (int i = 0; i < world->link_count; i++) {
        struct bound_edge *edge = &binding->edges[bound->edges[i]->index];
        edge->edge = bound->edges[i];
        edge_bind(&world->links[i], edge, binding);
    }
    pins_bind(world, bound);
}

void bound_world_free(struct bound_world *bound)
{
    catalog_free(bound->catalog);
    arena_free(bound->arena);
}
