/* Laws of choosing with tails: it only adds to a run without them at the threshold that it reports;
 * completed rows take the place of as many random ones; what only tails brought is told apart;
 * neither places nor readers show; a budget of the sample leaves the tails alone. */
#include "laws.h"

#include <stdio.h>
#include <stdlib.h>

struct outcome {
    struct chosen_rows all, tails; /* tails: what only pins and tails brought */
    uint64_t start;                /* rows that start brought */
    double thresholds[TABLES_MOST];
    uint64_t completed;
    enum status status;
};

struct wish {
    struct world *world;
    const char *url;
    struct server *server;
    bool has_tails, is_spread;
    double tail_rows; /* budget of tails */
    int64_t budget;
    const double *thresholds; /* of start tables; NULL: as the world has them */
};

static void tails_collect(const struct world *world, const struct bound_world *bound,
                          const struct selection *selection, const struct ways *ways,
                          struct chosen_rows *rows)
{
    struct selection only = *selection;

    only.tables = calloc(bound->catalog->table_count + 1, sizeof(*only.tables));
    for (size_t i = 0; i < bound->catalog->table_count; i++) {
        only.tables[i] = selection->tables[i];
        only.tables[i].relations =
            calloc(only.tables[i].relation_count + 1, sizeof(*only.tables[i].relations));
        for (size_t r = 0; r < only.tables[i].relation_count; r++) {
            struct selected_relation *to = &only.tables[i].relations[r];
            *to = selection->tables[i].relations[r];
            to->is_everything = false;
            to->rows = to->tail_rows ? to->tail_rows : bitmap_new();
        }
    }
    rows_collect(world, bound, &only, ways, rows);
    for (size_t i = 0; i < bound->catalog->table_count; i++) {
        for (size_t r = 0; r < only.tables[i].relation_count; r++)
            if (!only.tables[i].relations[r].tail_rows)
                bitmap_free(only.tables[i].relations[r].rows);
        free(only.tables[i].relations);
    }
    free(only.tables);
}

static void outcome_read(const struct wish *wish, const struct bound_world *bound,
                         const struct selection *selection, struct db *leader,
                         struct outcome *outcome)
{
    const struct ways ways = {wish->server, leader};

    rows_collect(wish->world, bound, selection, &ways, &outcome->all);
    tails_collect(wish->world, bound, selection, &ways, &outcome->tails);
    outcome->completed = selection->tails.completed_rows;
    for (int t = 0; t < wish->world->table_count; t++) {
        const struct selected_table *table = &selection->tables[bound->tables[t]->index];
        outcome->start += table->chosen[CHOSEN_START];
        outcome->thresholds[t] = table->threshold;
    }
}

static void outcome_get(const struct wish *wish, struct outcome *outcome)
{
    struct connections connections;
    struct bound_world bound;
    struct selection *selection = NULL;
    struct survey *survey = NULL;
    struct error err = {0};

    *outcome = (struct outcome){0};
    connections_open(wish->url, wish->is_spread, &connections);
    bound_world_make(wish->world, connections.leader, &bound);
    for (int t = 0; wish->thresholds && t < wish->world->table_count; t++) {
        struct bound_table *table = &bound.binding->tables[bound.tables[t]->index];
        if (table->role == ROLE_START)
            table->start = (struct bound_start){.fraction = wish->thresholds[t]};
    }
    if (wish->has_tails) {
        survey = world_survey(wish->world, &bound, wish->server, connections.leader);
        bound.binding->tails.budget = wish->tail_rows / (double)survey->rows;
    }
    bound.binding->budget_rows = wish->budget;
    struct readers readers = {.leader = connections.leader};
    if (connections.reader_count > 0)
        readers =
            (struct readers){connections.leader, 2, connections.readers, spread_run, &connections};
    if (choose_rows(bound.binding, &readers, survey, NULL, &selection, &err))
        outcome_read(wish, &bound, selection, connections.leader, outcome);
    else if (err.status != STATUS_PROFILE || wish->budget == 0)
        complain(err.cause, 1);
    outcome->status = err.status;
    selection_free(selection);
    bound_world_free(&bound);
    connections_close(&connections);
}

