/* What a column's character set can hold, for results of rules that draw from more. Letters are
 * drawn among their like, which the common sets hold whole (scripts/letters), so this is about
 * names, templates and rare letters. Sets that are not known here are taken to hold ASCII and what
 * the value held before. */
#ifndef UNDERSTUDY_TRANSFORM_CHARSET_H
#define UNDERSTUDY_TRANSFORM_CHARSET_H

#include "transform/transform.h"

/* True for MySQL's texts in anything but the whole of Unicode. */
bool charset_is_narrow(const struct type *type);

/* `after` with a letter of ASCII for each character that the set lacks, in `arena` where there is
 * one; `before` is the value that a rule was given. *is_changed says whether. ptr NULL: memory
 * ended. */
struct span charset_fit(const struct type *type, struct span before, struct span after,
                        struct arena *arena, bool *is_changed);

#endif
