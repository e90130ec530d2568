/* The key of one row as staging shows it: what `why` prints, so that no key of production appears.
 */
#ifndef UNDERSTUDY_RUN_MASK_H
#define UNDERSTUDY_RUN_MASK_H

#include "bind/bind.h"

/* Reads the row at (relation, address) and rewrites its identity columns by their rules; parts are
 * joined by commas, in `arena`. A part whose rule needs more than the value (its subject, other
 * columns, a discriminator) is shown as "*". A table without a key shows "*". */
bool mask_key(struct db *source, const struct bound_table *table, uint16_t relation,
              uint64_t address, struct arena *arena, const char **key, struct error *err);

#endif
