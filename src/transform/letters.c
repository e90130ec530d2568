/* Code points by script and class. */
#include "transform/letters.h"

#include "base/words.h"

struct range {
    uint32_t first, last;
    uint8_t stride;
    uint8_t kind;
};

/* Sorted. A stride of two holds scripts that alternate upper and lower case: the row with the even
 * offset from `first` is `kind`, the other one its opposite. */
static const struct range ranges[] = {
    {'0', '9', 1, LETTER_DIGIT},         {'A', 'Z', 1, LETTER_UPPER},
    {'a', 'z', 1, LETTER_LOWER},         {0xc0, 0xd6, 1, LETTER_UPPER},
    {0xd8, 0xde, 1, LETTER_UPPER},       {0xdf, 0xf6, 1, LETTER_LOWER},
    {0xf8, 0xff, 1, LETTER_LOWER},       {0x100, 0x137, 2, LETTER_UPPER},
    {0x139, 0x148, 2, LETTER_UPPER},     {0x14a, 0x177, 2, LETTER_UPPER},
    {0x179, 0x17e, 2, LETTER_UPPER},     {0x391, 0x3a1, 1, LETTER_UPPER},
    {0x3a3, 0x3ab, 1, LETTER_UPPER},     {0x3ac, 0x3ce, 1, LETTER_LOWER},
    {0x400, 0x40f, 1, LETTER_UPPER},     {0x410, 0x42f, 1, LETTER_UPPER},
    {0x430, 0x44f, 1, LETTER_LOWER},     {0x450, 0x45f, 1, LETTER_LOWER},
    {0x460, 0x481, 2, LETTER_UPPER},     {0x48a, 0x4bf, 2, LETTER_UPPER},
    {0x531, 0x556, 1, LETTER_UPPER},     {0x561, 0x586, 1, LETTER_LOWER},
    {0x5d0, 0x5ea, 1, LETTER_PLAIN},     {0x621, 0x63a, 1, LETTER_PLAIN},
    {0x641, 0x64a, 1, LETTER_PLAIN},     {0x660, 0x669, 1, LETTER_DIGIT},
    {0x671, 0x6d3, 1, LETTER_PLAIN},     {0x6f0, 0x6f9, 1, LETTER_DIGIT},
    {0x905, 0x939, 1, LETTER_PLAIN},     {0x966, 0x96f, 1, LETTER_DIGIT},
    {0x993, 0x9a8, 1, LETTER_PLAIN},     {0x9e6, 0x9ef, 1, LETTER_DIGIT},
    {0xe01, 0xe2e, 1, LETTER_PLAIN},     {0xe50, 0xe59, 1, LETTER_DIGIT},
    {0x10d0, 0x10fa, 1, LETTER_PLAIN},   {0x1e00, 0x1e95, 2, LETTER_UPPER},
    {0x1ea0, 0x1eff, 2, LETTER_UPPER},   {0x3041, 0x3096, 1, LETTER_PLAIN},
    {0x30a1, 0x30fa, 1, LETTER_PLAIN},   {0x3400, 0x4db5, 1, LETTER_PLAIN},
    {0x4e00, 0x9fef, 1, LETTER_PLAIN},   {0xac00, 0xd7a3, 1, LETTER_PLAIN},
    {0xff10, 0xff19, 1, LETTER_DIGIT},   {0xff21, 0xff3a, 1, LETTER_UPPER},
    {0xff41, 0xff5a, 1, LETTER_LOWER},   {0xff66, 0xff9d, 1, LETTER_PLAIN},
    {0x1f300, 0x1f3fa, 1, LETTER_PLAIN}, {0x1f400, 0x1f64f, 1, LETTER_PLAIN},
    {0x1f680, 0x1f6c5, 1, LETTER_PLAIN}, {0x20000, 0x2a6d6, 1, LETTER_PLAIN},
};

/* Marks, punctuation, symbols, blanks, controls. Sorted. */
static const struct range kept[] = {
    {0x00, 0x2f, 1, 0},       {0x3a, 0x40, 1, 0},       {0x5b, 0x60, 1, 0},
    {0x7b, 0xbf, 1, 0},       {0xd7, 0xd7, 1, 0},       {0xf7, 0xf7, 1, 0},
    {0x2c2, 0x2df, 1, 0},     {0x300, 0x36f, 1, 0},     {0x37e, 0x37e, 1, 0},
    {0x387, 0x387, 1, 0},     {0x482, 0x489, 1, 0},     {0x55a, 0x55f, 1, 0},
    {0x589, 0x5cf, 1, 0},     {0x600, 0x61f, 1, 0},     {0x64b, 0x65f, 1, 0},
    {0x66a, 0x66d, 1, 0},     {0x670, 0x670, 1, 0},     {0x6d4, 0x6ed, 1, 0},
    {0x900, 0x903, 1, 0},     {0x93a, 0x94f, 1, 0},     {0x964, 0x965, 1, 0},
    {0x981, 0x983, 1, 0},     {0x9bc, 0x9cd, 1, 0},     {0xe2f, 0xe4f, 1, 0},
    {0x10fb, 0x10fb, 1, 0},   {0x1ab0, 0x1aff, 1, 0},   {0x1dc0, 0x1dff, 1, 0},
    {0x2000, 0x206f, 1, 0},   {0x20a0, 0x20ff, 1, 0},   {0x2190, 0x2bff, 1, 0},
    {0x2e00, 0x2e7f, 1, 0},   {0x3000, 0x303f, 1, 0},   {0x3097, 0x30a0, 1, 0},
    {0x30fb, 0x30ff, 1, 0},   {0xfe00, 0xfe4f, 1, 0},   {0xfeff, 0xff0f, 1, 0},
    {0xff1a, 0xff20, 1, 0},   {0xff3b, 0xff40, 1, 0},   {0xff5b, 0xff65, 1, 0},
    {0xff9e, 0xff9f, 1, 0},   {0xfff0, 0xffff, 1, 0},   {0x1f1e6, 0x1f1ff, 1, 0},
    {0x1f3fb, 0x1f3ff, 1, 0}, {0xe0000, 0xe01ff, 1, 0},
};

