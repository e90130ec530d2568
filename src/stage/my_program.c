/* Edits the heads of stored programs, and the names in views. */
#include "stage/my_program.h"

#include <string.h>

static const struct {
    const char *word, *name;
} kinds[MY_PROGRAM_KINDS] = {[MY_PROGRAM_PACKAGE] = {"PACKAGE", "package"},
                             [MY_PROGRAM_PACKAGE_BODY] = {"PACKAGE BODY", "package body"},
                             [MY_PROGRAM_FUNCTION] = {"FUNCTION", "function"},
                             [MY_PROGRAM_PROCEDURE] = {"PROCEDURE", "procedure"},
                             [MY_PROGRAM_VIEW] = {"VIEW", "view"},
                             [MY_PROGRAM_TRIGGER] = {"TRIGGER", "trigger"},
                             [MY_PROGRAM_EVENT] = {"EVENT", "event"}};

const char *my_program_word(enum my_program_kind kind)
{
    assert(kind < MY_PROGRAM_KINDS);
    return kinds[kind].word;
}

const char *my_program_name(enum my_program_kind kind)
{
    assert(kind < MY_PROGRAM_KINDS);
    return kinds[kind].name;
}

/* Finds DEFINER = account; `scan` stands behind it then, and *from at its first byte. */
static bool find_definer(struct my_scan *scan, const char **from, struct my_piece *user,
                         struct my_piece *host)
{
    struct my_piece token = my_scan_next(scan);

    *host = (struct my_piece){0};
    while (token.kind == MY_PIECE_WORD && !my_piece_is(&token, "DEFINER")) {
        token = my_scan_next(scan);
        if (my_piece_is(&token, "=")) { /* ALGORITHM = UNDEFINED */
            (void)my_scan_next(scan);
            token = my_scan_next(scan);
        }
    }
    if (!my_piece_is(&token, "DEFINER"))
        return false;
    *from = token.ptr;
    token = my_scan_next(scan);
    *user = my_scan_next(scan);
    struct my_piece at = my_scan_peek(scan);
    if (my_piece_is(&at, "@")) {
        (void)my_scan_next(scan);
        *host = my_scan_next(scan);
    }
    return my_piece_is(&token, "=") && user->kind != MY_PIECE_END;
}

bool my_program_definer(struct span sql, struct arena *arena, const char **user, const char **host,
                        struct error *err)
{
    struct my_piece user_token, host_token;
    struct my_scan scan;
    const char *from;

    assert(arena && user && host);
    *user = *host = NULL;
    my_scan_begin(&scan, sql);
    if (!find_definer(&scan, &from, &user_token, &host_token))
        return true;
    *user = my_piece_text(&user_token, arena);
    if (host_token.kind != MY_PIECE_END)
        *host = my_piece_text(&host_token, arena);
    if (!*user || (host_token.kind != MY_PIECE_END && !*host))
        return error_memory(err);
    return true;
}

/* The words that a table's name follows, or the program's own. */
static bool is_before_table(const struct my_piece *token)
{
    return my_piece_is(token, "FROM") || my_piece_is(token, "JOIN") ||
           my_piece_is(token, "STRAIGHT_JOIN") || my_piece_is(token, "VIEW");
}

/* Is it followed, behind its dot, by a name and another dot, or a parenthesis? */
static bool is_long_name(struct my_scan ahead)
{
    struct my_piece name = my_scan_next(&ahead);
    struct my_piece next = my_scan_next(&ahead);

    return my_piece_is_name(&name) && (my_piece_is(&next, ".") || my_piece_is(&next, "("));
}

/* A view names tables and columns with their schema, or without it where all are in the same one:
 * then `shop`.`id` may be a column of a table that is called like the schema. A schema is what
 * stands before two more names, before a function, or where a table must stand. */
static void write_view(struct buf *out, struct span text, const struct my_program *program,
                       const char *schema)
{
    const char *kept = text.ptr;
    struct my_piece before = {0}; /* the last one that is no parenthesis */
    struct my_scan scan;

    my_scan_begin_as(&scan, text, program->mode, program->client);
    for (struct my_piece token = my_scan_next(&scan); token.kind != MY_PIECE_END;
         token = my_scan_next(&scan)) {
        struct my_scan ahead = scan;
        struct my_piece dot = my_scan_next(&ahead);

        if (!my_piece_is(&before, ".") && my_piece_is(&dot, ".") &&
            my_piece_names(&token, schema) && (is_before_table(&before) || is_long_name(ahead))) {
            buf_add(out, kept, (size_t)(token.ptr - kept));
            scan = ahead;
            kept = scan.at;
            token = dot;
            token.kind = MY_PIECE_END; /* what follows the dot stands at its beginning now */
            before = token;
            continue;
        }
        if (!my_piece_is(&token, "("))
            before = token;
    }
    buf_add(out, kept, (size_t)(text.ptr + text.len - kept));
}

static bool unreadable(struct error *err)
{
    return error_set(err, STATUS_LOCAL, "a definition is not what SHOW CREATE prints");
}

