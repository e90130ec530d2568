/* Time of day and elapsed time; durations and sizes as people write them. */
#ifndef UNDERSTUDY_BASE_CLOCK_H
#define UNDERSTUDY_BASE_CLOCK_H

#include "base/common.h"

int64_t clock_now_us(void);   /* microseconds since 1970, UTC */
double clock_monotonic(void); /* seconds */
/* "2026-01-02T03:04:05Z"; buffer of at least 21 bytes. */
void clock_format_utc(int64_t us, char *text, size_t size);
/* "90s", "5m", "2h", "30d", "2w", "250ms" -> microseconds; a bare number is refused unless 0. */
bool clock_parse_duration(const char *text, int64_t *us);
/* "64MiB", "1GiB", "500kB", "4096" -> bytes. */
bool size_parse(const char *text, uint64_t *bytes);
/* 1536 -> "1.5 KiB"; buffer of at least 16 bytes. */
void size_format(uint64_t bytes, char *text, size_t size);
/* 1234567 -> "1,234,567"; buffer of at least 32 bytes. */
void count_format(uint64_t count, char *text, size_t size);

#endif
