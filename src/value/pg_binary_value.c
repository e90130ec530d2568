/* Single values in the form of the types' send and receive functions, a function for each kind. */
#include "value/network.h"
#include "value/pg_binary.h"
#include "value/pg_numeric.h"
#include "value/pg_type.h"
#include "value/wire.h"
#include <math.h>

#define JSONB_VERSION 1

static bool boolean_decode(const struct type *base, struct span cell, struct arena *arena,
                           struct value *value, struct error *err)
{
    UNUSED(arena);
    if (cell.len != 1 || (cell.ptr[0] != 0 && cell.ptr[0] != 1))
        return value_malformed(base, err);
    value->boolean = cell.ptr[0] == 1;
    return true;
}

static bool integer_decode(const struct type *base, struct span cell, struct arena *arena,
                           struct value *value, struct error *err)
{
    UNUSED(arena);
    if (cell.len != base->width)
        return value_malformed(base, err);
    switch (base->width) {
    case 2:
        value->integer = (int16_t)wire_read_u16(cell.ptr);
        return true;
    case 4:
        value->integer = type_is_unsigned(base) ? (int64_t)wire_read_u32(cell.ptr)
                                                : (int64_t)(int32_t)wire_read_u32(cell.ptr);
        return true;
    case 8:
        value->integer = (int64_t)wire_read_u64(cell.ptr);
        return true;
    default:
        return value_malformed(base, err);
    }
}

static bool real_decode(const struct type *base, struct span cell, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(arena);
    if (cell.len != base->width)
        return value_malformed(base, err);
    if (base->width == sizeof(float)) {
        uint32_t bits = wire_read_u32(cell.ptr);
        float single;

        memcpy(&single, &bits, sizeof(single));
        value->real = (double)single;
        return true;
    }
    if (base->width == sizeof(double)) {
        uint64_t bits = wire_read_u64(cell.ptr);

        memcpy(&value->real, &bits, sizeof(bits));
        return true;
    }
    return value_malformed(base, err);
}

static bool decimal_decode(const struct type *base, struct span cell, struct arena *arena,
                           struct value *value, struct error *err)
{
    switch (numeric_to_text(cell, arena, &value->bytes)) {
    case NUMERIC_OK:
        return true;
    case NUMERIC_NO_MEMORY:
        return error_memory(err);
    case NUMERIC_MALFORMED:
        break;
    }
    return value_malformed(base, err);
}

static bool bytes_decode(const struct type *base, struct span cell, struct arena *arena,
                         struct value *value, struct error *err)
{
    UNUSED(base);
    UNUSED(arena);
    UNUSED(err);
    value->bytes = cell;
    return true;
}

static bool json_decode(const struct type *base, struct span cell, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(arena);
    value->bytes = cell;
    if (!type_is_jsonb(base))
        return true;
    if (cell.len < 1 || cell.ptr[0] != JSONB_VERSION)
        return value_malformed(base, err);
    value->bytes = span_make(cell.ptr + 1, cell.len - 1);
    return true;
}

static bool uuid_decode(const struct type *base, struct span cell, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(arena);
    if (cell.len != sizeof(value->uuid))
        return value_malformed(base, err);
    memcpy(value->uuid, cell.ptr, sizeof(value->uuid));
    return true;
}

static bool date_decode(const struct type *base, struct span cell, struct arena *arena,
                        struct value *value, struct error *err)
{
    int32_t days;

    UNUSED(arena);
    if (cell.len != sizeof(days))
        return value_malformed(base, err);
    days = (int32_t)wire_read_u32(cell.ptr);
    value->integer = days == INT32_MIN   ? TIME_MIN
                     : days == INT32_MAX ? TIME_MAX
                                         : days + PG_EPOCH_DAYS;
    return date_in_range(value->integer) || value_malformed(base, err);
}

static bool time_decode(const struct type *base, struct span cell, struct arena *arena,
                        struct value *value, struct error *err)
{
    UNUSED(arena);
    if (cell.len != sizeof(int64_t))
        return value_malformed(base, err);
    value->integer = (int64_t)wire_read_u64(cell.ptr);
    return time_in_range(value->integer) || value_malformed(base, err);
}

