/* The parts of codec_pg_text, one file each; contracts as in value/codec.h. */
#ifndef UNDERSTUDY_VALUE_PG_TEXT_H
#define UNDERSTUDY_VALUE_PG_TEXT_H

#include "value/codec.h"
#include "value/pg_type.h"

bool pg_text_decode(const struct type *type, struct span cell, struct arena *arena,
                    struct value *value, struct error *err);
bool pg_text_encode(const struct column *column, const struct type *type, const struct value *value,
                    struct arena *arena, struct span *cell, struct error *err);
bool pg_text_array_split(struct span cell, struct arena *arena, struct span **elements,
                         uint32_t *count, struct error *err);
bool pg_text_array_join(struct span cell, const struct span *elements, uint32_t count,
                        struct arena *arena, struct span *joined, struct error *err);

/* The same without the escapes of COPY, as inside of other values. */
bool pg_text_read(const struct type *type, struct span text, struct arena *arena,
                  struct value *value, struct error *err);
bool pg_text_print(const struct column *column, const struct type *type, const struct value *value,
                   struct arena *arena, struct span *text, struct error *err);
/* Values that hold values, without escapes. `base` is the type behind domains. */
bool pg_text_array_decode(const struct type *base, struct span text, struct arena *arena,
                          struct value *value, struct error *err);
bool pg_text_array_encode(const struct pg_encoding *encoding, struct span *text, struct error *err);
bool pg_text_composite_decode(const struct type *base, struct span text, struct arena *arena,
                              struct value *value, struct error *err);
bool pg_text_composite_encode(const struct pg_encoding *encoding, struct span *text,
                              struct error *err);
bool pg_text_range_decode(const struct type *base, struct span text, struct arena *arena,
                          struct value *value, struct error *err);
bool pg_text_range_encode(const struct pg_encoding *encoding, struct span *text, struct error *err);
bool pg_text_multirange_decode(const struct type *base, struct span text, struct arena *arena,
                               struct value *value, struct error *err);
bool pg_text_multirange_encode(const struct pg_encoding *encoding, struct span *text,
                               struct error *err);
bool pg_text_hstore_decode(const struct type *base, struct span text, struct arena *arena,
                           struct value *value, struct error *err);
bool pg_text_hstore_encode(const struct pg_encoding *encoding, struct span *text,
                           struct error *err);

#endif
