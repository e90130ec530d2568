/* From a survey to the rows that come for it: gather, cover, complete, one after the other. */
#include "choose/tails.h"

#include <math.h>
#include <stdlib.h>

#define CLUSTER_SHARE 0.01 /* of the selection that the fraction of the start tables would give */
#define CLUSTER_LEAST 16   /* rows: nothing is too large in a selection of a few hundred */

static bool seeks_anything(const struct binding *binding, const struct survey *survey)
{
    if (!survey || !(binding->tails.budget > 0))
        return false;
    for (size_t i = 0; i < survey->stratum_count; i++)
        if (survey->strata[i].is_rare && !survey->strata[i].masked &&
            survey->strata[i].witness_count > 0)
            return true;
    return false;
}

static bool tables_make(struct tails *tails, const struct catalog *catalog, struct error *err)
{
    tails->table_count = catalog->table_count;
    tails->tables = ARENA_ARRAY(tails->arena, catalog->table_count + 1, struct tail_table);
    if (!tails->tables)
        return error_memory(err);
    for (size_t i = 0; i < catalog->table_count; i++) {
        struct tail_table *table = &tails->tables[i];
        table->relation_count = catalog->tables[i]->relation_count;
        table->pins = ARENA_ARRAY(tails->arena, table->relation_count + 1, struct bitmap *);
        table->tails = ARENA_ARRAY(tails->arena, table->relation_count + 1, struct bitmap *);
        if (!table->pins || !table->tails)
            return error_memory(err);
    }
    return true;
}

static bool tails_make(const struct binding *binding, const struct survey *survey,
                       struct tails **tails, struct error *err)
{
    struct arena *arena = arena_new();
    struct tails *made = arena ? ARENA_NEW(arena, struct tails) : NULL;

    *tails = made;
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->arena = arena;
    made->survey = survey;
    made->budget_rows = (uint64_t)floor(binding->tails.budget * (double)survey->rows);
    made->strata = ARENA_ARRAY(arena, survey->stratum_count + 1, struct tail_stratum);
    if (!made->strata)
        return error_memory(err);
    for (size_t i = 0; i < survey->stratum_count; i++) {
        made->strata[i].has_children =
            ARENA_ARRAY(arena, survey->strata[i].witness_count + 1, bool);
        if (!made->strata[i].has_children)
            return error_memory(err);
    }
    return tables_make(made, binding->catalog, err);
}

void tails_free(struct tails *tails)
{
    if (!tails)
        return;
    for (size_t i = 0; tails->tables && i < tails->table_count; i++) {
        struct tail_table *table = &tails->tables[i];
        for (size_t r = 0; table->pins && table->tails && r < table->relation_count; r++) {
            bitmap_free(table->pins[r]);
            bitmap_free(table->tails[r]);
        }
    }
    arena_free(tails->arena);
}

static int seed_compare(const void *left, const void *right)
{
    const struct tail_seed *a = left, *b = right;

    return row_place_compare(&a->place, &b->place);
}

const struct tail_seed *tails_find(const struct tails *tails, const struct row_place *place)
{
    struct tail_seed key = {.place = *place};

    return tails->seed_count == 0 ? NULL
                                  : bsearch(&key, tails->seeds, tails->seed_count,
                                            sizeof(*tails->seeds), seed_compare);
}

/* Pins and what comes with them; it is there before any witness is. */
static bool pins_walk(const struct chooser_request *request, struct chooser **chooser,
                      struct error *err)
{
    struct chooser_request pins = {.binding = request->binding,
                                   .readers = request->readers,
                                   .watch = request->watch,
                                   .extent = request->extent,
                                   .is_gathering = true,
                                   .scale = 1};

    return chooser_new(&pins, chooser, err) && chooser_settle(*chooser, err) &&
           seed_pins(*chooser, err) && rounds_run(*chooser, err);
}

