/* Connects: what the URL says, then option files, then the library's defaults.
 *
 * The libraries read option files only while they connect, and what they find there takes the
 * place of what was set before. So a first attempt goes to a socket that cannot exist: it fails
 * before a byte is sent, and leaves the files' options in the handle, where ours - whether files
 * may be served, which authentication is allowed, what the URL says of TLS - are then the last
 * word. */
#include "base/clock.h"
#include "base/log.h"
#include "base/words.h"
#include "config/secret.h"
#include "db/my_client.h"
#include "db/my_conn.h"
#include "db/my_guard.h"
#include "db/my_serve.h"
#include <sodium.h>
#include <unistd.h>

#define CONNECT_SECONDS 60u
#define AGAIN_SECONDS   2u
#define PACKET_MAX      (1ul << 30)            /* what the protocol carries */
#define NOWHERE         "/dev/null/understudy" /* no path leads through a file */
#define OWN_GROUP       "understudy"

static bool text_is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* Fills the handle's options from the option files. */
static bool files_read(MYSQL *handle, const struct my_url *url)
{
    assert(handle && url);
    const char *group = url->default_group ? url->default_group : OWN_GROUP;

    if (url->default_file && mysql_options(handle, MYSQL_READ_DEFAULT_FILE, url->default_file) != 0)
        return false;
    if (mysql_options(handle, MYSQL_READ_DEFAULT_GROUP, group) != 0)
        return false;
    return !mysql_real_connect(handle, "localhost", "", "", "", 1, NOWHERE,
                               CLIENT_REMEMBER_OPTIONS);
}

/* How the server is addressed once URL and option files have spoken. */
struct address {
    const char *host, *socket; /* NULL: the library's default */
    unsigned port;
    bool is_socket, is_local;
    bool serves_files; /* rows are to be loaded by this connection */
    enum my_tls tls;
    unsigned seconds; /* for connecting */
};

static struct address address_find(MYSQL *handle, const struct my_url *url)
{
    struct address address = {.host = url->host, .socket = url->socket, .port = url->port};

    if (!address.host && !address.socket)
        address.host = handle->options.host;
    if (!address.socket && !address.host)
        address.socket = handle->options.unix_socket;
    if (address.port == 0)
        address.port = handle->options.port;
    address.is_socket = (!address.host || text_is(address.host, "localhost")) &&
                        handle->options.protocol != MYSQL_PROTOCOL_TCP;
    address.is_local = address.is_socket || !address.host || text_is(address.host, "localhost") ||
                       text_is(address.host, "::1") ||
                       (strncmp(address.host, "127.", 4) == 0 &&
                        strspn(address.host, "0123456789.") == strlen(address.host));
    return address;
}

static bool options_set(MYSQL *handle, const struct my_db *my, const struct address *address)
{
    unsigned connect = address->seconds, transfer = 0;
    unsigned serves_files = address->serves_files;
    unsigned long packet = PACKET_MAX;

    return mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &serves_files) == 0 &&
           mysql_options(handle, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet) == 0 &&
           mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect) == 0 &&
           mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &transfer) == 0 &&
           mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &transfer) == 0 &&
           mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4") == 0 &&
           mysql_options(handle, MYSQL_OPT_CONNECT_ATTR_RESET, NULL) == 0 &&
           mysql_options4(handle, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "understudy") == 0 &&
           my_client_restrict(handle) && my_client_set_tls(handle, address->tls, &my->url);
}

const char *my_database_wanted(const struct my_db *my)
{
    return my->config.database ? my->config.database : my->url.database;
}

/* A handle with all options set, and the address it will go to; NULL when memory ends. Whatever a
 * server asks for, and be it while it is connected to: no file is opened here. */
static MYSQL *handle_make(const struct my_db *my, struct address *address)
{
    MYSQL *handle = my_client_new();

    if (!handle)
        return NULL;
    my_serve_nothing(handle);
    if (!files_read(handle, &my->url) || !my_guard_set(handle)) {
        mysql_close(handle);
        return NULL;
    }
    my_serve_nothing(handle);
    *address = address_find(handle, &my->url);
    return handle;
}

/* True when it stands; the handle is there in any case. Connector/C goes on without TLS where the
 * server has none, although it was told to enforce it: then mysql_errno is 0. An option file may
 * have asked for several statements in one. */
static bool handle_connect(MYSQL *handle, const struct my_db *my, const struct address *address)
{
    const char *host = address->is_socket ? "localhost" : address->host;

    my_guard_begin();
    if (!options_set(handle, my, address) ||
        !mysql_real_connect(handle, host, my->url.user, my->password, my_database_wanted(my),
                            address->port, address->is_socket ? address->socket : NULL,
                            CLIENT_REMEMBER_OPTIONS))
        return false;
    if (address->tls >= MY_TLS_REQUIRED && !address->is_socket && !mysql_get_ssl_cipher(handle))
        return false;
    return !(handle->client_flag & CLIENT_MULTI_STATEMENTS) ||
           mysql_set_server_option(handle, MYSQL_OPTION_MULTI_STATEMENTS_OFF) == 0;
}

