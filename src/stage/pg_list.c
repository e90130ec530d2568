/* Parses, edits and writes the list of a pg_dump archive. */
#include "stage/pg_list.h"

#include "base/map.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DEPENDS_WORDS ";\tdepends on:"

struct lines {
    const char *next, *end;
};

static bool line_next(struct lines *lines, struct span *line)
{
    if (lines->next >= lines->end)
        return false;
    const char *stop = memchr(lines->next, '\n', (size_t)(lines->end - lines->next));
    if (!stop)
        stop = lines->end;
    *line = span_make(lines->next, (size_t)(stop - lines->next));
    lines->next = stop + 1;
    return true;
}

/* A decimal number at the head of *text; moves on behind it and the blanks that follow. */
static bool number_next(struct span *text, uint32_t *number)
{
    uint64_t value = 0;
    uint32_t len = 0;

    while (len < text->len && isdigit((unsigned char)text->ptr[len])) {
        value = value * 10 + (uint64_t)(text->ptr[len++] - '0');
        if (value > UINT32_MAX)
            return false;
    }
    if (len == 0)
        return false;
    *number = (uint32_t)value;
    while (len < text->len && text->ptr[len] == ' ')
        len++;
    *text = span_make(text->ptr + len, text->len - len);
    return true;
}

static bool starts_with(struct span text, const char *words)
{
    size_t len = strlen(words);

    return text.len >= len && memcmp(text.ptr, words, len) == 0;
}

/* "215; 1259 16397 FOREIGN TABLE public remote_rates postgres" */
static bool entry_parse(struct span line, struct arena *arena, struct pg_entry *entry,
                        struct error *err)
{
    if (!number_next(&line, &entry->number) || !starts_with(line, "; "))
        return error_set(err, STATUS_LOCAL, "the list of pg_restore holds a line without a number");
    line = span_make(line.ptr + 2, line.len - 2);
    if (!number_next(&line, &entry->class_id) || !number_next(&line, &entry->object_id))
        return error_set(err, STATUS_LOCAL, "entry %u of pg_restore's list is not understood",
                         entry->number);
    entry->text = arena_strndup(arena, line.ptr, line.len);
    return entry->text || error_memory(err);
}

static bool depends_parse(struct span line, struct arena *arena, struct pg_entry *entry,
                          struct error *err)
{
    size_t capacity = 0;
    uint32_t number;

    line = span_make(line.ptr + strlen(DEPENDS_WORDS), line.len - strlen(DEPENDS_WORDS));
    while (line.len > 0 && line.ptr[0] == ' ')
        line = span_make(line.ptr + 1, line.len - 1);
    while (number_next(&line, &number)) {
        entry->depends = arena_grow(arena, entry->depends, entry->depends_count, &capacity,
                                    sizeof(*entry->depends));
        if (!entry->depends)
            return error_memory(err);
        entry->depends[entry->depends_count++] = number;
    }
    return line.len == 0 || error_set(err, STATUS_LOCAL,
                                      "what entry %u of pg_restore's list depends on is not "
                                      "understood",
                                      entry->number);
}

bool pg_list_parse(struct span text, struct arena *arena, struct pg_list *list, struct error *err)
{
    struct lines lines = {text.ptr, text.ptr + text.len};
    struct span line;
    size_t capacity = 0;

    *list = (struct pg_list){0};
    while (line_next(&lines, &line)) {
        if (line.len == 0 || (line.ptr[0] == ';' && !starts_with(line, DEPENDS_WORDS)))
            continue;
        if (line.ptr[0] == ';') {
            if (list->count == 0)
                return error_set(err, STATUS_LOCAL, "the list of pg_restore begins in its middle");
            if (!depends_parse(line, arena, &list->entries[list->count - 1], err))
                return false;
            continue;
        }
        list->entries =
            arena_grow(arena, list->entries, list->count, &capacity, sizeof(*list->entries));
        if (!list->entries)
            return error_memory(err);
        list->entries[list->count] = (struct pg_entry){0};
        if (!entry_parse(line, arena, &list->entries[list->count], err))
            return false;
        list->count++;
    }
    return list->count > 0 || error_set(err, STATUS_LOCAL, "the list of pg_restore is empty");
}

bool pg_entry_is(const struct pg_entry *entry, const char *kind)
{
    size_t len = strlen(kind);

    assert(len > 0);
    return strncmp(entry->text, kind, len) == 0 && entry->text[len] == ' ';
}

struct pg_entry *pg_list_find(const struct pg_list *list, uint32_t class_id, uint32_t object_id)
{
    assert(object_id != 0);
    for (size_t i = 0; i < list->count; i++) {
        struct pg_entry *entry = &list->entries[i];

        if (entry->class_id == class_id && entry->object_id == object_id)
            return entry;
    }
    return NULL;
}

const struct pg_entry *pg_list_number(const struct pg_list *list, uint32_t number)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->entries[i].number == number)
            return &list->entries[i];
    }
    return NULL;
}

static bool depends_on(const struct pg_entry *entry, const struct map *dropped)
{
    for (size_t i = 0; i < entry->depends_count; i++) {
        if (map_find(dropped, span_make(&entry->depends[i], sizeof(entry->depends[i]))))
            return true;
    }
    return false;
}

/* Most of what depends stands behind what it depends on, so that the second round usually finds
 * nothing more. */
bool pg_list_close(struct pg_list *list, struct error *err)
{
    AUTO(map) struct map *dropped = map_new();
    size_t before;

    if (!dropped)
        return error_memory(err);
    do {
        before = map_count(dropped);
        for (size_t i = 0; i < list->count; i++) {
            struct pg_entry *entry = &list->entries[i];
            bool is_new = false;

            entry->is_dropped = entry->is_dropped || depends_on(entry, dropped);
            if (entry->is_dropped &&
                !map_put(dropped, span_make(&entry->number, sizeof(entry->number)), 1, &is_new))
                return error_memory(err);
        }
    } while (map_count(dropped) > before);
    return true;
}

void pg_list_write(const struct pg_list *list, struct buf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!list->entries[i].is_dropped)
            buf_add_format(out, "%u\n", list->entries[i].number);
    }
}
