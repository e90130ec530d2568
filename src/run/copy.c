/* The work of one chunk. */
#include "run/copy_tasks.h"

#include "base/clock.h"
#include "base/spill.h"
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define SEND_AHEAD 8 /* rows whose memory is on its way */

struct copy_run {
    const struct copy_config *config;
    struct copied *copied;
    struct copy_task_list tasks;
    size_t share;          /* bytes of finished rows a worker may hold */
    pthread_mutex_t mutex; /* guards the sums in copied */
};

/* A finished row of a chunk: where it is, and what places it: a keyed hash of its identity, or its
 * place in a clustered table. */
struct chunk_row {
    uint64_t order;
    uint64_t position;
    uint32_t len;
    bool is_spilled;
};

struct chunk {
    struct copy_run *run;
    const struct copy_task *task;
    struct crew_member *member;
    struct arena *arena;       /* owned */
    struct rewriter *rewriter; /* owned */
    struct batch batch;
    struct field *fields;
    size_t field_count;
    struct buf rows;        /* finished rows in memory */
    struct spill *spill;    /* owned; NULL until needed */
    struct buf index_bytes; /* struct chunk_row of each */
    size_t count;
    uint64_t checksum, bytes;
};

/* Finished rows that outgrow the worker's share go to disk, all that are in memory at once. */
static bool chunk_spill(struct chunk *chunk, struct error *err)
{
    struct chunk_row *rows = (struct chunk_row *)(void *)chunk->index_bytes.ptr;

    if (!chunk->spill && !spill_new(chunk->run->config->temporary_directory, &chunk->spill, err))
        return false;
    for (size_t i = 0; i < chunk->count; i++) {
        if (rows[i].is_spilled)
            continue;
        if (!spill_write(chunk->spill, span_make(chunk->rows.ptr + rows[i].position, rows[i].len),
                         &rows[i].position, err))
            return false;
        rows[i].is_spilled = true;
    }
    buf_reset(&chunk->rows);
    return true;
}

static bool chunk_keep(struct chunk *chunk, uint32_t row, struct error *err)
{
    size_t begin = chunk->rows.len;
    struct chunk_row kept = {.position = begin};

    kept.order = rewriter_is_clustered(chunk->rewriter)
                     ? rewriter_place(chunk->rewriter, &chunk->batch, row)
                     : rewriter_identity(chunk->rewriter, row);

    if (!rewriter_write(chunk->rewriter, &chunk->batch, row, &chunk->rows, err))
        return false;
    kept.len = (uint32_t)(chunk->rows.len - begin);
    buf_add(&chunk->index_bytes, &kept, sizeof(kept));
    if (!buf_ok(&chunk->index_bytes))
        return error_memory(err);
    chunk->count++;
    chunk->bytes += kept.len;
    return chunk->rows.len < chunk->run->share || chunk_spill(chunk, err);
}

/* Leaves the rows in the batch that were chosen. */
static void batch_filter(struct batch *batch, const struct bitmap *rows)
{
    uint32_t kept = 0;

    for (uint32_t row = 0; row < batch->rows; row++) {
        if (!bitmap_has(rows, batch->addresses[row]))
            continue;
        batch->row[kept] = batch->row[row];
        batch->relations[kept] = batch->relations[row];
        batch->addresses[kept] = batch->addresses[row];
        memmove(&batch->cells[(size_t)kept * batch->columns],
                &batch->cells[(size_t)row * batch->columns],
                batch->columns * sizeof(*batch->cells));
        kept++;
    }
    batch->rows = kept;
}

