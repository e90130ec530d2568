/* Composites, ranges, multiranges and hstores as PostgreSQL prints them: (a,"b c",), [1,5),
 * {[1,3),[5,9)}, "k"=>"v", "n"=>NULL. Arrays have a file of their own. */
#include "value/pg_text.h"
#include "value/pg_type.h"

static bool char_is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* A text that is being read; every take_* moves on, or returns false. */
struct reader {
    const char *ptr, *end;
};

static struct reader reader_of(struct span text)
{
    assert(text.ptr);
    return (struct reader){text.ptr, text.ptr + text.len};
}

static bool take_char(struct reader *reader, char byte)
{
    if (reader->ptr == reader->end || *reader->ptr != byte)
        return false;
    reader->ptr++;
    return true;
}

static bool take_word(struct reader *reader, const char *word)
{
    const size_t len = strlen(word);

    if ((size_t)(reader->end - reader->ptr) < len || memcmp(reader->ptr, word, len) != 0)
        return false;
    reader->ptr += len;
    return true;
}

/* The first byte of `ends` outside of quotes, or the end; NULL: quotes without end. */
static const char *quoted_find_end(const struct reader *reader, const char *ends)
{
    const char *ptr = reader->ptr;
    bool is_inside = false;

    for (; ptr < reader->end; ptr++) {
        if (!is_inside && *ptr != '\0' && strchr(ends, *ptr))
            return ptr;
        if (*ptr == '"')
            is_inside = !is_inside;
        else if (*ptr == '\\' && ptr + 1 < reader->end)
            ptr++;
    }
    return is_inside ? NULL : ptr;
}

/* What stands up to the first byte of `ends` outside of quotes: quotes go off, and in them a quote
 * or a backslash stands behind another one. *is_quoted: there were quotes, so that nothing is an
 * empty text. ptr NULL: quotes without end, or memory ended. */
static struct span take_quoted(struct reader *reader, const char *ends, struct arena *arena,
                               bool *is_quoted)
{
    const char *end = quoted_find_end(reader, ends);
    char *start = end ? arena_alloc(arena, (size_t)(end - reader->ptr) + 1) : NULL, *out = start;
    bool is_inside = false;

    *is_quoted = false;
    for (; start && reader->ptr < end; reader->ptr++) {
        const bool is_quote = *reader->ptr == '"', has_next = reader->ptr + 1 < end;

        if (is_quote && !(is_inside && has_next && reader->ptr[1] == '"')) {
            *is_quoted = true;
            is_inside = !is_inside;
            continue;
        }
        if (has_next && (is_quote || *reader->ptr == '\\'))
            reader->ptr++;
        *out++ = *reader->ptr;
    }
    return start ? span_make(start, (size_t)(out - start)) : (struct span){0};
}

static struct parts *parts_new(size_t count, struct arena *arena, struct error *err)
{
    struct parts *parts = ARENA_NEW(arena, struct parts);

    if (parts)
        parts->values = ARENA_ARRAY(arena, count + 1, struct value);
    if (!parts || !parts->values) {
        error_memory(err);
        return NULL;
    }
    parts->count = (uint32_t)count;
    return parts;
}

bool pg_text_composite_decode(const struct type *base, struct span text, struct arena *arena,
                              struct value *value, struct error *err)
{
    struct reader reader = reader_of(text);
    struct parts *parts = value->parts = parts_new(base->field_count, arena, err);

    if (!parts)
        return false;
    if (!take_char(&reader, '('))
        return value_malformed(base, err);
    for (uint32_t i = 0; i < parts->count; i++) {
        bool is_quoted;

        if (i > 0 && !take_char(&reader, ','))
            return value_malformed(base, err);
        const struct span field = take_quoted(&reader, ",)", arena, &is_quoted);

        if (!field.ptr)
            return value_malformed(base, err);
        parts->values[i].is_null = field.len == 0 && !is_quoted;
        if (!parts->values[i].is_null &&
            !pg_text_read(base->fields[i].type, field, arena, &parts->values[i], err))
            return false;
    }
    return (take_char(&reader, ')') && reader.ptr == reader.end) || value_malformed(base, err);
}

static bool take_bound(const struct type *base, struct reader *reader, struct arena *arena,
                       struct value *value, struct error *err)
{
    bool is_quoted;
    const struct span bound = take_quoted(reader, ",)]", arena, &is_quoted);

    if (!bound.ptr)
        return value_malformed(base, err);
    *value = (struct value){.is_null = bound.len == 0 && !is_quoted};
    return value->is_null || pg_text_read(base->element, bound, arena, value, err);
}

