/* The states of all detectors for one table, in the hands of one worker. */
#include "survey/core.h"

const struct detector *const survey_detectors[] = {
#define DETECTOR(name) &detector_##name,
#include "survey/detectors.def"
#undef DETECTOR
};
const size_t survey_detector_count = COUNT_OF(survey_detectors);

bool part_open(struct part *part, const struct survey_table *table, struct arena *arena,
               struct error *err)
{
    part->states = ARENA_ARRAY(arena, survey_detector_count, void *);
    if (!part->states)
        return error_memory(err);
    for (size_t i = 0; i < survey_detector_count; i++) {
        part->count = i + 1;
        if (survey_detectors[i]->open && !survey_detectors[i]->open(table, &part->states[i], err))
            return error_context(err, "detector '%s'", survey_detectors[i]->kind);
    }
    return true;
}

bool part_observe(struct part *part, const struct survey_batch *batch, struct error *err)
{
    for (size_t i = 0; i < part->count; i++)
        if (part->states[i] && !survey_detectors[i]->observe(part->states[i], batch, err))
            return error_context(err, "detector '%s'", survey_detectors[i]->kind);
    return true;
}

bool part_merge(struct part *part, struct part *from, struct error *err)
{
    for (size_t i = 0; i < part->count; i++) {
        assert(part->states[i] || !from->states[i]);
        if (from->states[i] && !survey_detectors[i]->merge(part->states[i], from->states[i], err))
            return error_context(err, "detector '%s'", survey_detectors[i]->kind);
    }
    return true;
}

bool part_again(struct part *part, const struct survey_table *table, bool *columns, bool *is_wanted,
                struct error *err)
{
    *is_wanted = false;
    for (size_t i = 0; i < part->count; i++)
        if (part->states[i] && survey_detectors[i]->again &&
            !survey_detectors[i]->again(part->states[i], columns, err))
            return error_context(err, "detector '%s'", survey_detectors[i]->kind);
    for (size_t i = 0; i < table->column_count; i++)
        *is_wanted |= columns[i];
    return true;
}

bool part_fork(struct part *fork, const struct part *part, struct arena *arena, struct error *err)
{
    *fork = (struct part){.states = ARENA_ARRAY(arena, survey_detector_count, void *)};
    if (!fork->states)
        return error_memory(err);
    for (size_t i = 0; i < part->count; i++) {
        fork->count = i + 1;
        if (part->states[i] && survey_detectors[i]->fork &&
            !survey_detectors[i]->fork(part->states[i], &fork->states[i], err))
            return error_context(err, "detector '%s'", survey_detectors[i]->kind);
    }
    return true;
}

bool part_yield(struct part *part, struct strata *strata, struct error *err)
{
    bool is_done = true;

    for (size_t i = 0; is_done && i < part->count; i++) {
        strata_begin(strata, survey_detectors[i]);
        is_done = !part->states[i] || survey_detectors[i]->yield(part->states[i], strata, err) ||
                  error_context(err, "detector '%s'", survey_detectors[i]->kind);
    }
    strata_begin(strata, NULL);
    return is_done;
}

void part_close(struct part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        if (part->states[i])
            survey_detectors[i]->close(part->states[i]);
        part->states[i] = NULL;
    }
}

size_t part_bytes(const struct part *part)
{
    size_t bytes = 0;

    for (size_t i = 0; i < part->count; i++)
        if (part->states[i])
            bytes += survey_detectors[i]->bytes(part->states[i]);
    return bytes;
}
