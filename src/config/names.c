/* Reads names as a profile writes them: letter for letter, or quoted as in SQL. */
#include "config/profile.h"

#include <string.h>

/* What ends a bare name; a name that holds one of these is quoted. */
#define NAME_SPECIAL ".,()\""

struct name_scan {
    const char *text; /* where reading stands */
    const char *end;
    struct arena *arena;
};

static void skip_blanks(struct name_scan *scan)
{
    while (scan->text < scan->end && *scan->text == ' ')
        scan->text++;
}

static bool take_char(struct name_scan *scan, char byte)
{
    if (scan->text == scan->end || *scan->text != byte)
        return false;
    scan->text++;
    return true;
}

static const char *read_quoted(struct name_scan *scan)
{
    char *name = arena_alloc(scan->arena, (size_t)(scan->end - scan->text) + 1);
    size_t length = 0;

    assert(scan->text < scan->end && *scan->text == '"');
    scan->text++;
    while (name && scan->text < scan->end) {
        if (*scan->text == '"' && (scan->text + 1 == scan->end || scan->text[1] != '"')) {
            scan->text++;
            return length > 0 ? name : NULL;
        }
        if (*scan->text == '"')
            scan->text++;
        name[length++] = *scan->text++;
    }
    return NULL;
}

/* Blanks inside a bare name belong to it, those around it do not. */
static const char *read_part(struct name_scan *scan)
{
    const char *start = scan->text;
    size_t length = 0;

    if (start < scan->end && *start == '"')
        return read_quoted(scan);
    while (scan->text < scan->end && !strchr(NAME_SPECIAL, *scan->text))
        scan->text++;
    length = (size_t)(scan->text - start);
    while (length > 0 && start[length - 1] == ' ')
        length--;
    return length > 0 ? arena_strndup(scan->arena, start, length) : NULL;
}

/* Up to three parts with dots between them; 0 at a mistake. */
static size_t read_parts(struct name_scan *scan, const char *parts[3])
{
    size_t count = 0;

    assert(scan->text <= scan->end);
    skip_blanks(scan);
    do {
        if (count == 3)
            return 0;
        parts[count] = read_part(scan);
        if (!parts[count])
            return 0;
        count++;
    } while (take_char(scan, '.'));
    return count;
}

static bool has_outer_blank(const char *text)
{
    size_t length = strlen(text);

    return length == 0 || text[0] == ' ' || text[length - 1] == ' ';
}

bool table_name_parse(const char *text, struct arena *arena, struct table_name *name)
{
    struct name_scan scan = {text, text + strlen(text), arena};
    const char *parts[3];
    size_t count;

    assert(name);
    if (has_outer_blank(text))
        return false;
    count = read_parts(&scan, parts);
    if (count == 0 || count == 3 || scan.text != scan.end)
        return false;
    *name = (struct table_name){count == 2 ? parts[0] : NULL, parts[count - 1]};
    return true;
}

bool column_name_parse(const char *text, struct arena *arena, const char **name)
{
    struct name_scan scan = {text, text + strlen(text), arena};

    assert(name);
    if (has_outer_blank(text))
        return false;
    *name = read_part(&scan);
    return *name && scan.text == scan.end;
}

/* "(a, b)" */
static bool read_columns(struct name_scan *scan, struct column_path *path)
{
    size_t capacity = 0;

    if (!take_char(scan, '('))
        return false;
    do {
        skip_blanks(scan);
        path->columns =
            arena_grow(scan->arena, path->columns, path->column_count, &capacity, sizeof(char *));
        if (!path->columns)
            return false;
        path->columns[path->column_count] = read_part(scan);
        if (!path->columns[path->column_count])
            return false;
        path->column_count++;
        skip_blanks(scan);
    } while (take_char(scan, ','));
    if (!take_char(scan, ')'))
        return false;
    for (size_t i = 0; i < path->column_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(path->columns[i], path->columns[k]) == 0)
                return false;
    return true;
}

/* The arrow outside of quotes, or the end. */
static const char *find_arrow(const char *text)
{
    bool is_quoted = false;

    for (; *text != '\0'; text++) {
        if (*text == '"')
            is_quoted = !is_quoted;
        if (!is_quoted && text[0] == '-' && text[1] == '>')
            return text;
    }
    return text;
}

static bool read_json_path(const char *arrow, struct column_path *path)
{
    if (*arrow == '\0')
        return true;
    arrow += 2;
    while (*arrow == ' ')
        arrow++;
    path->json_path = arrow;
    return arrow[0] == '$' && (arrow[1] == '.' || arrow[1] == '[') && arrow[2] != '\0' &&
           arrow[strlen(arrow) - 1] != ' ';
}

/* A bare name may end in "[]", which then is not part of it. */
static bool take_array(struct name_scan *scan)
{
    if (scan->end - scan->text < 2 || memcmp(scan->end - 2, "[]", 2) != 0)
        return false;
    scan->end -= 2;
    return true;
}

bool column_path_parse(const char *text, struct arena *arena, struct column_path *path)
{
    const char *arrow = find_arrow(text);
    struct name_scan scan = {text, arrow, arena};
    const char *parts[3];
    size_t count;

    assert(path);
    *path = (struct column_path){.node = path->node};
    if (has_outer_blank(text) || !read_json_path(arrow, path))
        return false;
    if (path->json_path)
        path->json_path = arena_strdup(arena, path->json_path);
    while (scan.end > scan.text && scan.end[-1] == ' ')
        scan.end--;
    path->is_array = take_array(&scan);
    count = read_parts(&scan, parts);
    if (count == 0)
        return false;
    if (scan.text != scan.end) {
        path->table = (struct table_name){count == 2 ? parts[0] : NULL, parts[count - 1]};
        return count < 3 && read_columns(&scan, path) && scan.text == scan.end &&
               (path->column_count == 1 || (!path->is_array && !path->json_path));
    }
    if (count < 2)
        return false;
    path->table = (struct table_name){count == 3 ? parts[0] : NULL, parts[count - 2]};
    path->columns = ARENA_ARRAY(arena, 1, const char *);
    if (!path->columns)
        return false;
    path->columns[0] = parts[count - 1];
    path->column_count = 1;
    return true;
}

static bool needs_quotes(const char *part)
{
    size_t length = strlen(part);

    return has_outer_blank(part) || strpbrk(part, NAME_SPECIAL) || strstr(part, "->") ||
           (length >= 2 && strcmp(part + length - 2, "[]") == 0) || strcmp(part, "*") == 0;
}

const char *profile_quote(struct arena *arena, const char *part)
{
    char *quoted;
    size_t length = 0;

    assert(arena && part);
    if (!needs_quotes(part))
        return part;
    quoted = arena_alloc(arena, 2 * strlen(part) + 3);
    if (!quoted)
        return NULL;
    quoted[length++] = '"';
    for (; *part != '\0'; part++) {
        if (*part == '"')
            quoted[length++] = '"';
        quoted[length++] = *part;
    }
    quoted[length] = '"';
    return quoted;
}
