/* Reads a profile from top to bottom, with the packs it includes. */
#include "config/profile.h"

#include "config/profile_sections.h"
#include "config/substitute.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define INCLUDES_MAX 64

/* The texts whose bytes make the profile's checksum. */
struct sources {
    crypto_hash_sha256_state hash;
    bool has_files;     /* include may be followed */
    const char *source; /* named before the profile's own, or NULL */
};

static const char *const unclassified_words[] = {
    [UNCLASSIFIED_REFUSE] = "refuse", [UNCLASSIFIED_REDACT] = "redact", NULL};

static PROFILE_SECTION(read_version)
{
    int64_t version;

    UNUSED(reading);
    UNUSED(into);
    if (!yaml_read_integer(node, 1, INT64_MAX, &version, err))
        return false;
    if (version != 1)
        return yaml_error(node, err, "a profile of version 1 is expected");
    return true;
}

/* Packs are merged once everything else stands. */
static PROFILE_SECTION(check_include)
{
    UNUSED(reading);
    UNUSED(into);
    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    if (node->count > INCLUDES_MAX)
        return yaml_error(node, err, "more than %d files are included", INCLUDES_MAX);
    return true;
}

static const struct profile_field profile_rows[] = {
    {.key = "version", .kind = FIELD_OWN, .is_required = true, .read = read_version},
    {.key = "include", .kind = FIELD_OWN, .read = check_include},
    {.key = "source", .kind = FIELD_OWN, .read = profile_read_source},
    {.key = "target", .kind = FIELD_OWN, .read = profile_read_target},
    {.key = "key", .kind = FIELD_OWN, .read = profile_read_key},
    {.key = "epoch", .kind = FIELD_COUNT, .offset = offsetof(struct profile, epoch)},
    {.key = "schema", .kind = FIELD_OWN, .read = profile_read_schema},
    {.key = "sample", .kind = FIELD_OWN, .read = profile_read_sample},
    {.key = "tails", .kind = FIELD_OWN, .read = profile_read_tails},
    {.key = "pins", .kind = FIELD_OWN, .read = profile_read_pins},
    {.key = "relations", .kind = FIELD_OWN, .read = profile_read_relations},
    {.key = "subjects", .kind = FIELD_OWN, .read = profile_read_subjects},
    {.key = "columns", .kind = FIELD_OWN, .read = profile_read_columns},
    {.key = "unclassified",
     .kind = FIELD_WORD,
     .offset = offsetof(struct profile, unclassified),
     .words = unclassified_words},
    {.key = "privacy", .kind = FIELD_OWN, .read = profile_read_privacy},
    {.key = "week", .kind = FIELD_OWN, .read = profile_read_week},
    {.key = "after_load", .kind = FIELD_OWN, .read = profile_read_after_load},
    {.key = "drift", .kind = FIELD_LATER},
    {.key = "archive", .kind = FIELD_LATER},
};

static const struct profile_field pack_rows[] = {
    {.key = "relations", .kind = FIELD_OWN, .read = profile_read_relations},
    {.key = "subjects", .kind = FIELD_OWN, .read = profile_read_subjects},
    {.key = "columns", .kind = FIELD_OWN, .read = profile_read_columns},
};

static void set_defaults(struct profile *profile)
{
    *profile = (struct profile){
        .mode = MODE_SWAP,
        .generations = 1,
        .epoch = 1,
        .sample_fraction = -1,
        .follow_default = {.kind = TAKE_ALL},
        .small_table_rows = 1000,
        .tails_budget = 0.002,
        .tails_per_stratum = 5,
        .tails_rare = 0.001,
        .tails_max_children = 10000,
        .unclassified = UNCLASSIFIED_REFUSE,
        .max_reidentified = -1,
        .privacy_scan = "selected",
    };
}

/* Up to and with the last '/'. */
static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return arena_strndup(arena, path, slash ? (size_t)(slash - path) + 1 : 0);
}

static bool read_tree(struct profile_reading *reading, const char *name, struct span text,
                      struct yaml_node **root, struct error *err)
{
    return yaml_read_text(name, text, reading->arena, root, err) &&
           yaml_expect(*root, YAML_MAPPING, err);
}

/* How SQL is read hangs on the source, which the profile may name below it. Where it cannot be told
 * yet, a later step says why. */
static enum engine find_engine(const struct profile_reading *reading, const char *source,
                               const struct yaml_node *root)
{
    const struct yaml_node *node = yaml_find(root, "source");
    struct error unused = {0};
    enum engine engine;

    if (node && node->kind == YAML_MAPPING)
        node = yaml_find(node, "url");
    if (!source && node && node->kind == YAML_SCALAR &&
        !substitute_text(node, reading->arena, &source, &unused))
        source = NULL;
    if (!source)
        source = getenv("UNDERSTUDY_SOURCE");
    return source && url_engine(source, &engine, &unused) ? engine : ENGINE_POSTGRESQL;
}

static void mark_pack(struct profile *pack)
{
    for (size_t i = 0; i < pack->table_count; i++)
        for (size_t k = 0; k < pack->tables[i].rule_count; k++)
            pack->tables[i].rules[k].is_from_pack = true;
    for (size_t i = 0; i < pack->everywhere_count; i++)
        pack->everywhere[i].is_from_pack = true;
}

