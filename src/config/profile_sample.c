/* Reads which rows are taken: sample, pins. */
#include "config/profile_sections.h"

#include "base/map.h"
#include <string.h>

static PROFILE_SECTION(check_start)
{
    struct profile_start *start = into;
    bool has_fraction = yaml_find(node, "fraction") != NULL;

    UNUSED(reading);
    if (has_fraction + (start->rows > 0) + (start->where != NULL) != 1)
        return yaml_error(node, err, "exactly one of 'fraction', 'rows' and 'where' is expected");
    return true;
}

static PROFILE_SECTION(read_starts)
{
    static const struct profile_field rows[] = {
        {.key = "table",
         .kind = FIELD_TABLE,
         .offset = offsetof(struct profile_start, table),
         .is_required = true},
        {.key = "fraction",
         .kind = FIELD_FRACTION,
         .offset = offsetof(struct profile_start, fraction)},
        {.key = "rows",
         .kind = FIELD_COUNT,
         .offset = offsetof(struct profile_start, rows),
         .low = 1},
        {.key = "where", .kind = FIELD_CONDITION, .offset = offsetof(struct profile_start, where)},
    };
    struct profile *profile = into;
    struct profile_items items;

    if (!profile_items_read(reading, node, FIELDS(rows), sizeof(struct profile_start), &items, err))
        return false;
    profile->starts = items.items;
    profile->start_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        if (!check_start(reading, profile->starts[i].node, &profile->starts[i], err))
            return false;
    return true;
}

static PROFILE_SECTION(read_take)
{
    ((struct profile_edge *)into)->has_take = true;
    UNUSED(reading);
    return profile_read_take(node, &((struct profile_edge *)into)->take, err);
}

static bool is_limited(const struct take *take)
{
    return take->kind == TAKE_COUNT || take->kind == TAKE_FRACTION;
}

static bool check_edge(const struct profile *profile, const struct profile_edge *edge,
                       struct error *err)
{
    const struct take *take = edge->has_take ? &edge->take : &profile->follow_default;

    if (edge->child.column_count == 0 && !edge->constraint)
        return yaml_error(edge->node, err, "'edge' or 'constraint' is missing here");
    if (!edge->has_take && !edge->is_parent_cut && !edge->order)
        return yaml_error(edge->node, err, "'take' or 'parent' is missing here");
    if (edge->order && !is_limited(take))
        return yaml_error(yaml_find(edge->node, "order"), err,
                          "an order chooses nothing where 'take' is neither count nor fraction");
    return true;
}

static PROFILE_SECTION(read_edges)
{
    static const char *const parents[] = {"cut", NULL};
    static const struct profile_field rows[] = {
        {.key = "edge", .kind = FIELD_PATH, .offset = offsetof(struct profile_edge, child)},
        {.key = "constraint",
         .kind = FIELD_TEXT,
         .offset = offsetof(struct profile_edge, constraint)},
        {.key = "take", .kind = FIELD_OWN, .read = read_take},
        {.key = "order", .kind = FIELD_ORDERING, .offset = offsetof(struct profile_edge, order)},
        {.key = "parent",
         .kind = FIELD_FLAG,
         .offset = offsetof(struct profile_edge, is_parent_cut),
         .words = parents},
    };
    struct profile *profile = into;
    struct profile_items items;

    if (!profile_items_read(reading, node, FIELDS(rows), sizeof(struct profile_edge), &items, err))
        return false;
    profile->edges = items.items;
    profile->edge_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        if (!check_edge(profile, &profile->edges[i], err))
            return false;
    return true;
}

static PROFILE_SECTION(read_follow)
{
    static const struct profile_field rows[] = {
        {.key = "default", .kind = FIELD_TAKE, .offset = offsetof(struct profile, follow_default)},
        {.key = "edges", .kind = FIELD_OWN, .read = read_edges},
    };

    return profile_fields_read(reading, node, FIELDS(rows), into, err);
}

static PROFILE_SECTION(read_budget)
{
    static const struct profile_field rows[] = {
        {.key = "rows",
         .kind = FIELD_COUNT,
         .offset = offsetof(struct profile, budget_rows),
         .is_required = true,
         .low = 1},
    };

    return profile_fields_read(reading, node, FIELDS(rows), into, err);
}

