/* How values stand on the wire: PostgreSQL's binary and text COPY forms, later MySQL's text. A
 * codec splits a row into raw fields, decodes the fields a rule touches, encodes the results, and
 * writes rows in which untouched fields are copied as they stood (runs of them in one memcpy).
 * Codecs are const tables without state; safe from every thread. */
#ifndef UNDERSTUDY_VALUE_CODEC_H
#define UNDERSTUDY_VALUE_CODEC_H

#include "value/value.h"

/* A type number of the source and the one that stands for it on the target: arrays and composites
 * carry them. Sorted by source. */
struct oid_pair {
    uint32_t source, target;
};

struct oid_map {
    size_t count;
    const struct oid_pair *pairs;
};

struct codec {
    const char *name; /* "binary", "text" */

    /* Splits one row as COPY delivers it (without file header and trailer) into `count` raw cells,
     * borrowed from `row`; cell.ptr NULL is SQL NULL. Text cells stay escaped. false: not
     * well-formed, STATUS_SOURCE, naming no bytes. */
    bool (*split)(struct span row, struct span *cells, uint32_t count, struct error *err);

    /* Raw cell (not NULL) to value. Memory from `arena` where bytes are not borrowed as they are.
     * Arrays, composites and ranges are not decoded here (see array_*). */
    bool (*decode)(const struct type *type, struct span cell, struct arena *arena,
                   struct value *value, struct error *err);

    /* Value (not NULL) to raw cell in `arena`, in the form `modifier` demands (numeric scale,
     * char(n) padding is left to the server). */
    bool (*encode)(const struct column *column, const struct type *type, const struct value *value,
                   struct arena *arena, struct span *cell, struct error *err);

    /* Appends one row: for each column replaced[c] when that pointer is not NULL (its .ptr NULL
     * writes NULL), else the raw cell as it stood in `row` between its neighbours. */
    void (*write_row)(struct span row, const struct span *cells, const struct span *const *replaced,
                      uint32_t count, struct buf *out);

    /* Array cell (not NULL) to its elements, flattened, and back with the same shape and element
     * NULLs. `elements` are raw cells of the element type. */
    bool (*array_split)(struct span cell, struct arena *arena, struct span **elements,
                        uint32_t *count, struct error *err);
    bool (*array_join)(struct span cell, const struct span *elements, uint32_t count,
                       struct arena *arena, struct span *joined, struct error *err);

    /* Rewrites type numbers inside a cell of a type with carries_oids. Text: copies. An unknown
     * number is STATUS_TARGET. */
    bool (*translate_oids)(const struct type *type, struct span cell, const struct oid_map *oids,
                           struct arena *arena, struct span *translated, struct error *err);

    struct span header, trailer; /* of a COPY stream */
};

extern const struct codec codec_pg_binary;
extern const struct codec codec_pg_text;

#endif
