/* The public tape: rows found again by their amounts. */
#include "linkage/linkage_internal.h"

#include <math.h>
#include <stdlib.h>

struct entry {
    double amount;
    int64_t minute;
    size_t event;
};

static int entry_compare(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;

    if (a->amount < b->amount || a->amount > b->amount)
        return a->amount < b->amount ? -1 : 1;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

static int64_t minute_of(int64_t time)
{
    return time / LINKAGE_MINUTE_US - (time % LINKAGE_MINUTE_US < 0);
}

/* The first entry whose amount is not below. */
static size_t entry_find(const struct entry *entries, size_t count, double amount)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (entries[middle].amount < amount)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* True rows by amount, and where each run of equal amounts ends, so that a common amount is not
 * walked over once for each of its rows. */
static void runs_end(const struct entry *entries, size_t count, size_t *ends)
{
    for (size_t i = count; i-- > 0;)
        ends[i] = i + 1 < count && entries[i + 1].amount <= entries[i].amount ? ends[i + 1] : i + 1;
}

/* Entries [begin, end) that share the minute; they are sorted by it. */
static size_t minute_count(const struct entry *entries, size_t begin, size_t end, int64_t minute)
{
    size_t low = begin, high = end, first;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (entries[middle].minute < minute)
            low = middle + 1;
        else
            high = middle;
    }
    first = low;
    high = end;
    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (entries[middle].minute <= minute)
            low = middle + 1;
        else
            high = middle;
    }
    return low - first;
}

static void entry_link(const struct linkage *linkage, const struct entry *entries,
                       const size_t *ends, const struct linkage_event *event,
                       struct linkage_tape *tape)
{
    const double amount = linkage_amount(linkage, event);
    const int64_t minute = minute_of(linkage->setup.is_control ? event->time : event->masked_time);
    const size_t begin = entry_find(entries, tape->rows, amount);

    /* Its own row is among those it equals only where its amount stayed what it was. */
    if (!(amount >= event->amount && amount <= event->amount))
        return;
    assert(begin < tape->rows && entries[begin].amount <= amount);
    tape->by_amount += 1 / (double)(ends[begin] - begin);
    if (minute == minute_of(event->time))
        tape->by_amount_and_minute += 1 / (double)minute_count(entries, begin, ends[begin], minute);
}

bool linkage_tape(const struct linkage *linkage, struct linkage_tape *tape, struct error *err)
{
    const struct linkage_population *population = &linkage->setup.population;
    AUTO(arena) struct arena *scratch = arena_new();
    struct entry *entries =
        scratch ? ARENA_ARRAY(scratch, population->event_count + 1, struct entry) : NULL;
    size_t *ends = scratch ? ARENA_ARRAY(scratch, population->event_count + 1, size_t) : NULL;

    *tape = (struct linkage_tape){0};
    if (!entries || !ends)
        return error_memory(err);
    for (size_t i = 0; i < population->event_count; i++)
        if (!isnan(population->events[i].amount))
            entries[tape->rows++] = (struct entry){population->events[i].amount,
                                                   minute_of(population->events[i].time), i};
    qsort(entries, tape->rows, sizeof(*entries), entry_compare);
    runs_end(entries, tape->rows, ends);
    for (size_t i = 0; i < population->event_count; i++)
        if (!isnan(population->events[i].amount))
            entry_link(linkage, entries, ends, &population->events[i], tape);
    if (tape->rows) {
        tape->by_amount /= (double)tape->rows;
        tape->by_amount_and_minute /= (double)tape->rows;
    }
    return true;
}
