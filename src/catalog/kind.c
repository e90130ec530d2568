/* The words for kinds of values, from kind.def. */
#include "catalog/kind.h"
#include "base/common.h"

static const char *const kind_words[] = {
#define KIND(name, word, form) [KIND_##name] = (word),
#include "catalog/kind.def"
#undef KIND
};
_Static_assert(COUNT_OF(kind_words) == KIND_COUNT, "one word a kind");

const char *kind_word(enum kind kind)
{
    assert(kind < KIND_COUNT);
    return kind_words[kind];
}
