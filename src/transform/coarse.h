/* What rules share that make values coarser: one number at a time is read exact, made coarser, and
 * put back in the form of its column. */
#ifndef UNDERSTUDY_TRANSFORM_COARSE_H
#define UNDERSTUDY_TRANSFORM_COARSE_H

#include "transform/exact.h"
#include "transform/params.h"

/* false: the number is too long for exact arithmetic. */
typedef bool coarse_function(const struct transform_call *call, struct exact number,
                             struct exact *coarse);

/* A number as the profile writes it. */
bool coarse_number_read(const struct yaml_node *node, struct exact *number, struct error *err);
double coarse_real(struct exact number);

/* To the nearest that the column holds. false: the number is too long for exact arithmetic. */
bool coarse_integer(const struct transform_call *call, coarse_function *function,
                    struct value *value);
/* NaN and the infinities stay. Of more than 38 digits the first stays, zeros follow. */
bool coarse_decimal(const struct transform_call *call, coarse_function *function,
                    struct value *value, struct error *err);

/* A unit of the calendar, or a length in microseconds. */
enum span_unit { UNIT_NONE, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR, UNIT_DECADE };
struct time_step {
    enum span_unit unit;
    int64_t width; /* UNIT_NONE: microseconds */
};

/* 15m, 7d ..., or month, quarter, year, decade. */
bool time_step_read(const struct yaml_node *node, struct time_step *step, struct error *err);
/* Where the step begins that holds the time (no sentinel) of this kind. */
int64_t time_step_floor(const struct time_step *step, enum kind kind, int64_t time);
/* Where the one after it begins. `floor` is such a beginning. */
int64_t time_step_next(const struct time_step *step, enum kind kind, int64_t floor);

#endif
