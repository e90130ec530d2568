/* What a mysql:// or mariadb:// URL says: scheme://user@host:port/database?word=value&... with
 * percent-encoding in every part. Plain text in, plain text out; nothing is looked up. */
#ifndef UNDERSTUDY_DB_MY_URL_H
#define UNDERSTUDY_DB_MY_URL_H

#include "base/arena.h"
#include "base/error.h"

/* How the connection is kept from others' eyes, in ascending strictness from DISABLED on. */
enum my_tls {
    MY_TLS_UNSAID, /* the address decides */
    MY_TLS_DISABLED,
    MY_TLS_PREFERRED,
    MY_TLS_REQUIRED,
    MY_TLS_VERIFY_CA,
    MY_TLS_VERIFY_IDENTITY
};

/* NULL and 0: not said. */
struct my_url {
    const char *user, *host, *database;
    const char *socket; /* path of a unix socket */
    const char *ssl_ca, *ssl_cert, *ssl_key;
    const char *default_file, *default_group; /* option files, as the server's own programs read */
    unsigned port;
    unsigned connect_timeout; /* seconds */
    enum my_tls tls;
};

/* Texts in `arena`. STATUS_USAGE for what no connection can be made of; an unknown word is named
 * with the nearest known one. */
bool my_url_parse(const char *url, struct arena *arena, struct my_url *parsed, struct error *err);

#endif
