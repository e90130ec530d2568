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

#endif
