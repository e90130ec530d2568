/* Rows read by address, shared by all readers. */
#include "choose/state.h"

#define ADDRESSES_A_READ 10000u

struct slice {
    const struct row_place *places;
    size_t count; /* of one relation */
};

struct places_work {
    const struct row_sink *sink;
    size_t count, capacity;
    struct slice *slices;
};

static bool slice_run(void *context, size_t item, struct db *reader, struct error *err)
{
    const struct places_work *work = context;
    const struct slice *slice = &work->slices[item];
    struct chooser *chooser = work->sink->chooser;
    AUTO(arena) struct arena *arena = arena_new();
    uint64_t *addresses = arena ? ARENA_ARRAY(arena, slice->count, uint64_t) : NULL;
    struct row_sink sink = *work->sink;
    struct read read;
    size_t count = 0;

    if (!addresses)
        return error_memory(err);
    for (size_t i = 0; i < slice->count; i++)
        if (i == 0 || slice->places[i].address != slice->places[i - 1].address)
            addresses[count++] = slice->places[i].address;
    sink.table = &chooser->tables[slice->places->table];
    read_init(sink.table, &read);
    read.by = READ_BY_ADDRESS;
    read.relation = &sink.table->table->relations[slice->places->relation];
    read.addresses = addresses;
    read.address_count = count;
    return table_read(chooser, reader, &read, &sink, err);
}

static bool is_beside(const struct row_place *a, const struct row_place *b)
{
    return a->table == b->table && a->relation == b->relation;
}

/* All of a relation's places at once, before slices of them are read. */
static bool places_resolve(struct chooser *chooser, const struct row_place *places, size_t count,
                           struct error *err)
{
    for (size_t from = 0, to; from < count; from = to) {
        const struct table *table = chooser->tables[places[from].table].table;
        const struct relation *relation = &table->relations[places[from].relation];
        AUTO(bitmap) struct bitmap *addresses = NULL;
        bool is_new;

        for (to = from; to < count && is_beside(&places[from], &places[to]); to++) {
            if (relation->address_class != ADDRESS_KEY)
                continue;
            if (!addresses)
                addresses = bitmap_new();
            if (!addresses || !bitmap_add(addresses, places[to].address, &is_new))
                return error_memory(err);
        }
        if (addresses && !db_resolve(chooser->readers->leader, table, relation, addresses, err))
            return false;
    }
    return true;
}

static bool slices_make(struct places_work *work, const struct row_place *places, size_t count,
                        struct arena *arena, struct error *err)
{
    for (size_t from = 0; from < count;) {
        size_t to = from + 1;
        while (to < count && to - from < ADDRESSES_A_READ &&
               is_beside(&places[from], &places[to])) {
            assert(places[to].address >= places[to - 1].address);
            to++;
        }
        work->slices =
            arena_grow(arena, work->slices, work->count, &work->capacity, sizeof(*work->slices));
        if (!work->slices)
            return error_memory(err);
        work->slices[work->count++] = (struct slice){places + from, to - from};
        from = to;
    }
    return true;
}

bool places_read(struct chooser *chooser, const struct row_place *places, size_t count,
                 const struct row_sink *sink, struct error *err)
{
    struct places_work work = {.sink = sink};
    AUTO(arena) struct arena *arena = arena_new();

    assert(sink->chooser == chooser && sink->batch);
    if (!arena)
        return error_memory(err);
    return places_resolve(chooser, places, count, err) &&
           slices_make(&work, places, count, arena, err) &&
           readers_spread(chooser->readers, work.count, slice_run, &work, err);
}
