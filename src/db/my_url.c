/* Reads a mysql:// URL piece by piece; each piece is cut at its delimiters first and decoded then,
 * so that an encoded delimiter stays part of its piece. */
#include "db/my_url.h"
#include "base/words.h"
#include "db/my.h"
#include <stdlib.h>
#include <strings.h>

#define HOST_BYTES_MAX 255 /* of DNS; the client libraries print it into fixed buffers */

struct piece {
    const char *ptr;
    size_t len;
};

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

static bool error_encoding(const char *what, struct error *err)
{
    error_set(err, STATUS_USAGE, "the %s of the URL is not well-formed", what);
    return error_hint(err, "special characters are written as %%XX, two hex digits");
}

/* The piece without its percent-encoding, NULL where it is empty. */
static bool piece_decode(struct piece piece, const char *what, struct arena *arena,
                         const char **text, struct error *err)
{
    *text = NULL;
    if (piece.len == 0)
        return true;

    char *out = arena_alloc(arena, piece.len + 1);
    size_t len = 0;

    if (!out)
        return error_memory(err);
    for (size_t i = 0; i < piece.len; i++) {
        char byte = piece.ptr[i];

        if (byte == '%') {
            int high = i + 2 < piece.len ? hex_digit(piece.ptr[i + 1]) : -1;
            int low = i + 2 < piece.len ? hex_digit(piece.ptr[i + 2]) : -1;

            if (high < 0 || low < 0)
                return error_encoding(what, err);
            byte = (char)(high * 16 + low);
            i += 2;
        }
        if (byte == '\0')
            return error_encoding(what, err);
        out[len++] = byte;
    }
    *text = out;
    return true;
}

static bool number_read(const char *text, unsigned most, const char *what, unsigned *number,
                        struct error *err)
{
    size_t digits = strspn(text, "0123456789");
    unsigned long value = digits > 0 && digits < 10 ? strtoul(text, NULL, 10) : 0;

    if (text[digits] != '\0' || value == 0 || value > most)
        return error_set(err, STATUS_USAGE, "the %s of the URL is not a number from 1 to %u", what,
                         most);
    *number = (unsigned)value;
    return true;
}

enum word {
    WORD_SOCKET,
    WORD_SSL_MODE,
    WORD_SSL_CA,
    WORD_SSL_CERT,
    WORD_SSL_KEY,
    WORD_DEFAULT_FILE,
    WORD_DEFAULT_GROUP,
    WORD_CONNECT_TIMEOUT,
    WORD_COUNT
};

static const char *const words[WORD_COUNT] = {
    [WORD_SOCKET] = "socket",
    [WORD_SSL_MODE] = "ssl-mode",
    [WORD_SSL_CA] = "ssl-ca",
    [WORD_SSL_CERT] = "ssl-cert",
    [WORD_SSL_KEY] = "ssl-key",
    [WORD_DEFAULT_FILE] = "default-file",
    [WORD_DEFAULT_GROUP] = "default-group",
    [WORD_CONNECT_TIMEOUT] = "connect-timeout",
};

static const char *const modes[] = {
    [MY_TLS_UNSAID] = "",
    [MY_TLS_DISABLED] = "DISABLED",
    [MY_TLS_PREFERRED] = "PREFERRED",
    [MY_TLS_REQUIRED] = "REQUIRED",
    [MY_TLS_VERIFY_CA] = "VERIFY_CA",
    [MY_TLS_VERIFY_IDENTITY] = "VERIFY_IDENTITY",
};

static bool mode_read(const char *text, enum my_tls *tls, struct error *err)
{
    for (size_t i = MY_TLS_DISABLED; i < COUNT_OF(modes); i++)
        if (strcasecmp(text, modes[i]) == 0) {
            *tls = (enum my_tls)i;
            return true;
        }
    error_set(err, STATUS_USAGE, "the URL asks for an ssl-mode that does not exist");
    return error_hint(err, "DISABLED, PREFERRED, REQUIRED, VERIFY_CA and VERIFY_IDENTITY do");
}

static bool error_word(const char *name, struct arena *arena, struct error *err)
{
    const char *nearest = words_nearest(name, words, COUNT_OF(words));
    const char *printable = words_printable(arena, name);

    if (!printable)
        return error_memory(err);
    error_set(err, STATUS_USAGE, "the URL holds the word '%s', which is not known", printable);
    if (nearest)
        return error_hint(err, "did you mean '%s'?", nearest);
    return error_hint(err, "known are socket, ssl-mode, ssl-ca, ssl-cert, ssl-key, default-file, "
                           "default-group and connect-timeout");
}

static bool word_store(struct my_url *url, enum word word, const char *value, struct error *err)
{
    switch (word) {
    case WORD_SOCKET:
        url->socket = value;
        return true;
    case WORD_SSL_MODE:
        return mode_read(value, &url->tls, err);
    case WORD_SSL_CA:
        url->ssl_ca = value;
        return true;
    case WORD_SSL_CERT:
        url->ssl_cert = value;
        return true;
    case WORD_SSL_KEY:
        url->ssl_key = value;
        return true;
    case WORD_DEFAULT_FILE:
        url->default_file = value;
        return true;
    case WORD_DEFAULT_GROUP:
        url->default_group = value;
        return true;
    case WORD_CONNECT_TIMEOUT:
        return number_read(value, 86400, "connect-timeout", &url->connect_timeout, err);
    case WORD_COUNT:
        break;
    }
    return error_set(err, STATUS_BUG, "a word of the URL has no place");
}

