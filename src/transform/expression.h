/* Arithmetic over other columns: + - * / with parentheses, numbers and column names, the latter
 * quoted as in SQL where they must be. */
#ifndef UNDERSTUDY_TRANSFORM_EXPRESSION_H
#define UNDERSTUDY_TRANSFORM_EXPRESSION_H

#include "transform/exact.h"

enum { EXPRESSION_STEPS_MAX = 64 };

/* One step of the reverse Polish form. */
struct step {
    char operation;      /* + - * / ~ (sign), 'n' number, 'c' column */
    struct exact number; /* 'n' */
    uint32_t column;     /* 'c': index into columns */
};

struct expression {
    struct step steps[EXPRESSION_STEPS_MAX];
    size_t step_count;
    const char *columns[EXPRESSION_STEPS_MAX];
    size_t column_count;
};

/* NULL on success, else what is wrong, for a message. */
const char *expression_read(const char *text, struct arena *arena, struct expression *expression);
/* `values` one for each column. false: the result does not fit, or a division by zero. */
bool expression_exact(const struct expression *expression, const struct exact *values,
                      unsigned scale, struct exact *result);
double expression_real(const struct expression *expression, const double *values);

#endif
