/* Strings exchanged one to one. */
#include "transform/exchange.h"

#include "transform/feistel.h"
#include "transform/form.h"

#include <string.h>

enum { CHUNK = 32 };

/* With this many strings a fixed point is rarer than one in 10^12 values: not looked for. */
#define MANY_STRINGS UINT64_C(1000000000000)

bool exchange_init(struct exchange *exchange, const struct domain_key *key, struct arena *arena,
                   struct error *err)
{
    assert(exchange && key && arena);
    exchange->key = key;
    exchange->arena = arena;
    return ff1_init(&exchange->ff1, key->aes, sizeof(key->aes), err);
}

void exchange_release(struct exchange *exchange)
{
    ff1_release(&exchange->ff1);
}

/* radix^length, at most MANY_STRINGS. */
static uint64_t strings_of(unsigned radix, uint32_t length)
{
    uint64_t strings = 1;

    for (uint32_t i = 0; i < length && strings < MANY_STRINGS; i++)
        strings *= radix;
    return strings < MANY_STRINGS ? strings : MANY_STRINGS;
}

/* Separates the networks of short and long strings by all that FF1 takes as its tweak. */
static uint64_t string_level(const struct exchange *exchange, unsigned radix,
                             const struct exchange_string *string)
{
    uint64_t words[5] = {PURPOSE_FORM, (uint64_t)radix << 32 | string->length,
                         string->tweak_length};

    memcpy(words + 3, string->tweak, FF1_TWEAK_MAX);
    return siphash_words(&exchange->key->sip, words, COUNT_OF(words));
}

/* FF1 does not take it: too short or too long. */
static bool string_network(const struct exchange *exchange, unsigned radix,
                           struct exchange_string *string, struct error *err)
{
    const uint64_t level = string_level(exchange, radix, string);
    const uint32_t length = string->length;
    uint32_t few[64], *words = few;

    if (4 * (size_t)length + 8 > COUNT_OF(few))
        words = ARENA_ARRAY(exchange->arena, 4 * (size_t)length + 8, uint32_t);
    if (!words)
        return error_memory(err);
    for (uint32_t i = 0; i < length; i++) {
        assert(string->symbols[i] < radix);
        words[i] = radix;
        words[length + i] = string->symbols[i];
    }
    symbols_move(&exchange->key->sip, level, words, words + length, length, words + 2 * length);
    for (uint32_t i = 0; i < length; i++)
        string->symbols[i] = (uint8_t)words[length + i];
    return true;
}

static void value_fill(struct ff1_value *value, const struct exchange_string *string)
{
    value->length = (uint8_t)string->length;
    memcpy(value->symbols, string->symbols, string->length);
    value->tweak_length = string->tweak_length;
    memcpy(value->tweak, string->tweak, sizeof(value->tweak));
}

static bool is_same(const struct ff1_value *value, const struct exchange_string *string,
                    uint8_t last)
{
    return memcmp(value->symbols, string->symbols, string->length - 1u) == 0 &&
           value->symbols[string->length - 1] == last;
}

/* Strings for FF1, gathered. Where there are few enough, the string that differs in its last
 * symbol alone is encrypted too: their outputs change places when one of both would stay. */
struct chunk {
    struct exchange_string *strings[CHUNK];
    struct ff1_value values[2 * CHUNK];
    uint8_t others[CHUNK]; /* where the neighbor stands; 0: there is none */
    size_t count, used;
};

static void chunk_add(struct chunk *chunk, unsigned radix, struct exchange_string *string)
{
    const bool has_neighbor = radix % 2 == 0 && strings_of(radix, string->length) < MANY_STRINGS;

    assert(chunk->count < CHUNK && string->tweak_length <= FF1_TWEAK_MAX);
    chunk->strings[chunk->count] = string;
    value_fill(&chunk->values[chunk->count], string);
    chunk->others[chunk->count++] = has_neighbor;
}

static bool chunk_flush(const struct exchange *exchange, unsigned radix, struct chunk *chunk,
                        struct error *err)
{
    size_t used = chunk->count;

