/* Reads single values and lists of the profile: names, takes, fractions. */
#include "config/profile_fields.h"

#include "base/map.h"
#include "base/words.h"
#include <string.h>

const char *profile_table_text(struct arena *arena, const struct table_name *name)
{
    const char *schema = name->schema ? profile_quote(arena, name->schema) : "";
    const char *table = profile_quote(arena, name->table);

    assert(name->table);
    if (!schema || !table)
        return NULL;
    return arena_printf(arena, "%s%s%s", schema, name->schema ? "." : "", table);
}

static bool error_name(const struct yaml_node *node, const char *what, struct error *err)
{
    yaml_error(node, err, "this is no %s", what);
    return error_hint(err, "a name that holds a dot, a comma, a quote or a parenthesis is put in "
                           "double quotes, as in SQL");
}

bool profile_read_table(const struct profile_reading *reading, const struct yaml_node *node,
                        struct table_name *name, struct error *err)
{
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    if (!table_name_parse(text, reading->arena, name))
        return error_name(node, "table: 'table' or 'schema.table' is expected", err);
    return true;
}

bool profile_read_column(const struct profile_reading *reading, const struct yaml_node *node,
                         const char **name, struct error *err)
{
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    if (!column_name_parse(text, reading->arena, name))
        return error_name(node, "column's name", err);
    return true;
}

bool profile_read_path(const struct profile_reading *reading, const struct yaml_node *node,
                       struct column_path *path, struct error *err)
{
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    path->node = node;
    if (!column_path_parse(text, reading->arena, path))
        return error_name(node, "column: 'table.column' or 'table(a, b)' is expected", err);
    return true;
}

bool profile_read_fraction(const struct yaml_node *node, double *fraction, struct error *err)
{
    if (!yaml_read_real(node, 0, 1, fraction, err) || *fraction <= 0)
        return yaml_error(node, err, "a fraction above 0, at most 1, is expected here");
    return true;
}

bool profile_read_take(const struct yaml_node *node, struct take *take, struct error *err)
{
    struct error ignored = {0};
    bool is_text = node->kind == YAML_SCALAR;

    *take = (struct take){.kind = TAKE_NONE};
    if (is_text && strcmp(node->text, "none") == 0)
        return true;
    if (is_text && strcmp(node->text, "all") == 0) {
        take->kind = TAKE_ALL;
        return true;
    }
    if (yaml_read_integer(node, 0, INT64_MAX, &take->count, &ignored)) {
        take->kind = TAKE_COUNT;
        return true;
    }
    if (yaml_read_real(node, 0, 1, &take->fraction, &ignored) && take->fraction > 0 &&
        take->fraction < 1) {
        take->kind = TAKE_FRACTION;
        return true;
    }
    return yaml_error(node, err, "all, none, a count or a fraction below 1 is expected here");
}

/* `text` may stand once in a list. */
static bool check_once(struct map *seen, const char *text, const struct yaml_node *node,
                       struct error *err)
{
    bool is_new = false;

    if (!seen || !text || !map_put(seen, span_of(text), 1, &is_new))
        return error_memory(err);
    if (!is_new)
        return yaml_error(node, err, "'%s' stands here a second time", text);
    return true;
}

bool profile_read_texts(const struct profile_reading *reading, const struct yaml_node *node,
                        struct profile_text_list *list, struct error *err)
{
    AUTO(map) struct map *seen = map_new();

    assert(list);
    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    list->count = node->count;
    list->texts = ARENA_ARRAY(reading->arena, node->count + 1, const char *);
    list->nodes = ARENA_ARRAY(reading->arena, node->count + 1, const struct yaml_node *);
    if (!list->texts || !list->nodes)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        list->nodes[i] = node->items[i];
        if (!yaml_read_string(node->items[i], &list->texts[i], err) ||
            !check_once(seen, list->texts[i], node->items[i], err))
            return false;
    }
    return true;
}

bool profile_read_tables(const struct profile_reading *reading, const struct yaml_node *node,
                         struct profile_name_list *list, struct error *err)
{
    AUTO(map) struct map *seen = map_new();

    assert(list);
    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    list->count = node->count;
    list->names = ARENA_ARRAY(reading->arena, node->count + 1, struct table_name);
    list->nodes = ARENA_ARRAY(reading->arena, node->count + 1, const struct yaml_node *);
    if (!list->names || !list->nodes)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        list->nodes[i] = node->items[i];
        if (!profile_read_table(reading, node->items[i], &list->names[i], err) ||
            !check_once(seen, profile_table_text(reading->arena, &list->names[i]), node->items[i],
                        err))
            return false;
    }
    return true;
}

bool profile_read_pairs(const struct profile_reading *reading, const struct yaml_node *node,
                        struct profile_items *pairs, struct error *err)
{
    struct profile_pair *pair;

    if (!yaml_expect(node, YAML_MAPPING, err))
        return false;
    pair = ARENA_ARRAY(reading->arena, node->count + 1, struct profile_pair);
    pairs->items = pair;
    pairs->count = node->count;
    if (!pair)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++, pair++) {
        pair->node = node->keys[i];
        if (!yaml_read_string(node->keys[i], &pair->from, err) ||
            !yaml_read_string(node->items[i], &pair->to, err))
            return false;
    }
    return true;
}
