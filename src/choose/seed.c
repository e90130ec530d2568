/* Where the walk starts, in the order in which reasons count: pins, start tables, sampled tables.
 * Membership in a fraction is the keyed hash of a row's identity below it; N rows are those with
 * the N smallest hashes; so both nest, and no order of reading shows. */
#include "choose/tails.h"

#include <math.h>
#include <stdlib.h>

struct seed {
    struct chooser *chooser;
    struct table_state *table;
    enum chosen_reason reason;
    bool is_whole;
    uint64_t rows; /* that came */
    /* by fraction */
    bool is_filtered;
    double fraction;
    /* by number: a heap with the greatest on top */
    size_t most, count;
    struct candidate *heap; /* in an arena of the seed */
    size_t capacity;
    struct arena *arena;
    /* the smallest of all, in case nobody is below the fraction */
    bool has_least;
    struct candidate least;
};

static int candidate_compare(const struct candidate *a, const struct candidate *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    /* Equal hashes are equal rows: which of them comes cannot be told apart afterwards. */
    if (a->relation != b->relation)
        return a->relation < b->relation ? -1 : 1;
    return (a->address > b->address) - (a->address < b->address);
}

static int hash_compare(const void *left, const void *right)
{
    return candidate_compare(left, right);
}

static int place_compare(const void *left, const void *right)
{
    return row_place_compare(left, right);
}

static bool seed_member(struct seed *seed, struct key_scratch *scratch,
                        const struct arrival *arrival, bool *is_member, struct error *err)
{
    struct candidate candidate = {.address = arrival->address, .relation = arrival->relation};

    *is_member = true;
    if (!seed->is_filtered)
        return true;
    if (!row_identity(seed->table, scratch, &seed->table->bound->choice_key, arrival->cells,
                      &candidate.hash, err))
        return false;
    *is_member = hash_is_below(candidate.hash, seed->fraction);
    if (!seed->has_least || candidate_compare(&candidate, &seed->least) < 0)
        seed->least = candidate;
    seed->has_least = true;
    return true;
}

static bool seed_batch(const struct row_sink *sink, struct key_scratch *scratch,
                       const struct batch *batch, struct error *err)
{
    struct seed *const *handle = sink->context;
    struct seed *seed = *handle;
    bool is_done = true, is_member;

    assert(seed->table == sink->table && seed->reason < CHOSEN_FULL_TABLE);
    chooser_lock(seed->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        struct arrival arrival = {.table = seed->table,
                                  .relation = batch->relations[r],
                                  .address = batch->addresses[r],
                                  .cells = batch->cells + (size_t)r * batch->columns,
                                  .reason = seed->reason,
                                  .is_whole = seed->is_whole};
        is_done = seed_member(seed, scratch, &arrival, &is_member, err);
        if (!is_done || !is_member)
            continue;
        seed->rows++;
        is_done = row_arrive(seed->chooser, scratch, &arrival, err);
    }
    chooser_unlock(seed->chooser);
    return is_done;
}

struct seed_work {
    struct seed *seed;
    const char *where;
    struct scan_list scans;
};

static bool seed_run(void *context, size_t item, struct db *reader, struct error *err)
{
    struct seed_work *work = context;
    struct seed *seed = work->seed;
    struct row_sink sink = {.batch = seed_batch,
                            .chooser = seed->chooser,
                            .table = seed->table,
                            .context = &work->seed};

    return seed->chooser->is_over ||
           pass_read(seed->chooser, &work->scans.items[item], work->where, &sink, reader, err);
}

/* An index may serve a condition: then the table is not cut into ranges. */
static bool seed_read(struct seed *seed, const char *where, struct error *err)
{
    struct row_sink sink = {
        .batch = seed_batch, .chooser = seed->chooser, .table = seed->table, .context = &seed};
    struct seed_work work = {.seed = seed, .where = where};
    struct read read;

    if (where) {
        read_init(seed->table, &read);
        read.where = where;
        return table_read(seed->chooser, seed->chooser->readers->leader, &read, &sink, err);
    }
    return scan_list_add(&work.scans, seed->chooser->readers, seed->table->table, seed->arena,
                         err) &&
           readers_spread(seed->chooser->readers, work.scans.count, seed_run, &work, err);
}

/* Rows that are members without a look at their hash; sorts `places`. */
static bool seed_places(struct seed *seed, struct row_place *places, size_t count,
                        struct error *err)
{
    struct row_sink sink = {.batch = seed_batch, .chooser = seed->chooser, .context = &seed};
    bool is_filtered = seed->is_filtered;

    qsort(places, count, sizeof(*places), place_compare);
    seed->is_filtered = false;
    bool is_done = places_read(seed->chooser, places, count, &sink, err);
    seed->is_filtered = is_filtered;
    return is_done;
}

static bool candidates_read(struct seed *seed, const struct candidate *candidates, size_t count,
                            struct error *err)
{
    struct row_place *places = ARENA_ARRAY(seed->arena, count + 1, struct row_place);

