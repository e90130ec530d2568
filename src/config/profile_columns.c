/* Reads what becomes of each column: rules in short and long form, and what is said about leaks. */
#include "config/profile_sections.h"

#include "base/map.h"
#include "config/sql_text.h"
#include <string.h>

/* What any rule may say beside its own parameters, which the registry of rules checks. */
struct rule_word {
    const char *key;
    size_t offset;
};

static const struct rule_word rule_words[] = {
    {"review", offsetof(struct profile_rule, review)},
    {"accept_risk", offsetof(struct profile_rule, accept_risk)},
    {"when", offsetof(struct profile_rule, when)},
    {"domain", offsetof(struct profile_rule, domain)},
};

static bool read_words(enum engine engine, struct profile_rule *rule, const struct yaml_node *node,
                       struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(rule_words); i++) {
        const struct yaml_node *value = yaml_find(node, rule_words[i].key);
        void *place = (char *)rule + rule_words[i].offset;

        if (value && !yaml_read_string(value, place, err))
            return false;
    }
    if (rule->when && !sql_text_check(engine, rule->when, SQL_CONDITION, err))
        return yaml_error_place(yaml_find(node, "when"), err);
    return true;
}

/* { keep: REASON }, perhaps with words that any rule takes. */
static bool read_keep(enum engine engine, struct profile_rule *rule, const struct yaml_node *node,
                      struct error *err)
{
    static const char *const known[] = {"keep", "review", "accept_risk", "when", "domain"};

    rule->name = "keep";
    return yaml_check_keys(node, known, COUNT_OF(known), err) &&
           yaml_read_string(yaml_find(node, "keep"), &rule->reason, err) &&
           read_words(engine, rule, node, err);
}

static bool read_long(const struct profile_reading *reading, struct profile_rule *rule,
                      const struct yaml_node *node, struct error *err)
{
    const struct yaml_node *name = yaml_find(node, "rule");
    const struct yaml_node *with = yaml_find(node, "with");
    const struct yaml_node *reason = yaml_find(node, "keep");

    assert(node->kind == YAML_MAPPING);
    if (!name && reason)
        return read_keep(reading->engine, rule, node, err);
    if (!name) {
        yaml_error(node, err, "'rule' is missing here");
        return error_hint(err, "write { rule: NAME, ... }, or { keep: REASON }");
    }
    if (!(name->is_null && strcmp(name->text, "null") == 0) &&
        !yaml_read_string(name, &rule->name, err))
        return false;
    rule->name = name->text;
    rule->params = node;
    if (strcmp(rule->name, "keep") == 0 && reason && !yaml_read_string(reason, &rule->reason, err))
        return false;
    if (with && !profile_read_column(reading, with, &rule->with, err))
        return false;
    return read_words(reading->engine, rule, node, err);
}

/* `null` is the name of a rule; nothing at all is none. */
static bool read_short(struct profile_rule *rule, const struct yaml_node *node, struct error *err)
{
    rule->name = node->text;
    if (node->is_null && strcmp(node->text, "null") == 0)
        return true;
    if (node->is_null || node->text[0] == '\0')
        return yaml_error(node, err, "a rule is expected here");
    return true;
}

static bool read_rule(const struct profile_reading *reading, const struct yaml_node *node,
                      struct profile_rule *rule, struct error *err)
{
    rule->node = node;
    if (node->kind == YAML_SCALAR)
        return read_short(rule, node, err);
    if (node->kind == YAML_SEQUENCE)
        return yaml_error(node, err, "a rule's name or a mapping is expected here");
    return read_long(reading, rule, node, err);
}

/* Two spellings of one name would be two rules for one column. */
static bool check_once(struct map *seen, const char *text, const struct yaml_node *key,
                       struct error *err)
{
    bool is_new = false;

    if (!seen || !text || !map_put(seen, span_of(text), 1, &is_new))
        return error_memory(err);
    if (!is_new)
        return yaml_error(key, err, "'%s' stands here a second time", text);
    return true;
}

static bool read_column_key(const struct profile_reading *reading, const struct yaml_node *key,
                            const char **name, struct error *err)
{
    if (strcmp(key->text, "*") == 0)
        return yaml_error(key, err, "'*' is no column's name");
    return profile_read_column(reading, key, name, err);
}

