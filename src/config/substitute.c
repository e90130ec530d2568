/* Walks a profile's tree and fills its variables from the environment. */
#include "config/substitute.h"

#include "base/buf.h"
#include "base/words.h"
#include "config/sql_text.h"
#include <stdlib.h>
#include <string.h>

#define VALUE_SIZE_MAX ((size_t)1 << 20)

/* One ${...}, cut into its parts. */
struct reference {
    const char *name;
    char kind;         /* '\0', '-' or '?' */
    const char *rest;  /* default or message */
    const char *after; /* behind the closing brace */
};

static size_t name_length(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

    return text[0] >= '0' && text[0] <= '9' ? 0 : strspn(text, letters);
}

/* `text` stands at "${"; false where it is none of the three forms. */
static bool parse_reference(const char *text, struct arena *arena, struct reference *reference)
{
    size_t length = name_length(text + 2);
    const char *behind = text + 2 + length;
    const char *close = strchr(behind, '}');

    assert(text[0] == '$' && text[1] == '{');
    *reference = (struct reference){.name = arena_strndup(arena, text + 2, length), .rest = ""};
    if (length == 0 || !close || !reference->name)
        return false;
    reference->after = close + 1;
    if (behind == close)
        return true;
    if (behind[0] != ':' || (behind[1] != '-' && behind[1] != '?'))
        return false;
    reference->kind = behind[1];
    reference->rest = arena_strndup(arena, behind + 2, (size_t)(close - behind) - 2);
    return reference->rest && !strstr(reference->rest, "${");
}

static bool error_unset(const struct yaml_node *node, const struct reference *reference,
                        struct error *err)
{
    if (reference->kind == '?' && reference->rest[0] != '\0')
        return yaml_error(node, err, "the environment variable '%s' is not set: %s",
                          reference->name, reference->rest);
    yaml_error(node, err, "the environment variable '%s' is not set", reference->name);
    return error_hint(err, "set it, or write ${%s:-DEFAULT}", reference->name);
}

static bool is_utf8(const char *text)
{
    const char *end = text + strlen(text);

    while (text < end)
        if (utf8_next(&text, end) < 0)
            return false;
    return true;
}

static bool add_value(const struct yaml_node *node, const struct reference *reference,
                      struct buf *out, struct error *err)
{
    const char *value = getenv(reference->name);

    if (value && value[0] == '\0' && reference->kind != '\0')
        value = NULL;
    if (!value && reference->kind == '-')
        value = reference->rest;
    if (!value)
        return error_unset(node, reference, err);
    if (!is_utf8(value))
        return yaml_error(node, err, "the environment variable '%s' does not hold UTF-8 text",
                          reference->name);
    buf_add_text(out, value);
    return true;
}

static bool add_text(const struct yaml_node *node, struct arena *arena, struct buf *out,
                     struct error *err)
{
    const char *text = node->raw;
    struct reference reference;

    for (;;) {
        const char *next = strstr(text, "${");

        if (!next) {
            buf_add_text(out, text);
            return true;
        }
        buf_add(out, text, (size_t)(next - text));
        if (!parse_reference(next, arena, &reference)) {
            yaml_error(node, err, "'${' begins no variable");
            return error_hint(err, "write ${NAME}, ${NAME:-default} or ${NAME:?message}");
        }
        if (!add_value(node, &reference, out, err))
            return false;
        text = reference.after;
    }
}

bool substitute_text(const struct yaml_node *node, struct arena *arena, const char **text,
                     struct error *err)
{
    struct buf out;
    bool is_ok;

    assert(node->kind == YAML_SCALAR);
    *text = node->raw;
    if (!strstr(node->raw, "${"))
        return true;
    buf_init(&out, VALUE_SIZE_MAX);
    is_ok = add_text(node, arena, &out, err);
    if (is_ok && !buf_ok(&out))
        is_ok = yaml_error(node, err, "longer than %zu bytes with its variables", VALUE_SIZE_MAX);
    if (is_ok) {
        *text = arena_strdup(arena, buf_text(&out));
        is_ok = *text || error_memory(err);
    }
    buf_release(&out);
    return is_ok;
}

