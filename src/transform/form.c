/* Bijections inside the form of a text. */
#include "transform/form.h"

#include "base/words.h"
#include "transform/feistel.h"
#include "value/value.h"

#include <string.h>

enum { ROUNDS = 10, HEAD_WORDS = 4 };

#define RANK_LIMIT (UINT64_C(1) << 62)

/* The product of the radices, or RANK_LIMIT when it is not below. */
static uint64_t symbols_combinations(const uint32_t *radices, size_t count)
{
    uwide product = 1;

    for (size_t i = 0; i < count && product < RANK_LIMIT; i++)
        product *= radices[i];
    return product < RANK_LIMIT ? (uint64_t)product : RANK_LIMIT;
}

static void rank_permute(const struct sipkey *key, uint64_t level, const uint32_t *radices,
                         uint32_t *indices, size_t count)
{
    const uint64_t n = symbols_combinations(radices, count);
    uint64_t rank = 0;

    for (size_t i = 0; i < count; i++)
        rank = rank * radices[i] + indices[i];
    assert(rank < n);
    rank = cycle_apply(key, level, n, rank);
    for (size_t i = count; i > 0; i--) {
        indices[i - 1] = (uint32_t)(rank % radices[i - 1]);
        rank /= radices[i - 1];
    }
}

/* One round: target[i] += F(source) mod its radix. scratch: head, then the source's symbols. */
static void half_round(const struct sipkey *key, const uint64_t head[2], const uint32_t *source,
                       size_t source_count, const uint32_t *radices, uint32_t *target,
                       size_t target_count, uint32_t *scratch)
{
    memcpy(scratch, head, 2 * sizeof(*head));
    memcpy(scratch + HEAD_WORDS, source, source_count * sizeof(*source));

    uint64_t seed = siphash(key, scratch, (HEAD_WORDS + source_count) * sizeof(*scratch));
    struct stream stream = stream_make(key, seed);

    for (size_t i = 0; i < target_count; i++)
        target[i] = (target[i] + stream_below(&stream, radices[i])) % radices[i];
}

void symbols_permute(const struct sipkey *key, uint64_t level, const uint32_t *radices,
                     uint32_t *indices, size_t count, uint32_t *scratch)
{
    const size_t left = count / 2, right = count - left;

    if (count == 0)
        return;
    if (symbols_combinations(radices, count) < RANK_LIMIT) {
        rank_permute(key, level, radices, indices, count);
        return;
    }
    for (uint64_t i = 0; i < ROUNDS; i++) {
        const uint64_t head[2] = {i << 8 | PURPOSE_FORM, level};

        if (i % 2 == 0)
            half_round(key, head, indices + left, right, radices, indices, left, scratch);
        else
            half_round(key, head, indices, left, radices + left, indices + left, right, scratch);
    }
}

/* Where the symbols of one text stand. */
struct form {
    uint32_t *radices, *indices, *scratch;
    struct letter *letters;
    uint32_t *offsets;
    size_t count;
    uint64_t level; /* hash of the skeleton */
};

static bool form_alloc(struct form *form, size_t len, struct arena *arena)
{
    form->radices = ARENA_ARRAY(arena, len + 1, uint32_t);
    form->indices = ARENA_ARRAY(arena, len + 1, uint32_t);
    form->offsets = ARENA_ARRAY(arena, len + 1, uint32_t);
    form->scratch = ARENA_ARRAY(arena, len + 8, uint32_t);
    form->letters = ARENA_ARRAY(arena, len + 1, struct letter);
    return form->radices && form->indices && form->offsets && form->scratch && form->letters;
}

/* The skeleton is hashed code point by code point: the class's first for a symbol, itself for what
 * stays. */
static void form_read(struct form *form, const struct sipkey *key, const char *text, size_t len)
{
    const char *next = text, *end = text + len;

    assert(text && form->radices);
    form->count = 0;
    form->level = 0;
    while (next < end) {
        const size_t offset = (size_t)(next - text);
        int32_t code_point = utf8_next(&next, end);
        struct letter letter;
        uint64_t words[3] = {PURPOSE_FORM, form->level, 0};

        if (code_point >= 0 && letter_find((uint32_t)code_point, &letter)) {
            form->letters[form->count] = letter;
            form->radices[form->count] = letter.count;
            form->indices[form->count] = letter.index;
            form->offsets[form->count++] = (uint32_t)offset;
            words[2] = UINT64_C(1) << 32 | letter.first;
        } else {
            words[2] =
                code_point < 0 ? (uint8_t)text[offset] + (UINT64_C(1) << 33) : (uint64_t)code_point;
        }
        form->level = siphash_words(key, words, 3);
    }
}

