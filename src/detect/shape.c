/* Proposes what init writes beside the columns: starts, caps, subjects, what stays empty. */
#include "detect/people.h"

#include "detect/detect.h"

#include <string.h>

#define STARTS_MAX  3
#define PARENTS_MAX 2
#define CAP_FAN_OUT 1000.0
#define LIST_ROWS   1000
#define WALKS_MAX   ((size_t)50 * 1000 * 1000) /* steps spent on counting descendants */

struct shaper {
    const struct graph *graph;
    const struct detection *detection;
    struct arena *arena;
    struct shape_proposal *shape;
    bool *is_people, *is_empty;
    uint32_t *descendants; /* by table index */
    uint64_t *scores;      /* by table index */
};

static size_t table_count(const struct shaper *shaper)
{
    return shaper->graph->catalog->table_count;
}

static const struct table *table_at(const struct shaper *shaper, size_t index)
{
    assert(index < table_count(shaper));
    return shaper->graph->catalog->tables[index];
}

/* Counts the tables below `root`; `stamps` and `queue` are scratch. Returns the steps taken. */
static size_t count_below(struct shaper *shaper, uint32_t root, uint32_t *stamps, uint32_t *queue)
{
    size_t count = 0, steps = 0;

    assert(root < table_count(shaper));
    queue[count++] = root;
    stamps[root] = root + 1;
    for (size_t i = 0; i < count; i++) {
        const struct edge_list *down = &shaper->graph->down[queue[i]];
        steps += down->count + 1;
        for (size_t e = 0; e < down->count; e++) {
            uint32_t child = down->edges[e]->child->index;
            if (stamps[child] == root + 1 || shaper->is_empty[child])
                continue;
            stamps[child] = root + 1;
            queue[count++] = child;
        }
    }
    shaper->descendants[root] = (uint32_t)count - 1;
    return steps;
}

/* Schemas beyond some ten thousand tables get a start without every table being measured. */
static bool count_descendants(struct shaper *shaper, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    size_t count = table_count(shaper), steps = 0;

    if (!scratch)
        return error_memory(err);
    uint32_t *stamps = ARENA_ARRAY(scratch, count + 1, uint32_t);
    uint32_t *queue = ARENA_ARRAY(scratch, count + 1, uint32_t);
    shaper->descendants = ARENA_ARRAY(shaper->arena, count + 1, uint32_t);
    if (!stamps || !queue || !shaper->descendants)
        return error_memory(err);
    for (uint32_t t = 0; t < count && steps < WALKS_MAX; t++)
        steps += count_below(shaper, t, stamps, queue);
    return true;
}

static size_t count_parents(const struct shaper *shaper, const struct table *table)
{
    const struct edge_list *up = &shaper->graph->up[table->index];
    size_t count = 0;

    for (size_t e = 0; e < up->count; e++) {
        bool is_seen = up->edges[e]->parent == table;
        for (size_t i = 0; i < e && !is_seen; i++)
            is_seen = up->edges[i]->parent == up->edges[e]->parent;
        count += !is_seen;
    }
    return count;
}

/* How good a start a table is: people first, customers before staff, then tables that are no short
 * lists, then those with few parents, then by descendants. 0: none at all. */
static uint64_t score(const struct shaper *shaper, const struct table *table)
{
    bool is_people = shaper->is_people[table->index];
    bool is_staff =
        table_name_meaning(shaper->detection->names, table->name) == TABLE_MEANING_STAFF;
    bool is_list = table->row_estimate >= 0 && table->row_estimate <= LIST_ROWS;
    uint64_t points = shaper->descendants[table->index] + 1;

    if (shaper->is_empty[table->index] || table->class == TABLE_FOREIGN)
        return 0;
    points += count_parents(shaper, table) <= PARENTS_MAX ? UINT64_C(1) << 33 : 0;
    points += !is_list ? UINT64_C(1) << 34 : 0;
    points += is_people && !is_staff ? UINT64_C(1) << 36 : 0;
    points += is_people ? UINT64_C(1) << 35 : 0;
    return points;
}

