/* Fan-out: how many children the parents of an edge have. Few of them are without, or have more
 * than all others; they are worth seeing together with their children. */
#include "survey/core.h"
#include "survey/links_state.h"

#include <math.h>

#define EXACT    8u /* groups of 0 to 8 children, then up to 16, 32, ... */
#define BUCKETS  48u
#define GREATEST BUCKETS /* and one for the most of all */

/* One edge under way. */
struct fan {
    struct link *link;
    uint64_t groups[FAN_OUT_GROUPS];
    uint64_t greatest;
    struct pick_list lists[BUCKETS + 1];
};

static unsigned fan_bucket(uint64_t children)
{
    if (children <= EXACT)
        return (unsigned)children;
    unsigned power = 63u - (unsigned)__builtin_clzll((children - 1) / EXACT);

    return EXACT + 1 + power < BUCKETS ? EXACT + 1 + power : BUCKETS - 1;
}

static void fan_count(const struct links *links, struct fan *fan, uint64_t children,
                      const struct pick *pick)
{
    fan->groups[children < FAN_OUT_GROUPS ? children : FAN_OUT_GROUPS - 1]++;
    pick_offer(links, &fan->lists[fan_bucket(children)], pick);
    if (children > fan->greatest) {
        fan->greatest = children;
        fan->lists[GREATEST].keys = 0;
        fan->lists[GREATEST].count = 0;
    }
    if (children == fan->greatest && children > 0)
        pick_offer(links, &fan->lists[GREATEST], pick);
}

static uint64_t store_walk(const struct links *links, const struct link_target *target,
                           struct fan *fans)
{
    const struct store *store = target->store;
    struct store_cursor cursor = {0};
    struct store_slot slot;
    struct pick pick = {0};
    uint64_t parents = 0;

    while (store_next(store, &cursor, &pick.key, &slot)) {
        if (!slot_exists(store, slot))
            continue;
        parents++;
        pick.hash = pick_hash(links, target, pick.key);
        pick.place = target->form.is_number ? 0 : slot_place(store, slot);
        for (unsigned f = 0; f < target->counters; f++)
            fan_count(links, &fans[f], store_children(store, pick.key, slot, fans[f].link->counter),
                      &pick);
    }
    return parents;
}

/* For fidelity; of parents that are not surveyed as well. */
static bool groups_yield(const struct link_target *target, const struct fan *fan,
                         struct strata *strata, struct error *err)
{
    struct fan_out *fan_out = strata_add_fan_out(strata);

    if (!fan_out)
        return error_memory(err);
    *fan_out =
        (struct fan_out){.edge = fan->link->edge, .is_known = store_slice(target->store) == 0};
    for (unsigned g = 0; g < FAN_OUT_GROUPS; g++)
        fan_out->groups[g] = link_scale(target, fan->groups[g]);
    return true;
}

static const char *fan_sentence(unsigned bucket, struct arena *arena)
{
    if (bucket == GREATEST)
        return "with most rows of";
    if (bucket == 0)
        return "without";
    if (bucket == 1)
        return "with 1 row of";
    if (bucket <= EXACT)
        return arena_printf(arena, "with %u rows of", bucket);
    if (bucket == BUCKETS - 1)
        return "with very many rows of";
    return arena_printf(arena, "with %llu to %llu rows of",
                        ((unsigned long long)EXACT << (bucket - EXACT - 1)) + 1,
                        (unsigned long long)EXACT << (bucket - EXACT));
}

static bool fan_stratum(struct links *links, struct fan *fan, unsigned bucket,
                        struct strata *strata, struct error *err)
{
    const struct edge *edge = fan->link->edge;
    struct pick_list *list = &fan->lists[bucket];
    unsigned slice = store_slice(fan->link->target->store);
    struct arena *arena = links->survey->arena;
    const char *sentence = fan_sentence(bucket, arena);
    struct stratum_draft draft = {.edge = edge,
                                  .rows = link_scale(fan->link->target, list->keys),
                                  .is_estimated = slice > 0,
                                  .is_bounded = slice > 0,
                                  .is_rare_always = true,
                                  .brings_children = bucket > 0,
                                  .witnesses = &list->witnesses,
                                  .table = &links->binding->tables[edge->parent->index]};

    if (!sentence)
        return error_memory(err);
    return strata_add(strata, &draft, err, "%s %s %s (%s)", edge->parent->name, sentence,
                      edge->child->name, link_label(edge, arena));
}

static bool fan_strata(struct links *links, struct fan *fan, uint64_t limit, struct strata *strata,
                       struct error *err)
{
    struct pick_read read = {.target = fan->link->target,
                             .count = COUNT_OF(fan->lists),
                             .lists = fan->lists,
                             .pool = links->current->pool};

    /* The most of all need no stratum of their own where the numbers say it. */
    if (fan->lists[GREATEST].keys == fan->lists[fan_bucket(fan->greatest)].keys)
        fan->lists[GREATEST].keys = 0;
    for (unsigned b = 0; b < COUNT_OF(fan->lists); b++)
        fan->lists[b].is_sought = fan->lists[b].keys > 0 && fan->lists[b].keys <= limit;
    if (!picks_read(links, &read, err))
        return false;
    for (unsigned b = 0; b < COUNT_OF(fan->lists); b++)
        if (fan->lists[b].is_sought && !fan_stratum(links, fan, b, strata, err))
            return false;
    return true;
}

static bool fans_init(struct links *links, const struct link_target *target, struct fan *fans,
                      struct arena *arena, struct error *err)
{
    struct link *link = target->links;

    for (unsigned f = 0; f < target->counters; f++, link = link->next_of_target) {
        fans[f].link = link;
        if (!pick_lists_init(links, fans[f].lists, COUNT_OF(fans[f].lists), arena, err))
            return false;
    }
    assert(!link);
    return true;
}

static bool slice_gap(struct links *links, const struct link_target *target, struct strata *strata,
                      struct error *err)
{
    unsigned slice = store_slice(target->store);

    if (slice == 0)
        return true;
    const char *why = arena_printf(links->survey->arena,
                                   "one in %u of its keys was looked at: more did not fit into "
                                   "memory",
                                   1u << slice);

    return why ? strata_gap_named(strata, target->parent, NULL, why, err) : error_memory(err);
}

bool fan_yield(struct links *links, struct link_target *target, struct strata *strata,
               struct error *err)
{
    struct arena *arena = arena_new();
    struct fan *fans = arena ? ARENA_ARRAY(arena, target->counters, struct fan) : NULL;
    bool is_surveyed = links->tables[target->parent->index].is_surveyed;
    bool is_done = fans || error_memory(err);

    strata_begin(strata, &detector_fan_out);
    is_done = is_done && fans_init(links, target, fans, arena, err) &&
              slice_gap(links, target, strata, err);
    uint64_t parents = is_done ? store_walk(links, target, fans) : 0;
    uint64_t limit = (uint64_t)floor(links->binding->tails.rare * (double)parents);

    for (unsigned f = 0; is_done && f < target->counters; f++) {
        is_done = groups_yield(target, &fans[f], strata, err);
        if (is_done && is_surveyed)
            is_done = fan_strata(links, &fans[f], limit > 1 ? limit : 1, strata, err);
    }
    arena_free(arena);
    return is_done;
}