static bool timestamp_decode(const struct type *base, struct span cell, struct arena *arena,
                             struct value *value, struct error *err)
{
    int64_t us;

    UNUSED(arena);
    if (cell.len != sizeof(us))
        return value_malformed(base, err);
    us = (int64_t)wire_read_u64(cell.ptr);
    if (us >= PG_TIMESTAMP_END && us != INT64_MAX)
        return value_malformed(base, err);
    if (us > INT64_MAX - 1 - PG_EPOCH_US && us != INT64_MAX)
        return timestamp_too_late(base, err);
    value->integer = us == INT64_MIN || us == INT64_MAX ? us : us + PG_EPOCH_US;
    return timestamp_in_range(value->integer) || value_malformed(base, err);
}

/* On the wire a flag (it is a cidr) and the length of the address stand before the address. */
#define INET_WIRE_HEAD 4

static bool inet_decode(const struct type *base, struct span cell, struct arena *arena,
                        struct value *value, struct error *err)
{
    char bytes[NETWORK_BYTES_MAX];

    if (cell.len < INET_WIRE_HEAD || cell.len > NETWORK_BYTES_MAX + INET_WIRE_HEAD - NETWORK_HEAD ||
        (unsigned char)cell.ptr[3] != cell.len - INET_WIRE_HEAD)
        return value_malformed(base, err);
    memcpy(bytes, cell.ptr, NETWORK_HEAD);
    memcpy(bytes + NETWORK_HEAD, cell.ptr + INET_WIRE_HEAD, cell.len - INET_WIRE_HEAD);
    value->bytes = span_make(bytes, cell.len - INET_WIRE_HEAD + NETWORK_HEAD);
    if (!inet_is_well(value->bytes, type_is_network(base)))
        return value_malformed(base, err);
    value->bytes = arena_span(arena, value->bytes);
    return value->bytes.ptr || error_memory(err);
}

static bool mac_decode(const struct type *base, struct span cell, struct arena *arena,
                       struct value *value, struct error *err)
{
    UNUSED(arena);
    value->bytes = cell;
    return cell.len == type_mac_bytes(base) || value_malformed(base, err);
}

static pg_decode_function *const decoders[] = {
    [KIND_BOOLEAN] = boolean_decode,
    [KIND_INTEGER] = integer_decode,
    [KIND_REAL] = real_decode,
    [KIND_DECIMAL] = decimal_decode,
    [KIND_TEXT] = bytes_decode,
    [KIND_ENUM] = bytes_decode,
    [KIND_BYTES] = bytes_decode,
    [KIND_UUID] = uuid_decode,
    [KIND_DATE] = date_decode,
    [KIND_TIME] = time_decode,
    [KIND_TIMESTAMP] = timestamp_decode,
    [KIND_INSTANT] = timestamp_decode,
    [KIND_JSON] = json_decode,
    [KIND_INET] = inet_decode,
    [KIND_MAC] = mac_decode,
    [KIND_HSTORE] = pg_binary_hstore_decode,
    [KIND_OTHER] = bytes_decode,
};
_Static_assert(COUNT_OF(decoders) == KIND_COUNT, "one decoder a kind");

static pg_decode_function *decoder_of(const struct type *base)
{
    switch (base->class) {
    case TYPE_ARRAY:
        return pg_binary_array_decode;
    case TYPE_COMPOSITE:
        return pg_binary_composite_decode;
    case TYPE_RANGE:
        return pg_binary_range_decode;
    case TYPE_MULTIRANGE:
        return pg_binary_multirange_decode;
    case TYPE_BASE:
    case TYPE_ENUM:
    case TYPE_DOMAIN:
        break;
    }
    assert(base->kind < KIND_COUNT && decoders[base->kind]);
    return decoders[base->kind];
}

bool pg_binary_decode(const struct type *type, struct span cell, struct arena *arena,
                      struct value *value, struct error *err)
{
    const struct type *base = type_base(type);

