/* A batch of rows turned into columns: once for all detectors, column after column. */
#include "survey/core.h"

#include "base/fasthash.h"
#include "survey/symbols.h"
#include "value/type.h"

/* Always the same: what is compared with its hashes may come from another day. */
#define CELL_SEED UINT64_C(0x756e646572737475)

uint64_t survey_cell_hash(struct span cell)
{
    return fasthash(CELL_SEED, cell.ptr, cell.len);
}

struct column_arrays {
    bool *is_null;
    struct span *cells;
    double *numbers;
    int64_t *times;
    struct span *texts;
    uint64_t *hashes;
    uint8_t *symbols, *classes;
};

static bool has_texts(enum survey_form form)
{
    return form == FORM_TEXT || form == FORM_JSON || form == FORM_BYTES;
}

static bool arrays_make(struct frame *frame, const struct survey_column *column, uint32_t capacity)
{
    struct column_arrays *arrays = &frame->arrays_of[column->index];
    struct arena *arena = frame->arrays;
    bool is_made = (arrays->is_null = ARENA_ARRAY(arena, capacity, bool)) &&
                   (arrays->cells = ARENA_ARRAY(arena, capacity, struct span));

    if (column->form != FORM_CODE)
        is_made = is_made && (arrays->numbers = ARENA_ARRAY(arena, capacity, double));
    if (column->form == FORM_TIME)
        is_made = is_made && (arrays->times = ARENA_ARRAY(arena, capacity, int64_t));
    if (has_texts(column->form))
        is_made = is_made && (arrays->texts = ARENA_ARRAY(arena, capacity, struct span));
    if (column->form == FORM_WIDE)
        is_made = is_made && (arrays->classes = ARENA_ARRAY(arena, capacity, uint8_t));
    else
        is_made = is_made && (arrays->hashes = ARENA_ARRAY(arena, capacity, uint64_t));
    if (column->symbols)
        is_made = is_made && (arrays->symbols = ARENA_ARRAY(arena, capacity, uint8_t));
    frame->columns[column->index] = (struct survey_cells){.is_null = arrays->is_null,
                                                          .cells = arrays->cells,
                                                          .numbers = arrays->numbers,
                                                          .times = arrays->times,
                                                          .texts = arrays->texts,
                                                          .hashes = arrays->hashes,
                                                          .symbols = arrays->symbols,
                                                          .classes = arrays->classes};
    return is_made;
}

static bool extras_make(struct frame *frame, uint32_t capacity)
{
    const size_t count = frame->layout->extra_count;
    const struct span **read = ARENA_ARRAY(frame->arrays, count + 1, const struct span *);

    frame->extras_of = ARENA_ARRAY(frame->arrays, count + 1, struct span *);
    frame->extras = read;
    if (!read || !frame->extras_of)
        return false;
    for (size_t i = 0; i < count; i++) {
        frame->extras_of[i] = ARENA_ARRAY(frame->arrays, capacity, struct span);
        if (!frame->extras_of[i])
            return false;
        read[i] = frame->extras_of[i];
    }
    return true;
}

size_t frame_bytes(const struct frame *frame)
{
    return arena_bytes(frame->arrays) + arena_bytes(frame->batch.arena);
}

bool frame_init(struct frame *frame, const struct survey_table *table,
                const struct survey_layout *layout, uint32_t capacity, struct error *err)
{
    *frame = (struct frame){.layout = layout, .arrays = arena_new()};
    frame->batch = (struct survey_batch){.table = table, .arena = arena_new()};
    if (!frame->arrays || !frame->batch.arena)
        return error_memory(err);
    frame->columns = ARENA_ARRAY(frame->arrays, table->column_count + 1, struct survey_cells);
    frame->arrays_of = ARENA_ARRAY(frame->arrays, table->column_count + 1, struct column_arrays);
    if (!frame->columns || !frame->arrays_of)
        return error_memory(err);
    frame->batch.columns = frame->columns;
    for (size_t i = 0; i < table->column_count; i++)
        if (layout->positions[i] != FIELD_NONE && !arrays_make(frame, &table->columns[i], capacity))
            return error_memory(err);
    if (!extras_make(frame, capacity))
        return error_memory(err);
    frame->batch.hashes = survey_rows_new(table, layout, capacity, frame->arrays, err);
    return frame->batch.hashes != NULL;
}

void frame_release(struct frame *frame)
{
    survey_rows_release(frame->batch.hashes);
    arena_free(frame->batch.arena);
    arena_free(frame->arrays);
    *frame = (struct frame){.layout = NULL};
}

static void cells_gather(const struct cell_column *from, struct column_arrays *to)
{
    for (uint32_t row = 0; row < from->count; row++) {
        const struct span cell = from->cells[(size_t)row * from->stride];
        to->cells[row] = cell;
        to->is_null[row] = !cell.ptr;
    }
}

