/* Sets of keys. A keyset only knows whether a key is in it; a wanted set also keeps the cells by
 * which its keys are looked up, and hands them out sorted and in slices. Numbers lie in a bitmap
 * (12 to 20 MB for 10 million that are near one another), other keys in a map of their canonical
 * bytes. Not for two threads at once, except to read. Inside of choose/ only. */
#ifndef UNDERSTUDY_CHOOSE_KEYSET_H
#define UNDERSTUDY_CHOOSE_KEYSET_H

#include "base/bitmap.h"
#include "base/map.h"
#include "graph/key.h"

struct keyset {
    struct bitmap *numbers; /* owned; NULL while empty */
    struct map *others;     /* owned; NULL while empty */
};

void keyset_release(struct keyset *set);
bool keyset_add(struct keyset *set, const struct key_image *key, bool *is_new, struct error *err);
bool keyset_has(const struct keyset *set, const struct key_image *key);
uint64_t keyset_count(const struct keyset *set);
size_t keyset_bytes(const struct keyset *set);

struct wanted {
    struct keyset keys; /* a value in keys.others is a position in `cells` */
    struct buf cells;   /* owned: for each key that is no number, its cells with their lengths */
    size_t columns;
};

void wanted_init(struct wanted *wanted, size_t columns);
void wanted_release(struct wanted *wanted);
/* `cells` are those by which the key is looked up; not needed for a number. */
bool wanted_add(struct wanted *wanted, const struct key_image *key, const struct span *cells,
                struct error *err);
static inline bool wanted_has(const struct wanted *wanted, const struct key_image *key)
{
    return keyset_has(&wanted->keys, key);
}
static inline uint64_t wanted_count(const struct wanted *wanted)
{
    return keyset_count(&wanted->keys);
}
size_t wanted_bytes(const struct wanted *wanted);

/* All keys of a set in ascending order (numbers as integers, others by the bytes of their cells),
 * so that what is sent does not depend on the order in which keys were found. */
struct key_list {
    const struct wanted *wanted;
    size_t number_count, other_count;
    uint64_t *numbers;
    struct key_place {
        struct span key;   /* canonical */
        struct span cells; /* as wanted keeps them */
    } * others;
};

bool wanted_list(const struct wanted *wanted, struct arena *arena, struct key_list *list,
                 struct error *err);
/* The i-th key of a list; its cells are in the scratch arena, in the types they were kept in. */
bool key_list_image(const struct key_list *list, size_t index, struct key_scratch *scratch,
                    struct key_image *image, struct error *err);
/* Cells of the keys at [from, to) for a lookup on `side`: cells[key * columns + column], in the
 * scratch arena; keys that no value there can equal are left out. */
bool key_list_cells(const struct key_list *list, size_t from, size_t to,
                    const struct key_side *side, struct key_scratch *scratch, struct span **cells,
                    uint32_t *count, struct error *err);

#endif
