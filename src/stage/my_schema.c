/* Tables and sequences: read from the source at the run's snapshot, made in the new schema without
 * the keys and references that come behind the rows. */
#include "stage/my_stage.h"

#include "base/words.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What a server may refuse to an account is tried: a definition that needs it says so then. */
bool my_schema_settings(struct db *db, struct error *err)
{
    static const char *const settings[] = {
        "SET innodb_strict_mode = OFF", "SET sql_require_primary_key = OFF",
        "SET sql_generate_invisible_primary_key = OFF", "SET restrict_fk_on_non_standard_key = OFF",
        "SET system_versioning_alter_history = KEEP"};

    assert(db);
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        struct error fault = {.status = STATUS_OK};
        unsigned code;

        if (my_attempt(db, settings[i], "session", &code, &fault) || code != 0)
            continue;
        *err = fault;
        return false;
    }
    return true;
}

/* Storage that reaches out to another server or keeps its rows outside. */
static bool is_remote(const char *storage)
{
    static const char *const engines[] = {"FEDERATED", "CONNECT", "SPIDER", "S3"};

    for (size_t i = 0; storage && i < COUNT_OF(engines); i++) {
        if (strcasecmp(storage, engines[i]) == 0)
            return true;
    }
    return false;
}

static bool is_wanted(const struct bound_table *bound)
{
    return bound->role != ROLE_EXCLUDED && bound->table->class != TABLE_FOREIGN &&
           !bound->table->is_outside;
}

static bool table_read(struct my_stage *stage, struct db *source, const struct bound_table *bound,
                       struct error *err)
{
    struct my_table *table = &stage->tables[stage->table_count];
    struct my_result result = {.rows = NULL};

    assert(bound->role != ROLE_EXCLUDED);
    if (!my_ask(source, &result, err, "SHOW CREATE TABLE %n", bound->table->name))
        return error_context(err, "table '%s'", bound->table->label);
    struct span text = arena_span(stage->base.arena, my_cell(&result, 0, 1));
    my_result_release(&result);
    if (!text.ptr)
        return error_memory(err);
    if (!my_definition_parse(text, stage->base.arena, &table->definition, err))
        return error_context(err, "table '%s'", bound->table->label);
    if (is_remote(table->definition.storage))
        return stage_skip(&stage->base,
                          arena_printf(stage->base.arena, "table %s", bound->table->label),
                          "would reach another server", err);
    table->bound = bound;
    stage->table_count++;
    return true;
}

static bool tables_read(struct my_stage *stage, struct db *source, struct error *err)
{
    const struct binding *binding = stage->base.request.binding;

    assert(binding && !stage->tables);
    stage->tables =
        ARENA_ARRAY(stage->base.arena, binding->catalog->table_count + 1, struct my_table);
    if (!stage->tables)
        return error_memory(err);
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        if (is_wanted(&binding->tables[i]) && !table_read(stage, source, &binding->tables[i], err))
            return false;
    }
    return true;
}

/* Is the table that a foreign key refers to made too? */
static bool has_parent(const struct my_stage *stage, const struct my_item *item)
{
    const char *source = stage->base.request.source->database;

    assert(item->kind == MY_ITEM_FOREIGN && item->parent);
    if (item->schema && strcmp(item->schema, source) != 0)
        return false;
    for (size_t i = 0; i < stage->table_count; i++) {
        if (strcmp(stage->tables[i].bound->table->name, item->parent) == 0)
            return true;
    }
    return false;
}

static bool foreign_keys_drop(struct my_stage *stage, struct error *err)
{
    for (size_t i = 0; i < stage->table_count; i++) {
        const struct my_table *table = &stage->tables[i];

        for (size_t j = 0; j < table->definition.count; j++) {
            struct my_item *item = &table->definition.items[j];

            if (item->kind != MY_ITEM_FOREIGN || has_parent(stage, item))
                continue;
            const char *object =
                arena_printf(stage->base.arena, "foreign key %s of %s",
                             item->name ? item->name : "", table->bound->table->label);

            item->is_dropped = true;
            if (!object ||
                !stage_skip(&stage->base, object, "needs what staging does not get", err))
                return object ? false : error_memory(err);
        }
    }
    return true;
}

static bool sequences_read(struct my_stage *stage, struct db *source, struct error *err)
{
    struct my_result names = {.rows = NULL};
    bool is_done = true;

    if (!my_is_mariadb(source))
        return true;
    if (!my_query(source,
                  "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA ="
                  " DATABASE() AND TABLE_TYPE = 'SEQUENCE' ORDER BY 1",
                  &names, err))
        return false;
    stage->sequences = ARENA_ARRAY(stage->base.arena, names.count + 1, struct my_sequence);
    if (!stage->sequences)
        is_done = error_memory(err);
    for (size_t row = 0; is_done && row < names.count; row++) {
        struct my_sequence *sequence = &stage->sequences[row];
        struct my_result result = {.rows = NULL};

        sequence->name = my_copy(stage->base.arena, &names, row, 0);
        is_done = sequence->name
                      ? my_ask(source, &result, err, "SHOW CREATE SEQUENCE %n", sequence->name)
                      : error_memory(err);
        if (is_done && !(sequence->sql = my_copy(stage->base.arena, &result, 0, 1)))
            is_done = error_memory(err);
        my_result_release(&result);
        stage->sequence_count++;
    }
    my_result_release(&names);
    return is_done;
}

