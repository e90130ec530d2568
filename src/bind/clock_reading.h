/* How a value may tell the time: a column's values read as numbers in several ways, each of which
 * may grow with time though the values themselves do not (1 to 10 as text, INV-000123, a UUID of
 * version 1, a date inside a document). Only ranks are taken of these numbers. */
#ifndef UNDERSTUDY_BIND_CLOCK_READING_H
#define UNDERSTUDY_BIND_CLOCK_READING_H

#include "bind/sample.h"

enum { CLOCK_READINGS = 14 };

/* False for kinds that no order is sought in: booleans, labels, times of day. */
bool clock_is_readable(const struct bound_column *bound);

/* Fills readings[i][row] for i below the result; NAN where that row has no such number. Memory from
 * the sample's arena; 0: memory ended. */
size_t clock_readings(const struct table_sample *sample, const struct sample_column *column,
                      double *readings[CLOCK_READINGS]);

#endif
