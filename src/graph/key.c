/* Keys in one image, whichever side of an edge they come from. Values of different kinds meet
 * where a foreign key or a path into JSON joins them (integer and numeric, text and uuid, uuid and
 * 16 bytes): the child's value is turned into the parent's kind, and what cannot be turned equals
 * nothing. */
#include "graph/key.h"

#include "value/value.h"
#include "value/wire.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SIGN_BIT    (UINT64_C(1) << 63)
#define NULL_LENGTH UINT32_MAX
#define US_PER_DAY  INT64_C(86400000000)

const struct type key_text_type = {.schema = "pg_catalog",
                                   .name = "text",
                                   .oid = 25,
                                   .class = TYPE_BASE,
                                   .kind = KIND_TEXT,
                                   .has_binary = true};
const struct type key_boolean_type = {.schema = "pg_catalog",
                                      .name = "bool",
                                      .oid = 16,
                                      .class = TYPE_BASE,
                                      .kind = KIND_BOOLEAN,
                                      .has_binary = true};

bool key_scratch_init(struct key_scratch *scratch, const struct codec *codec, struct error *err)
{
    assert(scratch && codec);
    *scratch = (struct key_scratch){.codec = codec, .arena = arena_new()};
    buf_init(&scratch->bytes, BUF_CEILING_MAX);
    return scratch->arena || error_memory(err);
}

void key_scratch_release(struct key_scratch *scratch)
{
    arena_free(scratch->arena);
    scratch->arena = NULL;
    buf_release(&scratch->bytes);
}

/* Types whose form is not decoded (arrays, composites, ranges) are compared as they stand. */
static bool is_decoded(const struct type *type)
{
    const struct type *base = key_base_type(type);

    return base->class == TYPE_BASE || base->class == TYPE_ENUM;
}

static bool cell_decode(struct key_scratch *scratch, const struct type *type, struct span cell,
                        struct value *value, struct error *err)
{
    *value = (struct value){0};
    if (is_decoded(type))
        return scratch->codec->decode(type, cell, scratch->arena, value, err);
    value->bytes = cell;
    return true;
}

static bool is_unsigned(const struct type *type)
{
    return key_base_type(type)->is_unsigned;
}

static void number_bytes_add(const struct type *type, int64_t number, struct buf *out)
{
    char *room = buf_extend(out, 4);
    size_t at = out->len;

    if (number < 0 && is_unsigned(type))
        buf_add_format(out, "%" PRIu64, (uint64_t)number);
    else
        buf_add_integer(out, number);
    if (room && buf_ok(out))
        wire_write_u32(out->ptr + at - 4, (uint32_t)(out->len - at));
}

static void value_bytes_add(const struct type *type, const struct value *value, struct buf *out)
{
    size_t at = out->len;

    /* What value_canonical makes of it, but most keys are numbers. */
    if (key_is_integer(type)) {
        number_bytes_add(type, value->integer, out);
        return;
    }

    buf_add_u32be(out, 0);
    if (is_decoded(type))
        value_canonical(type, value, out);
    else
        buf_add(out, value->bytes.ptr, value->bytes.len);
    if (!buf_ok(out))
        return;
    wire_write_u32(out->ptr + at, (uint32_t)(out->len - at - 4));
}

/* What no letters stand for equals itself: it is added as it stands, whatever the collation. */
static bool opaque_add(struct key_scratch *scratch, const struct type *type, struct span cell)
{
    struct span legible;

    if (!codec_opaque(scratch->codec, type, cell, &legible))
        return false;
    buf_add_u32be(&scratch->bytes, cell.len);
    buf_add(&scratch->bytes, cell.ptr, cell.len);
    return true;
}

bool key_bytes_add(struct key_scratch *scratch, const struct type *const *types,
                   const struct span *cells, size_t count, bool *has_null, struct error *err)
{
    struct value value;

    for (size_t i = 0; i < count; i++) {
        if (span_is_null(cells[i])) {
            *has_null = true;
            buf_add_u32be(&scratch->bytes, NULL_LENGTH);
            continue;
        }
        if (opaque_add(scratch, types[i], cells[i]))
            continue;
        if (!cell_decode(scratch, types[i], cells[i], &value, err))
            return false;
        value_bytes_add(types[i], &value, &scratch->bytes);
    }
    return buf_ok(&scratch->bytes) || error_memory(err);
}

void key_number_bytes(const struct key_form *form, uint64_t number, struct buf *out)
{
    assert(form->is_number);
    number_bytes_add(form->types[0], (int64_t)(number ^ SIGN_BIT), out);
}

