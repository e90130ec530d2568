/* The attack through prices: the ratio of two numbers of a row tells the day. */
#include "linkage/linkage_internal.h"

#include <math.h>
#include <stdlib.h>

enum { RATIOS_MAX = 40, RATIOS_LEAST = 3, PURPOSE_DEAL = 3 };

/* Ratios that make a price of a day: of fewer, a subject would be compared with itself. */
enum { DAY_RATIOS_LEAST = 3 };

struct ratio {
    int64_t time;
    double log;
};

/* NaN where there is none. */
static double ratio_log(double amount, double quantity)
{
    const double ratio = fabs(amount / quantity);

    return isfinite(ratio) && ratio > 0 ? log(ratio) : NAN;
}

static int ratio_compare(const void *left, const void *right)
{
    const struct ratio *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->log > b->log) - (a->log < b->log);
}

bool linkage_series_of(const struct linkage *linkage, struct arena *arena,
                       struct linkage_series *series, struct error *err)
{
    const struct linkage_population *population = &linkage->setup.population;
    AUTO(arena) struct arena *scratch = arena_new();
    struct ratio *ratios =
        scratch ? ARENA_ARRAY(scratch, population->event_count + 1, struct ratio) : NULL;
    struct linkage_price *prices;
    size_t count = 0;

    *series = (struct linkage_series){0};
    if (!ratios)
        return error_memory(err);
    for (size_t i = 0; i < population->event_count; i++) {
        const struct linkage_event *event = &population->events[i];
        const double log_ratio = ratio_log(event->amount, event->quantity);
        const int64_t day = event->time / LINKAGE_DAY_US - (event->time % LINKAGE_DAY_US < 0);

        if (!isnan(log_ratio))
            ratios[count++] = (struct ratio){day * LINKAGE_DAY_US, log_ratio};
    }
    qsort(ratios, count, sizeof(*ratios), ratio_compare);
    series->prices = prices = ARENA_ARRAY(arena, count + 1, struct linkage_price);
    if (!prices)
        return error_memory(err);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && ratios[end].time == ratios[i].time;)
            end++;
        if (end - i >= DAY_RATIOS_LEAST)
            prices[series->count++] =
                (struct linkage_price){ratios[i].time, exp(ratios[(i + end) / 2].log)};
    }
    return true;
}

struct sighting {        /* a masked event with a ratio */
    int64_t time, moved; /* moved: how far back it truly went */
    double log;
};

static int sighting_compare(const void *left, const void *right)
{
    const struct sighting *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->moved != b->moved)
        return a->moved < b->moved ? -1 : 1;
    return (a->log > b->log) - (a->log < b->log);
}

struct attempt {
    const struct linkage *linkage;
    const struct linkage_series *series;
    const struct ratio *logs; /* of the series */
    struct ratio *all;        /* every ratio of the population, to deal from */
    size_t all_count;
    int64_t tolerance;
    struct sighting *own; /* of the target; the first RATIOS_MAX count */
    size_t count;
};

/* Logarithm of the price at a time; NaN outside the series. */
static double price_at(const struct attempt *attempt, int64_t time)
{
    size_t low = 0, high = attempt->series->count;

    if (high == 0 || time < attempt->logs[0].time ||
        time > attempt->logs[high - 1].time + LINKAGE_DAY_US)
        return NAN;
    while (low + 1 < high) {
        const size_t middle = (low + high) / 2;

        if (attempt->logs[middle].time <= time)
            low = middle;
        else
            high = middle;
    }
    return attempt->logs[low].log;
}

static void target_load(struct attempt *attempt, size_t target)
{
    const struct linkage *linkage = attempt->linkage;
    const struct linkage_subject *subject = &linkage->setup.population.subjects[target];

    attempt->count = 0;
    for (size_t i = 0; i < subject->count; i++) {
        const struct linkage_event *event = &linkage->setup.population.events[subject->first + i];
        const bool is_control = linkage->setup.is_control;
        const double log_ratio = ratio_log(linkage_amount(linkage, event),
                                           is_control ? event->quantity : event->masked_quantity);
        const int64_t masked = is_control ? event->time : event->masked_time;

        if (isnan(log_ratio))
            continue;
        attempt->own[attempt->count++] = (struct sighting){masked, event->time - masked, log_ratio};
    }
    qsort(attempt->own, attempt->count, sizeof(*attempt->own), sighting_compare);
    if (attempt->count > RATIOS_MAX)
        attempt->count = RATIOS_MAX;
}

