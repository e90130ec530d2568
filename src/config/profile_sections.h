/* The sections of a profile, one function each; `into` is the struct profile. */
#ifndef UNDERSTUDY_CONFIG_PROFILE_SECTIONS_H
#define UNDERSTUDY_CONFIG_PROFILE_SECTIONS_H

#include "config/profile_fields.h"

#define PROFILE_SECTION(name)                                                                      \
    bool name(const struct profile_reading *reading, const struct yaml_node *node, void *into,     \
              struct error *err)

PROFILE_SECTION(profile_read_source);
PROFILE_SECTION(profile_read_target);
PROFILE_SECTION(profile_read_key);
PROFILE_SECTION(profile_read_schema);
PROFILE_SECTION(profile_read_sample);
PROFILE_SECTION(profile_read_tails);
PROFILE_SECTION(profile_read_pins);
PROFILE_SECTION(profile_read_relations);
PROFILE_SECTION(profile_read_subjects);
PROFILE_SECTION(profile_read_week);
PROFILE_SECTION(profile_read_columns);
PROFILE_SECTION(profile_read_privacy);
PROFILE_SECTION(profile_read_after_load);

/* What makes a relation itself: from, when, and with `has_target` to. NULL: out of memory. */
const char *profile_relation_text(struct arena *arena, const struct profile_relation *relation,
                                  bool has_target);

/* What may stand both in a pack and in the profile, merged into the profile: the profile's own
 * entries stay, packs that contradict each other are refused. */
bool profile_merge_columns(struct profile *profile, const struct profile *pack, struct arena *arena,
                           struct error *err);
bool profile_merge_relations(struct profile *profile, const struct profile *pack,
                             struct arena *arena, struct error *err);
bool profile_merge_subjects(struct profile *profile, const struct profile *pack,
                            struct arena *arena, struct error *err);

#endif