/* Only digits as an integer is written count: "012" is another text than "12". */
static bool integer_of_text(const struct type *type, struct span text, int64_t *number)
{
    char digits[24], again[24];
    const bool is_positive = is_unsigned(type);

    if (text.len == 0 || text.len >= sizeof(digits))
        return false;
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = 0;
    *number = is_positive ? (int64_t)strtoull(digits, NULL, 10) : strtoll(digits, NULL, 10);
    snprintf(again, sizeof(again), is_positive ? "%" PRIu64 : "%" PRId64, *number);
    return strcmp(digits, again) == 0;
}

static int hex_digit(char letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'a' && letter <= 'f')
        return letter - 'a' + 10;
    return -1;
}

static bool uuid_of_text(struct span text, uint8_t uuid[16])
{
    size_t at = 0;

    if (text.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text.ptr[i] != '-')
                return false;
            continue;
        }
        int high = hex_digit(text.ptr[i]), low = hex_digit(text.ptr[i + 1]);
        if (high < 0 || low < 0)
            return false;
        uuid[at++] = (uint8_t)(high * 16 + low);
        i++;
    }
    return at == 16;
}

/* One part from `at` to where `to` has room for it. */
static void part_settle(char *bytes, size_t *at, size_t *to)
{
    uint32_t len = wire_read_u32(bytes + *at);
    const struct span text = span_make(bytes + *at + 4, len == NULL_LENGTH ? 0 : len);
    uint8_t uuid[16];
    const bool is_uuid = uuid_of_text(text, uuid);

    *at += 4 + text.len;
    memmove(bytes + *to + 4, is_uuid ? (const char *)uuid : text.ptr,
            is_uuid ? sizeof(uuid) : text.len);
    wire_write_u32(bytes + *to, is_uuid ? (uint32_t)sizeof(uuid) : len);
    *to += 4 + (is_uuid ? sizeof(uuid) : text.len);
}

void key_bytes_settle(struct key_scratch *scratch, size_t start)
{
    struct buf *bytes = &scratch->bytes;
    size_t at = start, to = start;

    if (!buf_ok(bytes))
        return;
    while (at < bytes->len)
        part_settle(bytes->ptr, &at, &to);
    assert(at == bytes->len && to <= at);
    bytes->len = to;
}

static struct span text_print(struct arena *arena, struct span text)
{
    return arena_span(arena, text);
}

static struct span uuid_text(struct arena *arena, const uint8_t uuid[16])
{
    static const char hex[] = "0123456789abcdef";
    char text[36];
    size_t at = 0;

    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = hex[uuid[i] >> 4];
        text[at++] = hex[uuid[i] & 15];
    }
    assert(at == sizeof(text));
    return text_print(arena, span_make(text, sizeof(text)));
}

/* MySQL: binary(16) is a UUID where it is known to be a key, and bytes where it may refer to one.
 */
static bool uuid_of_bytes(struct span bytes, uint8_t uuid[16])
{
    if (bytes.len == 16)
        memcpy(uuid, bytes.ptr, 16);
    return bytes.len == 16;
}

static bool uuid_to_bytes(const uint8_t uuid[16], struct arena *arena, struct span *bytes)
{
    *bytes = arena_span(arena, span_make((const char *)uuid, 16));
    return bytes->ptr != NULL;
}

static bool is_textual(enum kind kind)
{
    return kind == KIND_TEXT || kind == KIND_ENUM;
}

static enum kind kind_of(const struct type *type)
{
    return is_decoded(type) ? key_base_type(type)->kind : KIND_OTHER;
}

/* The text that a JSON path delivers for a value of `type`. */
static bool value_to_text(const struct type *type, const struct value *value, struct arena *arena,
                          struct value *out)
{
    const enum kind kind = kind_of(type);
    char digits[24];

    if (kind == KIND_UUID) {
        out->bytes = uuid_text(arena, value->uuid);
        return out->bytes.ptr != NULL;
    }
    if (kind == KIND_BOOLEAN) {
        out->bytes = span_of(value->boolean ? "true" : "false");
        return true;
    }
    if (kind != KIND_INTEGER && kind != KIND_DECIMAL)
        return is_textual(kind);
    if (kind == KIND_DECIMAL)
        return true;
    snprintf(digits, sizeof(digits), is_unsigned(type) ? "%" PRIu64 : "%" PRId64, value->integer);
    out->bytes = text_print(arena, span_of(digits));
    return out->bytes.ptr != NULL;
}

