/* Reads and the readers they are spread over; progress, interruption and the ceiling of memory are
 * looked at between batches. */
#include "choose/state.h"

#define BATCH_ROWS      2048
#define BATCHES_A_CHECK 32

void read_init(const struct table_state *table, struct read *read)
{
    assert(table->field_count > 0);
    *read = (struct read){.table = table->table,
                          .field_count = table->field_count,
                          .fields = table->fields,
                          .codec = table->codec,
                          .by = READ_ALL,
                          .with_address = true};
}

static size_t wanted_pair_bytes(const struct wanted *a, const struct wanted *b)
{
    return wanted_bytes(a) + wanted_bytes(b);
}

static size_t table_bytes(const struct table_state *table)
{
    size_t bytes = subject_bytes(table);

    for (size_t i = 0; table->relations && i < table->table->relation_count; i++) {
        const struct relation_state *relation = &table->relations[i];
        bytes += relation->rows ? bitmap_bytes(relation->rows) : 0;
        bytes += relation->whole ? bitmap_bytes(relation->whole) : 0;
        bytes += relation->seeds ? bitmap_bytes(relation->seeds) : 0;
        bytes += relation->tail_rows ? bitmap_bytes(relation->tail_rows) : 0;
        bytes += equal_rows_bytes(relation);
        bytes += table->referenced_seeds[i] ? bitmap_bytes(table->referenced_seeds[i]) : 0;
    }
    for (const struct target *target = table->targets; target; target = target->next)
        bytes += keyset_bytes(&target->have) + keyset_bytes(&target->impossible) +
                 wanted_bytes(&target->missing) + wanted_pair_bytes(&target->fresh, &target->taken);
    return bytes;
}

bool memory_check(struct chooser *chooser, struct error *err)
{
    const struct binding *binding = chooser->binding;
    uint64_t bytes = arena_bytes(chooser->arena) + chooser->other_bytes;

    for (size_t i = 0; i < binding->catalog->table_count; i++)
        bytes += table_bytes(&chooser->tables[i]);
    for (size_t i = 0; i < binding->graph->all.count; i++) {
        const struct edge_state *edge = &chooser->edges[i];
        bytes += wanted_pair_bytes(&edge->fresh, &edge->taken);
        bytes += edge->references ? map_bytes(edge->references) : 0;
    }
    bytes += chooser->provenance ? map_bytes(chooser->provenance) : 0;
    bytes += chooser->subject_rows ? map_bytes(chooser->subject_rows) : 0;
    bytes += db_memory(chooser->readers->leader);
    bytes += chooser->graph ? row_graph_bytes(chooser->graph) : 0;
    chooser->memory = bytes;
    if (bytes > chooser->memory_peak)
        chooser->memory_peak = bytes;
    if (!binding->options || binding->options->memory == 0 || bytes <= binding->options->memory)
        return true;
    error_set(err, STATUS_LOCAL, "the sets of chosen rows and keys need more than --memory allows");
    return error_hint(err, "raise --memory or choose fewer rows; sets of keys do not spill to disk "
                           "in this version");
}

static bool watch_batch(struct chooser *chooser, const struct row_sink *sink, uint64_t rows,
                        struct error *err)
{
    const struct choose_watch *watch = chooser->watch;
    bool is_checked = true;

    if (watch && watch->is_interrupted && watch->is_interrupted(watch->context))
        return error_set(err, STATUS_INTERRUPTED, "interrupted while choosing rows");
    chooser_lock(chooser);
    if (watch && watch->progress)
        watch->progress(watch->context, sink->table->table->label, rows);
    if (++chooser->batches % BATCHES_A_CHECK == 0)
        is_checked = memory_check(chooser, err);
    if (chooser->row_limit && chooser->rows > chooser->row_limit)
        chooser->is_over = true;
    chooser_unlock(chooser);
    return is_checked;
}

static bool batches_read(struct chooser *chooser, struct db *db, const struct row_sink *sink,
                         struct key_scratch *scratch, struct batch *batch, struct error *err)
{
    bool more = true;

    while (more) {
        if (!db_read_next(db, batch, &more, err))
            return false;
        arena_reset(scratch->arena);
        if (batch->rows && !sink->batch(sink, scratch, batch, err))
            return false;
        if (!watch_batch(chooser, sink, batch->rows, err))
            return false;
        if (chooser->is_over && more)
            return db_read_end(db, err);
    }
    return true;
}

bool table_read(struct chooser *chooser, struct db *db, const struct read *read,
                const struct row_sink *sink, struct error *err)
{
    struct key_scratch scratch = {0};
    struct batch batch = {0};
    bool is_done;

    assert(db && read && sink->batch && sink->table);
    if (!key_scratch_init(&scratch, chooser->codec, err))
        return false;
    is_done = batch_init(&batch, BATCH_ROWS, (uint32_t)read->field_count, err) &&
              db_read_begin(db, read, err) &&
              batches_read(chooser, db, sink, &scratch, &batch, err);
    batch_release(&batch);
    key_scratch_release(&scratch);
    return is_done || error_context(err, "choosing rows of table '%s'", sink->table->table->label);
}
