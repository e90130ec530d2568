/* How a mapping of the profile becomes a struct: a table with a row for each key it may hold.
 * Whatever has no row is refused with the nearest word that has one. */
#ifndef UNDERSTUDY_CONFIG_PROFILE_FIELDS_H
#define UNDERSTUDY_CONFIG_PROFILE_FIELDS_H

#include "config/profile.h"

/* What reading one file needs to know. */
struct profile_reading {
    struct arena *arena;
    struct profile *profile;
    const char *folder; /* of the file, with its last '/', or "" */
    enum engine engine; /* that reads the file's SQL */
};

enum field_kind {
    FIELD_LATER,     /* nothing: a later version reads it */
    FIELD_TEXT,      /* const char * */
    FIELD_CONDITION, /* const char *: SQL, checked once more */
    FIELD_ORDERING,  /* const char *: SQL, checked once more */
    FIELD_COUNT,     /* int64_t, at least .low */
    FIELD_FRACTION,  /* double, above 0, at most 1 */
    FIELD_TABLE,     /* struct table_name */
    FIELD_COLUMN,    /* const char *: one column's name */
    FIELD_PATH,      /* struct column_path */
    FIELD_TAKE,      /* struct take */
    FIELD_TEXTS,     /* struct profile_text_list */
    FIELD_TABLES,    /* struct profile_name_list */
    FIELD_ARGV,      /* const char **, ended by NULL */
    FIELD_WORD,      /* an enum whose constants count from 0 as .words does */
    FIELD_FLAG,      /* bool, true when the word is the first of .words */
    FIELD_OWN        /* .read does it; `into` is the struct itself */
};

struct profile_field {
    const char *key;
    enum field_kind kind;
    size_t offset;
    bool is_required;
    int64_t low;
    const char *const *words; /* ended by NULL */
    bool (*read)(const struct profile_reading *reading, const struct yaml_node *node, void *into,
                 struct error *err);
};

struct profile_fields {
    const struct profile_field *rows;
    size_t count;
};

#define FIELDS(rows) ((struct profile_fields){(rows), COUNT_OF(rows)})

/* A mapping with these fields, read in the order of the table. */
bool profile_fields_read(const struct profile_reading *reading, const struct yaml_node *node,
                         struct profile_fields fields, void *into, struct error *err);

/* A list that grows in the arena; items begin with `const struct yaml_node *node`. */
struct profile_items {
    void *items;
    size_t count;
};
/* A sequence of such mappings, `size` bytes an item. */
bool profile_items_read(const struct profile_reading *reading, const struct yaml_node *node,
                        struct profile_fields fields, size_t size, struct profile_items *items,
                        struct error *err);

/* Single values, for what no table fits. */
bool profile_read_table(const struct profile_reading *reading, const struct yaml_node *node,
                        struct table_name *name, struct error *err);
bool profile_read_column(const struct profile_reading *reading, const struct yaml_node *node,
                         const char **name, struct error *err);
bool profile_read_path(const struct profile_reading *reading, const struct yaml_node *node,
                       struct column_path *path, struct error *err);
bool profile_read_fraction(const struct yaml_node *node, double *fraction, struct error *err);
bool profile_read_take(const struct yaml_node *node, struct take *take, struct error *err);
/* No name twice. */
bool profile_read_texts(const struct profile_reading *reading, const struct yaml_node *node,
                        struct profile_text_list *list, struct error *err);
bool profile_read_tables(const struct profile_reading *reading, const struct yaml_node *node,
                         struct profile_name_list *list, struct error *err);
/* A mapping of text to text. */
bool profile_read_pairs(const struct profile_reading *reading, const struct yaml_node *node,
                        struct profile_items *pairs, struct error *err);
/* The index of the node's text in `words`; an error names the nearest. */
bool profile_read_word(const struct yaml_node *node, const char *const *words, unsigned *index,
                       struct error *err);

bool profile_error_later(const struct yaml_node *node, const char *what, struct error *err);
/* The one spelling of a table's name: parts quoted where they must be. NULL: out of memory. */
const char *profile_table_text(struct arena *arena, const struct table_name *name);

#endif
