/* Which subject a table's rows belong to: one step up from each table, such that following the
 * steps always ends at a subject table. */
#include "graph/climb.h"

#include "base/buf.h"
#include "base/words.h"

#define WAYS_CEILING ((size_t)16 * 1024)

/* The steps taken so far, by table index; always without a circle. */
struct steps {
    struct climb *climb;
    struct subject_step *steps;
    uint32_t *stamps, *queue, stamp;
};

static bool steps_init(struct steps *steps, struct climb *climb, struct arena *arena)
{
    size_t count = climb->graph->catalog->table_count;

    *steps = (struct steps){.climb = climb};
    steps->steps = ARENA_ARRAY(arena, count + 1, struct subject_step);
    steps->stamps = ARENA_ARRAY(arena, count + 1, uint32_t);
    steps->queue = ARENA_ARRAY(arena, count + 1, uint32_t);
    if (!steps->steps || !steps->stamps || !steps->queue)
        return false;
    for (size_t t = 0; t < count; t++) {
        if (!climb->next[t])
            continue;
        size_t room = climb->next_way[t]->edge_count;
        steps->steps[t].edges = ARENA_ARRAY(arena, room, const struct edge *);
        if (!steps->steps[t].edges)
            return false;
        steps->steps[t].edges[0] = climb->next[t];
        steps->steps[t].edge_count = 1;
    }
    return true;
}

/* True when the steps from `from` may come through `table`. */
static bool comes_through(struct steps *steps, uint32_t from, uint32_t table)
{
    size_t count = 0;

    steps->stamp++;
    steps->stamps[from] = steps->stamp;
    steps->queue[count++] = from;
    for (size_t i = 0; i < count; i++) {
        const struct subject_step *step = &steps->steps[steps->queue[i]];
        if (steps->queue[i] == table)
            return true;
        for (size_t e = 0; e < step->edge_count; e++) {
            uint32_t parent = step->edges[e]->parent->index;
            if (steps->stamps[parent] == steps->stamp)
                continue;
            steps->stamps[parent] = steps->stamp;
            steps->queue[count++] = parent;
        }
    }
    return false;
}

/* A polymorphic column goes up by every alternative that leads to a subject, in the order of the
 * profile; one that would come back through its own table is left out, and its rows count as
 * having no way up. */
static void add_alternatives(struct steps *steps, uint32_t table)
{
    const struct way *way = steps->climb->next_way[table];
    struct subject_step *step = &steps->steps[table];
    size_t kept = 0;

    assert(table < steps->climb->graph->catalog->table_count);
    if (!way || !way->is_polymorphic || steps->climb->is_subject[table])
        return;
    const struct edge *first = step->edges[0];
    for (size_t e = 0; e < way->edge_count; e++) {
        const struct edge *edge = way->edges[e];
        uint32_t parent = edge->parent->index;
        bool is_up = steps->climb->distance[parent] != CLIMB_NEVER;
        if (edge != first && (!is_up || comes_through(steps, parent, table)))
            continue;
        step->edges[kept++] = edge;
        step->edge_count = kept;
    }
    assert(kept > 0);
}

static void add_way_name(const struct way *way, struct arena *arena, struct buf *text)
{
    const struct edge *edge = way->edges[0];

    buf_add_text(text, text->len > 0 ? ", " : "");
    for (size_t c = 0; c < edge->column_count; c++) {
        const char *name = words_printable(arena, edge->child_columns[c]->name);
        buf_add_format(text, "%s%s", c > 0 ? " + " : "", name ? name : "");
    }
    if (edge->json_path)
        buf_add_format(text, " -> %s", words_printable(arena, edge->json_path));
}

/* Fills `ways`, the candidates of a table; returns how many there are. */
static size_t list_ways(struct climb *climb, const struct table *table, struct arena *arena,
                        const char **ways)
{
    const struct way_list *list = &climb->ways[table->index];
    size_t count = 0;
    struct buf text;

    buf_init(&text, WAYS_CEILING);
    for (size_t w = 0; w < list->count; w++) {
        if (!climb_is_way_up(climb, table, &list->ways[w]))
            continue;
        add_way_name(&list->ways[w], arena, &text);
        count++;
    }
    *ways = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return count;
}

static bool fill_path(struct steps *steps, const struct table *table, struct arena *arena,
                      struct subject_path *path)
{
    struct climb *climb = steps->climb;
    uint32_t t = table->index;

