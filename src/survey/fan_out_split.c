/* Detector: children of one parent that should differ in a column and do not: two default payment
 * methods of one customer. For each edge up from the table and each column of few values it watches
 * (parent, value) where nearly each parent has one child of that value: watch.h. How many children
 * parents have whatever their values is told elsewhere (links). */
#include "survey/trait.h"
#include "survey/watch.h"

#include <inttypes.h>
#include <math.h>

enum {
    WATCHES_MOST = 24,
    EDGES_MOST = 8,
    VALUES_MOST = 16,  /* of a column, more are not few */
    GREATEST = 2,      /* parents of one value that are told one by one */
    CHILDREN_MOST = 8, /* of a parent, to foresee pairs: few parents of many decide nothing */
};

#define EXACT_MOST 9007199254740992.0 /* 2^53: whole numbers up to it are what a double says */
#define FAR_BELOW  4.0                /* times fewer pairs than chance would make */

struct split_edge {
    const struct edge *edge;
    size_t column_count;
    const struct survey_column **columns; /* the child's */
    struct value_sample parents;          /* how many children each has */
};

struct split {
    uint32_t edge; /* in split_state.edges */
    const struct survey_column *column;
    struct watch watch;
};

struct split_state {
    struct marker marker;
    bool is_second, has_more;
    size_t edge_count, count;
    struct split_edge *edges;
    struct split *splits; /* by edge */
};

static bool is_few(const struct survey_column *column)
{
    return !symbols_have_overflowed(column->symbols) &&
           symbols_count(column->symbols) <= VALUES_MOST;
}

static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    return hash ^ (hash >> 32);
}

/* Of a whole number itself, which every engine writes in a way of its own: what is nearly unique is
 * judged by a sample by hash, and is the same on all of them. */
static uint64_t cell_hash(const struct survey_column *column, const struct survey_cells *cells,
                          uint32_t row)
{
    const enum kind kind = column->type->kind;

    if (kind != KIND_INTEGER || !cells->numbers || fabs(cells->numbers[row]) > EXACT_MOST)
        return cells->hashes[row];
    return mix((uint64_t)(int64_t)cells->numbers[row]);
}

/* The parent of each row, 0 where it refers to none. */
static uint64_t *parents_make(const struct split_edge *edge, const struct survey_batch *batch,
                              struct error *err)
{
    uint64_t *parents = ARENA_ARRAY(batch->arena, batch->rows, uint64_t);

    if (!parents) {
        error_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < edge->column_count; i++) {
        const struct survey_cells *cells = &batch->columns[edge->columns[i]->index];
        for (uint32_t row = 0; row < batch->rows; row++) {
            const bool is_none = cells->is_null[row] || (i > 0 && parents[row] == 0);
            parents[row] =
                is_none ? 0
                        : value_hash(mix(parents[row] ^ cell_hash(edge->columns[i], cells, row)));
        }
    }
    return parents;
}

/* Parent and value of each row. */
static bool split_rows(const struct split *split, const uint64_t *parents,
                       const struct survey_batch *batch, struct watch_rows *rows, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[split->column->index];
    uint64_t *groups = ARENA_ARRAY(batch->arena, batch->rows, uint64_t);

    if (!groups)
        return error_memory(err);
    for (uint32_t row = 0; row < batch->rows; row++)
        if (parents[row] != 0 && cells->symbols[row] >= SYMBOL_FINE)
            groups[row] = value_hash(mix(parents[row] + cell_hash(split->column, cells, row)));
    *rows = (struct watch_rows){
        .batch = batch, .groups = groups, .values = groups, .tags = cells->symbols};
    return true;
}

static const struct survey_column *column_find(const struct survey_table *table,
                                               const struct column *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].bound->column == column)
            return &table->columns[i];
    return NULL;
}