static bool score_tables(struct shaper *shaper, struct error *err)
{
    shaper->scores = ARENA_ARRAY(shaper->arena, table_count(shaper) + 1, uint64_t);
    if (!shaper->scores)
        return error_memory(err);
    for (size_t t = 0; t < table_count(shaper); t++)
        shaper->scores[t] = score(shaper, table_at(shaper, t));
    return true;
}

static bool all_edges(struct shaper *shaper, bool **follows)
{
    *follows = ARENA_ARRAY(shaper->arena, shaper->graph->all.count + 1, bool);
    for (size_t e = 0; *follows && e < shaper->graph->all.count; e++)
        (*follows)[e] = !shaper->is_empty[shaper->graph->all.edges[e]->child->index];
    return *follows != NULL;
}

static bool add_start(struct shaper *shaper, const struct table *table)
{
    struct shape_proposal *shape = shaper->shape;
    uint32_t below = shaper->descendants[table->index];
    const char *who = shaper->is_people[table->index] ? "people" : "few parents";

    assert(shape->start_count < STARTS_MAX);
    shape->starts[shape->start_count].table = table;
    shape->starts[shape->start_count].reason =
        arena_printf(shaper->arena, "%s, %u table%s below", who, below, below == 1 ? "" : "s");
    return shape->starts[shape->start_count++].reason != NULL;
}

static const struct table *find_best(const struct shaper *shaper, const bool *reached)
{
    const struct table *best = NULL;

    for (size_t t = 0; t < table_count(shaper); t++)
        if (!reached[t] && shaper->scores[t] > (best ? shaper->scores[best->index] : 0))
            best = table_at(shaper, t);
    return best;
}

/* Further starts are worth it where they bring much that the first one does not. */
static bool is_worth_it(const struct shaper *shaper, const struct table *table)
{
    const struct shape_proposal *shape = shaper->shape;
    uint32_t below = shaper->descendants[table->index];

    return shape->start_count == 0 ||
           (below >= 2 && below * 2 >= shaper->descendants[shape->starts[0].table->index]);
}

/* The best table first; then tables it does not reach that have at least half as many below. */
static bool find_starts(struct shaper *shaper, bool *reached, struct error *err)
{
    size_t count = table_count(shaper);
    bool *starts = ARENA_ARRAY(shaper->arena, count + 1, bool);
    bool *follows;

    shaper->shape->starts = ARENA_ARRAY(shaper->arena, STARTS_MAX, struct start_proposal);
    if (!starts || !shaper->shape->starts || !all_edges(shaper, &follows))
        return error_memory(err);
    for (size_t round = 0; round < STARTS_MAX; round++) {
        const struct table *best = find_best(shaper, reached);
        if (!best || !is_worth_it(shaper, best))
            break;
        starts[best->index] = true;
        if (!add_start(shaper, best))
            return error_memory(err);
        if (!graph_reach(shaper->graph, starts, follows, reached, err))
            return false;
    }
    return true;
}

/* Newest first, by the time that is named like a creation, else by any. */
static bool find_order(struct shaper *shaper, const struct table *table, const char **order)
{
    const struct column *best = NULL;

    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = table->columns[c];
        enum kind kind = column->type->kind;
        if (column->is_virtual ||
            (kind != KIND_INSTANT && kind != KIND_TIMESTAMP && kind != KIND_DATE))
            continue;
        bool is_creation =
            name_has_words(column->name, "created") || name_has_words(column->name, "inserted");
        if (!best || (is_creation && !name_has_words(best->name, "created")))
            best = column;
    }
    *order = NULL;
    if (!best)
        return true;
    struct buf text;
    buf_init(&text, 4096);
    buf_add_char(&text, '"');
    for (const char *at = best->name; *at; at++)
        buf_add_text(&text, *at == '"' ? "\"\"" : (char[]){*at, '\0'});
    buf_add_text(&text, "\" desc");
    /* a small name with an underscore in it is no key word of any engine */
    bool is_plain = strchr(best->name, '_') &&
                    strspn(best->name, "abcdefghijklmnopqrstuvwxyz_") == strlen(best->name);
    *order = is_plain ? arena_printf(shaper->arena, "%s desc", best->name)
                      : arena_strdup(shaper->arena, buf_text(&text));
    buf_release(&text);
    return *order != NULL;
}

