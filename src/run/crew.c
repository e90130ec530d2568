/* Threads that share a list of items, watched by the one that called. */
#include "run/crew.h"

#include "base/clock.h"
#include <errno.h>
#include <pthread.h>
#include <time.h>

struct crew {
    struct db *leader; /* borrowed; NULL without a source */
    unsigned count;
    struct crew_member *members;
    struct control *control;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex, while crew_spread runs */
    size_t next, items;
    unsigned running;
    bool has_failed;
    struct error error;
    crew_work *work;
    void *context;
};

struct crew_thread {
    struct crew *crew;
    struct crew_member *member;
    pthread_t thread;
};

static bool member_open(struct crew *crew, const struct crew_source *source,
                        struct crew_member *member, struct error *err)
{
    member->number = crew->count;
    member->arena = arena_new();
    if (!member->arena)
        return error_memory(err);
    if (!source)
        return true;
    if (db_info(source->leader)->snapshot_readers > 0)
        return db_snapshot_reader(source->leader, source->config, source->token, member->arena,
                                  &member->source, err);
    member->source = source->leader;
    return true;
}

static unsigned members_wanted(const struct crew_source *source, unsigned count)
{
    const unsigned most = source ? db_info(source->leader)->snapshot_readers : count;

    return count <= most ? count : most > 0 ? most : 1;
}

bool crew_new(const struct crew_source *source, unsigned count, struct control *control,
              struct arena *arena, struct crew **crew, struct error *err)
{
    struct crew *made = ARENA_NEW(arena, struct crew);
    pthread_condattr_t attributes;

    assert(count > 0);
    *crew = NULL;
    count = members_wanted(source, count);
    if (!made || !(made->members = ARENA_ARRAY(arena, count, struct crew_member)))
        return error_memory(err);
    made->leader = source ? source->leader : NULL;
    made->control = control;
    pthread_mutex_init(&made->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&made->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    *crew = made;
    while (made->count < count) {
        bool is_open = member_open(made, source, &made->members[made->count], err);

        made->count++;
        if (is_open)
            continue;
        crew_free(made);
        *crew = NULL;
        return false;
    }
    return true;
}

bool crew_open_targets(struct crew *crew, const struct db_config *target, struct error *err)
{
    for (unsigned i = 0; i < crew->count; i++)
        if (!db_open(target, crew->members[i].arena, &crew->members[i].target, err))
            return false;
    return true;
}

void crew_close_targets(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++) {
        db_close(crew->members[i].target);
        crew->members[i].target = NULL;
    }
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    crew_close_targets(crew);
    for (unsigned i = 0; i < crew->count; i++) {
        if (crew->members[i].source != crew->leader)
            db_close(crew->members[i].source);
        crew->members[i].source = NULL;
        arena_free(crew->members[i].arena);
        crew->members[i].arena = NULL;
    }
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->mutex);
}

unsigned crew_count(const struct crew *crew)
{
    return crew->count;
}

struct db *crew_reader(const struct crew *crew, unsigned number)
{
    assert(number < crew->count);
    return crew->members[number].source;
}

/* Notices a signal or the deadline, under the lock. */
static void crew_look(struct crew *crew)
{
    if (crew->has_failed || !control_is_interrupted(crew->control))
        return;
    crew->has_failed = true;
    control_error(crew->control, &crew->error);
}

/* The next item, or false when there is none or something failed. */
static bool item_take(struct crew *crew, size_t *item)
{
    bool has_item = false;

    pthread_mutex_lock(&crew->mutex);
    crew_look(crew);
    if (!crew->has_failed && crew->next < crew->items) {
        *item = crew->next++;
        has_item = true;
    }
    pthread_mutex_unlock(&crew->mutex);
    return has_item;
}

static void crew_fail(struct crew *crew, const struct error *err)
{
    pthread_mutex_lock(&crew->mutex);
    if (!crew->has_failed) {
        crew->has_failed = true;
        crew->error = *err;
    }
    pthread_mutex_unlock(&crew->mutex);
}

static void *member_run(void *argument)
{
    struct crew_thread *thread = argument;
    struct crew *crew = thread->crew;
    size_t item = 0;

    while (item_take(crew, &item)) {
        struct error err = {0};

        if (!crew->work(crew->context, item, thread->member, &err)) {
            assert(err.status != STATUS_OK);
            crew_fail(crew, &err);
        }
    }
    pthread_mutex_lock(&crew->mutex);
    crew->running--;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

/* A tenth of a second from now. */
static struct timespec soon(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += 100000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    return at;
}

static void crew_cancel(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++) {
        if (crew->members[i].source)
            db_cancel(crew->members[i].source);
        if (crew->members[i].target)
            db_cancel(crew->members[i].target);
    }
}

/* Waits until all members are done; cancels them once when something went wrong, and again every
 * tenth of a second, since a cancel between two statements has no effect. */
static void crew_watch(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    while (crew->running > 0) {
        struct timespec at = soon();

        pthread_cond_timedwait(&crew->changed, &crew->mutex, &at);
        crew_look(crew);
        bool must_cancel = crew->has_failed && crew->running > 0;
        pthread_mutex_unlock(&crew->mutex);
        if (must_cancel)
            crew_cancel(crew);
        control_show(crew->control, false);
        pthread_mutex_lock(&crew->mutex);
    }
    pthread_mutex_unlock(&crew->mutex);
}

bool crew_spread(struct crew *crew, size_t count, crew_work *work, void *context, struct error *err)
{
    struct crew_thread *threads = NULL;
    AUTO(arena) struct arena *arena = arena_new();
    unsigned wanted = count < crew->count ? (unsigned)count : crew->count;

    if (!arena || !(threads = ARENA_ARRAY(arena, crew->count, struct crew_thread)))
        return error_memory(err);
    crew->next = 0;
    crew->items = count;
    crew->has_failed = false;
    crew->error = (struct error){0};
    crew->work = work;
    crew->context = context;
    crew->running = wanted;
    unsigned started = 0;
    for (; started < wanted; started++) {
        threads[started].crew = crew;
        threads[started].member = &crew->members[started];
        if (pthread_create(&threads[started].thread, NULL, member_run, &threads[started]) != 0)
            break;
    }
    if (started < wanted) {
        struct error cause = {0};

        error_set(&cause, STATUS_LOCAL, "cannot start a thread");
        crew_fail(crew, &cause);
        pthread_mutex_lock(&crew->mutex);
        crew->running -= wanted - started;
        pthread_mutex_unlock(&crew->mutex);
    }
    crew_watch(crew);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i].thread, NULL);
    crew_look(crew);
    if (crew->has_failed)
        *err = crew->error;
    return !crew->has_failed;
}

struct reader_work {
    bool (*work)(void *context, size_t item, struct db *reader, struct error *err);
    void *context;
};

static bool reader_run(void *context, size_t item, struct crew_member *member, struct error *err)
{
    struct reader_work *reader = context;

    return reader->work(reader->context, item, member->source, err);
}

bool crew_spread_readers(void *spread_context, size_t count,
                         bool (*work)(void *context, size_t item, struct db *reader,
                                      struct error *err),
                         void *context, struct error *err)
{
    struct reader_work reader = {work, context};

    return crew_spread(spread_context, count, reader_run, &reader, err);
}
