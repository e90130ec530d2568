/* Columns of databases that nobody here made up (chinook, sakila for PostgreSQL) and of the shop,
 * typed in: what identifies people is marked with '*' behind its type, NOT NULL with '!'. */
#ifndef UNDERSTUDY_TESTS_DETECT_SCHEMAS_H
#define UNDERSTUDY_TESTS_DETECT_SCHEMAS_H

#include "support/catalog_builder.h"

struct schema_table {
    const char *name;
    double rows;
    const char *primary;
    const char *columns; /* "id int8!; email text*" */
};

struct schema_edge {
    const char *child, *columns, *parent, *parent_columns;
};

struct schema {
    const char *name;
    size_t table_count, edge_count;
    const struct schema_table *tables;
    const struct schema_edge *edges;
};

extern const struct schema schema_chinook, schema_sakila, schema_shop;

void schema_build(struct builder *builder, const struct schema *schema);
/* True when the column is marked. */
bool schema_identifies(const struct schema *schema, const struct column *column);

#endif
