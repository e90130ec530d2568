/* What MySQL and MariaDB answer themselves: constraints, keys, AUTO_INCREMENT, counts. The
 * connection's own schema is the new one. */
#include "base/words.h"
#include "db/sql.h"
#include "verify/my_verify.h"

#include <stdlib.h>

#define LIST_BYTES_MAX ((size_t)8 << 20) /* half of the least max_allowed_packet by default */

/* "table\0name" -> 1. */
static bool names_read(struct verify_run *run, const char *sql, struct map *found,
                       struct error *err)
{
    AUTO(my_result) struct my_result rows = {0};
    struct buf key;
    bool is_ok = my_query(run->config->target, sql, &rows, err), is_new;

    buf_init(&key, 65536);
    for (size_t i = 0; is_ok && i < rows.count; i++) {
        const char *table = my_text(&rows, i, 0);

        buf_reset(&key);
        buf_add(&key, table, strlen(table) + 1);
        buf_add_text(&key, my_text(&rows, i, 1));
        is_ok = (buf_ok(&key) && map_put(found, buf_span(&key), 1, &is_new)) || error_memory(err);
    }
    buf_release(&key);
    return is_ok;
}

static bool has_name(const struct map *found, const char *table, const char *name)
{
    struct buf key;

    buf_init(&key, 65536);
    buf_add(&key, table, strlen(table) + 1);
    buf_add_text(&key, name);
    const bool is_found = buf_ok(&key) && map_find(found, buf_span(&key));
    buf_release(&key);
    return is_found;
}

/* Checks were off while the rows were loaded and the constraints added: that they hold is counted
 * by the check `edges`, against the ledger. */
static bool foreign_keys_check(struct verify_run *run, struct check_result *result,
                               struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    AUTO(map) struct map *found = map_new();
    size_t held = 0, violated = 0;

    if (!found)
        return error_memory(err);
    if (!names_read(run,
                    "SELECT TABLE_NAME, CONSTRAINT_NAME FROM "
                    "information_schema.REFERENTIAL_CONSTRAINTS "
                    "WHERE CONSTRAINT_SCHEMA = DATABASE()",
                    found, err))
        return false;
    for (size_t i = 0; i < binding->graph->all.count; i++) {
        const struct edge *edge = binding->graph->all.edges[i];

        if (edge->kind != EDGE_FOREIGN_KEY || !verify_is_in_target(binding, edge))
            continue;
        if (!has_name(found, edge->child->name, edge->constraint))
            return verify_say(run, result, false, "the foreign key %s is missing", edge->name);
        assert(edge_is_countable(edge));
        held += !run->config->is_violated[i];
        violated += run->config->is_violated[i];
    }
    return verify_say(run, result, true,
                      "%zu foreign keys hold, %zu are made unchecked as production violates them",
                      held, violated);
}

static bool is_in_target(const struct bound_table *table)
{
    return table->role != ROLE_EXCLUDED && table->table->class != TABLE_FOREIGN &&
           !table->table->is_outside;
}

/* The server builds unique keys over the loaded rows itself, under the column's collation. */
static bool unique_keys_check(struct verify_run *run, struct check_result *result,
                              struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    AUTO(map) struct map *found = map_new();
    size_t count = 0;

    if (!found)
        return error_memory(err);
    if (!names_read(run,
                    "SELECT DISTINCT TABLE_NAME, INDEX_NAME FROM information_schema.STATISTICS "
                    "WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0",
                    found, err))
        return false;
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct table *table = binding->catalog->tables[i];

        for (size_t k = 0; is_in_target(&binding->tables[i]) && k < table->key_count; k++) {
            if (!has_name(found, table->name, table->keys[k]->name))
                return verify_say(run, result, false, "the unique key %s of %s is missing",
                                  words_printable(run->arena, table->keys[k]->name), table->label);
            count++;
        }
    }
    return verify_say(run, result, true, "%zu unique keys stand on the loaded rows", count);
}

/* As the source's table is called. */
static const char *label_of(const struct verify_run *run, const char *name)
{
    const struct catalog *catalog = run->config->selection->binding->catalog;
    const struct table *table =
        catalog_find_table(catalog, catalog->default_schema, name, &(bool){false});

    return table ? table->label : words_printable(run->arena, name);
}

/* MariaDB's checks can be switched off by what the profile runs behind the load, so they are asked
 * again then, by the server's own words; MySQL's cannot. */
static bool clauses_count(struct verify_run *run, struct check_result *result, struct error *err)
{
    AUTO(my_result) struct my_result rows = {0};
    struct db *target = run->config->target;
    uint64_t count = 0;

    if (!my_query(target,
                  "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE FROM "
                  "information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()",
                  &rows, err))
        return false;
    for (size_t i = 0; i < rows.count && !result->detail; i++) {
        struct buf sql;

        buf_init(&sql, 1 << 22);
        buf_add_text(&sql, "SELECT COUNT(*) FROM ");
        my_quote_name(&sql, my_text(&rows, i, 0));
        buf_add_format(&sql, " WHERE NOT (%s\n)", my_text(&rows, i, 2));
        const bool is_ok = buf_ok(&sql)
                               ? my_read_numbers(target, buf_text(&sql), NULL, &count, 1, err)
                               : error_memory(err);
        buf_release(&sql);
        if (!is_ok)
            return false;
        if (count > 0)
            verify_say(run, result, false, "%llu rows violate the CHECK %s of %s",
                       (unsigned long long)count, words_printable(run->arena, my_text(&rows, i, 1)),
                       label_of(run, my_text(&rows, i, 0)));
    }
    return true;
}

