/* How values stand on the wire: PostgreSQL's binary and text COPY forms, MySQL's text. A
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

/* The raw cells of one column of a batch: `count` of them, each `stride` spans after the other. */
struct cell_column {
    const struct span *cells;
    uint32_t stride, count;
};

/* Where measures of a column go: arrays of its count; NULL: not asked for. */
struct cell_measures {
    double *numbers;
    int64_t *times;
    struct span *texts;
    struct arena *arena; /* for texts that do not stand in the cells as they are */
};

struct codec {
    const char *name; /* "binary", "text" */

    /* Splits one row as COPY delivers it (without file header and trailer; text: with its line feed
     * or without) into `count` raw cells, borrowed from `row`; cell.ptr NULL is SQL NULL. Text
     * cells stay escaped. false: not well-formed, STATUS_SOURCE, naming no bytes. */
    bool (*split)(struct span row, struct span *cells, uint32_t count, struct error *err);

    /* Raw cell (not NULL) to value. Memory from `arena` where bytes are not borrowed as they are.
     * Domains decode as their base. Arrays, composites and ranges give parts, whatever their kind
     * says; other types of KIND_OTHER the wire's bytes (text: without escapes). What no server
     * sends for the type is STATUS_SOURCE, and so are timestamps after 294247-01-10
     * 04:00:54, which 64 bits counted from 1970 do not hold. */
    bool (*decode)(const struct type *type, struct span cell, struct arena *arena,
                   struct value *value, struct error *err);

    /* True of a cell that holds a text in bytes that UTF-8 does not lead back to: it may be copied
     * and compared as it stands, decode refuses it. `legible`: what can be read of it, UTF-8,
     * borrowed. NULL: there are none. */
    bool (*opaque)(const struct type *type, struct span cell, struct span *legible);

    /* What the cells of a column amount to, without making values of them; NULL gives 0 and ptr
     * NULL. `numbers`: integers, reals and decimals as a double (to its last digit but one; what is
     * finite stays so, what is not zero stays so); dates, timestamps and instants as microseconds,
     * infinities as they are; bytes of a text, a JSON text, a byte string; elements of an array.
     * `times`: microseconds since 1970 (TIME_MIN, TIME_MAX: the infinities, TIME_MIN also what no
     * calendar has; what 64 bits do not hold stands next to them). `texts`: of texts (opaque ones:
     * what can be read of them), JSON and byte strings. Other types have no measures. What no
     * server sends for the type is STATUS_SOURCE. */
    bool (*measure)(const struct type *type, const struct cell_column *column,
                    const struct cell_measures *measures, struct error *err);

    /* Value (not NULL) to raw cell in `arena`, or borrowed from the value where its bytes are the
     * cell: exactly the bytes that the server would send for it (MySQL's reals: the same number).
     * `column` NULL: no modifier; else a numeric takes its scale (precision > 0; read as a signed
     * number), times take its digits of seconds, rounded as the server rounds (PostgreSQL and
     * MySQL; MariaDB would cut); char(n) padding is left to the server. The caller sees to it that
     * the whole digits fit. A value the type cannot hold is STATUS_BUG. `column` speaks for
     * elements of arrays too; fields of composites have columns of their own. Parts are written as
     * they stand: ranges, multiranges and hstores must be in the form that the server gives them,
     * and the shape of an array be one that this codec decoded. */
    bool (*encode)(const struct column *column, const struct type *type, const struct value *value,
                   struct arena *arena, struct span *cell, struct error *err);

    /* Appends one row: for each column replaced[c] when that pointer is not NULL (its .ptr NULL
     * writes NULL), else the raw cell as it stood in `row` between its neighbors. Only `cells` say
     * what belongs to the row: further fields in front of them or behind them (an address) are
     * left out, and binary's count of fields is `count`. Text ends with a line feed. */
    void (*write_row)(struct span row, const struct span *cells, const struct span *const *replaced,
                      uint32_t count, struct buf *out);

    /* Splits a row that write_row made, as split does one that was read; its cells are those of
     * the written form (MySQL: with their escapes). NULL: written rows have the form of read ones,
     * and split does both. */
    bool (*split_written)(struct span row, struct span *cells, uint32_t count, struct error *err);

    /* Array cell (not NULL) to its elements, flattened, and back with the same shape and element
     * NULLs. `elements` are raw cells of the element type; `count` must be what splitting gave.
     * Text: only types whose elements have a comma between them, which box and PostGIS's geometry
     * do not; the text does not tell, so the caller must. */
    bool (*array_split)(struct span cell, struct arena *arena, struct span **elements,
                        uint32_t *count, struct error *err);
    bool (*array_join)(struct span cell, const struct span *elements, uint32_t count,
                       struct arena *arena, struct span *joined, struct error *err);

    /* Rewrites type numbers inside a cell of a type with carries_oids, at any depth up to 16 types
     * in types. Text: copies. Numbers below 10000 are the same on every server and need not be in
     * `oids`; another one that is not in it is STATUS_TARGET. */
    bool (*translate_oids)(const struct type *type, struct span cell, const struct oid_map *oids,
                           struct arena *arena, struct span *translated, struct error *err);

    struct span header, trailer; /* of a COPY stream */
};

static inline bool codec_opaque(const struct codec *codec, const struct type *type,
                                struct span cell, struct span *legible)
{
    return codec->opaque && codec->opaque(type, cell, legible);
}

/* A measure() made of a codec's decode, for codecs whose cells have to be read anyway. */
bool codec_measure_values(const struct codec *codec, const struct type *type,
                          const struct cell_column *column, const struct cell_measures *measures,
                          struct error *err);
/* Days and microseconds as `numbers` and `times` have them. */
int64_t measure_days(int64_t days);
double measure_time_number(int64_t us);

extern const struct codec codec_pg_binary;
extern const struct codec codec_pg_text;
extern const struct codec codec_my;

/* What the program reads for itself from a server of the engine, and its second codec, which
 * carries every type (the same where there is only one). */
const struct codec *codec_of(enum engine engine);
const struct codec *codec_text_of(enum engine engine);
/* The second codec of the engine that `codec` reads. */
const struct codec *codec_text_beside(const struct codec *codec);

#endif
