/* The other columns of a table by the years of one of its times, and what breaks: what is common in
 * other years and common in the column, but hardly ever met in one year. */
#ifndef UNDERSTUDY_SURVEY_YEAR_SPLIT_H
#define UNDERSTUDY_SURVEY_YEAR_SPLIT_H

#include "survey/trait.h"

enum {
    YEAR_FIRST = 1850,
    YEAR_COUNT = 256, /* 0: before YEAR_FIRST + 1; the last: all later ones */
    SPLITS_MAX = 32   /* columns that are split */
};

/* Years of a batch as numbers below YEAR_COUNT, and which rows have one. */
struct years {
    const uint8_t *years;
    const bool *is_known;
};

struct split; /* of one column */

struct clock {
    const struct survey_column *column;
    size_t split_count;
    struct split *splits; /* in the marker's arena */
    bool is_cut;          /* more columns could have been split */
};

bool clock_open(struct clock *clock, struct marker *marker, const struct survey_column *column);
bool clock_observe(struct clock *clock, struct marker *marker, const struct years *known,
                   struct error *err);
bool clock_merge(struct clock *clock, struct marker *marker, const struct clock *from,
                 struct error *err);
bool clock_yield(struct clock *clock, struct marker *marker, struct strata *strata,
                 struct error *err);

/* "in 2011"; of a column whose rule changes it a number that tells no year. In `arena`, or
 * constant. */
const char *year_text(const struct survey_column *column, size_t year, size_t number,
                      struct arena *arena);

#endif
