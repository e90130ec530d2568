/* iban: account numbers of ISO 13616 (mod 97 of ISO/IEC 7064). Digits become digits and letters
 * letters of the national part, which keeps every country's structure; the check digits are
 * computed anew, as far off as they were. */
#include "transform/exchange.h"
#include "transform/params.h"

#include <string.h>

enum { IBAN_MAX = 34, HEAD = 4, SPAN_MAX = 80 };

static const struct country {
    const char *code, *structure;
} countries[] = {
#define IBAN_COUNTRY(code, structure) {code, structure},
#include "transform/iban_countries.inc"
#undef IBAN_COUNTRY
};

/* One number taken apart, letters in capitals. */
struct iban {
    char chars[IBAN_MAX];
    uint32_t count;
    unsigned offset; /* remainder by 97: 1 where the check digits are right */
};

static const struct country *country_find(const char *code)
{
    size_t low = 0, high = COUNT_OF(countries);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = memcmp(code, countries[middle].code, 2);

        if (order == 0)
            return &countries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool structure_matches(const char *structure, const char *chars, uint32_t count)
{
    uint32_t at = 0;

    while (*structure) {
        const char class = *structure++;
        uint32_t length = 0;

        while (is_digit(*structure))
            length = length * 10 + (uint32_t)(*structure++ - '0');
        for (; length > 0; length--, at++) {
            if (at >= count || (class == 'n' && !is_digit(chars[at])) ||
                (class == 'a' && !is_letter(chars[at])))
                return false;
        }
    }
    return at == count;
}

/* The remainder by 97 of the national part, the country and two check digits. */
static unsigned remainder_97(const struct iban *iban)
{
    unsigned remainder = 0;

    for (uint32_t i = 0; i < iban->count; i++) {
        const char c = iban->chars[(i + HEAD) % iban->count];

        remainder = is_digit(c) ? (remainder * 10 + (unsigned)(c - '0')) % 97
                                : (remainder * 100 + (unsigned)(c - 'A') + 10) % 97;
    }
    return remainder;
}

/* Capitals and digits between blanks and hyphens. */
static bool chars_collect(struct span text, struct iban *iban)
{
    iban->count = 0;
    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == ' ' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if ((!is_digit(c) && !is_letter(c)) || iban->count == IBAN_MAX)
            return false;
        iban->chars[iban->count++] = c;
    }
    return iban->count > HEAD;
}

/* Check digits are 02 to 98, one pair for each remainder. */
static bool iban_read(struct span text, struct iban *iban)
{
    const struct country *country;

    if (text.len > SPAN_MAX || !chars_collect(text, iban) || !is_digit(iban->chars[2]) ||
        !is_digit(iban->chars[3]))
        return false;
    const int check = (iban->chars[2] - '0') * 10 + iban->chars[3] - '0';

    country = country_find(iban->chars);
    if (!country || check < 2 || check > 98 ||
        !structure_matches(country->structure, iban->chars + HEAD, iban->count - HEAD))
        return false;
    iban->offset = remainder_97(iban);
    return true;
}

static bool is_iban(const void *context, struct span text)
{
    struct iban iban;

    UNUSED(context);
    return iban_read(text, &iban);
}

static void check_set(struct iban *iban)
{
    unsigned check;

    iban->chars[2] = iban->chars[3] = '0';
    check = (iban->offset + 97 - remainder_97(iban)) % 97;
    check += check < 2 ? 97 : 0;
    iban->chars[2] = (char)('0' + check / 10);
    iban->chars[3] = (char)('0' + check % 10);
    assert(remainder_97(iban) == iban->offset);
}

static void iban_move(const struct sipkey *key, struct iban *iban)
{
    uint32_t radices[IBAN_MAX], indices[IBAN_MAX], scratch[2 * IBAN_MAX + 8];
    const uint32_t count = iban->count - HEAD;
    uint64_t letters = 0;

    for (uint32_t i = 0; i < count; i++) {
        const char c = iban->chars[HEAD + i];

        radices[i] = is_digit(c) ? 10 : 26;
        indices[i] = (uint32_t)(is_digit(c) ? c - '0' : c - 'A');
        letters |= (uint64_t)is_letter(c) << i;
    }
    const uint64_t words[4] = {PURPOSE_FORM,
                               (uint64_t)iban->chars[0] << 8 | (uint64_t)iban->chars[1],
                               (uint64_t)iban->offset << 32 | count, letters};

    symbols_move(key, siphash_words(key, words, COUNT_OF(words)), radices, indices, count, scratch);
    for (uint32_t i = 0; i < count; i++)
        iban->chars[HEAD + i] = (char)((radices[i] == 10 ? '0' : 'A') + (int)indices[i]);
    check_set(iban);
}

/* The written form again: blanks, hyphens and small letters where they were. */
static bool iban_write(const struct transform_call *call, const struct iban *iban,
                       struct value *value, struct error *err)
{
    char *text = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);
    uint32_t at = 0;

    if (!text)
        return error_memory(err);
    for (uint32_t i = 0; i < value->bytes.len && at < iban->count; i++) {
        const bool is_small = text[i] >= 'a' && text[i] <= 'z';

        if (text[i] == ' ' || text[i] == '-')
            continue;
        text[i] = is_small ? (char)(iban->chars[at] - 'A' + 'a') : iban->chars[at];
        at++;
    }
    assert(at == iban->count);
    value->bytes.ptr = text;
    return true;
}

static bool iban_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        struct iban iban;

        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        if (!iban_read(values[i].bytes, &iban)) {
            if (!value_scramble(call, &values[i], is_iban, NULL, err))
                return false;
            continue;
        }
        iban_move(&call->key->sip, &iban);
        if (!iban_write(call, &iban, &values[i], err))
            return false;
    }
    return true;
}

const struct transform transform_iban = {
    .name = "iban",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "account numbers (IBAN) of the same country with the check digits kept right",
    .example = "iban: iban",
    .guarantee = "One to one. Country, grouping and the country's structure stay, and what mod 97 "
                 "says of a number. Banks and national check digits inside the number are changed "
                 "like any digit; the result may be somebody's number. What is no IBAN is "
                 "scrambled and stays none.",
    .apply = iban_apply,
};
