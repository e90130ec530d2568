/* The tokens of a CHECK as MySQL and MariaDB print it; for my_check.c only. */
#ifndef UNDERSTUDY_DB_MY_CHECK_H
#define UNDERSTUDY_DB_MY_CHECK_H

#include "base/arena.h"

enum my_token_kind {
    MY_TOKEN_END,
    MY_TOKEN_NAME,   /* `column` */
    MY_TOKEN_STRING, /* '...', decoded; its _charset is left out */
    MY_TOKEN_WORD,   /* function or key word */
    MY_TOKEN_NUMBER,
    MY_TOKEN_SIGN,
    MY_TOKEN_BAD /* not closed, or memory ended */
};

struct my_token {
    enum my_token_kind kind;
    const char *text;      /* decoded; in the arena */
    bool is_before_string; /* a word right before a quote: DATE'2020-01-01' */
};

struct my_lexer {
    const char *at; /* behind the token in hand; at the start: the text */
    struct my_token token;
    struct arena *arena;
    bool is_mysql; /* whose information_schema shows bytes of a literal as letters of latin1 */
};

void my_token_next(struct my_lexer *lexer);
/* The token in hand is that word, whatever its case, or that sign. */
bool my_token_is(const struct my_lexer *lexer, const char *text);
/* The same, and goes on to the next one. */
bool my_token_accept(struct my_lexer *lexer, const char *text);
/* The name in the backticks at which `at` stands, and `at` behind them; NULL: not closed. */
const char *my_token_name(struct my_lexer *lexer);

#endif
