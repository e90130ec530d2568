/* Unique keys, and indexes that serve lookups. */
#include "db/my_catalog.h"
#include <stdlib.h>
#include <strings.h>

enum {
    PART_TABLE,
    PART_INDEX,
    PART_COLUMN,
    PART_LENGTH,
    PART_NOT_UNIQUE,
    PART_METHOD,
    PART_CARDINALITY,
    PART_HIDDEN
};

static const char parts_sql_head[] =
    "SELECT table_name, index_name, column_name, sub_part, non_unique, index_type,";
static const char parts_sql_mysql[] =
    " NULL, is_visible = 'NO' FROM information_schema.statistics WHERE table_schema = ";
static const char parts_sql_mariadb[] =
    " cardinality, ignored = 'YES' FROM information_schema.statistics WHERE table_schema = ";

/* One index: its parts come one behind the other. */
struct index_parts {
    struct table *table;
    struct my_result *result;
    size_t from, to; /* rows */
};

static bool is_same_index(struct my_result *result, size_t a, size_t b)
{
    return strcmp(my_text(result, a, PART_INDEX), my_text(result, b, PART_INDEX)) == 0 &&
           strcmp(my_text(result, a, PART_TABLE), my_text(result, b, PART_TABLE)) == 0;
}

/* NULL for an expression. */
static struct column *part_column(const struct index_parts *parts, size_t row)
{
    const char *name = my_text(parts->result, row, PART_COLUMN);

    return name ? my_find_column(parts->table, name) : NULL;
}

/* The end of a version is part of each key of a system-versioned table, whether its author wrote it
 * or not, and the same in all rows of today. */
static bool is_period(const struct my_reading *reading, const struct column *column)
{
    return my_pair_find(reading->periods, column->table->name, column->name) != NULL;
}

static bool key_add(struct my_reading *reading, const struct index_parts *parts, struct error *err)
{
    struct table *table = parts->table;
    struct key *key = ARENA_NEW(reading->arena, struct key);
    struct key **keys =
        my_reading_grow(reading, table->keys, table->key_count, sizeof(struct key *));
    bool ok = key && keys;

    assert(table && parts->from < parts->to);
    if (!ok)
        return error_memory(err);
    key->columns = ARENA_ARRAY(reading->arena, parts->to - parts->from, const struct column *);
    key->name = my_reading_text(reading, parts->result, parts->from, PART_INDEX, &ok);
    if (!ok || !key->columns)
        return error_memory(err);
    key->is_primary = strcmp(key->name, "PRIMARY") == 0;
    key->is_constraint = true;
    for (size_t row = parts->from; row < parts->to; row++) {
        const struct column *column = part_column(parts, row);

        if (!column || column->is_virtual) /* no value that is read */
            key->is_expression = true;
        if (my_text(parts->result, row, PART_LENGTH)) /* a prefix of it */
            key->is_partial = true;
        if (column && !is_period(reading, column))
            key->columns[key->column_count++] = column;
    }
    table->keys = keys;
    table->keys[table->key_count++] = key;
    if (key->is_primary && !key->is_expression && !key->is_partial)
        table->primary = key;
    return true;
}

/* A hash serves equality of all its columns, and only in memory: InnoDB calls HASH what checks the
 * uniqueness of long texts. */
static bool serves_equality(const struct index_parts *parts)
{
    const char *method = my_text(parts->result, parts->from, PART_METHOD);
    const char *storage = parts->table->storage ? parts->table->storage : "";

    if (my_true(parts->result, parts->from, PART_HIDDEN))
        return false;
    return strcmp(method, "BTREE") == 0 ||
           (strcmp(method, "HASH") == 0 && parts->to - parts->from == 1 &&
            strcasecmp(storage, "MEMORY") == 0);
}

/* A prefix is looked up as well, and the rest compared. */
static bool index_add(struct my_reading *reading, const struct index_parts *parts,
                      struct error *err)
{
    struct table *table = parts->table;
    struct index index = {.is_partial = false};
    bool ok = true;

    assert(parts->from < parts->to);
    if (!serves_equality(parts))
        return true;
    struct index *indexes =
        my_reading_grow(reading, table->indexes, table->index_count, sizeof(*indexes));
    index.columns = ARENA_ARRAY(reading->arena, parts->to - parts->from, const struct column *);
    index.name = my_reading_text(reading, parts->result, parts->from, PART_INDEX, &ok);
    if (!indexes || !index.columns || !ok)
        return error_memory(err);
    for (size_t row = parts->from; row < parts->to; row++) {
        const struct column *column = part_column(parts, row);

        if (!column)
            break;
        index.columns[index.column_count++] = column;
    }
    table->indexes = indexes;
    if (index.column_count > 0)
        table->indexes[table->index_count++] = index;
    return true;
}

