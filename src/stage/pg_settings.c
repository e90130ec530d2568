/* What belongs to a database rather than to its contents: owner, rights, connection limit and
 * settings, taken from the old staging database onto the new one inside the swap's transaction. */
#include "stage/pg_stage.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* $1: number of the old database, $2: name of the new one, $3: the profile's owner or NULL. The
 * order of the statements is that of the second column. */
static const char statements_sql[] =
    "WITH old AS (SELECT d.*, coalesce($3::text, pg_get_userbyid(d.datdba)) AS owner"
    "  FROM pg_database d WHERE d.oid = $1::oid),"
    " item AS (SELECT old.owner, CASE WHEN x.grantee = 0 THEN 'PUBLIC'"
    "   WHEN x.grantee = old.datdba THEN quote_ident(old.owner)"
    "   ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee,"
    "  x.privilege_type, x.is_grantable FROM old CROSS JOIN LATERAL aclexplode(old.datacl) x)"
    " SELECT sql, what FROM ("
    "  SELECT 1 AS step, format('ALTER DATABASE %I OWNER TO %I', $2::text, owner) AS sql,"
    "   'owner of the database' AS what FROM old"
    "  UNION ALL SELECT 2, format('ALTER DATABASE %I CONNECTION LIMIT %s', $2::text, datconnlimit),"
    "   'connection limit of the database' FROM old WHERE datconnlimit >= 0"
    "  UNION ALL SELECT 3, format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO PUBLIC', $2::text),"
    "   'grants on the database' FROM old WHERE datacl IS NULL"
    "  UNION ALL SELECT 3, format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I', $2::text, owner),"
    "   'grants on the database' FROM old WHERE datacl IS NOT NULL"
    "  UNION ALL SELECT CASE WHEN grantee = quote_ident(owner) THEN 4 ELSE 5 END,"
    "   format('GRANT %s ON DATABASE %I TO %s%s',"
    "   string_agg(privilege_type, ', ' ORDER BY privilege_type), $2::text, grantee,"
    "   CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END),"
    "   'grants on the database' FROM item GROUP BY owner, grantee, is_grantable) s"
    " ORDER BY step, sql";

static const char settings_sql[] =
    "SELECT quote_ident(r.rolname), split_part(c.setting, '=', 1),"
    " substr(c.setting, strpos(c.setting, '=') + 1)"
    " FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole"
    " CROSS JOIN LATERAL unnest(s.setconfig) WITH ORDINALITY c(setting, place)"
    " WHERE s.setdatabase = $1::oid AND (s.setrole = 0 OR r.oid IS NOT NULL)"
    " ORDER BY s.setrole, c.place";

/* Settings whose value is a list of quoted names: each must be its own literal again, or the list
 * would become one name. The server has no more of them than pg_dump knows. */
static const char *const list_settings[] = {
    "local_preload_libraries",         "search_path",      "session_preload_libraries",
    "shared_preload_libraries",        "temp_tablespaces", "unix_socket_directories",
    "restrict_nonsystem_relation_kind"};

static bool is_list_setting(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(list_settings); i++) {
        if (strcasecmp(name, list_settings[i]) == 0)
            return true;
    }
    return false;
}

/* `"$user", public` -> '$user', 'public'. An empty list is ''. */
static void add_list(struct buf *sql, const char *value)
{
    bool is_quoted = false;
    struct buf item;
    size_t items = 0;

    buf_init(&item, 1 << 16);
    for (const char *next = value;; next++) {
        if (*next == '\0' || (*next == ',' && !is_quoted)) {
            buf_add_text(sql, items++ > 0 ? ", " : "");
            pg_quote_literal(sql, buf_text(&item));
            buf_reset(&item);
            if (*next == '\0')
                break;
        } else if (*next == '"' && is_quoted && next[1] == '"')
            buf_add_char(&item, *++next);
        else if (*next == '"')
            is_quoted = !is_quoted;
        else if (is_quoted || (*next != ' ' && *next != '\t' && *next != '\n'))
            buf_add_char(&item, *next);
    }
    buf_release(&item);
}

