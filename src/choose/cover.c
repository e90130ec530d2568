/* Two rounds over one heap: first witnesses, then further ones. */
#include "choose/cover.h"

struct claim { /* what a unit was worth when it was last looked at */
    uint64_t gain, cost;
    uint32_t unit;
};

struct covering {
    struct cover *cover;
    bool is_first; /* only strata without any witness are open */
    uint32_t turn; /* stamps of this turn are new */
    uint32_t *node_stamps, *stratum_stamps;
    size_t stack_count;
    uint32_t *stack;
    size_t heap_count;
    struct claim *heap;
};

static bool is_open(const struct covering *covering, uint32_t stratum)
{
    const struct cover_stratum *s = &covering->cover->strata[stratum];

    return covering->is_first ? s->have == 0 && s->wanted > 0 : s->have < s->wanted;
}

static uint64_t stratum_gain(struct covering *covering, uint32_t stratum)
{
    if (covering->stratum_stamps[stratum] == covering->turn || !is_open(covering, stratum))
        return 0;
    covering->stratum_stamps[stratum] = covering->turn;
    return covering->cover->strata[stratum].weight;
}

static void node_push(struct covering *covering, uint32_t node)
{
    if (covering->cover->is_in[node] || covering->node_stamps[node] == covering->turn)
        return;
    covering->node_stamps[node] = covering->turn;
    assert(covering->stack_count < covering->cover->graph->node_count);
    covering->stack[covering->stack_count++] = node;
}

static void unit_begin(struct covering *covering, const struct cover_unit *unit)
{
    covering->turn++;
    assert(covering->turn != 0 && covering->stack_count == 0);
    for (uint32_t i = 0; i < unit->roots; i++)
        node_push(covering, covering->cover->roots[unit->root + i]);
}

/* The next row that the unit drags in; ROW_NONE: that was all. */
static uint32_t unit_next(struct covering *covering)
{
    const struct row_graph *graph = covering->cover->graph;

    if (covering->stack_count == 0)
        return ROW_NONE;
    uint32_t node = covering->stack[--covering->stack_count];
    const struct row_node *row = &graph->nodes[node];
    for (uint32_t i = 0; i < row->count; i++)
        node_push(covering, graph->references[row->first + i]);
    return node;
}

static uint64_t node_cost(const struct cover *cover, uint32_t node)
{
    return cover->costs ? cover->costs[node] : 1;
}

static struct claim unit_look(struct covering *covering, uint32_t number)
{
    const struct cover *cover = covering->cover;
    const struct cover_unit *unit = &cover->units[number];
    struct claim claim = {.unit = number};
    uint32_t node;

    unit_begin(covering, unit);
    while ((node = unit_next(covering)) != ROW_NONE) {
        claim.cost += node_cost(cover, node);
        for (uint32_t w = cover->witness_first[node]; w < cover->witness_first[node + 1]; w++)
            claim.gain += stratum_gain(covering, cover->witnessed[w]);
    }
    for (uint32_t i = 0; i < unit->owns; i++)
        claim.gain += stratum_gain(covering, cover->owns[unit->own + i].stratum);
    return claim;
}

static void node_enter(struct cover *cover, uint32_t node)
{
    cover->is_in[node] = true;
    for (uint32_t w = cover->witness_first[node]; w < cover->witness_first[node + 1]; w++)
        cover->strata[cover->witnessed[w]].have++;
}

static void unit_take(struct covering *covering, uint32_t number)
{
    struct cover *cover = covering->cover;
    struct cover_unit *unit = &cover->units[number];
    uint32_t node;

    assert(!unit->is_taken);
    unit->is_taken = true;
    unit_begin(covering, unit);
    while ((node = unit_next(covering)) != ROW_NONE) {
        node_enter(cover, node);
        cover->charged += node_cost(cover, node);
        cover->spent++;
    }
    for (uint32_t i = 0; i < unit->owns; i++)
        cover->strata[cover->owns[unit->own + i].stratum].have +=
            cover->owns[unit->own + i].witnesses;
}

