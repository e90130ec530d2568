/* A few keys of a store, and the rows that have them: looked up once it is known that they matter.
 * Keys that are numbers are looked up as such; of other keys the store knows only a hash, so parent
 * rows are read by their address. */
#include "survey/links_state.h"

#include "bind/identity.h"
#include <stdlib.h>

#define KEYS_A_LOOKUP  5000u
#define CHILDREN_A_KEY 100 /* rows looked at of those that share a dangling key */
#define BATCH_ROWS     1024u
#define ADDRESS_BITS   48u

static size_t picks_most(const struct links *links)
{
    return links->binding->tails.per_stratum ? links->binding->tails.per_stratum : 1;
}

bool pick_lists_init(struct links *links, struct pick_list *lists, size_t count,
                     struct arena *arena, struct error *err)
{
    size_t most = picks_most(links);
    struct pick *picks = ARENA_ARRAY(arena, count * most + 1, struct pick);

    if (!picks)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        lists[i] = (struct pick_list){.picks = picks + i * most};
    return true;
}

uint64_t pick_hash(const struct links *links, const struct link_target *target, uint64_t key)
{
    const struct bound_table *parent = &links->binding->tables[target->parent->index];

    return siphash_words(&parent->choice_key, &key, 1);
}

void pick_offer(const struct links *links, struct pick_list *list, const struct pick *pick)
{
    size_t most = picks_most(links), at = list->count;

    list->keys++;
    if (list->count == most && pick->hash >= list->picks[most - 1].hash)
        return;
    if (list->count < most)
        list->count++;
    else
        at--;
    while (at > 0 && list->picks[at - 1].hash > pick->hash) {
        list->picks[at] = list->picks[at - 1];
        at--;
    }
    list->picks[at] = *pick;
}

/* A picked key and the list whose witnesses its rows become. */
struct sought {
    uint64_t key, place;
    struct pick_list *list;
};

struct lookup {
    struct links *links;
    const struct pick_read *request;
    const struct bound_table *table; /* whose rows are read */
    const struct link_side *side;
    struct arena *arena;
    struct key_scratch scratch;
    size_t field_count;
    struct field *fields; /* identity, then key */
    size_t count;
    struct sought *sought; /* by key */
};

