/* What a column holds, summed up so that two sets of rows can be compared: production's, and parts
 * of the subset. Memory: 49 KiB at most, of an arena that outlives it. Digests merge; neither the
 * order of rows nor how they were shared among workers shows. Not for two threads at once. */
#ifndef UNDERSTUDY_SURVEY_DIGEST_H
#define UNDERSTUDY_SURVEY_DIGEST_H

#include "survey/distinct.h"
#include "survey/spread.h"
#include "survey/survey.h"

/* What is asked for, beside rows and NULLs. */
enum { DIGEST_VALUES = 1, DIGEST_ORDER = 2 };

enum { DIGEST_CATEGORIES = 64, DIGEST_SLOTS = 2 * DIGEST_CATEGORIES };

struct digest {
    unsigned what;
    uint64_t rows, nulls;
    /* DIGEST_VALUES */
    struct distinct *distinct;
    bool has_overflowed; /* more than DIGEST_CATEGORIES values */
    uint32_t category_count;
    struct category *categories; /* DIGEST_SLOTS of them, hashed; rows 0: free */
    /* DIGEST_ORDER */
    struct spread spread;
    double least, greatest; /* of finite values; NAN: none yet */
};

bool digest_init(struct digest *digest, unsigned what, struct arena *arena, struct error *err);

static inline void digest_add_nulls(struct digest *digest, uint64_t rows)
{
    digest->rows += rows;
    digest->nulls += rows;
}

/* `rows` rows with the same value: its hash (survey_cell_hash) counts where values were asked for,
 * its number where order was. */
bool digest_add(struct digest *digest, uint64_t hash, double number, uint64_t rows,
                struct arena *arena, struct error *err);

/* Both were asked for the same. */
bool digest_merge(struct digest *digest, const struct digest *from, struct arena *arena,
                  struct error *err);

/* Everything copied into `arena`; `column` is left to the caller. */
bool digest_distribution(const struct digest *digest, struct arena *arena,
                         struct distribution *distribution, struct error *err);

#endif
