/* A table's definition as SHOW CREATE TABLE prints it, taken apart: columns, keys, constraints,
 * options; and put together again in the two parts that a load needs, what must stand before the
 * rows and what is added behind them. What binds a table to its server (files, passwords, counters)
 * is left out. Pure text: no server. */
#ifndef UNDERSTUDY_STAGE_MY_DEFINE_H
#define UNDERSTUDY_STAGE_MY_DEFINE_H

#include "base/error.h"
#include "db/my_scan.h"

enum my_item_kind {
    MY_ITEM_COLUMN,
    MY_ITEM_PRIMARY,
    MY_ITEM_UNIQUE,
    MY_ITEM_INDEX,
    MY_ITEM_SPECIAL, /* FULLTEXT, SPATIAL, VECTOR */
    MY_ITEM_FOREIGN,
    MY_ITEM_CHECK,
    MY_ITEM_PERIOD
};

struct my_item {
    enum my_item_kind kind;
    struct span text;   /* as printed, without the comma */
    const char *name;   /* of column, index or constraint; NULL: it has none */
    const char *first;  /* keys: their first column, NULL for an expression */
    const char *schema; /* foreign keys: of the table they refer to, NULL: the same one */
    const char *parent; /* foreign keys: that table */
    bool is_automatic;  /* a column with AUTO_INCREMENT */
    bool has_sequence;  /* a column whose default is a sequence's next value (MariaDB) */
    bool is_late;       /* added behind the rows */
    bool is_dropped;    /* not written; the caller sets it */
};

struct my_definition {
    size_t count;
    struct my_item *items; /* in order */
    struct span options;   /* behind the list's parenthesis: ENGINE to PARTITION BY */
    const char *storage;   /* "InnoDB"; NULL: not said */
};

/* STATUS_LOCAL when the text is not what SHOW CREATE TABLE prints. Everything is in `arena` or
 * borrowed from `text`. Foreign keys and secondary keys become late, but for what an AUTO_INCREMENT
 * column needs. */
bool my_definition_parse(struct span text, struct arena *arena, struct my_definition *definition,
                         struct error *err);

/* CREATE TABLE of everything that is not late, with `schema` taken off as a qualifier. */
void my_definition_write(const struct my_definition *definition, const char *name,
                         const char *schema, struct buf *out);
/* ALTER TABLE that adds the late keys, or the foreign keys; nothing where there are none. */
void my_definition_write_late(const struct my_definition *definition, const char *name,
                              const char *schema, bool is_foreign, struct buf *out);

#endif
