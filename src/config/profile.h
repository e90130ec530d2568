/* What the person asked for, as the profile says it and before it has met any schema: its YAML
 * as plain data. Everything is in one arena and read-only after profile_read. Names are still
 * text ("orders.customer_id"); bind/ resolves them. Node pointers stay, so that a later error can
 * name file, line and column. */
#ifndef UNDERSTUDY_CONFIG_PROFILE_H
#define UNDERSTUDY_CONFIG_PROFILE_H

#include "config/url.h"
#include "config/yaml.h"

/* A table name split into parts, unquoted: schema NULL when not written. */
struct table_name {
    const char *schema;
    const char *table;
};

/* "posts.tag_ids[]", "documents.body -> $.customer_id", "invoices(region, number)". */
struct column_path {
    const struct yaml_node *node;
    struct table_name table;
    size_t column_count;
    const char **columns;
    bool is_array;         /* [] was written behind the one column */
    const char *json_path; /* "$.customer_id" or NULL */
};

struct profile_start {
    const struct yaml_node *node;
    struct table_name table;
    double fraction;   /* set when rows == 0 and where == NULL */
    int64_t rows;      /* 0: not given */
    const char *where; /* SQL or NULL */
};

enum take_kind { TAKE_ALL, TAKE_NONE, TAKE_COUNT, TAKE_FRACTION };
struct take {
    enum take_kind kind;
    int64_t count;
    double fraction;
};

struct profile_edge {
    const struct yaml_node *node;
    struct column_path child; /* how the edge was named ... */
    const char *constraint;   /* ... or by constraint name; both may be given */
    bool has_take;
    struct take take;
    const char *order;  /* SQL or NULL */
    bool is_parent_cut; /* parent: cut */
};

struct profile_pin {
    const struct yaml_node *node; /* NULL: came from --pin */
    struct table_name table;
    const char *where;
    const char *why;
    bool takes_children; /* children: all (default) | none */
};

struct profile_relation {
    const struct yaml_node *node;
    struct column_path from, to;
    const char *when; /* SQL or NULL */
};

/* One column's rule, in short or long form. */
struct profile_rule {
    const struct yaml_node *node; /* the value under the column's name */
    const char *column;           /* the column's name, or under "*" */
    const char *name;             /* the rule: "email", "keep" ... */
    const struct yaml_node
        *params;        /* the long form's mapping (with rule:, when: ... in it), or NULL */
    const char *reason; /* keep: REASON */
    const char *review;
    const char *accept_risk;
    const char *when; /* SQL or NULL */
    const char *with; /* column name or NULL */
    const char *domain;
    bool is_from_pack; /* came by include: */
};

struct profile_table {
    const struct yaml_node *node; /* the key */
    struct table_name name;
    size_t rule_count;
    struct profile_rule *rules;
};

struct profile_name_list {
    size_t count;
    struct table_name *names;
    const struct yaml_node **nodes;
};

struct profile_text_list {
    size_t count;
    const char **texts;
    const struct yaml_node **nodes;
};

struct profile_pair { /* from: to, of a mapping of strings */
    const struct yaml_node *node;
    const char *from, *to;
};

/* One pair of tails.difference: [minuend, subtrahend], a plain column each. */
struct profile_difference {
    const struct yaml_node *node;
    struct column_path minuend, subtrahend;
};

enum { PROFILE_WEEK_HOURS = 168 };

/* One statement of after_load. */
struct profile_statement {
    const char *place; /* "shop.yaml:40:16", "grants.sql:3" */
    const char *sql;
};

enum profile_mode { MODE_SWAP, MODE_EMPTY };
enum unclassified { UNCLASSIFIED_REFUSE, UNCLASSIFIED_REDACT };
enum key_source { KEY_NONE, KEY_FILE, KEY_COMMAND, KEY_ENV };

struct profile_server {
    const struct yaml_node *node;
    const char *url;               /* NULL: not given here */
    const char **password_command; /* NULL-terminated argv, or NULL */
};

struct profile {
    const char *file;
    char sha256[65]; /* of the file's bytes, includes appended in order */

