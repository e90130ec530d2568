/* Columns: types with their limits, what fills them, and who writes them. */
#include "db/my_catalog.h"
#include <stdlib.h>
#include <strings.h>

static const char columns_sql[] =
    "SELECT table_name, ordinal_position, column_name, column_default, is_nullable, data_type,"
    " column_type, character_maximum_length, numeric_precision, numeric_scale,"
    " datetime_precision, character_set_name, collation_name, extra, column_comment,"
    " generation_expression, ";
static const char columns_sql_from[] = " FROM information_schema.columns WHERE table_schema = ";

enum {
    COLUMN_TABLE,
    COLUMN_NUMBER,
    COLUMN_NAME,
    COLUMN_DEFAULT,
    COLUMN_NULLABLE,
    COLUMN_DATA_TYPE,
    COLUMN_TYPE,
    COLUMN_LENGTH,
    COLUMN_PRECISION,
    COLUMN_SCALE,
    COLUMN_DIGITS,
    COLUMN_CHARSET,
    COLUMN_COLLATION,
    COLUMN_EXTRA,
    COLUMN_COMMENT,
    COLUMN_GENERATION,
    COLUMN_SRID,
    COLUMN_COUNT
};

/* Longer ones hold more than any row ever has, which is no limit. */
#define LENGTH_MAX 65535

/* MySQL says of each collation whether trailing blanks count; MariaDB has it in the names. */
static bool paddings_read(struct my_reading *reading, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_new;

    if (my_is_mariadb(reading->db))
        return true;
    bool is_read = my_query(reading->db,
                            "SELECT collation_name FROM information_schema.collations"
                            " WHERE pad_attribute = 'NO PAD'",
                            &result, err);
    for (size_t row = 0; is_read && row < result.count; row++) {
        if (!map_put(reading->paddings, my_cell(&result, row, 0), 1, &is_new))
            is_read = error_memory(err);
    }
    my_result_release(&result);
    return is_read;
}

static bool is_no_pad(const struct my_reading *reading, const char *collation)
{
    if (!collation)
        return false;
    if (my_is_mariadb(reading->db))
        return strstr(collation, "_nopad_") != NULL;
    return map_find(reading->paddings, span_of(collation)) != NULL;
}

/* What always fits: the length of tinytext and text is told in bytes. */
static uint32_t text_length(const struct type *type, int64_t length)
{
    const bool is_in_bytes = strcmp(type->name, "tinytext") == 0 || strcmp(type->name, "text") == 0;

    if (length > LENGTH_MAX)
        return 0;
    return (uint32_t)length / (is_in_bytes && type->charset ? my_charset_width(type->charset) : 1);
}

/* The number in the parentheses of vector(3); -1: there is none. */
static int32_t width_read(const char *text)
{
    const char *open = strchr(text, '(');

    assert(text);
    return open ? (int32_t)strtol(open + 1, NULL, 10) : -1;
}

static int32_t modifier_read(struct my_result *result, size_t row, const struct column *column)
{
    const char *text = my_text(result, row, COLUMN_TYPE);

    if (strcmp(column->type->name, "bit") == 0)
        return (int32_t)my_integer(result, row, COLUMN_PRECISION);
    /* The width of ZEROFILL counts for nothing: columns are read without those zeros. */
    if (strcmp(column->type->name, "vector") == 0)
        return width_read(text);
    return my_text(result, row, COLUMN_SRID) ? (int32_t)my_integer(result, row, COLUMN_SRID) : -1;
}

static void limits_fill(struct my_result *result, size_t row, struct column *column)
{
    const int64_t length = my_integer(result, row, COLUMN_LENGTH);

    assert(column->type && column->table);
    column->modifier = modifier_read(result, row, column);
    switch (column->type->kind) {
    case KIND_TEXT:
    case KIND_BYTES:
        column->max_length = text_length(column->type, length);
        break;
    case KIND_DECIMAL:
    case KIND_REAL: /* float(7,3) is rounded to its scale as a decimal is */
        if (!my_text(result, row, COLUMN_SCALE))
            break;
        column->precision = (uint16_t)my_integer(result, row, COLUMN_PRECISION);
        column->scale = (uint16_t)my_integer(result, row, COLUMN_SCALE);
        break;
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        column->precision = (uint16_t)my_integer(result, row, COLUMN_DIGITS);
        break;
    default:
        break;
    }
}

