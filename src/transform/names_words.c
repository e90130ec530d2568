/* Words of the dictionary's scripts, their case, and letters with marks of their own. */
#include "transform/names_words.h"

#include "base/utf8.h"
#include "base/words.h"
#include "value/fold.h"

struct script_range {
    uint16_t first, last;
    uint8_t script;
};

/* Letters, and the marks and vowels that stand in words; no digits, no punctuation. Sorted. */
static const struct script_range ranges[] = {
    {0x41, 0x5a, SCRIPT_LATIN},        {0x61, 0x7a, SCRIPT_LATIN},
    {0xc0, 0xd6, SCRIPT_LATIN},        {0xd8, 0xf6, SCRIPT_LATIN},
    {0xf8, 0x24f, SCRIPT_LATIN},       {0x259, 0x259, SCRIPT_LATIN},
    {0x370, 0x373, SCRIPT_GREEK},      {0x376, 0x377, SCRIPT_GREEK},
    {0x386, 0x386, SCRIPT_GREEK},      {0x388, 0x3ff, SCRIPT_GREEK},
    {0x400, 0x481, SCRIPT_CYRILLIC},   {0x48a, 0x52f, SCRIPT_CYRILLIC},
    {0x531, 0x556, SCRIPT_ARMENIAN},   {0x561, 0x587, SCRIPT_ARMENIAN},
    {0x5b0, 0x5bd, SCRIPT_HEBREW},     {0x5d0, 0x5ea, SCRIPT_HEBREW},
    {0x5ef, 0x5f2, SCRIPT_HEBREW},     {0x620, 0x65f, SCRIPT_ARABIC},
    {0x670, 0x6d3, SCRIPT_ARABIC},     {0x6d5, 0x6d5, SCRIPT_ARABIC},
    {0x6ee, 0x6ef, SCRIPT_ARABIC},     {0x6fa, 0x6fc, SCRIPT_ARABIC},
    {0x780, 0x7b1, SCRIPT_THAANA},     {0x900, 0x963, SCRIPT_DEVANAGARI},
    {0x971, 0x97f, SCRIPT_DEVANAGARI}, {0x980, 0x9e3, SCRIPT_BENGALI},
    {0xe01, 0xe3a, SCRIPT_THAI},       {0xe40, 0xe4e, SCRIPT_THAI},
    {0x10d0, 0x10fa, SCRIPT_GEORGIAN}, {0x10fc, 0x10ff, SCRIPT_GEORGIAN},
    {0x1e00, 0x1eff, SCRIPT_LATIN},    {0x1f00, 0x1fbc, SCRIPT_GREEK},
    {0x1fc2, 0x1fcc, SCRIPT_GREEK},    {0x1fd0, 0x1fdb, SCRIPT_GREEK},
    {0x1fe0, 0x1fec, SCRIPT_GREEK},    {0x1ff2, 0x1ffc, SCRIPT_GREEK},
    {0x3005, 0x3005, SCRIPT_HAN},      {0x3041, 0x3096, SCRIPT_HIRAGANA},
    {0x30a1, 0x30fa, SCRIPT_KATAKANA}, {0x30fc, 0x30fe, SCRIPT_KATAKANA},
    {0x3400, 0x4dbf, SCRIPT_HAN},      {0x4e00, 0x9fff, SCRIPT_HAN},
    {0xac00, 0xd7a3, SCRIPT_HANGUL},
};

/* SCRIPT_COUNT: none of them. */
static enum script script_of(int32_t code_point)
{
    size_t low = 0, high = COUNT_OF(ranges);

    if (code_point < 'A')
        return SCRIPT_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (ranges[middle].last < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < COUNT_OF(ranges) && ranges[low].first <= code_point
               ? (enum script)ranges[low].script
               : SCRIPT_COUNT;
}

/* Undone by folding. What has no such upper case stays: a sharp s (its capital is rare), a dotless
 * i, a final sigma. */
static uint32_t upper_of(uint32_t code_point)
{
    return code_point == 0xdf ? code_point : fold_upper(code_point);
}

/* Beside it, those two as people write them. */
static uint32_t upper_usual(uint32_t code_point)
{
    return code_point == 0x131 ? 'I' : code_point == 0x3c2 ? 0x3a3 : upper_of(code_point);
}

static bool is_upper(uint32_t code_point)
{
    return fold_code_point(code_point) != code_point;
}

static bool is_lower(uint32_t code_point)
{
    return upper_usual(code_point) != code_point || code_point == 0xdf;
}

static enum word_case case_of(struct span bytes)
{
    const char *next = bytes.ptr, *end = bytes.ptr + bytes.len;
    size_t upper = 0, lower = 0, chars = 0;
    bool is_first_upper = false;

