/* The book: for each table a hash table with open addressing, whose hashes are the addresses
 * themselves; keys lie in one arena, each behind its length. */
#include "db/my_book.h"
#include "db/my_conn.h"

#include "base/siphash.h"
#include <pthread.h>
#include <sodium.h>

#define SLOTS_FIRST 64u

struct slot {
    uint64_t address;
    const char *key; /* its length, then its bytes; NULL: the slot is free */
};

struct page {            /* of one table */
    struct arena *arena; /* owned; holds the slots alone */
    struct slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

struct my_book {
    pthread_mutex_t mutex; /* guards all below but the key */
    struct sipkey key;
    unsigned holders;
    struct arena *arena; /* holds the book itself, pages and keys */
    struct page *pages;  /* by table index */
    size_t page_count;
};

bool my_book_new(struct my_book **book, struct error *err)
{
    struct arena *arena = arena_new();
    struct my_book *made = arena ? ARENA_NEW(arena, struct my_book) : NULL;
    uint8_t bytes[16];

    *book = NULL;
    if (!made || pthread_mutex_init(&made->mutex, NULL) != 0) {
        arena_free(arena);
        return error_memory(err);
    }
    randombytes_buf(bytes, sizeof(bytes));
    made->key = sipkey_read(bytes);
    made->arena = arena;
    made->holders = 1;
    *book = made;
    return true;
}

void my_book_hold(struct my_book *book)
{
    pthread_mutex_lock(&book->mutex);
    assert(book->holders > 0);
    book->holders++;
    pthread_mutex_unlock(&book->mutex);
}

void my_book_drop(struct my_book *book)
{
    if (!book)
        return;
    pthread_mutex_lock(&book->mutex);
    assert(book->holders > 0);
    bool is_last = --book->holders == 0;
    pthread_mutex_unlock(&book->mutex);
    if (!is_last)
        return;
    pthread_mutex_destroy(&book->mutex);
    for (size_t i = 0; i < book->page_count; i++)
        arena_free(book->pages[i].arena);
    arena_free(book->arena);
}

uint64_t my_book_address(const struct my_book *book, struct span cells)
{
    return siphash(&book->key, cells.ptr, cells.len);
}

/* The slot of the address, or the free one where it belongs. */
static struct slot *slot_find(const struct page *page, uint64_t address)
{
    size_t at = (size_t)address & (page->capacity - 1);

    assert(page->capacity > page->count);
    while (page->slots[at].key && page->slots[at].address != address)
        at = (at + 1) & (page->capacity - 1);
    return &page->slots[at];
}

static bool page_grow(struct page *page)
{
    struct page grown = {.arena = arena_new(),
                         .capacity = page->capacity ? page->capacity * 2 : SLOTS_FIRST,
                         .count = page->count};

    grown.slots = grown.arena ? ARENA_ARRAY(grown.arena, grown.capacity, struct slot) : NULL;
    if (!grown.slots) {
        arena_free(grown.arena);
        return false;
    }
    for (size_t i = 0; i < page->capacity; i++)
        if (page->slots[i].key)
            *slot_find(&grown, page->slots[i].address) = page->slots[i];
    arena_free(page->arena);
    *page = grown;
    return true;
}

static const struct page *page_find(const struct my_book *book, const struct table *table)
{
    return table->index < book->page_count ? &book->pages[table->index] : NULL;
}

static struct page *page_get(struct my_book *book, const struct table *table)
{
    if (table->index >= book->page_count) {
        const size_t count = ((size_t)table->index + 1) * 2;
        struct page *pages = ARENA_ARRAY(book->arena, count, struct page);

        if (!pages)
            return NULL;
        if (book->page_count)
            memcpy(pages, book->pages, book->page_count * sizeof(*pages));
        book->pages = pages;
        book->page_count = count;
    }
    return &book->pages[table->index];
}

static struct span slot_key(const struct slot *slot)
{
    uint32_t len;

    memcpy(&len, slot->key, sizeof(len));
    return span_make(slot->key + sizeof(len), len);
}

static const char *key_copy(struct my_book *book, struct span cells)
{
    char *copy = arena_alloc(book->arena, sizeof(cells.len) + cells.len);

    if (!copy)
        return NULL;
    memcpy(copy, &cells.len, sizeof(cells.len));
    memcpy(copy + sizeof(cells.len), cells.ptr, cells.len);
    return copy;
}

static bool conflict(const struct table *table, struct error *err)
{
    error_set(err, STATUS_SOURCE, "two rows of table '%s' were given one address", table->label);
    return error_hint(err, "start again: addresses are made with a new random key each time");
}

/* Under the mutex. */
static bool key_note(struct my_book *book, const struct table *table, uint64_t address,
                     struct span cells, struct error *err)
{
    struct page *page = page_get(book, table);

    if (!page || (page->count + 1 > page->capacity / 4 * 3 && !page_grow(page)))
        return error_memory(err);

    struct slot *slot = slot_find(page, address);
    if (slot->key)
        return span_equal(slot_key(slot), cells) || conflict(table, err);
    slot->key = key_copy(book, cells);
    if (!slot->key)
        return error_memory(err);
    slot->address = address;
    page->count++;
    return true;
}

bool my_book_put(struct my_book *book, const struct table *table, uint64_t address,
                 struct span cells, struct error *err)
{
    assert(book && cells.ptr);
    pthread_mutex_lock(&book->mutex);
    bool is_noted = key_note(book, table, address, cells, err);
    pthread_mutex_unlock(&book->mutex);
    return is_noted;
}

bool my_book_find(struct my_book *book, const struct table *table, uint64_t address,
                  struct span *cells)
{
    pthread_mutex_lock(&book->mutex);
    const struct page *page = page_find(book, table);
    const struct slot *slot = page && page->count ? slot_find(page, address) : NULL;
    const bool is_found = slot && slot->key;

    if (is_found)
        *cells = slot_key(slot);
    pthread_mutex_unlock(&book->mutex);
    return is_found;
}

bool my_book_check(struct my_book *book, const struct table *table, uint64_t address,
                   struct span cells, struct error *err)
{
    struct span noted;

    return !my_book_find(book, table, address, &noted) || span_equal(noted, cells) ||
           conflict(table, err);
}

size_t my_book_count(struct my_book *book, const struct table *table)
{
    pthread_mutex_lock(&book->mutex);
    const struct page *page = page_find(book, table);
    const size_t count = page ? page->count : 0;
    pthread_mutex_unlock(&book->mutex);
    return count;
}

size_t my_book_bytes(struct my_book *book)
{
    pthread_mutex_lock(&book->mutex);
    size_t bytes = arena_bytes(book->arena);

    for (size_t i = 0; i < book->page_count; i++)
        bytes += book->pages[i].arena ? arena_bytes(book->pages[i].arena) : 0;
    pthread_mutex_unlock(&book->mutex);
    return bytes;
}
