/* Reads the catalog in a fixed number of queries over whole system catalogs, never one a table. */
#include "db/pg_catalog.h"
#include <stdlib.h>

const char *pg_cell(const PGresult *result, int row, int column)
{
    assert(row < PQntuples(result) && column < PQnfields(result));
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

uint32_t pg_cell_u32(const PGresult *result, int row, int column)
{
    const char *text = pg_cell(result, row, column);

    return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

int pg_cell_int(const PGresult *result, int row, int column)
{
    const char *text = pg_cell(result, row, column);

    return text ? (int)strtol(text, NULL, 10) : 0;
}

bool pg_cell_bool(const PGresult *result, int row, int column)
{
    const char *text = pg_cell(result, row, column);

    return text && text[0] == 't';
}

const char *reading_text(struct reading *reading, const PGresult *result, int row, int column,
                         bool *ok)
{
    const char *text = pg_cell(result, row, column);
    const char *copy = text ? arena_strdup(reading->arena, text) : NULL;

    if (text && !copy)
        *ok = false;
    return copy;
}

static void *map_pointer(const struct map *map, uint32_t oid)
{
    const uint64_t *found = map_find(map, span_make(&oid, sizeof(oid)));

    return found ? (void *)(uintptr_t)*found : NULL;
}

struct type *reading_type(const struct reading *reading, uint32_t oid)
{
    return map_pointer(reading->types, oid);
}

struct table *reading_table(const struct reading *reading, uint32_t oid)
{
    return map_pointer(reading->tables, oid);
}

bool reading_query(struct reading *reading, const char *sql, const char *what, PGresult **result,
                   struct error *err)
{
    if (pg_query(&reading->pg->base, sql, 0, NULL, result, err))
        return true;
    return error_context(err, "reading %s from the catalog", what);
}

bool reading_skip(struct reading *reading, const char *object, const char *why, struct error *err)
{
    struct catalog *catalog = reading->catalog;
    const char *copy = arena_strdup(reading->arena, object);
    struct skipped *grown = arena_grow(reading->arena, catalog->skipped, catalog->skipped_count,
                                       &reading->skipped_capacity, sizeof(*grown));

    if (!copy || !grown)
        return error_memory(err);
    catalog->skipped = grown;
    catalog->skipped[catalog->skipped_count++] = (struct skipped){.object = copy, .why = why};
    return true;
}

static bool catalog_describe(struct reading *reading, struct error *err)
{
    const struct db_info *info = &reading->pg->base.info;
    struct catalog *catalog = reading->catalog;

    catalog->default_schema = "public";
    catalog->search_path = arena_strdup(reading->arena, reading->pg->search_path);
    catalog->encoding = arena_strdup(reading->arena, reading->pg->encoding);
    catalog->database = arena_strdup(reading->arena, info->database);
    catalog->server_version = arena_strdup(reading->arena, info->version);
    catalog->version_number = info->version_number;
    catalog->identity = arena_printf(reading->arena, "%s/%u", info->system, info->database_oid);
    return catalog->search_path && catalog->encoding && catalog->database &&
                   catalog->server_version && catalog->identity
               ? true
               : error_memory(err);
}

static bool catalog_fill(struct reading *reading, struct error *err)
{
    return catalog_describe(reading, err) && pg_read_types(reading, err) &&
           pg_read_tables(reading, err) && pg_read_columns(reading, err) &&
           pg_read_keys(reading, err) && pg_read_edges(reading, err) &&
           pg_read_skipped(reading, err) && catalog_finish(reading->catalog, err);
}

bool pg_read_catalog(struct db *db, struct catalog **catalog, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    struct arena *arena = arena_new();
    AUTO(map) struct map *types = map_new();
    AUTO(map) struct map *tables = map_new();
    struct catalog *filled = arena ? ARENA_NEW(arena, struct catalog) : NULL;

    if (!filled || !types || !tables) {
        arena_free(arena);
        return error_memory(err);
    }
    filled->arena = arena;
    struct reading reading = {.pg = pg,
                              .catalog = filled,
                              .arena = arena,
                              .types = types,
                              .tables = tables,
                              .version = db->info.version_number};
    if (!catalog_fill(&reading, err)) {
        catalog_free(filled);
        return false;
    }
    *catalog = filled;
    return true;
}
