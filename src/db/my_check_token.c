/* The tokens of a CHECK, decoded. */
#include "db/my_check.h"
#include <ctype.h>
#include <strings.h>

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

static bool is_before_string(const struct check_lexer *lexer)
{
    return lexer->scan.at < lexer->scan.end && *lexer->scan.at == '\'';
}

static enum check_token_kind kind_of(const struct my_piece *piece)
{
    switch (piece->kind) {
    case MY_PIECE_NAME:
        return CHECK_TOKEN_NAME;
    case MY_PIECE_TEXT:
        return piece->ptr[0] == '\'' ? CHECK_TOKEN_STRING : CHECK_TOKEN_BAD;
    case MY_PIECE_WORD:
        return isdigit((unsigned char)piece->ptr[0]) ? CHECK_TOKEN_NUMBER : CHECK_TOKEN_WORD;
    case MY_PIECE_SIGN:
        return CHECK_TOKEN_SIGN;
    case MY_PIECE_END:
        break;
    }
    return CHECK_TOKEN_END;
}

void my_check_next(struct check_lexer *lexer)
{
    struct my_piece piece = my_scan_next(&lexer->scan);
    bool has_charset = piece.len > 0 && piece.ptr[0] == '_' && is_before_string(lexer);
    char *text = NULL;

    assert(lexer->arena);
    if (has_charset) /* _utf8mb4'...' */
        piece = my_scan_next(&lexer->scan);
    if (piece.kind != MY_PIECE_END)
        text = my_piece_text(&piece, lexer->arena);
    bool is_bad = lexer->scan.is_broken || (piece.kind != MY_PIECE_END && !text);
    lexer->token = (struct check_token){
        .kind = is_bad ? CHECK_TOKEN_BAD : kind_of(&piece),
        .text = text ? text : "",
        .is_before_string = piece.kind == MY_PIECE_WORD && is_before_string(lexer),
    };
    if (has_charset && lexer->is_mysql && lexer->token.kind == CHECK_TOKEN_STRING)
        bytes_mend(text);
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