static bool read_rules(const struct profile_reading *reading, const struct yaml_node *node,
                       struct profile_table *table, struct error *err)
{
    AUTO(map) struct map *seen = map_new();

    if (!yaml_expect(node, YAML_MAPPING, err))
        return false;
    table->rules = ARENA_ARRAY(reading->arena, node->count + 1, struct profile_rule);
    table->rule_count = node->count;
    if (!table->rules)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        struct profile_rule *rule = &table->rules[i];

        if (!read_column_key(reading, node->keys[i], &rule->column, err) ||
            !check_once(seen, rule->column, node->keys[i], err) ||
            !read_rule(reading, node->items[i], rule, err))
            return false;
    }
    return true;
}

static bool read_everywhere(const struct profile_reading *reading, const struct yaml_node *node,
                            struct profile *profile, struct error *err)
{
    struct profile_table table = {.node = node};

    if (!read_rules(reading, node, &table, err))
        return false;
    for (size_t i = 0; i < table.rule_count; i++)
        if (strcmp(table.rules[i].name, "keep") == 0 && !table.rules[i].reason) {
            yaml_error(table.rules[i].node, err, "'keep' for every table needs a reason");
            return error_hint(err, "write { keep: REASON }");
        }
    profile->everywhere = table.rules;
    profile->everywhere_count = table.rule_count;
    return true;
}

static bool read_table(const struct profile_reading *reading, const struct yaml_node *node,
                       size_t index, struct map *seen, struct error *err)
{
    struct profile *profile = reading->profile;
    struct profile_table *table = &profile->tables[profile->table_count];

    assert(profile && index < node->count);
    table->node = node->keys[index];
    if (!profile_read_table(reading, table->node, &table->name, err) ||
        !check_once(seen, profile_table_text(reading->arena, &table->name), table->node, err))
        return false;
    profile->table_count++;
    return read_rules(reading, node->items[index], table, err);
}

PROFILE_SECTION(profile_read_columns)
{
    AUTO(map) struct map *seen = map_new();
    struct profile *profile = into;

    assert(profile == reading->profile);
    if (!yaml_expect(node, YAML_MAPPING, err))
        return false;
    profile->tables = ARENA_ARRAY(reading->arena, node->count + 1, struct profile_table);
    if (!profile->tables)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        bool is_everywhere = strcmp(node->keys[i]->text, "*") == 0;
        bool is_ok = is_everywhere ? read_everywhere(reading, node->items[i], profile, err)
                                   : read_table(reading, node, i, seen, err);

        if (!is_ok)
            return false;
    }
    return true;
}

static PROFILE_SECTION(read_leaks)
{
    static const struct profile_field rows[] = {
        {.key = "column",
         .kind = FIELD_TEXT,
         .offset = offsetof(struct profile_pair, from),
         .is_required = true},
        {.key = "why",
         .kind = FIELD_TEXT,
         .offset = offsetof(struct profile_pair, to),
         .is_required = true},
    };
    struct profile *profile = into;
    struct profile_items items;
    struct column_path path = {.node = NULL};

    if (!profile_items_read(reading, node, FIELDS(rows), sizeof(struct profile_pair), &items, err))
        return false;
    profile->accept_leaks = items.items;
    profile->accept_leak_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        if (!profile_read_path(reading, yaml_find(profile->accept_leaks[i].node, "column"), &path,
                               err))
            return false;
    return true;
}

static PROFILE_SECTION(read_scan)
{
    static const char *const words[] = {"selected", "source", NULL};
    struct profile *profile = into;
    unsigned index;

    UNUSED(reading);
    if (!profile_read_word(node, words, &index, err))
        return false;
    profile->privacy_scan = words[index];
    return true;
}

static PROFILE_SECTION(read_max_reidentified)
{
    struct profile *profile = into;

    UNUSED(reading);
    return yaml_read_real(node, 0, 1, &profile->max_reidentified, err);
}

PROFILE_SECTION(profile_read_privacy)
{
    static const struct profile_field rows[] = {
        {.key = "max_reidentified", .kind = FIELD_OWN, .read = read_max_reidentified},
        {.key = "scan", .kind = FIELD_OWN, .read = read_scan},
        {.key = "accept_leaks", .kind = FIELD_OWN, .read = read_leaks},
    };

    return profile_fields_read(reading, node, FIELDS(rows), into, err);
}
