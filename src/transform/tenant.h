/* `tenant: COLUMN`: the raw value of a column of the row joins the message of the key, so that each
 * tenant has a mapping of its own. */
#ifndef UNDERSTUDY_TRANSFORM_TENANT_H
#define UNDERSTUDY_TRANSFORM_TENANT_H

#include "transform/transform.h"

struct tenant {
    const struct keyring *keyring;
    const char *domain;
    struct span canonical; /* the rule's own part of the key's message */
    const struct type *type;
    uint32_t position; /* of the column among the companions */
};

/* Reads the parameter into prepared->tenant (NULL without it). Called last: the canonical text of
 * everything else stands. */
bool tenant_read(const struct transform_site *site, const struct yaml_node *params,
                 struct arena *arena, struct prepared_transform *prepared, struct error *err);

/* The rule's apply for each tenant of the batch under a key derived for it; nothing outlives the
 * call, however many tenants there are. */
bool tenant_apply(const struct prepared_transform *prepared, struct transform_call *call,
                  struct value *values, uint32_t count, struct error *err);

#endif
