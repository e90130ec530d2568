/* A YAML document as a tree that remembers where everything stood, read with libyaml: one
 * document, no aliases, no tags, no duplicate keys, bounded depth (64) and size (16 MiB). After
 * reading, ${VAR}, ${VAR:-default} and ${VAR:?message} are substituted in scalars, except in
 * those a caller names as SQL (see yaml_sql_keys). */
#ifndef UNDERSTUDY_CONFIG_YAML_H
#define UNDERSTUDY_CONFIG_YAML_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    const char *file; /* as given; borrowed by all nodes */
    unsigned line, column; /* from 1 */
    const char *text; /* scalar: NUL-terminated UTF-8 without NULs */
    bool is_plain; /* scalar written without quotes */
    bool is_null; /* plain scalar that is empty, ~ or null */
    size_t count; /* sequence: items; mapping: pairs */
    struct yaml_node **keys; /* mapping: scalars, in order of the file */
    struct yaml_node **items; /* sequence: items; mapping: values */
};

/* Reads `path` ("-": standard input). STATUS_PROFILE with "FILE:LINE:COLUMN" as context. */
bool yaml_read_file(const char *path, struct arena *arena, struct yaml_node **root,
                    struct error *err);
bool yaml_read_text(const char *name, struct span text, struct arena *arena,
                    struct yaml_node **root, struct error *err);

/* The value under `key`, or NULL. `node` is a mapping. */
const struct yaml_node *yaml_find(const struct yaml_node *node, const char *key);

/* Sets STATUS_PROFILE with the node's place as context; returns false. */
bool yaml_error(const struct yaml_node *node, struct error *err, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Typed readers; each error names the place and what was expected. */
bool yaml_read_string(const struct yaml_node *node, const char **text, struct error *err);
bool yaml_read_bool(const struct yaml_node *node, bool *truth, struct error *err);
bool yaml_read_integer(const struct yaml_node *node, int64_t low, int64_t high, int64_t *number,
                       struct error *err);
bool yaml_read_real(const struct yaml_node *node, double low, double high, double *number,
                    struct error *err);
bool yaml_read_duration(const struct yaml_node *node, int64_t *us, struct error *err);

/* Every key of the mapping must be one of `known`; else an error at the key with the nearest
 * known word as hint. */
bool yaml_check_keys(const struct yaml_node *node, const char *const *known, size_t count,
                     struct error *err);

#endif
