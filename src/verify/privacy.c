/* The linkage attacks of a run, a target at a time over the crew. */
#include "verify/privacy.h"

#include "base/clock.h"
#include <stdlib.h>
#include <string.h>

/* An unmasked control finds everybody or does not work: few targets tell. */
enum { TARGETS_MAX = 300, CONTROL_TARGETS_MAX = 50, WAVE = 8, PRICE_TARGETS = 200 };

/* What all attacks on the masks together may spend: less than ten seconds of two processors at
 * 5,000 subjects. The same on every machine, so that the figures do not depend on how fast it is or
 * how many workers there are; the time is only a stop for machines that are far slower. */
#define OPERATIONS_MAX UINT64_C(3200000000)
#define SECONDS_MAX    60.0

static const struct linkage_question questions[PRIVACY_ATTACKS] = {
    {LINKAGE_CALENDAR, 1}, {LINKAGE_CALENDAR, 4}, {LINKAGE_BAYES, 2},
    {LINKAGE_BAYES, 4},    {LINKAGE_BAYES, 8},
};

/* The order in which they are made: what a limit is set on comes first. */
static const size_t sequence[PRIVACY_ATTACKS] = {PRIVACY_LIMITED, 4, 2, 1, 0};

/* Parts of a hundred that each may spend, by question. */
static const uint64_t shares[PRIVACY_ATTACKS] = {2, 3, 20, 40, 35};

struct measuring {
    const struct privacy_config *config;
    struct privacy *privacy;
    struct arena *arena;
    uint64_t operations; /* for the attacks on one mask */
    double end;          /* monotonic seconds */
};

/* One attack of a set, and what it may spend. */
struct assault {
    const struct linkage *linkage;
    const struct linkage_question *question;
    size_t targets;
    uint64_t operations;
};

struct wave {
    struct measuring *measuring;
    const struct linkage *linkage;
    const struct linkage_question *question;
    const size_t *targets;
    struct linkage_outcome *outcomes;
};

static bool must_stop(void *context)
{
    const struct measuring *measuring = context;

    return control_is_interrupted(measuring->config->control) || clock_monotonic() > measuring->end;
}

static bool target_attack(void *context, size_t item, struct crew_member *member, struct error *err)
{
    const struct wave *wave = context;
    const struct linkage_stop stop = {must_stop, wave->measuring};

    UNUSED(member);
    if (!linkage_attack_target(wave->linkage, wave->question, wave->targets[item], &stop,
                               &wave->outcomes[item], err))
        return false;
    control_add(wave->measuring->config->control, 1, 0);
    return true;
}

/* Another wave would spend more than there is; the first is always made. */
static bool is_spent(uint64_t spent, size_t done, uint64_t most)
{
    return done > 0 && spent + spent / done * WAVE > most;
}

/* One attack, by waves of a few targets: after each it is known what was spent. */
static bool attack_make(struct measuring *measuring, const struct assault *assault,
                        struct linkage_result *result, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    struct linkage_outcome *outcomes;
    size_t *targets, count = 0, done = 0;
    uint64_t spent = 0;

    if (!scratch)
        return error_memory(err);
    if (!linkage_targets(assault->linkage, assault->question->known, assault->targets, scratch,
                         &targets, &count, err))
        return false;
    outcomes = ARENA_ARRAY(scratch, count + 1, struct linkage_outcome);
    if (!outcomes)
        return error_memory(err);
    while (done < count && !is_spent(spent, done, assault->operations) && !must_stop(measuring)) {
        const size_t size = count - done < WAVE ? count - done : WAVE;
        struct wave wave = {measuring, assault->linkage, assault->question, targets + done,
                            outcomes + done};

        if (!crew_spread(measuring->config->crew, size, target_attack, &wave, err))
            return false;
        for (size_t i = 0; i < size; i++)
            spent += outcomes[done + i].operations;
        done += size;
    }
    if (!linkage_sum(assault->linkage, outcomes, done, result, err))
        return false;
    measuring->privacy->is_out_of_time |=
        result->targets < count &&
        (result->targets < done || !is_spent(spent, done, assault->operations));
    return !control_is_interrupted(measuring->config->control) ||
           control_error(measuring->config->control, err);
}

