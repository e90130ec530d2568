/* Which schemas a program's text reaches. `a.b` may be a table of schema a or a column of table a,
 * so that places are told apart where only tables or routines stand: behind FROM, JOIN, INTO and
 * the like and the commas that follow them, before two more names, before an argument list. What
 * cannot be told counts as a schema. */
#include "stage/my_program.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 256

enum {
    EXPECTS = 1, /* what follows is a table's or a routine's name */
    LISTS = 2,   /* and so is what follows a comma */
    KEEPS = 4,   /* stands between such a word and the name */
    CALLS = 8,   /* with a parenthesis behind it, a function */
    OPENS = 16,  /* a function that has the name inside its parenthesis */
    TAKES = 32   /* a function whose arguments may have a FROM between them */
};

static const struct {
    const char *word;
    int flags;
} words[] = {
    {"FROM", EXPECTS | LISTS},
    {"JOIN", EXPECTS | LISTS},
    {"INTO", EXPECTS},
    {"UPDATE", EXPECTS | LISTS},
    {"INSERT", EXPECTS | CALLS},
    {"REPLACE", EXPECTS | CALLS},
    {"DELETE", EXPECTS | LISTS},
    {"TRUNCATE", EXPECTS | CALLS},
    {"TABLE", EXPECTS | LISTS | CALLS},
    {"TABLES", EXPECTS | LISTS},
    {"USING", EXPECTS | LISTS | CALLS},
    {"CALL", EXPECTS},
    {"VIEW", EXPECTS | LISTS},
    {"PROCEDURE", EXPECTS},
    {"FUNCTION", EXPECTS},
    {"PACKAGE", EXPECTS},
    {"TRIGGER", EXPECTS},
    {"EVENT", EXPECTS},
    {"SEQUENCE", EXPECTS | LISTS},
    {"REFERENCES", EXPECTS},
    {"HANDLER", EXPECTS},
    {"TO", EXPECTS},
    {"LOW_PRIORITY", KEEPS},
    {"HIGH_PRIORITY", KEEPS},
    {"DELAYED", KEEPS},
    {"QUICK", KEEPS},
    {"IGNORE", KEEPS},
    {"CONCURRENT", KEEPS},
    {"OJ", KEEPS},
    {"IF", KEEPS},
    {"NOT", KEEPS},
    {"EXISTS", KEEPS},
    {"ONLY", KEEPS},
    {"BODY", KEEPS},
    {"NEXTVAL", OPENS},
    {"LASTVAL", OPENS},
    {"SETVAL", OPENS},
    {"EXTRACT", TAKES},
    {"TRIM", TAKES},
    {"TRIM_ORACLE", TAKES},
    {"SUBSTRING", TAKES},
    {"SUBSTR", TAKES},
    {"MID", TAKES},
};

/* Behind these a comma parts columns and values again. */
static const char *const ends[] = {"SELECT", "SET",       "WHERE",     "GROUP",  "HAVING", "ORDER",
                                   "LIMIT",  "UNION",     "INTERSECT", "VALUES", "VALUE",  "INTO",
                                   "THEN",   "RETURNING", "DUPLICATE", "WINDOW", "DO",     "BEGIN"};

struct walk {
    struct my_scan scan;
    struct my_piece before; /* the token before this one */
    bool expects, opens;
    bool is_making;               /* CREATE TABLE: LIKE names a table */
    bool is_granting;             /* ON names one, */
    bool takes_all;               /* or all of a schema's */
    bool lists[DEPTH_MAX + 2];    /* by depth: a comma brings the next name */
    bool is_taken[DEPTH_MAX + 2]; /* FROM parts arguments */
    const struct my_program *program;
    const char *schema;
    struct my_reach *reach;
};

static bool is_one_of(const struct my_piece *token, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (my_piece_is(token, list[i]))
            return true;
    }
    return false;
}

static bool is_number(const struct my_piece *token)
{
    for (size_t i = 0; i < token->len; i++) {
        if (!isdigit((unsigned char)token->ptr[i]))
            return false;
    }
    return token->kind == MY_PIECE_WORD;
}

