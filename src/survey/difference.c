/* difference: two times or two amounts of one row against each other: which comes first where
 * the other order is the rule (delivered before it was shipped), how far they are apart where few
 * are so far or so near (847 days in the cart), equal where that is rare, and the farthest. */
#include "survey/pairs.h"
#include "survey/top.h"

#include <math.h>
#include <stdio.h>

/* Distances: amounts by powers of two, from 2^-8; times by the steps below, and by powers of two
 * from a day on. 0 is what is smaller still. */
enum { FIRST_AMOUNT = -8, DISTANCE_COUNT = 64, DISTANCE_TEXT = 64, SIDES = 2 };

#define DAY_SECONDS 86400.0

static const struct {
    double seconds;
    const char *text;
} steps[] = {{0, ""},
             {1, "1 second"},
             {2, "2 seconds"},
             {5, "5 seconds"},
             {10, "10 seconds"},
             {30, "30 seconds"},
             {60, "1 minute"},
             {120, "2 minutes"},
             {300, "5 minutes"},
             {900, "15 minutes"},
             {1800, "30 minutes"},
             {3600, "1 hour"},
             {7200, "2 hours"},
             {14400, "4 hours"},
             {28800, "8 hours"},
             {57600, "16 hours"},
             {DAY_SECONDS, "1 day"}};
enum { FIRST_DAY = COUNT_OF(steps) - 1 };

struct comparison {
    struct pair pair;
    struct trait equal;
    struct trait sides[SIDES][DISTANCE_COUNT]; /* minuend greater; smaller */
    struct top farthest[SIDES];
};

struct differences {
    struct marker marker; /* first */
    struct pairs pairs;
    struct comparison *comparisons;
};

static bool difference_open(const struct survey_table *table, void **state, struct error *err)
{
    struct differences *differences;

    if (!marker_open(table, sizeof(*differences), state, err))
        return false;
    differences = *state;
    pairs_find(table, &differences->pairs);
    if (differences->pairs.count == 0) {
        marker_close(differences);
        *state = NULL;
        return true;
    }
    differences->comparisons =
        ARENA_ARRAY(differences->marker.arena, differences->pairs.count, struct comparison);
    if (!differences->comparisons)
        return error_memory(err);
    for (size_t i = 0; i < differences->pairs.count; i++)
        differences->comparisons[i].pair = differences->pairs.items[i];
    return true;
}

/* floor(log2) of a normal number. */
static int exponent_of(double number)
{
    uint64_t bits;

    assert(number > 0.0);
    memcpy(&bits, &number, sizeof(bits));
    return (int)(bits >> 52 & 0x7ff) - 1023;
}

static size_t distance_of(double distance, bool is_time)
{
    size_t step = FIRST_DAY;
    int at;

    assert(distance > 0.0);
    if (is_time && distance < DAY_SECONDS) {
        while (distance < steps[step].seconds)
            step--;
        return step;
    }
    at = is_time ? exponent_of(distance / DAY_SECONDS) + (int)FIRST_DAY
                 : exponent_of(distance) - FIRST_AMOUNT + 1;
    return at < 0 ? 0 : at < DISTANCE_COUNT ? (size_t)at : DISTANCE_COUNT - 1;
}

/* minuend - subtrahend in seconds or in what the amounts count; NaN: it says nothing. */
static double difference_of(const struct survey_cells *minuend,
                            const struct survey_cells *subtrahend, bool is_time, uint32_t row)
{
    if (minuend->is_null[row] || subtrahend->is_null[row])
        return NAN;
    if (!is_time)
        return minuend->numbers[row] - subtrahend->numbers[row];
    const int64_t left = minuend->times[row], right = subtrahend->times[row];
    if (left == TIME_MIN || left == TIME_MAX || right == TIME_MIN || right == TIME_MAX)
        return NAN;
    /* Microseconds as whole numbers, for doubles would make near times of far years equal. */
    if (((left ^ right) & INT64_MIN) == 0)
        return (double)(left - right) / 1e6;
    return ((double)left - (double)right) / 1e6;
}

static bool comparison_observe(struct comparison *comparison, struct marker *marker,
                               const struct survey_batch *batch, struct error *err)
{
    const struct survey_cells *minuend = &batch->columns[comparison->pair.minuend->index];
    const struct survey_cells *subtrahend = &batch->columns[comparison->pair.subtrahend->index];
    const bool is_time = comparison->pair.minuend->form == FORM_TIME;

    for (uint32_t row = 0; row < batch->rows; row++) {
        const double difference = difference_of(minuend, subtrahend, is_time, row);
        const size_t side = difference < 0.0;
        const double distance = fabs(difference);
        bool is_good;

        if (!isfinite(difference))
            continue;
        if (difference == 0.0)
            is_good = trait_add(marker, &comparison->equal, row, err);
        else
            is_good = trait_add(marker, &comparison->sides[side][distance_of(distance, is_time)],
                                row, err) &&
                      top_add(&comparison->farthest[side], marker, distance, row, err);
        if (!is_good)
            return false;
    }
    return true;
}

static bool difference_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct differences *differences = state;

    differences->marker.batch = batch;
    for (size_t i = 0; i < differences->pairs.count; i++)
        if (!comparison_observe(&differences->comparisons[i], &differences->marker, batch, err))
            return false;
    return true;
}

