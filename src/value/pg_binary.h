/* The parts of codec_pg_binary, one file each; contracts as in value/codec.h. */
#ifndef UNDERSTUDY_VALUE_PG_BINARY_H
#define UNDERSTUDY_VALUE_PG_BINARY_H

#include "value/codec.h"
#include "value/pg_type.h"

bool pg_binary_decode(const struct type *type, struct span cell, struct arena *arena,
                      struct value *value, struct error *err);
bool pg_binary_encode(const struct column *column, const struct type *type,
                      const struct value *value, struct arena *arena, struct span *cell,
                      struct error *err);
bool pg_binary_measure(const struct type *type, const struct cell_column *column,
                       const struct cell_measures *measures, struct error *err);
bool pg_binary_array_split(struct span cell, struct arena *arena, struct span **elements,
                           uint32_t *count, struct error *err);
bool pg_binary_array_join(struct span cell, const struct span *elements, uint32_t count,
                          struct arena *arena, struct span *joined, struct error *err);
/* Values that hold values. `base` is the type behind domains. */
bool pg_binary_array_decode(const struct type *base, struct span cell, struct arena *arena,
                            struct value *value, struct error *err);
bool pg_binary_array_encode(const struct pg_encoding *encoding, struct span *cell,
                            struct error *err);
bool pg_binary_composite_decode(const struct type *base, struct span cell, struct arena *arena,
                                struct value *value, struct error *err);
bool pg_binary_composite_encode(const struct pg_encoding *encoding, struct span *cell,
                                struct error *err);
bool pg_binary_range_decode(const struct type *base, struct span cell, struct arena *arena,
                            struct value *value, struct error *err);
bool pg_binary_range_encode(const struct pg_encoding *encoding, struct span *cell,
                            struct error *err);
bool pg_binary_multirange_decode(const struct type *base, struct span cell, struct arena *arena,
                                 struct value *value, struct error *err);
bool pg_binary_multirange_encode(const struct pg_encoding *encoding, struct span *cell,
                                 struct error *err);
bool pg_binary_hstore_decode(const struct type *base, struct span cell, struct arena *arena,
                             struct value *value, struct error *err);
bool pg_binary_hstore_encode(const struct pg_encoding *encoding, struct span *cell,
                             struct error *err);

bool pg_binary_translate_oids(const struct type *type, struct span cell, const struct oid_map *oids,
                              struct arena *arena, struct span *translated, struct error *err);

/* The head of a binary array: dimensions as they stand, checked against each other, so that
 * `count` elements of 4 bytes or more can follow `head_bytes`. */
struct pg_array_head {
    uint32_t dimensions, element_oid, count;
    size_t head_bytes;
};

bool pg_array_head_read(struct span cell, struct pg_array_head *head);

#endif
