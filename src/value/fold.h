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

/* Appends `text` as collations see it that pass over case and accents: the compatibility
 * decomposition without its marks, case folded ("Stra\303\237e" and "STRASSE" to "strasse"). Covers
 * Latin, Greek and Cyrillic letters with their extensions, full width ASCII, and the marks that go
 * with them. Not covered, so that it stays apart although some collation may call it equal: other
 * scripts (kana, Hangul syllables against their letters, Arabic and Indic signs), letters that
 * only a collation takes apart (o with stroke, ligature ae), characters that a collation passes
 * over (zero width, control). ASCII is exact. */
void fold_marks(struct span text, struct buf *out);
/* True when nothing but ASCII is in it. */
bool text_is_ascii(struct span text);

#endif
