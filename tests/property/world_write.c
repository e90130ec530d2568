/* How a world is written into the server: tables, rows in random order, then constraints. */
#include "dialect.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_mysql(const struct world *world)
{
    return world->engine == ENGINE_MYSQL;
}

static const char *link_type(const struct world *world, const struct world_link *link)
{
    const struct world_table *parent = &world->tables[link->parent];

    if (link->shape == LINK_JSON)
        return is_mysql(world) ? "json" : "jsonb";
    if (link->shape == LINK_ARRAY)
        return parent->shape == SHAPE_BIGINT ? "bigint[]" : "int[]";
    return link->is_wide ? "bigint" : key_type(world, parent);
}

static bool is_pair(const struct world *world, const struct world_link *link)
{
    return world->tables[link->parent].shape == SHAPE_PAIR;
}

static bool is_second_choice(const struct world *world, int at)
{
    for (int i = 0; i < at; i++)
        if (world->links[i].shape == LINK_CHOICE && world->links[at].shape == LINK_CHOICE &&
            world->links[i].child == world->links[at].child)
            return true;
    return false;
}

static void table_add(const struct world *world, int t, struct buf *sql)
{
    const struct world_table *table = &world->tables[t];

    buf_add_format(sql, "CREATE TABLE w.t%d (n int NOT NULL, o int, v text", t);
    switch (table->shape) {
    case SHAPE_PAIR:
        buf_add_format(sql, ", b %s, a %s, PRIMARY KEY (a, b)", key_second_type(world, table),
                       key_type(world, table));
        break;
    case SHAPE_UNIQUE:
        buf_add_text(sql, ", id int NOT NULL UNIQUE");
        break;
    case SHAPE_ALTERNATE:
        buf_add_format(sql, ", id %s UNIQUE, other int PRIMARY KEY", key_type(world, table));
        break;
    case SHAPE_NONE:
        break;
    default:
        buf_add_format(sql, ", id %s PRIMARY KEY", key_type(world, table));
    }
    for (int i = 0; i < world->link_count; i++) {
        const struct world_link *link = &world->links[i];
        const char *null = link->is_nullable ? "" : " NOT NULL";
        if (link->child != t || is_second_choice(world, i))
            continue;
        if (is_pair(world, link))
            buf_add_format(sql, ", f%da %s%s, f%db %s", link->number, link_type(world, link), null,
                           link->number, key_second_type(world, &world->tables[link->parent]));
        else
            buf_add_format(sql, ", f%d %s%s", link->number, link_type(world, link), null);
        if (link->shape == LINK_CHOICE)
            buf_add_format(sql, ", k%d int", link->number);
    }
    buf_add_text(sql, ")");
    if (table->is_partitioned && is_mysql(world)) {
        buf_add_text(sql, " PARTITION BY KEY (id) PARTITIONS 3");
    } else if (table->is_partitioned) {
        buf_add_text(sql, " PARTITION BY HASH (id)");
        for (int p = 0; p < 3; p++)
            buf_add_format(sql,
                           ";CREATE TABLE w.t%d_%d PARTITION OF w.t%d FOR VALUES WITH (MODULUS 3, "
                           "REMAINDER %d)",
                           t, p, t, p);
    }
    buf_add_text(sql, ";\n");
}

/* The row referred to; -1: NULL. */
static int target_row(struct world *world, const struct world_link *link)
{
    int rows = world->tables[link->parent].rows;
    bool may_dangle = link->shape != LINK_KEY;

    if (may_dangle && world_random(world, 100) < 12)
        return rows + (int)world_random(world, 5);
    if (rows == 0 || (link->is_nullable && world_random(world, 100) < 20))
        return link->is_nullable ? -1 : rows;
    return (int)world_random(world, (uint64_t)rows);
}

static void cell_array(struct world *world, const struct world_link *link, struct buf *sql)
{
    int elements = (int)world_random(world, 4);

    buf_add_text(sql, "'{");
    for (int i = 0; i < elements; i++) {
        int n = target_row(world, link);
        buf_add_text(sql, i ? "," : "");
        if (n < 0)
            buf_add_text(sql, "NULL");
        else
            key_add(world, &world->tables[link->parent], n, 0, sql);
    }
    buf_add_text(sql, "}'");
}

static void cell_add(struct world *world, const struct world_link *link, struct buf *sql)
{
    const struct world_table *parent = &world->tables[link->parent];
    bool is_half = is_pair(world, link) && world_random(world, 10) == 0;

    if (link->shape == LINK_ARRAY) {
        cell_array(world, link, sql);
        return;
    }
    int n = target_row(world, link);
    if (n < 0)
        buf_add_text(sql, is_pair(world, link) ? "NULL, NULL" : "NULL");
    else if (link->shape == LINK_JSON)
        key_document_add(world, parent, n, sql);
    else if (is_half) { /* MATCH SIMPLE: no reference */
        pair_first_add(parent, n, sql);
        buf_add_text(sql, ", NULL");
    } else
        key_add(world, parent, n, n + link->number, sql);
}

