/* Reads the rows that were not chosen, range by range, for the search for leaks alone. */
#include "run/leak_source.h"

#include <pthread.h>

#define RANGE_STEPS 8192u

struct source_task {
    const struct selected_table *table;
    size_t relation;
    enum read_by by;
    uint64_t low, high; /* addresses */
};

struct source_run {
    const struct copy_config *config;
    struct db *source; /* to ask where relations can be cut */
    struct arena *arena;
    size_t count, capacity;
    struct source_task *tasks;
    uint64_t *rows;
    pthread_mutex_t mutex; /* guards *rows */
};

static bool task_add(struct source_run *run, struct source_task task, struct error *err)
{
    struct source_task *grown =
        arena_grow(run->arena, run->tasks, run->count, &run->capacity, sizeof(*grown));

    if (!grown)
        return error_memory(err);
    run->tasks = grown;
    run->tasks[run->count++] = task;
    return true;
}

static bool relation_list(struct source_run *run, const struct selected_table *table,
                          size_t relation, struct error *err)
{
    struct source_task task = {.table = table, .relation = relation, .by = READ_ALL};
    const struct table *of = table->table->table;
    struct address_range range;

    if (table->relations && table->relations[relation].is_everything)
        return true;
    if (!db_address_range(run->source, of, &of->relations[relation], &range, err))
        return false;

    const uint64_t steps = address_range_steps(&range);
    if (steps <= RANGE_STEPS || !range.is_divisible)
        return task_add(run, task, err);
    task.by = READ_BY_RANGE;
    for (uint64_t at = 0; at < steps; at += RANGE_STEPS) {
        task.low = at == 0 ? 0 : address_range_at(&range, at);
        task.high =
            at + RANGE_STEPS >= steps ? UINT64_MAX : address_range_at(&range, at + RANGE_STEPS);
        if (!task_add(run, task, err))
            return false;
    }
    return true;
}

static bool tasks_list(struct source_run *run, struct error *err)
{
    const struct selection *selection = run->config->selection;

    for (size_t t = 0; t < selection->binding->catalog->table_count; t++) {
        const struct bound_table *bound = &selection->binding->tables[t];
        bool is_sought = false;

        for (size_t c = 0; c < bound->column_count; c++)
            is_sought |= bound->columns[c].identifies && !bound->columns[c].is_copied;
        for (size_t r = 0; is_sought && r < bound->table->relation_count; r++)
            if (!relation_list(run, &selection->tables[t], r, err))
                return false;
    }
    return true;
}

/* Columns that identify nobody are not asked for: NULL stands in their places. */
static void fields_narrow(const struct bound_table *table, struct field *fields)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (!table->columns[c].identifies || table->columns[c].is_copied)
            fields[c] = (struct field){.expression = "NULL", .type = fields[c].type};
}

static bool rows_note(struct source_run *run, struct rewriter *rewriter, struct db *source,
                      const struct read *read, const struct bitmap *chosen, struct error *err)
{
    struct batch batch = {0};
    bool has_more = true;
    bool is_ok = batch_init(&batch, COPY_BATCH_ROWS, (uint32_t)read->field_count, err) &&
                 db_read_begin(source, read, err);

    while (is_ok && has_more) {
        is_ok = db_read_next(source, &batch, &has_more, err) &&
                rewriter_note(rewriter, &batch, chosen, err);
        control_add(run->config->control, batch.rows, 0);
    }
    batch_release(&batch);
    return is_ok;
}

static bool source_work(void *context, size_t item, struct crew_member *member, struct error *err)
{
    struct source_run *run = context;
    const struct source_task *task = &run->tasks[item];
    const struct bound_table *table = task->table->table;
    AUTO(arena) struct arena *arena = arena_new();
    AUTO(rewriter) struct rewriter *rewriter = NULL;
    struct field *fields = NULL;
    struct read read = {.table = table->table,
                        .relation = &table->table->relations[task->relation],
                        .codec = copy_codec(run->config->codec, table),
                        .by = task->by,
                        .address_low = task->low,
                        .address_high = task->high,
                        .with_address = true};
    const struct rewriter_config config = {.selection = run->config->selection,
                                           .table = table,
                                           .codec = read.codec,
                                           .leaks = run->config->leaks};

    if (!arena)
        return error_memory(err);
    if (!rewriter_fields(table, arena, &fields, &read.field_count, err) ||
        !rewriter_new(&config, &rewriter, err))
        return false;
    fields_narrow(table, fields);
    read.fields = fields;
    if (!rows_note(run, rewriter, member->source, &read,
                   task->table->relations ? task->table->relations[task->relation].rows : NULL,
                   err))
        return strstr(err->context, table->table->label)
                   ? false
                   : error_context(err, "table '%s'", table->table->label);
    pthread_mutex_lock(&run->mutex);
    *run->rows += rewriter_counts(rewriter)->noted;
    pthread_mutex_unlock(&run->mutex);
    return true;
}

bool leak_source_read(const struct copy_config *config, struct crew *crew, struct arena *arena,
                      uint64_t *rows, struct error *err)
{
    struct source_run run = {
        .config = config, .source = crew_reader(crew, 0), .arena = arena, .rows = rows};

    assert(config->leaks);
    *rows = 0;
    if (!tasks_list(&run, err))
        return false;
    pthread_mutex_init(&run.mutex, NULL);
    bool is_ok = crew_spread(crew, run.count, source_work, &run, err);
    pthread_mutex_destroy(&run.mutex);
    return is_ok;
}
