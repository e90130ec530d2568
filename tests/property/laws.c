/* The laws, each tried on the world that a seed gives. */
#include "laws.h"
#include "dialect.h"

#include <stdio.h>
#include <stdlib.h>

void rows_collect(const struct world *world, const struct bound_world *bound,
                  const struct selection *selection, const struct ways *ways,
                  struct chosen_rows *rows)
{
    struct place places[ROWS_MOST];

    *rows = (struct chosen_rows){0};
    for (int t = 0; t < world->table_count; t++) {
        const struct selected_table *table = &selection->tables[bound->tables[t]->index];
        world_places(world, bound, t, ways->server, ways->leader, places);
        for (int n = 0; n < ROWS_MOST; n++) {
            if (!places[n].is_there || !selection_has(table, &places[n]))
                continue;
            rows->has[t][n] = true;
            rows->count += world_copies(world, t, n);
        }
    }
}

struct choice {
    int64_t budget;
    bool has_tails;
};

/* Chooses and keeps the set; false with the error when choosing fails. */
static bool rows_choose(struct world *world, const char *url, struct choice choice,
                        struct server *server, struct chosen_rows *rows, struct error *err)
{
    struct connections connections;
    struct bound_world bound;
    struct selection *selection = NULL;
    struct survey *survey = NULL;

    connections_open(url, false, &connections);
    bound_world_make(world, connections.leader, &bound);
    bound.binding->budget_rows = choice.budget;
    if (choice.has_tails)
        survey = world_survey(world, &bound, server, connections.leader);
    struct readers readers = {.leader = connections.leader};
    *err = (struct error){0};
    bool is_done = choose_rows(bound.binding, &readers, survey, NULL, &selection, err);
    if (is_done) {
        rows_collect(world, &bound, selection, &(struct ways){server, connections.leader}, rows);
        if ((long long)selection->rows_kept != rows->count)
            printf("  rows_kept is not the number of chosen rows\n");
        selection_free(selection);
    }
    bound_world_free(&bound);
    connections_close(&connections);
    return is_done;
}

int rows_outside(const struct chosen_rows *part, const struct chosen_rows *whole)
{
    int outside = 0;

    for (int t = 0; t < TABLES_MOST; t++)
        for (int n = 0; n < ROWS_MOST; n++)
            outside += part->has[t][n] && !whole->has[t][n];
    return outside;
}

int complain(const char *what, int times)
{
    if (times > 0)
        printf("  %s: %d times\n", what, times);
    return times > 0;
}

void fractions_set(struct world *world, double fraction)
{
    for (int i = 0; i < world->table_count; i++) {
        struct world_table *table = &world->tables[i];
        if (table->role == ROLE_START || table->role == ROLE_SAMPLE) {
            table->is_where = false;
            table->fraction = fraction;
        }
    }
    for (int i = 0; i < world->link_count; i++)
        if (world->links[i].take.kind == TAKE_COUNT && i % 2)
            world->links[i].take = (struct take){.kind = TAKE_FRACTION, .fraction = fraction};
}

static int law_of_fractions(struct world *world, const char *url, struct server *server)
{
    struct chosen_rows small, large, moved, kept;
    struct error err;
    int breaches = 0;

    fractions_set(world, 0.7);
    if (!rows_choose(world, url, (struct choice){0}, server, &large, &err))
        return complain(err.cause, 1);
    int64_t budget = 1 + large.count / 2;
    if (rows_choose(world, url, (struct choice){.budget = budget}, server, &kept, &err)) {
        breaches += complain("rows above the budget", (int)(kept.count > budget));
        breaches += complain("rows that only the budget brings", rows_outside(&kept, &large));
        breaches += complain("a budget that leaves nothing", large.count > 0 && kept.count == 0);
    } else if (err.status != STATUS_PROFILE) {
        breaches += complain(err.cause, 1);
    }
    fractions_set(world, 0.3);
    if (!rows_choose(world, url, (struct choice){0}, server, &small, &err))
        return complain(err.cause, 1);
    breaches +=
        complain("rows of a fraction that a larger one lacks", rows_outside(&small, &large));
    world_move(world, server);
    if (!rows_choose(world, url, (struct choice){0}, server, &moved, &err))
        return complain(err.cause, 1);
    breaches += complain("rows that hang on their place",
                         rows_outside(&small, &moved) + rows_outside(&moved, &small));
    return breaches;
}