static bool attacks_make(struct measuring *measuring, const struct linkage *linkage,
                         struct privacy_mask *mask, bool is_control, struct error *err)
{
    for (size_t i = 0; i < PRIVACY_ATTACKS; i++) {
        struct privacy_attack *attack = &mask->attacks[sequence[i]];
        const struct assault assault = {
            .linkage = linkage,
            .question = &attack->question,
            .targets = is_control ? CONTROL_TARGETS_MAX : TARGETS_MAX,
            .operations = measuring->operations / 100 * shares[sequence[i]],
        };

        attack->question = questions[sequence[i]];
        if (!attack_make(measuring, &assault, is_control ? &attack->control : &attack->result, err))
            return false;
    }
    return true;
}

/* How exactly the way back must be met to count: what the stretches leave open, at most a week. */
static int64_t price_tolerance(const struct linkage_mask *mask)
{
    const int64_t day = INT64_C(86400000000);

    return mask->time == LINKAGE_TIME_WARP ? 7 * day : day;
}

static bool numbers_measure(struct measuring *measuring, const struct gather_result *gathered,
                            const struct linkage *linkage, bool is_control, struct error *err)
{
    struct privacy *privacy = measuring->privacy;
    const struct linkage_stop stop = {must_stop, measuring};
    struct linkage_series series;

    privacy->has_tape = gathered->has_amounts;
    if (gathered->has_amounts &&
        !linkage_tape(linkage, is_control ? &privacy->tape_control : &privacy->tape, err))
        return false;
    if (!gathered->has_amounts || !gathered->has_quantities)
        return true;
    if (!linkage_series_of(linkage, measuring->arena, &series, err) ||
        !linkage_prices(linkage, &series, PRICE_TARGETS, price_tolerance(&gathered->mask), &stop,
                        is_control ? &privacy->prices_control : &privacy->prices, err))
        return false;
    privacy->has_prices = privacy->prices.targets > 0;
    return true;
}

static bool linkage_make(struct measuring *measuring, const struct gather_result *gathered,
                         bool is_control, struct arena *arena, struct linkage **linkage,
                         struct error *err)
{
    const struct binding *binding = measuring->config->selection->binding;
    const struct linkage_setup setup = {
        .population = gathered->population,
        .mask = gathered->mask,
        .picks = binding->subject_key,
        .is_control = is_control,
    };

    return linkage_new(&setup, arena, linkage, err);
}

/* More found at as many known times as anybody has, of those that the limit speaks of. */
static bool is_worse(const struct privacy_attack *attack, const struct privacy_attack *worst)
{
    if (attack->result.targets == 0 || attack->question.known > 4)
        return false;
    if (!worst || attack->question.known != worst->question.known)
        return !worst || attack->question.known > worst->question.known;
    return attack->result.found > worst->result.found;
}

static bool mask_attack(struct measuring *measuring, size_t number, struct privacy_mask *mask,
                        struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    struct gather_result gathered;
    bool is_ok = scratch != NULL || error_memory(err);

    is_ok = is_ok &&
            gathering_finish(measuring->config->gathering, (int)number, scratch, &gathered, err);
    if (!is_ok)
        return false;
    mask->way = gathered.way;
    mask->column_count = gathered.column_count;
    mask->candidates = gathered.population.subject_count;
    mask->events = gathered.population.event_count;
    for (int control = 0; is_ok && mask->candidates > 1 && control < 2; control++) {
        struct linkage *linkage;

        is_ok = linkage_make(measuring, &gathered, control, scratch, &linkage, err) &&
                attacks_make(measuring, linkage, mask, control, err);
    }
    for (size_t i = 0; is_ok && mask->candidates > 1 && i < PRIVACY_ATTACKS; i++)
        if (is_worse(&mask->attacks[i], mask->worst))
            mask->worst = &mask->attacks[i];
    return is_ok;
}

