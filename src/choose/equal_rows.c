/* Rows of relations without a key: equal rows have one address, and stand or fall together. The
 * sets hold addresses; how many rows these are, and by which reasons, one scan counts when all rows
 * are chosen. */
#include "choose/state.h"

static bool has_equal_rows(const struct table_state *table, size_t relation)
{
    return table->table->relations[relation].address_class == ADDRESS_ROW;
}

bool equal_rows_init(struct chooser *chooser, struct table_state *table, struct error *err)
{
    for (size_t r = 0; r < table->table->relation_count; r++) {
        struct relation_state *relation = &table->relations[r];

        if (!has_equal_rows(table, r))
            continue;
        relation->reasons = ARENA_ARRAY(chooser->arena, CHOSEN_COUNT, struct bitmap *);
        if (!relation->reasons)
            return error_memory(err);
        for (size_t i = 0; i < CHOSEN_COUNT; i++)
            if (!(relation->reasons[i] = bitmap_new()))
                return error_memory(err);
    }
    return true;
}

bool equal_rows_note(struct relation_state *relation, uint64_t address, enum chosen_reason reason,
                     struct error *err)
{
    bool ignored;

    assert(reason < CHOSEN_COUNT);
    if (!relation->reasons)
        return true;
    for (size_t i = 0; i < CHOSEN_COUNT; i++)
        bitmap_remove(relation->reasons[i], address);
    return bitmap_add(relation->reasons[reason], address, &ignored) || error_memory(err);
}

size_t equal_rows_bytes(const struct relation_state *relation)
{
    size_t bytes = 0;

    for (size_t i = 0; relation->reasons && i < CHOSEN_COUNT; i++)
        bytes += bitmap_bytes(relation->reasons[i]);
    return bytes;
}

void equal_rows_release(struct relation_state *relation)
{
    for (size_t i = 0; relation->reasons && i < CHOSEN_COUNT; i++)
        bitmap_free(relation->reasons[i]);
    relation->reasons = NULL;
}

struct counting {
    struct bitmap *seen; /* addresses that were met once */
};

static bool row_count(const struct row_sink *sink, struct key_scratch *scratch,
                      const struct batch *batch, uint32_t row, struct error *err)
{
    const struct counting *counting = sink->context;
    struct table_state *table = sink->table;
    struct relation_state *relation = &table->relations[batch->relations[row]];
    const uint64_t address = batch->addresses[row];
    bool is_first;

    if (!table->is_everything && !bitmap_has(relation->rows, address))
        return true;
    relation->whole_count += table->is_all_whole || bitmap_has(relation->whole, address);
    for (size_t i = 0; i < CHOSEN_COUNT; i++)
        table->chosen[i] += bitmap_has(relation->reasons[i], address);
    if (table->is_everything) /* each row was read, and counted, by itself */
        return true;
    relation->row_count++;
    if (!bitmap_add(counting->seen, address, &is_first))
        return error_memory(err);
    /* The references of the first were counted when it was chosen. */
    return is_first || row_links_up(sink->chooser, table, scratch,
                                    batch->cells + (size_t)row * batch->columns, err);
}

static bool count_batch(const struct row_sink *sink, struct key_scratch *scratch,
                        const struct batch *batch, struct error *err)
{
    bool is_done = true;

    chooser_lock(sink->chooser);
    for (uint32_t row = 0; row < batch->rows && is_done; row++)
        is_done = row_count(sink, scratch, batch, row, err);
    chooser_unlock(sink->chooser);
    return is_done;
}

static bool table_count(struct chooser *chooser, struct table_state *table, struct error *err)
{
    AUTO(bitmap) struct bitmap *seen = bitmap_new();
    const struct counting counting = {.seen = seen};
    const struct row_sink sink = {
        .batch = count_batch, .chooser = chooser, .table = table, .context = &counting};
    struct read read;

    if (!seen)
        return error_memory(err);
    memset(table->chosen, 0, sizeof(table->chosen));
    read_init(table, &read);
    return table_read(chooser, chooser->readers->leader, &read, &sink, err);
}

/* Of a table that comes whole: those rows that have a reason of their own, or are whole. */
static bool needs_count(const struct table_state *table)
{
    const struct relation_state *relation = &table->relations[0];

    if (!table->is_present || table->table->relation_count != 1 || !has_equal_rows(table, 0))
        return false;
    if (!table->is_everything)
        return bitmap_count(relation->rows) > 0;
    return (relation->seeds && bitmap_count(relation->seeds) > 0) ||
           (relation->whole && bitmap_count(relation->whole) > 0);
}

bool equal_rows_count(struct chooser *chooser, struct error *err)
{
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++) {
        struct table_state *table = &chooser->tables[i];

        if (!needs_count(table))
            continue;
        if (!table_count(chooser, table, err))
            return false;
        if (!table->is_everything)
            chooser->rows += table->relations[0].row_count - bitmap_count(table->relations[0].rows);
    }
    return true;
}