static const char *address_print(const struct address *address, MYSQL *handle, struct arena *arena)
{
    const char *socket = handle->unix_socket ? handle->unix_socket : address->socket;
    unsigned port = address->port ? address->port : handle->port;
    const char *text;

    if (address->is_socket)
        text = arena_strdup(arena, socket ? socket : "localhost");
    else if (port)
        text = arena_printf(arena, "%s:%u", address->host ? address->host : "localhost", port);
    else
        text = arena_strdup(arena, address->host ? address->host : "localhost");
    return text ? words_printable(arena, text) : NULL;
}

MYSQL *my_connect_again(const struct my_db *my)
{
    struct address address;
    MYSQL *handle = handle_make(my, &address);

    if (!handle)
        return NULL;
    address.seconds = AGAIN_SECONDS;
    address.tls = my->tls;
    if (handle_connect(handle, my, &address))
        return handle;
    mysql_close(handle);
    return NULL;
}

static const char *tls_word(enum my_tls tls, bool is_local, bool is_used)
{
    if (!is_used)
        return is_local ? "local" : "none";
    switch (tls) {
    case MY_TLS_VERIFY_CA:
        return "verify-ca";
    case MY_TLS_VERIFY_IDENTITY:
        return "verify-full";
    case MY_TLS_PREFERRED:
        return "prefer";
    default:
        return "require";
    }
}

/* Fills info.tls and warns where nobody has checked who the server is. */
static void tls_describe(struct my_db *my)
{
    bool is_used = mysql_get_ssl_cipher(my->connection) != NULL;
    enum my_tls tls = is_used ? my_client_tls(my->connection, my->tls) : MY_TLS_DISABLED;

    my->base.info.tls = tls_word(tls, my->is_local, is_used);
    if (!my->is_local && tls < MY_TLS_VERIFY_CA && !my->config.is_further)
        log_write(LOG_WARNING, "%s at %s: %s; ssl-mode=VERIFY_IDENTITY would check the server",
                  my_side_word(my), my->base.info.address,
                  is_used ? "TLS without verification of the server" : "no TLS");
}

/* Who names an authority, in the URL or in an option file, wants servers checked by it, as the
 * servers' own programs take it. */
static bool tls_choose(struct my_db *my, bool is_local, enum my_tls *tls, struct error *err)
{
    const struct st_mysql_options *options = &my->connection->options;
    bool has_authority = my->url.ssl_ca || options->ssl_ca || options->ssl_capath;

    *tls = my->url.tls;
    if (*tls == MY_TLS_VERIFY_CA && !has_authority) {
        error_set(err, STATUS_USAGE, "ssl-mode VERIFY_CA needs an authority");
        return error_hint(err, "name its file: ssl-ca=FILE in the URL or in an option file");
    }
    if (*tls == MY_TLS_UNSAID && has_authority)
        *tls = MY_TLS_VERIFY_CA;
    else if (*tls == MY_TLS_UNSAID && (!is_local || my->url.ssl_cert))
        *tls = MY_TLS_REQUIRED;
    return true;
}

/* A file that is not there the libraries pass over, or take for a fault of the certificate. */
static bool url_files_check(const struct my_db *my, struct arena *arena, struct error *err)
{
    const struct my_url *url = &my->url;
    const char *const files[][2] = {{"option file", url->default_file},
                                    {"ssl-ca", url->ssl_ca},
                                    {"ssl-cert", url->ssl_cert},
                                    {"ssl-key", url->ssl_key}};

    for (size_t i = 0; i < COUNT_OF(files); i++) {
        if (!files[i][1] || access(files[i][1], R_OK) == 0)
            continue;
        error_set_errno(err, STATUS_LOCAL, "the URL's %s '%s' cannot be read", files[i][0],
                        words_printable(arena, files[i][1]));
        return error_context(err, "%s", my_side_word(my));
    }
    return true;
}

static bool connection_open(struct my_db *my, struct arena *arena, struct error *err)
{
    struct address address;

    if (!url_files_check(my, arena, err))
        return false;
    my->connection = handle_make(my, &address);
    if (!my->connection)
        return error_memory(err);
    address.seconds = my->url.connect_timeout ? my->url.connect_timeout : CONNECT_SECONDS;
    address.serves_files = my->base.side == DB_TARGET;
    if (!tls_choose(my, address.is_local, &address.tls, err))
        return false;
    const double start = clock_monotonic();
    bool is_open = handle_connect(my->connection, my, &address);
    const double seconds = clock_monotonic() - start;
    if (!is_open && address.tls == MY_TLS_PREFERRED && my_client_failed_at_tls(my->connection)) {
        address.tls = MY_TLS_DISABLED;
        is_open = handle_connect(my->connection, my, &address);
    }
    my->is_local = address.is_local;
    my->tls = address.tls;
    my->base.info.address = address_print(&address, my->connection, arena);
    if (!my->base.info.address)
        return error_memory(err);
    return is_open || my_connect_error(my, seconds, arena, err);
}

bool my_connect(struct my_db *my, struct arena *arena, struct error *err)
{
    assert(!my->connection);
    if (my->config.password_command &&
        !secret_run_command(my->config.password_command, &my->password, err))
        return false;
    if (!connection_open(my, arena, err))
        return false;
    my->thread_number = mysql_thread_id(my->connection);
    tls_describe(my);
    return true;
}
