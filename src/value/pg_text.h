/* The parts of codec_pg_text, one file each; contracts as in value/codec.h. */
#ifndef UNDERSTUDY_VALUE_PG_TEXT_H
#define UNDERSTUDY_VALUE_PG_TEXT_H

#include "value/codec.h"

bool pg_text_decode(const struct type *type, struct span cell, struct arena *arena,
                    struct value *value, struct error *err);
bool pg_text_encode(const struct column *column, const struct type *type, const struct value *value,
                    struct arena *arena, struct span *cell, struct error *err);
bool pg_text_array_split(struct span cell, struct arena *arena, struct span **elements,
                         uint32_t *count, struct error *err);
bool pg_text_array_join(struct span cell, const struct span *elements, uint32_t count,
                        struct arena *arena, struct span *joined, struct error *err);

#endif
