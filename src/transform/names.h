/* Names of people, companies and places from dictionaries: each word becomes another one of its
 * script, length and case, and what stands between words stays. */
#ifndef UNDERSTUDY_TRANSFORM_NAMES_H
#define UNDERSTUDY_TRANSFORM_NAMES_H

#include "transform/transform.h"

enum name_style { NAME_FIRST, NAME_FAMILY, NAME_FULL, NAME_CITY, NAME_STREET, NAME_COMPANY };

/* Adds the dictionary's version to the key's message. */
bool names_prepare(const struct transform_site *site, const struct yaml_node *params,
                   struct arena *arena, struct prepared_transform *prepared, struct error *err);
/* Equal texts stay equal, also when they differ in case or in how letters and marks are composed;
 * no text of letters or digits becomes itself. */
bool names_apply(const struct transform_call *call, struct value *values, uint32_t count,
                 enum name_style style, struct error *err);

#endif