/* False: out of memory. An edge is left out where not its columns alone tell the parent. */
static bool edge_add(struct split_state *state, const struct edge *edge, struct error *err)
{
    struct split_edge *added = &state->edges[state->edge_count];

    if (edge->when || edge->json_path || edge->is_array || edge->is_period)
        return true;
    if (state->edge_count == EDGES_MOST) {
        state->has_more = true;
        return true;
    }
    *added = (struct split_edge){.edge = edge, .column_count = edge->column_count};
    added->columns =
        ARENA_ARRAY(state->marker.arena, edge->column_count, const struct survey_column *);
    if (!added->columns)
        return error_memory(err);
    for (size_t i = 0; i < edge->column_count; i++) {
        added->columns[i] = column_find(state->marker.table, edge->child_columns[i]);
        if (!added->columns[i] || added->columns[i]->form == FORM_WIDE)
            return true;
    }
    if (edge->column_count == 1 && added->columns[0]->is_unique)
        return true;
    state->edge_count++;
    return value_sample_init(&added->parents, state->marker.arena, err);
}

static int column_rank(const struct split_edge *edge, const struct survey_column *column)
{
    if (!column->symbols || column->is_ignored || column->is_reference || column->is_referenced ||
        column->form == FORM_TIME || column->form == FORM_ARRAY)
        return -1;
    for (size_t i = 0; i < edge->column_count; i++)
        if (edge->columns[i] == column)
            return -1;
    if (column->type->kind == KIND_BOOLEAN || column->type->class == TYPE_ENUM)
        return 0;
    return column->form == FORM_NUMBER ? 2 : 1;
}

static bool splits_choose(struct split_state *state, struct error *err)
{
    state->splits = ARENA_ARRAY(state->marker.arena, WATCHES_MOST, struct split);
    if (!state->splits)
        return error_memory(err);
    for (int rank = 0; rank <= 2; rank++)
        for (uint32_t e = 0; e < state->edge_count; e++)
            for (size_t i = 0; i < state->marker.table->column_count; i++) {
                const struct survey_column *column = &state->marker.table->columns[i];
                if (column_rank(&state->edges[e], column) != rank)
                    continue;
                if (state->count == WATCHES_MOST)
                    state->has_more = true;
                else
                    state->splits[state->count++] = (struct split){.edge = e, .column = column};
            }
    const uint32_t cells = watch_cells(state->count + 1, state->marker.table->row_estimate);
    for (size_t i = 0; i < state->count; i++)
        if (!watch_init(&state->splits[i].watch, cells, state->marker.arena, err))
            return false;
    return true;
}

static bool edges_choose(struct split_state *state, struct error *err)
{
    const struct edge_list *up =
        &state->marker.table->binding->graph->up[state->marker.table->bound->table->index];

    state->edges = ARENA_ARRAY(state->marker.arena, EDGES_MOST + 1, struct split_edge);
    if (!state->edges)
        return error_memory(err);
    for (size_t i = 0; i < up->count; i++)
        if (!edge_add(state, up->edges[i], err))
            return false;
    return true;
}

static bool split_open(const struct survey_table *table, void **opened, struct error *err)
{
    void *made;

    *opened = NULL;
    if (!marker_open_lists(table, sizeof(struct split_state), WATCH_WITNESSES, &made, err))
        return false;
    struct split_state *state = made;
    if (!edges_choose(state, err) || !splits_choose(state, err)) {
        marker_close(state);
        return false;
    }
    if (state->count == 0)
        marker_close(state);
    else
        *opened = state;
    return true;
}

static bool split_look(struct split_state *state, struct split *split, const uint64_t *parents,
                       const struct survey_batch *batch, struct error *err)
{
    struct watch_rows rows;

    if (!split_rows(split, parents, batch, &rows, err))
        return false;
    return state->is_second
               ? watch_find(&split->watch, &rows, state->marker.pool, state->marker.arena, err)
               : watch_count(&split->watch, &rows, state->marker.arena, err);
}

/* Splits that may still tell something. */
static bool is_open(const struct split_state *state, const struct split *split)
{
    return state->is_second ? split->watch.threshold > 0 : is_few(split->column);
}

static bool edge_observe(struct split_state *state, uint32_t number,
                         const struct survey_batch *batch, struct error *err)
{
    struct split_edge *edge = &state->edges[number];
    const uint64_t *parents = NULL;

    for (size_t i = 0; i < state->count; i++) {
        if (state->splits[i].edge != number || !is_open(state, &state->splits[i]))
            continue;
        if (!parents && !(parents = parents_make(edge, batch, err)))
            return false;
        if (!split_look(state, &state->splits[i], parents, batch, err))
            return false;
    }
    for (uint32_t row = 0; parents && !state->is_second && row < batch->rows; row++)
        if (parents[row] != 0)
            value_sample_add(&edge->parents, parents[row], 0);
    return true;
}

