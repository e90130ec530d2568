/* The joins on the clock: as it stands, and after aligning one event. */
#include "linkage/linkage_internal.h"

static const double taus[LINKAGE_WAYS] = {1, 60, 1800, 4 * 3600, 86400, 4 * 86400, 14 * 86400};

/* Seconds to the nearest masked time of a candidate. */
static double nearest(const int64_t *times, size_t count, int64_t time)
{
    size_t low = 0, high = count;
    int64_t distance = INT64_MAX;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (times[middle] < time)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < count)
        distance = times[low] - time;
    if (low > 0 && time - times[low - 1] < distance)
        distance = time - times[low - 1];
    return (double)distance / 1e6;
}

static void closeness_add(double seconds, double sums[LINKAGE_WAYS])
{
    for (size_t way = 0; way < LINKAGE_WAYS; way++) {
        const double ratio = seconds / taus[way];

        sums[way] += 1 / (1 + ratio * ratio);
    }
}

struct join {
    const struct linkage *linkage;
    const struct linkage_known *known;
    size_t count;
    uint64_t operations;
};

static void calendar_score(struct join *join, size_t candidate, double best[LINKAGE_WAYS])
{
    const size_t first = join->linkage->first[candidate];
    const size_t count = join->linkage->first[candidate + 1] - first;

    for (size_t k = 0; count && k < join->count; k++)
        closeness_add(nearest(join->linkage->times + first, count, join->known[k].time), best);
    join->operations += join->count;
}

/* The event in the middle is laid on each of the candidate's in turn. */
static void interval_score(struct join *join, size_t candidate, double best[LINKAGE_WAYS])
{
    const int64_t *times = join->linkage->times + join->linkage->first[candidate];
    const size_t count = join->linkage->first[candidate + 1] - join->linkage->first[candidate];
    const size_t anchor = join->count / 2;

    for (size_t e = 0; e < count; e++) {
        const int64_t moved = times[e] - join->known[anchor].time;
        double sums[LINKAGE_WAYS] = {0};

        for (size_t k = 0; k < join->count; k++)
            if (k != anchor)
                closeness_add(nearest(times, count, join->known[k].time + moved), sums);
        for (size_t way = 0; way < LINKAGE_WAYS; way++)
            if (sums[way] > best[way])
                best[way] = sums[way];
    }
    join->operations += count * join->count;
}

static bool join_all(const struct linkage *linkage, const struct linkage_question *question,
                     size_t target, const struct linkage_stop *stop,
                     struct linkage_outcome *outcome, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    const size_t subjects = linkage->subject_count;
    struct linkage_known known[LINKAGE_KNOWN_MAX];
    struct join join = {.linkage = linkage, .known = known};
    double *scores = scratch ? ARENA_ARRAY(scratch, subjects * LINKAGE_WAYS, double) : NULL;

    if (!scores)
        return error_memory(err);
    if (!linkage_know(linkage, target, question->known, scratch, known, &join.count, err))
        return false;
    for (size_t c = 0; c < subjects; c++) {
        double best[LINKAGE_WAYS] = {0};

        if (linkage_stops(stop))
            return true;
        if (question->attack == LINKAGE_CALENDAR)
            calendar_score(&join, c, best);
        else
            interval_score(&join, c, best);
        for (size_t way = 0; way < LINKAGE_WAYS; way++)
            scores[way * subjects + c] = best[way];
    }
    outcome->way_count = LINKAGE_WAYS;
    for (size_t way = 0; way < LINKAGE_WAYS; way++)
        linkage_rank(scores + way * subjects, subjects, target, &outcome->ways[way]);
    outcome->operations = join.operations;
    outcome->is_done = true;
    return true;
}

bool linkage_calendar(const struct linkage *linkage, const struct linkage_question *question,
                      size_t target, const struct linkage_stop *stop,
                      struct linkage_outcome *outcome, struct error *err)
{
    assert(question->attack == LINKAGE_CALENDAR);
    return join_all(linkage, question, target, stop, outcome, err);
}

bool linkage_interval(const struct linkage *linkage, const struct linkage_question *question,
                      size_t target, const struct linkage_stop *stop,
                      struct linkage_outcome *outcome, struct error *err)
{
    assert(question->attack == LINKAGE_INTERVAL);
    return join_all(linkage, question, target, stop, outcome, err);
}
