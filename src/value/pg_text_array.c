/* Arrays as PostgreSQL prints them: {1,NULL,"a b"}, {{1,2},{3,4}}, [2:3]={x,y}. Between elements
 * stand commas, and another delimiter for a few types (box, PostGIS geometry), which only those
 * functions see to that are told the type.
 *
 * Splitting and joining walk the same pieces of the text: everything that is not an element is
 * shape, and joining copies it. */
#include "value/pg_escape.h"
#include "value/pg_text.h"
#include <strings.h>

#define DIMENSIONS_MAX 6 /* as in PostgreSQL */

/* Where a walk through the text of an array stands. */
struct walk {
    const char *ptr, *end;
    char delimiter;
    int depth;
    bool may_close;   /* behind an element or a closed dimension, or in an empty array */
    bool may_element; /* at a place where an element or a dimension begins */
    bool is_done;     /* the outermost brace is closed */
};

enum piece { PIECE_SHAPE, PIECE_ELEMENT, PIECE_END, PIECE_MALFORMED };

static bool char_is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool char_is_special(char byte, char delimiter)
{
    return byte == '"' || byte == '\\' || byte == '{' || byte == '}' || byte == delimiter;
}

/* Bounds, "[2:4][-1:1]=", up to the first brace: digits, signs, brackets and colons. */
static void walk_init(struct walk *walk, struct span text, char delimiter, struct span *bounds)
{
    const char *ptr = text.ptr, *end = text.ptr + text.len;

    if (ptr < end && *ptr == '[')
        while (ptr < end && *ptr != '{' && strchr("[]:-+=0123456789", *ptr) && *ptr != '\0')
            ptr++;
    *bounds = span_make(text.ptr, (size_t)(ptr - text.ptr));
    *walk = (struct walk){.ptr = ptr, .end = end, .delimiter = delimiter, .may_element = true};
}

/* The end of the element at `ptr`, or NULL. Quotes belong to the piece. */
static const char *element_find_end(const char *ptr, const char *end, char delimiter)
{
    if (*ptr != '"') {
        while (ptr < end && !char_is_special(*ptr, delimiter) && !char_is_space(*ptr))
            ptr++;
        return ptr;
    }
    for (ptr++; ptr < end && *ptr != '"'; ptr++)
        if (*ptr == '\\' && ++ptr == end)
            return NULL;
    return ptr < end ? ptr + 1 : NULL;
}

static enum piece walk_element(struct walk *walk, struct span *piece)
{
    const char *start = walk->ptr, *stop = element_find_end(start, walk->end, walk->delimiter);

    if (walk->depth == 0 || !walk->may_element || !stop || stop == start)
        return PIECE_MALFORMED;
    walk->may_element = false;
    walk->may_close = true;
    walk->ptr = stop;
    *piece = span_make(start, (size_t)(stop - start));
    return PIECE_ELEMENT;
}

static bool walk_open(struct walk *walk)
{
    if (!walk->may_element || walk->is_done || walk->depth == DIMENSIONS_MAX)
        return false;
    walk->depth++;
    walk->may_close = walk->depth == 1;
    return true;
}

static bool walk_close(struct walk *walk)
{
    if (walk->depth == 0 || !walk->may_close)
        return false;
    walk->depth--;
    walk->may_element = false;
    walk->is_done = walk->depth == 0;
    return true;
}

static bool walk_delimiter(struct walk *walk)
{
    if (walk->depth == 0 || walk->may_element || !walk->may_close)
        return false;
    walk->may_element = true;
    walk->may_close = false;
    return true;
}

static enum piece walk_next(struct walk *walk, struct span *piece)
{
    bool is_well = false;

    if (walk->ptr == walk->end)
        return walk->is_done ? PIECE_END : PIECE_MALFORMED;
    if (*walk->ptr == '{')
        is_well = walk_open(walk);
    else if (*walk->ptr == '}')
        is_well = walk_close(walk);
    else if (*walk->ptr == walk->delimiter)
        is_well = walk_delimiter(walk);
    else
        return walk_element(walk, piece);
    *piece = span_make(walk->ptr++, 1);
    return is_well ? PIECE_SHAPE : PIECE_MALFORMED;
}

static bool array_malformed(struct error *err)
{
    return error_set(err, STATUS_SOURCE, "an array of the source is not well-formed");
}

static bool text_is_null_word(struct span text)
{
    return text.len == 4 && strncasecmp(text.ptr, "NULL", 4) == 0;
}

/* A piece of the array without its quotes; NULL for the word. */
static bool element_read(struct span piece, struct arena *arena, struct span *text,
                         struct error *err)
{
    char *start, *out;

    *text = piece;
    if (text_is_null_word(piece))
        *text = (struct span){NULL, 0};
    if (piece.ptr[0] != '"' || !text->ptr)
        return true;
    start = out = arena_alloc(arena, piece.len);
    if (!out)
        return error_memory(err);
    for (uint32_t i = 1; i + 1 < piece.len; i++) {
        if (piece.ptr[i] == '\\')
            i++;
        *out++ = piece.ptr[i];
    }
    *text = span_make(start, (size_t)(out - start));
    return true;
}

/* The elements of an array's text, flattened. */
static bool elements_read(struct span text, char delimiter, struct arena *arena,
                          struct span **elements, uint32_t *count, struct error *err)
{
    struct span piece;
    struct walk walk;
    size_t capacity = 0;
    enum piece kind;

