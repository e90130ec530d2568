/* Reads SHOW GRANTS. */
#include "db/my_grants.h"
#include <string.h>

static bool add_grant(struct my_grants *grants, struct arena *arena, struct my_grant grant,
                      struct error *err)
{
    struct my_grant *grown =
        arena_grow(arena, grants->grants, grants->count, &grants->capacity, sizeof(*grown));

    if (!grown)
        return error_memory(err);
    grants->grants = grown;
    grown[grants->count++] = grant;
    return true;
}

/* GRANT privileges ON schema.* TO account */
bool my_grants_add(struct my_grants *grants, struct span line, struct arena *arena,
                   struct error *err)
{
    struct my_grant grant = {.pattern = NULL};
    struct my_scan scan;

    assert(grants && line.ptr && arena);
    line = arena_span(arena, line);
    if (!line.ptr)
        return error_memory(err);
    my_scan_begin(&scan, line);
    struct my_piece token = my_scan_next(&scan);
    grant.is_revoked = my_piece_is(&token, "REVOKE");
    if (!grant.is_revoked && !my_piece_is(&token, "GRANT"))
        return true;
    const char *from = scan.at;
    do
        token = my_scan_next(&scan);
    while (token.kind == MY_PIECE_WORD ? !my_piece_is(&token, "ON") : token.kind == MY_PIECE_SIGN);
    if (!my_piece_is(&token, "ON"))
        return true; /* a role, or column names in quotes: not of whole schemas */
    grant.privileges = span_make(from, (size_t)(token.ptr - from));
    token = my_scan_next(&scan);
    if (my_piece_is_name(&token) && !(grant.pattern = my_piece_text(&token, arena)))
        return error_memory(err);
    if (!grant.pattern && !my_piece_is(&token, "*"))
        return true;
    token = my_scan_next(&scan);
    if (!my_piece_is(&token, "."))
        return true; /* ON FUNCTION `a`.`b` */
    token = my_scan_next(&scan);
    return !my_piece_is(&token, "*") || add_grant(grants, arena, grant, err);
}

/* MySQL tells of roles' rights only when they are named. */
static bool lines_read(struct db *db, struct my_result *lines, struct error *err)
{
    struct my_result roles = {.rows = NULL};
    struct buf sql;

    if (!my_is_since(db, 80000, 0) || my_is_mariadb(db))
        return my_query(db, "SHOW GRANTS", lines, err);
    if (!my_query_row(db, "SELECT CURRENT_ROLE()", 1, &roles, err))
        return false;
    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "SHOW GRANTS FOR CURRENT_USER()");
    if (strcmp(my_text(&roles, 0, 0), "NONE") != 0)
        buf_add_format(&sql, " USING %s", my_text(&roles, 0, 0));
    bool is_read = buf_ok(&sql) ? my_query(db, buf_text(&sql), lines, err) : error_memory(err);
    buf_release(&sql);
    my_result_release(&roles);
    return is_read;
}

bool my_grants_read(struct db *db, struct arena *arena, struct my_grants *grants, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_read = true;

    *grants = (struct my_grants){.has_patterns = true};
    if (!my_is_mariadb(db) && my_is_since(db, 80016, 0)) {
        is_read = my_query_row(db, "SELECT @@global.partial_revokes", 1, &result, err);
        grants->has_patterns = is_read && !my_true(&result, 0, 0);
    }
    is_read = is_read && lines_read(db, &result, err);
    for (size_t row = 0; is_read && row < result.count; row++)
        is_read = my_grants_add(grants, my_cell(&result, row, 0), arena, err);
    my_result_release(&result);
    return is_read || error_context(err, "asking for the rights of the user");
}

/* LIKE: % any letters, _ one, \ takes the next as it is. */
static bool is_like(const char *text, const char *pattern)
{
    for (; *pattern; text++, pattern++) {
        if (*pattern == '%') {
            do {
                if (is_like(text, pattern + 1))
                    return true;
            } while (*text++);
            return false;
        }
        if (*text == '\0')
            return false;
        if (*pattern == '_') {
            while (((unsigned char)text[1] & 0xC0) == 0x80)
                text++; /* a letter of several bytes */
            continue;
        }
        if (*pattern == '\\' && pattern[1])
            pattern++;
        if (*text != *pattern)
            return false;
    }
    return *text == '\0';
}

static bool matches(const struct my_grants *grants, const char *pattern, const char *schema)
{
    if (!pattern)
        return true;
    if (!schema)
        return false;
    return grants->has_patterns ? is_like(schema, pattern) : strcmp(schema, pattern) == 0;
}

/* Is the word sequence one of the list's entries? */
static bool has_privilege(struct span privileges, const char *privilege)
{
    size_t len = strlen(privilege);
    const char *end = privileges.ptr + privileges.len;

    assert(privileges.ptr);
    for (const char *at = privileges.ptr; at < end;) {
        while (at < end && (*at == ' ' || *at == ','))
            at++;
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *until = comma ? comma : end;

        while (until > at && until[-1] == ' ')
            until--;
        size_t found = (size_t)(until - at);
        if ((found == len && memcmp(at, privilege, len) == 0) ||
            (found == strlen("ALL PRIVILEGES") && memcmp(at, "ALL PRIVILEGES", found) == 0))
            return true;
        at = comma ? comma + 1 : end;
    }
    return false;
}

bool my_grants_allow(const struct my_grants *grants, const char *schema, const char *privilege)
{
    bool is_allowed = false;

    assert(privilege);
    for (size_t i = 0; i < grants->count; i++) {
        const struct my_grant *grant = &grants->grants[i];

        if (!matches(grants, grant->pattern, schema) ||
            !has_privilege(grant->privileges, privilege))
            continue;
        if (grant->is_revoked)
            return false;
        is_allowed = true;
    }
    return is_allowed;
}
