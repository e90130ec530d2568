/* Columns: types with their modifiers, what fills them, and how partitions are told by them. */
#include "db/pg_catalog.h"
#include <stdlib.h>

#define MODIFIER_HEAD 4 /* length words count the header of a varlena */

static const char columns_sql_head[] =
    "SELECT a.attrelid, a.attnum, a.attname, a.atttypid, format_type(a.atttypid, a.atttypmod),"
    " a.atttypmod, a.attnotnull";
/* From 18 on NOT NULL may be NOT VALID, and then rows hold NULLs all the same. */
static const char columns_sql_valid[] =
    " AND NOT EXISTS (SELECT FROM pg_constraint v WHERE v.conrelid = a.attrelid"
    "  AND v.contype = 'n' AND NOT v.convalidated AND v.conkey = ARRAY[a.attnum])";
static const char columns_sql_tail[] =
    ", a.attidentity, a.attgenerated,"
    " CASE WHEN a.attgenerated = '' THEN pg_get_expr(f.adbin, f.adrelid) END,"
    " a.attinhcount > 0, COALESCE(NOT o.collisdeterministic, false), d.description,"
    " pg_catalog.count(*) OVER (PARTITION BY a.attrelid)"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum"
    " LEFT JOIN pg_collation o ON o.oid = a.attcollation"
    " LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid"
    "  AND d.objsubid = a.attnum"
    " WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND a.attnum > 0"
    " AND NOT a.attisdropped AND " USER_RELATION " ORDER BY a.attrelid, a.attnum";

enum {
    COLUMN_TABLE,
    COLUMN_NUMBER,
    COLUMN_NAME,
    COLUMN_TYPE,
    COLUMN_TYPE_TEXT,
    COLUMN_MODIFIER,
    COLUMN_NOT_NULL,
    COLUMN_IDENTITY,
    COLUMN_GENERATED,
    COLUMN_DEFAULT,
    COLUMN_INHERITED,
    COLUMN_NONDETERMINISTIC,
    COLUMN_COMMENT,
    COLUMN_COUNT_OF_TABLE
};

/* numeric(p,s) with a negative scale holds p digits before -s zeros: p - s digits, no fraction. */
static void numeric_describe(struct column *column, int32_t modifier)
{
    int32_t packed = modifier - MODIFIER_HEAD;
    int precision = (packed >> 16) & 0xffff;
    int scale = ((packed & 0x7ff) ^ 0x400) - 0x400;

    column->precision = (uint16_t)(scale < 0 ? precision - scale : precision);
    column->scale = (uint16_t)(scale < 0 ? 0 : scale);
}

/* Behind domains, arrays and ranges: limits are those of what a rule sees. */
static const struct type *limited_type(const struct type *type)
{
    while (type->element)
        type = type->element;
    return type;
}

static void modifier_describe(struct column *column, int32_t modifier)
{
    const struct type *type = limited_type(column->type);

    switch (type->kind) {
    case KIND_TEXT:
        if ((type->oid == 1042 || type->oid == 1043) && modifier > MODIFIER_HEAD)
            column->max_length = (uint32_t)(modifier - MODIFIER_HEAD);
        break;
    case KIND_DECIMAL:
        if (modifier >= MODIFIER_HEAD)
            numeric_describe(column, modifier);
        break;
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        column->precision = modifier >= 0 && modifier <= 6 ? (uint16_t)modifier : 6;
        break;
    default:
        break;
    }
}

/* The column's own, else that of the nearest domain that has one. */
static int32_t modifier_effective(const struct column *column)
{
    int32_t modifier = column->modifier;

    for (const struct type *type = column->type; modifier < 0 && type->element;
         type = type->element)
        modifier = type->class == TYPE_DOMAIN ? type->modifier : -1;
    return modifier;
}

void pg_describe_limits(struct column *column)
{
    assert(column->type);
    modifier_describe(column, modifier_effective(column));
}

static bool column_fill(struct reading *reading, const PGresult *result, int row,
                        struct column *column)
{
    const char *generated = pg_cell(result, row, COLUMN_GENERATED);
    bool ok = true;

