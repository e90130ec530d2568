/* Texts of the new schema on MySQL and MariaDB: comments, defaults, labels, generated columns,
 * bounds, bodies. What is told of only one of the two stands in its own list. */
#include "verify/my_verify.h"

#define OURS "NOT IN ('understudy_mark', 'understudy_swap')"
/* The table as the source calls it. */
#define SOURCE_TABLE "'table ', @understudy_schema, '.', TABLE_NAME"

/* Each gives the object and its texts, which may be NULL. */
static const char *const queries[] = {
    "SELECT CONCAT(" SOURCE_TABLE "), TABLE_COMMENT FROM information_schema.TABLES "
    "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME " OURS,
    "SELECT CONCAT('column ', COLUMN_NAME, ' of ', " SOURCE_TABLE
    "), COLUMN_COMMENT, COLUMN_DEFAULT, "
    "COLUMN_TYPE, GENERATION_EXPRESSION FROM information_schema.COLUMNS "
    "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME " OURS,
    "SELECT CONCAT('index ', INDEX_NAME, ' of ', " SOURCE_TABLE "), INDEX_COMMENT "
    "FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND SEQ_IN_INDEX = 1",
    "SELECT CONCAT('partition ', PARTITION_NAME, ' of ', " SOURCE_TABLE "), PARTITION_DESCRIPTION, "
    "PARTITION_EXPRESSION, SUBPARTITION_EXPRESSION, PARTITION_COMMENT "
    "FROM information_schema.PARTITIONS "
    "WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME IS NOT NULL",
    "SELECT CONCAT('view ', TABLE_NAME), VIEW_DEFINITION FROM information_schema.VIEWS "
    "WHERE TABLE_SCHEMA = DATABASE()",
    "SELECT CONCAT('trigger ', TRIGGER_NAME), ACTION_STATEMENT FROM information_schema.TRIGGERS "
    "WHERE TRIGGER_SCHEMA = DATABASE()",
    "SELECT CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME), ROUTINE_DEFINITION, ROUTINE_COMMENT, "
    "DTD_IDENTIFIER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()",
    "SELECT CONCAT('parameter ', COALESCE(PARAMETER_NAME, ''), ' of ', LOWER(ROUTINE_TYPE), ' ', "
    "SPECIFIC_NAME), DTD_IDENTIFIER FROM information_schema.PARAMETERS "
    "WHERE SPECIFIC_SCHEMA = DATABASE()",
    "SELECT CONCAT('event ', EVENT_NAME), EVENT_DEFINITION, EVENT_COMMENT "
    "FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()",
    "SELECT CONCAT('check ', CONSTRAINT_NAME), CHECK_CLAUSE "
    "FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()",
};

static const char *const mysql_queries[] = {
    "SELECT CONCAT('index ', INDEX_NAME, ' of ', " SOURCE_TABLE "), EXPRESSION "
    "FROM information_schema.STATISTICS "
    "WHERE TABLE_SCHEMA = DATABASE() AND EXPRESSION IS NOT NULL",
    "SELECT CONCAT('histogram of column ', COLUMN_NAME, ' of ', " SOURCE_TABLE "), HISTOGRAM "
    "FROM information_schema.COLUMN_STATISTICS WHERE SCHEMA_NAME = DATABASE()",
    "SELECT CONCAT(" SOURCE_TABLE "), ENGINE_ATTRIBUTE, SECONDARY_ENGINE_ATTRIBUTE "
    "FROM information_schema.TABLES_EXTENSIONS WHERE TABLE_SCHEMA = DATABASE()",
    "SELECT CONCAT('column ', COLUMN_NAME, ' of ', " SOURCE_TABLE "), ENGINE_ATTRIBUTE, "
    "SECONDARY_ENGINE_ATTRIBUTE FROM information_schema.COLUMNS_EXTENSIONS "
    "WHERE TABLE_SCHEMA = DATABASE()",
    "SELECT CONCAT('index ', CONSTRAINT_NAME, ' of ', " SOURCE_TABLE "), ENGINE_ATTRIBUTE, "
    "SECONDARY_ENGINE_ATTRIBUTE FROM information_schema.TABLE_CONSTRAINTS_EXTENSIONS "
    "WHERE CONSTRAINT_SCHEMA = DATABASE()",
};

static bool texts_give(struct db *target, const char *sql, verify_text *each, void *context,
                       struct error *err)
{
    AUTO(my_result) struct my_result rows = {0};

    if (!my_query(target, sql, &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        for (unsigned c = 1; c < rows.columns; c++) {
            const char *object = my_text(&rows, i, 0);
            const struct span text = my_cell(&rows, i, c);

            if (text.len > 0 && !each(context, object ? object : "?", text, err))
                return false;
        }
    return true;
}

static bool schema_name(struct db *target, const char *schema, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 65536);
    buf_add_text(&sql, "SET @understudy_schema = ");
    my_quote_literal(&sql, span_of(schema));
    const bool is_ok = buf_ok(&sql) ? my_run(target, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_ok;
}

bool my_read_texts(struct db *target, const char *schema, verify_text *each, void *context,
                   struct error *err)
{
    if (!schema_name(target, schema, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        if (!texts_give(target, queries[i], each, context, err))
            return false;
    for (size_t i = 0; !my_is_mariadb(target) && i < COUNT_OF(mysql_queries); i++)
        if (!texts_give(target, mysql_queries[i], each, context, err))
            return false;
    return true;
}
