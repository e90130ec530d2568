/* Reads by unbuffered results: takes the address and the total off each row and hands the rest on
 * in the form of codec_my. One copy of each row, from the client library's buffer into the batch.
 *
 *   row      [column of the address] ... [total] field ... field */
#include "db/my_read.h"
#include "db/my_address.h"
#include "value/my_row.h"
#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH_BYTES     ((size_t)8 << 20)
#define STATEMENT_BYTES ((size_t)4 << 20) /* both servers take 16 MiB unless told otherwise */
#define BOOK_ROWS       65536             /* of a table that is read in full */
#define DRAIN_BYTES     ((size_t)1 << 20) /* not worth a second session to stop */
#define ROW_BYTES       64                /* at least, of one that is drained */

struct my_read {
    struct arena *arena; /* owned; emptied by each read */
    struct my_statement_list statements;
    size_t next; /* of the statements */
    MYSQL_RES *result;
    const struct table *table;
    const struct relation *relation;
    const struct codec *codec;
    uint32_t field_count;
    size_t address_columns; /* in front of each row */
    bool with_address, with_total, has_sql, is_filter;
    enum read_by by;
    int64_t rows_left;         /* INT64_MAX: no limit */
    const uint64_t *addresses; /* is_filter: ascending */
    size_t address_count;
    const struct bitmap *resolving; /* keys of these addresses are noted, or NULL */
    struct buf key;                 /* cells of the address of the row in hand */
};

void my_read_release(struct my_read *read)
{
    if (!read)
        return;
    if (read->result)
        mysql_free_result(read->result);
    buf_release(&read->key);
    arena_free(read->arena);
    read->arena = NULL;
}

static bool read_error(struct my_db *my, const char *what, struct error *err)
{
    error_set(err, my_status(my), "%s", what);
    return error_context(err, "reading table '%s'", my->read->table->label);
}

/* The server refused, or gave up in the middle. */
static bool read_failed(struct my_db *my, const char *what, struct error *err)
{
    if (my->read->has_sql)
        my_error_expression(&my->base, what, err);
    else
        my_error(&my->base, what, err);
    return error_context(err, "reading table '%s'", my->read->table->label);
}

static bool statement_start(struct my_db *my, struct error *err)
{
    struct my_read *read = my->read;
    const struct my_statement *statement = &read->statements.items[read->next];

    assert(read->next < read->statements.count && !read->result);
    if (atomic_load(&my->is_canceled))
        return read_error(my, "interrupted", err);
    read->next++;
    if (mysql_real_query(my->connection, statement->sql, (unsigned long)statement->len) != 0)
        return read_failed(my, "starting to read", err);
    read->result = mysql_use_result(my->connection);
    if (!read->result)
        return read_failed(my, "starting to read", err);
    if (mysql_num_fields(read->result) !=
        read->address_columns + read->with_total + read->field_count)
        return read_error(my, "a row is not in the form that was asked for", err);
    return true;
}

static bool read_make(struct my_db *my, struct error *err)
{
    if (my->read && my->read->arena) {
        struct my_read *read = my->read;
        struct arena *arena = read->arena;
        struct buf key = read->key;

        arena_reset(arena);
        *read = (struct my_read){.arena = arena, .key = key};
        return true;
    }
    my->read = ARENA_NEW(my->own, struct my_read);
    if (!my->read || !(my->read->arena = arena_new()))
        return error_memory(err);
    buf_init(&my->read->key, BUF_CEILING_MAX);
    return true;
}

static bool has_sql(const struct read *read)
{
    bool has = read->where || read->order || read->key_expression;

    for (size_t i = 0; i < read->field_count; i++)
        has = has || read->fields[i].expression;
    return has;
}

/* The caller's arrays need not live as long as the read. */
static bool filter_keep(struct my_read *made, const struct read *read, struct error *err)
{
    uint64_t *addresses = ARENA_ARRAY(made->arena, read->address_count + 1, uint64_t);

    if (!addresses)
        return error_memory(err);
    if (read->address_count)
        memcpy(addresses, read->addresses, read->address_count * sizeof(*addresses));
    made->addresses = addresses;
    made->address_count = read->address_count;
    return true;
}

static bool book_get(struct my_db *my, struct error *err)
{
    return my->book || my_book_new(&my->book, err);
}

static bool read_start(struct my_db *my, const struct read *read, struct error *err)
{
    struct my_read *made = my->read;

    made->table = read->table;
    made->relation = my_relation(read);
    made->codec = read->codec;
    made->field_count = (uint32_t)read->field_count;
    made->with_address = read->with_address;
    made->with_total = read->with_total;
    made->has_sql = has_sql(read);
    made->is_filter = my_read_is_filter(read);
    made->by = read->by;
    made->rows_left = read->max_rows > 0 ? read->max_rows : INT64_MAX;
    if (read->with_address || made->is_filter)
        made->address_columns = my_address_column_count(read->table, made->relation);
    made->statements.arena = made->arena;
    made->statements.names_indexes = my->base.side == DB_SOURCE;
    if (made->is_filter && !filter_keep(made, read, err))
        return false;
    return my_statements_make(read, my->book, STATEMENT_BYTES, &made->statements, err) &&
           (made->statements.count == 0 || statement_start(my, err));
}

