/* What the connected user cannot see of the schema: information_schema leaves it out without a
 * word. Tables that are not copied are listed where they are read. */
#include "base/words.h"
#include "db/my_catalog.h"
#include <strings.h>

#define NO_SUCH_TABLE 1146

/* A right without which a kind of object is not listed. */
struct sight {
    const char *objects, *right;
};

static const struct sight sights[] = {
    {"triggers", "TRIGGER"},
    {"events", "EVENT"},
};

/* "sh\_op`.*" as the pattern of LIKE that it is. */
static bool scope_matches(const char *pattern, const char *name)
{
    for (; *pattern && (*pattern != '`' || pattern[1] == '`'); pattern++, name++) {
        pattern += *pattern == '`';
        if (*pattern == '%') {
            for (const char *at = name;; at++) {
                if (scope_matches(pattern + 1, at))
                    return true;
                if (!*at)
                    return false;
            }
        }
        if (*pattern == '\\' && pattern[1])
            pattern++;
        else if (*pattern == '_' && *name)
            continue;
        if (*pattern != *name)
            return false;
    }
    return *name == '\0';
}

/* Whether a line of SHOW GRANTS speaks of all tables of the schema. */
static bool is_about_schema(const char *line, const char *schema)
{
    const char *scope = strstr(line, " ON ");
    const char *end = scope ? strstr(scope, ".* ") : NULL;

    if (!end)
        return false;
    assert(end > scope);
    scope += 4;
    return strncmp(scope, "*.*", 3) == 0 || (*scope == '`' && scope_matches(scope + 1, schema));
}

static bool has_right(const char *line, const char *right)
{
    const char *list = line + strcspn(line, " ");
    const char *end = strstr(line, " ON ");
    const size_t len = strlen(right);

    list += *list == ' ';
    if (strncmp(list, "ALL PRIVILEGES ", 15) == 0)
        return true;
    for (const char *at = list; at < end; at++) {
        at += *at == ' ';
        if (strncmp(at, right, len) == 0 && (at[len] == ',' || at + len == end))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

static bool is_granted(struct my_reading *reading, struct my_result *grants, const char *right)
{
    const char *schema = reading->catalog->default_schema;
    bool is_held = false;

    for (size_t row = 0; row < grants->count; row++) {
        const char *line = my_text(grants, row, 0);

        if (!is_about_schema(line, schema) || !has_right(line, right))
            continue;
        if (strncmp(line, "REVOKE ", 7) == 0) /* partial_revokes */
            return false;
        is_held = true;
    }
    return is_held;
}

/* MySQL tells of roles' rights only when they are named. */
static bool grants_read(struct my_reading *reading, struct my_result *grants, struct error *err)
{
    struct my_result roles = {.rows = NULL};
    struct buf sql;

    if (my_is_mariadb(reading->db))
        return my_query(reading->db, "SHOW GRANTS", grants, err);
    if (!my_query(reading->db, "SELECT CURRENT_ROLE()", &roles, err))
        return false;
    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "SHOW GRANTS FOR CURRENT_USER()");
    if (strcmp(my_text(&roles, 0, 0), "NONE") != 0)
        buf_add_format(&sql, " USING %s", my_text(&roles, 0, 0));
    bool is_read =
        buf_ok(&sql) ? my_query(reading->db, buf_text(&sql), grants, err) : error_memory(err);
    buf_release(&sql);
    my_result_release(&roles);
    return is_read;
}

static bool hidden_skip(struct my_reading *reading, const char *objects, const char *right,
                        struct error *err)
{
    const char *schema = words_printable(reading->arena, reading->catalog->default_schema);
    const char *object =
        schema ? arena_printf(reading->arena, "%s of schema %s", objects, schema) : NULL;
    const char *why = schema ? arena_printf(reading->arena,
                                            "the server hides them from who lacks the right: "
                                            "GRANT %s ON %s.*",
                                            right, schema)
                             : NULL;

    return why ? my_reading_skip(reading, object, why, err) : error_memory(err);
}

/* Who may read all tables of a schema is told that one does not exist; others that they may not
 * read it. */
bool my_may_read_schema(struct db *db, const char *schema, bool *may_read, struct error *err)
{
    struct error answer = {.status = STATUS_OK};
    struct buf sql;
    unsigned code = 0;

    assert(schema && may_read);
    buf_init(&sql, 4096);
    buf_add_text(&sql, "SELECT 1 FROM ");
    my_quote_table(&sql, schema, "understudy_no_such_table");
    buf_add_text(&sql, " LIMIT 0");
    bool is_asked = buf_ok(&sql);
    *may_read = is_asked && (my_attempt(db, buf_text(&sql), "asking for rights", &code, &answer) ||
                             code == NO_SUCH_TABLE);
    buf_release(&sql);
    if (!is_asked)
        return error_memory(err);
    if (!*may_read && !my_number_is_denial(code)) {
        *err = answer;
        return false;
    }
    return true;
}

bool my_read_skipped(struct my_reading *reading, struct error *err)
{
    struct my_result grants = {.rows = NULL};
    bool may_read = false;

    if (!my_may_read_schema(reading->db, reading->catalog->default_schema, &may_read, err))
        return false;
    if (!may_read && !hidden_skip(reading, "further tables", "SELECT", err))
        return false;
    bool is_read = grants_read(reading, &grants, err);
    for (size_t i = 0; is_read && i < COUNT_OF(sights); i++) {
        if (!is_granted(reading, &grants, sights[i].right))
            is_read = hidden_skip(reading, sights[i].objects, sights[i].right, err);
    }
    my_result_release(&grants);
    return is_read || error_context(err, "asking for the rights of the user");
}
