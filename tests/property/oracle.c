/* The oracle: the closure as the specification words it, computed by the server over numbered
 * rows. Nothing here is taken from the program under test. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

const char *link_when(const struct world_link *link, char *text, size_t size)
{
    if (link->shape != LINK_CHOICE)
        return "true";
    snprintf(text, size, "k%d = %d", link->number, link->choice);
    return text;
}

void link_match(const struct world *world, const struct world_link *link, struct buf *sql)
{
    int f = link->number;

    if (world->tables[link->parent].shape == SHAPE_PAIR)
        buf_add_format(sql, "(p.a = c.f%da AND p.b = c.f%db)", f, f);
    else if (link->shape == LINK_ARRAY)
        buf_add_format(sql, "(p.id = ANY (c.f%d))", f);
    else if (link->shape == LINK_JSON)
        buf_add_format(sql, "(p.id::text = c.f%d ->> 'r')", f);
    else
        buf_add_format(sql, "(p.id = c.f%d)", f);
    if (link->shape == LINK_CHOICE)
        buf_add_format(sql, " AND c.k%d = %d", f, link->choice);
}

static void rows_add(struct buf *sql, int t, const char *where, bool is_whole, int reason)
{
    buf_add_format(sql,
                   "INSERT INTO s SELECT %d, n, %s, %d FROM w.t%d c WHERE %s ON CONFLICT (t, n) DO "
                   "UPDATE SET w = s.w OR excluded.w;\n",
                   t, is_whole ? "true" : "false", reason, t, where);
}

/* Witnesses of what is rare and not masked away, in tables that are surveyed, referenced; and the
 * children that come with them, referenced too. */
static void tails_add(const struct world *world, struct buf *sql)
{
    char where[40];

    for (int i = 0; i < world->stratum_count; i++) {
        const struct world_stratum *stratum = &world->strata[i];
        const struct world_link *link = stratum->link < 0 ? NULL : &world->links[stratum->link];
        if (stratum->is_common || stratum->is_masked || world->is_everything[stratum->table])
            continue;
        for (int k = 0; k < stratum->count; k++) {
            snprintf(where, sizeof(where), "n = %d", stratum->rows[k]);
            rows_add(sql, stratum->table, where, false, CHOSEN_TAIL);
            if (!link || link->is_ignored || world->is_everything[link->child])
                continue;
            buf_add_format(sql,
                           "INSERT INTO s SELECT DISTINCT %d, c.n, false, %d FROM w.t%d c JOIN "
                           "w.t%d p ON p.n = %d AND ",
                           link->child, CHOSEN_TAIL, link->child, link->parent, stratum->rows[k]);
            link_match(world, link, sql);
            buf_add_text(sql, " ON CONFLICT (t, n) DO NOTHING;\n");
        }
    }
}

static void seeds_add(const struct world *world, PGconn *connection, struct buf *sql)
{
    char text[100];

    for (int i = 0; i < world->pin_count; i++) {
        const struct world_pin *pin = &world->pins[i];
        snprintf(text, sizeof(text), "n %% %d = %d", pin->modulus, pin->rest);
        rows_add(sql, pin->table, text, pin->takes_children, CHOSEN_PIN);
    }
    tails_add(world, sql);
    for (int role = 0; role < 3; role++)
        for (int i = 0; i < world->table_count; i++) {
            const struct world_table *table = &world->tables[i];
            bool may_be_small = table->role == ROLE_REACHED || table->role == ROLE_SAMPLE;
            snprintf(text, sizeof(text), "SELECT count(*) FROM w.t%d", i);
            bool is_small = may_be_small && world->small_table_rows > 0 &&
                            sql_number(connection, text) <= world->small_table_rows;
            snprintf(text, sizeof(text), "n %% %d = %d", table->modulus, table->rest);
            if (role == 0 && table->role == ROLE_START)
                rows_add(sql, i,
                         table->is_where        ? text
                         : table->fraction >= 1 ? "true"
                                                : "false",
                         true, CHOSEN_START);
            if (role == 1 && table->role == ROLE_SAMPLE && !is_small && table->fraction >= 1)
                rows_add(sql, i, "true", true, CHOSEN_SAMPLE);
            if (role == 2 && (table->role == ROLE_FULL || is_small))
                rows_add(sql, i, "true", false, CHOSEN_FULL_TABLE);
        }
}

static const char *identity_order(enum key_shape shape)
{
    return shape == SHAPE_PAIR ? "c.a, c.b" : shape == SHAPE_ALTERNATE ? "c.other" : "c.id";
}