    if (!places)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct row_place){.table = seed->table->table->index,
                                       .relation = candidates[i].relation,
                                       .address = candidates[i].address};
    return seed_places(seed, places, count, err);
}

/* Rows that come anyway and become whole. */
static bool seed_completed(struct seed *seed, const struct completion *completion,
                           struct error *err)
{
    const struct tail_table *tail = &seed->chooser->tails->tables[seed->table->table->index];
    struct row_place *places = ARENA_ARRAY(seed->arena, completion->count + 1, struct row_place);

    assert(completion->count <= tail->cluster_count);
    if (!places)
        return error_memory(err);
    for (size_t i = 0; i < completion->count; i++)
        places[i] = tail->clusters[i].place;
    seed->chooser->completed += completion->added;
    return seed_places(seed, places, completion->count, err);
}

static void heap_sink(struct candidate *heap, size_t count, size_t at)
{
    for (;;) {
        size_t greatest = at, left = 2 * at + 1;
        for (size_t child = left; child < left + 2 && child < count; child++)
            if (candidate_compare(&heap[child], &heap[greatest]) > 0)
                greatest = child;
        if (greatest == at)
            return;
        struct candidate swap = heap[at];
        heap[at] = heap[greatest];
        heap[greatest] = swap;
        at = greatest;
    }
}

static void heap_rise(struct candidate *heap, size_t at)
{
    while (at > 0 && candidate_compare(&heap[at], &heap[(at - 1) / 2]) > 0) {
        struct candidate swap = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = swap;
        at = (at - 1) / 2;
    }
}

static bool heap_offer(struct seed *seed, const struct candidate *candidate, struct error *err)
{
    assert(seed->most > 0 && seed->count <= seed->most);
    if (seed->count == seed->most) {
        if (candidate_compare(candidate, &seed->heap[0]) >= 0)
            return true;
        seed->heap[0] = *candidate;
        heap_sink(seed->heap, seed->count, 0);
        return true;
    }
    seed->heap =
        arena_grow(seed->arena, seed->heap, seed->count, &seed->capacity, sizeof(*seed->heap));
    if (!seed->heap)
        return error_memory(err);
    seed->heap[seed->count] = *candidate;
    heap_rise(seed->heap, seed->count++);
    return true;
}

static bool number_batch(const struct row_sink *sink, struct key_scratch *scratch,
                         const struct batch *batch, struct error *err)
{
    struct seed *const *handle = sink->context;
    struct seed *seed = *handle;
    const struct bound_table *bound = seed->table->bound;

    for (uint32_t r = 0; r < batch->rows; r++) {
        struct candidate candidate = {.address = batch->addresses[r],
                                      .relation = batch->relations[r]};
        if (!identity_hash(bound, &bound->choice_key, scratch,
                           batch->cells + (size_t)r * batch->columns, &candidate.hash, err) ||
            !heap_offer(seed, &candidate, err))
            return false;
    }
    return true;
}

/* The N smallest: one pass over the identities, then the link columns of those chosen. */
static bool seed_number(struct seed *seed, struct error *err)
{
    const struct bound_table *bound = seed->table->bound;
    struct row_sink sink = {
        .batch = number_batch, .chooser = seed->chooser, .table = seed->table, .context = &seed};
    struct read read;

    read_init(seed->table, &read);
    read.where = bound->start.where;
    struct field *fields = ARENA_ARRAY(seed->arena, bound->identity_count + 1, struct field);
    if (!fields)
        return error_memory(err);
    for (size_t i = 0; i < bound->identity_count; i++)
        fields[i] = (struct field){.column = bound->identity_columns[i],
                                   .type = bound->identity_columns[i]->type};
    read.fields = fields;
    read.field_count = bound->identity_count;
    if (read.field_count == 0)
        return error_set(err, STATUS_PROFILE, "table '%s' has no columns to tell its rows by",
                         seed->table->table->label);
    if (!table_read(seed->chooser, seed->chooser->readers->leader, &read, &sink, err))
        return false;
    struct completion completion = {
        .threshold = seed->count == seed->most ? ldexp((double)seed->heap[0].hash, -64) : 1};
    qsort(seed->heap, seed->count, sizeof(*seed->heap), hash_compare);
    if (!complete_number(seed->chooser, seed->table, seed->heap, &seed->count, &completion, err) ||
        (completion.count > 0 && !seed_completed(seed, &completion, err)))
        return false;
    seed->table->threshold = completion.threshold;
    return candidates_read(seed, seed->heap, seed->count, err);
}