/* One statement under a savepoint: a right that we lack is listed and does not end the swap. */
static bool apply(struct pg_stage *stage, const char *sql, const char *what, struct error *err)
{
    struct error fault = {0};
    char sqlstate[6];

    if (!pg_run(stage->admin, "SAVEPOINT setting", err))
        return false;
    if (pg_attempt(stage->admin, sql, what, sqlstate, &fault))
        return pg_run(stage->admin, "RELEASE SAVEPOINT setting", err);
    if (strcmp(sqlstate, "42501") != 0) {
        *err = fault;
        return false;
    }
    return pg_run(stage->admin, "ROLLBACK TO SAVEPOINT setting", err) &&
           stage_skip(&stage->base, what, "the connecting role may not set it on the new database",
                      err);
}

/* plugin.setting -> "plugin"."setting" */
static void add_setting_name(struct buf *sql, const char *name)
{
    buf_add_char(sql, '"');
    for (; *name; name++) {
        if (*name == '.')
            buf_add_text(sql, "\".\"");
        else
            buf_add_char(sql, *name);
    }
    buf_add_char(sql, '"');
}

static bool copy_setting(struct pg_stage *stage, const char *role, const char *database,
                         const char *const setting[2], struct error *err)
{
    const char *what = arena_printf(stage->base.arena, "setting %s%s%s", setting[0],
                                    role ? " of role " : "", role ? role : "");
    struct buf sql;

    buf_init(&sql, 1 << 20);
    if (role)
        buf_add_format(&sql, "ALTER ROLE %s IN DATABASE ", role);
    else
        buf_add_text(&sql, "ALTER DATABASE ");
    pg_quote_name(&sql, database);
    buf_add_text(&sql, " SET ");
    add_setting_name(&sql, setting[0]);
    buf_add_text(&sql, " TO ");
    if (is_list_setting(setting[0]))
        add_list(&sql, setting[1]);
    else
        pg_quote_literal(&sql, setting[1]);
    bool is_done =
        what && buf_ok(&sql) ? apply(stage, buf_text(&sql), what, err) : error_memory(err);
    buf_release(&sql);
    return is_done;
}

static bool copy_settings(struct pg_stage *stage, const char *from, const char *name,
                          struct error *err)
{
    const char *const values[] = {from};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(stage->admin, settings_sql, 1, values, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        const char *role = PQgetisnull(result, row, 0) ? NULL : PQgetvalue(result, row, 0);
        const char *const setting[2] = {PQgetvalue(result, row, 1), PQgetvalue(result, row, 2)};

        if (!copy_setting(stage, role, name, setting, err))
            return false;
    }
    return true;
}

/* Of no old one: open to PUBLIC as CREATE DATABASE leaves it, and the profile's owner. */
static bool open_fresh(struct pg_stage *stage, const char *name, struct error *err)
{
    const char *owner = stage->base.request.profile->owner;
    struct buf sql;
    bool is_done;

    buf_init(&sql, 4096);
    buf_add_text(&sql, "GRANT CONNECT ON DATABASE ");
    pg_quote_name(&sql, name);
    buf_add_text(&sql, " TO PUBLIC");
    is_done = buf_ok(&sql) ? pg_run(stage->admin, buf_text(&sql), err) : error_memory(err);
    if (is_done && owner) {
        buf_reset(&sql);
        buf_add_text(&sql, "ALTER DATABASE ");
        pg_quote_name(&sql, name);
        buf_add_text(&sql, " OWNER TO ");
        pg_quote_name(&sql, owner);
        is_done = buf_ok(&sql) ? apply(stage, buf_text(&sql), "owner of the database", err)
                               : error_memory(err);
    }
    buf_release(&sql);
    return is_done;
}

bool pg_settings_copy(struct pg_stage *stage, uint32_t from, const char *name, struct error *err)
{
    char number[16];
    const char *const values[] = {number, name, stage->base.request.profile->owner};
    AUTO(PGresult) PGresult *result = NULL;

    if (from == 0)
        return open_fresh(stage, name, err);
    snprintf(number, sizeof(number), "%u", from);
    if (!pg_query(stage->admin, statements_sql, 3, values, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        if (!apply(stage, PQgetvalue(result, row, 0), PQgetvalue(result, row, 1), err))
            return false;
    }
    return copy_settings(stage, number, name, err);
}