static int chain_check(const struct why_chain *chain, bool is_chosen)
{
    int breaches = complain("a row is chosen and why denies it, or the reverse",
                            chain->is_chosen != is_chosen);

    if (!chain->is_chosen)
        return breaches + complain("no sentence on absence", chain->absence == NULL);
    if (chain->step_count == 0)
        return breaches + complain("an empty chain", 1);
    const struct why_step *last = &chain->steps[chain->step_count - 1];
    breaches += complain("a chain without a beginning",
                         last->reason > CHOSEN_FULL_TABLE &&
                             !(last->reason == CHOSEN_CHILD && last->edge == NULL));
    breaches += complain("a tail row without its stratum",
                         (last->reason == CHOSEN_TAIL) != (last->stratum != NULL));
    for (size_t i = 0; i + 1 < chain->step_count; i++) {
        const struct why_step *step = &chain->steps[i], *next = step + 1;
        const struct edge *edge = step->edge;
        bool is_child = step->reason == CHOSEN_CHILD;
        if (!edge || edge->child != (is_child ? step : next)->table ||
            edge->parent != (is_child ? next : step)->table || (is_child && !next->is_whole))
            breaches += complain("a chain with a gap", 1);
    }
    return breaches;
}

/* The key of some row of the table as text, and its n; freed by the caller. NULL: it has no rows.
 */
static char *key_ask(struct world *world, struct server *server, const char *column, int t, int *n)
{
    struct answer answer;
    struct buf sql;
    char *key = NULL;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "SELECT ");
    key_text_add(world, &world->tables[t], column, &sql);
    buf_add_format(&sql, ", n FROM w.t%d ORDER BY n LIMIT 1 OFFSET %d", t,
                   (int)world_random(world, (uint64_t)world->tables[t].rows));
    server_ask(server, buf_text(&sql), &answer);
    buf_release(&sql);
    if (answer.rows > 0) {
        key = strdup(answer_text(&answer, 0, 0));
        *n = (int)answer_number(&answer, 0, 1);
    }
    answer_release(&answer);
    return key;
}

static int law_of_why(struct world *world, const char *url, struct server *server)
{
    struct connections connections;
    struct bound_world bound;
    struct chosen_rows rows;
    struct error err;
    int breaches = 0;

    if (!rows_choose(world, url, (struct choice){.has_tails = true}, server, &rows, &err))
        return complain(err.cause, 1);
    connections_open(url, false, &connections);
    bound_world_make(world, connections.leader, &bound);
    struct survey *survey = world_survey(world, &bound, server, connections.leader);
    struct readers readers = {.leader = connections.leader};
    for (int tries = 0; tries < 6; tries++) {
        int t = (int)world_random(world, (uint64_t)world->table_count);
        const struct bound_table *table = &bound.binding->tables[bound.tables[t]->index];
        struct why_chain chain;
        int n;
        if (!table->identity || table->identity_count != 1 || world->tables[t].rows == 0)
            continue;
        char *key = key_ask(world, server, table->identity_columns[0]->name, t, &n);
        if (!key)
            continue;
        const char *const keys[] = {key}, *const * rows_keys[] = {keys};
        const struct why_request request = {
            .table = table, .count = 1, .parts = 1, .keys = rows_keys};
        err = (struct error){0};
        if (!choose_why(bound.binding, &readers, survey, &request, bound.arena, &chain, &err))
            breaches += complain(err.cause, 1);
        else
            breaches += chain_check(&chain, rows.has[t][n]);
        free(key);
    }
    bound_world_free(&bound);
    connections_close(&connections);
    return breaches;
}

struct subject_rows {
    uint64_t of[TABLES_MOST][ROWS_MOST];
    bool has[TABLES_MOST][ROWS_MOST];
};

static void subjects_bind(const struct world *world, struct bound_world *bound)
{
    struct binding *binding = bound->binding;
    const struct table **subjects = ARENA_ARRAY(bound->arena, 1, const struct table *);
    const struct column **settled = NULL;
    struct subject_path *paths = NULL;
    struct error err = {0};

    subjects[0] = bound->tables[world->seed % (uint64_t)world->table_count];
    binding->subjects = subjects;
    binding->subject_count = 1;
    if (!graph_settle_subjects(binding->graph, subjects, 1, bound->arena, &settled, &err) ||
        !graph_subjects(binding->graph, subjects, 1, settled, bound->arena, &paths, &err))
        abort();
    for (size_t i = 0; i < binding->catalog->table_count; i++)
        if (!paths[i].is_ambiguous && (paths[i].is_subject || paths[i].step_count > 0))
            binding->tables[i].subject = &paths[i];
}

static bool is_true(const struct db *db, struct span cell)
{
    return cell.ptr && (db_info(db)->engine == ENGINE_MYSQL ? cell.ptr[0] == '1' : cell.ptr[0]);
}

