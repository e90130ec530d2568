/* Stand-ins for texts, bytes and JSON: drawn from keyed streams until they differ. */
#include "transform/redact_text.h"

#include "base/words.h"
#include "transform/form.h"
#include "transform/letters.h"
#include "transform/params.h"
#include "transform/redact_file.h"

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

/* A keyed number of characters in the class of `count`, as far as the limits allow. */
static size_t text_length(size_t count, const struct text_limits *limits, uint64_t hash)
{
    size_t length = length_in_class(count, hash);

    if (limits->most && length > limits->most)
        length = limits->most;
    return length < limits->least ? limits->least : length;
}

/* Words of `letter`'s class; returns their bytes. */
static size_t words_write(char *text, size_t count, const struct letter *letter,
                          struct stream *stream)
{
    size_t len = 0, word = 0;

    for (size_t i = 0; i < count; i++) {
        const bool is_blank = word > 1 && i + 1 < count && letter->kind != LETTER_DIGIT &&
                              stream_below(stream, WORD_LETTERS) == 0;

        if (is_blank)
            text[len++] = ' ';
        else
            len += utf8_write(text + len, letter_at(letter, stream_below(stream, letter->count)));
        word = is_blank ? 0 : word + 1;
    }
    assert(len > 0 && len <= count * 4);
    return len;
}

bool text_stand_in(struct seeder *seeder, struct value *value, uint32_t row,
                   const struct text_limits *limits, struct error *err)
{
    const struct transform_call *call = seeder->call;
    /* Blanks that do not count are no part of the length. */
    const struct span canonical = seeder_canonical(seeder, value);
    const struct letter letter = script_of(canonical.ptr, canonical.len);
    const size_t characters = utf8_length(canonical.ptr, canonical.len);
    struct stream stream = stream_make(&call->key->sip, seeder_value(seeder, value, row, 0));
    const size_t count = text_length(characters ? characters : 1, limits, stream_next(&stream));
    char *text = arena_alloc(call->arena, count * 4);
    size_t len;

    if (!text)
        return error_memory(err);
    do {
        len = words_write(text, count, &letter, &stream);
    } while (span_equal(span_make(text, len), value->bytes));
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
    const uint32_t most = call->column ? call->column->max_length : 0;
    const bool is_filled = type_is_filled(type_ground(call->type));
    struct span file = file_stand_in(value->bytes);
    struct stream stream;
    size_t len;
    char *bytes;

    if (is_filled || (most && file.len > most))
        file.ptr = NULL;
    if (value->bytes.len == 0 || file.ptr) {
        *call->unchanged += !file.ptr || span_equal(file, value->bytes);
        value->bytes = file.ptr ? file : value->bytes;
        return true;
    }
    stream = stream_make(&call->key->sip, seeder_value(seeder, value, row, 0));
    len = length_in_class(value->bytes.len, stream_next(&stream));
    if (is_filled)
        len = value->bytes.len;
    else if (most && len > most)
        len = most;
    bytes = arena_alloc(call->arena, len);
    if (!bytes)
        return error_memory(err);
    do {
        for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
            const uint64_t word = stream_next(&stream);

            memcpy(bytes + at, &word, len - at < sizeof(word) ? len - at : sizeof(word));
        }
    } while (span_equal(span_make(bytes, len), value->bytes));
    value->bytes = span_make(bytes, len);
    return true;
}

