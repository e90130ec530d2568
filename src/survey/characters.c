/* Bytes go through a table; only texts with bytes beyond ASCII are read by code points. */
#include "survey/characters.h"

#include "base/utf8.h"

/* The low eight bits of a byte's class, and its letter in a shape. */
struct byte_class {
    uint8_t bits;
    char letter;
};

#define C                                                                                          \
    {                                                                                              \
        CHARACTERS_CONTROL, 'c'                                                                    \
    }
#define S                                                                                          \
    {                                                                                              \
        CHARACTERS_SIGN, 0                                                                         \
    }
#define Q                                                                                          \
    {                                                                                              \
        CHARACTERS_QUOTE, 0                                                                        \
    }
#define D                                                                                          \
    {                                                                                              \
        CHARACTERS_DIGIT, '9'                                                                      \
    }
#define U                                                                                          \
    {                                                                                              \
        CHARACTERS_UPPER, 'A'                                                                      \
    }
#define L                                                                                          \
    {                                                                                              \
        CHARACTERS_LOWER, 'a'                                                                      \
    }
#define W                                                                                          \
    {                                                                                              \
        CHARACTERS_WIDE, 'u'                                                                       \
    }
#define B                                                                                          \
    {                                                                                              \
        CHARACTERS_BLANK, ' '                                                                      \
    }
#define C8 C, C, C, C, C, C, C, C
#define D5 D, D, D, D, D
#define U6 U, U, U, U, U, U
#define L6 L, L, L, L, L, L
#define W8 W, W, W, W, W, W, W, W
#define WW W8, W8, W8, W8

static const struct byte_class bytes[256] = {
    C8, C8, C8, C8, B,  S,  Q,  S, S, S, S,  Q,  S,  S,  S,  S,  S,  S,  S,
    S,  D5, D5, S,  S,  S,  S,  S, S, S, U6, U6, U6, U6, U,  U,  S,  S,  S,
    S,  S,  Q,  L6, L6, L6, L6, L, L, S, S,  S,  S,  C,  WW, WW, WW, WW,
};

#undef C
#undef S
#undef Q
#undef D
#undef U
#undef L
#undef W
#undef B

/* Sorted, without gaps in meaning: what lies in no range is CHARACTERS_OTHER. */
static const struct character_range {
    int32_t first, last;
    unsigned bits;
} ranges[] = {
    {0x80, 0x9f, CHARACTERS_CONTROL},        {0xa0, 0xa0, CHARACTERS_SPACE},
    {0xa1, 0xac, CHARACTERS_TYPE},           {0xad, 0xad, CHARACTERS_FORMAT},
    {0xae, 0xbf, CHARACTERS_TYPE},           {0xc0, 0x2ff, CHARACTERS_LATIN},
    {0x300, 0x36f, CHARACTERS_COMBINING},    {0x370, 0x482, CHARACTERS_ALPHABET},
    {0x483, 0x489, CHARACTERS_COMBINING},    {0x48a, 0x58f, CHARACTERS_ALPHABET},
    {0x590, 0x61b, CHARACTERS_RTL},          {0x61c, 0x61c, CHARACTERS_FORMAT},
    {0x61d, 0x8ff, CHARACTERS_RTL},          {0x900, 0x109f, CHARACTERS_BRAHMIC},
    {0x10a0, 0x10ff, CHARACTERS_ALPHABET},   {0x1100, 0x11ff, CHARACTERS_CJK},
    {0x1780, 0x17ff, CHARACTERS_BRAHMIC},    {0x180e, 0x180e, CHARACTERS_FORMAT},
    {0x1ab0, 0x1aff, CHARACTERS_COMBINING},  {0x1c80, 0x1c8f, CHARACTERS_ALPHABET},
    {0x1dc0, 0x1dff, CHARACTERS_COMBINING},  {0x1e00, 0x1eff, CHARACTERS_LATIN},
    {0x1f00, 0x1fff, CHARACTERS_ALPHABET},   {0x2000, 0x200a, CHARACTERS_SPACE},
    {0x200b, 0x200f, CHARACTERS_FORMAT},     {0x2010, 0x2027, CHARACTERS_TYPE},
    {0x2028, 0x2029, CHARACTERS_LINE},       {0x202a, 0x202e, CHARACTERS_FORMAT},
    {0x202f, 0x202f, CHARACTERS_SPACE},      {0x2030, 0x205e, CHARACTERS_TYPE},
    {0x205f, 0x205f, CHARACTERS_SPACE},      {0x2060, 0x206f, CHARACTERS_FORMAT},
    {0x2070, 0x20cf, CHARACTERS_TYPE},       {0x20d0, 0x20ff, CHARACTERS_COMBINING},
    {0x2100, 0x25ff, CHARACTERS_TYPE},       {0x2600, 0x27bf, CHARACTERS_EMOJI},
    {0x27c0, 0x2bff, CHARACTERS_TYPE},       {0x2c60, 0x2c7f, CHARACTERS_LATIN},
    {0x2e80, 0x2fff, CHARACTERS_CJK},        {0x3000, 0x3000, CHARACTERS_SPACE},
    {0x3001, 0x9fff, CHARACTERS_CJK},        {0xa640, 0xa69f, CHARACTERS_ALPHABET},
    {0xa720, 0xa7ff, CHARACTERS_LATIN},      {0xac00, 0xd7ff, CHARACTERS_CJK},
    {0xe000, 0xf8ff, CHARACTERS_PRIVATE},    {0xf900, 0xfaff, CHARACTERS_CJK},
    {0xfb00, 0xfb06, CHARACTERS_LATIN},      {0xfb1d, 0xfdff, CHARACTERS_RTL},
    {0xfe00, 0xfe0f, CHARACTERS_FORMAT},     {0xfe20, 0xfe2f, CHARACTERS_COMBINING},
    {0xfe30, 0xfe4f, CHARACTERS_CJK},        {0xfe70, 0xfefe, CHARACTERS_RTL},
    {0xfeff, 0xfeff, CHARACTERS_FORMAT},     {0xff00, 0xffef, CHARACTERS_CJK},
    {0xfff9, 0xffff, CHARACTERS_PRIVATE},    {0x10800, 0x10fff, CHARACTERS_RTL},
    {0x1e800, 0x1efff, CHARACTERS_RTL},      {0x1f000, 0x1faff, CHARACTERS_EMOJI},
    {0x20000, 0x3ffff, CHARACTERS_CJK},      {0xe0000, 0xe007f, CHARACTERS_FORMAT},
    {0xf0000, 0x10ffff, CHARACTERS_PRIVATE},
};

