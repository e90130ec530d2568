/* Keys and foreign keys behind the rows: one ALTER TABLE for each table; keys of several tables at
 * once, each on a connection of its own, then references, which need them. The
 * connections are watched by one thread; each has at most one statement under way. */
#include "stage/my_stage.h"

#include "base/words.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

#define WORKERS_MAX 64
#define POLL_MS     100

struct build { /* what one table still needs */
    const char *sql;
    const char *label;
};

struct worker {
    struct db *db;
    const struct build *build; /* under way; NULL: idle */
};

struct gang {
    struct my_stage *stage;
    size_t worker_count;
    struct worker workers[WORKERS_MAX];
    size_t build_count, next;
    struct build *builds;
};

static bool builds_collect(struct gang *gang, bool is_foreign, struct error *err)
{
    struct my_stage *stage = gang->stage;
    const char *schema = stage->base.request.source->database;

    gang->build_count = gang->next = 0;
    gang->builds = ARENA_ARRAY(stage->base.arena, stage->table_count + 1, struct build);
    if (!gang->builds)
        return error_memory(err);
    for (size_t i = 0; i < stage->table_count; i++) {
        const struct table *table = stage->tables[i].bound->table;
        struct buf sql;

        buf_init(&sql, (size_t)1 << 26);
        my_definition_write_late(&stage->tables[i].definition, table->name, schema, is_foreign,
                                 &sql);
        if (sql.len > 0)
            gang->builds[gang->build_count++] =
                (struct build){arena_strdup(stage->base.arena, buf_text(&sql)), table->label};
        bool is_fine =
            buf_ok(&sql) && (sql.len == 0 || gang->builds[gang->build_count - 1].sql != NULL);
        buf_release(&sql);
        if (!is_fine)
            return error_memory(err);
    }
    return true;
}

static bool gang_open(struct gang *gang, int jobs, struct error *err)
{
    size_t wanted = (size_t)jobs < WORKERS_MAX ? (size_t)jobs : WORKERS_MAX;

    assert(jobs > 0);
    if (wanted > gang->build_count)
        wanted = gang->build_count;
    while (gang->worker_count < wanted) {
        struct worker *worker = &gang->workers[gang->worker_count];

        if (!my_stage_connect(gang->stage, gang->stage->base.database, &worker->db, err))
            return false;
        gang->worker_count++;
        if (!my_schema_settings(worker->db, err))
            return false;
    }
    return true;
}

static void gang_close(struct gang *gang)
{
    for (size_t i = 0; i < gang->worker_count; i++)
        db_close(gang->workers[i].db);
    gang->worker_count = 0;
}

static bool worker_collect(struct worker *worker, struct error *err)
{
    const struct build *build = worker->build;

    assert(build);
    worker->build = NULL;
    return my_collect(worker->db, err) || error_context(err, "table '%s'", build->label);
}

/* Gives every idle worker something to do; false when one could not be told. */
static bool gang_feed(struct gang *gang, struct error *err)
{
    assert(gang->next <= gang->build_count);
    for (size_t i = 0; i < gang->worker_count && gang->next < gang->build_count; i++) {
        struct worker *worker = &gang->workers[i];

        if (worker->build)
            continue;
        worker->build = &gang->builds[gang->next++];
        if (!my_send(worker->db, worker->build->sql, err)) {
            const char *label = worker->build->label;

            worker->build = NULL;
            return error_context(err, "table '%s'", label);
        }
    }
    return true;
}

/* Waits a little and takes the answers that are there. */
static bool gang_collect(struct gang *gang, size_t *busy, struct error *err)
{
    struct pollfd files[WORKERS_MAX];
    bool is_fine = true;

    assert(gang->worker_count <= WORKERS_MAX);
    *busy = 0;
    for (size_t i = 0; i < gang->worker_count; i++) {
        const struct worker *worker = &gang->workers[i];

        files[i] =
            (struct pollfd){.fd = worker->build ? my_descriptor(worker->db) : -1, .events = POLLIN};
        *busy += worker->build != NULL;
    }
    if (*busy == 0)
        return true;
    if (poll(files, gang->worker_count, POLL_MS) < 0 && errno != EINTR)
        return error_set_errno(err, STATUS_LOCAL, "waiting for the target");
    for (size_t i = 0; i < gang->worker_count; i++) {
        if (files[i].fd < 0 || files[i].revents == 0)
            continue;
        /* of several faults the first is told */
        is_fine = worker_collect(&gang->workers[i], is_fine ? err : &(struct error){0}) && is_fine;
    }
    return is_fine;
}

static void gang_cancel(struct gang *gang)
{
    for (size_t i = 0; i < gang->worker_count; i++) {
        if (!gang->workers[i].build)
            continue;
        db_cancel(gang->workers[i].db);
        worker_collect(&gang->workers[i], &(struct error){0});
    }
}

static bool gang_run(struct gang *gang, struct error *err)
{
    size_t busy;

    do {
        if (my_stage_is_cancelled(gang->stage)) {
            gang_cancel(gang);
            return error_set(err, STATUS_INTERRUPTED, "interrupted");
        }
        if (!gang_feed(gang, err) || !gang_collect(gang, &busy, err)) {
            gang_cancel(gang);
            return false;
        }
    } while (busy > 0 || gang->next < gang->build_count);
    return true;
}

static bool is_edge_of(const struct edge *edge, const struct my_table *table,
                       const struct my_item *item)
{
    assert(edge && table->bound);
    return edge->constraint && item->kind == MY_ITEM_FOREIGN && !item->is_dropped && item->name &&
           edge->child == table->bound->table && strcmp(edge->constraint, item->name) == 0;
}

/* They exist all the same: what checks at its creation is off, and rows in place are not asked. */
static bool violation_say(struct my_stage *stage, const struct edge *edge, struct error *err)
{
    for (size_t i = 0; i < stage->table_count; i++) {
        const struct my_table *table = &stage->tables[i];

        for (size_t j = 0; j < table->definition.count; j++) {
            if (!is_edge_of(edge, table, &table->definition.items[j]))
                continue;
            const char *object = arena_printf(stage->base.arena, "foreign key %s of %s",
                                              edge->constraint, table->bound->table->label);

            return object ? stage_skip(&stage->base, object,
                                       "not checked: production's own rows refer to rows that do "
                                       "not exist",
                                       err)
                          : error_memory(err);
        }
    }
    return true;
}

bool my_stage_schema_after(struct stage *base, const struct stage_violations *violations, int jobs,
                           struct error *err)
{
    struct my_stage *stage = my_stage_of(base);
    struct gang gang = {.stage = stage};
    bool is_done;

    assert(violations && jobs > 0);
    my_stage_leave(stage);
    is_done =
        builds_collect(&gang, false, err) && gang_open(&gang, jobs, err) && gang_run(&gang, err);
    gang_close(&gang);
    /* unchecked they cost nothing, and two at once lock each other's tables */
    is_done = is_done && builds_collect(&gang, true, err) && gang_open(&gang, 1, err) &&
              gang_run(&gang, err);
    gang_close(&gang);
    for (size_t i = 0; is_done && i < violations->edge_count; i++)
        is_done = violation_say(stage, violations->edges[i], err);
    return is_done;
}
