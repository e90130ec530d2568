/* What the program chose beside the oracle: rows, counts, what takes cut off, orphans, keys of
 * parents that a cut reference may keep. */
#include "dialect.h"

#include <stdio.h>
#include <stdlib.h>

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

    /* Where only the server knows what is equal, it is asked of columns alone. */
    if (link->is_ignored || link->is_parent_cut ||
        (link->shape == LINK_JSON && world->tables[link->parent].shape == SHAPE_TEXT &&
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
