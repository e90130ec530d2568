/* The week's activity: 168 counts, one for each hour, Monday 00:00 to 01:00 first. Hours are those
 * of the clock that a value itself shows: UTC for instants, civil time for civil columns and dates;
 * no time zone and no daylight saving is known here. Weeks are counted from Monday 1970-01-05.
 *
 * Activity time runs as fast as things happen: a week of it is as long as a week of the clock and
 * begins and ends with it, but an hour takes the part of it that its count is of all counts. 2 %
 * are shared evenly among the hours, so that none has no length: the way there is strictly monotone
 * and the way back is monotone, for all times that 64 bits of microseconds hold. Stretches made in
 * activity time leave nights quiet and weekends weekends (transforms.md section 5). */
#ifndef UNDERSTUDY_TRANSFORM_WEEK_H
#define UNDERSTUDY_TRANSFORM_WEEK_H

#include "base/arena.h"
#include "base/error.h"

enum { WEEK_HOURS = 168, WEEK_PART_BITS = 10, WEEK_GUIDES = 1127 };

#define WEEK_COUNT_MAX INT64_C(1000000000)
#define WEEK_US        INT64_C(604800000000)

/* Activity time: microseconds since 1970 and 1024ths of one. */
struct moment {
    int64_t us;
    uint32_t part;
};

/* Frozen once made; shared by all threads. */
struct week {
    int64_t counts[WEEK_HOURS];
    uint64_t starts[WEEK_HOURS + 1]; /* of the hours in activity time, in 1024ths */
    uint64_t slopes[WEEK_HOURS];     /* 1024ths for a microsecond of the clock, times 2^32 */
    uint64_t returns[WEEK_HOURS];    /* microseconds of the clock for a 1024th, times 2^64 */
    uint8_t guides[WEEK_GUIDES];     /* where to begin to seek an hour */
};

/* Counts lie between 0 and WEEK_COUNT_MAX, and one is above 0. Memory from `arena`. */
bool week_make(const int64_t *counts, struct arena *arena, const struct week **week,
               struct error *err);

/* The clock to activity time. `time` lies at least two weeks inside 64 bits. */
struct moment week_enter(const struct week *week, int64_t time);
/* And back, toward the past: week_leave(week_enter(t)) is t or the microsecond before. */
int64_t week_leave(const struct week *week, struct moment moment);

#endif
