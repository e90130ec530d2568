/* A population made ready, its targets, and the sums over them. */
#include "linkage/linkage_internal.h"

#include <math.h>
#include <stdlib.h>

enum { PURPOSE_TARGET = 1, PURPOSE_KNOWN };

const char *linkage_attack_name(enum linkage_attack attack)
{
    static const char *const names[LINKAGE_ATTACKS] = {
        [LINKAGE_CALENDAR] = "calendar",
        [LINKAGE_INTERVAL] = "interval",
        [LINKAGE_BAYES] = "bayes",
        [LINKAGE_BAYES_AMOUNTS] = "bayes_amounts",
    };

    assert(attack < LINKAGE_ATTACKS);
    return names[attack];
}

bool linkage_stops(const struct linkage_stop *stop)
{
    return stop && stop->must_stop && stop->must_stop(stop->context);
}

double linkage_activity(const struct linkage_mask *mask, int64_t time)
{
    const int64_t monday = 4 * LINKAGE_DAY_US;
    int64_t week;

    if (!mask->week)
        return (double)time / (double)LINKAGE_WEEK_US;
    time -= monday;
    week = time / LINKAGE_WEEK_US - (time % LINKAGE_WEEK_US < 0);

    const double hours = (double)(time - week * LINKAGE_WEEK_US) / (double)(LINKAGE_DAY_US / 24);
    size_t hour = (size_t)hours;

    assert(hours >= 0 && hours <= LINKAGE_HOURS);
    if (hour >= LINKAGE_HOURS)
        hour = LINKAGE_HOURS - 1;
    return (double)week + mask->week[hour] +
           (mask->week[hour + 1] - mask->week[hour]) * (hours - (double)hour);
}

static bool mask_check(const struct linkage_mask *mask, struct error *err)
{
    if (mask->scale_count > LINKAGE_SCALES_MAX)
        return error_set(err, STATUS_BUG, "a mask of times has %zu scales", mask->scale_count);
    for (size_t i = 0; i < mask->scale_count; i++)
        if (mask->scales[i] <= 0)
            return error_set(err, STATUS_BUG, "a mask of times has a scale of no length");
    if (mask->time != LINKAGE_TIME_NONE &&
        (mask->back_high < mask->back_low || mask->back_high - mask->back_low > 5200))
        return error_set(err, STATUS_BUG, "a mask of times goes back from %lld to %lld weeks",
                         (long long)mask->back_low, (long long)mask->back_high);
    if (mask->amount == LINKAGE_AMOUNT_FACTOR && !(mask->sigma > 0))
        return error_set(err, STATUS_BUG, "a mask of amounts has no sigma");
    return mask->grain >= 0 ||
           error_set(err, STATUS_BUG, "a mask of times has a grain below nothing");
}

/* Who is not masked goes nowhere; a constant way back has no stretches. */
static void mask_settle(struct linkage *made)
{
    struct linkage_mask *mask = &made->setup.mask;
    double sum = 0;

    if (made->setup.is_control) {
        mask->time = LINKAGE_TIME_NONE;
        mask->amount = LINKAGE_AMOUNT_NONE;
        mask->grain = 0;
    }
    if (mask->time != LINKAGE_TIME_WARP)
        mask->scale_count = 0;
    if (mask->time == LINKAGE_TIME_NONE)
        mask->back_low = mask->back_high = 0;
    for (size_t i = 0; i < mask->scale_count; i++)
        sum += (double)mask->scales[i];
    made->reach =
        (LINKAGE_SWAY * 1.0001 * sum + (double)mask->grain) / (double)LINKAGE_WEEK_US + 1e-4;
}

struct masked {
    int64_t time;
    double log_amount;
    uint32_t kind;
};

static int masked_compare(const void *left, const void *right)
{
    const struct masked *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->log_amount > b->log_amount) - (a->log_amount < b->log_amount);
}

static void subject_sort(struct linkage *made, size_t subject, struct masked *room)
{
    const struct linkage_subject *from = &made->setup.population.subjects[subject];
    const size_t first = made->first[subject];

    for (size_t i = 0; i < from->count; i++) {
        const struct linkage_event *event = &made->setup.population.events[from->first + i];

        room[i].time = made->setup.is_control ? event->time : event->masked_time;
        room[i].log_amount = log(fabs(linkage_amount(made, event)));
        room[i].kind = event->kind;
    }
    qsort(room, from->count, sizeof(*room), masked_compare);
    for (size_t i = 0; i < from->count; i++) {
        made->times[first + i] = room[i].time;
        made->activity[first + i] = linkage_activity(&made->setup.mask, room[i].time);
        made->log_amounts[first + i] = room[i].log_amount;
        made->kinds[first + i] = room[i].kind;
    }
}