bool bytes_permute(const struct transform_call *call, struct value *value, struct error *err)
{
    const size_t len = value->bytes.len;

    if (len == 0) {
        ++*call->unchanged;
        return true;
    }

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

static char json_first(struct span text)
{
    uint32_t at = 0;

    while (at < text.len && strchr(" \t\n\r", text.ptr[at]))
        at++;
    return at < text.len ? text.ptr[at] : '\0';
}

/* What stands around the text of a stand-in. */
static void json_frame(char first, struct span *before, struct span *after)
{
    *before = first == '{'   ? SPAN_LITERAL("{\"v\":\"")
              : first == '[' ? SPAN_LITERAL("[\"")
                             : SPAN_LITERAL("\"");
    *after = first == '{'   ? SPAN_LITERAL("\"}")
             : first == '[' ? SPAN_LITERAL("\"]")
                            : SPAN_LITERAL("\"");
}

static bool json_around(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    struct stream stream =
        stream_make(&seeder->call->key->sip, seeder_value(seeder, value, row, 0));
    size_t len = length_in_class(value->bytes.len ? value->bytes.len : 1, stream_next(&stream));
    struct span before, after;
    char *text;

    json_frame(json_first(value->bytes), &before, &after);
    /* One letter at least, or there would be nothing to draw. */
    if (len <= (size_t)before.len + after.len)
        len = (size_t)before.len + after.len + 1;
    text = arena_alloc(seeder->call->arena, len);
    if (!text)
        return error_memory(err);
    memcpy(text, before.ptr, before.len);
    memcpy(text + len - after.len, after.ptr, after.len);
    do {
        for (size_t i = before.len; i < len - after.len; i++)
            text[i] = (char)('a' + stream_below(&stream, 26));
    } while (span_equal(span_make(text, len), value->bytes));
    value->bytes = span_make(text, len);
    return true;
}

/* Other digits for those of 1 to 9 before the exponent; false: there are none. */
static bool digits_draw(char *text, size_t len, struct stream *stream)
{
    bool has_digit = false;

    for (size_t i = 0; i < len && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] < '1' || text[i] > '9')
            continue;
        text[i] = (char)('1' + stream_below(stream, 9));
        has_digit = true;
    }
    return has_digit;
}

static bool json_number(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    struct stream stream =
        stream_make(&seeder->call->key->sip, seeder_value(seeder, value, row, 0));
    const size_t len = value->bytes.len;
    char *text = arena_strndup(seeder->call->arena, value->bytes.ptr, len);

    if (!text)
        return error_memory(err);
    while (digits_draw(text, len, &stream) && memcmp(text, value->bytes.ptr, len) == 0)
        continue;
    *seeder->call->unchanged += memcmp(text, value->bytes.ptr, len) == 0;
    value->bytes.ptr = text;
    return true;
}

/* The shortest of its kind stays as it is. */
static bool json_is_empty(struct span text, char first)
{
    const char *empty = first == '{' ? "{}" : first == '[' ? "[]" : "null";
    uint32_t at = 0;

    if (first != '{' && first != '[' && first != 'n')
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        if (strchr(" \t\n\r", text.ptr[i]))
            continue;
        if (empty[at] == '\0' || text.ptr[i] != empty[at])
            return false;
        at++;
    }
    return empty[at] == '\0';
}

bool json_stand_in(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    const char first = json_first(value->bytes);

    if (json_is_empty(value->bytes, first)) {
        ++*seeder->call->unchanged;
        return true;
    }
    switch (first) {
    case 't':
    case 'f':
        value->bytes =
            seeder_value(seeder, value, row, 0) & 1 ? SPAN_LITERAL("true") : SPAN_LITERAL("false");
        return true;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return json_number(seeder, value, row, err);
    default:
        return json_around(seeder, value, row, err);
    }
}

bool json_token(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    const uint64_t high = seeder_value(seeder, value, row, 0);
    const uint64_t low = seeder_value(seeder, value, row, 1);
    struct span before, after;
    char *text;

    json_frame(json_first(value->bytes), &before, &after);
    text = arena_alloc(seeder->call->arena, (size_t)before.len + TOKEN_LETTERS + after.len);
    if (!text)
        return error_memory(err);
    memcpy(text, before.ptr, before.len);
    token_write(high, low, text + before.len);
    memcpy(text + before.len + TOKEN_LETTERS, after.ptr, after.len);
    value->bytes = span_make(text, (size_t)before.len + TOKEN_LETTERS + after.len);
    return true;
}