/* Completed rows stand in for as many drawn ones. The last of the N smallest hashes is the
 * threshold itself, and not below it. */
static int completion_check(const struct world *world, const struct outcome *plain,
                            const struct outcome *with, const struct outcome *nested)
{
    uint64_t slack = 0, whole = nested->start + with->completed;

    if (world->pin_count > 0)
        return 0;
    for (int t = 0; t < world->table_count; t++)
        slack += world->tables[t].start_rows > 0;
    if (whole <= plain->start && whole + slack >= plain->start)
        return 0;
    printf("  %d drawn and %d completed rows, where the fraction alone gives %d\n",
           (int)nested->start, (int)with->completed, (int)plain->start);
    return 1;
}

/* Without pins and completed rows it is all that a run without tails lacks. */
static int only_check(const struct world *world, const struct outcome *with,
                      const struct outcome *nested)
{
    int breaches = 0;
    bool is_exact = with->completed == 0; /* nested lacks the last of the N smallest hashes */

    for (int t = 0; t < world->table_count; t++)
        is_exact &= world->tables[t].start_rows == 0;
    for (int t = 0; world->pin_count == 0 && t < world->table_count; t++)
        for (int n = 0; n < ROWS_MOST; n++) {
            bool is_lacking = with->all.has[t][n] && !nested->all.has[t][n];
            if (with->tails.has[t][n] && !is_lacking)
                breaches += complain("a row of the sample that is called a tail's", 1);
            if (is_exact && is_lacking && !with->tails.has[t][n] && !world->is_everything[t])
                breaches += complain("a row of a tail that is called one of the sample", 1);
        }
    return breaches;
}

static int same_check(const char *what, const struct outcome *a, const struct outcome *b)
{
    return complain(what, rows_outside(&a->all, &b->all) + rows_outside(&b->all, &a->all) +
                              rows_outside(&a->tails, &b->tails) +
                              rows_outside(&b->tails, &a->tails));
}

static int budget_check(struct wish wish, const struct outcome *with)
{
    struct outcome tight;

    wish.budget = 1 + with->all.count * 3 / 4;
    outcome_get(&wish, &tight);
    if (tight.status != STATUS_OK)
        return complain("a budget failed in another way", tight.status != STATUS_PROFILE);
    return complain("rows above the budget", (int)(tight.all.count > wish.budget)) +
           complain("rows that only the budget brings", rows_outside(&tight.all, &with->all));
}

static int tails_check(struct wish wish)
{
    struct outcome plain, with, nested, other;
    int breaches;

    outcome_get(&wish, &with);
    if (with.status != STATUS_OK)
        return 1;
    wish.has_tails = false;
    outcome_get(&wish, &plain);
    wish.thresholds = with.thresholds;
    outcome_get(&wish, &nested);
    wish.thresholds = NULL;
    wish.has_tails = true;
    breaches = completion_check(wish.world, &plain, &with, &nested);
    breaches += only_check(wish.world, &with, &nested);
    breaches += complain("rows at the reported threshold that tails take away",
                         rows_outside(&nested.all, &with.all));
    wish.is_spread = !wish.is_spread;
    outcome_get(&wish, &other);
    breaches += same_check("rows that hang on the number of readers", &with, &other);
    breaches += budget_check(wish, &with);
    world_move(wish.world, wish.server);
    outcome_get(&wish, &other);
    return breaches + same_check("rows with tails that hang on their place", &with, &other);
}

int laws_of_tails(struct world *world, const char *url, struct server *server)
{
    struct wish wish = {
        .world = world, .url = url, .server = server, .has_tails = true, .tail_rows = 12};

    fractions_set(world, world->seed % 8 < 4 ? 0.5 : 0.25);
    world->pin_count = world->seed % 3 ? 0 : world->pin_count;
    for (int i = 0; i < world->table_count; i++)
        if (world->seed % 16 > 8 && world->tables[i].role == ROLE_START)
            world->tables[i].start_rows = 1 + world->tables[i].rows / 3;
    world_look(world, url);
    return tails_check(wish);
}