static bool table_make(struct my_stage *stage, struct db *db, const struct my_table *table,
                       struct error *err)
{
    const char *schema = stage->base.request.source->database;
    struct buf sql;

    assert(table->bound && table->definition.count > 0);
    buf_init(&sql, (size_t)1 << 26);
    my_definition_write(&table->definition, table->bound->table->name, schema, &sql);
    bool is_made = buf_ok(&sql) ? my_run(db, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_made || error_context(err, "table '%s'", table->bound->table->label);
}

/* How many MAXVALUEs the last range has to be written with; 0: it takes everything already. */
static size_t rest_width(struct span description)
{
    size_t width = 1;
    bool is_rest = true;
    struct my_scan scan;

    my_scan_begin(&scan, description);
    for (struct my_piece token = my_scan_next(&scan); token.kind != MY_PIECE_END;
         token = my_scan_next(&scan)) {
        bool is_comma = token.depth == 0 && my_piece_is(&token, ",");

        width += is_comma;
        is_rest = is_rest && (is_comma || my_piece_is(&token, "MAXVALUE"));
    }
    return is_rest ? 0 : width;
}

static bool rest_make(struct my_stage *stage, struct db *db, const struct table *table,
                      struct span last, bool has_columns, struct error *err)
{
    size_t width = rest_width(last);
    struct buf sql;

    if (width == 0)
        return true;
    buf_init(&sql, 1 << 16);
    my_format(&sql, "ALTER TABLE %n ADD PARTITION (PARTITION understudy_rest VALUES LESS THAN ",
              table->name);
    for (size_t i = 0; has_columns && i < width; i++)
        buf_add_text(&sql, i == 0 ? "(MAXVALUE" : ", MAXVALUE");
    buf_add_text(&sql, has_columns ? "))" : "MAXVALUE)");
    bool is_made = buf_ok(&sql) ? my_run(db, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    if (!is_made)
        return false;
    const char *text = arena_printf(stage->base.arena,
                                    "%s has a last range, understudy_rest, that production does "
                                    "not have: it holds rows whose rewritten key no other takes",
                                    table->label);
    return text ? stage_note(&stage->base, "partitions", text, err) : error_memory(err);
}

/* The lowest range takes whatever is below it; above the highest one there may be nothing. */
static bool rests_make(struct my_stage *stage, struct db *db, struct error *err)
{
    for (size_t i = 0; i < stage->table_count; i++) {
        const struct table *table = stage->tables[i].bound->table;
        struct my_result result = {.rows = NULL};

        if (!stage->tables[i].bound->needs_default_partition)
            continue;
        if (!my_ask(db, &result, err,
                    "SELECT PARTITION_DESCRIPTION, PARTITION_METHOD = 'RANGE COLUMNS' FROM"
                    " information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE()"
                    " AND TABLE_NAME = %t AND PARTITION_METHOD LIKE 'RANGE%%'"
                    " ORDER BY PARTITION_ORDINAL_POSITION DESC LIMIT 1",
                    table->name))
            return false;
        bool is_done = result.count == 0 || rest_make(stage, db, table, my_cell(&result, 0, 0),
                                                      my_true(&result, 0, 1), err);
        my_result_release(&result);
        if (!is_done)
            return error_context(err, "table '%s'", table->label);
    }
    return true;
}

/* MySQL keeps them by account; those on whole schemas stay with the target's name. */
static bool say_grants(struct my_stage *stage, struct db *source, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_query(source,
                  "SELECT (SELECT COUNT(*) FROM information_schema.TABLE_PRIVILEGES"
                  " WHERE TABLE_SCHEMA = DATABASE()) + (SELECT COUNT(*) FROM"
                  " information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE())",
                  &result, err))
        return false;
    bool has_some = my_integer(&result, 0, 0) > 0;
    my_result_release(&result);
    return !has_some ||
           stage_skip(&stage->base, "grants on single tables and columns",
                      "they belong to accounts of the source's server; what was granted on the "
                      "target's schema stays",
                      err);
}

bool my_stage_schema_before(struct stage *base, struct db *source, const char *snapshot,
                            struct error *err)
{
    struct my_stage *stage = my_stage_of(base);
    struct db *db;

    UNUSED(snapshot); /* `source` holds it, and locks on every definition */
    if (!tables_read(stage, source, err) || !foreign_keys_drop(stage, err) ||
        !sequences_read(stage, source, err) ||
        !my_programs_read(stage, source, MY_PROGRAMS_SOURCE, &stage->programs, err) ||
        !say_grants(stage, source, err) || !my_stage_filling(stage, &db, err))
        return false;
    for (size_t i = 0; i < stage->sequence_count; i++) {
        if (!my_run(db, stage->sequences[i].sql, err))
            return error_context(err, "sequence '%s'",
                                 words_printable(base->arena, stage->sequences[i].name));
    }
    for (size_t i = 0; i < stage->table_count; i++) {
        if (!table_make(stage, db, &stage->tables[i], err))
            return false;
    }
    return rests_make(stage, db, err);
}

/* Types have no numbers. */
bool my_stage_type_numbers(struct stage *base, struct oid_map *oids, struct error *err)
{
    UNUSED(base);
    UNUSED(err);
    *oids = (struct oid_map){0};
    return true;
}