static const struct range *range_find(const struct range *list, size_t count, uint32_t code_point)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list[middle].last < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && list[low].first <= code_point ? &list[low] : NULL;
}

static enum letter_kind kind_opposite(enum letter_kind kind)
{
    return kind == LETTER_UPPER ? LETTER_LOWER : LETTER_UPPER;
}

static void letter_of_range(const struct range *range, uint32_t code_point, struct letter *letter)
{
    const uint32_t offset = code_point - range->first;
    const uint32_t size = range->last - range->first + 1;

    letter->stride = range->stride;
    letter->first = range->first + offset % range->stride;
    letter->index = offset / range->stride;
    letter->count = (size - offset % range->stride + range->stride - 1) / range->stride;
    letter->kind = range->kind;
    if (offset % range->stride != 0)
        letter->kind = kind_opposite(letter->kind);
    assert(letter_at(letter, letter->index) == code_point);
}

/* Cuts off what lies beyond the nearest rows of `list` on both sides of a code point in none. */
static void gap_narrow(const struct range *list, size_t count, uint32_t code_point,
                       struct range *gap)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].last < code_point && list[i].last >= gap->first)
            gap->first = list[i].last + 1;
        if (list[i].first > code_point && list[i].first <= gap->last)
            gap->last = list[i].first - 1;
    }
    assert(gap->first <= code_point && code_point <= gap->last);
}

bool letter_find_wide(uint32_t code_point, struct letter *letter)
{
    const struct range *range = range_find(ranges, COUNT_OF(ranges), code_point);

    if (range) {
        letter_of_range(range, code_point, letter);
        return true;
    }
    if (range_find(kept, COUNT_OF(kept), code_point))
        return false;

    /* The part of its block of 32 that no table knows, so that classes never overlap. */
    struct range gap = {code_point & ~31u, code_point | 31u, 1, LETTER_PLAIN};

    gap_narrow(ranges, COUNT_OF(ranges), code_point, &gap);
    gap_narrow(kept, COUNT_OF(kept), code_point, &gap);
    letter_of_range(&gap, code_point, letter);
    return letter->count > 1;
}

/* Another one of the `count` characters from `first`. */
static char ascii_draw(char old, char first, uint32_t count, struct stream *stream)
{
    uint32_t index = (uint32_t)(old - first) + 1 + stream_below(stream, count - 1);

    return (char)(first + (char)(index < count ? index : index - count));
}

/* Characters of ASCII from `at` on; returns the first that is not, or `end`. Nearly all
 * of its time is SipHash. */
static char *ascii_scramble(char *at, const char *end, struct stream *stream, size_t *changed)
{
    for (; at < end && (unsigned char)*at < 0x80; at++) {
        const bool is_digit = *at >= '0' && *at <= '9';
        const bool is_lower = *at >= 'a' && *at <= 'z';

        if (!is_digit && !is_lower && !(*at >= 'A' && *at <= 'Z'))
            continue;
        if (end - at > 3)
            stream_look_ahead(stream);
        *at = is_digit ? ascii_draw(*at, '0', 10, stream)
                       : ascii_draw(*at, is_lower ? 'a' : 'A', 26, stream);
        ++*changed;
    }
    return at;
}

size_t letters_scramble(char *text, size_t len, struct stream *stream)
{
    const char *next = text, *end = text + len;
    size_t changed = 0;

    while ((next = ascii_scramble(text + (next - text), end, stream, &changed)) < end) {
        char *at = text + (next - text);
        int32_t code_point = utf8_next(&next, end);
        struct letter letter;

        if (code_point < 0) {
            *at = (char)(0x80 + (((unsigned char)*at + 1 + stream_below(stream, 63)) & 63));
            changed++;
            continue;
        }
        if (!letter_find((uint32_t)code_point, &letter))
            continue;

        uint32_t step = 1 + stream_below(stream, letter.count - 1);
        char encoded[4];
        size_t size = utf8_write(encoded, letter_at(&letter, (letter.index + step) % letter.count));

        assert(size == (size_t)(next - at));
        memcpy(at, encoded, size);
        changed++;
    }
    return changed;
}
