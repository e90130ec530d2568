/* Who can be found again? Attacks on masked times and amounts, as somebody would make them who
 * knows the method and its parameters but not the key, and who knows a few exact events of one
 * person. Plain arrays in, shares found out: this folder knows no database and no profile.
 *
 * A target is found where its own masked subject gets the best score of all subjects; where several
 * share the best score it counts as 1 / their number, so that an attack which tells nobody apart
 * finds as much as guessing does. For one seed every result is the same on any machine with the
 * same libm, in any order of targets and by any number of threads.
 *
 * Times are microseconds since 1970. NaN says that an event has no such number. */
#ifndef UNDERSTUDY_LINKAGE_LINKAGE_H
#define UNDERSTUDY_LINKAGE_LINKAGE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/siphash.h"

enum { LINKAGE_SCALES_MAX = 8, LINKAGE_KNOWN_MAX = 32, LINKAGE_WAYS = 7, LINKAGE_HOURS = 168 };

struct linkage_event { /* what was true, and what it became */
    int64_t time, masked_time;
    double amount, masked_amount;
    double quantity, masked_quantity;
    uint32_t kind; /* events of different kinds are told apart (the column that the time stands in);
                      0 where nobody needs to; Bayes alone looks at it */
};

struct linkage_subject { /* its events are events[first] to events[first + count - 1] */
    size_t first, count;
};

struct linkage_population { /* borrowed */
    size_t subject_count;
    const struct linkage_subject *subjects;
    size_t event_count;
    const struct linkage_event *events; /* in any order within a subject */
};

enum linkage_time_mask {
    LINKAGE_TIME_NONE,     /* the times themselves */
    LINKAGE_TIME_CONSTANT, /* whole weeks back, the same for all times of a subject */
    LINKAGE_TIME_WARP      /* whole weeks back and nested stretches (transform/warp.h) */
};

enum linkage_amount_mask {
    LINKAGE_AMOUNT_NONE,
    LINKAGE_AMOUNT_FACTOR, /* a log-normal factor of `sigma` for each event */
    LINKAGE_AMOUNT_DECADE  /* the power of ten alone stays */
};

/* What the attacker knows of the mask: everything but the key. */
struct linkage_mask {
    enum linkage_time_mask time;
    int64_t back_low, back_high; /* whole weeks, both included */
    size_t scale_count;
    int64_t scales[LINKAGE_SCALES_MAX]; /* microseconds between knots, descending; each knot moves
                                           by up to 0.45 of its scale */
    /* Cumulated activity of the week at the full hours, from Monday 1970-01-05 00:00: 169 numbers
     * that rise from 0 to 1; NULL: all hours are alike. Borrowed. */
    const double *week;
    int64_t grain; /* of the coarsest column, microseconds (dates: a day); 0: exact */
    enum linkage_amount_mask amount;
    double sigma; /* of LINKAGE_AMOUNT_FACTOR */
};

enum linkage_attack {
    /* Joins on the clock: for each known time the nearest masked time of a candidate, scored
     * 1 / (1 + (distance / tau)^2) and added up, for each of seven tau from a second to a fortnight
     * (the result takes the best of them). The attack of de Montjoye et al., "Unique in the Crowd"
     * (2013), made tolerant. K log n for a candidate of n events. */
    LINKAGE_CALENDAR,
    /* The same after aligning one known event with each masked event of the candidate in turn:
     * sees through any constant shift, for all differences between known times stay.
     * n K log n for a candidate. */
    LINKAGE_INTERVAL,
    /* Bayes: the likelihood that the known times became some K of the candidate's, in activity
     * time, summed over all whole weeks back and all assignments that keep the order (a forward
     * pass over windows of what the displacement can reach), over the number of choices of K among
     * n. Gaps between neighbors are taken as log-normal, with the variances of the stretches added
     * up. Our own; the strongest we know, and the one a claim must stand against. For a candidate
     * and a number of weeks at most K w^2, w the events in a window of twice 0.45 of the sum of
     * the scales; most numbers of weeks end at the first window that is empty. */
    LINKAGE_BAYES,
    /* The same by somebody who knows the amounts beside the times. */
    LINKAGE_BAYES_AMOUNTS,
    LINKAGE_ATTACKS
};

/* "calendar", "interval", "bayes", "bayes_amounts" */
const char *linkage_attack_name(enum linkage_attack attack);

/* A population made ready to be attacked: sorted, in activity time. Read-only once made; safe from
 * every thread. */
struct linkage;

struct linkage_setup {
    struct linkage_population population; /* borrowed */
    struct linkage_mask mask;
    struct sipkey picks; /* which subjects are targets, and which of their events are known */
    /* The control: masked times and amounts are the true ones and the mask is none. An attack that
     * does not find people here does not work, and what it says elsewhere means nothing. */
    bool is_control;
};

