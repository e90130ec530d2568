/* Turns libyaml's events into the tree of yaml.h, refusing what a profile may not use. */
#include "config/yaml.h"

#include "base/words.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    const char *file;
    struct span text;
    unsigned depth;
};

static struct yaml_node place_of(const struct reader *reader, yaml_mark_t mark)
{
    return (struct yaml_node){
        .file = reader->file, .line = (unsigned)mark.line + 1, .column = (unsigned)mark.column + 1};
}

/* libyaml decodes ahead of its marks: what it cannot decode is found by its offset. */
static struct yaml_node place_of_offset(const struct reader *reader, size_t offset)
{
    struct yaml_node place = {.file = reader->file, .line = 1, .column = 1};
    const char *start = reader->text.ptr;

    if (offset > reader->text.len)
        offset = reader->text.len;
    for (size_t i = 0; i < offset; i++)
        if (reader->text.ptr[i] == '\n') {
            place.line++;
            start = reader->text.ptr + i + 1;
        }
    if (start)
        place.column += (unsigned)utf8_length(start, (size_t)(reader->text.ptr + offset - start));
    return place;
}

/* libyaml's own sentences are about syntax only and quote nothing from the file. */
static bool error_syntax(struct reader *reader, struct error *err)
{
    yaml_parser_t *parser = &reader->parser;
    bool is_reader = parser->error == YAML_READER_ERROR;
    struct yaml_node place = is_reader ? place_of_offset(reader, parser->problem_offset)
                                       : place_of(reader, parser->problem_mark);

    if (parser->error == YAML_MEMORY_ERROR)
        return error_memory(err);
    return yaml_error(&place, err, "%s", parser->problem ? parser->problem : "not YAML");
}

static bool event_next(struct reader *reader, yaml_event_t *event, struct error *err)
{
    if (!yaml_parser_parse(&reader->parser, event))
        return error_syntax(reader, err);
    return true;
}

static struct yaml_node *node_new(struct reader *reader, enum yaml_kind kind, yaml_mark_t mark)
{
    struct yaml_node *node = ARENA_NEW(reader->arena, struct yaml_node);

    if (!node)
        return NULL;
    *node = place_of(reader, mark);
    node->kind = kind;
    return node;
}

static bool is_null_text(const char *text)
{
    return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static bool read_scalar(struct reader *reader, const yaml_event_t *event, struct yaml_node **out,
                        struct error *err)
{
    struct yaml_node *node = node_new(reader, YAML_SCALAR, event->start_mark);
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;

    if (!node)
        return error_memory(err);
    if (memchr(value, '\0', length))
        return yaml_error(node, err, "a NUL character is not text");
    node->text = arena_strndup(reader->arena, value, length);
    if (!node->text)
        return error_memory(err);
    node->raw = node->text;
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->is_null = node->is_plain && is_null_text(node->text);
    *out = node;
    return true;
}

/* Anchors and tags are refused on whatever carries them. */
static bool check_marks(const struct reader *reader, const yaml_event_t *event, struct error *err)
{
    struct yaml_node place = place_of(reader, event->start_mark);
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;

    if (event->type == YAML_ALIAS_EVENT)
        return yaml_error(&place, err, "an alias ('*name') may not be used here");
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor)
        return yaml_error(&place, err, "an anchor ('&name') may not be used here");
    if (tag)
        return yaml_error(&place, err, "a tag ('!name') may not be used here");
    return true;
}

static bool read_node(struct reader *reader, const yaml_event_t *event, struct yaml_node **out,
                      struct error *err);

/* The next node, or *out NULL where the collection ends. */
static bool read_next(struct reader *reader, struct yaml_node **out, struct error *err)
{
    yaml_event_t event;
    bool is_ok = true;

    *out = NULL;
    if (!event_next(reader, &event, err))
        return false;
    if (event.type != YAML_SEQUENCE_END_EVENT && event.type != YAML_MAPPING_END_EVENT)
        is_ok = read_node(reader, &event, out, err);
    yaml_event_delete(&event);
    return is_ok;
}

