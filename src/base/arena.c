/* Arenas: blocks in a list, each twice the last up to a limit; what is too large for a block
 * gets one of its own behind the head, so that the room left in the head is not lost. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_FIRST ((size_t)4 << 10)
#define BLOCK_LAST  ((size_t)256 << 10)

struct block {
    struct block *next;
    size_t size; /* of memory[] */
    size_t used;
    alignas(max_align_t) char memory[];
};

/* What is left to do at the end; lies in the arena itself. */
struct ending {
    struct ending *next;
    void (*end)(void *object);
    void *object;
};

struct arena {
    struct block *head; /* owned; the one that still has room */
    struct ending *endings;
    size_t block_size; /* of the next block */
    size_t bytes;      /* held by all blocks */
    size_t ceiling;
};

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof(*arena));

    if (!arena)
        return NULL;
    arena->block_size = BLOCK_FIRST;
    arena->ceiling = SIZE_MAX;
    return arena;
}

/* Frees the list from `block` on, except `kept`. */
static void blocks_free(struct block *block, const struct block *kept)
{
    while (block) {
        struct block *next = block->next;
        if (block != kept)
            free(block);
        block = next;
    }
}

static void endings_run(struct arena *arena)
{
    for (const struct ending *ending = arena->endings; ending; ending = ending->next)
        ending->end(ending->object);
    arena->endings = NULL;
}

bool arena_at_end(struct arena *arena, void (*end)(void *object), void *object)
{
    struct ending *ending = ARENA_NEW(arena, struct ending);

    assert(end);
    if (!ending)
        return false;
    *ending = (struct ending){arena->endings, end, object};
    arena->endings = ending;
    return true;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    endings_run(arena);
    blocks_free(arena->head, NULL);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    assert(arena);
    endings_run(arena);
    struct block *kept = arena->head && arena->head->size <= BLOCK_LAST ? arena->head : NULL;

    blocks_free(arena->head, kept);
    arena->head = kept;
    arena->bytes = 0;
    if (kept) {
        kept->next = NULL;
        kept->used = 0;
        arena->bytes = sizeof(*kept) + kept->size;
    }
}

size_t arena_bytes(const struct arena *arena)
{
    assert(arena);
    return arena->bytes;
}

void arena_set_ceiling(struct arena *arena, size_t bytes)
{
    assert(arena);
    arena->ceiling = bytes;
}

/* A block for at least `size` bytes; becomes the head unless it is for one large thing. */
static struct block *block_add(struct arena *arena, size_t size)
{
    bool is_large = size > arena->block_size / 4;
    size_t room = is_large ? size : arena->block_size;

    if (room > SIZE_MAX - sizeof(struct block))
        return NULL;
    size_t bytes = sizeof(struct block) + room;
    if (arena->bytes > arena->ceiling || bytes > arena->ceiling - arena->bytes)
        return NULL;
    struct block *block = malloc(bytes);
    if (!block)
        return NULL;
    *block = (struct block){.size = room};
    arena->bytes += bytes;
    if (arena->block_size < BLOCK_LAST)
        arena->block_size *= 2;
    if (is_large && arena->head) {
        block->next = arena->head->next;
        arena->head->next = block;
        return block;
    }
    block->next = arena->head;
    arena->head = block;
    return block;
}

/* Not zeroed. */
static void *bytes_take(struct arena *arena, size_t size)
{
    assert(arena);
    if (size > SIZE_MAX - alignof(max_align_t))
        return NULL;
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (size == 0)
        size = alignof(max_align_t);
    struct block *block = arena->head;
    if (!block || block->size - block->used < size)
        block = block_add(arena, size);
    if (!block)
        return NULL;
    void *memory = block->memory + block->used;
    block->used += size;
    assert(block->used <= block->size);
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *memory = bytes_take(arena, size);

    if (memory)
        memset(memory, 0, size);
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    assert(size > 0);
    if (count > SIZE_MAX / size)
        return NULL;
    return arena_alloc(arena, count * size);
}

char *arena_strdup(struct arena *arena, const char *text)
{
    assert(text);
    return arena_strndup(arena, text, strlen(text));
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    assert(text || len == 0);
    if (len == SIZE_MAX)
        return NULL;
    char *copy = bytes_take(arena, len + 1);
    if (!copy)
        return NULL;
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;

    assert(format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0)
        return NULL;
    char *text = bytes_take(arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

struct span arena_span(struct arena *arena, struct span bytes)
{
    assert(bytes.ptr || bytes.len == 0);
    if (span_is_null(bytes))
        return bytes;
    char *copy = arena_strndup(arena, bytes.ptr, bytes.len);
    return (struct span){copy, copy ? bytes.len : 0};
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    assert(size > 0);
    assert(count <= *capacity);
    assert(items || count == 0);
    if (items && count < *capacity)
        return items;
    if (*capacity > SIZE_MAX / 2)
        return NULL;
    size_t grown = *capacity < 4 ? 8 : *capacity * 2;
    void *array = arena_array(arena, grown, size);
    if (!array)
        return NULL;
    if (count > 0)
        memcpy(array, items, count * size);
    *capacity = grown;
    return array;
}
