/* What the target is and whether it may be written: every refusal of stage_open. */
#include "stage/pg_stage.h"
#include "stage/refusal.h"

#include <string.h>

bool pg_target_name(const char *url, struct arena *arena, const char **name, struct error *err)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);

    *name = NULL;
    for (PQconninfoOption *option = options; option && option->keyword; option++) {
        if (strcmp(option->keyword, "dbname") == 0 && option->val && option->val[0])
            *name = arena_strdup(arena, option->val);
    }
    PQconninfoFree(options);
    if (*name)
        return true;
    /* Not written in the URL: a service file, PGDATABASE or the user's name decide, which only
     * libpq knows. Nothing is sent before the first PQconnectPoll. */
    PGconn *connection = PQconnectStart(url);
    if (connection && PQdb(connection) && PQdb(connection)[0])
        *name = arena_strdup(arena, PQdb(connection));
    PQfinish(connection);
    if (*name)
        return true;
    error_set(err, STATUS_TARGET, "the target's URL names no database");
    return error_hint(err, "write it as postgresql://host/NAME");
}

static const char empty_sql[] =
    "SELECT NOT EXISTS (SELECT FROM pg_class WHERE oid >= 16384"
    "   AND relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast|temp)'))"
    " AND NOT EXISTS (SELECT FROM pg_proc WHERE oid >= 16384)"
    " AND NOT EXISTS (SELECT FROM pg_type WHERE oid >= 16384)"
    " AND NOT EXISTS (SELECT FROM pg_namespace WHERE oid >= 16384"
    "   AND nspname !~ '^pg_(toast|temp)')"
    " AND NOT EXISTS (SELECT FROM pg_largeobject_metadata)"
    " AND NOT EXISTS (SELECT FROM pg_foreign_server)"
    " AND NOT EXISTS (SELECT FROM pg_event_trigger)"
    " AND NOT EXISTS (SELECT FROM pg_publication)"
    " AND NOT EXISTS (SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid"
    "   WHERE d.datname = current_database())";

bool pg_database_read(struct pg_stage *stage, const char *name, bool *is_empty, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    AUTO(db) struct db *db = NULL;

    assert(name[0]);
    if (!pg_stage_connect(stage, name, &db, err) || !pg_query(db, empty_sql, 0, NULL, &result, err))
        return false;
    *is_empty = pg_true(result, 0, 0);
    return true;
}

bool pg_target_read(struct pg_stage *stage, struct error *err)
{
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(stage->admin,
                  "SELECT oid, shobj_description(oid, 'pg_database') FROM pg_database"
                  " WHERE datname = $1",
                  1, values, &result, err))
        return false;
    stage->base.target.database_oid = 0;
    if (PQntuples(result) == 0)
        return true;
    stage->base.target.database_oid = pg_number(result, 0, 0);
    /* A mark that names another database came along with a rename or a restored dump. */
    stage->is_marked =
        !PQgetisnull(result, 0, 1) &&
        mark_read(PQgetvalue(result, 0, 1), stage->base.arena, &stage->target_mark) &&
        strcmp(stage->target_mark.target, stage->base.target.database) == 0;
    return true;
}

static bool check_safety(struct pg_stage *stage, struct error *err)
{
    const struct stage_request *request = &stage->base.request;
    struct target_facts facts = {.source = request->source,
                                 .server = &stage->base.target,
                                 .exists = stage->base.target.database_oid != 0,
                                 .is_empty = false,
                                 .is_marked = stage->is_marked,
                                 .mode = stage_mode(&stage->base),
                                 .adopt = request->options->adopt,
                                 .same_server = request->profile->same_server,
                                 .restored_from_source = request->profile->restored_from_source};
    bool is_adopted = facts.adopt && strcmp(facts.adopt, stage->base.target.database) == 0;

    /* An existing database is looked into only where its contents decide. */
    if (facts.exists && (facts.mode == MODE_EMPTY || (!facts.is_marked && !is_adopted)) &&
        !pg_database_read(stage, facts.server->database, &facts.is_empty, err))
        return false;
    return target_allow(&facts, err);
}

