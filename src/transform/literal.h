/* A value as a profile writes it, read for the type it is meant for. */
#ifndef UNDERSTUDY_TRANSFORM_LITERAL_H
#define UNDERSTUDY_TRANSFORM_LITERAL_H

#include "transform/transform.h"

/* STATUS_PROFILE at the node when the text is no such value or the column cannot hold it. Bytes
 * belong to `arena`. Types of KIND_OTHER have no literals. */
bool literal_read(const struct transform_site *site, const struct yaml_node *node,
                  struct arena *arena, struct value *value, struct error *err);

#endif