static bool chunk_read_run(struct chunk *chunk, const struct read *read, struct error *err)
{
    struct db *source = chunk->member->source;
    bool has_more = true;

    if (!db_read_begin(source, read, err))
        return false;
    while (has_more) {
        if (!db_read_next(source, &chunk->batch, &has_more, err))
            return false;
        if (chunk->task->is_filtered)
            batch_filter(&chunk->batch, chunk->task->relation->rows);
        if (!rewriter_run(chunk->rewriter, &chunk->batch, err))
            return false;
        for (uint32_t row = 0; row < chunk->batch.rows; row++)
            if (!chunk_keep(chunk, row, err))
                return false;
    }
    return true;
}

static bool error_missing(const struct table *table, uint64_t found, uint64_t chosen,
                          struct error *err)
{
    return error_set(err, STATUS_SOURCE,
                     "table '%s' gave %llu of %llu chosen rows: the snapshot did not hold",
                     table->label, (unsigned long long)found, (unsigned long long)chosen);
}

/* A relation without a key, whose equal rows have one address: how many they are is known. */
static bool chunk_read_filtered(struct chunk *chunk, const struct read *read, struct error *err)
{
    const uint64_t chosen = chunk->task->relation->row_count;

    assert(read->with_address && read->by == READ_ALL);
    return chunk_read_run(chunk, read, err) &&
           (chunk->count == chosen || error_missing(read->table, chunk->count, chosen, err));
}

const struct codec *copy_codec(const struct codec *codec, const struct bound_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (!table->columns[i].column->type->has_binary)
            return codec_text_beside(codec);
    return codec;
}

/* One statement's worth of addresses; every one must give its row. */
static bool chunk_read_addresses(struct chunk *chunk, struct read *read, struct error *err)
{
    size_t before = chunk->count;

    if (read->address_count == 0)
        return true;
    if (!chunk_read_run(chunk, read, err))
        return false;
    if (chunk->count - before != read->address_count)
        return error_missing(read->table, chunk->count - before, read->address_count, err);
    read->address_count = 0;
    return true;
}

/* The chosen rows of this chunk's stripes, in batches that reach over stripes. Stripes without a
 * chosen row are passed over in one step. */
static bool chunk_read_set(struct chunk *chunk, struct read *read, struct error *err)
{
    const struct copy_task *task = chunk->task;
    uint64_t *addresses = ARENA_ARRAY(chunk->arena, COPY_READ_ROWS, uint64_t);
    uint64_t stripe = task->first, found[512];
    struct bitmap_cursor cursor;
    size_t got = 0;

    if (!addresses)
        return error_memory(err);
    read->addresses = addresses;
    bitmap_cursor_init(&cursor, task->relation->rows);
    cursor.next = copy_stripe_begin(task, stripe);
    while ((got = bitmap_next(&cursor, found, COUNT_OF(found))) > 0) {
        size_t i = 0;

        for (; i < got && copy_stripe_of(task, found[i]) == stripe; i++) {
            addresses[read->address_count++] = found[i];
            if (read->address_count == COPY_READ_ROWS && !chunk_read_addresses(chunk, read, err))
                return false;
        }
        if (i == got)
            continue;
        uint64_t there = copy_stripe_of(task, found[i]);
        uint64_t ahead = there > stripe ? (there - stripe + task->step - 1) / task->step : 1;
        stripe += (ahead ? ahead : 1) * task->step;
        bitmap_cursor_init(&cursor, task->relation->rows);
        cursor.next = copy_stripe_begin(task, stripe);
    }
    return chunk_read_addresses(chunk, read, err);
}

static bool chunk_read_ranges(struct chunk *chunk, struct read *read, struct error *err)
{
    const struct copy_task *task = chunk->task;

    for (uint64_t stripe = task->first; stripe < task->stripes; stripe += task->step) {
        read->address_low = copy_stripe_begin(task, stripe);
        read->address_high =
            stripe + 1 < task->stripes ? copy_stripe_begin(task, stripe + 1) : UINT64_MAX;
        if (!chunk_read_run(chunk, read, err))
            return false;
    }
    return true;
}

