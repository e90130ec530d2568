/* Stand-ins for texts, bytes and JSON. */
#include "transform/redact_text.h"

#include "base/words.h"
#include "transform/form.h"
#include "transform/letters.h"

#include <string.h>

enum { TOKEN_LETTERS = 26, WORD_LETTERS = 7 };

/* A keyed length between the power of two at or below `len` and the next one. */
static size_t length_in_class(size_t len, uint64_t hash)
{
    size_t low = 1;

    assert(len > 0);
    while (low <= len / 2)
        low *= 2;
    return low + siphash_below(hash, low);
}

static struct letter script_of(const char *text, size_t len)
{
    const struct letter latin = {'a', 26, 0, 0, LETTER_LOWER};
    const char *next = text, *end = text + len;
    struct letter letter, best = latin;
    bool has_digit = false;

    while (next < end) {
        int32_t code_point = utf8_next(&next, end);

        if (code_point < 0 || !letter_find((uint32_t)code_point, &letter))
            continue;
        if (letter.kind != LETTER_DIGIT)
            return letter_is_latin(&letter) ? latin : letter;
        if (!has_digit)
            best = letter;
        has_digit = true;
    }
    return best;
}

bool text_stand_in(struct seeder *seeder, struct value *value, uint32_t row, uint32_t max_length,
                   struct error *err)
{
    const struct transform_call *call = seeder->call;
    const uint64_t seed = seeder_value(seeder, value, row, 0);
    const struct letter letter = script_of(value->bytes.ptr, value->bytes.len);
    struct stream stream = stream_make(&call->key->sip, seed);
    size_t count =
        length_in_class(utf8_length(value->bytes.ptr, value->bytes.len), stream_next(&stream));
    size_t len = 0, word = 0;
    char *text;

    assert(count > 0);
    if (max_length && count > max_length)
        count = max_length;
    text = arena_alloc(call->arena, count * 4);
    if (!text)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const bool is_blank = word > 1 && i + 1 < count && letter.kind != LETTER_DIGIT &&
                              stream_below(&stream, WORD_LETTERS) == 0;

        if (is_blank)
            text[len++] = ' ';
        else
            len += utf8_write(text + len, letter_at(&letter, stream_below(&stream, letter.count)));
        word = is_blank ? 0 : word + 1;
    }
    assert(len > 0 && len <= count * 4);
    value->bytes = span_make(text, len);
    return true;
}

void token_write(uint64_t high, uint64_t low, char text[26])
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

    for (int i = 0; i < TOKEN_LETTERS; i++) {
        text[i] = alphabet[high >> 59];
        high = high << 5 | low >> 59;
        low <<= 5;
    }
}

bool text_token(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    const struct transform_call *call = seeder->call;
    const uint64_t high = seeder_value(seeder, value, row, 0);
    const uint64_t low = seeder_value(seeder, value, row, 1);
    const size_t characters = utf8_length(value->bytes.ptr, value->bytes.len);
    struct stream stream = stream_make(&call->key->sip, high);
    size_t len = TOKEN_LETTERS;
    char *text;

    while (len <= characters / 2)
        len *= 2;
    text = arena_alloc(call->arena, len);
    if (!text)
        return error_memory(err);
    assert(len >= TOKEN_LETTERS);
    token_write(high, low, text);
    for (size_t i = TOKEN_LETTERS; i < len; i++)
        text[i] = (char)('a' + stream_below(&stream, 26));
    value->bytes = span_make(text, len);
    return true;
}

bool bytes_stand_in(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    const struct transform_call *call = seeder->call;
    struct stream stream;
    size_t len;
    char *bytes;

    if (value->bytes.len == 0)
        return true;
    stream = stream_make(&call->key->sip, seeder_value(seeder, value, row, 0));
    len = length_in_class(value->bytes.len, stream_next(&stream));
    bytes = arena_alloc(call->arena, len);
    if (!bytes)
        return error_memory(err);
    for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
        const uint64_t word = stream_next(&stream);

        memcpy(bytes + at, &word, len - at < sizeof(word) ? len - at : sizeof(word));
    }
    value->bytes = span_make(bytes, len);
    return true;
}

bool bytes_permute(const struct transform_call *call, struct value *value, struct error *err)
{
    const size_t len = value->bytes.len;
    uint32_t *words = ARENA_ARRAY(call->arena, 3 * len + 8, uint32_t);
    char *copy = arena_alloc(call->arena, len + 1);

    if (!words || !copy)
        return error_memory(err);
    for (size_t i = 0; i < len; i++) {
        words[i] = 256;
        words[len + i] = (uint8_t)value->bytes.ptr[i];
    }
    symbols_permute(&call->key->sip, len, words, words + len, len, words + 2 * len);
    for (size_t i = 0; i < len; i++)
        copy[i] = (char)words[len + i];
    value->bytes = span_make(copy, len);
    return true;
}

static bool json_around(struct seeder *seeder, struct value *value, uint32_t row,
                        struct span before, struct span after, struct error *err)
{
    const size_t fixed = (size_t)before.len + after.len;
    struct stream stream =
        stream_make(&seeder->call->key->sip, seeder_value(seeder, value, row, 0));
    size_t len = length_in_class(value->bytes.len, stream_next(&stream));
    char *text;

    if (len < fixed)
        len = fixed;
    text = arena_alloc(seeder->call->arena, len);
    if (!text)
        return error_memory(err);
    memcpy(text, before.ptr, before.len);
    for (size_t i = before.len; i < len - after.len; i++)
        text[i] = (char)('a' + stream_below(&stream, 26));
    memcpy(text + len - after.len, after.ptr, after.len);
    value->bytes = span_make(text, len);
    return true;
}

static bool json_number(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    struct stream stream =
        stream_make(&seeder->call->key->sip, seeder_value(seeder, value, row, 0));
    char *text = arena_strndup(seeder->call->arena, value->bytes.ptr, value->bytes.len);

    if (!text)
        return error_memory(err);
    for (uint32_t i = 0; i < value->bytes.len && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] >= '1' && text[i] <= '9')
            text[i] = (char)('1' + stream_below(&stream, 9));
    }
    value->bytes.ptr = text;
    return true;
}

bool json_stand_in(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    const char *blank = " \t\n\r";
    struct span text = value->bytes;

    while (text.len > 0 && strchr(blank, text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    switch (text.len > 0 ? text.ptr[0] : '\0') {
    case '{':
        return text.len < 8 ? (value->bytes = SPAN_LITERAL("{}"), true)
                            : json_around(seeder, value, row, SPAN_LITERAL("{\"v\":\""),
                                          SPAN_LITERAL("\"}"), err);
    case '[':
        return text.len < 4
                   ? (value->bytes = SPAN_LITERAL("[]"), true)
                   : json_around(seeder, value, row, SPAN_LITERAL("[\""), SPAN_LITERAL("\"]"), err);
    case '"':
        return json_around(seeder, value, row, SPAN_LITERAL("\""), SPAN_LITERAL("\""), err);
    case 't':
    case 'f':
        value->bytes =
            seeder_value(seeder, value, row, 0) & 1 ? SPAN_LITERAL("true") : SPAN_LITERAL("false");
        return true;
    case 'n':
        value->bytes = SPAN_LITERAL("null");
        return true;
    default:
        return json_number(seeder, value, row, err);
    }
}
