/* Reads mappings by their tables of fields (profile_fields.h). */
#include "config/profile_fields.h"

#include "base/words.h"
#include "config/sql_text.h"
#include <stdio.h>
#include <string.h>

bool profile_error_later(const struct yaml_node *node, const char *what, struct error *err)
{
    return yaml_error(node, err, "'%s' is not in this version", what);
}

static bool read_sql(enum engine engine, const struct yaml_node *node, enum sql_shape shape,
                     const char **sql, struct error *err)
{
    if (!yaml_read_string(node, sql, err))
        return false;
    if (!sql_text_check(engine, *sql, shape, err))
        return yaml_error_place(node, err);
    return true;
}

static bool read_argv(const struct profile_reading *reading, const struct yaml_node *node,
                      const char ***argv, struct error *err)
{
    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    if (node->count == 0)
        return yaml_error(node, err, "a program and its arguments are expected here");
    *argv = ARENA_ARRAY(reading->arena, node->count + 1, const char *);
    if (!*argv)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];

        if (item->kind != YAML_SCALAR || item->is_null || (i == 0 && item->text[0] == '\0'))
            return yaml_error(item, err, "text is expected here");
        (*argv)[i] = item->text;
    }
    return true;
}

static bool read_flag(const struct profile_field *field, const struct yaml_node *node, bool *flag,
                      struct error *err)
{
    unsigned index;

    if (!profile_read_word(node, field->words, &index, err))
        return false;
    *flag = index == 0;
    return true;
}

static bool read_field(const struct profile_reading *reading, const struct profile_field *field,
                       const struct yaml_node *node, void *into, struct error *err)
{
    void *place = (char *)into + field->offset;

    switch (field->kind) {
    case FIELD_LATER:
        return profile_error_later(node, field->key, err);
    case FIELD_TEXT:
        return yaml_read_string(node, place, err);
    case FIELD_CONDITION:
        return read_sql(reading->engine, node, SQL_CONDITION, place, err);
    case FIELD_ORDERING:
        return read_sql(reading->engine, node, SQL_ORDERING, place, err);
    case FIELD_COUNT:
        return yaml_read_integer(node, field->low, INT64_MAX, place, err);
    case FIELD_FRACTION:
        return profile_read_fraction(node, place, err);
    case FIELD_TABLE:
        return profile_read_table(reading, node, place, err);
    case FIELD_COLUMN:
        return profile_read_column(reading, node, place, err);
    case FIELD_PATH:
        return profile_read_path(reading, node, place, err);
    case FIELD_TAKE:
        return profile_read_take(node, place, err);
    case FIELD_TEXTS:
        return profile_read_texts(reading, node, place, err);
    case FIELD_TABLES:
        return profile_read_tables(reading, node, place, err);
    case FIELD_ARGV:
        return read_argv(reading, node, place, err);
    case FIELD_WORD:
        return profile_read_word(node, field->words, place, err);
    case FIELD_FLAG:
        return read_flag(field, node, place, err);
    case FIELD_OWN:
        return field->read(reading, node, into, err);
    }
    return error_set(err, STATUS_BUG, "no such kind of field");
}

static const struct yaml_node *find_key(const struct yaml_node *node, const char *key)
{
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->keys[i]->text, key) == 0)
            return node->keys[i];
    return NULL;
}

/* A field of a later version is named by its key, whatever stands behind it. */
static bool read_row(const struct profile_reading *reading, const struct profile_field *field,
                     const struct yaml_node *node, void *into, struct error *err)
{
    const struct yaml_node *value = yaml_find(node, field->key);

    assert(node->kind == YAML_MAPPING && field->key);
    if (!value && field->is_required)
        return yaml_error(node, err, "'%s' is missing here", field->key);
    if (!value)
        return true;
    if (field->kind == FIELD_LATER)
        value = find_key(node, field->key);
    return read_field(reading, field, value, into, err);
}

bool profile_fields_read(const struct profile_reading *reading, const struct yaml_node *node,
                         struct profile_fields fields, void *into, struct error *err)
{
    const char *known[32] = {NULL};

    assert(fields.count <= COUNT_OF(known));
    for (size_t i = 0; i < fields.count; i++)
        known[i] = fields.rows[i].key;
    if (!yaml_check_keys(node, known, fields.count, err))
        return false;
    for (size_t i = 0; i < fields.count; i++)
        if (!read_row(reading, &fields.rows[i], node, into, err))
            return false;
    return true;
}

bool profile_items_read(const struct profile_reading *reading, const struct yaml_node *node,
                        struct profile_fields fields, size_t size, struct profile_items *items,
                        struct error *err)
{
    assert(size >= sizeof(struct yaml_node *));
    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    items->items = arena_array(reading->arena, node->count + 1, size);
    items->count = node->count;
    if (!items->items)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        char *item = (char *)items->items + i * size;
        const struct yaml_node *from = node->items[i];

        memcpy(item, &from, sizeof(from));
        if (!profile_fields_read(reading, from, fields, item, err))
            return false;
    }
    return true;
}

bool profile_read_word(const struct yaml_node *node, const char *const *words, unsigned *index,
                       struct error *err)
{
    const char *nearest;
    unsigned count = 0;
    const char *text;

    assert(words[0] && index);
    if (!yaml_read_string(node, &text, err))
        return false;
    for (; words[count]; count++)
        if (strcmp(text, words[count]) == 0) {
            *index = count;
            return true;
        }
    yaml_error(node, err, "'%s' is none of the words that may stand here", text);
    nearest = words_nearest(text, words, count);
    if (nearest)
        return error_hint(err, "did you mean '%s'?", nearest);
    error_hint(err, "'%s'", words[0]);
    for (unsigned i = 1; i < count; i++) {
        size_t length = strlen(err->hint);

        snprintf(err->hint + length, sizeof(err->hint) - length, " or '%s'", words[i]);
    }
    return false;
}
