/* The values that a lookup chooses from, each read for the type of its column. */
#ifndef UNDERSTUDY_TRANSFORM_LOOKUP_LIST_H
#define UNDERSTUDY_TRANSFORM_LOOKUP_LIST_H

#include "transform/transform.h"

struct lookup_list {
    struct arena *arena; /* borrowed; holds everything below */
    struct value *values;
    uint64_t *ends; /* sums of the weights so far */
    size_t count, value_capacity, end_capacity;
};

/* Adds what the scalar says; an error at the node where the column cannot hold it. */
bool lookup_list_add(struct lookup_list *list, const struct transform_site *site,
                     const struct yaml_node *node, uint64_t weight, struct error *err);

/* Adds the lines of the regular file that `node` names, relative to the folder of the file that the
 * node stands in; at most 16 MiB, a million lines, each UTF-8 and not empty. Faults name the
 * line. */
bool lookup_list_load(struct lookup_list *list, const struct transform_site *site,
                      const struct yaml_node *node, struct error *err);

#endif
