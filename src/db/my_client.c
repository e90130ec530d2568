/* One place for what the two client libraries call by different names.
 *
 * Connector/C uses TLS only where it is told to enforce it, and checks a certificate's chain
 * wherever an authority is named, its name only with VERIFY_SERVER_CERT. Oracle's library has one
 * word for all of that. */
#include "db/my_client.h"
#include "db/my_guard.h"
#include <errmsg.h>
#include <pthread.h>
#include <sys/socket.h>

#ifdef MARIADB_BASE_VERSION
#define IS_CONNECTOR_C 1
#else
#define IS_CONNECTOR_C 0
#endif

#if IS_CONNECTOR_C
/* Not among them: mysql_clear_password and dialog, which hand the password over to whoever asks,
 * and mysql_old_password. */
#define AUTHENTICATIONS                                                                            \
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,parsec,"           \
    "auth_gssapi_client"
#endif

static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static bool library_is_ready;

static void library_begin(void)
{
    library_is_ready = mysql_library_init(0, NULL, NULL) == 0;
}

MYSQL *my_client_new(void)
{
    (void)pthread_once(&library_once, library_begin);
    return library_is_ready ? mysql_init(NULL) : NULL;
}

static bool word_set(MYSQL *handle, enum mysql_option option, const char *value)
{
    return !value || mysql_options(handle, option, value) == 0;
}

#if IS_CONNECTOR_C
typedef my_bool flag;

/* A file that an option file names is enough for the library to use TLS. */
static bool tls_forget(MYSQL *handle)
{
    static const enum mysql_option files[] = {MYSQL_OPT_SSL_CA, MYSQL_OPT_SSL_CAPATH,
                                              MYSQL_OPT_SSL_CERT, MYSQL_OPT_SSL_KEY,
                                              MYSQL_OPT_SSL_CIPHER};

    for (size_t i = 0; i < COUNT_OF(files); i++)
        if (mysql_options(handle, files[i], NULL) != 0)
            return false;
    return true;
}

static bool tls_ask(MYSQL *handle, enum my_tls tls, bool is_said)
{
    flag enforce = tls >= MY_TLS_PREFERRED;
    /* from 3.4 on the chain is checked together with the name only */
    flag verify = tls == MY_TLS_VERIFY_IDENTITY ||
                  (tls == MY_TLS_VERIFY_CA && mysql_get_client_version() >= 30400);

    if (tls == MY_TLS_DISABLED && !tls_forget(handle))
        return false;
    return mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &enforce) == 0 &&
           (!is_said || mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify) == 0);
}

enum my_tls my_client_tls(MYSQL *handle, enum my_tls tls)
{
    flag verify = 0;

    (void)mysql_get_optionv(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (verify)
        return MY_TLS_VERIFY_IDENTITY;
    if (handle->options.ssl_ca || handle->options.ssl_capath)
        return MY_TLS_VERIFY_CA;
    return tls >= MY_TLS_REQUIRED ? MY_TLS_REQUIRED : MY_TLS_PREFERRED;
}
#else
typedef bool flag;

static const unsigned modes[] = {
    [MY_TLS_UNSAID] = SSL_MODE_DISABLED,     [MY_TLS_DISABLED] = SSL_MODE_DISABLED,
    [MY_TLS_PREFERRED] = SSL_MODE_REQUIRED,  [MY_TLS_REQUIRED] = SSL_MODE_REQUIRED,
    [MY_TLS_VERIFY_CA] = SSL_MODE_VERIFY_CA, [MY_TLS_VERIFY_IDENTITY] = SSL_MODE_VERIFY_IDENTITY,
};

static bool tls_ask(MYSQL *handle, enum my_tls tls, bool is_said)
{
    unsigned mode = 0;

    if (!is_said && mysql_get_option(handle, MYSQL_OPT_SSL_MODE, &mode) == 0 && mode >= modes[tls])
        return true;
    return mysql_options(handle, MYSQL_OPT_SSL_MODE, &modes[tls]) == 0;
}

enum my_tls my_client_tls(MYSQL *handle, enum my_tls tls)
{
    unsigned mode = 0;

    (void)mysql_get_option(handle, MYSQL_OPT_SSL_MODE, &mode);
    for (enum my_tls known = MY_TLS_VERIFY_IDENTITY; known > MY_TLS_REQUIRED; known--)
        if (mode == modes[known])
            return known;
    return tls >= MY_TLS_REQUIRED ? MY_TLS_REQUIRED : MY_TLS_PREFERRED;
}
#endif

bool my_client_set_tls(MYSQL *handle, enum my_tls tls, const struct my_url *url)
{
    assert(handle && url);
    if (tls == MY_TLS_UNSAID)
        return true;
    if (tls >= MY_TLS_PREFERRED && !(word_set(handle, MYSQL_OPT_SSL_CA, url->ssl_ca) &&
                                     word_set(handle, MYSQL_OPT_SSL_CERT, url->ssl_cert) &&
                                     word_set(handle, MYSQL_OPT_SSL_KEY, url->ssl_key)))
        return false;
    return tls_ask(handle, tls, url->tls != MY_TLS_UNSAID);
}

bool my_client_restrict(MYSQL *handle)
{
#if IS_CONNECTOR_C
    flag reconnects = 0; /* Oracle's library knows none any more, and says so on stderr */

    return mysql_options(handle, MYSQL_OPT_RECONNECT, &reconnects) == 0 &&
           mysql_optionsv(handle, MARIADB_OPT_RESTRICTED_AUTH, AUTHENTICATIONS) == 0;
#else
    flag allowed = false;
    flag asks =
        true; /* without TLS a password goes under the server's key; Connector/C asks for it */

    return mysql_options(handle, MYSQL_ENABLE_CLEARTEXT_PLUGIN, &allowed) == 0 &&
           mysql_options(handle, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &asks) == 0;
#endif
}

bool my_client_failed_at_tls(MYSQL *handle)
{
    assert(handle);
    return my_guard_held() || mysql_errno(handle) == CR_SSL_CONNECTION_ERROR;
}

int my_client_socket(MYSQL *handle)
{
#if IS_CONNECTOR_C
    return (int)mysql_get_socket(handle);
#else
    return (int)handle->net.fd;
#endif
}

void my_client_halt(MYSQL *handle)
{
    int socket = my_client_socket(handle);

    if (socket >= 0)
        (void)shutdown(socket, SHUT_RDWR);
}
