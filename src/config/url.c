/* Tells engines apart by their connection strings, and finds passwords written in them. */
#include "config/url.h"

#include "config/url_literal.h"
#include <libpq-fe.h>
#include <string.h>
#include <strings.h>

static bool has_scheme(const char *url, const char *const *schemes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static bool is_postgresql(const char *url)
{
    static const char *const schemes[] = {"postgres://", "postgresql://"};

    return has_scheme(url, schemes, COUNT_OF(schemes));
}

static bool is_mysql(const char *url)
{
    static const char *const schemes[] = {"mysql://", "mariadb://"};

    return has_scheme(url, schemes, COUNT_OF(schemes));
}

/* "word = value ..." as libpq takes it; libpq itself says whether the words are right. */
static bool is_key_words(const char *url)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    const char *text = url + strspn(url, " \t\n");
    size_t length = strspn(text, letters);

    text += length;
    text += strspn(text, " \t\n");
    return length > 0 && *text == '=';
}

bool url_engine(const char *url, enum engine *engine, struct error *err)
{
    assert(url && engine);
    if (is_mysql(url)) {
        *engine = ENGINE_MYSQL;
        return true;
    }
    if (is_postgresql(url) || is_key_words(url)) {
        *engine = ENGINE_POSTGRESQL;
        return true;
    }
    error_set(err, STATUS_USAGE, "this is no connection string of a known engine");
    return error_hint(err,
                      "write postgresql://user@host/db, service=NAME, or mysql://user@host/db");
}

static bool is_stand_in(const char *value)
{
    return value[0] == URL_STAND_IN && value[1] == '\0';
}

/* libpq knows best which of its words are secret. False in *is_readable where it cannot read the
 * text at all. */
static bool libpq_finds_password(const char *url, bool *is_readable)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    bool found = false;

    *is_readable = options != NULL;
    for (PQconninfoOption *option = options; option && option->keyword; option++) {
        bool is_secret = option->dispchar && option->dispchar[0] == '*';

        if (is_secret && option->val && option->val[0] != '\0' && !is_stand_in(option->val))
            found = true;
    }
    PQconninfoFree(options);
    return found;
}

static int hex_value(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = digit != '\0' ? strchr(digits, digit) : NULL;

    return found ? (int)((found - digits) % 16) : -1;
}

/* Does the percent-encoded text up to one of `stops` mean this word? */
static bool word_matches(const char *text, const char *word, const char *stops)
{
    while (*text != '\0' && !strchr(stops, *text)) {
        char byte = *text++;

        if (byte == '%' && hex_value(text[0]) >= 0 && hex_value(text[1]) >= 0) {
            byte = (char)(hex_value(text[0]) * 16 + hex_value(text[1]));
            text += 2;
        }
        if (*word == '\0' || strncasecmp(&byte, word, 1) != 0)
            return false;
        word++;
    }
    return *word == '\0';
}

static bool query_holds_password(const char *query)
{
    static const char *const words[] = {"password", "passwd", "pass", "pwd", "sslpassword"};

    for (; query; query = strchr(query, '&')) {
        const char *value;

        query++;
        value = query + strcspn(query, "=&");
        if (*value != '=' || value[1] == '\0' || value[1] == '&')
            continue;
        if (value[1] == URL_STAND_IN && (value[2] == '\0' || value[2] == '&'))
            continue;
        for (size_t i = 0; i < COUNT_OF(words); i++)
            if (word_matches(query, words[i], "=&"))
                return true;
    }
    return false;
}

/* scheme://user:password@host/...?words, read as strictly as any client might: the user part ends
 * at the last '@' before the path or the query. */
static bool uri_holds_password(const char *url)
{
    const char *start = strstr(url, "://");
    const char *end;
    const char *at;
    const char *colon;

    if (!start)
        return false;
    start += 3;
    end = start + strcspn(start, "/?");
    at = memrchr(start, '@', (size_t)(end - start));
    colon = at ? memchr(start, ':', (size_t)(at - start)) : NULL;
    if (colon && colon + 1 < at && !(colon[1] == URL_STAND_IN && colon + 2 == at))
        return true;
    return query_holds_password(strchr(start, '?'));
}

static bool error_password(const char *url, const char *where, struct error *err)
{
    error_set(err, STATUS_POLICY, "a password may not stand %s", where);
    if (is_mysql(url))
        return error_hint(err, "put it into an option file (~/.my.cnf, [client]), or let "
                               "password_command or MYSQL_PWD give it");
    return error_hint(err, "put it into ~/.pgpass or PGPASSFILE, or let password_command or an "
                           "environment variable give it");
}

bool url_refuse_password(const char *url, const char *where, struct error *err)
{
    bool is_readable = true;
    bool found = uri_holds_password(url);

    assert(url && where);
    if (!found && !is_mysql(url))
        found = libpq_finds_password(url, &is_readable);
    if (found)
        return error_password(url, where, err);
    if (!is_readable) {
        error_set(err, STATUS_USAGE, "libpq cannot read this connection string");
        return error_hint(err, "write postgresql://user@host/db or key words; encode special "
                               "characters as %%XX");
    }
    return true;
}

/* A variable in front may hold the beginning of either form. */
static bool fragment_holds_password(const char *rest)
{
    static const char *const fronts[] = {"postgresql://h", "dbname=h", "host=h "};
    char text[2048];

    for (size_t i = 0; i < COUNT_OF(fronts); i++) {
        bool is_readable;
        size_t length = strlen(fronts[i]);

        if (length + strlen(rest) >= sizeof(text))
            return true;
        memcpy(text, fronts[i], length);
        memcpy(text + length, rest, strlen(rest) + 1);
        if (uri_holds_password(text) || libpq_finds_password(text, &is_readable))
            return true;
    }
    return false;
}

bool url_refuse_literal_password(const char *literal, const char *where, struct error *err)
{
    struct error ignored = {0};
    enum engine engine;

    if (url_engine(literal, &engine, &ignored))
        return url_refuse_password(literal, where, err);
    if (!strchr(literal, URL_STAND_IN) ||
        !fragment_holds_password(strchr(literal, URL_STAND_IN) + 1))
        return true;
    return error_password(literal, where, err);
}
