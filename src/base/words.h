/* Help with words people type: the nearest known word, and names made safe to show. */
#ifndef UNDERSTUDY_BASE_WORDS_H
#define UNDERSTUDY_BASE_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/utf8.h"

/* The candidate nearest to `word` (optimal string alignment, at most a third of its letters and
 * at least one apart), or NULL. */
const char *words_nearest(const char *word, const char *const *candidates, size_t count);

/* A name as it may be printed: control characters, invalid UTF-8 and bidirectional marks become
 * \xNN or \u{NNNN}; others stand as they are. Arena memory; `text` itself where nothing changes;
 * NULL when memory ends. */
const char *words_printable(struct arena *arena, const char *text);

/* The same, appended to a buf. */
void words_add_printable(struct buf *buf, const char *text, size_t len);

#endif
