/* The linkage attacks of a run, a target at a time over the crew. */
#include "verify/privacy.h"

#include "base/clock.h"

enum { TARGETS_MAX = 300, WAVE = 8, PRICE_TARGETS = 200 };

/* What one attack may spend: about 16 seconds of one processor. The same on every machine, so that
 * the figures do not depend on how fast it is or how many workers there are; the time is only a
 * stop for machines that are far slower. */
#define ATTACK_OPERATIONS UINT64_C(3000000000)
#define SECONDS_MAX       60.0

static const struct linkage_question questions[PRIVACY_ATTACKS] = {
    {LINKAGE_CALENDAR, 1}, {LINKAGE_CALENDAR, 4}, {LINKAGE_BAYES, 2},
    {LINKAGE_BAYES, 4},    {LINKAGE_BAYES, 8},
};

/* The order in which they are made: what a limit is set on comes first. */
static const size_t sequence[PRIVACY_ATTACKS] = {PRIVACY_LIMITED, 4, 2, 1, 0};

struct measuring {
    const struct privacy_config *config;
    struct privacy *privacy;
    struct arena *arena;
    double end; /* monotonic seconds */
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

/* One attack, by waves of a few targets: after each it is known what was spent. */
static bool attack_make(struct measuring *measuring, const struct linkage *linkage,
                        const struct linkage_question *question, struct linkage_result *result,
                        struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    struct linkage_outcome *outcomes;
    size_t *targets, count = 0, done = 0;
    uint64_t spent = 0;

    if (!scratch)
        return error_memory(err);
    if (!linkage_targets(linkage, question->known, TARGETS_MAX, scratch, &targets, &count, err))
        return false;
    outcomes = ARENA_ARRAY(scratch, count + 1, struct linkage_outcome);
    if (!outcomes)
        return error_memory(err);
    while (done < count && spent < ATTACK_OPERATIONS && !must_stop(measuring)) {
        const size_t size = count - done < WAVE ? count - done : WAVE;
        struct wave wave = {measuring, linkage, question, targets + done, outcomes + done};

        if (!crew_spread(measuring->config->crew, size, target_attack, &wave, err))
            return false;
        for (size_t i = 0; i < size; i++)
            spent += outcomes[done + i].operations;
        done += size;
    }
    if (!linkage_sum(linkage, outcomes, done, result, err))
        return false;
    measuring->privacy->is_out_of_time |= result->targets < count && spent < ATTACK_OPERATIONS;
    return !control_is_interrupted(measuring->config->control) ||
           control_error(measuring->config->control, err);
}

static bool attacks_make(struct measuring *measuring, const struct linkage *linkage,
                         bool is_control, struct error *err)
{
    for (size_t i = 0; i < PRIVACY_ATTACKS; i++) {
        struct privacy_attack *attack = &measuring->privacy->attacks[sequence[i]];

        attack->question = questions[sequence[i]];
        if (!attack_make(measuring, linkage, &attack->question,
                         is_control ? &attack->control : &attack->result, err))
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
        !linkage_prices(linkage, &series, PRICE_TARGETS, price_tolerance(gathered->mask), &stop,
                        is_control ? &privacy->prices_control : &privacy->prices, err))
        return false;
    privacy->has_prices = privacy->prices.targets > 0;
    return true;
}

static bool population_attack(struct measuring *measuring, const struct gather_result *gathered,
                              bool is_control, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    const struct binding *binding = measuring->config->selection->binding;
    struct linkage_setup setup = {
        .population = gathered->population,
        .mask = *gathered->mask,
        .picks = binding->subject_key,
        .is_control = is_control,
    };
    struct linkage *linkage;

    return (scratch || error_memory(err)) && linkage_new(&setup, scratch, &linkage, err) &&
           attacks_make(measuring, linkage, is_control, err) &&
           numbers_measure(measuring, gathered, linkage, is_control, err);
}

static bool linkage_measure(struct measuring *measuring, struct error *err)
{
    struct privacy *privacy = measuring->privacy;
    struct gather_result gathered;

    if (!measuring->config->gathering) {
        privacy->why = "no column shifts the times of subjects";
        return true;
    }
    if (!gathering_finish(measuring->config->gathering, measuring->arena, &gathered, err))
        return false;
    privacy->candidates = gathered.population.subject_count;
    privacy->events = gathered.population.event_count;
    privacy->column_count = gathered.column_count;
    privacy->other_columns = gathered.other_columns;
    privacy->is_cut = gathered.is_cut;
    if (privacy->candidates < 2) {
        privacy->why = "fewer than two subjects have times";
        return true;
    }
    privacy->is_measured = true;
    return population_attack(measuring, &gathered, false, err) &&
           population_attack(measuring, &gathered, true, err);
}

static void subjects_count(const struct selection *selection, struct privacy *privacy)
{
    const struct binding *binding = selection->binding;

    for (size_t i = 0; i < binding->subject_count; i++)
        privacy->subjects += selection->tables[binding->subjects[i]->index].row_count;
}

/* A limit that could not be compared with anything because time ended is not kept. */
bool privacy_limit(const struct privacy_config *config, const struct privacy *privacy,
                   struct error *err)
{
    const struct linkage_result *result = &privacy->attacks[PRIVACY_LIMITED].result;

    if (config->max_reidentified < 0 || !privacy->is_measured)
        return true;
    if (result->targets == 0 && privacy->is_out_of_time)
        return error_set(err, STATUS_VERIFICATION,
                         "privacy: time ended before it was known how many people are found again");
    if (result->targets == 0 || result->found <= config->max_reidentified)
        return true;
    error_set(err, STATUS_VERIFICATION,
              "privacy: who knows 4 times of a person finds %.1f %% of %zu again among %zu "
              "subjects; max_reidentified allows %.1f %%",
              100 * result->found, result->targets, result->candidates,
              100 * config->max_reidentified);
    return error_hint(err, "choose more subjects, shift with longer scales, or leave columns out; "
                           "`understudy help transform shift` says how");
}

bool privacy_attack(const struct privacy_config *config, struct arena *arena,
                    struct privacy *privacy, struct error *err)
{
    struct measuring measuring = {config, privacy, arena, clock_monotonic() + SECONDS_MAX};

    assert(config->selection && config->crew && config->control);
    *privacy = (struct privacy){0};
    subjects_count(config->selection, privacy);
    return linkage_measure(&measuring, err);
}