    enum engine engine; /* of the source, by its URL: how the profile's SQL is read */
    struct profile_server source, target;
    bool source_may_lock; /* lock: auto (false) or allow; MySQL only */
    struct profile_name_list accept_non_transactional;
    enum profile_mode mode;
    int64_t generations;
    const char *owner;          /* or NULL */
    const char *maintenance_db; /* or NULL */
    struct profile_pair *roles;
    size_t role_count;
    struct profile_text_list extensions_skip;
    const char *same_server;          /* reason or NULL */
    const char *restored_from_source; /* reason or NULL */
    enum key_source key_source;
    const char *key_place;    /* file path or variable name */
    const char **key_command; /* NULL-terminated argv */
    int64_t epoch;

    bool has_schema_only;
    struct profile_text_list schema_only, schema_except;
    struct profile_name_list schema_exclude;

    double sample_fraction; /* below 0: not given */
    struct profile_start *starts;
    size_t start_count;
    struct take follow_default;
    struct profile_edge *edges;
    size_t edge_count;
    struct profile_name_list full_tables, empty_tables;
    int64_t small_table_rows;
    int64_t budget_rows;  /* 0: none */
    struct profile_keys { /* sample.keys */
        const struct yaml_node *node;
        struct table_name table;
        struct profile_text_list columns;
    } * keys;
    size_t key_count;

    double tails_budget; /* 0: no tails */
    int64_t tails_per_stratum;
    double tails_rare;
    int64_t tails_max_children;
    struct profile_text_list tails_ignore; /* "table.column", "table", "schema.table" */
    struct profile_difference *tails_differences;
    size_t tails_difference_count;

    struct profile_pin *pins;
    size_t pin_count;
    struct profile_relation *relations;
    size_t relation_count;

    struct profile_name_list subject_tables;
    struct profile_subject_path {
        const struct yaml_node *node;
        struct table_name table;
        const char *column;
    } * subject_paths;
    size_t subject_path_count;
    struct profile_name_list subject_none;

    /* Activity by hour of the week, Monday 00:00 first: PROFILE_WEEK_HOURS counts from 0 to
     * 1,000,000,000, one of them above 0. NULL: not given. */
    const int64_t *week;

    struct profile_table *tables; /* columns: */
    size_t table_count;
    struct profile_rule *everywhere; /* columns: "*" */
    size_t everywhere_count;
    enum unclassified unclassified;

    struct profile_statement *after_load;
    size_t after_load_count;

    const struct yaml_node *drift;     /* read by a later version */
    double max_reidentified;           /* below 0: not given */
    const char *privacy_scan;          /* selected | source */
    struct profile_pair *accept_leaks; /* column: why */
    size_t accept_leak_count;
};

/* Reads `path` with its includes. STATUS_PROFILE with file, line, column; what a later version
 * brings is refused as "not in this version". A password written literally in a URL is refused
 * (STATUS_POLICY) with the places where it may stand. `source`: the URL that the command line names
 * instead of the profile's, or NULL. `pins` are added by the caller later. */
bool profile_read(const char *path, const char *source, struct arena *arena,
                  struct profile **profile, struct error *err);
/* The same from memory; `name` stands for the file, relative paths are those of the working
 * directory, and `include` is refused. */
bool profile_read_text(const char *name, struct span text, struct arena *arena,
                       struct profile **profile, struct error *err);

/* STATUS_PROFILE where the source's options are of another engine than its URL. */
bool profile_check_source(const struct profile *profile, enum engine engine, struct error *err);

/* "schema.table" or "table", quoted parts as in SQL; "a.b" parts split; false at a syntax error. */
bool table_name_parse(const char *text, struct arena *arena, struct table_name *name);
/* One column's name, quoted or not. */
bool column_name_parse(const char *text, struct arena *arena, const char **name);
/* All forms of struct column_path; `node` may be NULL. */
bool column_path_parse(const char *text, struct arena *arena, struct column_path *path);
/* The name as a profile would write it: parts quoted only where they must be. */
const char *profile_quote(struct arena *arena, const char *part);

#endif