static bool say_other_key(struct pg_stage *stage, struct error *err)
{
    return !stage->is_marked || stage_compare_key(&stage->base, &stage->target_mark, err);
}

static bool check_maintenance(struct pg_stage *stage, struct error *err)
{
    if (strcmp(stage->maintenance, stage->base.target.database) != 0)
        return true;
    error_set(err, STATUS_TARGET, "the target '%s' is also the maintenance database",
              stage->maintenance);
    return error_hint(err, "name another one under target.maintenance_db");
}

static bool check_standby(struct pg_stage *stage, struct error *err)
{
    return !stage->base.target.is_standby ||
           error_set(err, STATUS_TARGET, "the target's server is a standby and takes no writes");
}

static const char privileges_sql[] =
    "SELECT r.rolsuper OR r.rolcreatedb,"
    " r.rolsuper OR d.oid IS NULL OR pg_has_role(r.oid, d.datdba, 'USAGE'),"
    " r.rolsuper OR d.oid IS NULL OR pg_has_role(r.oid, 'pg_signal_backend', 'USAGE'),"
    " $2::text IS NULL OR o.oid IS NOT NULL,"
    " $2::text IS NULL OR o.oid IS NULL OR r.rolsuper"
    "  OR (pg_has_role(r.oid, o.oid, 'USAGE') AND pg_has_role(r.oid, o.oid, $3::text)),"
    " quote_ident(r.rolname), quote_ident($2::text), quote_ident($1::text)"
    " FROM pg_roles r LEFT JOIN pg_database d ON d.datname = $1"
    " LEFT JOIN pg_roles o ON o.rolname = $2"
    " WHERE r.rolname = current_user";

/* From 16 on a membership may be without the right to use it (INHERIT) or to hand over (SET). */
static bool check_privileges(struct pg_stage *stage, struct error *err)
{
    bool has_options = stage->base.target.version_number >= 160000;
    const char *inherit = has_options ? " WITH INHERIT TRUE" : "";
    const char *set = has_options ? " WITH INHERIT TRUE, SET TRUE" : "";
    const char *const values[] = {stage->base.target.database, stage->base.request.profile->owner,
                                  has_options ? "SET" : "USAGE"};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(stage->admin, privileges_sql, 3, values, &result, err))
        return false;
    assert(PQntuples(result) == 1);
    const char *role = PQgetvalue(result, 0, 5);
    if (stage_mode(&stage->base) == MODE_SWAP && !pg_true(result, 0, 0)) {
        error_set(err, STATUS_TARGET, "role %s may not create databases", role);
        return error_hint(err, "ALTER ROLE %s CREATEDB", role);
    }
    if (stage_mode(&stage->base) == MODE_SWAP && !pg_true(result, 0, 1)) {
        error_set(err, STATUS_TARGET, "role %s does not own the target '%s'", role, values[0]);
        /* membership in its owner would do as well, but the owner is often a superuser */
        return error_hint(err, "ALTER DATABASE %s OWNER TO %s", PQgetvalue(result, 0, 7), role);
    }
    if (stage_mode(&stage->base) == MODE_SWAP && !pg_true(result, 0, 2)) {
        error_set(err, STATUS_TARGET, "role %s may not end the sessions of others before the swap",
                  role);
        return error_hint(err, "GRANT pg_signal_backend TO %s%s", role, inherit);
    }
    if (!pg_true(result, 0, 3)) {
        error_set(err, STATUS_TARGET, "target.owner %s is no role of the target's server",
                  PQgetvalue(result, 0, 6));
        return error_hint(err, "CREATE ROLE %s", PQgetvalue(result, 0, 6));
    }
    if (pg_true(result, 0, 4))
        return true;
    error_set(err, STATUS_TARGET, "role %s is no member of target.owner %s", role,
              PQgetvalue(result, 0, 6));
    return error_hint(err, "GRANT %s TO %s%s", PQgetvalue(result, 0, 6), role, set);
}

