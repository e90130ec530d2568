/* Resolves escapes and letters of both cases, and reads numbers whatever stands between digits. */
#include "run/leak_plain.h"

#include "base/utf8.h"
#include "value/fold.h"

enum { DIALED_MIN = 8, DIALED_MAX = 17, LETTERS_MAX = 4 };

bool leak_is_spelled(struct span text)
{
    for (uint32_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];

        if (byte >= 128 || byte == '\\' || byte == '%' || byte == '&')
            return true;
    }
    return false;
}

static int digit_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte = (char)(byte | 0x20);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Exactly `count` hexadecimal digits; -1: they do not stand there. */
static int32_t hex_read(const char *at, const char *end, int count)
{
    int32_t number = 0;

    if (end - at < count)
        return -1;
    for (int i = 0; i < count; i++) {
        int digit = digit_value(at[i]);

        if (digit < 0)
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

static void point_add(int32_t point, struct buf *out)
{
    char bytes[4];

    buf_add(out, bytes, utf8_write(bytes, fold_code_point((uint32_t)point)));
}

static bool is_surrogate(int32_t point)
{
    return point >= 0xd800 && point <= 0xdfff;
}

/* After a backslash; how many bytes the escape has, 0: none. */
static size_t json_resolve(const char *at, const char *end, struct buf *out)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/     ";
    const char *name = end - at > 1 && at[1] ? strchr(names, at[1]) : NULL;
    int32_t high, low;

    if (name) {
        buf_add_char(out, meant[name - names]);
        return 2;
    }
    high = end - at > 1 && at[1] == 'u' ? hex_read(at + 2, end, 4) : -1;
    if (high <= 0)
        return 0;
    if (!is_surrogate(high)) {
        point_add(high, out);
        return 6;
    }
    low = end - at > 7 && at[6] == '\\' && at[7] == 'u' ? hex_read(at + 8, end, 4) : -1;
    if (high > 0xdbff || low < 0xdc00 || low > 0xdfff)
        return 0;
    point_add(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), out);
    return 12;
}

static size_t entity_resolve(const char *at, const char *end, struct buf *out)
{
    const char *digit = at + 2;
    int base = 10;
    int32_t point = 0;

    if (end - at < 4 || at[1] != '#')
        return 0;
    if (*digit == 'x' || *digit == 'X') {
        base = 16;
        digit++;
    }
    for (; digit < end && *digit != ';'; digit++) {
        int value = digit_value(*digit);

        if (value < 0 || value >= base || point > 0x10ffff / base)
            return 0;
        point = point * base + value;
    }
    if (digit == end || point <= 0 || point > 0x10ffff || is_surrogate(point))
        return 0;
    point_add(point, out);
    return (size_t)(digit + 1 - at);
}

static size_t escape_resolve(const char *at, const char *end, struct buf *out)
{
    int32_t byte;

    if (*at == '\\')
        return json_resolve(at, end, out);
    if (*at == '&')
        return entity_resolve(at, end, out);
    byte = *at == '%' ? hex_read(at + 1, end, 2) : -1;
    if (byte <= 0)
        return 0;
    buf_add_char(out, (char)byte);
    return 3;
}

void leak_plain(struct span text, struct buf *out)
{
    const char *at = text.ptr, *end = text.ptr + text.len;

    assert(at || text.len == 0);
    while (at < end && buf_ok(out)) {
        const char *begin = at;
        size_t escaped = escape_resolve(at, end, out);

        if (escaped) {
            assert(escaped <= (size_t)(end - at));
            at += escaped;
            continue;
        }
        int32_t point = utf8_next(&at, end);

        if (point < 128)
            buf_add_char(out, *begin);
        else
            point_add(point, out);
    }
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_between(char byte)
{
    return byte == ' ' || byte == '-' || byte == '/' || byte == '.' || byte == '(' || byte == ')' ||
           byte == '+';
}

/* The country's number (up to 3 digits after a plus) and the zero before an area are left out. */
struct leak_dialed leak_dialed(struct span text)
{
    struct leak_dialed number = {.modulus = 1};
    unsigned digits = 0, letters = 0, skipped;

    for (uint32_t i = 0; i < text.len; i++) {
        digits += is_digit(text.ptr[i]);
        letters += is_letter(text.ptr[i]);
        if (!is_digit(text.ptr[i]) && !is_letter(text.ptr[i]) && !is_between(text.ptr[i]))
            return number;
    }
    if (digits < DIALED_MIN || letters > LETTERS_MAX)
        return number;
    skipped = text.ptr[0] == '+' ? 3 : text.ptr[0] == '0';
    number.digits = digits > DIALED_MIN + skipped ? digits - skipped : DIALED_MIN;
    if (number.digits > DIALED_MAX)
        number.digits = DIALED_MAX;
    for (unsigned i = 0; i < number.digits; i++)
        number.modulus *= 10;
    for (uint32_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]))
            number.tail = (number.tail * 10 + (uint64_t)(text.ptr[i] - '0')) % number.modulus;
    return number;
}

bool leak_dialed_find(const struct leak_dialed *number, struct span text)
{
    uint64_t tail = 0;
    unsigned digits = 0;

    assert(number->digits >= DIALED_MIN);
    for (uint32_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i])) {
            if (!is_between(text.ptr[i]))
                tail = digits = 0;
            continue;
        }
        tail = (tail * 10 + (uint64_t)(text.ptr[i] - '0')) % number->modulus;
        if (++digits >= number->digits && tail == number->tail)
            return true;
    }
    return false;
}
