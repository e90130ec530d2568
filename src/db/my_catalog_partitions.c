/* By which columns rows are told apart into partitions that not every value has. */
#include "db/my_catalog.h"

enum {
    PARTITION_TABLE,
    PARTITION_METHOD,
    PARTITION_EXPRESSION,
    PARTITION_SUB_METHOD,
    PARTITION_SUB_EXPRESSION
};

static bool is_range_or_list(const char *method)
{
    return method && (strncmp(method, "RANGE", 5) == 0 || strncmp(method, "LIST", 4) == 0);
}

static bool column_add(struct my_reading *reading, struct table *table, const struct column *column)
{
    assert(column->table == table);
    for (size_t i = 0; i < table->partition_column_count; i++) {
        if (table->partition_columns[i] == column)
            return true;
    }
    const struct column **grown = my_reading_grow(reading, table->partition_columns,
                                                  table->partition_column_count, sizeof(*grown));
    if (!grown)
        return false;
    table->partition_columns = grown;
    table->partition_columns[table->partition_column_count++] = column;
    return true;
}

/* The columns in to_days(`at`) or `kind`,`odd ``k`: whatever stands in backticks. */
static bool columns_add(struct my_reading *reading, struct table *table, const char *expression,
                        struct error *err)
{
    struct buf name;
    bool is_added = true;

    assert(expression);
    buf_init(&name, 4096);
    for (const char *at = strchr(expression, '`'); at && is_added; at = strchr(at, '`')) {
        buf_reset(&name);
        for (at++; *at && (*at != '`' || at[1] == '`'); at++) {
            at += *at == '`';
            buf_add_char(&name, *at);
        }
        at += *at == '`';
        const struct column *column = buf_ok(&name) ? my_find_column(table, buf_text(&name)) : NULL;
        is_added = buf_ok(&name) && (!column || column_add(reading, table, column));
    }
    buf_release(&name);
    return is_added || error_memory(err);
}

/* Servers that print no backticks: columns whose name stands anywhere in it, for want of better. */
static bool names_add(struct my_reading *reading, struct table *table, const char *expression,
                      struct error *err)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcasestr(expression, table->columns[i]->name) &&
            !column_add(reading, table, table->columns[i]))
            return error_memory(err);
    }
    return true;
}

static bool level_add(struct my_reading *reading, struct table *table, const char *method,
                      const char *expression, struct error *err)
{
    if (!is_range_or_list(method))
        return true;
    table->has_list_partitions = table->has_list_partitions || method[0] == 'L';
    if (!expression)
        return true;
    return strchr(expression, '`') ? columns_add(reading, table, expression, err)
                                   : names_add(reading, table, expression, err);
}

bool my_read_partitions(struct my_reading *reading, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_read =
        my_reading_query(reading,
                         "SELECT DISTINCT table_name, partition_method, partition_expression,"
                         " subpartition_method, subpartition_expression"
                         " FROM information_schema.partitions WHERE table_schema = ",
                         " AND partition_name IS NOT NULL", "partitions", &result, err);

    for (size_t row = 0; is_read && row < result.count; row++) {
        struct table *table = my_reading_table(reading, NULL, my_text(&result, row, 0));

        if (!table)
            continue;
        table->class = table->class == TABLE_FOREIGN ? TABLE_FOREIGN : TABLE_PARTITIONED;
        is_read = level_add(reading, table, my_text(&result, row, PARTITION_METHOD),
                            my_text(&result, row, PARTITION_EXPRESSION), err) &&
                  level_add(reading, table, my_text(&result, row, PARTITION_SUB_METHOD),
                            my_text(&result, row, PARTITION_SUB_EXPRESSION), err);
    }
    my_result_release(&result);
    return is_read;
}
