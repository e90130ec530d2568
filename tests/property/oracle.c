/* The oracle: the closure as the specification words it, computed by the server over numbered
 * rows. Nothing here is taken from the program under test. */
#include "dialect.h"

#include <stdio.h>
#include <stdlib.h>

const char *link_when(const struct world_link *link, char *text, size_t size)
{
    if (link->shape != LINK_CHOICE)
        return "true";
    snprintf(text, size, "k%d = %d", link->number, link->choice);
    return text;
}

static void document_match_add(const struct world *world, const struct world_table *parent, int f,
                               struct buf *sql)
{
    char column[20];

    snprintf(column, sizeof(column), "c.f%d", f);
    buf_add_text(sql, "(");
    key_text_add(world, parent, "p.id", sql);
    buf_add_text(sql, " = ");
    document_key_add(world, column, sql);
    buf_add_text(sql, ")");
}

void link_match(const struct world *world, const struct world_link *link, struct buf *sql)
{
    int f = link->number;

    if (world->tables[link->parent].shape == SHAPE_PAIR)
        buf_add_format(sql, "(p.a = c.f%da AND p.b = c.f%db)", f, f);
    else if (link->shape == LINK_ARRAY)
        buf_add_format(sql, "(p.id = ANY (c.f%d))", f);
    else if (link->shape == LINK_JSON)
        document_match_add(world, &world->tables[link->parent], f, sql);
    else
        buf_add_format(sql, "(p.id = c.f%d)", f);
    if (link->shape == LINK_CHOICE)
        buf_add_format(sql, " AND c.k%d = %d", f, link->choice);
}

struct chosen_as {
    bool is_whole;
    enum chosen_reason reason;
};

static void rows_add(const struct world *world, struct buf *sql, int t, const char *where,
                     struct chosen_as as)
{
    buf_add_format(sql, "%sSELECT %d, n, %s, %d FROM w.t%d c WHERE %s%s;\n",
                   insert_begin(world, WHOLE_IF_NEW_IS), t, as.is_whole ? "true" : "false",
                   as.reason, t, where, insert_end(world, WHOLE_IF_NEW_IS));
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
            rows_add(world, sql, stratum->table, where, (struct chosen_as){false, CHOSEN_TAIL});
            if (!link || link->is_ignored || world->is_everything[link->child])
                continue;
            buf_add_format(sql,
                           "%sSELECT DISTINCT %d, c.n, false, %d FROM w.t%d c JOIN "
                           "w.t%d p ON p.n = %d AND ",
                           insert_begin(world, STAYS), link->child, CHOSEN_TAIL, link->child,
                           link->parent, stratum->rows[k]);
            link_match(world, link, sql);
            buf_add_format(sql, "%s;\n", insert_end(world, STAYS));
        }
    }
}

static void seeds_add(const struct world *world, struct server *server, struct buf *sql)
{
    char text[100];

    for (int i = 0; i < world->pin_count; i++) {
        const struct world_pin *pin = &world->pins[i];
        snprintf(text, sizeof(text), "n %% %d = %d", pin->modulus, pin->rest);
        rows_add(world, sql, pin->table, text, (struct chosen_as){pin->takes_children, CHOSEN_PIN});
    }
    tails_add(world, sql);
    for (int role = 0; role < 3; role++)
        for (int i = 0; i < world->table_count; i++) {
            const struct world_table *table = &world->tables[i];
            bool may_be_small = table->role == ROLE_REACHED || table->role == ROLE_SAMPLE;
            snprintf(text, sizeof(text), "SELECT count(*) FROM w.t%d", i);
            bool is_small = may_be_small && world->small_table_rows > 0 &&
                            server_number(server, text) <= world->small_table_rows;
            snprintf(text, sizeof(text), "n %% %d = %d", table->modulus, table->rest);
            if (role == 0 && table->role == ROLE_START)
                rows_add(world, sql, i,
                         table->is_where        ? text
                         : table->fraction >= 1 ? "true"
                                                : "false",
                         (struct chosen_as){true, CHOSEN_START});
            if (role == 1 && table->role == ROLE_SAMPLE && !is_small && table->fraction >= 1)
                rows_add(world, sql, i, "true", (struct chosen_as){true, CHOSEN_SAMPLE});
            if (role == 2 && (table->role == ROLE_FULL || is_small))
                rows_add(world, sql, i, "true", (struct chosen_as){false, CHOSEN_FULL_TABLE});
        }
}

