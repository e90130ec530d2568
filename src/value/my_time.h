/* Dates and times as MySQL prints them with time zone +00:00: "2024-02-29 12:34:56.789000",
 * "0000-00-00", "-838:59:59". Numbers are those of value.h, partial dates included. */
#ifndef UNDERSTUDY_VALUE_MY_TIME_H
#define UNDERSTUDY_VALUE_MY_TIME_H

#include "value/value.h"

#define MY_TIME_SIZE   40
#define MY_TIME_DIGITS 6

/* A date for KIND_DATE, else a date and a time of day with up to six digits of a second. false: it
 * is none. */
bool my_date_parse(enum kind kind, struct span text, int64_t *time);
/* Up to 838:59:59 either way, with up to six digits of a second. */
bool my_time_parse(struct span text, int64_t *us);

/* Write text and NUL with `digits` of a second (0 to 6; what they do not show is cut off), and
 * return the length. Values must be within my_time_fits. */
size_t my_date_format(enum kind kind, int64_t time, unsigned digits, char text[MY_TIME_SIZE]);
size_t my_time_format(int64_t us, unsigned digits, char text[MY_TIME_SIZE]);

#endif
