/* The rows of both sides of an edge, held by key, and what they say once all are there. */
#include "run/order.h"

#include "transform/params.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_LEAST = 64, ROWS_MOST = 1 << 18 };

struct compared {
    struct order_side sides[2];    /* child, parent */
    const struct column *times[2]; /* the same */
    struct buf rows[2];            /* of struct order_row */
    atomic_uint_fast64_t limit;    /* keys above have no place */
};

struct table_sides {
    size_t count;
    struct order_side *sides;
};

struct ordering {
    struct arena *arena;        /* owned */
    struct table_sides *tables; /* by table index */
    size_t count, most;         /* most: rows of an edge */
    struct compared *compared;
    pthread_mutex_t mutex; /* guards rows and the writing of limits */
};

static bool is_shifted(const struct bound_column *column)
{
    for (size_t v = 0; v < column->variant_count; v++)
        if (column->variants[v].rule &&
            strcmp(column->variants[v].rule->transform->name, "shift") == 0)
            return true;
    return false;
}

static const struct bound_column *first_shifted(const struct bound_table *table)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (is_shifted(&table->columns[c]))
            return &table->columns[c];
    return NULL;
}

static const struct bound_column *shifted_named(const struct bound_table *table, const char *name)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (is_shifted(&table->columns[c]) && strcmp(table->columns[c].column->name, name) == 0)
            return &table->columns[c];
    return NULL;
}

/* The two times that are compared; false: there are none. */
static bool times_choose(const struct bound_table *child, const struct bound_table *parent,
                         const struct bound_column *times[2])
{
    times[0] = first_shifted(child);
    times[1] = first_shifted(parent);
    if (!times[0] || !times[1])
        return false;
    for (size_t c = 0; c < child->column_count; c++) {
        const struct bound_column *own = &child->columns[c];
        const struct bound_column *other =
            is_shifted(own) ? shifted_named(parent, own->column->name) : NULL;

        if (!other)
            continue;
        times[0] = own;
        times[1] = other;
        return true;
    }
    return true;
}

static int64_t unit_of(const struct bound_column *column)
{
    return column->column->type->kind == KIND_DATE ? DAY_US : column_time_unit(column->column);
}

static bool is_filled(const struct bound_table *table)
{
    return table->role != ROLE_EXCLUDED && table->role != ROLE_EMPTY;
}

/* False: nothing is compared along this edge. */
static bool edge_plan(const struct binding *binding, const struct edge *edge,
                      struct compared *compared)
{
    const struct bound_table *tables[2] = {&binding->tables[edge->child->index],
                                           &binding->tables[edge->parent->index]};
    const struct bound_column *times[2];

    if (edge->json_path || edge->is_array || edge->is_period || !is_filled(tables[0]) ||
        !is_filled(tables[1]) || !times_choose(tables[0], tables[1], times))
        return false;
    const int64_t units[2] = {unit_of(times[0]), unit_of(times[1])};

    for (int side = 0; side < 2; side++) {
        compared->times[side] = times[side]->column;
        compared->sides[side] = (struct order_side){
            .edge = edge,
            .is_parent = side == 1,
            .time = (uint32_t)(times[side] - tables[side]->columns),
            .columns = side ? edge->parent_columns : edge->child_columns,
            .unit = units[0] > units[1] ? units[0] : units[1],
            .when = side ? -1 : binding->edges[edge->index].when,
        };
    }
    return true;
}

static bool sides_place(struct ordering *ordering, size_t tables, struct error *err)
{
    for (size_t i = 0; i < ordering->count; i++) {
        const struct edge *edge = ordering->compared[i].sides[0].edge;

        ordering->tables[edge->child->index].count++;
        ordering->tables[edge->parent->index].count++;
    }
    for (size_t t = 0; t < tables; t++) {
        ordering->tables[t].sides =
            ARENA_ARRAY(ordering->arena, ordering->tables[t].count + 1, struct order_side);
        if (!ordering->tables[t].sides)
            return error_memory(err);
        ordering->tables[t].count = 0;
    }
    for (size_t i = 0; i < ordering->count; i++)
        for (int side = 0; side < 2; side++) {
            struct order_side *made = &ordering->compared[i].sides[side];
            const struct edge *edge = made->edge;
            struct table_sides *table =
                &ordering->tables[side ? edge->parent->index : edge->child->index];

            made->number = (uint32_t)i;
            table->sides[table->count++] = *made;
        }
    return true;
}

bool ordering_new(const struct binding *binding, size_t ceiling, struct ordering **ordering,
                  struct error *err)
{
    const struct edge_list *all = &binding->graph->all;
    struct arena *arena = arena_new();
    struct ordering *made = arena ? ARENA_NEW(arena, struct ordering) : NULL;