/* Its rows may be completed: it is a start table of which a part is drawn. */
static bool is_drawn(const struct table_state *table)
{
    return table->bound->role == ROLE_START && !table->is_everything && !table->bound->start.where;
}

static bool marks_take(struct tails *tails, struct chooser *chooser, struct error *err)
{
    bool ignored;

    for (size_t i = 0; i < tails->table_count; i++) {
        struct table_state *table = &chooser->tables[i];
        for (size_t r = 0; !table->is_everything && r < tails->tables[i].relation_count; r++) {
            tails->tables[i].pins[r] = table->relations[r].seeds;
            table->relations[r].seeds = NULL;
        }
    }
    for (size_t i = 0; i < tails->seed_count; i++) {
        const struct row_place *place = &tails->seeds[i].place;
        struct bitmap **rows = &tails->tables[place->table].tails[place->relation];
        if ((!*rows && !(*rows = bitmap_new())) || !bitmap_add(*rows, place->address, &ignored))
            return error_memory(err);
    }
    return true;
}

struct cluster_list {
    struct arena *arena;
    size_t count, capacity;
    struct cluster *items;
};

static bool cluster_add(struct cluster_list *list, const struct row_place *place, struct error *err)
{
    list->items =
        arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
    if (!list->items)
        return error_memory(err);
    list->items[list->count++] = (struct cluster){.place = *place};
    return true;
}

/* Start rows that came as parents of pins. */
static bool pinned_add(struct cluster_list *list, const struct table_state *table,
                       struct error *err)
{
    struct bitmap_cursor cursor;
    uint64_t numbers[256];
    size_t count;

    for (uint16_t r = 0; r < table->table->relation_count; r++) {
        bitmap_cursor_init(&cursor, table->relations[r].rows);
        while ((count = bitmap_next(&cursor, numbers, COUNT_OF(numbers))) > 0)
            for (size_t i = 0; i < count; i++) {
                struct row_place place = {
                    .table = table->table->index, .relation = r, .address = numbers[i]};
                if (!bitmap_has(table->relations[r].whole, numbers[i]) &&
                    !cluster_add(list, &place, err))
                    return false;
            }
    }
    return true;
}

static bool pinned_list(struct cluster_list *list, struct chooser *chooser, struct error *err)
{
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++)
        if (is_drawn(&chooser->tables[i]) && !pinned_add(list, &chooser->tables[i], err))
            return false;
    return true;
}

static bool covered_list(struct cluster_list *list, const struct chooser *chooser,
                         const struct cover *cover, struct error *err)
{
    for (size_t i = 0; i < cover->graph->node_count; i++) {
        const struct row_node *node = &cover->graph->nodes[i];
        if (cover->is_in[i] && !node->is_there && is_drawn(&chooser->tables[node->place.table]) &&
            !cluster_add(list, &node->place, err))
            return false;
    }
    return true;
}

/* Exact where the table was surveyed. */
static double rows_of(const struct table_state *table, const struct survey *survey)
{
    for (size_t i = 0; i < survey->distribution_count; i++)
        if (survey->distributions[i].column->column->table == table->table)
            return (double)survey->distributions[i].rows;
    return table->table->row_estimate > 0 ? table->table->row_estimate : 0;
}

/* The share of a start table's rows that are drawn. */
static double share_of(const struct table_state *table, const struct survey *survey)
{
    double rows = rows_of(table, survey);

    if (!is_drawn(table))
        return 0;
    if (table->bound->start.rows == 0)
        return table->bound->start.fraction;
    return rows > 0 ? fmin(1, (double)table->bound->start.rows / rows) : 0;
}

double tails_drawn_rows(const struct table_state *table, const struct survey *survey)
{
    return share_of(table, survey) * rows_of(table, survey);
}

