/* Loads rows: lines of LOAD DATA text are collected to statements of 8 MiB, each sent at once, and
 * each believed only when the server took every row of it without a warning - LOCAL makes warnings
 * of errors, and leaves rows out that a unique key refuses.
 *
 * The one warning that is no fault is that of an enum's value 0, which reads as an empty text. It
 * comes from data that another server let pass; nearly any way of writing it warns. So these cells
 * are counted before they are sent. */
#include "db/my_write.h"
#include "db/my_blame.h"
#include "db/my_charset.h"
#include "value/my_opaque.h"

#define STATEMENT_BYTES ((size_t)8 << 20)
#define EMPTIES_MOST    10000 /* the server counts no more than 65,535 warnings */
#define WARNINGS_MOST   65535
#define TRUNCATED       1265
#define JSON_SYNTAX     4038 /* a note before the CHECK that it made fail */
#define MIXED_ENGINES   6414 /* deprecated: InnoDB and another engine in one session */

const char *my_cell_end(const char *ptr)
{
    while (*ptr != '\t' && *ptr != '\n')
        ptr++;
    return ptr;
}

static bool write_error(const struct my_write *write, struct error *err)
{
    return error_context(err, "loading table '%s'", write->table->label);
}

/* Binary strings are what most columns take as it is. Not JSON, not MariaDB's types of fixed
 * bytes, which would read their text as these bytes, and not other character sets. */
static bool column_is_converted(const struct column *column, bool is_mariadb)
{
    const struct type *type = column->type;

    if (type->kind == KIND_JSON && !is_mariadb)
        return true;
    if (type->kind == KIND_INET || (type->kind == KIND_UUID && strcmp(type->name, "uuid") == 0))
        return true;
    return !my_charset_is_utf8(type->charset);
}

/* Reads give the value 0 as the empty text, or as '0' where that is a label. MySQL takes a '0' that
 * is no label without a warning, MariaDB with one. */
static struct span cell_to_watch(const struct column *column, bool is_mariadb)
{
    const struct type *type = column->type;
    bool has_empty = false, has_zero = false;

    if (type->class != TYPE_ENUM || type->is_set)
        return (struct span){.ptr = NULL};
    for (size_t i = 0; i < type->label_count; i++) {
        has_empty |= type->labels[i][0] == '\0';
        has_zero |= strcmp(type->labels[i], "0") == 0;
    }
    if (!has_empty)
        return SPAN_LITERAL("");
    return is_mariadb && !has_zero ? SPAN_LITERAL("0") : (struct span){.ptr = NULL};
}

static struct my_write *write_get(struct my_db *my)
{
    if (!my->write) {
        struct my_write *write = ARENA_NEW(my->own, struct my_write);
        struct arena *arena = write ? arena_new() : NULL;

        if (!arena)
            return NULL;
        write->arena = arena;
        buf_init(&write->lines, BUF_CEILING_MAX);
        buf_init(&write->target, BUF_CEILING_MAX);
        buf_init(&write->statement, BUF_CEILING_MAX);
        my->write = write;
    }
    return my->write;
}

void my_write_release(struct my_write *write)
{
    if (!write)
        return;
    buf_release(&write->lines);
    buf_release(&write->target);
    buf_release(&write->statement);
    arena_free(write->arena);
    write->arena = NULL;
}

/* The columns by name, those to be converted through a variable. */
static void target_print(struct my_db *my)
{
    struct my_write *write = my->write;

    buf_reset(&write->target);
    my_add_table(&write->target, my, write->table);
    if (write->by_insert) {
        for (size_t i = 0; i < write->column_count; i++) {
            buf_add_text(&write->target, i ? ", " : " (");
            my_quote_name(&write->target, write->columns[i]->name);
        }
        buf_add_text(&write->target, ") VALUES ");
        return;
    }
    buf_add_text(&write->target, " CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY "
                                 "'\\\\' LINES TERMINATED BY '\\n'");
    for (size_t i = 0; i < write->column_count; i++) {
        buf_add_text(&write->target, i ? ", " : " (");
        if (write->is_converted[i])
            buf_add_format(&write->target, "@u%zu", i);
        else
            my_quote_name(&write->target, write->columns[i]->name);
    }
    buf_add_text(&write->target, ")");
    const char *glue = " SET ";
    for (size_t i = 0; i < write->column_count; i++) {
        if (!write->is_converted[i])
            continue;
        buf_add_text(&write->target, glue);
        my_quote_name(&write->target, write->columns[i]->name);
        buf_add_format(&write->target, " = CONVERT(@u%zu USING utf8mb4)", i);
        glue = ", ";
    }
}

