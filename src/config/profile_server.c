/* Reads where data comes from and goes to: source, target, key, schema. */
#include "config/profile_sections.h"

#include "config/substitute.h"
#include "config/url_literal.h"
#include <string.h>

/* The text as it was written decides: a password that a variable brings is not literal. */
static bool read_url(const struct profile_reading *reading, const struct yaml_node *node,
                     struct profile_server *server, struct error *err)
{
    const char *literal;
    enum engine engine;

    assert(reading->arena && server);
    if (!yaml_read_string(node, &server->url, err))
        return false;
    literal = substitute_literal(node, URL_STAND_IN, reading->arena);
    if (!literal)
        return error_memory(err);
    if (!url_refuse_literal_password(literal, "in the profile", err)) {
        if (err->status == STATUS_USAGE)
            err->status = STATUS_PROFILE;
        return yaml_error_place(node, err);
    }
    if (!url_engine(server->url, &engine, err)) {
        err->status = STATUS_PROFILE;
        return yaml_error_place(node, err);
    }
    return true;
}

static PROFILE_SECTION(read_source_url)
{
    return read_url(reading, node, &((struct profile *)into)->source, err);
}

static PROFILE_SECTION(read_target_url)
{
    return read_url(reading, node, &((struct profile *)into)->target, err);
}

static PROFILE_SECTION(read_roles)
{
    struct profile *profile = into;
    struct profile_items pairs;

    if (!profile_read_pairs(reading, node, &pairs, err))
        return false;
    profile->roles = pairs.items;
    profile->role_count = pairs.count;
    return true;
}

static PROFILE_SECTION(read_extensions)
{
    static const struct profile_field rows[] = {
        {.key = "skip",
         .kind = FIELD_TEXTS,
         .offset = offsetof(struct profile, extensions_skip),
         .is_required = true},
    };

    return profile_fields_read(reading, node, FIELDS(rows), into, err);
}

static const char *const locks[] = {"allow", "auto", NULL};

PROFILE_SECTION(profile_read_source)
{
    static const struct profile_field rows[] = {
        {.key = "url", .kind = FIELD_OWN, .read = read_source_url},
        {.key = "password_command",
         .kind = FIELD_ARGV,
         .offset = offsetof(struct profile, source.password_command)},
        {.key = "lock",
         .kind = FIELD_FLAG,
         .offset = offsetof(struct profile, source_may_lock),
         .words = locks},
        {.key = "accept_non_transactional",
         .kind = FIELD_TABLES,
         .offset = offsetof(struct profile, accept_non_transactional)},
    };
    struct profile *profile = into;

    profile->source.node = node;
    if (node->kind == YAML_SCALAR)
        return read_source_url(reading, node, into, err);
    return profile_fields_read(reading, node, FIELDS(rows), into, err);
}

bool profile_check_source(const struct profile *profile, enum engine engine, struct error *err)
{
    const struct yaml_node *node = profile->source.node;

    assert(profile && err);
    if (engine == ENGINE_MYSQL || !node || node->kind != YAML_MAPPING)
        return true;
    if (yaml_find(node, "lock")) {
        yaml_error(yaml_find(node, "lock"), err, "'lock' is of MySQL and MariaDB");
        return error_hint(err, "leave it out: connections to PostgreSQL share a snapshot without a "
                               "lock");
    }
    if (yaml_find(node, "accept_non_transactional")) {
        yaml_error(yaml_find(node, "accept_non_transactional"), err,
                   "'accept_non_transactional' is of MySQL and MariaDB");
        return error_hint(err, "leave it out: every table of PostgreSQL follows the snapshot");
    }
    return true;
}

static const char *const modes[] = {[MODE_SWAP] = "swap", [MODE_EMPTY] = "empty", NULL};

PROFILE_SECTION(profile_read_target)
{
    static const struct profile_field rows[] = {
        {.key = "url", .kind = FIELD_OWN, .read = read_target_url},
        {.key = "password_command",
         .kind = FIELD_ARGV,
         .offset = offsetof(struct profile, target.password_command)},
        {.key = "mode",
         .kind = FIELD_WORD,
         .offset = offsetof(struct profile, mode),
         .words = modes},
        {.key = "generations",
         .kind = FIELD_COUNT,
         .offset = offsetof(struct profile, generations)},
        {.key = "owner", .kind = FIELD_TEXT, .offset = offsetof(struct profile, owner)},
        {.key = "maintenance_db",
         .kind = FIELD_TEXT,
         .offset = offsetof(struct profile, maintenance_db)},
        {.key = "roles", .kind = FIELD_OWN, .read = read_roles},
        {.key = "extensions", .kind = FIELD_OWN, .read = read_extensions},
        {.key = "same_server", .kind = FIELD_TEXT, .offset = offsetof(struct profile, same_server)},
        {.key = "restored_from_source",
         .kind = FIELD_TEXT,
         .offset = offsetof(struct profile, restored_from_source)},
    };
    struct profile *profile = into;

    profile->target.node = node;
    if (node->kind == YAML_SCALAR)
        return read_target_url(reading, node, into, err);
    return profile_fields_read(reading, node, FIELDS(rows), into, err);
}

struct key_fields {
    const char *file, *variable;
    const char **command;
};

/* A key file stands beside the profile that names it. */
static const char *key_path(const struct profile_reading *reading, const char *file)
{
    if (file[0] == '/')
        return file;
    return arena_printf(reading->arena, "%s%s", reading->folder, file);
}

PROFILE_SECTION(profile_read_key)
{
    static const struct profile_field rows[] = {
        {.key = "file", .kind = FIELD_TEXT, .offset = offsetof(struct key_fields, file)},
        {.key = "env", .kind = FIELD_TEXT, .offset = offsetof(struct key_fields, variable)},
        {.key = "command", .kind = FIELD_ARGV, .offset = offsetof(struct key_fields, command)},
    };
    struct key_fields key = {NULL, NULL, NULL};
    struct profile *profile = into;

    assert(profile == reading->profile);
    if (!profile_fields_read(reading, node, FIELDS(rows), &key, err))
        return false;
    if (!!key.file + !!key.variable + !!key.command != 1)
        return yaml_error(node, err, "exactly one of 'file', 'command' and 'env' is expected here");
    profile->key_source = key.file ? KEY_FILE : key.variable ? KEY_ENV : KEY_COMMAND;
    profile->key_command = key.command;
    profile->key_place = key.file ? key_path(reading, key.file) : key.variable;
    if (key.file && !profile->key_place)
        return error_memory(err);
    return true;
}

PROFILE_SECTION(profile_read_schema)
{
    static const struct profile_field rows[] = {
        {.key = "only", .kind = FIELD_TEXTS, .offset = offsetof(struct profile, schema_only)},
        {.key = "except", .kind = FIELD_TEXTS, .offset = offsetof(struct profile, schema_except)},
        {.key = "exclude",
         .kind = FIELD_TABLES,
         .offset = offsetof(struct profile, schema_exclude)},
    };
    struct profile *profile = into;
    const struct yaml_node *except;

    if (!profile_fields_read(reading, node, FIELDS(rows), into, err))
        return false;
    profile->has_schema_only = yaml_find(node, "only") != NULL;
    except = yaml_find(node, "except");
    if (profile->has_schema_only && except)
        return yaml_error(except, err, "'only' and 'except' exclude each other");
    return true;
}
