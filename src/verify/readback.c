/* One read of the new database: rows, checksums and leaks of every table. */
#include "verify/verify_internal.h"

#include "value/network.h"
#include "value/type.h"

#include <pthread.h>

#define READBACK_ROWS_RANGE 200000u /* tables above are read in ranges */

struct readback_task {
    const struct bound_table *table;
    enum read_by by;
    uint64_t low, high;
};

struct readback {
    struct verify_run *run;
    size_t count, capacity;
    struct readback_task *tasks;
    pthread_mutex_t mutex; /* guards run->tables */
};

static bool task_add(struct readback *readback, struct readback_task task, struct error *err)
{
    struct readback_task *grown = arena_grow(readback->run->arena, readback->tasks, readback->count,
                                             &readback->capacity, sizeof(*grown));
    if (!grown)
        return error_memory(err);
    readback->tasks = grown;
    readback->tasks[readback->count++] = task;
    return true;
}

static bool tasks_of_table(struct readback *readback, const struct bound_table *table,
                           struct error *err)
{
    const struct copied_table *copied = &readback->run->config->copied->tables[table->table->index];
    const uint64_t ranges = copied->rows / READBACK_ROWS_RANGE;
    struct readback_task task = {.table = table, .by = READ_ALL};
    struct address_range range;

    if (ranges < 2 || table->table->class != TABLE_ORDINARY)
        return task_add(readback, task, err);
    if (!db_address_range(readback->run->config->target, table->table, &table->table->relations[0],
                          &range, err))
        return false;
    if (!range.is_divisible)
        return task_add(readback, task, err);

    const uint64_t steps = address_range_steps(&range), share = (steps + ranges - 1) / ranges;
    task.by = READ_BY_RANGE;
    for (uint64_t at = 0; at < steps; at += share) {
        task.low = at == 0 ? 0 : address_range_at(&range, at);
        task.high = at + share >= steps ? UINT64_MAX : address_range_at(&range, at + share);
        if (!task_add(readback, task, err))
            return false;
    }
    return true;
}

/* What is sought in the rows of one task. Marks of the search are positions of columns. */
struct column_scan {
    const struct bound_table *table;
    const struct codec *codec;
    struct readback_table *sums;
    struct arena *arena; /* borrowed; emptied for each batch */
    struct leak_search search;
};

static void leak_count(void *context, uint32_t mark, bool is_made)
{
    struct column_scan *scan = context;
    const struct bound_column *bound = &scan->table->columns[mark];

    if (is_made || bound->is_leak_accepted) {
        scan->sums->dense_leaks++;
        return;
    }
    scan->sums->leaks++;
    if (!scan->sums->leaking)
        scan->sums->leaking = bound;
}

/* A number may stand there by chance: what chance explains is summed up beside the hits. */
static void number_scan(struct column_scan *scan, uint32_t column, const struct type *type,
                        const struct value *value)
{
    const struct bound_column *bound = &scan->table->columns[column];
    char digits[LEAK_DIGITS_MAX + 1];
    struct span number = leak_number(type, value, digits);

    if (!number.ptr)
        return;
    bool is_found = leak_find(scan->search.set, number);
    if (bound->is_dense || bound->is_leak_accepted) {
        scan->sums->dense_leaks += is_found;
        return;
    }
    scan->sums->numbers_by_chance += leak_chance(scan->search.set, number.len);
    scan->sums->number_leaks += is_found;
    if (is_found && !scan->sums->numbers_leaking)
        scan->sums->numbers_leaking = bound;
}

static void address_scan(struct column_scan *scan, uint32_t column, const struct type *ground,
                         const struct value *value)
{
    char text[NETWORK_TEXT_SIZE];
    const size_t len = ground->kind == KIND_MAC
                           ? mac_format(value->bytes, text)
                           : inet_format(value->bytes, type_is_network(ground), text);

    leak_search(&scan->search, span_make(text, len), column);
    leak_search_end(&scan->search); /* the text ends with this call */
}

