/* Single values in the form of the types' output and input functions, a function for each kind.
 * Functions here see text without COPY's escapes; the two at the end take them off and put them
 * on. */
#include "value/decimal.h"
#include "value/network.h"
#include "value/pg_escape.h"
#include "value/pg_text.h"
#include "value/pg_text_time.h"
#include "value/pg_type.h"
#include "value/real.h"
#include <math.h>
#include <stdio.h>

#define UUID_TEXT_LEN 36

static bool boolean_decode(const struct type *base, struct span text, struct arena *arena,
                           struct value *value, struct error *err)
{
    UNUSED(arena);
    if (text.len != 1 || (text.ptr[0] != 't' && text.ptr[0] != 'f'))
        return value_malformed(base, err);
    value->boolean = text.ptr[0] == 't';
    return true;
}

/* Digits are taken as a negative number, whose range is the greater one. */
static bool integer_parse(struct span text, int64_t *number)
{
    const char *ptr = text.ptr, *end = text.ptr + text.len;
    bool is_negative = text.len > 0 && *ptr == '-';

    ptr += is_negative;
    if (ptr == end)
        return false;
    *number = 0;
    for (; ptr < end; ptr++) {
        if (*ptr < '0' || *ptr > '9')
            return false;
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_sub_overflow(*number, *ptr - '0', number))
            return false;
    }
    return is_negative || !__builtin_sub_overflow(0, *number, number);
}

static bool integer_decode(const struct type *base, struct span text, struct arena *arena,
                           struct value *value, struct error *err)
{
    UNUSED(arena);
    if (!integer_parse(text, &value->integer) || !integer_fits(base, value->integer))
        return value_malformed(base, err);
    return true;
}

static bool real_decode(const struct type *base, struct span text, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(arena);
    return real_parse(text, base->width == sizeof(float), &value->real) ||
           value_malformed(base, err);
}

static bool decimal_decode(const struct type *base, struct span text, struct arena *arena,
                           struct value *value, struct error *err)
{
    UNUSED(arena);
    if (decimal_read(text).class == DECIMAL_INVALID)
        return value_malformed(base, err);
    value->bytes = text;
    return true;
}

static bool text_decode(const struct type *base, struct span text, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(base);
    UNUSED(arena);
    UNUSED(err);
    value->bytes = text;
    return true;
}

/* 0 to 15; 16 for what is no digit. */
static unsigned hex_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return (unsigned)(byte - '0');
    if (byte >= 'a' && byte <= 'f')
        return (unsigned)(byte - 'a' + 10);
    if (byte >= 'A' && byte <= 'F')
        return (unsigned)(byte - 'A' + 10);
    return 16;
}

static bool hex_take(const char *hex, char *byte)
{
    unsigned high = hex_value(hex[0]), low = hex_value(hex[1]);

    *byte = (char)(unsigned char)(high << 4 | low);
    return high < 16 && low < 16;
}

static char *hex_write(char *out, const void *bytes, size_t len)
{
    const unsigned char *ptr = bytes;

    for (size_t i = 0; i < len; i++) {
        *out++ = "0123456789abcdef"[ptr[i] >> 4];
        *out++ = "0123456789abcdef"[ptr[i] & 15];
    }
    return out;
}

static bool bytes_decode(const struct type *base, struct span text, struct arena *arena,
                         struct value *value, struct error *err)
{
    char *out;

    if (text.len < 2 || text.len % 2 != 0 || memcmp(text.ptr, "\\x", 2) != 0)
        return value_malformed(base, err);
    out = arena_alloc(arena, text.len / 2);
    if (!out)
        return error_memory(err);
    for (uint32_t at = 2; at < text.len; at += 2)
        if (!hex_take(text.ptr + at, &out[at / 2 - 1]))
            return value_malformed(base, err);
    value->bytes = span_make(out, text.len / 2 - 1);
    return true;
}

/* Whether a hyphen stands before byte `at` of the 16. */
static bool uuid_has_hyphen(size_t at)
{
    return at == 4 || at == 6 || at == 8 || at == 10;
}

static bool uuid_decode(const struct type *base, struct span text, struct arena *arena,
                        struct value *value, struct error *err)
{
    const char *ptr = text.ptr;
    char byte;

    UNUSED(arena);
    if (text.len != UUID_TEXT_LEN)
        return value_malformed(base, err);
    for (size_t at = 0; at < sizeof(value->uuid); at++, ptr += 2) {
        if (uuid_has_hyphen(at) && *ptr++ != '-')
            return value_malformed(base, err);
        if (!hex_take(ptr, &byte))
            return value_malformed(base, err);
        value->uuid[at] = (uint8_t)byte;
    }
    return true;
}

static bool time_result_pass(enum time_result result, const struct type *base, struct error *err)
{
    if (result == TIME_TOO_LATE)
        return timestamp_too_late(base, err);
    return result == TIME_OK || value_malformed(base, err);
}

static bool date_decode(const struct type *base, struct span text, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(arena);
    return time_result_pass(date_parse(text, &value->integer), base, err);
}

