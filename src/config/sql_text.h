/* The wall before SQL that a profile brings: a fragment must be one balanced expression that
 * cannot leave the parentheses it will be put into, whatever a hostile profile holds. And :VAR in
 * it becomes a literal from the environment. */
#ifndef UNDERSTUDY_CONFIG_SQL_TEXT_H
#define UNDERSTUDY_CONFIG_SQL_TEXT_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "config/url.h"

enum sql_shape {
    SQL_CONDITION, /* `where`, `when`: stands inside ( ) */
    SQL_ORDERING,  /* `order`: stands behind ORDER BY; no clause may follow it */
    SQL_STATEMENT  /* after_load: one statement; MySQL: semicolons may stand in its BEGIN ... END */
};

/* Read as `engine` does: parentheses and brackets balanced and never below zero outside of quotes
 * and comments, quotes and comments closed, no semicolon, no parameter, not empty. STATUS_PROFILE;
 * the fragment itself is not quoted, only the position in it. */
bool sql_text_check(enum engine engine, const char *text, enum sql_shape shape, struct error *err);

/* How a fragment is read: by which engine, as what, and where its bound form lies. */
struct sql_reading {
    enum engine engine;
    enum sql_shape shape;
    struct arena *arena;
};

/* Checks, puts the environment variable NAME as a literal where :NAME stands outside of quotes
 * and comments, and checks again. `::` is a cast and stays. A variable that is not set is
 * STATUS_PROFILE; so is ${NAME}, which would not be escaped. */
bool sql_text_bind(const struct sql_reading *reading, const char *text, const char **bound,
                   struct error *err);

#endif