    *ordering = NULL;
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->arena = arena;
    made->tables = ARENA_ARRAY(arena, binding->catalog->table_count + 1, struct table_sides);
    made->compared = ARENA_ARRAY(arena, all->count + 1, struct compared);
    bool is_ok = (made->tables && made->compared) || error_memory(err);
    for (size_t i = 0; is_ok && i < all->count; i++)
        made->count += edge_plan(binding, all->edges[i], &made->compared[made->count]);
    is_ok = is_ok && sides_place(made, binding->catalog->table_count, err);
    if (!is_ok || made->count == 0) {
        arena_free(arena);
        return is_ok;
    }
    made->most = ceiling / made->count / sizeof(struct order_row);
    made->most = made->most < ROWS_LEAST  ? ROWS_LEAST
                 : made->most > ROWS_MOST ? ROWS_MOST
                                          : made->most;
    for (size_t i = 0; i < made->count; i++) {
        atomic_init(&made->compared[i].limit, UINT64_MAX);
        buf_init(&made->compared[i].rows[0], BUF_CEILING_MAX);
        buf_init(&made->compared[i].rows[1], BUF_CEILING_MAX);
    }
    pthread_mutex_init(&made->mutex, NULL);
    *ordering = made;
    return true;
}

void ordering_free(struct ordering *ordering)
{
    if (!ordering)
        return;
    for (size_t i = 0; i < ordering->count; i++) {
        buf_release(&ordering->compared[i].rows[0]);
        buf_release(&ordering->compared[i].rows[1]);
    }
    pthread_mutex_destroy(&ordering->mutex);
    arena_free(ordering->arena);
}

const struct order_side *ordering_sides(const struct ordering *ordering, const struct table *table,
                                        size_t *count)
{
    *count = ordering->tables[table->index].count;
    return ordering->tables[table->index].sides;
}

bool ordering_wants(const struct ordering *ordering, const struct order_side *side, uint64_t key)
{
    return key <=
           atomic_load_explicit(&ordering->compared[side->number].limit, memory_order_relaxed);
}

static size_t row_count(const struct buf *rows)
{
    return rows->len / sizeof(struct order_row);
}

static struct order_row *rows_of(const struct buf *rows)
{
    return (struct order_row *)(void *)rows->ptr;
}

static void rows_cut(struct buf *rows, uint64_t limit)
{
    struct order_row *all = rows_of(rows);
    const size_t count = row_count(rows);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (all[i].key <= limit)
            all[kept++] = all[i];
    rows->len = kept * sizeof(*all);
}

/* Halves the keys that have a place until their rows fit: how often depends on the rows alone. */
static void compared_cut(struct compared *compared, size_t most)
{
    uint64_t limit = atomic_load_explicit(&compared->limit, memory_order_relaxed);

    while (row_count(&compared->rows[0]) + row_count(&compared->rows[1]) > most && limit > 0) {
        limit >>= 1;
        rows_cut(&compared->rows[0], limit);
        rows_cut(&compared->rows[1], limit);
    }
    atomic_store_explicit(&compared->limit, limit, memory_order_relaxed);
}

bool ordering_add(struct ordering *ordering, const struct order_side *side,
                  const struct order_row *rows, size_t count, struct error *err)
{
    struct compared *compared = &ordering->compared[side->number];
    struct buf *to = &compared->rows[side->is_parent];
    bool is_ok;

    assert(side->number < ordering->count);
    pthread_mutex_lock(&ordering->mutex);
    for (size_t i = 0; i < count; i++)
        if (ordering_wants(ordering, side, rows[i].key))
            buf_add(to, &rows[i], sizeof(rows[i]));
    is_ok = buf_ok(to);
    if (is_ok)
        compared_cut(compared, ordering->most);
    pthread_mutex_unlock(&ordering->mutex);
    return is_ok || error_memory(err);
}

static int row_compare(const void *left, const void *right)
{
    const struct order_row *a = left, *b = right;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->before > b->before) - (a->before < b->before);
}

/* The first parent whose key is not below. */
static size_t parent_find(const struct order_row *parents, size_t count, uint64_t key)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (parents[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void compared_count(struct compared *compared, struct order_count *made)
{
    struct order_row *parents = rows_of(&compared->rows[1]);
    const struct order_row *children = rows_of(&compared->rows[0]);
    const size_t count = row_count(&compared->rows[1]);

    if (count)
        qsort(parents, count, sizeof(*parents), row_compare);
    for (size_t i = 0; i < row_count(&compared->rows[0]); i++) {
        const size_t at = parent_find(parents, count, children[i].key);

        if (at == count || parents[at].key != children[i].key)
            continue;
        const bool was = children[i].before < parents[at].before;
        const bool is = children[i].after < parents[at].after;

        made->pairs++;
        made->production += was;
        made->staging += is;
        made->reversed += is && !was;
    }
}

bool ordering_finish(struct ordering *ordering, struct arena *arena, struct order_count **counts,
                     size_t *count, struct error *err)
{
    struct order_count *made = ARENA_ARRAY(arena, ordering->count + 1, struct order_count);

    *counts = made;
    *count = ordering->count;
    if (!made)
        return error_memory(err);
    for (size_t i = 0; i < ordering->count; i++) {
        struct compared *compared = &ordering->compared[i];

        made[i].edge = compared->sides[0].edge;
        made[i].child = compared->times[0];
        made[i].parent = compared->times[1];
        made[i].is_sample =
            atomic_load_explicit(&compared->limit, memory_order_relaxed) != UINT64_MAX;
        compared_count(compared, &made[i]);
    }
    return true;
}
