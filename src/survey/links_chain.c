/* References of a table to itself: rows that refer to themselves, circles, and how deep chains go.
 *
 * Each key's slot holds the key its row refers to and the row's depth. A chain is walked twice:
 * once to where it ends, marking the rows on the way, and once more to give them their depths. A
 * mark that the first walk meets is its own: there is a circle. So every row is walked over a few
 * times however long its chain is, and nothing grows with it. */
#include "survey/links_state.h"

#include <math.h>

#define DEPTH_EXACT  8u
#define DEPTH_LISTS  48u
#define DEPTH_ROOT   0u
#define DEPTH_MOST   (UINT32_MAX / 2)
#define CHAIN_WALKED (CHAIN_UNKNOWN - 1) /* on the way now */
#define CHAIN_LOOP   (CHAIN_UNKNOWN - 2) /* refers to itself */
#define CHAIN_PAIR   (CHAIN_UNKNOWN - 3)
#define CHAIN_CIRCLE (CHAIN_UNKNOWN - 4) /* of more than two */
#define CHAIN_BELOW  (CHAIN_UNKNOWN - 5) /* leads into one of these */

enum { LIST_LOOP = DEPTH_LISTS, LIST_PAIR, LIST_CIRCLE, LIST_DEEPEST, LIST_COUNT };

struct chains {
    struct store *store;
    unsigned at; /* of the attribute: key low, high, depth */
    uint32_t deepest;
    struct pick_list lists[LIST_COUNT];
};

static uint64_t slot_next(const struct chains *chains, struct store_slot slot)
{
    return slot_attribute(slot, chains->at) | (uint64_t)slot_attribute(slot, chains->at + 1) << 32;
}

static uint32_t slot_depth(const struct chains *chains, struct store_slot slot)
{
    return slot_attribute(slot, chains->at + 2);
}

/* Marks rows from `key` on that are not known yet; returns their number, and the depth that the
 * first known one has (CHAIN_WALKED: the walk met itself at *key). */
static uint32_t chain_mark(const struct chains *chains, uint64_t *key, uint32_t *end)
{
    uint32_t steps = 0;

    for (;;) {
        struct store_slot slot = store_find(chains->store, *key);
        *end = DEPTH_ROOT; /* a row that is not there ends a chain as a root does */
        if (!slot.bytes || !slot_exists(chains->store, slot))
            return steps;
        *end = slot_depth(chains, slot);
        if (*end != CHAIN_UNKNOWN)
            return steps;
        slot_set_attribute(slot, chains->at + 2, CHAIN_WALKED);
        *key = slot_next(chains, slot);
        steps++;
    }
}

static void circle_settle(const struct chains *chains, uint64_t start)
{
    uint64_t key = start;
    uint32_t length = 0;

    do {
        key = slot_next(chains, store_find(chains->store, key));
        length++;
    } while (key != start);
    for (uint32_t i = 0; i < length; i++) {
        struct store_slot slot = store_find(chains->store, key);
        slot_set_attribute(slot, chains->at + 2,
                           length == 1   ? CHAIN_LOOP
                           : length == 2 ? CHAIN_PAIR
                                         : CHAIN_CIRCLE);
        key = slot_next(chains, slot);
    }
}

static void chain_walk(const struct chains *chains, uint64_t start)
{
    uint64_t key = start;
    uint32_t end, steps = chain_mark(chains, &key, &end);

    if (end == CHAIN_WALKED) {
        circle_settle(chains, key);
        end = CHAIN_BELOW;
    }
    key = start;
    for (; steps > 0; steps--) {
        struct store_slot slot = store_find(chains->store, key);
        if (slot_depth(chains, slot) != CHAIN_WALKED)
            return; /* the circle's own rows */
        bool is_below = end > DEPTH_MOST || steps > DEPTH_MOST - end;
        slot_set_attribute(slot, chains->at + 2, is_below ? CHAIN_BELOW : end + steps);
        key = slot_next(chains, slot);
    }
}

static unsigned depth_list(uint32_t depth)
{
    if (depth <= DEPTH_EXACT)
        return depth;
    return DEPTH_EXACT + 1 + (31u - (unsigned)__builtin_clz((depth - 1) / DEPTH_EXACT));
}

static void row_offer(const struct links *links, struct chains *chains, uint32_t depth,
                      const struct pick *pick)
{
    struct pick_list *deepest = &chains->lists[LIST_DEEPEST];

    switch (depth) {
    case CHAIN_LOOP:
        pick_offer(links, &chains->lists[LIST_LOOP], pick);
        return;
    case CHAIN_PAIR:
        pick_offer(links, &chains->lists[LIST_PAIR], pick);
        return;
    case CHAIN_CIRCLE:
        pick_offer(links, &chains->lists[LIST_CIRCLE], pick);
        return;
    case CHAIN_BELOW:
    case DEPTH_ROOT:
        return;
    default:
        break;
    }
    pick_offer(links, &chains->lists[depth_list(depth)], pick);
    if (depth > chains->deepest) {
        chains->deepest = depth;
        deepest->keys = 0;
        deepest->count = 0;
    }
    if (depth == chains->deepest)
        pick_offer(links, deepest, pick);
}

