/* Single values in the form in which MySQL prints and takes them, a function for each kind. */
#include "value/decimal.h"
#include "value/my_codec.h"
#include "value/my_opaque.h"
#include "value/my_time.h"
#include "value/my_type.h"
#include "value/network.h"
#include "value/real.h"
#include "value/wire.h"
#include <math.h>
#include <stdio.h>

enum { UUID_TEXT_LEN = 36, UUID_LEN = 16, BIT_BYTES_MAX = 8, INTEGER_SIZE = 260 };
enum { PLAIN_MOST = 15 }; /* digits before the point */

/* What is held as the bytes of its cell. */
#define BYTES_KINDS                                                                                \
    (KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_ENUM) | KIND_BIT(KIND_BYTES) | KIND_BIT(KIND_JSON) |      \
     KIND_BIT(KIND_OTHER))

/* Cells of uuid are text; of binary(16), the bytes. */
static bool is_raw_uuid(const struct type *type)
{
    return strcmp(type->name, "uuid") != 0;
}

static bool year_fits(int64_t year)
{
    return year == 0 || (year >= 1901 && year <= 2155);
}

/* Whether a hyphen stands before byte `at` of the 16. */
static bool uuid_has_hyphen(size_t at)
{
    return at == 4 || at == 6 || at == 8 || at == 10;
}

/* 0 to 15; 16 for what is no digit. */
static unsigned hex_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return (unsigned)(byte - '0');
    if (byte >= 'a' && byte <= 'f')
        return (unsigned)(byte - 'a' + 10);
    return byte >= 'A' && byte <= 'F' ? (unsigned)(byte - 'A' + 10) : 16;
}