    column->number = (uint16_t)pg_cell_u32(result, row, COLUMN_NUMBER);
    column->name = reading_text(reading, result, row, COLUMN_NAME, &ok);
    column->type = reading_type(reading, pg_cell_u32(result, row, COLUMN_TYPE));
    column->type_text = reading_text(reading, result, row, COLUMN_TYPE_TEXT, &ok);
    column->modifier = pg_cell_int(result, row, COLUMN_MODIFIER);
    column->is_not_null = pg_cell_bool(result, row, COLUMN_NOT_NULL);
    column->identity = pg_cell(result, row, COLUMN_IDENTITY)[0];
    column->is_generated = generated[0] != 0;
    column->is_virtual = generated[0] == 'v';
    column->default_text = reading_text(reading, result, row, COLUMN_DEFAULT, &ok);
    column->is_inherited = pg_cell_bool(result, row, COLUMN_INHERITED);
    column->is_nondeterministic = pg_cell_bool(result, row, COLUMN_NONDETERMINISTIC);
    column->comment = reading_text(reading, result, row, COLUMN_COMMENT, &ok);
    assert(column->type);
    pg_describe_limits(column);
    return ok;
}

static bool column_add(struct reading *reading, const PGresult *result, int row, struct error *err)
{
    struct table *table = reading_table(reading, pg_cell_u32(result, row, COLUMN_TABLE));
    struct column *column;

    if (!table)
        return true;
    if (!table->columns)
        table->columns =
            ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, COLUMN_COUNT_OF_TABLE),
                        struct column *);
    column = ARENA_NEW(reading->arena, struct column);
    if (!table->columns || !column || !column_fill(reading, result, row, column))
        return error_memory(err);
    column->table = table;
    column->index = (uint16_t)table->column_count;
    table->columns[table->column_count++] = column;
    return true;
}

static struct column *column_by_number(const struct table *table, int number)
{
    for (size_t i = 0; table && i < table->column_count; i++) {
        if (table->columns[i]->number == number)
            return table->columns[i];
    }
    return NULL;
}

/* Owned sequences first: a default that names another one wins. */
static bool sequences_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    bool ok = true;

    if (!reading_query(
            reading,
            "SELECT d.refobjid, d.refobjsubid, 1 AS step, quote_ident(n.nspname) || '.' ||"
            "  quote_ident(s.relname)"
            " FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace"
            " JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid"
            "  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0"
            "  AND d.deptype IN ('a', 'i') WHERE s.relkind = 'S'"
            " UNION ALL SELECT f.adrelid, f.adnum, 2, quote_ident(n.nspname) || '.' ||"
            "  quote_ident(s.relname)"
            " FROM pg_attrdef f JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass"
            "  AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass"
            " JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'"
            " JOIN pg_namespace n ON n.oid = s.relnamespace ORDER BY step",
            "sequences", &result, err))
        return false;
    for (int row = 0; ok && row < PQntuples(result); row++) {
        struct column *column = column_by_number(
            reading_table(reading, pg_cell_u32(result, row, 0)), pg_cell_int(result, row, 1));

        if (column)
            column->sequence = reading_text(reading, result, row, 3, &ok);
    }
    return ok ? true : error_memory(err);
}

static struct column *column_by_name(const struct table *table, const char *name)
{
    for (size_t i = 0; table && i < table->column_count; i++) {
        if (strcmp(table->columns[i]->name, name) == 0)
            return table->columns[i];
    }
    return NULL;
}

static bool partition_column_add(struct reading *reading, struct table *table,
                                 const struct column *column)
{
    const struct column **grown;

    for (size_t i = 0; i < table->partition_column_count; i++) {
        if (table->partition_columns[i] == column)
            return true;
    }
    grown = ARENA_ARRAY(reading->arena, table->partition_column_count + 1, const struct column *);
    if (!grown)
        return false;
    if (table->partition_column_count > 0)
        memcpy(grown, table->partition_columns, table->partition_column_count * sizeof(*grown));
    grown[table->partition_column_count++] = column;
    table->partition_columns = grown;
    return true;
}

