/* Rows of PostgreSQL's text COPY: cells with tabs between them, \N for NULL, and a line feed at
 * the end, which split() takes or leaves and write_row() always writes. */
#include "value/pg_text.h"

#define NULL_TEXT "\\N"
#define NULL_LEN  2

static bool row_malformed(struct error *err)
{
    return error_set(err, STATUS_SOURCE, "a row of the text COPY stream is not well-formed");
}

/* The end of the cell that starts at `ptr`: a tab or `end`. NULL: a line end inside, or a
 * backslash with nothing behind it. */
static const char *cell_find_end(const char *ptr, const char *end)
{
    while (ptr < end && *ptr != '\t') {
        if (*ptr == '\n' || *ptr == '\r')
            return NULL;
        if (*ptr == '\\' && ++ptr == end)
            return NULL;
        ptr++;
    }
    return ptr;
}

static struct span cell_of(const char *start, const char *end)
{
    struct span cell = span_make(start, (size_t)(end - start));

    return span_equal(cell, SPAN_LITERAL(NULL_TEXT)) ? (struct span){NULL, 0} : cell;
}

static bool row_split(struct span row, struct span *cells, uint32_t count, struct error *err)
{
    const char *ptr = row.ptr, *end = row.ptr + row.len;

    assert(row.ptr && (cells || count == 0));
    if (row.len > 0 && end[-1] == '\n')
        end--;
    for (uint32_t c = 0; c < count; c++) {
        const char *cell_end = cell_find_end(ptr, end);

        if (!cell_end || (cell_end == end && c + 1 < count))
            return row_malformed(err);
        cells[c] = cell_of(ptr, cell_end);
        ptr = cell_end + (c + 1 < count);
    }
    return ptr == end || row_malformed(err);
}

static size_t row_size(const struct span *cells, const struct span *const *replaced, uint32_t count)
{
    size_t size = count > 0 ? count : 1; /* a tab or the line feed behind each */

    for (uint32_t c = 0; c < count; c++) {
        const struct span *cell = replaced[c] ? replaced[c] : &cells[c];

        size += cell->ptr ? cell->len : NULL_LEN;
    }
    return size;
}

/* How many of the cells from `first` on are untouched and stand in one piece in the row; *bytes is
 * that piece, with the tabs inside it. A NULL is in the piece where the row has its two bytes. */
static uint32_t run_find(struct span row, const struct span *cells,
                         const struct span *const *replaced, uint32_t left, struct span *bytes)
{
    const char *end = cells[0].ptr + cells[0].len, *row_end = row.ptr + row.len;
    uint32_t count = 1;

    while (count < left && !replaced[count] && end < row_end && *end == '\t') {
        if (cells[count].ptr && cells[count].ptr != end + 1)
            break;
        if (!cells[count].ptr &&
            ((size_t)(row_end - end) < 1 + NULL_LEN || memcmp(end + 1, NULL_TEXT, NULL_LEN) != 0))
            break;
        end += 1 + (cells[count].ptr ? cells[count].len : NULL_LEN);
        count++;
    }
    *bytes = span_make(cells[0].ptr, (size_t)(end - cells[0].ptr));
    return count;
}

static void row_write(struct span row, const struct span *cells, const struct span *const *replaced,
                      uint32_t count, struct buf *out)
{
    size_t size;
    char *start, *ptr;

    assert(replaced && out);
    size = row_size(cells, replaced, count);
    start = ptr = buf_extend(out, size);
    if (!ptr)
        return;
    for (uint32_t c = 0, step; c < count; c += step) {
        struct span bytes = replaced[c] ? *replaced[c] : cells[c];

        step = 1;
        if (!replaced[c] && bytes.ptr)
            step = run_find(row, cells + c, replaced + c, count - c, &bytes);
        if (!bytes.ptr)
            bytes = SPAN_LITERAL(NULL_TEXT);
        memcpy(ptr, bytes.ptr, bytes.len);
        ptr += bytes.len;
        *ptr++ = c + step < count ? '\t' : '\n';
    }
    if (count == 0)
        *ptr++ = '\n';
    assert((size_t)(ptr - start) == size);
}

static bool text_measure(const struct type *type, const struct cell_column *column,
                         const struct cell_measures *measures, struct error *err)
{
    return codec_measure_values(&codec_pg_text, type, column, measures, err);
}

static bool oids_copy(const struct type *type, struct span cell, const struct oid_map *oids,
                      struct arena *arena, struct span *translated, struct error *err)
{
    UNUSED(type);
    UNUSED(oids);
    *translated = arena_span(arena, cell);
    return translated->ptr || error_memory(err);
}

const struct codec codec_pg_text = {
    .name = "text",
    .split = row_split,
    .decode = pg_text_decode,
    .measure = text_measure,
    .encode = pg_text_encode,
    .write_row = row_write,
    .array_split = pg_text_array_split,
    .array_join = pg_text_array_join,
    .translate_oids = oids_copy,
    .header = {"", 0},
    .trailer = {"", 0},
};
