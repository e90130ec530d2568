/* Tables and the relations that hold their rows: a partitioned table with its leaves is one. */
#include "db/pg_catalog.h"
#include <stdlib.h>

static const char relations_sql[] =
    "WITH RECURSIVE tree(root, oid) AS ("
    " SELECT c.oid, c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
    " UNION ALL SELECT t.root, i.inhrelid FROM tree t"
    "  JOIN pg_class p ON p.oid = t.oid AND p.relkind = 'p'"
    "  JOIN pg_inherits i ON i.inhparent = t.oid)"
    " SELECT t.root, c.oid, n.nspname, c.relname, c.relfilenode,"
    " %s, pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::int8,"
    " pg_get_expr(c.relpartbound, c.oid), COALESCE((SELECT pg_catalog.hashtextextended("
    "  string_agg(concat_ws(':', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,"
    "   a.attisdropped, a.attgenerated, a.attidentity), ',' ORDER BY a.attnum), 0)"
    "  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0), 0)"
    " FROM tree t JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND " USER_RELATION;

bool pg_read_relations(struct db *db, PGresult **result, struct error *err)
{
    /* until 13 a table never analyzed says 0 rows on 0 pages, not -1 */
    const char *rows = db->info.version_number >= 140000
                           ? "c.reltuples"
                           : "CASE WHEN c.relpages = 0 AND c.reltuples = 0 THEN -1"
                             " ELSE c.reltuples END";
    const char *mark = strstr(relations_sql, "%s");
    struct buf sql;

    assert(mark);
    buf_init(&sql, 1 << 16);
    buf_add(&sql, relations_sql, (size_t)(mark - relations_sql));
    buf_add_text(&sql, rows);
    buf_add_text(&sql, mark + 2);
    bool ok = buf_ok(&sql) ? pg_query(db, buf_text(&sql), 0, NULL, result, err) : error_memory(err);
    buf_release(&sql);
    return ok || error_context(err, "reading tables from the catalog");
}

static const char tables_sql[] =
    "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence = 'u', c.relrowsecurity,"
    " x.objid IS NOT NULL, cfg.oid IS NOT NULL, d.description,"
    " EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal"
    "  AND (g.tgtype & 4) <> 0),"
    " COALESCE((SELECT sum(i.relpages) FROM pg_index k JOIN pg_class i ON i.oid = k.indexrelid"
    "  WHERE k.indrelid = c.oid), 0) + COALESCE((SELECT t.relpages FROM pg_class t"
    "  WHERE t.oid = c.reltoastrelid), 0), current_setting('block_size')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_depend x ON x.classid = 'pg_class'::regclass AND x.objid = c.oid"
    "  AND x.objsubid = 0 AND x.deptype = 'e'"
    " LEFT JOIN (SELECT DISTINCT unnest(extconfig) AS oid FROM pg_extension) cfg"
    "  ON cfg.oid = c.oid"
    " LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid"
    "  AND d.objsubid = 0"
    " WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND " USER_RELATION;

enum {
    TABLE_OID,
    TABLE_SCHEMA,
    TABLE_NAME,
    TABLE_RELKIND,
    TABLE_UNLOGGED,
    TABLE_ROW_SECURITY,
    TABLE_EXTENSION,
    TABLE_CONFIG,
    TABLE_COMMENT,
    TABLE_TRIGGERS,
    TABLE_OTHER_PAGES,
    TABLE_BLOCK
};

static enum table_class class_of(const char *relkind)
{
    return relkind[0] == 'p'   ? TABLE_PARTITIONED
           : relkind[0] == 'f' ? TABLE_FOREIGN
                               : TABLE_ORDINARY;
}

static bool table_map(struct reading *reading, uint32_t oid, const struct table *table,
                      struct error *err)
{
    bool is_new;

    if (!map_put(reading->tables, span_make(&oid, sizeof(oid)), (uint64_t)(uintptr_t)table,
                 &is_new))
        return error_memory(err);
    return true;
}

