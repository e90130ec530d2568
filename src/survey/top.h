/* The few greatest distinct numbers of a column, or the few least, each with its rows. */
#ifndef UNDERSTUDY_SURVEY_TOP_H
#define UNDERSTUDY_SURVEY_TOP_H

#include "survey/trait.h"

enum { TOP_MOST = 3 };

struct top {
    uint32_t count;
    struct top_item {
        double number;
        struct trait trait;
    } items[TOP_MOST]; /* greatest first */
};

/* For the least: hand in the number with its sign turned. Not NaN. */
bool top_insert(struct top *top, struct marker *marker, double number, uint32_t row,
                struct error *err);
bool top_merge(struct top *top, struct marker *marker, const struct top *from, struct error *err);

/* A number in the middle costs one comparison. */
static inline bool top_add(struct top *top, struct marker *marker, double number, uint32_t row,
                           struct error *err)
{
    if (top->count == TOP_MOST && number < top->items[TOP_MOST - 1].number)
        return true;
    return top_insert(top, marker, number, row, err);
}

#endif