static bool read_begin(struct my_db *my, const struct read *read, const struct bitmap *resolving,
                       struct error *err)
{
    assert(my->state == MY_IDLE && read->codec == &codec_my);
    if (!read_make(my, err) || !book_get(my, err))
        return false;
    my->read->resolving = resolving;
    if (!read_start(my, read, err))
        return strstr(err->context, read->table->label)
                   ? false
                   : error_context(err, "reading table '%s'", read->table->label);
    my->state = MY_READING;
    return true;
}

bool my_read_begin_resolving(struct db *db, const struct read *read, const struct bitmap *addresses,
                             struct error *err)
{
    return read_begin(my_of(db), read, addresses, err);
}

/* Addresses whose keys nobody has noted are looked for first. */
bool my_read_begin(struct db *db, const struct read *read, struct error *err)
{
    struct my_db *my = my_of(db);

    if (read->by == READ_BY_ADDRESS && my_relation(read)->address_class == ADDRESS_KEY &&
        !my_resolve_list(db, read, err))
        return false;
    return read_begin(my, read, NULL, err);
}

static bool is_wanted(const struct my_read *read, uint64_t address)
{
    size_t first = 0, last = read->address_count;

    while (first < last) {
        const size_t middle = first + (last - first) / 2;

        if (read->addresses[middle] < address)
            first = middle + 1;
        else
            last = middle;
    }
    return first < read->address_count && read->addresses[first] == address;
}

/* Keys of rows that are found by other keys are wanted later; so are those of small tables. */
static bool key_note(struct my_db *my, uint64_t address, struct error *err)
{
    const struct my_read *read = my->read;
    const struct span key = buf_span(&read->key);

    if (read->resolving)
        return bitmap_has(read->resolving, address)
                   ? my_book_put(my->book, read->table, address, key, err)
                   : my_book_check(my->book, read->table, address, key, err);
    if (read->by == READ_BY_KEY ||
        (read->by == READ_ALL && my_book_count(my->book, read->table) < BOOK_ROWS))
        return my_book_put(my->book, read->table, address, key, err);
    return my_book_check(my->book, read->table, address, key, err);
}

static bool address_take(struct my_db *my, MYSQL_ROW row, const unsigned long *lengths,
                         uint64_t *address, struct error *err)
{
    struct my_read *read = my->read;

    if (read->relation->address_class == ADDRESS_PLACE) {
        struct span cells[MY_PACKED_MAX];

        assert(read->address_columns <= MY_PACKED_MAX);
        for (size_t i = 0; i < read->address_columns; i++)
            cells[i] = (struct span){row[i], row[i] ? (uint32_t)lengths[i] : 0};
        return my_address_pack(read->relation->address_key, cells, address) ||
               read_error(my, "a key is no integer of its column", err);
    }
    buf_reset(&read->key);
    for (size_t i = 0; i < read->address_columns; i++)
        my_row_add(&read->key, row[i] ? span_make(row[i], lengths[i]) : (struct span){NULL, 0});
    if (!buf_ok(&read->key))
        return error_memory(err);
    *address = my_book_address(my->book, buf_span(&read->key));
    return read->relation->address_class == ADDRESS_ROW || key_note(my, *address, err);
}

static size_t row_length(const struct my_read *read, MYSQL_ROW row, const unsigned long *lengths,
                         size_t first)
{
    size_t len = 0;

    for (size_t i = first; i < first + read->field_count; i++)
        len += MY_LENGTH_MOST + (row[i] ? lengths[i] : 0);
    return len;
}

/* The fields in the codec's form, with the cells in it. */
static bool row_copy(struct my_db *my, MYSQL_ROW row, const unsigned long *lengths,
                     struct batch *batch, struct error *err)
{
    const struct my_read *read = my->read;
    const size_t first = read->address_columns + read->with_total;
    struct span *cells = &batch->cells[(size_t)batch->rows * batch->columns];
    const size_t most = row_length(read, row, lengths, first);

    if (most > UINT32_MAX)
        return read_error(my, "a row has more than 4 GiB", err);

    char *copy = arena_alloc(batch->arena, most);
    if (!copy)
        return error_memory(err);
    char *at = copy;
    for (size_t i = 0; i < read->field_count; i++) {
        if (!row[first + i]) {
            at = my_row_put(at, (struct span){NULL, 0});
            cells[i] = (struct span){NULL, 0};
            continue;
        }
        const struct span cell = span_make(row[first + i], lengths[first + i]);
        at = my_row_put(at, cell);
        cells[i] = span_make(at - cell.len, cell.len);
    }
    batch->row[batch->rows] = span_make(copy, (size_t)(at - copy));
    return true;
}

static bool total_take(struct my_db *my, MYSQL_ROW row, int64_t *total, struct error *err)
{
    const char *text = row[my->read->address_columns];
    char *end = NULL;

    *total = text ? strtoll(text, &end, 10) : -1;
    return (end && *end == '\0' && *total >= 0) ||
           read_error(my, "a row is not in the form that was asked for", err);
}