uint32_t tails_burden(const struct table_state *table, const struct survey *survey)
{
    double rows = rows_of(table, survey);

    if (!is_drawn(table))
        return 0;
    return rows > 0 ? (uint32_t)fmax(1, fmin(COVER_BURDEN_MOST, (double)survey->rows / rows)) : 1;
}

/* The same at every step of a budget, so that steps nest. */
static uint64_t limit_of(const struct chooser *chooser, const struct survey *survey)
{
    double share = 0;

    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++)
        share = fmax(share, share_of(&chooser->tables[i], survey));
    return (uint64_t)fmax(CLUSTER_LEAST, floor(share * (double)survey->rows * CLUSTER_SHARE));
}

static int cluster_place_compare(const void *left, const void *right)
{
    const struct cluster *a = left, *b = right;

    return row_place_compare(&a->place, &b->place);
}

static int cluster_compare(const void *left, const void *right)
{
    const struct cluster *a = left, *b = right;

    if (a->place.table != b->place.table)
        return a->place.table < b->place.table ? -1 : 1;
    if (a->is_cut != b->is_cut)
        return a->is_cut ? 1 : -1;
    if (a->rows != b->rows)
        return a->rows < b->rows ? -1 : 1;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static bool clusters_make(struct tails *tails, struct chooser *chooser, struct cluster_list *list,
                          struct error *err)
{
    if (list->count == 0)
        return true;
    qsort(list->items, list->count, sizeof(*list->items), cluster_place_compare);
    if (!clusters_measure(chooser, list->items, list->count, limit_of(chooser, tails->survey), err))
        return false;
    qsort(list->items, list->count, sizeof(*list->items), cluster_compare);
    for (size_t from = 0, to; from < list->count; from = to) {
        struct tail_table *table = &tails->tables[list->items[from].place.table];
        for (to = from;
             to < list->count && list->items[to].place.table == list->items[from].place.table; to++)
            table->cluster_count += !list->items[to].is_cut;
        table->clusters = ARENA_ARRAY(tails->arena, table->cluster_count + 1, struct cluster);
        if (!table->clusters)
            return error_memory(err);
        memcpy(table->clusters, &list->items[from],
               table->cluster_count * sizeof(*table->clusters));
    }
    return true;
}

static bool gather_settle(struct gather *gather, struct tails *tails, struct error *err)
{
    struct chooser *chooser = gather->chooser;
    struct cluster_list list = {.arena = gather->arena};
    struct cover cover;

    if (!pinned_list(&list, chooser, err) || !gather_run(gather, err) ||
        !units_cover(gather, &cover, err))
        return false;
    qsort(tails->seeds, tails->seed_count, sizeof(*tails->seeds), seed_compare);
    tails->spent_rows = cover.spent;
    tails->over_rows = cover.over;
    chooser->other_bytes = arena_bytes(gather->arena) + row_graph_bytes(gather->graph);
    return covered_list(&list, chooser, &cover, err) && marks_take(tails, chooser, err) &&
           clusters_make(tails, chooser, &list, err);
}

bool tails_new(const struct chooser_request *request, const struct survey *survey,
               struct tails **tails, struct error *err)
{
    AUTO(arena) struct arena *arena = NULL;
    AUTO(row_graph) struct row_graph *graph = NULL;
    AUTO(chooser) struct chooser *chooser = NULL;
    struct gather gather = {.survey = survey};

    *tails = NULL;
    if (!seeks_anything(request->binding, survey))
        return true;
    assert(survey->binding == request->binding);
    if (!(arena = arena_new()))
        return error_memory(err);
    if (!tails_make(request->binding, survey, tails, err) || !row_graph_new(&graph, err) ||
        !pins_walk(request, &chooser, err))
        return false;
    gather.arena = arena;
    gather.graph = graph;
    gather.chooser = chooser;
    gather.tails = *tails;
    bool is_done = gather_settle(&gather, *tails, err);
    (*tails)->memory_peak = chooser->memory_peak;
    gather_release(&gather);
    return is_done;
}
