/* A text as words: runs of one script that the dictionary knows, and what stands between them. */
#ifndef UNDERSTUDY_TRANSFORM_NAMES_WORDS_H
#define UNDERSTUDY_TRANSFORM_NAMES_WORDS_H

#include "base/buf.h"
#include "base/common.h"
#include "base/span.h"

/* In the order of scripts/dictionaries. */
enum script {
    SCRIPT_LATIN,
    SCRIPT_GREEK,
    SCRIPT_CYRILLIC,
    SCRIPT_ARMENIAN,
    SCRIPT_HEBREW,
    SCRIPT_ARABIC,
    SCRIPT_THAANA,
    SCRIPT_DEVANAGARI,
    SCRIPT_BENGALI,
    SCRIPT_THAI,
    SCRIPT_GEORGIAN,
    SCRIPT_HIRAGANA,
    SCRIPT_KATAKANA,
    SCRIPT_HANGUL,
    SCRIPT_HAN,
    SCRIPT_COUNT
};

/* How a word is written; scripts without case are CASE_TITLE, as the dictionary has them. */
enum word_case { CASE_TITLE, CASE_LOWER, CASE_UPPER, CASE_MIXED };

struct word {
    struct span bytes;
    enum script script;
    uint8_t class; /* Latin: 0 ASCII, 1 Latin-1, 2 Latin Extended A and B, 3 beyond; others 0 */
    enum word_case style;
    uint32_t chars; /* code points */
};

/* The next word of `text` from *position on, which moves behind it; false: there is none. */
bool word_next(struct span text, size_t *position, struct word *word);
/* Scripts that put the family name first and may write both without a blank. */
static inline bool script_is_east_asian(enum script script)
{
    return script >= SCRIPT_HIRAGANA && script <= SCRIPT_HAN;
}

/* `name`, which is written as the dictionary has it, in the case of `like`. Appends. `is_folded`:
 * the type takes texts for equal that differ in case, so every letter must fold to what it was. */
void word_write(struct span name, const struct word *like, bool is_folded, struct buf *out);

/* Appends `text` with every letter and mark that Unicode composes composed; returns how many. */
size_t text_compose(struct span text, struct buf *out);
/* Appends `text` with at most `most` of its letters taken apart. */
void text_decompose(struct span text, size_t most, struct buf *out);

#endif