/* Variance of what the ratios are away from the prices, were the subject moved back so far. */
static double variance_at(const struct attempt *attempt, int64_t back)
{
    double sum = 0, squares = 0;
    size_t count = 0;

    for (size_t i = 0; i < attempt->count; i++) {
        const double price = price_at(attempt, attempt->own[i].time + back);
        const double away = attempt->own[i].log - price;

        if (isnan(price))
            continue;
        sum += away;
        squares += away * away;
        count++;
    }
    if (count < RATIOS_LEAST || count * 10 < attempt->count * 7)
        return INFINITY;
    return (squares - sum * sum / (double)count) / (double)(count - 1);
}

static bool is_recovered(const struct attempt *attempt)
{
    const struct linkage_mask *mask = &attempt->linkage->setup.mask;
    const int64_t reach = (int64_t)(attempt->linkage->reach * 7) + 1;
    double best = INFINITY, mean = 0;
    int64_t found = 0;

    for (int64_t day = mask->back_low * 7 - reach; day <= mask->back_high * 7 + reach; day++) {
        const double variance = variance_at(attempt, day * LINKAGE_DAY_US);

        if (variance < best) {
            best = variance;
            found = day * LINKAGE_DAY_US;
        }
    }
    for (size_t i = 0; i < attempt->count; i++)
        mean += (double)(attempt->own[i].moved - found) / (double)attempt->count;
    return !isinf(best) && fabs(mean) <= (double)attempt->tolerance;
}

/* Ratios of other events in the place of the subject's own. */
static void target_deal(struct attempt *attempt, size_t target)
{
    for (size_t i = 0; i < attempt->count; i++) {
        const uint64_t words[3] = {PURPOSE_DEAL, target, i};
        const uint64_t hash = siphash_words(&attempt->linkage->setup.picks, words, 3);

        attempt->own[i].log = attempt->all[siphash_below(hash, attempt->all_count)].log;
    }
}

static bool attempt_prepare(struct attempt *attempt, struct arena *scratch, struct error *err)
{
    const struct linkage_population *population = &attempt->linkage->setup.population;
    struct ratio *logs = ARENA_ARRAY(scratch, attempt->series->count + 1, struct ratio);

    attempt->all = ARENA_ARRAY(scratch, population->event_count + 1, struct ratio);
    attempt->logs = logs;
    attempt->own = ARENA_ARRAY(scratch, population->event_count + 1, struct sighting);
    if (!logs || !attempt->all || !attempt->own)
        return error_memory(err);
    for (size_t i = 0; i < attempt->series->count; i++)
        logs[i] =
            (struct ratio){attempt->series->prices[i].time, log(attempt->series->prices[i].price)};
    for (size_t i = 0; i < population->event_count; i++) {
        const struct linkage_event *event = &population->events[i];
        const double log_ratio = ratio_log(event->amount, event->quantity);

        if (!isnan(log_ratio))
            attempt->all[attempt->all_count++] = (struct ratio){event->time, log_ratio};
    }
    qsort(attempt->all, attempt->all_count, sizeof(*attempt->all), ratio_compare);
    return true;
}

bool linkage_prices(const struct linkage *linkage, const struct linkage_series *series, size_t most,
                    int64_t tolerance, const struct linkage_stop *stop,
                    struct linkage_prices *prices, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    struct attempt attempt = {.linkage = linkage, .series = series, .tolerance = tolerance};
    size_t *targets, count = 0;

    *prices = (struct linkage_prices){0};
    if (!scratch)
        return error_memory(err);
    if (!attempt_prepare(&attempt, scratch, err) ||
        !linkage_targets(linkage, 1, most, scratch, &targets, &count, err))
        return false;
    for (size_t i = 0; i < count && series->count && attempt.all_count && !linkage_stops(stop);
         i++) {
        target_load(&attempt, targets[i]);
        if (attempt.count < RATIOS_LEAST)
            continue;
        prices->targets++;
        prices->recovered += is_recovered(&attempt);
        target_deal(&attempt, targets[i]);
        prices->floor += is_recovered(&attempt);
    }
    if (prices->targets) {
        prices->recovered /= (double)prices->targets;
        prices->floor /= (double)prices->targets;
    }
    return true;
}
