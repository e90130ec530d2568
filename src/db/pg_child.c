/* How a child program (pg_dump, pg_restore) reaches the instance that a connection is on. */
#include "db/pg_conn.h"

/* Key words that are decided here, hold a secret, or were already resolved into others. */
static bool keyword_is_left_out(const char *keyword)
{
    static const char *const words[] = {"password",
                                        "passfile",
                                        "sslpassword",
                                        "service",
                                        "dbname",
                                        "host",
                                        "hostaddr",
                                        "port",
                                        "replication",
                                        "target_session_attrs",
                                        "load_balance_hosts",
                                        "fallback_application_name"};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(words[i], keyword) == 0)
            return true;
    }
    return false;
}

static void word_add(struct buf *out, const char *keyword, const char *value)
{
    if (!value || !value[0])
        return;
    buf_add_format(out, "%s%s='", out->len ? " " : "", keyword);
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *value);
    }
    buf_add_char(out, '\'');
}

/* Of several hosts only the one that answered: a snapshot lives on one instance. */
static void instance_add(struct buf *out, PGconn *connection)
{
    const char *host = PQhost(connection);
    bool is_socket = host && (host[0] == '/' || host[0] == '@');

    word_add(out, "host", host);
    if (!is_socket)
        word_add(out, "hostaddr", PQhostaddr(connection));
    word_add(out, "port", PQport(connection));
}

bool pg_child_connection(struct db *db, const char *database, struct arena *arena,
                         const char **conninfo, const char **password, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    PQconninfoOption *options = PQconninfo(pg->connection);
    const char *secret = PQpass(pg->connection);
    struct buf out;

    assert(database && conninfo && password);
    buf_init(&out, 1 << 16);
    instance_add(&out, pg->connection);
    word_add(&out, "dbname", database);
    for (PQconninfoOption *option = options; option && option->keyword; option++) {
        if (!keyword_is_left_out(option->keyword))
            word_add(&out, option->keyword, option->val);
    }
    *conninfo = options && buf_ok(&out) ? arena_strdup(arena, buf_text(&out)) : NULL;
    *password = secret && secret[0] ? arena_strdup(arena, secret) : NULL;
    bool is_copied = *conninfo && (!secret || !secret[0] || *password);
    PQconninfoFree(options);
    buf_release(&out);
    return is_copied ? true : error_memory(err);
}
