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

struct weeks { /* back: from <= s < to; none where they do not rise */
    int64_t from, to;
};

/* The events of a candidate that a known event can have become, ascending in time. */
struct states {
    size_t count;
    size_t *events;
    double *activity;
    struct weeks *weeks; /* that each can belong to */
    double *rows;        /* width numbers each */
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
    size_t most;         /* events of any candidate */
    struct weeks *weeks; /* [known * most + event of the candidate] */
    uint32_t *alive;     /* by weeks back: known events that find somebody there */
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

/* The weeks back with which event `at` can be known event k: from <= s < to. */
static struct weeks weeks_of(const struct bayes *bayes, size_t k, double at)
{
    const double reach = bayes->linkage->reach, gone = bayes->known[k].activity - at;
    const double low = gone - reach, high = gone + reach;
    struct weeks weeks = {(int64_t)low, (int64_t)high};

    /* Up and down to whole weeks: conversions cut toward zero. */
    weeks.from += (double)weeks.from < low;
    weeks.to += (double)weeks.to <= high;
    if (weeks.from < bayes->back_low)
        weeks.from = bayes->back_low;
    if (weeks.to > bayes->back_high + 1)
        weeks.to = bayes->back_high + 1;
    assert(weeks.to <= weeks.from || (size_t)(weeks.to - weeks.from) <= bayes->width);
    return weeks;
}

/* Notes the weeks of every event for known event k, and raises `alive` where somebody is found.
 * Later events take fewer weeks back, so what was raised already lies above. */
static bool weeks_note(struct bayes *bayes, size_t candidate, size_t k)
{
    const struct linkage *linkage = bayes->linkage;
    const size_t first = linkage->first[candidate], end = linkage->first[candidate + 1];
    struct weeks *noted = bayes->weeks + k * bayes->most;
    int64_t raised = bayes->back_high + 1;
    bool is_any = false;

    for (size_t e = first; e < end; e++) {
        struct weeks weeks = {0, 0};

        if (linkage->kinds[e] == bayes->known[k].kind)
            weeks = weeks_of(bayes, k, linkage->activity[e]);
        noted[e - first] = weeks;
        for (int64_t s = weeks.from; s < weeks.to && s < raised; s++) {
            uint32_t *alive = &bayes->alive[s - bayes->back_low];

            *alive += *alive == k;
            is_any |= *alive == k + 1;
        }
        if (weeks.from < weeks.to && weeks.from < raised)
            raised = weeks.from;
    }
    bayes->operations += end - first;
    return is_any;
}

/* Which of the weeks back let every known event find somebody? */
static bool weeks_live(struct bayes *bayes, size_t candidate)
{
    memset(bayes->alive, 0,
           (size_t)(bayes->back_high - bayes->back_low + 1) * sizeof(*bayes->alive));
    for (size_t k = 0; k < bayes->known_count; k++)
        if (!weeks_note(bayes, candidate, k))
            return false;
    return true;
}

/* The state of event `e`, behind the last. Its weeks are cut to those that are alive at both ends;
 * inner dead ones stay 0 anyway, for somewhere on the way nobody is found. */
static bool state_begin(struct bayes *bayes, size_t candidate, size_t k, size_t e)
{
    struct states *states = &bayes->states[k & 1];
    struct weeks weeks = bayes->weeks[k * bayes->most + e - bayes->linkage->first[candidate]];

    while (weeks.from < weeks.to &&
           bayes->alive[weeks.to - 1 - bayes->back_low] < bayes->known_count)
        weeks.to--;
    while (weeks.from < weeks.to && bayes->alive[weeks.from - bayes->back_low] < bayes->known_count)
        weeks.from++;
    states->events[states->count] = e;
    states->activity[states->count] = bayes->linkage->activity[e];
    states->weeks[states->count] = weeks;
    return weeks.from < weeks.to;
}

/* Fills the last state's row with what the states [first, end) of the known event before hand on.
 */
static void row_gather(struct bayes *bayes, size_t k, size_t first, size_t end)
{
    const struct states *before = &bayes->states[(k - 1) & 1], *now = &bayes->states[k & 1];
    const struct gaps *gaps = &bayes->gaps[k];
    const double at = now->activity[now->count] + GAP_LEAST;
    const int64_t low = now->weeks[now->count].from, high = now->weeks[now->count].to;
    double *restrict row = now->rows + now->count * bayes->width - low;
    uint64_t spent = 0;

    for (size_t z = first; z < end; z++) {
        const int64_t left = before->weeks[z].from, right = before->weeks[z].to;
        const int64_t begin = left > low ? left : low;
        const int64_t stop = right < high ? right : high;
        const uint64_t place = (bits_of(at - before->activity[z]) >> gaps->shift) - gaps->base;

        if (begin >= stop || place >= gaps->count || before->events[z] == now->events[now->count])
            continue;
        const double weight = gaps->weights[place];
        const double *restrict other = before->rows + z * bayes->width - left;

        for (int64_t s = begin; s < stop; s++)
            row[s] += weight * other[s];
        spent += 1 + (uint64_t)(stop - begin) / 4;
    }
    bayes->operations += spent + (end - first) / 4;
}

/* Keeps the last state unless nothing leads to it. */
static double row_finish(struct bayes *bayes, size_t k)
{
    struct states *now = &bayes->states[k & 1];
    double *row = now->rows + now->count * bayes->width, sum = 0, weight = 1;
    const size_t width = (size_t)(now->weeks[now->count].to - now->weeks[now->count].from);

    if (bayes->knows_amounts)
        weight = amount_weight(&bayes->linkage->setup.mask, bayes->known[k].log_amount,
                               bayes->linkage->log_amounts[now->events[now->count]]);
    for (size_t s = 0; s < width; s++)
        sum += row[s] *= weight;
    now->count += sum > 0;
    return sum;
}

/* One step of the forward pass; the sum of all states. */
static double step(struct bayes *bayes, size_t k, size_t candidate)
{
    const struct linkage *linkage = bayes->linkage;
    const struct states *before = &bayes->states[(k + 1) & 1];
    struct states *now = &bayes->states[k & 1];
    size_t first = 0, end = 0;
    double sum = 0;

    now->count = 0;
    for (size_t e = linkage->first[candidate]; e < linkage->first[candidate + 1]; e++) {
        const double at = linkage->activity[e];

        bayes->operations++;
        if (!state_begin(bayes, candidate, k, e))
            continue;
        double *row = now->rows + now->count * bayes->width;

        for (size_t s = 0; s < bayes->width; s++)
            row[s] = k == 0;
        if (k > 0) {
            while (first < before->count && before->activity[first] < at - bayes->gaps[k].high)
                first++;
            while (end < before->count &&
                   before->activity[end] <= at + GAP_LEAST - bayes->gaps[k].low)
                end++;
            row_gather(bayes, k, first, end);
        }
        sum += row_finish(bayes, k);
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
        struct states *states = &bayes->states[i];

        states->events = ARENA_ARRAY(scratch, most + 1, size_t);
        states->activity = ARENA_ARRAY(scratch, most + 1, double);
        states->weeks = ARENA_ARRAY(scratch, most + 1, struct weeks);
        states->rows = ARENA_ARRAY(scratch, (most + 1) * bayes->width, double);
        if (!states->events || !states->activity || !states->weeks || !states->rows)
            return error_memory(err);
    }
    bayes->most = most;
    bayes->weeks = ARENA_ARRAY(scratch, bayes->known_count * most + 1, struct weeks);
    bayes->alive = ARENA_ARRAY(scratch, (size_t)(bayes->back_high - bayes->back_low) + 1, uint32_t);
    if (!bayes->weeks || !bayes->alive)
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
