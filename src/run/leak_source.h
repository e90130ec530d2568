/* privacy.scan: source. The identifying values of production's other rows, those that were not
 * chosen, join what must not be found in the target: one more read of the source, at the snapshot
 * of the run, of the columns that identify. */
#ifndef UNDERSTUDY_RUN_LEAK_SOURCE_H
#define UNDERSTUDY_RUN_LEAK_SOURCE_H

#include "run/copy.h"

/* Fills config->leaks by the crew's source connections; nothing is written. *rows: how many rows
 * were noted. STATUS_LOCAL when the set is full. */
bool leak_source_read(const struct copy_config *config, struct crew *crew, struct arena *arena,
                      uint64_t *rows, struct error *err);

#endif
