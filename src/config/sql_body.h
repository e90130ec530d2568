/* Where a statement of MySQL ends whose body holds statements of its own: CREATE PROCEDURE,
 * FUNCTION, TRIGGER or EVENT with BEGIN ... END, whose semicolons end nothing. The client's
 * DELIMITER is not known here. Other blocks (IF, LOOP ...) end with a word behind END and need no
 * counting. */
#ifndef UNDERSTUDY_CONFIG_SQL_BODY_H
#define UNDERSTUDY_CONFIG_SQL_BODY_H

#include "config/sql_scan.h"

struct sql_body {          /* all zero before the first token of a statement */
    unsigned words, depth; /* depth: BEGIN and CASE without their END; a semicolon ends at 0 */
    bool is_create, is_program;
    bool is_behind_begin, is_behind_end, is_behind_dot;
};

/* Every token but blanks and comments. NULL, or what is wrong with it. */
const char *sql_body_take(struct sql_body *body, const struct sql_scan *scan, enum sql_kind kind);

#endif