static bool chunk_read(struct chunk *chunk, struct error *err)
{
    const struct copy_task *task = chunk->task;
    struct read read = {
        .table = task->table->table->table,
        .relation = task->relation->relation,
        .field_count = chunk->field_count,
        .fields = chunk->fields,
        .codec = copy_codec(chunk->run->config->codec, task->table->table),
        .by = task->by,
        .with_address = task->is_filtered || task->relation->tail_rows != NULL,
    };

    if (task->is_filtered)
        return chunk_read_filtered(chunk, &read, err);
    switch (task->by) {
    case READ_BY_ADDRESS:
        return chunk_read_set(chunk, &read, err);
    case READ_BY_RANGE:
        return chunk_read_ranges(chunk, &read, err);
    default:
        return chunk_read_run(chunk, &read, err);
    }
}

static int row_compare(const void *a, const void *b)
{
    const struct chunk_row *left = a, *right = b;

    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    if (left->is_spilled != right->is_spilled)
        return left->is_spilled ? -1 : 1;
    return left->position < right->position ? -1 : left->position > right->position;
}

/* Places of a clustered table, which are mostly in order already, and spread anyhow. */
static void places_sort(struct chunk_row *rows, size_t count)
{
    size_t sorted = 1;

    while (sorted < count && rows[sorted - 1].order <= rows[sorted].order)
        sorted++;
    if (sorted < count)
        qsort(rows, count, sizeof(*rows), row_compare);
}

/* Sorts by `order`, rows of equal order staying as they came: dealt out by the upper bits, so that
 * about one row falls on a place, then each moved up to its own. Orders are keyed hashes, evenly
 * spread but for equal ones, which need no moving. */
static bool rows_sort(struct chunk_row *rows, size_t count, struct arena *arena, struct error *err)
{
    unsigned bits = 1;

    while (bits < 20 && count >> bits > 0)
        bits++;
    size_t places = (size_t)1 << bits;
    size_t *ends = ARENA_ARRAY(arena, places, size_t);
    struct chunk_row *dealt = ARENA_ARRAY(arena, count, struct chunk_row);

    if (!ends || !dealt)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        ends[rows[i].order >> (64 - bits)]++;
    for (size_t place = 1; place < places; place++)
        ends[place] += ends[place - 1];
    assert(ends[places - 1] == count);
    for (size_t i = count; i-- > 0;)
        dealt[--ends[rows[i].order >> (64 - bits)]] = rows[i];
    for (size_t i = 0; i < count; i++) {
        size_t at = i;

        for (; at > 0 && rows[at - 1].order > dealt[i].order; at--)
            rows[at] = rows[at - 1];
        rows[at] = dealt[i];
    }
    return true;
}

struct sender {
    struct chunk *chunk;
    struct checksum checksum;
    struct span *cells;
    struct buf out, scratch, spilled;
    uint64_t pending; /* rows in out */
};

static bool sender_flush(struct sender *sender, struct error *err)
{
    uint64_t bytes = sender->out.len;

    if (!buf_ok(&sender->out))
        return error_memory(err);
    if (bytes && !db_write_rows(sender->chunk->member->target, buf_span(&sender->out), err))
        return false;
    control_add(sender->chunk->run->config->control, sender->pending, bytes);
    sender->pending = 0;
    buf_reset(&sender->out);
    return true;
}

/* Rows leave in an order that no cache foresees, so the next ones are fetched ahead. */
static void row_fetch(const struct chunk *chunk, const struct chunk_row *row)
{
    for (uint32_t at = 0; !row->is_spilled && at < row->len && at < 256; at += 64)
        __builtin_prefetch(chunk->rows.ptr + row->position + at);
}