static bool has_row(struct profile_fields fields, const char *key)
{
    for (size_t i = 0; i < fields.count; i++)
        if (strcmp(fields.rows[i].key, key) == 0)
            return true;
    return false;
}

/* A right word in the wrong file deserves a better answer than the nearest word. */
static bool check_pack_keys(const struct yaml_node *root, struct error *err)
{
    for (size_t i = 0; i < root->count; i++) {
        const char *key = root->keys[i]->text;

        if (has_row(FIELDS(profile_rows), key) && !has_row(FIELDS(pack_rows), key)) {
            yaml_error(root->keys[i], err, "'%s' may not stand in an included file", key);
            return error_hint(err, "it may hold columns, relations and subjects only");
        }
    }
    return true;
}

static bool read_pack(struct profile_reading *reading, const char *path, struct span text,
                      struct profile *pack, struct error *err)
{
    struct profile_reading inner = {reading->arena, pack, folder_of(reading->arena, path),
                                    reading->engine};
    struct yaml_node *root;

    assert(reading->profile != pack);
    set_defaults(pack);
    if (!inner.folder)
        return error_memory(err);
    if (!read_tree(&inner, path, text, &root, err) ||
        !substitute_profile(root, inner.engine, inner.arena, err))
        return false;
    pack->file = root->file;
    if (!check_pack_keys(root, err) ||
        !profile_fields_read(&inner, root, FIELDS(pack_rows), pack, err))
        return false;
    mark_pack(pack);
    return true;
}

static bool include_file(struct profile_reading *reading, const struct yaml_node *node,
                         struct sources *sources, struct error *err)
{
    struct profile *profile = reading->profile;
    struct profile pack;
    struct span bytes;
    const char *path;

    assert(node->line > 0 && sources->has_files);
    if (!yaml_read_string(node, &path, err))
        return false;
    if (path[0] != '/')
        path = arena_printf(reading->arena, "%s%s", reading->folder, path);
    if (!path)
        return error_memory(err);
    if (strcmp(path, "-") == 0)
        return yaml_error(node, err, "standard input cannot be included");
    if (!yaml_load_file(path, reading->arena, &bytes, err))
        return yaml_error_place(node, err);
    crypto_hash_sha256_update(&sources->hash, (const unsigned char *)bytes.ptr, bytes.len);
    return read_pack(reading, path, bytes, &pack, err) &&
           profile_merge_columns(profile, &pack, reading->arena, err) &&
           profile_merge_relations(profile, &pack, reading->arena, err) &&
           profile_merge_subjects(profile, &pack, reading->arena, err);
}

static bool include_files(struct profile_reading *reading, const struct yaml_node *root,
                          struct sources *sources, struct error *err)
{
    const struct yaml_node *includes = yaml_find(root, "include");

    if (includes && !sources->has_files)
        return yaml_error(includes, err, "a profile that is no file cannot include files");
    for (size_t i = 0; includes && i < includes->count; i++)
        if (!include_file(reading, includes->items[i], sources, err))
            return false;
    return true;
}

static void finish_hash(struct sources *sources, struct profile *profile)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    _Static_assert(sizeof(profile->sha256) == 2 * sizeof(hash) + 1, "hexadecimal digits");
    crypto_hash_sha256_final(&sources->hash, hash);
    sodium_bin2hex(profile->sha256, sizeof(profile->sha256), hash, sizeof(hash));
}

static bool read_profile(struct profile_reading *reading, const char *name, struct span text,
                         struct sources *sources, struct error *err)
{
    struct profile *profile = reading->profile;
    struct yaml_node *root;

    assert(profile && reading->folder);
    set_defaults(profile);
    crypto_hash_sha256_init(&sources->hash);
    crypto_hash_sha256_update(&sources->hash, (const unsigned char *)text.ptr, text.len);
    if (!read_tree(reading, name, text, &root, err))
        return false;
    reading->engine = profile->engine = find_engine(reading, sources->source, root);
    if (!substitute_profile(root, reading->engine, reading->arena, err))
        return false;
    profile->file = root->file;
    if (!profile_fields_read(reading, root, FIELDS(profile_rows), profile, err) ||
        !include_files(reading, root, sources, err))
        return false;
    finish_hash(sources, profile);
    return true;
}

bool profile_read(const char *path, const char *source, struct arena *arena,
                  struct profile **profile, struct error *err)
{
    struct sources sources = {.has_files = true, .source = source};
    struct profile_reading reading = {.arena = arena,
                                      .profile = ARENA_NEW(arena, struct profile),
                                      .folder = folder_of(arena, path)};
    struct span bytes;

    assert(path && profile);
    if (!reading.profile || !reading.folder)
        return error_memory(err);
    if (!yaml_load_file(path, arena, &bytes, err) ||
        !read_profile(&reading, path, bytes, &sources, err))
        return false;
    *profile = reading.profile;
    return true;
}

bool profile_read_text(const char *name, struct span text, struct arena *arena,
                       struct profile **profile, struct error *err)
{
    struct sources sources = {.has_files = false};
    struct profile_reading reading = {
        .arena = arena, .profile = ARENA_NEW(arena, struct profile), .folder = ""};

    assert(name && profile);
    if (!reading.profile)
        return error_memory(err);
    if (!read_profile(&reading, name, text, &sources, err))
        return false;
    *profile = reading.profile;
    return true;
}
