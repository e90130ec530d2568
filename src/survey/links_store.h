/* The keys of a parent table while its children pass: for each key whether a parent row has it, how
 * many children each edge has brought, and a few attributes of the parent row that children are
 * compared with.
 *
 * Keys are 64-bit numbers. 32 neighbors share a page, which holds a slot for each key that is there
 * and no more: dense keys cost their slot and half a byte, lone ones about 25 bytes more. A page
 * grows in powers of two. What a store takes is bounded: when its keys need more than `ceiling`, it
 * keeps the pages whose keyed hash ends in one more zero bit, so that the slice that is kept is a
 * function of the keys alone, not of their order. Not for two threads at once. */
#ifndef UNDERSTUDY_SURVEY_LINKS_STORE_H
#define UNDERSTUDY_SURVEY_LINKS_STORE_H

#include "base/error.h"
#include "base/siphash.h"

enum { STORE_COUNTERS_MAX = 250, STORE_ATTRIBUTES_MAX = 32 };

struct store;

struct store_shape {
    unsigned counters;   /* edges whose children are counted */
    unsigned attributes; /* 32 bits each; 0 until set */
    bool has_places;     /* keys are hashes: the parent row's address is kept */
    size_t ceiling;      /* bytes; while a store is cut it may hold twice that */
    struct sipkey key;   /* of the slice; the same every day */
};

/* One key's slot; good until the next store_add. */
struct store_slot {
    uint8_t *bytes;
};

struct store *store_new(const struct store_shape *shape); /* NULL: out of memory */
void store_free(struct store *store);                     /* NULL is fine */

/* The key's slot, made when it is new. slot->bytes NULL: the key is not in the slice. */
bool store_add(struct store *store, uint64_t key, struct store_slot *slot, struct error *err);
/* slot.bytes NULL: it is not there; store_keeps says whether it would be. */
struct store_slot store_find(const struct store *store, uint64_t key);
bool store_keeps(const struct store *store, uint64_t key);
/* Cuts it where it needs more than its ceiling; no slot is good any more. store_add does so too. */
bool store_fit(struct store *store, struct error *err);
/* Bring the key's page into the cache, and once it is there its slot: for what is sought a few keys
 * later. Keys in random order over 100 MB take a quarter less that way. The slot is that of
 * store_find. */
void store_prefetch(const struct store *store, uint64_t key);
struct store_slot store_prefetch_slot(const struct store *store, uint64_t key);

bool slot_exists(const struct store *store, struct store_slot slot);
void slot_set_exists(const struct store *store, struct store_slot slot);
uint32_t slot_attribute(struct store_slot slot, unsigned attribute);
void slot_set_attribute(struct store_slot slot, unsigned attribute, uint32_t value);
/* has_places only: relation and address as one number; 0: none yet. */
uint64_t slot_place(const struct store *store, struct store_slot slot);
void slot_set_place(const struct store *store, struct store_slot slot, uint64_t place);

/* One more child; exact however many there are. `key` is the slot's. */
bool store_count(struct store *store, uint64_t key, struct store_slot slot, unsigned counter,
                 struct error *err);
uint64_t store_children(const struct store *store, uint64_t key, struct store_slot slot,
                        unsigned counter);

unsigned store_slice(const struct store *store); /* zero bits: a 2^n-th of the keys is kept */
size_t store_bytes(const struct store *store);   /* held */
/* What its keys need, whatever the order in which they came: decides when it is cut. */
size_t store_need(const struct store *store);

/* All keys in no order that means anything; nothing may be added meanwhile. */
struct store_cursor {
    size_t page;
    uint32_t rest; /* bits of the page that are still to come */
};
bool store_next(const struct store *store, struct store_cursor *cursor, uint64_t *key,
                struct store_slot *slot);

#endif
