/* `text` with `mode: find`: what looks like an address, a number of somebody, or a value that
 * stands elsewhere in the row is replaced; all else stays. */
#ifndef UNDERSTUDY_TRANSFORM_TEXT_FIND_H
#define UNDERSTUDY_TRANSFORM_TEXT_FIND_H

#include "transform/transform.h"

struct text_find;

/* Prepares the rules of what is sought and resolves the columns whose values are known: those that
 * `known` lists, else every identifying text column of the row. Refused without accept_risk. */
bool text_find_read(const struct transform_site *site, const struct yaml_node *params,
                    struct arena *arena, struct prepared_transform *prepared,
                    struct text_find **made, struct error *err);

/* Rewrites every value; *is_long[i] is set for those that could not be searched to
 * their end, or whose result the column would not hold: they stay as they were. */
bool text_find_apply(const struct text_find *find, const struct transform_call *call,
                     struct value *values, uint32_t count, bool *is_long, struct error *err);

/* The addresses and account numbers in a text; see struct transform. */
bool text_find_identifying(const struct text_find *find, struct span text, transform_visit *visit,
                           void *context, struct error *err);

#endif