static bool parts_scan(struct column_scan *scan, uint32_t column, const struct type *type,
                       const struct value *value, struct error *err);

static bool value_scan(struct column_scan *scan, uint32_t column, const struct type *type,
                       const struct value *value, struct error *err)
{
    const struct type *ground = type_base(type);

    if (value->is_null)
        return true;
    if (type_has_parts(ground))
        return parts_scan(scan, column, ground, value, err);
    switch (ground->kind) {
    case KIND_INTEGER:
    case KIND_DECIMAL:
        number_scan(scan, column, ground, value);
        return true;
    case KIND_INET:
    case KIND_MAC:
        address_scan(scan, column, ground, value);
        return true;
    case KIND_TEXT:
    case KIND_JSON:
    case KIND_OTHER:
        leak_search(&scan->search, value->bytes, column);
        return true;
    default:
        return true;
    }
}

/* One by one: on the wire a length stands before each, and would run into its text. */
static bool parts_scan(struct column_scan *scan, uint32_t column, const struct type *type,
                       const struct value *value, struct error *err)
{
    for (uint32_t i = 0; i < value->parts->count; i++) {
        const struct value *part = &value->parts->values[i];

        if (type->kind == KIND_HSTORE && !part->is_null)
            leak_search(&scan->search, part->bytes, column);
        else if (type->kind != KIND_HSTORE &&
                 !value_scan(scan, column,
                             type->class == TYPE_COMPOSITE ? type->fields[i].type : type->element,
                             part, err))
            return false;
    }
    return true;
}

/* Cells that are text as they stand are not decoded. */
static bool cell_scan(struct column_scan *scan, uint32_t column, struct span cell,
                      struct error *err)
{
    const struct type *type = scan->table->columns[column].column->type;
    const struct type *ground = type_base(type);
    struct value value = {0};

    scan->search.place =
        scan->table->columns[column].is_dense ? leak_place(scan->table->table->index, column) : 0;
    if (!type_has_parts(ground) &&
        (ground->kind == KIND_TEXT || ground->kind == KIND_JSON || ground->kind == KIND_OTHER)) {
        leak_search(&scan->search, cell, column);
        return true;
    }
    return scan->codec->decode(type, cell, scan->arena, &value, err) &&
           value_scan(scan, column, type, &value, err);
}

/* Columns that can hold a leak. Narrow integers cannot hold eight digits and more. */
static bool type_may_leak(const struct type *type)
{
    while (type->element)
        type = type->element;
    for (size_t i = 0; i < type->field_count; i++)
        if (type_may_leak(type->fields[i].type))
            return true;
    switch (type->kind) {
    case KIND_TEXT:
    case KIND_JSON:
    case KIND_OTHER:
    case KIND_DECIMAL:
    case KIND_INET:
    case KIND_MAC:
    case KIND_HSTORE:
        return true;
    default:
        return type->kind == KIND_INTEGER && type->width != 2;
    }
}

static bool may_leak(const struct bound_column *bound)
{
    return type_may_leak(bound->column->type);
}

static bool batch_scan(struct column_scan *scan, const struct batch *batch, struct error *err)
{
    if (!scan->search.set)
        return true;
    arena_reset(scan->arena);
    for (uint32_t row = 0; row < batch->rows; row++) {
        const struct span *cells = &batch->cells[(size_t)row * batch->columns];

        for (uint32_t c = 0; c < scan->table->column_count; c++)
            if (cells[c].ptr && may_leak(&scan->table->columns[c]) &&
                !cell_scan(scan, c, cells[c], err))
                return error_context(err, "column '%s'", scan->table->columns[c].column->name);
    }
    return true;
}

