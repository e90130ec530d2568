/* Reads the catalog in a fixed number of queries over information_schema, never one a table. */
#include "db/my_catalog.h"
#include "base/fasthash.h"
#include "db/my_address.h"
#include "value/fold.h"
#include <strings.h>

bool my_reading_query(struct my_reading *reading, const char *head, const char *tail,
                      const char *what, struct my_result *result, struct error *err)
{
    struct buf sql;

    assert(head && tail && what && result);
    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, head);
    my_quote_literal(&sql, span_of(reading->catalog->default_schema));
    buf_add_text(&sql, tail);
    bool is_done =
        buf_ok(&sql) ? my_query(reading->db, buf_text(&sql), result, err) : error_memory(err);
    buf_release(&sql);
    return is_done || error_context(err, "reading %s from the catalog", what);
}

const char *my_reading_text(struct my_reading *reading, struct my_result *result, size_t row,
                            unsigned column, bool *ok)
{
    const char *text = my_text(result, row, column);
    const char *copy = text ? arena_strdup(reading->arena, text) : NULL;

    if (text && !copy)
        *ok = false;
    return copy;
}

bool my_reading_skip(struct my_reading *reading, const char *object, const char *why,
                     struct error *err)
{
    struct catalog *catalog = reading->catalog;
    struct skipped *grown = arena_grow(reading->arena, catalog->skipped, catalog->skipped_count,
                                       &reading->skipped_capacity, sizeof(*grown));

    assert(why);
    if (!object || !grown)
        return error_memory(err);
    catalog->skipped = grown;
    catalog->skipped[catalog->skipped_count++] = (struct skipped){.object = object, .why = why};
    return true;
}

void *my_reading_grow(struct my_reading *reading, void *items, size_t count, size_t size)
{
    assert(size > 0 && (items || count == 0));
    if (count != 0 && (count & (count - 1)) != 0)
        return items;
    void *grown = arena_array(reading->arena, count ? count * 2 : 1, size);
    if (grown && count > 0)
        memcpy(grown, items, count * size);
    return grown;
}

void my_reading_define(struct my_reading *reading, const struct table *table, const char *text)
{
    uint64_t *hash = &reading->definitions[table->index];

    assert(table->index < reading->catalog->table_count);
    *hash = fasthash(*hash, text ? text : "\xff", text ? strlen(text) + 1 : 1);
}

bool my_pair_put(struct map *map, const char *first, const char *second, uint64_t value)
{
    struct buf key;
    bool is_new;

    assert(map && first && second);
    buf_init(&key, 1 << 16);
    buf_add(&key, first, strlen(first) + 1);
    buf_add_text(&key, second);
    bool is_put = buf_ok(&key) && map_put(map, buf_span(&key), value, &is_new);
    buf_release(&key);
    return is_put;
}

const uint64_t *my_pair_find(const struct map *map, const char *first, const char *second)
{
    struct buf key;

    assert(map && first && second);
    buf_init(&key, 1 << 16);
    buf_add(&key, first, strlen(first) + 1);
    buf_add_text(&key, second);
    const uint64_t *found = buf_ok(&key) ? map_find(map, buf_span(&key)) : NULL;
    buf_release(&key);
    return found;
}

struct table *my_reading_table(const struct my_reading *reading, const char *schema,
                               const char *name)
{
    const struct catalog *catalog = reading->catalog;
    const uint64_t *found;

    assert(name && catalog->default_schema);

    if (!schema)
        schema = catalog->default_schema;
    found = my_pair_find(reading->tables, schema, name);
    if (found)
        return (struct table *)(uintptr_t)*found;
    for (size_t i = 0; reading->folds_names && i < catalog->table_count; i++) {
        if (strcasecmp(catalog->tables[i]->schema, schema) == 0 &&
            strcasecmp(catalog->tables[i]->name, name) == 0)
            return catalog->tables[i];
    }
    return NULL;
}

bool my_reading_add_table(struct my_reading *reading, struct table *table, struct error *err)
{
    struct catalog *catalog = reading->catalog;
    struct table **tables = arena_grow(reading->arena, catalog->tables, catalog->table_count,
                                       &reading->table_capacity, sizeof(*tables));
    uint64_t *definitions = arena_grow(reading->arena, reading->definitions, catalog->table_count,
                                       &reading->definition_capacity, sizeof(*definitions));

    if (!tables || !definitions)
        return error_memory(err);
    catalog->tables = tables;
    reading->definitions = definitions;
    assert(table->schema && table->name);
    table->index = (uint32_t)catalog->table_count;
    definitions[table->index] = 0;
    tables[catalog->table_count++] = table;
    return my_pair_put(reading->tables, table->schema, table->name, (uint64_t)(uintptr_t)table) ||
           error_memory(err);
}

