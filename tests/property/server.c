/* libpq and Connector/C behind one face. */
#include "server.h"

#include <libpq-fe.h>
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>

struct server {
    enum engine engine;
    PGconn *pg;
    MYSQL *my;
};

static void give_up(const char *why, const char *sql)
{
    fprintf(stderr, "property: %s\n%.2000s\n", why, sql);
    exit(2);
}

static void *must(void *made)
{
    if (!made)
        give_up("out of memory", "");
    return made;
}

/* mysql://root@127.0.0.1:PORT/DATABASE, as the scripts of tests write it. */
static void my_begin(struct server *server, const char *url)
{
    char user[64], host[64], database[64];
    unsigned port;

    if (sscanf(url, "mysql://%63[^@]@%63[^:]:%u/%63s", user, host, &port, database) != 4)
        give_up("this is no URL of a test's server", url);
    server->my = must(mysql_init(NULL));
    mysql_options(server->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(server->my, host, user, NULL, database, port, NULL,
                            CLIENT_MULTI_STATEMENTS))
        give_up(mysql_error(server->my), url);
}

struct server *server_open(const char *url)
{
    struct server *server = must(calloc(1, sizeof(*server)));
    struct error err = {0};

    if (!url_engine(url, &server->engine, &err))
        give_up(err.cause, url);
    if (server->engine == ENGINE_MYSQL) {
        my_begin(server, url);
        return server;
    }
    server->pg = PQconnectdb(url);
    if (PQstatus(server->pg) != CONNECTION_OK)
        give_up(PQerrorMessage(server->pg), url);
    server_run(server, "SET client_min_messages = error");
    return server;
}

void server_close(struct server *server)
{
    if (server->my)
        mysql_close(server->my);
    PQfinish(server->pg);
    free(server);
}

enum engine server_engine(const struct server *server)
{
    return server->engine;
}

static long long my_run(struct server *server, const char *sql)
{
    long long changed;
    int more;

    if (mysql_query(server->my, sql) != 0)
        give_up(mysql_error(server->my), sql);
    do {
        changed = (long long)mysql_affected_rows(server->my);
        mysql_free_result(mysql_store_result(server->my));
        more = mysql_next_result(server->my);
        if (more > 0)
            give_up(mysql_error(server->my), sql);
    } while (more == 0);
    return changed;
}

static PGresult *pg_result(struct server *server, const char *sql)
{
    PGresult *result = PQexec(server->pg, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        give_up(PQerrorMessage(server->pg), sql);
    return result;
}

long long server_run(struct server *server, const char *sql)
{
    if (server->engine == ENGINE_MYSQL)
        return my_run(server, sql);
    PGresult *result = pg_result(server, sql);
    long long changed = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return changed;
}

static void answer_make(struct answer *answer, size_t rows, unsigned columns)
{
    *answer = (struct answer){.rows = rows, .columns = columns};
    answer->cells = must(calloc(rows * columns + 1, sizeof(char *)));
}

static void my_ask(struct server *server, const char *sql, struct answer *answer)
{
    MYSQL_RES *result = NULL;

    if (mysql_query(server->my, sql) != 0 || !(result = mysql_store_result(server->my)))
        give_up(mysql_error(server->my), sql);
    answer_make(answer, (size_t)mysql_num_rows(result), mysql_num_fields(result));
    for (size_t r = 0; r < answer->rows; r++) {
        MYSQL_ROW row = mysql_fetch_row(result);
        for (unsigned c = 0; c < answer->columns; c++)
            if (row[c])
                answer->cells[r * answer->columns + c] = must(strdup(row[c]));
    }
    mysql_free_result(result);
}

void server_ask(struct server *server, const char *sql, struct answer *answer)
{
    if (server->engine == ENGINE_MYSQL) {
        my_ask(server, sql, answer);
        return;
    }
    PGresult *result = pg_result(server, sql);
    answer_make(answer, (size_t)PQntuples(result), (unsigned)PQnfields(result));
    for (size_t r = 0; r < answer->rows; r++)
        for (unsigned c = 0; c < answer->columns; c++)
            if (!PQgetisnull(result, (int)r, (int)c))
                answer->cells[r * answer->columns + c] =
                    must(strdup(PQgetvalue(result, (int)r, (int)c)));
    PQclear(result);
}

void answer_release(struct answer *answer)
{
    for (size_t i = 0; i < answer->rows * answer->columns; i++)
        free(answer->cells[i]);
    free(answer->cells);
    *answer = (struct answer){0};
}

const char *answer_text(const struct answer *answer, size_t row, unsigned column)
{
    const char *cell = answer->cells[row * answer->columns + column];

    return cell ? cell : "";
}

long long answer_number(const struct answer *answer, size_t row, unsigned column)
{
    return strtoll(answer_text(answer, row, column), NULL, 10);
}

long long server_number(struct server *server, const char *sql)
{
    struct answer answer;

    server_ask(server, sql, &answer);
    if (answer.rows == 0)
        give_up("no row answers", sql);
    long long number = answer_number(&answer, 0, 0);
    answer_release(&answer);
    return number;
}
