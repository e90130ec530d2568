/* Reads by COPY TO STDOUT: takes the address and the total off each row and hands the rest on as
 * it stood on the wire. One copy of each row: from libpq's buffer into the batch.
 *
 *   binary   [count] [tableoid] [ctid] [total] field ... field
 *                                     ^ the row begins 2 bytes before: count, less what was taken
 *   text     tableoid \t ctid \t total \t field \t ... field \n */
#include "db/pg_conn.h"
#include <stdlib.h>

#define BATCH_BYTES ((size_t)8 << 20)

static bool read_error(struct pg_db *pg, const char *what, struct error *err)
{
    error_set(err, pg_status(pg), "%s", what);
    return error_context(err, "reading table '%s'", pg->read.table->label);
}

/* The server refused, or gave up in the middle. */
static bool read_failed(struct pg_db *pg, const PGresult *result, const char *what,
                        struct error *err)
{
    return pg->read.is_path_open ? pg_error_expression(&pg->base, result, what, err)
                                 : pg_error(&pg->base, result, what, err);
}

static bool copy_start(struct pg_db *pg, const struct read *read, struct error *err)
{
    struct arena *arena = arena_new();
    const char **literals = arena && read->by == READ_BY_KEY
                                ? ARENA_ARRAY(arena, read->keys->column_count, const char *)
                                : NULL;
    struct buf sql;
    bool is_made = arena && (read->by != READ_BY_KEY || literals) ? true : error_memory(err);

    buf_init(&sql, BUF_CEILING_MAX);
    if (is_made && read->by == READ_BY_KEY)
        is_made = pg_key_literals(pg, read, arena, literals, err);
    /* The planner takes each address for a page from a cold disk and would rather read the whole
     * table: 10,000 rows of 1.5 million took 130 ms, and take 15. */
    is_made = is_made && pg_add_copy(&sql, read, literals, err) &&
              pg_shun_seqscan(pg, read->by == READ_BY_ADDRESS, err) &&
              (!pg->read.is_path_open || pg_search_path(pg, true, err));
    if (is_made) {
        /* The extended protocol takes one statement only: nothing can be smuggled behind it. */
        AUTO(PGresult)
        PGresult *result =
            PQexecParams(pg->connection, buf_text(&sql), 0, NULL, NULL, NULL, NULL, 0);

        is_made = PQresultStatus(result) == PGRES_COPY_OUT ||
                  read_failed(pg, result, "starting to read", err);
    }
    buf_release(&sql);
    arena_free(arena);
    return is_made;
}

bool pg_read_begin(struct db *db, const struct read *read, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    bool has_sql = read->where || read->order || read->key_expression;

    assert(pg->state == PG_IDLE);
    for (size_t i = 0; i < read->field_count; i++)
        has_sql = has_sql || read->fields[i].expression;
    pg->read = (struct pg_read){
        .table = read->table,
        .relation = read->relation,
        .codec = read->codec,
        .field_count = (uint32_t)read->field_count,
        .is_binary = read->codec == &codec_pg_binary,
        .with_address = read->with_address,
        .with_relation = read->with_address && !read->relation && read->table->relation_count > 1,
        .with_total = read->with_total,
        .is_first = true,
        .is_path_open = has_sql,
    };
    if (!read->relation && read->table->relation_count == 1)
        pg->read.relation = &read->table->relations[0];
    pg->read.last_relation = pg->read.relation;
    if (!copy_start(pg, read, err))
        return error_context(err, "reading table '%s'", read->table->label);
    pg->state = PG_READING;
    return true;
}

static const struct relation *relation_find(struct pg_read *read, uint32_t oid)
{
    if (read->last_relation && read->last_relation->oid == oid)
        return read->last_relation;
    for (size_t i = 0; i < read->table->relation_count; i++) {
        if (read->table->relations[i].oid == oid)
            return read->last_relation = &read->table->relations[i];
    }
    return NULL;
}

