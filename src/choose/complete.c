/* Start rows that came with a tail and are made whole, instead of as many random ones: in their
 * turn, at most an eighth of what the fraction alone would give. The random rest are the rows below
 * a lower threshold, so that a run without tails at that threshold gives a part of this one. */
#include "choose/tails.h"

#include <math.h>
#include <stdlib.h>

#define QUOTA_SHARE 8 /* of the start rows */

bool complete_applies(const struct chooser *chooser, const struct table_state *table)
{
    return chooser->tails && table_is_drawn(table) &&
           chooser->tails->tables[table->table->index].cluster_count > 0;
}

/* A fraction that no hash up to this one is below; exact, where 64 bits are rounded. */
static double threshold_before(uint64_t hash)
{
    return ldexp((double)(hash >> 11), 11 - 64);
}

/* Rows that came as parents have children, and more than others: with all start rows among them
 * the fan-out of what was drawn fell from .99 to .66, with half of them to .90. */
static size_t quota_of(const struct tail_table *tail, uint64_t rows)
{
    const uint64_t most = rows / QUOTA_SHARE;

    return tail->cluster_count < most ? tail->cluster_count : (size_t)most;
}

static int place_compare(const void *left, const void *right)
{
    return row_place_compare(left, right);
}

/* Places of the first clusters, sorted, to ask whether a row is one of them. */
static struct row_place *places_of(const struct tail_table *tail, size_t count, struct arena *arena)
{
    struct row_place *places = ARENA_ARRAY(arena, count + 1, struct row_place);

    for (size_t i = 0; places && i < count; i++)
        places[i] = tail->clusters[i].place;
    if (places)
        qsort(places, count, sizeof(*places), place_compare);
    return places;
}

static bool is_completed(const struct row_place *places, size_t count,
                         const struct row_place *place)
{
    return count > 0 && bsearch(place, places, count, sizeof(*places), place_compare);
}

bool complete_number(struct chooser *chooser, struct table_state *table, struct candidate *sorted,
                     size_t *count, struct completion *completion, struct error *err)
{
    AUTO(arena) struct arena *arena = NULL;
    size_t kept = *count, in = 0, out;

    if (!complete_applies(chooser, table))
        return true;
    const struct tail_table *tail = &chooser->tails->tables[table->table->index];
    completion->count = quota_of(tail, *count);
    if (!(arena = arena_new()))
        return error_memory(err);
    struct row_place *places = places_of(tail, completion->count, arena);
    if (!places)
        return error_memory(err);
    for (size_t i = 0; i < *count; i++)
        in += is_completed(places, completion->count,
                           &(struct row_place){.table = table->table->index,
                                               .relation = sorted[i].relation,
                                               .address = sorted[i].address});
    completion->added = out = completion->count - in;
    for (size_t i = *count; i > 0 && out > 0; i--) {
        struct row_place place = {.table = table->table->index,
                                  .relation = sorted[i - 1].relation,
                                  .address = sorted[i - 1].address};
        if (is_completed(places, completion->count, &place))
            continue;
        completion->threshold = threshold_before(sorted[i - 1].hash);
        memmove(&sorted[i - 1], &sorted[i], (kept - i) * sizeof(*sorted));
        kept--;
        out--;
    }
    assert(out == 0);
    *count = kept;
    return true;
}

/* One look at all rows: how many are below the fraction, and the greatest hashes among them of
 * rows that are not completed. */
struct weighing {
    struct chooser *chooser;
    struct table_state *table;
    double fraction;
    const struct row_place *places;
    size_t place_count;
    uint64_t below;
    size_t most, count;
    uint64_t *heap; /* least on top */
    struct scan_list scans;
};

static void heap_sink(struct weighing *weighing)
{
    uint64_t *heap = weighing->heap;

    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child < 2 * at + 3 && child < weighing->count; child++)
            if (heap[child] < heap[least])
                least = child;
        if (least == at)
            return;
        uint64_t swap = heap[at];
        heap[at] = heap[least];
        heap[least] = swap;
        at = least;
    }
}

