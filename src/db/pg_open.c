/* Connects: which words of the URL count, whether TLS is needed, and what to say when it fails.
 *
 * The connection is started without blocking, because libpq then tells what the URL, the service
 * file and the environment came to before anything is sent. An address that is not local gets
 * sslmode=require, unless the URL names sslmode itself or a stricter mode came from elsewhere. The
 * verbosity PQERRORS_SQLSTATE, set before the first byte, makes the server's refusals arrive as
 * bare codes: its text never enters this process. */
#include "base/clock.h"
#include "base/log.h"
#include "base/words.h"
#include "config/secret.h"
#include "db/pg_conn.h"
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>

#define CONNECT_SECONDS 60.0 /* where the URL has no connect_timeout */
#define WORDS_MAX       12

/* What PQconninfo says of one key word, or NULL. */
static const char *option_find(const PQconninfoOption *options, const char *keyword)
{
    for (; options && options->keyword; options++) {
        if (strcmp(options->keyword, keyword) == 0)
            return options->val && options->val[0] ? options->val : NULL;
    }
    return NULL;
}

static bool host_is_local(const char *host, size_t len)
{
    return len == 0 || host[0] == '/' || host[0] == '@' ||
           (len == 9 && !memcmp(host, "localhost", 9)) ||
           (len >= 4 && !memcmp(host, "127.", 4) && strspn(host, "0123456789.") >= len) ||
           (len == 3 && !memcmp(host, "::1", 3));
}

/* A list of hosts is local when each of them is. */
static bool hosts_are_local(const PQconninfoOption *options)
{
    const char *hosts = option_find(options, "hostaddr");

    if (!hosts)
        hosts = option_find(options, "host");
    while (hosts) {
        const char *comma = strchr(hosts, ',');

        if (!host_is_local(hosts, comma ? (size_t)(comma - hosts) : strlen(hosts)))
            return false;
        hosts = comma ? comma + 1 : NULL;
    }
    return true;
}

static bool url_names_sslmode(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    bool is_named = option_find(options, "sslmode") != NULL;

    PQconninfoFree(options);
    return is_named;
}

static bool sslmode_is_weak(const char *mode)
{
    return !mode || !strcmp(mode, "disable") || !strcmp(mode, "allow") || !strcmp(mode, "prefer");
}

struct words {
    const char *keywords[WORDS_MAX + 1];
    const char *values[WORDS_MAX + 1];
    size_t count;
};

static void words_add(struct words *words, const char *keyword, const char *value)
{
    assert(words->count < WORDS_MAX);
    words->keywords[words->count] = keyword;
    words->values[words->count++] = value;
}

/* What stands before the URL gives way to it, what stands behind wins over it. */
static PGconn *connection_start(const struct pg_db *pg, const char *password, const char *sslmode)
{
    struct words words = {.count = 0};

    words_add(&words, "fallback_application_name", "understudy");
    words_add(&words, "keepalives_idle", "60");
    words_add(&words, "keepalives_interval", "10");
    words_add(&words, "keepalives_count", "6");
    words_add(&words, "dbname", pg->config.url);
    if (pg->config.database)
        words_add(&words, "dbname", pg->config.database);
    if (password)
        words_add(&words, "password", password);
    if (sslmode)
        words_add(&words, "sslmode", sslmode);

    PGconn *connection = PQconnectStartParams(words.keywords, words.values, 1);
    if (connection)
        PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE);
    return connection;
}

static double connect_deadline(PGconn *connection)
{
    PQconninfoOption *options = PQconninfo(connection);
    const char *text = option_find(options, "connect_timeout");
    long seconds = text ? strtol(text, NULL, 10) : 0;

    PQconninfoFree(options);
    return clock_monotonic() + (seconds > 0 ? (double)seconds : CONNECT_SECONDS);
}

/* Waits until the connection stands or fails; false when the time is over. */
static bool connection_await(PGconn *connection)
{
    double deadline = connect_deadline(connection);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;

    while (PQstatus(connection) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
           state != PGRES_POLLING_FAILED) {
        double left = deadline - clock_monotonic();
        struct pollfd poller = {.fd = PQsocket(connection),
                                .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT};

        if (left <= 0)
            return false;
        int ready = poll(&poller, 1, (int)(left * 1000) + 1);
        if (ready < 0 && errno != EINTR)
            return false;
        if (ready > 0)
            state = PQconnectPoll(connection);
    }
    return true;
}

