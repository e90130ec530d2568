/* Names from a dictionary: another name of the same length, case and separators. */
#ifndef UNDERSTUDY_TRANSFORM_NAMES_H
#define UNDERSTUDY_TRANSFORM_NAMES_H

#include "transform/transform.h"

enum name_style { NAME_FIRST, NAME_FAMILY, NAME_FULL };

/* Adds the dictionary's version to the key's message. */
bool names_prepare(const struct transform_site *site, const struct yaml_node *params,
                   struct arena *arena, struct prepared_transform *prepared, struct error *err);
bool names_apply(const struct transform_call *call, struct value *values, uint32_t count,
                 enum name_style style, struct error *err);

#endif