static bool subjects_sort(struct linkage *made, struct error *err)
{
    const struct linkage_population *population = &made->setup.population;
    AUTO(arena) struct arena *scratch = arena_new();
    struct masked *room;
    size_t most = 0, sum = 0;

    for (size_t i = 0; i < population->subject_count; i++) {
        const struct linkage_subject *subject = &population->subjects[i];

        if (subject->first > population->event_count ||
            subject->count > population->event_count - subject->first)
            return error_set(err, STATUS_BUG, "events of subject %zu lie outside the population",
                             i);
        made->first[i] = sum;
        sum += subject->count;
        most = subject->count > most ? subject->count : most;
    }
    made->first[population->subject_count] = sum;
    if (sum > population->event_count)
        return error_set(err, STATUS_BUG, "subjects of the population share events");
    room = scratch ? ARENA_ARRAY(scratch, most + 1, struct masked) : NULL;
    if (!room)
        return error_memory(err);
    for (size_t i = 0; i < population->subject_count; i++)
        subject_sort(made, i, room);
    return true;
}

bool linkage_new(const struct linkage_setup *setup, struct arena *arena, struct linkage **linkage,
                 struct error *err)
{
    struct linkage *made = ARENA_NEW(arena, struct linkage);
    const size_t events = setup->population.event_count + 1;

    *linkage = NULL;
    if (!mask_check(&setup->mask, err))
        return false;
    if (!made)
        return error_memory(err);
    made->setup = *setup;
    made->subject_count = setup->population.subject_count;
    made->first = ARENA_ARRAY(arena, made->subject_count + 1, size_t);
    made->times = ARENA_ARRAY(arena, events, int64_t);
    made->activity = ARENA_ARRAY(arena, events, double);
    made->log_amounts = ARENA_ARRAY(arena, events, double);
    made->kinds = ARENA_ARRAY(arena, events, uint32_t);
    if (!made->first || !made->times || !made->activity || !made->log_amounts || !made->kinds)
        return error_memory(err);
    mask_settle(made);
    if (!subjects_sort(made, err))
        return false;
    *linkage = made;
    return true;
}

struct draw { /* something that is chosen by its keyed hash */
    uint64_t hash;
    size_t place;
};

static int draw_compare(const void *left, const void *right)
{
    const struct draw *a = left, *b = right;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void draw_sort(const struct linkage *linkage, const uint64_t head[2], struct draw *draws,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t words[3] = {head[0], head[1], draws[i].place};

        draws[i].hash = siphash_words(&linkage->setup.picks, words, 3);
    }
    qsort(draws, count, sizeof(*draws), draw_compare);
}

static int event_compare(const void *left, const void *right)
{
    const struct linkage_known *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->log_amount > b->log_amount) - (a->log_amount < b->log_amount);
}

/* The true events of a subject, ascending, one for each time. In `scratch`. */
static bool events_distinct(const struct linkage *linkage, size_t target, struct arena *scratch,
                            struct linkage_known **events, size_t *count)
{
    const struct linkage_subject *subject = &linkage->setup.population.subjects[target];
    struct linkage_known *all = ARENA_ARRAY(scratch, subject->count + 1, struct linkage_known);

    *count = 0;
    *events = all;
    if (!all)
        return false;
    for (size_t i = 0; i < subject->count; i++) {
        const struct linkage_event *event = &linkage->setup.population.events[subject->first + i];

        all[i] = (struct linkage_known){
            .time = event->time, .log_amount = log(fabs(event->amount)), .kind = event->kind};
    }
    qsort(all, subject->count, sizeof(*all), event_compare);
    for (size_t i = 0; i < subject->count; i++)
        if (i == 0 || all[i].time != all[*count - 1].time)
            all[(*count)++] = all[i];
    return true;
}

bool linkage_know(const struct linkage *linkage, size_t target, size_t known, struct arena *scratch,
                  struct linkage_known *events, size_t *count, struct error *err)
{
    const uint64_t head[2] = {PURPOSE_KNOWN, target};
    struct linkage_known *all;
    struct draw *draws;
    size_t distinct = 0;

    assert(target < linkage->subject_count && known <= LINKAGE_KNOWN_MAX);
    if (!events_distinct(linkage, target, scratch, &all, &distinct) ||
        !(draws = ARENA_ARRAY(scratch, distinct + 1, struct draw)))
        return error_memory(err);
    for (size_t i = 0; i < distinct; i++)
        draws[i].place = i;
    draw_sort(linkage, head, draws, distinct);
    *count = known < distinct ? known : distinct;
    for (size_t i = 0; i < *count; i++) {
        events[i] = all[draws[i].place];
        events[i].activity = linkage_activity(&linkage->setup.mask, events[i].time);
    }
    qsort(events, *count, sizeof(*events), event_compare);
    return true;
}

/* Of the draws in order, the first `most` subjects with `least` different times. */
static bool targets_take(const struct linkage *linkage, const struct draw *draws, size_t least,
                         size_t most, size_t *targets, size_t *count)
{
    AUTO(arena) struct arena *room = arena_new();

    *count = 0;
    for (size_t i = 0; room && i < linkage->subject_count && *count < most; i++) {
        struct linkage_known *events;
        size_t distinct = 0;

        arena_reset(room);
        if (!events_distinct(linkage, draws[i].place, room, &events, &distinct))
            return false;
        if (distinct >= least)
            targets[(*count)++] = draws[i].place;
    }
    return room != NULL;
}

