/* What tests of detectors ask of a survey again and again. */
#ifndef UNDERSTUDY_TESTS_SURVEY_TOLD_H
#define UNDERSTUDY_TESTS_SURVEY_TOLD_H

#include "fixture.h"
#include <check.h>

/* The rare stratum of this sentence, of so many rows, with this row among its witnesses. */
static inline const struct stratum *assert_told(struct survey_trial *trial,
                                                const struct survey *survey, const char *describe,
                                                uint64_t rows, uint64_t row)
{
    const struct stratum *stratum = trial_find(survey, describe);

    ck_assert_msg(stratum != NULL, "'%s' is not told:\n%s", describe, trial_print(trial, survey));
    ck_assert_msg(stratum->is_rare && stratum->rows == rows, "'%s' has %llu rows", describe,
                  (unsigned long long)stratum->rows);
    ck_assert_msg(trial_has_witness(stratum, row), "'%s':\n%s", describe,
                  trial_print(trial, survey));
    return stratum;
}

static inline void assert_untold(struct survey_trial *trial, const struct survey *survey,
                                 const char *describe)
{
    ck_assert_msg(trial_find(survey, describe) == NULL, "'%s' is told:\n%s", describe,
                  trial_print(trial, survey));
}

#endif
