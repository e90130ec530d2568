/* JSON paths of a profile as a tree: $.a.b[*].c, a name in double quotes where it must be. */
#ifndef UNDERSTUDY_TRANSFORM_JSON_PATH_H
#define UNDERSTUDY_TRANSFORM_JSON_PATH_H

#include "base/arena.h"
#include "base/common.h"

struct path_node {
    struct span name; /* of a member; ptr NULL: the elements of an array */
    int rule;         /* -1: none of its own, that of the node above holds */
    struct path_node *child, *next;
};

/* Adds `path` under `root`; NULL on success, else what is wrong. */
const char *path_add(struct path_node *root, const char *path, int rule, struct arena *arena);
/* The child for a member or (ptr NULL) for elements, or NULL. */
const struct path_node *path_step(const struct path_node *node, struct span name);

#endif
