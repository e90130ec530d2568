/* What must not be found again (transforms.md section 7): the identifying values of the selected
 * rows as hashes, gathered while rows are rewritten and sought when the target is read back.
 * A value counts when it is long enough to mean a person: at least 8 bytes, and either several
 * tokens or a token with a digit; lone words are counted, not held against the run. Filled from
 * several threads (its lock guards the table of hashes), then read-only. */
#ifndef UNDERSTUDY_RUN_LEAK_H
#define UNDERSTUDY_RUN_LEAK_H

#include "value/value.h"

#define LEAK_BYTES_MIN 8

struct leak_set;

#define LEAK_DIGITS_MAX 20

/* The hashes are seeded at random and mean nothing outside the run. `ceiling`: bytes it may hold;
 * beyond, further values are not held and leak_set_is_full() is true. */
bool leak_set_new(size_t ceiling, struct leak_set **set, struct error *err);
void leak_set_free(struct leak_set *set);

/* Notes a value and its tokens of 8 bytes or more, also in their plain form (leak_plain.h).
 * Thread-safe in batches: values are buffered by the caller's leak_buffer and handed over together.
 */
struct leak_buffer {
    uint64_t hashes[4096];
    uint8_t digits[4096]; /* length of a text of nothing but digits; 0: another text */
    size_t count;
};
bool leak_add(struct leak_set *set, struct leak_buffer *buffer, struct span text,
              struct error *err);
bool leak_flush(struct leak_set *set, struct leak_buffer *buffer, struct error *err);

bool leak_set_is_full(const struct leak_set *set);
size_t leak_set_count(const struct leak_set *set);
/* True when the text, or a token of it, is in the set as it stands. */
bool leak_find(const struct leak_set *set, struct span text);

/* Seeks many texts: places in the set are fetched while further texts are read. `found` is told
 * the mark of each text that leak_find would find in the text or its plain form, at the latest by
 * leak_search_end. */
struct leak_sought {
    uint64_t hash, text;
    uint32_t mark;
};
struct leak_search {
    const struct leak_set *set;
    void (*found)(void *context, uint32_t mark);
    void *context;
    size_t count;
    uint64_t texts, last_found; /* numbers of texts, from 1 */
    bool has_memory_failed;     /* a plain form did not fit into memory: not all was sought */
    struct leak_sought waiting[64];
};
void leak_search(struct leak_search *search, struct span text, uint32_t mark);
void leak_search_end(struct leak_search *search);

/* How likely a number of that many digits, drawn at random, stands in the set: by this hits among
 * numbers are judged. */
double leak_chance(const struct leak_set *set, size_t digits);
/* A whole number of 8 digits or more as text in `text`; ptr NULL: it is none. */
struct span leak_number(const struct type *type, const struct value *value,
                        char text[LEAK_DIGITS_MAX + 1]);

/* The next token (letters, digits, bytes above 127, and @ . _ + - inside) of at least `least`
 * bytes from *position on; false at the end. */
bool leak_token(struct span text, size_t least, size_t *position, struct span *token);
/* Long enough, and more than a lone word. */
bool leak_is_telling(struct span text);

AUTO_DEFINE(leak_set, struct leak_set, leak_set_free)

#endif
