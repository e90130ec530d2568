/* What init proposes once it is known to whom rows belong: names and cities that are keyed by their
 * subject, and the week's activity. */
#include "detect/people.h"

#include "transform/transform.h"
#include "transform/week.h"

#include <string.h>

#define EVENTS_MIN 200   /* fewer say nothing about 168 hours */
#define WEEK_SUM   10000 /* of the written counts, about */

static bool has_way(const struct subject_path *path)
{
    return path->is_subject || path->step_count > 0;
}

/* Few enough of them are common to give their bearers away, where equal values stay equal. */
static bool is_told_by_frequency(const struct proposal *proposal)
{
    static const char *const rules[] = {"first_name", "family_name", "city"};

    for (size_t i = 0; proposal->rule && i < COUNT_OF(rules); i++)
        if (strcmp(proposal->rule, rules[i]) == 0)
            return true;
    return false;
}

void propose_per_subject(const struct detection *detection, const struct subject_path *paths)
{
    for (size_t i = 0; i < detection->count; i++) {
        struct proposal *proposal = &detection->proposals[i];
        const struct transform *transform =
            is_told_by_frequency(proposal) ? transform_find(proposal->rule) : NULL;

        if (!transform || proposal->params || !(transform->pers & PER_BIT(PER_SUBJECT)) ||
            column_is_in_key(proposal->column) || !has_way(&paths[proposal->column->table->index]))
            continue;
        proposal->params = "per: subject";
    }
}

/* A sample has too few events for 168 hours: neighbors lend each other a part. */
static void write_smooth(const uint64_t *events, uint64_t total, int64_t *week)
{
    assert(total > 0);
    for (size_t i = 0; i < WEEK_HOURS; i++) {
        uint64_t sum = events[(i + WEEK_HOURS - 1) % WEEK_HOURS] + 2 * events[i] +
                       events[(i + 1) % WEEK_HOURS];
        week[i] = 1 + (int64_t)(sum * WEEK_SUM / (4 * total));
    }
}

bool measure_week(const struct detection *detection, const struct subject_path *paths,
                  struct arena *arena, struct shape_proposal *shape, struct error *err)
{
    uint64_t events[WEEK_HOURS] = {0}, total = 0;
    int64_t *week;

    for (size_t i = 0; i < detection->count; i++) {
        const struct proposal *proposal = &detection->proposals[i];
        if (!proposal->week || !has_way(&paths[proposal->column->table->index]))
            continue;
        for (size_t h = 0; h < WEEK_HOURS; h++) {
            events[h] += proposal->week[h];
            total += proposal->week[h];
        }
    }
    if (total < EVENTS_MIN)
        return true;
    week = ARENA_ARRAY(arena, WEEK_HOURS, int64_t);
    if (!week)
        return error_memory(err);
    write_smooth(events, total, week);
    shape->week = week;
    shape->week_events = total;
    return true;
}
