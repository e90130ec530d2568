/* Merges a pack into the profile that includes it: the profile's own entries stay, a second pack
 * may repeat what a first one said, and may not contradict it. */
#include "config/profile_sections.h"

#include "base/map.h"
#include <string.h>

static bool error_conflict(const struct yaml_node *node, const struct yaml_node *other,
                           const char *what, struct error *err)
{
    yaml_error(node, err, "the %s here contradicts '%s', line %u", what, other->file, other->line);
    return error_hint(err, "say in the profile itself which one holds");
}

const char *profile_relation_text(struct arena *arena, const struct profile_relation *relation,
                                  bool has_target)
{
    return arena_printf(arena, "%s\n%s\n%s", yaml_find(relation->node, "from")->text,
                        relation->when ? relation->when : "",
                        has_target ? yaml_find(relation->node, "to")->text : "");
}

static bool put_relation(struct map *known, struct profile *profile, size_t index,
                         struct arena *arena, struct error *err)
{
    const char *text = profile_relation_text(arena, &profile->relations[index], false);

    if (!text || !map_put(known, span_of(text), index, &(bool){false}))
        return error_memory(err);
    return true;
}

/* *is_new: the profile does not hold it, nor a pack before this one. */
static bool judge_relation(const struct profile *profile, const struct profile_relation *other,
                           const struct profile_relation *relation, bool *is_new, struct error *err)
{
    *is_new = !other || other->node->file == relation->node->file;
    if (*is_new || other->node->file == profile->file || yaml_equal(other->node, relation->node))
        return true;
    return error_conflict(relation->node, other->node, "relation", err);
}

