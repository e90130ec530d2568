/* Unique keys, exclusion constraints, indexes that serve lookups, and checks. */
#include "db/pg_catalog.h"
#include <stdlib.h>

enum {
    INDEX_TABLE,
    INDEX_NAME,
    INDEX_COLUMNS,
    INDEX_UNIQUE,
    INDEX_PRIMARY,
    INDEX_PARTIAL,
    INDEX_CONSTRAINT,
    INDEX_DEFERRABLE,
    INDEX_EXCLUSION,
    INDEX_METHOD,
    INDEX_NULLS_NOT_DISTINCT,
    INDEX_EQUAL,
    INDEX_COUNT
};

static const char indexes_sql_head[] =
    "SELECT k.indrelid, COALESCE(o.conname, i.relname),"
    " (SELECT string_agg(k.indkey[x]::text, ' ' ORDER BY x)"
    "  FROM generate_series(0, k.indnkeyatts - 1) x),"
    " k.indisunique, k.indisprimary, k.indpred IS NOT NULL, o.conname,"
    " NOT k.indimmediate OR COALESCE(o.condeferrable, false),";
/* Of each column of an exclusion constraint: is its operator some btree's equality? */
static const char indexes_sql_tail[] =
    " (SELECT string_agg(CASE WHEN EXISTS (SELECT FROM pg_amop a WHERE a.amopopr = x.operator"
    "  AND a.amopmethod = 403 AND a.amopstrategy = 3) THEN 't' ELSE 'f' END, '' ORDER BY x.place)"
    "  FROM unnest(o.conexclop) WITH ORDINALITY x(operator, place)),"
    " pg_catalog.count(*) OVER (PARTITION BY k.indrelid)"
    " FROM pg_index k JOIN pg_class i ON i.oid = k.indexrelid JOIN pg_am m ON m.oid = i.relam"
    " JOIN pg_class c ON c.oid = k.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_constraint o ON o.conindid = k.indexrelid AND o.conrelid = k.indrelid"
    "  AND o.contype IN ('p', 'u', 'x')"
    " WHERE k.indisvalid AND k.indislive AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    " AND " USER_RELATION " ORDER BY k.indrelid, 2";

/* Column numbers of an index in order; 0 stands for an expression. Returns how many. */
static size_t numbers_parse(const char *text, int *numbers, size_t capacity)
{
    size_t count = 0;

    while (text && *text && count < capacity) {
        char *end;

        numbers[count++] = (int)strtol(text, &end, 10);
        assert(end > text);
        text = *end == ' ' ? end + 1 : end;
    }
    return count;
}

#define INDEX_COLUMNS_MAX 64 /* INDEX_MAX_KEYS is 32, at most a few more in custom builds */

static const struct column *column_by_number(const struct table *table, int number)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i]->number == number)
            return table->columns[i];
    }
    return NULL;
}

/* The plain columns of a list; *is_plain says whether there was nothing else. */
static const struct column **columns_pick(struct reading *reading, const struct table *table,
                                          const char *text, size_t *count, bool *is_plain)
{
    int numbers[INDEX_COLUMNS_MAX];
    size_t listed = numbers_parse(text, numbers, INDEX_COLUMNS_MAX);
    const struct column **columns = ARENA_ARRAY(reading->arena, listed + 1, const struct column *);

    *count = 0;
    *is_plain = true;
    for (size_t i = 0; columns && i < listed; i++) {
        const struct column *column = column_by_number(table, numbers[i]);

        if (column)
            columns[(*count)++] = column;
        else
            *is_plain = false;
    }
    return columns;
}

/* What the operators of an exclusion constraint are; NULL where it is none, or not of columns. */
static bool equality_read(struct reading *reading, struct key *key, const char *equal)
{
    if (!equal || strlen(equal) != key->column_count)
        return true;
    bool *is_equal = ARENA_ARRAY(reading->arena, key->column_count, bool);
    for (size_t i = 0; is_equal && i < key->column_count; i++)
        is_equal[i] = equal[i] == 't';
    key->is_equal = is_equal;
    return is_equal != NULL;
}

static bool key_add(struct reading *reading, struct table *table, const PGresult *result, int row,
                    struct error *err)
{
    struct key *key = ARENA_NEW(reading->arena, struct key);
    bool is_plain;
    bool ok = true;

