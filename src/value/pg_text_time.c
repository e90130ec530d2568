/* Dates and times as text, read strictly: what the session's settings exclude (another zone, a
 * month by name) is malformed, for it would be misread as easily as read. */
#include "value/pg_text_time.h"
#include "value/pg_type.h"
#include <stdio.h>

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY    (86400 * US_PER_SECOND)
#define YEAR_DIGITS   7 /* 5874897 */

struct reader {
    const char *ptr, *end;
};

static struct reader reader_of(struct span text)
{
    assert(text.ptr);
    return (struct reader){text.ptr, text.ptr + text.len};
}

/* Between `least` and `most` digits, as many as there are. */
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

static bool take_text(struct reader *reader, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(reader->end - reader->ptr) < len || memcmp(reader->ptr, text, len) != 0)
        return false;
    reader->ptr += len;
    return true;
}

struct civil {
    int year, month, day;
};

static bool take_date(struct reader *reader, struct civil *civil)
{
    return take_digits(reader, 4, YEAR_DIGITS, &civil->year) && take_text(reader, "-") &&
           take_digits(reader, 2, 2, &civil->month) && take_text(reader, "-") &&
           take_digits(reader, 2, 2, &civil->day);
}

/* The end of a text with a date: "", or " BC", which turns the year. */
static bool take_era(struct reader *reader, struct civil *civil)
{
    if (take_text(reader, " BC"))
        civil->year = 1 - civil->year;
    else if (civil->year == 0)
        return false;
    return reader->ptr == reader->end && civil->year <= INT32_MAX;
}

static bool civil_to_days(const struct civil *civil, int64_t *days)
{
    struct civil back;

    if (civil->month < 1 || civil->month > 12 || civil->day < 1 || civil->day > 31)
        return false;
    *days = date_to_days(civil->year, civil->month, civil->day);
    date_from_days(*days, &back.year, &back.month, &back.day);
    return back.month == civil->month && back.day == civil->day;
}

/* "HH:MM:SS", then perhaps a point and up to six digits. */
static bool take_time(struct reader *reader, int64_t *us)
{
    int hours, minutes, seconds, fraction = 0;

    if (!take_digits(reader, 2, 2, &hours) || !take_text(reader, ":") ||
        !take_digits(reader, 2, 2, &minutes) || !take_text(reader, ":") ||
        !take_digits(reader, 2, 2, &seconds))
        return false;
    if (take_text(reader, ".")) {
        const char *start = reader->ptr;

        if (!take_digits(reader, 1, 6, &fraction))
            return false;
        for (ptrdiff_t digits = reader->ptr - start; digits < 6; digits++)
            fraction *= 10;
    }
    if (minutes > 59 || seconds > 59)
        return false;
    *us = (int64_t)(hours * 3600 + minutes * 60 + seconds) * US_PER_SECOND + fraction;
    return *us <= US_PER_DAY;
}

static bool parse_infinity(struct span text, int64_t *time)
{
    if (span_equal(text, SPAN_LITERAL("infinity")))
        *time = TIME_MAX;
    else if (span_equal(text, SPAN_LITERAL("-infinity")))
        *time = TIME_MIN;
    else
        return false;
    return true;
}

enum time_result date_parse(struct span text, int64_t *days)
{
    struct reader reader = reader_of(text);
    struct civil civil;

    if (parse_infinity(text, days))
        return TIME_OK;
    if (!take_date(&reader, &civil) || !take_era(&reader, &civil) || !civil_to_days(&civil, days))
        return TIME_MALFORMED;
    return date_in_range(*days) ? TIME_OK : TIME_MALFORMED;
}

enum time_result time_parse(struct span text, int64_t *us)
{
    struct reader reader = reader_of(text);

    return take_time(&reader, us) && reader.ptr == reader.end ? TIME_OK : TIME_MALFORMED;
}

enum time_result timestamp_parse(struct span text, bool has_zone, int64_t *us)
{
    struct reader reader = reader_of(text);
    struct civil civil;
    int64_t days, time;

    if (parse_infinity(text, us))
        return TIME_OK;
    if (!take_date(&reader, &civil) || !take_text(&reader, " ") || !take_time(&reader, &time) ||
        time == US_PER_DAY || (has_zone && !take_text(&reader, "+00")) ||
        !take_era(&reader, &civil) || !civil_to_days(&civil, &days))
        return TIME_MALFORMED;
    if (civil.year > 294276)
        return TIME_MALFORMED;
    if (days > (TIME_MAX - 1 - time) / US_PER_DAY)
        return TIME_TOO_LATE;
    if (days < TIME_MIN / US_PER_DAY + 1)
        return TIME_MALFORMED;
    *us = days * US_PER_DAY + time;
    return timestamp_in_range(*us) ? TIME_OK : TIME_MALFORMED;
}

static size_t infinity_format(int64_t time, char text[TIME_TEXT_SIZE])
{
    return (size_t)snprintf(text, TIME_TEXT_SIZE, "%sinfinity", time == TIME_MIN ? "-" : "");
}

/* The date without its era; *is_bc says which. */
static size_t civil_format(int64_t days, char text[TIME_TEXT_SIZE], bool *is_bc)
{
    struct civil civil;

    date_from_days(days, &civil.year, &civil.month, &civil.day);
    *is_bc = civil.year <= 0;
    return (size_t)snprintf(text, TIME_TEXT_SIZE, "%04d-%02d-%02d",
                            *is_bc ? 1 - civil.year : civil.year, civil.month, civil.day);
}

size_t date_format(int64_t days, char text[TIME_TEXT_SIZE])
{
    size_t len;
    bool is_bc;

    assert(date_in_range(days));
    if (days == TIME_MIN || days == TIME_MAX)
        return infinity_format(days, text);
    len = civil_format(days, text, &is_bc);
    if (is_bc)
        len += (size_t)snprintf(text + len, TIME_TEXT_SIZE - len, " BC");
    return len;
}

size_t time_format(int64_t us, char text[TIME_TEXT_SIZE])
{
    int seconds = (int)(us / US_PER_SECOND), fraction = (int)(us % US_PER_SECOND);
    size_t len;

    assert(time_in_range(us));
    len = (size_t)snprintf(text, TIME_TEXT_SIZE, "%02d:%02d:%02d", seconds / 3600,
                           seconds / 60 % 60, seconds % 60);
    if (fraction == 0)
        return len;
    len += (size_t)snprintf(text + len, TIME_TEXT_SIZE - len, ".%06d", fraction);
    while (text[len - 1] == '0')
        text[--len] = '\0';
    return len;
}

size_t timestamp_format(int64_t us, bool has_zone, char text[TIME_TEXT_SIZE])
{
    char time[TIME_TEXT_SIZE];
    int64_t days;
    size_t len;
    bool is_bc;

    assert(timestamp_in_range(us));
    if (us == TIME_MIN || us == TIME_MAX)
        return infinity_format(us, text);
    days = us / US_PER_DAY - (us % US_PER_DAY < 0);
    len = civil_format(days, text, &is_bc);
    time_format(us - days * US_PER_DAY, time);
    return len + (size_t)snprintf(text + len, TIME_TEXT_SIZE - len, " %s%s%s", time,
                                  has_zone ? "+00" : "", is_bc ? " BC" : "");
}
