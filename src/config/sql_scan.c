/* The tokens of sql_scan.h, one function a kind. */
#include "config/sql_scan.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' ||
           byte == '\v';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_word_start(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (unsigned char)byte >= 0x80;
}

static bool is_word(char byte)
{
    return is_word_start(byte) || is_digit(byte) || byte == '$';
}

struct sql_scan sql_scan_start(enum engine engine, const char *text)
{
    assert(text);
    return (struct sql_scan){.engine = engine, .text = text};
}

static enum sql_kind scan_bad(struct sql_scan *scan, const char *problem)
{
    scan->problem = problem;
    return SQL_BAD;
}

/* A string whose backslashes may or may not escape, by standard_conforming_strings: it ends at the
 * same quote under both readings, or is refused. */
static enum sql_kind scan_string(struct sql_scan *scan)
{
    const char *text = scan->text;
    size_t at = scan->end + 1;
    bool is_odd = false; /* an odd run of backslashes stands right before */

    assert(text[scan->end] == '\'');
    if (scan->after_escaped)
        return scan_bad(scan, "a string follows an E'' string directly");
    for (;; at++) {
        if (text[at] == '\0')
            return scan_bad(scan, "a string is not closed");
        if (text[at] == '\\') {
            is_odd = !is_odd;
            continue;
        }
        if (text[at] == '\'' && is_odd)
            return scan_bad(scan, "a backslash before a quote is read two ways; write E'' strings");
        is_odd = false;
        if (text[at] == '\'' && text[at + 1] != '\'')
            break;
        if (text[at] == '\'')
            at++;
    }
    scan->end = at + 1;
    return SQL_STRING;
}

/* scan->end stands at the quote behind the E. */
static enum sql_kind scan_escaped(struct sql_scan *scan)
{
    const char *text = scan->text;
    size_t at = scan->end + 1;

    assert(text[scan->end] == '\'');
    if (scan->after_escaped)
        return scan_bad(scan, "a string follows an E'' string directly");
    for (;; at++) {
        if (text[at] == '\0' || (text[at] == '\\' && text[at + 1] == '\0'))
            return scan_bad(scan, "a string is not closed");
        if (text[at] == '\\' || (text[at] == '\'' && text[at + 1] == '\''))
            at++;
        else if (text[at] == '\'')
            break;
    }
    scan->end = at + 1;
    return SQL_ESCAPED;
}

/* A name between two quotes of its kind; the quote itself stands there twice. */
static enum sql_kind scan_quoted(struct sql_scan *scan)
{
    const char *text = scan->text;
    const char quote = text[scan->end];
    size_t at = scan->end + 1;

    for (;; at++) {
        if (text[at] == '\0')
            return scan_bad(scan, "a quoted name is not closed");
        if (text[at] == quote && text[at + 1] != quote)
            break;
        if (text[at] == quote)
            at++;
    }
    scan->end = at + 1;
    return SQL_QUOTED;
}

/* A string of MySQL: backslashes escape whatever follows. */
static enum sql_kind scan_my_string(struct sql_scan *scan)
{
    const char *text = scan->text;
    const char quote = text[scan->end];
    size_t at = scan->end + 1;

    for (;; at++) {
        if (text[at] == '\0' || (text[at] == '\\' && text[at + 1] == '\0'))
            return scan_bad(scan, "a string is not closed");
        if (text[at] == '\\' || (text[at] == quote && text[at + 1] == quote))
            at++;
        else if (text[at] == quote)
            break;
    }
    scan->end = at + 1;
    return SQL_STRING;
}

static enum sql_kind scan_dollar(struct sql_scan *scan)
{
    const char *open = scan->text + scan->end;
    size_t length = 1;
    const char *close;

    assert(open[0] == '$');
    if (is_digit(open[1]))
        return scan_bad(scan, "a numbered parameter ('$1') has no value here");
    if (is_word_start(open[1]))
        while (is_word(open[length]) && open[length] != '$')
            length++;
    if (open[length] != '$')
        return scan_bad(scan, "a '$' begins neither a string nor a name");
    length++;
    for (close = open + length; *close != '\0'; close++)
        if (strncmp(close, open, length) == 0) {
            scan->end += (size_t)(close - open) + length;
            return SQL_DOLLAR;
        }
    return scan_bad(scan, "a dollar quoted string is not closed");
}

static enum sql_kind scan_line_comment(struct sql_scan *scan)
{
    /* A carriage return ends it for PostgreSQL alone. */
    size_t length = strcspn(scan->text + scan->end, scan->engine == ENGINE_MYSQL ? "\n" : "\r\n");

    if (scan->text[scan->end + length] == '\0')
        return scan_bad(scan, scan->text[scan->end] == '#'
                                  ? "a '#' comment is not ended by a line end"
                                  : "a '--' comment is not ended by a line end");
    scan->end += length;
    return SQL_COMMENT;
}

