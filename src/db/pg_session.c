/* The settings of a session, and what the server says of itself. Everything that could make two
 * servers print or order a value differently is set; nothing is left to a role's defaults but its
 * search_path, which is remembered for the profile's own SQL. */
#include "db/pg_conn.h"
#include <stdio.h>
#include <stdlib.h>

#define LOCK_TIMEOUT_US 10000000 /* where the caller names none */
#define US_PER_MS       1000

struct setting {
    int since; /* version_number */
    const char *sql;
};

static const struct setting settings[] = {
    {0, "SET search_path = ''"},
    {0, "SET row_security = off"},
    {0, "SET DateStyle = ISO"},
    {0, "SET IntervalStyle = postgres"},
    {0, "SET TimeZone = 'UTC'"},
    {0, "SET extra_float_digits = 3"},
    {0, "SET bytea_output = hex"},
    {0, "SET standard_conforming_strings = on"},
    {0, "SET quote_all_identifiers = off"},
    {0, "SET transform_null_equals = off"},
    {0, "SET array_nulls = on"},
    {0, "SET xmloption = content"},
    {0, "SET synchronize_seqscans = off"},
    {0, "SET jit = off"}, /* our statements are many and short */
    {0, "SET statement_timeout = 0"},
    {0, "SET idle_in_transaction_session_timeout = 0"},
    {140000, "SET idle_session_timeout = 0"},
    {170000, "SET transaction_timeout = 0"},
};

static bool settings_apply(struct pg_db *pg, struct error *err)
{
    int64_t timeout = pg->config.lock_timeout_us ? pg->config.lock_timeout_us : LOCK_TIMEOUT_US;
    struct buf sql;

    buf_init(&sql, 1 << 16);
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        if (pg->base.info.version_number >= settings[i].since)
            buf_add_format(&sql, "%s;", settings[i].sql);
    }
    buf_add_format(&sql, "SET lock_timeout = %lld",
                   (long long)((timeout + US_PER_MS - 1) / US_PER_MS));

    /* Constant text of several statements: the one place for the simple protocol. */
    AUTO(PGresult) PGresult *result = buf_ok(&sql) ? PQexec(pg->connection, buf_text(&sql)) : NULL;
    buf_release(&sql);
    if (!result)
        return error_memory(err);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return pg_error(&pg->base, result, "setting up the session", err);
    return true;
}

/* UTF8 on the wire, or bytes as they are where the database knows no encoding. */
static bool encoding_set(struct pg_db *pg, struct error *err)
{
    const char *wanted = strcmp(pg->encoding, "SQL_ASCII") == 0 ? "SQL_ASCII" : "UTF8";

    if (PQsetClientEncoding(pg->connection, wanted) != 0)
        return error_set(err, pg_status(pg), "the session's encoding cannot be set to %s", wanted);
    return true;
}

/* The system identifier stays "unknown" where an operator has taken the function away. */
static bool system_read(struct pg_db *pg, bool is_allowed, struct arena *arena, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!is_allowed) {
        pg->base.info.system = "unknown";
        return true;
    }
    if (!pg_query(&pg->base,
                  "SELECT system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system()",
                  0, NULL, &result, err))
        return false;
    pg->base.info.system = arena_strdup(arena, PQgetvalue(result, 0, 0));
    return pg->base.info.system ? true : error_memory(err);
}

static const char info_sql[] =
    "SELECT pg_catalog.current_setting('search_path'),"
    " pg_catalog.current_database()::pg_catalog.text,"
    " current_user::pg_catalog.text,"
    " d.oid, pg_catalog.pg_encoding_to_char(d.encoding)::pg_catalog.text,"
    " pg_catalog.current_setting('server_version_num'),"
    " pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1),"
    " (EXTRACT(EPOCH FROM pg_catalog.pg_postmaster_start_time())"
    "  OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8,"
    " pg_catalog.pg_is_in_recovery(),"
    " pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')"
    " FROM pg_catalog.pg_database d"
    " WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()";

static bool info_read(struct pg_db *pg, struct arena *arena, struct error *err)
{
    struct db_info *info = &pg->base.info;
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(&pg->base, info_sql, 0, NULL, &result, err))
        return false;
    if (PQntuples(result) != 1)
        return error_set(err, pg_status(pg), "the server does not say what it is");
    pg->search_path = arena_strdup(arena, PQgetvalue(result, 0, 0));
    pg->encoding = arena_strdup(arena, PQgetvalue(result, 0, 4));
    info->database = arena_strdup(arena, PQgetvalue(result, 0, 1));
    info->user = arena_strdup(arena, PQgetvalue(result, 0, 2));
    info->database_oid = (uint32_t)strtoul(PQgetvalue(result, 0, 3), NULL, 10);
    info->version_number = (int)strtol(PQgetvalue(result, 0, 5), NULL, 10);
    info->version = arena_strdup(arena, PQgetvalue(result, 0, 6));
    info->started_us = strtoll(PQgetvalue(result, 0, 7), NULL, 10);
    info->is_standby = PQgetvalue(result, 0, 8)[0] == 't';
    if (!pg->search_path || !pg->encoding || !info->database || !info->user || !info->version)
        return error_memory(err);
    return system_read(pg, PQgetvalue(result, 0, 9)[0] == 't', arena, err);
}

bool pg_session_begin(struct pg_db *pg, struct arena *arena, struct error *err)
{
    assert(pg->connection && arena);
    /* Workers of our own share a table's rows; the server's would take production's cores. */
    if (pg->base.side == DB_SOURCE &&
        (!pg_run(&pg->base, "SET default_transaction_read_only = on", err) ||
         !pg_run(&pg->base, "SET max_parallel_workers_per_gather = 0", err)))
        return false;
    if (!info_read(pg, arena, err) || !encoding_set(pg, err))
        return false;
    if (pg->base.info.version_number < 130000)
        return error_set(err, pg_status(pg), "PostgreSQL %s is too old: 13 or later is needed",
                         pg->base.info.version);
    return settings_apply(pg, err);
}

bool pg_shun_seqscan(struct pg_db *pg, bool must_shun, struct error *err)
{
    if (pg->shuns_seqscan == must_shun)
        return true;
    if (!pg_run(&pg->base, must_shun ? "SET enable_seqscan = off" : "SET enable_seqscan = on", err))
        return false;
    pg->shuns_seqscan = must_shun;
    return true;
}

bool pg_search_path(struct pg_db *pg, bool is_roles_own, struct error *err)
{
    const char *values[1] = {is_roles_own ? pg->search_path : ""};
    AUTO(PGresult) PGresult *result = NULL;

    return pg_query(&pg->base, "SELECT pg_catalog.set_config('search_path', $1, false)", 1, values,
                    &result, err);
}
