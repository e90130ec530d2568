/* Values of a column as small numbers, the same for all workers: what cross tables are made of.
 * 0 is NULL; below SYMBOL_FINE the coarse class of the value, a pure function of it; from there on
 * up to 64 distinct values. A column with more overflows: its values get their coarse classes from
 * then on, and whoever kept a fine symbol folds it when the table is done (symbol_fold), so that
 * the outcome is the same in whichever order values came. Reading takes no lock, a new value does.
 * Numbers are handed out first come: let no result depend on their order. */
#ifndef UNDERSTUDY_SURVEY_SYMBOLS_H
#define UNDERSTUDY_SURVEY_SYMBOLS_H

#include "survey/detector.h"

enum {
    SYMBOL_NULL = 0,
    SYMBOL_SET, /* any value of a form without classes of its own */
    SYMBOL_NEGATIVE,
    SYMBOL_ZERO,
    SYMBOL_POSITIVE,
    SYMBOL_SPECIAL, /* NaN, infinities */
    SYMBOL_EMPTY,   /* text */
    SYMBOL_PLAIN,   /* text of printable ASCII */
    SYMBOL_LETTERS, /* text with other letters */
    SYMBOL_ODD,     /* text with control characters, blanks at its ends, or no text at all */
    SYMBOL_OBJECT,  /* JSON */
    SYMBOL_LIST,
    SYMBOL_SCALAR,
    SYMBOL_FINE = 16,
    SYMBOL_DISTINCT = 64,
    SYMBOL_COUNT = SYMBOL_FINE + SYMBOL_DISTINCT
};

struct symbols *symbols_new(void); /* NULL: out of memory */
void symbols_free(struct symbols *symbols);
size_t symbols_bytes(const struct symbols *symbols);
/* From any thread. `coarse` is the class of this value. */
uint8_t symbol_of(struct symbols *symbols, uint64_t hash, struct span cell, uint8_t coarse);
/* When all workers are done. */
bool symbols_have_overflowed(const struct symbols *symbols);
unsigned symbols_count(const struct symbols *symbols); /* fine ones; SYMBOL_FINE + count is next */
/* The symbol as it counts in the end: itself, or its class. */
uint8_t symbol_fold(const struct symbols *symbols, uint8_t symbol);
/* The class of a fine symbol that the caller's thread has met; also while workers run. */
uint8_t symbol_coarse(const struct symbols *symbols, uint8_t symbol);
/* The raw cell of a fine symbol (cut at 256 bytes); its hash. */
struct span symbol_cell(const struct symbols *symbols, uint8_t symbol);
uint64_t symbol_hash(const struct symbols *symbols, uint8_t symbol);
/* "empty", "negative", "set", for sentences; of a fine symbol the value where it may be shown, else
 * "one value". In `arena` or constant. */
const char *symbol_describe(const struct survey_column *column, uint8_t symbol,
                            struct arena *arena);

#endif