/* One range; what stands behind it is left to the caller. */
static bool take_range(const struct type *base, struct reader *reader, struct arena *arena,
                       struct value *value, struct error *err)
{
    struct parts *parts = value->parts = parts_new(2, arena, err);

    if (!parts)
        return false;
    value->is_null = false;
    if (take_word(reader, "empty")) {
        parts->flags = RANGE_EMPTY;
        parts->values[0].is_null = parts->values[1].is_null = true;
        return true;
    }
    if (take_char(reader, '['))
        parts->flags |= RANGE_LOWER_INCLUDED;
    else if (!take_char(reader, '('))
        return value_malformed(base, err);
    if (!take_bound(base, reader, arena, &parts->values[0], err))
        return false;
    if (!take_char(reader, ','))
        return value_malformed(base, err);
    if (!take_bound(base, reader, arena, &parts->values[1], err))
        return false;
    if (take_char(reader, ']'))
        parts->flags |= RANGE_UPPER_INCLUDED;
    else if (!take_char(reader, ')'))
        return value_malformed(base, err);
    if (parts->values[0].is_null)
        parts->flags |= RANGE_LOWER_INFINITE;
    if (parts->values[1].is_null)
        parts->flags |= RANGE_UPPER_INFINITE;
    return true;
}

bool pg_text_range_decode(const struct type *base, struct span text, struct arena *arena,
                          struct value *value, struct error *err)
{
    struct reader reader = reader_of(text);

    if (!take_range(base, &reader, arena, value, err))
        return false;
    return reader.ptr == reader.end || value_malformed(base, err);
}

bool pg_text_multirange_decode(const struct type *base, struct span text, struct arena *arena,
                               struct value *value, struct error *err)
{
    const struct type *range = type_base(base->element);
    struct reader reader = reader_of(text);
    struct parts *parts = value->parts = parts_new(0, arena, err);
    size_t capacity = 0;

    if (!parts)
        return false;
    if (!take_char(&reader, '{'))
        return value_malformed(base, err);
    while (!take_char(&reader, '}')) {
        if (parts->count > 0 && !take_char(&reader, ','))
            return value_malformed(base, err);
        parts->values = arena_grow(arena, capacity ? parts->values : NULL, parts->count, &capacity,
                                   sizeof(*parts->values));
        if (!parts->values)
            return error_memory(err);
        parts->values[parts->count] = (struct value){0};
        if (!take_range(range, &reader, arena, &parts->values[parts->count++], err))
            return false;
    }
    return reader.ptr == reader.end || value_malformed(base, err);
}

/* A word in quotes, in which a backslash stands before a quote or a backslash. */
static bool take_hstore_word(struct reader *reader, struct arena *arena, struct span *word)
{
    const char *end = reader->ptr + 1;
    char *out;

    if (!take_char(reader, '"'))
        return false;
    while (end < reader->end && *end != '"')
        end += *end == '\\' ? 2 : 1;
    if (end >= reader->end || !(out = arena_alloc(arena, (size_t)(end - reader->ptr) + 1)))
        return false;
    word->ptr = out;
    for (; reader->ptr < end; reader->ptr++) {
        if (*reader->ptr == '\\')
            reader->ptr++;
        *out++ = *reader->ptr;
    }
    word->len = (uint32_t)(out - word->ptr);
    return take_char(reader, '"');
}

bool pg_text_hstore_decode(const struct type *base, struct span text, struct arena *arena,
                           struct value *value, struct error *err)
{
    struct reader reader = reader_of(text);
    struct parts *parts = value->parts = parts_new(0, arena, err);
    size_t capacity = 0;

    if (!parts)
        return false;
    while (reader.ptr < reader.end) {
        if (parts->count > 0 && !take_word(&reader, ", "))
            return value_malformed(base, err);
        for (int i = 0; i < 2; i++) {
            parts->values = arena_grow(arena, capacity ? parts->values : NULL, parts->count,
                                       &capacity, sizeof(*parts->values));
            if (!parts->values)
                return error_memory(err);
            struct value *word = &parts->values[parts->count++];

            *word = (struct value){.is_null = i == 1 && take_word(&reader, "NULL")};
            if ((!word->is_null && !take_hstore_word(&reader, arena, &word->bytes)) ||
                (i == 0 && !take_word(&reader, "=>")))
                return value_malformed(base, err);
        }
    }
    return true;
}

