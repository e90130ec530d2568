/* A hash map from bytes to 64 bits (a number, or a pointer cast to uintptr_t). Keys are copied.
 * Hashed with SipHash under a key random for the process, so that no input can make it slow.
 * Iteration is in order of insertion, so that nothing depends on the hash. */
#ifndef UNDERSTUDY_BASE_MAP_H
#define UNDERSTUDY_BASE_MAP_H

#include "base/common.h"
#include "base/span.h"

struct map;

struct map *map_new(void); /* NULL: out of memory */
void map_free(struct map *map);
void map_reset(struct map *map);
size_t map_count(const struct map *map);
size_t map_bytes(const struct map *map); /* memory held */

/* NULL when absent; the pointer is good until the next put. */
uint64_t *map_find(const struct map *map, struct span key);
/* The slot of key, made with `value` when absent (*is_new says which). NULL: out of memory. */
uint64_t *map_put(struct map *map, struct span key, uint64_t value, bool *is_new);

struct span map_key(const struct map *map, size_t index); /* 0 <= index < map_count() */
uint64_t map_value(const struct map *map, size_t index);

AUTO_DEFINE(map, struct map, map_free)

#endif