static int event_compare(const void *left, const void *right)
{
    const struct linkage_event *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->masked_time > b->masked_time) - (a->masked_time < b->masked_time);
}

static int64_t in_units(int64_t time, int64_t unit)
{
    return time / unit - (time % unit < 0);
}

/* A shift reverses nothing that is one subject's; a column that moves with another one (`with:`),
 * or stays, may. */
static bool order_measure(const struct gather_result *gathered, struct privacy *privacy,
                          struct error *err)
{
    const struct linkage_population *population = &gathered->population;
    AUTO(arena) struct arena *scratch = arena_new();
    struct linkage_event *events =
        scratch ? ARENA_ARRAY(scratch, population->event_count + 1, struct linkage_event) : NULL;

    if (!events)
        return error_memory(err);
    memcpy(events, population->events, population->event_count * sizeof(*events));
    for (size_t s = 0; s < population->subject_count; s++) {
        const struct linkage_subject *subject = &population->subjects[s];
        struct linkage_event *own = events + subject->first;

        qsort(own, subject->count, sizeof(*own), event_compare);
        for (size_t i = 1; i < subject->count; i++) {
            const int64_t units[2] = {gathered->units[own[i - 1].kind / GATHER_MASKS],
                                      gathered->units[own[i].kind / GATHER_MASKS]};
            const int64_t unit = units[0] > units[1] ? units[0] : units[1];

            if (in_units(own[i - 1].time, unit) == in_units(own[i].time, unit))
                continue;
            privacy->neighbors++;
            privacy->reversed +=
                in_units(own[i].masked_time, unit) < in_units(own[i - 1].masked_time, unit);
        }
    }
    return true;
}

static bool numbers_attack(struct measuring *measuring, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    struct gather_result gathered;
    bool is_ok = scratch != NULL || error_memory(err);

    is_ok = is_ok &&
            gathering_finish(measuring->config->gathering, GATHER_ALL, scratch, &gathered, err);
    is_ok = is_ok && order_measure(&gathered, measuring->privacy, err);
    for (int control = 0; is_ok && control < 2; control++) {
        struct linkage *linkage;

        is_ok = linkage_make(measuring, &gathered, control, scratch, &linkage, err) &&
                numbers_measure(measuring, &gathered, linkage, control, err);
    }
    return is_ok;
}

/* The mask by which most are found speaks for all; one that nobody has events under for none. */
static void worst_take(struct privacy *privacy)
{
    const struct privacy_mask *worst = NULL;

    for (size_t i = 0; i < privacy->mask_count; i++) {
        const struct privacy_mask *mask = &privacy->masks[i];

        if (!worst || (mask->worst && !worst->worst) || (!worst->worst && !worst->candidates) ||
            (mask->worst && worst->worst && mask->worst->result.found > worst->worst->result.found))
            worst = mask;
    }
    assert(worst);
    privacy->way = worst->way;
    privacy->column_count = worst->column_count;
    privacy->candidates = worst->candidates;
    privacy->events = worst->events;
    privacy->worst = worst->worst;
    memcpy(privacy->attacks, worst->attacks, sizeof(privacy->attacks));
}

/* Times that are there and were not attacked: what is worst of them is said. */
static void blind_find(const struct privacy_config *config, struct privacy *privacy)
{
    struct gather_survey survey;
    bool is_alone = false;

    gathering_survey(config->selection, &survey);
    for (size_t i = 0; i < privacy->mask_count; i++)
        is_alone |= privacy->masks[i].candidates == 1 &&
                    (!privacy->is_measured || privacy->masks[i].way <= GATHER_COARSE);
    if (survey.ownerless) {
        privacy->blind = "times are kept, and no subjects are named whose they could be";
        privacy->hint = "name the tables of people under subjects:, or shift the times";
    } else if (survey.ambiguous) {
        privacy->blind = "times are kept in a table with several ways up to a subject";
        privacy->hint = "name the column to go up by under subjects.path";
    } else if (survey.hidden) {
        privacy->blind = "times are kept inside arrays or ranges";
        privacy->hint = "shift them, or leave max_reidentified out";
    } else if (is_alone) {
        privacy->blind = "a single subject has times, and nobody to hide among";
        privacy->hint = "choose more subjects, or redact the times";
    } else if (survey.other && !privacy->is_measured) {
        privacy->blind = "all times of subjects stand in columns that are shifted by themselves";
        privacy->hint = "leave 'unique: true' out, or leave max_reidentified out";
    }
    privacy->other_columns += survey.other;
}

