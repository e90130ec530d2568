/* What the attacks share: the prepared population, the events that an attacker knows, and how a
 * list of scores becomes an outcome. */
#ifndef UNDERSTUDY_LINKAGE_INTERNAL_H
#define UNDERSTUDY_LINKAGE_INTERNAL_H

#include "linkage/linkage.h"

#define LINKAGE_WEEK_US   INT64_C(604800000000)
#define LINKAGE_DAY_US    INT64_C(86400000000)
#define LINKAGE_MINUTE_US INT64_C(60000000)

/* Knots move by at most this part of their scale. */
#define LINKAGE_SWAY 0.45

struct linkage {
    struct linkage_setup setup; /* mask and amounts are none where it is the control */
    size_t subject_count;
    size_t *first; /* subject_count + 1 places in the arrays below */
    /* masked events, by subject, ascending in time */
    int64_t *times;
    double *activity;    /* weeks of activity time */
    double *log_amounts; /* of the size; NaN: none */
    uint32_t *kinds;
    double reach; /* weeks that an event can be away from where its whole weeks put it */
};

struct linkage_known { /* an event that the attacker knows, as it truly was */
    int64_t time;
    double activity, log_amount;
    uint32_t kind;
};

/* Weeks since Monday 1970-01-05 in activity time. */
double linkage_activity(const struct linkage_mask *mask, int64_t time);

/* `known` events of one subject with different times, ascending; the first ones in keyed order, so
 * that fewer are a part of more. Fewer than asked where the subject has fewer. */
bool linkage_know(const struct linkage *linkage, size_t target, size_t known, struct arena *scratch,
                  struct linkage_known *events, size_t *count, struct error *err);

/* Higher is better; scores nearer than 1e-9 share their place. */
void linkage_rank(const double *scores, size_t count, size_t target, struct linkage_way *way);

bool linkage_stops(const struct linkage_stop *stop);

typedef bool linkage_function(const struct linkage *linkage,
                              const struct linkage_question *question, size_t target,
                              const struct linkage_stop *stop, struct linkage_outcome *outcome,
                              struct error *err);

linkage_function linkage_calendar, linkage_interval, linkage_bayes;

/* The true or masked side of an event: of the control both are the same. */
static inline double linkage_amount(const struct linkage *linkage,
                                    const struct linkage_event *event)
{
    return linkage->setup.is_control ? event->amount : event->masked_amount;
}

#endif
