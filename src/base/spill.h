/* Bytes put aside on disk: an unlinked file (O_TMPFILE) in --tmpdir, mode 0700, encrypted with a
 * random key that lives only in this process (XChaCha20-Poly1305 frames), so that a disk taken
 * away holds nothing readable. Append, then read back at any offset. For one thread. */
#ifndef UNDERSTUDY_BASE_SPILL_H
#define UNDERSTUDY_BASE_SPILL_H

#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/span.h"

struct spill;

/* `directory` must exist. Errors are STATUS_LOCAL (disk full, no directory) and name no data. */
bool spill_new(const char *directory, struct spill **spill, struct error *err);
void spill_free(struct spill *spill);
/* One record of up to 2 GiB; *position is what spill_read takes. */
bool spill_write(struct spill *spill, struct span record, uint64_t *position, struct error *err);
/* The record at `position` into `buf` (reset first). A damaged record is STATUS_LOCAL. */
bool spill_read(struct spill *spill, uint64_t position, struct buf *buf, struct error *err);
uint64_t spill_bytes(const struct spill *spill);

AUTO_DEFINE(spill, struct spill, spill_free)

#endif
