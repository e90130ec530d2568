/* Choosing from end to end: what comes whole, what starts the walk, rounds to the fixpoint, and the
 * selection that is left. */
#include "choose/tails.h"

static bool edges_make(struct chooser *chooser, struct error *err)
{
    const struct graph *graph = chooser->binding->graph;
    struct arena *arena = chooser->arena;

    chooser->edges = ARENA_ARRAY(arena, graph->all.count + 1, struct edge_state);
    if (!chooser->edges)
        return error_memory(err);
    for (size_t i = 0; i < graph->all.count; i++) {
        struct edge_state *edge = &chooser->edges[i];
        edge->bound = &chooser->binding->edges[i];
        edge->edge = graph->all.edges[i];
        edge->when = -1;
        assert(edge->edge->index == i && edge->bound->edge == edge->edge);
        edge->child = &chooser->tables[edge->edge->child->index];
        edge->parent = &chooser->tables[edge->edge->parent->index];
    }
    return true;
}

static bool edge_list_make(struct chooser *chooser, const struct edge_list *list, size_t *count,
                           struct edge_state ***edges)
{
    *edges = ARENA_ARRAY(chooser->arena, list->count + 1, struct edge_state *);
    *count = list->count;
    for (size_t i = 0; *edges && i < list->count; i++)
        (*edges)[i] = &chooser->edges[list->edges[i]->index];
    return *edges != NULL;
}

static bool tables_link(struct chooser *chooser, struct error *err)
{
    const struct graph *graph = chooser->binding->graph;

    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++) {
        struct table_state *table = &chooser->tables[i];
        if (!edge_list_make(chooser, &graph->up[i], &table->up_count, &table->up) ||
            !edge_list_make(chooser, &graph->down[i], &table->down_count, &table->down))
            return error_memory(err);
    }
    return true;
}

static bool tables_make(struct chooser *chooser, struct error *err)
{
    const struct binding *binding = chooser->binding;
    size_t count = binding->catalog->table_count;

    chooser->tables = ARENA_ARRAY(chooser->arena, count + 1, struct table_state);
    chooser->pins = ARENA_ARRAY(chooser->arena, binding->pin_count + 1, struct pin_state);
    if (!chooser->tables || !chooser->pins)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct table_state *table = &chooser->tables[i];
        table->bound = &binding->tables[i];
        table->table = binding->catalog->tables[i];
        table->codec = chooser->codec;
        assert(table->bound->table == table->table && table->table->index == i);
        size_t relations = table->table->relation_count;
        table->relations = ARENA_ARRAY(chooser->arena, relations + 1, struct relation_state);
        table->referenced_seeds = ARENA_ARRAY(chooser->arena, relations + 1, struct bitmap *);
        if (!table->relations || !table->referenced_seeds)
            return error_memory(err);
    }
    return edges_make(chooser, err) && tables_link(chooser, err);
}

/* The rows that will have come by pins and tails. */
static bool marks_set(struct chooser *chooser, struct table_state *table, struct error *err)
{
    const struct tail_table *marks =
        chooser->tails ? &chooser->tails->tables[table->table->index] : NULL;

    for (size_t r = 0; marks && !table->is_everything && r < table->table->relation_count; r++) {
        table->relations[r].pins = marks->pins[r];
        table->relations[r].tails = marks->tails[r];
        if (!(table->relations[r].tail_rows = bitmap_new()))
            return error_memory(err);
    }
    return true;
}

static bool sets_make(struct chooser *chooser, struct error *err)
{
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++) {
        struct table_state *table = &chooser->tables[i];
        if (!marks_set(chooser, table, err) || !equal_rows_init(chooser, table, err))
            return false;
        for (size_t r = 0; r < table->table->relation_count; r++) {
            struct relation_state *relation = &table->relations[r];
            if (!table->is_everything && !(relation->rows = bitmap_new()))
                return error_memory(err);
            if (!table->is_all_whole && !(relation->whole = bitmap_new()))
                return error_memory(err);
        }
    }
    return true;
}

bool chooser_new(const struct chooser_request *request, struct chooser **chooser, struct error *err)
{
    struct arena *arena = arena_new();
    struct chooser *made = arena ? ARENA_NEW(arena, struct chooser) : NULL;

    *chooser = made;
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->arena = arena;
    made->binding = request->binding;
    made->readers = request->readers;
    made->watch = request->watch;
    made->extent = request->extent;
    made->codec = codec_of(request->binding->catalog->engine);
    made->tails = request->tails;
    made->is_gathering = request->is_gathering;
    made->scale = request->scale;
    made->row_limit = request->row_limit;
    if (pthread_mutex_init(&made->lock, NULL) != 0)
        return error_memory(err);
    made->has_lock = true;
    if (request->with_provenance && !(made->provenance = map_new()))
        return error_memory(err);
    if (request->watch && request->watch->counts_subjects && !request->is_gathering &&
        !(made->subject_rows = map_new()))
        return error_memory(err);
    return tables_make(made, err);
}

