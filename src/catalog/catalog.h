/* What the source is: schemas, tables, columns, types, keys and foreign keys as plain data. Filled
 * once by a driver (db/), frozen afterwards, shared read-only by all threads. Everything lies in
 * one arena. Arrays of pointers keep the order of the engine's own numbering, names sort bytewise
 * where an order must not depend on it. */
#ifndef UNDERSTUDY_CATALOG_CATALOG_H
#define UNDERSTUDY_CATALOG_CATALOG_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "catalog/kind.h"
#include "config/url.h"

enum type_class {
    TYPE_BASE,
    TYPE_ENUM,
    TYPE_DOMAIN,
    TYPE_ARRAY,
    TYPE_COMPOSITE,
    TYPE_RANGE,
    TYPE_MULTIRANGE
};

/* How the server brings ranges of a type into one form. */
enum range_step {
    RANGE_UNKNOWN,    /* not as below: only the server can make one */
    RANGE_CONTINUOUS, /* as it stands */
    RANGE_DISCRETE    /* lower bound included, upper bound not: int4range, int8range, daterange */
};

struct type {
    const char *schema, *name; /* "pg_catalog", "int4"; MySQL: schema "" */
    uint32_t oid;              /* source's number; 0 on MySQL */
    enum type_class class;
    enum kind kind; /* of a domain: its base type's; of an array: KIND_OTHER */
    const struct type
        *element;         /* array: element; domain: base; range: subtype; multirange: range */
    enum range_step step; /* range */
    size_t field_count;   /* composite */
    struct type_field {
        const char *name;
        const struct type *type;
        const struct column *column; /* its limits; of no table */
    } * fields;
    size_t label_count; /* enum */
    const char **labels;
    bool has_binary;          /* send and receive exist, and the form carries no catalog number */
    bool carries_oids;        /* arrays and composites of types that are not built in */
    bool is_case_insensitive; /* citext, MySQL's _ci collations */
    bool folds_accents;       /* MySQL: letters are equal whatever their marks */
    bool is_unsigned;         /* MySQL: 64 bits of an integer are read without sign */
    bool is_flag;             /* MySQL: tinyint(1), bit(1): a number that mostly means a boolean */
    bool is_set;              /* MySQL: a value is a comma list of labels, perhaps empty */
    const char *charset;      /* MySQL: of texts, "utf8mb4"; NULL elsewhere */
    bool is_padded;           /* char(n): trailing blanks do not count */
    unsigned width;           /* integers: 2, 4, 8 bytes; reals: 4, 8; 0 otherwise */
    const char *extension;    /* that owns it, or NULL */
    const char **checks;      /* domain: simple CHECK expressions as the server prints them */
    size_t check_count;
    bool is_not_null; /* domain NOT NULL */
    int32_t modifier; /* domain: what it says of its base as atttypmod does; -1: nothing */
};

struct column {
    const char *name;
    uint16_t number; /* the engine's number (attnum) */
    uint16_t index;  /* position in table->columns */
    const struct table *table;
    const struct type *type;
    const char *type_text; /* as the engine prints it with modifiers: "character varying(50)" */
    int32_t modifier;      /* atttypmod, -1: none */
    uint32_t max_length;   /* characters (byte strings of MySQL: bytes), 0: none */
    uint16_t precision,
        scale; /* numeric(p,s); precision 0: none. time types: precision = digits, 6: all */
    bool is_not_null;
    bool is_generated; /* never written; a virtual one is never read */
    bool is_virtual;
    bool is_invisible; /* MySQL: not part of `*` */
    char identity;     /* 'a' always, 'd' by default, 0 */
    bool is_inherited;
    bool is_nondeterministic; /* collation under which unequal bytes can be equal */
    const char *default_text; /* or NULL */
    const char *comment;      /* or NULL */
    const char *sequence;     /* quoted name of the sequence that feeds it, or NULL */
    double distinct_estimate; /* statistics; 0: unknown; never decides anything, init only */
    double width_estimate;    /* the same: bytes on average; 0: unknown; the survey's reads only */
};

/* A primary key, unique constraint or unique index. */
struct key {
    const char *name;
    size_t column_count;
    const struct column **columns; /* NULL entries never: expression keys have is_expression */
    bool is_primary, is_constraint, is_deferrable, is_partial, is_expression;
    /* An exclusion constraint, or a key WITHOUT OVERLAPS: columns as far as they are plain. */
    bool is_exclusion;
    const bool *is_equal; /* is_exclusion: of each column, that its operator is equality; or NULL */
    bool is_nulls_not_distinct;
};

/* What the address of a row, a number of 64 bits, is. */
enum address_class {
    ADDRESS_PLACE, /* it alone leads to the row: its place (ctid), or a key packed into it */
    ADDRESS_KEY,   /* a hash of the row's key */
    ADDRESS_ROW    /* a hash of the whole row, for want of a key: equal rows have the same one */
};

/* What is scanned: a plain table has one, a partitioned one a leaf each. */
struct relation {
    uint16_t index; /* within its table; addresses are (relation, address) */
    enum address_class address_class;
    const struct key *address_key; /* MySQL: the key that addresses are made of; or NULL */
    const char *schema, *name;
    uint32_t oid;
    uint32_t relfilenode;
    uint64_t pages;
    double row_estimate;    /* below 0: never analyzed */
    const char *bound;      /* partition bound as the server prints it, or NULL */
    const char *definition; /* hash of its columns, as the snapshot saw them */
};

struct check {
    const char *name;
    const char *expression; /* as the server prints it */
    bool is_inherited, is_not_valid;
    size_t column_count;
    const struct column **columns;
};

