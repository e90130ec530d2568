/* Time, and the way people write durations, sizes and counts. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit durations[] = {
    {"us", 1},
    {"ms", 1000},
    {"s", 1000000},
    {"m", 60u * 1000000u},
    {"h", 3600ull * 1000000u},
    {"d", 86400ull * 1000000u},
    {"w", 7ull * 86400u * 1000000u},
};

static const struct unit sizes[] = {
    {"", 1},
    {"B", 1},
    {"kB", 1000},
    {"KB", 1000},
    {"MB", 1000000},
    {"GB", 1000000000},
    {"TB", 1000000000000},
    {"KiB", 1ull << 10},
    {"MiB", 1ull << 20},
    {"GiB", 1ull << 30},
    {"TiB", 1ull << 40},
};

int64_t clock_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

double clock_monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void clock_format_utc(int64_t us, char *text, size_t size)
{
    assert(text && size >= 21);
    int64_t seconds = us / 1000000 - (us % 1000000 < 0);
    time_t time = (time_t)seconds;
    struct tm parts;
    if (!gmtime_r(&time, &parts) || strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(text, size, "-");
}

/* Digits, then one of the units; false on anything else and past 2^64. */
static bool number_parse(const char *text, const struct unit *units, size_t count, uint64_t *number)
{
    uint64_t value = 0;
    const char *next = text;

    for (; *next >= '0' && *next <= '9'; next++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*next - '0'), &value))
            return false;
    if (next == text)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(next, units[i].name) == 0) {
            if (value > UINT64_MAX / units[i].factor)
                return false;
            *number = value * units[i].factor;
            return true;
        }
    return false;
}

bool clock_parse_duration(const char *text, int64_t *us)
{
    uint64_t number;

    assert(text && us);
    if (strcmp(text, "0") == 0) {
        *us = 0;
        return true;
    }
    if (!number_parse(text, durations, COUNT_OF(durations), &number) || number > INT64_MAX)
        return false;
    *us = (int64_t)number;
    return true;
}

bool size_parse(const char *text, uint64_t *bytes)
{
    assert(text && bytes);
    return number_parse(text, sizes, COUNT_OF(sizes), bytes);
}

void size_format(uint64_t bytes, char *text, size_t size)
{
    static const char *const names[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    double number = (double)bytes / 1024;

    assert(text && size >= 16);
    if (bytes < 1024) {
        snprintf(text, size, "%u B", (unsigned)bytes);
        return;
    }
    /* What would be printed as 1024.0 belongs to the next unit. */
    while (number >= 1023.95) {
        number /= 1024;
        unit++;
    }
    assert(unit < COUNT_OF(names));
    snprintf(text, size, "%.1f %s", number, names[unit]);
}

void count_format(uint64_t count, char *text, size_t size)
{
    char digits[21];

    assert(text && size >= 32);
    int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            *text++ = ',';
        *text++ = digits[i];
    }
    *text = '\0';
}
