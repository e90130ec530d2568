/* Cuts a fragment of SQL into tokens as the engine's lexer does, far enough to know what is text,
 * what is comment and what is neither. Where two settings or two versions would read the bytes
 * differently (a backslash before a quote, nested comments, comments that some servers execute),
 * the fragment is refused: a wall that depends on a setting is none. MySQL's sessions are ours:
 * strings know backslashes, and double quotes hold strings, not names. */
#ifndef UNDERSTUDY_CONFIG_SQL_SCAN_H
#define UNDERSTUDY_CONFIG_SQL_SCAN_H

#include "config/url.h"

enum sql_kind {
    SQL_END,
    SQL_BLANK,   /* white space */
    SQL_COMMENT, /* closed, as all that follows */
    SQL_WORD,    /* identifier or key word, not quoted */
    SQL_NUMBER,
    SQL_STRING,  /* '...'; MySQL: "..." too */
    SQL_ESCAPED, /* E'...' */
    SQL_DOLLAR,  /* $tag$...$tag$ */
    SQL_QUOTED,  /* a name: "...", MySQL: `...` */
    SQL_CAST,    /* :: */
    SQL_CHAR,    /* any other single byte */
    SQL_BAD      /* cannot be read safely; see problem */
};

struct sql_scan {
    enum engine engine;
    const char *text;    /* NUL-terminated, borrowed */
    size_t start;        /* of the current token */
    size_t end;          /* behind it; where the next one starts */
    const char *problem; /* set with SQL_BAD: what is wrong, without a quotation */
    bool after_escaped;  /* only blanks and comments since an E'...' string */
};

struct sql_scan sql_scan_start(enum engine engine, const char *text);
/* The next token; SQL_END for ever at the end, SQL_BAD for ever once met. */
enum sql_kind sql_scan_next(struct sql_scan *scan);
/* The current token is this word, whatever its case. */
bool sql_scan_is(const struct sql_scan *scan, const char *word);

#endif