/* Passes a name that may have a schema before it; *kept is where the plain name begins. */
static bool pass_name(struct my_scan *scan, const char **plain)
{
    struct my_piece token = my_scan_next(scan);
    struct my_piece next = my_scan_peek(scan);

    *plain = token.ptr;
    if (!my_piece_is_name(&token))
        return false;
    if (!my_piece_is(&next, "."))
        return true;
    (void)my_scan_next(scan);
    token = my_scan_next(scan);
    *plain = token.ptr;
    return my_piece_is_name(&token);
}

/* Goes behind the next word `text`; false when there is none. */
static bool pass_word(struct my_scan *scan, const char *text)
{
    struct my_piece token;

    do
        token = my_scan_next(scan);
    while (token.kind != MY_PIECE_END && !my_piece_is(&token, text));
    return token.kind != MY_PIECE_END;
}

/* ... TRIGGER [IF NOT EXISTS] [s.]name time event ON [s.]table FOR EACH ROW [FOLLOWS name] body:
 * names lose their schema, and the order stands in the order in which they are made. */
static bool write_trigger(struct buf *out, struct span text, const struct my_program *program,
                          struct error *err)
{
    const char *kept = text.ptr;
    const char *plain;
    struct my_scan scan;

    assert(text.ptr);
    my_scan_begin_as(&scan, text, program->mode, program->client);
    if (!pass_word(&scan, "TRIGGER"))
        return unreadable(err);
    buf_add(out, kept, (size_t)(scan.at - kept));
    struct my_piece next = my_scan_peek(&scan);
    if (my_piece_is(&next, "IF") && !pass_word(&scan, "EXISTS"))
        return unreadable(err);
    if (!pass_name(&scan, &kept))
        return unreadable(err);
    if (!pass_word(&scan, "ON"))
        return unreadable(err);
    buf_add_char(out, ' ');
    buf_add(out, kept, (size_t)(scan.at - kept));
    if (!pass_name(&scan, &kept) || !pass_word(&scan, "ROW"))
        return unreadable(err);
    buf_add_char(out, ' ');
    buf_add(out, kept, (size_t)(scan.at - kept));
    kept = scan.at;
    next = my_scan_peek(&scan);
    if (my_piece_is(&next, "FOLLOWS") || my_piece_is(&next, "PRECEDES")) {
        (void)my_scan_next(&scan);
        if (!pass_name(&scan, &plain))
            return unreadable(err);
        kept = scan.at;
    }
    buf_add(out, kept, (size_t)(text.ptr + text.len - kept));
    return true;
}

/* ... ON COMPLETION [NOT] PRESERVE { ENABLE | DISABLE [ON { SLAVE | REPLICA }] } ... */
static bool write_event(struct buf *out, struct span text, const struct my_program *program,
                        struct error *err)
{
    struct my_piece token;
    struct my_scan scan;

    assert(text.ptr);
    my_scan_begin_as(&scan, text, program->mode, program->client);
    if (!pass_word(&scan, "EVENT") || !pass_word(&scan, "COMPLETION") ||
        !pass_word(&scan, "PRESERVE"))
        return unreadable(err);
    buf_add(out, text.ptr, (size_t)(scan.at - text.ptr));
    token = my_scan_next(&scan);
    if (!my_piece_is(&token, "ENABLE") && !my_piece_is(&token, "DISABLE"))
        return unreadable(err);
    struct my_piece next = my_scan_peek(&scan);
    if (my_piece_is(&next, "ON")) {
        (void)my_scan_next(&scan);
        (void)my_scan_next(&scan);
    }
    buf_add_text(out, " DISABLE");
    buf_add(out, scan.at, (size_t)(scan.end - scan.at));
    return true;
}

bool my_program_rewrite(const struct my_program *program, const struct my_rewrite *rewrite,
                        struct buf *out, struct error *err)
{
    struct span rest = program->sql;
    struct my_piece user, host;
    struct my_scan scan;
    const char *from;

    assert(program->sql.ptr && rewrite->schema);
    my_scan_begin_as(&scan, rest, program->mode, program->client);
    if (!rewrite->keeps_definer && find_definer(&scan, &from, &user, &host)) {
        buf_add(out, rest.ptr, (size_t)(from - rest.ptr));
        if (rewrite->definer)
            buf_add_format(out, "DEFINER=%s", rewrite->definer);
        rest = span_make(scan.at, (size_t)(scan.end - scan.at));
    }
    switch (program->kind) {
    case MY_PROGRAM_VIEW:
        write_view(out, rest, program, rewrite->schema);
        break;
    case MY_PROGRAM_TRIGGER:
        return write_trigger(out, rest, program, err) && (buf_ok(out) || error_memory(err));
    case MY_PROGRAM_EVENT:
        if (rewrite->keeps_state) {
            buf_add(out, rest.ptr, rest.len);
            return buf_ok(out) || error_memory(err);
        }
        return write_event(out, rest, program, err) && (buf_ok(out) || error_memory(err));
    default:
        buf_add(out, rest.ptr, rest.len);
        break;
    }
    return buf_ok(out) || error_memory(err);
}