/* All chains, then all rows to the lists of their depths. */
static uint64_t chains_walk(const struct links *links, const struct link_target *target,
                            struct chains *chains)
{
    struct store_cursor cursor = {0}, again = {0};
    struct store_slot slot;
    struct pick pick = {0};
    uint64_t rows = 0;

    while (store_next(chains->store, &cursor, &pick.key, &slot))
        if (slot_exists(chains->store, slot) && slot_depth(chains, slot) == CHAIN_UNKNOWN)
            chain_walk(chains, pick.key);
    while (store_next(chains->store, &again, &pick.key, &slot)) {
        if (!slot_exists(chains->store, slot))
            continue;
        rows++;
        pick.hash = pick_hash(links, target, pick.key);
        pick.place = target->form.is_number ? 0 : slot_place(chains->store, slot);
        row_offer(links, chains, slot_depth(chains, slot), &pick);
    }
    return rows;
}

static const char *chain_sentence(unsigned list, struct arena *arena)
{
    switch (list) {
    case LIST_LOOP:
        return "that refer to themselves";
    case LIST_PAIR:
        return "in a circle of two";
    case LIST_CIRCLE:
        return "in a circle of more than two";
    case LIST_DEEPEST:
        return "at the end of the longest chain";
    case 1:
        return "one level below a root";
    default:
        break;
    }
    if (list <= DEPTH_EXACT)
        return arena_printf(arena, "%u levels below a root", list);
    return arena_printf(arena, "%llu to %llu levels below a root",
                        ((unsigned long long)DEPTH_EXACT << (list - DEPTH_EXACT - 1)) + 1,
                        (unsigned long long)DEPTH_EXACT << (list - DEPTH_EXACT));
}

static bool chain_stratum(struct links *links, const struct link *link, struct pick_list *list,
                          const char *sentence, struct strata *strata, struct error *err)
{
    struct stratum_draft draft = {.edge = link->edge,
                                  .rows = list->keys,
                                  .is_rare_always = true,
                                  .witnesses = &list->witnesses};

    if (!sentence)
        return error_memory(err);
    return strata_add(strata, &draft, err, "%s %s (%s)", link->edge->child->name, sentence,
                      link_label(link->edge, links->survey->arena));
}

static unsigned chain_word(const struct link *link)
{
    const struct link_target *target = link->target;

    for (size_t a = 0; a < target->attribute_count; a++)
        if (target->attributes[a].kind == ATTRIBUTE_SELF && target->attributes[a].link == link)
            return target->attributes[a].at;
    return UINT32_MAX; /* there was no room: a gap says so */
}

static bool chains_tell(struct links *links, struct link *link, struct chains *chains,
                        struct strata *strata, struct error *err)
{
    uint64_t rows = chains_walk(links, link->target, chains);
    uint64_t limit = (uint64_t)floor(links->binding->tails.rare * (double)rows);
    struct pick_read read = {.target = link->target,
                             .count = LIST_COUNT,
                             .lists = chains->lists,
                             .pool = links->current->pool};

    if (chains->deepest > 0 &&
        chains->lists[LIST_DEEPEST].keys == chains->lists[depth_list(chains->deepest)].keys)
        chains->lists[LIST_DEEPEST].keys = 0; /* the numbers say it */
    for (unsigned i = 0; i < LIST_COUNT; i++)
        chains->lists[i].is_sought =
            chains->lists[i].keys > 0 && chains->lists[i].keys <= (limit > 1 ? limit : 1);
    if (!picks_read(links, &read, err))
        return false;
    for (unsigned i = 0; i < LIST_COUNT; i++)
        if (chains->lists[i].is_sought &&
            !chain_stratum(links, link, &chains->lists[i], chain_sentence(i, links->survey->arena),
                           strata, err))
            return false;
    return true;
}

bool chains_yield(struct links *links, struct link *link, struct strata *strata, struct error *err)
{
    struct chains *chains;
    struct arena *arena;
    unsigned word = chain_word(link);

    strata_begin(strata, &detector_graph);
    if (word == UINT32_MAX)
        return true;
    if (store_slice(link->target->store) > 0)
        return strata_gap(strata, NULL,
                          "chains of a reference to the table itself were not followed: its keys "
                          "did not fit into memory",
                          err);
    arena = arena_new();
    chains = arena ? ARENA_NEW(arena, struct chains) : NULL;
    bool is_done = chains || error_memory(err);
    if (is_done) {
        chains->store = link->target->store;
        chains->at = word;
        is_done = pick_lists_init(links, chains->lists, LIST_COUNT, arena, err) &&
                  chains_tell(links, link, chains, strata, err);
    }
    arena_free(arena);
    return is_done;
}
