/* What PostgreSQL and MySQL write differently. */
#include "dialect.h"

#include <stdlib.h>

static bool is_mysql(const struct world *world)
{
    return world->engine == ENGINE_MYSQL;
}

const char *key_type(const struct world *world, const struct world_table *table)
{
    switch (table->shape) {
    case SHAPE_BIGINT:
        return table->variant == 1 ? "bigint unsigned" : "bigint";
    case SHAPE_TEXT:
        if (is_mysql(world))
            return table->variant == 1 ? "varchar(60) COLLATE utf8mb4_general_ci"
                                       : "varchar(60) COLLATE utf8mb4_bin";
        return "text";
    case SHAPE_ALTERNATE:
        return is_mysql(world) ? "varchar(60) COLLATE utf8mb4_bin" : "text";
    case SHAPE_UUID:
        if (is_mysql(world))
            return table->variant == 1 ? "char(36) COLLATE utf8mb4_bin" : "binary(16)";
        return "uuid";
    case SHAPE_NUMERIC:
        return "numeric(12,2)";
    case SHAPE_PAIR:
        return table->variant == 2 ? "bigint" : "int";
    default:
        return "int";
    }
}

const char *key_second_type(const struct world *world, const struct world_table *table)
{
    if (!is_mysql(world))
        return "text";
    return table->variant == 1   ? "smallint unsigned"
           : table->variant == 2 ? "bigint unsigned"
                                 : "varchar(20) COLLATE utf8mb4_bin";
}

void pair_first_add(const struct world_table *table, int n, struct buf *sql)
{
    if (table->variant == 2)
        buf_add_format(sql, "%lld", -9223372036854775807LL + n * 3);
    else
        buf_add_format(sql, "%d", n * 3 - 20);
}

void pair_second_add(const struct world_table *table, int n, struct buf *sql)
{
    if (table->variant == 2)
        buf_add_format(sql, "1844674407370955161%d", n % 4);
    else if (table->variant == 1)
        buf_add_format(sql, "%d", 65535 - n % 4);
    else
        buf_add_format(sql, "'b%d'", n % 4);
}

static void text_add(const struct world *world, const struct world_table *table, int n,
                     int spelling, struct buf *sql)
{
    bool has_others = table->shape == SHAPE_TEXT && table->variant == 1;

    buf_add_text(sql, "'");
    /* Another spelling is not of the bytes, but equal ignoring case and accents. */
    if (has_others && spelling % 3 == 1)
        buf_add_format(sql, "K \"%d\" e", n * 7);
    else if (has_others && spelling % 3 == 2)
        buf_add_format(sql, "k \"%d\" É", n * 7);
    else
        buf_add_format(sql, "k \"%d\" é", n * 7);
    buf_add_text(sql, is_mysql(world) ? "\\\\'" : "\\'");
}

void key_add(const struct world *world, const struct world_table *table, int n, int spelling,
             struct buf *sql)
{
    switch (table->shape) {
    case SHAPE_PAIR:
        pair_first_add(table, n, sql);
        buf_add_text(sql, ", ");
        pair_second_add(table, n, sql);
        return;
    case SHAPE_TEXT:
    case SHAPE_ALTERNATE:
        text_add(world, table, n, spelling, sql);
        return;
    case SHAPE_UUID:
        if (is_mysql(world) && table->variant != 1)
            buf_add_format(sql, "x'00000000000040008000%012d'", n * 31);
        else
            buf_add_format(sql, "'00000000-0000-4000-8000-%012d'", n * 31);
        return;
    case SHAPE_NUMERIC:
        buf_add_format(sql, "%d.50", n * 3 - 20);
        return;
    case SHAPE_BIGINT:
        if (table->variant == 1) {
            buf_add_format(sql, "1844674407370955%04d", 1615 - n * 3);
            return;
        }
        buf_add_format(sql, "%d", n * 3 - 20);
        return;
    default:
        buf_add_format(sql, "%d", n * 3 - 20);
    }
}

void key_document_add(const struct world *world, const struct world_table *table, int n,
                      struct buf *sql)
{
    bool is_text = table->shape == SHAPE_TEXT || table->shape == SHAPE_ALTERNATE;

    if (!is_mysql(world)) {
        buf_add_text(sql, "jsonb_build_object('r', ");
        key_add(world, table, n, 0, sql);
        buf_add_text(sql, is_text || table->shape == SHAPE_UUID ? "::text)" : ")");
        return;
    }
    buf_add_text(sql, "json_object('r', ");
    if (table->shape == SHAPE_UUID)
        buf_add_format(sql, "'00000000-0000-4000-8000-%012d'", n * 31);
    else
        key_add(world, table, n, 0, sql);
    buf_add_text(sql, ")");
}

void document_key_add(const struct world *world, const char *column, struct buf *sql)
{
    if (is_mysql(world))
        buf_add_format(sql,
                       "CONVERT(json_unquote(json_extract(%s, '$.r')) USING utf8mb4) COLLATE "
                       "utf8mb4_bin",
                       column);
    else
        buf_add_format(sql, "%s ->> 'r'", column);
}

void key_text_add(const struct world *world, const struct world_table *table, const char *column,
                  struct buf *sql)
{
    if (!is_mysql(world))
        buf_add_format(sql, "%s::text", column);
    else if (table->shape == SHAPE_UUID && table->variant != 1)
        buf_add_format(sql,
                       "CONVERT(lower(insert(insert(insert(insert(hex(%s), 9, 0, '-'), 14, 0, "
                       "'-'), 19, 0, '-'), 24, 0, '-')) USING utf8mb4) COLLATE utf8mb4_bin",
                       column);
    else
        buf_add_format(sql, "CONVERT(CAST(%s AS char) USING utf8mb4) COLLATE utf8mb4_bin", column);
}

const char *insert_begin(const struct world *world, enum when_there when)
{
    return is_mysql(world) && when == STAYS ? "INSERT IGNORE INTO s " : "INSERT INTO s ";
}

const char *insert_end(const struct world *world, enum when_there when)
{
    if (!is_mysql(world))
        return when == STAYS           ? " ON CONFLICT (t, n) DO NOTHING"
               : when == BECOMES_WHOLE ? " ON CONFLICT (t, n) DO UPDATE SET w = true WHERE NOT s.w"
                                       : " ON CONFLICT (t, n) DO UPDATE SET w = s.w OR excluded.w";
    return when == STAYS           ? ""
           : when == BECOMES_WHOLE ? " ON DUPLICATE KEY UPDATE w = true"
                                   : " ON DUPLICATE KEY UPDATE w = s.w OR VALUES(w)";
}