static bool is_folded_equal(const char *a, const char *b)
{
    struct buf left, right;

    buf_init(&left, 4096);
    buf_init(&right, 4096);
    fold_text(span_of(a), &left);
    fold_text(span_of(b), &right);
    bool is_equal =
        buf_ok(&left) && buf_ok(&right) && strcmp(buf_text(&left), buf_text(&right)) == 0;
    buf_release(&left);
    buf_release(&right);
    return is_equal;
}

struct column *my_find_column(const struct table *table, const char *name)
{
    assert(table && name);
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i]->name, name) == 0)
            return table->columns[i];
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (is_folded_equal(table->columns[i]->name, name))
            return table->columns[i];
    }
    return NULL;
}

static bool catalog_describe(struct my_reading *reading, struct error *err)
{
    const struct db_info *info = &reading->db->info;
    struct catalog *catalog = reading->catalog;

    if (!info->database || !info->database[0]) {
        error_set(err, STATUS_PROFILE, "the address names no database");
        return error_hint(err, "write mysql://user@host/DATABASE");
    }
    catalog->engine = ENGINE_MYSQL;
    catalog->database = arena_strdup(reading->arena, info->database);
    catalog->default_schema = catalog->database;
    catalog->search_path = "";
    catalog->encoding = "utf8mb4";
    catalog->server_version = arena_strdup(reading->arena, info->version);
    catalog->version_number = info->version_number;
    catalog->identity =
        arena_printf(reading->arena, "%s/%s", info->system ? info->system : "", info->database);
    return (catalog->database && catalog->server_version && catalog->identity) || error_memory(err);
}

static bool names_describe(struct my_reading *reading, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_read = my_query(reading->db, "SELECT @@lower_case_table_names", &result, err);

    if (is_read)
        reading->folds_names = my_integer(&result, 0, 0) != 0;
    my_result_release(&result);
    return is_read;
}

/* Of each relation: how its rows are addressed, and one hash of the table's own line and of its
 * columns' in their order. */
static bool relations_finish(struct my_reading *reading, struct error *err)
{
    struct catalog *catalog = reading->catalog;

    for (size_t i = 0; i < catalog->table_count; i++) {
        struct table *table = catalog->tables[i];

        for (size_t r = 0; r < table->relation_count; r++) {
            my_address_decide(table, &table->relations[r]);
            table->relations[r].definition = arena_printf(
                reading->arena, "%016llx", (unsigned long long)reading->definitions[i]);
            if (!table->relations[r].definition)
                return error_memory(err);
        }
    }
    return true;
}

static bool catalog_fill(struct my_reading *reading, struct error *err)
{
    return catalog_describe(reading, err) && names_describe(reading, err) &&
           my_read_tables(reading, err) && my_read_json(reading, err) &&
           my_read_columns(reading, err) && my_read_keys(reading, err) &&
           my_read_checks(reading, err) && my_read_partitions(reading, err) &&
           my_read_edges(reading, err) && my_read_skipped(reading, err) &&
           relations_finish(reading, err) && catalog_finish(reading->catalog, err);
}

bool my_read_catalog(struct db *db, struct catalog **catalog, struct error *err)
{
    struct arena *arena = arena_new();
    AUTO(map) struct map *types = map_new();
    AUTO(map) struct map *tables = map_new();
    AUTO(map) struct map *views = map_new();
    AUTO(map) struct map *paddings = map_new();
    AUTO(map) struct map *json = map_new();
    AUTO(map) struct map *periods = map_new();
    AUTO(map) struct map *binaries = map_new();
    struct catalog *filled = arena ? ARENA_NEW(arena, struct catalog) : NULL;

    if (!filled || !types || !tables || !views || !paddings || !json || !periods || !binaries) {
        arena_free(arena);
        return error_memory(err);
    }
    filled->arena = arena;
    struct my_reading reading = {.db = db,
                                 .catalog = filled,
                                 .arena = arena,
                                 .types = types,
                                 .tables = tables,
                                 .views = views,
                                 .paddings = paddings,
                                 .json = json,
                                 .periods = periods,
                                 .binaries = binaries};
    bool is_filled = catalog_fill(&reading, err);
    my_result_release(&reading.checks);
    if (!is_filled) {
        catalog_free(filled);
        return false;
    }
    *catalog = filled;
    return true;
}