static bool sender_row(struct sender *sender, const struct chunk_row *row, struct error *err)
{
    struct chunk *chunk = sender->chunk;
    struct span bytes;
    uint64_t hash = 0;

    if (row->is_spilled) {
        if (!spill_read(chunk->spill, row->position, &sender->spilled, err))
            return false;
        bytes = buf_span(&sender->spilled);
    } else {
        bytes = span_make(chunk->rows.ptr + row->position, row->len);
    }
    if (!checksum_row(&sender->checksum, bytes, sender->cells, &sender->scratch, &hash, err))
        return false;
    chunk->checksum += hash;
    buf_add(&sender->out, bytes.ptr, bytes.len);
    sender->pending++;
    return sender->out.len < 65536 || sender_flush(sender, err);
}

static bool chunk_send_rows(struct sender *sender, struct error *err)
{
    struct chunk *chunk = sender->chunk;
    const struct bound_table *table = chunk->task->table->table;
    const struct column **columns =
        ARENA_ARRAY(chunk->arena, table->column_count + 1, const struct column *);
    const struct chunk_row *rows = (const void *)chunk->index_bytes.ptr;
    int64_t taken = 0;

    sender->cells = ARENA_ARRAY(chunk->arena, table->column_count + 1, struct span);
    if (!columns || !sender->cells)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = table->columns[i].column;
    const struct codec *codec = copy_codec(chunk->run->config->codec, table);
    if (!checksum_init(&sender->checksum, table, codec, chunk->run->copied->checksum_seed,
                       chunk->arena, err) ||
        !db_write_begin(chunk->member->target, table->table, columns, table->column_count, codec,
                        err))
        return false;
    for (size_t i = 0; i < chunk->count; i++) {
        if (i + SEND_AHEAD < chunk->count)
            row_fetch(chunk, &rows[i + SEND_AHEAD]);
        if (!sender_row(sender, &rows[i], err))
            return false;
    }
    if (!sender_flush(sender, err) || !db_write_end(chunk->member->target, &taken, err))
        return false;
    if ((uint64_t)taken != chunk->count)
        return error_set(err, STATUS_TARGET, "table '%s' took %lld of %zu rows",
                         table->table->label, (long long)taken, chunk->count);
    return true;
}

static bool chunk_send(struct chunk *chunk, struct error *err)
{
    struct sender sender = {.chunk = chunk};
    struct chunk_row *rows = (struct chunk_row *)(void *)chunk->index_bytes.ptr;
    bool is_ok = true;

    if (chunk->count == 0)
        return true;
    if (rewriter_is_clustered(chunk->rewriter))
        places_sort(rows, chunk->count);
    else if (!rows_sort(rows, chunk->count, chunk->arena, err))
        return false;
    buf_init(&sender.out, BUF_CEILING_MAX);
    buf_init(&sender.scratch, BUF_CEILING_MAX);
    buf_init(&sender.spilled, BUF_CEILING_MAX);
    is_ok = chunk_send_rows(&sender, err);
    buf_release(&sender.out);
    buf_release(&sender.scratch);
    buf_release(&sender.spilled);
    return is_ok;
}

/* Adds a finished chunk to the sums of the run. */
static void chunk_count(struct chunk *chunk)
{
    struct copy_run *run = chunk->run;
    const struct selection *selection = run->config->selection;
    const struct rewrite_counts *counts = rewriter_counts(chunk->rewriter);
    const struct table *table = chunk->task->table->table->table;
    struct copied_table *sums = &run->copied->tables[table->index];

    pthread_mutex_lock(&run->mutex);
    sums->rows += chunk->count;
    sums->bytes += chunk->bytes;
    sums->checksum += chunk->checksum;
    sums->scrambled += counts->scrambled;
    sums->unchanged += counts->unchanged;
    sums->nulled += counts->nulled;
    if (sums->leaked == 0 && counts->leaked > 0) {
        sums->leaked_from = counts->leaked_from;
        sums->leaked_to = counts->leaked_to;
    }
    sums->leaked += counts->leaked;
    sums->lone_words += counts->lone_words;
    for (size_t e = 0; e < selection->binding->graph->all.count; e++)
        run->copied->nulled[e] += rewriter_nulled(chunk->rewriter, (uint32_t)e);
    run->copied->rows += chunk->count;
    run->copied->bytes += chunk->bytes;
    if (chunk->spill)
        run->copied->spilled_bytes += spill_bytes(chunk->spill);
    pthread_mutex_unlock(&run->mutex);
}

