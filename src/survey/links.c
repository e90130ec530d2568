/* Links from begin to end: stores come when the first table that needs them does, and go when the
 * last one is through. */
#include "survey/links_state.h"

#define CEILING_DEFAULT ((size_t)128 << 20)
#define MEMORY_SHARE    8u
/* Rows that are kept as witnesses of something, of which no more are rare: plenty, as statistics
 * may be behind and a table is not read twice for its links. */
#define TALLY_REACH 4u
#define TALLY_FREE  1000u

bool links_begin(const struct survey_request *request, struct links **links, struct error *err)
{
    struct arena *arena = arena_new();
    struct links *made = arena ? ARENA_NEW(arena, struct links) : NULL;

    assert(request && request->binding && request->is_surveyed && request->is_present);
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->arena = arena;
    made->request = request;
    made->binding = request->binding;
    made->codec = codec_of(request->binding->catalog->engine);
    made->edge_count = request->binding->graph->all.count;
    made->ceiling = request->memory ? request->memory / MEMORY_SHARE : CEILING_DEFAULT;
    if (!links_plan(made, err)) {
        links_free(made);
        return false;
    }
    *links = made;
    return true;
}

static void table_release(struct link_table *table)
{
    for (struct link_target *target = table->targets; target; target = target->next) {
        store_free(target->store);
        if (target->has_lock)
            pthread_mutex_destroy(&target->lock);
    }
    witness_pool_free(table->pool);
    if (table->has_lock)
        pthread_mutex_destroy(&table->lock);
}

void links_free(struct links *links)
{
    if (!links)
        return;
    for (size_t i = 0; links->tables && i < links->binding->catalog->table_count; i++)
        table_release(&links->tables[i]);
    arena_free(links->arena);
}

bool links_wants(const struct links *links, const struct table *table)
{
    return links->tables[table->index].is_wanted;
}

bool links_needs(const struct links *links, const struct column *column)
{
    return links->tables[column->table->index].is_needed[column->index];
}

size_t links_fields(const struct links *links, const struct table *table,
                    const struct field **fields)
{
    *fields = links->tables[table->index].fields;
    return links->tables[table->index].field_count;
}

static size_t stores_sum(const struct links *links, size_t (*bytes)(const struct store *))
{
    size_t sum = 0;

    for (size_t i = 0; i < links->binding->catalog->table_count; i++)
        for (const struct link_target *target = links->tables[i].targets; target;
             target = target->next)
            sum += target->store ? bytes(target->store) : 0;
    return sum;
}

size_t links_bytes(const struct links *links)
{
    return stores_sum(links, store_bytes) + arena_bytes(links->arena);
}

/* Half of what is left, the last one all of it: a function of the keys seen so far. */
static bool store_begin(struct links *links, struct link_target *target, struct error *err)
{
    size_t used = stores_sum(links, store_need);
    size_t rest = used < links->ceiling ? links->ceiling - used : 0;
    struct store_shape shape = {.counters = target->counters,
                                .attributes = target->words,
                                .has_places = !target->form.is_number,
                                .key = target->key};

    if (target->store)
        return true;
    shape.ceiling = links->targets_left > 1 ? rest / 2 : rest;
    target->store = store_new(&shape);
    assert(links->targets_left > 0);
    links->targets_left--;
    return target->store || error_memory(err);
}

static bool column_place(const struct survey_table *survey, const struct column *column,
                         uint32_t *index, struct error *err)
{
    for (size_t i = 0; i < survey->column_count; i++)
        if (survey->columns[i].bound->column == column) {
            *index = survey->columns[i].index;
            return true;
        }
    return error_set(err, STATUS_BUG, "column '%s' of table '%s' is not read", column->name,
                     column->table->label);
}

static bool side_place(const struct survey_table *survey, struct cell_source *sources, size_t count,
                       const struct column *const *columns, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!sources[i].is_extra && !column_place(survey, columns[i], &sources[i].index, err))
            return false;
    return true;
}

