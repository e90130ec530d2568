/* The rules that a json rule puts on the leaves of its documents. */
#include "transform/json_rules.h"

#include "transform/params.h"
#include "transform/sub_rule.h"
#include "value/type.h"

#include <string.h>

enum { NESTING_MAX = 8 };

const struct type leaf_types[LEAF_KINDS] = {
    [LEAF_TEXT] = {.schema = "pg_catalog", .name = "text", .kind = KIND_TEXT},
    [LEAF_NUMBER] = {.schema = "pg_catalog", .name = "numeric", .kind = KIND_DECIMAL},
    [LEAF_BOOLEAN] = {.schema = "pg_catalog", .name = "bool", .kind = KIND_BOOLEAN},
};

/* What is equal as a key must be equal here: ignoring case, trailing blanks, as the key's type
 * does.
 */
static const struct type *text_type(const struct sub_rule *entry)
{
    const struct type *key = entry->reference ? entry->reference->column->type : NULL;

    return key && type_base(key)->kind == KIND_TEXT ? type_base(key) : &leaf_types[LEAF_TEXT];
}

static bool rule_prepare(const struct transform_site *site, const struct sub_rule *entry,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct json_rule *rule, struct error *err)
{
    struct transform_site leaf;
    struct error first = {0};
    bool is_ready = false;

    if (!sub_rule_site(site, entry, arena, &leaf, err))
        return false;
    if (entry->reference)
        leaf.column = entry->reference->column;
    rule->text = text_type(entry);
    for (size_t i = 0; i < LEAF_KINDS; i++) {
        struct prepared_transform *made;
        struct error fault = {0};

        leaf.type = i == LEAF_TEXT ? rule->text : &leaf_types[i];
        if (transform_prepare(entry->rule, &leaf, entry->params, arena, &made, &fault)) {
            rule->variants[i] = made;
            prepared->needs |= made->needs;
            prepared->identifies |= made->identifies;
            prepared->is_dense |= made->is_dense;
            prepared->copies |= made->copies;
            is_ready = true;
        } else if (first.status == STATUS_OK) {
            first = fault;
        }
    }
    rule->is_keep = strcmp(entry->rule, "keep") == 0;
    rule->refers = entry->reference ? entry->reference->column->type->kind : KIND_OTHER;
    if (is_ready)
        return true;
    *err = first;
    (void)sub_rule_fault(entry->node, err);
    return error_context(err, "path '%s'", entry->path);
}

static bool is_referring(const struct transform_site *site, const char *path)
{
    for (size_t i = 0; i < site->reference_count; i++)
        if (strcmp(site->references[i].path, path) == 0)
            return true;
    return false;
}

/* Behind the paths of the profile. */
static bool references_read(const struct transform_site *site, size_t first, struct arena *arena,
                            struct prepared_transform *prepared, struct json_params *made,
                            struct error *err)
{
    for (size_t i = 0; i < site->reference_count; i++) {
        const struct transform_reference *reference = &site->references[i];
        const struct sub_rule entry = {.path = reference->path,
                                       .params = reference->params,
                                       .rule = reference->rule,
                                       .reference = reference};
        const int number = (int)(first + i);
        const char *fault = path_add(&made->root, entry.path, number, arena);

        if (fault)
            return error_set(err, STATUS_PROFILE, "the relation's path '%s' cannot be read: %s",
                             entry.path, fault);
        if (!rule_prepare(site, &entry, arena, prepared, &made->rules[number], err))
            return false;
    }
    return true;
}

static bool paths_read(const struct transform_site *site, const struct yaml_node *paths,
                       struct arena *arena, struct prepared_transform *prepared,
                       struct json_params *made, struct error *err)
{
    for (size_t i = 0; paths && i < paths->count; i++) {
        struct sub_rule entry = {.path = paths->keys[i]->text};
        const int number = (int)i + 1;

        if (is_referring(site, entry.path))
            continue;
        const char *fault = path_add(&made->root, entry.path, number, arena);

        if (fault)
            return yaml_error(paths->keys[i], err, "the path '%s' cannot be read: %s", entry.path,
                              fault);
        if (!sub_rule_read(paths->items[i], &entry, err) ||
            !rule_prepare(site, &entry, arena, prepared, &made->rules[number], err))
            return false;
    }
    return true;
}

bool json_rules_read(const struct transform_site *site, const struct yaml_node *params,
                     struct arena *arena, struct prepared_transform *prepared,
                     struct json_params **made, struct error *err)
{
    const struct yaml_node *paths = param_find(params, "paths");
    const struct yaml_node *otherwise = param_find(params, "otherwise");
    const struct sub_rule last = {.path = "$ (redact)", .rule = "redact"};
    struct sub_rule other = {.path = "$ (otherwise)", .rule = "redact"};
    struct json_params *read = ARENA_NEW(arena, struct json_params);

    if (site->depth >= NESTING_MAX)
        return error_set(err, STATUS_PROFILE, "json rules are nested more than %d deep",
                         NESTING_MAX);
    if (paths && (paths->kind != YAML_MAPPING || paths->count > SUB_RULES_MAX))
        return yaml_error(paths, err, "expected a mapping of at most %d paths to rules",
                          SUB_RULES_MAX);
    if (!read)
        return error_memory(err);
    const size_t path_count = paths ? paths->count : 0;

    read->rule_count = path_count + site->reference_count + 2;
    read->rules = ARENA_ARRAY(arena, read->rule_count, struct json_rule);
    read->column = ARENA_NEW(arena, struct column);
    if (!read->rules || !read->column)
        return error_memory(err);
    read->column->name = site->label;
    read->root.rule = -1;
    *made = read;

    struct transform_site leaf = *site;

    leaf.column = read->column;
    if (otherwise && !sub_rule_read(otherwise, &other, err))
        return false;
    return rule_prepare(&leaf, &other, arena, prepared, &read->rules[0], err) &&
           rule_prepare(&leaf, &last, arena, prepared, &read->rules[read->rule_count - 1], err) &&
           paths_read(&leaf, paths, arena, prepared, read, err) &&
           references_read(&leaf, path_count + 1, arena, prepared, read, err);
}