static bool difference_merge(void *state, void *from, struct error *err)
{
    struct differences *differences = state, *others = from;
    struct marker *marker = &differences->marker;

    assert(differences->pairs.count == others->pairs.count);
    for (size_t i = 0; i < differences->pairs.count; i++) {
        struct comparison *comparison = &differences->comparisons[i];
        const struct comparison *other = &others->comparisons[i];

        if (!trait_merge(marker, &comparison->equal, &other->equal, err))
            return false;
        for (size_t side = 0; side < SIDES; side++)
            if (!traits_merge(marker, comparison->sides[side], other->sides[side], DISTANCE_COUNT,
                              err) ||
                !top_merge(&comparison->farthest[side], marker, &other->farthest[side], err))
                return false;
    }
    return true;
}

/* Everything that one pair says, put together. */
struct telling {
    struct marker *marker;
    struct comparison *comparison;
    struct strata *strata;
    const struct bound_column *columns[2];
    const char *minuend, *subtrahend; /* names */
    bool is_time;
};

static bool tell(struct telling *telling, struct trait *trait, const char *text, struct error *err)
{
    const struct stratum_draft draft = {
        .column_count = 2,
        .columns = telling->columns,
        .rows = trait->rows,
        .needs = NEEDS_COMPARED | PROPERTY_ORDER |
                 (trait == &telling->comparison->equal ? PROPERTY_EQUALITY : 0u),
        .witnesses = &trait->list};

    assert(telling->minuend && telling->subtrahend && text);
    if (!trait_is_rare(trait, telling->strata))
        return true;
    return strata_add(telling->strata, &draft, err, "%s %s %s", telling->minuend, text,
                      telling->subtrahend);
}

/* "512 days to 1024 days", in `text`. */
static void write_distance(bool is_time, size_t at, char text[DISTANCE_TEXT])
{
    const int exponent = is_time ? (int)at - (int)FIRST_DAY : (int)at + FIRST_AMOUNT - 1;
    const double low = ldexp(1.0, exponent), high = ldexp(1.0, exponent + 1);
    const char *unit = is_time ? " days" : "";

    assert(at < DISTANCE_COUNT);
    if (is_time && at == 0)
        (void)snprintf(text, DISTANCE_TEXT, "under %s", steps[1].text);
    else if (is_time && at < FIRST_DAY)
        (void)snprintf(text, DISTANCE_TEXT, "%s to %s", steps[at].text, steps[at + 1].text);
    else if (at == 0)
        (void)snprintf(text, DISTANCE_TEXT, "under %g", high);
    else if (at == DISTANCE_COUNT - 1)
        (void)snprintf(text, DISTANCE_TEXT, "over %g%s", low, unit);
    else
        (void)snprintf(text, DISTANCE_TEXT, "%g to %g%s", low, high, unit);
}

static bool tell_distance(struct telling *telling, size_t side, size_t at, struct error *err)
{
    static const char *const time_words[SIDES] = {"after", "before"};
    static const char *const amount_words[SIDES] = {"above", "below"};
    char distance[DISTANCE_TEXT], text[DISTANCE_TEXT + 16];

    write_distance(telling->is_time, at, distance);
    (void)snprintf(text, sizeof(text), "is %s %s", distance,
                   (telling->is_time ? time_words : amount_words)[side]);
    return tell(telling, &telling->comparison->sides[side][at], text, err);
}

/* A side that few rows are on is told as a whole, and by distance only where distances differ. */
static bool tell_side(struct telling *telling, size_t side, struct error *err)
{
    static const char *const time_words[SIDES] = {"comes after", "comes before"};
    static const char *const amount_words[SIDES] = {"is above", "is below"};
    static const char *const time_farthest[SIDES] = {"is farthest after", "is farthest before"};
    static const char *const amount_farthest[SIDES] = {"is farthest above", "is farthest below"};
    struct comparison *comparison = telling->comparison;
    struct trait whole = {0};
    size_t used = 0;

    for (size_t at = 0; at < DISTANCE_COUNT; at++) {
        used += comparison->sides[side][at].rows > 0;
        if (!trait_merge(telling->marker, &whole, &comparison->sides[side][at], err))
            return false;
    }
    if (!tell(telling, &whole, (telling->is_time ? time_words : amount_words)[side], err))
        return false;
    if (used < 2)
        return true;
    for (size_t at = 0; at < DISTANCE_COUNT; at++)
        if (!tell_distance(telling, side, at, err))
            return false;
    return tell(telling, &comparison->farthest[side].items[0].trait,
                (telling->is_time ? time_farthest : amount_farthest)[side], err);
}

static bool difference_yield(void *state, struct strata *strata, struct error *err)
{
    struct differences *differences = state;
    const struct survey_table *table = differences->marker.table;

    for (size_t i = 0; i < differences->pairs.count; i++) {
        struct comparison *comparison = &differences->comparisons[i];
        const struct pair *pair = &comparison->pair;
        struct telling telling = {.marker = &differences->marker,
                                  .comparison = comparison,
                                  .strata = strata,
                                  .columns = {pair->minuend->bound, pair->subtrahend->bound},
                                  .minuend = column_title(table, pair->minuend),
                                  .subtrahend = column_title(table, pair->subtrahend),
                                  .is_time = pair->minuend->form == FORM_TIME};

        if (!tell(&telling, &comparison->equal, "equals", err) || !tell_side(&telling, 0, err) ||
            !tell_side(&telling, 1, err))
            return false;
    }
    return !differences->pairs.is_cut ||
           strata_gap(strata, NULL, "more than 64 pairs of times and amounts", err);
}

const struct detector detector_difference = {
    .kind = "difference",
    .help = "two times or amounts of one row: in rare order, rarely near, rarely far apart",
    .weight = 6,
    .open = difference_open,
    .observe = difference_observe,
    .merge = difference_merge,
    .yield = difference_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