/* As SQL would write it: MySQL tells a constant without quotes. */
static const char *default_read(struct my_reading *reading, struct my_result *result, size_t row,
                                bool *ok)
{
    const char *text = my_text(result, row, COLUMN_DEFAULT);
    struct buf sql;

    if (!text || (my_is_mariadb(reading->db) && strcmp(text, "NULL") == 0))
        return NULL;
    if (my_is_mariadb(reading->db) ||
        strcasestr(my_text(result, row, COLUMN_EXTRA), "DEFAULT_GENERATED"))
        return my_reading_text(reading, result, row, COLUMN_DEFAULT, ok);
    buf_init(&sql, 1 << 20);
    my_quote_literal(&sql, my_cell(result, row, COLUMN_DEFAULT));
    const char *copy = buf_ok(&sql) ? arena_strdup(reading->arena, buf_text(&sql)) : NULL;
    buf_release(&sql);
    *ok = *ok && copy;
    return copy;
}

/* MariaDB: nextval(`shop`.`numbers`). */
static const char *sequence_read(struct my_reading *reading, const char *text, bool *ok)
{
    static const char call[] = "nextval(";
    const size_t head = sizeof(call) - 1;
    const size_t len = text ? strlen(text) : 0;

    if (len <= head + 1 || strncasecmp(text, call, head) != 0 || text[len - 1] != ')')
        return NULL;
    const char *copy = arena_strndup(reading->arena, text + head, len - head - 1);
    *ok = *ok && copy;
    return copy;
}

static void extra_fill(const char *extra, const char *generation, struct column *column)
{
    column->is_virtual = strcasestr(extra, "VIRTUAL GENERATED") != NULL;
    column->is_generated = column->is_virtual || strcasestr(extra, "STORED GENERATED") ||
                           strcasestr(extra, "PERSISTENT") || (generation && generation[0]);
    column->is_invisible = strstr(extra, "INVISIBLE") != NULL;
    column->identity = strcasestr(extra, "auto_increment") ? 'd' : 0;
}

/* What a collation holds for equal, beyond what its type says. */
static bool collation_note(struct my_reading *reading, struct column *column, const char *collation,
                           struct error *err)
{
    if (column->type->kind != KIND_TEXT || !collation)
        return true;
    column->is_nondeterministic = !my_collation_is_known(collation);
    return !my_collation_is_binary(collation) ||
           my_pair_put(reading->binaries, column->table->name, column->name, 1) ||
           error_memory(err);
}

static bool type_read(struct my_reading *reading, struct my_result *result, size_t row,
                      struct column *column, struct error *err)
{
    const char *collation = my_text(result, row, COLUMN_COLLATION);
    const char *text = my_text(result, row, COLUMN_TYPE);
    const struct my_type_form form = {
        .data_type = my_text(result, row, COLUMN_DATA_TYPE),
        .column_type = text,
        .charset = my_text(result, row, COLUMN_CHARSET),
        .collation = collation,
        .is_no_pad = is_no_pad(reading, collation),
        .is_json =
            my_pair_find(reading->json, column->table->name, my_text(result, row, COLUMN_NAME)),
    };

    if (!my_reading_type(reading, &form, &column->type, err) ||
        !collation_note(reading, column, collation, err))
        return false;
    /* "text (slash-star)!100301 COMPRESSED": how MariaDB keeps it is no part of what it is */
    const char *comment = column->type->class == TYPE_ENUM ? NULL : strstr(text, " /*");
    column->type_text = comment ? arena_strndup(reading->arena, text, (size_t)(comment - text))
                                : arena_strdup(reading->arena, text);
    return column->type_text || error_memory(err);
}

/* ROW START and ROW END of a system-versioned table, where they have names. */
static bool period_note(struct my_reading *reading, struct my_result *result, size_t row,
                        const struct column *column)
{
    const char *generation = my_text(result, row, COLUMN_GENERATION);

    return !generation || strncmp(generation, "ROW ", 4) != 0 ||
           my_pair_put(reading->periods, column->table->name, column->name, 1);
}

static bool column_fill(struct my_reading *reading, struct my_result *result, size_t row,
                        struct column *column, struct error *err)
{
    const char *comment = my_text(result, row, COLUMN_COMMENT);
    bool ok = true;