static void form_write(const struct form *form, char *text)
{
    for (size_t i = 0; i < form->count; i++)
        (void)utf8_write(text + form->offsets[i], letter_at(&form->letters[i], form->indices[i]));
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool uuid_read(const char *text, size_t len, uint8_t uuid[16])
{
    size_t at = 0;

    if (len != 36)
        return false;
    for (size_t i = 0; i < 16; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-')
            return false;

        int high = hex_value(text[at]), low = hex_value(text[at + 1]);

        if (high < 0 || low < 0)
            return false;
        uuid[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    return at == len;
}

void uuid_write(const uint8_t uuid[16], char text[36])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = digits[uuid[i] >> 4];
        text[at++] = digits[uuid[i] & 15];
    }
    assert(at == 36);
}

bool form_permute(const struct sipkey *key, bool keeps_version, char *text, size_t len,
                  struct arena *arena, bool *is_kept, struct error *err)
{
    struct form form;
    uint8_t uuid[16];

    *is_kept = false;
    if (uuid_read(text, len, uuid)) {
        uuid_permute(key, keeps_version, uuid, is_kept);
        uuid_write(uuid, text);
        return true;
    }
    if (!form_alloc(&form, len, arena))
        return error_memory(err);
    form_read(&form, key, text, len);
    *is_kept = form.count == 0;
    if (*is_kept)
        return true;
    /* UUIDs are a closed set of their own: walk on while the network lands in it. */
    do {
        symbols_permute(key, form.level, form.radices, form.indices, form.count, form.scratch);
        form_write(&form, text);
    } while (uuid_read(text, len, uuid));
    return true;
}

/* Radix and index of each digit of a canonical numeric: the first one is not 0 unless it stands
 * alone before a point, the last one of a fraction is not 0. */
static size_t digits_read(const char *text, size_t len, uint32_t *radices, uint32_t *indices,
                          uint32_t *offsets)
{
    const char *point = memchr(text, '.', len);
    size_t start = text[0] == '-', count = 0;

    for (size_t i = start; i < len; i++) {
        const bool is_first = i == start, is_last = point && i == len - 1;

        if (text[i] == '.' || (is_first && text[i] == '0'))
            continue;
        radices[count] = is_first || is_last ? 9 : 10;
        indices[count] = (uint32_t)(text[i] - '0') - (is_first || is_last ? 1 : 0);
        offsets[count++] = (uint32_t)i;
    }
    return count;
}

/* An integer of 64 bits, with or without a sign. */
static bool fits_64_bits(const char *text, size_t len)
{
    static const char limit[] = "18446744073709551615", low[] = "9223372036854775808";
    const bool is_negative = text[0] == '-';
    const size_t digits = len - is_negative,
                 most = is_negative ? sizeof(low) - 1 : sizeof(limit) - 1;

    if (memchr(text, '.', len) || digits > most)
        return false;
    return digits < most || memcmp(text + is_negative, is_negative ? low : limit, most) <= 0;
}

static bool is_digits(const struct buf *text)
{
    const char *bytes = buf_text(text);

    return text->len > 0 && (bytes[0] == '-' || (bytes[0] >= '0' && bytes[0] <= '9')) &&
           strcmp(bytes, "0") != 0 && bytes[1] != 'I';
}

/* Trailing zeros of the written scale, which the canonical form has dropped. */
static void scale_restore(struct span original, struct buf *text)
{
    const char *point = memchr(original.ptr, '.', original.len);
    const char *mine = memchr(text->ptr, '.', text->len);
    size_t wanted = point ? original.len - (size_t)(point - original.ptr) - 1 : 0;
    size_t have = mine ? text->len - (size_t)(mine - text->ptr) - 1 : 0;

    if (have < wanted && !mine)
        buf_add_char(text, '.');
    for (; have < wanted; have++)
        buf_add_char(text, '0');
}

static bool canonical_permute(const struct sipkey *key, struct buf *text, struct arena *arena,
                              struct error *err)
{
    const size_t len = text->len;
    uint32_t *words = ARENA_ARRAY(arena, 4 * len + 8, uint32_t);
    const bool is_small = fits_64_bits(text->ptr, len);
    const char *point = memchr(text->ptr, '.', len);
    uint64_t level, skeleton[3] = {PURPOSE_FORM, len, 0};

    if (!words)
        return error_memory(err);

    uint32_t *indices = words + len, *offsets = words + 2 * len;
    size_t count = digits_read(text->ptr, len, words, indices, offsets);

    skeleton[2] = (uint64_t)(point ? point - text->ptr : 0) << 8 | (text->ptr[0] == '-');
    level = siphash_words(key, skeleton, 3);
    /* Integers of 64 bits are a closed set of their own in a key's bands. */
    do {
        symbols_permute(key, level, words, indices, count, words + 3 * len);
        for (size_t i = 0; i < count; i++)
            text->ptr[offsets[i]] = (char)('0' + indices[i] + (words[i] == 9 ? 1 : 0));
    } while (fits_64_bits(text->ptr, len) != is_small);
    return true;
}

bool decimal_permute(const struct sipkey *key, struct span text, struct arena *arena,
                     struct span *result, bool *is_kept, struct error *err)
{
    struct buf canonical;
    bool is_done = true;

    *result = text;
    buf_init(&canonical, BUF_CEILING_MAX);
    decimal_canonical(text, &canonical);
    *is_kept = !buf_ok(&canonical) || !is_digits(&canonical);
    if (!*is_kept) {
        is_done = canonical_permute(key, &canonical, arena, err);
        if (is_done)
            scale_restore(text, &canonical);
        if (is_done)
            *result = arena_span(arena, buf_span(&canonical));
    }
    is_done = is_done && ((buf_ok(&canonical) && result->ptr) || error_memory(err));
    buf_release(&canonical);
    return is_done;
}