/* The server's own, which are on every server. */
static bool is_system(const struct my_piece *token)
{
    static const char *const own[] = {"mysql", "information_schema", "performance_schema", "sys"};

    for (size_t i = 0; i < COUNT_OF(own); i++) {
        if (my_piece_names_caseless(token, own[i]))
            return true;
    }
    return false;
}

static void reach_schema(struct walk *walk, const struct my_piece *token)
{
    if (my_piece_names_caseless(token, walk->schema))
        walk->reach->is_own = true;
    else if (!is_system(token))
        walk->reach->is_other = true;
}

static bool is_row(const struct walk *walk, const struct my_piece *token)
{
    return walk->program->kind == MY_PROGRAM_TRIGGER &&
           (my_piece_names_caseless(token, "NEW") || my_piece_names_caseless(token, "OLD"));
}

static bool is_package(const struct walk *walk, const struct my_piece *token)
{
    for (size_t i = 0; i < walk->reach->package_count; i++) {
        const struct my_program *package = &walk->reach->packages[i];

        if (package->kind == MY_PROGRAM_PACKAGE && my_piece_names_caseless(token, package->name))
            return true;
    }
    return false;
}

/* A name that a dot follows; goes behind the last of them. */
static void pass_chain(struct walk *walk, const struct my_piece *first)
{
    struct my_piece next = my_scan_peek(&walk->scan);
    struct my_piece last = *first;
    size_t parts = 1;

    while (my_piece_is(&next, ".")) {
        (void)my_scan_next(&walk->scan);
        last = my_scan_next(&walk->scan);
        next = my_scan_peek(&walk->scan);
        parts++;
    }
    bool is_any = parts == 2 && my_piece_is(&last, "*");
    bool is_open = my_piece_is(&next, "(");
    bool is_routine =
        is_package(walk, first) && (walk->expects ? my_piece_is(&walk->before, "CALL") : is_open);
    bool is_schema = parts > 2 || (walk->expects ? !is_any || walk->takes_all : is_open);

    if (!is_number(first) && !is_row(walk, first) && !is_routine) {
        if (is_schema)
            reach_schema(walk, first);
        else if (walk->program->kind != MY_PROGRAM_VIEW &&
                 my_piece_names_caseless(first, walk->schema))
            walk->reach->is_own = true;
    }
    walk->expects = walk->opens = false;
    walk->before = last;
    walk->before.kind = MY_PIECE_NAME;
}

/* SQL that is put together when it runs, or is none. */
static bool is_hidden(const struct walk *walk, const struct my_piece *word)
{
    struct my_scan ahead = walk->scan;
    struct my_piece next = my_scan_next(&ahead);
    struct my_piece then = my_scan_next(&ahead);

    return (my_piece_is(word, "PREPARE") && my_piece_is(&then, "FROM")) ||
           (my_piece_is(word, "EXECUTE") && my_piece_is(&next, "IMMEDIATE")) ||
           (my_piece_is(word, "LANGUAGE") && next.kind == MY_PIECE_WORD &&
            !my_piece_is(&next, "SQL"));
}

static int flags_of(const struct walk *walk, const struct my_piece *word, unsigned depth)
{
    struct my_piece next = my_scan_peek(&walk->scan);
    bool is_open = my_piece_is(&next, "(");
    int flags = 0;

    for (size_t i = 0; flags == 0 && i < COUNT_OF(words); i++)
        flags = my_piece_is(word, words[i].word) ? words[i].flags : 0;
    if ((flags & CALLS && is_open) || (flags & (OPENS | TAKES) && !is_open) ||
        (my_piece_is(word, "FROM") && walk->is_taken[depth]) ||
        (my_piece_is(word, "UPDATE") && my_piece_is(&walk->before, "KEY")))
        return 0;
    if ((my_piece_is(word, "STRAIGHT_JOIN") && walk->lists[depth]) ||
        (my_piece_is(word, "LIKE") && walk->is_making) ||
        (my_piece_is(word, "ON") && walk->is_granting) ||
        (my_piece_is(word, "FOR") && my_piece_is(&walk->before, "VALUE")))
        return EXPECTS;
    return flags;
}