static bool rows_read(struct readback *readback, const struct readback_task *task, struct db *db,
                      struct arena *arena, struct readback_table *sums, struct error *err)
{
    const struct verify_config *config = readback->run->config;
    const struct bound_table *table = task->table;
    struct field *fields = ARENA_ARRAY(arena, table->column_count + 1, struct field);
    struct span *cells = ARENA_ARRAY(arena, table->column_count + 1, struct span);
    AUTO(arena) struct arena *decoded = arena_new();
    struct column_scan scan = {
        .table = table, .codec = copy_codec(config->codec, table), .sums = sums, .arena = decoded};
    struct checksum checksum;
    struct batch batch = {0};
    struct buf scratch, written;
    bool has_more = true, is_ok = true;
    struct read read = {.table = table->table,
                        .relation = task->by == READ_ALL ? NULL : &table->table->relations[0],
                        .field_count = table->column_count,
                        .fields = fields,
                        .codec = scan.codec,
                        .by = task->by,
                        .address_low = task->low,
                        .address_high = task->high};

    scan.search =
        (struct leak_search){.set = config->copied->leaks, .found = leak_count, .context = &scan};
    if (!fields || !cells || !decoded)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++)
        fields[i].column = table->columns[i].column;
    for (size_t i = 0; i < table->column_count; i++)
        fields[i].type = fields[i].column->type;
    buf_init(&scratch, BUF_CEILING_MAX);
    buf_init(&written, BUF_CEILING_MAX);
    is_ok = checksum_init(&checksum, table, read.codec, config->copied->checksum_seed, arena, err);
    checksum.written = &written;
    is_ok = is_ok && batch_init(&batch, COPY_BATCH_ROWS, (uint32_t)table->column_count, err) &&
            db_read_begin(db, &read, err);
    while (is_ok && has_more) {
        is_ok = db_read_next(db, &batch, &has_more, err);
        for (uint32_t row = 0; is_ok && row < batch.rows; row++) {
            uint64_t hash = 0;

            is_ok = checksum_row(&checksum, batch.row[row], cells, &scratch, &hash, err);
            sums->checksum += hash;
        }
        is_ok = is_ok && batch_scan(&scan, &batch, err);
        sums->rows += batch.rows;
        control_add(config->control, batch.rows, 0);
    }
    leak_search_end(&scan.search);
    if (is_ok && scan.search.has_memory_failed)
        is_ok = error_memory(err);
    batch_release(&batch);
    buf_release(&scratch);
    buf_release(&written);
    return is_ok;
}

static bool readback_work(void *context, size_t item, struct crew_member *member, struct error *err)
{
    struct readback *readback = context;
    const struct readback_task *task = &readback->tasks[item];
    struct readback_table sums = {0};
    AUTO(arena) struct arena *arena = arena_new();

    if (!arena)
        return error_memory(err);
    if (!rows_read(readback, task, member->target, arena, &sums, err))
        return error_context(err, "reading back table '%s'", task->table->table->label);
    pthread_mutex_lock(&readback->mutex);
    struct readback_table *total = &readback->run->tables[task->table->table->index];
    total->rows += sums.rows;
    total->checksum += sums.checksum;
    total->leaks += sums.leaks;
    total->dense_leaks += sums.dense_leaks;
    total->number_leaks += sums.number_leaks;
    total->numbers_by_chance += sums.numbers_by_chance;
    if (!total->leaking)
        total->leaking = sums.leaking;
    if (!total->numbers_leaking)
        total->numbers_leaking = sums.numbers_leaking;
    pthread_mutex_unlock(&readback->mutex);
    return true;
}

bool verify_read_back(struct verify_run *run, struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    struct readback readback = {.run = run};

    run->tables = ARENA_ARRAY(run->arena, binding->catalog->table_count + 1, struct readback_table);
    if (!run->tables)
        return error_memory(err);
    for (size_t i = 0; i < binding->catalog->table_count; i++)
        if (binding->tables[i].column_count && !tasks_of_table(&readback, &binding->tables[i], err))
            return false;
    pthread_mutex_init(&readback.mutex, NULL);
    bool is_ok = crew_spread(run->config->crew, readback.count, readback_work, &readback, err);
    pthread_mutex_destroy(&readback.mutex);
    return is_ok;
}
