/* Which two columns of one row are compared: all pairs of times, pairs of amounts, and what the
 * profile names in tails.difference. */
#ifndef UNDERSTUDY_SURVEY_PAIRS_H
#define UNDERSTUDY_SURVEY_PAIRS_H

#include "survey/detector.h"

enum { PAIRS_MAX = 64 };

/* The difference is minuend - subtrahend. Both are times, or both numbers. */
struct pair {
    const struct survey_column *minuend, *subtrahend;
};

struct pairs {
    size_t count;
    struct pair items[PAIRS_MAX];
    bool is_cut; /* there were more */
};

/* Those that the profile names come first; a pair comes once. Depends on the table only. */
void pairs_find(const struct survey_table *table, struct pairs *pairs);

#endif
