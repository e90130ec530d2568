/* JSON paths of a profile as a tree. */
#include "transform/json_path.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

const struct path_node *path_step(const struct path_node *node, struct span name)
{
    if (!node)
        return NULL;
    for (const struct path_node *child = node->child; child; child = child->next) {
        if (span_equal(child->name, name))
            return child;
    }
    return NULL;
}

static struct path_node *child_get(struct path_node *node, struct span name, struct arena *arena)
{
    struct path_node *child = node->child;

    while (child && !span_equal(child->name, name))
        child = child->next;
    if (child)
        return child;
    child = ARENA_NEW(arena, struct path_node);
    if (!child)
        return NULL;
    child->rule = -1;
    child->name = name;
    child->next = node->child;
    node->child = child;
    return child;
}

/* Reads one step; *name.ptr NULL for [*]. */
static const char *step_read(const char **path, struct span *name)
{
    const char *at = *path, *end;

    if (strncmp(at, "[*]", 3) == 0) {
        *name = (struct span){0};
        *path = at + 3;
        return NULL;
    }
    if (*at++ != '.')
        return "after a name comes .name or [*]";
    if (*at == '"') {
        end = strchr(++at, '"');
        if (!end)
            return "a quoted name does not end";
        *path = end + 1;
    } else {
        end = at + strcspn(at, ".[");
        *path = end;
    }
    if (end == at)
        return "a name is missing";
    *name = span_make(at, (size_t)(end - at));
    return NULL;
}

const char *path_add(struct path_node *root, const char *path, int rule, struct arena *arena)
{
    struct path_node *node = root;
    unsigned depth = 0;

    assert(root && path && rule >= 0);
    if (*path++ != '$')
        return "a path begins with $";
    while (*path) {
        struct span name;
        const char *fault = step_read(&path, &name);

        if (fault)
            return fault;
        if (++depth > DEPTH_MAX)
            return "it is deeper than 64";
        node = child_get(node, name, arena);
        if (!node)
            return "there is no memory for it";
    }
    if (node->rule >= 0)
        return "it stands twice";
    node->rule = rule;
    return NULL;
}
