/* A compressed set of 64-bit integers: CRoaring's 32-bit bitmaps under a sorted list of high
 * halves. 10 million keys that are near one another take 12 to 20 MB. Not for two threads at
 * once, except to read. */
#ifndef UNDERSTUDY_BASE_BITMAP_H
#define UNDERSTUDY_BASE_BITMAP_H

#include "base/common.h"

struct bitmap;

struct bitmap *bitmap_new(void); /* NULL: out of memory */
void bitmap_free(struct bitmap *bitmap);
void bitmap_reset(struct bitmap *bitmap);

bool bitmap_add(struct bitmap *bitmap, uint64_t number, bool *is_new); /* false: out of memory */
bool bitmap_remove(struct bitmap *bitmap, uint64_t number);            /* true when it was there */
bool bitmap_has(const struct bitmap *bitmap, uint64_t number);
uint64_t bitmap_count(const struct bitmap *bitmap);
size_t bitmap_bytes(const struct bitmap *bitmap); /* walks the containers; an estimate */

bool bitmap_or(struct bitmap *bitmap, const struct bitmap *other);      /* into the first */
bool bitmap_and_not(struct bitmap *bitmap, const struct bitmap *other); /* into the first */
struct bitmap *bitmap_copy(const struct bitmap *bitmap);

/* Ascending walk. bitmap_next fills up to `capacity` numbers and returns how many, 0 at the end.
 * The set must not change during the walk. */
struct bitmap_cursor {
    const struct bitmap *bitmap;
    uint64_t next;
    bool is_done;
};
void bitmap_cursor_init(struct bitmap_cursor *cursor, const struct bitmap *bitmap);
size_t bitmap_next(struct bitmap_cursor *cursor, uint64_t *numbers, size_t capacity);

AUTO_DEFINE(bitmap, struct bitmap, bitmap_free)

#endif
