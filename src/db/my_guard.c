/* Stands before the library's own ways of authentication. */
#include "db/my_guard.h"

#include "base/common.h"
#include "db/my_client.h"
#include <assert.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>

static _Thread_local bool is_held;

void my_guard_begin(void)
{
    is_held = false;
}

bool my_guard_held(void)
{
    return is_held;
}

#ifdef MARIADB_BASE_VERSION
#define AUTHENTICATION 2 /* a plugin's type */
#define INTERFACE      1 /* of this type, the upper byte */
#define ERROR          0 /* what an authentication returns */

typedef int authenticate(void *channel, MYSQL *handle);

/* As the library's <mysql/client_plugin.h> has it, which includes a header that is not installed
 * with it. */
struct plugin {
    int type;
    unsigned interface_version;
    const char *name, *author, *description;
    unsigned version[3];
    const char *license;
    void *api;
    int (*init)(char *, size_t, int, va_list);
    int (*deinit)(void);
    int (*options)(const char *, const void *);
    authenticate *authenticate;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static authenticate *sha2_authenticate, *sha256_authenticate;

static bool is_local(MYSQL *handle)
{
    int domain = 0, socket = my_client_socket(handle);
    socklen_t len = sizeof(domain);

    return socket >= 0 && getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 &&
           domain == AF_UNIX;
}

/* The first thing that goes out begins TLS, where the server said that it has it. */
static int guarded(authenticate *own, void *channel, MYSQL *handle)
{
    assert(own);
    is_held = handle->options.use_ssl && !(handle->server_capabilities & CLIENT_SSL) &&
              !mysql_get_ssl_cipher(handle) && !is_local(handle);
    return is_held ? ERROR : own(channel, handle);
}

static int sha2_guarded(void *channel, MYSQL *handle)
{
    return guarded(sha2_authenticate, channel, handle);
}

static int sha256_guarded(void *channel, MYSQL *handle)
{
    return guarded(sha256_authenticate, channel, handle);
}

/* What is not installed nobody can ask for. */
static bool guard(MYSQL *handle, const char *name, authenticate *by, authenticate **own)
{
    struct plugin *plugin = (void *)mysql_client_find_plugin(handle, name, AUTHENTICATION);

    if (!plugin)
        return true;
    if (plugin->type != AUTHENTICATION || plugin->interface_version >> 8 != INTERFACE ||
        !plugin->authenticate)
        return false;
    if (plugin->authenticate != by) {
        *own = plugin->authenticate;
        plugin->authenticate = by;
    }
    return true;
}

bool my_guard_set(MYSQL *handle)
{
    pthread_mutex_lock(&mutex);
    bool is_set = guard(handle, "caching_sha2_password", sha2_guarded, &sha2_authenticate) &&
                  guard(handle, "sha256_password", sha256_guarded, &sha256_authenticate);
    pthread_mutex_unlock(&mutex);
    return is_set;
}
#else
bool my_guard_set(MYSQL *handle)
{
    UNUSED(handle);
    return true;
}
#endif