/* Children of whole rows along one link. */
static void children_add(const struct world *world, const struct world_link *link, struct buf *sql)
{
    char rank[100] = "";

    if (link->take.kind == TAKE_NONE || link->is_ignored)
        return;
    if (link->take.kind == TAKE_COUNT)
        snprintf(rank, sizeof(rank), ", row_number() OVER (PARTITION BY p.n ORDER BY %s%s) AS rank",
                 link->has_order ? "c.o DESC, " : "",
                 world->tables[link->child].shape == SHAPE_NONE
                     ? "c.n"
                     : identity_order(world->tables[link->child].shape));
    buf_add_format(sql,
                   "INSERT INTO s SELECT DISTINCT %d, n, true, %d FROM (SELECT c.n%s FROM w.t%d p "
                   "JOIN s ON s.t = %d AND s.n = p.n AND s.w JOIN w.t%d c ON ",
                   link->child, CHOSEN_CHILD, rank, link->parent, link->parent, link->child);
    link_match(world, link, sql);
    buf_add_format(sql, ") AS x");
    if (link->take.kind == TAKE_COUNT)
        buf_add_format(sql, " WHERE rank <= %d", (int)link->take.count);
    buf_add_text(sql, " ON CONFLICT (t, n) DO UPDATE SET w = true WHERE NOT s.w;\n"
                      "GET DIAGNOSTICS c = ROW_COUNT; changed := changed + c;\n");
}

static void parents_add(const struct world *world, const struct world_link *link, struct buf *sql)
{
    if (link->is_parent_cut || link->is_ignored)
        return;
    buf_add_format(sql,
                   "INSERT INTO s SELECT DISTINCT %d, p.n, false, %d FROM w.t%d c JOIN s ON s.t = "
                   "%d AND s.n = c.n JOIN w.t%d p ON ",
                   link->parent, CHOSEN_PARENT, link->child, link->child, link->parent);
    link_match(world, link, sql);
    buf_add_text(sql, " ON CONFLICT (t, n) DO NOTHING;\n"
                      "GET DIAGNOSTICS c = ROW_COUNT; changed := changed + c;\n");
}

void oracle_run(const struct world *world, PGconn *connection)
{
    struct buf sql;

    buf_init(&sql, 1 << 24);
    buf_add_text(&sql, "DROP TABLE IF EXISTS s; CREATE TEMP TABLE s (t int, n int, w bool, r int, "
                       "PRIMARY KEY (t, n));\n");
    seeds_add(world, connection, &sql);
    buf_add_text(&sql, "DO $$ DECLARE changed bigint; c bigint; BEGIN LOOP changed := 0;\n");
    for (int i = 0; i < world->link_count; i++) {
        children_add(world, &world->links[i], &sql);
        parents_add(world, &world->links[i], &sql);
    }
    buf_add_text(&sql, "EXIT WHEN changed = 0; END LOOP; END $$;");
    assert(buf_ok(&sql));
    PQclear(sql_run(connection, buf_text(&sql)));
    buf_release(&sql);
}

static int differ(const char *what, int number, long long oracle, long long found)
{
    if (oracle == found)
        return 0;
    printf("  %s %d: the oracle says %lld, choose says %lld\n", what, number, oracle, found);
    return 1;
}

bool selection_has(const struct selected_table *table, unsigned oid, unsigned block,
                   unsigned offset)
{
    for (size_t r = 0; r < table->relation_count; r++)
        if (table->relations[r].relation->oid == oid)
            return table->relations[r].is_everything ||
                   bitmap_has(table->relations[r].rows, (uint64_t)block << 16 | offset);
    return false;
}

static int rows_compare(int t, const struct selected_table *table, PGconn *connection)
{
    char sql[400];
    int faults = 0;

    snprintf(sql, sizeof(sql),
             "SELECT x.tableoid, x.ctid, x.n, s.n IS NOT NULL FROM w.t%d x LEFT JOIN s ON s.t = %d "
             "AND s.n = x.n ORDER BY x.n",
             t, t);
    AUTO(PGresult) PGresult *rows = sql_run(connection, sql);
    for (int i = 0; i < PQntuples(rows); i++) {
        unsigned oid = (unsigned)strtoul(PQgetvalue(rows, i, 0), NULL, 10), block = 0, offset = 0;
        sscanf(PQgetvalue(rows, i, 1), "(%u,%u)", &block, &offset);
        bool is_expected = PQgetvalue(rows, i, 3)[0] == 't';
        bool is_found = selection_has(table, oid, block, offset);
        if (is_expected == is_found)
            continue;
        printf("  t%d row %s: %s\n", t, PQgetvalue(rows, i, 2),
               is_found ? "chosen, but not by the oracle" : "missing");
        faults++;
    }
    return faults;
}

static int counts_compare(int t, const struct selected_table *table, PGconn *connection)
{
    char sql[300];
    int faults = 0;

    snprintf(sql, sizeof(sql), "SELECT count(*) FROM s WHERE t = %d AND w", t);
    faults += differ("whole rows of table", t, sql_number(connection, sql),
                     (long long)table->whole_count);
    for (int reason = 0; reason < CHOSEN_COUNT; reason++) {
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM s WHERE t = %d AND CASE WHEN r < %d THEN r WHEN w THEN %d "
                 "ELSE %d END = %d",
                 t, CHOSEN_CHILD, CHOSEN_CHILD, CHOSEN_PARENT, reason);
        if (differ("table", t, sql_number(connection, sql), (long long)table->chosen[reason])) {
            printf("    (reason %d)\n", reason);
            faults++;
        }
    }
    return faults;
}

