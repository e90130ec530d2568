/* text: free text becomes words of nothing, with the same skeleton of words and lines. */
#include "base/words.h"
#include "transform/letters.h"
#include "transform/params.h"

static const char vowels[] = "aeiou", consonants[] = "bcdfghklmnprstvw";

/* Latin letters take turns as consonants and vowels, so that words look like words. */
static char letter_draw(struct stream *stream, char old, size_t place)
{
    const bool is_vowel = place % 2 == 1;
    const char *set = is_vowel ? vowels : consonants;
    const uint32_t count = is_vowel ? sizeof(vowels) - 1 : sizeof(consonants) - 1;
    const bool is_upper = old >= 'A' && old <= 'Z';
    const char letter = set[stream_below(stream, count)];

    return is_upper ? (char)(letter - 'a' + 'A') : letter;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Rewrites `text` in place, each letter and digit drawn anew. */
static struct drawn words_draw(char *text, size_t len, struct stream *stream)
{
    struct drawn drawn = {0, 0};
    size_t place = 0, at = 0;

    assert(text && len > 0);
    while (at < len) {
        const char *next = text + at;

        if (is_ascii_letter(text[at])) {
            if (place == 0)
                place = stream_below(stream, 2);

            const char letter = letter_draw(stream, text[at], place++);

            drawn.found++;
            drawn.changed += letter != text[at];
            text[at++] = letter;
            continue;
        }
        place = 0;
        (void)utf8_next(&next, text + len);

        assert(next > text + at);
        const size_t size = (size_t)(next - (text + at));

        const struct drawn other = letters_draw(text + at, size, stream);

        drawn.found += other.found;
        drawn.changed += other.changed;
        at += size;
    }
    return drawn;
}

/* The whole text differs from what it was; 0: nothing in it could. */
static size_t words_rewrite(char *text, size_t len, struct stream *stream)
{
    struct drawn drawn = words_draw(text, len, stream);

    while (drawn.found > 0 && drawn.changed == 0)
        drawn = words_draw(text, len, stream);
    return drawn.found;
}

static bool text_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (values[i].is_null || values[i].bytes.len == 0)
            continue;

        struct stream stream =
            stream_make(&call->key->sip, seeder_value(&seeder, &values[i], i, 0));
        char *copy = arena_strndup(call->arena, values[i].bytes.ptr, values[i].bytes.len);

        is_whole = copy || error_memory(err);
        if (!is_whole)
            break;
        if (words_rewrite(copy, values[i].bytes.len, &stream) == 0)
            ++*call->unchanged;
        values[i].bytes.ptr = copy;
    }
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

const struct transform transform_text = {
    .name = "text",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves =
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT | PROPERTY_SHAPE,
    .summary = "free text becomes words of nothing with the same skeleton",
    .example = "comment: text",
    .guarantee = "Lengths of words, lines, case, punctuation and script stay; each letter "
                 "and digit is drawn anew.",
    .apply = text_apply,
};