static int sought_compare(const void *left, const void *right)
{
    const struct sought *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

static int address_compare(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static bool sought_gather(struct lookup *lookup, struct error *err)
{
    const struct pick_read *request = lookup->request;
    size_t most = 0;

    for (size_t i = 0; i < request->count; i++)
        most += request->lists[i].is_sought ? request->lists[i].count : 0;
    lookup->sought = ARENA_ARRAY(lookup->arena, most + 1, struct sought);
    if (!lookup->sought)
        return error_memory(err);
    for (size_t i = 0; i < request->count; i++) {
        struct pick_list *list = &request->lists[i];
        for (size_t p = 0; list->is_sought && p < list->count; p++)
            lookup->sought[lookup->count++] =
                (struct sought){list->picks[p].key, list->picks[p].place, list};
    }
    if (lookup->count > 1)
        qsort(lookup->sought, lookup->count, sizeof(*lookup->sought), sought_compare);
    return true;
}

static bool fields_make(struct lookup *lookup, struct error *err)
{
    const struct bound_table *table = lookup->table;
    const struct key_side *side = &lookup->side->side;
    const struct link *link = lookup->request->link;

    lookup->fields =
        ARENA_ARRAY(lookup->arena, table->identity_count + side->count + 1, struct field);
    if (!lookup->fields)
        return error_memory(err);
    for (size_t i = 0; i < table->identity_count; i++)
        lookup->fields[lookup->field_count++] = (struct field){
            .column = table->identity_columns[i], .type = table->identity_columns[i]->type};
    if (link && link->edge->json_path) {
        lookup->fields[lookup->field_count++] =
            lookup->links->tables[table->table->index].fields[link->side.sources[0].index];
        return true;
    }
    for (size_t i = 0; i < side->count; i++)
        lookup->fields[lookup->field_count++] =
            (struct field){.column = side->columns[i], .type = side->columns[i]->type};
    return true;
}

/* The row to the lists that seek this key. */
static bool key_found(struct lookup *lookup, uint64_t key, const struct witness *witness,
                      struct error *err)
{
    size_t low = 0, high = lookup->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (lookup->sought[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < lookup->count && lookup->sought[low].key == key; low++)
        if (!witness_offer(lookup->request->pool, &lookup->sought[low].list->witnesses, witness,
                           err))
            return false;
    return true;
}

static bool row_found(struct lookup *lookup, const struct batch *batch, uint32_t row,
                      struct error *err)
{
    const struct span *cells = batch->cells + (size_t)row * batch->columns;
    struct witness witness = {.relation = batch->relations[row], .address = batch->addresses[row]};
    struct key_images images;

    if (!identity_hash(lookup->table, &lookup->table->choice_key, &lookup->scratch, cells,
                       &witness.hash, err) ||
        !key_images_read(&lookup->scratch, &lookup->side->side,
                         cells + lookup->table->identity_count, &images, err))
        return false;
    for (size_t i = 0; i < images.count; i++) {
        uint64_t key;

        if (!link_image_key(lookup->request->target, &images.items[i], &lookup->scratch, &key,
                            err) ||
            !key_found(lookup, key, &witness, err))
            return false;
    }
    return true;
}

static bool rows_read(struct lookup *lookup, const struct read *read, struct error *err)
{
    struct db *db = lookup->links->request->readers->leader;
    struct batch batch = {0};
    bool more = true;

    bool is_done = batch_init(&batch, BATCH_ROWS, (uint32_t)read->field_count, err) &&
                   db_read_begin(db, read, err);
    while (is_done && more) {
        is_done = db_read_next(db, &batch, &more, err);
        arena_reset(lookup->scratch.arena);
        for (uint32_t r = 0; is_done && r < batch.rows; r++)
            is_done = row_found(lookup, &batch, r, err);
    }
    batch_release(&batch);
    return is_done;
}

static void read_make(const struct lookup *lookup, struct read *read)
{
    *read = (struct read){.table = lookup->table->table,
                          .field_count = lookup->field_count,
                          .fields = lookup->fields,
                          .codec = lookup->links->codec,
                          .with_address = true};
}

/* The cells of some of the numbers sought; those that the column cannot hold are left out. */
static bool numbers_encode(struct lookup *lookup, size_t from, size_t to, struct span *cells,
                           uint32_t *count, struct error *err)
{
    struct key_scratch scratch = lookup->scratch;
    bool is_possible;

    scratch.arena = lookup->arena;
    *count = 0;
    for (size_t i = from; i < to; i++) {
        if (i > from && lookup->sought[i].key == lookup->sought[i - 1].key)
            continue;
        if (!key_number_encode(&scratch, &lookup->side->side, lookup->sought[i].key, &cells[*count],
                               &is_possible, err))
            return false;
        *count += is_possible;
    }
    return true;
}

static bool numbers_read(struct lookup *lookup, struct error *err)
{
    const struct link *link = lookup->request->link;
    struct key_values keys = {.column_count = 1};
    struct read read;

    read_make(lookup, &read);
    read.by = READ_BY_KEY;
    read.key_columns = lookup->side->side.columns;
    read.keys = &keys;
    if (link) {
        read.where = link->edge->when;
        read.key_is_array = link->edge->is_array;
        read.key_expression =
            link->edge->json_path ? lookup->fields[lookup->field_count - 1].expression : NULL;
        read.limit = CHILDREN_A_KEY;
    }
    for (size_t from = 0; from < lookup->count; from += KEYS_A_LOOKUP) {
        size_t to = from + KEYS_A_LOOKUP < lookup->count ? from + KEYS_A_LOOKUP : lookup->count;
        struct span *cells = ARENA_ARRAY(lookup->arena, to - from, struct span);
        if (!cells)
            return error_memory(err);
        if (!numbers_encode(lookup, from, to, cells, &keys.count, err))
            return false;
        keys.cells = cells;
        if (keys.count > 0 && !rows_read(lookup, &read, err))
            return false;
    }
    return true;
}

static bool places_read(struct lookup *lookup, struct error *err)
{
    const bool is_one = lookup->table->table->relation_count == 1;
    const uint64_t mask = is_one ? UINT64_MAX : (UINT64_C(1) << ADDRESS_BITS) - 1;
    uint64_t *places = ARENA_ARRAY(lookup->arena, lookup->count, uint64_t);
    struct read read;
    size_t from = 0;

    if (!places)
        return error_memory(err);
    for (size_t i = 0; i < lookup->count; i++) {
        assert(lookup->sought[i].place != 0);
        places[i] = lookup->sought[i].place - 1;
    }
    qsort(places, lookup->count, sizeof(*places), address_compare);
    read_make(lookup, &read);
    read.by = READ_BY_ADDRESS;
    while (from < lookup->count) {
        uint64_t relation = is_one ? 0 : places[from] >> ADDRESS_BITS;
        size_t to = from, kept = from;
        for (; to < lookup->count && (is_one || places[to] >> ADDRESS_BITS == relation); to++)
            if (kept == from || places[kept - 1] != (places[to] & mask))
                places[kept++] = places[to] & mask;
        read.relation = &lookup->table->table->relations[relation];
        read.addresses = places + from;
        read.address_count = kept - from;
        if (!rows_read(lookup, &read, err))
            return false;
        from = to;
    }
    return true;
}

bool picks_read(struct links *links, const struct pick_read *request, struct error *err)
{
    const struct link_target *target = request->target;
    const struct table *table = request->link ? request->link->edge->child : target->parent;
    struct lookup lookup = {.links = links,
                            .request = request,
                            .table = &links->binding->tables[table->index],
                            .side = request->link ? &request->link->side : &target->side};

    assert(target->form.is_number || !request->link);
    lookup.arena = arena_new();
    if (!lookup.arena)
        return error_memory(err);
    bool is_done = key_scratch_init(&lookup.scratch, links->codec, err) &&
                   sought_gather(&lookup, err) && fields_make(&lookup, err);
    if (is_done && lookup.count > 0)
        is_done = target->form.is_number ? numbers_read(&lookup, err) : places_read(&lookup, err);
    key_scratch_release(&lookup.scratch);
    arena_free(lookup.arena);
    return is_done ||
           error_context(err, "looking up rows of table '%s'", lookup.table->table->label);
}
