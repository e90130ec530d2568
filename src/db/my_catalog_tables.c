/* Tables: the engine that keeps each, and whether reads of it follow a snapshot. */
#include "base/words.h"
#include "db/my_catalog.h"
#include <stdlib.h>
#include <strings.h>

static const char tables_sql[] =
    "SELECT table_name, table_type, engine, table_rows, data_length, index_length,"
    " create_time, table_collation, create_options, table_comment"
    " FROM information_schema.tables WHERE table_schema = ";

enum {
    TABLE_NAME,
    TABLE_TYPE,
    TABLE_ENGINE,
    TABLE_ROWS,
    TABLE_DATA,
    TABLE_INDEX,
    TABLE_CREATED,
    TABLE_COLLATION,
    TABLE_OPTIONS,
    TABLE_COMMENT
};

/* Marks that this program leaves in a staging schema. */
static const char *const own_tables[] = {"understudy_mark", "understudy_swap"};

/* Engines whose reads see the snapshot of their transaction; BLACKHOLE never holds a row. Others
 * say YES in information_schema.ENGINES too, and read what is committed (NDB). */
static const char *const snapshot_engines[] = {"InnoDB", "ROCKSDB", "TokuDB", "BLACKHOLE"};

struct foreign_engine {
    const char *name, *why;
};

static const char acts[] = "would read and write other servers or files, as production does";
static const char shows[] = "shows rows of other tables and holds none";

static const struct foreign_engine foreign_engines[] = {
    {"FEDERATED", acts}, {"CONNECT", acts},
    {"SPIDER", acts},    {"S3", acts},
    {"SPHINX", acts},    {"CASSANDRA", acts},
    {"MROONGA", acts},   {"MRG_MyISAM", shows},
    {"OQGRAPH", shows},  {"PERFORMANCE_SCHEMA", shows},
};

/* Why rows of a table of that engine are not copied; NULL: they are. */
static const char *engine_problem(const char *engine)
{
    if (!engine)
        return "the server cannot open it: its storage engine is missing, or its files are";
    for (size_t i = 0; i < COUNT_OF(foreign_engines); i++) {
        if (strcasecmp(engine, foreign_engines[i].name) == 0)
            return foreign_engines[i].why;
    }
    return NULL;
}

static bool engine_follows_snapshot(const char *engine)
{
    for (size_t i = 0; engine && i < COUNT_OF(snapshot_engines); i++) {
        if (strcasecmp(engine, snapshot_engines[i]) == 0)
            return true;
    }
    return false;
}

static bool is_own(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(own_tables); i++) {
        if (strcmp(name, own_tables[i]) == 0)
            return true;
    }
    return false;
}

/* The comment of a partition's options or of a broken table is the server's, not a person's. */
static const char *comment_text(struct my_reading *reading, struct my_result *result, size_t row,
                                const struct table *table, bool *ok)
{
    const char *comment = my_text(result, row, TABLE_COMMENT);

    if (!comment || !comment[0] || !table->storage)
        return NULL;
    return my_reading_text(reading, result, row, TABLE_COMMENT, ok);
}

static bool relation_add(struct my_reading *reading, struct my_result *result, size_t row,
                         struct table *table, struct error *err)
{
    const char *rows = my_text(result, row, TABLE_ROWS);
    struct relation *relation = ARENA_NEW(reading->arena, struct relation);

    if (!relation)
        return error_memory(err);
    relation->schema = table->schema;
    relation->name = table->name;
    relation->row_estimate = rows ? strtod(rows, NULL) : -1;
    relation->pages = (uint64_t)my_integer(result, row, TABLE_DATA) / MY_PAGE_BYTES;
    assert(table->relation_count == 0);
    table->relations = relation;
    table->relation_count = 1;
    return true;
}

static bool foreign_skip(struct my_reading *reading, const struct table *table, const char *why,
                         struct error *err)
{
    const char *object = arena_printf(reading->arena, "table %s.%s", table->schema, table->name);

    assert(why);
    return my_reading_skip(reading, object ? words_printable(reading->arena, object) : NULL, why,
                           err);
}

static bool history_skip(struct my_reading *reading, const struct table *table, struct error *err)
{
    const char *object =
        arena_printf(reading->arena, "history of table %s.%s", table->schema, table->name);

    return my_reading_skip(reading, object ? words_printable(reading->arena, object) : NULL,
                           "of a system-versioned table the rows of today are copied", err);
}

static bool table_add(struct my_reading *reading, struct my_result *result, size_t row,
                      struct error *err)
{
    struct table *table = ARENA_NEW(reading->arena, struct table);
    const char *options = my_text(result, row, TABLE_OPTIONS);
    bool ok = table != NULL;

    if (!ok)
        return error_memory(err);
    table->schema = reading->catalog->default_schema;
    table->name = my_reading_text(reading, result, row, TABLE_NAME, &ok);
    table->storage = my_reading_text(reading, result, row, TABLE_ENGINE, &ok);
    table->comment = comment_text(reading, result, row, table, &ok);
    table->is_transactional = engine_follows_snapshot(table->storage);
    table->class = options && strstr(options, "partitioned") ? TABLE_PARTITIONED : TABLE_ORDINARY;
    table->bytes = (uint64_t)my_integer(result, row, TABLE_DATA) +
                   (uint64_t)my_integer(result, row, TABLE_INDEX);
    if (!ok)
        return error_memory(err);
    const char *problem = engine_problem(table->storage);
    if (problem)
        table->class = TABLE_FOREIGN;
    if (!my_reading_add_table(reading, table, err) ||
        (!problem && !relation_add(reading, result, row, table, err)) ||
        (problem && !foreign_skip(reading, table, problem, err)))
        return false;
    for (unsigned column = TABLE_TYPE; column <= TABLE_OPTIONS; column++) {
        if (column < TABLE_ROWS || column >= TABLE_CREATED)
            my_reading_define(reading, table, my_text(result, row, column));
    }
    return strcmp(my_text(result, row, TABLE_TYPE), "SYSTEM VERSIONED") != 0 ||
           history_skip(reading, table, err);
}

static bool is_table(const char *type)
{
    return strcmp(type, "BASE TABLE") == 0 || strcmp(type, "SYSTEM VERSIONED") == 0;
}

static bool triggers_read(struct my_reading *reading, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_read = my_reading_query(reading,
                                    "SELECT event_object_table FROM information_schema.triggers"
                                    " WHERE event_object_schema = ",
                                    " AND event_manipulation = 'INSERT'", "triggers", &result, err);

    for (size_t row = 0; is_read && row < result.count; row++) {
        struct table *table = my_reading_table(reading, NULL, my_text(&result, row, 0));

        if (table)
            table->has_insert_triggers = true;
    }
    my_result_release(&result);
    return is_read;
}

/* MySQL else tells figures of up to a day ago. */
static bool statistics_refresh(struct my_reading *reading, struct error *err)
{
    return my_is_mariadb(reading->db) ||
           my_run(reading->db, "SET SESSION information_schema_stats_expiry = 0", err);
}

bool my_read_tables(struct my_reading *reading, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_read = statistics_refresh(reading, err) &&
                   my_reading_query(reading, tables_sql, "", "tables", &result, err);

    for (size_t row = 0; is_read && row < result.count; row++) {
        const char *name = my_text(&result, row, TABLE_NAME);

        if (!is_own(name) && is_table(my_text(&result, row, TABLE_TYPE)))
            is_read = table_add(reading, &result, row, err);
    }
    my_result_release(&result);
    return is_read && triggers_read(reading, err);
}
