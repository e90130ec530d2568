/* The key of one row as staging shows it: what `why` prints, so that no key of production appears.
 */
#ifndef UNDERSTUDY_RUN_MASK_H
#define UNDERSTUDY_RUN_MASK_H

#include "base/bitmap.h"
#include "base/buf.h"
#include "bind/bind.h"

/* Reads the row at (relation, address) and rewrites its identity columns by their rules; parts are
 * joined by commas, in `arena`. A part whose rule needs more than the value (its subject, other
 * columns, a discriminator) is shown as "*". A table without a key shows "*". */
bool mask_key(struct db *source, const struct bound_table *table, uint16_t relation,
              uint64_t address, struct arena *arena, const char **key, struct error *err);

/* The same of many rows: a JSON list of a list for each row, of the parts' text forms. */
struct mask_list {
    const struct bound_table *table;
    bool is_known; /* false: a part cannot be told from the value alone, or there are too many */
    uint64_t count;
    struct buf rows; /* owned; closed by mask_list_close; texts as sql_words' `text` gives them */
};

void mask_list_init(struct mask_list *list, const struct bound_table *table);
void mask_list_release(struct mask_list *list);
/* Adds the rows of `rows`, which are addresses of `relation`. Ends early once is_known is false. */
bool mask_list_read(struct mask_list *list, struct db *source, const struct relation *relation,
                    const struct bitmap *rows, struct error *err);
/* Ends the list; nothing can be added any more. */
void mask_list_close(struct mask_list *list);

#endif
