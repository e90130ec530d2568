/* Where the walk starts, in the order in which reasons count: pins, start tables, sampled tables.
 * Membership in a fraction is the keyed hash of a row's identity below it; N rows are those with
 * the N smallest hashes; so both nest, and no order of reading shows. */
#include "choose/state.h"

#include <math.h>
#include <stdlib.h>

#define ADDRESSES_A_READ 10000u

struct candidate {
    uint64_t hash;
    uint64_t address;
    uint16_t relation;
};

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

static int place_compare(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;

    if (a->relation != b->relation)
        return a->relation < b->relation ? -1 : 1;
    return (a->address > b->address) - (a->address < b->address);
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

static bool addresses_read(struct seed *seed, const struct candidate *first, size_t count,
                           struct error *err)
{
    struct row_sink sink = {
        .batch = seed_batch, .chooser = seed->chooser, .table = seed->table, .context = &seed};
    struct read read;

    assert(count > 0);
    seed->is_filtered = false;
    read_init(seed->table, &read);
    read.by = READ_BY_ADDRESS;
    for (size_t from = 0; from < count;) {
        uint64_t *addresses = ARENA_ARRAY(seed->arena, ADDRESSES_A_READ, uint64_t);
        if (!addresses)
            return error_memory(err);
        read.relation = &seed->table->table->relations[first[from].relation];
        read.addresses = addresses;
        read.address_count = 0;
        while (from < count && read.address_count < ADDRESSES_A_READ &&
               first[from].relation == read.relation->index)
            addresses[read.address_count++] = first[from++].address;
        if (!table_read(seed->chooser, seed->chooser->readers->leader, &read, &sink, err))
            return false;
    }
    return true;
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
    seed->table->threshold = seed->count == seed->most ? ldexp((double)seed->heap[0].hash, -64) : 1;
    if (seed->count == 0)
        return true;
    qsort(seed->heap, seed->count, sizeof(*seed->heap), place_compare);
    return addresses_read(seed, seed->heap, seed->count, err);
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
        if (!addresses_read(&seeds[i], &seeds[i].least, 1, err))
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

bool seed_rows(struct chooser *chooser, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();

    if (!arena)
        return error_memory(err);
    for (size_t i = 0; i < chooser->binding->pin_count; i++)
        if (!seed_pin(chooser, i, arena, err))
            return false;
    return seed_tables(chooser, ROLE_START, CHOSEN_START, arena, err) &&
           seed_tables(chooser, ROLE_SAMPLE, CHOSEN_SAMPLE, arena, err);
}
