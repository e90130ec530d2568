/* The rules that a json rule puts on the leaves of its documents. */
#ifndef UNDERSTUDY_TRANSFORM_JSON_RULES_H
#define UNDERSTUDY_TRANSFORM_JSON_RULES_H

#include "transform/json_path.h"
#include "transform/transform.h"

enum leaf_kind { LEAF_TEXT, LEAF_NUMBER, LEAF_BOOLEAN, LEAF_KINDS };

/* The types that leaves are given to rules as. */
extern const struct type leaf_types[LEAF_KINDS];

struct json_rule {
    const struct prepared_transform *variants[LEAF_KINDS]; /* NULL: the rule does not take it */
    const struct type
        *text; /* that texts are given to the rule as: leaf_types', or the key's own */
    bool is_keep;
    enum kind refers; /* KIND_OTHER: the path refers to nothing; else the kind of the key */
};

struct json_params {
    struct path_node root;   /* rule -1: rules[0] */
    struct json_rule *rules; /* 0: otherwise; the last one: redact, for what a rule does not take */
    size_t rule_count;
    struct column *column; /* of all leaves: no limits */
};

/* Reads `paths` and `otherwise`, prepares every rule and those of the site's references, adds
 * their needs to `prepared`. */
bool json_rules_read(const struct transform_site *site, const struct yaml_node *params,
                     struct arena *arena, struct prepared_transform *prepared,
                     struct json_params **made, struct error *err);

/* The texts and numbers of a document whose rules identify; see struct transform. */
bool json_find_identifying(const struct prepared_transform *prepared, const struct value *value,
                           struct arena *arena, transform_visit *visit, void *context,
                           struct error *err);

#endif
