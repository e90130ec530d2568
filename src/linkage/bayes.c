/* The Bayes attack: how likely is it that the known times became some of the candidate's?
 *
 * For whole weeks back s, known activity times u1 < u2 ..., and masked events at v: each event may
 * lie within `reach` of u - s, and gaps v' - v are log-normal around the known gap. The sum over
 * all s and all assignments in order is a forward pass whose state for an event is a short row of
 * numbers, one for each s that the event can belong to; the weight of a pair of events does not
 * depend on s, so it is taken once for all of them, and out of a table over the upper bits of the
 * gap, a sixteenth of the deviation or finer. */
#include "linkage/linkage_internal.h"

#include <math.h>

/* Added to gaps, in weeks: what two equal times are apart (0.6 seconds), and how exact times are.
 */
#define GAP_LEAST 1e-6
#define BLUR      4e-6
/* Deviations beyond which a gap is no longer thought of. */
#define DEVIATIONS 4.0

struct gaps {         /* weights of one known gap */
    double low, high; /* of gaps with any weight */
    unsigned shift;   /* of a double's bits */
    uint64_t base;
    size_t count;
    double *weights;
};

struct states { /* for each event of a candidate: the weeks back that it can belong to */
    int32_t *from, *count;
    double *rows;      /* width numbers an event */
    size_t first, end; /* events that have any */
};

struct bayes {
    const struct linkage *linkage;
    const struct linkage_known *known;
    size_t known_count;
    bool knows_amounts;
    struct gaps gaps[LINKAGE_KNOWN_MAX]; /* gaps[k]: from known k - 1 to k */
    size_t width;                        /* of a row */
    int64_t back_low, back_high;
    struct states states[2];
    uint32_t *alive; /* by weeks back: known events that find somebody there */
    uint64_t operations;
};

