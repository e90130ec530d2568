/* The few things that MariaDB Connector/C and Oracle's libmysqlclient do differently. */
#ifndef UNDERSTUDY_DB_MY_CLIENT_H
#define UNDERSTUDY_DB_MY_CLIENT_H

#include "db/my_url.h"
#include <mysql.h>

/* A new handle, with the library made ready once; NULL when memory ends. From any thread. */
MYSQL *my_client_new(void);
/* TLS as asked for, and nothing weaker; MY_TLS_UNSAID: as option files say. Where the URL does not
 * say what `tls` says, option files may ask for more. PREFERRED is REQUIRED here: the caller tries
 * again without. */
bool my_client_set_tls(MYSQL *handle, enum my_tls tls, const struct my_url *url);
/* What a connection that was made with `tls`, and uses TLS, has come to. */
enum my_tls my_client_tls(MYSQL *handle, enum my_tls tls);
/* Only ways of authentication that never show the password to a server as it is, but through TLS
 * or a local socket; and no second connection behind our back where the first is lost. */
bool my_client_restrict(MYSQL *handle);
/* The failure in hand is one of TLS, not of the server or the way to it; also where the server has
 * none. Right behind the attempt, from the same thread. */
bool my_client_failed_at_tls(MYSQL *handle);
/* The connection's socket, below 0 where there is none. */
int my_client_socket(MYSQL *handle);
/* Ends both directions of the connection's socket: whoever waits for it fails at once. From any
 * thread. */
void my_client_halt(MYSQL *handle);

#endif