static bool read_sequence(struct reader *reader, struct yaml_node *node, struct error *err)
{
    size_t capacity = 0;
    struct yaml_node *item;

    while (read_next(reader, &item, err)) {
        if (!item)
            return true;
        node->items = arena_grow(reader->arena, node->items, node->count, &capacity, sizeof(item));
        if (!node->items)
            return error_memory(err);
        node->items[node->count++] = item;
    }
    return false;
}

static bool check_key(const struct yaml_node *key, struct error *err)
{
    if (key->kind != YAML_SCALAR)
        return yaml_error(key, err, "a key must be text");
    if (key->is_null) {
        yaml_error(key, err, "a key may not be empty or null");
        return error_hint(err, "a name that is the word null is put in quotes");
    }
    if (key->is_plain && strcmp(key->text, "<<") == 0)
        return yaml_error(key, err, "a merge key ('<<') may not be used here");
    return true;
}

static int compare_keys(const void *left, const void *right)
{
    const struct yaml_node *a = *(const struct yaml_node *const *)left;
    const struct yaml_node *b = *(const struct yaml_node *const *)right;
    int order = strcmp(a->text, b->text);

    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

/* Sorted, so that a mapping of a million keys is no way to keep the program busy. */
static bool check_duplicates(struct reader *reader, const struct yaml_node *node, struct error *err)
{
    struct yaml_node **sorted;

    if (node->count < 2)
        return true;
    sorted = ARENA_ARRAY(reader->arena, node->count, struct yaml_node *);
    if (!sorted)
        return error_memory(err);
    memcpy(sorted, node->keys, node->count * sizeof(*sorted));
    qsort(sorted, node->count, sizeof(*sorted), compare_keys);
    for (size_t i = 1; i < node->count; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
            return yaml_error(sorted[i], err,
                              "key '%s' stands here a second time; first in line %u",
                              sorted[i]->text, sorted[i - 1]->line);
    return true;
}

static bool read_mapping(struct reader *reader, struct yaml_node *node, struct error *err)
{
    size_t key_capacity = 0;
    size_t item_capacity = 0;
    struct yaml_node *key;
    struct yaml_node *item;

    while (read_next(reader, &key, err)) {
        if (!key)
            return check_duplicates(reader, node, err);
        if (!check_key(key, err) || !read_next(reader, &item, err))
            return false;
        assert(item);
        node->keys = arena_grow(reader->arena, node->keys, node->count, &key_capacity, sizeof(key));
        node->items =
            arena_grow(reader->arena, node->items, node->count, &item_capacity, sizeof(item));
        if (!node->keys || !node->items)
            return error_memory(err);
        node->keys[node->count] = key;
        node->items[node->count++] = item;
    }
    return false;
}

static bool read_node(struct reader *reader, const yaml_event_t *event, struct yaml_node **out,
                      struct error *err)
{
    bool is_sequence = event->type == YAML_SEQUENCE_START_EVENT;
    struct yaml_node *node;
    bool is_ok;

    if (!check_marks(reader, event, err))
        return false;
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(reader, event, out, err);
    assert(is_sequence || event->type == YAML_MAPPING_START_EVENT);
    node = node_new(reader, is_sequence ? YAML_SEQUENCE : YAML_MAPPING, event->start_mark);
    if (!node)
        return error_memory(err);
    if (reader->depth == YAML_DEPTH_MAX)
        return yaml_error(node, err, "nested deeper than %d levels", YAML_DEPTH_MAX);
    reader->depth++;
    is_ok = is_sequence ? read_sequence(reader, node, err) : read_mapping(reader, node, err);
    reader->depth--;
    *out = node;
    return is_ok;
}

/* One event that must come here by libyaml's own grammar, or the root node. */
static bool read_step(struct reader *reader, struct yaml_node **root, bool *is_end,
                      struct error *err)
{
    yaml_event_t event;
    struct yaml_node place;
    bool is_ok = true;

    if (!event_next(reader, &event, err))
        return false;
    place = place_of(reader, event.start_mark);
    if (event.type == YAML_STREAM_END_EVENT)
        *is_end = true;
    else if (event.type == YAML_DOCUMENT_START_EVENT && *root)
        is_ok = yaml_error(&place, err, "a second document begins here; there may be one");
    else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT &&
             event.type != YAML_DOCUMENT_END_EVENT)
        is_ok = read_node(reader, &event, root, err);
    yaml_event_delete(&event);
    return is_ok;
}

static bool read_document(struct reader *reader, struct yaml_node **root, struct error *err)
{
    struct yaml_node start = {.file = reader->file, .line = 1, .column = 1};
    bool is_end = false;

    while (!is_end)
        if (!read_step(reader, root, &is_end, err))
            return false;
    if (!*root)
        return yaml_error(&start, err, "nothing is written here");
    return true;
}

bool yaml_read_text(const char *name, struct span text, struct arena *arena,
                    struct yaml_node **root, struct error *err)
{
    struct reader reader = {.arena = arena, .text = text};
    struct yaml_node start = {.file = name, .line = 1, .column = 1};
    bool is_ok;

    assert(name && arena && root);
    *root = NULL;
    if (text.len > YAML_SIZE_MAX)
        return yaml_error(&start, err, "larger than %zu MiB", YAML_SIZE_MAX >> 20);
    reader.file = arena_strdup(arena, name);
    if (!reader.file || !yaml_parser_initialize(&reader.parser))
        return error_memory(err);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.len);
    is_ok = read_document(&reader, root, err);
    yaml_parser_delete(&reader.parser);
    if (!is_ok)
        *root = NULL;
    return is_ok;
}

