/* How well is a person hidden in the new database? Measured before the swap (transforms.md,
 * section 7): linkage attacks on the sample that was gathered while rows were rewritten, and who is
 * unique in what stays linkable, by aggregates on the target. Counts and shares, never values. */
#ifndef UNDERSTUDY_VERIFY_PRIVACY_H
#define UNDERSTUDY_VERIFY_PRIVACY_H

#include "linkage/linkage.h"
#include "run/gather.h"
#include "verify/verify.h"

/* The calendar join at 1 and 4 known times, Bayes at 2, 4 and 8. */
#define PRIVACY_ATTACKS 5u
#define PRIVACY_LIMITED 3u /* Bayes at 4 */

struct privacy_attack {
    struct linkage_question question;
    struct linkage_result result, control; /* control: the same on the times as they were */
};

/* The attacks on the times that are hidden in one way. */
struct privacy_mask {
    enum gather_way way;
    size_t column_count, candidates, events;
    struct privacy_attack attacks[PRIVACY_ATTACKS];
    /* What max_reidentified is compared with: the attack that finds most at 4 known times, or at as
     * many below as anybody has. NULL: none had targets. */
    const struct privacy_attack *worst;
};

/* Rows of one table that nobody or few share, by some columns or counts. */
struct privacy_unique {
    const struct table *table;
    size_t column_count;
    const struct column **columns; /* quasi-identifiers */
    size_t edge_count;
    const struct edge **edges;  /* fingerprints: children counted */
    uint64_t rows, unique, few; /* few: in groups of fewer than 5, the unique included */
    /* Of these, rows that only tails and pins brought, and witnesses of what is rare. */
    bool has_tail; /* false: there was no survey, or their keys in staging cannot be told */
    uint64_t tail_rows, tail_unique, tail_few;
};

struct privacy {
    bool is_measured; /* the attacks were made; else `why` says why not */
    const char *why;  /* or NULL */
    /* Times of subjects are in staging that no attack says anything about, and what they are; or
     * NULL. `hint` says what would let them be measured. */
    const char *blind, *hint;
    uint64_t subjects; /* rows of the subject tables in staging */
    size_t mask_count;
    struct privacy_mask masks[GATHER_MASKS]; /* the weakest first */
    /* Of the mask by which most people are found: */
    enum gather_way way;
    size_t candidates, events;
    size_t column_count, other_columns; /* under this mask; under masks that were not attacked */
    bool is_cut;                        /* fewer candidates than subjects: the sample was full */
    bool is_out_of_time;                /* an attack ended before all its targets */
    struct privacy_attack attacks[PRIVACY_ATTACKS];
    const struct privacy_attack *worst; /* NULL: none */
    /* Neighboring times of a subject, of all its tables, in the order of production; and those of
     * which staging has the later one first. Below the coarser unit of both there is no order. */
    uint64_t neighbors, reversed;
    bool has_tape;
    struct linkage_tape tape, tape_control;
    bool has_prices;
    struct linkage_prices prices, prices_control;
    size_t unique_count;
    struct privacy_unique *uniques; /* quasi-identifiers */
    size_t fingerprint_count;
    struct privacy_unique *fingerprints;
};

struct privacy_config {
    const struct selection *selection;
    const struct gathering *gathering; /* NULL: no times of subjects are shifted */
    struct crew *crew;
    struct db *source; /* at the run's snapshot */
    struct db *target;
    struct control *control;
    double max_reidentified; /* below 0: no limit */
};

/* The attacks, over the crew. Zeroes `privacy` first. */
bool privacy_attack(const struct privacy_config *config, struct arena *arena,
                    struct privacy *privacy, struct error *err);
/* uniques.c: the aggregates on the target, in one thread. Which rows of it came as tails, their
 * keys say: read again from the source and rewritten. */
bool privacy_count(const struct privacy_config *config, struct arena *arena,
                   struct privacy *privacy, struct error *err);
/* STATUS_VERIFICATION where there is a limit, and the strongest attack at 4 known times finds more,
 * time ended before it was known, or times of subjects could not be attacked. Where no times of
 * subjects are in staging, the limit is kept. */
bool privacy_limit(const struct privacy_config *config, const struct privacy *privacy,
                   struct error *err);

#endif
