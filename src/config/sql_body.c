/* Counts the blocks of a program's body. */
#include "config/sql_body.h"

#include <string.h>

static bool is_one_of(const struct sql_scan *scan, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sql_scan_is(scan, words[i]))
            return true;
    return false;
}

/* What is created or altered: a program, or something that has no body. */
static void object_take(struct sql_body *body, const struct sql_scan *scan)
{
    static const char *const programs[] = {"procedure", "function", "trigger", "event", "package"};
    static const char *const others[] = {"table",  "view", "index",  "user",     "database",
                                         "schema", "role", "server", "sequence", "tablespace"};

    if (is_one_of(scan, others, COUNT_OF(others)))
        body->is_create = false;
    else if (is_one_of(scan, programs, COUNT_OF(programs)))
        body->is_program = true;
}

static bool is_call(const struct sql_scan *scan)
{
    const char *next = scan->text + scan->end;

    return next[strspn(next, " \t\r\n")] == '(';
}

/* Blocks without BEGIN around them, whose semicolons would be taken for the statement's. */
static bool is_bare_block(const struct sql_scan *scan)
{
    static const char *const words[] = {"then", "loop", "while"};

    return is_one_of(scan, words, COUNT_OF(words)) ||
           (sql_scan_is(scan, "repeat") && !is_call(scan));
}

static const char *program_take(struct sql_body *body, const struct sql_scan *scan)
{
    static const char *const blocks[] = {"if", "loop", "repeat", "while", "for"};
    const bool is_behind_end = body->is_behind_end;

    if (is_behind_end && is_one_of(scan, blocks, COUNT_OF(blocks))) {
        body->depth++; /* END IF ended no BEGIN */
        return NULL;
    }
    if (sql_scan_is(scan, "begin") || (sql_scan_is(scan, "case") && !is_behind_end))
        body->depth++;
    else if (sql_scan_is(scan, "end") && body->depth > 0)
        body->depth--;
    else if (body->depth == 0 && is_bare_block(scan))
        return "a body of several statements stands between BEGIN and END here";
    return NULL;
}

/* MariaDB: BEGIN NOT ATOMIC ... END */
static void anonymous_begin(struct sql_body *body)
{
    body->is_program = true;
    body->depth = 1;
}

static const char *word_take(struct sql_body *body, const struct sql_scan *scan)
{
    const char *problem = NULL;

    body->words++;
    if (body->words == 1 && sql_scan_is(scan, "delimiter"))
        return "DELIMITER is a command of the client, and runs nowhere here; bodies between BEGIN "
               "and END need none";
    if (body->words == 1)
        body->is_create = sql_scan_is(scan, "create") || sql_scan_is(scan, "alter");
    else if (body->words == 2 && body->is_behind_begin && sql_scan_is(scan, "not"))
        anonymous_begin(body);
    else if (body->is_create && !body->is_program)
        object_take(body, scan);
    else if (body->is_program)
        problem = program_take(body, scan);
    return problem;
}

const char *sql_body_take(struct sql_body *body, const struct sql_scan *scan, enum sql_kind kind)
{
    const bool is_word = kind == SQL_WORD && !body->is_behind_dot;
    const char *problem = is_word ? word_take(body, scan) : NULL;

    assert(kind != SQL_BLANK && kind != SQL_COMMENT && kind != SQL_END);
    body->words += kind != SQL_WORD && body->words == 0;
    body->is_behind_begin = is_word && sql_scan_is(scan, "begin");
    body->is_behind_end = is_word && body->is_program && sql_scan_is(scan, "end");
    body->is_behind_dot = kind == SQL_CHAR && scan->text[scan->start] == '.';
    return problem;
}
