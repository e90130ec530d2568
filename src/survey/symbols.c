/* Symbols of one column: a hash table that never moves. A slot is published by its hash, stored
 * last, so readers need no lock; at most 64 of 256 slots are ever taken, so probes are short. Two
 * values of one 64-bit hash would be one: a chance of 1 in 10^16 for a column, and the same in
 * every run. */
#include "survey/symbols.h"

#include "survey/core.h"
#include "value/type.h"
#include <pthread.h>
#include <stdatomic.h>

#define SLOTS     256u
#define CELL_MOST 256u
#define FREE      UINT64_C(0)

static_assert((SLOTS & (SLOTS - 1)) == 0 && SLOTS >= 4 * SYMBOL_DISTINCT, "short probes");

struct symbol {
    uint64_t hash;
    uint32_t len;
    uint8_t coarse;
    char cell[CELL_MOST];
};

struct symbols {
    struct arena *arena; /* owned */
    _Atomic uint64_t hashes[SLOTS];
    uint8_t numbers[SLOTS]; /* in `fine` */
    atomic_bool has_overflowed;
    atomic_uint count;
    pthread_mutex_t lock; /* held to insert */
    struct symbol fine[SYMBOL_DISTINCT];
};

struct symbols *symbols_new(void)
{
    struct arena *arena = arena_new();
    struct symbols *symbols = arena ? ARENA_NEW(arena, struct symbols) : NULL;

    if (!symbols || pthread_mutex_init(&symbols->lock, NULL) != 0) {
        arena_free(arena);
        return NULL;
    }
    symbols->arena = arena;
    return symbols;
}

void symbols_free(struct symbols *symbols)
{
    if (!symbols)
        return;
    pthread_mutex_destroy(&symbols->lock);
    arena_free(symbols->arena);
}

size_t symbols_bytes(const struct symbols *symbols)
{
    return arena_bytes(symbols->arena);
}

/* The slot of `hash`, or the free one where it would stand. */
static unsigned slot_find(struct symbols *symbols, uint64_t hash, uint64_t *found)
{
    unsigned slot = (unsigned)hash & (SLOTS - 1);

    for (;; slot = (slot + 1) & (SLOTS - 1)) {
        *found = atomic_load_explicit(&symbols->hashes[slot], memory_order_acquire);
        if (*found == hash || *found == FREE)
            return slot;
    }
}

static uint8_t symbol_insert(struct symbols *symbols, uint64_t hash, struct span cell,
                             uint8_t coarse)
{
    uint64_t found;
    unsigned count = atomic_load_explicit(&symbols->count, memory_order_relaxed);
    unsigned slot = slot_find(symbols, hash, &found);

    if (found != FREE)
        return (uint8_t)(SYMBOL_FINE + symbols->numbers[slot]);
    if (count == SYMBOL_DISTINCT) {
        atomic_store_explicit(&symbols->has_overflowed, true, memory_order_relaxed);
        return coarse;
    }
    struct symbol *symbol = &symbols->fine[count];
    symbol->hash = hash;
    symbol->coarse = coarse;
    symbol->len = cell.len < CELL_MOST ? cell.len : CELL_MOST;
    if (symbol->len > 0)
        memcpy(symbol->cell, cell.ptr, symbol->len);
    symbols->numbers[slot] = (uint8_t)count;
    atomic_store_explicit(&symbols->count, count + 1, memory_order_relaxed);
    atomic_store_explicit(&symbols->hashes[slot], hash, memory_order_release);
    return (uint8_t)(SYMBOL_FINE + count);
}

uint8_t symbol_of(struct symbols *symbols, uint64_t hash, struct span cell, uint8_t coarse)
{
    uint64_t found;

    assert(cell.ptr && coarse > SYMBOL_NULL && coarse < SYMBOL_FINE);
    if (atomic_load_explicit(&symbols->has_overflowed, memory_order_relaxed))
        return coarse;
    if (hash == FREE)
        hash = 1;
    unsigned slot = slot_find(symbols, hash, &found);
    if (found == hash)
        return (uint8_t)(SYMBOL_FINE + symbols->numbers[slot]);
    pthread_mutex_lock(&symbols->lock);
    uint8_t symbol = symbol_insert(symbols, hash, cell, coarse);
    pthread_mutex_unlock(&symbols->lock);
    return symbol;
}

bool symbols_have_overflowed(const struct symbols *symbols)
{
    return atomic_load_explicit(&symbols->has_overflowed, memory_order_relaxed);
}

unsigned symbols_count(const struct symbols *symbols)
{
    return atomic_load_explicit(&symbols->count, memory_order_relaxed);
}

static const struct symbol *fine_symbol(const struct symbols *symbols, uint8_t symbol)
{
    assert(symbol >= SYMBOL_FINE && symbol - SYMBOL_FINE < (int)symbols_count(symbols));
    return &symbols->fine[symbol - SYMBOL_FINE];
}

uint8_t symbol_coarse(const struct symbols *symbols, uint8_t symbol)
{
    return fine_symbol(symbols, symbol)->coarse;
}

uint8_t symbol_fold(const struct symbols *symbols, uint8_t symbol)
{
    if (symbol < SYMBOL_FINE || !symbols_have_overflowed(symbols))
        return symbol;
    return fine_symbol(symbols, symbol)->coarse;
}

struct span symbol_cell(const struct symbols *symbols, uint8_t symbol)
{
    const struct symbol *fine = fine_symbol(symbols, symbol);

    return span_make(fine->cell, fine->len);
}

uint64_t symbol_hash(const struct symbols *symbols, uint8_t symbol)
{
    return fine_symbol(symbols, symbol)->hash;
}

static const char *special_time(const struct survey_column *column)
{
    return type_engine(column->type) == ENGINE_MYSQL ? "no date of a calendar" : "infinite";
}

const char *symbol_describe(const struct survey_column *column, uint8_t symbol, struct arena *arena)
{
    static const char *const words[SYMBOL_FINE] = {
        [SYMBOL_NULL] = "NULL",
        [SYMBOL_SET] = "set",
        [SYMBOL_NEGATIVE] = "negative",
        [SYMBOL_ZERO] = "zero",
        [SYMBOL_POSITIVE] = "positive",
        [SYMBOL_SPECIAL] = "infinite or not a number",
        [SYMBOL_EMPTY] = "empty",
        [SYMBOL_PLAIN] = "plain ASCII text",
        [SYMBOL_LETTERS] = "text with other letters",
        [SYMBOL_ODD] = "text with blanks at its ends or characters that are none",
        [SYMBOL_OBJECT] = "an object",
        [SYMBOL_LIST] = "an array",
        [SYMBOL_SCALAR] = "a single value",
    };

    if (symbol < SYMBOL_FINE) {
        assert(words[symbol]);
        return symbol == SYMBOL_SPECIAL && column->form == FORM_TIME ? special_time(column)
                                                                     : words[symbol];
    }
    const struct symbol *fine = fine_symbol(column->symbols, symbol);
    const char *shown = fine->len < CELL_MOST
                            ? survey_show_value(column, symbol_cell(column->symbols, symbol), arena)
                            : NULL;
    return shown ? shown : "one value";
}