static bool read_key_columns(const struct profile_reading *reading, const struct yaml_node *node,
                             struct profile_keys *keys, struct error *err)
{
    if (!profile_read_texts(reading, node, &keys->columns, err))
        return false;
    if (keys->columns.count == 0)
        return yaml_error(node, err, "a key has at least one column");
    for (size_t i = 0; i < keys->columns.count; i++)
        if (!profile_read_column(reading, keys->columns.nodes[i], &keys->columns.texts[i], err))
            return false;
    return true;
}

static PROFILE_SECTION(read_keys)
{
    struct profile *profile = into;

    if (!yaml_expect(node, YAML_MAPPING, err))
        return false;
    profile->keys = ARENA_ARRAY(reading->arena, node->count + 1, struct profile_keys);
    profile->key_count = node->count;
    if (!profile->keys)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        struct profile_keys *keys = &profile->keys[i];

        keys->node = node->keys[i];
        if (!profile_read_table(reading, node->keys[i], &keys->table, err) ||
            !read_key_columns(reading, node->items[i], keys, err))
            return false;
    }
    return true;
}

/* A table cannot come in full and stay empty. */
static bool check_tables(const struct profile_reading *reading, const struct profile *profile,
                         struct error *err)
{
    AUTO(map) struct map *seen = map_new();

    for (size_t i = 0; i < profile->full_tables.count + profile->start_count; i++) {
        const struct table_name *name =
            i < profile->full_tables.count ? &profile->full_tables.names[i]
                                           : &profile->starts[i - profile->full_tables.count].table;
        const char *text = profile_table_text(reading->arena, name);

        if (!seen || !text || !map_put(seen, span_of(text), 1, &(bool){false}))
            return error_memory(err);
    }
    for (size_t i = 0; i < profile->empty_tables.count; i++) {
        const char *text = profile_table_text(reading->arena, &profile->empty_tables.names[i]);

        if (!seen || !text)
            return error_memory(err);
        if (map_find(seen, span_of(text)))
            return yaml_error(profile->empty_tables.nodes[i], err,
                              "'%s' stays empty here, and is filled by 'full_tables' or 'start'",
                              text);
    }
    return true;
}

PROFILE_SECTION(profile_read_sample)
{
    static const struct profile_field rows[] = {
        {.key = "fraction",
         .kind = FIELD_FRACTION,
         .offset = offsetof(struct profile, sample_fraction)},
        {.key = "start", .kind = FIELD_OWN, .read = read_starts},
        {.key = "follow", .kind = FIELD_OWN, .read = read_follow},
        {.key = "full_tables",
         .kind = FIELD_TABLES,
         .offset = offsetof(struct profile, full_tables)},
        {.key = "empty_tables",
         .kind = FIELD_TABLES,
         .offset = offsetof(struct profile, empty_tables)},
        {.key = "small_table_rows",
         .kind = FIELD_COUNT,
         .offset = offsetof(struct profile, small_table_rows)},
        {.key = "budget", .kind = FIELD_OWN, .read = read_budget},
        {.key = "keys", .kind = FIELD_OWN, .read = read_keys},
    };

    return profile_fields_read(reading, node, FIELDS(rows), into, err) &&
           check_tables(reading, into, err);
}

PROFILE_SECTION(profile_read_pins)
{
    static const char *const children[] = {"all", "none", NULL};
    static const struct profile_field rows[] = {
        {.key = "table",
         .kind = FIELD_TABLE,
         .offset = offsetof(struct profile_pin, table),
         .is_required = true},
        {.key = "where",
         .kind = FIELD_CONDITION,
         .offset = offsetof(struct profile_pin, where),
         .is_required = true},
        {.key = "why",
         .kind = FIELD_TEXT,
         .offset = offsetof(struct profile_pin, why),
         .is_required = true},
        {.key = "children",
         .kind = FIELD_FLAG,
         .offset = offsetof(struct profile_pin, takes_children),
         .words = children},
    };
    struct profile *profile = into;
    struct profile_items items;

    if (!profile_items_read(reading, node, FIELDS(rows), sizeof(struct profile_pin), &items, err))
        return false;
    profile->pins = items.items;
    profile->pin_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        if (!yaml_find(profile->pins[i].node, "children"))
            profile->pins[i].takes_children = true;
    return true;
}
