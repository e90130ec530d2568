/* Help with words people type: the nearest known word, and names made safe to show. */
#ifndef UNDERSTUDY_BASE_WORDS_H
#define UNDERSTUDY_BASE_WORDS_H

#include "base/arena.h"
#include "base/common.h"

/* The candidate nearest to `word` (optimal string alignment, at most a third of its letters and
 * at least one apart), or NULL. */
const char *words_nearest(const char *word, const char *const *candidates, size_t count);

/* A name as it may be printed: control characters, invalid UTF-8 and bidirectional marks become
 * \xNN or \u{NNNN}; others stand as they are. Arena memory; `text` itself where nothing changes. */
const char *words_printable(struct arena *arena, const char *text);

/* UTF-8: the code point at *ptr (moves it on), or -1 for an invalid byte (moves on by one). */
int32_t utf8_next(const char **ptr, const char *end);
/* Appends at most 4 bytes; returns how many. */
size_t utf8_write(char *out, uint32_t code_point);
size_t utf8_length(const char *text, size_t len); /* code points; an invalid byte counts as one */

#endif