static void row_add(struct world *world, int t, int n, struct buf *sql)
{
    const struct world_table *table = &world->tables[t];

    buf_add_format(sql, "(%d, %d, 'v%d'", n, (n * 17 + 5) % 101, n % 3);
    if (table->shape == SHAPE_PAIR) {
        buf_add_text(sql, ", ");
        pair_second_add(table, n, sql);
        buf_add_text(sql, ", ");
        pair_first_add(table, n, sql);
    } else if (table->shape == SHAPE_ALTERNATE && n % 5 == 4)
        buf_add_format(sql, ", NULL, %d", n);
    else if (table->shape != SHAPE_NONE) {
        buf_add_text(sql, ", ");
        key_add(world, table, n, 0, sql);
        if (table->shape == SHAPE_ALTERNATE)
            buf_add_format(sql, ", %d", n);
    }
    for (int i = 0; i < world->link_count; i++) {
        const struct world_link *link = &world->links[i];
        if (link->child != t || is_second_choice(world, i))
            continue;
        buf_add_text(sql, ", ");
        cell_add(world, link, sql);
        if (link->shape == LINK_CHOICE) {
            int kind = (int)world_random(world, 4);
            if (kind == 3)
                buf_add_text(sql, ", NULL");
            else
                buf_add_format(sql, ", %d", kind);
        }
    }
    buf_add_text(sql, ")");
}

static void row_repeat(struct buf *sql, size_t begin)
{
    char *row = strdup(buf_text(sql) + begin);

    buf_add_format(sql, ",\n%s", row);
    free(row);
}

static void rows_add(struct world *world, int t, struct buf *sql)
{
    int order[64];
    int rows = world->tables[t].rows;

    assert(rows <= 64);
    for (int i = 0; i < rows; i++) {
        int at = (int)world_random(world, (uint64_t)i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    for (int i = 0; i < rows; i++) {
        if (i == 0)
            buf_add_format(sql, "INSERT INTO w.t%d VALUES ", t);
        buf_add_text(sql, i ? ",\n" : "");
        size_t begin = sql->len;
        row_add(world, t, order[i], sql);
        for (int k = 1; k < world_copies(world, t, order[i]); k++)
            row_repeat(sql, begin);
    }
    buf_add_text(sql, rows ? ";\n" : "");
}

/* A row of an alternate key without a key cannot be referred to: such references go. */
static void link_repair(const struct world *world, const struct world_link *link, struct buf *sql)
{
    if (link->shape != LINK_KEY || world->tables[link->parent].shape != SHAPE_ALTERNATE)
        return;
    buf_add_format(
        sql,
        "UPDATE w.t%d SET f%d = NULL WHERE f%d NOT IN (SELECT id FROM (SELECT id FROM w.t%d "
        "WHERE id IS NOT NULL) AS x);\n",
        link->child, link->number, link->number, link->parent);
}

static void link_add(const struct world *world, int i, struct buf *sql)
{
    const struct world_link *link = &world->links[i];
    bool pair = is_pair(world, link);
    char columns[32];

    if (pair)
        snprintf(columns, sizeof(columns), "f%da, f%db", link->number, link->number);
    else
        snprintf(columns, sizeof(columns), "f%d", link->number);
    if (link->is_indexed && !is_second_choice(world, i))
        buf_add_format(sql, "CREATE INDEX i%d_%d ON w.t%d (%s);\n", link->child, i, link->child,
                       columns);
    if (link->shape != LINK_KEY && link->shape != LINK_NOT_VALID)
        return;
    buf_add_format(sql,
                   "ALTER TABLE w.t%d ADD CONSTRAINT c%d FOREIGN KEY (%s) REFERENCES w.t%d %s%s;\n",
                   link->child, i, columns, link->parent, pair ? "(a, b)" : "(id)",
                   link->shape == LINK_NOT_VALID && !is_mysql(world) ? " NOT VALID" : "");
}

static void analyze_add(const struct world *world, struct buf *sql)
{
    if (!is_mysql(world)) {
        buf_add_text(sql, "ANALYZE;");
        return;
    }
    for (int i = 0; i < world->table_count; i++)
        buf_add_format(sql, "ANALYZE TABLE w.t%d;", i);
}

void world_write(struct world *world, struct server *server)
{
    struct buf sql;

    buf_init(&sql, 1 << 24);
    buf_add_text(&sql, is_mysql(world) ? "SET foreign_key_checks = 0; DROP DATABASE IF EXISTS w; "
                                         "CREATE DATABASE w COLLATE utf8mb4_bin;\n"
                                       : "DROP SCHEMA IF EXISTS w CASCADE; CREATE SCHEMA w;\n");
    for (int i = 0; i < world->table_count; i++)
        table_add(world, i, &sql);
    for (int i = 0; i < world->table_count; i++)
        rows_add(world, i, &sql);
    for (int i = 0; i < world->link_count; i++)
        link_repair(world, &world->links[i], &sql);
    for (int i = 0; i < world->link_count; i++)
        link_add(world, i, &sql);
    if (world_random(world, 2))
        analyze_add(world, &sql);
    assert(buf_ok(&sql));
    server_run(server, buf_text(&sql));
    buf_release(&sql);
}

void world_move(const struct world *world, struct server *server)
{
    char sql[300];

    for (int i = world->table_count - 1; i >= 0; i--) {
        if (is_mysql(world))
            snprintf(sql, sizeof(sql),
                     "CREATE TEMPORARY TABLE w.moved AS SELECT * FROM w.t%d; DELETE FROM w.t%d; "
                     "INSERT INTO w.t%d SELECT * FROM w.moved ORDER BY n %% 7, n DESC; "
                     "DROP TEMPORARY TABLE w.moved",
                     i, i, i);
        else
            snprintf(sql, sizeof(sql), "UPDATE w.t%d SET v = v WHERE n %% 3 <> 1", i);
        server_run(server, sql);
    }
}
