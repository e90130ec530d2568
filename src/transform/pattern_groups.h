/* The rules that a pattern puts on its named groups. */
#ifndef UNDERSTUDY_TRANSFORM_PATTERN_GROUPS_H
#define UNDERSTUDY_TRANSFORM_PATTERN_GROUPS_H

#include "transform/matcher.h"
#include "transform/transform.h"

enum { PATTERN_GROUPS_MAX = 32 };

struct pattern_group {
    const struct prepared_transform *rule;
    const struct column *column; /* that the rule sees: what `like` names, else one made up */
    const struct type *type;
    unsigned number; /* of the group in the expression */
};

struct pattern_params {
    struct matcher *matcher;
    struct pattern_group groups[PATTERN_GROUPS_MAX];
    size_t count;
    uint32_t limit; /* characters the column holds; 0: no limit */
};

/* Reads `groups`, prepares every rule, adds needs to `prepared`; every named group has one. */
bool pattern_groups_read(const struct transform_site *site, const struct yaml_node *node,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct pattern_params *made, struct error *err);

#endif