/* A date is the midnight that begins it, in UTC as the session is. */
static bool time_convert(enum kind from, enum kind to, int64_t time, int64_t *out)
{
    bool is_moment = to == KIND_TIMESTAMP || to == KIND_INSTANT;

    *out = time;
    if (from == KIND_TIMESTAMP || from == KIND_INSTANT) {
        if (to != KIND_DATE || time == TIME_MIN || time == TIME_MAX)
            return is_moment || to == KIND_DATE;
        *out = time / US_PER_DAY;
        return time % US_PER_DAY == 0;
    }
    return from == KIND_DATE && is_moment &&
           (time == TIME_MIN || time == TIME_MAX || !__builtin_mul_overflow(time, US_PER_DAY, out));
}

static bool decimal_to_integer(const struct value *value, const struct type *type,
                               struct value *out)
{
    struct buf digits;

    buf_init(&digits, 1 << 20);
    decimal_canonical(value->bytes, &digits);
    bool is_integer = buf_ok(&digits) && integer_of_text(type, buf_span(&digits), &out->integer);
    buf_release(&digits);
    return is_integer;
}

/* A value of one type as one of another; false: nothing of that type equals it. Of the integers
 * with and without sign those below 2^63 are the same bits. */
static bool value_convert(const struct type *from_type, const struct value *value,
                          const struct type *to_type, struct arena *arena, struct value *out)
{
    const enum kind from = kind_of(from_type), to = kind_of(to_type);

    *out = *value;
    if (from == KIND_INTEGER && to == KIND_INTEGER)
        return value->integer >= 0 || is_unsigned(from_type) == is_unsigned(to_type);
    if (from == to || (is_textual(from) && is_textual(to)))
        return true;
    if (is_textual(to))
        return value_to_text(from_type, value, arena, out);
    if (is_textual(from) && to == KIND_UUID)
        return uuid_of_text(value->bytes, out->uuid);
    if (from == KIND_BYTES && to == KIND_UUID)
        return uuid_of_bytes(value->bytes, out->uuid);
    if (from == KIND_UUID && to == KIND_BYTES)
        return uuid_to_bytes(value->uuid, arena, &out->bytes);
    if (is_textual(from) && to == KIND_INTEGER)
        return integer_of_text(to_type, value->bytes, &out->integer);
    if (from == KIND_INTEGER && to == KIND_DECIMAL)
        return value_to_text(from_type, value, arena, out);
    if (from == KIND_DECIMAL && to == KIND_INTEGER)
        return decimal_to_integer(value, to_type, out);
    return time_convert(from, to, value->integer, &out->integer);
}

/* One key from its cells, none of which is NULL. */
static bool image_make(struct key_scratch *scratch, const struct key_side *side,
                       const struct span *cells, struct key_image *image, struct error *err)
{
    const struct key_form *form = side->form;
    struct value value, turned;

    assert(form && form->count == side->count);
    *image = (struct key_image){.cells = cells};
    buf_reset(&scratch->bytes);
    for (size_t i = 0; i < side->count; i++) {
        if (opaque_add(scratch, side->types[i], cells[i]))
            continue;
        if (!cell_decode(scratch, side->types[i], cells[i], &value, err))
            return false;
        bool fits = value_convert(side->types[i], &value, form->types[i], scratch->arena, &turned);
        if (form->is_number && fits) {
            image->is_number = true;
            image->number = (uint64_t)turned.integer ^ SIGN_BIT;
            return true;
        }
        if (fits)
            value_bytes_add(form->types[i], &turned, &scratch->bytes);
        else
            value_bytes_add(side->types[i], &value, &scratch->bytes);
    }
    if (!buf_ok(&scratch->bytes))
        return error_memory(err);
    image->bytes = arena_span(scratch->arena, buf_span(&scratch->bytes));
    return image->bytes.ptr || error_memory(err);
}

static bool elements_read(struct key_scratch *scratch, const struct key_side *side,
                          struct span cell, struct key_images *images, struct error *err)
{
    struct span *elements = NULL;
    uint32_t count = 0;

    assert(side->count == 1);
    if (!scratch->codec->array_split(cell, scratch->arena, &elements, &count, err))
        return false;
    images->items = ARENA_ARRAY(scratch->arena, (size_t)count + 1, struct key_image);
    if (!images->items)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        if (span_is_null(elements[i]))
            continue;
        if (!image_make(scratch, side, &elements[i], &images->items[images->count], err))
            return false;
        images->count++;
    }
    return true;
}

