/* The tokens and the operands of a CHECK as MySQL and MariaDB print it; for my_check*.c only. */
#ifndef UNDERSTUDY_DB_MY_CHECK_H
#define UNDERSTUDY_DB_MY_CHECK_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "db/my_scan.h"

enum check_token_kind {
    CHECK_TOKEN_END,
    CHECK_TOKEN_NAME,   /* `column` */
    CHECK_TOKEN_STRING, /* '...', decoded; its _charset is left out */
    CHECK_TOKEN_WORD,   /* function or key word */
    CHECK_TOKEN_NUMBER,
    CHECK_TOKEN_SIGN,
    CHECK_TOKEN_BAD /* not closed, or memory ended */
};

struct check_token {
    enum check_token_kind kind;
    const char *text;      /* decoded; in the arena */
    bool is_before_string; /* a word right before a quote: DATE'2020-01-01' */
};

struct check_lexer {
    struct my_scan scan; /* behind the token in hand */
    struct check_token token;
    struct arena *arena;
    bool is_mysql; /* whose information_schema shows bytes of a literal as letters of latin1 */
};

void my_check_next(struct check_lexer *lexer);
/* The token in hand is that word, whatever its case, or that sign. */
bool my_check_is(const struct check_lexer *lexer, const char *text);
/* The same, and goes on to the next one. */
bool my_check_accept(struct check_lexer *lexer, const char *text);

/* A clause being read. Its parts are texts of the arena; a part that is not understood sets
 * has_failed and is "". */
struct check_reader {
    struct check_lexer lexer;
    struct arena *arena;
    const struct table *table;
    struct check *check;
    bool has_failed;
    unsigned depth;
};

#define CHECK_DEPTH_MAX 64

/* Not understood, or out of memory. */
const char *my_check_fail(struct check_reader *reader);
/* The format with its letters 1 and 2 replaced by the texts. */
const char *my_check_join(struct check_reader *reader, const char *format, const char *a,
                          const char *b);
/* Adds a column to the CHECK's list, once; false: out of memory. */
bool my_check_note(struct check_reader *reader, const struct column *column);
/* What stands on one side of a comparison. */
const char *my_check_operand(struct check_reader *reader);
/* What stands between the parentheses of a call or a list, and the one that closes it. */
const char *my_check_arguments(struct check_reader *reader);
/* Comparisons and what joins them; my_check.c. */
const char *my_check_expression(struct check_reader *reader);

#endif
