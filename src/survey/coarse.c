/* Coarse classes of values: what a column's values are to a cross table when they are too many. */
#include "survey/core.h"

#include "base/utf8.h"
#include "survey/symbols.h"
#include <math.h>

uint8_t coarse_number(double number)
{
    if (!isfinite(number))
        return SYMBOL_SPECIAL;
    return number < 0 ? SYMBOL_NEGATIVE : number > 0 ? SYMBOL_POSITIVE : SYMBOL_ZERO;
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS       EACH_BYTE(0x80u)

/* True when one of eight bytes is not printable ASCII: its high bit is set, or it is below a blank,
 * or it is the delete character. A borrow can only come from a byte that is found itself. */
static bool has_other(uint64_t word)
{
    return ((word | (word - EACH_BYTE(0x20u)) | (word + EACH_BYTE(0x01u))) & HIGH_BITS) != 0;
}

static bool is_printable_ascii(const char *text, size_t len)
{
    uint64_t word;
    size_t at = 0;

    for (; at + sizeof(word) <= len; at += sizeof(word)) {
        memcpy(&word, text + at, sizeof(word));
        if (has_other(word))
            return false;
    }
    for (; at < len; at++)
        if ((unsigned char)text[at] < 0x20 || (unsigned char)text[at] > 0x7e)
            return false;
    return true;
}

/* Control characters of both blocks, or bytes that are no UTF-8. */
static bool has_odd_character(struct span text)
{
    const char *end = text.ptr + text.len;

    for (const char *at = text.ptr; at < end;) {
        int32_t letter = utf8_next(&at, end);
        if (letter < 0x20 || (letter >= 0x7f && letter < 0xa0))
            return true;
    }
    return false;
}

uint8_t coarse_text(struct span text)
{
    if (text.len == 0)
        return SYMBOL_EMPTY;
    if (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ')
        return SYMBOL_ODD;
    if (is_printable_ascii(text.ptr, text.len))
        return SYMBOL_PLAIN;
    return has_odd_character(text) ? SYMBOL_ODD : SYMBOL_LETTERS;
}
