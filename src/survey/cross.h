/* Cross tables: how many rows have which symbols in two columns, or in three, exactly, for all
 * pairs or triples of some columns. Cells of few rows know witnesses. */
#ifndef UNDERSTUDY_SURVEY_CROSS_H
#define UNDERSTUDY_SURVEY_CROSS_H

#include "survey/signatures.h"
#include "survey/symbols.h"

enum {
    CROSS_COLUMNS_MOST = 48,
    CROSS_ORDER_MOST = 3,
    CROSS_LISTS_MOST = 65536, /* cells that have witnesses at one time */
};

/* A column as the cross tables of one set see it: with at most `fine_most` values, else with their
 * coarse classes. Symbols are renumbered as they come, so that the tables stay small. */
struct cross_view {
    const struct survey_column *column;
    uint32_t position; /* in signatures */
    unsigned fine_most;
    bool is_folded;
    uint8_t count; /* numbers in use */
    uint8_t size;  /* room for so many in the tables */
    uint8_t number_of[SYMBOL_COUNT];
    uint8_t symbol_of[SYMBOL_COUNT];
};

struct cross_cell {
    uint64_t rows : 40;
    uint64_t list : 24; /* number of its witnesses + 1; 0 with rows: it has lost them */
};

struct cross {
    unsigned order;                  /* 1: margins, 2, 3 */
    uint8_t views[CROSS_ORDER_MOST]; /* ascending */
    struct cross_cell *cells;        /* row-major, by the numbers of the views */
    struct cross_cell *former;       /* while the tables are made anew */
};

/* All cross tables of up to `order` of the views; only those of the highest order have witnesses.
 */
struct cross_set {
    struct arena *arena; /* owned; of the tables, made anew when they grow */
    unsigned order;
    uint32_t view_count;
    struct cross_view *views;
    uint32_t count;
    struct cross *crosses; /* by order, then by views */
    uint64_t limit;
    struct witness_pool *pool; /* borrowed */
    struct arena *lasting;     /* borrowed */
    size_t list_count, list_capacity;
    struct witness_list *lists;
    uint32_t free_list; /* number + 1; the next stands in its count */
    uint8_t *numbers;   /* of the signatures being added, view by view */
    bool is_bounded;    /* some cell got no witnesses because there were too many cells */
};

/* `views` (column, position, fine_most set) is kept; memory that stays comes from `lasting`. */
bool cross_set_init(struct cross_set *set, unsigned order, struct cross_view *views, size_t count,
                    struct arena *lasting, struct error *err);
void cross_set_release(struct cross_set *set);
size_t cross_set_bytes(const struct cross_set *set);
/* Adds all signatures; they stay. */
bool cross_set_add(struct cross_set *set, const struct signatures *signatures, struct error *err);
/* Adds the tables of another state. */
bool cross_set_merge(struct cross_set *set, const struct cross_set *from, struct error *err);
/* When all workers are done: every symbol as it counts in the end. */
bool cross_set_finish(struct cross_set *set, struct error *err);

size_t cross_cell_count(const struct cross_set *set, const struct cross *cross);
/* The numbers of a cell, one for each view of the cross. */
void cross_numbers(const struct cross_set *set, const struct cross *cross, size_t cell,
                   uint8_t numbers[CROSS_ORDER_MOST]);
/* Rows that have these numbers in these views (one or two of them, ascending). */
uint64_t cross_rows(const struct cross_set *set, const uint8_t *views, const uint8_t *numbers,
                    unsigned order);
struct witness_list *cross_witnesses(struct cross_set *set, const struct cross_cell *cell);

#endif