static bool table_add(struct reading *reading, const PGresult *result, int row, struct error *err)
{
    bool is_extension = pg_cell_bool(result, row, TABLE_EXTENSION);
    bool is_config = pg_cell_bool(result, row, TABLE_CONFIG);
    struct table *table;
    bool ok = true;

    if (is_extension && !is_config)
        return true;
    table = ARENA_NEW(reading->arena, struct table);
    if (!table)
        return error_memory(err);
    table->oid = pg_cell_u32(result, row, TABLE_OID);
    table->schema = reading_text(reading, result, row, TABLE_SCHEMA, &ok);
    table->name = reading_text(reading, result, row, TABLE_NAME, &ok);
    table->comment = reading_text(reading, result, row, TABLE_COMMENT, &ok);
    table->class = class_of(pg_cell(result, row, TABLE_RELKIND));
    table->is_unlogged = pg_cell_bool(result, row, TABLE_UNLOGGED);
    table->is_transactional = true;
    table->has_row_security = pg_cell_bool(result, row, TABLE_ROW_SECURITY);
    table->is_extension_config = is_config;
    table->has_insert_triggers = pg_cell_bool(result, row, TABLE_TRIGGERS);
    table->bytes = (uint64_t)pg_cell_u32(result, row, TABLE_OTHER_PAGES) *
                   pg_cell_u32(result, row, TABLE_BLOCK);
    if (!ok)
        return error_memory(err);
    reading->catalog->tables[reading->catalog->table_count++] = table;
    return table_map(reading, table->oid, table, err);
}

/* Room for one more: the array is full at each power of two. */
static bool relations_grow(struct arena *arena, struct table *table)
{
    size_t count = table->relation_count;

    if (count != 0 && (count & (count - 1)) != 0)
        return true;
    struct relation *grown = ARENA_ARRAY(arena, count ? count * 2 : 1, struct relation);
    if (!grown)
        return false;
    if (count > 0)
        memcpy(grown, table->relations, count * sizeof(*grown));
    table->relations = grown;
    return true;
}

static bool relation_add(struct reading *reading, const PGresult *result, int row,
                         uint64_t block_size, struct error *err)
{
    struct table *table = reading_table(reading, pg_cell_u32(result, row, RELATION_ROOT));
    bool ok = true;

    if (!table)
        return true;
    if (!relations_grow(reading->arena, table))
        return error_memory(err);
    struct relation *relation = &table->relations[table->relation_count++];
    relation->oid = pg_cell_u32(result, row, RELATION_OID);
    relation->schema = reading_text(reading, result, row, RELATION_SCHEMA, &ok);
    relation->name = reading_text(reading, result, row, RELATION_NAME, &ok);
    relation->relfilenode = pg_cell_u32(result, row, RELATION_FILENODE);
    relation->row_estimate = strtod(pg_cell(result, row, RELATION_ROWS), NULL);
    relation->pages = pg_cell_u32(result, row, RELATION_PAGES);
    relation->bound = reading_text(reading, result, row, RELATION_BOUND, &ok);
    relation->definition = reading_text(reading, result, row, RELATION_DEFINITION, &ok);
    table->bytes += relation->pages * block_size;
    return ok ? table_map(reading, relation->oid, table, err) : error_memory(err);
}

static bool relations_read(struct reading *reading, uint64_t block_size, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_read_relations(&reading->pg->base, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        if (!relation_add(reading, result, row, block_size, err))
            return false;
    }
    return true;
}

/* Inheritance that is no partitioning: members are tables of their own that know their parents. */
static bool parents_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!reading_query(reading,
                       "SELECT i.inhrelid, i.inhparent, pg_catalog.count(*) OVER"
                       " (PARTITION BY i.inhrelid) FROM pg_inherits i JOIN pg_class c"
                       " ON c.oid = i.inhrelid WHERE NOT c.relispartition"
                       " AND c.relkind IN ('r', 'f') ORDER BY i.inhrelid, i.inhseqno",
                       "inheritance", &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        struct table *child = reading_table(reading, pg_cell_u32(result, row, 0));
        const struct table *parent = reading_table(reading, pg_cell_u32(result, row, 1));

        if (!child || !parent)
            continue;
        if (!child->parents)
            child->parents = ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, 2),
                                         const struct table *);
        if (!child->parents)
            return error_memory(err);
        child->parents[child->parent_count++] = parent;
    }
    return true;
}

bool pg_read_tables(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    uint64_t block_size;

    if (!reading_query(reading, tables_sql, "tables", &result, err))
        return false;
    reading->catalog->tables =
        ARENA_ARRAY(reading->arena, (size_t)PQntuples(result) + 1, struct table *);
    if (!reading->catalog->tables)
        return error_memory(err);
    for (int row = 0; row < PQntuples(result); row++) {
        if (!table_add(reading, result, row, err))
            return false;
    }
    block_size = PQntuples(result) > 0 ? pg_cell_u32(result, 0, TABLE_BLOCK) : 0;
    return relations_read(reading, block_size, err) && parents_read(reading, err);
}
