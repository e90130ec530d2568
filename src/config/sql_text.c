/* Checks a fragment of SQL token by token, and binds its variables. */
#include "config/sql_text.h"

#include "base/buf.h"
#include "base/words.h"
#include "config/sql_body.h"
#include <stdlib.h>
#include <string.h>

/* Deep enough for anything written by hand; the server's own parser is recursive. */
#define SQL_DEPTH_MAX 256
#define SQL_SIZE_MAX  ((size_t)1 << 20)

struct balance {
    enum sql_shape shape;
    struct sql_body body;     /* of a statement of MySQL */
    char open[SQL_DEPTH_MAX]; /* the closers that are owed */
    unsigned depth;
    bool has_content;
};

static bool error_at(const struct sql_scan *scan, struct error *err, const char *problem)
{
    return error_set(err, STATUS_PROFILE, "SQL, at character %zu: %s", scan->start + 1, problem);
}

static bool check_char(const struct sql_scan *scan, struct balance *balance, struct error *err)
{
    char byte = scan->text[scan->start];

    if (byte == ';' && balance->body.depth == 0)
        return error_at(scan, err, "a semicolon ends the statement");
    if (byte == '\\')
        return error_at(scan, err, "a backslash stands outside of a string");
    if ((unsigned char)byte < 0x20 || byte == 0x7f)
        return error_at(scan, err, "a control character stands outside of a string");
    if (byte == '(' || byte == '[') {
        if (balance->depth == SQL_DEPTH_MAX)
            return error_at(scan, err, "parentheses are nested too deep");
        balance->open[balance->depth++] = byte == '(' ? ')' : ']';
    }
    if (byte == ')' || byte == ']') {
        if (balance->depth == 0 || balance->open[balance->depth - 1] != byte)
            return error_at(scan, err, "this closes what was never opened");
        balance->depth--;
    }
    return true;
}

/* Reserved words that begin another clause behind ORDER BY; quoted, they are names. The last two
 * are MySQL's. */
static bool is_clause(const struct sql_scan *scan)
{
    static const char *const words[] = {"limit",     "offset",    "fetch",  "for",      "union",
                                        "intersect", "except",    "window", "into",     "having",
                                        "where",     "returning", "lock",   "procedure"};
    bool is_attribute = scan->start > 0 && scan->text[scan->start - 1] == '.';

    const size_t count = COUNT_OF(words) - (scan->engine == ENGINE_MYSQL ? 0 : 2);

    for (size_t i = 0; i < count && !is_attribute; i++)
        if (sql_scan_is(scan, words[i]))
            return true;
    return false;
}

static bool check_token(const struct sql_scan *scan, enum sql_kind kind, struct balance *balance,
                        struct error *err)
{
    const char *problem = NULL;

    if (kind == SQL_BAD)
        return error_at(scan, err, scan->problem);
    if (kind == SQL_BLANK || kind == SQL_COMMENT)
        return true;
    balance->has_content = true;
    if (kind == SQL_WORD && balance->shape == SQL_ORDERING && balance->depth == 0 &&
        is_clause(scan))
        return error_at(scan, err, "an ordering may hold no further clause");
    if (balance->shape == SQL_STATEMENT && scan->engine == ENGINE_MYSQL)
        problem = sql_body_take(&balance->body, scan, kind);
    if (problem)
        return error_at(scan, err, problem);
    return kind != SQL_CHAR || check_char(scan, balance, err);
}

bool sql_text_check(enum engine engine, const char *text, enum sql_shape shape, struct error *err)
{
    struct sql_scan scan = sql_scan_start(engine, text);
    struct balance balance = {.shape = shape};
    enum sql_kind kind;

    assert(text && err);
    if (strlen(text) > SQL_SIZE_MAX)
        return error_set(err, STATUS_PROFILE, "SQL is longer than %zu MiB", SQL_SIZE_MAX >> 20);
    while ((kind = sql_scan_next(&scan)) != SQL_END)
        if (!check_token(&scan, kind, &balance, err))
            return false;
    if (balance.depth > 0)
        return error_at(&scan, err, "a parenthesis is not closed");
    if (balance.body.depth > 0)
        return error_at(&scan, err, "a BEGIN or CASE has no END");
    if (!balance.has_content)
        return error_set(err, STATUS_PROFILE, "SQL is expected here, and it is empty");
    return true;
}