/* A copy with room for `more` items behind; NULL: out of memory. */
static void *with_room(struct arena *arena, const void *items, size_t count, size_t more,
                       size_t size)
{
    char *copy = arena_array(arena, count + more + 1, size);

    if (copy && count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

/* A relation is known by what it starts from and under which condition. The profile's own may
 * have several targets; between packs a second target is a contradiction. */
bool profile_merge_relations(struct profile *profile, const struct profile *pack,
                             struct arena *arena, struct error *err)
{
    AUTO(map) struct map *known = map_new();

    assert(profile != pack);
    profile->relations = with_room(arena, profile->relations, profile->relation_count,
                                   pack->relation_count, sizeof(*profile->relations));
    if (!known || !profile->relations)
        return error_memory(err);
    for (size_t i = 0; i < profile->relation_count; i++)
        if (!put_relation(known, profile, i, arena, err))
            return false;
    for (size_t i = 0; i < pack->relation_count; i++) {
        const struct profile_relation *relation = &pack->relations[i];
        const char *text = profile_relation_text(arena, relation, false);
        const uint64_t *place = text ? map_find(known, span_of(text)) : NULL;
        bool is_new;

        if (!text)
            return error_memory(err);
        if (!judge_relation(profile, place ? &profile->relations[*place] : NULL, relation, &is_new,
                            err))
            return false;
        if (!is_new)
            continue;
        profile->relations[profile->relation_count] = *relation;
        if (!put_relation(known, profile, profile->relation_count++, arena, err))
            return false;
    }
    return true;
}

static bool put_rule(struct map *known, const struct profile_rule *rule, size_t index,
                     struct error *err)
{
    if (!map_put(known, span_of(rule->column), index, &(bool){false}))
        return error_memory(err);
    return true;
}

/* Adds the pack's rules of one table (or of "*") to those that stand there. */
static bool merge_rules(struct profile_table *table, const struct profile_table *pack,
                        struct arena *arena, struct error *err)
{
    AUTO(map) struct map *known = map_new();

    assert(table != pack);
    table->rules =
        with_room(arena, table->rules, table->rule_count, pack->rule_count, sizeof(*table->rules));
    if (!known || !table->rules)
        return error_memory(err);
    for (size_t i = 0; i < table->rule_count; i++)
        if (!put_rule(known, &table->rules[i], i, err))
            return false;
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct profile_rule *rule = &pack->rules[i];
        const uint64_t *place = map_find(known, span_of(rule->column));
        const struct profile_rule *other = place ? &table->rules[*place] : NULL;

        if (other && other->is_from_pack && !yaml_equal(other->node, rule->node))
            return error_conflict(rule->node, other->node, "rule", err);
        if (!other)
            table->rules[table->rule_count++] = *rule;
    }
    return true;
}

static bool merge_table(struct map *known, struct profile *profile,
                        const struct profile_table *table, struct arena *arena, struct error *err)
{
    const char *text = profile_table_text(arena, &table->name);
    bool is_new = false;
    uint64_t *place = text ? map_put(known, span_of(text), profile->table_count, &is_new) : NULL;

    if (!place)
        return error_memory(err);
    if (!is_new)
        return merge_rules(&profile->tables[*place], table, arena, err);
    profile->tables[profile->table_count++] = *table;
    return true;
}

bool profile_merge_columns(struct profile *profile, const struct profile *pack, struct arena *arena,
                           struct error *err)
{
    AUTO(map) struct map *known = map_new();
    struct profile_table own = {.rules = profile->everywhere,
                                .rule_count = profile->everywhere_count};
    const struct profile_table packed = {.rules = pack->everywhere,
                                         .rule_count = pack->everywhere_count};

    profile->tables = with_room(arena, profile->tables, profile->table_count, pack->table_count,
                                sizeof(*profile->tables));
    if (!known || !profile->tables)
        return error_memory(err);
    for (size_t i = 0; i < profile->table_count; i++) {
        const char *text = profile_table_text(arena, &profile->tables[i].name);

        if (!text || !map_put(known, span_of(text), i, &(bool){false}))
            return error_memory(err);
    }
    for (size_t i = 0; i < pack->table_count; i++)
        if (!merge_table(known, profile, &pack->tables[i], arena, err))
            return false;
    if (!merge_rules(&own, &packed, arena, err))
        return false;
    profile->everywhere = own.rules;
    profile->everywhere_count = own.rule_count;
    return true;
}

/* Which node says what a table is: a subject, or without one. */
struct role {
    struct table_name name;
    const struct yaml_node *node;
    bool is_none;
};

struct role_merge {
    struct profile *profile;
    struct arena *arena;
    struct map *known; /* table to struct role */
};

static struct role role_at(const struct profile *from, size_t index)
{
    bool is_none = index >= from->subject_tables.count;
    const struct profile_name_list *list = is_none ? &from->subject_none : &from->subject_tables;

    assert(index < from->subject_tables.count + from->subject_none.count);
    index -= is_none ? from->subject_tables.count : 0;
    return (struct role){list->names[index], list->nodes[index], is_none};
}

/* The role known by the table's name, made from `role` where there was none. */
static const struct role *put_role(const struct role_merge *merge, const struct role *role,
                                   bool *is_new)
{
    const char *text = profile_table_text(merge->arena, &role->name);
    struct role *copy = ARENA_NEW(merge->arena, struct role);
    const uint64_t *place =
        text && copy ? map_put(merge->known, span_of(text), (uintptr_t)copy, is_new) : NULL;

    if (!place)
        return NULL;
    *copy = *role;
    return (const struct role *)(uintptr_t)*place;
}

static bool list_room(struct profile_name_list *list, size_t more, struct arena *arena,
                      struct error *err)
{
    list->names = with_room(arena, list->names, list->count, more, sizeof(*list->names));
    list->nodes = with_room(arena, list->nodes, list->count, more, sizeof(*list->nodes));
    if (!list->names || !list->nodes)
        return error_memory(err);
    return true;
}

static bool merge_role(const struct role_merge *merge, const struct role *role, struct error *err)
{
    struct profile *profile = merge->profile;
    struct profile_name_list *list =
        role->is_none ? &profile->subject_none : &profile->subject_tables;
    bool is_new = false;
    const struct role *other = put_role(merge, role, &is_new);

    if (!other)
        return error_memory(err);
    if (other->node->file != profile->file && other->is_none != role->is_none)
        return error_conflict(role->node, other->node, "subject", err);
    if (is_new) {
        list->names[list->count] = role->name;
        list->nodes[list->count++] = role->node;
    }
    return true;
}

static bool merge_roles(const struct role_merge *merge, const struct profile *pack,
                        struct error *err)
{
    const struct profile *profile = merge->profile;
    bool is_new;

    for (size_t i = 0; i < profile->subject_tables.count + profile->subject_none.count; i++) {
        struct role role = role_at(profile, i);

        if (!put_role(merge, &role, &is_new))
            return error_memory(err);
    }
    for (size_t i = 0; i < pack->subject_tables.count + pack->subject_none.count; i++) {
        struct role role = role_at(pack, i);

        if (!merge_role(merge, &role, err))
            return false;
    }
    return true;
}

static bool merge_path(struct map *known, struct profile *profile,
                       const struct profile_subject_path *path, struct arena *arena,
                       struct error *err)
{
    const char *text = profile_table_text(arena, &path->table);
    bool is_new = false;
    const uint64_t *place =
        text ? map_put(known, span_of(text), profile->subject_path_count, &is_new) : NULL;
    const struct profile_subject_path *other;

    assert(path->table.table && path->column);
    if (!place)
        return error_memory(err);
    if (is_new) {
        profile->subject_paths[profile->subject_path_count++] = *path;
        return true;
    }
    other = &profile->subject_paths[*place];
    if (other->node->file != profile->file && strcmp(other->column, path->column) != 0)
        return error_conflict(path->node, other->node, "path", err);
    return true;
}

static bool merge_paths(struct map *known, struct profile *profile, const struct profile *pack,
                        struct arena *arena, struct error *err)
{
    const struct profile_subject_path *own = profile->subject_paths;
    size_t count = profile->subject_path_count;

    profile->subject_paths =
        with_room(arena, own, count, pack->subject_path_count, sizeof(*profile->subject_paths));
    profile->subject_path_count = 0;
    if (!profile->subject_paths)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        if (!merge_path(known, profile, &own[i], arena, err))
            return false;
    for (size_t i = 0; i < pack->subject_path_count; i++)
        if (!merge_path(known, profile, &pack->subject_paths[i], arena, err))
            return false;
    return true;
}

bool profile_merge_subjects(struct profile *profile, const struct profile *pack,
                            struct arena *arena, struct error *err)
{
    AUTO(map) struct map *roles = map_new();
    AUTO(map) struct map *paths = map_new();

    assert(profile != pack);
    const struct role_merge merge = {profile, arena, roles};

    if (!roles || !paths)
        return error_memory(err);
    return list_room(&profile->subject_tables, pack->subject_tables.count, arena, err) &&
           list_room(&profile->subject_none, pack->subject_none.count, arena, err) &&
           merge_roles(&merge, pack, err) && merge_paths(paths, profile, pack, arena, err);
}