static const char *identity_order(enum key_shape shape)
{
    return shape == SHAPE_PAIR ? "c.a, c.b" : shape == SHAPE_ALTERNATE ? "c.other" : "c.id";
}

/* Children of whole rows along one link. */
static void children_add(const struct world *world, const struct world_link *link, struct buf *sql)
{
    char place[100] = "";

    if (link->take.kind == TAKE_NONE || link->is_ignored)
        return;
    if (link->take.kind == TAKE_COUNT)
        snprintf(place, sizeof(place),
                 ", row_number() OVER (PARTITION BY p.n ORDER BY %s%s) AS place",
                 link->has_order ? "c.o DESC, " : "",
                 world->tables[link->child].shape == SHAPE_NONE
                     ? "c.n"
                     : identity_order(world->tables[link->child].shape));
    buf_add_format(sql,
                   "%sSELECT DISTINCT %d, n, true, %d FROM (SELECT c.n%s FROM w.t%d p JOIN s ON "
                   "s.t = %d AND s.n = p.n AND s.w JOIN w.t%d c ON ",
                   insert_begin(world, BECOMES_WHOLE), link->child, CHOSEN_CHILD, place,
                   link->parent, link->parent, link->child);
    link_match(world, link, sql);
    buf_add_text(sql, ") AS x");
    if (link->take.kind == TAKE_COUNT)
        buf_add_format(sql, " WHERE place <= %d", (int)link->take.count);
    buf_add_text(sql, insert_end(world, BECOMES_WHOLE));
}

static void parents_add(const struct world *world, const struct world_link *link, struct buf *sql)
{
    if (link->is_parent_cut || link->is_ignored)
        return;
    buf_add_format(sql,
                   "%sSELECT DISTINCT %d, p.n, false, %d FROM w.t%d c JOIN s ON s.t = %d AND s.n = "
                   "c.n JOIN w.t%d p ON ",
                   insert_begin(world, STAYS), link->parent, CHOSEN_PARENT, link->child,
                   link->child, link->parent);
    link_match(world, link, sql);
    buf_add_text(sql, insert_end(world, STAYS));
}

/* Whether it added a row or made one whole. */
static bool step_run(const struct world *world, struct server *server,
                     const struct world_link *link, bool is_down)
{
    struct buf sql;
    long long changed = 0;

    buf_init(&sql, 1 << 16);
    if (is_down)
        children_add(world, link, &sql);
    else
        parents_add(world, link, &sql);
    assert(buf_ok(&sql));
    if (sql.len > 0)
        changed = server_run(server, buf_text(&sql));
    buf_release(&sql);
    return changed > 0;
}

static void seeds_run(const struct world *world, struct server *server)
{
    struct buf sql;

    buf_init(&sql, 1 << 24);
    /* MySQL reads a temporary table once in a statement: there it is an ordinary one, of another
     * database than the world's. */
    buf_add_text(&sql, world->engine == ENGINE_MYSQL
                           ? "CREATE DATABASE IF NOT EXISTS oracle; USE oracle; "
                             "DROP TABLE IF EXISTS s; CREATE TABLE"
                           : "DROP TABLE IF EXISTS s; CREATE TEMP TABLE");
    buf_add_text(&sql, " s (t int, n int, w bool, r int, PRIMARY KEY (t, n));\n");
    seeds_add(world, server, &sql);
    assert(buf_ok(&sql));
    server_run(server, buf_text(&sql));
    buf_release(&sql);
}

void oracle_run(const struct world *world, struct server *server)
{
    bool has_changed = true;

    seeds_run(world, server);
    while (has_changed) {
        has_changed = false;
        for (int i = 0; i < world->link_count; i++) {
            has_changed |= step_run(world, server, &world->links[i], true);
            has_changed |= step_run(world, server, &world->links[i], false);
        }
    }
}