static void pass_word(struct walk *walk, const struct my_piece *word, unsigned depth)
{
    static const char *const indexed[] = {"CREATE", "DROP", "UNIQUE", "FULLTEXT", "SPATIAL"};
    int flags = flags_of(walk, word, depth);

    walk->reach->is_hidden = walk->reach->is_hidden || is_hidden(walk, word);
    if (my_piece_is(word, "SELECT"))
        walk->is_taken[depth] = walk->is_making = false;
    if (is_one_of(word, ends, COUNT_OF(ends)))
        walk->lists[depth] = false;
    walk->is_making = walk->is_making || my_piece_is(word, "TABLE");
    walk->takes_all = walk->is_granting && my_piece_is(word, "ON");
    walk->is_granting = walk->is_granting && !walk->takes_all;
    if (my_piece_is(word, "GRANT") || my_piece_is(word, "REVOKE") ||
        (my_piece_is(word, "INDEX") && is_one_of(&walk->before, indexed, COUNT_OF(indexed))))
        walk->is_granting = true;
    walk->expects = flags & (EXPECTS | OPENS) || (walk->expects && flags & KEEPS);
    walk->opens = flags & TAKES;
    if (flags & LISTS)
        walk->lists[depth] = true;
}

/* DROP DATABASE hr. */
static bool is_schema_word(const struct my_piece *token)
{
    return my_piece_is(token, "DATABASE") || my_piece_is(token, "SCHEMA");
}

static void pass_sign(struct walk *walk, const struct my_piece *sign, unsigned depth)
{
    if (my_piece_is(sign, "(")) {
        walk->lists[depth + 1] = walk->expects;
        walk->is_taken[depth + 1] = walk->opens;
    } else if (my_piece_is(sign, ",")) {
        walk->expects = walk->lists[depth];
    } else if (my_piece_is(sign, ";")) {
        memset(walk->lists, 0, sizeof(walk->lists));
        walk->expects = walk->is_making = walk->is_granting = false;
    } else if (!my_piece_is(sign, "{")) {
        walk->expects = false;
    }
    walk->opens = false;
}

static void pass(struct walk *walk, const struct my_piece *token)
{
    struct my_piece next = my_scan_peek(&walk->scan);
    bool is_name = my_piece_is_name(token) && !my_piece_is(&walk->before, ".") &&
                   !my_piece_is(&walk->before, "@");

    if (is_name && my_piece_is(&next, ".")) {
        pass_chain(walk, token);
        return;
    }
    if (is_name && is_schema_word(&walk->before) && !my_piece_is(token, "IF"))
        reach_schema(walk, token);
    if (token->kind == MY_PIECE_SIGN)
        pass_sign(walk, token, token->depth);
    else if (token->kind == MY_PIECE_WORD && is_name)
        pass_word(walk, token, token->depth);
    else
        walk->expects = walk->opens = false;
    /* DATABASE IF EXISTS hr */
    if (!(is_schema_word(&walk->before) && is_name &&
          (my_piece_is(token, "IF") || my_piece_is(token, "NOT") || my_piece_is(token, "EXISTS"))))
        walk->before = *token;
}

void my_program_reach(const struct my_program *program, const char *schema, struct my_reach *reach)
{
    struct walk walk = {.program = program, .schema = schema, .reach = reach};

    assert(program->sql.ptr && schema && reach);
    reach->is_own = reach->is_other = reach->is_hidden = false;
    my_scan_begin_as(&walk.scan, program->sql, program->mode, program->client);
    for (;;) {
        struct my_piece token = my_scan_next(&walk.scan);

        if (token.kind == MY_PIECE_END || token.depth >= DEPTH_MAX) {
            /* a quote that is never closed, or too deep to follow */
            reach->is_hidden = reach->is_hidden || token.depth >= DEPTH_MAX || walk.scan.is_broken;
            return;
        }
        pass(&walk, &token);
    }
}
