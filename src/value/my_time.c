/* Dates and times as MySQL's text, read strictly. */
#include "value/my_time.h"
#include "value/my_type.h"
#include <stdio.h>

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY    (86400 * US_PER_SECOND)

enum { DATE_LEN = 10, CLOCK_SIZE = 16 };

struct reader {
    const char *ptr, *end;
};

/* As many digits as there are, between `least` and `most`. */
static bool take_digits(struct reader *reader, int least, int most, int *number)
{
    int count = 0;

    assert(most <= 9);
    *number = 0;
    for (; count < most && reader->ptr < reader->end; count++, reader->ptr++) {
        if (*reader->ptr < '0' || *reader->ptr > '9')
            break;
        *number = *number * 10 + (*reader->ptr - '0');
    }
    return count >= least;
}

static bool take_char(struct reader *reader, char byte)
{
    if (reader->ptr == reader->end || *reader->ptr != byte)
        return false;
    reader->ptr++;
    return true;
}

/* ":MM:SS" and perhaps a fraction, up to the end. */
static bool take_rest_of_time(struct reader *reader, int hours, int64_t *us)
{
    int minutes, seconds, fraction = 0;

    if (!take_char(reader, ':') || !take_digits(reader, 2, 2, &minutes) ||
        !take_char(reader, ':') || !take_digits(reader, 2, 2, &seconds) || minutes > 59 ||
        seconds > 59)
        return false;
    if (take_char(reader, '.')) {
        const char *start = reader->ptr;

        if (!take_digits(reader, 1, MY_TIME_DIGITS, &fraction))
            return false;
        for (ptrdiff_t digits = reader->ptr - start; digits < MY_TIME_DIGITS; digits++)
            fraction *= 10;
    }
    *us = ((int64_t)hours * 3600 + minutes * 60 + seconds) * US_PER_SECOND + fraction;
    return reader->ptr == reader->end;
}

static bool take_date(struct reader *reader, struct partial_date *date)
{
    return take_digits(reader, 4, 4, &date->year) && take_char(reader, '-') &&
           take_digits(reader, 2, 2, &date->month) && take_char(reader, '-') &&
           take_digits(reader, 2, 2, &date->day) && date->month <= 12 && date->day <= 31;
}

bool my_date_parse(enum kind kind, struct span text, int64_t *time)
{
    struct reader reader = {text.ptr, text.ptr + text.len};
    struct partial_date date = {.us = 0};
    int hours;

    assert(text.ptr && time);
    if (!take_date(&reader, &date))
        return false;
    if (kind == KIND_DATE ? reader.ptr != reader.end
                          : !take_char(&reader, ' ') || !take_digits(&reader, 2, 2, &hours) ||
                                hours > 23 || !take_rest_of_time(&reader, hours, &date.us))
        return false;
    if (date_is_partial(date.year, date.month, date.day)) {
        *time = time_make_partial(kind, &date);
        return true;
    }
    *time = date_to_days(date.year, date.month, date.day);
    if (kind != KIND_DATE)
        *time = *time * US_PER_DAY + date.us;
    return true;
}

bool my_time_parse(struct span text, int64_t *us)
{
    struct reader reader = {text.ptr, text.ptr + text.len};
    bool is_negative;
    int hours;

    assert(text.ptr && us);
    is_negative = take_char(&reader, '-');
    if (!take_digits(&reader, 2, 3, &hours) || !take_rest_of_time(&reader, hours, us) ||
        *us > MY_TIME_LIMIT)
        return false;
    if (is_negative)
        *us = -*us;
    return true;
}

/* Appends the digits of a second that are shown. */
static size_t fraction_format(int64_t us, unsigned digits, char *text)
{
    char all[16];

    assert(digits <= MY_TIME_DIGITS && us >= 0);
    text[0] = '\0';
    if (digits == 0)
        return 0;
    (void)snprintf(all, sizeof(all), ".%06d", (int)(us % US_PER_SECOND));
    memcpy(text, all, digits + 1);
    text[digits + 1] = '\0';
    return digits + 1;
}

static size_t clock_format(int64_t us, unsigned digits, char *text)
{
    const int seconds = (int)(us / US_PER_SECOND);
    const int len = snprintf(text, CLOCK_SIZE, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                             seconds % 60);

    assert(len > 0 && len < CLOCK_SIZE);
    return (size_t)len + fraction_format(us, digits, text + len);
}

size_t my_date_format(enum kind kind, int64_t time, unsigned digits, char text[MY_TIME_SIZE])
{
    struct partial_date date = {.us = 0};

    if (time_is_partial(kind, time)) {
        date = time_read_partial(kind, time);
    } else {
        const int64_t unit = kind == KIND_DATE ? 1 : US_PER_DAY;
        const int64_t days = time / unit - (time % unit < 0);

        date_from_days(days, &date.year, &date.month, &date.day);
        date.us = kind == KIND_DATE ? 0 : time - days * unit;
    }
    assert(date.year >= 0 && date.year <= 9999);
    (void)snprintf(text, MY_TIME_SIZE, "%04d-%02d-%02d", date.year, date.month, date.day);
    if (kind == KIND_DATE)
        return DATE_LEN;
    text[DATE_LEN] = ' ';
    return DATE_LEN + 1 + clock_format(date.us, digits, text + DATE_LEN + 1);
}

size_t my_time_format(int64_t us, unsigned digits, char text[MY_TIME_SIZE])
{
    size_t len = 0;

    assert(us >= -MY_TIME_LIMIT && us <= MY_TIME_LIMIT);
    if (us < 0)
        text[len++] = '-';
    return len + clock_format(us < 0 ? -us : us, digits, text + len);
}
