/* Decimals and reals exchanged for others of their sign and size inside the bounds that constraints
 * set them. */
#ifndef UNDERSTUDY_TRANSFORM_REDACT_NUMBER_H
#define UNDERSTUDY_TRANSFORM_REDACT_NUMBER_H

#include "transform/bounds.h"

struct number_exchange {
    const struct transform_call *call;
    const struct sipkey *key;
    const struct bounds *bounds;
    bool is_exact; /* distinct values must stay distinct */
};

/* A decimal or a real. What lies in the bounds is exchanged inside them, what does not outside.
 * Where they leave nothing of the number's size, it takes one of the size below (STATUS_POLICY
 * where it is exact); what has no other is left as it is and counted: zero, NaN, the infinities. */
bool number_redact(const struct number_exchange *exchange, struct value *value, struct error *err);

#endif