static bool chunk_prepare(struct chunk *chunk, struct error *err)
{
    const struct copy_config *config = chunk->run->config;
    struct rewriter_config rewriter = {
        .selection = config->selection,
        .table = chunk->task->table->table,
        .codec = copy_codec(config->codec, chunk->task->table->table),
        .oids = config->oids,
        .leaks = config->leaks,
        .gathering = config->gathering,
        .ordering = config->ordering,
        .likeness = config->likeness,
        .fanning = config->fanning,
        .tail_rows = chunk->task->relation->tail_rows,
    };

    buf_init(&chunk->rows, BUF_CEILING_MAX);
    buf_init(&chunk->index_bytes, BUF_CEILING_MAX);
    chunk->arena = arena_new();
    if (!chunk->arena)
        return error_memory(err);
    return rewriter_fields(rewriter.table, chunk->arena, &chunk->fields, &chunk->field_count,
                           err) &&
           batch_init(&chunk->batch, COPY_BATCH_ROWS, (uint32_t)chunk->field_count, err) &&
           rewriter_new(&rewriter, &chunk->rewriter, err);
}

static void chunk_release(struct chunk *chunk)
{
    rewriter_free(chunk->rewriter);
    if (chunk->batch.arena)
        batch_release(&chunk->batch);
    buf_release(&chunk->rows);
    buf_release(&chunk->index_bytes);
    spill_free(chunk->spill);
    arena_free(chunk->arena);
}

static bool copy_chunk(void *context, size_t item, struct crew_member *member, struct error *err)
{
    struct copy_run *run = context;
    struct chunk chunk = {.run = run, .task = &run->tasks.items[item], .member = member};
    bool is_ok = chunk_prepare(&chunk, err) && chunk_read(&chunk, err) &&
                 rewriter_finish(chunk.rewriter, err) && chunk_send(&chunk, err);

    if (is_ok)
        chunk_count(&chunk);
    else if (!strstr(err->context, chunk.task->table->table->table->label))
        error_context(err, "table '%s'", chunk.task->table->table->table->label);
    chunk_release(&chunk);
    return is_ok;
}

bool copy_rows(const struct copy_config *config, struct crew *crew, struct arena *arena,
               struct copied **copied, struct error *err)
{
    const struct binding *binding = config->selection->binding;
    struct copied *made = ARENA_NEW(arena, struct copied);
    struct copy_run run = {.config = config, .copied = made};

    *copied = NULL;
    if (!made ||
        !(made->tables =
              ARENA_ARRAY(arena, binding->catalog->table_count + 1, struct copied_table)) ||
        !(made->nulled = ARENA_ARRAY(arena, binding->graph->all.count + 1, uint64_t)))
        return error_memory(err);
    randombytes_buf(&made->checksum_seed, sizeof(made->checksum_seed));
    made->leaks = config->leaks;
    run.share = (size_t)(binding->options->memory / (4u * crew_count(crew)));
    if (run.share > COPY_SHARE_MAX)
        run.share = COPY_SHARE_MAX;
    if (!copy_tasks_list(config->selection, crew, arena, &run.tasks, err) ||
        (config->leaks && !rewrite_reserve_made(config->selection, config->leaks, err)))
        return false;
    pthread_mutex_init(&run.mutex, NULL);
    bool is_ok = crew_spread(crew, run.tasks.count, copy_chunk, &run, err);
    pthread_mutex_destroy(&run.mutex);
    is_ok = is_ok && (!config->leaks || leak_made_check(config->leaks, err));
    if (is_ok)
        *copied = made;
    return is_ok;
}