static bool word_read(struct piece piece, struct my_url *url, unsigned *seen, struct arena *arena,
                      struct error *err)
{
    const char *equals = memchr(piece.ptr, '=', piece.len);
    struct piece front = {piece.ptr, equals ? (size_t)(equals - piece.ptr) : piece.len};
    struct piece back = {equals ? equals + 1 : "", equals ? piece.len - front.len - 1 : 0};
    const char *name, *value;

    if (!piece_decode(front, "query", arena, &name, err) ||
        !piece_decode(back, "query", arena, &value, err))
        return false;
    if (!name)
        return error_encoding("query", err);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(name, words[i]) != 0)
            continue;
        if (!value)
            return error_set(err, STATUS_USAGE, "the URL's word '%s' has no value", words[i]);
        if (*seen & 1u << i)
            return error_set(err, STATUS_USAGE, "the URL's word '%s' stands twice", words[i]);
        *seen |= 1u << i;
        return word_store(url, (enum word)i, value, err);
    }
    return error_word(name, arena, err);
}

static bool query_read(const char *query, struct my_url *url, struct arena *arena,
                       struct error *err)
{
    unsigned seen = 0;

    while (*query) {
        size_t len = strcspn(query, "&");

        if (len > 0 && !word_read((struct piece){query, len}, url, &seen, arena, err))
            return false;
        query += len;
        query += *query == '&';
    }
    return true;
}

/* host, host:port, [v6], [v6]:port */
static bool host_read(struct piece piece, struct my_url *url, struct arena *arena,
                      struct error *err)
{
    const char *end = piece.ptr + piece.len;
    const char *after = memchr(piece.ptr, ':', piece.len);
    struct piece name = {piece.ptr, after ? (size_t)(after - piece.ptr) : piece.len};
    const char *port = NULL;

    if (piece.len > 0 && piece.ptr[0] == '[') {
        const char *close = memchr(piece.ptr, ']', piece.len);

        if (!close || (close + 1 < end && close[1] != ':'))
            return error_encoding("host", err);
        name = (struct piece){piece.ptr + 1, (size_t)(close - piece.ptr) - 1};
        after = close + 1 < end ? close + 1 : NULL;
    }
    if (!piece_decode(name, "host", arena, &url->host, err))
        return false;
    if (url->host && (strlen(url->host) > HOST_BYTES_MAX || strpbrk(url->host, "/ \t\n")))
        return error_encoding("host", err);
    if (!after)
        return true;
    if (!piece_decode((struct piece){after + 1, (size_t)(end - after) - 1}, "port", arena, &port,
                      err))
        return false;
    return !port || number_read(port, UINT16_MAX, "port", &url->port, err);
}

/* user@host: the user ends at the last at sign; what stands behind a colon in it is a password,
 * which url_refuse_password has refused before, and which counts for nothing here. */
static bool authority_read(struct piece piece, struct my_url *url, struct arena *arena,
                           struct error *err)
{
    const char *at = memrchr(piece.ptr, '@', piece.len);
    struct piece user = {piece.ptr, at ? (size_t)(at - piece.ptr) : 0};
    const char *colon = at ? memchr(user.ptr, ':', user.len) : NULL;

    if (colon)
        user.len = (size_t)(colon - user.ptr);
    if (at)
        piece = (struct piece){at + 1, piece.len - (size_t)(at - piece.ptr) - 1};
    return piece_decode(user, "user", arena, &url->user, err) && host_read(piece, url, arena, err);
}

bool my_url_parse(const char *url, struct arena *arena, struct my_url *parsed, struct error *err)
{
    const char *start = strstr(url, "://");
    const char *query;
    struct piece authority, database = {"", 0};

    assert(arena && parsed);
    *parsed = (struct my_url){.tls = MY_TLS_UNSAID};
    if (!start)
        return error_encoding("front", err);
    authority = (struct piece){start + 3, strcspn(start + 3, "/?")};
    query = authority.ptr + authority.len;
    if (*query == '/') {
        database = (struct piece){query + 1, strcspn(query + 1, "?")};
        query = database.ptr + database.len;
    }
    if (!authority_read(authority, parsed, arena, err) ||
        !piece_decode(database, "database", arena, &parsed->database, err) ||
        !query_read(*query == '?' ? query + 1 : "", parsed, arena, err))
        return false;
    if (parsed->socket && parsed->host && strcmp(parsed->host, "localhost") != 0)
        return error_set(err, STATUS_USAGE, "the URL names a host and a socket");
    return true;
}

bool my_url_database(const char *url, struct arena *arena, const char **database, struct error *err)
{
    struct my_url parsed;

    assert(database);
    *database = NULL;
    if (!my_url_parse(url, arena, &parsed, err))
        return false;
    *database = parsed.database;
    return true;
}
