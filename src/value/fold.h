/* Lower case of text, one code point to one, independent of locale and C library. */
#ifndef UNDERSTUDY_VALUE_FOLD_H
#define UNDERSTUDY_VALUE_FOLD_H

#include "base/buf.h"
#include "base/common.h"
#include "base/span.h"

uint32_t fold_code_point(uint32_t code_point);
/* The first code point that folds to this one; itself where none does. */
uint32_t fold_upper(uint32_t code_point);

/* Appends `text` folded; bytes that are not UTF-8 stand as they are. */
void fold_text(struct span text, struct buf *out);

#endif
