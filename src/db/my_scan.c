/* Tokens of SQL, without their grammar. */
#include "db/my_scan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void my_scan_begin(struct my_scan *scan, struct span text)
{
    assert(text.ptr || text.len == 0);
    *scan = (struct my_scan){.at = text.ptr, .end = text.ptr ? text.ptr + text.len : NULL};
}

void my_scan_begin_as(struct my_scan *scan, struct span text, const char *mode, const char *client)
{
    static const char *const sets[] = {"gbk", "gb18030", "big5", "sjis", "cp932"};

    my_scan_begin(scan, text);
    scan->keeps_backslash = mode && strstr(mode, "NO_BACKSLASH_ESCAPES");
    scan->names_in_doubles = mode && strstr(mode, "ANSI_QUOTES");
    for (size_t i = 0; client && i < COUNT_OF(sets); i++) {
        if (strcasecmp(client, sets[i]) == 0)
            scan->letters = sets[i];
    }
}

static size_t left(const struct my_scan *scan)
{
    return (size_t)(scan->end - scan->at);
}

static bool starts_with(const struct my_scan *scan, const char *text)
{
    size_t len = strlen(text);

    return left(scan) >= len && memcmp(scan->at, text, len) == 0;
}

static void skip_past(struct my_scan *scan, const char *text)
{
    while (scan->at < scan->end && !starts_with(scan, text))
        scan->at++;
    scan->at = scan->at < scan->end ? scan->at + strlen(text) : scan->end;
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* True when a comment was passed, or the edge of one whose contents count. */
static bool skip_comment(struct my_scan *scan)
{
    if (starts_with(scan, "/*!") || starts_with(scan, "/*M!")) {
        scan->at += scan->at[2] == 'M' ? 4 : 3;
        while (scan->at < scan->end && isdigit((unsigned char)*scan->at))
            scan->at++;
        scan->is_versioned = true;
        return true;
    }
    if (scan->is_versioned && starts_with(scan, "*/")) {
        scan->at += 2;
        scan->is_versioned = false;
        return true;
    }
    if (starts_with(scan, "/*")) {
        skip_past(scan, "*/");
        return true;
    }
    if (*scan->at == '#' ||
        (starts_with(scan, "--") && (left(scan) == 2 || (unsigned char)scan->at[2] <= ' '))) {
        skip_past(scan, "\n");
        return true;
    }
    return false;
}

static void skip_blanks(struct my_scan *scan)
{
    while (scan->at < scan->end) {
        if (is_space(*scan->at))
            scan->at++;
        else if (!skip_comment(scan))
            return;
    }
}

/* Letters of any alphabet are bytes from 0x80 on. */
static bool is_word(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || byte == '$' || (byte & 0x80) != 0;
}

/* Two bytes that are one letter, the second of which may look like a quote or a backslash. */
static size_t letter_len(const struct my_scan *scan, const char *at)
{
    unsigned char lead = (unsigned char)*at;

    if (!scan->letters || lead < 0x81 || at + 1 >= scan->end)
        return 1;
    unsigned char trail = (unsigned char)at[1];
    bool is_lead = lead < 0xFF, is_trail = trail >= 0x40 && trail != 0x7F && trail < 0xFF;

    if (scan->letters[0] == 'b') { /* big5 */
        is_lead = lead >= 0xA1 && lead <= 0xF9;
        is_trail = is_trail && (trail < 0x7F || trail >= 0xA1);
    } else if (scan->letters[0] != 'g') { /* sjis, cp932 */
        is_lead = lead <= 0x9F || (lead >= 0xE0 && lead <= 0xFC);
        is_trail = is_trail && trail <= 0xFC;
    }
    return is_lead && is_trail ? 2 : 1;
}

/* Behind the closing quote; NULL when there is none. */
static const char *quoted_end(const struct my_scan *scan)
{
    const char *at = scan->at, *end = scan->end;
    char quote = *at++;
    bool escapes =
        !scan->keeps_backslash && (quote == '\'' || (quote == '"' && !scan->names_in_doubles));

    while (at < end) {
        size_t len = letter_len(scan, at);

        if (len > 1)
            at += len;
        else if (*at == '\\' && escapes && at + 1 < end)
            at += 1 + letter_len(scan, at + 1);
        else if (*at == quote && at + 1 < end && at[1] == quote)
            at += 2;
        else if (*at++ == quote)
            return at;
    }
    return NULL;
}

/* Behind the word or the number. A point or the sign of an exponent belongs to what has begun with
 * digits alone: names may begin with digits too. */
static const char *word_end(const struct my_scan *scan)
{
    const char *at = scan->at, *end = scan->end;
    const char *start = at;

    while (at < end && isdigit((unsigned char)*at))
        at++;
    bool is_number = at > start;
    if (is_number && at < end && *at == '.')
        for (at++; at < end && isdigit((unsigned char)*at); at++)
            ;
    if (is_number && end - at > 2 && (*at == 'e' || *at == 'E') && (at[1] == '-' || at[1] == '+') &&
        isdigit((unsigned char)at[2]))
        at += 2;
    while (at < end && is_word(*at))
        at += letter_len(scan, at);
    return at;
}

static size_t sign_length(const struct my_scan *scan)
{
    static const char *const signs[] = {"<=>", "<=", ">=", "<>", "!=", "<<", ">>", "->>", "->"};

    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (starts_with(scan, signs[i]))
            return strlen(signs[i]);
    return 1;
}

struct my_piece my_scan_next(struct my_scan *scan)
{
    struct my_piece token = {0};

    assert(scan->at <= scan->end);
    skip_blanks(scan);
    token.ptr = scan->at;
    token.depth = scan->depth;
    if (scan->at >= scan->end)
        return token;
    if (*scan->at == '`' || *scan->at == '\'' || *scan->at == '"') {
        const char *end = quoted_end(scan);

        token.kind = !end ? MY_PIECE_END : *scan->at == '`' ? MY_PIECE_NAME : MY_PIECE_TEXT;
        scan->at = end ? end : scan->end;
        scan->is_broken = !end;
    } else if (is_word(*scan->at)) {
        token.kind = MY_PIECE_WORD;
        scan->at = word_end(scan);
    } else {
        token.kind = MY_PIECE_SIGN;
        scan->depth += *scan->at == '(';
        scan->depth -= *scan->at == ')' && scan->depth > 0;
        token.depth = *scan->at == ')' ? scan->depth : token.depth;
        scan->at += sign_length(scan);
    }
    token.len = (size_t)(scan->at - token.ptr);
    return token;
}

struct my_piece my_scan_peek(const struct my_scan *scan)
{
    struct my_scan ahead = *scan;

    return my_scan_next(&ahead);
}

bool my_piece_is(const struct my_piece *token, const char *text)
{
    assert(token && text);
    return (token->kind == MY_PIECE_WORD || token->kind == MY_PIECE_SIGN) &&
           token->len == strlen(text) && strncasecmp(token->ptr, text, token->len) == 0;
}

bool my_piece_is_name(const struct my_piece *token)
{
    return token->kind == MY_PIECE_WORD || token->kind == MY_PIECE_NAME ||
           (token->kind == MY_PIECE_TEXT && token->ptr[0] == '"');
}

/* What stands behind a backslash; \% and \_ keep theirs, which LIKE reads. */
static char unescaped(char letter)
{
    static const char letters[] = "ntrbZ0";
    static const char meanings[] = "\n\t\r\b\032";
    const char *at = letter ? strchr(letters, letter) : NULL;

    return at ? meanings[at - letters] : letter;
}

char *my_piece_text(const struct my_piece *token, struct arena *arena)
{
    char *text = arena_strndup(arena, token->ptr, token->len);
    size_t len = 0;

    assert(token->kind != MY_PIECE_END && arena);
    if (!text || token->kind == MY_PIECE_WORD || token->kind == MY_PIECE_SIGN)
        return text;
    assert(token->len >= 2);
    const char quote = text[0];
    for (size_t i = 1; i + 1 < token->len; i++) {
        const char next = text[i + 1];

        if (text[i] == '\\' && quote != '`' && next != '%' && next != '_')
            text[len++] = unescaped(text[++i]);
        else {
            i += text[i] == quote;
            text[len++] = text[i];
        }
    }
    text[len] = '\0';
    return text;
}

static bool is_same(char a, char b, bool is_caseless)
{
    return a == b || (is_caseless && tolower((unsigned char)a) == tolower((unsigned char)b));
}

static bool names(const struct my_piece *token, const char *name, bool is_caseless)
{
    const char *at = token->ptr;
    const char *end = token->ptr + token->len;

    if (!my_piece_is_name(token))
        return false;
    char quote = token->kind == MY_PIECE_WORD ? '\0' : *at;
    at += quote != '\0';
    end -= quote != '\0';
    for (; at < end && *name; name++, at++) {
        at += quote != '\0' && *at == quote;
        if (at >= end || !is_same(*at, *name, is_caseless))
            return false;
    }
    return at == end && *name == '\0';
}

bool my_piece_names(const struct my_piece *token, const char *name)
{
    return names(token, name, false);
}

bool my_piece_names_caseless(const struct my_piece *token, const char *name)
{
    return names(token, name, true);
}

void my_write_unqualified(struct buf *out, struct span text, const char *schema)
{
    const char *kept = text.ptr; /* the text up to here is written */
    bool is_behind_dot = false;
    struct my_scan scan;

    assert(out && schema);
    my_scan_begin(&scan, text);
    for (struct my_piece token = my_scan_next(&scan); token.kind != MY_PIECE_END;
         token = my_scan_next(&scan)) {
        struct my_piece dot = my_scan_peek(&scan);

        if (!is_behind_dot && my_piece_is(&dot, ".") && my_piece_names(&token, schema)) {
            buf_add(out, kept, (size_t)(token.ptr - kept));
            (void)my_scan_next(&scan);
            kept = scan.at;
        }
        is_behind_dot = my_piece_is(&token, ".");
    }
    buf_add(out, kept, (size_t)(text.ptr + text.len - kept));
}