/* Products stay below 2^63: a gain is at most a weight for each stratum, a cost a row each. */
static bool is_before(const struct cover *cover, const struct claim *a, const struct claim *b)
{
    uint64_t left = a->gain * b->cost, right = b->gain * a->cost;

    if (left != right)
        return left > right;
    const struct cover_unit *first = &cover->units[a->unit], *second = &cover->units[b->unit];
    if (first->hash != second->hash)
        return first->hash < second->hash;
    return first->tie < second->tie;
}

static void claim_swap(struct claim *a, struct claim *b)
{
    struct claim kept = *a;

    *a = *b;
    *b = kept;
}

static void heap_add(struct covering *covering, const struct claim *claim)
{
    struct claim *heap = covering->heap;
    size_t at = covering->heap_count++;

    assert(covering->heap_count <= covering->cover->unit_count);
    heap[at] = *claim;
    for (; at > 0 && is_before(covering->cover, &heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
        claim_swap(&heap[at], &heap[(at - 1) / 2]);
}

static struct claim heap_take(struct covering *covering)
{
    struct claim *heap = covering->heap, top = heap[0];
    size_t count = --covering->heap_count;

    heap[0] = heap[count];
    for (size_t at = 0;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child < 2 * at + 3 && child < count; child++)
            if (is_before(covering->cover, &heap[child], &heap[best]))
                best = child;
        if (best == at)
            return top;
        claim_swap(&heap[at], &heap[best]);
        at = best;
    }
}

/* A first witness may exceed the budget, but one that drags a large share of it behind itself (a
 * product with all its orders) is no witness that staging can afford. */
static bool is_affordable(const struct covering *covering, const struct claim *claim)
{
    const struct cover *cover = covering->cover;

    if (cover->charged + claim->cost <= cover->budget)
        return true;
    return covering->is_first && claim->cost <= cover->first_most;
}

static void cover_pass(struct covering *covering, bool is_first)
{
    const struct cover *cover = covering->cover;

    covering->is_first = is_first;
    covering->heap_count = 0;
    for (uint32_t i = 0; i < cover->unit_count; i++) {
        if (cover->units[i].is_taken)
            continue;
        struct claim claim = unit_look(covering, i);
        if (claim.gain > 0 && is_affordable(covering, &claim))
            heap_add(covering, &claim);
    }
    while (covering->heap_count > 0) {
        struct claim claim = heap_take(covering);
        claim = unit_look(covering, claim.unit);
        if (claim.gain == 0 || !is_affordable(covering, &claim))
            continue;
        if (covering->heap_count > 0 && is_before(cover, &covering->heap[0], &claim))
            heap_add(covering, &claim);
        else
            unit_take(covering, claim.unit);
    }
}

/* Units of which all rows are there already cost nothing and come at once. */
static void free_take(struct covering *covering)
{
    struct cover *cover = covering->cover;

    for (uint32_t node = 0; node < cover->graph->node_count; node++)
        if (cover->is_in[node])
            node_enter(cover, node);
    for (uint32_t i = 0; i < cover->unit_count; i++)
        if (unit_look(covering, i).cost == 0)
            unit_take(covering, i);
    assert(cover->spent == 0);
}

bool cover_run(struct cover *cover, struct arena *arena, struct error *err)
{
    size_t nodes = cover->graph->node_count;
    struct covering covering = {
        .cover = cover,
        .node_stamps = ARENA_ARRAY(arena, nodes + 1, uint32_t),
        .stratum_stamps = ARENA_ARRAY(arena, cover->stratum_count + 1, uint32_t),
        .stack = ARENA_ARRAY(arena, nodes + 1, uint32_t),
        .heap = ARENA_ARRAY(arena, cover->unit_count + 1, struct claim),
    };

    assert(cover->graph->is_closed && cover->unit_count < ROW_NONE);
    if (!covering.node_stamps || !covering.stratum_stamps || !covering.stack || !covering.heap)
        return error_memory(err);
    cover->spent = cover->charged = 0;
    free_take(&covering);
    cover_pass(&covering, true);
    cover->over = cover->spent > cover->budget ? cover->spent - cover->budget : 0;
    cover_pass(&covering, false);
    return true;
}
