/* Says why a connection was not made, by whose address and account, and what to do. */
#include "base/words.h"
#include "db/my_client.h"
#include "db/my_conn.h"
#include "db/my_guard.h"
#include <errmsg.h>
#include <errno.h>
#include <mysqld_error.h>
#include <stdlib.h>

#define REFUSAL_SECONDS 1.0

/* user@host, as the server names the account. */
static const char *account_print(const char *account, struct arena *arena)
{
    const char *at = strrchr(account, '@');
    struct buf out;

    buf_init(&out, 4096);
    my_quote_literal(&out, span_make(account, at ? (size_t)(at - account) : strlen(account)));
    if (at) {
        buf_add_char(&out, '@');
        my_quote_literal(&out, span_of(at + 1));
    }
    const char *text = buf_ok(&out) ? arena_strdup(arena, buf_text(&out)) : NULL;
    buf_release(&out);
    return text ? words_printable(arena, text) : NULL;
}

/* Who may not enter the schema can still ask, outside of it, under which name it came. */
static void entry_hint(struct my_db *my, struct arena *arena, struct error *err)
{
    const char *wanted = my_database_wanted(my), *configured = my->config.database;
    struct buf grant;

    my->config.database = "";
    MYSQL *handle = wanted ? my_connect_again(my) : NULL;
    my->config.database = configured;
    if (!handle)
        return;
    MYSQL_RES *result =
        mysql_query(handle, "SELECT CURRENT_USER()") == 0 ? mysql_store_result(handle) : NULL;
    MYSQL_ROW row = result && mysql_num_fields(result) == 1 ? mysql_fetch_row(result) : NULL;
    const char *account = row && row[0] ? account_print(row[0], arena) : NULL;

    buf_init(&grant, 4096);
    my_quote_name(&grant, wanted);
    const char *schema = buf_ok(&grant) ? arena_strdup(arena, buf_text(&grant)) : NULL;
    schema = schema ? words_printable(arena, schema) : NULL;
    if (account && schema)
        error_hint(err, "if the name is right: GRANT SELECT ON %s.* TO %s", schema, account);
    buf_release(&grant);
    if (result)
        mysql_free_result(result);
    mysql_close(handle);
}

const char *my_side_word(const struct my_db *my)
{
    return my->base.side == DB_SOURCE ? "source" : "target";
}

/* The system's number, which the libraries keep in their own text alone: "... (111)", "system
 * error: 110". */
static long reach_number(MYSQL *handle)
{
    const char *text = mysql_error(handle), *at = strrchr(text, '(');

    if (!at)
        at = strrchr(text, ':');
    return at ? strtol(at + 1, NULL, 10) : 0;
}

/* Connector/C says "in progress" (115) of whatever became of a connection that it waited for: what
 * comes at once is a refusal. */
static const char *reach_words(MYSQL *handle, double seconds)
{
    const unsigned number = mysql_errno(handle);

    if (number == CR_UNKNOWN_HOST)
        return ": its host is unknown";
    switch (reach_number(handle)) {
    case EINPROGRESS:
        return seconds < REFUSAL_SECONDS ? ": connection refused" : ": it did not answer in time";
    case ECONNREFUSED:
        return ": connection refused";
    case ETIMEDOUT:
    case EAGAIN:
        return ": it did not answer in time";
    case EHOSTUNREACH:
    case ENETUNREACH:
        return ": there is no route to it";
    case ENOENT:
        return ": there is no such socket";
    case EACCES:
        return ": its socket may not be opened";
    default:
        return number == CR_SERVER_LOST ? ": it broke the connection off" : "";
    }
}

static void refused_say(const struct my_db *my, struct arena *arena, unsigned number,
                        struct error *err)
{
    const char *user = my->url.user ? my->url.user : my->connection->options.user;
    const char *password = my->password                       ? my->password
                           : my->connection->options.password ? my->connection->options.password
                                                              : getenv("MYSQL_PWD");
    const char *shown = user ? words_printable(arena, user) : NULL;

    error_set(err, err->status, "user '%s' was refused %s (error %u)", shown ? shown : "",
              password && password[0] ? "with the password that was given" : "without a password",
              number);
    if (!password || !password[0])
        error_hint(err, "an option file, password_command or MYSQL_PWD can give the password");
}

static void schema_say(const struct my_db *my, struct arena *arena, unsigned number,
                       struct error *err)
{
    const char *wanted =
        my_database_wanted(my) ? my_database_wanted(my) : my->connection->options.db;
    const char *shown = wanted ? words_printable(arena, wanted) : NULL;

    error_set(err, err->status, "schema '%s' may not be entered, or does not exist (error %u)",
              shown ? shown : "", number);
}

static void tls_hint(const struct my_db *my, struct error *err)
{
    if (my->url.tls == MY_TLS_UNSAID)
        error_hint(err, "addresses that are not local need TLS, unless the URL names ssl-mode");
    else
        error_hint(err, "the URL's ssl-mode asks for it");
}

bool my_connect_error(struct my_db *my, double seconds, struct arena *arena, struct error *err)
{
    unsigned number = mysql_errno(my->connection);
    enum status status = my_status(my);

    if (status == STATUS_INTERRUPTED)
        error_set(err, status, "interrupted");
    else if (number == 0 || my_guard_held()) {
        error_set(err, status, "the server offers no TLS");
        tls_hint(my, err);
    } else if (my_client_failed_at_tls(my->connection)) {
        error_set(err, status, "no TLS connection could be made%s",
                  my->tls >= MY_TLS_VERIFY_CA
                      ? ", or the server's certificate does not stand the check"
                      : "");
        tls_hint(my, err);
    } else if (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR &&
               (number == CR_CONNECTION_ERROR || number == CR_CONN_HOST_ERROR ||
                number == CR_UNKNOWN_HOST || number == CR_SERVER_LOST ||
                number == CR_SERVER_GONE_ERROR || number == CR_IPSOCK_ERROR))
        error_set(err, status, "the server cannot be reached%s",
                  reach_words(my->connection, seconds));
    else
        my_error_number(status, number, mysql_sqlstate(my->connection), err);
    if (number == ER_ACCESS_DENIED_ERROR && status != STATUS_INTERRUPTED)
        refused_say(my, arena, number, err);
    if (number == ER_DBACCESS_DENIED_ERROR && status != STATUS_INTERRUPTED)
        schema_say(my, arena, number, err);
    if (number == ER_DBACCESS_DENIED_ERROR && status == STATUS_SOURCE)
        entry_hint(my, arena, err);
    return error_context(err, "%s at %s", my_side_word(my), my->base.info.address);
}