static bool split_observe(void *opened, const struct survey_batch *batch, struct error *err)
{
    struct split_state *state = opened;

    for (uint32_t i = 0; i < state->edge_count; i++)
        if (!edge_observe(state, i, batch, err))
            return false;
    return true;
}

static bool split_merge(void *opened, void *other, struct error *err)
{
    struct split_state *state = opened;
    const struct split_state *from = other;

    assert(state->count == from->count && state->is_second == from->is_second);
    for (size_t i = 0; !state->is_second && i < state->edge_count; i++)
        value_sample_merge(&state->edges[i].parents, &from->edges[i].parents);
    for (size_t i = 0; i < state->count; i++) {
        struct watch *watch = &state->splits[i].watch;
        const struct watch *add = &from->splits[i].watch;
        if (state->is_second
                ? !watch_merge_found(watch, add, state->marker.pool, state->marker.arena, err)
                : !watch_merge(watch, add, state->marker.arena, err))
            return false;
    }
    return true;
}

/* Where nearly all parents have one child, that some have two is told without the column. */
static bool has_families(const struct split_edge *edge)
{
    uint32_t values = 0, alone = 0;

    for (size_t i = 0; i < SAMPLE_SLOTS; i++) {
        values += edge->parents.slots[i].rows > 0;
        alone += edge->parents.slots[i].rows == 1;
    }
    return alone * 10 < values * 9;
}

static void split_again_one(struct split_state *state, struct split *split, bool *columns)
{
    const struct split_edge *edge = &state->edges[split->edge];
    const unsigned end =
        SYMBOL_FINE + (is_few(split->column) ? symbols_count(split->column->symbols) : 0);
    bool is_wanted = false;

    for (unsigned symbol = SYMBOL_FINE; has_families(edge) && symbol < end; symbol++) {
        split->watch.is_sought[symbol] = watch_is_nearly_unique(&split->watch, (uint8_t)symbol);
        is_wanted |= split->watch.is_sought[symbol];
    }
    if (!is_wanted)
        return;
    watch_again(&split->watch);
    if (split->watch.threshold == 0)
        return;
    columns[split->column->index] = true;
    for (size_t i = 0; i < edge->column_count; i++)
        columns[edge->columns[i]->index] = true;
}

static bool split_again(void *opened, bool *columns, struct error *err)
{
    struct split_state *state = opened;

    UNUSED(err);
    assert(!state->is_second);
    state->is_second = true;
    for (size_t i = 0; i < state->count; i++)
        split_again_one(state, &state->splits[i], columns);
    return true;
}

static bool split_fork(void *opened, void **part, struct error *err)
{
    const struct split_state *state = opened;
    void *made;

    *part = NULL;
    if (!marker_open_lists(state->marker.table, sizeof(*state), WATCH_WITNESSES, &made, err))
        return false;
    struct split_state *fork = made;
    fork->is_second = true;
    fork->edge_count = state->edge_count;
    fork->edges = state->edges;
    fork->count = state->count;
    fork->splits = ARENA_ARRAY(fork->marker.arena, state->count, struct split);
    if (!fork->splits) {
        marker_close(fork);
        return error_memory(err);
    }
    for (size_t i = 0; i < state->count; i++) {
        fork->splits[i].edge = state->splits[i].edge;
        fork->splits[i].column = state->splits[i].column;
        watch_fork(&state->splits[i].watch, &fork->splits[i].watch);
    }
    *part = fork;
    return true;
}

/* "rows with is_default = true for one row of customers" */
static const char *rows_describe(const struct split_state *state, const struct split *split,
                                 uint8_t symbol)
{
    const struct survey_column *column = split->column;
    const char *name = column->bound->column->name;
    const char *parent = state->edges[split->edge].edge->parent->name;
    const char *value =
        survey_show_value(column, symbol_cell(column->symbols, symbol), state->marker.arena);

    if (!value)
        return arena_printf(state->marker.arena,
                            "rows with a certain value of %s for one row of %s", name, parent);
    return arena_printf(state->marker.arena,
                        column->form == FORM_NUMBER || column->type->kind == KIND_BOOLEAN
                            ? "rows with %s = %s for one row of %s"
                            : "rows with %s = '%s' for one row of %s",
                        name, value, parent);
}