static void target_release(struct target *target)
{
    keyset_release(&target->have);
    keyset_release(&target->impossible);
    wanted_release(&target->missing);
    wanted_release(&target->fresh);
    wanted_release(&target->taken);
}

static void table_release(struct table_state *table)
{
    for (size_t r = 0; table->relations && r < table->table->relation_count; r++) {
        bitmap_free(table->relations[r].rows);
        bitmap_free(table->relations[r].whole);
        bitmap_free(table->relations[r].seeds);
        bitmap_free(table->relations[r].tail_rows);
        equal_rows_release(&table->relations[r]);
        if (table->referenced_seeds)
            bitmap_free(table->referenced_seeds[r]);
    }
    for (struct target *target = table->targets; target; target = target->next)
        target_release(target);
    subject_release(table);
}

void chooser_free(struct chooser *chooser)
{
    if (!chooser)
        return;
    for (size_t i = 0; chooser->tables && i < chooser->binding->catalog->table_count; i++)
        if (chooser->tables[i].table)
            table_release(&chooser->tables[i]);
    for (size_t i = 0; chooser->edges && i < chooser->binding->graph->all.count; i++) {
        wanted_release(&chooser->edges[i].fresh);
        wanted_release(&chooser->edges[i].taken);
        map_free(chooser->edges[i].references);
    }
    map_free(chooser->provenance);
    map_free(chooser->subject_rows);
    if (chooser->has_lock)
        pthread_mutex_destroy(&chooser->lock);
    arena_free(chooser->arena);
}

bool row_is_chosen(const struct table_state *table, uint16_t relation, uint64_t address)
{
    assert(relation < table->table->relation_count);
    if (!table->is_present)
        return false;
    return table->is_everything || bitmap_has(table->relations[relation].rows, address);
}

bool chooser_settle(struct chooser *chooser, struct error *err)
{
    return everything_settle(chooser, err) && links_prepare(chooser, err) &&
           sets_make(chooser, err);
}

/* What pins and tails bring beyond all others is what their walk, which comes last, adds. */
static bool tails_walk(struct chooser *chooser, struct error *err)
{
    if (!seed_starts(chooser, err) || !everything_read(chooser, err) || !rounds_run(chooser, err))
        return false;
    chooser->is_tail_walk = true;
    return seed_pins(chooser, err) && seed_tails(chooser, err) && rounds_run(chooser, err);
}

bool chooser_run(const struct chooser_request *request, struct chooser **chooser, struct error *err)
{
    *chooser = NULL;
    if (!chooser_new(request, chooser, err) || !chooser_settle(*chooser, err))
        return false;
    if (request->tails)
        return tails_walk(*chooser, err);
    return seed_pins(*chooser, err) && seed_starts(*chooser, err) &&
           everything_read(*chooser, err) && rounds_run(*chooser, err);
}

/* A table that was never analyzed has no estimate to report: it is counted. */
static bool unknown_count(struct chooser *chooser, struct error *err)
{
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++) {
        struct table_state *table = &chooser->tables[i];
        int64_t count = 0;

        if (table->is_counted || !table->is_present || table->table->row_estimate >= 0)
            continue;
        if (!db_count(chooser->readers->leader, table->table, NULL, 0, &count, err))
            return error_context(err, "counting table '%s'", table->table->label);
        table->rows_seen = (uint64_t)count;
        table->is_counted = true;
    }
    return true;
}

bool choose_rows(const struct binding *binding, const struct readers *readers,
                 const struct survey *survey, const struct choose_watch *watch,
                 struct selection **selection, struct error *err)
{
    struct chooser_request request = {
        .binding = binding, .readers = readers, .watch = watch, .scale = 1};
    AUTO(arena) struct arena *arena = arena_new();
    AUTO(tails) struct tails *tails = NULL;
    AUTO(chooser) struct chooser *chooser = NULL;

    assert(binding && readers && readers->leader && selection);
    *selection = NULL;
    if (!arena)
        return error_memory(err);
    if (!extent_new(binding, arena, &request.extent, err) ||
        !tails_new(&request, survey, &tails, err))
        return false;
    request.tails = tails;
    return budget_choose(&request, &chooser, err) && orphans_read(chooser, err) &&
           unknown_count(chooser, err) && memory_check(chooser, err) &&
           selection_make(chooser, survey, selection, err);
}
