/* Reads after_load: SQL that runs on the new database, in the profile or in files beside it. */
#include "config/profile_sections.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/words.h"
#include "config/sql_body.h"
#include "config/sql_text.h"
#include <string.h>

enum { STATEMENTS_MAX = 10000 };

struct after_reading {
    const struct profile_reading *reading;
    struct profile *profile;
    size_t capacity;
};

static bool statement_add(struct after_reading *after, const char *place, const char *sql,
                          struct error *err)
{
    struct profile *profile = after->profile;

    if (profile->after_load_count == STATEMENTS_MAX)
        return error_set(err, STATUS_PROFILE, "after_load has more than %d statements",
                         STATEMENTS_MAX);
    profile->after_load =
        arena_grow(after->reading->arena, profile->after_load, profile->after_load_count,
                   &after->capacity, sizeof(*profile->after_load));
    if (!profile->after_load || !place || !sql)
        return error_memory(err);
    profile->after_load[profile->after_load_count++] = (struct profile_statement){place, sql};
    return true;
}

static unsigned line_of(const char *text, size_t offset)
{
    unsigned line = 1;

    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}

/* What may not stand in a statement that is to be told from the next: on PostgreSQL a body of
 * statements that is no string. */
static bool token_take(struct sql_body *body, const struct sql_scan *scan, enum sql_kind kind,
                       struct error *err)
{
    const bool is_body = body->is_behind_begin && kind == SQL_WORD && sql_scan_is(scan, "atomic");
    const char *problem = sql_body_take(body, scan, kind);

    if (scan->engine == ENGINE_MYSQL)
        return !problem || error_set(err, STATUS_PROFILE, "SQL: %s", problem);
    body->depth = 0;
    if (!is_body)
        return true;
    error_set(err, STATUS_PROFILE, "SQL: a body with BEGIN ATOMIC is not in this version");
    return error_hint(err, "write the body as a string: AS $$ ... $$");
}

/* Where the next statement ends: its semicolon, or the end of the text. */
static bool statement_end(struct sql_scan *scan, bool *has_content, struct error *err)
{
    struct sql_body body = {0};
    enum sql_kind kind;

    *has_content = false;
    while ((kind = sql_scan_next(scan)) != SQL_END) {
        if (kind == SQL_BAD)
            return error_set(err, STATUS_PROFILE, "SQL: %s", scan->problem);
        if (kind == SQL_BLANK || kind == SQL_COMMENT)
            continue;
        if (kind == SQL_CHAR && scan->text[scan->start] == ';' && body.depth == 0)
            return true;
        *has_content = true;
        if (!token_take(&body, scan, kind, err))
            return false;
    }
    return true;
}

static bool statement_take(struct after_reading *after, const char *place, const char *from,
                           size_t len, struct error *err)
{
    /* The line's end closes a comment. */
    const char *sql = arena_printf(after->reading->arena, "%.*s\n", (int)len, from);

    if (!sql)
        return error_memory(err);
    if (!sql_text_check(after->reading->engine, sql, SQL_STATEMENT, err)) {
        if (strchr(sql, '\\'))
            error_hint(err, "commands of psql are not SQL, and run nowhere here");
        return false;
    }
    return statement_add(after, place, sql, err);
}

static bool file_split(struct after_reading *after, const char *path, const char *text,
                       struct error *err)
{
    struct sql_scan scan = sql_scan_start(after->reading->engine, text);
    struct arena *arena = after->reading->arena;
    size_t from = 0;

    while (text[from] != '\0') {
        bool has_content;
        size_t begin = from + strspn(text + from, " \t\r\n\f\v");
        const char *place = arena_printf(arena, "%s:%u", path, line_of(text, begin));
        bool is_ok = place || error_memory(err);

        is_ok = is_ok && statement_end(&scan, &has_content, err);
        const bool has_semicolon = is_ok && text[scan.start] == ';' && scan.end > scan.start;
        const size_t end = has_semicolon ? scan.start : is_ok ? scan.end : from;

        if (is_ok && has_content)
            is_ok = statement_take(after, place, text + from, end - from, err);
        if (!is_ok)
            return error_context(err, "%s", place ? place : path);
        from = scan.end;
    }
    return true;
}

static bool file_read(struct after_reading *after, const struct yaml_node *node, struct error *err)
{
    struct arena *arena = after->reading->arena;
    const char *name, *path;
    struct span bytes;
    size_t before = after->profile->after_load_count;

    if (!yaml_read_string(node, &name, err))
        return false;
    if (strcmp(name, "-") == 0)
        return yaml_error(node, err, "standard input holds no statements");
    path = name[0] == '/' ? name : arena_printf(arena, "%s%s", after->reading->folder, name);
    if (!path)
        return error_memory(err);
    if (!yaml_load_file(path, arena, &bytes, err))
        return yaml_error_place(node, err);
    if (memchr(bytes.ptr, '\0', bytes.len) || !utf8_valid(bytes.ptr, bytes.len))
        return yaml_error(node, err, "the file is no UTF-8 text");
    const char *text = arena_printf(arena, "%.*s\n", (int)bytes.len, bytes.ptr);
    const char *shown = words_printable(arena, path);

    if (!text || !shown)
        return error_memory(err);
    if (!file_split(after, shown, text, err))
        return false;
    return after->profile->after_load_count > before ||
           yaml_error(node, err, "the file holds no statement");
}

static bool item_read(struct after_reading *after, const struct yaml_node *node, struct error *err)
{
    static const char *const known[] = {"file"};
    const char *sql;

    if (node->kind == YAML_SEQUENCE)
        return yaml_error(node, err, "expected SQL, or { file: NAME }");
    if (node->kind == YAML_MAPPING) {
        const struct yaml_node *file = yaml_find(node, "file");

        return yaml_check_keys(node, known, COUNT_OF(known), err) &&
               (file ? file_read(after, file, err) : yaml_error(node, err, "'file' is missing"));
    }
    if (!yaml_read_string(node, &sql, err))
        return false;
    if (!sql_text_check(after->reading->engine, sql, SQL_STATEMENT, err))
        return yaml_error_place(node, err);
    return statement_add(
        after,
        arena_printf(after->reading->arena, "%s:%u:%u", node->file, node->line, node->column), sql,
        err);
}

PROFILE_SECTION(profile_read_after_load)
{
    struct after_reading after = {.reading = reading, .profile = into};

    if (!yaml_expect(node, YAML_SEQUENCE, err))
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (!item_read(&after, node->items[i], err))
            return false;
    return true;
}
