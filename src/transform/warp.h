/* Time moved for one subject: whole weeks back, then nested stretches (transforms.md section 5). A
 * pure function of key, subject and time; order within a subject is never reversed. */
#ifndef UNDERSTUDY_TRANSFORM_WARP_H
#define UNDERSTUDY_TRANSFORM_WARP_H

#include "base/siphash.h"
#include "transform/seed.h"
#include "transform/week.h"

enum { WARP_SCALES_MAX = 8 };

struct warp {
    size_t scale_count;
    int64_t scales[WARP_SCALES_MAX]; /* microseconds between knots, descending */
    int64_t back_low, back_high;     /* whole weeks, both ends included */
    const struct week *week;         /* or NULL: all hours are alike */
};

/* What was asked for last: rows of one subject stand together. Zero is empty. */
struct warp_memory {
    uint64_t subject;                /* whose weeks these are */
    int64_t weeks;                   /* 0: nobody's */
    int64_t phases[WARP_SCALES_MAX]; /* of their times among the knots of each level */
    struct {
        uint64_t subject;
        int64_t segment;
        int32_t left, right;
        bool is_filled;
    } levels[WARP_SCALES_MAX];
};

/* Microseconds since 1970 in, microseconds out; never beyond the range of the types. */
int64_t warp_apply(const struct warp *warp, const struct sipkey *key, struct warp_memory *memory,
                   uint64_t subject, int64_t time);
/* Weeks alone. */
int64_t warp_weeks(const struct warp *warp, const struct sipkey *key, uint64_t subject);

/* How a prepared `shift` moves the times of a subject; false: the rule is another one, or one that
 * does not move them together (`unique: true`). */
bool shift_describe(const struct prepared_transform *rule, const struct warp **warp,
                    bool *is_constant);

/* 4713-11-24 BC, the first day that PostgreSQL's dates and timestamps have. */
#define FIRST_DAY INT64_C(-2440588)

#endif
