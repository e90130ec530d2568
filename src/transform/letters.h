/* Code points by script and class: which letters and digits may stand for one another. */
#ifndef UNDERSTUDY_TRANSFORM_LETTERS_H
#define UNDERSTUDY_TRANSFORM_LETTERS_H

#include "base/common.h"
#include "transform/seed.h"

enum letter_kind { LETTER_DIGIT, LETTER_LOWER, LETTER_UPPER, LETTER_PLAIN };

/* The class of one code point: `count` letters of its script and case (digits: of its decade), all
 * of the same length in UTF-8, and all of them composed (in the sense of Unicode) or none, so that
 * decomposed text stays so. `first` is the least of them and names the class. */
struct letter {
    uint32_t first, count, index;
    uint16_t class; /* row of the table; 0: `count` of them from `first` on */
    enum letter_kind kind;
};

/* false: blank, punctuation, mark, symbol or control, which rules keep as it is; emoji and flags
 * are letters. What no table knows is a class of its at most 32 neighbors, so that an unknown
 * script is never copied. */
static inline bool letter_find(uint32_t code_point, struct letter *letter);
/* The same, meant for what is not ASCII. */
bool letter_find_wide(uint32_t code_point, struct letter *letter);

/* letter_at of a class of the table. */
uint32_t letter_at_wide(const struct letter *letter, uint32_t index);

static inline uint32_t letter_at(const struct letter *letter, uint32_t index)
{
    assert(index < letter->count);
    return letter->class ? letter_at_wide(letter, index) : letter->first + index;
}

static inline bool letter_is_latin(const struct letter *letter)
{
    return letter->kind != LETTER_DIGIT && letter->first < 0x180;
}

/* What letters_draw met. */
struct drawn {
    size_t found;   /* letters, digits and bytes that are not UTF-8 */
    size_t changed; /* those of them that came out as others */
};

/* Draws each letter and digit of `text` anew from its class, itself included: one that never came
 * out as itself would tell by its absence over many outputs. Marks, punctuation and blanks stay.
 * Bytes that are not UTF-8 become others that are not. */
struct drawn letters_draw(char *text, size_t len, struct stream *stream);
/* letters_draw until the whole text differs from what it was. Returns how many could change; 0: the
 * text stays as it is. */
size_t letters_scramble(char *text, size_t len, struct stream *stream);

static inline bool letter_find(uint32_t code_point, struct letter *letter)
{
    if (code_point >= 0x80)
        return letter_find_wide(code_point, letter);
    if (code_point - '0' < 10)
        *letter = (struct letter){'0', 10, code_point - '0', 0, LETTER_DIGIT};
    else if (code_point - 'a' < 26)
        *letter = (struct letter){'a', 26, code_point - 'a', 0, LETTER_LOWER};
    else if (code_point - 'A' < 26)
        *letter = (struct letter){'A', 26, code_point - 'A', 0, LETTER_UPPER};
    else
        return false;
    return true;
}

#endif