static bool time_decode(const struct type *base, struct span text, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(arena);
    return time_result_pass(time_parse(text, &value->integer), base, err);
}

static bool timestamp_decode(const struct type *base, struct span text, struct arena *arena,
                             struct value *value, struct error *err)
{
    UNUSED(arena);
    return time_result_pass(timestamp_parse(text, base->kind == KIND_INSTANT, &value->integer),
                            base, err);
}

static bool inet_decode(const struct type *base, struct span text, struct arena *arena,
                        struct value *value, struct error *err)
{
    char room[NETWORK_BYTES_MAX];
    struct span bytes;

    if (!inet_parse(text, room, &bytes) || !inet_is_well(bytes, type_is_network(base)))
        return value_malformed(base, err);
    value->bytes = arena_span(arena, bytes);
    return value->bytes.ptr || error_memory(err);
}

static bool mac_decode(const struct type *base, struct span text, struct arena *arena,
                       struct value *value, struct error *err)
{
    const size_t count = type_mac_bytes(base);
    char bytes[MAC_BYTES_MAX];

    if (!mac_parse(text, count, bytes))
        return value_malformed(base, err);
    value->bytes = arena_span(arena, span_make(bytes, count));
    return value->bytes.ptr || error_memory(err);
}

static pg_decode_function *const decoders[] = {
    [KIND_BOOLEAN] = boolean_decode,
    [KIND_INTEGER] = integer_decode,
    [KIND_REAL] = real_decode,
    [KIND_DECIMAL] = decimal_decode,
    [KIND_TEXT] = text_decode,
    [KIND_ENUM] = text_decode,
    [KIND_BYTES] = bytes_decode,
    [KIND_UUID] = uuid_decode,
    [KIND_DATE] = date_decode,
    [KIND_TIME] = time_decode,
    [KIND_TIMESTAMP] = timestamp_decode,
    [KIND_INSTANT] = timestamp_decode,
    [KIND_JSON] = text_decode,
    [KIND_INET] = inet_decode,
    [KIND_MAC] = mac_decode,
    [KIND_HSTORE] = pg_text_hstore_decode,
    [KIND_OTHER] = text_decode,
};
_Static_assert(COUNT_OF(decoders) == KIND_COUNT, "one decoder a kind");

static pg_decode_function *decoder_of(const struct type *base)
{
    switch (base->class) {
    case TYPE_ARRAY:
        return pg_text_array_decode;
    case TYPE_COMPOSITE:
        return pg_text_composite_decode;
    case TYPE_RANGE:
        return pg_text_range_decode;
    case TYPE_MULTIRANGE:
        return pg_text_multirange_decode;
    case TYPE_BASE:
    case TYPE_ENUM:
    case TYPE_DOMAIN:
        break;
    }
    assert(base->kind < KIND_COUNT && decoders[base->kind]);
    return decoders[base->kind];
}

bool pg_text_read(const struct type *type, struct span text, struct arena *arena,
                  struct value *value, struct error *err)
{
    const struct type *base = type_base(type);

    assert(text.ptr && value);
    value->is_null = false;
    return decoder_of(base)(base, text, arena, value, err);
}

bool pg_text_decode(const struct type *type, struct span cell, struct arena *arena,
                    struct value *value, struct error *err)
{
    struct span text;

    return escape_undo(cell, arena, &text, err) && pg_text_read(type, text, arena, value, err);
}

static bool text_copy(const struct pg_encoding *encoding, const char *bytes, size_t len,
                      struct span *text, struct error *err)
{
    *text = arena_span(encoding->arena, span_make(bytes, len));
    return text->ptr || error_memory(err);
}

static bool boolean_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    UNUSED(err);
    *text = encoding->value->boolean ? SPAN_LITERAL("t") : SPAN_LITERAL("f");
    return true;
}

static bool integer_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    char digits[24];
    int len;

    if (!integer_fits(encoding->base, encoding->value->integer))
        return value_unfit(encoding->base, err);
    len = snprintf(digits, sizeof(digits), "%lld", (long long)encoding->value->integer);
    assert(len > 0 && (size_t)len < sizeof(digits));
    return text_copy(encoding, digits, (size_t)len, text, err);
}

static bool real_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    double real = encoding->value->real;
    bool is_single = encoding->base->width == sizeof(float);
    struct buf out;
    bool is_copied;

    if (is_single)
        real = (double)(float)real;
    if (isinf(real) && !isinf(encoding->value->real))
        return value_unfit(encoding->base, err);
    buf_init(&out, TIME_TEXT_SIZE);
    real_format(real, is_single, &out);
    is_copied = buf_ok(&out) ? text_copy(encoding, out.ptr, out.len, text, err) : error_memory(err);
    buf_release(&out);
    return is_copied;
}

static bool decimal_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    *text = numeric_at_scale(encoding->column, encoding->base, encoding->value->bytes,
                             encoding->arena, err);
    return text->ptr != NULL;
}

static bool text_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    if (!encoding->value->bytes.ptr)
        return value_unfit(encoding->base, err);
    *text = encoding->value->bytes;
    return true;
}