static bool seed_table(struct seed *seed, struct error *err)
{
    const struct bound_start *start = &seed->table->bound->start;
    double scale = seed->chooser->scale;

    if (start->rows > 0) {
        double most = floor((double)start->rows * scale);
        seed->most = most < 1 ? 1 : (size_t)most;
        return seed_number(seed, err);
    }
    seed->is_filtered = !start->where || scale < 1;
    seed->fraction = (start->where ? 1 : start->fraction) * scale;
    if (complete_applies(seed->chooser, seed->table)) {
        struct completion completion;
        if (!complete_fraction(seed->chooser, seed->table, seed->fraction, &completion, err) ||
            !seed_completed(seed, &completion, err))
            return false;
        seed->fraction = completion.threshold;
    }
    seed->table->threshold = seed->fraction < 1 ? seed->fraction : 1;
    return seed_read(seed, start->where, err);
}

/* When a budget leaves no start row at all, the one of the smallest hash stays. */
static bool seed_least(struct seed *seeds, size_t count, struct error *err)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < count; i++)
        rows += seeds[i].rows;
    for (size_t i = 0; i < count && rows == 0; i++) {
        if (!seeds[i].has_least)
            continue;
        if (!candidates_read(&seeds[i], &seeds[i].least, 1, err))
            return false;
        rows += seeds[i].rows;
    }
    return true;
}

static bool seed_tables(struct chooser *chooser, enum table_role role, enum chosen_reason reason,
                        struct arena *arena, struct error *err)
{
    size_t tables = chooser->binding->catalog->table_count, count = 0;
    struct seed *seeds = ARENA_ARRAY(arena, tables + 1, struct seed);

    if (!seeds)
        return error_memory(err);
    for (size_t i = 0; i < tables; i++) {
        struct table_state *table = &chooser->tables[i];
        if (table->bound->role != role || (table->is_everything && table->reason != CHOSEN_CHILD))
            continue;
        seeds[count] = (struct seed){
            .chooser = chooser, .table = table, .reason = reason, .is_whole = true, .arena = arena};
        if (!seed_table(&seeds[count++], err))
            return false;
    }
    if (role != ROLE_START || chooser->scale >= 1)
        return true;
    return seed_least(seeds, count, err);
}

/* Where the pin stands that failed by its own SQL. */
static bool pin_error(const struct profile_pin *pin, struct error *err)
{
    if (err->status != STATUS_PROFILE)
        return false;
    if (!pin->node)
        return error_context(err, "--pin");
    return error_context(err, "%s:%u:%u", pin->node->file, pin->node->line, pin->node->column);
}

static bool seed_pin(struct chooser *chooser, size_t index, struct arena *arena, struct error *err)
{
    const struct bound_pin *pin = &chooser->binding->pins[index];
    struct seed seed = {.chooser = chooser,
                        .table = &chooser->tables[pin->table->table->index],
                        .reason = CHOSEN_PIN,
                        .is_whole = pin->pin->takes_children,
                        .arena = arena};

    if (!seed.table->is_present)
        return error_set(err, STATUS_PROFILE, "a pin wants rows of table '%s', which stays empty",
                         seed.table->table->label);
    if (!seed_read(&seed, pin->pin->where, err))
        return pin_error(pin->pin, err);
    chooser->pins[index].rows = seed.rows;
    return true;
}

bool seed_pins(struct chooser *chooser, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();

    if (!arena)
        return error_memory(err);
    for (size_t i = 0; i < chooser->binding->pin_count; i++)
        if (!seed_pin(chooser, i, arena, err))
            return false;
    return true;
}

bool seed_starts(struct chooser *chooser, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();

    if (!arena)
        return error_memory(err);
    return seed_tables(chooser, ROLE_START, CHOSEN_START, arena, err) &&
           seed_tables(chooser, ROLE_SAMPLE, CHOSEN_SAMPLE, arena, err);
}

static bool tails_batch(const struct row_sink *sink, struct key_scratch *scratch,
                        const struct batch *batch, struct error *err)
{
    bool is_done = true;

    chooser_lock(sink->chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        struct arrival arrival = {.table = sink->table,
                                  .relation = batch->relations[r],
                                  .address = batch->addresses[r],
                                  .cells = batch->cells + (size_t)r * batch->columns,
                                  .reason = CHOSEN_TAIL};
        is_done = row_arrive(sink->chooser, scratch, &arrival, err);
    }
    chooser_unlock(sink->chooser);
    return is_done;
}

bool seed_tails(struct chooser *chooser, struct error *err)
{
    const struct tails *tails = chooser->tails;
    struct row_sink sink = {.batch = tails_batch, .chooser = chooser};
    AUTO(arena) struct arena *arena = arena_new();
    struct row_place *places;
    size_t count = 0;

    if (!arena || !(places = ARENA_ARRAY(arena, tails->seed_count + 1, struct row_place)))
        return error_memory(err);
    for (size_t i = 0; i < tails->seed_count; i++)
        if (!chooser->tables[tails->seeds[i].place.table].is_everything)
            places[count++] = tails->seeds[i].place;
    return places_read(chooser, places, count, &sink, err);
}
