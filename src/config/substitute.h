/* Fills the variables of a profile's tree: ${VAR}, ${VAR:-default} and ${VAR:?message} in values,
 * :VAR in SQL (sql_text.h), which is checked on the way. Keys and names stay as they are. */
#ifndef UNDERSTUDY_CONFIG_SUBSTITUTE_H
#define UNDERSTUDY_CONFIG_SUBSTITUTE_H

#include "config/url.h"
#include "config/yaml.h"

/* Which keys hold SQL (`where`, `when`, `order`) follows from the profile's shape, so that a
 * column that is called "order" does not become one. A variable that is not set and has no
 * default is STATUS_PROFILE at its place. As in a shell, `:-` and `:?` count an empty variable as
 * not set. SQL is read as `engine` does. */
bool substitute_profile(struct yaml_node *root, enum engine engine, struct arena *arena,
                        struct error *err);

/* One text; `node` for the place of an error. */
bool substitute_text(const struct yaml_node *node, struct arena *arena, const char **text,
                     struct error *err);

/* What of node->raw is literal: each reference to a variable becomes `stand_in`, a default
 * written in one stands as it is. NULL: out of memory. */
const char *substitute_literal(const struct yaml_node *node, char stand_in, struct arena *arena);

#endif
