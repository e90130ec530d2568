/* The keys of both sides of edges, and how many children each parent has. */
#include "run/fanning.h"

#include "run/copy.h"
#include "transform/params.h"

#include <pthread.h>

enum { ROWS_LEAST = 64, ROWS_MOST = 1 << 18 };

struct counted {
    const struct fan_out *real;
    struct fan_side sides[2]; /* child, parent */
    struct buf rows[2];       /* of uint64_t: fanning_row */
    uint64_t limit;           /* rows above have no place */
    bool is_cut;
};

struct table_sides {
    size_t count;
    struct fan_side *sides;
};

struct fanning {
    struct arena *arena;        /* owned */
    struct table_sides *tables; /* by table index */
    size_t count, most;         /* most: rows of an edge */
    struct counted *counted;
    pthread_mutex_t mutex; /* guards rows, limits and is_cut */
};

/* Equal keys are equal bytes on the wire, whichever side they are read from. */
static bool is_verbatim(const struct edge *edge)
{
    for (size_t c = 0; c < edge->column_count; c++) {
        const struct type *child = type_ground(edge->child_columns[c]->type);
        const struct type *parent = type_ground(edge->parent_columns[c]->type);

        if (child != parent || (child->kind != KIND_INTEGER && child->kind != KIND_UUID))
            return false;
    }
    return true;
}

static bool positions_find(const struct bound_table *table, const struct column **columns,
                           size_t count, uint32_t *positions)
{
    for (size_t c = 0; c < count; c++)
        if (!rewrite_position(table, columns[c], &positions[c]))
            return false;
    return true;
}

static bool is_filled(const struct bound_table *table)
{
    return table->role != ROLE_EXCLUDED && table->role != ROLE_EMPTY;
}

/* *is_planned is false where nothing is counted along the edge. */
static bool edge_plan(struct fanning *fanning, const struct binding *binding,
                      const struct codec *codec, const struct fan_out *real, bool *is_planned,
                      struct error *err)
{
    const struct edge *edge = real->edge;
    const struct bound_table *tables[2] = {&binding->tables[edge->child->index],
                                           &binding->tables[edge->parent->index]};
    struct counted *counted = &fanning->counted[fanning->count];

    *is_planned = false;
    if (edge->json_path || edge->is_array || edge->is_period || !edge_is_exact(edge) ||
        !is_filled(tables[0]) || !is_filled(tables[1]))
        return true;
    counted->real = real;
    for (int side = 0; side < 2; side++) {
        struct fan_side *made = &counted->sides[side];

        *made = (struct fan_side){
            .edge = edge,
            .is_parent = side == 1,
            .number = (uint32_t)fanning->count,
            .positions = ARENA_ARRAY(fanning->arena, edge->column_count + 1, uint32_t),
            .columns = side ? edge->parent_columns : edge->child_columns,
            .when = side ? -1 : binding->edges[edge->index].when,
            .is_verbatim =
                is_verbatim(edge) && copy_codec(codec, tables[0]) == copy_codec(codec, tables[1]),
        };
        if (!made->positions)
            return error_memory(err);
        if (!positions_find(tables[side], made->columns, edge->column_count, made->positions))
            return true;
    }
    *is_planned = true;
    return true;
}

static bool sides_place(struct fanning *fanning, size_t tables, struct error *err)
{
    for (size_t i = 0; i < fanning->count; i++) {
        const struct edge *edge = fanning->counted[i].real->edge;

        fanning->tables[edge->child->index].count++;
        fanning->tables[edge->parent->index].count++;
    }
    for (size_t t = 0; t < tables; t++) {
        fanning->tables[t].sides =
            ARENA_ARRAY(fanning->arena, fanning->tables[t].count + 1, struct fan_side);
        if (!fanning->tables[t].sides)
            return error_memory(err);
        fanning->tables[t].count = 0;
    }
    for (size_t i = 0; i < fanning->count; i++)
        for (int side = 0; side < 2; side++) {
            const struct edge *edge = fanning->counted[i].real->edge;
            struct table_sides *table =
                &fanning->tables[side ? edge->parent->index : edge->child->index];

            table->sides[table->count++] = fanning->counted[i].sides[side];
        }
    return true;
}