/* How many values the first column of an index has, as the server estimates it. MySQL would have to
 * open every table for that. */
static void distinct_estimate(const struct index_parts *parts)
{
    const char *count = my_text(parts->result, parts->from, PART_CARDINALITY);
    struct column *column = part_column(parts, parts->from);

    if (count && column)
        column->distinct_estimate = strtod(count, NULL);
}

static bool parts_take(struct my_reading *reading, const struct index_parts *parts,
                       struct error *err)
{
    const bool is_unique = !my_true(parts->result, parts->from, PART_NOT_UNIQUE);

    distinct_estimate(parts);
    return (!is_unique || key_add(reading, parts, err)) && index_add(reading, parts, err);
}

/* Two columns at the end of a key that may be a period. */
static bool may_be_period(const struct key *key)
{
    if (key->is_primary || key->is_expression || key->column_count < 3)
        return false;
    const struct column *last = key->columns[key->column_count - 1];
    const struct column *before = key->columns[key->column_count - 2];
    const enum kind kind = last->type->kind;

    return (kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT) &&
           before->type->kind == kind && last->is_not_null && before->is_not_null;
}

/* The line of a key in SHOW CREATE TABLE is the only place that says it before MariaDB 11.4. */
static bool says_no_overlaps(const char *definition, const char *name)
{
    struct buf head;
    bool is_said = false;

    buf_init(&head, 4096);
    buf_add_text(&head, "UNIQUE KEY ");
    my_quote_name(&head, name);
    buf_add_text(&head, " (");
    const char *line = strstr(definition, buf_text(&head));
    const char *end = line ? strstr(line, "WITHOUT OVERLAPS)") : NULL;
    const char *next = line ? strstr(line, "\n  ") : NULL;
    is_said = buf_ok(&head) && end && (!next || end < next);
    buf_release(&head);
    return is_said;
}

static bool overlaps_fill(struct my_reading *reading, struct key *key, const char *definition,
                          struct error *err)
{
    if (!may_be_period(key) || !says_no_overlaps(definition, key->name))
        return true;
    assert(key->column_count > 2 && !key->is_equal);
    bool *is_equal = ARENA_ARRAY(reading->arena, key->column_count, bool);
    if (!is_equal)
        return error_memory(err);
    for (size_t i = 0; i + 2 < key->column_count; i++)
        is_equal[i] = true;
    key->is_equal = is_equal;
    key->is_exclusion = true;
    return true;
}

/* UNIQUE (id, period WITHOUT OVERLAPS) stands in the catalog as a key of three columns. */
static bool overlaps_read(struct my_reading *reading, struct table *table, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf sql;
    bool is_candidate = false;

    for (size_t i = 0; i < table->key_count; i++)
        is_candidate = is_candidate || may_be_period(table->keys[i]);
    if (!is_candidate)
        return true;
    buf_init(&sql, 4096);
    buf_add_text(&sql, "SHOW CREATE TABLE ");
    my_quote_table(&sql, table->schema, table->name);
    bool is_read =
        buf_ok(&sql) ? my_query(reading->db, buf_text(&sql), &result, err) : error_memory(err);
    buf_release(&sql);
    for (size_t i = 0; is_read && i < table->key_count; i++)
        is_read = overlaps_fill(reading, table->keys[i], my_text(&result, 0, 1), err);
    my_result_release(&result);
    return is_read || error_context(err, "table '%s'", table->name);
}

bool my_read_keys(struct my_reading *reading, struct error *err)
{
    const bool is_mariadb = my_is_mariadb(reading->db);
    struct my_result result = {.rows = NULL};
    struct buf sql;

    buf_init(&sql, 4096);
    buf_add_text(&sql, parts_sql_head);
    buf_add_text(&sql, is_mariadb ? parts_sql_mariadb : parts_sql_mysql);
    bool is_read = buf_ok(&sql) ? my_reading_query(reading, buf_text(&sql),
                                                   " ORDER BY table_name, index_name, seq_in_index",
                                                   "indexes", &result, err)
                                : error_memory(err);
    buf_release(&sql);
    for (size_t from = 0, to; is_read && from < result.count; from = to) {
        struct index_parts parts = {
            .table = my_reading_table(reading, NULL, my_text(&result, from, PART_TABLE)),
            .result = &result,
            .from = from};

        for (to = from + 1; to < result.count && is_same_index(&result, from, to);)
            to++;
        parts.to = to;
        if (parts.table)
            is_read = parts_take(reading, &parts, err);
    }
    my_result_release(&result);
    for (size_t i = 0; is_read && is_mariadb && i < reading->catalog->table_count; i++)
        is_read = overlaps_read(reading, reading->catalog->tables[i], err);
    return is_read;
}
