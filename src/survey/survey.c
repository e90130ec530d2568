/* The survey from end to end: tables one after the other, parents before children, and the rows of
 * each spread over all readers. */
#include "survey/core.h"

#include "survey/links.h"
#include <pthread.h>

#define ROWS_A_PAGE 100 /* of a table without statistics */
#define ROWS_SPARE  1000

/* What one thread needs while it reads the table in hand; handed from item to item. */
struct worker {
    struct part part;
    struct frame frame;
    struct batch batch;
    struct worker *next_free, *next;
};

struct survey_run {
    const struct survey_request *request;
    struct survey *survey;
    struct strata strata;
    struct links *links;
    /* the table in hand */
    struct arena *arena;
    struct survey_table table;
    struct survey_layout layout;
    struct scan_list scans;
    struct part *again;   /* the second look is under way: what the first one found, merged */
    bool is_surveyed;     /* else read for links alone */
    bool is_for_links;    /* the first time it is read */
    pthread_mutex_t lock; /* guards the three below, and the arena */
    struct worker *workers, *free_workers;
    uint64_t rows;
};

static bool worker_make(struct survey_run *run, struct worker *worker, struct error *err)
{
    return batch_init(&worker->batch, SURVEY_BATCH_ROWS, (uint32_t)run->layout.field_count, err) &&
           frame_init(&worker->frame, &run->table, &run->layout, SURVEY_BATCH_ROWS, err) &&
           (run->again
                ? part_fork(&worker->part, run->again, run->arena, err)
                : !run->is_surveyed || part_open(&worker->part, &run->table, run->arena, err));
}

static bool worker_take(struct survey_run *run, struct worker **worker, struct error *err)
{
    bool is_ok = true;

    pthread_mutex_lock(&run->lock);
    *worker = run->free_workers;
    if (*worker) {
        run->free_workers = (*worker)->next_free;
    } else if (!(*worker = ARENA_NEW(run->arena, struct worker))) {
        is_ok = error_memory(err);
    } else {
        (*worker)->next = run->workers;
        run->workers = *worker;
        is_ok = worker_make(run, *worker, err);
    }
    pthread_mutex_unlock(&run->lock);
    return is_ok;
}

static void worker_return(struct survey_run *run, struct worker *worker, uint64_t rows)
{
    pthread_mutex_lock(&run->lock);
    worker->next_free = run->free_workers;
    run->free_workers = worker;
    run->rows += rows;
    pthread_mutex_unlock(&run->lock);
}

static void workers_release(struct survey_run *run)
{
    for (struct worker *worker = run->workers; worker; worker = worker->next) {
        part_close(&worker->part);
        frame_release(&worker->frame);
        batch_release(&worker->batch);
    }
    run->workers = run->free_workers = NULL;
}

static bool rows_look(struct survey_run *run, struct worker *worker, struct error *err)
{
    const struct survey_request *request = run->request;

    if (request->is_interrupted && request->is_interrupted(request->context))
        return error_set(err, STATUS_INTERRUPTED, "interrupted while looking for odd rows");
    if (worker->batch.rows == 0)
        return true;
    if (!frame_fill(&worker->frame, &worker->batch, err) ||
        (run->is_surveyed && !part_observe(&worker->part, &worker->frame.batch, err)) ||
        (run->is_for_links &&
         !links_batch(run->links, &worker->frame.batch, worker->frame.extras, err)))
        return false;
    if (request->progress && !run->again)
        request->progress(request->context, run->table.bound->table->label, worker->batch.rows);
    return true;
}

static bool scan_read(struct survey_run *run, const struct scan *scan, struct worker *worker,
                      struct db *reader, struct error *err)
{
    struct read read = {.table = scan->table,
                        .field_count = run->layout.field_count,
                        .fields = run->layout.fields,
                        .codec = run->table.codec,
                        .by = READ_ALL,
                        .with_address = true};
    uint64_t rows = 0;
    bool has_more = true;

