/* Keys of rows through their rules. */
#include "run/mask.h"

#include "base/utf8.h"
#include "base/words.h"
#include "db/sql.h"

enum { ROWS_A_READ = 10000 };
#define LIST_BYTES_MAX ((size_t)64 << 20)

static const struct bound_column *bound_find(const struct bound_table *table,
                                             const struct column *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column)
            return &table->columns[i];
    return NULL;
}

/* A row's key under way, in the text form of its engine. */
struct masking {
    const struct codec *codec;
    enum engine engine;
    struct arena *arena;
};

/* One part in text form; NULL: it cannot be told from the value alone. */
static bool part_mask(const struct masking *masking, const struct bound_column *bound,
                      struct span cell, struct span *masked, struct error *err)
{
    const struct prepared_transform *rule =
        bound && bound->variant_count == 1 ? bound->variants[0].rule : NULL;
    uint64_t scrambled = 0, unchanged = 0;
    struct value value = {0};

    *masked = cell;
    if (bound && bound->is_copied)
        return true;
    if (!rule || rule->needs) {
        *masked = (struct span){0};
        return true;
    }
    struct transform_call call = {
        .params = rule->params,
        .key = rule->key,
        .column = bound->column,
        .type = bound->column->type,
        .arena = masking->arena,
        .scrambled = &scrambled,
        .unchanged = &unchanged,
    };
    return masking->codec->decode(bound->column->type, cell, masking->arena, &value, err) &&
           transform_apply(rule, &call, &value, 1, err) &&
           (value.is_null || masking->codec->encode(bound->column, bound->column->type, &value,
                                                    masking->arena, masked, err));
}

static bool parts_mask(const struct masking *masking, const struct bound_table *table,
                       const struct batch *batch, struct buf *text, struct error *err)
{
    for (size_t i = 0; i < table->identity_count; i++) {
        struct span masked = {0};

        if (batch->cells[i].ptr &&
            !part_mask(masking, bound_find(table, table->identity_columns[i]), batch->cells[i],
                       &masked, err))
            return false;
        if (i)
            buf_add_char(text, ',');
        if (masked.ptr && !sql_cell_text(masking->engine, table->identity_columns[i], masked,
                                         masking->arena, &masked, err))
            return false;
        if (masked.ptr)
            buf_add(text, masked.ptr, masked.len);
        else
            buf_add_char(text, '*');
    }
    return buf_ok(text) || error_memory(err);
}

static bool row_mask(struct db *source, const struct bound_table *table, const struct read *read,
                     struct arena *arena, struct buf *text, struct error *err)
{
    const struct masking masking = {
        .codec = read->codec, .engine = db_info(source)->engine, .arena = arena};
    struct batch batch = {0};
    bool has_more = true, is_ok;

    is_ok = batch_init(&batch, 1, (uint32_t)read->field_count, err) &&
            db_read_begin(source, read, err) && db_read_next(source, &batch, &has_more, err);
    if (is_ok && batch.rows == 1)
        is_ok = parts_mask(&masking, table, &batch, text, err);
    if (is_ok && has_more)
        is_ok = db_read_end(source, err);
    batch_release(&batch);
    return is_ok;
}

bool mask_key(struct db *source, const struct bound_table *table, uint16_t relation,
              uint64_t address, struct arena *arena, const char **key, struct error *err)
{
    struct field *fields = ARENA_ARRAY(arena, table->identity_count + 1, struct field);
    struct buf text;

    *key = "*";
    if (!fields)
        return error_memory(err);
    if (!table->identity)
        return true;
    for (size_t i = 0; i < table->identity_count; i++)
        fields[i] = (struct field){.column = table->identity_columns[i],
                                   .type = table->identity_columns[i]->type};
    const struct read read = {
        .table = table->table,
        .relation = &table->table->relations[relation],
        .field_count = table->identity_count,
        .fields = fields,
        .codec = codec_text_of(db_info(source)->engine),
        .by = READ_BY_ADDRESS,
        .addresses = &address,
        .address_count = 1,
    };
    buf_init(&text, 1 << 20);
    bool is_ok = row_mask(source, table, &read, arena, &text, err);
    if (is_ok && text.len) {
        const char *copy = arena_strdup(arena, buf_text(&text));
        const char *printable = copy ? words_printable(arena, copy) : NULL;

        *key = printable;
        is_ok = printable || error_memory(err);
    }
    buf_release(&text);
    return is_ok;
}