static enum sql_kind scan_block_comment(struct sql_scan *scan)
{
    const char *text = scan->text;
    size_t at = scan->end + 2;

    if (text[at] == '!' || (text[at] == 'M' && text[at + 1] == '!'))
        return scan_bad(scan, "a comment that some servers execute ('/*!') is refused");
    if (text[at] == '+' && scan->engine == ENGINE_MYSQL)
        return scan_bad(scan, "a comment that tells the server what to do ('/*+') is refused");
    for (; text[at] != '\0'; at++) {
        if (text[at] == '/' && text[at + 1] == '*')
            return scan_bad(scan, "a comment inside a comment is read two ways");
        if (text[at] == '*' && text[at + 1] == '/') {
            scan->end = at + 2;
            return SQL_COMMENT;
        }
    }
    return scan_bad(scan, "a comment is not closed");
}

/* What clings to a number is read differently by different servers: '1e', '1$$'. */
static enum sql_kind scan_number(struct sql_scan *scan)
{
    const char *text = scan->text;
    size_t at = scan->end;

    while (is_word(text[at]) && text[at] != '$')
        at++;
    if (text[at] == '$' || text[at] == '\'' || text[at] == '"')
        return scan_bad(scan, "a quote or '$' follows a number directly");
    scan->end = at;
    return SQL_NUMBER;
}

static enum sql_kind scan_word(struct sql_scan *scan)
{
    const char *text = scan->text;
    size_t at = scan->end;

    while (is_word(text[at]))
        at++;
    scan->end = at;
    if (at == scan->start + 1 && (text[scan->start] == 'e' || text[scan->start] == 'E') &&
        text[at] == '\'')
        return scan_escaped(scan);
    return SQL_WORD;
}

/* What MySQL reads otherwise. Numbers and words are one there: a name may begin with a digit. */
static enum sql_kind scan_my_token(struct sql_scan *scan)
{
    const char *text = scan->text + scan->end;

    if (text[0] == '#')
        return scan_line_comment(scan);
    if (text[0] == '-' && text[1] == '-' && (is_blank(text[2]) || text[2] == '\0'))
        return scan_line_comment(scan);
    if (text[0] == '-' && text[1] == '-')
        return scan_bad(scan, "'--' begins a comment for some and is two signs for others; put a "
                              "blank between or behind");
    if (text[0] == '\'' || text[0] == '"')
        return scan_my_string(scan);
    if (text[0] == '`')
        return scan_quoted(scan);
    if (text[0] == '$')
        return scan_bad(scan, "a '$' begins a name for some and a string for others");
    if (is_word_start(text[0]) || is_digit(text[0])) {
        while (is_word(scan->text[scan->end]))
            scan->end++;
        return is_digit(text[0]) ? SQL_NUMBER : SQL_WORD;
    }
    scan->end++;
    return SQL_CHAR;
}

static enum sql_kind scan_token(struct sql_scan *scan)
{
    const char *text = scan->text + scan->end;

    if (text[0] == '\0')
        return SQL_END;
    if (is_blank(text[0])) {
        while (is_blank(scan->text[scan->end]))
            scan->end++;
        return SQL_BLANK;
    }
    if (text[0] == '/' && text[1] == '*')
        return scan_block_comment(scan);
    if (scan->engine == ENGINE_MYSQL)
        return scan_my_token(scan);
    if (text[0] == '-' && text[1] == '-')
        return scan_line_comment(scan);
    if (text[0] == '\'')
        return scan_string(scan);
    if (text[0] == '"')
        return scan_quoted(scan);
    if (text[0] == '$')
        return scan_dollar(scan);
    if (text[0] == '`')
        return scan_bad(scan, "a backtick quotes nothing here");
    if (is_digit(text[0]))
        return scan_number(scan);
    if (is_word_start(text[0]))
        return scan_word(scan);
    if (text[0] == ':' && text[1] == ':') {
        scan->end += 2;
        return SQL_CAST;
    }
    scan->end++;
    return SQL_CHAR;
}

enum sql_kind sql_scan_next(struct sql_scan *scan)
{
    enum sql_kind kind;

    if (scan->problem)
        return SQL_BAD;
    scan->start = scan->end;
    kind = scan_token(scan);
    assert(scan->end >= scan->start);
    assert(kind == SQL_END || kind == SQL_BAD || scan->end > scan->start);
    if (kind != SQL_BLANK && kind != SQL_COMMENT)
        scan->after_escaped = kind == SQL_ESCAPED;
    return kind;
}

bool sql_scan_is(const struct sql_scan *scan, const char *word)
{
    size_t length = scan->end - scan->start;

    return strlen(word) == length && strncasecmp(scan->text + scan->start, word, length) == 0;
}