const char *substitute_literal(const struct yaml_node *node, char stand_in, struct arena *arena)
{
    const char *text = node->raw;
    struct reference reference;
    const char *literal;
    struct buf out;

    assert(node->kind == YAML_SCALAR && stand_in != '\0');
    buf_init(&out, YAML_SIZE_MAX);
    for (const char *next; (next = strstr(text, "${")) != NULL; text = reference.after) {
        if (!parse_reference(next, arena, &reference))
            break;
        buf_add(&out, text, (size_t)(next - text));
        if (reference.kind == '-')
            buf_add_text(&out, reference.rest);
        else
            buf_add_char(&out, stand_in);
    }
    buf_add_text(&out, text);
    literal = buf_ok(&out) ? arena_strdup(arena, buf_text(&out)) : NULL;
    buf_release(&out);
    return literal;
}

/* What the keys of a mapping are: words of the profile's language, or names of the database. */
enum place {
    PLACE_TOP,
    PLACE_WORDS,
    PLACE_NAMES, /* names, with plain values */
    PLACE_TABLES,
    PLACE_RULES, /* names (columns, JSON paths, groups), with rules as values */
    PLACE_RULE,
    PLACE_SQL /* statements in a list, or mappings of plain words */
};

static enum place place_below(enum place place, const char *key)
{
    bool is_map = strcmp(key, "roles") == 0 || strcmp(key, "keys") == 0 || strcmp(key, "path") == 0;

    if (place == PLACE_TOP)
        return strcmp(key, "columns") == 0      ? PLACE_TABLES
               : strcmp(key, "after_load") == 0 ? PLACE_SQL
                                                : PLACE_WORDS;
    if (place == PLACE_TABLES)
        return PLACE_RULES;
    if (place == PLACE_RULES)
        return PLACE_RULE;
    if (place == PLACE_RULE && (strcmp(key, "paths") == 0 || strcmp(key, "groups") == 0))
        return PLACE_RULES;
    if (place == PLACE_WORDS && is_map)
        return PLACE_NAMES;
    return place;
}

static bool is_sql(enum place place, const char *key, enum sql_shape *shape)
{
    bool is_words = place == PLACE_WORDS;

    *shape = SQL_CONDITION;
    if (strcmp(key, "when") == 0)
        return is_words || place == PLACE_RULE;
    if (is_words && strcmp(key, "order") == 0)
        *shape = SQL_ORDERING;
    return is_words && (strcmp(key, "where") == 0 || strcmp(key, "order") == 0);
}

/* Where text goes and which engine reads the SQL in it. */
struct filling {
    enum engine engine;
    struct arena *arena;
};

static bool substitute_node(struct yaml_node *node, enum place place, const struct filling *filling,
                            struct error *err);

static bool substitute_pair(struct yaml_node *node, size_t index, enum place place,
                            const struct filling *filling, struct error *err)
{
    struct yaml_node *item = node->items[index];
    const char *key = node->keys[index]->text;
    struct sql_reading reading = {.engine = filling->engine, .arena = filling->arena};

    if (item->kind != YAML_SCALAR || !is_sql(place, key, &reading.shape))
        return substitute_node(item, place_below(place, key), filling, err);
    if (!sql_text_bind(&reading, item->raw, &item->text, err))
        return yaml_error_place(item, err);
    return true;
}

static bool substitute_statement(struct yaml_node *node, const struct filling *filling,
                                 struct error *err)
{
    const struct sql_reading reading = {filling->engine, SQL_STATEMENT, filling->arena};

    return sql_text_bind(&reading, node->raw, &node->text, err) || yaml_error_place(node, err);
}

static bool substitute_node(struct yaml_node *node, enum place place, const struct filling *filling,
                            struct error *err)
{
    if (node->kind == YAML_SCALAR)
        return substitute_text(node, filling->arena, &node->text, err);
    for (size_t i = 0; i < node->count; i++) {
        bool is_ok = node->kind == YAML_MAPPING ? substitute_pair(node, i, place, filling, err)
                     : place == PLACE_SQL && node->items[i]->kind == YAML_SCALAR
                         ? substitute_statement(node->items[i], filling, err)
                         : substitute_node(node->items[i], place, filling, err);

        if (!is_ok)
            return false;
    }
    return true;
}

bool substitute_profile(struct yaml_node *root, enum engine engine, struct arena *arena,
                        struct error *err)
{
    const struct filling filling = {engine, arena};

    assert(root && arena);
    return substitute_node(root, PLACE_TOP, &filling, err);
}