    for (size_t i = 0; i < chunk->count; i++) {
        if (!chunk->others[i])
            continue;
        chunk->values[used] = chunk->values[i];
        chunk->values[used].symbols[chunk->strings[i]->length - 1] ^= 1;
        chunk->others[i] = (uint8_t)used++;
    }
    if (!ff1_encrypt(&exchange->ff1, radix, chunk->values, used, err))
        return false;
    for (size_t i = 0; i < chunk->count; i++) {
        struct exchange_string *string = chunk->strings[i];
        const struct ff1_value *own = &chunk->values[i], *other = &chunk->values[chunk->others[i]];
        const uint8_t last = string->symbols[string->length - 1];
        const bool stays =
            chunk->others[i] && (is_same(own, string, last) || is_same(other, string, last ^ 1));

        memcpy(string->symbols, stays ? other->symbols : own->symbols, string->length);
    }
    chunk->count = 0;
    return true;
}

bool exchange_strings(const struct exchange *exchange, unsigned radix,
                      struct exchange_string *strings, size_t count, struct error *err)
{
    struct chunk chunk;

    assert(radix >= 2 && radix <= EXCHANGE_RADIX_MAX);
    chunk.count = 0;
    for (size_t i = 0; i < count; i++) {
        if (strings[i].length == 0)
            continue;
        if (!ff1_accepts(radix, strings[i].length)) {
            if (!string_network(exchange, radix, &strings[i], err))
                return false;
            continue;
        }
        chunk_add(&chunk, radix, &strings[i]);
        if (chunk.count == CHUNK && !chunk_flush(exchange, radix, &chunk, err))
            return false;
    }
    return chunk_flush(exchange, radix, &chunk, err);
}

/* The last symbol that has a neighbor whatever it is; `count`: none, or there are many strings. */
static size_t neighbor_place(const uint32_t *radices, size_t count)
{
    size_t place = count;
    uint64_t strings = 1;

    for (size_t i = 0; i < count; i++) {
        if (radices[i] % 2 == 0)
            place = i;
        if (strings < MANY_STRINGS)
            strings *= radices[i];
    }
    return strings < MANY_STRINGS ? place : count;
}

void symbols_move(const struct sipkey *key, uint64_t level, const uint32_t *radices,
                  uint32_t *indices, size_t count, uint32_t *scratch)
{
    const size_t place = neighbor_place(radices, count);
    enum { FEW = 64 };
    uint32_t own[FEW], other[FEW];
    const size_t bytes = count * sizeof(*indices);

    if (place == count || count > FEW) {
        symbols_permute(key, level, radices, indices, count, scratch);
        return;
    }
    memcpy(own, indices, bytes);
    memcpy(other, indices, bytes);
    other[place] ^= 1;
    symbols_permute(key, level, radices, own, count, scratch);
    symbols_permute(key, level, radices, other, count, scratch);
    const bool own_stays = memcmp(own, indices, bytes) == 0;

    indices[place] ^= 1;
    const bool other_stays = memcmp(other, indices, bytes) == 0;

    memcpy(indices, own_stays || other_stays ? other : own, bytes);
}

bool value_scramble(const struct transform_call *call, struct value *value, text_test *is_readable,
                    const void *context, struct error *err)
{
    struct buf canonical;
    bool is_kept = false, is_whole;
    char *copy;

    buf_init(&canonical, BUF_CEILING_MAX);
    value_canonical(call->type, value, &canonical);
    const struct span bytes = buf_span(&canonical);

    is_whole = buf_ok(&canonical);
    copy = arena_strndup(call->arena, bytes.ptr ? bytes.ptr : "", bytes.len);
    if (!is_whole || !copy) {
        buf_release(&canonical);
        return error_memory(err);
    }
    do {
        is_whole =
            form_permute(&call->key->sip, false, copy, bytes.len, call->arena, &is_kept, err);
    } while (is_whole && !is_kept && is_readable &&
             is_readable(context, span_make(copy, bytes.len)));
    value->bytes = span_make(copy, bytes.len);
    buf_release(&canonical);
    ++*call->scrambled;
    *call->unchanged += is_kept;
    return is_whole;
}