static void cells_hash(const struct column_arrays *arrays, uint32_t count)
{
    for (uint32_t row = 0; row < count; row++)
        arrays->hashes[row] = arrays->is_null[row] ? 0 : survey_cell_hash(arrays->cells[row]);
}

static uint8_t coarse_of(const struct survey_column *column, const struct column_arrays *arrays,
                         uint32_t row)
{
    switch (column->form) {
    case FORM_NUMBER:
        return coarse_number(arrays->numbers[row]);
    case FORM_TIME:
        return arrays->times[row] == TIME_MIN || arrays->times[row] == TIME_MAX ? SYMBOL_SPECIAL
                                                                                : SYMBOL_SET;
    case FORM_TEXT:
        return coarse_text(arrays->texts[row]);
    case FORM_ARRAY:
        return arrays->numbers[row] > 0 ? SYMBOL_SET : SYMBOL_EMPTY;
    default:
        return SYMBOL_SET;
    }
}

static void cells_name(const struct survey_column *column, const struct column_arrays *arrays,
                       uint32_t count)
{
    for (uint32_t row = 0; row < count; row++)
        arrays->symbols[row] = arrays->is_null[row]
                                   ? SYMBOL_NULL
                                   : symbol_of(column->symbols, arrays->hashes[row],
                                               arrays->cells[row], coarse_of(column, arrays, row));
}

static uint8_t wide_symbol(unsigned class)
{
    static const uint8_t symbols[WIDE_COUNT] = {
        [WIDE_EMPTY] = SYMBOL_EMPTY,   [WIDE_ASCII] = SYMBOL_PLAIN,   [WIDE_OTHER] = SYMBOL_LETTERS,
        [WIDE_ODD] = SYMBOL_ODD,       [WIDE_OBJECT] = SYMBOL_OBJECT, [WIDE_LIST] = SYMBOL_LIST,
        [WIDE_SCALAR] = SYMBOL_SCALAR, [WIDE_BYTES] = SYMBOL_SET,
    };

    return class < WIDE_COUNT ? symbols[class] : SYMBOL_NULL;
}

/* The source sent one number for length and class. */
static bool wide_split(const struct cell_column *from, struct column_arrays *to,
                       const struct codec *codec, struct arena *arena, struct error *err)
{
    static const struct type type = {
        .schema = "pg_catalog", .name = "int8", .kind = KIND_INTEGER, .width = 8};
    struct cell_measures measures = {.numbers = to->numbers, .arena = arena};

    if (!codec->measure(&type, from, &measures, err))
        return false;
    for (uint32_t row = 0; row < from->count; row++) {
        if (to->numbers[row] < 0)
            return value_malformed(&type, err);
        const uint64_t wide = (uint64_t)to->numbers[row], bytes = wide / WIDE_STEP;
        to->classes[row] =
            to->is_null[row] ? SYMBOL_NULL : wide_symbol((unsigned)(wide % WIDE_STEP));
        to->numbers[row] = (double)bytes;
    }
    return true;
}

static bool column_fill(struct frame *frame, const struct survey_column *column,
                        const struct cell_column *from, struct error *err)
{
    struct column_arrays *arrays = &frame->arrays_of[column->index];
    struct cell_measures measures = {.numbers = arrays->numbers,
                                     .times = arrays->times,
                                     .texts = arrays->texts,
                                     .arena = frame->batch.arena};

    cells_gather(from, arrays);
    if (column->form == FORM_WIDE)
        return wide_split(from, arrays, column->codec, measures.arena, err);
    if (column->form != FORM_CODE && !column->codec->measure(column->type, from, &measures, err))
        return false;
    cells_hash(arrays, from->count);
    if (column->symbols)
        cells_name(column, arrays, from->count);
    return true;
}

bool frame_fill(struct frame *frame, const struct batch *rows, struct error *err)
{
    const struct survey_table *table = frame->batch.table;

    assert(rows->columns == frame->layout->field_count);
    arena_reset(frame->batch.arena);
    frame->batch.rows = rows->rows;
    frame->batch.relations = rows->relations;
    frame->batch.addresses = rows->addresses;
    survey_rows_begin(frame->batch.hashes, rows);
    for (size_t i = 0; i < frame->layout->extra_count; i++)
        for (uint32_t row = 0; row < rows->rows; row++)
            frame->extras_of[i][row] =
                rows->cells[(size_t)row * rows->columns + frame->layout->extra_first + i];
    for (size_t i = 0; i < table->column_count; i++) {
        if (frame->layout->positions[i] == FIELD_NONE)
            continue;
        const struct cell_column from = {rows->cells + frame->layout->positions[i], rows->columns,
                                         rows->rows};
        if (!column_fill(frame, &table->columns[i], &from, err))
            return error_context(err, "column '%s'", table->columns[i].bound->column->name);
    }
    return true;
}
