/* Reads how the long tail is sought: tails. */
#include "config/profile_sections.h"

#include <string.h>

enum { PER_STRATUM_MOST = 100 };

static PROFILE_SECTION(read_budget)
{
    struct profile *profile = into;

    UNUSED(reading);
    return yaml_read_real(node, 0, 1, &profile->tails_budget, err);
}

static PROFILE_SECTION(read_per_stratum)
{
    struct profile *profile = into;

    UNUSED(reading);
    return yaml_read_integer(node, 1, PER_STRATUM_MOST, &profile->tails_per_stratum, err);
}

static PROFILE_SECTION(read_rare)
{
    struct profile *profile = into;

    UNUSED(reading);
    return yaml_read_real(node, 0, 1, &profile->tails_rare, err);
}

/* A column or a whole table; which one, the catalog decides. */
static PROFILE_SECTION(read_ignore)
{
    struct profile *profile = into;
    struct profile_text_list *list = &profile->tails_ignore;

    if (!profile_read_texts(reading, node, list, err))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct column_path path = {.node = NULL};
        struct table_name name;
        const bool is_path = column_path_parse(list->texts[i], reading->arena, &path);
        const bool is_plain = path.column_count == 1 && !path.is_array && !path.json_path;

        if (is_path ? is_plain : table_name_parse(list->texts[i], reading->arena, &name))
            continue;
        yaml_error(list->nodes[i], err,
                   "this is no column and no table: 'table.column' or 'table' is expected");
        return error_hint(err, "a name that holds a dot, a comma, a quote or a parenthesis is put "
                               "in double quotes, as in SQL");
    }
    return true;
}

static bool read_side(const struct profile_reading *reading, const struct yaml_node *node,
                      struct column_path *side, struct error *err)
{
    if (!profile_read_path(reading, node, side, err))
        return false;
    if (side->column_count != 1 || side->is_array || side->json_path)
        return yaml_error(node, err, "a difference is between plain columns, one on each side");
    return true;
}

/* Written the same way; other spellings of one column meet in the binding. */
static bool is_same(const struct column_path *a, const struct column_path *b)
{
    return strcmp(a->node->text, b->node->text) == 0;
}

static bool check_difference(const struct profile *profile, size_t index, struct error *err)
{
    const struct profile_difference *own = &profile->tails_differences[index];

    if (is_same(&own->minuend, &own->subtrahend))
        return yaml_error(own->subtrahend.node, err, "'%s' stands on both sides of a difference",
                          own->subtrahend.node->text);
    for (size_t i = 0; i < index; i++) {
        const struct profile_difference *other = &profile->tails_differences[i];

        if ((is_same(&own->minuend, &other->minuend) &&
             is_same(&own->subtrahend, &other->subtrahend)) ||
            (is_same(&own->minuend, &other->subtrahend) &&
             is_same(&own->subtrahend, &other->minuend)))
            return yaml_error(own->node, err, "this difference stands here a second time");
    }
    return true;
}

static PROFILE_SECTION(read_difference)
{
    struct profile *profile = into;

    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    profile->tails_differences =
        ARENA_ARRAY(reading->arena, node->count + 1, struct profile_difference);
    if (!profile->tails_differences)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        struct profile_difference *difference = &profile->tails_differences[i];
        const struct yaml_node *pair = node->items[i];

        difference->node = pair;
        if (!yaml_expect(pair, YAML_SEQUENCE, err))
            return false;
        if (pair->count != 2)
            return yaml_error(pair, err, "a difference has two columns, and %zu stand here",
                              pair->count);
        if (!read_side(reading, pair->items[0], &difference->minuend, err) ||
            !read_side(reading, pair->items[1], &difference->subtrahend, err) ||
            !check_difference(profile, i, err))
            return false;
    }
    profile->tails_difference_count = node->count;
    return true;
}

PROFILE_SECTION(profile_read_tails)
{
    static const struct profile_field rows[] = {
        {.key = "budget", .kind = FIELD_OWN, .read = read_budget},
        {.key = "per_stratum", .kind = FIELD_OWN, .read = read_per_stratum},
        {.key = "rare", .kind = FIELD_OWN, .read = read_rare},
        {.key = "max_children",
         .kind = FIELD_COUNT,
         .offset = offsetof(struct profile, tails_max_children)},
        {.key = "ignore", .kind = FIELD_OWN, .read = read_ignore},
        {.key = "difference", .kind = FIELD_OWN, .read = read_difference},
    };

    return profile_fields_read(reading, node, FIELDS(rows), into, err);
}
