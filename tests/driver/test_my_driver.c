/* Runs the driver's cases on MySQL or MariaDB; see run. */
#include "my_case.h"
#include <stdlib.h>

const enum engine case_engine = ENGINE_MYSQL;
const char *const case_superuser = "root";
const char *const case_slow = "sleep(0.001) = 0";
const char *case_server = "UNDERSTUDY_TEST_MY";

const char *case_url(const char *user)
{
    return case_url_of(case_server, user);
}

struct db_config case_config(enum db_side side, const char *user)
{
    return (struct db_config){
        .side = side, .engine = ENGINE_MYSQL, .url = case_url(user), .lock_timeout_us = 1000000};
}

MYSQL *case_connect(void)
{
    const char *url = case_url("root");
    MYSQL *connection = mysql_init(NULL);

    ck_assert_msg(mysql_real_connect(connection, "127.0.0.1", "root", NULL, strrchr(url, '/') + 1,
                                     (unsigned)strtoul(strrchr(url, ':') + 1, NULL, 10), NULL, 0),
                  "%s", mysql_error(connection));
    return connection;
}

char *case_ask(const char *sql)
{
    MYSQL *connection = case_connect();
    MYSQL_RES *result = NULL;
    MYSQL_ROW row = NULL;
    char *answer = NULL;

    ck_assert_msg(mysql_query(connection, sql) == 0, "%s: %s", sql, mysql_error(connection));
    result = mysql_store_result(connection);
    if (result)
        row = mysql_fetch_row(result);
    if (row && row[0])
        answer = arena_strdup(arena, row[0]);
    mysql_free_result(result);
    mysql_close(connection);
    return answer;
}

bool case_is_mariadb(void)
{
    return strstr(case_ask("SELECT version()"), "MariaDB") != NULL;
}

void case_kill(const char *user)
{
    for (;;) {
        const char *id = case_ask(arena_printf(
            arena, "SELECT id FROM information_schema.processlist WHERE user = '%s' LIMIT 1",
            user));

        if (!id)
            return;
        /* it may have ended by itself in between */
        MYSQL *connection = case_connect();
        (void)mysql_query(connection, arena_printf(arena, "KILL %s", id));
        mysql_close(connection);
    }
}

struct db *case_open(enum db_side side, const char *user)
{
    return case_open_server(side, user);
}

int main(void)
{
    Suite *suite = suite_create("my_driver");

    case_add_contract(suite);
    case_add_contract_server(suite);
    case_add_contract_sessions(suite);
    case_add_my_catalog(suite);
    case_add_my_rights(suite);
    case_add_my_sessions(suite);
    case_add_my_tls(suite);
    case_add_my_replica(suite);
    case_add_my_reads(suite);
    return case_main(suite);
}
