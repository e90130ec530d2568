/* PostgreSQL's binary numeric: digits to the base 10,000, their weight, a sign, and the number of
 * decimals that are shown. */
#ifndef UNDERSTUDY_VALUE_PG_NUMERIC_H
#define UNDERSTUDY_VALUE_PG_NUMERIC_H

#include "base/arena.h"
#include "base/common.h"
#include "base/span.h"

enum numeric_result { NUMERIC_OK, NUMERIC_MALFORMED, NUMERIC_NO_MEMORY };

/* Binary to the text that the server prints for it, and back. */
enum numeric_result numeric_to_text(struct span cell, struct arena *arena, struct span *text);
enum numeric_result numeric_from_text(struct span text, struct arena *arena, struct span *cell);
/* The double next to it, to the last digit but one: NaN and the infinities as they are; what is
 * finite stays finite, what is not zero does not become zero. False: not well-formed. */
bool numeric_to_double(struct span cell, double *number);

#endif