static bool fanning_fill(struct fanning *made, const struct selection *selection,
                         const struct codec *codec, struct error *err)
{
    const struct survey *survey = selection->survey;
    const size_t tables = selection->binding->catalog->table_count;

    made->tables = ARENA_ARRAY(made->arena, tables + 1, struct table_sides);
    made->counted = ARENA_ARRAY(made->arena, survey->fan_out_count + 1, struct counted);
    if (!made->tables || !made->counted)
        return error_memory(err);
    for (size_t i = 0; i < survey->fan_out_count; i++) {
        bool is_planned;

        if (!edge_plan(made, selection->binding, codec, &survey->fan_outs[i], &is_planned, err))
            return false;
        made->count += is_planned;
    }
    return sides_place(made, tables, err);
}

bool fanning_new(const struct selection *selection, const struct codec *codec, size_t ceiling,
                 struct fanning **fanning, struct error *err)
{
    struct arena *arena;
    struct fanning *made;
    bool is_ok;

    *fanning = NULL;
    if (!selection->survey || selection->survey->fan_out_count == 0)
        return true;
    arena = arena_new();
    made = arena ? ARENA_NEW(arena, struct fanning) : NULL;
    if (made)
        made->arena = arena;
    is_ok = made ? fanning_fill(made, selection, codec, err) : error_memory(err);
    if (!is_ok || made->count == 0) {
        arena_free(arena);
        return is_ok;
    }
    made->most = ceiling / made->count / sizeof(uint64_t);
    made->most = made->most < ROWS_LEAST  ? ROWS_LEAST
                 : made->most > ROWS_MOST ? ROWS_MOST
                                          : made->most;
    for (size_t i = 0; i < made->count; i++) {
        made->counted[i].limit = UINT64_MAX;
        buf_init(&made->counted[i].rows[0], BUF_CEILING_MAX);
        buf_init(&made->counted[i].rows[1], BUF_CEILING_MAX);
    }
    pthread_mutex_init(&made->mutex, NULL);
    *fanning = made;
    return true;
}

void fanning_free(struct fanning *fanning)
{
    if (!fanning)
        return;
    for (size_t i = 0; i < fanning->count; i++) {
        buf_release(&fanning->counted[i].rows[0]);
        buf_release(&fanning->counted[i].rows[1]);
    }
    pthread_mutex_destroy(&fanning->mutex);
    arena_free(fanning->arena);
}

const struct fan_side *fanning_sides(const struct fanning *fanning, const struct table *table,
                                     size_t *count)
{
    *count = fanning->tables[table->index].count;
    return fanning->tables[table->index].sides;
}

static size_t row_count(const struct buf *rows)
{
    return rows->len / sizeof(uint64_t);
}

static uint64_t *rows_of(const struct buf *rows)
{
    return (uint64_t *)(void *)rows->ptr;
}

static void rows_cut(struct buf *rows, uint64_t limit)
{
    uint64_t *all = rows_of(rows);
    const size_t count = row_count(rows);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (all[i] <= limit)
            all[kept++] = all[i];
    rows->len = kept * sizeof(*all);
}

/* Halves the keys that have a place until their rows fit: how often depends on the rows alone. A
 * limit ends in ones, so that rows of one key, of the tail or not, stay or go together. */
static void counted_cut(struct counted *counted, size_t most)
{
    while (row_count(&counted->rows[0]) + row_count(&counted->rows[1]) > most &&
           counted->limit > 1) {
        counted->limit >>= 1;
        rows_cut(&counted->rows[0], counted->limit);
        rows_cut(&counted->rows[1], counted->limit);
        counted->is_cut = true;
    }
}

