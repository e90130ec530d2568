/* What a column holds, summed up so that two sets of rows can be compared: production's, and parts
 * of the subset. Memory: 49 KiB at most, of an arena that outlives it. Summaries merge; neither the
 * order of rows nor how they were shared among workers shows. Not for two threads at once. */
#ifndef UNDERSTUDY_SURVEY_SUMMARY_H
#define UNDERSTUDY_SURVEY_SUMMARY_H

#include "survey/distinct.h"
#include "survey/spread.h"
#include "survey/survey.h"

/* What is asked for, beside rows and NULLs. */
enum { SUMMARY_VALUES = 1, SUMMARY_ORDER = 2 };

enum { SUMMARY_CATEGORIES = 64, SUMMARY_SLOTS = 2 * SUMMARY_CATEGORIES };

struct summary {
    unsigned what;
    uint64_t rows, nulls;
    /* SUMMARY_VALUES */
    struct distinct *distinct;
    bool has_overflowed; /* more than SUMMARY_CATEGORIES values */
    uint32_t category_count;
    struct category *categories; /* SUMMARY_SLOTS of them, hashed; rows 0: free */
    /* SUMMARY_ORDER */
    struct spread spread;
    double least, greatest; /* of finite values; NAN: none yet */
};

bool summary_init(struct summary *summary, unsigned what, struct arena *arena, struct error *err);

static inline void summary_add_nulls(struct summary *summary, uint64_t rows)
{
    summary->rows += rows;
    summary->nulls += rows;
}

/* `rows` rows with the same value: its hash (survey_cell_hash) counts where values were asked for,
 * its number where order was. */
bool summary_add(struct summary *summary, uint64_t hash, double number, uint64_t rows,
                 struct arena *arena, struct error *err);

/* Both were asked for the same. */
bool summary_merge(struct summary *summary, const struct summary *from, struct arena *arena,
                   struct error *err);

/* Everything copied into `arena`; `column` is left to the caller. */
bool summary_distribution(const struct summary *summary, struct arena *arena,
                          struct distribution *distribution, struct error *err);

#endif