void mask_list_init(struct mask_list *list, const struct bound_table *table)
{
    *list = (struct mask_list){.table = table, .is_known = table->identity != NULL};
    buf_init(&list->rows, LIST_BYTES_MAX);
    buf_add_char(&list->rows, '[');
}

void mask_list_close(struct mask_list *list)
{
    buf_add_char(&list->rows, ']');
    list->is_known = list->is_known && buf_ok(&list->rows);
}

void mask_list_release(struct mask_list *list)
{
    buf_release(&list->rows);
    *list = (struct mask_list){0};
}

/* A string of JSON; false: it is no text. */
static bool text_add(struct buf *out, struct span text)
{
    if (!utf8_valid(text.ptr, text.len))
        return false;
    buf_add_char(out, '"');
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_add_char(out, '\\');
        if ((unsigned char)text.ptr[i] < 0x20)
            buf_add_format(out, "\\u%04x", (unsigned)(unsigned char)text.ptr[i]);
        else
            buf_add_char(out, text.ptr[i]);
    }
    buf_add_char(out, '"');
    return true;
}

static bool row_add(struct mask_list *list, const struct masking *masking, const struct span *cells,
                    struct error *err)
{
    for (size_t i = 0; i < list->table->identity_count; i++) {
        const struct column *column = list->table->identity_columns[i];
        struct span masked = {0}, text;

        if (cells[i].ptr &&
            !part_mask(masking, bound_find(list->table, column), cells[i], &masked, err))
            return false;
        list->is_known = masked.ptr != NULL;
        if (!list->is_known)
            return true;
        if (!sql_cell_text(masking->engine, column, masked, masking->arena, &text, err))
            return false;
        buf_add_text(&list->rows, i ? "," : list->count ? ",[" : "[");
        list->is_known = text_add(&list->rows, text) && buf_ok(&list->rows);
        if (!list->is_known)
            return true;
    }
    buf_add_char(&list->rows, ']');
    list->count++;
    return true;
}

static bool rows_read(struct mask_list *list, struct db *source, const struct read *read,
                      struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    const struct masking masking = {
        .codec = read->codec, .engine = db_info(source)->engine, .arena = arena};
    struct batch batch = {0};
    bool has_more = true;
    bool is_ok = arena && batch_init(&batch, ROWS_A_READ, (uint32_t)read->field_count, err) &&
                 db_read_begin(source, read, err);

    while (is_ok && has_more) {
        is_ok = db_read_next(source, &batch, &has_more, err);
        for (uint32_t r = 0; is_ok && r < batch.rows && list->is_known; r++)
            is_ok = row_add(list, &masking, batch.cells + (size_t)r * batch.columns, err);
    }
    batch_release(&batch);
    return is_ok || (err->status == STATUS_OK ? error_memory(err) : false);
}

bool mask_list_read(struct mask_list *list, struct db *source, const struct relation *relation,
                    const struct bitmap *rows, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    const size_t parts = list->table->identity_count;
    struct field *fields = arena ? ARENA_ARRAY(arena, parts + 1, struct field) : NULL;
    uint64_t *addresses = arena ? ARENA_ARRAY(arena, ROWS_A_READ, uint64_t) : NULL;
    struct bitmap_cursor cursor;

    if (!fields || !addresses)
        return error_memory(err);
    for (size_t i = 0; i < parts; i++)
        fields[i] = (struct field){.column = list->table->identity_columns[i],
                                   .type = list->table->identity_columns[i]->type};
    struct read read = {
        .table = list->table->table,
        .relation = relation,
        .field_count = parts,
        .fields = fields,
        .codec = codec_text_of(db_info(source)->engine),
        .by = READ_BY_ADDRESS,
        .addresses = addresses,
    };
    bitmap_cursor_init(&cursor, rows);
    while (list->is_known &&
           (read.address_count = bitmap_next(&cursor, addresses, ROWS_A_READ)) > 0)
        if (!rows_read(list, source, &read, err))
            return false;
    return true;
}