/* An index's columns, to know what lookups are served: leading plain columns only. */
struct index {
    const char *name; /* MySQL, for statements that say which index to use; else NULL */
    size_t column_count;
    const struct column **columns;
    bool is_partial;
};

enum table_class { TABLE_ORDINARY, TABLE_PARTITIONED, TABLE_FOREIGN };

struct table {
    const char *schema, *name;
    const char *label; /* "public.orders", printable, for messages and the report */
    /* The schema as it enters keys, set by catalog_finish: the default one is "public" in every
     * engine and under every name of its database; NULL: as `schema`. */
    const char *key_schema;
    uint32_t index; /* in catalog->tables */
    uint32_t oid;
    enum table_class class;
    size_t column_count;
    struct column **columns;
    size_t key_count;
    struct key **keys;
    const struct key *primary; /* or NULL */
    size_t index_count;
    struct index *indexes;
    size_t check_count;
    struct check *checks;
    size_t relation_count;
    struct relation *relations;
    /* TABLE_PARTITIONED, all levels; MySQL: of RANGE and LIST, since HASH and KEY take any value.
     * There the table is one relation. */
    size_t partition_column_count;
    const struct column **partition_columns;
    bool has_list_partitions;
    bool is_unlogged, has_row_security, is_extension_config;
    bool has_insert_triggers;
    bool is_outside;       /* MySQL: of another schema, known only by the keys that refer to it */
    const char *storage;   /* MySQL: the engine that keeps it, "InnoDB"; NULL elsewhere */
    bool is_transactional; /* reads of it follow the snapshot */
    size_t parent_count;   /* inheritance (not partitions) */
    const struct table **parents;
    double row_estimate; /* sum over relations; below 0: unknown */
    uint64_t bytes;      /* with indexes and toast */
    const char *comment;
};

/* A reference from child columns to parent columns. Foreign keys come from the catalog, declared
 * and polymorphic ones from the profile (bind adds them through graph/). */
enum edge_kind { EDGE_FOREIGN_KEY, EDGE_DECLARED, EDGE_POLYMORPHIC };

struct edge {
    uint32_t index;
    enum edge_kind kind;
    const char *name;       /* "public.orders(customer_id) -> public.customers(id)" */
    const char *constraint; /* or NULL */
    const struct table *child, *parent;
    size_t column_count;
    const struct column **child_columns, **parent_columns;
    const char **equals;   /* qualified operator for each pair: "OPERATOR(pg_catalog.=)" */
    const char *when;      /* SQL on the child, or NULL */
    const char *json_path; /* the reference is inside the one child column, or NULL */
    bool is_array;         /* each element of the one child column refers */
    bool is_match_full, is_not_valid, is_not_enforced, is_deferrable;
    bool is_period;   /* the last pair are ranges: rows refer to all parents that overlap (&&) */
    bool is_nullable; /* some child column may be NULL (all: see is_all_nullable) */
    bool is_all_nullable;
    bool child_is_indexed; /* an index starts with the child columns */
    bool parent_is_indexed;
    bool is_bytes_equal; /* equal means equal bytes: may be matched inside the program */
    /* As pg_constraint.confdeltype; ' ' where declared, '?' where the server hides it. */
    char on_delete;
};

/* Objects that are not created on the target, with the reason, for `skipped`. */
struct skipped {
    const char *object; /* "subscription s1" */
    const char *why;
    bool is_hidden; /* for want of a right: whether there are any is not known */
};

struct catalog {
    struct arena *arena; /* owned; freed by catalog_free */
    enum engine engine;
    size_t table_count;
    struct table **tables; /* sorted by schema, name */
    size_t edge_count;
    struct edge **edges; /* foreign keys only; sorted by child, constraint name */
    size_t type_count;
    struct type **types;
    size_t skipped_count;
    struct skipped *skipped;
    const char *default_schema;            /* "public" */
    const char *search_path;               /* the role's default one, as the server had it */
    const char *encoding;                  /* "UTF8" */
    const char *database, *server_version; /* "shop", "15.18" */
    int version_number;                    /* 150018 */
    const char *identity;       /* system identifier and database number: "7300…/16384" */
    struct map *tables_by_name; /* "schema\0table" -> index */
};

void catalog_free(struct catalog *catalog);
/* Sorts, numbers, fills tables_by_name, labels, edge names, is_nullable, *_is_indexed. Called by a
 * driver when it has filled everything else. */
bool catalog_finish(struct catalog *catalog, struct error *err);

/* NULL when absent. schema NULL: the default schema first, else the only table of that name in
 * any schema (*is_ambiguous when there are several). */
const struct table *catalog_find_table(const struct catalog *catalog, const char *schema,
                                       const char *name, bool *is_ambiguous);
const struct column *table_find_column(const struct table *table, const char *name);
const struct type *catalog_find_type(const struct catalog *catalog, uint32_t oid);
/* key_schema, else schema. */
const char *table_key_schema(const struct table *table);

/* The identity of a table's rows: the primary key, else the unique constraint with fewest columns
 * that are all NOT NULL, not partial, deferrable or over an expression (ties: by column numbers).
 * NULL: the whole row is its identity. */
const struct key *table_identity(const struct table *table);
/* True when column alone is covered by a unique key that allows no partial or expression. */
bool column_is_unique(const struct column *column);
/* True when column is part of any unique key or exclusion constraint. */
bool column_is_in_key(const struct column *column);
/* False where only the server can say which parent rows a reference means: collations under which
 * unequal bytes are equal, and PERIOD. */
bool edge_is_exact(const struct edge *edge);
/* True where references that dangle are counted: by their bytes, or by asking the server of each
 * for which these find no parent. */
bool edge_is_countable(const struct edge *edge);

AUTO_DEFINE(catalog, struct catalog, catalog_free)

#endif