/* On PostgreSQL a backslash needs E'': the plain form would mean another text where
 * standard_conforming_strings is off. The blank keeps it apart from a word or string before. */
static void add_literal(enum engine engine, struct buf *out, const char *value)
{
    assert(value);
    bool has_backslash = strchr(value, '\\') != NULL;

    buf_add_text(out, has_backslash && engine == ENGINE_POSTGRESQL ? " E'" : " '");
    for (; *value != '\0'; value++) {
        if (*value == '\'' || *value == '\\')
            buf_add_char(out, *value);
        buf_add_char(out, *value);
    }
    buf_add_char(out, '\'');
}

static bool check_value(const char *name, const char *value, struct error *err)
{
    const char *end;

    if (!value) {
        error_set(err, STATUS_PROFILE, "SQL names the environment variable '%s', which is not set",
                  name);
        return error_hint(err, "set it; where ':' is the colon of a slice, put a blank behind it");
    }
    end = value + strlen(value);
    while (value < end)
        if (utf8_next(&value, end) < 0)
            return error_set(err, STATUS_PROFILE,
                             "the environment variable '%s' does not hold UTF-8 text", name);
    return true;
}

/* The scan stands at a ':'; when a name follows, takes it and writes its value. */
static bool bind_variable(struct sql_scan *scan, struct arena *arena, struct buf *out,
                          struct error *err)
{
    const char *start = scan->text + scan->end;
    size_t length =
        strspn(start, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    const char *name;
    const char *value;

    if (length == 0 || (*start >= '0' && *start <= '9')) {
        buf_add_char(out, ':');
        return true;
    }
    name = arena_strndup(arena, start, length);
    if (!name)
        return error_memory(err);
    value = getenv(name);
    if (!check_value(name, value, err))
        return false;
    add_literal(scan->engine, out, value);
    scan->end += length;
    if (strchr("'\"$", scan->text[scan->end]) && scan->text[scan->end] != '\0')
        return error_at(scan, err, "a quote or '$' follows a variable directly");
    return true;
}

static bool bind_tokens(enum engine engine, const char *text, struct arena *arena, struct buf *out,
                        struct error *err)
{
    struct sql_scan scan = sql_scan_start(engine, text);
    enum sql_kind kind;

    while ((kind = sql_scan_next(&scan)) != SQL_END) {
        bool is_char = kind == SQL_CHAR;

        assert(kind != SQL_BAD);
        if (is_char && text[scan.start] == ':') {
            if (!bind_variable(&scan, arena, out, err))
                return false;
            continue;
        }
        buf_add(out, text + scan.start, scan.end - scan.start);
    }
    if (!buf_ok(out))
        return error_set(err, STATUS_PROFILE, "SQL grows past its limit with its variables");
    return true;
}

bool sql_text_bind(const struct sql_reading *reading, const char *text, const char **bound,
                   struct error *err)
{
    struct buf out;
    bool is_ok;

    const enum engine engine = reading->engine;

    assert(text && reading->arena && bound);
    if (strstr(text, "${")) {
        error_set(err, STATUS_PROFILE, "'${' is not replaced in SQL");
        return error_hint(err, "write :NAME, which becomes a quoted literal");
    }
    if (!sql_text_check(engine, text, reading->shape, err))
        return false;
    buf_init(&out, 2 * SQL_SIZE_MAX);
    is_ok = bind_tokens(engine, text, reading->arena, &out, err);
    *bound = is_ok ? arena_strdup(reading->arena, buf_text(&out)) : NULL;
    buf_release(&out);
    if (is_ok && !*bound)
        return error_memory(err);
    return is_ok && sql_text_check(engine, *bound, reading->shape, err);
}