static void heap_offer(struct weighing *weighing, uint64_t hash)
{
    uint64_t *heap = weighing->heap;

    if (weighing->count == weighing->most) {
        if (hash <= heap[0])
            return;
        heap[0] = hash;
        heap_sink(weighing);
        return;
    }
    size_t at = weighing->count++;
    heap[at] = hash;
    for (; at > 0 && heap[at] < heap[(at - 1) / 2]; at = (at - 1) / 2) {
        uint64_t swap = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = swap;
    }
}

static bool weigh_batch(const struct row_sink *sink, struct key_scratch *scratch,
                        const struct batch *batch, struct error *err)
{
    struct weighing *const *handle = sink->context;
    struct weighing *weighing = *handle;
    struct row_place place = {.table = sink->table->table->index};
    bool is_done = true;
    uint64_t hash;

    chooser_lock(sink->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        is_done = row_identity(sink->table, scratch, &sink->table->bound->choice_key,
                               batch->cells + (size_t)r * batch->columns, &hash, err);
        if (!is_done || !hash_is_below(hash, weighing->fraction))
            continue;
        weighing->below++;
        place.relation = batch->relations[r];
        place.address = batch->addresses[r];
        if (!is_completed(weighing->places, weighing->place_count, &place))
            heap_offer(weighing, hash);
    }
    chooser_unlock(sink->chooser);
    return is_done;
}

static bool weigh_run(void *context, size_t item, struct db *reader, struct error *err)
{
    struct weighing *weighing = context;
    struct row_sink sink = {.batch = weigh_batch,
                            .chooser = weighing->chooser,
                            .table = weighing->table,
                            .context = &weighing};

    return pass_read(weighing->chooser, &weighing->scans.items[item], NULL, &sink, reader, err);
}

static int greater_first(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a < *b) - (*a > *b);
}

/* Which of the clusters are completed is known only now: the others are random rows like all. */
static void completion_settle(struct weighing *weighing, const struct tail_table *tail,
                              struct completion *completion)
{
    completion->count = quota_of(tail, weighing->below);
    for (size_t i = 0; i < completion->count; i++)
        completion->added += !hash_is_below(tail->clusters[i].hash, weighing->fraction);
    if (completion->added == 0)
        return;
    for (size_t i = completion->count; i < tail->cluster_count; i++)
        if (hash_is_below(tail->clusters[i].hash, weighing->fraction))
            weighing->heap[weighing->count++] = tail->clusters[i].hash;
    assert(completion->added <= weighing->count && weighing->count <= 2 * weighing->most);
    qsort(weighing->heap, weighing->count, sizeof(*weighing->heap), greater_first);
    completion->threshold = threshold_before(weighing->heap[completion->added - 1]);
}

bool complete_fraction(struct chooser *chooser, struct table_state *table, double fraction,
                       struct completion *completion, struct error *err)
{
    const struct tail_table *tail = &chooser->tails->tables[table->table->index];
    struct weighing weighing = {.chooser = chooser, .table = table, .fraction = fraction};
    AUTO(arena) struct arena *arena = arena_new();

    assert(complete_applies(chooser, table));
    *completion = (struct completion){.threshold = fraction};
    if (!arena)
        return error_memory(err);
    weighing.place_count = weighing.most = tail->cluster_count;
    weighing.places = places_of(tail, weighing.place_count, arena);
    weighing.heap = ARENA_ARRAY(arena, 2 * weighing.most + 1, uint64_t);
    if (!weighing.places || !weighing.heap)
        return error_memory(err);
    if (!scan_list_add(&weighing.scans, chooser->readers, table->table, arena, err) ||
        !readers_spread(chooser->readers, weighing.scans.count, weigh_run, &weighing, err))
        return false;
    completion_settle(&weighing, tail, completion);
    return true;
}
