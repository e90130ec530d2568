/* Runs the stage's cases on MySQL or MariaDB; see run. */
#include "my_case.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

static const char longest[] =
    "n012345678901234567890123456789012345678901234567890123456789\303\251xy";
_Static_assert(sizeof(longest) == 64 + 1 + 1, "64 characters are the most");

const enum engine case_engine = ENGINE_MYSQL;
const char *const case_longest_name = longest;
const char *const case_other_entrance = NULL;
const char *const case_unchecked = "SET foreign_key_checks = 0; SET sql_mode = ''; ";
const char *const case_databases = "FROM information_schema.schemata WHERE schema_name";
const double case_swap_seconds = 4;

static const char *setting(const char *name)
{
    const char *value = getenv(name);

    ck_assert_msg(value != NULL, "%s is not set", name);
    return value;
}

bool case_is_mariadb(void)
{
    return strcmp(setting("UNDERSTUDY_TEST_KIND"), "mariadb") == 0;
}

static const char *port_of(const char *server)
{
    return setting(strcmp(server, "source") == 0 ? "UNDERSTUDY_TEST_SOURCE_PORT"
                                                 : "UNDERSTUDY_TEST_TARGET_PORT");
}

const char *case_url(const char *server, const char *database)
{
    return arena_printf(arena, "mysql://root@127.0.0.1:%s/%s?ssl-mode=DISABLED", port_of(server),
                        database);
}

MYSQL *case_session(const char *server, const char *database)
{
    const char *name = strcmp(server, "source") == 0 ? "UNDERSTUDY_TEST_SOURCE_SOCKET"
                                                     : "UNDERSTUDY_TEST_TARGET_SOCKET";
    MYSQL *session = mysql_init(NULL);

    ck_assert(session != NULL);
    mysql_options(session, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    ck_assert_msg(mysql_real_connect(session, NULL, "root", NULL, database, 0, setting(name),
                                     CLIENT_MULTI_STATEMENTS) != NULL,
                  "%s", mysql_error(session));
    return session;
}

void case_run(const char *server, const char *database, const char *sql)
{
    MYSQL *session = case_session(server, database);
    int next;

    ck_assert_msg(mysql_query(session, sql) == 0, "%s: %s", sql, mysql_error(session));
    do {
        mysql_free_result(mysql_store_result(session));
        next = mysql_next_result(session);
        ck_assert_msg(next <= 0, "%s: %s", sql, mysql_error(session));
    } while (next == 0);
    mysql_close(session);
}

const char *case_ask(const char *server, const char *database, const char *sql)
{
    MYSQL *session = case_session(server, database);
    const char *text = "";

    ck_assert_msg(mysql_query(session, sql) == 0, "%s: %s", sql, mysql_error(session));
    MYSQL_RES *result = mysql_store_result(session);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
    if (row)
        text = arena_strdup(arena, row[0] ? row[0] : "NULL");
    mysql_free_result(result);
    mysql_close(session);
    return text;
}

const char *case_state(const char *database)
{
    return case_ask("target", database,
                    "SELECT json_unquote(json_extract(mark, '$.state')) FROM understudy_mark");
}

/* Rows in two tables, so that a mixture of old and new shows. */
const char *case_rows_of(const char *tag)
{
    return arena_printf(arena,
                        "INSERT INTO customers VALUES (1, '%s', NULL); INSERT INTO shop VALUES (1,"
                        " ascii('%s'))",
                        tag, tag);
}

void case_take_away(const char *database)
{
    case_run("target", NULL, arena_printf(arena, "DROP DATABASE %s", database));
}

void case_wait_for(const char *statement)
{
    const char *sql = arena_printf(arena,
                                   "SELECT count(*) FROM information_schema.processlist"
                                   " WHERE state LIKE 'Waiting for%%lock%%' AND info LIKE '%s'",
                                   statement);

    while (strcmp(case_ask("target", NULL, sql), "0") == 0)
        poll(NULL, 0, 5);
}