bool linkage_targets(const struct linkage *linkage, size_t known, size_t most, struct arena *arena,
                     size_t **targets, size_t *count, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    const uint64_t head[2] = {PURPOSE_TARGET, 0};
    struct draw *draws =
        scratch ? ARENA_ARRAY(scratch, linkage->subject_count + 1, struct draw) : NULL;

    *count = 0;
    *targets = ARENA_ARRAY(arena, most + 1, size_t);
    if (!draws || !*targets)
        return error_memory(err);
    for (size_t i = 0; i < linkage->subject_count; i++)
        draws[i].place = i;
    draw_sort(linkage, head, draws, linkage->subject_count);
    if (!targets_take(linkage, draws, known + 2, most, *targets, count) ||
        (*count == 0 && !targets_take(linkage, draws, known, most, *targets, count)))
        return error_memory(err);
    return true;
}

void linkage_rank(const double *scores, size_t count, size_t target, struct linkage_way *way)
{
    size_t better = 0, equal = 0;

    assert(target < count);
    for (size_t i = 0; i < count; i++) {
        better += scores[i] > scores[target] + 1e-9;
        equal += fabs(scores[i] - scores[target]) <= 1e-9;
    }
    assert(equal > 0);
    way->found = better == 0 ? 1 / (double)equal : 0;
    way->rank = (double)better + ((double)equal + 1) / 2;
    way->top_ten = better >= 10           ? 0
                   : better + equal <= 10 ? 1
                                          : (double)(10 - better) / (double)equal;
}

bool linkage_attack_target(const struct linkage *linkage, const struct linkage_question *question,
                           size_t target, const struct linkage_stop *stop,
                           struct linkage_outcome *outcome, struct error *err)
{
    static linkage_function *const functions[LINKAGE_ATTACKS] = {
        [LINKAGE_CALENDAR] = linkage_calendar,
        [LINKAGE_INTERVAL] = linkage_interval,
        [LINKAGE_BAYES] = linkage_bayes,
        [LINKAGE_BAYES_AMOUNTS] = linkage_bayes,
    };

    assert(question->attack < LINKAGE_ATTACKS && target < linkage->subject_count);
    assert(question->known > 0 && question->known <= LINKAGE_KNOWN_MAX);
    *outcome = (struct linkage_outcome){0};
    return functions[question->attack](linkage, question, target, stop, outcome, err);
}

static int real_compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The way that finds most; of several, the one with more in the top ten. */
static void way_take(const struct linkage_way *way, struct linkage_result *result, bool is_first)
{
    if (!is_first && (way->found < result->found ||
                      (way->found <= result->found && way->top_ten <= result->top_ten)))
        return;
    result->found = way->found;
    result->top_ten = way->top_ten;
    result->median_rank = way->rank;
}

bool linkage_sum(const struct linkage *linkage, const struct linkage_outcome *outcomes,
                 size_t count, struct linkage_result *result, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    double *ranks = scratch ? ARENA_ARRAY(scratch, count + 1, double) : NULL;
    size_t ways = 0;

    if (!ranks)
        return error_memory(err);
    *result = (struct linkage_result){.candidates = linkage->subject_count};
    result->guess = linkage->subject_count ? 1 / (double)linkage->subject_count : 0;
    for (size_t i = 0; i < count; i++) {
        result->targets += outcomes[i].is_done;
        result->operations += outcomes[i].operations;
        if (outcomes[i].is_done)
            ways = outcomes[i].way_count;
    }
    for (size_t w = 0; w < ways; w++) {
        struct linkage_way mean = {0};
        size_t done = 0;

        for (size_t i = 0; i < count; i++) {
            if (!outcomes[i].is_done)
                continue;
            mean.found += outcomes[i].ways[w].found;
            mean.top_ten += outcomes[i].ways[w].top_ten;
            ranks[done++] = outcomes[i].ways[w].rank;
        }
        qsort(ranks, done, sizeof(*ranks), real_compare);
        mean.found /= (double)done;
        mean.top_ten /= (double)done;
        mean.rank = ranks[done / 2];
        way_take(&mean, result, w == 0);
    }
    return true;
}

bool linkage_run(const struct linkage *linkage, const struct linkage_question *question,
                 size_t most, uint64_t budget, struct linkage_result *result, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    struct linkage_outcome *outcomes;
    size_t *targets, count = 0, done = 0;
    uint64_t spent = 0;

    if (!scratch ||
        !linkage_targets(linkage, question->known, most, scratch, &targets, &count, err) ||
        !(outcomes = ARENA_ARRAY(scratch, count + 1, struct linkage_outcome)))
        return error_memory(err);
    for (; done < count && (budget == 0 || spent < budget); done++) {
        if (!linkage_attack_target(linkage, question, targets[done], NULL, &outcomes[done], err))
            return false;
        spent += outcomes[done].operations;
    }
    return linkage_sum(linkage, outcomes, done, result, err);
}