/* STATUS_BUG where the mask makes no sense; STATUS_LOCAL without memory. All of it in `arena`:
 * at most 40 bytes for an event and 64 for a subject. */
bool linkage_new(const struct linkage_setup *setup, struct arena *arena, struct linkage **linkage,
                 struct error *err);

/* Subjects that can be targets when `known` times of each are known: those with at least `known`
 * + 2 different times, or where there are none, those with `known`: who knows all the times that
 * somebody has finds them no worse. The first `most` of them in the order of a keyed hash of their
 * place in the population, so that fewer targets are a prefix of more. In `arena`; may be none. */
bool linkage_targets(const struct linkage *linkage, size_t known, size_t most, struct arena *arena,
                     size_t **targets, size_t *count, struct error *err);

/* How one target fared, once for each way of the attack (calendar and interval: each tau). */
struct linkage_outcome {
    bool is_done; /* false: stopped before all candidates were tried; nothing else is set */
    size_t way_count;
    struct linkage_way {
        double found;   /* 0, 1, or 1 / n where n share the best score */
        double top_ten; /* the chance to stand among the best ten, ties drawn by lot */
        double rank;    /* from 1; ties share the middle of their ranks */
    } ways[LINKAGE_WAYS];
    uint64_t operations; /* steps of the innermost loops: what was spent */
};

/* Asked between candidates; true ends the attack. NULL: never. */
struct linkage_stop {
    bool (*must_stop)(void *context);
    void *context;
};

struct linkage_question {
    enum linkage_attack attack;
    size_t known; /* 1 to LINKAGE_KNOWN_MAX */
};

/* One target: the unit of work for a thread. Working memory is freed at its end. False only
 * without memory. */
bool linkage_attack_target(const struct linkage *linkage, const struct linkage_question *question,
                           size_t target, const struct linkage_stop *stop,
                           struct linkage_outcome *outcome, struct error *err);

struct linkage_result {
    size_t targets;    /* done; 0: nothing was measured and the rest means nothing */
    size_t candidates; /* subjects that were compared with each */
    double found;      /* mean over the targets, of the way that finds most */
    double top_ten;
    double median_rank;
    double guess; /* what guessing finds: 1 / candidates */
    uint64_t operations;
};

/* Sums outcomes up; those that are not done count for nothing. */
bool linkage_sum(const struct linkage *linkage, const struct linkage_outcome *outcomes,
                 size_t count, struct linkage_result *result, struct error *err);

/* All in one thread: picks at most `most` targets, attacks each, sums up. `budget` operations are
 * spent at most (0: no limit), counted after each target. */
bool linkage_run(const struct linkage *linkage, const struct linkage_question *question,
                 size_t most, uint64_t budget, struct linkage_result *result, struct error *err);

/* The public tape: all true (minute, amount) of the population are known without names. A masked
 * row is linked where its own true row is among those it equals, by 1 / their number. n log n.
 * After Narayanan and Shmatikov, "Robust De-anonymization of Large Sparse Datasets" (2008), whose
 * side information is just such a list. */
struct linkage_tape {
    size_t rows;      /* with an amount; 0: nothing was measured */
    double by_amount; /* share linked by the amount alone */
    double by_amount_and_minute;
};
bool linkage_tape(const struct linkage *linkage, struct linkage_tape *tape, struct error *err);

/* Prices: amount / quantity against a public series shows how far back a subject was moved, for
 * prices of the right days fit and others do not. For each day of the possible way back: the
 * variance of log(amount / quantity) - log(price) over the subject's first 40 events; the least
 * variance wins, and is right where the mean displacement of these events is met within
 * `tolerance`. The floor is the same attack on ratios dealt out anew among all events. */
struct linkage_price {
    int64_t time;
    double price;
};
struct linkage_series { /* ascending times; the price of a time is the last one at or before it */
    size_t count;
    const struct linkage_price *prices;
};
/* A series out of the true ratios of the population itself, one median for each day that has three
 * or more: stands in for the public one where none is at hand. In `arena`; may be empty. */
bool linkage_series_of(const struct linkage *linkage, struct arena *arena,
                       struct linkage_series *series, struct error *err);
struct linkage_prices {
    size_t targets;   /* subjects with at least three ratios; 0: nothing was measured */
    double recovered; /* share whose way back was met */
    double floor;
};
bool linkage_prices(const struct linkage *linkage, const struct linkage_series *series, size_t most,
                    int64_t tolerance, const struct linkage_stop *stop,
                    struct linkage_prices *prices, struct error *err);

#endif
