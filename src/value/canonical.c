/* The canonical bytes of a value, by kind: equal in the database, equal here. */
#include "value/fold.h"
#include "value/network.h"
#include "value/real.h"
#include "value/type.h"
#include "value/wire.h"

#define SECONDS_PER_DAY 86400

static void integer_add(const struct type *base, int64_t number, struct buf *out)
{
    if (number < 0 && type_is_unsigned(base))
        buf_add_format(out, "%llu", (unsigned long long)number);
    else
        buf_add_integer(out, number);
}

static void partial_add(enum kind kind, int64_t time, struct buf *out)
{
    const struct partial_date date = time_read_partial(kind, time);

    buf_add_format(out, "%04d-%02d-%02d", date.year, date.month, date.day);
    if (date.us > 0)
        buf_add_format(out, " %lld", (long long)date.us);
}

static void time_add(enum kind kind, int64_t time, struct buf *out)
{
    if (time_is_partial(kind, time))
        partial_add(kind, time, out);
    else if (time == TIME_MIN || time == TIME_MAX)
        buf_add_text(out, time == TIME_MIN ? "-infinity" : "infinity");
    else
        buf_add_integer(out, time);
}

/* The microseconds of a late date need more than 64 bits, so their last digits are written. */
static void date_add(int64_t days, struct buf *out)
{
    if (days == 0 || days == TIME_MIN || days == TIME_MAX || time_is_partial(KIND_DATE, days)) {
        time_add(KIND_DATE, days, out);
        return;
    }
    buf_add_integer(out, days * SECONDS_PER_DAY);
    buf_add_text(out, "000000");
}

static void text_add(const struct type *type, struct span text, struct buf *out)
{
    const struct type *base = type_base(type);

    if (type->is_padded || base->is_padded)
        while (text.len > 0 && text.ptr[text.len - 1] == ' ')
            text.len--;
    if (base->folds_accents)
        fold_marks(text, out);
    else if (type->is_case_insensitive || base->is_case_insensitive)
        fold_text(text, out);
    else
        buf_add(out, text.ptr, text.len);
}

static void mac_add(struct span bytes, struct buf *out)
{
    char wide[MAC_BYTES_MAX];

    mac_widen(bytes, wide);
    buf_add(out, wide, sizeof(wide));
}

/* Parts one behind the other, each with its length; no rule is keyed by this. */
static void parts_add(const struct type *base, const struct parts *parts, struct buf *out)
{
    static const struct type text = {.name = "text", .kind = KIND_TEXT};

    buf_add_u32be(out, parts->count);
    buf_add_u32be(out, parts->flags);
    for (uint32_t i = 0; i < parts->count; i++) {
        const struct value *part = &parts->values[i];
        const size_t start = out->len;

        buf_add_u32be(out, UINT32_MAX);
        if (part->is_null)
            continue;
        value_canonical(base->class == TYPE_COMPOSITE ? base->fields[i].type
                        : base->element               ? base->element
                                                      : &text,
                        part, out);
        if (buf_ok(out))
            wire_write_u32(out->ptr + start, (uint32_t)(out->len - start - sizeof(uint32_t)));
    }
}

void value_canonical(const struct type *type, const struct value *value, struct buf *out)
{
    assert(type && value && out);
    assert(!value->is_null);
    if (type_has_parts(type_base(type))) {
        parts_add(type_base(type), value->parts, out);
        return;
    }
    switch (type_base(type)->kind) {
    case KIND_BOOLEAN:
        buf_add_char(out, value->boolean ? 't' : 'f');
        return;
    case KIND_INTEGER:
        integer_add(type_base(type), value->integer, out);
        return;
    case KIND_REAL:
        real_canonical(value->real, out);
        return;
    case KIND_DECIMAL:
        decimal_canonical(value->bytes, out);
        return;
    case KIND_UUID:
        buf_add(out, value->uuid, sizeof(value->uuid));
        return;
    case KIND_DATE:
        date_add(value->integer, out);
        return;
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        time_add(type_base(type)->kind, value->integer, out);
        return;
    case KIND_TEXT:
    case KIND_ENUM:
        text_add(type, value->bytes, out);
        return;
    case KIND_MAC:
        mac_add(value->bytes, out);
        return;
    case KIND_BYTES:
    case KIND_JSON:
    case KIND_INET:
    case KIND_OTHER:
        buf_add(out, value->bytes.ptr, value->bytes.len);
        return;
    case KIND_COMPOSITE:
    case KIND_HSTORE:
    case KIND_COUNT:
        break;
    }
    assert(false);
}
