/* Between what was gathered and what is covered: what comes as one, and afterwards which rows come
 * for which stratum. */
#include "choose/tails.h"

#include <math.h>
#include <stdlib.h>

/* A first witness may exceed the budget, but not one that alone takes a quarter of it. */
#define FIRST_SHARE 4
#define FIRST_ROWS  1000 /* that many are always allowed */

/* Of the start rows that come, one first witness may bring a fifth, and further ones only while
 * fewer are in: where more are completed than drawn, the subset looks like its tails. On the shop,
 * orders for each customer match by .94 with this bound and by .66 without. */
#define BURDENED_SHARE 0.2
#define BURDENED_LEAST 64 /* that many are always allowed */

struct shaping {
    struct gather *gather;
    struct cover *cover;
    struct arena *arena;
    uint32_t *nodes;      /* by entry */
    uint32_t *witness_at; /* by node, one more */
    uint32_t *witnessed;
    struct cover_unit *units;
    uint32_t *roots;
    struct cover_own *owns;
    size_t root_count, own_count;
    size_t *parent_units; /* by parent: unit + 1 */
};

static const struct stratum *stratum_of(const struct gather *gather,
                                        const struct gather_entry *entry)
{
    return &gather->survey->strata[entry->stratum];
}

/* The row alone is a witness. */
static bool is_alone(const struct gather *gather, const struct gather_entry *entry)
{
    const struct stratum *stratum = stratum_of(gather, entry);

    return !gather_brings_children(gather, stratum) && !gather_is_together(gather, stratum);
}

static uint64_t hash_of(const struct gather *gather, const struct gather_entry *entry)
{
    return stratum_of(gather, entry)->witnesses[entry->rank].hash;
}

static int parent_compare(const void *left, const void *right)
{
    const struct gather_parent *a = left, *b = right;

    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->edge > b->edge) - (a->edge < b->edge);
}

static int child_compare(const void *left, const void *right)
{
    const struct gather_child *a = left, *b = right;

    if (a->edge != b->edge)
        return a->edge < b->edge ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

/* The children of one key along one edge. */
static const struct gather_child *children_find(const struct gather *gather, uint32_t edge,
                                                uint32_t key, size_t *count)
{
    size_t low = 0, high = gather->child_count, from;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct gather_child *child = &gather->children[middle];
        if (child->edge < edge || (child->edge == edge && child->key < key))
            low = middle + 1;
        else
            high = middle;
    }
    for (from = low; low < gather->child_count && gather->children[low].edge == edge &&
                     gather->children[low].key == key;)
        low++;
    *count = low - from;
    return gather->children + from;
}

/* Which strata each node alone is a witness of: counted, then filled in. */
static bool witnesses_shape(struct shaping *shaping, struct error *err)
{
    const struct gather *gather = shaping->gather;
    size_t nodes = gather->graph->node_count, entries = gather->entry_count;

    shaping->nodes = ARENA_ARRAY(shaping->arena, entries + 1, uint32_t);
    shaping->witness_at = ARENA_ARRAY(shaping->arena, nodes + 2, uint32_t);
    shaping->witnessed = ARENA_ARRAY(shaping->arena, entries + 1, uint32_t);
    if (!shaping->nodes || !shaping->witness_at || !shaping->witnessed)
        return error_memory(err);
    for (size_t i = 0; i < entries; i++) {
        uint32_t node = row_graph_find(gather->graph, &gather->entries[i].place);
        shaping->nodes[i] = node;
        if (node != ROW_NONE && is_alone(gather, &gather->entries[i]))
            shaping->witness_at[node + 2]++;
    }
    for (size_t i = 0; i < nodes; i++)
        shaping->witness_at[i + 2] += shaping->witness_at[i + 1];
    for (size_t i = 0; i < entries; i++)
        if (shaping->nodes[i] != ROW_NONE && is_alone(gather, &gather->entries[i]))
            shaping->witnessed[shaping->witness_at[shaping->nodes[i] + 1]++] =
                gather->entries[i].stratum;
    shaping->cover->witness_first = shaping->witness_at;
    shaping->cover->witnessed = shaping->witnessed;
    return true;
}

static struct cover_unit *unit_begin(struct shaping *shaping, uint64_t hash, uint64_t tie)
{
    struct cover_unit *unit = &shaping->units[shaping->cover->unit_count++];

    *unit = (struct cover_unit){.hash = hash,
                                .tie = tie,
                                .root = (uint32_t)shaping->root_count,
                                .own = (uint32_t)shaping->own_count};
    return unit;
}

