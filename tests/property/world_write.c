/* How a world is written into the server: tables, rows in random order, then constraints. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

PGresult *sql_run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fprintf(stderr, "property: %s%.2000s\n", PQerrorMessage(connection), sql);
        exit(2);
    }
    return result;
}

long long sql_number(PGconn *connection, const char *sql)
{
    AUTO(PGresult) PGresult *result = sql_run(connection, sql);

    return strtoll(PQgetvalue(result, 0, 0), NULL, 10);
}

static const char *shape_type(enum key_shape shape)
{
    switch (shape) {
    case SHAPE_BIGINT:
        return "bigint";
    case SHAPE_TEXT:
    case SHAPE_ALTERNATE:
        return "text";
    case SHAPE_UUID:
        return "uuid";
    case SHAPE_NUMERIC:
        return "numeric(12,2)";
    default:
        return "int";
    }
}

/* The key of row n as an SQL literal; rows beyond the table's are orphans' parents. */
static void key_add(struct buf *sql, enum key_shape shape, int n)
{
    switch (shape) {
    case SHAPE_TEXT:
    case SHAPE_ALTERNATE:
        buf_add_format(sql, "'k \"%d\" é\\'", n * 7);
        return;
    case SHAPE_UUID:
        buf_add_format(sql, "'00000000-0000-4000-8000-%012d'", n * 31);
        return;
    case SHAPE_NUMERIC:
        buf_add_format(sql, "%d.50", n * 3 - 20);
        return;
    default:
        buf_add_format(sql, "%d", n * 3 - 20);
        return;
    }
}

static const char *link_type(const struct world *world, const struct world_link *link)
{
    if (link->shape == LINK_JSON)
        return "jsonb";
    if (link->shape == LINK_ARRAY)
        return world->tables[link->parent].shape == SHAPE_BIGINT ? "bigint[]" : "int[]";
    return link->is_wide ? "bigint" : shape_type(world->tables[link->parent].shape);
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
        buf_add_text(sql, ", b text, a int, PRIMARY KEY (a, b)");
        break;
    case SHAPE_UNIQUE:
        buf_add_text(sql, ", id int NOT NULL UNIQUE");
        break;
    case SHAPE_ALTERNATE:
        buf_add_text(sql, ", id text UNIQUE, other int PRIMARY KEY");
        break;
    case SHAPE_NONE:
        break;
    default:
        buf_add_format(sql, ", id %s PRIMARY KEY", shape_type(table->shape));
    }
    for (int i = 0; i < world->link_count; i++) {
        const struct world_link *link = &world->links[i];
        const char *null = link->is_nullable ? "" : " NOT NULL";
        if (link->child != t || is_second_choice(world, i))
            continue;
        if (is_pair(world, link))
            buf_add_format(sql, ", f%da int%s, f%db text", link->number, null, link->number);
        else
            buf_add_format(sql, ", f%d %s%s", link->number, link_type(world, link), null);
        if (link->shape == LINK_CHOICE)
            buf_add_format(sql, ", k%d int", link->number);
    }
    buf_add_text(sql, ")");
    if (table->is_partitioned) {
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
            key_add(sql, world->tables[link->parent].shape, n);
    }
    buf_add_text(sql, "}'");
}

static void cell_add(struct world *world, const struct world_link *link, struct buf *sql)
{
    enum key_shape shape = world->tables[link->parent].shape;
    bool is_half = is_pair(world, link) && world_random(world, 10) == 0;

    if (link->shape == LINK_ARRAY) {
        cell_array(world, link, sql);
        return;
    }
    int n = target_row(world, link);
    if (is_pair(world, link)) {
        if (n < 0) {
            buf_add_text(sql, "NULL, NULL");
            return;
        }
        buf_add_format(sql, "%d, ", n * 3 - 20);
        if (is_half)
            buf_add_text(sql, "NULL"); /* MATCH SIMPLE: no reference */
        else
            buf_add_format(sql, "'b%d'", n % 4);
        return;
    }
    if (n < 0) {
        buf_add_text(sql, "NULL");
        return;
    }
    if (link->shape == LINK_JSON) {
        buf_add_text(sql, "jsonb_build_object('r', ");
        key_add(sql, shape, n);
        buf_add_text(sql, shape == SHAPE_TEXT || shape == SHAPE_ALTERNATE || shape == SHAPE_UUID
                              ? "::text)"
                              : ")");
        return;
    }
    key_add(sql, shape, n);
}

static void row_add(struct world *world, int t, int n, struct buf *sql)
{
    const struct world_table *table = &world->tables[t];

    buf_add_format(sql, "(%d, %d, 'v%d'", n, (n * 17 + 5) % 101, n % 3);
    if (table->shape == SHAPE_PAIR)
        buf_add_format(sql, ", 'b%d', %d", n % 4, n * 3 - 20);
    else if (table->shape == SHAPE_ALTERNATE && n % 5 == 4)
        buf_add_format(sql, ", NULL, %d", n);
    else if (table->shape != SHAPE_NONE) {
        buf_add_text(sql, ", ");
        key_add(sql, table->shape, n);
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
        row_add(world, t, order[i], sql);
    }
    buf_add_text(sql, rows ? ";\n" : "");
}

/* A row of an alternate key without a key cannot be referred to: such references go. */
static void link_repair(const struct world *world, const struct world_link *link, struct buf *sql)
{
    if (link->shape != LINK_KEY || world->tables[link->parent].shape != SHAPE_ALTERNATE)
        return;
    buf_add_format(sql,
                   "UPDATE w.t%d SET f%d = NULL WHERE f%d NOT IN (SELECT id FROM w.t%d WHERE id IS "
                   "NOT NULL);\n",
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
        buf_add_format(sql, "CREATE INDEX ON w.t%d (%s);\n", link->child, columns);
    if (link->shape != LINK_KEY && link->shape != LINK_NOT_VALID)
        return;
    buf_add_format(sql,
                   "ALTER TABLE w.t%d ADD CONSTRAINT c%d FOREIGN KEY (%s) REFERENCES w.t%d %s%s;\n",
                   link->child, i, columns, link->parent, pair ? "(a, b)" : "(id)",
                   link->shape == LINK_NOT_VALID ? " NOT VALID" : "");
}

void world_write(struct world *world, PGconn *connection)
{
    struct buf sql;

    buf_init(&sql, 1 << 24);
    buf_add_text(&sql, "DROP SCHEMA IF EXISTS w CASCADE; CREATE SCHEMA w;\n");
    for (int i = 0; i < world->table_count; i++)
        table_add(world, i, &sql);
    for (int i = 0; i < world->table_count; i++)
        rows_add(world, i, &sql);
    for (int i = 0; i < world->link_count; i++)
        link_repair(world, &world->links[i], &sql);
    for (int i = 0; i < world->link_count; i++)
        link_add(world, i, &sql);
    if (world_random(world, 2))
        buf_add_text(&sql, "ANALYZE;");
    assert(buf_ok(&sql));
    PQclear(sql_run(connection, buf_text(&sql)));
    buf_release(&sql);
}

void world_move(const struct world *world, PGconn *connection)
{
    char sql[100];

    for (int i = world->table_count - 1; i >= 0; i--) {
        snprintf(sql, sizeof(sql), "UPDATE w.t%d SET v = v WHERE n %% 3 <> 1", i);
        PQclear(sql_run(connection, sql));
    }
}
