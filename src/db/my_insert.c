/* Sends lines by INSERT of many rows, where the server takes no LOAD DATA LOCAL. The escapes of
 * LOAD DATA mean the same in a literal, so cells go over as they stand. */
#include "db/my_write.h"
#include "value/my_opaque.h"

#define PIECE_BYTES ((size_t)4 << 20)
#define NULL_CELL   "\\N"

/* One statement being filled. */
struct piece {
    uint64_t lines, empties;
};

static void cell_add(struct my_write *write, size_t column, const char *cell, size_t len)
{
    struct buf *out = &write->statement;
    bool is_converted = write->is_converted[column];

    if (len == 2 && memcmp(cell, NULL_CELL, 2) == 0) {
        buf_add_text(out, "NULL");
        return;
    }
    if (is_converted && my_is_opaque(write->columns[column]->type, span_make(cell, len))) {
        struct my_opaque parts = {.bytes = {"", 0}};

        is_converted = !my_opaque_split(span_make(cell, len), &parts);
        assert(!is_converted);
        cell = parts.bytes.ptr;
        len = parts.bytes.len;
    }
    buf_add_text(out, is_converted ? "CONVERT(_binary'" : "_binary'");
    while (len > 0) {
        const char *quote = memchr(cell, '\'', len);
        size_t plain = quote ? (size_t)(quote - cell) : len;

        buf_add(out, cell, plain);
        if (quote)
            buf_add(out, "\\'", 2);
        cell += plain + (quote != NULL);
        len -= plain + (quote != NULL);
    }
    buf_add_text(out, is_converted ? "' USING utf8mb4)" : "'");
}

/* Appends the line as a row of VALUES; returns what stands behind it. */
static const char *line_add(struct my_write *write, const char *at, struct piece *piece)
{
    buf_add_text(&write->statement, piece->lines ? ",(" : "(");
    for (size_t i = 0; i < write->column_count; i++) {
        const char *end = my_cell_end(at);

        if (i > 0)
            buf_add_char(&write->statement, ',');
        cell_add(write, i, at, (size_t)(end - at));
        piece->empties += my_cell_warns(write, i, span_make(at, (size_t)(end - at)));
        at = end + 1;
    }
    buf_add_char(&write->statement, ')');
    piece->lines++;
    return at;
}

static bool piece_send(struct my_db *my, struct piece *piece, struct error *err)
{
    struct buf *statement = &my->write->statement;

    if (!buf_ok(statement))
        return error_memory(err);
    if (statement->len + 1 > my->packet_max) {
        error_set(err, my_status(my), "a row is larger than the server takes in a statement");
        return error_hint(err, "raise max_allowed_packet on the target, or set local_infile = ON");
    }
    if (atomic_load(&my->is_canceled) ||
        mysql_real_query(my->connection, statement->ptr, (unsigned long)statement->len) != 0)
        return my_write_failed(my, err);
    return my_write_check(my, piece->lines, piece->empties, err);
}

/* IGNORE lets an enum's value 0 pass; what else it would let pass shows in the counts. */
static void piece_begin(struct my_write *write, struct piece *piece)
{
    *piece = (struct piece){.lines = 0};
    buf_reset(&write->statement);
    buf_add_text(&write->statement, write->watched_count ? "INSERT IGNORE INTO " : "INSERT INTO ");
    buf_add(&write->statement, write->target.ptr, write->target.len);
}

bool my_insert_lines(struct my_db *my, struct error *err)
{
    struct my_write *write = my->write;
    const char *at = write->lines.ptr, *end = at + write->lines.len;
    assert(write->line_count > 0 && write->by_insert);
    assert(end > at && end[-1] == '\n');
    size_t most = my->packet_max / 2 < PIECE_BYTES ? my->packet_max / 2 : PIECE_BYTES;

    while (at < end) {
        struct piece piece;

        piece_begin(write, &piece);
        while (at < end && (piece.lines == 0 || write->statement.len < most)) {
            struct piece before = piece;
            size_t len = write->statement.len;
            const char *next = line_add(write, at, &piece);

            if (before.lines > 0 && write->statement.len >= my->packet_max) {
                write->statement.len = len; /* too much with this one: it begins the next */
                piece = before;
                break;
            }
            at = next;
        }
        if (!piece_send(my, &piece, err))
            return false;
    }
    return true;
}
