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

static int differ(const char *what, int number, long long oracle, long long found)
{
    if (oracle == found)
        return 0;
    printf("  %s %d: the oracle says %lld, choose says %lld\n", what, number, oracle, found);
    return 1;
}

static int rows_compare(const struct world *world, const struct bound_world *bound, int t,
                        const struct selected_table *table, struct server *server,
                        struct db *leader)
{
    struct place places[ROWS_MOST];
    struct answer expected;
    bool is_expected[ROWS_MOST] = {false};
    char sql[100];
    int faults = 0;

    world_places(world, bound, t, server, leader, places);
    snprintf(sql, sizeof(sql), "SELECT n FROM s WHERE t = %d", t);
    server_ask(server, sql, &expected);
    for (size_t i = 0; i < expected.rows; i++)
        is_expected[answer_number(&expected, i, 0)] = true;
    answer_release(&expected);
    for (int n = 0; n < world->tables[t].rows; n++) {
        if (!places[n].is_there) {
            printf("  t%d row %d: its place is not known\n", t, n);
            faults++;
            continue;
        }
        bool is_found = selection_has(table, &places[n]);
        if (is_expected[n] == is_found)
            continue;
        printf("  t%d row %d: %s\n", t, n, is_found ? "chosen, but not by the oracle" : "missing");
        faults++;
    }
    return faults;
}

static int counts_compare(int t, const struct selected_table *table, struct server *server)
{
    char sql[300];
    int faults = 0;

    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM s JOIN w.t%d x ON x.n = s.n WHERE t = %d AND w", t, t);
    faults +=
        differ("whole rows of table", t, server_number(server, sql), (long long)table->whole_count);
    for (int reason = 0; reason < CHOSEN_COUNT; reason++) {
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM s JOIN w.t%d x ON x.n = s.n WHERE t = %d AND CASE WHEN r < "
                 "%d THEN r WHEN w THEN %d "
                 "ELSE %d END = %d",
                 t, t, CHOSEN_CHILD, CHOSEN_CHILD, CHOSEN_PARENT, reason);
        if (differ("table", t, server_number(server, sql), (long long)table->chosen[reason])) {
            printf("    (reason %d)\n", reason);
            faults++;
        }
    }
    return faults;
}

/* Children of whole parents that a take leaves out. */
static int cut_compare(const struct world *world, int i, const struct selected_edge *edge,
                       const struct selected_table *child, struct server *server)
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
    long long expected = server_number(server, buf_text(&sql));
    buf_release(&sql);
    return differ("cut of link", i, expected, (long long)edge->cut);
}

static void document_is_there_add(const struct world *world, int f, struct buf *sql)
{
    char column[20];

    snprintf(column, sizeof(column), "c.f%d", f);
    buf_add_text(sql, " WHERE (");
    document_key_add(world, column, sql);
    buf_add_text(sql, ") IS NOT NULL");
}

static int orphans_compare(const struct world *world, int i, const struct selected_edge *edge,
                           struct server *server)
{
    const struct world_link *link = &world->links[i];
    struct buf sql;
    int f = link->number;
    char when[40];

    /* Where only the server knows what is equal, nothing is counted as dangling. */
    if (link->is_ignored || link->is_parent_cut ||
        (world->tables[link->parent].shape == SHAPE_TEXT &&
         world->tables[link->parent].variant == 1))
        return 0;
    buf_init(&sql, 1 << 16);
    buf_add_format(&sql, "SELECT count(*) FROM w.t%d c JOIN s ON s.t = %d AND s.n = c.n",
                   link->child, link->child);
    if (link->shape == LINK_ARRAY)
        buf_add_format(
            &sql,
            ", unnest(c.f%d) AS e WHERE e IS NOT NULL AND NOT EXISTS (SELECT 1 FROM w.t%d "
            "p WHERE p.id = e)",
            f, link->parent);
    else {
        if (world->tables[link->parent].shape == SHAPE_PAIR)
            buf_add_format(&sql, " WHERE c.f%da IS NOT NULL AND c.f%db IS NOT NULL", f, f);
        else if (link->shape == LINK_JSON)
            document_is_there_add(world, f, &sql);
        else
            buf_add_format(&sql, " WHERE c.f%d IS NOT NULL AND %s", f,
                           link_when(link, when, sizeof(when)));
        buf_add_format(&sql, " AND NOT EXISTS (SELECT 1 FROM w.t%d p WHERE ", link->parent);
        link_match(world, link, &sql);
        buf_add_text(&sql, ")");
    }
    long long expected = server_number(server, buf_text(&sql));
    buf_release(&sql);
    return differ("orphans of link", i, expected, (long long)edge->orphans_kept);
}

static int parents_compare(const struct world *world, int i, const struct selected_edge *edge,
                           struct server *server)
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
    long long expected = server_number(server, buf_text(&sql));
    buf_release(&sql);
    return differ("parent keys of link", i, expected, (long long)map_count(edge->parent_keys));
}

int oracle_compare(const struct world *world, const struct bound_world *bound,
                   const struct selection *selection, struct server *server, struct db *leader)
{
    int faults = 0;

    for (int i = 0; i < world->table_count; i++) {
        const struct selected_table *table = &selection->tables[bound->tables[i]->index];
        faults += rows_compare(world, bound, i, table, server, leader);
        faults += counts_compare(i, table, server);
    }
    for (int i = 0; i < world->link_count; i++) {
        const struct selected_edge *edge = &selection->edges[bound->edges[i]->index];
        const struct table *child = bound->tables[world->links[i].child];
        faults += cut_compare(world, i, edge, &selection->tables[child->index], server);
        faults += orphans_compare(world, i, edge, server);
        faults += parents_compare(world, i, edge, server);
    }
    return faults;
}