static bool uuid_parse(struct span text, uint8_t uuid[UUID_LEN])
{
    const char *ptr = text.ptr;

    if (text.len != UUID_TEXT_LEN)
        return false;
    for (size_t at = 0; at < UUID_LEN; at++, ptr += 2) {
        if (uuid_has_hyphen(at) && *ptr++ != '-')
            return false;
        const unsigned high = hex_value(ptr[0]), low = hex_value(ptr[1]);

        if (high > 15 || low > 15)
            return false;
        uuid[at] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool my_integer_parse(struct span text, bool is_unsigned, int64_t *number)
{
    const char *ptr = text.ptr, *end = text.ptr + text.len;
    const bool is_negative = !is_unsigned && text.len > 0 && *ptr == '-';
    uint64_t size = 0;

    ptr += is_negative;
    if (ptr == end)
        return false;
    for (; ptr < end; ptr++) {
        if (*ptr < '0' || *ptr > '9' || __builtin_mul_overflow(size, 10, &size) ||
            __builtin_add_overflow(size, (uint64_t)(*ptr - '0'), &size))
            return false;
    }
    *number = (int64_t)(is_negative ? 0 - size : size);
    return is_unsigned || size <= (uint64_t)INT64_MAX + is_negative;
}

static bool bits_read(struct span cell, int64_t *number)
{
    uint64_t bits = 0;

    if (cell.len == 0 || cell.len > BIT_BYTES_MAX)
        return false;
    for (uint32_t i = 0; i < cell.len; i++)
        bits = bits << 8 | (uint8_t)cell.ptr[i];
    *number = (int64_t)bits;
    return true;
}

bool my_integer_read(const struct type *type, struct span cell, int64_t *number)
{
    if (type_is_bits(type))
        return bits_read(cell, number);
    return my_integer_parse(cell, type->is_unsigned, number) && integer_fits(type, *number) &&
           (!type_is_year(type) || year_fits(*number));
}

bool my_time_read(const struct type *type, struct span cell, int64_t *time)
{
    if (type->kind == KIND_TIME)
        return my_time_parse(cell, time);
    return my_date_parse(type->kind, cell, time) && my_time_fits(type, *time);
}

bool my_real_read(const struct type *type, struct span cell, double *real)
{
    if (!real_parse(cell, false, real) || !isfinite(*real))
        return false;
    return type->width != sizeof(float) || (double)(float)*real == *real;
}

bool my_decimal_read(struct span cell, struct span *text)
{
    *text = cell;
    while (text->len > 1 && text->ptr[0] == '0' && text->ptr[1] >= '0' && text->ptr[1] <= '9')
        *text = span_make(text->ptr + 1, text->len - 1);
    return decimal_read(*text).class == DECIMAL_FINITE;
}

static bool uuid_read(const struct type *type, struct span cell, uint8_t uuid[UUID_LEN])
{
    if (is_raw_uuid(type)) {
        if (cell.len == UUID_LEN)
            memcpy(uuid, cell.ptr, UUID_LEN);
        return cell.len == UUID_LEN;
    }
    return uuid_parse(cell, uuid);
}

static bool inet_read(const struct type *type, struct span cell, struct arena *arena,
                      struct value *value, struct error *err)
{
    char room[NETWORK_BYTES_MAX];
    struct span bytes;

    if (!inet_parse(cell, room, &bytes) || !inet_is_well(bytes, false) ||
        !type_is_host(type, bytes))
        return value_malformed(type, err);
    value->bytes = arena_span(arena, bytes);
    return value->bytes.ptr || error_memory(err);
}

static bool opaque_refuse(const struct type *type, struct error *err)
{
    error_set(err, STATUS_SOURCE,
              "a text in the character set '%s' has bytes that no letter in UTF-8 stands for",
              type->charset ? type->charset : "unknown");
    return error_hint(err, "'keep' or 'null' its column, or convert it to utf8mb4 in production");
}

bool my_decode(const struct type *type, struct span cell, struct arena *arena, struct value *value,
               struct error *err)
{
    bool is_well = true;

    assert(cell.ptr && value);
    if (my_is_opaque(type, cell))
        return opaque_refuse(type, err);
    value->is_null = false;
    switch (type->kind) {
    case KIND_BOOLEAN: /* of a discriminator: no column is one */
        is_well = cell.len == 1 && (cell.ptr[0] == '0' || cell.ptr[0] == '1');
        value->boolean = cell.ptr[0] == '1';
        break;
    case KIND_INTEGER:
        is_well = my_integer_read(type, cell, &value->integer);
        break;
    case KIND_REAL:
        is_well = my_real_read(type, cell, &value->real);
        break;
    case KIND_DECIMAL:
        is_well = my_decimal_read(cell, &value->bytes);
        break;
    case KIND_UUID:
        is_well = uuid_read(type, cell, value->uuid);
        break;
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        is_well = my_time_read(type, cell, &value->integer);
        break;
    case KIND_INET:
        return inet_read(type, cell, arena, value, err);
    default:
        assert(KIND_BIT(type->kind) & BYTES_KINDS);
        value->bytes = cell;
    }
    return is_well || value_malformed(type, err);
}

static bool text_copy(const struct my_encoding *encoding, const char *bytes, size_t len,
                      struct span *cell, struct error *err)
{
    *cell = arena_span(encoding->arena, span_make(bytes, len));
    return cell->ptr || error_memory(err);
}

static bool bits_encode(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    const struct column *column = encoding->column;
    const unsigned bits = column && column->modifier > 0 ? (unsigned)column->modifier : 64;
    const uint64_t number = (uint64_t)encoding->value->integer;
    char bytes[BIT_BYTES_MAX];

    assert(bits <= 64);
    if (bits < 64 && number >> bits != 0)
        return value_unfit(encoding->type, err);
    wire_write_u64(bytes, number);
    return text_copy(encoding, bytes + BIT_BYTES_MAX - (bits + 7) / 8, (bits + 7) / 8, cell, err);
}

/* The least digits that the server prints: four of a year, the display width of ZEROFILL. */
static int integer_digits(const struct my_encoding *encoding)
{
    if (type_is_year(encoding->type))
        return 4;
    return encoding->column && encoding->column->modifier > 0 ? encoding->column->modifier : 1;
}

static bool integer_encode(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    const struct type *type = encoding->type;
    const int64_t number = encoding->value->integer;
    char digits[INTEGER_SIZE];
    int len;

    if (type_is_bits(type))
        return bits_encode(encoding, cell, err);
    if (!integer_fits(type, number) || (type_is_year(type) && !year_fits(number)))
        return value_unfit(type, err);
    len = type->is_unsigned || number >= 0
              ? snprintf(digits, sizeof(digits), "%0*llu", integer_digits(encoding),
                         (unsigned long long)number)
              : snprintf(digits, sizeof(digits), "%lld", (long long)number);
    assert(len > 0);
    if ((size_t)len >= sizeof(digits))
        return value_unfit(type, err);
    return text_copy(encoding, digits, (size_t)len, cell, err);
}

static void zeros_add(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_add_char(out, '0');
}

/* As the server prints a double: plain from 1e-15 to below 1e15, and where a fraction follows 16
 * digits; "1.5e20" elsewhere. Of two texts that are as near the server may print the other. */
static void real_print(const struct real_digits *real, struct buf *out)
{
    const int point = real->exponent;
    const size_t whole = point <= 0 ? 0 : point < real->count ? (size_t)point : (size_t)real->count;
    const bool is_plain = point >= -PLAIN_MOST + 1 &&
                          (point <= PLAIN_MOST || (point == PLAIN_MOST + 1 && real->count > point));

    if (!is_plain) {
        buf_add_char(out, real->digits[0]);
        if (real->count > 1)
            buf_add_char(out, '.');
        buf_add(out, real->digits + 1, (size_t)real->count - 1);
        buf_add_format(out, "e%d", point - 1);
        return;
    }
    if (whole == 0)
        buf_add_char(out, '0');
    buf_add(out, real->digits, whole);
    zeros_add(out, point - (int)whole);
    if (whole == (size_t)real->count)
        return;
    buf_add_char(out, '.');
    zeros_add(out, -point);
    buf_add(out, real->digits + whole, (size_t)real->count - whole);
}

/* A float as the double that it is: its own fewest digits would be rounded twice. */
static bool real_encode(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    double real = encoding->value->real;
    struct real_digits digits;
    struct buf out;
    bool is_copied;

    if (encoding->type->width == sizeof(float))
        real = (double)(float)real;
    if (!isfinite(real))
        return value_unfit(encoding->type, err);
    digits = real_shortest(real, false);
    buf_init(&out, BUF_CEILING_MAX);
    if (signbit(real))
        buf_add_char(&out, '-');
    real_print(&digits, &out);
    is_copied = buf_ok(&out) ? text_copy(encoding, out.ptr, out.len, cell, err) : error_memory(err);
    buf_release(&out);
    return is_copied;
}

static bool decimal_encode(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    const struct column *column = encoding->column;
    struct span text = encoding->value->bytes;

    if (!text.ptr || decimal_read(text).class != DECIMAL_FINITE)
        return value_unfit(encoding->type, err);
    if (column && column->precision > 0)
        text = decimal_round(text, column->scale, encoding->arena);
    if (!text.ptr)
        return error_memory(err);
    if (encoding->type->is_unsigned && text.ptr[0] == '-')
        return value_unfit(encoding->type, err);
    *cell = text;
    return true;
}

static bool uuid_encode(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    const uint8_t *uuid = encoding->value->uuid;
    char text[UUID_TEXT_LEN];
    size_t at = 0;

    if (is_raw_uuid(encoding->type))
        return text_copy(encoding, (const char *)uuid, UUID_LEN, cell, err);
    for (size_t i = 0; i < UUID_LEN; i++) {
        if (uuid_has_hyphen(i))
            text[at++] = '-';
        text[at++] = "0123456789abcdef"[uuid[i] >> 4];
        text[at++] = "0123456789abcdef"[uuid[i] & 15];
    }
    assert(at == sizeof(text));
    return text_copy(encoding, text, sizeof(text), cell, err);
}

/* Without a column as many digits of a second as there are. */
static unsigned second_digits(const struct my_encoding *encoding, int64_t time)
{
    unsigned digits = 6;

    if (encoding->column)
        return encoding->column->precision < digits ? encoding->column->precision : digits;
    if (time_is_partial(encoding->type->kind, time))
        time -= TIME_ZERO;
    for (; digits > 0 && time % 10 == 0; digits--)
        time /= 10;
    return digits;
}

static bool time_encode(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    const struct type *type = encoding->type;
    const unsigned digits = second_digits(encoding, encoding->value->integer);
    int64_t time = encoding->value->integer;
    char text[MY_TIME_SIZE];
    size_t len;

    if (!my_time_fits(type, time))
        return value_unfit(type, err);
    time = my_time_round(type, time, digits);
    len = type->kind == KIND_TIME ? my_time_format(time, digits, text)
                                  : my_date_format(type->kind, time, digits, text);
    return text_copy(encoding, text, len, cell, err);
}

/* The server writes "::" for a single group of zeros too, the first where there are several. */
static size_t zero_shorten(char *text, size_t len)
{
    char *group = text;

    if (strstr(text, "::") || !strchr(text, ':'))
        return len;
    while (group && !(group[0] == '0' && (group[1] == ':' || group[1] == '\0'))) {
        group = strchr(group, ':');
        group += group != NULL;
    }
    if (!group)
        return len;
    if (group == text)
        group[0] = ':'; /* "0:2:..." to "::2:..." */
    else if (group[1] == ':')
        memmove(group, group + 1, (size_t)(text + len - group)); /* "1:0:3" to "1::3" */
    else
        group[0] = ':'; /* "...:7:0" to "...:7::" */
    return strlen(text);
}

static bool inet_encode(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    const struct span bytes = encoding->value->bytes;
    char text[NETWORK_TEXT_SIZE];
    size_t len;

    if (!inet_is_well(bytes, false) || !type_is_host(encoding->type, bytes))
        return value_unfit(encoding->type, err);
    len = inet_format(bytes, false, text);
    return text_copy(encoding, text, zero_shorten(text, len), cell, err);
}

bool my_encode(const struct column *column, const struct type *type, const struct value *value,
               struct arena *arena, struct span *cell, struct error *err)
{
    const struct my_encoding encoding = {column, type, value, arena};

    assert(!value->is_null && cell);
    switch (type->kind) {
    case KIND_INTEGER:
        return integer_encode(&encoding, cell, err);
    case KIND_REAL:
        return real_encode(&encoding, cell, err);
    case KIND_DECIMAL:
        return decimal_encode(&encoding, cell, err);
    case KIND_UUID:
        return uuid_encode(&encoding, cell, err);
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return time_encode(&encoding, cell, err);
    case KIND_INET:
        return inet_encode(&encoding, cell, err);
    default:
        assert(KIND_BIT(type->kind) & BYTES_KINDS);
        *cell = value->bytes;
        if (type->kind == KIND_OTHER && value->bytes.len == 0)
            return my_type_empty(&encoding, cell, err);
        return cell->ptr || value_unfit(type, err);
    }
}