static const char *shared_describe(struct split_state *state, const struct split *split,
                                   const struct shared *shared)
{
    const char *rows = rows_describe(state, split, shared->tag);
    const uint64_t most = shared_class_most(shared);

    if (!rows)
        return NULL;
    if (shared->is_greatest)
        return shared->rank == 1
                   ? arena_printf(state->marker.arena, "most %s", rows)
                   : arena_printf(state->marker.arena, "several %s, number %u", rows, shared->rank);
    if (most == 2)
        return arena_printf(state->marker.arena, "2 %s", rows);
    return arena_printf(state->marker.arena, "%" PRIu64 " to %" PRIu64 " %s", most / 2 + 1, most,
                        rows);
}

static bool shared_tell(struct split_state *state, const struct split *split,
                        const struct shared *shared, struct strata *strata, struct error *err)
{
    const char *text = shared_describe(state, split, shared);
    struct stratum_draft draft;

    if (!text)
        return error_memory(err);
    if (!shared_draft(shared, &state->marker, &draft, err))
        return false;
    draft.column_count = 1;
    draft.columns = &split->column->bound;
    draft.edge = state->edges[split->edge].edge;
    draft.needs = NEEDS_VALUES;
    return strata_add(strata, &draft, err, "%s", text);
}

static double pairs_of(uint64_t rows)
{
    return (double)rows * (double)(rows - 1) / 2;
}

/* How many pairs of children of one parent would have the value if it came to children by chance.
 */
static double pairs_expect(const struct split_edge *edge, const struct split *split, uint8_t tag)
{
    const double scale = (double)(UINT64_C(1) << (edge->parents.shift & 63));
    double pairs = 0, all = 0, own = 0;

    for (size_t i = 0; i < SAMPLE_SLOTS; i++) {
        const uint32_t rows = edge->parents.slots[i].rows;
        const struct sampled *sampled = &split->watch.sample.slots[i];
        if (rows > 0)
            pairs += scale * pairs_of(rows < CHILDREN_MOST ? rows : CHILDREN_MOST);
        all += sampled->rows;
        own += sampled->tag == tag ? sampled->rows : 0;
    }
    assert(all > 0);
    return pairs * (own / all) * (own / all);
}

/* Whether parents rarely have the value twice for a reason, and not because it is rare; else only
 * the greatest is told. */
static bool is_telling(const struct split_state *state, const struct split *split, uint8_t tag)
{
    double pairs = 0;

    for (uint32_t i = 0; i < split->watch.found_count; i++)
        if (split->watch.found[i].tag == tag)
            pairs += pairs_of(split->watch.found[i].rows);
    return pairs * FAR_BELOW <= pairs_expect(&state->edges[split->edge], split, tag);
}

static bool split_yield_one(struct split_state *state, struct split *split, struct strata *strata,
                            struct error *err)
{
    struct shared *shared;
    size_t count;

    if (split->watch.threshold == 0)
        return watch_say_gaps(&split->watch, split->column, strata, err);
    if (!watch_shared(&split->watch, GREATEST, state->marker.arena, &shared, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if ((shared[i].rank == 1 || is_telling(state, split, shared[i].tag)) &&
            !shared_tell(state, split, &shared[i], strata, err))
            return false;
    return watch_say_gaps(&split->watch, split->column, strata, err);
}

static bool split_yield(void *opened, struct strata *strata, struct error *err)
{
    struct split_state *state = opened;

    for (size_t i = 0; i < state->count; i++)
        if (!split_yield_one(state, &state->splits[i], strata, err))
            return false;
    return !state->has_more ||
           strata_gap(strata, NULL,
                      "too many references and columns: children are not split by all", err);
}

const struct detector detector_fan_out_split = {
    .kind = "fan_out",
    .help = "children of one parent that have a value which others have once",
    .weight = 6,
    .open = split_open,
    .observe = split_observe,
    .merge = split_merge,
    .again = split_again,
    .fork = split_fork,
    .yield = split_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