    assert(cell.ptr && value);
    value->is_null = false;
    return decoder_of(base)(base, cell, arena, value, err);
}

/* A copy of a number's `len` wire bytes. */
static bool cell_copy(const struct pg_encoding *encoding, const void *bytes, size_t len,
                      struct span *cell, struct error *err)
{
    *cell = arena_span(encoding->arena, span_make(bytes, len));
    return cell->ptr || error_memory(err);
}

static bool u32_encode(const struct pg_encoding *encoding, uint32_t number, struct span *cell,
                       struct error *err)
{
    char bytes[sizeof(number)];

    wire_write_u32(bytes, number);
    return cell_copy(encoding, bytes, sizeof(bytes), cell, err);
}

static bool u64_encode(const struct pg_encoding *encoding, uint64_t number, struct span *cell,
                       struct error *err)
{
    char bytes[sizeof(number)];

    wire_write_u64(bytes, number);
    return cell_copy(encoding, bytes, sizeof(bytes), cell, err);
}

static bool boolean_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    UNUSED(err);
    *cell = encoding->value->boolean ? SPAN_LITERAL("\1") : SPAN_LITERAL("\0");
    return true;
}

static bool integer_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    int64_t number = encoding->value->integer;
    char bytes[sizeof(uint16_t)];

    if (!integer_fits(encoding->base, number))
        return value_unfit(encoding->base, err);
    if (encoding->base->width == 8)
        return u64_encode(encoding, (uint64_t)number, cell, err);
    if (encoding->base->width == 4)
        return u32_encode(encoding, (uint32_t)number, cell, err);
    wire_write_u16(bytes, (uint16_t)number);
    return cell_copy(encoding, bytes, sizeof(bytes), cell, err);
}

static bool real_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    double real = encoding->value->real;
    uint64_t bits;

    if (encoding->base->width == sizeof(float)) {
        float single = (float)real;
        uint32_t single_bits;

        if (isinf(single) && !isinf(real))
            return value_unfit(encoding->base, err);
        memcpy(&single_bits, &single, sizeof(single));
        return u32_encode(encoding, single_bits, cell, err);
    }
    if (encoding->base->width != sizeof(double))
        return value_unfit(encoding->base, err);
    memcpy(&bits, &real, sizeof(real));
    return u64_encode(encoding, bits, cell, err);
}

static bool decimal_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    struct span text = numeric_at_scale(encoding->column, encoding->base, encoding->value->bytes,
                                        encoding->arena, err);

    if (!text.ptr)
        return false;
    switch (numeric_from_text(text, encoding->arena, cell)) {
    case NUMERIC_OK:
        return true;
    case NUMERIC_NO_MEMORY:
        return error_memory(err);
    case NUMERIC_MALFORMED:
        break;
    }
    return value_unfit(encoding->base, err);
}

static bool bytes_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    if (!encoding->value->bytes.ptr || encoding->value->bytes.len > INT32_MAX)
        return value_unfit(encoding->base, err);
    *cell = encoding->value->bytes;
    return true;
}

/* No bytes stand for the type's empty value. */
static bool other_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    if (encoding->value->bytes.ptr && encoding->value->bytes.len == 0) {
        *cell = type_empty_binary(encoding);
        return cell->ptr ? true : error_memory(err);
    }
    return bytes_encode(encoding, cell, err);
}

static bool json_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    struct span json = encoding->value->bytes;
    char *out;

    if (!type_is_jsonb(encoding->base))
        return bytes_encode(encoding, cell, err);
    if (!json.ptr || json.len >= INT32_MAX)
        return value_unfit(encoding->base, err);
    out = arena_alloc(encoding->arena, (size_t)json.len + 1);
    if (!out)
        return error_memory(err);
    out[0] = JSONB_VERSION;
    memcpy(out + 1, json.ptr, json.len);
    *cell = span_make(out, (size_t)json.len + 1);
    return true;
}

static bool uuid_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    return cell_copy(encoding, encoding->value->uuid, sizeof(encoding->value->uuid), cell, err);
}