    column->number = (uint16_t)my_integer(result, row, COLUMN_NUMBER);
    column->name = my_reading_text(reading, result, row, COLUMN_NAME, &ok);
    column->is_not_null = strcmp(my_text(result, row, COLUMN_NULLABLE), "NO") == 0;
    if (!type_read(reading, result, row, column, err))
        return error_context(err, "table '%s'", column->table->name);
    limits_fill(result, row, column);
    extra_fill(my_text(result, row, COLUMN_EXTRA), my_text(result, row, COLUMN_GENERATION), column);
    if (!column->is_generated)
        column->default_text = default_read(reading, result, row, &ok);
    ok = period_note(reading, result, row, column) && ok;
    column->sequence = sequence_read(reading, column->default_text, &ok);
    if (comment && comment[0])
        column->comment = my_reading_text(reading, result, row, COLUMN_COMMENT, &ok);
    return ok || error_memory(err);
}

static bool column_add(struct my_reading *reading, struct my_result *result, size_t row,
                       struct error *err)
{
    struct table *table = my_reading_table(reading, NULL, my_text(result, row, COLUMN_TABLE));
    struct column *column;

    if (!table) /* of a view */
        return true;
    if (table->column_count == UINT16_MAX)
        return error_set(err, STATUS_SOURCE, "table '%s' has too many columns", table->name);
    struct column **columns =
        my_reading_grow(reading, table->columns, table->column_count, sizeof(struct column *));
    column = ARENA_NEW(reading->arena, struct column);
    if (!columns || !column)
        return error_memory(err);
    column->table = table;
    column->index = (uint16_t)table->column_count;
    if (!column_fill(reading, result, row, column, err))
        return false;
    table->columns = columns;
    table->columns[table->column_count++] = column;
    for (unsigned c = COLUMN_NUMBER; c < COLUMN_COUNT; c++) {
        if (c != COLUMN_COMMENT)
            my_reading_define(reading, table, my_text(result, row, c));
    }
    return true;
}

/* Values of which one may be longer than all other columns of a row together. */
static bool may_be_wide(const struct column *column)
{
    const enum kind kind = column->type->kind;

    return (kind == KIND_TEXT || kind == KIND_BYTES || kind == KIND_JSON) &&
           column->max_length == 0;
}

/* More than a short text mostly holds; a longer limit says nothing of what is there. */
#define OTHER_BYTES_MOST 255

/* What the columns beside this one take at most, as a rule. */
static double others_width(const struct table *table, const struct column *wide)
{
    double bytes = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = table->columns[i];
        const uint32_t most = column->max_length > 0 ? column->max_length : sizeof(uint64_t);

        if (column != wide && !column->is_virtual)
            bytes += most < OTHER_BYTES_MOST ? most : OTHER_BYTES_MOST;
    }
    return bytes;
}

/* The server knows the width of rows; whose value it is that fills them is certain only where no
 * other column may, and for what the others cannot hold. */
static void width_estimate(struct table *table)
{
    struct column *wide = NULL;

    for (size_t i = 0; i < table->column_count; i++) {
        if (!may_be_wide(table->columns[i]))
            continue;
        if (wide)
            return;
        wide = table->columns[i];
    }
    if (!wide || table->relation_count == 0 || table->relations[0].row_estimate <= 0)
        return;
    wide->width_estimate =
        (double)(table->relations[0].pages * MY_PAGE_BYTES) / table->relations[0].row_estimate -
        others_width(table, wide);
    if (wide->width_estimate < 0)
        wide->width_estimate = 0;
}

bool my_read_columns(struct my_reading *reading, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf sql;

    if (!paddings_read(reading, err))
        return false;
    buf_init(&sql, 4096);
    buf_add_text(&sql, columns_sql);
    buf_add_text(&sql, my_is_mariadb(reading->db) ? "NULL" : "srs_id");
    buf_add_text(&sql, columns_sql_from);
    bool is_read = buf_ok(&sql) ? my_reading_query(reading, buf_text(&sql),
                                                   " ORDER BY table_name, ordinal_position",
                                                   "columns", &result, err)
                                : error_memory(err);
    buf_release(&sql);
    for (size_t row = 0; is_read && row < result.count; row++)
        is_read = column_add(reading, &result, row, err);
    my_result_release(&result);
    for (size_t i = 0; is_read && i < reading->catalog->table_count; i++)
        width_estimate(reading->catalog->tables[i]);
    return is_read;
}
