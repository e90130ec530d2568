/* Rules that stand inside another rule's `paths` and `otherwise`, for parts of its values. */
#ifndef UNDERSTUDY_TRANSFORM_SUB_RULE_H
#define UNDERSTUDY_TRANSFORM_SUB_RULE_H

#include "transform/transform.h"

enum { SUB_RULES_MAX = 1024, SUB_RULE_DEPTH_MAX = 16 };

/* What the profile says for one path. */
struct sub_rule {
    const char *path;
    const struct yaml_node *node;   /* scalar, mapping, or NULL */
    const struct yaml_node *params; /* the mapping, or NULL */
    const char *rule;
    const struct transform_reference *reference; /* or NULL */
};

/* NAME, { rule: NAME ... } or { keep: REASON }. `rule->path` is left to the caller. */
bool sub_rule_read(const struct yaml_node *node, struct sub_rule *rule, struct error *err);

/* `paths` of the parameters, in their order; none is no error. In `arena`. */
bool sub_rules_read(const struct yaml_node *params, struct arena *arena, struct sub_rule **rules,
                    size_t *count, struct error *err);

/* The site of a part, from that of the whole: a label and (unless the rule says another) a domain
 * of its own. Its column and type are left to the caller. */
bool sub_rule_site(const struct transform_site *site, const struct sub_rule *rule,
                   struct arena *arena, struct transform_site *part, struct error *err);

/* Refuses what is said of a whole row (`when`, `with`), which has no say over a part of a value. */
bool part_params_check(const struct yaml_node *params, struct error *err);

/* Puts the place of the node (or NULL) in front of an error that has none; returns false. */
bool sub_rule_fault(const struct yaml_node *node, struct error *err);

/* Prepares the rule for the part and adds what it needs to `whole`. */
bool sub_rule_prepare(const struct transform_site *part, const struct sub_rule *rule,
                      struct arena *arena, struct prepared_transform *whole,
                      const struct prepared_transform **made, struct error *err);

/* [A-Za-z_][A-Za-z0-9_.-]{0,63}, or nothing at all: a key that is the name of a field. Any other
 * is data. */
bool is_field_name(const void *key, size_t len);

#endif