static bool other_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    if (!text_encode(encoding, text, err))
        return false;
    if (text->len == 0)
        *text = type_empty_text(encoding);
    return text->ptr ? true : error_memory(err);
}

static bool bytes_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    struct span bytes = encoding->value->bytes;
    size_t size = (size_t)bytes.len * 2 + 2;
    char *out;

    if (!bytes.ptr || size > INT32_MAX)
        return value_unfit(encoding->base, err);
    out = arena_alloc(encoding->arena, size);
    if (!out)
        return error_memory(err);
    out[0] = '\\';
    out[1] = 'x';
    hex_write(out + 2, bytes.ptr, bytes.len);
    *text = span_make(out, size);
    return true;
}

static bool uuid_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    char digits[UUID_TEXT_LEN], *out = digits;

    for (size_t at = 0; at < sizeof(encoding->value->uuid); at++) {
        if (uuid_has_hyphen(at))
            *out++ = '-';
        out = hex_write(out, &encoding->value->uuid[at], 1);
    }
    assert(out == digits + UUID_TEXT_LEN);
    return text_copy(encoding, digits, UUID_TEXT_LEN, text, err);
}

static bool date_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    char out[TIME_TEXT_SIZE];
    int64_t days = encoding->value->integer;

    if (!date_in_range(days))
        return value_unfit(encoding->base, err);
    return text_copy(encoding, out, date_format(days, out), text, err);
}

static bool time_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    char out[TIME_TEXT_SIZE];
    int64_t us = encoding->value->integer;

    if (!time_in_range(us))
        return value_unfit(encoding->base, err);
    return text_copy(encoding, out, time_format(time_round(encoding->column, us), out), text, err);
}

static bool timestamp_encode(const struct pg_encoding *encoding, struct span *text,
                             struct error *err)
{
    char out[TIME_TEXT_SIZE];
    int64_t us = encoding->value->integer;
    size_t len;

    if (!timestamp_in_range(us))
        return value_unfit(encoding->base, err);
    len = timestamp_format(timestamp_round(encoding->column, us),
                           encoding->base->kind == KIND_INSTANT, out);
    return text_copy(encoding, out, len, text, err);
}

static bool inet_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    const struct span bytes = encoding->value->bytes;
    const bool is_network = type_is_network(encoding->base);
    char out[NETWORK_TEXT_SIZE];

    if (!bytes.ptr || !inet_is_well(bytes, is_network))
        return value_unfit(encoding->base, err);
    return text_copy(encoding, out, inet_format(bytes, is_network, out), text, err);
}

static bool mac_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    const struct span bytes = encoding->value->bytes;
    char out[NETWORK_TEXT_SIZE];

    if (!bytes.ptr || bytes.len != type_mac_bytes(encoding->base))
        return value_unfit(encoding->base, err);
    return text_copy(encoding, out, mac_format(bytes, out), text, err);
}

static pg_encode_function *const encoders[] = {
    [KIND_BOOLEAN] = boolean_encode,
    [KIND_INTEGER] = integer_encode,
    [KIND_REAL] = real_encode,
    [KIND_DECIMAL] = decimal_encode,
    [KIND_TEXT] = text_encode,
    [KIND_ENUM] = text_encode,
    [KIND_BYTES] = bytes_encode,
    [KIND_UUID] = uuid_encode,
    [KIND_DATE] = date_encode,
    [KIND_TIME] = time_encode,
    [KIND_TIMESTAMP] = timestamp_encode,
    [KIND_INSTANT] = timestamp_encode,
    [KIND_JSON] = text_encode,
    [KIND_INET] = inet_encode,
    [KIND_MAC] = mac_encode,
    [KIND_HSTORE] = pg_text_hstore_encode,
    [KIND_OTHER] = other_encode,
};
_Static_assert(COUNT_OF(encoders) == KIND_COUNT, "one encoder a kind");

static pg_encode_function *encoder_of(const struct type *base)
{
    switch (base->class) {
    case TYPE_ARRAY:
        return pg_text_array_encode;
    case TYPE_COMPOSITE:
        return pg_text_composite_encode;
    case TYPE_RANGE:
        return pg_text_range_encode;
    case TYPE_MULTIRANGE:
        return pg_text_multirange_encode;
    case TYPE_BASE:
    case TYPE_ENUM:
    case TYPE_DOMAIN:
        break;
    }
    assert(base->kind < KIND_COUNT && encoders[base->kind]);
    return encoders[base->kind];
}

bool pg_text_print(const struct column *column, const struct type *type, const struct value *value,
                   struct arena *arena, struct span *text, struct error *err)
{
    struct pg_encoding encoding = {column, type_base(type), value, arena};

    assert(value && !value->is_null && text);
    return encoder_of(encoding.base)(&encoding, text, err);
}

bool pg_text_encode(const struct column *column, const struct type *type, const struct value *value,
                    struct arena *arena, struct span *cell, struct error *err)
{
    struct span text;

    return pg_text_print(column, type, value, arena, &text, err) &&
           escape_apply(text, arena, cell, err);
}
