/* Rows of MySQL as they are read and as they are written: codec_my's own form. */
#include "value/my_row.h"
#include "value/my_codec.h"

#define NULL_BYTE 0xfbu
#define NULL_TEXT "\\N"

enum { LENGTH_2 = 0xfc, LENGTH_3 = 0xfd, LENGTH_8 = 0xfe };

/* The length in front of a cell; behind it. */
static char *length_put(char *at, uint32_t len)
{
    const char bytes[] = {
        (char)len, (char)(len >> 8), (char)(len >> 16), (char)(len >> 24), '\0', '\0', '\0', '\0'};
    size_t count = 1;

    if (len >= NULL_BYTE) {
        const bool is_short = len <= UINT16_MAX, is_long = len >> 24 != 0;

        *at++ = (char)(is_short ? LENGTH_2 : is_long ? LENGTH_8 : LENGTH_3);
        count = is_short ? 2 : is_long ? sizeof(bytes) : 3;
    }
    memcpy(at, bytes, count);
    return at + count;
}

char *my_row_put(char *at, struct span cell)
{
    assert(at);
    if (!cell.ptr) {
        *at = (char)NULL_BYTE;
        return at + 1;
    }
    at = length_put(at, cell.len);
    if (cell.len > 0)
        memcpy(at, cell.ptr, cell.len);
    return at + cell.len;
}

void my_row_add(struct buf *row, struct span cell)
{
    char head[MY_LENGTH_MOST];

    assert(row);
    if (!cell.ptr) {
        buf_add_char(row, (char)NULL_BYTE);
        return;
    }
    buf_add(row, head, (size_t)(length_put(head, cell.len) - head));
    buf_add(row, cell.ptr, cell.len);
}

bool my_row_take(struct span *rest, struct span *cell)
{
    const unsigned char *ptr = (const unsigned char *)rest->ptr;
    uint64_t len;
    uint32_t head = 1;

    assert(ptr && cell);
    if (rest->len == 0)
        return false;
    len = ptr[0];
    if (len == NULL_BYTE) {
        *cell = (struct span){NULL, 0};
        *rest = span_make(ptr + 1, rest->len - 1);
        return true;
    }
    if (len > NULL_BYTE) {
        head += len == LENGTH_2 ? 2 : len == LENGTH_3 ? 3 : 8;
        if (len > LENGTH_8 || rest->len < head)
            return false;
        len = 0;
        for (uint32_t i = head - 1; i > 0; i--)
            len = len << 8 | ptr[i];
    }
    if (len > rest->len - head)
        return false;
    *cell = span_make(ptr + head, len);
    *rest = span_make(ptr + head + len, rest->len - head - (uint32_t)len);
    return true;
}

/* What stands behind the backslash; 0: the byte needs none. */
static char escape_of(char byte)
{
    switch (byte) {
    case '\0':
        return '0';
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

#define ONES (UINT64_MAX / 255)

/* Not 0 where one of the eight bytes is `byte`; the lowest such one at the least. */
static uint64_t word_find(uint64_t word, char byte)
{
    word ^= ONES * (uint8_t)byte;
    return (word - ONES) & ~word & (ONES * 0x80);
}

/* How many bytes from `ptr` on need no backslash: most texts have none, so eight at a time. */
static size_t plain_length(const char *ptr, size_t len)
{
    size_t at = 0;
    uint64_t word;

    for (; at + sizeof(word) <= len; at += sizeof(word)) {
        memcpy(&word, ptr + at, sizeof(word));
        if (word_find(word, '\0') | word_find(word, '\t') | word_find(word, '\n') |
            word_find(word, '\\'))
            break;
    }
    while (at < len && !escape_of(ptr[at]))
        at++;
    return at;
}

void my_field_add(struct buf *line, struct span cell)
{
    const char *ptr = cell.ptr;
    size_t left = cell.len;

    if (!ptr) {
        buf_add(line, NULL_TEXT, sizeof(NULL_TEXT) - 1);
        return;
    }
    while (left > 0) {
        const size_t plain = plain_length(ptr, left);

        buf_add(line, ptr, plain);
        ptr += plain;
        left -= plain;
        if (left == 0)
            return;
        const char escaped[2] = {'\\', escape_of(*ptr++)};

        assert(escaped[1]);
        buf_add(line, escaped, sizeof(escaped));
        left--;
    }
}

static bool row_malformed(struct error *err)
{
    return error_set(err, STATUS_SOURCE, "a row that the server sent is not well-formed");
}

bool my_row_split(struct span row, struct span *cells, uint32_t count, struct error *err)
{
    assert(row.ptr && (cells || count == 0));
    for (uint32_t c = 0; c < count; c++)
        if (!my_row_take(&row, &cells[c]))
            return row_malformed(err);
    return row.len == 0 || row_malformed(err);
}

/* The end of the field that starts at `ptr`; NULL: a backslash with nothing behind it. */
static const char *field_find_end(const char *ptr, const char *end)
{
    for (; ptr < end && *ptr != '\t'; ptr++)
        if (*ptr == '\\' && ++ptr == end)
            return NULL;
    return ptr;
}

bool my_row_split_written(struct span row, struct span *cells, uint32_t count, struct error *err)
{
    const char *ptr = row.ptr, *end = row.ptr + row.len;

    assert(row.ptr && (cells || count == 0));
    if (row.len > 0 && end[-1] == '\n')
        end--;
    for (uint32_t c = 0; c < count; c++) {
        const char *field_end = field_find_end(ptr, end);

        if (!field_end || (field_end == end && c + 1 < count))
            return row_malformed(err);
        cells[c] = span_make(ptr, (size_t)(field_end - ptr));
        if (span_equal(cells[c], SPAN_LITERAL(NULL_TEXT)))
            cells[c] = (struct span){NULL, 0};
        ptr = field_end + (c + 1 < count);
    }
    return ptr == end || row_malformed(err);
}

void my_row_write(struct span row, const struct span *cells, const struct span *const *replaced,
                  uint32_t count, struct buf *out)
{
    UNUSED(row);
    assert(replaced && out);
    for (uint32_t c = 0; c < count; c++) {
        if (c > 0)
            buf_add_char(out, '\t');
        my_field_add(out, replaced[c] ? *replaced[c] : cells[c]);
    }
    buf_add_char(out, '\n');
}