static bool checks_read(struct verify_run *run, struct map *found, struct error *err)
{
    return names_read(run,
                      my_is_mariadb(run->config->target)
                          ? "SELECT TABLE_NAME, CONSTRAINT_NAME FROM "
                            "information_schema.CHECK_CONSTRAINTS "
                            "WHERE CONSTRAINT_SCHEMA = DATABASE()"
                          : "SELECT TABLE_NAME, CONSTRAINT_NAME FROM "
                            "information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE = 'CHECK' "
                            "AND CONSTRAINT_SCHEMA = DATABASE()",
                      found, err);
}

static bool check_constraints_check(struct verify_run *run, struct check_result *result,
                                    struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    AUTO(map) struct map *found = map_new();
    size_t count = 0;

    if (!found)
        return error_memory(err);
    if (!checks_read(run, found, err))
        return false;
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct table *table = binding->catalog->tables[i];

        for (size_t c = 0; is_in_target(&binding->tables[i]) && c < table->check_count; c++) {
            if (!has_name(found, table->name, table->checks[c].name))
                return verify_say(run, result, false, "the CHECK %s of %s is missing",
                                  words_printable(run->arena, table->checks[c].name), table->label);
            count++;
        }
    }
    if (run->config->is_after_load && my_is_mariadb(run->config->target) &&
        (!clauses_count(run, result, err) || result->detail))
        return result->detail != NULL;
    return verify_say(run, result, true, "%zu CHECK constraints held while rows were loaded",
                      count);
}

/* The last number of an integer column; a column that holds it leaves AUTO_INCREMENT no room. */
static uint64_t greatest_of(const struct type *type)
{
    const unsigned bits = type->width * 8 - (type->is_unsigned ? 0 : 1);

    assert(type->kind == KIND_INTEGER && type->width >= 1 && type->width <= 8);
    return UINT64_MAX >> (64 - bits);
}

/* Found for a table that is empty, or full up to the type's end, as well. The name of the table
 * stands where the server sees that it need look at no other. */
static bool auto_increment_check(struct verify_run *run, const struct column *column,
                                 bool *is_beyond, struct error *err)
{
    struct buf sql;
    uint64_t count = 0;

    buf_init(&sql, 65536);
    buf_add_text(&sql, "SELECT COUNT(*) FROM (SELECT MAX(");
    my_quote_name(&sql, column->name);
    buf_add_text(&sql, ") AS high, (SELECT AUTO_INCREMENT FROM information_schema.TABLES "
                       "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ");
    my_quote_literal(&sql, span_of(column->table->name));
    buf_add_text(&sql, ") AS next");
    sql_add_from(sql_words(ENGINE_MYSQL), &sql, DB_TARGET, column->table);
    buf_add_format(&sql, ") AS v WHERE v.high IS NULL OR v.high < v.next OR v.high >= %llu",
                   (unsigned long long)greatest_of(column->type));
    const bool is_ok =
        buf_ok(&sql) ? my_read_numbers(run->config->target, buf_text(&sql), NULL, &count, 1, err)
                     : error_memory(err);
    buf_release(&sql);
    *is_beyond = count == 1;
    return is_ok;
}

static bool sequences_check(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    size_t counted = 0;

    /* MySQL tells what it knew a day ago, unless told not to. */
    if (!my_is_mariadb(run->config->target) &&
        !my_run(run->config->target, "SET SESSION information_schema_stats_expiry = 0", err))
        return false;
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct table *table = binding->catalog->tables[i];

        for (size_t c = 0; is_in_target(&binding->tables[i]) && c < table->column_count; c++) {
            const struct column *column = table->columns[c];
            bool is_beyond = false;

            if (!column->identity || column->type->kind != KIND_INTEGER)
                continue;
            if (!auto_increment_check(run, column, &is_beyond, err))
                return error_context(err, "AUTO_INCREMENT of '%s'", table->label);
            counted++;
            if (!is_beyond)
                return verify_say(run, result, false,
                                  "AUTO_INCREMENT of %s would give values that were written",
                                  table->label);
        }
    }
    return verify_say(run, result, true,
                      "%zu AUTO_INCREMENT stand beyond the values of their columns", counted);
}

bool my_read_numbers(struct db *target, const char *sql, const char *path, uint64_t *numbers,
                     size_t count, struct error *err)
{
    AUTO(my_result) struct my_result rows = {0};

    UNUSED(path);
    if (!my_query(target, sql, &rows, err))
        return false;
    assert(rows.count == 1 && rows.columns == count);
    for (unsigned i = 0; i < count; i++)
        numbers[i] = strtoull(my_text(&rows, 0, i), NULL, 10);
    return true;
}

/* Longer keys come as NULL, and are missed then. DISTINCT makes a table of it that is joined by a
 * hash; so does before_lists on MariaDB. */
static bool lists_add(struct buf *sql, size_t columns, const struct buf *rows)
{
    if (rows->len > LIST_BYTES_MAX)
        return false;
    buf_add_text(sql, "(SELECT DISTINCT * FROM JSON_TABLE(");
    my_quote_literal(sql, buf_span(rows));
    buf_add_text(sql, ", '$[*]' COLUMNS (");
    for (size_t i = 0; i < columns; i++)
        buf_add_format(sql,
                       "%sk%zu VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH "
                       "'$[%zu]'",
                       i ? ", " : "", i, i);
    buf_add_text(sql, ")) AS e)");
    return true;
}

const struct verify_engine verify_engine_my = {
    .foreign_keys = foreign_keys_check,
    .unique_keys = unique_keys_check,
    .check_constraints = check_constraints_check,
    .sequences = sequences_check,
    .read_texts = my_read_texts,
    .read_numbers = my_read_numbers,
    .add_lists = lists_add,
    .before_lists = "/*M!100600 SET STATEMENT join_cache_level=4 FOR */ ", /* joins by hash */
};
