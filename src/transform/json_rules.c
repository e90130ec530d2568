/* The rules that a json rule puts on the leaves of its documents. */
#include "transform/json_rules.h"

#include "transform/params.h"

#include <string.h>

enum { NESTING_MAX = 8, PATHS_MAX = 1024 };

const struct type leaf_types[LEAF_KINDS] = {
    [LEAF_TEXT] = {.schema = "pg_catalog", .name = "text", .kind = KIND_TEXT},
    [LEAF_NUMBER] = {.schema = "pg_catalog", .name = "numeric", .kind = KIND_DECIMAL},
    [LEAF_BOOLEAN] = {.schema = "pg_catalog", .name = "bool", .kind = KIND_BOOLEAN},
};

/* What the profile says for one path. */
struct entry {
    const char *path;
    const struct yaml_node *node;   /* scalar, mapping, or NULL */
    const struct yaml_node *params; /* the mapping, or NULL */
    const char *rule;
    const struct transform_reference *reference; /* or NULL */
};

static bool entry_read(const struct yaml_node *node, struct entry *entry, struct error *err)
{
    entry->node = node;
    entry->params = node->kind == YAML_MAPPING ? node : NULL;
    return param_rule(node, &entry->rule, err);
}

static bool option_read(const struct yaml_node *params, const char *name, const char **text,
                        struct error *err)
{
    const struct yaml_node *node = param_find(params, name);

    return !node || yaml_read_string(node, text, err);
}

/* Leaves have no edges, so a semantic rule works in its own domain, as in any column. */
static const char *entry_domain(const struct transform_site *site, const struct entry *entry,
                                struct arena *arena)
{
    const struct transform *transform = transform_find(entry->rule);

    if (entry->reference)
        return entry->reference->domain;
    if (transform && transform->is_semantic)
        return entry->rule;
    return arena_printf(arena, "%s %s", site->domain, entry->path);
}

static bool rule_prepare(const struct transform_site *site, const struct entry *entry,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct json_rule *rule, struct error *err)
{
    struct transform_site leaf = *site;
    struct error first = {0};
    bool is_ready = false;

    assert(entry->path && entry->rule);
    leaf.label = arena_printf(arena, "%s -> %s", site->label, entry->path);
    leaf.domain = entry_domain(site, entry, arena);
    leaf.is_unique = false;
    leaf.is_key = leaf.is_referenced_or_referencing = entry->reference != NULL;
    if (entry->reference)
        leaf.column = entry->reference->column;
    leaf.reference_count = 0;
    leaf.with = NULL;
    leaf.find_companion = NULL;
    leaf.depth++;
    if (!leaf.label || !leaf.domain)
        return error_memory(err);
    if (!option_read(entry->params, "domain", &leaf.domain, err) ||
        !option_read(entry->params, "accept_risk", &leaf.accept_risk, err))
        return false;
    for (size_t i = 0; i < LEAF_KINDS; i++) {
        struct prepared_transform *made;
        struct error fault = {0};

        leaf.type = &leaf_types[i];
        if (transform_prepare(entry->rule, &leaf, entry->params, arena, &made, &fault)) {
            rule->variants[i] = made;
            prepared->needs |= made->needs;
            prepared->identifies |= made->identifies;
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
        const struct entry entry = {.path = reference->path,
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
        struct entry entry = {.path = paths->keys[i]->text};
        const int number = (int)i + 1;

        if (is_referring(site, entry.path))
            continue;
        const char *fault = path_add(&made->root, entry.path, number, arena);

        if (fault)
            return yaml_error(paths->keys[i], err, "the path '%s' cannot be read: %s", entry.path,
                              fault);
        if (!entry_read(paths->items[i], &entry, err) ||
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
    const struct entry last = {.path = "$ (redact)", .rule = "redact"};
    struct entry other = {.path = "$ (otherwise)", .rule = "redact"};
    struct json_params *read = ARENA_NEW(arena, struct json_params);

    if (site->depth >= NESTING_MAX)
        return error_set(err, STATUS_PROFILE, "json rules are nested more than %d deep",
                         NESTING_MAX);
    if (paths && (paths->kind != YAML_MAPPING || paths->count > PATHS_MAX))
        return yaml_error(paths, err, "expected a mapping of at most %d paths to rules", PATHS_MAX);
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
    if (otherwise && !entry_read(otherwise, &other, err))
        return false;
    return rule_prepare(&leaf, &other, arena, prepared, &read->rules[0], err) &&
           rule_prepare(&leaf, &last, arena, prepared, &read->rules[read->rule_count - 1], err) &&
           paths_read(&leaf, paths, arena, prepared, read, err) &&
           references_read(&leaf, path_count + 1, arena, prepared, read, err);
}
