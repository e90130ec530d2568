/* Code points by script and class: which letters and digits may stand for one another. */
#ifndef UNDERSTUDY_TRANSFORM_LETTERS_H
#define UNDERSTUDY_TRANSFORM_LETTERS_H

#include "base/common.h"
#include "transform/seed.h"

enum letter_kind { LETTER_DIGIT, LETTER_LOWER, LETTER_UPPER, LETTER_PLAIN };

/* The class of one code point: `count` of them from `first`, every `stride`-th. All members have
 * the same length in UTF-8. */
struct letter {
    uint32_t first, count, stride, index;
    enum letter_kind kind;
};

/* false: blank, punctuation, mark, symbol or control, which rules keep as it is. What no table
 * knows is a class of its 32 neighbors, so that an unknown script is never copied. */
static inline bool letter_find(uint32_t code_point, struct letter *letter);
/* The same, meant for what is not ASCII. */
bool letter_find_wide(uint32_t code_point, struct letter *letter);

static inline uint32_t letter_at(const struct letter *letter, uint32_t index)
{
    assert(index < letter->count);
    return letter->first + index * letter->stride;
}

static inline bool letter_is_latin(const struct letter *letter)
{
    return letter->kind != LETTER_DIGIT && letter->first < 0x180;
}

/* Rewrites every letter and digit of `text` in place to another of its class; marks, punctuation
 * and blanks stay. Bytes that are not UTF-8 become others that are not. Counts what changed. */
size_t letters_scramble(char *text, size_t len, struct stream *stream);

static inline bool letter_find(uint32_t code_point, struct letter *letter)
{
    if (code_point >= 0x80)
        return letter_find_wide(code_point, letter);
    if (code_point - '0' < 10)
        *letter = (struct letter){'0', 10, 1, code_point - '0', LETTER_DIGIT};
    else if (code_point - 'a' < 26)
        *letter = (struct letter){'a', 26, 1, code_point - 'a', LETTER_LOWER};
    else if (code_point - 'A' < 26)
        *letter = (struct letter){'A', 26, 1, code_point - 'A', LETTER_UPPER};
    else
        return false;
    return true;
}

#endif
