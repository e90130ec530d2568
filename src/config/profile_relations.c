/* Reads how rows belong together beyond foreign keys: relations and subjects, and the week that
 * their times keep. */
#include "config/profile_sections.h"

#include "base/map.h"
#include "base/span.h"
#include <string.h>

static bool check_relation(const struct profile_relation *relation, struct error *err)
{
    const struct column_path *to = &relation->to;

    if (to->is_array || to->json_path)
        return yaml_error(to->node, err, "what is referred to must be plain columns");
    if (relation->from.column_count != to->column_count)
        return yaml_error(relation->node, err, "'from' has %zu columns and 'to' has %zu",
                          relation->from.column_count, to->column_count);
    return true;
}

static bool check_twice(const struct profile_reading *reading, const struct profile *profile,
                        struct error *err)
{
    AUTO(map) struct map *seen = map_new();

    for (size_t i = 0; i < profile->relation_count; i++) {
        const char *text = profile_relation_text(reading->arena, &profile->relations[i], true);
        bool is_new = false;

        if (!seen || !text || !map_put(seen, span_of(text), i, &is_new))
            return error_memory(err);
        if (!is_new)
            return yaml_error(profile->relations[i].node, err,
                              "this relation stands here a second time");
    }
    return true;
}

PROFILE_SECTION(profile_read_relations)
{
    static const struct profile_field rows[] = {
        {.key = "from",
         .kind = FIELD_PATH,
         .offset = offsetof(struct profile_relation, from),
         .is_required = true},
        {.key = "to",
         .kind = FIELD_PATH,
         .offset = offsetof(struct profile_relation, to),
         .is_required = true},
        {.key = "when", .kind = FIELD_CONDITION, .offset = offsetof(struct profile_relation, when)},
    };
    struct profile *profile = into;
    struct profile_items items;

    if (!profile_items_read(reading, node, FIELDS(rows), sizeof(struct profile_relation), &items,
                            err))
        return false;
    profile->relations = items.items;
    profile->relation_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        if (!check_relation(&profile->relations[i], err))
            return false;
    return check_twice(reading, profile, err);
}

static PROFILE_SECTION(read_paths)
{
    struct profile *profile = into;

    if (!yaml_expect(node, YAML_MAPPING, err))
        return false;
    profile->subject_paths =
        ARENA_ARRAY(reading->arena, node->count + 1, struct profile_subject_path);
    profile->subject_path_count = node->count;
    if (!profile->subject_paths)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        struct profile_subject_path *path = &profile->subject_paths[i];

        path->node = node->keys[i];
        if (!profile_read_table(reading, node->keys[i], &path->table, err) ||
            !profile_read_column(reading, node->items[i], &path->column, err))
            return false;
    }
    return true;
}

/* A table is a subject, or its times belong to nobody. */
static bool check_subjects(const struct profile_reading *reading, const struct profile *profile,
                           struct error *err)
{
    AUTO(map) struct map *seen = map_new();

    for (size_t i = 0; i < profile->subject_tables.count; i++) {
        const char *text = profile_table_text(reading->arena, &profile->subject_tables.names[i]);

        if (!seen || !text || !map_put(seen, span_of(text), i, &(bool){false}))
            return error_memory(err);
    }
    for (size_t i = 0; i < profile->subject_none.count; i++) {
        const char *text = profile_table_text(reading->arena, &profile->subject_none.names[i]);

        if (!seen || !text)
            return error_memory(err);
        if (map_find(seen, span_of(text)))
            return yaml_error(profile->subject_none.nodes[i], err,
                              "'%s' stands in 'tables' and in 'none'", text);
    }
    return true;
}

PROFILE_SECTION(profile_read_subjects)
{
    static const struct profile_field rows[] = {
        {.key = "tables", .kind = FIELD_TABLES, .offset = offsetof(struct profile, subject_tables)},
        {.key = "path", .kind = FIELD_OWN, .read = read_paths},
        {.key = "none", .kind = FIELD_TABLES, .offset = offsetof(struct profile, subject_none)},
    };
    struct profile *profile = into;

    if (node->kind == YAML_SEQUENCE)
        return profile_read_tables(reading, node, &profile->subject_tables, err);
    return profile_fields_read(reading, node, FIELDS(rows), into, err) &&
           check_subjects(reading, profile, err);
}

PROFILE_SECTION(profile_read_week)
{
    static const int64_t most = 1000000000;
    struct profile *profile = into;
    int64_t *week = ARENA_ARRAY(reading->arena, PROFILE_WEEK_HOURS, int64_t), sum = 0;

    if (!week)
        return error_memory(err);
    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    if (node->count != PROFILE_WEEK_HOURS) {
        yaml_error(node, err, "a week has %d hours, and %zu numbers stand here", PROFILE_WEEK_HOURS,
                   node->count);
        return error_hint(err, "one whole number an hour, Monday 00:00 to 01:00 first");
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!yaml_read_integer(node->items[i], 0, most, &week[i], err))
            return false;
        sum += week[i];
    }
    if (sum == 0)
        return yaml_error(node, err, "nothing happens in this week: one number must be above 0");
    profile->week = week;
    return true;
}
