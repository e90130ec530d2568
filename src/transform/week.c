/* Clock time to activity time and back, with multiplications and shifts alone: an hour's slope is a
 * fixed-point number rounded down, so that no hour reaches into the next. */
#include "transform/week.h"

#include "transform/params.h"

enum { GUIDE_SHIFT = 39, SLOPE_BITS = 32, FLOOR_PERCENT = 2 };

#define HOUR_US   INT64_C(3600000000)
#define MONDAY_US (4 * DAY_US) /* 1970-01-05 */
#define WEEK_FINE ((uint64_t)WEEK_US << WEEK_PART_BITS)

/* 98 % as counted and 2 % evenly, up to hour `hour` whose counts before it sum up to `sum`. */
static uint64_t start_of(int64_t sum, int64_t total, unsigned hour)
{
    const uwide whole = (uwide)total * 100 * WEEK_HOURS;
    const uwide counted = (uwide)sum * (100 - FLOOR_PERCENT) * WEEK_HOURS;
    const uwide even = (uwide)total * FLOOR_PERCENT * hour;

    assert(total > 0 && sum <= total);
    return (uint64_t)((counted + even) * WEEK_FINE / whole);
}

static void hours_fill(struct week *week, int64_t total)
{
    int64_t sum = 0;

    for (unsigned hour = 0; hour < WEEK_HOURS; hour++) {
        sum += week->counts[hour];
        week->starts[hour + 1] = start_of(sum, total, hour + 1);

        const uint64_t width = week->starts[hour + 1] - week->starts[hour];

        assert(width > (uint64_t)HOUR_US);
        week->slopes[hour] = (uint64_t)(((uwide)width << SLOPE_BITS) / (uint64_t)HOUR_US);
        week->returns[hour] = (uint64_t)(((uwide)HOUR_US << 64) / width);
    }
    assert(week->starts[WEEK_HOURS] == WEEK_FINE);
}

static void guides_fill(struct week *week)
{
    unsigned hour = 0;

    _Static_assert((WEEK_US << WEEK_PART_BITS) >> GUIDE_SHIFT < WEEK_GUIDES, "a guide for each");
    for (unsigned i = 0; i < WEEK_GUIDES; i++) {
        while (hour + 1 < WEEK_HOURS && week->starts[hour + 1] <= (uint64_t)i << GUIDE_SHIFT)
            hour++;
        week->guides[i] = (uint8_t)hour;
    }
}

bool week_make(const int64_t *counts, struct arena *arena, const struct week **week,
               struct error *err)
{
    struct week *made = ARENA_NEW(arena, struct week);
    int64_t total = 0;

    if (!made)
        return error_memory(err);
    for (unsigned i = 0; i < WEEK_HOURS; i++) {
        assert(counts[i] >= 0 && counts[i] <= WEEK_COUNT_MAX);
        made->counts[i] = counts[i];
        total += counts[i];
    }
    hours_fill(made, total);
    guides_fill(made);
    *week = made;
    return true;
}

struct moment week_enter(const struct week *week, int64_t time)
{
    const int64_t monday = floor_to(time - MONDAY_US, WEEK_US) + MONDAY_US;
    const uint64_t place = (uint64_t)(time - monday);
    const unsigned hour = (unsigned)(place / (uint64_t)HOUR_US);
    const uint64_t rest = place - hour * (uint64_t)HOUR_US;

    assert(hour < WEEK_HOURS);

    const uint64_t fine =
        week->starts[hour] + (uint64_t)((uwide)week->slopes[hour] * rest >> SLOPE_BITS);

    return (struct moment){monday + (int64_t)(fine >> WEEK_PART_BITS),
                           (uint32_t)(fine & ((1u << WEEK_PART_BITS) - 1))};
}

int64_t week_leave(const struct week *week, struct moment moment)
{
    const int64_t monday = floor_to(moment.us - MONDAY_US, WEEK_US) + MONDAY_US;
    const uint64_t fine = (uint64_t)(moment.us - monday) << WEEK_PART_BITS | moment.part;
    unsigned hour = week->guides[fine >> GUIDE_SHIFT];

    assert(fine < WEEK_FINE && moment.part < 1u << WEEK_PART_BITS);
    while (week->starts[hour + 1] <= fine)
        hour++;
    return monday + (int64_t)hour * HOUR_US +
           (int64_t)((uwide)week->returns[hour] * (fine - week->starts[hour]) >> 64);
}