static uint64_t big_endian(const char *bytes, size_t len)
{
    uint64_t number = 0;

    for (size_t i = 0; i < len; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

/* The next binary field, which must have `len` bytes. */
static bool binary_take(struct span *row, uint32_t len, const char **field)
{
    if (row->len < 4 + len || big_endian(row->ptr, 4) != len)
        return false;
    *field = row->ptr + 4;
    row->ptr += 4 + len;
    row->len -= 4 + len;
    return true;
}

struct prefix {
    uint32_t oid;
    uint64_t address;
    int64_t total;
};

static bool prefix_take_binary(struct pg_read *read, struct span *row, struct prefix *prefix)
{
    uint32_t taken = (read->with_relation ? 1u : 0u) + (read->with_address ? 1u : 0u) +
                     (read->with_total ? 1u : 0u);
    const char *field;

    if (row->len < 2 || big_endian(row->ptr, 2) != read->field_count + taken)
        return false;
    row->ptr += 2;
    row->len -= 2;
    if (read->with_relation) {
        if (!binary_take(row, 4, &field))
            return false;
        prefix->oid = (uint32_t)big_endian(field, 4);
    }
    if (read->with_address) {
        if (!binary_take(row, 6, &field))
            return false;
        prefix->address = big_endian(field, 4) << 16 | big_endian(field + 4, 2);
    }
    if (read->with_total) {
        if (!binary_take(row, 8, &field))
            return false;
        prefix->total = (int64_t)big_endian(field, 8);
    }
    return true;
}

/* A decimal number, and the byte behind it, which must be `end`. */
static bool text_take(struct span *row, char end, uint64_t *number)
{
    uint32_t at = 0;

    *number = 0;
    while (at < row->len && at < 20 && row->ptr[at] >= '0' && row->ptr[at] <= '9')
        *number = *number * 10 + (uint64_t)(row->ptr[at++] - '0');
    if (at == 0 || at >= row->len || row->ptr[at] != end)
        return false;
    row->ptr += at + 1;
    row->len -= at + 1;
    return true;
}

static bool prefix_take_text(struct pg_read *read, struct span *row, struct prefix *prefix)
{
    uint64_t number;

    if (read->with_relation) {
        if (!text_take(row, '\t', &number) || number > UINT32_MAX)
            return false;
        prefix->oid = (uint32_t)number;
    }
    if (read->with_address) {
        uint64_t block;

        if (row->len < 1 || row->ptr[0] != '(')
            return false;
        row->ptr++;
        row->len--;
        if (!text_take(row, ',', &block) || !text_take(row, ')', &number) || block > UINT32_MAX ||
            number > UINT16_MAX || row->len < 1 || row->ptr[0] != '\t')
            return false;
        row->ptr++;
        row->len--;
        prefix->address = block << 16 | number;
    }
    if (read->with_total) {
        if (!text_take(row, '\t', &number))
            return false;
        prefix->total = (int64_t)number;
    }
    return true;
}

/* Copies the row without its prefix into the batch. A binary row gets its field count in front,
 * written over the end of the prefix in libpq's buffer, which is ours until it is freed. */
static bool row_copy(struct pg_read *read, struct span row, struct batch *batch, struct span *copy)
{
    if (read->is_binary) {
        char *front = read->message + (row.ptr - read->message) - 2;

        assert(front >= read->message);
        front[0] = (char)(read->field_count >> 8 & 0xff);
        front[1] = (char)(read->field_count & 0xff);
        row = span_make(front, row.len + 2);
    }
    *copy = arena_span(batch->arena, row);
    return copy->ptr != NULL;
}

static bool row_add(struct pg_db *pg, struct span row, struct batch *batch, struct error *err)
{
    struct pg_read *read = &pg->read;
    struct prefix prefix = {0};
    uint32_t at = batch->rows;

    assert(at < batch->capacity);
    if (!(read->is_binary ? prefix_take_binary(read, &row, &prefix)
                          : prefix_take_text(read, &row, &prefix)))
        return read_error(pg, "a row is not in the form that was asked for", err);
    if (read->with_address) {
        const struct relation *relation =
            read->with_relation ? relation_find(read, prefix.oid) : read->relation;

        if (!relation)
            return read_error(pg, "a partition came during the run", err);
        batch->relations[at] = relation->index;
        batch->addresses[at] = prefix.address;
    }
    if (read->with_total)
        batch->totals[at] = prefix.total;
    if (!row_copy(read, row, batch, &batch->row[at]))
        return error_memory(err);
    if (!read->codec->split(batch->row[at], &batch->cells[(size_t)at * batch->columns],
                            batch->columns, err))
        return error_context(err, "reading table '%s'", read->table->label);
    batch->rows++;
    return true;
}

/* The stream is over: its closing result, and the empty search_path again. */
static bool copy_finish(struct pg_db *pg, struct error *err)
{
    bool is_fine = true;

    for (PGresult *result = PQgetResult(pg->connection); result;
         result = PQgetResult(pg->connection)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && is_fine)
            is_fine = read_failed(pg, result, "a read broke off", err);
        PQclear(result);
    }
    pg->state = PG_IDLE;
    if (is_fine && PQstatus(pg->connection) != CONNECTION_OK)
        is_fine = pg_error(&pg->base, NULL, "a read broke off", err);
    if (is_fine && pg->read.is_path_open)
        is_fine = pg_search_path(pg, false, err);
    pg->read.is_path_open = false;
    if (!is_fine)
        error_context(err, "reading table '%s'", pg->read.table->label);
    return is_fine;
}

/* Takes the stream's header off the first message, which PostgreSQL sends with the first row. */
static bool header_take(struct pg_db *pg, struct span *row, struct error *err)
{
    struct span header = pg->read.codec->header;

    pg->read.is_first = false;
    if (header.len == 0)
        return true;
    if (row->len < header.len || memcmp(row->ptr, header.ptr, header.len) != 0)
        return read_error(pg, "the stream does not begin as a binary copy does", err);
    row->ptr += header.len;
    row->len -= header.len;
    return true;
}

/* One message of the stream into the batch; the trailer and an empty message add nothing. */
static bool message_add(struct pg_db *pg, struct span row, struct batch *batch, struct error *err)
{
    struct span trailer = pg->read.codec->trailer;

    if (pg->read.is_first && !header_take(pg, &row, err))
        return false;
    if (row.len == 0 || (trailer.len > 0 && row.len == trailer.len &&
                         memcmp(row.ptr, trailer.ptr, trailer.len) == 0))
        return true;
    return row_add(pg, row, batch, err);
}

bool pg_read_next(struct db *db, struct batch *batch, bool *more, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    size_t bytes = 0;

    assert(pg->state == PG_READING);
    batch_reset(batch, pg->read.field_count);
    if (!batch->cells)
        return error_memory(err);
    *more = true;
    while (batch->rows < batch->capacity && bytes < BATCH_BYTES) {
        char *message = NULL;
        int len = PQgetCopyData(pg->connection, &message, 0);

        pg->read.message = message;
        if (len < 0) {
            *more = false;
            return copy_finish(pg, err);
        }
        bool is_added = message_add(pg, span_make(message, (size_t)len), batch, err);
        PQfreemem(message);
        if (!is_added)
            return false;
        bytes += (size_t)len;
    }
    if (atomic_load(&pg->is_canceled))
        return read_error(pg, "interrupted", err);
    return true;
}

/* Ends the transaction that a cancel has spoiled and joins the snapshot once more. */
static bool snapshot_rejoin(struct pg_db *pg, struct error *err)
{
    const char *name = pg->snapshot;

    pg->read.is_path_open = false;
    if (PQtransactionStatus(pg->connection) == PQTRANS_IDLE)
        return pg_search_path(pg, false, err);
    /* What was set in the transaction is gone with it, what was set before is not. */
    pg->shuns_seqscan = true;
    if (!pg_run(&pg->base, "ROLLBACK", err) || !pg_search_path(pg, false, err) ||
        !pg_shun_seqscan(pg, false, err))
        return false;
    return !name || pg_snapshot_enter(pg, name, err);
}

/* A leader must not lose its transaction, so it reads to the end what others may cancel. */
bool pg_read_end(struct db *db, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    char refusal[256];
    char *message = NULL;

    if (pg->state == PG_IDLE)
        return true;
    assert(pg->state == PG_READING);
    if (!pg->is_leader)
        PQcancel(pg->cancel, refusal, sizeof(refusal));
    while (PQgetCopyData(pg->connection, &message, 0) >= 0) {
        PQfreemem(message);
        message = NULL;
    }

    struct error given_up = {0};
    bool is_whole = copy_finish(pg, &given_up);
    if (PQstatus(pg->connection) != CONNECTION_OK || atomic_load(&pg->is_canceled) ||
        (pg->is_leader && !is_whole)) {
        *err = given_up;
        return is_whole;
    }
    return is_whole || snapshot_rejoin(pg, err);
}
