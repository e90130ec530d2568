/* Values as plain text. */
#include "transform/plain.h"

#include "base/utf8.h"
#include "transform/form.h"
#include "transform/params.h"
#include "value/my_time.h"
#include "value/pg_text_time.h"
#include "value/real.h"

#include <string.h>

/* As many digits of a second as there are. */
static void my_time_add(enum kind kind, int64_t time, struct buf *out)
{
    char text[MY_TIME_SIZE];
    size_t len = kind == KIND_TIME ? my_time_format(time, MY_TIME_DIGITS, text)
                                   : my_date_format(kind, time, MY_TIME_DIGITS, text);

    while (kind != KIND_DATE && text[len - 1] == '0')
        len--;
    len -= text[len - 1] == '.';
    buf_add(out, text, len);
}

static void time_add(const struct type *type, int64_t time, struct buf *out)
{
    const enum kind kind = type->kind;
    char text[TIME_TEXT_SIZE];
    size_t len;

    if (type_engine(type) == ENGINE_MYSQL) {
        my_time_add(kind, time, out);
        return;
    }
    if (kind == KIND_DATE)
        len = date_format(time, text);
    else if (kind == KIND_TIME)
        len = time_format(time, text);
    else
        len = timestamp_format(time, kind == KIND_INSTANT, text);
    assert(len < sizeof(text));
    buf_add(out, text, len);
}

static void text_add(const struct type *type, struct span text, struct buf *out)
{
    if (type->is_padded || type_ground(type)->is_padded)
        while (text.len > 0 && text.ptr[text.len - 1] == ' ')
            text.len--;
    if (text.len > 0)
        buf_add(out, text.ptr, text.len);
}

void plain_add(const struct type *type, const struct value *value, struct buf *out)
{
    const enum kind kind = type->kind;
    char uuid[36];

    assert(plain_is_known(kind) && !value->is_null);
    switch (kind) {
    case KIND_BOOLEAN:
        buf_add_text(out, value->boolean ? "true" : "false");
        return;
    case KIND_INTEGER:
        if (type_is_unsigned(type_ground(type)))
            buf_add_format(out, "%llu", (unsigned long long)value->integer);
        else
            buf_add_integer(out, value->integer);
        return;
    case KIND_REAL:
        real_format(value->real, type_width(type) == 4, out);
        return;
    case KIND_UUID:
        uuid_write(value->uuid, uuid);
        buf_add(out, uuid, sizeof(uuid));
        return;
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        time_add(type_ground(type), value->integer, out);
        return;
    default:
        text_add(type, value->bytes, out);
    }
}

static uint32_t label_bound(const struct type *type)
{
    uint32_t longest = 0, all = 0;

    for (size_t i = 0; i < type->label_count; i++) {
        const uint32_t length = (uint32_t)utf8_length(type->labels[i], strlen(type->labels[i]));

        longest = length > longest ? length : longest;
        all += length + 1;
    }
    return type->is_set ? all : longest;
}

uint32_t plain_bound(const struct column *column)
{
    static const uint32_t integers[] = {[1] = 4, [2] = 6, [3] = 8, [4] = 11, [8] = 20};

    assert(column && column->type);
    switch (column->type->kind) {
    case KIND_BOOLEAN:
        return 5;
    case KIND_INTEGER:
        return integers[type_width(column->type)];
    case KIND_DECIMAL: /* sign, point, and a zero before it; or "-Infinity" */
        return column->precision > 6 ? column->precision + 3u : column->precision ? 9 : 0;
    case KIND_ENUM:
        return label_bound(type_ground(column->type));
    case KIND_UUID:
        return 36;
    case KIND_TEXT:
        return column->max_length;
    default:
        return TIME_TEXT_SIZE;
    }
}