    *elements = NULL;
    *count = 0;
    walk_init(&walk, text, delimiter, &piece);
    while ((kind = walk_next(&walk, &piece)) != PIECE_END) {
        if (kind == PIECE_MALFORMED)
            return array_malformed(err);
        if (kind != PIECE_ELEMENT)
            continue;
        *elements = arena_grow(arena, *elements, *count, &capacity, sizeof(**elements));
        if (!*elements)
            return error_memory(err);
        if (!element_read(piece, arena, &(*elements)[*count], err))
            return false;
        (*count)++;
    }
    return true;
}

bool pg_text_array_split(struct span cell, struct arena *arena, struct span **elements,
                         uint32_t *count, struct error *err)
{
    struct span text;

    assert(elements && count);
    if (!escape_undo(cell, arena, &text, err) ||
        !elements_read(text, ',', arena, elements, count, err))
        return false;
    for (uint32_t i = 0; i < *count; i++)
        if ((*elements)[i].ptr && !escape_apply((*elements)[i], arena, &(*elements)[i], err))
            return false;
    return true;
}

bool pg_text_array_decode(const struct type *base, struct span text, struct arena *arena,
                          struct value *value, struct error *err)
{
    struct parts *parts = ARENA_NEW(arena, struct parts);
    struct span *elements = NULL;

    value->parts = parts;
    if (!parts)
        return error_memory(err);
    if (!elements_read(text, type_delimiter(base->element), arena, &elements, &parts->count, err))
        return false;
    parts->shape = text;
    parts->values = ARENA_ARRAY(arena, (size_t)parts->count + 1, struct value);
    if (!parts->values)
        return error_memory(err);
    for (uint32_t i = 0; i < parts->count; i++) {
        parts->values[i].is_null = !elements[i].ptr;
        if (elements[i].ptr &&
            !pg_text_read(base->element, elements[i], arena, &parts->values[i], err))
            return false;
    }
    return true;
}

/* Quotes where the server quotes: empty, the word NULL, blanks, or what has a meaning here. */
static bool text_needs_quotes(struct span text, char delimiter)
{
    if (text.len == 0 || text_is_null_word(text))
        return true;
    for (uint32_t i = 0; i < text.len; i++)
        if (char_is_special(text.ptr[i], delimiter) || char_is_space(text.ptr[i]))
            return true;
    return false;
}

static void element_add(struct span text, char delimiter, struct buf *out)
{
    if (!text_needs_quotes(text, delimiter)) {
        buf_add(out, text.ptr, text.len);
        return;
    }
    buf_add_char(out, '"');
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, text.ptr[i]);
    }
    buf_add_char(out, '"');
}

/* Appends the array with `elements` (without escapes) in their places. */
static bool array_write(struct span shape, char delimiter, const struct span *elements,
                        uint32_t count, struct buf *out, struct error *err)
{
    struct span piece;
    struct walk walk;
    enum piece kind;
    uint32_t at = 0;

    walk_init(&walk, shape, delimiter, &piece);
    buf_add(out, piece.ptr, piece.len);
    while ((kind = walk_next(&walk, &piece)) != PIECE_END) {
        if (kind == PIECE_MALFORMED)
            return array_malformed(err);
        if (kind == PIECE_SHAPE) {
            buf_add(out, piece.ptr, piece.len);
            continue;
        }
        assert(at < count);
        if (!elements[at].ptr)
            buf_add_text(out, "NULL");
        else
            element_add(elements[at], delimiter, out);
        at++;
    }
    assert(at == count);
    return buf_ok(out) || error_memory(err);
}

static bool array_print(struct span shape, char delimiter, const struct span *elements,
                        uint32_t count, struct arena *arena, struct span *text, struct error *err)
{
    struct buf out;
    bool is_done;

    buf_init(&out, INT32_MAX);
    is_done = array_write(shape, delimiter, elements, count, &out, err);
    if (is_done) {
        *text = arena_span(arena, buf_span(&out));
        is_done = text->ptr || error_memory(err);
    }
    buf_release(&out);
    return is_done;
}

bool pg_text_array_encode(const struct pg_encoding *encoding, struct span *text, struct error *err)
{
    const struct type *element = encoding->base->element;
    const struct parts *parts = encoding->value->parts;
    struct span *elements = ARENA_ARRAY(encoding->arena, (size_t)parts->count + 1, struct span);

    if (!elements)
        return error_memory(err);
    assert(parts->shape.ptr || parts->count == 0);
    for (uint32_t i = 0; i < parts->count; i++)
        if (!parts->values[i].is_null &&
            !pg_text_print(encoding->column, element, &parts->values[i], encoding->arena,
                           &elements[i], err))
            return false;
    return array_print(parts->shape.ptr ? parts->shape : SPAN_LITERAL("{}"),
                       type_delimiter(element), elements, parts->count, encoding->arena, text, err);
}

bool pg_text_array_join(struct span cell, const struct span *elements, uint32_t count,
                        struct arena *arena, struct span *joined, struct error *err)
{
    struct span *texts = ARENA_ARRAY(arena, (size_t)count + 1, struct span);
    struct span shape, text;

    assert((elements || count == 0) && joined);
    if (!texts)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++)
        if (elements[i].ptr && !escape_undo(elements[i], arena, &texts[i], err))
            return false;
    return escape_undo(cell, arena, &shape, err) &&
           array_print(shape, ',', texts, count, arena, &text, err) &&
           escape_apply(text, arena, joined, err);
}