    if (!table->keys)
        table->keys = ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, INDEX_COUNT),
                                  struct key *);
    if (!key || !table->keys)
        return error_memory(err);
    key->name = reading_text(reading, result, row, INDEX_NAME, &ok);
    key->columns = columns_pick(reading, table, pg_cell(result, row, INDEX_COLUMNS),
                                &key->column_count, &is_plain);
    if (!ok || !key->columns ||
        !equality_read(reading, key, is_plain ? pg_cell(result, row, INDEX_EQUAL) : NULL))
        return error_memory(err);
    key->is_primary = pg_cell_bool(result, row, INDEX_PRIMARY);
    key->is_constraint = pg_cell(result, row, INDEX_CONSTRAINT) != NULL;
    key->is_deferrable = pg_cell_bool(result, row, INDEX_DEFERRABLE);
    key->is_partial = pg_cell_bool(result, row, INDEX_PARTIAL);
    key->is_expression = !is_plain;
    key->is_exclusion = pg_cell_bool(result, row, INDEX_EXCLUSION);
    key->is_nulls_not_distinct = pg_cell_bool(result, row, INDEX_NULLS_NOT_DISTINCT);
    table->keys[table->key_count++] = key;
    if (key->is_primary)
        table->primary = key;
    return true;
}

/* Leading plain columns of a btree or hash index: what equality lookups are served. */
static bool index_add(struct reading *reading, struct table *table, const PGresult *result, int row,
                      struct error *err)
{
    const char *method = pg_cell(result, row, INDEX_METHOD);
    int numbers[INDEX_COLUMNS_MAX];
    size_t listed = numbers_parse(pg_cell(result, row, INDEX_COLUMNS), numbers, INDEX_COLUMNS_MAX);

    if (strcmp(method, "btree") != 0 && strcmp(method, "hash") != 0)
        return true;
    if (!table->indexes)
        table->indexes = ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, INDEX_COUNT),
                                     struct index);
    const struct column **columns = ARENA_ARRAY(reading->arena, listed + 1, const struct column *);
    if (!table->indexes || !columns)
        return error_memory(err);

    struct index index = {.columns = columns,
                          .is_partial = pg_cell_bool(result, row, INDEX_PARTIAL)};
    for (size_t i = 0; i < listed; i++) {
        const struct column *column = column_by_number(table, numbers[i]);

        if (!column)
            break;
        columns[index.column_count++] = column;
    }
    if (index.column_count > 0)
        table->indexes[table->index_count++] = index;
    return true;
}

static bool indexes_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, indexes_sql_head);
    buf_add_text(&sql, reading->version >= 180000
                           ? " k.indisexclusion OR COALESCE(o.conperiod, false), m.amname,"
                           : " k.indisexclusion, m.amname,");
    buf_add_text(&sql, reading->version >= 150000 ? " k.indnullsnotdistinct," : " false,");
    buf_add_text(&sql, indexes_sql_tail);
    bool ok = buf_ok(&sql) ? reading_query(reading, buf_text(&sql), "indexes", &result, err)
                           : error_memory(err);
    buf_release(&sql);
    for (int row = 0; ok && row < PQntuples(result); row++) {
        struct table *table = reading_table(reading, pg_cell_u32(result, row, INDEX_TABLE));
        bool is_key =
            pg_cell_bool(result, row, INDEX_UNIQUE) || pg_cell_bool(result, row, INDEX_EXCLUSION);

        if (table)
            ok = (!is_key || key_add(reading, table, result, row, err)) &&
                 index_add(reading, table, result, row, err);
    }
    return ok;
}

static bool check_add(struct reading *reading, struct table *table, const PGresult *result, int row,
                      struct error *err)
{
    bool is_plain;
    bool ok = true;

    if (!table->checks)
        table->checks =
            ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, 6), struct check);
    if (!table->checks)
        return error_memory(err);
    struct check *check = &table->checks[table->check_count];
    check->name = reading_text(reading, result, row, 1, &ok);
    check->expression = reading_text(reading, result, row, 2, &ok);
    check->is_inherited = pg_cell_bool(result, row, 3);
    check->is_not_valid = pg_cell_bool(result, row, 4);
    check->columns =
        columns_pick(reading, table, pg_cell(result, row, 5), &check->column_count, &is_plain);
    if (!ok || !check->columns)
        return error_memory(err);
    table->check_count++;
    return true;
}

static bool checks_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!reading_query(reading,
                       "SELECT o.conrelid, o.conname, pg_get_expr(o.conbin, o.conrelid),"
                       " o.coninhcount > 0, NOT o.convalidated,"
                       " array_to_string(o.conkey, ' '),"
                       " pg_catalog.count(*) OVER (PARTITION BY o.conrelid)"
                       " FROM pg_constraint o WHERE o.contype = 'c' AND o.conrelid <> 0"
                       " ORDER BY o.conrelid, o.conname",
                       "checks", &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        uint32_t oid = pg_cell_u32(result, row, 0);
        struct table *table = reading_table(reading, oid);

        /* a partition's own checks narrow the partition, not the table */
        if (table && table->oid == oid && !check_add(reading, table, result, row, err))
            return false;
    }
    return true;
}

bool pg_read_keys(struct reading *reading, struct error *err)
{
    return indexes_read(reading, err) && checks_read(reading, err);
}