    for (; next < end; chars++) {
        const uint32_t code_point = (uint32_t)utf8_next(&next, end);

        is_first_upper |= chars == 0 && is_upper(code_point);
        upper += is_upper(code_point);
        lower += is_lower(code_point);
    }
    if (upper == 0)
        return lower == 0 ? CASE_TITLE : CASE_LOWER;
    if (lower == 0)
        return CASE_UPPER;
    return upper == 1 && is_first_upper ? CASE_TITLE : CASE_MIXED;
}

static uint8_t class_of(uint32_t most)
{
    return (uint8_t)(most < 0x80 ? 0 : most < 0x100 ? 1 : most < 0x25a ? 2 : 3);
}

bool word_next(struct span text, size_t *position, struct word *word)
{
    const char *next = text.ptr + *position, *end = text.ptr + text.len, *start = NULL;
    uint32_t most = 0;

    *word = (struct word){.script = SCRIPT_COUNT};
    while (next < end) {
        const char *at = next;
        const int32_t code_point = utf8_next(&next, end);
        const enum script script = script_of(code_point);

        if (start && script != word->script) {
            next = at;
            break;
        }
        if (script == SCRIPT_COUNT)
            continue;
        start = start ? start : at;
        word->script = script;
        word->chars++;
        const uint32_t folded = fold_code_point((uint32_t)code_point);
        most = folded > most ? folded : most;
    }
    *position = (size_t)(next - text.ptr);
    if (!start)
        return false;
    word->bytes = span_make(start, (size_t)(next - start));
    word->class = word->script == SCRIPT_LATIN ? class_of(most) : 0;
    word->style = word->script <= SCRIPT_ARMENIAN ? case_of(word->bytes) : CASE_TITLE;
    assert(word->bytes.len >= word->chars);
    return true;
}

void word_write(struct span name, const struct word *like, bool is_folded, struct buf *out)
{
    const char *next = name.ptr, *end = name.ptr + name.len;
    const char *shape = like->bytes.ptr, *shape_end = like->bytes.ptr + like->bytes.len;

    if (like->style == CASE_TITLE) {
        buf_add(out, name.ptr, name.len);
        return;
    }
    while (next < end) {
        uint32_t code_point = (uint32_t)utf8_next(&next, end);
        const bool is_raised =
            shape < shape_end && is_upper((uint32_t)utf8_next(&shape, shape_end));
        char bytes[4];

        if (like->style == CASE_UPPER || (like->style == CASE_MIXED && is_raised))
            code_point = is_folded ? upper_of(code_point) : upper_usual(code_point);
        else
            code_point = fold_code_point(code_point);
        buf_add(out, bytes, utf8_write(bytes, code_point));
    }
}

struct composition {
    uint16_t composed, letter, mark;
};

#include "transform/names_marks.inc"

static bool is_mark(uint32_t code_point)
{
    return code_point >= 0x300 && code_point <= 0x36f;
}

/* 0: they do not compose. */
static uint32_t compose(uint32_t letter, uint32_t mark)
{
    for (size_t i = 0; i < COUNT_OF(compositions); i++)
        if (compositions[i].letter == letter && compositions[i].mark == mark)
            return compositions[i].composed;
    return 0;
}

size_t text_compose(struct span text, struct buf *out)
{
    const char *next = text.ptr, *end = text.ptr + text.len;
    size_t count = 0, last_at = 0;
    uint32_t last = 0;

    while (next < end) {
        const char *at = next;
        const int32_t code_point = utf8_next(&next, end);
        char bytes[4];
        uint32_t composed = 0;

        if (code_point >= 0 && last && is_mark((uint32_t)code_point))
            composed = compose(last, (uint32_t)code_point);
        if (composed) {
            out->len = last_at;
            buf_add(out, bytes, utf8_write(bytes, composed));
            last = composed;
            count++;
            continue;
        }
        last = code_point > 0 ? (uint32_t)code_point : 0;
        last_at = out->len;
        buf_add(out, at, (size_t)(next - at));
    }
    return count;
}

/* A letter has at most three marks. */
static void letter_decompose(uint32_t code_point, size_t *most, struct buf *out)
{
    size_t low = 0, high = COUNT_OF(compositions);
    char bytes[4];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compositions[middle].composed < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    if (*most > 0 && low < COUNT_OF(compositions) && compositions[low].composed == code_point) {
        --*most;
        letter_decompose(compositions[low].letter, most, out);
        buf_add(out, bytes, utf8_write(bytes, compositions[low].mark));
        return;
    }
    buf_add(out, bytes, utf8_write(bytes, code_point));
}

void text_decompose(struct span text, size_t most, struct buf *out)
{
    const char *next = text.ptr, *end = text.ptr + text.len;

    while (next < end) {
        const char *at = next;
        const int32_t code_point = utf8_next(&next, end);

        if (code_point < 0x80)
            buf_add(out, at, (size_t)(next - at));
        else
            letter_decompose((uint32_t)code_point, &most, out);
    }
}