static bool masks_attack(struct measuring *measuring, struct error *err)
{
    const struct gathering *gathering = measuring->config->gathering;
    struct privacy *privacy = measuring->privacy;
    AUTO(arena) struct arena *scratch = arena_new();
    struct gather_result all;

    if (!scratch)
        return error_memory(err);
    if (!gathering_finish(gathering, GATHER_ALL, scratch, &all, err))
        return false;
    privacy->mask_count = gathering_mask_count(gathering);
    privacy->is_cut = all.is_cut;
    privacy->other_columns = all.other_columns;
    measuring->operations = OPERATIONS_MAX / privacy->mask_count;
    for (size_t i = 0; i < privacy->mask_count; i++) {
        if (!mask_attack(measuring, i, &privacy->masks[i], err))
            return false;
        privacy->is_measured |= privacy->masks[i].candidates > 1;
    }
    worst_take(privacy);
    return !privacy->is_measured || numbers_attack(measuring, err);
}

static bool linkage_measure(struct measuring *measuring, struct error *err)
{
    struct privacy *privacy = measuring->privacy;

    if (measuring->config->gathering && !masks_attack(measuring, err))
        return false;
    blind_find(measuring->config, privacy);
    if (!privacy->is_measured)
        privacy->why = privacy->blind ? privacy->blind : "no times of subjects are in staging";
    return true;
}

static void subjects_count(const struct selection *selection, struct privacy *privacy)
{
    const struct binding *binding = selection->binding;

    for (size_t i = 0; i < binding->subject_count; i++)
        privacy->subjects += selection->tables[binding->subjects[i]->index].row_count;
}

/* A limit that could not be compared with anything is not kept. */
bool privacy_limit(const struct privacy_config *config, const struct privacy *privacy,
                   struct error *err)
{
    const struct privacy_attack *worst = privacy->worst;
    const bool is_exact = privacy->way == GATHER_EXACT || privacy->way == GATHER_COARSE;

    if (config->max_reidentified < 0)
        return true;
    if (worst && worst->result.found > config->max_reidentified) {
        error_set(err, STATUS_VERIFICATION,
                  "privacy: who knows %zu time%s of a person finds %.1f %% of %zu again among %zu "
                  "subjects%s; max_reidentified allows %.1f %%",
                  worst->question.known, worst->question.known == 1 ? "" : "s",
                  100 * worst->result.found, worst->result.targets, worst->result.candidates,
                  is_exact ? ", by times that are kept" : "", 100 * config->max_reidentified);
        return error_hint(err, "%s",
                          is_exact ? "shift the times that are kept, or leave their columns out"
                                   : "choose more subjects, shift with longer scales, or leave "
                                     "columns out; `understudy help transform shift` says how");
    }
    if (privacy->blind) {
        error_set(err, STATUS_VERIFICATION,
                  "privacy: how many people are found again is not known: %s; max_reidentified "
                  "allows %.1f %%",
                  privacy->blind, 100 * config->max_reidentified);
        return error_hint(err, "%s", privacy->hint);
    }
    return !privacy->is_out_of_time || (worst && worst->question.known == 4) ||
           error_set(err, STATUS_VERIFICATION,
                     "privacy: time ended before it was known how many people are found again");
}

bool privacy_attack(const struct privacy_config *config, struct arena *arena,
                    struct privacy *privacy, struct error *err)
{
    struct measuring measuring = {.config = config,
                                  .privacy = privacy,
                                  .arena = arena,
                                  .end = clock_monotonic() + SECONDS_MAX};

    assert(config->selection && config->crew && config->control);
    *privacy = (struct privacy){0};
    subjects_count(config->selection, privacy);
    return linkage_measure(&measuring, err);
}
