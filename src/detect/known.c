/* Looks words up in the dictionaries that stand-ins are taken from. */
#include "detect/known.h"

#include "transform/names_dictionary.h"

#define NAME_BYTES_MIN 3 /* shorter ones are words of anything */

/* The text is this one word, written as names are. */
static bool is_listed(struct span text, enum names_list list)
{
    struct word word;
    size_t position = 0;

    if (text.len < NAME_BYTES_MIN || !word_next(text, &position, &word) ||
        word.bytes.len != text.len)
        return false;
    assert(position <= text.len);
    return word.style == CASE_TITLE && names_has(list, word.script, text);
}

bool known_is_given(struct span text)
{
    return is_listed(text, NAMES_FIRST);
}

bool known_is_family(struct span text)
{
    return is_listed(text, NAMES_FAMILY);
}

bool known_has_name(struct span text)
{
    struct word word;
    size_t position = 0;

    while (word_next(text, &position, &word))
        if (word.bytes.len >= NAME_BYTES_MIN && word.style == CASE_TITLE &&
            names_has(NAMES_FIRST, word.script, word.bytes))
            return true;
    return false;
}