bool key_images_read(struct key_scratch *scratch, const struct key_side *side,
                     const struct span *row, struct key_images *images, struct error *err)
{
    struct span *cells = &images->cell;

    assert(side->count > 0);
    images->count = 0;
    images->items = &images->one;
    if (side->count > 1 && !(cells = ARENA_ARRAY(scratch->arena, side->count, struct span)))
        return error_memory(err);
    for (size_t i = 0; i < side->count; i++) {
        cells[i] = row[side->positions[i]];
        if (span_is_null(cells[i]))
            return true;
    }
    if (side->is_array)
        return elements_read(scratch, side, cells[0], images, err);
    if (!image_make(scratch, side, cells, &images->one, err))
        return false;
    images->count = 1;
    return true;
}

static bool is_same_type(const struct type *a, const struct type *b)
{
    a = key_base_type(a);
    b = key_base_type(b);
    return a == b || (a->oid != 0 && a->oid == b->oid);
}

static bool integer_fits(const struct type *type, int64_t number)
{
    const struct type *base = key_base_type(type);

    if (base->kind != KIND_INTEGER || base->width >= 8 || base->width == 0)
        return true;
    if (base->is_unsigned)
        return number >= 0 && number < INT64_C(1) << (8 * base->width);
    if (strcmp(base->name, "oid") == 0)
        return number >= 0 && number <= UINT32_MAX;
    int64_t limit = INT64_C(1) << (8 * base->width - 1);
    return number >= -limit && number < limit;
}

static bool value_encode(struct key_scratch *scratch, const struct key_side *to, size_t column,
                         const struct value *value, struct span *cell, struct error *err)
{
    return scratch->codec->encode(to->columns[column], to->types[column], value, scratch->arena,
                                  cell, err);
}

bool key_number_encode(struct key_scratch *scratch, const struct key_side *to, uint64_t number,
                       struct span *cell, bool *is_possible, struct error *err)
{
    struct value value = {.integer = (int64_t)(number ^ SIGN_BIT)}, turned;

    assert(to->count == 1 && to->form && to->form->is_number);
    *is_possible =
        value_convert(to->form->types[0], &value, to->types[0], scratch->arena, &turned) &&
        (kind_of(to->types[0]) != KIND_INTEGER || integer_fits(to->types[0], turned.integer));
    return !*is_possible || value_encode(scratch, to, 0, &turned, cell, err);
}

bool key_cells_convert(struct key_scratch *scratch, const struct key_side *from,
                       const struct key_side *to, const struct key_image *image, struct span *cells,
                       bool *is_possible, struct error *err)
{
    struct value value, turned;
    struct span legible;

    assert(from->count == to->count);
    if (image->is_number)
        return key_number_encode(scratch, to, image->number, cells, is_possible, err);
    *is_possible = true;
    for (size_t i = 0; i < from->count && *is_possible; i++) {
        if (is_same_type(from->types[i], to->types[i])) {
            cells[i] = image->cells[i];
            continue;
        }
        if (codec_opaque(scratch->codec, from->types[i], image->cells[i], &legible)) {
            *is_possible = false;
            continue;
        }
        if (!cell_decode(scratch, from->types[i], image->cells[i], &value, err))
            return false;
        *is_possible =
            value_convert(from->types[i], &value, to->types[i], scratch->arena, &turned) &&
            (kind_of(to->types[i]) != KIND_INTEGER || integer_fits(to->types[i], turned.integer));
        if (*is_possible && !value_encode(scratch, to, i, &turned, &cells[i], err))
            return false;
    }
    return true;
}

bool key_canonical(const struct codec *codec, const struct column *const *columns,
                   const struct span *cells, size_t count, struct arena *arena, struct buf *out,
                   bool *has_null, struct error *err)
{
    struct key_scratch scratch = {.codec = codec, .arena = arena, .bytes = *out};

    assert(codec && columns && cells && out && has_null);
    *has_null = false;
    for (size_t i = 0; i < count; i++)
        if (span_is_null(cells[i]))
            *has_null = true;
    if (*has_null)
        return true;
    bool is_done = true;
    for (size_t i = 0; i < count && is_done; i++)
        is_done = key_bytes_add(&scratch, (const struct type *const[]){columns[i]->type}, &cells[i],
                                1, has_null, err);
    *out = scratch.bytes;
    return is_done;
}
