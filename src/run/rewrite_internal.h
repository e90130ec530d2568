/* What the files of the rewriter share: its state, and the passes over a rewritten batch. */
#ifndef UNDERSTUDY_RUN_REWRITE_INTERNAL_H
#define UNDERSTUDY_RUN_REWRITE_INTERNAL_H

#include "run/rewrite.h"

struct rewriter {
    struct rewriter_config config;
    struct arena *arena;   /* owned: everything below */
    struct arena *scratch; /* owned: what one batch needs */
    const struct bound_table *table;
    uint32_t columns;   /* bound columns; discriminators follow them in a batch */
    uint32_t *identity; /* positions of the identity columns */
    uint32_t *order;    /* columns in the order they are rewritten: companions first */
    bool *must_decode;  /* transformed, or somebody's companion */
    bool needs_subject;
    bool is_clustered;
    uint32_t place; /* is_clustered: the column of it */
    size_t cut_count;
    uint32_t *cuts;   /* edges of this table with parent: cut */
    uint64_t *nulled; /* by edge index */
    struct rewrite_counts counts;
    struct leak_buffer *leaks;
    const struct batch *batch; /* while one is rewritten */
    /* of the last batch, in scratch */
    uint32_t rows;
    uint64_t *identities, *subjects;
    bool *discriminators;             /* [row * discriminator_count + d] */
    struct value **inputs, **outputs; /* by column; NULL where not decoded */
    uint64_t *column_unchanged;       /* by column: values its rule returned by definition */
    bool **is_passed;                 /* by column: rows of such values; NULL: none */
    struct span **replaced;           /* by column: a cell for each row; NULL: copied */
    const struct span **row_replaced;
    struct span *row_cells;
    struct buf plain;               /* other spellings of the cells of the row being checked */
    size_t *plain_ends;             /* by column, in `plain` */
    struct buf sought;              /* the same of one text that is sought */
    struct key_scratch key;         /* its arena is `scratch` */
    struct likeness_part *likeness; /* owned; NULL: nothing of the table is compared */
    struct span *fan_cells;         /* as many as an edge has columns */
};

static inline const struct span *row_cell(const struct batch *batch, uint32_t row, uint32_t column)
{
    return &batch->cells[(size_t)row * batch->columns + column];
}

/* `parent: cut` of one edge: references whose parent is not in the selection become NULL. */
bool rewrite_cut_edge(struct rewriter *rewriter, const struct batch *batch, uint32_t edge,
                      struct error *err);

/* Makes room for a batch, and empties what the last one needed. */
bool rewrite_prepare(struct rewriter *rewriter, const struct batch *batch, struct error *err);
void rewrite_discriminate(struct rewriter *rewriter, const struct batch *batch, uint32_t row);
bool rewrite_decode(struct rewriter *rewriter, const struct batch *batch, uint32_t column,
                    struct error *err);

/* The variant of the column that the row takes. */
size_t rewrite_variant(const struct rewriter *rewriter, const struct bound_column *bound,
                       uint32_t row);

/* Hands the events of subjects over to the gathering. */
bool rewrite_gather(struct rewriter *rewriter, const struct batch *batch, struct error *err);

/* A time in microseconds, of dates their noon; false: NULL, a sentinel, or too far away to count in
 * 64 bits. */
bool rewrite_time(enum kind kind, const struct value *value, int64_t *time);

/* Hands the times along edges over to the ordering. */
bool rewrite_order(struct rewriter *rewriter, const struct batch *batch, struct error *err);

/* Sums up what the columns hold. */
bool rewrite_like(struct rewriter *rewriter, const struct batch *batch, struct error *err);

/* Hands the keys along edges over to the fanning. */
bool rewrite_fan(struct rewriter *rewriter, const struct batch *batch, struct error *err);

/* Gathers the identifying inputs of the batch for the leak scan. */
bool rewrite_note_leaks(struct rewriter *rewriter, struct error *err);
/* Counts the row when an identifying input of it stands in its output. */
bool rewrite_check_row(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                       struct error *err);

#endif
