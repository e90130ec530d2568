/* Reads SQL as MySQL and MariaDB print and keep it, one token at a time, so that definitions can be
 * understood and edited whatever their names, strings and comments hold. Knows backticks, quotes
 * with doubled and escaped ones inside, comments, and comments that only some versions read (their
 * contents count). What a person wrote is read by config/sql_scan.h, which refuses where readings
 * differ. Pure text: no server. */
#ifndef UNDERSTUDY_DB_MY_SCAN_H
#define UNDERSTUDY_DB_MY_SCAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"

enum my_piece_kind {
    MY_PIECE_END,
    MY_PIECE_WORD, /* key words, numbers (1.5e-3 is one), names without quotes */
    MY_PIECE_NAME, /* `in backticks` */
    MY_PIECE_TEXT, /* 'in quotes', "in double quotes" */
    MY_PIECE_SIGN  /* a comparison, shift or arrow; any other byte */
};

struct my_piece {
    enum my_piece_kind kind;
    const char *ptr; /* into the text, quotes included */
    size_t len;
    unsigned depth; /* of parentheses around it; a parenthesis itself counts as outside */
};

struct my_scan {
    const char *at, *end;
    unsigned depth;
    bool is_versioned;     /* inside a comment that some versions read */
    bool is_broken;        /* it ended at a quote that nothing closes */
    bool keeps_backslash;  /* NO_BACKSLASH_ESCAPES */
    bool names_in_doubles; /* ANSI_QUOTES */
    const char *letters;   /* character set, where a letter may end in a byte of ASCII; else NULL */
};

/* As the server prints it: in UTF-8, with backslashes that escape. */
void my_scan_begin(struct my_scan *scan, struct span text);
/* As it was written under that sql_mode and character_set_client; NULL: as above. */
void my_scan_begin_as(struct my_scan *scan, struct span text, const char *mode, const char *client);
/* The next one; MY_PIECE_END at the end, and where a quote is never closed. */
struct my_piece my_scan_next(struct my_scan *scan);
/* The one that comes next, without going there. */
struct my_piece my_scan_peek(const struct my_scan *scan);

/* A word (in any case), or a sign. */
bool my_piece_is(const struct my_piece *token, const char *text);
/* May it name something: a word or a quoted name? (Double quotes do in some modes of the server.)
 */
bool my_piece_is_name(const struct my_piece *token);
/* The name or the text without its quotes and escapes, in `arena`; NULL when memory ended. */
char *my_piece_text(const struct my_piece *token, struct arena *arena);
/* Does it name that? Quotes do not matter. */
bool my_piece_names(const struct my_piece *token, const char *name);
/* The same whatever the case of ASCII's letters. */
bool my_piece_names_caseless(const struct my_piece *token, const char *name);

/* Appends the text without `schema` where that qualifies a name: `shop`.`orders` becomes
 * `orders`. */
void my_write_unqualified(struct buf *out, struct span text, const char *schema);

#endif