    scan_restrict(scan, &read);
    if (!db_read_begin(reader, &read, err))
        return false;
    while (has_more) {
        if (!db_read_next(reader, &worker->batch, &has_more, err) || !rows_look(run, worker, err))
            return false;
        rows += worker->batch.rows;
    }
    worker_return(run, worker, rows);
    return true;
}

static bool scan_run(void *context, size_t item, struct db *reader, struct error *err)
{
    struct survey_run *run = context;
    struct worker *worker;

    assert(item < run->scans.count);
    return worker_take(run, &worker, err) &&
           scan_read(run, &run->scans.items[item], worker, reader, err);
}

static uint64_t memory_now(const struct survey_run *run)
{
    uint64_t bytes = arena_bytes(run->survey->arena) + links_bytes(run->links);

    bytes += table_bytes(&run->table);
    for (const struct worker *worker = run->workers; worker; worker = worker->next)
        bytes += part_bytes(&worker->part) + frame_bytes(&worker->frame);
    return run->again ? bytes + part_bytes(run->again) : bytes;
}

static bool memory_look(struct survey_run *run, struct error *err)
{
    const uint64_t bytes = memory_now(run);

    if (bytes > run->survey->memory_bytes)
        run->survey->memory_bytes = bytes;
    if (run->request->memory == 0 || bytes <= run->request->memory)
        return true;
    error_set(err, STATUS_LOCAL, "looking for odd rows needs more than --memory allows");
    return error_hint(err, "raise --memory, run fewer --jobs, or name columns under tails.ignore");
}

/* All parts in one. */
static bool parts_merge(struct survey_run *run, struct part *merged, struct error *err)
{
    struct worker *first = run->workers;

    if (!first) /* there was nothing to read */
        return part_open(merged, &run->table, run->arena, err);
    *merged = first->part;
    first->part = (struct part){.count = 0};
    for (struct worker *worker = first->next; worker; worker = worker->next) {
        if (!part_merge(merged, &worker->part, err))
            return false;
        part_close(&worker->part);
    }
    return true;
}

/* Reads the table again where a detector asks for it, only the columns that it asks for. */
static bool table_look_again(struct survey_run *run, struct part *merged, struct error *err)
{
    bool *columns = ARENA_ARRAY(run->arena, run->table.column_count + 1, bool);
    const uint64_t rows = run->rows;
    bool is_wanted, is_done;

    if (!columns)
        return error_memory(err);
    if (!part_again(merged, &run->table, columns, &is_wanted, err))
        return false;
    if (!is_wanted)
        return true;
    workers_release(run);
    run->again = merged;
    is_done = layout_narrow(&run->layout, &run->table, columns, run->arena, err) &&
              readers_spread(run->request->readers, run->scans.count, scan_run, run, err) &&
              memory_look(run, err);
    for (struct worker *worker = run->workers; is_done && worker; worker = worker->next)
        is_done = part_merge(merged, &worker->part, err);
    workers_release(run);
    run->again = NULL;
    run->rows = rows;
    return is_done;
}

/* What all parts found becomes strata. */
static bool parts_yield(struct survey_run *run, struct error *err)
{
    struct part merged = {.count = 0};
    bool is_done = parts_merge(run, &merged, err) && table_look_again(run, &merged, err) &&
                   part_yield(&merged, &run->strata, err);

    workers_release(run);
    part_close(&merged);
    return is_done;
}

/* Reads the table once; *again when it had more rows than `bound`, so that what was given up as not
 * rare may be rare after all. */
static bool table_pass(struct survey_run *run, const struct bound_table *table, uint64_t bound,
                       bool *again, struct error *err)
{
    const struct table_options options = {.binding = run->request->binding,
                                          .codec = codec_of(run->request->binding->catalog->engine),
                                          .source = run->request->readers->leader,
                                          .row_bound = bound,
                                          .now_us = run->request->now_us,
                                          .links = run->links,
                                          .is_surveyed = run->is_surveyed};

    *again = false;
    run->rows = 0;
    if (!table_open(&run->table, &run->layout, &options, table, run->arena, err) ||
        (run->is_for_links && !links_table_begin(run->links, &run->table, err)) ||
        !readers_spread(run->request->readers, run->scans.count, scan_run, run, err) ||
        !memory_look(run, err))
        return false;
    run->strata.table = &run->table;
    strata_count(&run->strata, table, run->rows);
    if (run->is_for_links && !links_table_end(run->links, &run->strata, err))
        return false;
    run->is_for_links = false;
    *again = run->is_surveyed &&
             rare_limit(&run->request->binding->tails, (double)run->rows) > run->table.rare_most;
    return !run->is_surveyed || *again ||
           (parts_yield(run, err) && table_say_gaps(&run->table, &run->strata, err));
}