/* Children of whole parents that a take leaves out. */
static int cut_compare(const struct world *world, int i, const struct selected_edge *edge,
                       const struct selected_table *child, PGconn *connection)
{
    const struct world_link *link = &world->links[i];
    struct buf sql;
    bool is_full = child->relations[0].is_everything;
    bool is_whole = is_full && child->whole_count == child->row_count;

    if (link->shape == LINK_ARRAY || link->is_ignored ||
        (link->take.kind != TAKE_NONE && link->take.kind != TAKE_COUNT) ||
        (link->take.kind == TAKE_NONE && is_full) || is_whole)
        return 0;
    buf_init(&sql, 1 << 16);
    buf_add_format(&sql,
                   "SELECT coalesce(sum(greatest(x.c - %d, 0)), 0) FROM (SELECT count(*) AS c FROM "
                   "w.t%d p JOIN s ON s.t = %d AND s.n = p.n AND s.w JOIN w.t%d c ON ",
                   link->take.kind == TAKE_NONE ? 0 : (int)link->take.count, link->parent,
                   link->parent, link->child);
    link_match(world, link, &sql);
    buf_add_text(&sql, " GROUP BY p.n) AS x");
    long long expected = sql_number(connection, buf_text(&sql));
    buf_release(&sql);
    return differ("cut of link", i, expected, (long long)edge->cut);
}

static int orphans_compare(const struct world *world, int i, const struct selected_edge *edge,
                           PGconn *connection)
{
    const struct world_link *link = &world->links[i];
    struct buf sql;
    int f = link->number;
    char when[40];

    if (link->is_ignored || link->is_parent_cut)
        return 0;
    buf_init(&sql, 1 << 16);
    buf_add_format(&sql, "SELECT count(*) FROM w.t%d c JOIN s ON s.t = %d AND s.n = c.n",
                   link->child, link->child);
    if (link->shape == LINK_ARRAY)
        buf_add_format(&sql,
                       ", unnest(c.f%d) AS e WHERE e IS NOT NULL AND NOT EXISTS (SELECT FROM w.t%d "
                       "p WHERE p.id = e)",
                       f, link->parent);
    else {
        if (world->tables[link->parent].shape == SHAPE_PAIR)
            buf_add_format(&sql, " WHERE c.f%da IS NOT NULL AND c.f%db IS NOT NULL", f, f);
        else if (link->shape == LINK_JSON)
            buf_add_format(&sql, " WHERE c.f%d ->> 'r' IS NOT NULL", f);
        else
            buf_add_format(&sql, " WHERE c.f%d IS NOT NULL AND %s", f,
                           link_when(link, when, sizeof(when)));
        buf_add_format(&sql, " AND NOT EXISTS (SELECT FROM w.t%d p WHERE ", link->parent);
        link_match(world, link, &sql);
        buf_add_text(&sql, ")");
    }
    long long expected = sql_number(connection, buf_text(&sql));
    buf_release(&sql);
    return differ("orphans of link", i, expected, (long long)edge->orphans_kept);
}

static int parents_compare(const struct world *world, int i, const struct selected_edge *edge,
                           PGconn *connection)
{
    const struct world_link *link = &world->links[i];
    struct buf sql;

    if (!link->is_parent_cut)
        return 0;
    if (!edge->parent_keys) {
        printf("  link %d is cut and has no parent_keys\n", i);
        return 1;
    }
    if (link->is_ignored)
        return differ("parent keys of link", i, 0, (long long)map_count(edge->parent_keys));
    buf_init(&sql, 1 << 16);
    buf_add_format(&sql,
                   "SELECT count(DISTINCT p.n) FROM w.t%d c JOIN s sc ON sc.t = %d AND sc.n = c.n "
                   "JOIN w.t%d p ON ",
                   link->child, link->child, link->parent);
    link_match(world, link, &sql);
    buf_add_format(&sql, " JOIN s sp ON sp.t = %d AND sp.n = p.n", link->parent);
    long long expected = sql_number(connection, buf_text(&sql));
    buf_release(&sql);
    return differ("parent keys of link", i, expected, (long long)map_count(edge->parent_keys));
}

int oracle_compare(const struct world *world, const struct bound_world *bound,
                   const struct selection *selection, PGconn *connection)
{
    int faults = 0;

    for (int i = 0; i < world->table_count; i++) {
        const struct selected_table *table = &selection->tables[bound->tables[i]->index];
        faults += rows_compare(i, table, connection);
        faults += counts_compare(i, table, connection);
    }
    for (int i = 0; i < world->link_count; i++) {
        const struct selected_edge *edge = &selection->edges[bound->edges[i]->index];
        const struct table *child = bound->tables[world->links[i].child];
        faults += cut_compare(world, i, edge, &selection->tables[child->index], connection);
        faults += orphans_compare(world, i, edge, connection);
        faults += parents_compare(world, i, edge, connection);
    }
    return faults;
}
