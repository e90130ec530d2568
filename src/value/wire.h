/* Big endian numbers in bytes, and a cursor that never reads past the end of them. */
#ifndef UNDERSTUDY_VALUE_WIRE_H
#define UNDERSTUDY_VALUE_WIRE_H

#include "base/common.h"
#include "base/span.h"
#include <endian.h>

#define WIRE_NULL UINT32_MAX /* the length word of SQL NULL */

static inline uint16_t wire_read_u16(const char *bytes)
{
    uint16_t number;

    memcpy(&number, bytes, sizeof(number));
    return be16toh(number);
}

static inline uint32_t wire_read_u32(const char *bytes)
{
    uint32_t number;

    memcpy(&number, bytes, sizeof(number));
    return be32toh(number);
}

static inline uint64_t wire_read_u64(const char *bytes)
{
    uint64_t number;

    memcpy(&number, bytes, sizeof(number));
    return be64toh(number);
}

static inline void wire_write_u16(char *bytes, uint16_t number)
{
    number = htobe16(number);
    memcpy(bytes, &number, sizeof(number));
}

static inline void wire_write_u32(char *bytes, uint32_t number)
{
    number = htobe32(number);
    memcpy(bytes, &number, sizeof(number));
}

static inline void wire_write_u64(char *bytes, uint64_t number)
{
    number = htobe64(number);
    memcpy(bytes, &number, sizeof(number));
}

/* Bytes not yet read. Each wire_take_* moves on, or returns false and leaves the cursor alone when
 * fewer bytes are left than asked for. */
struct wire {
    const char *ptr, *end;
};

static inline struct wire wire_of(struct span bytes)
{
    assert(bytes.ptr);
    return (struct wire){bytes.ptr, bytes.ptr + bytes.len};
}

static inline size_t wire_left(const struct wire *wire)
{
    assert(wire->ptr <= wire->end);
    return (size_t)(wire->end - wire->ptr);
}

static inline bool wire_take_u32(struct wire *wire, uint32_t *number)
{
    if (wire_left(wire) < sizeof(*number))
        return false;
    *number = wire_read_u32(wire->ptr);
    wire->ptr += sizeof(*number);
    return true;
}

/* A length word and that many bytes; WIRE_NULL gives ptr NULL. */
static inline bool wire_take_field(struct wire *wire, struct span *field)
{
    uint32_t len;

    if (wire_left(wire) < sizeof(len))
        return false;
    len = wire_read_u32(wire->ptr);
    if (len == WIRE_NULL) {
        wire->ptr += sizeof(len);
        *field = (struct span){NULL, 0};
        return true;
    }
    if (len > INT32_MAX || wire_left(wire) - sizeof(len) < len)
        return false;
    *field = (struct span){wire->ptr + sizeof(len), len};
    wire->ptr += sizeof(len) + len;
    return true;
}

/* Writes a field at `out`, which has room for it; returns the first byte behind it. */
static inline char *wire_write_field(char *out, struct span field)
{
    if (!field.ptr) {
        wire_write_u32(out, WIRE_NULL);
        return out + sizeof(uint32_t);
    }
    wire_write_u32(out, field.len);
    memcpy(out + sizeof(uint32_t), field.ptr, field.len);
    return out + sizeof(uint32_t) + field.len;
}

#endif