/* The SQLSTATE in libpq's "FATAL:  28P01", or "". */
static void sqlstate_of_refusal(PGconn *connection, char sqlstate[6])
{
    const char *message = PQerrorMessage(connection);

    sqlstate[0] = 0;
    for (const char *at = strstr(message, ":  "); at; at = strstr(at, ":  ")) {
        at += 3;
        if (strspn(at, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5) {
            memcpy(sqlstate, at, 5);
            sqlstate[5] = 0;
        }
    }
}

static const char *connection_address(struct arena *arena, PGconn *connection)
{
    const char *host = PQhost(connection);
    const char *port = PQport(connection);

    if (!host || !host[0])
        return "unknown address";
    if (host[0] == '/' || host[0] == '@')
        return words_printable(arena, arena_strdup(arena, host));

    const char *joined = arena_printf(arena, "%s:%s", host, port ? port : "");
    return joined ? words_printable(arena, joined) : NULL;
}

/* The right to connect is the one that cannot be asked for over a connection. */
static void connect_hint(PGconn *connection, struct arena *arena, struct error *err)
{
    const char *database = PQdb(connection), *user = PQuser(connection);
    struct buf grant;

    if (!database || !database[0] || !user || !user[0])
        return;
    buf_init(&grant, 4096);
    buf_add_text(&grant, "GRANT CONNECT ON DATABASE ");
    pg_quote_name(&grant, database);
    buf_add_text(&grant, " TO ");
    pg_quote_name(&grant, user);
    const char *copy = buf_ok(&grant) ? arena_strdup(arena, buf_text(&grant)) : NULL;
    const char *printable = copy ? words_printable(arena, copy) : NULL;
    if (printable)
        error_hint(err, "%s", printable);
    buf_release(&grant);
}

static bool connect_error(struct pg_db *pg, bool is_late, struct arena *arena, struct error *err)
{
    enum status status = pg_status(pg);
    const char *address = connection_address(arena, pg->connection);
    char sqlstate[6];

    sqlstate_of_refusal(pg->connection, sqlstate);
    if (is_late)
        error_set(err, status, "no answer in time");
    else if (sqlstate[0]) {
        pg_error_state(status, sqlstate, err);
        if (strcmp(sqlstate, "42501") == 0)
            connect_hint(pg->connection, arena, err);
    } else if (PQconnectionNeedsPassword(pg->connection)) {
        error_set(err, status, "the server asks for a password");
        error_hint(err, "a passfile (PGPASSFILE) or password_command can hold it");
    } else if (strstr(PQerrorMessage(pg->connection), "SSL")) {
        error_set(err, status, "no TLS connection could be made");
        error_hint(err, "addresses that are not local need TLS, unless the URL names sslmode");
    } else
        error_set(err, status, "the server cannot be reached");
    return error_context(err, "%s at %s", pg->base.side == DB_SOURCE ? "source" : "target",
                         address ? address : "its address");
}

static bool connection_open(struct pg_db *pg, const char *password, struct arena *arena,
                            struct error *err)
{
    pg->connection = connection_start(pg, password, NULL);
    if (!pg->connection)
        return error_memory(err);

    PQconninfoOption *options = PQconninfo(pg->connection);
    bool needs_tls = !hosts_are_local(options) &&
                     sslmode_is_weak(option_find(options, "sslmode")) &&
                     !url_names_sslmode(pg->config.url);
    PQconninfoFree(options);
    if (needs_tls) {
        PQfinish(pg->connection);
        pg->connection = connection_start(pg, password, "require");
        if (!pg->connection)
            return error_memory(err);
    }
    bool is_late = !connection_await(pg->connection);
    if (is_late || PQstatus(pg->connection) != CONNECTION_OK)
        return connect_error(pg, is_late, arena, err);
    return true;
}

/* Fills info.tls and warns where nobody has checked who the server is. */
static bool tls_describe(struct pg_db *pg, struct arena *arena, struct error *err)
{
    PQconninfoOption *options = PQconninfo(pg->connection);
    bool is_local = hosts_are_local(options);
    const char *mode = option_find(options, "sslmode");
    bool is_used = PQsslInUse(pg->connection) != 0;
    bool is_verified = is_used && mode && strncmp(mode, "verify-", 7) == 0;
    const char *tls = is_local ? "local" : "none";

    if (is_used)
        tls = mode ? mode : "require";
    else if (PQgssEncInUse(pg->connection))
        tls = "gss";
    pg->base.info.tls = arena_strdup(arena, tls);
    PQconninfoFree(options);
    if (!is_local && !is_verified && !pg->config.is_further && pg->base.info.address)
        log_write(LOG_WARNING, "%s at %s: %s; sslmode=verify-full would check the server",
                  pg->base.side == DB_SOURCE ? "source" : "target", pg->base.info.address,
                  is_used ? "TLS without verification of the server" : "no TLS");
    return pg->base.info.tls ? true : error_memory(err);
}

static void notice_drop(void *context, const PGresult *result)
{
    UNUSED(context); /* notices are server text, which may quote values */
    UNUSED(result);
}

bool pg_connect(struct pg_db *pg, struct arena *arena, struct error *err)
{
    char *password = NULL;

    if (pg->config.password_command &&
        !secret_run_command(pg->config.password_command, &password, err))
        return false;
    bool is_open = connection_open(pg, password, arena, err);
    if (password)
        sodium_free(password);
    if (!is_open)
        return false;

    PQsetNoticeReceiver(pg->connection, notice_drop, NULL);
    PQsetErrorVerbosity(pg->connection, PQERRORS_DEFAULT); /* the fields of results */
    pg->cancel = PQgetCancel(pg->connection);
    pg->base.info.address = connection_address(arena, pg->connection);
    if (!pg->cancel || !pg->base.info.address)
        return error_memory(err);
    return tls_describe(pg, arena, err);
}
