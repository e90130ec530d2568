/* What an engine answers behind the checks of verify.h and the counts of privacy.h: its table of
 * functions. All run on one connection to the new database. */
#ifndef UNDERSTUDY_VERIFY_ENGINE_H
#define UNDERSTUDY_VERIFY_ENGINE_H

#include "verify/verify_internal.h"

/* A text of the schema and the object it belongs to, as the server names it. */
typedef bool verify_text(void *context, const char *object, struct span text, struct error *err);

struct verify_engine {
    /* The checks of these names in checks.def. */
    verify_check *foreign_keys, *unique_keys, *check_constraints, *sequences;
    /* Gives `each` every text of the schema that people wrote, until it says false. `schema`: what
     * the source calls the schema, where staging's has another name. */
    bool (*read_texts)(struct db *target, const char *schema, verify_text *each, void *context,
                       struct error *err);
    /* The one row of whole numbers that a statement of ours delivers. `path`: the search path under
     * which SQL of the profile in it means what it meant at the source; NULL: there is none. */
    bool (*read_numbers)(struct db *target, const char *sql, const char *path, uint64_t *numbers,
                         size_t count, struct error *err);
    /* Appends a derived table of columns k0, k1, ...: texts, out of a JSON list of lists of them.
     * False where it is longer than the server takes. */
    bool (*add_lists)(struct buf *sql, size_t columns, const struct buf *rows);
    const char *before_lists; /* what a statement with such a table begins with */
};

extern const struct verify_engine verify_engine_pg;
extern const struct verify_engine verify_engine_my;

const struct verify_engine *verify_engine(enum engine engine);

#endif