static uint64_t bits_of(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

static double real_of(uint64_t bits)
{
    double number;

    memcpy(&number, &bits, sizeof(number));
    return number;
}

/* Deviation of the logarithm of a gap: a stretch of scale L changes a gap g by at most its slopes
 * (0.55) and, where g is longer than L, by two knots (0.37 L / g). */
static double gap_deviation(const struct linkage_mask *mask, double gap)
{
    double variance = 0;

    for (size_t i = 0; i < mask->scale_count; i++) {
        const double scale = (double)mask->scales[i] / (double)LINKAGE_WEEK_US;
        const double part = fmin(0.55, 0.37 * scale / gap);

        variance += part * part;
    }
    return fmin(2, sqrt(variance) + (BLUR + (double)mask->grain / (double)LINKAGE_WEEK_US) / gap);
}

static bool gaps_fill(struct gaps *gaps, const struct linkage_mask *mask, double gap,
                      struct arena *scratch, struct error *err)
{
    const double deviation = gap_deviation(mask, gap);
    const int bits = (int)ceil(log2(16 / deviation));

    assert(gap > 0 && deviation > 0);
    gaps->low = gap * exp(-DEVIATIONS * deviation);
    gaps->high = gap * exp(DEVIATIONS * deviation);
    gaps->shift = 52u - (unsigned)(bits < 4 ? 4 : bits > 48 ? 48 : bits);
    gaps->base = bits_of(gaps->low) >> gaps->shift;
    gaps->count = (size_t)((bits_of(gaps->high) >> gaps->shift) - gaps->base) + 1;
    gaps->weights = ARENA_ARRAY(scratch, gaps->count, double);
    if (!gaps->weights)
        return error_memory(err);
    for (size_t i = 0; i < gaps->count; i++) {
        const double middle =
            real_of(((gaps->base + i) << gaps->shift) | (UINT64_C(1) << gaps->shift >> 1));
        const double away = log(middle / gap) / deviation;

        gaps->weights[i] = exp(-away * away / 2) / (middle * deviation);
    }
    return true;
}

/* How well an amount fits the known one. */
static double amount_weight(const struct linkage_mask *mask, double known, double masked)
{
    const double unlike = 1e-9, ln10 = 2.302585092994045684;

    if (isnan(known) || isnan(masked))
        return isnan(known) && isnan(masked) ? 1 : unlike;
    if (isinf(known) || isinf(masked)) /* zero stays zero */
        return isinf(known) && isinf(masked) ? 1 : unlike;
    if (mask->amount == LINKAGE_AMOUNT_FACTOR) {
        const double away = (masked - known + mask->sigma * mask->sigma / 2) / mask->sigma;

        return exp(-away * away / 2) + unlike;
    }
    if (mask->amount == LINKAGE_AMOUNT_DECADE)
        return floor(known / ln10 + 1e-9) == floor(masked / ln10 + 1e-9) ? 1 : 2e-3;
    return fabs(masked - known) < 1e-9 ? 1 : unlike;
}

/* The weeks back with which event `at` can be known event k. */
static int32_t weeks_of(const struct bayes *bayes, size_t k, double at, int64_t *from)
{
    const double reach = bayes->linkage->reach, gone = bayes->known[k].activity - at;
    double low = ceil(gone - reach), high = floor(gone + reach);

    low = fmax(low, (double)bayes->back_low);
    high = fmin(high, (double)bayes->back_high);
    if (low > high)
        return 0;
    *from = (int64_t)low;
    assert((size_t)(high - low) < bayes->width);
    return (int32_t)(high - low) + 1;
}

/* Which of the weeks back let every known event find somebody? */
static bool weeks_live(struct bayes *bayes, size_t candidate)
{
    const struct linkage *linkage = bayes->linkage;
    const int64_t back_low = bayes->back_low;
    bool is_any = true;

    memset(bayes->alive, 0, (size_t)(bayes->back_high - back_low + 1) * sizeof(*bayes->alive));
    for (size_t k = 0; is_any && k < bayes->known_count; k++) {
        is_any = false;
        for (size_t e = linkage->first[candidate]; e < linkage->first[candidate + 1]; e++) {
            int64_t from = 0;

            bayes->operations++;
            const int32_t count = linkage->kinds[e] == bayes->known[k].kind
                                      ? weeks_of(bayes, k, linkage->activity[e], &from)
                                      : 0;

            for (int32_t i = 0; i < count; i++) {
                uint32_t *alive = &bayes->alive[from - back_low + i];

                *alive += *alive == k;
                is_any |= *alive == k + 1;
            }
        }
    }
    return is_any;
}

/* Cuts an event's weeks to those that are alive at both ends; inner dead ones stay 0 anyway, for
 * somewhere on the way nobody is found. */
static void state_begin(struct bayes *bayes, struct states *states, size_t k, size_t e)
{
    const struct linkage *linkage = bayes->linkage;
    int64_t from = 0;
    int32_t count = linkage->kinds[e] == bayes->known[k].kind
                        ? weeks_of(bayes, k, linkage->activity[e], &from)
                        : 0;
    const uint32_t *alive = bayes->alive + (count ? from - bayes->back_low : 0);

    while (count > 0 && alive[count - 1] < bayes->known_count)
        count--;
    for (; count > 0 && *alive < bayes->known_count; count--, from++)
        alive++;
    states->from[e - states->first] = (int32_t)from;
    states->count[e - states->first] = count;
}

/* Adds what the states of the known event before hand on to event `e`, whose row is `row`. */
static void row_gather(struct bayes *bayes, size_t k, size_t e, size_t from, size_t to)
{
    const struct states *before = &bayes->states[(k - 1) & 1], *now = &bayes->states[k & 1];
    const struct gaps *gaps = &bayes->gaps[k];
    const double *activity = bayes->linkage->activity;
    const size_t first = now->first;
    const int32_t low = now->from[e - first], high = low + now->count[e - first];
    double *row = now->rows + (e - first) * bayes->width;

    for (size_t z = from; z < to; z++) {
        const int32_t left = before->from[z - first];
        const int32_t begin = left > low ? left : low;
        const int32_t right = left + before->count[z - first];
        const int32_t end = right < high ? right : high;

        if (begin >= end || z == e)
            continue;
        const uint64_t place =
            (bits_of(activity[e] - activity[z] + GAP_LEAST) >> gaps->shift) - gaps->base;
        const double weight = place < gaps->count ? gaps->weights[place] : 0;
        const double *other = before->rows + (z - first) * bayes->width;

        for (int32_t s = begin; s < end; s++)
            row[s - low] += weight * other[s - left];
        bayes->operations += 1 + (uint64_t)(end - begin) / 4;
    }
}

static double row_finish(struct bayes *bayes, size_t k, size_t e)
{
    struct states *now = &bayes->states[k & 1];
    double *row = now->rows + (e - now->first) * bayes->width, sum = 0;
    double weight = 1;

    if (bayes->knows_amounts)
        weight = amount_weight(&bayes->linkage->setup.mask, bayes->known[k].log_amount,
                               bayes->linkage->log_amounts[e]);
    for (int32_t s = 0; s < now->count[e - now->first]; s++)
        sum += row[s] *= weight;
    if (sum <= 0)
        now->count[e - now->first] = 0;
    return sum;
}

/* One step of the forward pass; the sum of all states. */
static double step(struct bayes *bayes, size_t k, size_t candidate)
{
    const struct linkage *linkage = bayes->linkage;
    const size_t first = linkage->first[candidate], end = linkage->first[candidate + 1];
    const double *activity = linkage->activity;
    struct states *now = &bayes->states[k & 1];
    size_t from = first, to = first;
    double sum = 0;

    now->first = first;
    for (size_t e = first; e < end; e++) {
        state_begin(bayes, now, k, e);
        double *row = now->rows + (e - first) * bayes->width;

        bayes->operations++;
        if (now->count[e - first] == 0)
            continue;
        for (int32_t s = 0; s < now->count[e - first]; s++)
            row[s] = k == 0;
        if (k > 0) {
            while (from < end && activity[from] < activity[e] - bayes->gaps[k].high)
                from++;
            while (to < end && activity[to] <= activity[e] + GAP_LEAST - bayes->gaps[k].low)
                to++;
            row_gather(bayes, k, e, from, to);
        }
        sum += row_finish(bayes, k, e);
    }
    return sum;
}

/* log C(n, k), for each kind of its own. */
static double choices(const struct bayes *bayes, size_t candidate)
{
    const struct linkage *linkage = bayes->linkage;
    double sum = 0;

    for (size_t k = 0; k < bayes->known_count; k++) {
        const uint32_t kind = bayes->known[k].kind;
        size_t wanted = 0, there = 0;
        bool is_first = true;

        for (size_t i = 0; i < bayes->known_count; i++) {
            wanted += bayes->known[i].kind == kind;
            is_first &= i >= k || bayes->known[i].kind != kind;
        }
        if (!is_first)
            continue;
        for (size_t e = linkage->first[candidate]; e < linkage->first[candidate + 1]; e++)
            there += linkage->kinds[e] == kind;
        for (size_t i = 0; i < wanted && i < there; i++)
            sum += log((double)(there - i) / (double)(i + 1));
    }
    return sum;
}

static double candidate_score(struct bayes *bayes, size_t candidate)
{
    const double impossible = -1e18;
    double sum = 0;

    if (!weeks_live(bayes, candidate))
        return impossible;
    for (size_t k = 0; k < bayes->known_count; k++) {
        sum = step(bayes, k, candidate);
        if (!(sum > 0))
            return impossible;
    }
    assert(isfinite(sum));
    return log(sum) - choices(bayes, candidate);
}

static bool bayes_prepare(struct bayes *bayes, struct arena *scratch, struct error *err)
{
    const struct linkage *linkage = bayes->linkage;
    const struct linkage_mask *mask = &linkage->setup.mask;
    size_t most = 0;

    bayes->back_low = mask->back_low;
    bayes->back_high = mask->back_high;
    bayes->width = (size_t)(2 * linkage->reach) + 2;
    for (size_t c = 0; c < linkage->subject_count; c++)
        if (linkage->first[c + 1] - linkage->first[c] > most)
            most = linkage->first[c + 1] - linkage->first[c];
    for (size_t i = 0; i < 2; i++) {
        bayes->states[i].from = ARENA_ARRAY(scratch, most + 1, int32_t);
        bayes->states[i].count = ARENA_ARRAY(scratch, most + 1, int32_t);
        bayes->states[i].rows = ARENA_ARRAY(scratch, (most + 1) * bayes->width, double);
        if (!bayes->states[i].from || !bayes->states[i].count || !bayes->states[i].rows)
            return error_memory(err);
    }
    bayes->alive = ARENA_ARRAY(scratch, (size_t)(bayes->back_high - bayes->back_low) + 1, uint32_t);
    if (!bayes->alive)
        return error_memory(err);
    for (size_t k = 1; k < bayes->known_count; k++)
        if (!gaps_fill(&bayes->gaps[k], mask,
                       bayes->known[k].activity - bayes->known[k - 1].activity + GAP_LEAST, scratch,
                       err))
            return false;
    return true;
}

bool linkage_bayes(const struct linkage *linkage, const struct linkage_question *question,
                   size_t target, const struct linkage_stop *stop, struct linkage_outcome *outcome,
                   struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    const size_t subjects = linkage->subject_count;
    struct linkage_known known[LINKAGE_KNOWN_MAX];
    struct bayes bayes = {.linkage = linkage, .known = known};
    double *scores = scratch ? ARENA_ARRAY(scratch, subjects + 1, double) : NULL;

    if (!scores)
        return error_memory(err);
    bayes.knows_amounts = question->attack == LINKAGE_BAYES_AMOUNTS;
    if (!linkage_know(linkage, target, question->known, scratch, known, &bayes.known_count, err) ||
        !bayes_prepare(&bayes, scratch, err))
        return false;
    for (size_t c = 0; c < subjects; c++) {
        if (linkage_stops(stop))
            return true;
        scores[c] = candidate_score(&bayes, c);
    }
    outcome->way_count = 1;
    linkage_rank(scores, subjects, target, &outcome->ways[0]);
    outcome->operations = bayes.operations;
    outcome->is_done = true;
    return true;
}