bool my_write_begin(struct db *db, const struct table *table, const struct column *const *columns,
                    size_t count, const struct codec *codec, struct error *err)
{
    struct my_db *my = my_of(db);
    struct my_write *write = write_get(my);

    assert(my->state == MY_IDLE && codec == &codec_my);
    UNUSED(codec);
    if (!write)
        return error_memory(err);
    arena_reset(write->arena);
    buf_reset(&write->lines);
    write->table = table;
    write->column_count = count;
    write->columns = ARENA_ARRAY(write->arena, count, const struct column *);
    write->is_converted = ARENA_ARRAY(write->arena, count, bool);
    write->watched = ARENA_ARRAY(write->arena, count, struct span);
    if (!write->columns || !write->is_converted || !write->watched)
        return error_memory(err);
    write->watched_count = write->partial_count = 0;
    for (size_t i = 0; i < count; i++) {
        write->columns[i] = columns[i];
        write->is_converted[i] = column_is_converted(columns[i], db->info.is_mariadb);
        write->watched[i] = cell_to_watch(columns[i], db->info.is_mariadb);
        write->watched_count += write->watched[i].ptr != NULL;
        write->partial_count += !my_charset_is_whole(columns[i]->type->charset);
    }
    write->line_count = write->empty_count = write->opaque_count = 0;
    write->taken = 0;
    target_print(my);
    my->state = MY_WRITING;
    return buf_ok(&write->target) ? true : error_memory(err);
}

/* An assignment of LOAD DATA converts each cell of a column or none; INSERT has each by itself. */
static void way_choose(struct my_db *my, bool by_insert)
{
    if (my->write->by_insert == by_insert)
        return;
    my->write->by_insert = by_insert;
    target_print(my);
}

static bool lines_send(struct my_db *my, struct error *err)
{
    struct my_write *write = my->write;
    bool by_insert = write->by_insert;
    bool is_refused = false;

    if (write->line_count == 0)
        return true;
    way_choose(my, by_insert || write->opaque_count > 0);
    if (!write->by_insert && !my_load_lines(my, &is_refused, err)) {
        if (!is_refused)
            return write_error(write, err);
        *err = (struct error){.status = STATUS_OK};
        by_insert = true;
        way_choose(my, true);
    }
    if (write->by_insert && !my_insert_lines(my, err))
        return write_error(write, err);
    way_choose(my, by_insert);
    write->taken += (int64_t)write->line_count;
    write->line_count = write->empty_count = write->opaque_count = 0;
    buf_reset(&write->lines);
    return true;
}

/* Stored bytes go into a column of the character set that they are of. */
static bool opaque_check(struct my_write *write, size_t column, struct span cell, struct error *err)
{
    const struct type *type = write->columns[column]->type;
    struct my_opaque parts;

    if (!write->is_converted[column] || !my_is_opaque(type, cell))
        return true;
    write->opaque_count++;
    if (my_opaque_split(cell, &parts) && span_equal(parts.charset, span_of(type->charset)))
        return true;
    error_set(err, STATUS_SOURCE, "a text in column '%s' is larger than the server puts together",
              write->columns[column]->name);
    return error_hint(err, "raise max_allowed_packet on the source");
}

/* Adds what these lines are to the counts. */
static bool lines_count(struct my_write *write, struct span rows, struct error *err)
{
    const char *at = rows.ptr, *end = rows.ptr + rows.len;

    while (at < end && write->watched_count == 0 && write->partial_count == 0) {
        at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
        write->line_count++;
    }
    while (at < end) {
        for (size_t i = 0; i < write->column_count; i++) {
            const char *cell_end = my_cell_end(at);

            const struct span cell = span_make(at, (size_t)(cell_end - at));

            write->empty_count += my_cell_warns(write, i, cell);
            if (!opaque_check(write, i, cell, err))
                return write_error(write, err);
            at = cell_end + 1;
        }
        write->line_count++;
    }
    return true;
}