bool fanning_add(struct fanning *fanning, const struct fan_side *side, const uint64_t *rows,
                 size_t count, struct error *err)
{
    struct counted *counted = &fanning->counted[side->number];
    struct buf *to = &counted->rows[side->is_parent];
    bool is_ok;

    assert(side->number < fanning->count);
    pthread_mutex_lock(&fanning->mutex);
    for (size_t i = 0; i < count; i++)
        if (rows[i] <= counted->limit)
            buf_add(to, &rows[i], sizeof(rows[i]));
    is_ok = buf_ok(to);
    if (is_ok)
        counted_cut(counted, fanning->most);
    pthread_mutex_unlock(&fanning->mutex);
    return is_ok || error_memory(err);
}

/* Ascending by key: dealt out by their upper bits, so that about one row falls on a place, then
 * each moved up to its own. Hashes are evenly spread below the limit; equal ones, the children of
 * one parent, need no moving. *sorted is in `arena`. */
static bool rows_sort(const struct buf *rows, uint64_t limit, struct arena *arena,
                      const uint64_t **sorted, struct error *err)
{
    const uint64_t *all = rows_of(rows);
    const size_t count = row_count(rows);
    unsigned bits = 1;

    while (bits < 20 && count >> bits > 0)
        bits++;
    const unsigned used = 64u - (unsigned)__builtin_clzll(limit),
                   shift = used > bits ? used - bits : 0;
    size_t *ends = ARENA_ARRAY(arena, (size_t)1 << bits, size_t);
    uint64_t *dealt = ARENA_ARRAY(arena, count + 1, uint64_t);

    *sorted = dealt;
    if (!ends || !dealt)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        ends[all[i] >> shift]++;
    for (size_t place = 1; place < (size_t)1 << bits; place++)
        ends[place] += ends[place - 1];
    assert(ends[((size_t)1 << bits) - 1] == count);
    for (size_t i = 0; i < count; i++)
        dealt[--ends[all[i] >> shift]] = all[i];
    for (size_t i = 1; i < count; i++) {
        const uint64_t row = dealt[i];
        size_t at = i;

        for (; at > 0 && dealt[at - 1] >> 1 > row >> 1; at--)
            dealt[at] = dealt[at - 1];
        dealt[at] = row;
    }
    return true;
}

static uint64_t *group_of(uint64_t *groups, uint64_t children)
{
    return &groups[children < FAN_OUT_GROUPS ? children : FAN_OUT_GROUPS - 1];
}

/* Both sides ascending: parents meet their children in one walk. */
static bool counted_finish(const struct counted *counted, struct arena *arena, struct fanned *made,
                           struct error *err)
{
    const size_t child_count = row_count(&counted->rows[0]);
    const size_t parent_count = row_count(&counted->rows[1]);
    const uint64_t *children, *parents;
    size_t first = 0;

    if (!rows_sort(&counted->rows[0], counted->limit, arena, &children, err) ||
        !rows_sort(&counted->rows[1], counted->limit, arena, &parents, err))
        return false;
    for (size_t i = 0; i < parent_count; i++) {
        uint64_t all = 0, sampled = 0;

        while (first < child_count && children[first] >> 1 < parents[i] >> 1)
            first++;
        for (size_t c = first; c < child_count && children[c] >> 1 == parents[i] >> 1; c++) {
            all++;
            sampled += !(children[c] & 1);
        }
        (*group_of(made->whole, all))++;
        if (!(parents[i] & 1))
            (*group_of(made->sampled, sampled))++;
    }
    return true;
}

bool fanning_finish(const struct fanning *fanning, struct arena *arena, struct fanned **fanned,
                    size_t *count, struct error *err)
{
    struct fanned *made = ARENA_ARRAY(arena, fanning->count + 1, struct fanned);
    AUTO(arena) struct arena *scratch = arena_new();

    *fanned = made;
    *count = fanning->count;
    if (!made || !scratch)
        return error_memory(err);
    for (size_t i = 0; i < fanning->count; i++) {
        const struct counted *counted = &fanning->counted[i];

        arena_reset(scratch);
        made[i].real = counted->real;
        made[i].is_sample = counted->is_cut;
        if (!counted_finish(counted, scratch, &made[i], err))
            return false;
    }
    return true;
}
