/* The parts of codec_my, one file each; contracts as in value/codec.h. A cell is the bytes that the
 * server prints for it in the text protocol, without escapes. */
#ifndef UNDERSTUDY_VALUE_MY_CODEC_H
#define UNDERSTUDY_VALUE_MY_CODEC_H

#include "value/codec.h"

bool my_row_split(struct span row, struct span *cells, uint32_t count, struct error *err);
bool my_row_split_written(struct span row, struct span *cells, uint32_t count, struct error *err);
void my_row_write(struct span row, const struct span *cells, const struct span *const *replaced,
                  uint32_t count, struct buf *out);

bool my_decode(const struct type *type, struct span cell, struct arena *arena, struct value *value,
               struct error *err);
bool my_encode(const struct column *column, const struct type *type, const struct value *value,
               struct arena *arena, struct span *cell, struct error *err);
bool my_measure(const struct type *type, const struct cell_column *column,
                const struct cell_measures *measures, struct error *err);

/* All of `text` as a number of 64 bits: digits, a sign before them unless `is_unsigned`. */
bool my_integer_parse(struct span text, bool is_unsigned, int64_t *number);
/* Cells of one kind to what a struct value holds; false: no server sends it for the type. */
bool my_integer_read(const struct type *type, struct span cell, int64_t *number);
bool my_real_read(const struct type *type, struct span cell, double *real);
bool my_time_read(const struct type *type, struct span cell, int64_t *time);
/* Without the zeros that ZEROFILL puts in front. */
bool my_decimal_read(struct span cell, struct span *text);

#endif
