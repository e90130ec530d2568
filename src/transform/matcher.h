/* Regular expressions (PCRE2) over values: compiled once while binding, shared by all threads, and
 * bounded, so that no value and no expression can hang a run. Values are UTF-8; what is not never
 * matches. */
#ifndef UNDERSTUDY_TRANSFORM_MATCHER_H
#define UNDERSTUDY_TRANSFORM_MATCHER_H

#include "base/arena.h"
#include "base/error.h"

struct matcher;

/* `is_whole`: a match covers all of the text. Compiled code belongs to the arena. STATUS_PROFILE:
 * the expression cannot be read, with the place in it. */
bool matcher_new(const char *expression, bool is_whole, struct arena *arena,
                 struct matcher **matcher, struct error *err);

/* The number of a named group, 0: there is none. */
unsigned matcher_group(const struct matcher *matcher, const char *name);
/* How many groups have names, and the name of each. */
size_t matcher_name_count(const struct matcher *matcher);
const char *matcher_name(const struct matcher *matcher, size_t index);

/* What one thread needs to match. */
struct matching {
    const struct matcher *matcher;
    void *data;
    bool has_given_up; /* the last search found nothing because it took too many steps, or because
                          the text is no UTF-8 */
};

bool matching_begin(struct matching *matching, const struct matcher *matcher, struct error *err);
void matching_end(struct matching *matching);

/* Seeks from a byte offset on; beyond 0 only after a search of the same text from 0. False: there
 * is no match, or see has_given_up. */
bool matching_find(struct matching *matching, struct span text, size_t from);
/* Bytes [*begin, *end) of a group of the last match (0: all of it); false: it took no part. */
bool matching_group(const struct matching *matching, unsigned group, size_t *begin, size_t *end);

static inline void auto_free_matching(struct matching *matching)
{
    matching_end(matching);
}

#endif