static bool target_place(const struct survey_table *survey, struct link_target *target,
                         struct error *err)
{
    for (size_t i = 0; i < target->attribute_count; i++) {
        struct attribute *attribute = &target->attributes[i];
        if (attribute->column &&
            !column_place(survey, attribute->column->column, &attribute->source, err))
            return false;
    }
    return side_place(survey, target->side.sources, target->side.side.count,
                      target->side.side.columns, err);
}

static bool link_place(struct links *links, struct link *link, struct error *err)
{
    const struct survey_table *survey = links->survey;

    link->is_direct = link->target->is_complete;
    if (!link->is_direct && !link->is_self && link->value_count > 0 &&
        !link_gap_add(links, link->child, &links_difference,
                      "the rows that edge '%s' leads to are read later: nothing is compared "
                      "across it",
                      link->edge->name))
        return error_memory(err);
    for (size_t i = 0; i < link->difference_count; i++)
        if (!column_place(survey, link->differences[i].child->column, &link->differences[i].source,
                          err))
            return false;
    return store_begin(links, link->target, err) &&
           side_place(survey, link->side.sources, link->side.side.count, link->side.side.columns,
                      err);
}

bool links_table_begin(struct links *links, const struct survey_table *survey, struct error *err)
{
    struct link_table *table = &links->tables[survey->bound->table->index];

    assert(!links->survey && (table->is_surveyed || table->is_wanted));
    links->survey = survey;
    links->current = table;
    table->tally_limit = TALLY_REACH * survey->rare_most + TALLY_FREE;
    table->pool = witness_pool_new(survey->per_stratum ? survey->per_stratum : 1);
    if (!table->pool)
        return error_memory(err);
    for (struct link_target *target = table->targets; target; target = target->next)
        if (!store_begin(links, target, err) || !target_place(survey, target, err))
            return false;
    for (size_t i = 0; i < table->link_count; i++)
        if (!link_place(links, table->links[i], err))
            return false;
    for (size_t i = 0; i < table->group_count; i++) {
        struct type_group *group = &table->groups[i];
        if (!side_place(survey, group->sources, group->source_count, group->edge->child_columns,
                        err))
            return false;
    }
    return true;
}

/* What the table's own rows showed. */
static bool table_yield(struct links *links, struct link_table *table, struct strata *strata,
                        struct error *err)
{
    for (const struct link_gap *gap = table->gaps; gap; gap = gap->next) {
        strata_begin(strata, gap->detector);
        if (!strata_gap(strata, NULL, gap->why, err))
            return false;
    }
    if (!orphans_yield(links, table, strata, err) || !diamonds_yield(links, table, strata, err))
        return false;
    for (size_t i = 0; i < table->link_count; i++) {
        struct link *link = table->links[i];
        if (!differences_yield(links, link, strata, err))
            return false;
        if (link->is_self && !link->edge->is_array && !chains_yield(links, link, strata, err))
            return false;
    }
    return true;
}

/* One of the tables that need the target is through; with the last one it is settled. */
static bool target_leave(struct links *links, struct link_target *target, struct strata *strata,
                         struct error *err)
{
    assert(target->tables_left > 0 && target->store);
    if (--target->tables_left > 0)
        return true;
    if (!orphans_settle(links, target, strata, err) || !fan_yield(links, target, strata, err))
        return false;
    store_free(target->store);
    target->store = NULL;
    return true;
}

bool links_table_end(struct links *links, struct strata *strata, struct error *err)
{
    struct link_table *table = links->current;

    assert(table && links->survey);
    for (struct link_target *target = table->targets; target; target = target->next)
        target->is_complete = true;
    if (!table_yield(links, table, strata, err))
        return false;
    for (struct link_target *target = table->targets; target; target = target->next)
        if (!target_leave(links, target, strata, err))
            return false;
    for (size_t i = 0; i < table->link_count; i++)
        if (!table->links[i]->is_self && !target_leave(links, table->links[i]->target, strata, err))
            return false;
    witness_pool_free(table->pool);
    table->pool = NULL;
    links->survey = NULL;
    links->current = NULL;
    return true;
}
