/* Runs the driver's cases on PostgreSQL; see run. */
#include "pg_case.h"

const enum engine case_engine = ENGINE_POSTGRESQL;
const char *const case_superuser = "postgres";
const char *const case_slow = "pg_sleep(0.001) is not null";

const char *case_url(const char *user)
{
    return case_url_of("UNDERSTUDY_TEST_PG", user);
}

struct db_config case_config(enum db_side side, const char *user)
{
    return (struct db_config){.side = side,
                              .engine = ENGINE_POSTGRESQL,
                              .url = case_url(user),
                              .lock_timeout_us = 300000};
}

char *case_ask(const char *sql)
{
    PGconn *connection = PQconnectdb(case_url("postgres"));
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    char *answer = NULL;

    ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%s: %s", sql,
                  PQerrorMessage(connection));
    if (PQntuples(result) > 0)
        answer = arena_strdup(arena, PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(connection);
    return answer;
}

void case_kill(const char *user)
{
    case_ask(arena_printf(arena,
                          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          " WHERE usename = '%s'",
                          user));
}

struct db *case_open(enum db_side side, const char *user)
{
    return case_open_server(side, user);
}

int main(void)
{
    Suite *suite = suite_create("pg_driver");

    case_add_contract(suite);
    case_add_contract_server(suite);
    case_add_contract_sessions(suite);
    case_add_catalog(suite);
    case_add_reads(suite);
    case_add_sessions(suite);
    return case_main(suite);
}
