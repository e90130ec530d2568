/* A YAML document as a tree that remembers where everything stood, read with libyaml: one
 * document, no aliases, no anchors, no tags, no merge keys, no duplicate keys, bounded depth (64)
 * and size (16 MiB). Variables stand as they were written; substitute.h fills them in. */
#ifndef UNDERSTUDY_CONFIG_YAML_H
#define UNDERSTUDY_CONFIG_YAML_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/span.h"

#define YAML_SIZE_MAX  ((size_t)16 << 20)
#define YAML_DEPTH_MAX 64

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    const char *file;         /* as given; borrowed by all nodes */
    unsigned line, column;    /* from 1 */
    const char *text;         /* scalar: NUL-terminated UTF-8 without NULs */
    const char *raw;          /* scalar: the text before variables were filled in; never NULL */
    bool is_plain;            /* scalar written without quotes */
    bool is_null;             /* plain scalar that is empty, ~ or null */
    size_t count;             /* sequence: items; mapping: pairs */
    struct yaml_node **keys;  /* mapping: scalars, in order of the file */
    struct yaml_node **items; /* sequence: items; mapping: values */
};

/* Reads `path` ("-": standard input). STATUS_PROFILE with "FILE:LINE:COLUMN" as context. */
bool yaml_read_file(const char *path, struct arena *arena, struct yaml_node **root,
                    struct error *err);
/* `name` stands for the file in messages; it and nothing of `text` must outlive the tree. */
bool yaml_read_text(const char *name, struct span text, struct arena *arena,
                    struct yaml_node **root, struct error *err);

/* The bytes of `path` ("-": standard input), at most YAML_SIZE_MAX; for callers that hash them. */
bool yaml_load_file(const char *path, struct arena *arena, struct span *bytes, struct error *err);

/* Same kind, same text, same order: what two files may both say without a conflict. */
bool yaml_equal(const struct yaml_node *a, const struct yaml_node *b);

/* The value under `key`, or NULL. `node` is a mapping. */
const struct yaml_node *yaml_find(const struct yaml_node *node, const char *key);

/* Sets STATUS_PROFILE with the node's place as context; returns false. */
bool yaml_error(const struct yaml_node *node, struct error *err, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Puts the node's place in front of an error that is set already; returns false. */
bool yaml_error_place(const struct yaml_node *node, struct error *err);

/* Typed readers; each error names the place and what was expected. */
/* A mapping, or a sequence, is meant here. */
bool yaml_expect(const struct yaml_node *node, enum yaml_kind kind, struct error *err);
/* Any text that is not empty. */
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
