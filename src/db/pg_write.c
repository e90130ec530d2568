/* Loads by COPY FROM STDIN: rows go down as write_row made them; the server's count comes back. */
#include "db/pg_conn.h"
#include <limits.h>
#include <stdlib.h>

#define PIECE_BYTES ((uint32_t)1 << 20)

static bool write_error(struct pg_db *pg, const PGresult *result, struct error *err)
{
    pg_error(&pg->base, result, "loading", err);
    return error_context(err, "table '%s'", pg->write_table->label);
}

/* After a failed send the server's reason lies behind it. */
static bool write_broken(struct pg_db *pg, struct error *err)
{
    AUTO(PGresult) PGresult *result = PQgetResult(pg->connection);

    return write_error(pg, PQresultStatus(result) == PGRES_FATAL_ERROR ? result : NULL, err);
}

static bool put(struct pg_db *pg, struct span bytes, struct error *err)
{
    while (bytes.len > 0) {
        uint32_t piece = bytes.len < PIECE_BYTES ? bytes.len : PIECE_BYTES;

        if (PQputCopyData(pg->connection, bytes.ptr, (int)piece) != 1)
            return write_broken(pg, err);
        bytes.ptr += piece;
        bytes.len -= piece;
    }
    return true;
}

bool pg_write_begin(struct db *db, const struct table *table, const struct column *const *columns,
                    size_t count, const struct codec *codec, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    struct buf sql;

    assert(pg->state == PG_IDLE);
    pg->write_table = table;
    pg->write_codec = codec;
    buf_init(&sql, 1 << 20);
    buf_add_text(&sql, "COPY ");
    pg_quote_table(&sql, table->schema, table->name);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&sql, i ? ", " : " (");
        pg_quote_name(&sql, columns[i]->name);
    }
    buf_add_format(&sql, ") FROM STDIN (FORMAT %s)", codec == &codec_pg_binary ? "binary" : "text");
    AUTO(PGresult)
    PGresult *result =
        buf_ok(&sql) ? PQexecParams(pg->connection, buf_text(&sql), 0, NULL, NULL, NULL, NULL, 0)
                     : NULL;
    bool is_made = buf_ok(&sql);
    buf_release(&sql);
    if (!is_made)
        return error_memory(err);
    if (PQresultStatus(result) != PGRES_COPY_IN)
        return write_error(pg, result, err);
    pg->state = PG_WRITING;
    return put(pg, codec->header, err);
}

bool pg_write_rows(struct db *db, struct span rows, struct error *err)
{
    struct pg_db *pg = pg_of(db);

    assert(pg->state == PG_WRITING);
    return put(pg, rows, err);
}

bool pg_write_end(struct db *db, int64_t *rows, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    bool is_fine = true;

    assert(pg->state == PG_WRITING);
    if (!put(pg, pg->write_codec->trailer, err))
        return false;
    if (PQputCopyEnd(pg->connection, NULL) != 1)
        return write_broken(pg, err);
    *rows = 0;
    for (PGresult *result = PQgetResult(pg->connection); result;
         result = PQgetResult(pg->connection)) {
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            *rows = strtoll(PQcmdTuples(result), NULL, 10);
        else if (is_fine)
            is_fine = write_error(pg, result, err);
        PQclear(result);
    }
    pg->state = PG_IDLE;
    return is_fine;
}
