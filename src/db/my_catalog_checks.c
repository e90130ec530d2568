/* CHECK constraints, and the columns that one of them makes JSON. */
#include "db/my_catalog.h"
#include <strings.h>

enum { CHECK_TABLE, CHECK_NAME, CHECK_CLAUSE, CHECK_ENFORCED };

static const char mariadb_sql[] =
    "SELECT table_name, constraint_name, check_clause, 'YES'"
    " FROM information_schema.check_constraints WHERE constraint_schema = ";
static const char mysql_sql[] = "SELECT NULL, constraint_name, check_clause"
                                " FROM information_schema.check_constraints"
                                " WHERE constraint_schema = ";
static const char mysql_tables_sql[] =
    "SELECT constraint_name, table_name, enforced FROM information_schema.table_constraints"
    " WHERE constraint_schema = ";

/* The column of json_valid(`column`), copied into `name`; false: another clause. */
static bool json_column(const char *clause, char *name, size_t capacity)
{
    static const char call[] = "json_valid(`";
    size_t len = 0;
    const char *at = clause + sizeof(call) - 1;

    if (strncasecmp(clause, call, sizeof(call) - 1) != 0)
        return false;
    for (; *at && (*at != '`' || at[1] == '`'); at++) {
        at += *at == '`';
        if (len + 1 >= capacity)
            return false;
        name[len++] = *at;
    }
    name[len] = '\0';
    return strcmp(at, "`)") == 0;
}

bool my_read_json(struct my_reading *reading, struct error *err)
{
    char name[1024];

    if (!my_is_mariadb(reading->db))
        return true;
    if (!my_reading_query(reading, mariadb_sql, "", "checks", &reading->checks, err))
        return false;
    for (size_t row = 0; row < reading->checks.count; row++) {
        if (json_column(my_text(&reading->checks, row, CHECK_CLAUSE), name, sizeof(name)) &&
            !my_pair_put(reading->json, my_text(&reading->checks, row, CHECK_TABLE), name, 1))
            return error_memory(err);
    }
    return true;
}

struct check_row {
    struct table *table;
    const char *name, *clause;
    bool is_enforced;
};

static bool check_add(struct my_reading *reading, const struct check_row *row, struct error *err)
{
    struct table *table = row->table;
    const bool is_escaped = !my_is_mariadb(reading->db);
    struct check *checks =
        my_reading_grow(reading, table->checks, table->check_count, sizeof(*checks));
    struct check check = {.name = arena_strdup(reading->arena, row->name),
                          .is_not_valid = !row->is_enforced};

    assert(table && row->clause);
    if (!checks || !check.name)
        return error_memory(err);
    if (!my_check_fill(table, row->clause, is_escaped, reading->arena, &check, err))
        return false;
    table->checks = checks;
    table->checks[table->check_count++] = check;
    return true;
}

/* What makes a column JSON is told by its type. */
static bool is_json_check(const struct my_reading *reading, const struct check_row *row)
{
    char name[1024];

    return json_column(row->clause, name, sizeof(name)) &&
           my_pair_find(reading->json, row->table->name, name);
}

static bool mariadb_read(struct my_reading *reading, struct error *err)
{
    for (size_t i = 0; i < reading->checks.count; i++) {
        struct check_row row = {
            .table = my_reading_table(reading, NULL, my_text(&reading->checks, i, CHECK_TABLE)),
            .name = my_text(&reading->checks, i, CHECK_NAME),
            .clause = my_text(&reading->checks, i, CHECK_CLAUSE),
            .is_enforced = true};

        if (row.table && !is_json_check(reading, &row) && !check_add(reading, &row, err))
            return false;
    }
    return true;
}

/* MySQL's names of checks are unique in a schema, and another view says which table has them. */
static bool mysql_add(struct my_reading *reading, struct my_result *clauses,
                      struct my_result *tables, struct map *rows, struct error *err)
{
    bool is_new;

    for (size_t i = 0; i < tables->count; i++) {
        if (!map_put(rows, my_cell(tables, i, 0), i, &is_new))
            return error_memory(err);
    }
    for (size_t i = 0; i < clauses->count; i++) {
        const uint64_t *found = map_find(rows, my_cell(clauses, i, CHECK_NAME));

        if (!found)
            continue;
        struct check_row row = {.table =
                                    my_reading_table(reading, NULL, my_text(tables, *found, 1)),
                                .name = my_text(clauses, i, CHECK_NAME),
                                .clause = my_text(clauses, i, CHECK_CLAUSE),
                                .is_enforced = my_true(tables, *found, 2)};
        if (row.table && !check_add(reading, &row, err))
            return false;
    }
    return true;
}

static bool mysql_read(struct my_reading *reading, struct error *err)
{
    AUTO(map) struct map *rows = map_new();
    struct my_result clauses = {.rows = NULL}, tables = {.rows = NULL};

    if (!rows)
        return error_memory(err);
    bool is_read = my_reading_query(reading, mysql_sql, " ORDER BY constraint_name", "checks",
                                    &clauses, err) &&
                   my_reading_query(reading, mysql_tables_sql, " AND constraint_type = 'CHECK'",
                                    "checks", &tables, err) &&
                   mysql_add(reading, &clauses, &tables, rows, err);
    my_result_release(&clauses);
    my_result_release(&tables);
    return is_read;
}

bool my_read_checks(struct my_reading *reading, struct error *err)
{
    return my_is_mariadb(reading->db) ? mariadb_read(reading, err) : mysql_read(reading, err);
}