static void root_add(struct shaping *shaping, struct cover_unit *unit, uint32_t node)
{
    assert(unit == &shaping->units[shaping->cover->unit_count - 1]);
    shaping->roots[shaping->root_count++] = node;
    unit->roots++;
}

static void own_add(struct shaping *shaping, struct cover_unit *unit, uint32_t stratum,
                    uint32_t witnesses)
{
    shaping->owns[shaping->own_count++] = (struct cover_own){stratum, witnesses};
    unit->owns++;
}

/* Kinds of units, so that units of one row differ. */
static uint64_t tie_of(uint32_t table, uint32_t kind, uint32_t number)
{
    return (uint64_t)table << 40 | (uint64_t)kind << 32 | number;
}

static void lone_shape(struct shaping *shaping)
{
    const struct gather *gather = shaping->gather;
    uint32_t last = ROW_NONE;

    for (size_t i = 0; i < gather->entry_count; i++) {
        const struct gather_entry *entry = &gather->entries[i];
        uint32_t node = shaping->nodes[i];
        if (node == ROW_NONE || node == last || !is_alone(gather, entry))
            continue;
        root_add(shaping,
                 unit_begin(shaping, hash_of(gather, entry), tie_of(entry->place.table, 0, 0)),
                 node);
        last = node;
    }
}

/* A witness and its children; the entries of its place say for which strata. */
static void parent_shape(struct shaping *shaping, const struct gather_parent *parent,
                         const struct gather_entry *first)
{
    const struct gather *gather = shaping->gather;
    const struct gather_entry *end = gather->entries + gather->entry_count;
    struct cover_unit *unit =
        unit_begin(shaping, hash_of(gather, first), tie_of(first->place.table, 1, parent->edge));
    size_t count = 0;
    const struct gather_child *children =
        parent->key == ROW_NONE ? NULL : children_find(gather, parent->edge, parent->key, &count);

    root_add(shaping, unit, parent->node);
    for (size_t i = 0; i < count; i++)
        root_add(shaping, unit, children[i].node);
    for (const struct gather_entry *entry = first;
         entry < end && row_place_compare(&entry->place, &first->place) == 0; entry++) {
        const struct stratum *stratum = stratum_of(gather, entry);
        if (gather_brings_children(gather, stratum) && stratum->edge->index == parent->edge)
            own_add(shaping, unit, entry->stratum, 1);
    }
}

static void parents_shape(struct shaping *shaping)
{
    const struct gather *gather = shaping->gather;
    const struct gather_entry *entry = gather->entries;

    /* Entries stand by place, parents by node: each finds its own. */
    for (size_t i = 0; i < gather->entry_count; i++, entry++) {
        struct gather_parent key = {.node = shaping->nodes[i]};
        if (key.node == ROW_NONE || (i > 0 && shaping->nodes[i - 1] == key.node))
            continue;
        size_t low = 0, high = gather->parent_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (gather->parents[middle].node < key.node)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < gather->parent_count && gather->parents[low].node == key.node; low++) {
            if (gather_is_left_out(gather, &gather->parents[low]))
                continue;
            shaping->parent_units[low] = shaping->cover->unit_count + 1;
            parent_shape(shaping, &gather->parents[low], entry);
        }
    }
}

struct member { /* of rows that come together */
    uint32_t stratum, node;
    uint64_t hash;
};

