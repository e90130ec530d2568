/* From the bits of its characters to the classes of a text. */
#include "survey/text_classes.h"

#include "survey/characters.h"

#include <strings.h>

static const struct {
    unsigned bits, needs;
    const char *text;
} classes[] = {
#define TEXT_CLASS(name, bits, needs, text) [TEXT_##name] = {(bits), (needs), (text)},
#include "survey/text_classes.def"
#undef TEXT_CLASS
};
static_assert(TEXT_CLASS_COUNT <= 64, "classes are bits of 64");

#define CLASS_BIT(class) (UINT64_C(1) << (class))

const char *text_class_describe(enum text_class class)
{
    assert(class < TEXT_CLASS_COUNT);
    return classes[class].text;
}

unsigned text_class_needs(enum text_class class)
{
    assert(class < TEXT_CLASS_COUNT);
    return classes[class].needs;
}

/* Digits, with a sign in front and a point or commas within. */
static bool is_number(struct span text)
{
    uint32_t digits = 0;

    for (uint32_t i = 0; i < text.len; i++) {
        const char byte = text.ptr[i];
        if (byte >= '0' && byte <= '9')
            digits++;
        else if (!((byte == '-' || byte == '+') && i == 0) &&
                 !((byte == '.' || byte == ',') && i > 0))
            return false;
    }
    return digits > 0;
}

static bool is_no_value(struct span text)
{
    static const char *const words[] = {"null", "undefined", "n/a",    "none", "nil",
                                        "n.a.", "nan",       "(null)", "\\N"};

    if (text.len > sizeof("undefined") - 1)
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i]) == text.len && strncasecmp(words[i], text.ptr, text.len) == 0)
            return true;
    return false;
}

static uint64_t case_class(unsigned found)
{
    switch (found & (CHARACTERS_LOWER | CHARACTERS_UPPER)) {
    case CHARACTERS_LOWER:
        return CLASS_BIT(TEXT_LOWER);
    case CHARACTERS_UPPER:
        return CLASS_BIT(TEXT_UPPER);
    case 0:
        return found & CHARACTERS_LETTERS ? 0 : CLASS_BIT(TEXT_NO_LETTER);
    default:
        return CLASS_BIT(TEXT_MIXED);
    }
}

uint64_t text_classes(struct span text)
{
    const unsigned plain = CHARACTERS_LOWER | CHARACTERS_UPPER | CHARACTERS_DIGIT | CHARACTERS_SIGN;
    unsigned found;
    uint64_t mask;

    if (text.len == 0)
        return 0;
    found = characters_read(text);
    mask = case_class(found);
    if (!(found & CHARACTERS_WIDE))
        mask |= CLASS_BIT(TEXT_ASCII);
    if (found & CHARACTERS_DIGIT && mask & CLASS_BIT(TEXT_NO_LETTER) && is_number(text))
        mask |= CLASS_BIT(TEXT_NUMBER);
    if (is_no_value(text))
        mask |= CLASS_BIT(TEXT_NO_VALUE);
    if (!(found & ~plain))
        return mask;
    for (size_t class = 0; class < TEXT_CLASS_COUNT; class ++)
        if (found & classes[class].bits)
            mask |= CLASS_BIT(class);
    return mask;
}
