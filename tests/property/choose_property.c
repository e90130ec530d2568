/* usage: choose_property SERVER FIRST COUNT
 * For each seed from FIRST on: a random database, a random wish, the closure by the program and by
 * the oracle, compared row by row; then once more with every row in another place. Prints the seed
 * and the world of each failure, and "N passed, N failed, N skipped" at the end. */
#include "laws.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void give_up(const char *what, const struct error *err)
{
    fprintf(stderr, "property: %s: %s: %s\n", what, err->context, err->cause);
    exit(2);
}

void connections_open(const char *url, bool is_spread, struct connections *to)
{
    struct db_config config = {.side = DB_SOURCE, .url = url, .may_lock = true};
    struct error err = {0};
    const char *token = NULL;

    *to = (struct connections){.arena = arena_new()};
    if (!url_engine(url, &config.engine, &err) || !db_open(&config, to->arena, &to->leader, &err) ||
        !db_snapshot_export(to->leader, 2, to->arena, &token, &err))
        give_up("source", &err);
    to->reader_count = is_spread && db_info(to->leader)->snapshot_readers >= 2 ? 2 : 0;
    for (unsigned i = 0; i < to->reader_count; i++)
        if (!db_snapshot_reader(to->leader, &config, token, to->arena, &to->readers[i], &err))
            give_up("reader", &err);
}

void connections_close(struct connections *from)
{
    for (int i = 0; i < 2; i++)
        db_close(from->readers[i]);
    db_close(from->leader);
    arena_free(from->arena);
}

struct spreading {
    struct connections *connections;
    pthread_mutex_t lock;
    size_t next, count;
    bool (*work)(void *context, size_t item, struct db *reader, struct error *err);
    void *context;
};

struct spread_thread {
    struct spreading *spread;
    struct db *reader;
    struct error err;
    bool is_done;
    pthread_t thread;
};

static void *spread_main(void *argument)
{
    struct spread_thread *self = argument;
    struct spreading *spread = self->spread;

    self->is_done = true;
    while (self->is_done) {
        pthread_mutex_lock(&spread->lock);
        size_t item = spread->next++;
        pthread_mutex_unlock(&spread->lock);
        if (item >= spread->count)
            break;
        self->is_done = spread->work(spread->context, item, self->reader, &self->err);
    }
    return NULL;
}

bool spread_run(void *context, size_t count, reader_work *work, void *work_context,
                struct error *err)
{
    struct spreading spread = {
        .connections = context, .count = count, .work = work, .context = work_context};
    struct spread_thread threads[2] = {0};

    pthread_mutex_init(&spread.lock, NULL);
    for (int i = 0; i < 2; i++) {
        threads[i].spread = &spread;
        threads[i].reader = spread.connections->readers[i];
        pthread_create(&threads[i].thread, NULL, spread_main, &threads[i]);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i].thread, NULL);
    pthread_mutex_destroy(&spread.lock);
    for (int i = 0; i < 2; i++)
        if (!threads[i].is_done) {
            *err = threads[i].err;
            return false;
        }
    return true;
}

static int world_choose(struct world *world, const char *url, struct server *server)
{
    struct connections connections;
    struct bound_world bound;
    struct selection *selection = NULL;
    struct survey *survey;
    struct error err = {0};
    int faults;

    connections_open(url, world->is_spread, &connections);
    bound_world_make(world, connections.leader, &bound);
    survey = world_survey(world, &bound, server, connections.leader);
    struct readers readers = {.leader = connections.leader};
    if (connections.reader_count > 0) {
        readers.count = 2;
        readers.items = connections.readers;
        readers.spread = spread_run;
        readers.spread_context = &connections;
    }
    if (choose_rows(bound.binding, &readers, survey, NULL, &selection, &err)) {
        faults = oracle_compare(world, &bound, selection, server, connections.leader);
        selection_free(selection);
    } else {
        printf("  choose failed: %s: %s (%s)\n", err.context, err.cause, err.hint);
        faults = 1;
    }
    bound_world_free(&bound);
    connections_close(&connections);
    return faults;
}

void world_look(struct world *world, const char *url)
{
    struct connections connections;
    struct bound_world bound;

    connections_open(url, false, &connections);
    bound_world_make(world, connections.leader, &bound);
    struct readers readers = {.leader = connections.leader};
    world_extent(world, &bound, &readers);
    bound_world_free(&bound);
    connections_close(&connections);
}

static bool seed_run(uint64_t seed, const char *url, struct server *server)
{
    struct world world;

    world_make(&world, server_engine(server), seed);
    world_write(&world, server);
    world_look(&world, url);
    oracle_run(&world, server);
    int faults = world_choose(&world, url, server);
    if (faults == 0 && seed % 4 == 0) {
        world_move(&world, server);
        world.is_spread = !world.is_spread;
        faults = world_choose(&world, url, server);
    }
    if (faults == 0 && seed % 8 == 1)
        faults = laws_check(&world, url, server);
    if (faults == 0 && seed % 4 == 2)
        faults = laws_of_tails(&world, url, server);
    if (faults == 0)
        return true;
    printf("seed %llu: %d differences in this world:\n", (unsigned long long)seed, faults);
    world_print(&world);
    fflush(stdout);
    return false;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;

    if (argc != 4) {
        fprintf(stderr, "usage: choose_property SERVER FIRST COUNT\n");
        return 2;
    }
    struct server *server = server_open(argv[1]);
    uint64_t first = strtoull(argv[2], NULL, 10), count = strtoull(argv[3], NULL, 10);
    for (uint64_t seed = first; seed < first + count; seed++)
        if (seed_run(seed, argv[1], server))
            passed++;
        else
            failed++;
    server_close(server);
    printf("%d passed, %d failed, 0 skipped\n", passed, failed);
    return failed > 0;
}