static bool check_roles(struct pg_stage *stage, struct error *err)
{
    const struct profile *profile = stage->base.request.profile;
    AUTO(PGresult) PGresult *result = NULL;
    struct buf array;

    buf_init(&array, 1 << 20);
    for (size_t i = 0; i < profile->role_count; i++)
        pg_array_add(&array, profile->roles[i].to);
    const char *const values[] = {pg_array_end(&array, stage->base.arena)};
    if (!values[0])
        return error_memory(err);
    if (!pg_query(stage->admin,
                  "SELECT quote_ident(t) FROM unnest($1::text[]) t"
                  " WHERE t NOT IN (SELECT rolname FROM pg_roles) LIMIT 1",
                  1, values, &result, err))
        return false;
    if (PQntuples(result) == 0)
        return true;
    error_set(err, STATUS_TARGET, "target.roles names %s, which is no role of the target's server",
              PQgetvalue(result, 0, 0));
    return error_hint(err, "CREATE ROLE %s", PQgetvalue(result, 0, 0));
}

/* Extensions of the source that staging needs, but for those the profile skips. */
static bool read_extensions(struct pg_stage *stage, const char **names, struct error *err)
{
    const struct profile_text_list *skip = &stage->base.request.profile->extensions_skip;
    AUTO(PGresult) PGresult *result = NULL;
    struct buf array;

    buf_init(&array, 1 << 20);
    for (size_t i = 0; i < skip->count; i++)
        pg_array_add(&array, skip->texts[i]);
    const char *const values[] = {pg_array_end(&array, stage->base.arena)};
    if (!values[0])
        return error_memory(err);
    if (!pg_query(stage->base.request.source_db,
                  "SELECT extname FROM pg_extension WHERE extname <> ALL ($1::text[])"
                  " ORDER BY 1",
                  1, values, &result, err))
        return false;
    buf_init(&array, 1 << 20);
    for (int row = 0; row < PQntuples(result); row++)
        pg_array_add(&array, PQgetvalue(result, row, 0));
    *names = pg_array_end(&array, stage->base.arena);
    return *names || error_memory(err);
}

static bool check_extensions(struct pg_stage *stage, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    const char *values[1];

    if (!stage->base.request.source_db)
        return true;
    if (!read_extensions(stage, &values[0], err))
        return false;
    if (!pg_query(stage->admin,
                  "SELECT string_agg(quote_ident(e), ', ' ORDER BY e),"
                  " coalesce(bool_or(e = 'pg_cron'), false) FROM unnest($1::text[]) e"
                  " WHERE e = 'pg_cron' OR e NOT IN (SELECT name FROM pg_available_extensions)",
                  1, values, &result, err))
        return false;
    if (PQgetisnull(result, 0, 0))
        return true;
    if (pg_true(result, 0, 1)) {
        error_set(err, STATUS_POLICY, "extension pg_cron runs jobs and is not created in staging");
        return error_hint(err, "write it under target.extensions.skip");
    }
    error_set(err, STATUS_TARGET, "the target's server lacks extensions of the source: %s",
              PQgetvalue(result, 0, 0));
    return error_hint(err, "install them there, or write them under target.extensions.skip");
}

static bool check_tools(struct pg_stage *stage, struct error *err)
{
    return pg_tools_find(stage->base.request.source->version_number / 10000,
                         stage->base.target.version_number / 10000, stage->base.arena,
                         &stage->tools, err);
}

/* The run that was waited for has put another database under the name. */
static bool check_again(struct pg_stage *stage, struct error *err)
{
    return pg_target_read(stage, err) && check_safety(stage, err) && say_other_key(stage, err);
}

/* Each stands alone. The lock comes late, so that a run that would be refused anyway does not wait;
 * what only the holder of the lock may rely on is looked at once more behind it. */
static bool (*const checks[])(struct pg_stage *, struct error *) = {
    check_safety,     check_maintenance, check_standby, check_privileges, check_roles,
    check_extensions, check_tools,       pg_lock_take,  check_again};

bool pg_target_check(struct pg_stage *stage, struct fault_list *faults, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        struct error fault = {0};

        if (checks[i](stage, &fault))
            continue;
        *err = fault;
        if (!faults)
            return false;
        error_context(&fault, "target");
        if (!fault_list_add(faults, &fault))
            return error_memory(err);
    }
    return true;
}