static bool row_add(struct my_db *my, MYSQL_ROW row, struct batch *batch, struct error *err)
{
    struct my_read *read = my->read;
    const unsigned long *lengths = mysql_fetch_lengths(read->result);
    const uint32_t at = batch->rows;
    uint64_t address = 0;

    assert(at < batch->capacity && lengths);
    if (read->address_columns && !address_take(my, row, lengths, &address, err))
        return false;
    if (read->is_filter && !is_wanted(read, address))
        return true;
    if (read->with_address) {
        batch->relations[at] = read->relation->index;
        batch->addresses[at] = address;
    }
    if ((read->with_total && !total_take(my, row, &batch->totals[at], err)) ||
        !row_copy(my, row, lengths, batch, err))
        return false;
    batch->rows++;
    read->rows_left--;
    return true;
}

/* The statement in hand is over: the next one, or none. */
static bool statement_finish(struct my_db *my, bool *more, struct error *err)
{
    struct my_read *read = my->read;
    const bool is_broken = mysql_errno(my->connection) != 0;

    if (is_broken)
        read_failed(my, "a read broke off", err);
    mysql_free_result(read->result);
    read->result = NULL;
    if (is_broken) {
        my->state = MY_IDLE;
        return false;
    }
    if (read->next < read->statements.count)
        return statement_start(my, err);
    my->state = MY_IDLE;
    *more = false;
    return true;
}

static bool rows_take(struct my_db *my, struct batch *batch, bool *more, struct error *err)
{
    struct my_read *read = my->read;
    uint32_t rows = batch->rows;

    while (*more && batch->rows < batch->capacity && arena_bytes(batch->arena) < BATCH_BYTES) {
        MYSQL_ROW row = read->result ? mysql_fetch_row(read->result) : NULL;

        if (!row && !read->result) {
            my->state = MY_IDLE;
            *more = false;
        } else if (!(row ? row_add(my, row, batch, err) : statement_finish(my, more, err))) {
            return false;
        }
        if (batch->rows != rows && read->rows_left == 0) {
            *more = false;
            return my_read_end(&my->base, err);
        }
        rows = batch->rows;
    }
    return true;
}

bool my_read_next(struct db *db, struct batch *batch, bool *more, struct error *err)
{
    struct my_db *my = my_of(db);

    assert(my->state == MY_READING);
    batch_reset(batch, my->read->field_count);
    if (!batch->cells)
        return error_memory(err);
    *more = true;
    if (!rows_take(my, batch, more, err))
        return false;
    if (atomic_load(&my->is_canceled))
        return read_error(my, "interrupted", err);
    return true;
}

/* Stops the statement from a second session; its transaction, and with it the snapshot, stays. */
static void statement_kill(struct my_db *my)
{
    MYSQL *other = my_connect_again(my);
    char sql[64];

    if (!other)
        return;
    (void)snprintf(sql, sizeof(sql), "KILL QUERY %lu", my->thread_number);
    (void)mysql_query(other, sql); /* if it fails, all rows come */
    mysql_close(other);
}

/* A kill that came too late for its statement may end the next one. */
static bool kill_absorb(struct my_db *my, struct error *err)
{
    unsigned code = 0;

    if (my_attempt(&my->base, "DO 0", "ending a read", &code, err))
        return true;
    if (code != ER_QUERY_INTERRUPTED)
        return false;
    *err = (struct error){.status = STATUS_OK};
    return my_run(&my->base, "DO 0", err);
}

/* The rest of a result has to be taken before anything else can be asked. True when the server was
 * told to stop. */
static bool result_drain(struct my_db *my)
{
    struct my_read *read = my->read;
    const unsigned fields = read->result ? mysql_num_fields(read->result) : 0;
    bool is_killed = false;
    size_t drained = 0;

    while (read->result && mysql_fetch_row(read->result)) {
        const unsigned long *lengths = mysql_fetch_lengths(read->result);

        if (is_killed)
            continue;
        drained += ROW_BYTES;
        for (unsigned i = 0; i < fields; i++)
            drained += lengths[i];
        if (drained >= DRAIN_BYTES) {
            statement_kill(my);
            is_killed = true;
        }
    }
    return is_killed;
}

bool my_read_end(struct db *db, struct error *err)
{
    struct my_db *my = my_of(db);
    struct my_read *read = my->read;

    if (my->state == MY_IDLE)
        return true;
    assert(my->state == MY_READING && read);

    const bool is_killed = result_drain(my);
    const unsigned code = read->result ? mysql_errno(my->connection) : 0;
    const bool is_broken = code != 0 && (!is_killed || code != ER_QUERY_INTERRUPTED);

    if (is_broken)
        read_failed(my, "a read broke off", err);
    if (read->result)
        mysql_free_result(read->result);
    read->result = NULL;
    my->state = MY_IDLE;
    if (atomic_load(&my->is_canceled))
        return read_error(my, "interrupted", err);
    return !is_broken && (!is_killed || kill_absorb(my, err));
}