static bool date_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    int64_t days = encoding->value->integer;

    if (!date_in_range(days))
        return value_unfit(encoding->base, err);
    if (days == TIME_MIN || days == TIME_MAX)
        return u32_encode(encoding, (uint32_t)(days == TIME_MIN ? INT32_MIN : INT32_MAX), cell,
                          err);
    return u32_encode(encoding, (uint32_t)(int32_t)(days - PG_EPOCH_DAYS), cell, err);
}

static bool time_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    int64_t us = encoding->value->integer;

    if (!time_in_range(us))
        return value_unfit(encoding->base, err);
    return u64_encode(encoding, (uint64_t)time_round(encoding->column, us), cell, err);
}

static bool timestamp_encode(const struct pg_encoding *encoding, struct span *cell,
                             struct error *err)
{
    int64_t us = encoding->value->integer;

    if (!timestamp_in_range(us))
        return value_unfit(encoding->base, err);
    us = timestamp_round(encoding->column, us);
    if (us != TIME_MIN && us != TIME_MAX)
        us -= PG_EPOCH_US;
    return u64_encode(encoding, (uint64_t)us, cell, err);
}

static bool inet_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    const struct span bytes = encoding->value->bytes;
    const bool is_network = type_is_network(encoding->base);
    char wire[NETWORK_BYTES_MAX + INET_WIRE_HEAD];

    if (!bytes.ptr || !inet_is_well(bytes, is_network))
        return value_unfit(encoding->base, err);
    memcpy(wire, bytes.ptr, NETWORK_HEAD);
    wire[2] = is_network;
    wire[3] = (char)(bytes.len - NETWORK_HEAD);
    memcpy(wire + INET_WIRE_HEAD, bytes.ptr + NETWORK_HEAD, bytes.len - NETWORK_HEAD);
    return cell_copy(encoding, wire, bytes.len - NETWORK_HEAD + INET_WIRE_HEAD, cell, err);
}

static bool mac_encode(const struct pg_encoding *encoding, struct span *cell, struct error *err)
{
    *cell = encoding->value->bytes;
    return (cell->ptr && cell->len == type_mac_bytes(encoding->base)) ||
           value_unfit(encoding->base, err);
}

static pg_encode_function *const encoders[] = {
    [KIND_BOOLEAN] = boolean_encode,
    [KIND_INTEGER] = integer_encode,
    [KIND_REAL] = real_encode,
    [KIND_DECIMAL] = decimal_encode,
    [KIND_TEXT] = bytes_encode,
    [KIND_ENUM] = bytes_encode,
    [KIND_BYTES] = bytes_encode,
    [KIND_UUID] = uuid_encode,
    [KIND_DATE] = date_encode,
    [KIND_TIME] = time_encode,
    [KIND_TIMESTAMP] = timestamp_encode,
    [KIND_INSTANT] = timestamp_encode,
    [KIND_JSON] = json_encode,
    [KIND_INET] = inet_encode,
    [KIND_MAC] = mac_encode,
    [KIND_HSTORE] = pg_binary_hstore_encode,
    [KIND_OTHER] = other_encode,
};
_Static_assert(COUNT_OF(encoders) == KIND_COUNT, "one encoder a kind");

static pg_encode_function *encoder_of(const struct type *base)
{
    switch (base->class) {
    case TYPE_ARRAY:
        return pg_binary_array_encode;
    case TYPE_COMPOSITE:
        return pg_binary_composite_encode;
    case TYPE_RANGE:
        return pg_binary_range_encode;
    case TYPE_MULTIRANGE:
        return pg_binary_multirange_encode;
    case TYPE_BASE:
    case TYPE_ENUM:
    case TYPE_DOMAIN:
        break;
    }
    assert(base->kind < KIND_COUNT && encoders[base->kind]);
    return encoders[base->kind];
}

bool pg_binary_encode(const struct column *column, const struct type *type,
                      const struct value *value, struct arena *arena, struct span *cell,
                      struct error *err)
{
    struct pg_encoding encoding = {column, type_base(type), value, arena};

    assert(value && !value->is_null && cell);
    return encoder_of(encoding.base)(&encoding, cell, err);
}
