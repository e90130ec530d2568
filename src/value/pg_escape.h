/* The escapes of COPY's text format. */
#ifndef UNDERSTUDY_VALUE_PG_ESCAPE_H
#define UNDERSTUDY_VALUE_PG_ESCAPE_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/span.h"

/* The bytes a cell stands for: \b \f \n \r \t \v, \ooo, \xhh, and a backslash before anything
 * else. The cell itself, not a copy, where it has no backslash. */
bool escape_undo(struct span cell, struct arena *arena, struct span *bytes, struct error *err);

/* The cell for bytes, escaped exactly where the server escapes; `bytes` itself where nowhere. */
bool escape_apply(struct span bytes, struct arena *arena, struct span *cell, struct error *err);

#endif
