/* Values put on the steps of a scale: to the nearest (round) or to the one toward zero, toward the
 * past (truncate). */
#ifndef UNDERSTUDY_TRANSFORM_STEPS_H
#define UNDERSTUDY_TRANSFORM_STEPS_H

#include "transform/coarse.h"

struct steps {
    bool is_nearest;
    struct exact width; /* numbers */
    struct time_step time;
    double low, high; /* what the column and its CHECKs hold, infinities: no limit */
    bool low_is_open, high_is_open;
};

/* Reads `to` and `places`; a step that would leave every value as it is is refused. */
bool steps_read(const struct transform_site *site, const struct yaml_node *params,
                struct steps *steps, struct error *err);
/* call->params is a struct steps. Numbers and times only. */
bool steps_apply(const struct transform_call *call, struct value *values, uint32_t count,
                 struct error *err);

#define STEPS_KINDS                                                                                \
    (KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_REAL) | KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_DATE) | \
     KIND_BIT(KIND_TIME) | KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT))

#endif