/* With quotes where the server writes them; in them quotes and backslashes stand twice. */
static void quoted_add(struct span text, const char *special, struct buf *out)
{
    bool has_quotes = text.len == 0;

    for (uint32_t i = 0; i < text.len && !has_quotes; i++)
        has_quotes = char_is_space(text.ptr[i]) ||
                     (text.ptr[i] != '\0' && strchr(special, text.ptr[i]) != NULL);
    if (!has_quotes) {
        buf_add(out, text.ptr, text.len);
        return;
    }
    buf_add_char(out, '"');
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_add_char(out, text.ptr[i]);
        buf_add_char(out, text.ptr[i]);
    }
    buf_add_char(out, '"');
}

/* Appends one part without escapes. */
static bool part_add(const struct column *column, const struct type *type,
                     const struct value *value, const char *special, struct arena *arena,
                     struct buf *out, struct error *err)
{
    struct span text;

    if (value->is_null)
        return true;
    if (!pg_text_print(column, type, value, arena, &text, err))
        return false;
    quoted_add(text, special, out);
    return true;
}

/* Takes what was written into the arena. */
static bool print_end(struct buf *out, bool is_done, struct arena *arena, struct span *text,
                      struct error *err)
{
    if (is_done && !buf_ok(out))
        is_done = error_set(err, STATUS_LOCAL, "a value grew beyond 2 GiB");
    if (is_done) {
        *text = arena_span(arena, out->len > 0 ? buf_span(out) : SPAN_LITERAL(""));
        is_done = text->ptr || error_memory(err);
    }
    buf_release(out);
    return is_done;
}

bool pg_text_composite_encode(const struct pg_encoding *encoding, struct span *text,
                              struct error *err)
{
    const struct parts *parts = encoding->value->parts;
    const struct type *base = encoding->base;
    struct buf out;
    bool is_done = true;

    assert(parts->count == base->field_count);
    buf_init(&out, INT32_MAX);
    buf_add_char(&out, '(');
    for (uint32_t i = 0; i < parts->count && is_done; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        is_done = part_add(base->fields[i].column, base->fields[i].type, &parts->values[i],
                           "\"\\(),", encoding->arena, &out, err);
    }
    buf_add_char(&out, ')');
    return print_end(&out, is_done, encoding->arena, text, err);
}

static bool range_add(const struct type *base, const struct parts *parts, struct arena *arena,
                      struct buf *out, struct error *err)
{
    static const char special[] = "\"\\()[],";

    assert(parts->count == 2);
    if (parts->flags & RANGE_EMPTY) {
        buf_add_text(out, "empty");
        return true;
    }
    buf_add_char(out, parts->flags & RANGE_LOWER_INCLUDED ? '[' : '(');
    if (!part_add(NULL, base->element, &parts->values[0], special, arena, out, err))
        return false;
    buf_add_char(out, ',');
    if (!part_add(NULL, base->element, &parts->values[1], special, arena, out, err))
        return false;
    buf_add_char(out, parts->flags & RANGE_UPPER_INCLUDED ? ']' : ')');
    return true;
}

bool pg_text_range_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    struct buf out;

    buf_init(&out, INT32_MAX);
    bool is_done = range_add(encoding->base, encoding->value->parts, encoding->arena, &out, err);
    return print_end(&out, is_done, encoding->arena, text, err);
}

bool pg_text_multirange_encode(const struct pg_encoding *encoding, struct span *text,
                               struct error *err)
{
    const struct parts *parts = encoding->value->parts;
    const struct type *range = type_base(encoding->base->element);
    struct buf out;
    bool is_done = true;

    buf_init(&out, INT32_MAX);
    buf_add_char(&out, '{');
    for (uint32_t i = 0; i < parts->count && is_done; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        is_done = range_add(range, parts->values[i].parts, encoding->arena, &out, err);
    }
    buf_add_char(&out, '}');
    return print_end(&out, is_done, encoding->arena, text, err);
}

static void hstore_word_add(struct span word, struct buf *out)
{
    buf_add_char(out, '"');
    for (uint32_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == '"' || word.ptr[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, word.ptr[i]);
    }
    buf_add_char(out, '"');
}

bool pg_text_hstore_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    const struct parts *parts = encoding->value->parts;
    struct buf out;

    assert(parts->count % 2 == 0);
    buf_init(&out, INT32_MAX);
    for (uint32_t i = 0; i < parts->count; i++) {
        if (i > 0)
            buf_add_text(&out, i % 2 == 0 ? ", " : "=>");
        if (parts->values[i].is_null)
            buf_add_text(&out, "NULL");
        else
            hstore_word_add(parts->values[i].bytes, &out);
    }
    return print_end(&out, true, encoding->arena, text, err);
}
