/* Runs the stage's cases on PostgreSQL; see run. */
#include "pg_case.h"
#include <stdlib.h>

static const char longest[] =
    "n0123456789012345678901234567890123456789012345678901234567\303\251xy";
_Static_assert(sizeof(longest) == 63 + 1, "63 bytes are the most");

const enum engine case_engine = ENGINE_POSTGRESQL;
const char *const case_longest_name = longest;
const char *const case_other_entrance = "template1";
const char *const case_unchecked = "";
const char *const case_databases = "FROM pg_database WHERE datname";
const double case_swap_seconds = 4;

const char *case_url(const char *server, const char *database)
{
    const char *name =
        strcmp(server, "source") == 0 ? "UNDERSTUDY_TEST_SOURCE" : "UNDERSTUDY_TEST_TARGET";
    const char *base = getenv(name);

    ck_assert_msg(base != NULL, "%s is not set", name);
    return arena_printf(arena, "%s/%s", base, database ? database : "postgres");
}

PGconn *case_session(const char *server, const char *database)
{
    PGconn *session = PQconnectdb(case_url(server, database));

    ck_assert_msg(PQstatus(session) == CONNECTION_OK, "%s", PQerrorMessage(session));
    return session;
}

void case_run(const char *server, const char *database, const char *sql)
{
    PGconn *session = case_session(server, database);
    PGresult *result = PQexec(session, sql);
    ExecStatusType status = PQresultStatus(result);

    ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQerrorMessage(session));
    PQclear(result);
    PQfinish(session);
}

const char *case_ask(const char *server, const char *database, const char *sql)
{
    PGconn *session = case_session(server, database);
    PGresult *result = PQexec(session, sql);
    const char *text = "";

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQerrorMessage(session));
    if (PQntuples(result) > 0)
        text = PQgetisnull(result, 0, 0) ? "NULL" : PQgetvalue(result, 0, 0);
    text = arena_strdup(arena, text);
    PQclear(result);
    PQfinish(session);
    return text;
}

const char *case_state(const char *database)
{
    return case_ask("target", NULL,
                    arena_printf(arena,
                                 "SELECT shobj_description(oid, 'pg_database')::json->>'state'"
                                 " FROM pg_database WHERE datname = '%s'",
                                 database));
}

const char *case_rows_of(const char *tag)
{
    return arena_printf(arena, "INSERT INTO customers (name) VALUES ('%s')", tag);
}

void case_take_away(const char *database)
{
    case_run("target", NULL,
             arena_printf(arena, "ALTER DATABASE %s RENAME TO %s_away", database, database));
}