/* The keys of every level; the columns of a key's expression count as well. */
static bool partition_keys_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!reading_query(
            reading,
            "WITH RECURSIVE tree(root, oid) AS ("
            " SELECT c.oid, c.oid FROM pg_class c WHERE c.relkind = 'p' AND NOT c.relispartition"
            " UNION ALL SELECT t.root, i.inhrelid FROM tree t JOIN pg_inherits i"
            "  ON i.inhparent = t.oid JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind = 'p')"
            " SELECT t.root, p.partstrat, a.attname FROM tree t"
            " JOIN pg_partitioned_table p ON p.partrelid = t.oid"
            " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0"
            "  AND (a.attnum = ANY (p.partattrs) OR EXISTS (SELECT 1 FROM pg_depend d"
            "   WHERE p.partexprs IS NOT NULL AND d.classid = 'pg_class'::regclass"
            "   AND d.objid = t.oid AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass"
            "   AND d.refobjid = t.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i'))"
            " ORDER BY t.root, a.attnum",
            "partition keys", &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        struct table *table = reading_table(reading, pg_cell_u32(result, row, 0));
        const char *name = pg_cell(result, row, 2);
        const struct column *column = name ? column_by_name(table, name) : NULL;

        if (!table)
            continue;
        if (pg_cell(result, row, 1)[0] == 'l')
            table->has_list_partitions = true;
        if (column && !partition_column_add(reading, table, column))
            return error_memory(err);
    }
    return true;
}

/* pg_stats shows a role the columns it may read; a negative figure is a share of the rows. */
static bool may_be_out_of_line(const struct column *column)
{
    switch (column->type->kind) {
    case KIND_TEXT:
        return column->max_length == 0;
    case KIND_BYTES:
    case KIND_JSON:
    case KIND_HSTORE:
    case KIND_COMPOSITE:
    case KIND_OTHER:
        return true;
    default:
        return false;
    }
}

/* Statistics count a value that lies out of line with the few bytes that point at it; whose value
 * it is that fills the other file is certain only where no other column may. */
static bool is_alone_out_of_line(const struct column *column)
{
    const struct table *table = column->table;

    if (!may_be_out_of_line(column))
        return false;
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i] != column && may_be_out_of_line(table->columns[i]))
            return false;
    return true;
}

static bool statistics_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!reading_query(reading,
                       "SELECT s.starelid, s.staattnum, s.width,"
                       " COALESCE(pg_relation_size(NULLIF(c.reltoastrelid, 0)), 0)"
                       " / GREATEST(c.reltuples, 1), CASE WHEN s.stadistinct < 0 THEN"
                       " - s.stadistinct * GREATEST(c.reltuples, 0) ELSE s.stadistinct END"
                       " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                       " JOIN LATERAL (SELECT c.oid AS starelid, a.attnum AS staattnum,"
                       "  p.n_distinct AS stadistinct, p.avg_width AS width FROM pg_stats p JOIN "
                       "pg_attribute a"
                       "  ON a.attrelid = c.oid AND a.attname = p.attname"
                       "  WHERE p.schemaname = n.nspname AND p.tablename = c.relname"
                       "  AND p.inherited = (c.relkind = 'p')) s ON true"
                       " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND " USER_RELATION,
                       "statistics", &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        struct column *column = column_by_number(
            reading_table(reading, pg_cell_u32(result, row, 0)), pg_cell_int(result, row, 1));

        if (!column)
            continue;
        column->width_estimate = strtod(pg_cell(result, row, 2), NULL);
        if (is_alone_out_of_line(column))
            column->width_estimate += strtod(pg_cell(result, row, 3), NULL);
        column->distinct_estimate = strtod(pg_cell(result, row, 4), NULL);
    }
    return true;
}

static bool columns_query(struct reading *reading, PGresult **result, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, columns_sql_head);
    buf_add_text(&sql, reading->version >= 180000 ? columns_sql_valid : "");
    buf_add_text(&sql, columns_sql_tail);
    bool ok = buf_ok(&sql) ? reading_query(reading, buf_text(&sql), "columns", result, err)
                           : error_memory(err);
    buf_release(&sql);
    return ok;
}

bool pg_read_columns(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!columns_query(reading, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        if (!column_add(reading, result, row, err))
            return false;
    }
    return sequences_read(reading, err) && partition_keys_read(reading, err) &&
           statistics_read(reading, err);
}
