/* Dates and times as PostgreSQL prints them with DateStyle ISO and TimeZone UTC: "0044-03-15 BC",
 * "2024-02-29 12:34:56.789+00", "infinity". Numbers are those of value.h. */
#ifndef UNDERSTUDY_VALUE_PG_TEXT_TIME_H
#define UNDERSTUDY_VALUE_PG_TEXT_TIME_H

#include "base/common.h"
#include "base/span.h"

enum time_result { TIME_OK, TIME_MALFORMED, TIME_TOO_LATE };

enum time_result date_parse(struct span text, int64_t *days);
enum time_result time_parse(struct span text, int64_t *us);
enum time_result timestamp_parse(struct span text, bool has_zone, int64_t *us);

#define TIME_TEXT_SIZE 64

/* Write text and NUL, return the length. Values must be in the ranges of pg_type.h. */
size_t date_format(int64_t days, char text[TIME_TEXT_SIZE]);
size_t time_format(int64_t us, char text[TIME_TEXT_SIZE]);
size_t timestamp_format(int64_t us, bool has_zone, char text[TIME_TEXT_SIZE]);

#endif
