/* Cuts the text of a CHECK into tokens. */
#include "db/my_check.h"
#include <ctype.h>
#include <strings.h>

static char unescaped(char letter)
{
    static const char letters[] = "ntrbZ0";
    static const char meanings[] = "\n\t\r\b\032";
    const char *at = strchr(letters, letter);

    return at && letter ? meanings[at - letters] : letter;
}

/* Room for what stands up to the quote that closes; NULL: none does, or memory ended. Doubled
 * quotes and escaped letters only make it smaller. */
static char *room_take(struct check_lexer *lexer, char quote)
{
    const char *start = lexer->at + 1, *at = start;

    while (*at && (*at != quote || at[1] == quote))
        at += (*at == quote || (*at == '\\' && quote == '\'')) && at[1] ? 2 : 1;
    return *at ? arena_alloc(lexer->arena, (size_t)(at - start) + 1) : NULL;
}

/* MySQL's information_schema shows the bytes of a literal as if each were a letter of latin1. */
static void bytes_mend(char *text)
{
    const size_t len = strlen(text);
    size_t out = 0;

    for (size_t at = 0; at < len; at++) {
        const unsigned char byte = (unsigned char)text[at];

        if (byte > 0xc3 || (byte >= 0x80 && byte < 0xc2))
            return;
        at += byte >= 0x80;
    }
    for (size_t at = 0; at < len; at++) {
        const unsigned char byte = (unsigned char)text[at];

        text[out++] = (char)(byte < 0x80 ? byte : ((byte & 0x03) << 6) | (text[++at] & 0x3f));
    }
    text[out] = '\0';
}

static const char *string_lex(struct check_lexer *lexer, bool has_charset)
{
    const char *at = lexer->at + 1;
    char *text = room_take(lexer, '\'');
    size_t len = 0;

    for (; text && *at && (*at != '\'' || at[1] == '\''); at++) {
        if (*at == '\\' && at[1] && at[1] != '%' && at[1] != '_') {
            at++;
            text[len++] = unescaped(*at);
            continue;
        }
        at += *at == '\'';
        text[len++] = *at;
    }
    if (!text || *at != '\'')
        return NULL;
    lexer->at = at + 1;
    if (has_charset && lexer->is_mysql)
        bytes_mend(text);
    return text;
}

const char *my_check_name(struct check_lexer *lexer)
{
    const char *at = lexer->at + 1;
    char *text = room_take(lexer, '`');
    size_t len = 0;

    for (; text && *at && (*at != '`' || at[1] == '`'); at++) {
        at += *at == '`';
        text[len++] = *at;
    }
    if (!text || *at != '`')
        return NULL;
    lexer->at = at + 1;
    return text;
}

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || byte == '$' || (byte & 0x80);
}

static size_t number_length(const char *at)
{
    size_t len = 0;

    while (is_word_byte(at[len]) || at[len] == '.' ||
           ((at[len] == '-' || at[len] == '+') && (at[len - 1] == 'e' || at[len - 1] == 'E')))
        len++;
    return len;
}

static size_t sign_length(const char *at)
{
    static const char *const signs[] = {"<=>", "<=", ">=", "<>", "!=", "<<", ">>", "->>", "->"};

    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (strncmp(at, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    }
    return 1;
}

static void token_set(struct check_lexer *lexer, enum check_token_kind kind, const char *text)
{
    lexer->token =
        (struct check_token){.kind = text ? kind : CHECK_TOKEN_BAD, .text = text ? text : ""};
}

static void token_take(struct check_lexer *lexer, enum check_token_kind kind, size_t len)
{
    token_set(lexer, kind, arena_strndup(lexer->arena, lexer->at, len));
    lexer->at += len;
}

void my_check_next(struct check_lexer *lexer)
{
    bool has_charset = false;

    assert(lexer->at && lexer->arena);
    lexer->at += strspn(lexer->at, " \t\r\n");
    if (lexer->at[0] == '_') { /* _utf8mb4'...' */
        size_t len = 0;

        while (is_word_byte(lexer->at[len]))
            len++;
        has_charset = lexer->at[len] == '\'';
        lexer->at += has_charset ? len : 0;
    }
    const char *at = lexer->at;
    size_t word = 0;

    if (*at == '\0') {
        token_set(lexer, CHECK_TOKEN_END, "");
    } else if (*at == '\'') {
        token_set(lexer, CHECK_TOKEN_STRING, string_lex(lexer, has_charset));
    } else if (*at == '`') {
        token_set(lexer, CHECK_TOKEN_NAME, my_check_name(lexer));
    } else if (isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1]))) {
        token_take(lexer, CHECK_TOKEN_NUMBER, number_length(at));
    } else if (is_word_byte(*at)) {
        while (is_word_byte(at[word]))
            word++;
        token_take(lexer, CHECK_TOKEN_WORD, word);
        lexer->token.is_before_string = at[word] == '\'';
    } else {
        token_take(lexer, CHECK_TOKEN_SIGN, sign_length(at));
    }
}

bool my_check_is(const struct check_lexer *lexer, const char *text)
{
    assert(lexer->token.text);
    return (lexer->token.kind == CHECK_TOKEN_SIGN || lexer->token.kind == CHECK_TOKEN_WORD) &&
           strcasecmp(lexer->token.text, text) == 0;
}

bool my_check_accept(struct check_lexer *lexer, const char *text)
{
    if (!my_check_is(lexer, text))
        return false;
    my_check_next(lexer);
    return true;
}
