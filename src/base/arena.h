/* A pile of allocations that are freed together. A function that takes an arena returns memory
 * that belongs to it. Not for two threads at once. When memory ends, or the ceiling is reached,
 * allocation returns NULL and every caller turns that into error_memory(). */
#ifndef UNDERSTUDY_BASE_ARENA_H
#define UNDERSTUDY_BASE_ARENA_H

#include "base/common.h"
#include "base/span.h"
#include <stdarg.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);          /* NULL is fine */
void arena_reset(struct arena *arena);         /* frees the contents, keeps one block for reuse */
size_t arena_bytes(const struct arena *arena); /* memory held */
/* No ceiling until this is called. */
void arena_set_ceiling(struct arena *arena, size_t bytes);

/* Calls end(object) when the arena is freed or emptied, the last one first: for what a library
 * allocated and only it can free. false: out of memory, and it was not called. */
bool arena_at_end(struct arena *arena, void (*end)(void *object), void *object);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size); /* checks the product */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);
struct span arena_span(struct arena *arena, struct span bytes); /* a copy; ptr NULL on failure */

/* Grows `items` (arena memory, *capacity elements) to hold one more than `count`; returns the
 * array, perhaps moved, or NULL. The old block stays in the arena until it is freed. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

AUTO_DEFINE(arena, struct arena, arena_free)

#endif