static int member_compare(const void *left, const void *right)
{
    const struct member *a = left, *b = right;

    if (a->stratum != b->stratum)
        return a->stratum < b->stratum ? -1 : 1;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static bool together_shape(struct shaping *shaping, struct error *err)
{
    const struct gather *gather = shaping->gather;
    struct member *members = ARENA_ARRAY(shaping->arena, gather->entry_count + 1, struct member);
    size_t count = 0;

    if (!members)
        return error_memory(err);
    for (size_t i = 0; i < gather->entry_count; i++) {
        const struct gather_entry *entry = &gather->entries[i];
        if (shaping->nodes[i] != ROW_NONE && gather_is_together(gather, stratum_of(gather, entry)))
            members[count++] =
                (struct member){entry->stratum, shaping->nodes[i], hash_of(gather, entry)};
    }
    qsort(members, count, sizeof(*members), member_compare);
    for (size_t from = 0, to; from < count; from = to) {
        uint32_t stratum = members[from].stratum;
        struct cover_unit *unit =
            unit_begin(shaping, members[from].hash,
                       tie_of(gather->survey->strata[stratum].table->table->index, 2, stratum));
        for (to = from; to < count && members[to].stratum == stratum; to++)
            root_add(shaping, unit, members[to].node);
        own_add(shaping, unit, stratum, (uint32_t)(to - from));
    }
    return true;
}

/* Rarer strata weigh more, by their order of magnitude. */
static uint64_t weight_of(const struct stratum *stratum)
{
    double weight = (stratum->weight > 0 ? stratum->weight : 1) * 1024;

    weight /= log2(2 + (double)stratum->rows);
    if (!(weight >= 1))
        return 1;
    return weight < (double)COVER_WEIGHT_MOST ? (uint64_t)weight : COVER_WEIGHT_MOST;
}

static bool strata_shape(struct shaping *shaping, struct error *err)
{
    const struct gather *gather = shaping->gather;
    const struct survey *survey = gather->survey;
    struct cover_stratum *strata =
        ARENA_ARRAY(shaping->arena, survey->stratum_count + 1, struct cover_stratum);

    if (!strata)
        return error_memory(err);
    for (size_t i = 0; i < gather->entry_count; i++) {
        const struct stratum *stratum = stratum_of(gather, &gather->entries[i]);
        strata[gather->entries[i].stratum] =
            (struct cover_stratum){.weight = weight_of(stratum), .wanted = stratum->wanted};
    }
    shaping->cover->strata = strata;
    shaping->cover->stratum_count = survey->stratum_count;
    return true;
}

static bool units_shape(struct shaping *shaping, struct error *err)
{
    struct gather *gather = shaping->gather;
    size_t entries = gather->entry_count;
    size_t units = 2 * entries + gather->parent_count + 1;
    size_t roots = 2 * entries + gather->parent_count + gather->child_count + 1;

    qsort(gather->parents, gather->parent_count, sizeof(*gather->parents), parent_compare);
    qsort(gather->children, gather->child_count, sizeof(*gather->children), child_compare);
    shaping->units = ARENA_ARRAY(shaping->arena, units, struct cover_unit);
    shaping->roots = ARENA_ARRAY(shaping->arena, roots, uint32_t);
    shaping->owns = ARENA_ARRAY(shaping->arena, 2 * entries + 1, struct cover_own);
    shaping->parent_units = ARENA_ARRAY(shaping->arena, gather->parent_count + 1, size_t);
    if (!shaping->units || !shaping->roots || !shaping->owns || !shaping->parent_units)
        return error_memory(err);
    lone_shape(shaping);
    parents_shape(shaping);
    if (!together_shape(shaping, err))
        return false;
    assert(shaping->cover->unit_count <= units && shaping->root_count <= roots);
    assert(shaping->own_count <= 2 * entries);
    shaping->cover->units = shaping->units;
    shaping->cover->roots = shaping->roots;
    shaping->cover->owns = shaping->owns;
    return true;
}

static bool is_rarer(const struct survey *survey, uint32_t a, uint32_t b)
{
    if (survey->strata[a].rows != survey->strata[b].rows)
        return survey->strata[a].rows < survey->strata[b].rows;
    return a < b;
}

/* What is told of the row: that it is a witness, of the rarest stratum there is. */
static void claim_put(struct shaping *shaping, struct tail_seed *claims, uint32_t node,
                      const struct tail_seed *claim)
{
    struct tail_seed *old = &claims[node];

    assert(shaping->cover->is_in[node]);
    if (old->stratum != ROW_NONE &&
        (old->is_witness > claim->is_witness ||
         (old->is_witness == claim->is_witness &&
          !is_rarer(shaping->gather->survey, claim->stratum, old->stratum))))
        return;
    *old = *claim;
    old->place = shaping->gather->graph->nodes[node].place;
}

static void unit_claim(struct shaping *shaping, const struct cover_unit *unit, bool is_together,
                       struct tail_seed *claims)
{
    for (uint32_t o = 0; o < unit->owns; o++)
        for (uint32_t i = 0; i < unit->roots; i++) {
            struct tail_seed claim = {.stratum = shaping->owns[unit->own + o].stratum,
                                      .is_witness = is_together || i == 0};
            claim_put(shaping, claims, shaping->roots[unit->root + i], &claim);
        }
}

/* Whose children have come, and are all there are. */
static void parent_settle(struct shaping *shaping, size_t number)
{
    struct gather *gather = shaping->gather;
    const struct gather_parent *parent = &gather->parents[number];
    size_t unit = shaping->parent_units[number], count = 0;
    const struct gather_child *children =
        parent->key == ROW_NONE ? NULL : children_find(gather, parent->edge, parent->key, &count);
    struct gather_entry key = {.place = gather->graph->nodes[parent->node].place};
    bool is_capped = false;

    for (size_t i = 0; i < count; i++)
        is_capped |= children[i].is_capped;
    for (const struct gather_entry *entry = gather_find(gather, &key.place);
         entry < gather->entries + gather->entry_count &&
         row_place_compare(&entry->place, &key.place) == 0;
         entry++) {
        struct tail_stratum *tail = &gather->tails->strata[entry->stratum];
        const struct stratum *stratum = stratum_of(gather, entry);
        if (!gather_brings_children(gather, stratum) || stratum->edge->index != parent->edge)
            continue;
        tail->is_left_out |= unit == 0;
        tail->is_capped |= is_capped;
        if (unit && shaping->units[unit - 1].is_taken && !is_capped)
            tail->has_children[entry->rank] = true;
    }
}

static bool claims_keep(struct shaping *shaping, const struct tail_seed *claims, struct error *err)
{
    struct tails *tails = shaping->gather->tails;
    size_t nodes = shaping->gather->graph->node_count, count = 0;

    for (size_t i = 0; i < nodes; i++)
        count += claims[i].stratum != ROW_NONE;
    tails->seeds = ARENA_ARRAY(tails->arena, count + 1, struct tail_seed);
    if (!tails->seeds)
        return error_memory(err);
    for (size_t i = 0; i < nodes; i++)
        if (claims[i].stratum != ROW_NONE)
            tails->seeds[tails->seed_count++] = claims[i];
    return true;
}

static bool seeds_make(struct shaping *shaping, struct error *err)
{
    const struct gather *gather = shaping->gather;
    const struct cover *cover = shaping->cover;
    struct tail_seed *claims =
        ARENA_ARRAY(shaping->arena, gather->graph->node_count + 1, struct tail_seed);

    if (!claims)
        return error_memory(err);
    for (uint32_t i = 0; i < gather->graph->node_count; i++)
        claims[i].stratum = ROW_NONE;
    for (uint32_t i = 0; i < gather->graph->node_count; i++)
        for (uint32_t w = cover->witness_first[i];
             cover->is_in[i] && w < cover->witness_first[i + 1]; w++) {
            struct tail_seed claim = {.stratum = cover->witnessed[w], .is_witness = true};
            claim_put(shaping, claims, i, &claim);
        }
    for (size_t i = 0; i < cover->unit_count; i++)
        if (cover->units[i].is_taken)
            unit_claim(shaping, &cover->units[i], cover->units[i].tie >> 32 & 2, claims);
    for (size_t i = 0; i < gather->parent_count; i++)
        parent_settle(shaping, i);
    return claims_keep(shaping, claims, err);
}

/* Start rows are completed, and bring their children. */
static bool burdens_shape(struct shaping *shaping, struct error *err)
{
    const struct gather *gather = shaping->gather;
    const struct chooser *chooser = gather->chooser;
    size_t tables = chooser->binding->catalog->table_count, nodes = gather->graph->node_count;
    uint32_t *of_table = ARENA_ARRAY(shaping->arena, tables + 1, uint32_t);
    uint32_t *burdens = ARENA_ARRAY(shaping->arena, nodes + 1, uint32_t);
    double drawn = 0;

    if (!of_table || !burdens)
        return error_memory(err);
    for (size_t i = 0; i < tables; i++) {
        of_table[i] = tails_burden(&chooser->tables[i], gather->survey);
        drawn += tails_drawn_rows(&chooser->tables[i], gather->survey);
    }
    for (size_t i = 0; i < nodes; i++)
        burdens[i] = of_table[gather->graph->nodes[i].place.table];
    shaping->cover->burdens = burdens;
    shaping->cover->burdened_most = (uint64_t)fmax(BURDENED_LEAST, drawn * BURDENED_SHARE);
    return true;
}

bool units_cover(struct gather *gather, struct cover *cover, struct error *err)
{
    size_t nodes = gather->graph->node_count;
    struct shaping shaping = {.gather = gather, .cover = cover, .arena = gather->arena};
    uint64_t budget = gather->tails->budget_rows, share = budget / FIRST_SHARE;

    *cover = (struct cover){.graph = gather->graph,
                            .budget = budget,
                            .first_most = share > FIRST_ROWS ? share : FIRST_ROWS};
    cover->is_in = ARENA_ARRAY(gather->arena, nodes + 1, bool);
    if (!cover->is_in)
        return error_memory(err);
    for (size_t i = 0; i < nodes; i++)
        cover->is_in[i] = gather->graph->nodes[i].is_there;
    return witnesses_shape(&shaping, err) && burdens_shape(&shaping, err) &&
           strata_shape(&shaping, err) && units_shape(&shaping, err) &&
           cover_run(cover, gather->arena, err) && seeds_make(&shaping, err);
}