static void table_subjects(const struct selection *selection, const struct bound_table *table,
                           struct db *db, int t, struct subject_rows *rows)
{
    const struct codec *codec = codec_of(db_info(db)->engine);
    size_t fields = table->column_count + table->discriminator_count;
    AUTO(arena) struct arena *arena = arena_new();
    struct field *field = ARENA_ARRAY(arena, fields, struct field);
    struct read read = {.table = table->table,
                        .field_count = fields,
                        .fields = field,
                        .codec = codec,
                        .with_address = true};
    struct key_scratch scratch = {.codec = codec, .arena = arena};
    struct batch batch;
    struct error err = {0};
    bool more = true, truths[8];

    buf_init(&scratch.bytes, BUF_CEILING_MAX);

    for (size_t i = 0; i < fields; i++)
        field[i] =
            i < table->column_count
                ? (struct field){.column = table->columns[i].column}
                : (struct field){.expression = table->discriminators[i - table->column_count],
                                 .type = &key_boolean_type};
    if (!batch_init(&batch, 100, (uint32_t)fields, &err) || !db_read_begin(db, &read, &err))
        abort();
    while (more && db_read_next(db, &batch, &more, &err))
        for (uint32_t r = 0; r < batch.rows; r++) {
            const struct span *cells = batch.cells + (size_t)r * fields;
            const struct selected_relation *relation =
                &selection->tables[table->table->index].relations[batch.relations[r]];
            int n = cell_number(db_info(db)->engine, cells[0]);
            if (!relation->is_everything && !bitmap_has(relation->rows, batch.addresses[r]))
                continue;
            for (size_t d = 0; d < table->discriminator_count; d++)
                truths[d] = is_true(db, cells[table->column_count + d]);
            rows->has[t][n] =
                selection_subject(selection, table, &scratch, cells, truths, &rows->of[t][n], &err);
        }
    buf_release(&scratch.bytes);
    batch_release(&batch);
    if (err.status != STATUS_OK)
        abort();
}

static int subjects_compare(const struct world *world, const struct bound_world *bound,
                            const struct subject_rows *rows, struct server *server)
{
    int breaches = 0;

    for (int i = 0; i < world->link_count; i++) {
        const struct world_link *link = &world->links[i];
        const struct subject_path *path =
            bound->binding->tables[bound->tables[link->child]->index].subject;
        struct answer pairs;
        struct buf sql;
        bool is_way = false;
        for (size_t e = 0; path && !path->is_subject && e < path->first->edge_count; e++)
            is_way |= path->first->edges[e] == bound->edges[i];
        if (!is_way || link->shape == LINK_ARRAY || link->shape == LINK_JSON ||
            !bound->binding->tables[bound->tables[link->parent]->index].subject)
            continue;
        buf_init(&sql, 1 << 16);
        buf_add_format(&sql, "SELECT c.n, p.n FROM w.t%d c JOIN w.t%d p ON ", link->child,
                       link->parent);
        link_match(world, link, &sql);
        server_ask(server, buf_text(&sql), &pairs);
        buf_release(&sql);
        for (size_t r = 0; r < pairs.rows; r++) {
            long long c = answer_number(&pairs, r, 0), p = answer_number(&pairs, r, 1);
            if (rows->has[link->child][c] && rows->has[link->parent][p] &&
                rows->of[link->child][c] != rows->of[link->parent][p])
                breaches += complain("a row whose subject is not its parent's", 1);
        }
        answer_release(&pairs);
    }
    return breaches;
}

static int law_of_subjects(struct world *world, const char *url, struct server *server)
{
    struct connections connections;
    struct bound_world bound;
    struct subject_rows *rows = calloc(1, sizeof(*rows));
    struct selection *selection = NULL;
    struct error err = {0};
    int breaches = 0;

    connections_open(url, false, &connections);
    bound_world_make(world, connections.leader, &bound);
    subjects_bind(world, &bound);
    struct readers readers = {.leader = connections.leader};
    if (choose_rows(bound.binding, &readers, NULL, NULL, &selection, &err)) {
        for (int t = 0; t < world->table_count; t++) {
            const struct bound_table *table = &bound.binding->tables[bound.tables[t]->index];
            if (table->subject)
                table_subjects(selection, table, connections.leader, t, rows);
        }
        breaches = subjects_compare(world, &bound, rows, server);
        selection_free(selection);
    } else {
        breaches = complain(err.cause, 1);
    }
    free(rows);
    bound_world_free(&bound);
    connections_close(&connections);
    return breaches;
}

int laws_check(struct world *world, const char *url, struct server *server)
{
    int breaches = law_of_subjects(world, url, server);

    breaches += law_of_why(world, url, server);
    return breaches + law_of_fractions(world, url, server);
}