bool my_write_rows(struct db *db, struct span rows, struct error *err)
{
    struct my_db *my = my_of(db);
    struct my_write *write = my->write;

    assert(my->state == MY_WRITING);
    assert(rows.len > 0 && rows.ptr[rows.len - 1] == '\n');
    if (write->lines.len + rows.len > STATEMENT_BYTES && !lines_send(my, err))
        return false;
    buf_add(&write->lines, rows.ptr, rows.len);
    if (!buf_ok(&write->lines))
        return error_memory(err);
    if (!lines_count(write, rows, err))
        return false;
    if (write->lines.len >= STATEMENT_BYTES || write->empty_count >= EMPTIES_MOST)
        return lines_send(my, err);
    return true;
}

bool my_write_end(struct db *db, int64_t *rows, struct error *err)
{
    struct my_db *my = my_of(db);

    assert(my->state == MY_WRITING);
    if (!lines_send(my, err))
        return false;
    *rows = my->write->taken;
    my->state = MY_IDLE;
    return true;
}

bool my_write_failed(struct my_db *my, struct error *err)
{
    unsigned number = mysql_errno(my->connection);
    struct my_blame blame = my_blame_find(number, span_of(mysql_error(my->connection)),
                                          my->base.info.database, my->write->table);

    if (!blame.name)
        return my_error(&my->base, "a statement failed", err);
    return my_error_row(my_status(my), number, &blame, err);
}

static struct my_blame warning_blame(struct my_db *my, struct my_result *result, size_t row)
{
    return my_blame_find((unsigned)my_integer(result, row, 1), my_cell(result, row, 2),
                         my->base.info.database, my->write->table);
}

static bool column_is_watched(const struct my_write *write, const struct my_blame *blame)
{
    for (size_t i = 0; i < write->column_count; i++)
        if (write->watched[i].ptr && write->columns[i] == blame->column)
            return true;
    return false;
}

/* The warning to speak of: any but those that may be of an empty enum, if there is another. False
 * when there is none at all. */
static bool warning_find(struct my_db *my, struct my_result *result, uint64_t empties,
                         int64_t *number, struct my_blame *blame)
{
    assert(!blame->name);
    *number = 0;
    for (size_t row = 0; row < result->count; row++) {
        int64_t of_row = my_integer(result, row, 1);

        if (of_row == MIXED_ENGINES || of_row == JSON_SYNTAX)
            continue;
        struct my_blame found = warning_blame(my, result, row);
        if (of_row == TRUNCATED && empties > 0 &&
            (!found.name || column_is_watched(my->write, &found))) {
            *number = of_row;
            continue;
        }
        *number = of_row;
        *blame = found;
        break;
    }
    return *number > 0;
}

/* The first warning that is not of an empty enum makes our sentence; true when there is none, but
 * of `empties` and of what MySQL means to do without in later versions. */
static bool warnings_explain(struct my_db *my, uint64_t lines, uint64_t empties, struct error *err)
{
    struct my_result result = {.rows = NULL};
    uint64_t taken = mysql_affected_rows(my->connection), harmless = 0;
    struct my_blame blame = {.kind = NULL};
    int64_t number = 0;

    my->state = MY_IDLE;
    bool is_read = my_query(&my->base, "SHOW WARNINGS", &result, err);
    my->state = MY_WRITING;
    if (!is_read)
        return false;
    for (size_t row = 0; row < result.count; row++)
        harmless += my_integer(&result, row, 1) == MIXED_ENGINES;
    bool is_harmless = harmless > 0 && harmless + empties == result.count;
    bool is_found = warning_find(my, &result, empties, &number, &blame);
    my_result_release(&result);
    if (taken == lines && is_harmless && (!is_found || (number == TRUNCATED && !blame.name)))
        return true;
    if (is_found)
        return my_error_row(my_status(my), (unsigned)number, &blame, err);
    return error_set(err, my_status(my), "the server took %llu of %llu rows",
                     (unsigned long long)taken, (unsigned long long)lines);
}

bool my_write_check(struct my_db *my, uint64_t lines, uint64_t empties, struct error *err)
{
    uint64_t taken = mysql_affected_rows(my->connection);
    uint64_t warnings = mysql_warning_count(my->connection);
    uint64_t expected = empties < WARNINGS_MOST ? empties : WARNINGS_MOST;

    assert(lines > 0 && my->state == MY_WRITING);

    if (taken == lines && warnings == expected)
        return true;
    return warnings_explain(my, lines, expected, err);
}
