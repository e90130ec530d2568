/* The readings: the kind's own order; in texts and documents each of the first runs of digits, the
 * last one, and what looks like a date; the clock inside a UUID of version 1. Versions 6 and 7 and
 * ULIDs stand in the order of their bytes. Arrays and other types are compared as they come over
 * the wire, behind what is alike in all of them: of ranges that is the lower bound, of arrays the
 * first element. */
#include "bind/clock_reading.h"

#include "transform/params.h"
#include "value/real.h"

#include <math.h>
#include <stdlib.h>

enum {
    RUNS = 6,          /* runs of digits from the left */
    DATES = 4,         /* dates from the left */
    ARRAY_HEADER = 20, /* dimensions, flags, type, length and lower bound of one dimension */
    UUID_TEXT = 36
};

_Static_assert(CLOCK_READINGS >= 3 + RUNS + DATES, "bytes, clock, last run, runs, dates");

bool clock_is_readable(const struct bound_column *bound)
{
    switch (bound->column->type->kind) {
    case KIND_BOOLEAN:
    case KIND_ENUM:
    case KIND_TIME:
        return false;
    default:
        return true;
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits from `at` on; *at moves behind them. */
static double run_take(struct span text, uint32_t *at)
{
    double number = 0;

    assert(*at < text.len && is_digit(text.ptr[*at]));
    while (*at < text.len && is_digit(text.ptr[*at]))
        number = number * 10 + (text.ptr[(*at)++] - '0');
    return number;
}

/* Does `c` stand where the form of a date has `place`? */
static bool date_fits(char place, char c)
{
    switch (place) {
    case 'd':
        return is_digit(c);
    case '-':
        return c == '-' || c == '/' || c == '.';
    case ' ':
        return c == ' ' || c == 'T';
    default:
        return c == place;
    }
}

/* A date begins with four digits and goes on with two and two; a time may follow. *at moves behind
 * it; -1: none stands here. */
static double date_take(struct span text, uint32_t *at)
{
    static const char form[] = "dddd-dd-dd dd:dd:dd.dddddd";
    uint32_t len = 0;
    double number = 0;

    for (; *at + len < text.len && form[len] && date_fits(form[len], text.ptr[*at + len]); len++)
        if (form[len] == 'd')
            number = number * 10 + (text.ptr[*at + len] - '0');
    if (len < 10)
        return -1;
    *at += len;
    /* What is cut short is as good as midnight. */
    for (; form[len]; len++)
        number *= form[len] == 'd' ? 10 : 1;
    return number;
}

struct text_readings {
    double runs[RUNS], dates[DATES], last;
};

static void text_read(struct span text, struct text_readings *read)
{
    size_t runs = 0, dates = 0;

    for (size_t i = 0; i < RUNS; i++)
        read->runs[i] = NAN;
    for (size_t i = 0; i < DATES; i++)
        read->dates[i] = NAN;
    read->last = NAN;
    for (uint32_t at = 0; at < text.len;) {
        uint32_t behind = at;

        if (!is_digit(text.ptr[at])) {
            at++;
            continue;
        }
        double date = dates < DATES ? date_take(text, &behind) : -1;
        if (date >= 0) {
            read->dates[dates++] = date;
            at = behind;
            continue;
        }
        read->last = run_take(text, &at);
        if (runs < RUNS)
            read->runs[runs++] = read->last;
    }
}

static int hex_of(char c)
{
    return is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool uuid_read(const struct value *value, enum kind kind, uint8_t uuid[16])
{
    const struct span text = value->bytes;
    size_t digits = 0;

    if (kind == KIND_UUID) {
        memcpy(uuid, value->uuid, 16);
        return true;
    }
    if (kind == KIND_BYTES && text.len == 16) {
        memcpy(uuid, text.ptr, 16);
        return true;
    }
    if (kind != KIND_TEXT || text.len != UUID_TEXT)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        const int digit = hex_of(text.ptr[i]);

        if (digit < 0 || digits == 32)
            continue;
        if (digits % 2 == 0)
            uuid[digits / 2] = 0;
        uuid[digits / 2] = (uint8_t)(uuid[digits / 2] << 4 | digit);
        digits++;
    }
    return digits == 32;
}

/* Of version 1 the clock stands with its lowest bits first. */
static double uuid_clock(const struct value *value, enum kind kind)
{
    uint8_t u[16];

    if (!uuid_read(value, kind, u) || u[6] >> 4 != 1)
        return NAN;
    return (double)((uint64_t)(u[6] & 15) << 56 | (uint64_t)u[7] << 48 | (uint64_t)u[4] << 40 |
                    (uint64_t)u[5] << 32 | (uint64_t)u[0] << 24 | (uint64_t)u[1] << 16 |
                    (uint64_t)u[2] << 8 | u[3]);
}

struct placed {
    struct span bytes;
    uint32_t row;
};

static int placed_compare(const void *a, const void *b)
{
    const struct span left = ((const struct placed *)a)->bytes;
    const struct span right = ((const struct placed *)b)->bytes;
    const size_t len = left.len < right.len ? left.len : right.len;
    const int order = len ? memcmp(left.ptr, right.ptr, len) : 0;

    return order ? order : (left.len > right.len) - (left.len < right.len);
}

/* The places of the values in the order of their bytes, equals in one place. */
static bool bytes_order(const struct table_sample *sample, const struct sample_column *column,
                        double *places)
{
    const struct type *type = type_ground(column->bound->column->type);
    const bool is_uuid = type->kind == KIND_UUID;
    const uint32_t skipped = type->class == TYPE_ARRAY ? ARRAY_HEADER : 0;
    struct placed *placed = ARENA_ARRAY(sample->arena, sample->rows + 1u, struct placed);
    uint32_t count = 0;

    if (!placed)
        return false;
    for (uint32_t row = 0; row < sample->rows; row++) {
        const struct value *value = &column->values[row];
        struct span bytes = {0};

        places[row] = NAN;
        if (value->is_null)
            continue;
        bytes = is_uuid ? span_make(value->uuid, sizeof(value->uuid)) : value->bytes;
        if (bytes.len < skipped)
            continue;
        placed[count++] = (struct placed){span_make(bytes.ptr + skipped, bytes.len - skipped), row};
    }
    qsort(placed, count, sizeof(*placed), placed_compare);
    for (uint32_t i = 0, place = 0; i < count; i++) {
        place = i && placed_compare(&placed[i - 1], &placed[i]) == 0 ? place : i;
        places[placed[i].row] = place;
    }
    return true;
}

static double number_of(const struct value *value, enum kind kind)
{
    double number = NAN;

    if (value->is_null)
        return NAN;
    if (kind == KIND_REAL)
        return value->real;
    if (kind != KIND_DECIMAL)
        return (double)value->integer;
    return real_parse(value->bytes, false, &number) ? number : NAN;
}

static void texts_read(const struct table_sample *sample, const struct sample_column *column,
                       double *readings[CLOCK_READINGS])
{
    const enum kind kind = column->bound->column->type->kind;

    for (uint32_t row = 0; row < sample->rows; row++) {
        const struct value *value = &column->values[row];
        const bool is_text = !value->is_null && (kind == KIND_TEXT || kind == KIND_JSON);
        struct text_readings read;

        text_read(is_text ? value->bytes : (struct span){0}, &read);
        readings[1][row] = value->is_null ? NAN : uuid_clock(value, kind);
        readings[2][row] = read.last;
        for (size_t i = 0; i < RUNS; i++)
            readings[3 + i][row] = read.runs[i];
        for (size_t i = 0; i < DATES; i++)
            readings[3 + RUNS + i][row] = read.dates[i];
    }
}

size_t clock_readings(const struct table_sample *sample, const struct sample_column *column,
                      double *readings[CLOCK_READINGS])
{
    const enum kind kind = column->bound->column->type->kind;

    assert(clock_is_readable(column->bound));
    if (kind == KIND_INTEGER || kind == KIND_REAL || kind == KIND_DECIMAL || kind == KIND_DATE ||
        kind == KIND_TIMESTAMP || kind == KIND_INSTANT) {
        for (uint32_t row = 0; row < sample->rows; row++)
            readings[0][row] = number_of(&column->values[row], kind);
        return 1;
    }
    if (!bytes_order(sample, column, readings[0]))
        return 0;
    if (sample_is_wire(column->bound) || kind == KIND_OTHER)
        return 1;
    texts_read(sample, column, readings);
    return 3 + RUNS + DATES;
}
