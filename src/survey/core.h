/* What the files of the survey's core share with each other and with their tests; detectors include
 * detector.h and no more. A table under survey goes through: table.c (its columns, how they are
 * read), frame.c (a batch of rows as columns), part.c (the states of all detectors of one worker),
 * strata.c (what came of it). */
#ifndef UNDERSTUDY_SURVEY_CORE_H
#define UNDERSTUDY_SURVEY_CORE_H

#include "survey/detector.h"

#define SURVEY_BATCH_ROWS 2048u
#define FIELD_NONE        UINT32_MAX /* the column is not read */

/* table.c: how the rows of a table are read. */
struct survey_layout {
    size_t field_count;
    struct field *fields;
    uint32_t *positions; /* by survey_column.index: the column's field, or FIELD_NONE */
    size_t identity_count;
    uint32_t *identity; /* fields of the identity columns */
    size_t extra_first; /* fields of links_fields stand behind all others */
    size_t extra_count;
};

/* The most rows of a table of `rows` that are rare: tails.rare of them, at least 1. */
uint64_t rare_limit(const struct bound_tails *tails, double rows);

/* What table_open needs beside the table. */
struct table_options {
    const struct binding *binding;
    const struct codec *codec;
    const struct db *source; /* words what is read of wide columns; NULL: none is wide */
    uint64_t row_bound;      /* the table has at most so many rows, or is read again */
    int64_t now_us;
    const struct links *links; /* may need columns that no detector does; or NULL */
    bool is_surveyed;          /* else read for links alone */
};

/* Everything lies in `arena`; table_close frees what does not. */
bool table_open(struct survey_table *table, struct survey_layout *layout,
                const struct table_options *options, const struct bound_table *bound,
                struct arena *arena, struct error *err);
/* For a second look at some columns, and at none for links. */
bool layout_narrow(struct survey_layout *layout, const struct survey_table *table,
                   const bool *columns, struct arena *arena, struct error *err);
bool table_say_gaps(const struct survey_table *table, struct strata *strata, struct error *err);
void table_close(struct survey_table *table);
size_t table_bytes(const struct survey_table *table);

/* frame.c: a batch as columns; of one thread, its arrays made once. */
struct column_arrays;

struct frame {
    struct survey_batch batch;
    const struct survey_layout *layout;
    struct arena *arrays;            /* owned */
    struct survey_cells *columns;    /* by survey_column.index */
    struct column_arrays *arrays_of; /* the same, to be written */
    struct span **extras_of;
    const struct span *const *extras; /* [extra field][row] */
};

bool frame_init(struct frame *frame, const struct survey_table *table,
                const struct survey_layout *layout, uint32_t capacity, struct error *err);
void frame_release(struct frame *frame);
size_t frame_bytes(const struct frame *frame);
/* The rows as columns, until the next call; `rows` must stay as long. */
bool frame_fill(struct frame *frame, const struct batch *rows, struct error *err);

/* coarse.c: the coarse symbols of values that are not NULL. */
uint8_t coarse_number(double number);
uint8_t coarse_text(struct span text);

/* rows.c: identity hashes of a batch, made when they are asked for. */
struct survey_rows *survey_rows_new(const struct survey_table *table,
                                    const struct survey_layout *layout, uint32_t capacity,
                                    struct arena *arena, struct error *err);
void survey_rows_release(struct survey_rows *rows);
void survey_rows_begin(struct survey_rows *rows, const struct batch *batch);

/* part.c: the states of all detectors for one table, of one worker. */
struct part {
    size_t count;
    void **states; /* by detector; NULL: nothing for it here */
};

extern const struct detector *const survey_detectors[];
extern const size_t survey_detector_count;

/* The caller ends with part_close, whatever was returned. */
bool part_open(struct part *part, const struct survey_table *table, struct arena *arena,
               struct error *err);
bool part_observe(struct part *part, const struct survey_batch *batch, struct error *err);
bool part_merge(struct part *part, struct part *from, struct error *err);
/* Whether some detector needs a second look; columns[index] is set for what it must see. */
bool part_again(struct part *part, const struct survey_table *table, bool *columns, bool *is_wanted,
                struct error *err);
/* For one worker of the second look; merged into `part`, from which it borrows. */
bool part_fork(struct part *fork, const struct part *part, struct arena *arena, struct error *err);
bool part_yield(struct part *part, struct strata *strata, struct error *err);
void part_close(struct part *part);
size_t part_bytes(const struct part *part);

/* strata.c */
struct strata {
    struct survey *survey;
    const struct survey_table *table;
    const struct detector *detector; /* NULL: the core itself */
    uint64_t *rows;                  /* by table index, as far as they are counted */
    size_t stratum_capacity, gap_capacity, distribution_capacity, fan_out_capacity;
};

/* masked.c: the column whose rule leaves nothing of the stratum to see; NULL: none does. */
const struct bound_column *masking_column(const struct binding *binding,
                                          const struct stratum_draft *draft);

bool strata_init(struct strata *strata, struct survey *survey, struct error *err);
/* About columns that are no survey_column; `columns` NULL: the whole table. */
bool strata_gap_named(struct strata *strata, const struct table *table, const char *columns,
                      const char *why, struct error *err);
/* settle.c: sorts strata, gaps and the rest, and keeps one of those that say the same. */
void strata_settle(struct strata *strata);

/* order.c: these tables, parents before children; of a circle the table of lowest index goes first,
 * behind all that stands above the circle. */
bool order_tables(const struct binding *binding, const bool *is_surveyed, struct arena *arena,
                  const struct bound_table ***tables, size_t *count, struct error *err);

#endif