static unsigned character_bits(int32_t code_point)
{
    size_t low = 0, high = COUNT_OF(ranges);

    assert(code_point >= 0x80);

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code_point > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < COUNT_OF(ranges) && code_point >= ranges[low].first)
        return ranges[low].bits;
    return code_point > 0xffff ? CHARACTERS_ASTRAL : CHARACTERS_OTHER;
}

enum { STACKED_LEAST = 4 };

/* Emoji are joined and colored by characters without width, which say nothing there. */
static bool is_emoji_part(int32_t code_point)
{
    return code_point == 0x200d || code_point == 0xfe0f;
}

static unsigned wide_read(struct span text)
{
    const char *next = text.ptr, *end = text.ptr + text.len;
    unsigned found = 0, last = 0, marks = 0;
    bool has_emoji_part = false;

    assert(text.len > 0);

    while (next < end) {
        const bool is_first = next == text.ptr;
        const int32_t code_point = utf8_next(&next, end);

        last = code_point < 0       ? CHARACTERS_INVALID
               : code_point >= 0x80 ? character_bits(code_point)
                                    : 0;
        if (is_first && last == CHARACTERS_SPACE)
            found |= CHARACTERS_LEADING;
        marks += last == CHARACTERS_COMBINING;
        if (is_emoji_part(code_point))
            has_emoji_part = true;
        else
            found |= last;
    }
    if (last == CHARACTERS_SPACE)
        found |= CHARACTERS_TRAILING;
    if (has_emoji_part && !(found & CHARACTERS_EMOJI))
        found |= CHARACTERS_FORMAT;
    if (marks >= STACKED_LEAST)
        found = (found & ~CHARACTERS_COMBINING) | CHARACTERS_STACKED;
    return found;
}

static bool is_white(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Line ends and tabs are told apart from other control characters. */
static unsigned control_read(struct span text)
{
    unsigned found = 0;

    for (uint32_t i = 0; i < text.len; i++) {
        const char byte = text.ptr[i];
        if (byte == '\n' || byte == '\r' || byte == '\t')
            found |= CHARACTERS_LINE;
        else if ((byte >= 0 && byte < ' ') || byte == 0x7f)
            found |= CHARACTERS_CONTROL;
    }
    return found;
}

unsigned characters_read(struct span text)
{
    const unsigned char *ptr = (const unsigned char *)text.ptr;
    unsigned found = 0;

    assert(text.ptr || text.len == 0);
    if (text.len == 0)
        return 0;
    for (uint32_t i = 0; i < text.len; i++)
        found |= bytes[ptr[i]].bits;
    if (found & CHARACTERS_SIGN)
        found |= (memchr(ptr, '\\', text.len) ? CHARACTERS_BACKSLASH : 0u) |
                 (memchr(ptr, ';', text.len) ? CHARACTERS_SEMICOLON : 0u);
    if (is_white(text.ptr[0]))
        found |= CHARACTERS_LEADING;
    if (is_white(text.ptr[text.len - 1]))
        found |= CHARACTERS_TRAILING;
    if (found & CHARACTERS_CONTROL)
        found = (found & ~CHARACTERS_CONTROL) | control_read(text);
    return found & CHARACTERS_WIDE ? found | wide_read(text) : found;
}

/* The next letter is always written; it stays only when the one after it is another. */
uint32_t characters_shape(struct span text, char *shape)
{
    const unsigned char *ptr = (const unsigned char *)text.ptr;
    uint32_t len = 0;
    char last = 0;

    assert(shape || text.len == 0);

    for (uint32_t i = 0; i < text.len; i++) {
        const char own = bytes[ptr[i]].letter, letter = own ? own : (char)ptr[i];

        shape[len] = letter;
        len += letter != last;
        last = letter;
    }
    return len;
}