/* Twice what statistics say; they may be behind. */
static uint64_t rows_bound(const struct table *table)
{
    uint64_t rows = ROWS_SPARE, pages = 0;

    for (size_t i = 0; i < table->relation_count; i++)
        pages += table->relations[i].pages;
    if (table->row_estimate > 0)
        return rows + 2 * (uint64_t)table->row_estimate;
    return rows + pages * ROWS_A_PAGE;
}

static bool table_read(struct survey_run *run, const struct bound_table *table, struct error *err)
{
    uint64_t bound = rows_bound(table->table);
    bool is_done = true, again = true;

    run->is_surveyed = run->request->is_surveyed[table->table->index];
    run->is_for_links = true;
    while (is_done && again) {
        run->arena = arena_new();
        run->scans = (struct scan_list){.count = 0};
        if (!run->arena)
            return error_memory(err);
        is_done =
            scan_list_add(&run->scans, run->request->readers, table->table, run->arena, err) &&
            table_pass(run, table, bound, &again, err);
        workers_release(run);
        table_close(&run->table);
        arena_free(run->arena);
        run->strata.table = NULL;
        bound = run->rows;
    }
    if (run->is_surveyed) {
        run->survey->table_count++;
        run->survey->rows += run->rows;
    }
    return is_done || error_context(err, "looking at table '%s'", table->table->label);
}

static bool tables_read(struct survey_run *run, struct arena *arena, struct error *err)
{
    const struct survey_request *request = run->request;
    const size_t all = request->binding->catalog->table_count;
    bool *is_read = ARENA_ARRAY(arena, all + 1, bool);
    const struct bound_table **tables;
    size_t count;

    if (!is_read)
        return error_memory(err);
    for (size_t i = 0; i < all; i++)
        is_read[i] = request->is_surveyed[i] ||
                     links_wants(run->links, request->binding->catalog->tables[i]);
    if (!order_tables(request->binding, is_read, arena, &tables, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!table_read(run, tables[i], err))
            return false;
    return true;
}

static bool run_tables(struct survey_run *run, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();

    if (!arena)
        return error_memory(err);
    if (pthread_mutex_init(&run->lock, NULL) != 0)
        return error_set(err, STATUS_LOCAL, "cannot make a lock");
    bool is_done = links_begin(run->request, &run->links, err) && tables_read(run, arena, err);
    links_free(run->links);
    pthread_mutex_destroy(&run->lock);
    return is_done;
}

static bool survey_new(const struct survey_request *request, struct survey **survey,
                       struct error *err)
{
    struct arena *arena = arena_new();

    *survey = arena ? ARENA_NEW(arena, struct survey) : NULL;
    if (!*survey) {
        arena_free(arena);
        return error_memory(err);
    }
    (*survey)->arena = arena;
    (*survey)->binding = request->binding;
    return true;
}

bool survey_run(const struct survey_request *request, struct survey **survey, struct error *err)
{
    struct survey_run run = {.request = request};

    assert(request->binding && request->readers && request->is_surveyed && request->is_present);
    if (!survey_new(request, &run.survey, err))
        return false;
    *survey = run.survey;
    if (!strata_init(&run.strata, run.survey, err) || !run_tables(&run, err)) {
        survey_free(run.survey);
        *survey = NULL;
        return false;
    }
    strata_settle(&run.strata);
    return true;
}

void survey_free(struct survey *survey)
{
    if (survey)
        arena_free(survey->arena);
}