static double fan_out(const struct edge *edge)
{
    double parents = edge->parent->row_estimate;
    const struct column *first = edge->child_columns[0];

    if (edge->column_count == 1 && first->distinct_estimate > 0)
        parents = first->distinct_estimate;
    return parents > 0 && edge->child->row_estimate > 0 ? edge->child->row_estimate / parents : 0;
}

static bool find_caps(struct shaper *shaper, struct error *err)
{
    const struct edge_list *all = &shaper->graph->all;
    struct shape_proposal *shape = shaper->shape;

    shape->caps = ARENA_ARRAY(shaper->arena, all->count + 1, struct cap_proposal);
    if (!shape->caps)
        return error_memory(err);
    for (size_t e = 0; e < all->count; e++) {
        const struct edge *edge = all->edges[e];
        double mean = fan_out(edge);
        if (mean <= CAP_FAN_OUT || edge->is_array || shaper->is_empty[edge->child->index])
            continue;
        struct cap_proposal *cap = &shape->caps[shape->cap_count++];
        *cap = (struct cap_proposal){.edge = edge, .mean_fan_out = mean};
        if (!find_order(shaper, edge->child, &cap->order))
            return error_memory(err);
    }
    return true;
}

static bool find_subjects(struct shaper *shaper, struct error *err)
{
    struct shape_proposal *shape = shaper->shape;
    size_t count = table_count(shaper);

    shape->subjects = ARENA_ARRAY(shaper->arena, count + 1, const struct table *);
    if (!shape->subjects)
        return error_memory(err);
    for (size_t t = 0; t < count; t++)
        if (shaper->is_people[t] && !shaper->is_empty[t])
            shape->subjects[shape->subject_count++] = table_at(shaper, t);
    if (shape->subject_count == 0 && shape->start_count > 0)
        shape->subjects[shape->subject_count++] = shape->starts[0].table;
    return graph_settle_subjects(shaper->graph, shape->subjects, shape->subject_count,
                                 shaper->arena, &shape->subject_path, err);
}

/* Tables with a shift and nobody to whom the time belongs. */
static bool find_none(struct shaper *shaper, struct error *err)
{
    struct shape_proposal *shape = shaper->shape;
    size_t count = table_count(shaper);
    bool *shifts = ARENA_ARRAY(shaper->arena, count + 1, bool);
    struct subject_path *paths;

    shape->none = ARENA_ARRAY(shaper->arena, count + 1, const struct table *);
    if (!shifts || !shape->none)
        return error_memory(err);
    for (size_t i = 0; i < shaper->detection->count; i++) {
        const struct proposal *proposal = &shaper->detection->proposals[i];
        const struct column *column = proposal->column;
        if (proposal->rule
                ? strcmp(proposal->rule, "shift") == 0
                : column->type->kind == KIND_INSTANT || column->type->kind == KIND_DATE ||
                      column->type->kind == KIND_TIMESTAMP)
            shifts[column->table->index] = true;
    }
    if (!graph_subjects(shaper->graph, shape->subjects, shape->subject_count, shape->subject_path,
                        shaper->arena, &paths, err))
        return false;
    propose_per_subject(shaper->detection, paths);
    if (!measure_week(shaper->detection, paths, shaper->arena, shape, err))
        return false;
    for (size_t t = 0; t < count; t++)
        if (shifts[t] && !paths[t].is_subject && paths[t].step_count == 0)
            shape->none[shape->none_count++] = table_at(shaper, t);
    return true;
}