static bool load_bytes(int file, struct arena *arena, struct span *bytes, bool *is_large)
{
    size_t capacity = (size_t)64 << 10;
    char *buffer = arena_alloc(arena, capacity);
    size_t length = 0;

    assert(file >= 0);
    while (buffer) {
        ssize_t got = read(file, buffer + length, capacity - length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        length += (size_t)got;
        *is_large = length > YAML_SIZE_MAX;
        if (got == 0 || *is_large) {
            *bytes = span_make(buffer, *is_large ? 0 : length);
            return true;
        }
        if (length == capacity) {
            char *larger = arena_alloc(arena, capacity * 2);

            if (larger)
                memcpy(larger, buffer, length);
            buffer = larger;
            capacity *= 2;
        }
    }
    errno = ENOMEM;
    return false;
}

bool yaml_load_file(const char *path, struct arena *arena, struct span *bytes, struct error *err)
{
    bool is_input = strcmp(path, "-") == 0;
    int file = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    const char *shown = words_printable(arena, path);
    bool is_large = false;
    bool is_ok;

    assert(arena && bytes);
    if (!shown)
        shown = "?";
    if (file < 0)
        return error_set_errno(err, STATUS_PROFILE, "cannot open '%s'", shown);
    is_ok = load_bytes(file, arena, bytes, &is_large);
    if (!is_ok)
        error_set_errno(err, STATUS_PROFILE, "cannot read '%s'", shown);
    if (!is_input)
        close(file);
    if (is_ok && is_large)
        return error_set(err, STATUS_PROFILE, "'%s' is larger than %zu MiB", shown,
                         YAML_SIZE_MAX >> 20);
    return is_ok;
}

bool yaml_read_file(const char *path, struct arena *arena, struct yaml_node **root,
                    struct error *err)
{
    struct span bytes;

    return yaml_load_file(path, arena, &bytes, err) &&
           yaml_read_text(path, bytes, arena, root, err);
}