    path->table = table;
    path->is_subject = climb->is_subject[t];
    path->ways = "";
    if (path->is_subject || climb->distance[t] == CLIMB_NEVER)
        return true;
    path->step_count = climb->distance[t];
    path->first = &steps->steps[t];
    assert(path->first->edge_count > 0);
    path->is_ambiguous = list_ways(climb, table, arena, &path->ways) > 1;
    return path->ways != NULL;
}

/* Every table that could climb if nothing had been chosen. */
static void mark_edges_to_subjects(struct climb *climb, struct subject_path *paths)
{
    climb_measure(climb);
    for (size_t t = 0; t < climb->graph->catalog->table_count; t++)
        paths[t].has_edge_to_subject = climb->distance[t] != CLIMB_NEVER && !climb->is_subject[t];
}

bool graph_subjects(const struct graph *graph, const struct table *const *subjects, size_t count,
                    const struct column *const *chosen, struct arena *arena,
                    struct subject_path **paths, struct error *err)
{
    size_t table_count = graph->catalog->table_count;
    struct subject_path *made = ARENA_ARRAY(arena, table_count + 1, struct subject_path);
    struct climb *climb;
    struct steps steps;

    if (!made)
        return error_memory(err);
    if (!climb_new(graph, subjects, count, arena, &climb, err))
        return false;
    mark_edges_to_subjects(climb, made);
    for (size_t t = 0; chosen && t < table_count; t++)
        ways_choose(&climb->ways[t], chosen[t]);
    climb_measure(climb);
    if (!steps_init(&steps, climb, arena))
        return error_memory(err);
    for (uint32_t t = 0; t < table_count; t++)
        add_alternatives(&steps, t);
    for (size_t t = 0; t < table_count; t++)
        if (!fill_path(&steps, graph->catalog->tables[t], arena, &made[t]))
            return error_memory(err);
    *paths = made;
    return true;
}

/* Candidates for the choice of one table, compared in the order that the header names. */
struct candidate {
    const struct way *way;
    const struct edge *edge;
    const struct column *column;
    uint32_t distance;
};

static bool is_better(const struct candidate *a, const struct candidate *b)
{
    assert(a->way && a->edge && a->column);
    if (!b->way)
        return true;
    if (a->way->is_nullable != b->way->is_nullable)
        return !a->way->is_nullable;
    return a->distance < b->distance;
}

/* The way's shortest alternative that does not come back, given the steps taken elsewhere. */
static const struct edge *find_step(struct steps *steps, const struct table *table,
                                    const struct way *way)
{
    const uint32_t *distance = steps->climb->distance;
    const struct edge *best = NULL;

    for (size_t e = 0; e < way->edge_count; e++) {
        uint32_t parent = way->edges[e]->parent->index;
        if (distance[parent] == CLIMB_NEVER || comes_through(steps, parent, table->index))
            continue;
        if (!best || distance[parent] < distance[best->parent->index])
            best = way->edges[e];
    }
    return best;
}

static const struct column *settle(struct steps *steps, const struct table *table)
{
    const struct way_list *list = &steps->climb->ways[table->index];
    struct candidate best = {0};
    size_t count = 0;

    assert(steps->steps[table->index].edge_count == 1);
    for (size_t w = 0; w < list->count; w++) {
        struct candidate candidate = {.way = &list->ways[w]};
        if (!climb_is_way_up(steps->climb, table, candidate.way))
            continue;
        count++;
        candidate.edge = find_step(steps, table, candidate.way);
        candidate.column = way_column(list, candidate.way);
        if (!candidate.edge || !candidate.column)
            continue;
        candidate.distance = steps->climb->distance[candidate.edge->parent->index];
        if (is_better(&candidate, &best))
            best = candidate;
    }
    if (count < 2 || !best.way)
        return NULL;
    steps->steps[table->index].edges[0] = best.edge;
    return best.column;
}

bool graph_settle_subjects(const struct graph *graph, const struct table *const *subjects,
                           size_t count, struct arena *arena, const struct column ***chosen,
                           struct error *err)
{
    size_t table_count = graph->catalog->table_count;
    const struct column **made = ARENA_ARRAY(arena, table_count + 1, const struct column *);
    struct climb *climb;
    struct steps steps;

    if (!made)
        return error_memory(err);
    if (!climb_new(graph, subjects, count, arena, &climb, err))
        return false;
    climb_measure(climb);
    if (!steps_init(&steps, climb, arena))
        return error_memory(err);
    for (size_t t = 0; t < table_count; t++)
        if (climb->next[t])
            made[t] = settle(&steps, graph->catalog->tables[t]);
    *chosen = made;
    return true;
}