static void add_refused(struct shaper *shaper, const struct table *table)
{
    struct shape_proposal *shape = shaper->shape;

    if (shaper->is_empty[table->index])
        return;
    shaper->is_empty[table->index] = true;
    shape->empties[shape->empty_count++] = table;
    shape->refused_count++;
}

/* Tables with a column that no rule fits, those that no snapshot holds, and what cannot be without
 * their rows, or those of a table in another schema. */
static void empty_refused(struct shaper *shaper)
{
    const struct edge_list *all = &shaper->graph->all;
    size_t before;

    for (size_t e = 0; e < all->count; e++)
        if (all->edges[e]->parent->is_outside && !all->edges[e]->is_nullable)
            add_refused(shaper, all->edges[e]->child);
    for (size_t t = 0; t < table_count(shaper); t++)
        if (table_is_unsafe(table_at(shaper, t)))
            add_refused(shaper, table_at(shaper, t));

    for (size_t i = 0; i < shaper->detection->count; i++)
        if (shaper->detection->proposals[i].is_refused)
            add_refused(shaper, shaper->detection->proposals[i].column->table);
    do {
        before = shaper->shape->refused_count;
        for (size_t e = 0; before > 0 && e < all->count; e++)
            if (shaper->is_empty[all->edges[e]->parent->index] && !all->edges[e]->is_nullable)
                add_refused(shaper, all->edges[e]->child);
    } while (shaper->shape->refused_count > before);
}

static bool find_empties(struct shaper *shaper, struct error *err)
{
    struct shape_proposal *shape = shaper->shape;
    size_t count = table_count(shaper);

    shaper->is_empty = ARENA_ARRAY(shaper->arena, count + 1, bool);
    shape->empties = ARENA_ARRAY(shaper->arena, count + 1, const struct table *);
    if (!shaper->is_empty || !shape->empties)
        return error_memory(err);
    for (size_t t = 0; t < count; t++) {
        const struct table *table = table_at(shaper, t);
        shaper->is_empty[t] = table->is_outside;
        if (table->is_outside || shaper->is_people[t] ||
            !table_is_volatile(shaper->graph, shaper->detection->names, table))
            continue;
        shaper->is_empty[t] = true;
        shape->empties[shape->empty_count++] = table;
    }
    empty_refused(shaper);
    return true;
}

static bool list_unreachable(struct shaper *shaper, const bool *reached, struct error *err)
{
    struct shape_proposal *shape = shaper->shape;
    size_t count = table_count(shaper);

    shape->unreachable = ARENA_ARRAY(shaper->arena, count + 1, const struct table *);
    if (!shape->unreachable)
        return error_memory(err);
    for (size_t t = 0; t < count; t++)
        if (!reached[t] && !shaper->is_empty[t])
            shape->unreachable[shape->unreachable_count++] = table_at(shaper, t);
    return true;
}

bool detect_shape(const struct graph *graph, const struct detection *detection, struct arena *arena,
                  struct shape_proposal **shape, struct error *err)
{
    struct shaper shaper = {.graph = graph, .detection = detection, .arena = arena};
    bool *reached = ARENA_ARRAY(arena, graph->catalog->table_count + 1, bool);

    shaper.shape = ARENA_NEW(arena, struct shape_proposal);
    if (!shaper.shape || !reached)
        return error_memory(err);
    if (!people_find(graph, detection->names, arena, &shaper.is_people, err) ||
        !find_empties(&shaper, err) || !count_descendants(&shaper, err) ||
        !score_tables(&shaper, err) || !find_starts(&shaper, reached, err) ||
        !find_caps(&shaper, err) || !find_subjects(&shaper, err) || !find_none(&shaper, err) ||
        !list_unreachable(&shaper, reached, err))
        return false;
    *shape = shaper.shape;
    return true;
}
